"""Care for a store: prove that it is sound, and make its tables again from the ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Literal

import msgspec

from app.models.entries import Captured, Entry, Id, Merged, Split, Undone
from app.models.fold import fold
from app.models.inquiry import FOLD_VERSION
from app.services.store import schema, tallies, vault
from app.services.store.connection import connect
from app.services.store.erasing import half_erased, is_whole
from app.services.store.folded_rows import FoldedRows
from app.services.store.histories import by_subject
from app.services.store.ledger import OTHERS, PEOPLE, Ledger, components, stream
from app.services.store.projection import Newcomer, Projection, newcomer, project
from app.services.store.publications import keep

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.store.connection import Store

Progress = Callable[[int, int], None]
BATCH = 2000
SAMPLE = 500
MINUTE = 60_000
LITTLE_ROOM = 200 << 20  # bytes


class Finding(msgspec.Struct, frozen=True):
    """One thing that the doctor saw."""

    level: Literal["fine", "warning", "bad"]
    sentence: str
    todo: str = ""


def check(seat: Seat, progress: Progress | None = None) -> list[Finding]:
    """Look at file, schema, keys, clock, ledger and fold; changes nothing."""
    found = [*_file(seat.store), *_schema(seat.store), *_keys(seat), *_clock(seat), *_team(seat.store)]
    found += _hidden(seat.store)
    return [*found, *_entries(seat, progress or _silent), *_tables(seat)]


def _silent(done: int, total: int) -> None:
    pass


def _file(store: Store) -> Iterator[Finding]:
    # On a connection of its own: on one that has read the full text before, FTS5 checks by what it remembers of it.
    with closing(connect(store.path, store.key)) as db:
        damaged = db.execute("PRAGMA cipher_integrity_check").fetchall()
        wrong = [] if damaged else [row[0] for row in db.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
    if damaged:
        yield Finding("bad", f"{len(damaged)} pages of the file are damaged.", "Restore the newest backup.")
        return
    if wrong:
        yield Finding("bad", f"The file is inconsistent: {wrong[0]}.", "Restore the newest backup.")
    else:
        yield Finding("fine", "The file is whole and encrypted.")
    free = shutil.disk_usage(store.path.parent).free
    if free < LITTLE_ROOM:
        yield Finding("warning", f"The disk has only {free >> 20} MB left.", "Free some space.")


def _schema(store: Store) -> Iterator[Finding]:
    revision = schema.revision_of(store.reader())
    if revision == schema.HEAD:
        yield Finding("fine", f"The schema is revision {revision}.")
    else:
        yield Finding("bad", f"The schema is revision {revision}, not {schema.HEAD}.", "Open Winnow once, alone.")


def _keys(seat: Seat) -> Iterator[Finding]:
    home = seat.store.path.parent
    if not vault.exists(home):
        yield Finding("fine", "This is a throw-away home: its key is only in memory.")
        return
    ways = vault.opened_by(home)
    if len(ways) > 1:
        yield Finding("fine", f"The key is kept by {' and '.join(ways)}.")
    else:
        yield Finding("warning", f"Only the {ways[0]} opens this home.", "Set a passphrase in Setup.")


def _clock(seat: Seat) -> Iterator[Finding]:
    row = seat.store.one("SELECT value FROM cursor WHERE key = 'at'")
    ahead = (row[0] >> 16) - seat.now() if row else 0
    if ahead > MINUTE:
        yield Finding("warning", f"This clock is {ahead // MINUTE} minutes behind the last entry.", "Set the clock.")
    else:
        yield Finding("fine", "The clock agrees with the ledger.")


def _team(store: Store) -> Iterator[Finding]:
    """What did not go through to the hub, or from it."""
    from app.services.team import state

    if not state.is_joined(store):
        return
    away, aside, waiting = state.turned_away(store), state.set_aside(store), state.unshared(store)
    if not away and not aside:
        yield Finding("fine", f"Everything that was exchanged with the hub went through; {waiting} entries wait.")
    if away:
        first = f"{away[0].kind}, {away[0].why}"
        yield Finding("warning", f"The hub did not take {len(away)} entries (the first: {first}).", "Ask an admin.")
    if aside:
        first = f"{aside[0].kind}, {aside[0].why}"
        sentence = f"{len(aside)} entries of the hub could not be taken (the first: {first})."
        yield Finding("warning", sentence, "Tell an admin; nothing else waits for them.")


def _hidden(store: Store) -> Iterator[Finding]:
    """Who is hidden by the erasure of another, which does not reach them by itself (docs/decisions/0010)."""
    if not (is_whole(store) and (left := half_erased(store))):
        return
    many = "1 person is" if len(left) == 1 else f"{len(left)} people are"
    sentence = f"{many} hidden, with all details kept, by the erasure of somebody whom they were joined with later."
    todo = (
        f"A team lead decides, on the desk under Contested, or here: `winnow part {left[0]}` if they are somebody else,"
        f" `winnow erase {left[0]}` if they are the same."
    )
    yield Finding("warning", sentence, todo)


def _entries(seat: Seat, progress: Progress) -> Iterator[Finding]:
    """Every entry's hash, and its bytes against its kind."""
    store, bad, unknown = seat.store, 0, 0
    total = _count(store, "ledger")
    for done, (_, entry) in enumerate(stream(store), 1):
        if done % BATCH == 0:
            progress(done, total)
        if not entry.verifies() or not _decodes(entry):
            bad += 1
        elif entry.kind not in PEOPLE and entry.kind not in OTHERS:
            unknown += 1
    if bad:
        yield Finding("bad", f"{bad} of {total} entries do not verify.", "Restore the newest backup.")
    else:
        yield Finding("fine", f"All {total} entries verify.")
    if unknown:
        yield Finding("warning", f"{unknown} entries are of a kind that a newer Winnow wrote.", "Update Winnow.")


