"""Numbers of the world: normalised, kept as typed, taken apart, and all of it soon enough."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers.timezone import time_zones_for_number

from app.models import places
from app.models.entries import Phone
from app.models.number_plans import parsed_plainly, region_of
from app.models.phones import display, is_plausible, normalise, region_of_calling_code, split_numbers

SHARED = Path(os.environ.get("WINNOW_SHARED", Path(__file__).parents[2] / "../shared")) / "data"
GOOGLE = SHARED / "phones" / "phones_google_tests.csv"
REGIONS = [
    "US", "DE", "FR", "IT", "ES", "GB", "NL", "PL", "JP", "CN", "IN",
    "BR", "MX", "AU", "SE", "CH", "AT", "BE", "KR", "ZA", "RU", "CA",
]  # fmt: skip


def examples(count: int) -> list[tuple[str, str]]:
    """Numbers of `REGIONS` in turn, in national and international form."""
    made = []
    for at in range(count):
        region = REGIONS[at % len(REGIONS)]
        example = phonenumbers.example_number_for_type(region, at % 2)
        assert example is not None
        number = phonenumbers.PhoneNumber(
            country_code=example.country_code,
            national_number=example.national_number // 10_000 * 10_000 + at % 10_000,
            italian_leading_zero=example.italian_leading_zero,
        )
        form = phonenumbers.PhoneNumberFormat.NATIONAL if at % 3 else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        made.append((phonenumbers.format_number(number, form), region))
    return made


@pytest.mark.skipif(not GOOGLE.exists(), reason="the shared numbers are not here")
def test_every_number_of_libphonenumber_comes_out_as_there() -> None:
    with GOOGLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["agree"] == "yes"]
    assert len(rows) > 100
    wrong = []
    for row in rows:
        valid = row["valid_under_released_metadata"] == "True"
        expected = row["expected_e164_or_invalid"].partition(";")[0] if valid else ""
        found = normalise(row["raw"], row["region"])
        if (found.e164, found.raw) != (expected, row["raw"]):
            wrong.append((row["raw"], row["region"], expected, found.e164))
    assert wrong == []


@given(st.text(), st.sampled_from([*REGIONS, "", "ZZ", "??"]))
@settings(max_examples=300)
def test_any_text_becomes_a_phone_that_keeps_what_was_typed(text: str, region: str) -> None:
    phone = normalise(text, region)
    assert phone.raw == text
    assert normalise(phone.e164, "").e164 == phone.e164


@given(st.text(alphabet="0123456789+-() ./;ext=#,tel:\n", max_size=60), st.sampled_from(REGIONS))
@settings(max_examples=500)
def test_an_e164_number_normalises_to_itself(text: str, region: str) -> None:
    phone = normalise(text, region)
    if phone.e164:
        assert normalise(phone.e164, "") == Phone(
            raw=phone.e164, e164=phone.e164, region=phone.region, state=phone.state, zones=phone.zones
        )


def test_zones_are_those_of_phonenumbers() -> None:
    for raw, region in examples(2_000):
        phone = normalise(raw, region)
        zones = tuple(z for z in time_zones_for_number(phonenumbers.parse(raw, region)) if z != "Etc/Unknown")
        if phone.e164:
            assert phone.zones == places.with_split_zones(phone.e164, zones) or places.is_nowhere(phone.e164)


CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
KINDS = range(11)


def as_the_library_says(number: phonenumbers.PhoneNumber) -> tuple[str, str] | None:
    found = phonenumbers.region_code_for_number(number)
    if found is None or not phonenumbers.is_valid_number_for_region(number, found):
        return None
    return found, phonenumbers.is_number_geographical(number)


@given(st.sampled_from(CODES), st.integers(0, 10**13), st.booleans())
@settings(max_examples=2_000)
def test_a_number_is_valid_where_the_library_says_so(code: int, national: int, zero: bool) -> None:
    number = phonenumbers.PhoneNumber(country_code=code, national_number=national, italian_leading_zero=zero or None)
    digits = phonenumbers.national_significant_number(number)
    expected = as_the_library_says(number)
    assert region_of(code, digits) == expected


def test_numbers_of_every_region_and_kind_and_their_neighbours_are_valid_where_the_library_says_so() -> None:
    draw, tried, valid = random.Random("numbers"), 0, 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            for _ in range(4 if example else 0):
                digits = list(phonenumbers.national_significant_number(example))
                digits[draw.randrange(len(digits))] = draw.choice("0123456789")
                digits = digits[: draw.choice((None, None, None, -1))]  # type: ignore[misc]
                try:
                    number = phonenumbers.parse(f"+{example.country_code}{''.join(digits)}")
                except phonenumbers.NumberParseException:
                    continue
                expected = as_the_library_says(number)
                found = normalise(f"+{example.country_code}{''.join(digits)}", "")
                tried, valid = tried + 1, valid + bool(expected)
                e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                assert found.e164 == (e164 if expected else ""), number
                assert found.region == (expected[0].replace("001", "") if expected else ""), number
                if expected and not places.is_nowhere(e164):
                    zones = tuple(zone for zone in time_zones_for_number(number) if zone != "Etc/Unknown")
                    assert found.zones == places.with_split_zones(e164, zones), number
    assert tried > 5_000 and 0.3 < valid / tried < 0.95


def typed(number: phonenumbers.PhoneNumber, home: str, draw: random.Random) -> str:
    """A number in one of the ways in which people write it, right or wrong."""
    national, form = phonenumbers.national_significant_number(number), phonenumbers.PhoneNumberFormat
    ways = [
        phonenumbers.format_number(number, draw.choice((form.NATIONAL, form.INTERNATIONAL, form.E164))),
        phonenumbers.format_out_of_country_calling_number(number, home),
        f"+{number.country_code} (0){national}",
        f"00{number.country_code}{national}",
        f"{number.country_code} {national}",
        f"{draw.choice('01')}-{national}",
        "".join(draw.choice("0123456789 -()./") for _ in range(draw.randrange(5, 20))),
    ]
    return draw.choice(ways)


def test_what_is_plain_is_read_as_the_library_reads_it() -> None:
    draw, plain, tried = random.Random("plain"), 0, 0
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    for region in regions:
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            for _ in range(6 if example else 0):
                number = phonenumbers.PhoneNumber()
                number.merge_from(example)
                number.national_number = int(
                    f"{example.national_number // 1000}{draw.randrange(10 ** draw.choice((3, 3, 4)))}"
                )
                home = draw.choice((region, region, draw.choice(regions)))
                text = typed(number, home, draw)
                found = parsed_plainly(text, home)
                tried, plain = tried + 1, plain + (found is not None)
                if found is not None:
                    read = phonenumbers.parse(text, home)
                    assert found == (read.country_code, phonenumbers.national_significant_number(read)), (text, home)
    assert plain / tried > 0.6


@given(st.from_regex(r"[+(]?\(?[0-9][0-9 ()./-]{4,20}", fullmatch=True), st.sampled_from([*REGIONS, "", "ZZ"]))
@settings(max_examples=1_000)
def test_any_plain_text_is_read_as_the_library_reads_it(text: str, region: str) -> None:
    found = parsed_plainly(text, region)
    if found is not None:
        read = phonenumbers.parse(text, region or None)
        assert found == (read.country_code, phonenumbers.national_significant_number(read))


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("030 23125 118", "DE", "+493023125118"),
        ("0039 030 5550142", "DE", "+390305550142"),
        ("tel:+49-30-23125118", "US", "+493023125118"),
        ("p:+12025550101", "DE", "+12025550101"),
        ('="030 23125118"', "DE", "+493023125118"),
        ("\u202a+49 30 23125118\u202c", "US", "+493023125118"),
        ("493023125118.0", "DE", "+493023125118"),
        ("+1 202 555 0101 ext. 12", "DE", "+12025550101"),
        ("+44 (0)20 7946 0123", "US", "+442079460123"),
        ("030/23125118/9", "DE", "+493023125118"),
        ("030/23125118", "DE", "+493023125118"),
        ("+1 555-0100", "US", ""),
        ("555-0101", "US", ""),
        ("not-a-phone", "US", ""),
        ("12 34", "PL", ""),
        ("22 555 01 2", "PL", ""),
        ("9" * 300, "US", ""),
        ("030 23125118", "", ""),
    ],
)
def test_what_people_type_becomes_e164_or_stays(raw: str, region: str, e164: str) -> None:
    assert (normalise(raw, region).e164, normalise(raw, region).raw) == (e164, raw)


def test_a_number_says_where_it_rings() -> None:
    assert normalise("+493023125118", "") == Phone(
        raw="+493023125118", e164="+493023125118", region="DE", zones=("Europe/Berlin",)
    )
    florida = normalise("(305) 555-0123", "US")
    assert (florida.region, florida.state, florida.zones) == ("US", "FL", ("America/New_York",))


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("030 23125118 / 0171 5550100", ["030 23125118", "0171 5550100"]),
        (
            "+49 30 23125118; +49 30 23125119, +49 30 23125120",
            ["+49 30 23125118", "+49 30 23125119", "+49 30 23125120"],
        ),
        ("030/23125118", ["030/23125118"]),
        ("030 23125118 oder 0171 5550100", ["030 23125118", "0171 5550100"]),
        ("+1-418-656-9254;ext=102", ["+1-418-656-9254;ext=102"]),
        ("202 555 0101\n202 555 0102", ["202 555 0101", "202 555 0102"]),
        ("5550100", ["5550100"]),
        ("", []),
        (" / ", []),
    ],
)
def test_one_cell_may_hold_several_numbers(cell: str, numbers: list[str]) -> None:
    assert [number for number in split_numbers(cell) if number.strip(" /")] == numbers


@given(st.text(max_size=200))
def test_taking_a_cell_apart_loses_no_digit(text: str) -> None:
    digits = [c for c in text if c.isdigit()]
    numbers = split_numbers(text)
    assert len(numbers) == 10 or [c for number in numbers for c in number if c.isdigit()] == digits


def test_a_number_is_shown_in_international_format() -> None:
    assert display("+442079460123") == "+44 20 7946 0123"
    assert display("12 34") == "12 34"


def test_what_nobody_could_make_a_number_of_is_not_plausible() -> None:
    assert [is_plausible(raw) for raw in ("22 555 01 2", "5550100", "+1 555-0100 ext 2")] == [True] * 3
    assert [is_plausible(raw) for raw in ("12 34", "not-a-phone", "BusinessPhone", "call 1 after 2", "1" * 30)] == [
        False
    ] * 5


@pytest.mark.parametrize(
    ("text", "region"), [("+49", "DE"), ("0044", "GB"), ("01144", "GB"), ("1", "US"), ("x", ""), ("999", "")]
)
def test_a_calling_code_names_its_main_country(text: str, region: str) -> None:
    assert region_of_calling_code(text) == region


def test_nearly_all_of_twenty_thousand_made_numbers_of_mixed_regions_are_valid() -> None:
    numbers = list(dict.fromkeys(examples(20_000)))
    valid = sum(1 for raw, region in numbers if normalise(raw, region).e164)
    assert valid > 0.9 * len(numbers)


def test_the_geocoder_with_its_hundred_megabytes_is_never_loaded() -> None:
    code = "import sys, app.models.phones; sys.exit('phonenumbers.geocoder' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
