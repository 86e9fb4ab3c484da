"""Who may append what in a team, as the hub's first migration says; the hub alone decides, this tells beforehand."""

from __future__ import annotations

from enum import StrEnum

from app.models.entries import APPENDED_BY_ANY, AUTOMATIC, KINDS


class Role(StrEnum):
    """What a member may do on the hub."""

    CALLER = "caller"
    LEAD = "lead"
    SALES = "sales"
    MARKETING = "marketing"
    ADMIN = "admin"
    INTAKE = "intake"
    VIEWER = "viewer"


_EVERYBODY = frozenset(
    {"captured", "corrected", "called", "skipped", "disposed", "objected", "merged", "split", "consented", "delivered",
     "mailed", "source_defined"}
)  # fmt: skip
MAY: dict[Role, frozenset[str]] = {
    Role.CALLER: _EVERYBODY,
    Role.SALES: _EVERYBODY | {
        "reviewed", "closed", "planned", "lead_assigned", "scorecard_published", "lead_rules_published",
    },
    Role.MARKETING: _EVERYBODY | {
        "erased", "script_published", "scorecard_published", "source_cost", "track_defined", "rescheduled", "woken",
    },
    Role.LEAD: frozenset(KINDS),
    Role.ADMIN: frozenset(KINDS),
    Role.INTAKE: frozenset({"captured", "corrected", "source_defined"}),
    Role.VIEWER: frozenset(),
}  # fmt: skip
"""Kinds that a role appends without a condition."""

OWN: dict[Role, frozenset[str]] = dict.fromkeys(
    (Role.CALLER, Role.SALES, Role.MARKETING), frozenset({"undone", "lifted"})
)
"""Kinds that a role appends about its own entries alone; an objection is lifted within an hour."""


def may_append(role: Role, kind: str, actor: str = "") -> bool:
    """Whether a role may append a kind at all; what Winnow itself writes, any role that writes may bring."""
    if role is Role.VIEWER:
        return False
    if actor == AUTOMATIC and kind in APPENDED_BY_ANY:
        return role is not Role.INTAKE or kind == "merged"
    if kind not in KINDS:
        return role is not Role.INTAKE
    return kind in MAY[role] or kind in OWN.get(role, ())


def is_silent(role: str) -> bool:
    """Whether a home with this role on its hub writes nothing by itself: no completed discards, nobody woken."""
    return role in {Role.VIEWER, Role.INTAKE}
