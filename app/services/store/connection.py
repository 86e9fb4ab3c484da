"""Connections to the encrypted file: one that writes, and one for each thread that reads.

Reading goes through the driver, so that a window can show its queue before SQLAlchemy is imported; writing goes
through SQLAlchemy Core on the one connection that the writer owns (docs/decisions/0002).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from app.services.errors import EnvironmentFailed, Locked

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.base import Executable

FILE = "winnow.db"  # in the folder of the home
BUSY_MS = 5000
PAGE_CACHE_KIB = 16_384
READER_CACHE_KIB = 4_096  # every thread has a reader, and whatever somebody else commits empties its cache
CHECKPOINT_PAGES = 1000
BULK_CACHE_KIB = 65_536
BULK_CHECKPOINT_PAGES = 16_000  # 64 MB of log: what several transactions wrote goes into the file once
BULK_GARBAGE = 100_000  # new objects between two looks for cycles; by the usual 700 these take a seventh of an import

SETTINGS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",  # temporary files would not be encrypted
    f"PRAGMA busy_timeout={BUSY_MS}",
    f"PRAGMA cache_size=-{PAGE_CACHE_KIB}",
)


BUSY = (5, 517)  # SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT

# The driver asks of every None and every bytes how they adapt, which takes a microsecond each: half of a wide row's
# time. Told that both stay what they are, it asks no more.
for kind in (type(None), bytes):
    driver.register_adapter(kind, lambda value: value)


class Overtaken(Exception):
    """Somebody else wrote first."""


def connect(path: Path, key: bytes, *, create: bool = False) -> Any:
    """A driver connection with the key set and the file's settings made.

    Raises:
        Locked: the key does not open the file.
        EnvironmentFailed: the file is missing, unreadable or no store.
    """
    if not create and not path.exists():
        raise EnvironmentFailed(f"The store {path} is not there.", todo="Restore a backup, or choose another home.")
    try:
        db = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        db.execute("PRAGMA cipher_log_level=NONE")
        db.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError as error:
        if "not a database" in str(error) or "encrypted" in str(error):
            raise Locked(
                f"The key does not open {path}, or the file is damaged.", kept="Nothing was changed."
            ) from error
        raise failed(error) from error
    if create:
        db.execute("PRAGMA journal_mode=WAL")
    for setting in SETTINGS:
        db.execute(setting)
    return db


def failed(error: Exception) -> EnvironmentFailed:
    """The driver's error as a sentence for people."""
    text = str(error).lower()
    if "full" in text:
        return EnvironmentFailed(
            "The disk is full.",
            kept="Everything saved before is kept; this last action was not.",
            todo="Free some space, then try again.",
        )
    if "locked" in text or "busy" in text:
        return EnvironmentFailed(
            "Another Winnow is writing for too long.", kept="Nothing was changed.", todo="Try again."
        )
    if "readonly" in text or "read-only" in text:
        return EnvironmentFailed(
            "The home is read-only.", kept="Nothing was changed.", todo="Make the folder writable."
        )
    if "unable to open" in text:
        return EnvironmentFailed(
            "The store cannot be opened or written.",
            kept="Nothing was changed.",
            todo="See that its folder is there and writable.",
        )
    if "malformed" in text:
        return EnvironmentFailed(
            "The file of the store is damaged.", todo="Run `winnow doctor`; if that fails too, restore a backup."
        )
    return EnvironmentFailed(f"The store cannot be used: {error}.", todo="Run `winnow doctor`.")


