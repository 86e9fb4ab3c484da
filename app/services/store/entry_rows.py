"""Entries as rows of the ledger: read one by one, in a stream, and as far as a hub has not got them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.models.entries import Id
from app.models.entry import Entry
from app.services.store.folded_rows import select_in

if TYPE_CHECKING:
    from app.services.store.connection import Store

ENTRY_COLUMNS = (
    "id", "subject", "kind", "version", "body", "person", "salt", "digest", "hash", "actor", "device", "device_seq",
    "claim_no", "at", "wall", "seen", "received_at", "pos", "brought_by",
)  # fmt: skip
_COLUMNS = ", ".join(ENTRY_COLUMNS)
_SELECT = f"SELECT {_COLUMNS} FROM ledger"
NEWEST = 2**63 - 1  # no seq is higher
RARE = "kind NOT IN ('captured', 'called', 'disposed', 'corrected')"  # as the index ledger_rare says


def one(store: Store, entry_id: Id) -> Entry | None:
    """One entry."""
    row = store.one(f"{_SELECT} WHERE id = ?", (entry_id,))
    return _entry(row) if row else None


def of_kind(store: Store, kind: str) -> list[Entry]:
    """Every entry of one of the rarer kinds."""
    rows = store.query(f"{_SELECT} INDEXED BY ledger_rare WHERE kind = ? AND {RARE}", (kind,))
    return [_entry(row) for row in rows]


def about(store: Store, subjects: Sequence[Id]) -> list[Entry]:
    """Every entry about some subjects, in no order."""
    return [_entry(row) for row in select_in(store, f"{_SELECT} WHERE subject IN", subjects)]


def stream(store: Store, *, size: int = 2000) -> Iterator[tuple[int, Entry]]:
    """Every entry with its seq, by subject; memory stays flat."""
    cursor = store.reader().execute(f"SELECT seq, {', '.join(ENTRY_COLUMNS)} FROM ledger ORDER BY subject, seq")
    while rows := cursor.fetchmany(size):
        for row in rows:
            yield row[0], _entry(row[1:])


def unstamped(store: Store, after: int, size: int, member: str = "", through: int = NEWEST) -> list[tuple[int, Entry]]:
    """Entries behind a seq that no hub has stamped, with their seq; and a member's that somebody else has brought."""
    sql = (
        f"SELECT seq, {_COLUMNS} FROM ledger WHERE seq > ? AND seq <= ? "
        "AND (pos IS NULL OR brought_by <> '' AND actor = ?) ORDER BY seq LIMIT ? + 0"
    )
    return [(row[0], _entry(row[1:])) for row in store.query(sql, (after, through, member, size))]


def row_of(entry: Entry, seq: int) -> tuple[Any, ...]:
    """What is written of an entry, in the order of the table."""
    return (
        seq, entry.id, entry.subject, entry.kind, entry.version, entry.body, entry.person, entry.salt, entry.digest,
        entry.hash, entry.actor, entry.device, entry.device_seq, entry.claim_no, entry.at, entry.wall,
        " ".join(entry.seen), entry.received_at, entry.pos, entry.brought_by,
    )  # fmt: skip


def _entry(row: tuple[Any, ...]) -> Entry:
    made = Entry(*row)  # in the order of ENTRY_COLUMNS
    made.seen = tuple(row[15].split())
    return made
