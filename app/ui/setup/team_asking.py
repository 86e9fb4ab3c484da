"""What Setup, Team asks the store and the hub, beside the window."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.rights import Role
from app.services.team.link import Absence, Member, Present

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.team.aside import KeptAside
    from app.services.team.hub import Status
    from app.services.team.state import Refusal
    from app.ui.setup.member_form import MemberChange

MOST = 50  # entries that are told of


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known here of the team."""

    place: str
    member: str
    role: Role
    members: list[Member]
    present: list[Present]
    absences: list[Absence]
    turned_away: list[Refusal]
    set_aside: list[Refusal]
    sources: list[str]

    @property
    def leads(self) -> bool:
        """Whether whoever works here may plan for others."""
        return self.role in {Role.LEAD, Role.ADMIN}


class Look(msgspec.Struct, frozen=True):
    """How the hub is, and what it keeps aside for a team lead."""

    status: Status
    kept: list[KeptAside]


def known(seat: Seat) -> Known | None:
    """Without asking the hub; None: this home works alone."""
    from app.services import sources
    from app.services.team import mirrors, state
    from app.services.team.membership import membership_of

    found = membership_of(seat)
    if found is None:
        return None
    role, now = state.word(seat.store, state.ROLE), seat.now()
    return Known(
        place=found.place, member=found.member, role=Role(role) if role else found.role,
        members=mirrors.members(seat), present=mirrors.presences(seat),
        absences=[each for each in mirrors.absences(seat) if each.end > now],
        turned_away=state.turned_away(seat.store)[:MOST], set_aside=state.set_aside(seat.store)[:MOST],
        sources=sources.names(seat),
    )  # fmt: skip


def look(seat: Seat) -> Look:
    """How the hub is.

    Raises:
        HubUnreachable, HubRefused: as the link. NotJoined: this home works alone.
    """
    from app.services.team import aside, hub

    status = hub.status(seat)
    kept = aside.kept_aside(seat) if status.reachable and status.role in {Role.LEAD, Role.ADMIN} else []
    return Look(status, kept)


def preview(seat: Seat, text: str) -> Any:
    """What joining would mean."""
    from app.services.team import hub

    return hub.joining_preview(seat, text)


def join(seat: Seat, text: str) -> Any:
    """Becomes a member."""
    from app.services.team import hub

    made = hub.join(seat, text)
    hear(seat)
    return made


def make(seat: Seat, address: str, authority: str) -> Any:
    """Makes a hub."""
    from app.services.team import hub

    made = hub.create(seat, address, ca=Path(authority).expanduser() if authority else None)
    hear(seat)
    return made


def invite(seat: Seat, name: str, role: str) -> str:
    """A text that lets somebody join."""
    from app.services.team import hub

    text = hub.invite(seat, name, Role(role))
    hear(seat)
    return text


def change(seat: Seat, wanted: MemberChange) -> None:
    """What somebody may do, and whose people they may read; only what is another than before is said to the hub."""
    from app.services.team import hub

    before = next(each for each in hub.members(seat) if each.name == wanted.name)
    if before.role.value != wanted.role:
        hub.set_role(seat, wanted.name, Role(wanted.role))
    if (None if before.sources is None else tuple(sorted(before.sources))) != wanted.sources:
        hub.set_scope(seat, wanted.name, wanted.sources)
    if wanted.picks is not None:
        picking = hub.status(seat).told.get("picking", ())
        if wanted.picks is not (wanted.role in picking):
            hub.set_picking(seat, Role(wanted.role), wanted.picks)
    hear(seat)


def revoke(seat: Seat, name: str) -> None:
    """Ends a membership."""
    from app.services.team import hub

    hub.revoke(seat, name)
    hear(seat)


def leave(seat: Seat) -> None:
    """Ends the own membership."""
    from app.services.team import hub

    hub.leave(seat)


def decide(seat: Seat, entries: tuple[str, ...], take: bool) -> dict[str, str]:
    """What becomes of entries that the hub keeps aside."""
    from app.services.team import aside

    return aside.decide(seat, entries, take=take)


def plan(seat: Seat, member: str, start: int, end: int, there: bool) -> None:
    """Somebody is away, or there after all; what the hub says of it is known here at once."""
    from app.services.team import hub, mirrors, presence

    with closing(hub.link_of(seat)) as link:
        presence.plan_absence(link, member, start, end, there=there)
        mirrors.keep_absences(seat, link.absences())


def hear(seat: Seat) -> None:
    """Who belongs to the team is known here at once, not only with the next sign of life."""
    from app.services.team import hub, mirrors

    mirrors.keep_members(seat, hub.members(seat))