class Store:
    """The encrypted file of one home: reads by SQL text, writes in one transaction at a time.

    A thread reads through a connection of its own, or, inside `writing()`, through the writing one, and so sees what
    it has just written.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self._key = path, key
        self._local = threading.local()
        self._readers: list[Any] = []
        self._write_lock = threading.RLock()
        self._engine_connection: Connection | None = None
        self._writer: Any = None
        self._synchronous = "FULL"
        self._garbage: tuple[int, int, int] | None = None

    @property
    def key(self) -> bytes:
        """The key, for a child process that works on the same file."""
        return self._key

    # reading

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a SELECT."""
        return self.reader().execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a SELECT, if there is one."""
        return self.reader().execute(sql, parameters).fetchone()  # type: ignore[no-any-return]

    def reader(self) -> Any:
        """This thread's driver connection: the writing one inside a transaction, else a query-only one."""
        writing = getattr(self._local, "writing", None)
        if writing is not None:
            return writing
        reader = getattr(self._local, "reader", None)
        if reader is None:
            reader = connect(self.path, self._key)
            reader.execute("PRAGMA query_only=ON")
            reader.execute(f"PRAGMA cache_size=-{READER_CACHE_KIB}")
            self._local.reader = reader
            self._readers.append(reader)
        return reader

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of the same state."""
        reader = self.reader()
        if reader.in_transaction:
            yield
            return
        reader.execute("BEGIN")
        try:
            yield
        finally:
            reader.execute("COMMIT")

    def data_version(self) -> int:
        """Changes whenever another connection has committed."""
        row = self.reader().execute("PRAGMA data_version").fetchone()
        return int(row[0])

    # writing

    @contextmanager
    def writing(self, *, late: bool = False, plain: bool = False, durable: bool = True) -> Iterator[Any]:
        """One transaction, with SQLAlchemy's connection; commits at the end, rolls back on any error.

        `plain`: it writes through `writer` alone, so a window need not import SQLAlchemy before its first call.
        `late`: it reads first, and others may write until it writes itself.
        `durable`: it waits for the disk. What somebody else would tell again need not: a power cut may take it back
        as a whole, unless a later one was durable.

        Raises:
            Overtaken: a late one found that somebody else has written since it began to read, or writes now.
            EnvironmentFailed: disk full, file locked by others for too long, home read-only.
        """
        with self._write_lock:
            writer, connection = self.writer, None if plain else self._statements()
            if getattr(self._local, "writing", None) is not None:
                yield connection  # joins the transaction around it
                return
            try:
                if not durable:
                    writer.execute("PRAGMA synchronous=NORMAL")
                writer.execute("BEGIN" if late else "BEGIN IMMEDIATE")
            except driver.DatabaseError as error:
                self._take_usual_care()
                raise failed(error) from error
            self._local.writing = writer
            try:
                yield connection
                writer.execute("COMMIT")
            except BaseException as error:
                with suppress(driver.DatabaseError):
                    writer.execute("ROLLBACK")
                origin = getattr(error, "orig", error)
                if late and getattr(origin, "sqlite_errorcode", None) in BUSY:
                    raise Overtaken from error
                if isinstance(origin, driver.OperationalError):
                    raise failed(origin) from error
                raise
            finally:
                self._local.writing = None
                if not durable:
                    self._take_usual_care()

    def _take_usual_care(self) -> None:
        self.writer.execute(f"PRAGMA synchronous={self._synchronous}")

    def run(self, statement: Executable, parameters: Any = None) -> Any:
        """Execute one SQLAlchemy statement inside `writing()`."""
        assert self._engine_connection is not None and getattr(self._local, "writing", None) is not None
        return self._engine_connection.execute(statement, parameters)

    @property
    def writer(self) -> Any:
        """The driver connection under the writer: for what SQLAlchemy has no words for, and before it is needed."""
        with self._write_lock:
            if self._writer is None:
                self._writer = connect(self.path, self._key)
            return self._writer

    def _statements(self) -> Connection:
        if self._engine_connection is None:
            assert getattr(self._local, "writing", None) is None  # it begins with a rollback
            import sqlalchemy  # 300 ms: only whoever writes entries pays for it

            writer = self.writer
            engine = sqlalchemy.create_engine(
                "sqlite://",
                creator=lambda: writer,
                module=driver,
                poolclass=sqlalchemy.pool.StaticPool,
                isolation_level="AUTOCOMMIT",  # BEGIN IMMEDIATE and COMMIT are said by `writing`
                query_cache_size=500,
            )
            self._engine_connection = engine.connect()
        return self._engine_connection

    def open_beside(self, path: Path) -> Any:
        """A new encrypted file under the same key."""
        return connect(path, self._key, create=True)

    def expect_much(self) -> None:
        """Many rows are to come: a larger cache, fewer but larger checkpoints, and no wait for the disk at each commit.

        What people save meanwhile on other connections still waits for the disk, and takes this along. Python looks
        for cycles less often, in this whole process: rows are in none.
        """
        self._set(BULK_CACHE_KIB, BULK_CHECKPOINT_PAGES, "NORMAL")
        if self._garbage is None:
            self._garbage = gc.get_threshold()
            gc.set_threshold(BULK_GARBAGE, *self._garbage[1:])

    def expect_little(self) -> None:
        """The usual measures again; what came is on the disk.

        Raises:
            EnvironmentFailed: the disk is full.
        """
        self._set(PAGE_CACHE_KIB, CHECKPOINT_PAGES, "FULL")
        if self._garbage is not None:
            gc.set_threshold(*self._garbage)
            self._garbage = None
        try:
            self.writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except driver.DatabaseError as error:
            raise failed(error) from error

    def _set(self, cache_kib: int, checkpoint_pages: int, synchronous: str) -> None:
        with self._write_lock:
            self.writer.execute(f"PRAGMA cache_size=-{cache_kib}")
            self.writer.execute(f"PRAGMA wal_autocheckpoint={checkpoint_pages}")
            self.writer.execute(f"PRAGMA synchronous={synchronous}")
            self._synchronous = synchronous

    def warm_up(self) -> None:
        """Import SQLAlchemy and open the writer before the first action needs it."""
        with self._write_lock:
            self._statements()

    def truncate_log(self) -> bool:
        """End every open read of this process, move the log into the file and empty it; False while others read."""
        with self._write_lock:
            self.stop_reading()
            row = self.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return bool(row[0] == 0)

    def stop_reading(self) -> None:
        """End every open read of this process, with an error for whoever awaits it."""
        for reader in list(self._readers):
            with suppress(driver.ProgrammingError):  # closed by now
                reader.interrupt()

    def sweep(self) -> bool:
        """Write the whole file anew, so that no gap between cells keeps what was deleted; False while others are busy.

        `secure_delete` zeroes cells and pages as they are freed, but leaves the copies that stay behind in a page when
        its cells move to a neighbour. Takes about 2 s, and memory, for each 100 MB.
        """
        with self._write_lock:
            try:
                self.writer.execute("VACUUM")
            except driver.OperationalError:  # another process writes, or the disk has no room for a second copy
                return False
            return self.truncate_log()

    def close(self) -> None:
        """Close every connection; the last one checkpoints the write-ahead log."""
        with self._write_lock:
            for reader in self._readers:
                with suppress(driver.Error):
                    reader.close()
            self._readers.clear()
            self._local = threading.local()
            if self._engine_connection is not None:
                engine = self._engine_connection.engine
                self._engine_connection.close()
                engine.dispose()
                self._engine_connection = None
            if self._writer is not None:
                with suppress(driver.Error):
                    self._writer.close()
                self._writer = None
