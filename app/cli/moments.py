"""Times and days as people type them on a command line, by the clock of this desk."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from app.models.entries import Millis
    from app.services.seat import Seat

_IN = re.compile(r"(?:\+|in\s+)\s*(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?(\d{1,2}):(\d{2})", re.IGNORECASE)
_UNIT = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def moment(seat: Seat, text: str, option: str) -> Millis:
    """A time: 2026-11-23T14:30 (with a zone or by this desk's), 14:30, "tomorrow 9:00", +2h.

    Raises:
        BadParameter: it is none of these.
    """
    zone = ZoneInfo(seat.settings["zone"])
    now = datetime.fromtimestamp(seat.now() / 1000, zone)
    words = text.strip()
    later = _IN.fullmatch(words)
    if later:
        return _millis(now + int(later[1]) * _UNIT[later[2][0].lower()])
    clock = _CLOCK.fullmatch(words)
    try:
        if clock:
            at = datetime.combine(now.date(), time(int(clock[2]), int(clock[3])), zone)
            day_after = (clock[1] or "").lower() == "tomorrow" or (not clock[1] and at <= now)
            return _millis(at + timedelta(days=1) if day_after else at)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
            return _millis(datetime.combine(date.fromisoformat(words), time(9), zone))
        at = datetime.fromisoformat(words)
        return _millis(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        hint = "use 2030-06-30T14:30, with or without a zone, 14:30, or +2h"
        raise click.BadParameter(f"{text!r} is no time; {hint}.", param_hint=option) from error


def day(seat: Seat, text: str, option: str, *, after: bool = False) -> Millis:
    """The first moment of a day at this desk, or of the day after it; a time is taken as it is.

    Raises:
        BadParameter: it is no day.
    """
    zone = ZoneInfo(seat.settings["zone"])
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            on = date.fromisoformat(text.strip()) + timedelta(days=int(after))
            return _millis(datetime.combine(on, time(0), zone))
        at = datetime.fromisoformat(text.strip())
        return _millis(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is no day; use 2030-06-30.", param_hint=option) from error


def _millis(at: datetime) -> Millis:
    return round(at.timestamp() * 1000)
