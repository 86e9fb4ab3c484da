"""Leases of deliveries on a PostgreSQL hub: one courier of the team delivers each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.models.entries import Id
from app.models.rights import Role
from app.services.errors import Refused
from app.services.team import state
from app.services.team.leases import Grant
from app.services.team.membership import membership_of
from app.services.team.postgres_arrays import Uuids

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.team.postgres_link import PostgresLink

COURIERS = frozenset({Role.LEAD, Role.SALES, Role.MARKETING, Role.ADMIN})  # as the hub's third migration says
_TAKE = "SELECT cause, outcome, fence, attempts, wait_ms, number FROM winnow.take_deliveries(%s, %s, %b, %s::bigint)"
_SETTLE = "SELECT winnow.settle_delivery(%s, %s, %s::uuid, %s::bigint, %s, %s::bigint, %s)"


class PostgresLeases:
    """Speaks to the hub through a link that has said hello; belongs to the link's thread."""

    def __init__(self, link: PostgresLink) -> None:
        self._link = link

    def take(self, channel: str, causes: Sequence[Id], lease_ms: int) -> list[Grant]:
        """Ask for deliveries of a channel, at most 200.

        Raises:
            HubUnreachable: no answer. HubRefused: this member is no courier.
        """
        rows = self._link.ask(_TAKE, (self._link.device, channel.casefold(), Uuids.of(causes), lease_ms))
        return [
            Grant(cause=bytes(cause).hex(), outcome=outcome, fence=fence, attempt=attempts, wait_ms=wait, number=number)
            for cause, outcome, fence, attempts, wait, number in rows
        ]

    def settle(self, channel: str, cause: Id, fence: int, outcome: str, wait_ms: int, number: str) -> bool:
        """Say what became of one; False: a younger lease decides.

        Raises:
            HubUnreachable: no answer; it may have heard all the same. HubRefused: this member is no courier.
        """
        given = (self._link.device, channel.casefold(), cause, fence, outcome, wait_ms, number)
        return bool(self._link.ask(_SETTLE, given)[0][0])

    def replay(self, channel: str, causes: Sequence[Id]) -> None:
        """What was given up may be taken again.

        Raises:
            HubUnreachable: no answer. HubRefused: this member is no courier.
        """
        self._link.ask("SELECT winnow.replay_deliveries(%s, %b)", (channel.casefold(), Uuids.of(causes)))


@contextmanager
def leases_of(seat: Seat, *, in_step: bool = True) -> Iterator[PostgresLeases | None]:
    """The hub's leases where this home belongs to a team, else none: the home's own decide.

    `in_step`: before and after, the home is brought in step with its team, where no window does so.

    Raises:
        HubUnreachable: the hub does not answer; nothing is delivered without its lease.
        Refused: this member's role delivers nothing.
    """
    if membership_of(seat) is None:
        yield None
        return
    role = state.word(seat.store, state.ROLE)
    if role and role not in COURIERS:
        raise Refused(
            f"In a team a lead, sales, marketing or an admin delivers to channels; as {role} you do not.",
            kept="What you decide is delivered from their computers.",
            todo="Let one of them add the channel, or run `winnow courier`.",
        )
    from app.services.team.hub import link_of
    from app.services.team.sync import sync_once

    link = link_of(seat)
    try:
        if in_step:
            sync_once(seat, link)
        else:
            link.hello(seat.device)
        yield PostgresLeases(link)
        if in_step:
            sync_once(seat, link)
    finally:
        link.close()
