"""Periods: which days they have, what lies before them, and what one that still runs is compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.periods import ALL, Period, Span, after, before, bounds, compared, containing, own, today

DAYS = st.dates(date(1999, 1, 1), date(2060, 12, 31))
WHOLE = st.sampled_from([Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR])


def ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.WEEK, date(2026, 11, 16), date(2026, 11, 22)),
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Span.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Span.DAYS, date(2026, 11, 22), date(2026, 11, 22)),
    ],
)
def test_a_sunday_lies_in_the_week_month_quarter_and_year_that_a_calendar_shows(span: Span, first: date, last: date):
    assert containing(span, date(2026, 11, 22)) == Period(span, first, last)


@given(WHOLE, DAYS)
def test_periods_of_a_kind_follow_each_other_without_a_gap(span: Span, day: date):
    shown = containing(span, day)
    assert shown.first is not None and shown.last is not None and shown.first <= day <= shown.last
    assert after(before(shown)) == before(after(shown)) == shown
    assert bounds(before(shown), "Europe/Berlin")[1] == bounds(shown, "Europe/Berlin")[0]


@given(DAYS, DAYS)
def test_days_of_ones_own_go_back_by_their_own_length(one: date, other: date):
    shown = own(one, other)
    earlier = before(shown)
    assert earlier.first is not None and earlier.last is not None and shown.first is not None
    assert earlier.last < shown.first and bounds(earlier, "UTC")[1] == bounds(shown, "UTC")[0]
    assert after(earlier) == shown


def test_a_day_begins_at_midnight_of_the_home_and_has_an_hour_more_when_the_clocks_go_back():
    since, until = bounds(own(date(2026, 10, 25), date(2026, 10, 25)), "Europe/Berlin")
    assert since == ms(2026, 10, 24, 22) and until == ms(2026, 10, 25, 23)
    assert today(ms(2026, 10, 24, 22, 30), "Europe/Berlin") == date(2026, 10, 25)


def test_what_still_runs_is_compared_with_as_much_of_the_period_before():
    month = containing(Span.MONTH, date(2026, 11, 10))
    assert compared(month, "UTC", ms(2026, 11, 10)) == (ms(2026, 10, 1), ms(2026, 10, 10))
    assert compared(month, "UTC", ms(2026, 12, 24)) == (ms(2026, 10, 1), ms(2026, 11, 1))
    march = containing(Span.MONTH, date(2026, 3, 31))
    assert compared(march, "UTC", ms(2026, 3, 31)) == (ms(2026, 2, 1), ms(2026, 3, 1))


def test_all_time_and_what_is_still_to_come_are_compared_with_nothing():
    assert compared(ALL, "UTC", ms(2026, 1, 1)) is None and bounds(ALL, "UTC") == (None, None)
    assert compared(containing(Span.MONTH, date(2026, 12, 1)), "UTC", ms(2026, 11, 1)) is None
    assert before(ALL) == after(ALL) == ALL


def test_half_a_period_and_one_that_ends_before_it_begins_are_none():
    for first, last in ((date(2026, 1, 2), date(2026, 1, 1)), (date(2026, 1, 2), None), (None, None)):
        with pytest.raises(ValueError):
            Period(Span.DAYS, first, last)
