"""Telephone numbers: what was typed becomes E.164 with region, state and time zones, or is kept as it was typed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from phonenumbers.tzdata import TIMEZONE_DATA

from app.models import places
from app.models.entries import Phone
from app.models.folding import without_invisible
from app.models.number_plans import parsed_plainly, region_of

# Python's `re` remembers 512 patterns; the regions of the world have several thousand. Without this, numbers of mixed
# regions compile a pattern at nearly every step (ten times slower); it costs some megabytes at most. Early releases of
# phonenumbers 9 lack it: slower there, and right all the same.
getattr(phonenumbers, "enable_pattern_cache", lambda: None)()

MOST = 10  # numbers from one cell
LONGEST = 250  # characters; phonenumbers refuses longer ones too
_PREFIXED = re.compile(r"^(?:tel:|callto:|sip:|p:|phone:|=)\s*", re.IGNORECASE)  # "p:" is how Facebook exports numbers
_FLOAT = re.compile(r"^(\+?\d{6,15})\.0$")  # a number that went through a spreadsheet
_OTHER_LINE = re.compile(r"(?<=\d{5})\s*/\s*\d{1,2}$")  # 089/1234567/8: the same switchboard's next line
_SEVERAL = re.compile(
    r"(\s*[/;,|\n\r&]+\s*|\s+(?:or|oder|ou|o|of|lub|and|und|et|y|e|i|en)\s+|\s*(?:または|或|或者|、|，|；)\s*)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d")


def normalise(raw: str, region: str) -> Phone:
    """The number as E.164 with what it says about place and time; one that is not valid is kept as typed.

    Args:
        raw: as typed: with or without country code, signs, an extension, "tel:".
        region: ISO 3166-1 alpha-2 code of the country that a number without country code belongs to; "" for none.
    """
    e164, found, state, zones = _read(raw, region.upper())
    return Phone(raw=raw, e164=e164, region=found, state=state, zones=zones)


@lru_cache(maxsize=4096)  # lists repeat switchboards; small, so that memory does not grow with the file
def _read(raw: str, region: str) -> tuple[str, str, str, tuple[str, ...]]:
    text = _tidy(raw)
    parsed = parsed_plainly(text, region) or _parsed(text, region)
    if parsed is None:
        return _NOT_VALID
    code, national = parsed
    valid = region_of(code, national)
    if valid is None:
        return _NOT_VALID
    found, placed = valid
    e164 = f"+{code}{national}"
    # "001": a number of the whole world, such as +800
    return e164, found if found.isalpha() else "", places.region_of_number(e164), _zones(code, e164, placed)


_NOT_VALID = ("", "", "", ())


def _tidy(raw: str) -> str:
    text = without_invisible(raw).strip().strip("'\"")
    text = _PREFIXED.sub("", text).strip("\"' ")
    float_form = _FLOAT.match(text)
    if float_form:
        return float_form[1]
    return _OTHER_LINE.sub("", text) if "/" in text else text


def _parsed(text: str, region: str) -> tuple[int, str] | None:
    """The calling code and the number behind it; None where the library finds none."""
    if len(text) < 4 or len(text) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException:
        return None
    return number.country_code or 0, phonenumbers.national_significant_number(number)


@cache
def _zones_of_code(calling_code: int) -> tuple[str, ...] | None:
    """The zones of a calling code all of whose prefixes agree; None where the number itself decides."""
    code = str(calling_code)
    found = {zones for prefix, zones in TIMEZONE_DATA.items() if prefix.startswith(code)}
    # A shorter prefix of which this code is no part would answer for it; none of another country begins so.
    return tuple(found.pop()) if len(found) == 1 and code in TIMEZONE_DATA else None


@cache
def _zones_by_length() -> dict[int, dict[str, tuple[str, ...]]]:
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for prefix, zones in TIMEZONE_DATA.items():
        found.setdefault(len(prefix), {})[prefix] = tuple(zone for zone in zones if zone != places.UNKNOWN_ZONE)
    return dict(sorted(found.items(), reverse=True))


def _zones(code: int, e164: str, placed: bool) -> tuple[str, ...]:
    """As `time_zones_for_number`: by the longest known prefix; of a number that belongs to no place, by its code."""
    known = _zones_of_code(code)
    if known is not None:
        return known
    if places.is_nowhere(e164):
        return places.zones_of_number(e164)
    prefixes, digits = _zones_by_length(), e164[1:] if placed else str(code)
    found = (zones for length, by_prefix in prefixes.items() if (zones := by_prefix.get(digits[:length])) is not None)
    return places.with_split_zones(e164, next(found, ()))


@lru_cache(maxsize=4096)
def display(e164: str) -> str:
    """The number as people read it, in international format ("+49 30 23125118"); what is not E.164 stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


def split_numbers(cell: str) -> list[str]:
    """The numbers of one cell ("030 5550100 / 0171 5550100", "a or b"), at most `MOST`, each as it was typed.

    Pieces of fewer than six digits belong to their neighbour: area codes ("030/5550100") and extensions.
    """
    if len(cell) < 14 and "\n" not in cell:  # too short for two
        return [cell] if cell else []
    pieces = _SEVERAL.split(cell[:2000])
    if len(pieces) == 1:
        return [cell]
    numbers: list[str] = []
    for at in range(0, len(pieces), 2):
        piece = pieces[at]
        glue = pieces[at - 1] if at else ""
        if not numbers:
            numbers.append(piece)
        elif _count(numbers[-1]) < 6 or (_count(piece) < 6):
            numbers[-1] += glue + piece
        else:
            numbers.append(piece)
    return [number.strip() for number in numbers[:MOST] if number.strip()]


def _count(text: str) -> int:
    return sum(1 for _ in _DIGITS.finditer(text))


def is_plausible(raw: str) -> bool:
    """Whether a person could make a number of it: six to twenty digits and hardly any letters."""
    digits = _count(raw)
    letters = sum(1 for sign in raw if unicodedata.category(sign)[0] == "L")
    return 6 <= digits <= 20 and letters <= digits // 2


@lru_cache(maxsize=512)
def region_of_calling_code(text: str) -> str:
    """The main country of "+49", "0049" or "01149" as ISO 3166-1 alpha-2; "" where there is none."""
    digits = "".join(_DIGITS.findall(text))
    for international in ("011", "00"):
        if digits.startswith(international):
            digits = digits.removeprefix(international)
            break
    if not 1 <= len(digits) <= 3 or not digits.isascii():
        return ""
    found = phonenumbers.region_code_for_country_code(int(digits))
    return found if found.isalpha() and found != "ZZ" else ""
