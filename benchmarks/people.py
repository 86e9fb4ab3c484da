"""Made-up people for large stores and lists: each number is always the same person, and no two share a telephone."""

from __future__ import annotations

import random
from typing import NamedTuple

from app.models.entries import Millis, Person, Phone
from app.models.phones import normalise

NOW: Millis = (
    1_773_154_800_000  # Tuesday, 10 March 2026, 15:00 UTC: morning in America, afternoon in Europe, night in Asia
)
DAY = 86_400_000
HOUR = 3_600_000
YEAR = 365 * DAY
CLOSED_SHARE = 0.4  # of the oldest, who cannot be called at NOW by their hours

FIRST = (
    "Anna", "Bruno", "Clara", "David", "Elena", "Farid", "Grace", "Hugo", "Irene", "Jonas", "Katrin", "Liam", "Maria",
    "Nils", "Olga", "Peter", "Quentin", "Rosa", "Stefan", "Tina", "Uwe", "Vera", "Wanda", "Xenia", "Yusuf", "Zoe",
    "Amadou", "Beatriz", "Chiara", "Dmitri", "Emre", "Fatima", "Goran", "Hanako", "Imani", "Jorge", "Kwame", "Leila",
)  # fmt: skip
LAST = (
    "Abendroth", "Brinkmann", "Castellani", "Dufresne", "Eriksson", "Fontaine", "Grimaldi", "Hollander", "Ivanova",
    "Jansen", "Kowalczyk", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov", "Quiroga", "Rossi", "Schneider",
    "Tanaka", "Ueda", "Vasquez", "Whitfield", "Ximenes", "Yamamoto", "Zimmermann",
)  # fmt: skip
TRADES = (
    "Logistics", "Dental", "Timber", "Freight", "Seiki", "Joinery", "Robotics", "Foods", "Optics", "Print", "Energy",
    "Metals", "Textile", "Pharma",
)  # fmt: skip
FORMS = ("GmbH", "Ltd", "Inc", "AG", "LLC", "SARL", "Oy", "BV", "SpA", "KK")
TITLES = ("Head of Operations", "Managing Director", "Buyer", "Plant Manager", "Chief Engineer", "")
SOURCES = ("Web form", "Trade show", "Search ads", "Referral", "E-mail", "Partner list")


class Place(NamedTuple):
    """Where numbers begin so, and how many digits follow."""

    country: str
    prefix: str
    digits: int
    city: str


AWAKE = (
    Place("DE", "+49302", 7, "Berlin"), Place("GB", "+44207", 7, "London"), Place("FR", "+331", 8, "Paris"),
    Place("IT", "+39062", 7, "Rome"), Place("ES", "+3491", 7, "Madrid"), Place("PL", "+4822", 7, "Warsaw"),
    Place("SE", "+468", 7, "Stockholm"), Place("US", "+12122", 6, "New York"), Place("US", "+13122", 6, "Chicago"),
    Place("US", "+13032", 6, "Denver"), Place("CA", "+14162", 6, "Toronto"), Place("BR", "+55112", 7, "São Paulo"),
    Place("ZA", "+27112", 6, "Johannesburg"),
)  # fmt: skip
ASLEEP = (
    Place("JP", "+8133", 7, "Tokyo"), Place("AU", "+6129", 7, "Sydney"), Place("NZ", "+6493", 6, "Auckland"),
    Place("KR", "+8227", 6, "Seoul"), Place("US", "+18085", 6, "Honolulu"), Place("SG", "+656", 7, "Singapore"),
)  # fmt: skip


class Somebody(NamedTuple):
    """One made-up person."""

    person: Person
    country: str
    state: str
    source: str


_parts: dict[Place, Phone] = {}


def _phone(place: Place, number: int) -> Phone:
    """What `phonenumbers` says of one number of a place holds for all of them: it is asked once."""
    if place not in _parts:
        _parts[place] = normalise(place.prefix + "3" * place.digits, place.country)
        assert _parts[place].e164, place
    known = _parts[place]
    e164 = f"{place.prefix}{number * 7919 % 10**place.digits:0{place.digits}d}"
    return Phone(raw=e164, e164=e164, region=known.region, state=known.state, zones=known.zones)


def somebody(number: int, of: int) -> Somebody:
    """The person of this number; the first `CLOSED_SHARE` of all are asleep at NOW, most others are not."""
    draw = random.Random(number)
    asleep = number < CLOSED_SHARE * of or draw.random() < 0.1
    places = ASLEEP if asleep else AWAKE
    place = places[number % len(places)]
    first, last = draw.choice(FIRST), draw.choice(LAST)
    company = f"{draw.choice(LAST)} {draw.choice(TRADES)} {draw.choice(FORMS)}"
    phone = _phone(place, number // len(places))
    person = Person(
        first_name=first,
        last_name=last,
        company=company,
        title=draw.choice(TITLES),
        phones=(phone,),
        emails=(f"{first}.{last}.{number}@{company.replace(' ', '-')}.example".lower(),),
        city=place.city,
        request="Asked for a price and for somebody to call back." if draw.random() < 0.5 else None,
    )
    return Somebody(person, place.country, phone.state, draw.choice(SOURCES))


def captured_at(number: int, of: int) -> Millis:
    """When this person asked: spread over a year that ended two hours before NOW, in the order of the numbers."""
    return NOW - YEAR + (YEAR - 2 * HOUR) * number // of
