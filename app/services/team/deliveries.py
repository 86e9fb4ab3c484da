"""What waits to be delivered to which channel, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.agreed_ids import letter_id
from app.models.entries import Delivered, Id, Millis

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.store.connection import Store

OPEN = ("waiting", "delivering")
COLUMNS = (
    "channel", "cause", "subject", "decision", "lead", "what", "replaces", "root", "made_at", "state", "attempts",
    "next_at", "leased_by", "leased_until", "fence", "number", "problem", "settled_at",
)  # fmt: skip


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outbox, without its body. Times are milliseconds UTC.

    state: waiting · delivering · delivered · failed (given up; can be replayed) · gone (nothing to tell any more).
    """

    channel: str
    cause: Id  # the entry that makes it necessary
    subject: Id
    decision: Id
    lead: Id  # under which the receiver knows them
    what: str  # sell, nurture, withdrawn, erase
    replaces: Id
    root: Id
    made_at: Millis
    state: str
    attempts: int
    next_at: Millis
    leased_by: str
    leased_until: Millis
    fence: int
    number: str
    problem: str
    settled_at: Millis | None

    @property
    def id(self) -> str:
        """As the receiver knows it."""
        return letter_id(self.channel, self.cause)


def delivery(store: Store, channel: str, cause: Id) -> Delivery | None:
    """One delivery."""
    found = _rows(store, "channel = ? AND cause = ?", (channel, cause))
    return found[0] if found else None


def of_inquiry(seat: Seat, inquiry_id: Id) -> list[Delivery]:
    """Everything that was or is to be delivered about an inquiry, oldest first."""
    members = seat.ledger.members(seat.ledger.survivor(inquiry_id))
    return _rows(seat.store, f"subject IN ({','.join('?' * len(members))}) ORDER BY made_at, cause", members)


def who_was_told(seat: Seat, inquiry_id: Id) -> dict[str, bool]:
    """The channels that have received something about an inquiry, each with whether it is asked to erase."""
    bodies = (entry.facts() for entry in seat.ledger.entries(inquiry_id) if entry.kind == "delivered")
    told = dict.fromkeys(body.channel for body in bodies if isinstance(body, Delivered) and body.received)
    asked = {one.channel for one in of_inquiry(seat, inquiry_id) if one.what == "erase" and one.state != "gone"}
    return {channel: channel in asked for channel in told}


def given_up(store: Store, channel: str = "") -> list[Delivery]:
    """Dead letters, newest first; of one channel or of all."""
    where = "state = 'failed'" + (" AND channel = ?" if channel else "")
    return _rows(store, f"{where} ORDER BY settled_at DESC, cause", (channel,) if channel else ())


def counts(store: Store) -> dict[str, dict[str, int]]:
    """How many deliveries are in which state, by channel."""
    found: dict[str, dict[str, int]] = {}
    for channel, state, number in store.query("SELECT channel, state, count(*) FROM delivery GROUP BY 1, 2"):
        found.setdefault(channel, {})[state] = number
    return found


def is_erased(seat: Seat, one: Delivery) -> bool:
    """Whether whom it is about is erased by now."""
    return seat.ledger.is_hidden(one.subject)


def nothing_to_tell(seat: Seat, one: Delivery, replaces: Id, *, tried: bool) -> str:
    """Why a delivery is not needed any more; empty when it is. `replaces`: what was told before it, if anything."""
    if one.what in {"withdrawn", "erase"} and not replaces:
        return "nothing was told before"
    if one.what != "erase" and is_erased(seat, one):
        return "the person is erased"
    if one.what in {"sell", "nurture"} and not tried and is_superseded(seat.store, one):
        return "taken back before it was sent"
    return ""


def waiting(store: Store) -> int:
    """How many are still to be delivered."""
    row = store.one("SELECT count(*) FROM delivery WHERE state IN ('waiting', 'delivering')")
    return int(row[0]) if row else 0


def told_before(store: Store, one: Delivery) -> tuple[Id, str]:
    """The delivery that this one corrects, the nearest before it that anybody tried, and the receiver's number."""
    found, number, replaces = "", "", one.replaces
    while replaces and not (found and number):
        before = delivery(store, one.channel, replaces)
        if before is None:
            break
        if before.attempts > 0 and before.state != "waiting":
            found, number = found or before.cause, number or before.number
        replaces = before.replaces
    return found, number


def is_superseded(store: Store, one: Delivery) -> bool:
    """Whether something later is to be told instead."""
    sql = "SELECT 1 FROM delivery WHERE channel = ? AND replaces = ? AND replaces <> '' LIMIT 1"
    return store.one(sql, (one.channel, one.cause)) is not None


def _rows(store: Store, where: str, parameters: Sequence[Any]) -> list[Delivery]:
    sql = f"SELECT {', '.join(COLUMNS)} FROM delivery WHERE {where}"
    return [made(row) for row in store.query(sql, tuple(parameters))]


def made(row: Sequence[Any]) -> Delivery:
    """A row in the order of `COLUMNS`."""
    return Delivery(**dict(zip(COLUMNS, row, strict=True)))


def replay(seat: Seat, channel: str, causes: Sequence[Id] = ()) -> int:
    """Try what was given up once more, all of a channel or some; returns how many. They keep their ids."""
    from app.models import tables

    table = tables.delivery
    wanted = (table.c.channel == channel) & (table.c.state == "failed")
    if causes:
        wanted &= table.c.cause.in_(list(causes))
    values = {"state": "waiting", "attempts": 1, "next_at": seat.now(), "problem": "", "settled_at": None}
    with seat.store.writing():
        return int(seat.store.run(table.update().where(wanted).values(**values)).rowcount)
