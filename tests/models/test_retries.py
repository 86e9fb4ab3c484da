from __future__ import annotations

import tomllib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.calling_hours import CallingHours
from app.models.calling_rules import RuleBook
from app.models.retries import Cadence, DayPart, day_part, next_try
from app.services.rulebook import load_rules

HOUR = 3_600_000
DAY = 24 * HOUR
PARIS, FLORIDA, ROME = "Europe/Paris|FR", "America/New_York|US-FL", "Europe/Rome|IT"


def ms(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.fixture(scope="module")
def hours() -> CallingHours:
    return CallingHours(load_rules(), home_zone="Europe/Berlin")


HOURS = CallingHours(load_rules(), home_zone="Europe/Berlin")
OUTCOMES = st.lists(st.sampled_from(["no-answer", "voicemail", "busy"]), min_size=1, max_size=8)
STARTS = st.integers(ms("2026-10-20T00:00", "UTC"), ms("2027-04-10T00:00", "UTC"))


@settings(max_examples=150)
@given(OUTCOMES, STARTS, st.sampled_from([PARIS, FLORIDA, ROME, "America/Chicago|US-AL", "Australia/Perth|AU"]))
def test_every_try_is_allowed_and_the_cadence_ends(outcomes, start, key):
    cadence = Cadence()
    attempts: list[int] = []
    now = start
    for outcome in outcomes:
        attempts.append(now)
        found = next_try(cadence, outcome, attempts, now, key, HOURS)
        if len(attempts) >= cadence.attempts:
            assert found is None
            return
        assert found is not None
        assert found >= now + 15 * 60_000
        assert HOURS.opening(key, found).open
        assert sum(found - DAY < at <= found for at in attempts) < cadence.per_day
        cap = HOURS.attempt_cap(key, found)
        assert cap is None or sum(found - cap[1] * DAY < at <= found for at in attempts) < cap[0]
        now = found


def test_six_attempts_without_an_answer_take_about_two_weeks(hours):
    attempts = [ms("2026-11-23T09:00", "Europe/Rome")]
    while (found := next_try(Cadence(), "no-answer", attempts, attempts[-1], ROME, hours)) is not None:
        attempts.append(found)
    assert len(attempts) == 6
    assert 12 * DAY < attempts[-1] - attempts[0] < 18 * DAY


def test_the_next_try_is_in_another_part_of_their_day(hours):
    attempts = [ms("2026-11-23T09:00", "Europe/Rome")]
    for _ in range(3):
        found = next_try(Cadence(), "no-answer", attempts, attempts[-1], ROME, hours)
        assert found is not None
        attempts.append(found)
    assert {day_part(ROME, at, hours) for at in attempts} == set(DayPart)


def test_voicemail_in_the_morning_is_tried_at_another_time_next_day(hours):
    first = ms("2026-11-23T09:00", "Europe/Rome")
    found = next_try(Cadence(), "voicemail", [first], first, ROME, hours)
    assert found == ms("2026-11-24T11:00", "Europe/Rome")


def test_a_busy_line_is_tried_again_at_once_in_the_same_part_of_the_day(hours):
    first = ms("2026-11-23T09:00", "Europe/Rome")
    assert next_try(Cadence(), "busy", [first], first, ROME, hours) == first + 15 * 60_000


def test_a_try_after_closing_waits_until_the_next_opening(hours):
    first = ms("2026-11-20T19:50", "Europe/Paris")  # a Friday; France is closed until Monday
    found = next_try(Cadence(), "busy", [first], first, PARIS, hours)
    assert found == ms("2026-11-23T10:00", "Europe/Paris")


def test_the_fifth_attempt_in_france_waits_for_the_thirty_days(hours):
    attempts = [ms(f"2026-11-{day:02}T{hour}:00", "Europe/Paris") for day, hour in ((2, 10), (3, 15), (4, 18), (5, 12))]
    found = next_try(Cadence(), "no-answer", attempts, attempts[-1], PARIS, hours)
    assert found is not None
    assert found >= attempts[0] + 30 * DAY


def test_a_fourth_attempt_in_florida_waits_for_the_day(hours):
    first = ms("2026-11-23T09:00", "America/New_York")
    attempts = [first, first + HOUR, first + 2 * HOUR]
    patient = Cadence.from_document({"attempts": 9, "per_day": 9, "delays": {"busy": "10 m"}})
    found = next_try(patient, "busy", attempts, attempts[-1], FLORIDA, hours)
    assert found == first + DAY


def test_places_that_are_never_open_together_end_with_an_answer():
    rule = {
        "audience": "both",
        "hours": "09:00-10:00",
        "valid_from": "not known",
        "source": "Law",
        "confidence": "read",
    }
    far = CallingHours(RuleBook.from_documents([{"country": "IT", "rule": [rule]}]))
    now = ms("2026-11-23T09:00", "UTC")
    assert next_try(Cadence(), "no-answer", [now], now, "America/New_York,Asia/Tokyo|IT", far) is not None


def test_an_outcome_that_is_no_try_has_no_next():
    with pytest.raises(ValueError, match="wrong-number"):
        next_try(Cadence(), "wrong-number", [0], 0, ROME, HOURS)


def test_a_cadence_is_read_over_the_default():
    document = tomllib.loads('attempts = 4\n[delays]\nbusy = "10 m"\n"no-answer" = ["2h", "1.5d"]')
    cadence = Cadence.from_document(document)
    assert (cadence.attempts, cadence.per_day) == (4, 3)
    assert cadence.delays["busy"] == (600_000,)
    assert cadence.delays["no-answer"] == (2 * HOUR, 36 * HOUR)
    assert cadence.delays["voicemail"] == Cadence().delays["voicemail"]


@pytest.mark.parametrize(
    "wrong",
    [{"attempts": 0}, {"attempts": True}, {"per_day": "3"}, {"delay": {}}, {"delays": {"reached": "1 h"}},
     {"delays": {"busy": "soon"}}, {"delays": {"busy": []}}, {"delays": {"busy": 15}}],
)  # fmt: skip
def test_a_cadence_that_makes_no_sense_is_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        Cadence.from_document(wrong)
