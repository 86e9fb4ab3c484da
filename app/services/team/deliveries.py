"""What is to be delivered to which channel, and what became of it.

A delivery is made in the transaction that keeps the decision, also where the decision arrives from elsewhere. Which
ones there are follows from the entries alone, so that every computer makes the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.entries import Delivered, Entry, Id, Millis
from app.models.fold import fold
from app.models.inquiry import Inquiry
from app.services.store.ledger import DECIDES
from app.services.team.channels.base import Channel, letter_id

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.store.connection import Store
    from app.services.store.ledger import Ledger

WITHOUT_ERASURE = frozenset({"email"})  # kinds of channels that cannot be asked to erase
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


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a channel has to be told."""

    cause: Id
    subject: Id
    decision: Id
    what: str
    at: Millis
    replaces: Id = ""
    root: Id = ""


def items(entries: Iterable[Entry], subjects: Iterable[Id], channel: Channel) -> list[Item]:
    """What a channel has to be told about an inquiry, in order; a pure reading of its entries."""
    ordered, about = sorted(entries, key=Entry.order), list(subjects)
    found: list[Item] = []
    for index, entry in enumerate(ordered):
        if entry.kind not in DECIDES:
            continue
        last = found[-1] if found else None
        now = fold(ordered[: index + 1], about)
        made = _erasure(entry, last, channel) if now.erased else _next(entry, now, last, channel)
        if made is not None:
            found.append(made)
        if now.erased:
            break
    return found


def _erasure(entry: Entry, last: Item | None, channel: Channel) -> Item | None:
    if last is None or channel.kind in WITHOUT_ERASURE:
        return None
    return Item(
        cause=entry.id, subject=entry.subject, decision=last.decision, what="erase", at=entry.wall,
        replaces=last.cause, root=last.root,
    )  # fmt: skip


def _next(entry: Entry, now: Inquiry, last: Item | None, channel: Channel) -> Item | None:
    disposition = now.disposition.value if now.disposition else None
    country = now.country or (now.number.region if now.number else "")
    wanted = entry.wall >= channel.since and channel.wants(disposition, now.source, country)
    standing = last is not None and last.what != "withdrawn"
    if wanted:
        if last is not None and standing and (last.decision, last.what) == (now.decision, disposition):
            return None
        follows = last if last is not None and channel.corrections and not _anew(now, last) else None
        return Item(
            cause=entry.id, subject=entry.subject, decision=now.decision, what=str(disposition), at=entry.wall,
            replaces=follows.cause if follows else "", root=follows.root if follows else entry.id,
        )  # fmt: skip
    if last is None or not standing or not channel.corrections or _closed(now, last):
        return None
    return Item(
        cause=entry.id, subject=entry.subject, decision=now.decision or last.decision, what="withdrawn", at=entry.wall,
        replaces=last.cause, root=last.root,
    )  # fmt: skip


def _anew(now: Inquiry, last: Item) -> bool:
    """Whether it is another lead of the same person: the one before came to its end in a sale won or lost."""
    return _closed(now, last)


def _closed(now: Inquiry, last: Item) -> bool:
    return now.closed_at is not None and now.closed_at >= last.at


# making


def note(ledger: Ledger, store: Store, inquiries: Iterable[Id]) -> None:
    """Make the deliveries that the entries of these inquiries call for; what is there stays. Inside `writing()`."""
    from app.services.team.channels.configured import channels

    configured = channels(store)
    for inquiry_id in inquiries:
        members = ledger.members(ledger.survivor(inquiry_id))
        entries = ledger.entries(inquiry_id)
        if not any(entry.kind == "captured" for entry in entries):
            continue  # who it is about has not arrived yet
        erased = any(entry.kind == "erased" for entry in entries)
        if erased:
            _forget(store, members)
        for channel in configured:
            for item in items(entries, members, channel):
                if not erased or item.what == "erase":
                    _put(store, channel.name, item)


def hear(store: Store, entry: Entry) -> None:
    """A courier elsewhere says what became of a delivery: here it is settled too. Inside `writing()`."""
    body = entry.facts()
    if not isinstance(body, Delivered):
        return
    state, spared = ("delivered", "delivered") if body.received else ("failed", "delivered', 'gone', 'failed")
    store.writer.execute(
        "UPDATE delivery SET state = ?, number = ?, settled_at = ?, attempts = max(attempts, 1), body = NULL "
        "WHERE channel = (SELECT name FROM channel WHERE lower(name) = lower(?)) AND cause = ? "
        f"AND state NOT IN ('{spared}')",
        (state, body.number, body.at, body.channel, body.decision),
    )


def _put(store: Store, channel: str, item: Item) -> None:
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    row = store.one("SELECT lead FROM delivery WHERE channel = ? AND cause = ?", (channel, item.replaces or item.root))
    lead = str(row[0]) if row else item.subject
    values = {
        "channel": channel, "cause": item.cause, "subject": item.subject, "decision": item.decision, "lead": lead,
        "what": item.what, "replaces": item.replaces, "root": item.root, "made_at": item.at, "state": "waiting",
    }  # fmt: skip
    store.run(insert(tables.delivery).values(**values).on_conflict_do_nothing())


def _forget(store: Store, members: Sequence[Id]) -> None:
    """Of somebody who is erased no body stays; what was given up is not tried again."""
    marks = ",".join("?" * len(members))
    execute = store.writer.execute
    execute(f"UPDATE delivery SET body = NULL WHERE what <> 'erase' AND subject IN ({marks})", members)
    execute(
        "UPDATE delivery SET state = 'gone', problem = 'the person is erased' "
        f"WHERE what <> 'erase' AND state = 'failed' AND subject IN ({marks})",
        members,
    )


# reading


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
