"""Makes resources/public_holidays from the `holidays` package: `python tools/public_holidays.py`.

Run it after an upgrade of the package; tests/models/test_public_holidays.py compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import holidays

from app import paths
from app.models import public_holidays
from app.services.rulebook import load_rules

YEARS = range(2024, 2036)  # of regions; beyond them the package is asked
NATIONAL_YEARS = range(2000, 2036)  # limits in working hours count from 2000


def regions() -> dict[str, dict[str, tuple[str, ...]]]:
    """Every country that has rules, with those of its regions and parts whose holidays close, and what these are."""
    book = load_rules()
    return {country: book.with_holidays_of_their_own(country) for country in book.countries()}


def days(country: str, names: Iterable[str], year: int) -> frozenset[int]:
    """The days on which any of the subdivisions has a holiday; those of the country alone for ("",)."""
    return frozenset().union(*(public_holidays.by_package(country, name, year) for name in names))


def lines(country: str, own: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """`year region MMDD MMDD …`, the national ones with `*`."""
    for region, names in {"": ("",), **own}.items():
        for year in YEARS if region else NATIONAL_YEARS:
            found = " ".join(f"{public_holidays.date_of(day):%m%d}" for day in sorted(days(country, names, year)))
            yield f"{year} {region or '*'} {found}".rstrip()


def main() -> None:
    """Writes every file anew."""
    folder = paths.resources() / public_holidays.FOLDER
    folder.mkdir(exist_ok=True)
    for country, own in regions().items():
        head = f"# Public holidays, by holidays {holidays.__version__} (MIT). Made by tools/public_holidays.py."
        (folder / f"{country}.txt").write_text("\n".join([head, *lines(country, own), ""]), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
