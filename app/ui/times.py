"""Times as people read them: how long, what o'clock, which day. All times come in as milliseconds UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QCoreApplication

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAYS_AFTER = 72 * HOUR  # from here on a wait is told in days


def lasted(milliseconds: int) -> str:
    """A wait: `26 h 10 m`, `48 m`, from three days on `5 d 3 h`."""
    if milliseconds >= DAYS_AFTER:
        return f"{milliseconds // DAY} d {milliseconds % DAY // HOUR} h"
    hours, minutes = milliseconds // HOUR, milliseconds % HOUR // MINUTE
    return f"{hours} h {minutes:02d} m" if hours else f"{minutes} m"


def clock(at: int, zone: str = "") -> str:
    """What o'clock it is in an IANA zone, or here without one: `15:02`; empty where the zone is not known."""
    return _clock(at // MINUTE, zone)


@lru_cache(maxsize=4096)
def _clock(minute: int, zone: str) -> str:
    moment = datetime.fromtimestamp(minute * 60, UTC)
    if not zone:
        return moment.astimezone().strftime("%H:%M")
    try:
        return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        return ""


def timer(milliseconds: int) -> str:
    """A running call: `03:41`, after an hour `1:03:41`."""
    seconds = max(0, milliseconds) // 1000
    hours, rest = divmod(seconds, 3600)
    shown = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{shown}" if hours else shown


def day(at: int, now: int) -> str:
    """Which day, seen from now: `today`, `yesterday`, `12 November`, in another year `12 November 2025`."""
    then, today = datetime.fromtimestamp(at / 1000).astimezone(), datetime.fromtimestamp(now / 1000).astimezone()
    apart = (today.date() - then.date()).days
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if apart in near:
        return QCoreApplication.translate("times", near[apart])
    shown = f"{then.day} {then:%B}"
    return shown if then.year == today.year else f"{shown} {then.year}"
