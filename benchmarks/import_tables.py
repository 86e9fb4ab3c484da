"""The floor of an import: the list read, and the rows that the store has to hold written by the driver alone.

What an import left in its store is taken from there, and written once more into a copy of the store as it was before:
entries, inquiries, numbers, e-mails and full text, with every index, encrypted, in transactions as large as an
import's. Who is known is found by a temporary table that is joined, if wanted. Nothing is hashed, encoded or decided,
and what is in the store already is not read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from app.services.store.connection import BULK_CACHE_KIB, BULK_CHECKPOINT_PAGES, FILE, connect
from benchmarks import stores
from benchmarks.figure import answer, given
from benchmarks.import_floor import _rows

Batch = list[tuple[str, list[tuple[Any, ...]]]]
KEYS = {"phone": "number", "email": "address", "imported_row": "key"}
TEXTS = {
    "search": "INSERT INTO search VALUES(?, ?, ?)",
    "search_words": "INSERT INTO search_words(rowid, words) VALUES(?, ?)",
    "search_grams": "INSERT INTO search_grams(rowid, words, digits) VALUES(?, ?, ?)",
}
NEW = "CREATE TEMP TABLE new(id TEXT, number TEXT, address TEXT)"
KNOWN = (
    "CREATE TEMP TABLE known AS SELECT new.id, phone.inquiry FROM new JOIN phone ON phone.number = new.number UNION "
    "SELECT new.id, email.inquiry FROM new JOIN email ON email.address = new.address"
)
TOGETHER = 10_000


def main() -> None:
    """Reads `list`, joins it if wanted, and writes into `file`, a copy of `before`, what `folder` has more."""
    what = given()
    source = connect(Path(what["folder"]) / FILE, stores.KEY)
    source.execute(f"ATTACH ? AS before KEY \"x'{stores.KEY.hex()}'\"", (what["before"],))
    target = connect(Path(what["file"]), stores.KEY)
    for setting, value in (("cache_size", -BULK_CACHE_KIB), ("wal_autocheckpoint", BULK_CHECKPOINT_PAGES)):
        target.execute(f"PRAGMA {setting}={value}")
    target.execute("PRAGMA synchronous=NORMAL")
    seconds, cpu, count = 0.0, 0.0, 0
    batches, reading = _batches(source), _rows(what["list"])
    if what["join"]:
        target.execute(NEW)
    joined = False
    while True:
        batch = next(batches, None)
        began, used = time.perf_counter(), time.process_time()
        rows = list(islice(reading, TOGETHER))
        if what["join"]:
            target.executemany("INSERT INTO new VALUES(?, ?, ?)", [(row[0], row[4], row[5]) for row in rows])
        if what["join"] and not rows and not joined:
            target.execute(KNOWN)
            joined = True
        if batch is not None:
            target.execute("BEGIN IMMEDIATE")
            for sql, values in batch:
                target.executemany(sql, values)
            target.execute("COMMIT")
        seconds, cpu = seconds + time.perf_counter() - began, cpu + time.process_time() - used
        count += len(rows)
        if batch is None and not rows:
            break
    target.close()
    source.close()
    answer(seconds=seconds, cpu=cpu, rows=count)


def _batches(source: Any) -> Iterator[Batch]:
    """What is to be written, in the order in which the import wrote it."""
    found = source.execute("SELECT coalesce(max(seq), 0) FROM before.ledger").fetchone()
    cursors = {
        name: source.execute(f"SELECT * FROM {name} WHERE {by} > ? ORDER BY {by}", found)
        for name, by in (("ledger", "seq"), ("inquiry", "num"), ("search", "num"))
    }
    for name, key in KEYS.items():
        there = f"SELECT 1 FROM before.{name} b WHERE b.{key} = m.{key} AND b.inquiry = m.inquiry"
        cursors[name] = source.execute(f"SELECT * FROM main.{name} m WHERE NOT EXISTS ({there}) ORDER BY m.inquiry")
    changed = source.execute(
        "SELECT b.*, m.* FROM (SELECT min(seq) AS seq, subject FROM main.ledger WHERE seq > ? GROUP BY subject) e "
        "JOIN before.inquiry b ON b.id = e.subject JOIN main.inquiry m ON m.id = b.id ORDER BY e.seq",
        found,
    )
    names = [column[0] for column in changed.description]
    while True:
        batch: Batch = []
        for name, cursor in cursors.items():
            rows = cursor.fetchmany(TOGETHER)
            if rows and name == "search":
                texts = ((TEXTS["search"], rows), (TEXTS["search_words"], [row[:2] for row in rows]))
                batch += [*texts, (TEXTS["search_grams"], rows)]
            elif rows:
                batch.append((f"INSERT INTO {name} VALUES({','.join('?' * len(rows[0]))})", rows))
        batch += _updates(names[: len(names) // 2], changed.fetchmany(TOGETHER // 2))
        if not batch:
            return
        yield batch


def _updates(names: list[str], both: list[tuple[Any, ...]]) -> Batch:
    """Only the columns that differ, as an import does."""
    alike: dict[str, list[tuple[Any, ...]]] = {}
    for row in both:
        old, new = row[: len(names)], row[len(names) :]
        differ = [at for at in range(len(names)) if old[at] != new[at]]
        if differ:
            sql = f"UPDATE inquiry SET {', '.join(f'{names[at]} = ?' for at in differ)} WHERE id = ?"
            alike.setdefault(sql, []).append((*[new[at] for at in differ], new[names.index("id")]))
    return list(alike.items())


if __name__ == "__main__":
    main()
