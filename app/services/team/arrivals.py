"""What the hub tells goes into the store: checked, once, with the cursor in the same transaction as the rows.

Whatever order entries come in, and however often, the store ends the same. A poison entry is set aside with its
reason, and stops no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from app.models.entries import Id
from app.models.entry import Entry, are_sound
from app.services.store import held_back, stamps
from app.services.store.folded_rows import select_in
from app.services.store.ledger import SPREAD, Heard
from app.services.team import state
from app.services.team.work import Work

FEW = 20  # entries that come together, up to which their leads are told at once; of more one hears by `alerts.news`
UNREADABLE = "what it says about somebody cannot be read; the rest of it counts"


class _Poison(msgspec.Struct, frozen=True):
    """An entry that cannot be taken as it is; `kept` is what can."""

    entry: Entry
    why: str
    kept: Entry | None = None


def take_page(work: Work, entries: Sequence[Entry], through: int, *, later: bool = False) -> int:
    """Apply a page of the feed, up to and including the position `through`; returns how many entries were new.

    `later`: their rows are made by `fold_arrivals`, as always while rows of others are still to be made.
    """
    new, start = 0, 0
    heard = work.tell_leads if len(entries) <= FEW and any(entry.kind == "disposed" for entry in entries) else None
    while True:
        chunk = entries[start : start + work.size("arrivals")]
        start += len(chunk)
        last = start >= len(entries)
        reached = through if last else chunk[-1].pos or 0
        new += _take(work, chunk, reached, later=later, heard=heard)
        if last:
            return new


def take_some(work: Work, entries: Sequence[Entry]) -> int:
    """Apply entries from anywhere in the feed, whose position says nothing about those before them."""
    return sum(_take(work, chunk, None, later=False) for chunk in _chunks(work, entries))


def take_carried(work: Work, entries: Sequence[Entry]) -> int:
    """Apply entries that no hub told: what is here already stays as it is, and only a hub's stamps count."""
    plain = [msgspec.structs.replace(entry, received_at=None, pos=None, brought_by="") for entry in entries]
    return sum(_take(work, chunk, None, later=False, told=False) for chunk in _chunks(work, plain))


def take_people(work: Work, entries: Sequence[Entry], through: int) -> None:
    """Fill in people who may be read now, and remember how far this has come."""

    def step() -> set[Id]:
        readable = [entry for entry in entries if entry.person is not None and _poison(entry) is None]
        here = stamps.known(work.store, [entry.id for entry in readable])
        fits = [e for e in readable if e.id in here and here[e.id].withheld and here[e.id].hash == e.hash]
        changed = stamps.fill_in(work.ledger, fits)
        work.ledger.refold(changed)
        state.put_cursor(work.store, state.PERSONS, through)
        return changed

    work.note(work.do(step), ("corrected",))


def fold_arrivals(work: Work) -> int:
    """Make the rows of some inquiries that have arrived; returns of how many, 0 when all are made."""
    if not state.has_unfolded(work.store):
        return 0

    def step() -> set[Id]:
        sql = "SELECT subject FROM arrival INDEXED BY arrival_unfolded WHERE unfolded > 0 ORDER BY subject LIMIT ? + 0"
        subjects = [row[0] for row in work.store.query(sql, (work.size("folding"),))]
        changed = work.ledger.survivors(subjects)
        work.ledger.make(changed)
        made = [(subject,) for subject in subjects]
        work.store.writer.executemany("DELETE FROM arrival WHERE subject = ? AND newcomer = 0", made)
        work.store.writer.executemany("UPDATE arrival SET unfolded = 0 WHERE subject = ?", made)
        return changed

    changed = work.do(step, "folding", durable=False)
    work.note(changed, ("captured",) if changed else ())
    return len(changed)


