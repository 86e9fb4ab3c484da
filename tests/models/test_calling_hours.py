from __future__ import annotations

import csv
import os
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import paths
from app.models.calling_class import CallingClass
from app.models.calling_hours import CallingHours, calling_class, explain, parse_hours
from app.models.calling_rules import Audience, RuleBook, Status
from app.models.places import state_of, zones_of_state
from app.services.rulebook import load_rules

MINUTE = 60_000
HOUR = 60 * MINUTE
SHARED = Path(os.environ.get("WINNOW_SHARED", Path(__file__).parents[2] / "../shared"))
FILES = sorted((paths.resources() / "calling_rules").glob("*.toml"))


def ms(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def document(*rules: dict[str, object], country: str = "IT", name: str = "Italy") -> dict[str, object]:
    usual = {"audience": "both", "valid_from": "not known", "source": "Law 1", "confidence": "read"}
    return {"country": country, "name": name, "rule": [usual | rule for rule in rules]}


def hours_of(*documents: dict[str, object], **setting: object) -> CallingHours:
    return CallingHours(RuleBook.from_documents(documents), **setting)  # type: ignore[arg-type]


@pytest.fixture
def hours() -> CallingHours:
    return CallingHours(load_rules(), home_zone="Europe/Berlin")


# --- against a slow, obvious model -----------------------------------------------------------------------------------

FRENCH = document(
    {"weekdays": "10:00-13:00 14:00-20:00", "saturday": "closed", "sunday": "closed", "holidays": "closed"},
    country="FR",
)
NIGHTLY = document({"hours": "00:00-02:30 23:00-24:00"}, country="IT")
DATED = document(
    {"hours": "06:00-12:00", "valid_until": "2027-03-14"},
    {"hours": "12:00-22:00", "valid_from": "2027-03-15"},
    country="ES",
)
FEDERAL = document({"hours": "08:00-21:00"}, {"region": "FL", "hours": "08:00-20:00"}, country="US")
BOOK = RuleBook.from_documents([FRENCH, NIGHTLY, DATED, FEDERAL])
FRENCH_HOLIDAYS = {(12, 25), (1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11)}
MOVING = {(2027, 3, 29), (2027, 5, 6), (2027, 5, 17)}  # Easter Monday, Ascension, Whit Monday


def minute_allows(region: str, zone: str, at: int) -> bool:
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone))
    hour = local.hour + local.minute / 60
    if region == "FR":
        free = (local.month, local.day) in FRENCH_HOLIDAYS or (local.year, local.month, local.day) in MOVING
        return local.weekday() < 5 and not free and (10 <= hour < 13 or 14 <= hour < 20)
    if region == "IT":
        return hour < 2.5 or hour >= 23
    if region == "ES":
        return 6 <= hour < 12 if local.strftime("%Y%m%d") <= "20270314" else 12 <= hour < 22
    return 8 <= hour < (20 if region == "US-FL" else 21)


def allows(members: CallingClass, at: int) -> bool:
    return all(minute_allows(region, zone, at) for zone in members.zones for region in members.regions)


