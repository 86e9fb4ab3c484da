"""The folded tables are thrown away and made again from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Captured, Id, Merged, Split, Undone
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import FOLD_VERSION
from app.services.errors import EnvironmentFailed
from app.services.store import joins
from app.services.store.entry_rows import of_kind
from app.services.store.folded_rows import FoldedRows
from app.services.store.histories import by_subject
from app.services.store.ledger import OTHERS, Ledger
from app.services.store.projection import Newcomer, Projection, newcomer, project
from app.services.store.publications import keep

if TYPE_CHECKING:
    from app.services.store.connection import Store

Progress = Callable[[int, int], None]
BATCH = 2000


class LedgerDamaged(EnvironmentFailed):
    """What the tables are made from is not what was written."""

    code = "ledger_damaged"


def rebuild(ledger: Ledger, progress: Progress = lambda done, total: None) -> dict[str, int]:
    """Throw the folded tables away and make them again, row for row, in one transaction; returns rows by table.

    Whoever calls holds the home alone: nobody could write while this runs.

    Raises:
        LedgerDamaged: an entry cannot be read; the tables stay as they were.
    """
    from app.models import tables

    store = ledger.store
    store.expect_much()
    try:
        with store.writing():
            _empty(store)
            with _WithoutIndexes(store):
                _fill(store, progress)
            for index in ("search_words", "search_grams"):
                store.writer.execute(f"INSERT INTO {index}({index}) VALUES('rebuild')")
            ledger.spread_objections()
            remember_fold(store)
    except msgspec.DecodeError as error:
        raise LedgerDamaged(
            f"An entry of the ledger cannot be read: {error}.",
            kept="The tables are as they were.",
            todo="Restore the newest backup.",
        ) from error
    finally:
        store.expect_little()
    return {table.name: _count(store, table.name) for table in tables.FOLDED}


def remember_fold(store: Store) -> None:
    """Say which version of the fold made the tables. Inside `writing()`."""
    store.writer.execute("INSERT OR REPLACE INTO cursor(key, value) VALUES('fold_version', ?)", (FOLD_VERSION,))


def _empty(store: Store) -> None:
    from sqlalchemy.schema import CreateTable

    from app.models import tables

    for table in tables.FOLDED:
        store.run(CreateTable(table, if_not_exists=True))
    for index in ("search_words", "search_grams"):
        store.writer.execute(f"INSERT INTO {index}({index}) VALUES('delete-all')")
    for table in tables.FOLDED:
        store.run(table.delete())


def _count(store: Store, table: str) -> int:
    row = store.one(f"SELECT count(*) FROM {table}")
    return int(row[0]) if row else 0


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


def _fill(store: Store, progress: Progress) -> None:
    done, total = 0, _count(store, "ledger")
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
                about = sorted((entry for _, entry in said), key=Entry.order)
                for entry in about:
                    if entry.kind in OTHERS:
                        keep(store, entry, about)
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
    merges = [entry for kind in ("merged", "split", "undone") for entry in of_kind(store, kind)]
    facts = [(entry, entry.facts()) for entry in merges]
    members = {entry.subject for entry, body in facts if isinstance(body, Merged)}
    members |= {body.other for _, body in facts if isinstance(body, Merged)}
    relevant = [e for e, body in facts if isinstance(body, Merged | Split | Undone) and e.subject in members]
    groups = joins.components(members, relevant, joins.standing_splits(store))
    joins.write(store, groups)
    return {member: min(group) for group in groups if len(group) > 1 for member in group}
