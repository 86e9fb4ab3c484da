"""Who may deliver what, until when: the words of couriers, among themselves and with a team's hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from app.models.entries import Id
from app.services.team.channels.base import Reply
from app.services.team.deliveries import Delivery

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
# Standard Webhooks, "Deliverability": how long after the attempt before it each attempt is made
SCHEDULE = (
    0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
)  # fmt: skip
LEASE = 5 * MINUTE
LONGEST = 80 * SECOND  # that one letter may take; what would end after the lease is not begun


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub says to a courier that asks for a delivery.

    outcome: granted · busy (another courier has it, or it is not due) · delivered, failed, gone (settled already).
    """

    cause: Id
    outcome: str
    fence: int = 0
    attempt: int = 0  # granted: this one, from 1; else how many there were
    wait_ms: int = 0  # busy: ask again then
    number: str = ""  # the receiver's own


class Leases(Protocol):
    """A team's hub as couriers see it; every method raises `HubUnreachable` when the network fails."""

    def take(self, channel: str, causes: Sequence[Id], lease_ms: int) -> list[Grant]:
        """Ask for deliveries; a lease ends by the hub's clock."""

    def settle(self, channel: str, cause: Id, fence: int, outcome: str, wait_ms: int, number: str) -> bool:
        """Say what became of one: delivered, failed, gone, waiting or given_back; False: a younger lease decides."""

    def replay(self, channel: str, causes: Sequence[Id]) -> None:
        """What was given up may be taken again."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery in this courier's hands."""

    one: Delivery
    body: bytes | None
    fence: int
    attempt: int  # this one, from 1
    hub_fence: int = 0


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery after its attempt."""

    taken: Taken
    reply: Reply | None = None  # None: it was not begun, and is given back
    correction: bool = False
    skipped: str = ""  # why there is nothing to tell

    @property
    def state(self) -> str:
        """What the row says from now on."""
        if self.skipped:
            return "gone"
        if self.reply is None:
            return "waiting"
        if self.reply.outcome == "received":
            return "delivered"
        used_up = self.reply.outcome == "again" and self.taken.attempt >= len(SCHEDULE)
        return "failed" if used_up or self.reply.outcome == "never" else "waiting"
