"""What a restored home has to know first: who was erased, discarded, or asked not to be called since its backup."""

from __future__ import annotations

from app.models.entry import Entry
from app.services import privacy
from app.services.seat import Seat

_DECIDED = "SELECT id FROM inquiry WHERE stage IN ('erased', 'discarded', 'objected')"


def wishes(seat: Seat) -> list[Entry]:
    """Every entry about somebody who is erased or discarded here, or who objected."""
    return [entry for row in seat.store.query(_DECIDED) for entry in seat.ledger.entries(row[0])]


def keep_wishes(seat: Seat, entries: list[Entry]) -> int:
    """Make them hold in a restored home, before anybody works in it; returns how many people it erased there."""
    with seat.store.writing():
        named = _named(seat)
        seat.ledger.append(entries)
        gone = len(named - _named(seat))
    if gone:
        privacy.wipe(seat)
    return gone


def _named(seat: Seat) -> set[str]:
    return {row[0] for row in seat.store.query("SELECT id FROM inquiry WHERE stage <> 'erased'")}