CLASSES = st.builds(
    lambda zones, region: CallingClass(tuple(sorted(zones)), (region,)),
    st.sets(
        st.sampled_from(
            ["Europe/Paris", "America/New_York", "America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["FR", "IT", "ES", "US-FL", "US", "KE"]),
)
# Around the changes of clocks of both halves of the world, a dated rule, and holidays.
DAYS = st.sampled_from(["2026-10-31", "2026-12-23", "2027-03-12", "2027-03-26", "2027-04-02", "2027-07-13"])


@settings(max_examples=150)
@given(CLASSES, DAYS, st.integers(0, 4 * 1440))
def test_an_opening_is_constant_until_it_flips(members, day, minutes):
    now = ms(day) + minutes * MINUTE
    opening = CallingHours(BOOK).opening(members.key, now)
    assert opening.open == allows(members, now)
    if opening.until - now <= 5 * 24 * HOUR:
        assert all(allows(members, at) == opening.open for at in range(now, opening.until, MINUTE))
        assert allows(members, opening.until) != opening.open
    else:
        assert all(allows(members, at) == opening.open for at in range(now, now + 5 * 24 * HOUR, MINUTE))


@given(CLASSES, DAYS, st.lists(st.integers(0, 3 * 1440), min_size=2, max_size=6))
def test_an_answer_that_is_remembered_is_the_answer_given_anew(members, day, minutes):
    remembering = CallingHours(BOOK)
    for minute in minutes:
        now = ms(day) + minute * MINUTE
        assert remembering.opening(members.key, now).open == CallingHours(BOOK).opening(members.key, now).open


@pytest.mark.parametrize("region", ["IT", "US", "US-FL", "FR", "ES"])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "2027-03-14"),
        ("America/New_York", "2026-11-01"),
        ("America/Chicago", "2027-03-14"),
        ("Europe/Paris", "2027-03-28"),
        ("Europe/Paris", "2026-10-25"),
        ("Australia/Lord_Howe", "2027-04-03"),  # clocks change by half an hour
        ("Pacific/Apia", "2011-12-29"),  # a day that was left out
    ],
)
def test_a_day_on_which_clocks_change_is_right_to_the_minute(region, zone, day):
    members = CallingClass((zone,), (region,))
    for now in range(ms(day), ms(day) + 36 * HOUR, 30 * MINUTE):
        opening = CallingHours(BOOK).opening(members.key, now)
        assert opening.open == allows(members, now)
        last = min(opening.until, now + 48 * HOUR)
        assert all(allows(members, at) == opening.open for at in range(now, last, 15 * MINUTE))
        assert opening.until > now + 48 * HOUR or allows(members, opening.until) != opening.open


# --- rules of the world ----------------------------------------------------------------------------------------------


def opening_of(hours: CallingHours, country: str, state: str, zone: str, local: str):
    return hours.opening(calling_class(country, state, "", [zone]), ms(local, zone))


@pytest.mark.parametrize(
    ("country", "state", "zone", "local", "expected"),
    [
        ("FR", "", "Europe/Paris", "2026-11-23T09:59", False),
        ("FR", "", "Europe/Paris", "2026-11-23T10:00", True),
        ("FR", "", "Europe/Paris", "2026-11-23T13:30", False),
        ("FR", "", "Europe/Paris", "2026-11-23T19:59", True),
        ("FR", "", "Europe/Paris", "2026-11-21T12:00", False),
        ("FR", "", "Europe/Paris", "2026-11-11T12:00", False),
        ("IT", "", "Europe/Rome", "2026-11-22T20:30", True),  # a Sunday: Italy's code is no law
        ("US", "FL", "America/New_York", "2026-11-22T20:30", False),
        ("US", "CA", "America/Los_Angeles", "2026-11-22T20:30", True),
        ("US", "AL", "America/Chicago", "2026-11-22T12:00", False),
        ("US", "UT", "America/Denver", "2026-07-24T12:00", False),  # Pioneer Day
        ("US", "NM", "America/Denver", "2026-11-23T08:30", False),
        ("US", "PA", "America/New_York", "2026-10-17T20:30", True),
        ("US", "PA", "America/New_York", "2026-10-19T20:30", False),
        ("US", "PA", "America/New_York", "2026-10-18T12:00", False),
        ("US", "MS", "America/Chicago", "2026-07-14T08:30", False),  # 07:30 by Central Standard Time
        ("US", "MS", "America/Chicago", "2026-12-14T08:30", True),
        ("CA", "ON", "America/Toronto", "2026-11-23T21:15", True),
        ("CA", "ON", "America/Toronto", "2026-11-22T18:15", False),
        ("AU", "", "Australia/Sydney", "2026-11-21T16:59", True),
        ("AU", "", "Australia/Sydney", "2026-11-22T12:00", False),
        ("AU", "", "Australia/Sydney", "2027-01-26T12:00", False),
        ("NO", "", "Europe/Oslo", "2026-11-21T12:00", False),
        ("NO", "", "Europe/Oslo", "2027-05-17T12:00", False),
        ("ZA", "", "Africa/Johannesburg", "2026-11-21T12:59", True),
        ("ZA", "", "Africa/Johannesburg", "2026-11-21T13:00", False),
        ("NL", "", "Europe/Amsterdam", "2026-12-24T18:31", False),
        ("NL", "", "Europe/Amsterdam", "2026-12-23T18:31", True),
        ("NL", "", "Europe/Amsterdam", "2026-12-23T21:30", False),  # what binds towards businesses was not found
        ("GB", "", "Europe/London", "2026-11-22T12:00", True),
        ("KE", "", "Africa/Nairobi", "2026-11-22T07:59", False),
        ("KE", "", "Africa/Nairobi", "2026-11-22T08:00", True),
    ],
)
def test_a_place_is_open_by_its_own_rules(hours, country, state, zone, local, expected):
    assert opening_of(hours, country, state, zone, local).open is expected


