"""Public holidays as numbers of days, kept for each country, region and year.

The days of countries that have rules, in the years around now, come with Winnow (resources/public_holidays, made by
tools/public_holidays.py). The `holidays` package takes about 0.1 s and 25 MB to load, so it is asked only for others.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from app import paths

EPOCH = date(1970, 1, 1).toordinal()
FOLDER = "public_holidays"
NATIONAL = "*"  # stands for no region in the files


def date_of(day: int) -> date:
    """The calendar date of a number of days since 1970-01-01."""
    return date.fromordinal(day + EPOCH)


def is_holiday(country: str, region: str, day: int) -> bool:
    """Whether a local day (days since 1970-01-01) is a public holiday in a country or its region.

    `region` is a state's code or "" for the national ones; a region that is not known has the national ones, a country
    that is not known has none.
    """
    return day in of_year(country, region, date_of(day).year)


def is_holiday_in_any(country: str, regions: tuple[str, ...], day: int) -> bool:
    """The same of several regions, of which "" stands for the country."""
    return day in _of_all(country, regions, date_of(day).year)


@cache
def _of_all(country: str, regions: tuple[str, ...], year: int) -> frozenset[int]:
    return frozenset().union(*(of_year(country, region, year) for region in regions))


@cache
def of_year(country: str, region: str, year: int) -> frozenset[int]:
    """The days since 1970-01-01 of a year's holidays, with the days on which they are kept when on a weekend."""
    known = _shipped(country).get((str(year), region or NATIONAL))
    if known is None:  # a part that is made of several then counts by its first: nobody plans so far ahead
        return by_package(country, region, year)
    return frozenset(date(year, int(day[:2]), int(day[2:])).toordinal() - EPOCH for day in known.split())


def by_package(country: str, region: str, year: int) -> frozenset[int]:
    """The same by the `holidays` package alone; with days that only some communities of a region keep."""
    import holidays  # loads slowly

    try:
        supported = holidays.country_holidays(country).supported_categories
        kinds = ("public", "catholic") if region and "catholic" in supported else ("public",)
        found = holidays.country_holidays(country, subdiv=region or None, years=year, categories=kinds)
    except NotImplementedError:  # how the package says that it does not know a country or a region
        return by_package(country, "", year) if region else frozenset()
    return frozenset(day.toordinal() - EPOCH for day in found)


@cache
def _shipped(country: str) -> dict[tuple[str, str], str]:
    """Year and region -> `MMDD MMDD …`, of a country's file."""
    file = paths.resources() / FOLDER / f"{country}.txt"
    if not country.isalpha() or not file.exists():
        return {}
    found: dict[tuple[str, str], str] = {}
    for line in file.read_text("utf-8").splitlines():
        year, _, rest = line.partition(" ")
        region, _, days = rest.partition(" ")
        found[year, region] = days
    return found
