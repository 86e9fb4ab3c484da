"""Keyed hashes of e-mails and numbers: what stays after an erasure, and blocks a return.

They protect against outsiders who get the file, not against members who hold the key. Every key of the ring is tried
at a check; new hashes use the newest key.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from app.models.emails import is_role_address
from app.models.folding import fold_text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        return _hash(*self._keys[-1], what)

    def hashes(self, what: str) -> list[str]:
        """The keyed hashes of a text under every key, for a check."""
        return [_hash(key_id, key, what) for key_id, key in self._keys]


def _hash(key_id: str, key: bytes, what: str) -> str:
    return f"{key_id}:{hmac.digest(key, what.encode(), 'sha256')[:LENGTH].hex()}"


def texts_that_return(inquiry: Inquiry) -> list[str]:
    """What identifies somebody who comes back: each e-mail, each number with the surname."""
    surname = fold_text(inquiry.last_name or inquiry.first_name)
    found = [f"e:{address.casefold()}" for address in inquiry.emails if not is_role_address(address)]
    return found + [f"n:{phone.e164}:{surname}" for phone in inquiry.phones if phone.e164]


def texts_that_object(inquiry: Inquiry) -> list[str]:
    """What an objection blocks: besides those who return, the bare numbers and every e-mail."""
    found = [f"e:{address.casefold()}" for address in inquiry.emails]
    found += [f"p:{phone.e164 or phone.raw}" for phone in inquiry.phones]
    return list(dict.fromkeys(found + texts_that_return(inquiry)))