@pytest.mark.parametrize(
    ("country", "zone", "local"),
    [
        ("GB", "Europe/London", "2026-11-22T12:00"),
        ("DE", "Europe/Berlin", "2026-11-22T12:00"),
        ("CH", "Europe/Zurich", "2026-11-23T20:45"),
        ("IT", "Europe/Rome", "2026-12-24T19:30"),  # the day before a holiday is a Saturday
        ("NZ", "Pacific/Auckland", "2026-11-22T12:00"),
        ("BR", "America/Sao_Paulo", "2026-11-21T17:00"),
    ],
)
def test_a_trades_own_code_counts_only_when_the_home_says_so(hours, country, zone, local):
    strict = CallingHours(load_rules(), industry_codes=True)
    assert opening_of(hours, country, "", zone, local).open
    assert not opening_of(strict, country, "", zone, local).open


def test_who_is_known_to_be_a_business_is_free_of_consumers_hours(hours):
    now = ms("2026-11-21T12:00", "Europe/Paris")
    anybody = calling_class("FR", "", "", ["Europe/Paris"])
    business = calling_class("FR", "", "", ["Europe/Paris"], Audience.BUSINESS)
    assert business == "Europe/Paris|FR|business"
    assert not hours.opening(anybody, now).open
    assert hours.opening(business, now).open
    assert "no binding hours found" in hours.opening(business, now).rule


def test_what_was_not_read_is_marked(hours):
    italy = opening_of(hours, "IT", "", "Europe/Rome", "2026-11-23T12:00")
    assert (italy.rule, italy.checked) == ("Italy: default hours, law not checked", False)
    iowa = opening_of(hours, "US", "IA", "America/Chicago", "2026-11-23T12:00")
    assert "Iowa: law not checked" in iowa.rule
    assert not iowa.checked
    britain = opening_of(hours, "GB", "", "Europe/London", "2026-11-23T12:00")
    assert (britain.rule, britain.checked) == ("United Kingdom: default hours, no binding hours found", True)
    assert "TPS" in britain.warning


def test_the_rule_that_decides_is_named_with_its_source(hours):
    opening = opening_of(hours, "US", "AL", "America/Chicago", "2026-11-23T07:00")
    assert opening.source == "Alabama Admin. Code r. 770-X-5-.17(2)"
    assert opening.rule == opening.source


def test_the_states_of_area_code_and_address_must_both_allow(hours):
    key = calling_class("US", "FL", "CA", ["America/New_York"])
    assert key == "America/Los_Angeles,America/New_York|US-CA,US-FL"
    assert not hours.opening(key, ms("2026-11-23T09:00", "America/New_York")).open
    assert hours.opening(key, ms("2026-11-23T08:00", "America/Los_Angeles")).open
    assert not hours.opening(key, ms("2026-11-23T20:00", "America/New_York")).open


