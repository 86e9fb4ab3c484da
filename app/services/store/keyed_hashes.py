"""Keyed hashes of e-mails and numbers: what stays after an erasure, and blocks a return.

They protect against outsiders who get the file, not against members who hold the key. Every key of the ring is tried
at a check; new hashes use the newest key.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.models.emails import is_role_address
from app.models.folding import fold_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.models.entries import Person
    from app.models.inquiry import Inquiry
    from app.services.store.connection import Store

RING = "hash-key:"
LENGTH = 16  # bytes of the HMAC that are kept


class KeyRing:
    """The keys of this store, newest last; a first one is made with the store."""

    def __init__(self, store: Store) -> None:
        rows = store.query("SELECT name, value FROM secret WHERE name LIKE ? ORDER BY name", (RING + "%",))
        self._keys = [(name.removeprefix(RING), bytes(value)) for name, value in rows]

    @staticmethod
    def make(store: Store) -> None:
        """Put a first key into a new store, inside `writing()`."""
        from app.models import tables

        store.run(tables.secret.insert(), {"name": f"{RING}1-{secrets.token_hex(4)}", "value": secrets.token_bytes(32)})

    @staticmethod
    def adopt(store: Store, keys: Mapping[str, bytes]) -> None:
        """Take over keys of the team, by key id; those that are here stay as they are. Inside `writing()`."""
        rows = [(RING + key_id, key) for key_id, key in sorted(keys.items())]
        store.writer.executemany("INSERT OR IGNORE INTO secret(name, value) VALUES(?, ?)", rows)

    def keys(self) -> dict[str, bytes]:
        """Every key, by key id."""
        return dict(self._keys)

    def hash(self, what: str) -> str:
        """The keyed hash of a text, under the newest key."""
        key_id, key = self._keys[-1]
        return f"{key_id}:{_hash(key, what.encode())}"

    def hashes(self, what: str) -> list[str]:
        """The keyed hashes of a text under every key, for a check; the newest last."""
        text = what.encode()
        return [f"{key_id}:{_hash(key, text)}" for key_id, key in self._keys]


BLOCK = 64  # bytes of a block of SHA-256


def _hash(key: bytes, what: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104), from two states that are made once: to begin with the key costs four times as much."""
    inner, outer = _begun(key)
    first, last = inner.copy(), outer.copy()
    first.update(what)
    last.update(first.digest())
    return str(last.hexdigest()[: 2 * LENGTH])


@lru_cache(maxsize=16)
def _begun(key: bytes) -> tuple[Any, Any]:
    filled = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    return hashlib.sha256(bytes(at ^ 0x36 for at in filled)), hashlib.sha256(bytes(at ^ 0x5C for at in filled))


def texts_that_return(who: Person | Inquiry) -> list[str]:
    """What identifies somebody who comes back: each e-mail, each number with the surname."""
    surname = fold_text(who.last_name or who.first_name or "")
    found = [f"e:{address.casefold()}" for address in who.emails or () if not is_role_address(address)]
    return found + [f"n:{phone.e164}:{surname}" for phone in who.phones or () if phone.e164]


def texts_that_object(who: Person | Inquiry) -> list[str]:
    """What an objection blocks: besides those who return, the bare numbers and every e-mail."""
    found = [f"e:{address.casefold()}" for address in who.emails or ()]
    found += [f"p:{phone.e164 or phone.raw}" for phone in who.phones or ()]
    return list(dict.fromkeys(found + texts_that_return(who)))
