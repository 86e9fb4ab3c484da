"""What the hub has stamped on entries that are here already, and what it says about people who were withheld so far.

A stamp changes the order of the fold, and when something has happened by a clock that was ahead; so who is stamped is
folded again only where either moved.
All of it inside `writing()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from app.models.entries import AUTOMATIC, Id
from app.models.entry import AHEAD, Entry
from app.services.store.erasing import SWEEP, without_erased_people
from app.services.store.folded_rows import select_in
from app.services.store.ledger import OTHERS, Ledger

if TYPE_CHECKING:
    from app.services.store.connection import Store

_STAMP = "UPDATE ledger SET received_at = ?, pos = ?, brought_by = ? WHERE seq = ?"
# Any device may have made the same automatic entry: the one that came to the hub first is everybody's.
_ADOPT = (
    "UPDATE ledger SET received_at = ?, pos = ?, brought_by = ?, version = ?, device = ?, device_seq = ?, "
    "claim_no = ?, at = ?, wall = ?, seen = ? WHERE seq = ?"
)
_LIGHT = "SELECT id, subject, kind, at, device, device_seq, received_at, seq FROM ledger WHERE subject IN"


class Known(NamedTuple):
    """What is here of an entry that has arrived."""

    subject: Id
    hash: bytes
    received_at: int | None
    pos: int | None
    brought_by: str
    withheld: bool  # its person part is missing: not readable, or erased


def known(store: Store, ids: Sequence[Id]) -> dict[Id, Known]:
    """What is here of some entries, by id."""
    sql = "SELECT id, subject, hash, received_at, pos, brought_by, person IS NULL FROM ledger WHERE id IN"
    return {row[0]: Known(*row[1:]) for row in select_in(store, sql, ids)}


def stamp(ledger: Ledger, entries: Sequence[Entry]) -> set[Id]:
    """Give entries that are here the stamps with which they arrived; returns whose order moved, to be folded again."""
    if not entries:
        return set()
    plain = [(e.received_at, e.pos, e.brought_by, e.id) for e in entries if e.actor != AUTOMATIC]
    adopted = [
        (e.received_at, e.pos, e.brought_by, e.version, e.device, e.device_seq, e.claim_no, e.at, e.wall,
         " ".join(e.seen), e.id)
        for e in entries
        if e.actor == AUTOMATIC
    ]  # fmt: skip
    stamped: dict[Id, Entry | None] = {entry.id: entry for entry in entries}
    moved = _moved(ledger, {entry.subject for entry in entries}, stamped, [(_STAMP, plain), (_ADOPT, adopted)])
    # What an automatic entry says of its own moment counts too: when somebody was erased.
    return moved | ledger.survivors({entry.subject for entry in entries if entry.actor == AUTOMATIC})


def unstamp(ledger: Ledger, ids: Sequence[Id]) -> set[Id]:
    """Entries whose stamps count no more, since a restored hub does not know them; returns whose order moved."""
    subjects = {row[0] for row in select_in(ledger.store, "SELECT subject FROM ledger WHERE id IN", ids)}
    return _moved(ledger, subjects, dict.fromkeys(ids), [(_STAMP, [(None, None, "", entry_id) for entry_id in ids])])


def _moved(
    ledger: Ledger, subjects: set[Id], stamped: Mapping[Id, Entry | None], updates: Sequence[tuple[str, Sequence[Any]]]
) -> set[Id]:
    """Update stamps, where each row ends with an id; which inquiries have another order now. A source is folded here.

    `stamped`: the entries as they arrived, by id; None has no stamp any more.
    """
    store = ledger.store
    shown = {subject: subject for subject in subjects}
    shown |= dict(select_in(store, "SELECT subject, inquiry FROM joined WHERE subject IN", list(subjects)))
    shown |= dict(select_in(store, "SELECT subject, inquiry FROM joined WHERE inquiry IN", list(set(shown.values()))))
    light = select_in(store, _LIGHT, list(shown))
    doubtful = _doubtful(light, shown, stamped)
    seq_of = {row[0]: row[-1] for row in light}
    light = [row for row in light if shown[row[1]] in doubtful]
    before = _orders(light, shown)
    for sql, rows in updates:
        if rows:
            store.writer.executemany(sql, [(*row[:-1], seq_of[row[-1]]) for row in rows])
    after = _orders([_with_stamp(row, stamped[row[0]]) if row[0] in stamped else row for row in light], shown)
    moved = {inquiry for inquiry, order in after.items() if order.ids != before[inquiry].ids}
    for inquiry in moved:
        if after[inquiry].other:
            for entry_id in {after[inquiry].last, *(each for each, ahead in after[inquiry].ids if ahead)}:
                ledger.refold_other(entry_id)
    return {inquiry for inquiry in moved if not after[inquiry].other}


def _doubtful(light: Sequence[tuple[Any, ...]], shown: Mapping[Id, Id], stamped: Mapping[Id, Entry | None]) -> set[Id]:
    """Inquiries whose order may move. For nearly all it is plain that it does not, and nothing has to be sorted.

    What is stamped for the first time, by a clock that was not ahead, stays where it was when everything that had a
    stamp before was written earlier, and everything that still has none later.
    """
    found: set[Id] = set()
    latest, low, high, earliest = dict[Id, int](), dict[Id, int](), dict[Id, int](), dict[Id, int]()
    for entry_id, subject, _, at, device, device_seq, received_at, _ in light:
        inquiry = shown[subject]
        if received_at is not None:
            latest[inquiry] = max(latest.get(inquiry, 0), at)
            if entry_id in stamped:
                found.add(inquiry)
        elif entry_id not in stamped:
            earliest[inquiry] = min(earliest.get(inquiry, at), at)
        else:
            entry = stamped[entry_id]
            said = (entry.at, entry.device, entry.device_seq) if entry else None
            if entry is None or said != (at, device, device_seq) or at > (entry.received_at or 0):
                found.add(inquiry)
            low[inquiry] = min(low.get(inquiry, at), at)
            high[inquiry] = max(high.get(inquiry, at), at)
    found |= {inquiry for inquiry, at in latest.items() if at >= low.get(inquiry, at + 1)}
    return found | {inquiry for inquiry, at in earliest.items() if at <= high.get(inquiry, at - 1)}


class _Order(NamedTuple):
    ids: tuple[tuple[Id, int], ...]  # with the stamp of what a clock has written that was ahead
    last: Id
    other: bool


def _with_stamp(row: tuple[Any, ...], entry: Entry | None) -> tuple[Any, ...]:
    if entry is None:
        return (*row[:6], None, row[7])
    return (*row[:3], entry.at, entry.device, entry.device_seq, entry.received_at, row[7])


def _orders(light: Sequence[tuple[Any, ...]], shown: dict[Id, Id]) -> dict[Id, _Order]:
    keys: dict[Id, list[tuple[Any, ...]]] = {}
    for entry_id, subject, kind, at, device, device_seq, received_at, _ in light:
        # as Entry.order
        first = (0, min(at, received_at)) if received_at is not None else (1, at)
        ahead = received_at is not None and at > received_at + AHEAD
        row = (*first, device, device_seq, entry_id, kind, received_at if ahead else 0)
        keys.setdefault(shown[subject], []).append(row)
    found = {}
    for inquiry, rows in keys.items():
        rows.sort()
        found[inquiry] = _Order(tuple((row[4], row[6]) for row in rows), rows[-1][4], rows[0][5] in OTHERS)
    return found


# people who were withheld, and come or go


def fill_in(ledger: Ledger, entries: Sequence[Entry]) -> set[Id]:
    """Person parts that may be read now; returns whose inquiries name somebody more. Who was erased stays erased."""
    readable = [entry for entry in without_erased_people(ledger.store, entries) if entry.person is not None]
    rows = [(entry.person, entry.salt, entry.id) for entry in readable]
    ledger.store.writer.executemany("UPDATE ledger SET person = ?, salt = ? WHERE id = ? AND person IS NULL", rows)
    return ledger.survivors({entry.subject for entry in readable if entry.kind not in OTHERS})


def take_away(ledger: Ledger, ids: Sequence[Id], subjects: set[Id]) -> set[Id]:
    """Person parts that may not be read any more; returns whose inquiries name nobody now. The file is swept later."""
    store = ledger.store
    store.writer.executemany("UPDATE ledger SET person = NULL, salt = NULL WHERE id = ?", [(i,) for i in ids])
    held = "UPDATE held_back SET person = NULL, salt = NULL WHERE subject = ?"
    store.writer.executemany(held, [(subject,) for subject in subjects])
    shown = ledger.survivors(subjects)
    store.writer.executemany("DELETE FROM draft WHERE inquiry = ?", [(i,) for i in shown | subjects])
    store.writer.execute("INSERT OR IGNORE INTO cursor(key, value) VALUES(?, 0)", (SWEEP,))
    return shown


def envelope(entry: Entry) -> Entry:
    """The entry without what describes somebody."""
    return msgspec.structs.replace(entry, person=None, salt=None)
