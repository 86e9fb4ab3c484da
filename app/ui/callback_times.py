"""When to call back: the usual times by digit, and times as people type them. All on the clock of whom is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QCoreApplication

from app.models.calling_hours import CallingHours

MORNING, AFTERNOON = (9, 30), (15, 0)
SOON = timedelta(hours=1)
DAYS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
_IN = re.compile(r"(?:in\s+)?(\d+(?:[.,]\d+)?)\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")
_DATE = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?)\.?")


def _tr(text: str) -> str:
    return QCoreApplication.translate("calls", text)


def clock_of(zone: str) -> ZoneInfo | None:
    """The zone's clock; None, which stands for this computer's, where it is not known."""
    try:
        return ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def local(at: int, zone: str) -> datetime:
    """A moment (ms) by the clock of a zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(clock_of(zone))


def moment(then: datetime) -> int:
    """The moment (ms) of a local time; a time that a change of clocks leaves out comes after the gap."""
    return round(then.timestamp() * 1000)


def choices(now: int, zone: str) -> list[tuple[int, str]]:
    """The usual times with their words, earliest first, all to come."""
    here = local(now, zone)
    found = [(moment(_rounded(here + SOON)), _tr("In an hour"))]
    afternoon = _at(here, AFTERNOON)
    if moment(afternoon) > now + 75 * 60_000:
        found.append((moment(afternoon), _tr("This afternoon")))
    tomorrow = here + timedelta(days=1)
    found.append((moment(_at(tomorrow, MORNING)), _tr("Tomorrow morning")))
    found.append((moment(_at(tomorrow, AFTERNOON)), _tr("Tomorrow afternoon")))
    monday = here + timedelta(days=7 - here.weekday())
    if monday.date() != tomorrow.date():
        found.append((moment(_at(monday, MORNING)), _tr("Next Monday")))
    found.append((moment(_at(here + timedelta(days=7), MORNING)), _tr("In a week")))
    return found


def _rounded(then: datetime) -> datetime:
    """To the next five minutes, as people say it."""
    spare = -then.minute % 5
    return then.replace(second=0, microsecond=0) + timedelta(minutes=spare)


def _at(day: datetime, clock: tuple[int, int]) -> datetime:
    return day.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0, fold=0)


def read(text: str, now: int, zone: str) -> int | None:
    """The moment (ms) that somebody typed; None when it is no time to come.

    `14:30`, `2pm`, `tomorrow 9`, `fri 10:15`, `24.12. 9:00`, `2030-01-31 14:00`, `in 20 min`, `3 days`.
    """
    words = " ".join(text.lower().split())
    here = local(now, zone)
    apart = _IN.fullmatch(words)
    if apart:
        return _later(here, float(apart[1].replace(",", ".")), apart[2][0])
    day, rest = _day(words, here)
    if day is None:
        return None
    clock = _clock(rest) if rest else MORNING
    if clock is None:
        return None
    at = moment(_at(day, clock))
    if at <= now and rest == words:  # a time alone that is over today is meant for tomorrow
        at = moment(_at(day + timedelta(days=1), clock))
    return at if at > now else None


def _later(here: datetime, count: float, unit: str) -> int | None:
    span = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[unit]
    if not 0 < count < 10_000:
        return None
    if unit in "dw":
        return moment(_at(here + span * count, MORNING))
    return moment((here.astimezone(UTC) + span * count).replace(second=0, microsecond=0))


def _day(words: str, here: datetime) -> tuple[datetime | None, str]:
    """The day that the words begin with, and what is left of them."""
    first, _, rest = words.partition(" ")
    rest = rest.removeprefix("at ").strip()
    if first in {"today", "tomorrow"}:
        return here + timedelta(days=first == "tomorrow"), rest
    if first.isalpha() and first[:2] in DAYS:
        ahead = (DAYS[first[:2]] - here.weekday()) % 7 or 7
        return here + timedelta(days=ahead), rest
    date = _DATE.fullmatch(first)
    if date is None or (not rest and re.fullmatch(r"\d{1,2}\.\d{2}", first)):  # 14.30 is a time
        return here, words
    year, month, day = (date[1], date[2], date[3]) if date[1] else (date[6], date[5], date[4])
    try:
        found = here.replace(year=int(year or here.year), month=int(month), day=int(day))
    except ValueError:
        return None, ""
    if not year and found.date() < here.date():
        found = found.replace(year=found.year + 1)
    return found, rest


def _clock(words: str) -> tuple[int, int] | None:
    match = _CLOCK.fullmatch(words)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def words(at: int, now: int, zone: str) -> str:
    """A moment on their clock: `15:30`, `tomorrow 09:30`, `Monday 09:30`, `24 December 09:30`."""
    then, here = local(at, zone), local(now, zone)
    apart = (then.date() - here.date()).days
    clock = f"{then:%H:%M}"
    if apart == 0:
        return clock
    if apart == 1:
        return _tr("tomorrow %s") % clock
    return f"{then:%A} {clock}" if apart < 7 else f"{then.day} {then:%B} {clock}"


def outside(hours: CallingHours, calling_class: str, at: int) -> tuple[str, int] | None:
    """Why they may not be called at a moment, and when it opens after it; None where they may."""
    if not calling_class:
        return None
    opening = hours.opening(calling_class, at)
    return None if opening.open else (hours.explain(opening, at).text, opening.until)
