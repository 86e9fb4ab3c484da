"""What this store knows of its hub: which one, how far it has read and handed in, and what did not go through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Id, Millis

if TYPE_CHECKING:
    from app.services.store.connection import Store

# cursors
OUTBOX = "outbox"  # local seq up to which everything was offered
PULLED = "pulled"  # position of the feed up to which everything is here
PERSONS = "persons"  # position up to which people who may be read newly were asked for; no row: nothing to ask
STRIPPED = "stripped"  # local seq up to which people who may not be read any more were taken away; no row: done
KEYS = "keys"  # grows with every hash key that was added
IN_STEP = "in_step_at"  # milliseconds UTC
# words
EPOCH, MEMBER, ROLE, SOURCES, SCOPE = "epoch", "member", "role", "sources", "scope"
NOT_THROUGH = (  # CROSS: those first, whatever SQLite believes of a ledger that it has not counted
    "SELECT t.entry, l.kind, t.outcome || ': ' || t.why, t.at FROM turned_away t CROSS JOIN ledger l ON l.id = t.entry "
    "UNION ALL SELECT id, kind, 'held back: ' || why, held_at FROM held_back ORDER BY 4, 1"
)


class Refusal(msgspec.Struct, frozen=True):
    """An entry that did not go through, and why."""

    entry: Id
    kind: str
    why: str
    at: Millis


def cursor(store: Store, key: str) -> int | None:
    """Where something stands; None: it was never begun."""
    row = store.one("SELECT value FROM cursor WHERE key = ?", (key,))
    return int(row[0]) if row else None


def put_cursor(store: Store, key: str, value: int | None) -> None:
    """Keep where something stands, or that it stands nowhere. Inside `writing()`."""
    if value is None:
        store.writer.execute("DELETE FROM cursor WHERE key = ?", (key,))
    else:
        store.writer.execute("INSERT OR REPLACE INTO cursor(key, value) VALUES(?, ?)", (key, value))


def word(store: Store, key: str) -> str:
    """What is known about the hub and this member; empty: nothing yet."""
    row = store.one("SELECT value FROM team WHERE key = ?", (key,))
    return str(row[0]) if row else ""


def put_word(store: Store, key: str, value: str) -> None:
    """Keep something about the hub. Inside `writing()`."""
    store.writer.execute("INSERT OR REPLACE INTO team(key, value) VALUES(?, ?)", (key, value))


def is_joined(store: Store) -> bool:
    """Whether this store shares with a hub."""
    return bool(word(store, EPOCH))


def sources_of(store: Store) -> frozenset[str] | None:
    """From which sources people may be read; None: from every one."""
    said = msgspec.json.decode(word(store, SOURCES) or "null", type=list[str] | None)
    return None if said is None else frozenset(said)


def unshared(store: Store) -> int:
    """How many entries wait to be handed in."""
    sql = "SELECT count(*) FROM ledger WHERE seq > ? AND pos IS NULL"
    row = store.one(sql, (cursor(store, OUTBOX) or 0,))
    return int(row[0]) if row else 0


def turned_away(store: Store) -> list[Refusal]:
    """Entries of this store that the hub did not take: everything else went on without them.

    What it holds back, because its author was revoked, does not count here either.
    """
    return [Refusal(*row) for row in store.query(NOT_THROUGH)]


def went_through(store: Store, ids: Sequence[Id]) -> None:
    """The hub has these after all. Inside `writing()`."""
    if store.one("SELECT 1 FROM turned_away LIMIT 1"):
        store.writer.executemany("DELETE FROM turned_away WHERE entry = ?", [(entry_id,) for entry_id in ids])


def set_aside(store: Store) -> list[Refusal]:
    """Entries of the hub that this store could not take."""
    return [Refusal(*row) for row in store.query("SELECT entry, kind, why, at FROM set_aside ORDER BY pos")]


def has_unfolded(store: Store) -> bool:
    """Whether an inquiry has arrived whose rows are still to be made."""
    return store.one("SELECT 1 FROM arrival INDEXED BY arrival_unfolded WHERE unfolded > 0 LIMIT 1") is not None


def unfolded(store: Store) -> int:
    """How many inquiries have arrived whose rows are still to be made."""
    row = store.one("SELECT count(*) FROM arrival INDEXED BY arrival_unfolded WHERE unfolded > 0")
    return int(row[0]) if row else 0
