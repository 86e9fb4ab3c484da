"""Who shares the same calling hours: the zones and the rules that hold for somebody, as one short text key.

Inquiries keep their key, so that one question to `CallingHours` answers for all that share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from app.models import places
from app.models.calling_rules import Audience

_MANY = 20  # more zones than any country has: a number of the whole +1 plan


class CallingClass(msgspec.Struct, frozen=True):
    """Zones and rule regions; its key is such as "Europe/Rome|IT" or "America/Chicago,America/New_York|US-FL"."""

    zones: tuple[str, ...]  # sorted; empty: their time is not known
    regions: tuple[str, ...]  # "IT", "US-FL"; sorted
    audience: Audience = Audience.ANY

    @property
    def key(self) -> str:
        """The stable text of the class; `parse` is its inverse."""
        text = f"{','.join(self.zones)}|{','.join(self.regions)}"
        return text if self.audience is Audience.ANY else f"{text}|{self.audience}"

    @classmethod
    def parse(cls, key: str) -> CallingClass:
        """Reads a key.

        Raises:
            ValueError: it is none.
        """
        parts = key.split("|")
        if not 2 <= len(parts) <= 3:
            raise ValueError(f"{key!r} is no calling class")
        zones, regions = (tuple(part for part in text.split(",") if part) for text in parts[:2])
        return cls(zones, regions, Audience(parts[2]) if len(parts) == 3 else Audience.ANY)

    def places(self) -> tuple[tuple[str, str], ...]:
        """Country and region of every set of rules that must allow a call: each country, then its regions."""
        found: list[tuple[str, str]] = []
        for region in self.regions:
            country, _, state = region.partition("-")
            found += [(country, "")] + ([(country, state)] if state else [])
        return tuple(sorted(dict.fromkeys(found)))


def calling_class(
    country: str, area_state: str, address_state: str, zones: Sequence[str], audience: Audience = Audience.ANY
) -> str:
    """The key of somebody's calling class.

    `country` is an ISO code, `area_state` the state of the number's area code, `address_state` that of the address
    (codes or ""), `zones` what the number's prefix allows. An area code is not a location, so the rules of both states
    and all possible zones count. The address decides alone where the number says nothing about the place.
    """
    regions = {_region(country, state) for state in (area_state, address_state) if state}
    whole = places.law_country(country)[0]
    if whole and not any(region.startswith(whole) for region in regions):
        regions.add(_region(country, ""))
    possible = tuple(zone for zone in zones if zone and zone != places.UNKNOWN_ZONE)
    at_home = places.zones_of_state(*_place(country, address_state)) if address_state else ()
    if at_home and (not possible or (not area_state and len(possible) > 1)):
        possible = at_home
    elif at_home and area_state.upper() != address_state.upper():
        possible = (*possible, *at_home)
    elif len(possible) > _MANY:
        possible = places.zones_of_plan()
    if not possible and area_state:
        possible = places.zones_of_state(*_place(country, area_state))
    known = tuple(sorted({zone for zone in possible if zone_named(zone)}))
    if not known:
        known = tuple(sorted(places.zones_of_country(country)))
    return CallingClass(known, tuple(sorted(regions)), audience).key


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of a name, or None where the time zone database does not have it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder ("America")
        return None


def _place(country: str, state: str) -> tuple[str, str]:
    """Country and state whose rules count; a Canadian province behind "US" is Canada's, and the reverse."""
    country, state = places.law_country(country, state)
    other = {"US": "CA", "CA": "US"}.get(country)
    if other and not places.zones_of_state(country, state) and places.zones_of_state(other, state):
        return other, state
    return country, state


def _region(country: str, state: str) -> str:
    return "-".join(part for part in _place(country, state) if part)
