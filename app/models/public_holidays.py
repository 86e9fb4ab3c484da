"""Public holidays as numbers of days, kept for each country, region and year.

The `holidays` package takes about 0.15 s to load, so it is imported only when a rule asks for a holiday.
"""

from __future__ import annotations

from datetime import date
from functools import cache

EPOCH = date(1970, 1, 1).toordinal()


def date_of(day: int) -> date:
    """The calendar date of a number of days since 1970-01-01."""
    return date.fromordinal(day + EPOCH)


def is_holiday(country: str, region: str, day: int) -> bool:
    """Whether a local day (days since 1970-01-01) is a public holiday in a country or its region.

    `region` is a state's code or "" for the national ones; a region that is not known has the national ones, a country
    that is not known has none.
    """
    return day in of_year(country, region, date_of(day).year)


@cache
def of_year(country: str, region: str, year: int) -> frozenset[int]:
    """The days since 1970-01-01 of a year's holidays, with the days on which they are kept when on a weekend."""
    import holidays  # loads slowly

    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:  # how the package says that it does not know a country or a region
        return of_year(country, "", year) if region else frozenset()
    return frozenset(day.toordinal() - EPOCH for day in found)
