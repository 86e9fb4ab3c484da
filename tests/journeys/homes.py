"""Homes for journeys: made-up inquiries that may be called at any hour, whenever the test runs."""

from __future__ import annotations

from pathlib import Path

from app import bootstrap
from app.bootstrap import Home
from app.models.entry import Entry
from app.services import changing_settings, demo

PASSPHRASE = "four words open it"


def made_up(path: Path, count: int, seed: int = 1) -> None:
    """A home with inquiries, closed again."""
    home, _ = bootstrap.create(path, passphrase=PASSPHRASE, use_keyring=False)
    with home:
        demo.fill(home.seat, count=count, seed=seed)
        changing_settings.change(home.seat, "calling-hours", "00:00-24:00")


def opened(path: Path) -> Home:
    """The home again."""
    return bootstrap.open_home(path, passphrase=PASSPHRASE)


def entries_since(home: Home, seq: int) -> list[Entry]:
    """What was appended behind a place of the ledger, in order."""
    rows = home.seat.store.query("SELECT id FROM ledger WHERE seq > ? ORDER BY seq", (seq,))
    found = [home.seat.ledger.entry(row[0]) for row in rows]
    return [entry for entry in found if entry is not None]


def last_seq(home: Home) -> int:
    """Where the ledger ends."""
    row = home.seat.store.one("SELECT max(seq) FROM ledger")
    return int(row[0]) if row else 0
