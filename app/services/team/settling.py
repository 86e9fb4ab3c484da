"""What became of attempts: kept in the outbox, said in the ledger, told to the hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from app.models.entries import Delivered, Millis
from app.services.errors import EnvironmentFailed
from app.services.seat import Act, Seat
from app.services.team import deliveries
from app.services.team.channels.base import Reply
from app.services.team.deliveries import Delivery
from app.services.team.leases import MINUTE, SCHEDULE, SECOND, Done, Grant, Leases, Taken

JITTER = 0.1  # of each wait, so that not everybody comes back at the same moment


class Settled(msgspec.Struct, frozen=True):
    """How many were delivered, and how many were given up."""

    delivered: int = 0
    failed: int = 0


def settle(seat: Seat, hub: Leases | None, done: Sequence[Done], chance: Callable[[], float]) -> Settled:
    """Keep the outcome of attempts, in one transaction; a success counts under any lease, all else under the last.

    Raises:
        HubUnreachable: the hub did not hear of all of it; what is kept here reaches it through the ledger.
    """
    waits = [_wait(one, chance) for one in done]
    trouble = _tell(hub, done, waits) if hub is not None else None
    settled = Settled()
    with seat.act() as act:
        for each, wait in zip(done, waits, strict=True):
            one = each.taken.one
            row = deliveries.delivery(seat.store, one.channel, one.cause)
            if row is not None and row.state != "delivered":
                settled = _settle(act, row, each, wait, settled)
                if each.state != "waiting":
                    _wake_next(seat, one)
    if trouble is not None:
        raise trouble
    return settled


def _tell(hub: Leases, done: Sequence[Done], waits: Sequence[int]) -> EnvironmentFailed | None:
    """Say to the hub what became of them; why it did not hear, if it did not."""
    try:
        for each, wait in zip(done, waits, strict=True):
            outcome = "given_back" if each.reply is None and not each.skipped else each.state
            one, number = each.taken.one, each.reply.number if each.reply else ""
            hub.settle(one.channel, one.cause, each.taken.hub_fence, outcome, wait, number)
    except EnvironmentFailed as error:
        return error
    return None


def _wake_next(seat: Seat, one: Delivery) -> None:
    """What had to wait for this one about the same lead may be delivered now."""
    seat.store.writer.execute(
        "UPDATE delivery SET next_at = ? WHERE channel = ? AND replaces = ? AND replaces <> '' AND state = 'waiting' "
        "AND attempts = 0",
        (seat.now(), one.channel, one.cause),
    )


def _settle(act: Act, row: Delivery, done: Done, wait: int, so_far: Settled) -> Settled:
    now, state, reply = act.seat.now(), done.state, done.reply
    if state == "delivered" and reply is not None:
        put(act.seat, done.taken, state=state, number=reply.number, problem=reply.why, settled_at=now, body=None)
        _channel(act.seat, row.channel, problem="")
        _say(act, row, done, reply, now)
        return Settled(so_far.delivered + 1, so_far.failed)
    if row.fence != done.taken.fence or row.state != "delivering":
        return so_far  # a younger lease decides, or the channel was removed
    before = done.taken.attempt - 1
    if state == "gone":
        put(act.seat, done.taken, state=state, problem=done.skipped, settled_at=now, body=None, attempts=before)
    elif reply is None:  # given back as it was
        put(act.seat, done.taken, state="waiting", next_at=now + wait, attempts=before, leased_until=0)
    elif state == "failed":
        put(act.seat, done.taken, state=state, problem=reply.why, settled_at=now, next_at=0)
        _say(act, row, done, reply, now)
        return Settled(so_far.delivered, so_far.failed + 1)
    else:
        put(act.seat, done.taken, state=state, problem=reply.why, next_at=now + wait, leased_until=0)
        _trouble(act.seat, row.channel, reply, now)
    return so_far


def _say(act: Act, row: Delivery, done: Done, reply: Reply, now: Millis) -> None:
    body = Delivered(
        channel=row.channel, decision=row.cause, received=reply.outcome == "received", at=now,
        correction=done.correction, number=reply.number,
    )  # fmt: skip
    act.append(row.subject, body)


def _wait(done: Done, chance: Callable[[], float]) -> int:
    """Milliseconds until the next attempt: as the receiver asks, else by the schedule."""
    if done.reply is None:
        return 0
    if done.reply.outcome == "gone":
        return SCHEDULE[1]
    asked = done.reply.after_ms
    wait = SCHEDULE[min(done.taken.attempt, len(SCHEDULE) - 1)] if asked is None else max(asked, SECOND)
    return round(wait * (1 + JITTER * chance()))


def follow(seat: Seat, elsewhere: Sequence[tuple[Taken, Grant]]) -> None:
    """Keep what the hub says about deliveries that it did not give to this courier."""
    now = seat.now()
    with seat.store.writing():
        for taken, grant in elsewhere:
            state = "waiting" if grant.outcome == "busy" else grant.outcome
            put(
                seat, taken, state=state, number=grant.number, attempts=grant.attempt, body=None,
                next_at=now + max(grant.wait_ms, SECOND), settled_at=None if state == "waiting" else now,
            )  # fmt: skip


def give_back(seat: Seat, batch: Sequence[Taken]) -> None:
    """Deliveries that were not begun wait again, as if nobody had taken them."""
    with seat.store.writing():
        for taken in batch:
            row = deliveries.delivery(seat.store, taken.one.channel, taken.one.cause)
            if row is not None and row.fence == taken.fence and row.state == "delivering":
                put(seat, taken, state="waiting", attempts=row.attempts - 1, next_at=seat.now(), leased_until=0)


def put(seat: Seat, taken: Taken, **values: object) -> None:
    """Change a delivery's row. Inside `writing()`."""
    names = ", ".join(f"{name} = ?" for name in values)
    sql = f"UPDATE delivery SET {names} WHERE channel = ? AND cause = ?"
    seat.store.writer.execute(sql, (*values.values(), taken.one.channel, taken.one.cause))


def _trouble(seat: Seat, channel: str, reply: Reply, now: Millis) -> None:
    """What the receiver said about all that goes there."""
    if reply.outcome == "gone":
        _channel(seat, channel, problem=reply.why, enabled=0)
    elif reply.busy:
        wait = SCHEDULE[1] if reply.after_ms is None else reply.after_ms
        _channel(seat, channel, problem=reply.why, not_before=now + wait)


def _channel(seat: Seat, channel: str, **values: object) -> None:
    names = ", ".join(f"{name} = ?" for name in values)
    same = " AND ".join(f"{name} = ?" for name in values)
    sql = f"UPDATE channel SET {names} WHERE name = ? AND NOT ({same})"
    seat.store.writer.execute(sql, (*values.values(), channel, *values.values()))


def complain(seat: Seat, channel: str, problem: str) -> None:
    """Say on a channel what keeps it from delivering, and look again in a minute."""
    with seat.store.writing():
        _channel(seat, channel, problem=problem, not_before=seat.now() + MINUTE)
