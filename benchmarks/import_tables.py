"""What any import into the store's own tables costs: the list read as its floor reads it, and the same rows written.

Rows come from a store that has taken the list in; they are written by the driver alone, with every index and the full
text, encrypted, in transactions as large as an import's. Nobody is looked up, nothing is hashed, encoded or decided.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.services.store.connection import BULK_CACHE_KIB, BULK_CHECKPOINT_PAGES, FILE, connect
from benchmarks import stores
from benchmarks.figure import answer, given
from benchmarks.import_floor import _rows

TABLES = {
    "ledger": "seq", "inquiry": "num", "phone": "inquiry", "email": "inquiry", "imported_row": "inquiry",
    "search": "num",
}  # fmt: skip
INDEXES = {
    "search_words": "INSERT INTO search_words(rowid, words) VALUES(?, ?)",
    "search_grams": "INSERT INTO search_grams(rowid, words, digits) VALUES(?, ?, ?)",
}
TOGETHER = 5_000


def main() -> None:
    """Reads, and writes."""
    what = given()
    folder = Path(what["folder"])
    source = connect(folder / FILE, stores.KEY)
    target = _target(source, folder / "floor.db")
    seconds, cpu, count = 0.0, 0.0, 0
    batches, reading = _batches(source), _rows(what["list"])
    while True:
        batch = next(batches, None)
        began, used = time.perf_counter(), time.process_time()
        count += sum(1 for _ in zip(range(TOGETHER), reading, strict=False))
        if batch is not None:
            target.execute("BEGIN IMMEDIATE")
            for sql, rows in batch:
                target.executemany(sql, rows)
            target.execute("COMMIT")
        seconds, cpu = seconds + time.perf_counter() - began, cpu + time.process_time() - used
        if batch is None:
            break
    target.close()
    source.close()
    answer(seconds=seconds, cpu=cpu, rows=count)


def _target(source: Any, path: Path) -> Any:
    target = connect(path, stores.KEY, create=True)
    for setting, value in (("cache_size", -BULK_CACHE_KIB), ("wal_autocheckpoint", BULK_CHECKPOINT_PAGES)):
        target.execute(f"PRAGMA {setting}={value}")
    target.execute("PRAGMA synchronous=NORMAL")
    made = source.execute(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    for name, table, sql in made:
        if table in TABLES or name in INDEXES:
            target.execute(sql)
    for index in INDEXES:
        for key, value in source.execute(f"SELECT k, v FROM {index}_config WHERE k <> 'version'").fetchall():
            target.execute(f"INSERT INTO {index}({index}, rank) VALUES(?, ?)", (key, value))
    return target


def _batches(source: Any) -> Iterator[list[tuple[str, list[tuple[Any, ...]]]]]:
    cursors = {name: source.execute(f"SELECT * FROM {name} ORDER BY {by}") for name, by in TABLES.items()}
    while True:
        batch = []
        for name, cursor in cursors.items():
            rows = cursor.fetchmany(TOGETHER)
            if rows:
                batch.append((f"INSERT INTO {name} VALUES({','.join('?' * len(rows[0]))})", rows))
            if name == "search" and rows:
                batch += [(INDEXES["search_words"], [row[:2] for row in rows]), (INDEXES["search_grams"], rows)]
        if not batch:
            return
        yield batch


if __name__ == "__main__":
    main()
