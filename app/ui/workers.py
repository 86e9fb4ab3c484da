"""The threads of a home: one writes, one reads, and one reads what takes long, so that nothing waits behind it.

They know verbs, values and numbers of jobs, and no widget; what comes of a job goes over a relay to the GUI thread.
"""

from __future__ import annotations

import heapq
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.services.store.connection import failed as store_failed

if TYPE_CHECKING:
    from app.services.seat import Seat

PEOPLE, BACKGROUND = 0, 1
SWITCH_S = 0.0005  # how long a worker may keep Python from the GUI thread; the usual 5 ms are a third of a frame
WATCH_S = 0.5  # seconds between two looks whether another process has written
Verb = Callable[..., Any]


class Closing(Exception):
    """The window closes: whoever works beside it ends too."""


class Job:
    """One piece of work; people's go first, equals in the order in which they came."""

    __slots__ = ("args", "key", "named", "number", "priority", "replaced", "verb")

    def __init__(
        self, priority: int, number: int, verb: Verb, args: tuple[Any, ...], named: dict[str, Any], key: str = ""
    ) -> None:
        self.priority, self.number, self.key = priority, number, key
        self.verb, self.args, self.named = verb, args, named
        self.replaced = False

    def __lt__(self, other: Job) -> bool:
        return (self.priority, self.number) < (other.priority, other.number)


class Line:
    """What waits for one thread."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._keyed: dict[str, Job] = {}
        self._arrived = threading.Condition()
        self._closed = False

    def put(self, job: Job) -> int:
        """Adds a job; returns the number of the older one with the same key that it replaces, 0 for none."""
        with self._arrived:
            older = self._keyed.get(job.key) if job.key else None
            if older is not None:
                older.replaced = True
            if job.key:
                self._keyed[job.key] = job
            heapq.heappush(self._jobs, job)
            self._arrived.notify()
            return older.number if older is not None else 0

    def take(self, until: float | None = None) -> Job | None:
        """The next job; None when `until` (monotonic seconds) has come, or when the line is closed and done."""
        with self._arrived:
            while True:
                while self._jobs:
                    job = heapq.heappop(self._jobs)
                    if job.replaced or (self._closed and job.priority != PEOPLE):
                        continue
                    if job.key:
                        self._keyed.pop(job.key, None)
                    return job
                if self._closed:
                    return None
                rest = None if until is None else until - time.monotonic()
                if rest is not None and rest <= 0:
                    return None
                self._arrived.wait(rest)

    def close(self, *, drop: bool = False) -> None:
        """No more jobs; people's are still done unless they are dropped."""
        with self._arrived:
            self._closed = True
            if drop:
                self._jobs.clear()
            self._arrived.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the thread should end."""
        return self._closed


class Relay(QObject):
    """Carries results over to the GUI thread. The workers hold it, so it never goes before them."""

    done = Signal(object, object, object)  # number, result, error
    elsewhere = Signal()
    changed = Signal(object)


class Workers:
    """The threads."""

    def __init__(self, seat: Seat, relay: Relay) -> None:
        sys.setswitchinterval(SWITCH_S)
        self._seat, self._relay = seat, relay
        self.writes, self.reads, self.counts = Line(), Line(), Line()
        self._own_version: int | None = None  # of the writing connection: others' commits alone move it
        self._threads = [
            threading.Thread(target=self._write, name="writer", daemon=True),
            threading.Thread(target=self._read, name="reader", daemon=True),
            threading.Thread(target=self._count, name="counter", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> bool:
        """Ends them all, within `seconds`; nobody awaits what is still being read."""
        self.reads.close(drop=True)
        self.counts.close(drop=True)
        self.writes.close()
        self._seat.store.stop_reading()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _write(self) -> None:
        while (job := self.writes.take()) is not None:
            if job.number and self._own_version is None and job.verb is not warm_up:
                with suppress(Exception):  # the verb itself will say what is wrong with the store
                    self._own_version = _version_of_writer(self._seat)
            result, error = run(self._seat, job)
            if job.number:
                self._relay.done.emit(job.number, result, error)

    def _read(self) -> None:
        look, seen = time.monotonic() + WATCH_S, self._version()
        while True:
            job = self.reads.take(look)
            if job is not None:
                self._relay.done.emit(job.number, *run(self._seat, job))
            elif self.reads.closed:
                return
            if time.monotonic() >= look:
                look = time.monotonic() + WATCH_S
                version = self._version()
                if version not in {seen, None}:
                    seen = version
                    self.writes.put(Job(PEOPLE, 0, self._tell_others, (), {}))

    def _count(self) -> None:
        while (job := self.counts.take()) is not None:
            self._relay.done.emit(job.number, *run(self._seat, job))

    def _version(self) -> int | None:
        try:
            return self._seat.store.data_version()
        except Exception as error:  # noqa: BLE001 - a store that cannot be read now is told by whoever reads next
            return None if _is_store_error(error) else 0

    def _tell_others(self, seat: Seat) -> None:
        """Somebody has written: was it another process? The writing connection knows, on the thread that owns it."""
        if self._own_version is not None:
            version = _version_of_writer(seat)
            if version == self._own_version:
                return
            self._own_version = version
        self._relay.elsewhere.emit()


def run(seat: Seat, job: Job) -> tuple[Any, Exception | None]:
    """What a job gives, or why it failed; one whose reading an erasure ended is done again."""
    try:
        try:
            return job.verb(seat, *job.args, **job.named), None
        except Exception as error:
            if not _was_interrupted(error):
                raise
            return job.verb(seat, *job.args, **job.named), None
    except Exception as error:  # noqa: BLE001 - it is delivered, and shown by the window
        return None, store_failed(error) if _is_store_error(error) else error


def _was_interrupted(error: Exception) -> bool:
    """An erasure ends open reads, so that the log can be emptied; such a read is simply done again."""
    return _is_store_error(error) and str(error) == "interrupted"


def _is_store_error(error: Exception) -> bool:
    """Disk full, file locked or gone: no bug, and said in other words."""
    return type(error).__module__.startswith("sqlcipher3") and type(error).__name__ == "OperationalError"


def warm_up(seat: Seat) -> None:
    """The writer, ready before the first action needs it."""
    seat.store.warm_up()


def _version_of_writer(seat: Seat) -> int:
    return int(seat.store.writer.execute("PRAGMA data_version").fetchone()[0])
