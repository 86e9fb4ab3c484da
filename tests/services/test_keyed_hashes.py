"""Keyed hashes are those of the standard, under every key."""

from __future__ import annotations

import hmac

import pytest

from app.services.seat import Seat
from app.services.store.keyed_hashes import LENGTH, KeyRing


@pytest.mark.parametrize("key", [b"short", bytes(32), bytes(range(64)), bytes(range(200))])
@pytest.mark.parametrize("text", ["", "e:zoë@werk.example", "x" * 500])
def test_a_keyed_hash_is_the_beginning_of_its_hmac(seat: Seat, key: bytes, text: str) -> None:
    with seat.store.writing():
        KeyRing.adopt(seat.store, {"9-team": key})
    ring = KeyRing(seat.store)
    expected = [
        f"{key_id}:{hmac.digest(key, text.encode(), 'sha256')[:LENGTH].hex()}" for key_id, key in ring.keys().items()
    ]
    assert ring.hashes(text) == expected and ring.hash(text) == expected[-1]
    assert expected[-1].startswith("9-team:")
