"""The floors' own files: the same people in one plain table with its indexes, and in an encrypted one."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from app.services.store.connection import connect
from benchmarks import stores
from benchmarks.figure import note

COLUMNS = (
    "id", "calling_class", "since", "stage", "first_name", "last_name", "company", "title", "phone", "email", "source",
    "captured_at", "attempts",
)  # fmt: skip
TABLE = (
    "CREATE TABLE person(id TEXT PRIMARY KEY, calling_class TEXT, since INTEGER, stage TEXT, first_name TEXT, "
    "last_name TEXT, company TEXT, title TEXT, phone TEXT, email TEXT, source TEXT, captured_at INTEGER, "
    "attempts INTEGER)"
)
INDEXES = (
    "CREATE INDEX person_next ON person(calling_class, since, id) WHERE stage = 'waiting'",
    "CREATE INDEX person_list ON person(since, id) WHERE stage = 'waiting'",
    "CREATE INDEX person_phone ON person(phone)",
    "CREATE INDEX person_email ON person(email)",
)
INSERT = f"INSERT INTO person VALUES({','.join('?' * len(COLUMNS))})"
CACHE_KIB = 65_536


def plain(path: Path) -> Any:
    """A connection to an unencrypted file, by the same library."""
    db = driver.connect(str(path), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return db


def people(size: int) -> Path:
    """An unencrypted file with everybody of the store of that size."""
    return _made(size, "plain.db", plain)


def encrypted_people(size: int) -> Path:
    """The same, encrypted and as durable as the store."""
    return _made(size, "floor.db", encrypted)


def encrypted(path: Path) -> Any:
    """A connection with the store's own settings."""
    db = connect(path, stores.KEY, create=True)
    db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return db


def _made(size: int, name: str, opened: Any) -> Path:
    folder = stores.home(size)
    path = folder / name
    if not path.exists():
        began = time.perf_counter()
        part = path.with_suffix(f".{os.getpid()}")
        part.unlink(missing_ok=True)
        source, db = connect(folder / stores.FILE, stores.KEY), opened(part)
        db.execute("BEGIN")
        db.execute(TABLE)
        rows = source.execute(f"SELECT {', '.join(COLUMNS)} FROM inquiry ORDER BY num")
        while some := rows.fetchmany(5000):
            db.executemany(INSERT, some)
        for index in INDEXES:
            db.execute(index)
        db.execute("COMMIT")
        source.close()
        db.close()
        part.rename(path)
        note(f"made {name} of {size:,} in {time.perf_counter() - began:.0f} s")
    return path
