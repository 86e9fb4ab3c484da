"""Changing settings from a screen, and keeping what a screen remembers for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import settings
from app.services.seat import Changed

if TYPE_CHECKING:
    from app.services.seat import Seat


def change(seat: Seat, key: str, value: str) -> Changed:
    """Keep a setting after its check; it holds at once.

    Raises:
        Refused: there is no such setting, or the value does not fit it.
    """
    kept = settings.checked(key, value)
    with seat.store.writing():
        settings.put(seat.store, key, kept)
    seat.settings_changed()
    return Changed(kinds=frozenset({"setting", f"setting:{key}"}), by=seat.holder)


def keep_aside(seat: Seat, key: str, text: str) -> None:
    """Keep words of a screen, such as the draft of a form; `key` has a dot, and empty words take it away."""
    assert "." in key, "settings of people have no dot"
    with seat.store.writing():
        settings.put(seat.store, key, text)


def aside(seat: Seat, key: str) -> str:
    """What `keep_aside` kept; empty when there is nothing."""
    row = seat.store.one("SELECT value FROM setting WHERE key = ?", (key,))
    return str(row[0]) if row else ""
