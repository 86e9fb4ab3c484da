"""The floor of a rebuild: every entry read and decoded, and the same rows written, without a fold between.

Tables, indexes and full text are the store's own, in a new file under the same key; rows come as the store has them.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

from app.models.entries import KINDS, Person
from app.services.store.connection import FILE, connect
from benchmarks import stores
from benchmarks.figure import answer, given

TABLES = (
    "inquiry", "attempt", "phone", "email", "joined", "suppression", "imported_row", "source", "source_cost",
    "publication", "search",
)  # fmt: skip
MANY = 2000


def main() -> None:
    """Decodes, writes, indexes."""
    folder = Path(given()["folder"])
    source = connect(folder / FILE, stores.KEY)
    target = connect(folder / "floor.db", stores.KEY, create=True)
    made = dict(source.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    indexes = source.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name <> 'ledger'"
    )
    began, used = time.perf_counter(), time.process_time()
    entries = _decode(source)
    target.execute("BEGIN")
    for name in TABLES:
        target.execute(made[name])
        _copy(source, target, name)
    for (sql,) in indexes.fetchall():
        if any(f" ON {name} " in sql for name in TABLES):
            target.execute(sql)
    for name in ("search_words", "search_grams"):
        target.execute(made[name])
        target.execute(f"INSERT INTO {name}({name}) VALUES('rebuild')")
    target.execute("COMMIT")
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    target.close()
    source.close()
    answer(seconds=seconds, cpu=cpu, entries=entries)


def _decode(source: Any) -> int:
    decoders = {kind: msgspec.json.Decoder(struct) for kind, struct in KINDS.items()}
    person = msgspec.json.Decoder(Person)
    count = 0
    rows = source.execute("SELECT kind, body, person FROM ledger ORDER BY subject, seq")
    while some := rows.fetchmany(MANY):
        for kind, body, who in some:
            decoders[kind].decode(body)
            if who:
                person.decode(who)
        count += len(some)
    return count


def _copy(source: Any, target: Any, name: str) -> None:
    rows = source.execute(f"SELECT * FROM {name}")
    insert = f"INSERT INTO {name} VALUES({','.join('?' * len(rows.description))})"
    while some := rows.fetchmany(MANY):
        target.executemany(insert, some)


if __name__ == "__main__":
    main()
