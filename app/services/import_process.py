"""An import beside the window: a child process, because of Python's one lock; progress by pipe, cancel at any row."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.services.errors import EnvironmentFailed, ServiceError
from app.services.import_terms import ImportOptions, ImportReport, Progress
from app.services.importing import import_files
from app.services.seat import Seat

TELL_EVERY_S = 0.1
CANCEL = b"cancel"
Message = Progress | ImportReport | ServiceError


class ImportProcess:
    """One import, or its rehearsal, in a process of its own.

    The key reaches the child through its pipe, never by its command line, its environment or the disk.
    """

    def __init__(self, home: Path, key: bytes, files: list[Path], options: ImportOptions) -> None:
        self._work = (home, key, files, options)
        self._kept = "Nothing was changed." if options.dry_run else "Every row before that is in."
        context = multiprocessing.get_context("spawn")
        self.connection, self._theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(self._theirs,), daemon=True)
        self._ended = False

    def start(self) -> None:
        """Begin."""
        self._process.start()
        self._theirs.close()
        self.connection.send(self._work)

    def fileno(self) -> int:
        """What becomes readable when there is something to poll."""
        return self.connection.fileno()

    @property
    def pid(self) -> int:
        """The child's process id, 0 before it began."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether the end has not been polled yet."""
        return not self._ended

    def poll(self) -> list[Message]:
        """Everything that was told since the last poll; the last message is a report or an error. Never waits."""
        found: list[Message] = []
        try:
            while not self._ended and self.connection.poll():
                message = self.connection.recv()
                found.append(message)
                self._ended = not isinstance(message, Progress)
        except (EOFError, OSError):
            self._ended = True
            found.append(
                EnvironmentFailed("The import ended unexpectedly.", kept=self._kept, todo="Import the file again.")
            )
        if self._ended:
            self._process.join(0)  # whoever polls paints the window: the child is gone, or will be in a moment
        return found

    def cancel(self) -> None:
        """Stop at the next row; the report that follows says what is in."""
        with contextlib.suppress(OSError, BrokenPipeError):
            self.connection.send(CANCEL)


def _child(pipe: Connection) -> None:
    home, key, files, options = pipe.recv()
    told = [0.0]

    def tell(progress: Progress) -> None:
        if time.monotonic() - told[0] >= TELL_EVERY_S:
            told[0] = time.monotonic()
            pipe.send(progress)

    try:
        pipe.send(_import(home, key, files, options, tell, _cancelled(pipe)))
    except (BrokenPipeError, EOFError):
        return  # the window is gone; what is in stays in
    except ServiceError as error:
        pipe.send(error)


def _cancelled(pipe: Connection) -> Callable[[], bool]:
    seen: list[Any] = []

    def cancelled() -> bool:
        if not seen and pipe.poll():
            seen.append(pipe.recv())
        return bool(seen)

    return cancelled


def _import(
    home: Path, key: bytes, files: list[Path], options: ImportOptions, tell: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> ImportReport:  # fmt: skip
    seat = Seat.on(home, key, holder="import")
    try:
        return import_files(seat, files, options, tell, cancelled)
    finally:
        seat.store.close()
