from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.limits import HOUR, Limit, LimitState, over_since, runs_out_at, state, waited
from app.models.public_holidays import EPOCH, is_holiday

MINUTE = 60_000


def ms(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def worked_minute_by_minute(limit: Limit, since: int, now: int) -> int:
    """The slow, obvious count: every minute is looked at on the wall clock."""
    found = 0
    for at in range(since, now, MINUTE):
        local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(limit.zone))
        day = local.date().toordinal() - EPOCH
        if local.weekday() not in limit.weekdays or (limit.holidays and is_holiday(limit.holidays, "", day)):
            continue
        found += limit.opens <= local.hour * 60 + local.minute < limit.closes
    return found * MINUTE


LIMITS = st.builds(
    Limit,
    hours=st.sampled_from([0.5, 4.0, 8.0, 24.0]),
    working=st.just(True),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"]),
    holidays=st.sampled_from(["", "DE", "US"]),
    opens=st.sampled_from([0, 540, 600]),
    closes=st.sampled_from([1020, 1440]),
    weekdays=st.sampled_from([(0, 1, 2, 3, 4), (5,), (0, 1, 2, 3, 4, 5)]),
)
# Clocks change outside these hours except where work goes on all night, so the dates below keep clear of changes.
MOMENTS = st.integers(ms("2026-11-10T00:00") // MINUTE, ms("2027-01-20T00:00") // MINUTE).map(lambda at: at * MINUTE)


@given(LIMITS, MOMENTS, st.integers(0, 9 * 1440))
def test_working_time_equals_a_count_minute_by_minute(limit, since, minutes):
    now = since + minutes * MINUTE
    assert waited(limit, since, now) == worked_minute_by_minute(limit, since, now)


@given(LIMITS, MOMENTS, st.sampled_from([0.8, 1.0]))
def test_a_limit_runs_out_at_the_first_moment_at_which_it_is_used_up(limit, since, share):
    end = runs_out_at(limit, since, share)
    due = round(limit.hours * HOUR * share)
    assert waited(limit, since, end) == due
    assert waited(limit, since, end - 1) < due


@given(LIMITS | st.builds(Limit, hours=st.sampled_from([1.0, 24.0])), MOMENTS, st.integers(0, 20 * 1440))
def test_one_comparison_tells_who_is_over_the_limit(limit, now, minutes):
    since = now - minutes * MINUTE
    assert (since <= over_since(limit, now)) == (state(limit, since, now) is LimitState.OVER)


def test_by_the_clock_a_day_is_a_day():
    limit = Limit()
    since = ms("2026-11-20T16:00")
    assert state(limit, since, since + 19 * HOUR) is LimitState.FINE
    assert state(limit, since, since + 24 * HOUR * 4 // 5) is LimitState.SOON
    assert state(limit, since, since + 24 * HOUR - 1) is LimitState.SOON
    assert state(limit, since, since + 24 * HOUR) is LimitState.OVER
    assert runs_out_at(limit, since) == since + 24 * HOUR


def test_a_weekend_does_not_use_up_working_hours():
    limit = Limit(hours=4, working=True, zone="Europe/Berlin")
    since = ms("2026-11-20T15:00", "Europe/Berlin")  # a Friday
    assert runs_out_at(limit, since) == ms("2026-11-23T11:00", "Europe/Berlin")
    assert waited(limit, since, ms("2026-11-22T12:00", "Europe/Berlin")) == 2 * HOUR


def test_a_holiday_does_not_use_up_working_hours():
    limit = Limit(hours=8, working=True, zone="Europe/Berlin", holidays="DE")
    assert runs_out_at(limit, ms("2026-12-24T16:00", "Europe/Berlin")) == ms("2026-12-28T16:00", "Europe/Berlin")


def test_a_change_of_clocks_overnight_changes_no_working_hours():
    limit = Limit(hours=10, working=True, zone="America/New_York")
    friday = ms("2027-03-12T15:00", "America/New_York")  # clocks change on the Sunday
    assert runs_out_at(limit, friday) == ms("2027-03-15T17:00", "America/New_York")


def test_a_wait_of_many_years_is_counted_at_once():
    limit = Limit(working=True, zone="Europe/Berlin")
    start = ms("2006-01-02T00:00")
    working_days = sum((date(2006, 1, 2) + timedelta(days=day)).weekday() < 5 for day in range(20 * 365))
    assert waited(limit, start, start + 20 * 365 * 24 * HOUR) == pytest.approx(working_days * 8 * HOUR, abs=8 * HOUR)


def test_a_wait_that_has_not_begun_is_no_wait():
    assert waited(Limit(), 10, 5) == 0
    assert waited(Limit(working=True), ms("2026-11-23T12:00"), ms("2026-11-23T11:00")) == 0


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"hours": 1e9}, {"working": True, "opens": 600, "closes": 600}])
def test_a_limit_that_never_runs_out_is_refused(wrong):
    with pytest.raises(ValueError):
        Limit(**wrong)
