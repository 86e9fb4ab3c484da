"""What somebody has done today, for the foot of the window."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import msgspec

from app.models.entries import Millis
from app.services.seat import Seat


class Today(msgspec.Struct, frozen=True):
    """One member's day at this desk, since midnight."""

    calls: int
    qualified: int  # sold or nurtured
    first_call_ms: Millis | None  # median wait until the first call, of those whose first call was today


def today(seat: Seat) -> Today:
    """The day so far of whoever works here; as quick as the day was long, whatever the store holds."""
    since = midnight(seat)
    calls = seat.store.one("SELECT count(*) FROM attempt WHERE called_at >= ? AND actor = ?", (since, seat.member))
    qualified = seat.store.one(
        "SELECT count(*) FROM inquiry WHERE decided_at >= ? AND decided_by = ? AND disposition IN ('sell', 'nurture')",
        (since, seat.member),
    )
    waits = seat.store.query(
        "SELECT DISTINCT i.id, i.first_called_at - i.captured_at FROM attempt a JOIN inquiry i ON i.id = a.inquiry "
        "WHERE a.called_at >= ? AND a.actor = ? AND a.called_at = i.first_called_at",
        (since, seat.member),
    )
    return Today(
        calls=calls[0] if calls else 0,
        qualified=qualified[0] if qualified else 0,
        first_call_ms=round(median(max(0, wait) for _, wait in waits)) if waits else None,
    )


def midnight(seat: Seat) -> Millis:
    """When today began at this desk."""
    now = datetime.fromtimestamp(seat.now() / 1000, ZoneInfo(seat.settings["zone"]))
    start = now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if start.date() != now.date():  # a day that begins at one o'clock
        start += timedelta(hours=1)
    return round(start.timestamp() * 1000)
