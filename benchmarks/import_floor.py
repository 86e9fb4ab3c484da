"""A list into one plain table: csv.reader, phonenumbers, an insert; and a join that finds who is known."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers

from app.services.seat import new_id
from benchmarks import plain
from benchmarks.figure import answer, given

NEW = (
    "CREATE TEMP TABLE new(id TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, company TEXT, phone TEXT, email TEXT, "
    "title TEXT, city TEXT, country TEXT, asked TEXT, message TEXT, campaign TEXT, zip TEXT)"
)
COLUMNS = "id, first_name, last_name, company, phone, email, title, city, country, asked, message, campaign, zip"
TAKEN = "INSERT INTO taken SELECT * FROM new WHERE id NOT IN (SELECT id FROM known)"
KNOWN = (
    "CREATE TEMP TABLE known AS SELECT new.id FROM new JOIN person ON person.phone = new.phone UNION "
    "SELECT new.id FROM new JOIN person ON person.email = new.email"
)


def main() -> None:
    """Takes a list into a file of its own, or, with `join`, into one that has the people of the store."""
    what = given()
    db = plain.plain(Path(what["file"]))
    db.execute(f"CREATE TABLE taken({COLUMNS.replace('id,', 'id TEXT PRIMARY KEY,', 1)})")
    for column in ("phone", "email", "asked"):
        db.execute(f"CREATE INDEX taken_{column} ON taken({column})")
    began, used = time.perf_counter(), time.process_time()
    db.execute("BEGIN")
    insert = f"INSERT INTO {{}} VALUES({','.join('?' * 13)})"
    if what["join"]:
        db.execute(NEW)
        db.executemany(insert.format("new"), _rows(what["list"]))
        db.execute(KNOWN)
        db.execute(TAKEN)
    else:
        db.executemany(insert.format("taken"), _rows(what["list"]))
    db.execute("COMMIT")
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    taken = db.execute("SELECT count(*) FROM taken").fetchone()[0]
    db.close()
    answer(seconds=seconds, cpu=cpu, taken=taken)


def _rows(path: str) -> Iterator[tuple[Any, ...]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        for first, last, company, phone, email, title, city, country, asked, message, campaign, code in rows:
            number = _number(phone, country)
            address = email.strip().casefold()
            yield (
                new_id(), first, last, company, number, address, title, city, country, asked, message, campaign, code,
            )  # fmt: skip


def _number(text: str, country: str) -> str | None:
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


if __name__ == "__main__":
    main()
