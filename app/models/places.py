"""Where somebody is: country, state and time zones, from what they wrote and from the number that they gave.

The tables come with Winnow as constant data, like those of `tzdata` and `babel`; they are read on first use and then
kept. `babel` and `phonenumbers` are asked only when a table does not answer, because both are slow to load.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from app import shipped

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh")
UNKNOWN_ZONE = "Etc/Unknown"  # what phonenumbers answers for a number of no place

_NOT_WORDS = re.compile(r"[\W_]+")
_PREFIX = re.compile(r"\(?(?:\+|00)\s*(\d{1,3})\)?")


def region_of_number(e164: str) -> str:
    """The state, province or community ("FL", "QC", "MD" of Spain) to which a number's area code belongs, else "".

    "" too for codes of several of them (867, 782, 902, Spain's 952) and of no place (toll-free, personal, mobile).
    Source: resources/places/nanp.toml and prefixes.toml.
    """
    area = _area_code(e164)
    if area:
        return _area_codes().get(area, ("", ""))[1]
    by_prefix = _prefixes().get(e164[:3], {})
    return by_prefix.get(e164[3:6]) or by_prefix.get(e164[3:5], "")


def is_nowhere(e164: str) -> bool:
    """Whether a +1 number is toll-free, personal or the like, and so says nothing about where it rings."""
    area = _area_code(e164)
    return bool(area) and area in _nowhere()


def with_split_zones(e164: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    """The zones found for a number, and the others of its area code where that lies in more than one.

    Within such a code the zone is guessed from the exchange, which moves with its owner.
    """
    return tuple(dict.fromkeys((*zones, *_split_zones().get(_area_code(e164), ()))))


def zones_of_number(e164: str) -> tuple[str, ...]:
    """Every time zone in which a number may ring, by its prefix; empty where nothing is known.

    Toll-free +1 numbers give a dozen zones that span the whole plan rather than all of its forty.
    """
    if is_nowhere(e164):
        return zones_of_plan()
    from phonenumbers import NumberParseException, parse, timezone  # loads slowly

    try:
        found = timezone.time_zones_for_number(parse(e164))
    except NumberParseException:
        return ()
    return with_split_zones(e164, tuple(zone for zone in found if zone != UNKNOWN_ZONE))


def zones_of_plan() -> tuple[str, ...]:
    """The zones that together bound every place with a +1 number: what they all allow, all forty allow."""
    return tuple(_document("countries")["world"]["+1"])


def zones_of_country(country: str) -> tuple[str, ...]:
    """The time zones in which people of a country live, the most usual first; empty for an unknown country."""
    country = country.upper()
    own = _document("countries")["zones"].get(country)
    return tuple(own) if own else _zones_by_cldr().get(country, ())


def zones_of_state(country: str, state: str) -> tuple[str, ...]:
    """The time zones of a state or province, given by its code; empty where it is not known."""
    known = _document("states").get(country.upper(), {}).get(state.upper())
    return tuple(known["zones"]) if known else ()


def law_country(country: str, state: str = "") -> tuple[str, str]:
    """Whose rules reach a place: ("PR", "") gives ("US", "PR"), other countries themselves."""
    country = country.upper()
    for whole, parts in _document("countries")["territories"].items():
        if country in parts:
            return whole, country
    return country, state.upper()


def country_of(text: str) -> str:
    """The ISO 3166 code of a country written as people write it, or "" when it is not recognised.

    A name that a country shares with a state (Georgia) is the country.
    Takes two- and three-letter codes, calling codes ("+49"), usual other names, and names in `LANGUAGES`.
    """
    text = text.strip()
    prefix = _PREFIX.fullmatch(text)
    if prefix:
        return _country_of_prefix(int(prefix[1]))
    plain = _plain(text)
    if not plain:
        return ""
    return _also().get(plain) or _of_code(text) or _names().get(plain, "")


def state_of(country: str, text: str) -> str:
    """The code of a state or province of a country, from its name or code ("Florida", "fl", "US-FL"), else ""."""
    country = country.upper()
    plain = _plain(text)
    known = _states(country)
    return known.get(plain) or known.get(plain.removeprefix(country.lower()), "")


def state_name(country: str, state: str) -> str:
    """The English name of a state, or its code where no name is known."""
    known = _document("states").get(country.upper(), {}).get(state.upper())
    return str(known["name"]) if known else state


@cache
def _document(name: str) -> dict[str, Any]:
    return shipped.document("places", name)


def _area_code(e164: str) -> str:
    return e164[2:5] if len(e164) == 12 and e164.startswith("+1") else ""


@cache
def _area_codes() -> dict[str, tuple[str, str]]:
    """Area code -> country and state. A code that several provinces share is under none of them in the file."""
    document = _document("nanp")
    return {
        code: (country, state)
        for country in ("US", "CA")
        for state, codes in document[country].items()
        for code in codes.split()
    }


@cache
def _prefixes() -> dict[str, dict[str, str]]:
    """Calling code of two digits, with its plus -> the two or three digits behind it -> part of the country."""
    return {
        code: {prefix: part for part, prefixes in parts.items() for prefix in prefixes.split()}
        for code, parts in _document("prefixes").items()
    }


@cache
def _split_zones() -> dict[str, tuple[str, ...]]:
    return {code: tuple(zones.split()) for zones, codes in _document("nanp")["split"].items() for code in codes.split()}


@cache
def _nowhere() -> frozenset[str]:
    return frozenset(_document("nanp")["nowhere"]["codes"].split())


@cache
def _zones_by_cldr() -> dict[str, tuple[str, ...]]:
    from babel.core import get_global  # loads slowly

    found: dict[str, list[str]] = {}
    for zone, country in get_global("zone_territories").items():
        found.setdefault(country, []).append(zone)
    return {country: tuple(sorted(zones)) for country, zones in found.items()}


def _plain(text: str) -> str:
    """Without accents, case, blanks and signs, so that `États-Unis` and `etats unis` are one."""
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l").replace("Ł", "L"))
    return _NOT_WORDS.sub("", "".join(sign for sign in text if not unicodedata.combining(sign))).casefold()


@cache
def _also() -> dict[str, str]:
    return {_plain(name): country for country, names in _document("countries")["also"].items() for name in names}


def _of_code(text: str) -> str:
    """An ISO code of two or three letters; a former country's code ("DD") only where one country succeeded it."""
    code = text.upper()
    if len(code) not in (2, 3) or not code.isascii() or not code.isalpha():
        return ""
    from babel.core import get_global  # loads slowly

    heirs = get_global("territory_aliases").get(code)
    if heirs is not None:
        return str(heirs[0]) if len(heirs) == 1 else ""
    return code if len(code) == 2 and code in _countries() else ""


@cache
def _countries() -> frozenset[str]:
    """Every code that the CLDR names, without groups of countries, made-up codes and the like."""
    from babel import Locale

    groups = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    return frozenset(str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))) - groups


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    known = _countries()
    return {
        _plain(name): code
        for language in reversed(LANGUAGES)  # where two languages disagree about a name, the earlier one wins
        for code, name in Locale(language).territories.items()
        if code in known
    }


def _country_of_prefix(calling_code: int) -> str:
    from phonenumbers import region_code_for_country_code  # loads slowly

    region = region_code_for_country_code(calling_code)
    return region if len(region) == 2 and region != "ZZ" else ""


@cache
def _states(country: str) -> dict[str, str]:
    table = _document("states").get(country, {})
    found = {_plain(name): code for code, known in table.items() for name in (known["name"], *known.get("also", ()))}
    return found | {code.casefold(): code for code in table}
