from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from app.models import public_holidays
from app.models.public_holidays import is_holiday, of_year
from app.services.rulebook import load_rules
from tools.public_holidays import NATIONAL_YEARS, YEARS, days, regions

REGIONS = regions()


@pytest.mark.filterwarnings("ignore:Requested Holidays")  # the package knows no year 2000 of India
@pytest.mark.parametrize("country", load_rules().countries())
def test_the_shipped_days_are_those_of_the_package(country):
    assert public_holidays._shipped(country), "run tools/public_holidays.py"
    for region, names in {"": ("",), **REGIONS[country]}.items():
        for year in YEARS if region else NATIONAL_YEARS:
            assert of_year(country, region, year) == days(country, names, year), "run tools/public_holidays.py"


def day(year: int, month: int, number: int) -> int:
    return (date(year, month, number) - date(1970, 1, 1)).days


def test_years_countries_and_regions_that_are_not_shipped_come_from_the_package():
    assert is_holiday("FR", "", day(2080, 7, 14))
    assert is_holiday("IS", "", day(2026, 6, 17))
    assert is_holiday("CA", "QC", day(2026, 6, 24))
    assert is_holiday("DE", "BY", day(2080, 1, 6))
    assert not is_holiday("DE", "", day(2026, 1, 6))
    assert is_holiday("DE", "??", day(2026, 1, 1))
    assert of_year("../US", "", 2026) == frozenset()


def test_the_package_stays_unloaded_for_the_years_around_now():
    script = "import sys; from app.models.public_holidays import is_holiday; is_holiday('US', '', 20000)"
    subprocess.run([sys.executable, "-c", f"{script}; assert 'holidays' not in sys.modules"], check=True)


def test_a_part_has_the_days_of_its_towns_and_of_some_of_its_communities():
    assert is_holiday("DE", "BY", day(2026, 8, 8)), "Augsburg's peace"
    assert is_holiday("DE", "BY", day(2026, 8, 15)), "where most are Catholic"
    assert not is_holiday("DE", "BE", day(2026, 8, 15))
    assert not is_holiday("DE", "", day(2026, 8, 15))
