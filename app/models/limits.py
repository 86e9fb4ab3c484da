"""The longest wait: how long an inquiry has waited against its limit, by the clock or in working hours.

Times are milliseconds since epoch, UTC. Working time is counted on the wall clock of the limit's zone, week by week
rather than day by day, so that a long wait costs no more than a short one.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from app.models.open_spans import DAY, MINUTE, offset_at
from app.models.public_holidays import date_of, of_year

HOUR = 3_600_000
SOON_SHARE = 0.8  # of the limit: from here on it is at risk


class Limit(msgspec.Struct, frozen=True):
    """The longest wait that was agreed: `hours` by the clock, or of working time."""

    hours: float = 24
    working: bool = False
    zone: str = "UTC"  # whose wall clock the working hours follow
    holidays: str = ""  # country whose public holidays are no working days; "" counts every weekday
    opens: int = 9 * 60  # minutes of the day
    closes: int = 17 * 60
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)  # 0 is Monday

    def __post_init__(self) -> None:
        """Refuses a limit that can never run out.

        Raises:
            ValueError: hours are not positive, or there are no working hours.
        """
        if not 0 < self.hours < 24 * 366:
            raise ValueError("a limit is more than 0 hours and less than a year")
        if self.working and not (0 <= self.opens < self.closes <= 1440 and set(self.weekdays) & set(range(7))):
            raise ValueError("working hours need a day of the week and an end after their start")


class LimitState(StrEnum):
    """How near a wait is to its limit."""

    FINE = "fine"
    SOON = "soon"  # 80 % or more of it are used
    OVER = "over"


def waited(limit: Limit, since: int, now: int) -> int:
    """Milliseconds waited, as this limit counts them; 0 where `since` is still to come."""
    if now <= since:
        return 0
    return max(0, _worked(limit, now) - _worked(limit, since)) if limit.working else now - since


def state(limit: Limit, since: int, now: int) -> LimitState:
    """Fine, soon (80 % used) or over."""
    used = waited(limit, since, now)
    return (
        LimitState.OVER
        if used >= _due(limit, 1)
        else LimitState.SOON
        if used >= _due(limit, SOON_SHARE)
        else LimitState.FINE
    )


def runs_out_at(limit: Limit, since: int, share: float = 1) -> int:
    """The first moment at which the limit, or a share of it, is used up."""
    due = _due(limit, share)
    return _moment(limit, _worked(limit, since) + due, first=True) if limit.working else since + due


def over_since(limit: Limit, now: int, share: float = 1) -> int:
    """The latest start of a wait that has used up the limit, or a share of it, by now.

    One comparison then finds every inquiry that is over, without asking each.
    """
    due = _due(limit, share)
    return _moment(limit, _worked(limit, now) - due, first=False) if limit.working else now - due


def _due(limit: Limit, share: float) -> int:
    return round(limit.hours * HOUR * share)


def _worked(limit: Limit, at: int) -> int:
    """Working milliseconds from 1970 to a moment, less those of holidays."""
    zone = ZoneInfo(limit.zone)
    day, clock = divmod(at + offset_at(zone, at), DAY)
    length = (limit.closes - limit.opens) * MINUTE
    today = min(max(clock - limit.opens * MINUTE, 0), length) if _is_working(limit, day) else 0
    return _days_before(limit, day) * length + today


def _moment(limit: Limit, worked: int, *, first: bool) -> int:
    """The first (or last) moment at which so much has been worked since 1970."""
    length = (limit.closes - limit.opens) * MINUTE
    days, rest = divmod(worked, length)
    if first and rest == 0:
        days, rest = days - 1, length  # at the close of a day, not at the opening of the next
    day = _day_number(limit, days)
    midnight = datetime(1970, 1, 1, tzinfo=ZoneInfo(limit.zone))
    local = midnight + timedelta(days=day, milliseconds=limit.opens * MINUTE + rest)  # by the wall clock
    return (local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _day_number(limit: Limit, count: int) -> int:
    """The working day (days since 1970) before which there are `count` working days."""
    low = count * 7 // len(set(limit.weekdays)) - 14  # holidays can only make it later
    step = 64
    while _days_before(limit, low + step) <= count:
        step *= 2
    high = low + step
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _days_before(limit, middle) <= count else (low, middle - 1)
    return low


def _is_working(limit: Limit, day: int) -> bool:
    if (day + 3) % 7 not in limit.weekdays:
        return False
    return not limit.holidays or day not in of_year(limit.holidays, "", date_of(day).year)


def _days_before(limit: Limit, day: int) -> int:
    """Working days before a day, from 1970-01-01, a Thursday."""
    weeks, rest = divmod(day + 3, 7)
    found = weeks * len(set(limit.weekdays)) + sum(weekday < rest for weekday in set(limit.weekdays))
    if not limit.holidays:
        return found
    year = date_of(day).year
    lost = _lost(limit.holidays, limit.weekdays, year)
    return found - _lost_before(limit.holidays, limit.weekdays, year) - bisect_left(lost, day)


@cache
def _lost(country: str, weekdays: tuple[int, ...], year: int) -> tuple[int, ...]:
    """The days of a year that would be worked, were they no holidays."""
    return tuple(sorted(day for day in of_year(country, "", year) if (day + 3) % 7 in weekdays))


@cache
def _lost_before(country: str, weekdays: tuple[int, ...], year: int) -> int:
    """How many were lost before a year; counted from 2000, since only differences matter."""
    return sum(len(_lost(country, weekdays, earlier)) for earlier in range(2000, year))