def test_an_address_settles_where_a_number_of_no_place_rings():
    everywhere = ["Australia/Perth", "Australia/Sydney", "Australia/Adelaide"]
    assert calling_class("AU", "", "QLD", everywhere) == "Australia/Brisbane|AU-QLD"
    assert (
        calling_class("US", "", "TX", [f"America/Nowhere{n}" for n in range(42)])
        == "America/Chicago,America/Denver|US-TX"
    )
    assert calling_class("US", "FL", "FL", ["America/New_York"]) == "America/New_York|US-FL"


def test_a_province_behind_the_wrong_country_keeps_its_own_rules():
    assert calling_class("US", "QC", "NY", ["America/Toronto"]) == "America/New_York,America/Toronto|CA-QC,US-NY"
    assert calling_class("PR", "", "", ["America/Puerto_Rico"]) == "America/Puerto_Rico|US-PR"


def test_a_free_call_number_may_be_called_only_when_the_whole_plan_may(hours):
    import phonenumbers
    from phonenumbers import timezone

    zones = timezone.time_zones_for_number(phonenumbers.parse("+18005550123"))
    key = calling_class("US", "", "", zones)
    start = ms("2026-11-23T00:00")
    for minute in range(0, 3 * 1440, 15):
        at = start + minute * MINUTE
        everywhere = all(8 <= datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).hour < 21 for zone in zones)
        assert hours.opening(key, at).open == everywhere


def test_without_any_zone_the_home_clock_is_used_and_said(hours):
    key = calling_class("", "", "", ["Etc/Unknown"])
    opening = hours.opening(key, ms("2026-11-23T07:30", "Europe/Berlin"))
    assert (key, opening.open, opening.time_known) == ("|", False, False)
    assert "their time unknown" in opening.rule
    assert explain(opening, opening.until - HOUR).text == "opens 08:00 your time (theirs is not known), in 1 h"


def test_an_unknown_zone_of_a_known_country_is_every_zone_of_it():
    assert calling_class("PT", "", "", ["Etc/Unknown"]) == "Atlantic/Azores,Europe/Lisbon|PT"
    assert calling_class("US", "FL", "", []) == "America/Chicago,America/New_York|US-FL"
    assert zones_of_state("US", "FL") == ("America/New_York", "America/Chicago")


@given(CLASSES, st.sampled_from(list(Audience)))
def test_a_class_is_read_back_from_its_key(members, audience):
    members = CallingClass(members.zones, members.regions, audience)
    assert CallingClass.parse(members.key) == members


def test_the_strictest_limit_of_attempts_is_given(hours):
    now = ms("2026-11-23T12:00")
    assert hours.attempt_cap("Europe/Paris|FR", now) == (4, 30)
    assert hours.attempt_cap("America/New_York|US-FL", now) == (3, 1)
    assert hours.attempt_cap("America/Los_Angeles|US-OR", ms("2025-11-23T12:00")) is None
    assert hours.attempt_cap("Europe/Berlin|DE", now) is None
    assert CallingHours(load_rules(), industry_codes=True).attempt_cap("Europe/Berlin|DE", now) == (3, 1)
    assert CallingHours(load_rules(), (0, 1440)).attempt_cap("Europe/Paris|FR", now) == (4, 30)


# --- the home's own setting ------------------------------------------------------------------------------------------


def test_hours_set_for_the_home_replace_every_rule():
    hours = CallingHours(load_rules(), parse_hours("06:00-23:00"))
    sunday = opening_of(hours, "FR", "", "Europe/Paris", "2026-11-22T06:00")
    assert (sunday.open, sunday.until) == (True, ms("2026-11-22T23:00", "Europe/Paris"))
    assert sunday.rule == "hours set for this home"


def test_hours_to_midnight_never_close(hours):
    always = CallingHours(load_rules(), parse_hours("00:00-24:00"))
    now = ms("2026-11-22T23:59")
    opening = always.opening("Europe/Paris,America/New_York|FR", now)
    assert opening.open
    assert opening.until > now + 14 * 24 * HOUR


@pytest.mark.parametrize(
    "text", ["", "8", "20:00-08:00", "08:00-08:00", "08:00-24:01", "8-20", "08:60-09:00", "always"]
)
def test_hours_that_are_none_are_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="are no calling hours"):
        parse_hours(text)


