"""What `winnow doctor` looks at: whether file, schema, keys, clock, hub, ledger and tables are sound."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Literal

import msgspec

from app.models.entry import Entry
from app.services.seat import Seat
from app.services.store import schema, tallies, vault
from app.services.store.connection import connect
from app.services.store.entry_rows import stream
from app.services.store.erasing import half_erased, is_whole
from app.services.store.ledger import OTHERS, PEOPLE
from app.services.team import state

if TYPE_CHECKING:
    from app.services.store.connection import Store

Progress = Callable[[int, int], None]
BATCH = 2000
SAMPLE = 500
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
REBUILD = "Run `winnow doctor --rebuild`."
LITTLE_ROOM = 200 << 20  # bytes


_PUBLISHED = {  # tables that are no part of an inquiry, and how many rows the ledger makes of each
    "source": "count(DISTINCT subject) FROM ledger WHERE kind = 'source_defined'",
    "track": "count(DISTINCT subject) FROM ledger WHERE kind = 'track_defined'",
    "source_cost": "count(*) FROM ledger WHERE kind = 'source_cost'",
    "publication": "count(*) FROM ledger"
    " WHERE kind IN ('script_published', 'scorecard_published', 'lead_rules_published')",
}


class Finding(msgspec.Struct, frozen=True):
    """One thing that the doctor saw."""

    level: Literal["fine", "warning", "bad"]
    sentence: str
    todo: str = ""


def check(seat: Seat, progress: Progress = lambda done, total: None) -> list[Finding]:
    """Look at file, schema, keys, clock, ledger and fold; changes nothing."""
    found = [*_file(seat.store), *_schema(seat.store), *_keys(seat), *_clock(seat), *_team(seat.store)]
    if gone := _gone(seat.store):
        return [*found, *_entries(seat, progress), *gone]
    found += _hidden(seat.store)
    return [*found, *_entries(seat, progress), *_tables(seat)]


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
    if ahead <= MINUTE:
        yield Finding("fine", "The clock agrees with the ledger.")
        return
    long = f"{ahead // DAY} days" if ahead >= 2 * DAY else f"{ahead // MINUTE} minutes"
    yield Finding("warning", f"The last entry is {long} ahead of this clock.", "Set this clock, unless it is right.")
    sql = "SELECT count(DISTINCT subject) FROM ledger WHERE kind = 'called' AND wall > ?"
    late = seat.store.one(sql, (seat.now() + MINUTE,))
    if late and late[0]:
        sentence = f"{late[0]} inquiries were called while the clock was ahead, and are due again by that."
        yield Finding("warning", sentence, "If this clock is right, find them in queue --all and call them.")


def _team(store: Store) -> Iterator[Finding]:
    """What did not go through to the hub, or from it."""
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


def _gone(store: Store) -> list[Finding]:
    """Tables that are not there at all, which a rebuild makes; the full-text indexes come with a backup alone."""
    from app.models import tables

    there = {name for (name,) in store.query("SELECT name FROM sqlite_master WHERE type = 'table'")}
    folded, indexes = {table.name for table in tables.FOLDED} - there, {"search_words", "search_grams"} - there
    return [
        Finding("bad", f"Missing: {', '.join(sorted(names))}.", todo)
        for names, todo in ((folded, REBUILD), (indexes, "Restore the newest backup."))
        if names
    ]


def _tables(seat: Seat) -> Iterator[Finding]:
    """The rows of some inquiries against their fold, and how many rows there are of the rest."""
    store, wrong = seat.store, 0
    sample = store.query("SELECT id FROM inquiry ORDER BY random() LIMIT ? + 0", (SAMPLE,))
    for (inquiry_id,) in sample:
        wrong += not seat.ledger.is_current(inquiry_id)
    subjects = store.one("SELECT count(DISTINCT subject) FROM ledger WHERE kind = 'captured'")
    joined = store.one("SELECT count(*) - count(DISTINCT inquiry) FROM joined")
    expected = (subjects[0] if subjects else 0) - (joined[0] if joined else 0)
    missing = expected - _count(store, "inquiry")
    if not tallies.agree(store):
        yield Finding("bad", "The figures that are kept differ from the tables.", REBUILD)
    for table, entries in _PUBLISHED.items():
        expect = store.one(f"SELECT {entries}")
        if (have := _count(store, table)) != (expect and expect[0]):
            yield Finding("bad", f"The table {table} has {have} rows, not {expect and expect[0]}.", REBUILD)
    if wrong or missing:
        sentence = f"The tables differ from the ledger: {wrong} of {len(sample)} looked at, {missing} missing."
        yield Finding("bad", sentence, REBUILD)
    else:
        yield Finding("fine", f"The tables agree with the ledger ({len(sample)} inquiries looked at).")


def _count(store: Store, table: str) -> int:
    row = store.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0
