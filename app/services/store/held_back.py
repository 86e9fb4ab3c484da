"""What somebody wrote who was revoked is out of the ledger while the hub holds it back, and in it again when let in.

Nothing of it is lost meanwhile. An erasure among it stays in the ledger: what is gone on this laptop is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.models.entries import Id, Millis
from app.models.entry import Entry
from app.services.store.folded_rows import select_in
from app.services.store.ledger import Ledger

if TYPE_CHECKING:
    from app.services.store.connection import Store

COLUMNS = (
    "id", "subject", "kind", "version", "body", "person", "salt", "digest", "hash", "actor", "device", "device_seq",
    "claim_no", "at", "wall", "seen",
)  # fmt: skip
_COLUMNS = ", ".join(COLUMNS)
_KEEP = (
    f"INSERT OR REPLACE INTO held_back ({_COLUMNS}, why, held_at) "
    f"SELECT {_COLUMNS}, ?, ? FROM ledger WHERE id = ? AND kind <> 'erased'"
)


class Held(msgspec.Struct, frozen=True):
    """An entry that does not count here, and why."""

    entry: Id
    subject: Id
    kind: str
    actor: str
    wall: Millis
    why: str


def hold_back(ledger: Ledger, whys: Mapping[Id, str], now: Millis) -> set[Id]:
    """Take entries of the ledger out of it, each with its reason; returns the inquiries that changed.

    Inside `writing()`. What was offered is known by the hub, so nothing of it is offered again.
    """
    store = ledger.store
    store.writer.executemany(_KEEP, [(why, now, entry_id) for entry_id, why in whys.items()])
    kept = {row[0] for row in select_in(store, "SELECT id FROM held_back WHERE id IN", list(whys))}
    found = [entry for entry_id in whys if entry_id in kept and (entry := ledger.entry(entry_id)) is not None]
    waiting = "DELETE FROM delivery WHERE cause = ? AND state = 'waiting'"  # the hub would never give a lease for it
    store.writer.executemany(waiting, [(entry.id,) for entry in found])
    return ledger.take_out(found)


def give_back(ledger: Ledger, ids: Sequence[Id]) -> set[Id]:
    """Entries are in the ledger again, and offered anew; returns the inquiries that changed. Inside `writing()`."""
    entries = [_entry(row) for row in select_in(ledger.store, f"SELECT {_COLUMNS} FROM held_back WHERE id IN", ids)]
    forget(ledger.store, ids)
    return ledger.append(sorted(entries, key=Entry.order))


def forget(store: Store, ids: Sequence[Id]) -> None:
    """Entries that the hub has let in are told by its feed. Inside `writing()`."""
    if store.one("SELECT 1 FROM held_back LIMIT 1"):
        store.writer.executemany("DELETE FROM held_back WHERE id = ?", [(entry_id,) for entry_id in ids])


def leave_out(store: Store, whys: Mapping[Id, str]) -> None:
    """They stay out: a team lead has said so. Inside `writing()`."""
    sql = "UPDATE held_back SET why = ?, left_out = 1 WHERE id = ?"
    store.writer.executemany(sql, [(why, entry_id) for entry_id, why in whys.items()])


def waiting(store: Store) -> list[Id]:
    """The ids of what nobody has decided about, as far as is known here."""
    return [row[0] for row in store.query("SELECT id FROM held_back WHERE left_out = 0 ORDER BY id")]


def everything(store: Store, size: int) -> list[Id]:
    """Some ids of what is held back, decided or not."""
    return [row[0] for row in store.query("SELECT id FROM held_back ORDER BY at, id LIMIT ? + 0", (size,))]


def held_about(store: Store, subjects: Sequence[Id]) -> list[Held]:
    """What is held back about some subjects, oldest first."""
    sql = "SELECT id, subject, kind, actor, wall, why FROM held_back WHERE subject IN"
    return sorted((Held(*row) for row in select_in(store, sql, subjects)), key=lambda held: (held.wall, held.entry))


def _entry(row: tuple[Any, ...]) -> Entry:
    fields = dict(zip(COLUMNS, row, strict=True))
    return Entry(**{**fields, "seen": tuple(fields["seen"].split())})
