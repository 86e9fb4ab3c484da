"""One import under way, or its preview: in a process of its own, so that the window stays quick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from app.services.errors import EnvironmentFailed, ServiceError
from app.services.import_terms import ImportOptions, ImportReport, Progress

if TYPE_CHECKING:
    from app.services.seat import Seat

LOOK_MS = 40  # between two looks at the process: a pipe cannot wake Qt's loop on every platform


class Process(Protocol):
    """What `ImportProcess` offers."""

    @property
    def alive(self) -> bool:
        """Whether it still runs."""

    def start(self) -> None:
        """Begins."""

    def poll(self) -> list[Any]:
        """What it has told since the last time."""

    def cancel(self) -> None:
        """Asks it to stop at the next row."""


Start = Callable[[list[Path], ImportOptions], Process]


def starter(seat: Seat) -> Start:
    """Starts processes on the home of a seat."""

    def start(files: list[Path], options: ImportOptions) -> Process:
        from app.services.import_process import ImportProcess

        return ImportProcess(seat.store.path.parent, seat.store._key, files, options)

    return start


class ImportRun(QObject):
    """At most one process at a time.

    Signals:
        progressed: a Progress. finished: the ImportReport. failed: a ServiceError. None comes after `drop`.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, start: Start, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._start = start
        self._process: Process | None = None
        self._dropped: list[Process] = []  # asked to stop, not yet ended: nobody listens to them
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._on_time)
        self._clock = QElapsedTimer()

    def begin(self, path: Path, options: ImportOptions) -> None:
        """Starts on a file; what ran before is dropped."""
        self.drop()
        self._clock.start()
        try:
            self._process = self._start([path], options)
            self._process.start()
        except OSError as error:
            self._process = None
            self.failed.emit(_no_process(error))
            return
        self._timer.start()

    def cancel(self) -> None:
        """Asks it to stop; its report, as far as it came, still arrives."""
        if self._process is not None:
            self._process.cancel()

    def drop(self) -> None:
        """Ends it, and nothing more is heard of it."""
        process, self._process = self._process, None
        if process is not None:
            process.cancel()
            self._dropped.append(process)

    def running(self) -> bool:
        """Whether something is under way."""
        return self._process is not None

    def seconds(self) -> float:
        """Since it began."""
        return self._clock.elapsed() / 1000 if self._clock.isValid() else 0.0

    @Slot()
    def _on_time(self) -> None:
        for process in self._dropped:
            process.poll()  # else a full pipe would keep it from ending
        self._dropped = [process for process in self._dropped if process.alive]
        current = self._process
        if current is not None:
            alive = current.alive  # asked first: what a process says before it ends is then not missed
            for told in current.poll():
                self._tell(current, told)
            if not alive and self._process is current:
                self._process = None
                self.failed.emit(_ended())
        if self._process is None and not self._dropped:
            self._timer.stop()

    def _tell(self, process: Process, told: object) -> None:
        if self._process is not process:  # dropped by whoever heard the one before
            return
        if isinstance(told, Progress):
            self.progressed.emit(told)
            return
        self._process = None
        self._dropped.append(process)
        if isinstance(told, ImportReport):
            self.finished.emit(told)
        elif isinstance(told, ServiceError):
            self.failed.emit(told)
        else:
            self.failed.emit(_ended())


def _no_process(error: OSError) -> ServiceError:
    return EnvironmentFailed(
        f"The import could not be started: {error.strerror or error}.",
        kept="Nothing was imported.",
        todo="Close other programs, then try again.",
    )


def _ended() -> ServiceError:
    return EnvironmentFailed(
        "The import ended before it was done.",
        kept="Rows that were in stay; none is half in.",
        todo="Import the list again: what is in is not doubled.",
    )