def _decodes(entry: Entry) -> bool:
    try:
        entry.facts()
        entry.who()
    except msgspec.DecodeError:
        return False
    return True


def _tables(seat: Seat) -> Iterator[Finding]:
    """The rows of some inquiries against their fold."""
    store, wrong = seat.store, 0
    sample = store.query("SELECT id FROM inquiry ORDER BY random() LIMIT ?", (SAMPLE,))
    for (inquiry_id,) in sample:
        wrong += not seat.ledger.is_current(inquiry_id)
    subjects = store.one("SELECT count(DISTINCT subject) FROM ledger WHERE kind = 'captured'")
    joined = store.one("SELECT count(*) - count(DISTINCT inquiry) FROM joined")
    expected = (subjects[0] if subjects else 0) - (joined[0] if joined else 0)
    missing = expected - _count(store, "inquiry")
    if not tallies.agree(store):
        yield Finding("bad", "The figures that are kept differ from the tables.", "Run `winnow doctor --rebuild`.")
    if wrong or missing:
        sentence = f"The tables differ from the ledger: {wrong} of {len(sample)} looked at, {missing} missing."
        yield Finding("bad", sentence, "Run `winnow doctor --rebuild`.")
    else:
        yield Finding("fine", f"The tables agree with the ledger ({len(sample)} inquiries looked at).")


def _count(store: Store, table: str) -> int:
    row = store.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


# making the tables again


def rebuild(seat: Seat, progress: Progress | None = None) -> dict[str, int]:
    """Throw the folded tables away and make them again, row for row, in one transaction; returns rows by table.

    Whoever calls holds the home alone: nobody could write while this runs.
    """
    from app.models import tables

    store = seat.store
    store.expect_much()
    try:
        with store.writing():
            _empty(store)
            with _WithoutIndexes(store):
                _fill(seat, progress or _silent)
            for index in ("search_words", "search_grams"):
                store.writer.execute(f"INSERT INTO {index}({index}) VALUES('rebuild')")
            seat.ledger.spread_objections()
            remember_fold(store)
    finally:
        store.expect_little()
    return {table.name: _count(store, table.name) for table in tables.FOLDED}


