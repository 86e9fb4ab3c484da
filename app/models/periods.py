"""Periods of whole days: this week, month, quarter or year, days of one's own, and what lies before each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from app.models.entries import Millis

Bounds = tuple[Millis | None, Millis | None]  # from, to before; None: open


class Span(StrEnum):
    """How long a period is; weeks begin on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"  # of one's own
    ALL = "all"


class Period(msgspec.Struct, frozen=True):
    """From one day to another, both included; all time has neither."""

    span: Span
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """Refuses half a period, and one that ends before it begins.

        Raises:
            ValueError: that is what it is.
        """
        if (self.first is None) != (self.span is Span.ALL) or (self.last is None) != (self.span is Span.ALL):
            raise ValueError("a period has a first and a last day, all time has neither")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError("a period ends before it begins")


ALL = Period(Span.ALL)


def containing(span: Span, day: date) -> Period:
    """The week, month, quarter or year in which a day lies; of days of one's own, that day."""
    if span is Span.ALL:
        return ALL
    if span is Span.DAYS:
        return Period(span, day, day)
    if span is Span.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(span, first, first + timedelta(days=6))
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = first.month - 1 + months
    return Period(span, first, date(first.year + end // 12, end % 12 + 1, 1) - timedelta(days=1))


def own(first: date, last: date) -> Period:
    """Days of one's own, in whichever order they are named."""
    return Period(Span.DAYS, min(first, last), max(first, last))


def before(period: Period) -> Period:
    """The period of the same kind that ends where this one begins; of all time, all time."""
    if period.first is None or period.last is None:
        return period
    if period.span is Span.DAYS:
        return _days(period.first - (period.last - period.first) - timedelta(days=1), period)
    return containing(period.span, period.first - timedelta(days=1))


def after(period: Period) -> Period:
    """The period of the same kind that begins where this one ends; of all time, all time."""
    if period.first is None or period.last is None:
        return period
    following = period.last + timedelta(days=1)
    return _days(following, period) if period.span is Span.DAYS else containing(period.span, following)


def _days(first: date, like: Period) -> Period:
    assert like.first is not None and like.last is not None
    return Period(Span.DAYS, first, first + (like.last - like.first))


def bounds(period: Period, zone: str) -> Bounds:
    """The first moment of the period, and the first after it, by the wall clock of an IANA zone."""
    if period.first is None or period.last is None:
        return None, None
    return _midnight(period.first, zone), _midnight(period.last + timedelta(days=1), zone)


def compared(period: Period, zone: str, now: Millis) -> Bounds | None:
    """What a period is compared with: the one before; of one that still runs, as much of the one before as has passed.

    None: there is nothing to compare with.
    """
    since, until = bounds(period, zone)
    if since is None or until is None or now <= since:
        return None
    earlier, _ = bounds(before(period), zone)
    assert earlier is not None
    return earlier, since if now >= until else min(since, earlier + now - since)


def today(now: Millis, zone: str) -> date:
    """The day that it is in an IANA zone."""
    return datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> Millis:
    local = datetime.combine(day, time(0), ZoneInfo(zone))
    return (local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
