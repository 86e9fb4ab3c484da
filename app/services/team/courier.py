"""Delivers what is due: under a fenced lease, with frozen bodies, one effect for each lead and channel.

The store is touched in short transactions before and after; the network never inside one. Whoever dies in between
leaves a lease that runs out, and the next attempt says the same words under the same id.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from app.models.entries import Id, Millis
from app.services.errors import EnvironmentFailed, ServiceError
from app.services.seat import Seat
from app.services.store.deliveries import channels
from app.services.team import deliveries
from app.services.team.channels import carrier_of
from app.services.team.channels.base import Carrier, Letter
from app.services.team.channels.configured import secrets_of
from app.services.team.channels.packet import About, packet
from app.services.team.channels.wire import Wire
from app.services.team.deliveries import Delivery
from app.services.team.leases import LEASE, LONGEST, Done, Grant, Leases, Taken
from app.services.team.settling import Settled, complain, follow, give_back, settle

BATCH = 24  # leased at once
TOGETHER = 6  # settled at once: a few milliseconds of the writer

_COLUMNS = ", ".join(f"d.{name}" for name in deliveries.COLUMNS)


class Tally(msgspec.Struct, frozen=True):
    """What became of it: delivered and given up in this run, and still waiting."""

    delivered: int = 0
    failed: int = 0
    waiting: int = 0


def deliver_due(
    seat: Seat,
    *,
    hub: Leases | None = None,
    wire: Wire | None = None,
    stop: Callable[[], bool] = lambda: False,
    chance: Callable[[], float] = random.random,
) -> Tally:
    """Deliver everything that is due, on the thread that calls; returns when nothing is, or `stop()` says so.

    Args:
        hub: a team's hub, which lets one courier deliver; without it the home's own lease decides.
        wire: for connections that outlive this call.
        chance: from 0 to 1, for the jitter of retries.

    Raises:
        HubUnreachable: the hub does not answer; nothing is delivered without its lease.
    """
    own = wire or Wire()
    try:
        settled = _Round(seat, hub, own, chance).run(stop)
    finally:
        if wire is None:
            own.close()
    return Tally(settled.delivered, settled.failed, deliveries.waiting(seat.store))


def _due(seat: Seat, without: tuple[str, ...], most: int) -> list[Delivery]:
    now = seat.now()
    sql = (
        f"SELECT {_COLUMNS} FROM delivery d JOIN channel c ON c.name = d.channel "
        "WHERE d.state IN ('waiting', 'delivering') AND d.next_at <= ? AND c.enabled = 1 AND c.not_before <= ? "
        f"AND c.name NOT IN ({','.join('?' * len(without))}) ORDER BY d.next_at, d.made_at LIMIT ? + 0"
    )
    return [deliveries.made(row) for row in seat.store.query(sql, (now, now, *without, most))]


class _Round:
    """One call of `deliver_due`."""

    def __init__(self, seat: Seat, hub: Leases | None, wire: Wire, chance: Callable[[], float]) -> None:
        self._seat, self._hub, self._wire, self._chance = seat, hub, wire, chance
        self._channels = {channel.name: channel for channel in channels(seat.store)}
        self._carriers: dict[str, Carrier] = {}
        self._stalled: set[str] = set()  # channels that let nobody through now

    def run(self, stop: Callable[[], bool]) -> Settled:
        """Batch after batch."""
        total = Settled()
        while not stop() and (batch := self._take()):
            done: list[Done] = []
            for taken in self._freeze(self._granted(batch)):
                done.append(self._attempt(taken, stopping=stop()))
                if len(done) >= TOGETHER:
                    total = self._settle(done, total)
                    done = []
            total = self._settle(done, total)
        return total

    def _settle(self, done: list[Done], total: Settled) -> Settled:
        if not done:
            return total
        more = settle(self._seat, self._hub, done, self._chance)
        return Settled(total.delivered + more.delivered, total.failed + more.failed)

    # taking

    def _take(self) -> list[Taken]:
        """Lease some that are due; one that follows another about the same lead waits until that is settled."""
        seat, stalled = self._seat, tuple(sorted(self._stalled))
        if not _due(seat, stalled, 1):
            return []
        taken: list[Taken] = []
        with seat.store.writing():
            until = seat.now() + LEASE
            for one in _due(seat, stalled, 4 * BATCH):
                if one.channel not in self._channels:
                    self._channels = {channel.name: channel for channel in channels(seat.store)}
                before = deliveries.delivery(seat.store, one.channel, one.replaces) if one.replaces else None
                if before is not None and before.state in deliveries.OPEN:
                    self._put_behind(one, max(before.next_at, seat.now()) + 1)
                elif len(taken) < BATCH:
                    taken.append(self._leased(one, until))
        return taken

    def _leased(self, one: Delivery, until: Millis) -> Taken:
        store = self._seat.store
        store.writer.execute(
            "UPDATE delivery SET state = 'delivering', attempts = attempts + 1, fence = fence + 1, "
            "leased_by = ?, leased_until = ?, next_at = ? WHERE channel = ? AND cause = ?",
            (self._seat.holder, until, until, one.channel, one.cause),
        )
        row = store.one("SELECT body FROM delivery WHERE channel = ? AND cause = ?", (one.channel, one.cause))
        body = bytes(row[0]) if row and row[0] is not None else None
        held = msgspec.structs.replace(one, leased_until=until)
        return Taken(one=held, body=body, fence=one.fence + 1, attempt=one.attempts + 1)

    def _put_behind(self, one: Delivery, at: Millis) -> None:
        sql = "UPDATE delivery SET next_at = ? WHERE channel = ? AND cause = ?"
        self._seat.store.writer.execute(sql, (at, one.channel, one.cause))

    def _granted(self, batch: list[Taken]) -> list[Taken]:
        """Those that the hub gives to this courier; of the others the row says what the hub says."""
        if self._hub is None:
            return batch
        kept: list[Taken] = []
        elsewhere: list[tuple[Taken, Grant]] = []
        for channel in dict.fromkeys(taken.one.channel for taken in batch):
            asked = {taken.one.cause: taken for taken in batch if taken.one.channel == channel}
            for grant in self._ask(channel, list(asked), batch):
                taken = asked[grant.cause]
                if grant.outcome == "granted":
                    kept.append(msgspec.structs.replace(taken, hub_fence=grant.fence, attempt=grant.attempt))
                else:
                    elsewhere.append((taken, grant))
        if elsewhere:
            follow(self._seat, elsewhere)
        return kept

    def _ask(self, channel: str, causes: list[Id], batch: list[Taken]) -> list[Grant]:
        assert self._hub is not None
        try:
            return self._hub.take(channel, causes, LEASE)
        except EnvironmentFailed:
            give_back(self._seat, batch)  # what the hub has leased runs out by itself
            raise

    # freezing

    def _freeze(self, batch: list[Taken]) -> list[Taken]:
        """Each with a body that stays; what was taken away in the meantime is left out."""
        made = [(taken, self._body(taken) if taken.body is None else None) for taken in batch]
        if not any(body is not None for _, body in made):
            return batch
        sql = "UPDATE delivery SET body = ? WHERE channel = ? AND cause = ? AND fence = ? AND state = 'delivering'"
        kept: list[Taken] = []
        with self._seat.store.writing():
            execute = self._seat.store.writer.execute
            for taken, body in made:
                if body is None:
                    kept.append(taken)
                elif execute(sql, (body, taken.one.channel, taken.one.cause, taken.fence)).rowcount:
                    kept.append(msgspec.structs.replace(taken, body=body))
        return kept

    def _body(self, taken: Taken) -> bytes | None:
        one = taken.one
        replaces, number = deliveries.told_before(self._seat.store, one)
        if deliveries.nothing_to_tell(self._seat, one, replaces, tried=taken.attempt > 1):
            return None
        about = About(lead=one.lead, cause=one.cause, what=one.what, replaces=replaces, root=one.root)
        try:
            letter = self._letter(taken, b"", replaces, number)
            return self._carrier(one.channel).freeze(packet(self._seat, about), letter)
        except (ServiceError, ValueError, KeyError) as error:
            self._give_up_on(one.channel, error)
            return None

    # delivering

    def _attempt(self, taken: Taken, *, stopping: bool) -> Done:
        one = taken.one
        replaces, number = deliveries.told_before(self._seat.store, one)
        why = deliveries.nothing_to_tell(self._seat, one, replaces, tried=taken.attempt > 1)
        if why:
            return Done(taken=taken, skipped=why)
        late = self._seat.now() > one.leased_until - LONGEST
        if stopping or late or taken.body is None or one.channel in self._stalled:
            return Done(taken=taken)
        try:
            reply = self._carrier(one.channel).deliver(self._letter(taken, taken.body, replaces, number), self._wire)
        except (ServiceError, ValueError, KeyError) as error:
            self._give_up_on(one.channel, error)
            return Done(taken=taken)
        if reply.busy or reply.outcome == "gone":
            self._stalled.add(one.channel)
        return Done(taken=taken, reply=reply, correction=bool(replaces))

    def _give_up_on(self, channel: str, error: Exception) -> None:
        """A channel whose settings or secrets do not serve says so, and waits for somebody."""
        says = str(error) if isinstance(error, ServiceError) else f"Its settings do not serve ({type(error).__name__})."
        self._stalled.add(channel)
        complain(self._seat, channel, says)

    def _letter(self, taken: Taken, body: bytes, replaces: Id, number: str) -> Letter:
        one = taken.one
        return Letter(
            channel=one.channel, cause=one.cause, lead=one.lead, what=one.what, body=body, replaces=replaces,
            number=number, at=self._seat.now(), attempt=taken.attempt,
        )  # fmt: skip

    def _carrier(self, name: str) -> Carrier:
        if name not in self._carriers:
            self._carriers[name] = carrier_of(self._channels[name], secrets_of(self._seat, name))
        return self._carriers[name]
