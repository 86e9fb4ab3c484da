"""Who is erased in this store: a subject loses its person parts by an `erased` entry of its own, and by nothing else.

So it does not matter in which order a laptop read who was joined, erased and parted: all of them keep the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from app.services.store.folded_rows import select_in

if TYPE_CHECKING:
    from app.models.entries import Id
    from app.models.entry import Entry
    from app.services.store.connection import Store

SWEEP = "sweep"  # the cursor that says: somebody was erased, and the file has not been swept since
WHOLE = "whole"  # the cursor that says: nobody erased is joined with somebody whom that erasure has yet to reach
_ERASED = "SELECT subject FROM ledger INDEXED BY ledger_subject WHERE kind = 'erased' AND subject IN"
_HALF = (
    "SELECT DISTINCT j.inquiry FROM joined j JOIN inquiry i ON i.id = j.inquiry AND i.stage = 'erased' "
    "WHERE NOT EXISTS (SELECT 1 FROM ledger l INDEXED BY ledger_subject WHERE l.subject = j.subject "
    "AND l.kind = 'erased') ORDER BY j.inquiry"
)


def erased_among(store: Store, subjects: Iterable[Id]) -> set[Id]:
    """Which of some subjects are erased themselves."""
    return {row[0] for row in select_in(store, _ERASED, list(subjects))}


def without_erased_people(store: Store, entries: Sequence[Entry], here: Collection[Id] = ()) -> list[Entry]:
    """Entries as they are kept: without the person part where their subject is erased; those in `here` are not."""
    about = {entry.subject for entry in entries if entry.person is not None}
    gone = erased_among(store, about.difference(here))
    return [
        msgspec.structs.replace(entry, person=None, salt=None) if entry.subject in gone else entry for entry in entries
    ]


def take_away(store: Store, subjects: Collection[Id]) -> None:
    """Remove every person part of subjects that are erased; the file is swept later. Inside `writing()`."""
    from app.models import tables

    table = tables.ledger
    theirs = table.c.subject.in_(sorted(subjects)) & table.c.person.is_not(None)
    store.run(table.update().where(theirs).values(person=None, salt=None))
    store.writer.execute("INSERT OR IGNORE INTO cursor(key, value) VALUES(?, 0)", (SWEEP,))


def note_joined(store: Store, members: Sequence[Id]) -> None:
    """After an erasure or a join: no draft stays about whom one of these erasures hides, and the rest is looked at.

    `members` are the joined subjects of one inquiry. Inside `writing()`.
    """
    from app.models import tables

    gone = erased_among(store, members)
    if not gone:
        return
    store.run(tables.draft.delete().where(tables.draft.c.inquiry.in_(members)))
    if len(gone) < len(members):
        store.writer.execute("DELETE FROM cursor WHERE key = ?", (WHOLE,))


def is_whole(store: Store) -> bool:
    """Whether nothing came since `note_whole` that an erasure might have to follow."""
    return store.one("SELECT 1 FROM cursor WHERE key = ?", (WHOLE,)) is not None


def half_erased(store: Store) -> list[Id]:
    """The inquiries that are hidden by an erasure which has not reached every one of their joined subjects."""
    return [row[0] for row in store.query(_HALF)]


def note_whole(store: Store) -> None:
    """Whoever an erasure reaches is erased: nobody looks again before another one, or a join. Inside `writing()`."""
    store.writer.execute("INSERT OR REPLACE INTO cursor(key, value) VALUES(?, ?)", (WHOLE, len(half_erased(store))))


def hidden_before(store: Store) -> bool:
    """Whether the last look left somebody hidden whom the erasure of another does not reach; some may be parted since.

    While an erasure has yet to reach somebody, that is not known.
    """
    row = store.one("SELECT value FROM cursor WHERE key = ?", (WHOLE,))
    return row is not None and row[0] > 0
