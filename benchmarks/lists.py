"""Lists as they are exported: numbers in four notations, some of them wrong; half of the people known if wanted."""

from __future__ import annotations

import csv
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers

from benchmarks import stores
from benchmarks.people import Somebody, captured_at, somebody

HEAD = (
    "First name", "Last name", "Company", "Phone", "E-mail", "Job title", "City", "Country", "Date", "Message",
    "Campaign", "Zip",
)  # fmt: skip
EUROPE = frozenset({"DE", "GB", "FR", "IT", "ES", "PL", "SE"})  # where 00 goes abroad


def written(rows: int, known_of: int = 0) -> Path:
    """A CSV of so many rows; `known_of`: half of them are people of a store of that size, else nobody is known."""
    path = stores.CACHE / f"list-{rows}-{known_of}-{stores.MADE}.csv"
    if not path.exists():
        stores.CACHE.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        with part.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEAD)
            writer.writerows(_row(index, known_of, rows) for index in range(rows))
        part.rename(path)
    return path


def _row(index: int, known_of: int, rows: int) -> list[str]:
    of = known_of or 1_000_000
    known = known_of and index % 2
    # Everywhere in the store, as lists from elsewhere meet it; a prime step meets nobody twice.
    number = (index // 2 * 15_485_863 % known_of) if known else 2_000_000 + index
    who = somebody(number, of)
    person, draw = who.person, random.Random(index)
    asked = datetime.fromtimestamp(captured_at(of - rows + index, of) / 1000, UTC)
    return [
        person.first_name or "", person.last_name or "", person.company or "", _typed(who, draw),
        " ".join(person.emails or ()), person.title or "", person.city or "", who.country, f"{asked:%Y-%m-%d %H:%M}",
        'Said "call me, after lunch"' if index % 9 == 0 else "Interested in a quote", "spring",
        f"{10_000 + index % 89_999}",
    ]  # fmt: skip


def _typed(who: Somebody, draw: random.Random) -> str:
    e164, chance = (who.person.phones or ())[0].e164, draw.random()
    if chance < 0.05:
        return "n/a" if chance < 0.01 else e164[-4:]
    if chance < 0.3:
        return e164
    if chance < 0.5 and who.country in EUROPE:
        return e164.replace("+", "00")
    national = chance < 0.75
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(phonenumbers.parse(e164), form.NATIONAL if national else form.INTERNATIONAL)
