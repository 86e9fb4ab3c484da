"""The lock that keeps a migration away from other processes (docs/decisions/0007)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from app.services.errors import Refused


class HomeLock:
    """Says that this process has the home open; a migration needs to be the only one.

    An own small SQLite file carries the lock, since SQLite's locks end with the process on every platform.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "open.lock"
        self._db = driver.connect(str(self._path), isolation_level=None, timeout=0.2, check_same_thread=False)
        self._alone = False

    def share(self) -> None:
        """Hold the home open beside others.

        Raises:
            Refused: another process migrates the home right now.
        """
        try:
            self._db.execute("BEGIN")
            self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except driver.OperationalError as error:
            raise Refused("Another Winnow is preparing this home.", todo="Try again in a moment.") from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the home alone; inside itself it goes on holding.

        Raises:
            Refused: another process has the home open.
        """
        if self._alone:
            yield
            return
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        try:
            self._db.execute("BEGIN EXCLUSIVE")
        except driver.OperationalError as error:
            raise Refused(
                "Another Winnow has this home open, and its tables are made anew only while nobody else works in it.",
                kept="Nothing was changed.",
                todo="Close the other window or command, then try again.",
            ) from error
        self._alone = True
        try:
            yield
        finally:
            self._alone = False
            self._db.execute("ROLLBACK")

    def is_alone(self) -> bool:
        """Whether nobody else has the home open at this moment; somebody may open it in the next."""
        try:
            with self.alone():
                return True
        except Refused:
            return False
        finally:
            self.share()

    def close(self) -> None:
        """Let go."""
        self._db.close()