def spread_objections(work: Work) -> bool:
    """Nobody is called on a number on which somebody objected whom this laptop cannot name; False: nothing to do."""
    marked = state.cursor(work.store, SPREAD)
    if marked is None:
        return False
    keys = {row[0] for row in work.store.query("SELECT key FROM suppression WHERE reason = 'objection'")}
    shared = sorted(work.ledger.with_numbers_in(keys))  # takes seconds for a million numbers, and holds nobody up
    while shared:
        size = work.size("folding")
        part, shared = shared[:size], shared[size:]
        work.do(partial(work.ledger.refold, part), "folding")
        work.note(part)
    sql = "DELETE FROM cursor WHERE key = ? AND value = ?"  # not when another objection came meanwhile
    work.do(lambda: work.store.writer.execute(sql, (SPREAD, marked)))
    return True


def _chunks(work: Work, entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    start = 0
    while start < len(entries):
        size = work.size("arrivals")
        yield entries[start : start + size]
        start += size


def _take(
    work: Work,
    chunk: Sequence[Entry],
    through: int | None,
    *,
    later: bool,
    told: bool = True,
    heard: Heard | None = None,
) -> int:
    poison = [] if are_sound(chunk) else [found for found in map(_poison, chunk) if found is not None]
    spoilt = {found.entry.id: found.kept for found in poison}
    once = {entry.id: entry for entry in chunk}  # what was confirmed is told twice: the later one counts
    sound = list(once.values())
    if spoilt:
        sound = [e for e in (spoilt.get(e.id, e) for e in sound) if e is not None]

    def step() -> tuple[set[Id], set[str], int]:
        ledger, store = work.ledger, work.store
        behind = later or (through is not None and state.has_unfolded(store))
        here = stamps.known(store, list(once))
        new = [entry for entry in sound if entry.id not in here] if here else sound
        old = [entry for entry in sound if entry.id in here] if here and told else []
        other = [entry for entry in old if here[entry.id].hash != entry.hash]
        same = [entry for entry in old if here[entry.id].hash == entry.hash]
        stamped = [e for e in same if (e.received_at, e.pos, e.brought_by) != here[e.id][2:5]]
        changed = _make_room(work, chunk)
        changed |= stamps.stamp(ledger, stamped)
        changed |= ledger.survivors({e.subject for e in stamped if e.brought_by != here[e.id].brought_by})
        changed |= stamps.fill_in(ledger, [e for e in same if e.person is not None and here[e.id].withheld])
        offered = state.cursor(store, state.OUTBOX) == ledger.last_seq()
        noted = _note_newcomers(work, new, later=behind)
        appended = ledger.append(new, later=behind, absent=True, noted=noted, heard=heard)
        if offered and all(entry.pos is not None and not entry.brought_by for entry in new):
            # what is new is the hub's, and not from a bundle: nobody looks at it again to hand it in
            state.put_cursor(store, state.OUTBOX, ledger.last_seq())
        ledger.refold(ledger.survivors(changed) - (set() if behind else appended))
        held_back.forget(store, [entry.id for entry in new])
        state.went_through(store, [entry.id for entry in (*new, *stamped)])
        why = "another entry is here under the same id"
        _set_aside(work, [*poison, *(_Poison(entry, why) for entry in other)])
        _confirm(work, [entry for entry in stamped if entry.brought_by])
        _hand_in_erased(work, [entry for entry in stamped if entry.kind == "erased"])
        _let_go(work, [entry for entry in stamped if here[entry.id].pos is None])
        _advance_clock(work, sound)
        if through is not None:
            state.put_cursor(store, state.PULLED, through)
        return changed | appended, {entry.kind for entry in (*new, *stamped)}, len(new)

    changed, kinds, new = work.do(step, "arrivals", durable=False)
    work.note(changed, kinds)
    return new


def _poison(entry: Entry) -> _Poison | None:
    """Why an entry cannot be taken, if it cannot."""
    try:
        entry.facts()
    except msgspec.DecodeError:
        return _Poison(entry, f"its facts are not those of {entry.kind}")
    if not entry.verifies():
        return _Poison(entry, "it is not what its author wrote: the hash does not fit")
    try:
        entry.who()
    except msgspec.DecodeError:
        return _Poison(entry, UNREADABLE, stamps.envelope(entry))
    return None


def _make_room(work: Work, chunk: Sequence[Entry]) -> set[Id]:
    """Take away stamps that a restored hub has given to others; their entries are offered again."""
    owner = {entry.pos: entry.id for entry in chunk if entry.pos is not None}
    low, high = min(owner, default=0), max(owner, default=0)
    if high - low < len(owner):  # a page: they follow each other
        rows = work.store.query("SELECT id, pos, seq FROM ledger WHERE pos >= ? AND pos <= ?", (low, high))
    else:
        rows = select_in(work.store, "SELECT id, pos, seq FROM ledger WHERE pos IN", list(owner))
    wrong = [(entry_id, seq) for entry_id, pos, seq in rows if owner[pos] != entry_id]
    if not wrong:
        return set()
    moved = stamps.unstamp(work.ledger, [entry_id for entry_id, _ in wrong])
    outbox = state.cursor(work.store, state.OUTBOX) or 0
    state.put_cursor(work.store, state.OUTBOX, min(outbox, *(seq - 1 for _, seq in wrong)))
    return moved


def _note_newcomers(work: Work, new: Sequence[Entry], *, later: bool) -> set[Id]:
    """Who was captured elsewhere is compared with those who are known here, once everything has arrived.

    `later`: it is noted too that their rows are to be made, so that a row is written once.
    """
    device = work.seat.device
    subjects = {e.subject for e in new if e.kind == "captured" and e.device != device}
    sql = (
        "INSERT INTO arrival(subject, unfolded, newcomer) VALUES(?, ?, 1) ON CONFLICT(subject) "
        "DO UPDATE SET newcomer = 1, unfolded = max(unfolded, excluded.unfolded)"
    )
    work.store.writer.executemany(sql, [(subject, int(later)) for subject in sorted(subjects)])
    return subjects


def _confirm(work: Work, brought: Sequence[Entry]) -> None:
    """What this member wrote and somebody else has brought is handed in too: then it is known to be theirs."""
    member = state.word(work.store, state.MEMBER) if brought else ""
    mine = [entry.id for entry in brought if entry.actor == member]
    _hand_in(work, select_in(work.store, "SELECT seq FROM ledger WHERE id IN", mine))


def _hand_in_erased(work: Work, erasures: Sequence[Entry]) -> None:
    """The hub has these erasures now: what is said here about whom they erase is handed in too."""
    subjects = [entry.subject for entry in erasures]
    _hand_in(work, select_in(work.store, "SELECT seq FROM ledger WHERE pos IS NULL AND subject IN", subjects))


def _hand_in(work: Work, rows: Sequence[tuple[int]]) -> None:
    if rows:
        outbox = state.cursor(work.store, state.OUTBOX) or 0
        state.put_cursor(work.store, state.OUTBOX, min(outbox, *(seq - 1 for (seq,) in rows)))


def _let_go(work: Work, stamped: Sequence[Entry]) -> None:
    """Whom this laptop has brought, and may not read, leaves it now that the hub has them."""
    if not stamped or state.sources_of(work.store) is None:
        return
    others = [entry.id for entry in stamped if entry.actor != state.word(work.store, state.MEMBER)]
    seqs = [seq - 1 for (seq,) in select_in(work.store, "SELECT seq FROM ledger WHERE id IN", others)]
    if seqs:
        now = state.cursor(work.store, state.STRIPPED)
        state.put_cursor(work.store, state.STRIPPED, min([*seqs, *([] if now is None else [now])]))


def _set_aside(work: Work, poison: Sequence[_Poison]) -> None:
    encode, now = msgspec.msgpack.encode, work.seat.now()
    rows = [
        (p.entry.pos, p.entry.id, p.entry.kind, p.entry.actor, p.why, encode(stamps.envelope(p.entry)), now)
        for p in poison
        if p.entry.pos is not None
    ]
    work.store.writer.executemany("INSERT OR REPLACE INTO set_aside VALUES(?, ?, ?, ?, ?, ?, ?)", rows)


def _advance_clock(work: Work, entries: Sequence[Entry]) -> None:
    """What is written here from now on comes after what was read; a clock far ahead is not followed."""
    seen = max([at if (at := e.at) < got else got for e in entries if (got := e.received_at) is not None], default=0)
    if seen > (state.cursor(work.store, "at") or 0):
        state.put_cursor(work.store, "at", seen)