def test_hours_are_read_as_people_write_them():
    assert parse_hours("08:00-20:00") == (480, 1200)
    assert parse_hours(" 8:00–24:00 ") == (480, 1440)
    assert parse_hours("Rules") is None


def test_places_that_are_never_open_together_stay_closed(hours):
    far = hours_of(document({"hours": "09:00-10:00"}))
    opening = far.opening("America/New_York,Asia/Tokyo|IT", ms("2026-11-23T12:00"))
    assert not opening.open


# --- what is said about it -------------------------------------------------------------------------------------------


def test_a_block_is_explained_in_their_time(hours):
    now = ms("2026-11-23T04:50", "America/New_York")
    said = explain(hours.opening("America/New_York|US-FL", now), now)
    assert said.text == "opens 08:00 their time, in 3 h 10 m"
    assert (said.clock, said.weekday, said.duration) == ("08:00", None, "3 h 10 m")


def test_another_day_is_named(hours):
    now = ms("2026-11-21T12:00", "Europe/Paris")
    opening = hours.opening("Europe/Paris|FR", now)
    said = explain(opening, now)
    assert opening.why == "saturday"
    assert (said.weekday, said.text) == (0, "opens Monday 10:00 their time, in 1 d 22 h")


@pytest.mark.parametrize(
    ("local", "why"),
    [
        ("2026-11-23T13:15", "break"),
        ("2026-11-23T07:00", "hours"),
        ("2026-12-25T12:00", "holiday"),
        ("2026-11-22T12:00", "sunday"),
    ],
)
def test_the_reason_of_a_closed_hour_is_told(hours, local, why):
    assert opening_of(hours, "FR", "", "Europe/Paris", local).why == why


def in_spain(*states: str) -> str:
    return "|".join(("Europe/Madrid", ",".join(f"ES-{state}" for state in states) or "ES"))


# 11 September 2026, a Friday, is the day of Catalonia; 19 March is kept in five parts, 12 October in all.
@pytest.mark.parametrize(
    ("states", "day", "where", "open_"),
    [
        ((), "2026-09-11", "Catalonia", False),
        (("CT",), "2026-09-11", "Catalonia", False),
        (("MD",), "2026-09-11", "", True),
        (("CT", "MD"), "2026-09-11", "Catalonia", False),  # the area code says one, the address the other
        (("ILE DE NADA",), "2026-09-11", "Catalonia", False),  # a word that names no part
        ((), "2026-03-19", "part of Spain", False),
        (("MD",), "2026-03-20", "", True),
        ((), "2026-10-12", "Spain", False),
        (("MD",), "2026-10-12", "Spain", False),
    ],
)
def test_where_a_part_is_not_known_a_holiday_of_any_part_closes(hours, states, day, where, open_):
    opening = hours.opening(in_spain(*states), ms(f"{day}T12:00", "Europe/Madrid"))
    assert (opening.open, opening.holiday, opening.why) == (open_, where, "" if open_ else "holiday")


def test_the_address_tells_the_part_and_the_canaries_keep_their_clock(hours):
    key = calling_class("ES", "", state_of("ES", "Tenerife"), ["Europe/Madrid"])
    assert key == "Atlantic/Canary,Europe/Madrid|ES-CN"
    assert hours.opening(key, ms("2026-09-11T12:00", "Europe/Madrid")).open
    assert not hours.opening(key, ms("2026-09-11T20:30", "Atlantic/Canary")).open, "in Madrid it is half past nine"


def test_a_holiday_is_named_in_the_sentence(hours):
    now = ms("2026-09-11T12:00", "Europe/Madrid")
    said = explain(hours.opening(in_spain(), now), now)
    assert said.text == "holiday in Catalonia, opens Monday 09:00 their time, in 2 d 21 h"


@pytest.mark.parametrize("country", ["CA", "US", "AU", "IT"])
def test_where_no_parts_are_named_the_national_days_close_alone(country):
    assert not load_rules().rules(country)[0].parts