def remember_fold(store: Store) -> None:
    """Say which version of the fold made the tables. Inside `writing()`."""
    store.writer.execute("INSERT OR REPLACE INTO cursor(key, value) VALUES('fold_version', ?)", (FOLD_VERSION,))


def _empty(store: Store) -> None:
    from app.models import tables

    for index in ("search_words", "search_grams"):
        store.writer.execute(f"INSERT INTO {index}({index}) VALUES('delete-all')")
    for table in tables.FOLDED:
        store.run(table.delete())


class _WithoutIndexes:
    """Indexes are made after the rows: one sort each instead of a search for every row."""

    def __init__(self, store: Store) -> None:
        from app.models import tables

        self._store = store
        self._indexes = [index for table in tables.FOLDED for index in table.indexes]

    def __enter__(self) -> None:
        from sqlalchemy.schema import DropIndex

        for index in self._indexes:
            self._store.run(DropIndex(index, if_exists=True))

    def __exit__(self, *_: object) -> None:
        from sqlalchemy.schema import CreateIndex

        for index in self._indexes:
            self._store.run(CreateIndex(index))


def _fill(seat: Seat, progress: Progress) -> None:
    store, done, total = seat.store, 0, _count(seat.store, "ledger")
    survivor, rows = _rejoin(store), FoldedRows(store)
    rebuilt = rows.tallies()
    together: dict[Id, list[tuple[int, Entry]]] = {}
    subjects = by_subject(store)
    while batch := list(islice(subjects, BATCH)):
        made, newcomers = list[Projection](), list[Newcomer]()
        for said in batch:
            done += len(said)
            pairs, subject = said, said[0][1].subject
            if not OTHERS.isdisjoint([entry.kind for _, entry in said]):
                pairs = [pair for pair in said if pair[1].kind not in OTHERS]
                for _, entry in said:
                    if entry.kind in OTHERS:
                        keep(store, entry)
            if subject in survivor:
                together.setdefault(survivor[subject], []).extend(pairs)
            elif len(pairs) == 1 and (new := _newcomer(*pairs[0])):
                newcomers.append(new)
            elif pairs:
                made += _folded(subject, pairs)
        rows.add(made, rebuilt=rebuilt)
        rows.enter(newcomers, rebuilt=rebuilt)
        progress(done, total)
    rows.add([row for inquiry_id, pairs in together.items() for row in _folded(inquiry_id, pairs)], rebuilt=rebuilt)
    rebuilt.write(store)


def _newcomer(seq: int, entry: Entry) -> Newcomer | None:
    """The rows of somebody about whom there is only that they were captured; None where a fold is needed."""
    body, person = entry.facts(), entry.who()
    if person is None or not isinstance(body, Captured):
        return None
    return newcomer(entry, body, person, seq, number_objected=False)


def _folded(inquiry_id: Id, pairs: list[tuple[int, Entry]]) -> list[Projection]:
    entries = [entry for _, entry in pairs]
    if "captured" not in [entry.kind for entry in entries]:
        return []
    return [project(fold(entries, [inquiry_id]), min([seq for seq, _ in pairs]), number_objected=False)]


def _rejoin(store: Store) -> dict[Id, Id]:
    """`joined` again from the merges that stand; returns the survivor of each joined subject."""
    from app.models import tables

    ledger = Ledger(store)
    merges = [e for kind in ("merged", "split", "undone") for e in ledger.of_kind(kind)]
    facts = [(entry, entry.facts()) for entry in merges]
    members = {entry.subject for entry, body in facts if isinstance(body, Merged)}
    members |= {body.other for _, body in facts if isinstance(body, Merged)}
    relevant = [e for e, body in facts if isinstance(body, Merged | Split | Undone) and e.subject in members]
    groups = components(members, relevant, ledger.standing_splits())
    survivor = {member: min(group) for group in groups if len(group) > 1 for member in group}
    rows = [{"subject": subject, "inquiry": inquiry} for subject, inquiry in sorted(survivor.items())]
    if rows:
        store.run(tables.joined.insert(), rows)
    return survivor
