"""What whoever works here may do in their team; alone everybody may everything."""

from __future__ import annotations

from app.models.rights import Role, may_append
from app.services.errors import Refused
from app.services.seat import Seat
from app.services.team import mirrors
from app.services.team.link import Member
from app.services.team.membership import membership_of

LEADERS = frozenset({Role.LEAD, Role.ADMIN})
CALLERS = frozenset({Role.CALLER})


def role_of(seat: Seat) -> Role | None:
    """The role of whoever works here: as the hub told it last, else as of the invitation; None: alone."""
    joined = membership_of(seat)
    if joined is None:
        return None
    rows = {row.name: row for row in mirrors.members(seat)}
    mine = rows.get(seat.member)
    if mine is None:
        return Role.VIEWER if rows else joined.role
    return Role.VIEWER if mine.revoked else mine.role


def team(seat: Seat) -> list[Member]:
    """Who belongs to the team now, by name; alone nobody."""
    return [row for row in mirrors.members(seat) if not row.revoked] if membership_of(seat) is not None else []


def may(seat: Seat, kind: str) -> bool:
    """Whether whoever works here may append entries of a kind."""
    role = role_of(seat)
    return role is None or may_append(role, kind)


def may_lead(seat: Seat) -> bool:
    """Whether whoever works here may reassign and settle: alone everybody, in a team its leads and admins."""
    role = role_of(seat)
    return role is None or role in LEADERS


def must_lead(seat: Seat) -> None:
    """Lets leads and admins pass.

    Raises:
        Refused: somebody else works here.
    """
    if not may_lead(seat):
        raise Refused(
            "Only team leads and admins share out and settle.", kept="Nothing was changed.", todo="Ask your team lead."
        )