def test_parts_count_for_rules_of_the_whole_country_that_close_on_holidays():
    closed = {"hours": "09:00-18:00", "holidays": "closed"}
    book = RuleBook.from_documents([
        document(closed, closed | {"region": "25"}, closed | {"holidays_of": "country"}, {"hours": "09:00-18:00"})
        | {"parts": "MI RM+Rome_Capital"}
    ])  # fmt: skip
    assert [rule.parts for rule in book.rules("IT")] == [("MI", "RM"), (), ()]
    assert book.rules("IT", "25")[0].parts == ()
    assert book.with_holidays_of_their_own("IT") == {"25": ("25",), "MI": ("MI",), "RM": ("RM", "Rome Capital")}


def test_a_close_at_midnight_is_said_as_the_end_of_the_day():
    late = hours_of(document({"hours": "10:00-24:00"}))
    now = ms("2026-11-23T22:00", "Europe/Rome")
    assert explain(late.opening("Europe/Rome|IT", now), now).text == "open until 24:00 their time, for 2 h"


# --- the data --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_names_its_source_and_since_when_it_counts(path):
    parsed = tomllib.loads(path.read_text("utf-8"))
    assert parsed["country"] == path.stem
    for rule in parsed["rule"]:
        assert rule["source"]
        assert rule["valid_from"]
        assert rule["confidence"] in ("read", "secondary", "unverified")
        assert rule.get("read") or rule["confidence"] == "unverified"
    RuleBook.from_documents([parsed])


@cache
def shared_rows() -> list[dict[str, str]]:
    path = SHARED / "data/calling-rules/rules.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected_days(row: dict[str, str]) -> list[object]:
    days: list[object] = []
    for day in ("weekday", "sat", "sun"):
        start, end = row[f"{day}_from"], row[f"{day}_to"]
        if start in ("no rule", "not found"):
            days.append(None)
        elif start == "closed":
            days.append(())
        else:
            text = f"{start}-{end}"
            if day == "weekday" and row["break_window"]:
                text = f"{start}-{row['break_window'][:5]} {row['break_window'][6:]}-{end}"
            days.append(tuple(tuple(int(t[:2]) * 60 + int(t[3:]) for t in part.split("-")) for part in text.split()))
    return days


def test_every_row_of_the_collected_facts_is_in_the_rules():
    rows = shared_rows()
    if not rows:
        pytest.skip("the collected facts are not here")
    book = load_rules()
    audiences = {"b2b": "business", "b2c": "consumer", "both": "both"}
    used = set()
    for row in rows:
        region = row["region"][:2] if row["country"] == "US" and row["region"] != "federal" else ""
        is_code = row["region"] not in ("", "federal") and not region
        found = [
            rule
            for rule in book.rules(row["country"], region)
            if rule.audience == audiences[row["applies_to"]]
            and bool(rule.code) == is_code
            and [rule.weekdays, rule.saturday, rule.sunday] == expected_days(row)
            and rule.holidays_closed == (row["holidays"] == "forbidden")
            and str(rule.attempts or "not found") == row["max_attempts"]
            and str(rule.attempt_days or "not found") == row["attempts_period_days"]
            and rule.confidence == row["confidence"]
        ]
        assert len(found) == 1, row
        status = row["weekday_from"] if row["weekday_from"] in ("no rule", "not found") else Status.HOURS
        assert found[0].status == status
        used.add(id(found[0]))
    assert len(used) == len(rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "09:00-25:00"},
        {"hours": "12:00-11:00"},
        {"hours": "09:00-12:00 11:00-13:00"},
        {"hours": ""},
        {"hours": "closed", "attempts": 3},
        {"hours": "closed", "layer": "code"},
        {"hours": "closed", "holiday": "closed"},
        {"weekdays": "closed"},
        {"hours": "closed", "audience": "everybody"},
    ],
)
def test_a_rule_that_breaks_the_format_is_refused_by_country_and_number(wrong):
    with pytest.raises(ValueError, match="calling rules of IT, rule 1"):
        RuleBook.from_documents([document(wrong)])
