"""Entries of a bundle go in on a thread of their own, in small steps between people's actions."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal, Slot

from app.ui.opening import Opening
from app.ui.workers import Closing

if TYPE_CHECKING:
    from app.services.carrying import Carried
    from app.services.seat import Seat
    from app.ui.tasks import Tasks


class _Relay(QObject):
    """Carries the progress to the GUI thread; the thread holds it."""

    progressed = Signal(int, int)


class _Stopped(Exception):
    """Whoever looks on wants no more of it."""


class TakingIn(QObject):
    """At most one bundle at a time.

    Signals:
        progressed: entries that are in, and all.
        taken: what it brought; None: it was stopped, or the window closes. failed: the ServiceError.
    """

    progressed = Signal(int, int)
    taken = Signal(object)
    failed = Signal(object)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._stop = threading.Event()
        self._relay = _Relay()
        self._relay.progressed.connect(self._on_progress, Qt.ConnectionType.QueuedConnection)
        self._opening = Opening(self)
        self._opening.opened.connect(self.taken)
        self._opening.failed.connect(self.failed)
        self._opening.crashed.connect(tasks.crashed)
        self._clock = QElapsedTimer()
        self._done = 0

    def begin(self, file: Path, passphrase: str) -> None:
        """Takes it in; nothing happens while another one goes in."""
        self._stop.clear()
        self._done = 0
        self._clock.start()
        self._opening.begin(
            partial(_take, self._seat, self._tasks, file, passphrase, self._stop, self._relay)
        )  # fmt: skip

    def stop(self) -> None:
        """No further piece."""
        self._stop.set()

    def rate(self) -> float:
        """Entries a second so far."""
        return self._done * 1000 / max(1, self._clock.elapsed())

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        self._done = done
        self.progressed.emit(done, total)


def _take(
    seat: Seat, tasks: Tasks, file: Path, passphrase: str, stop: threading.Event, relay: _Relay
) -> Carried | None:
    from app.services import carrying
    from app.services.team.work import Work

    def told(done: int, total: int) -> None:
        relay.progressed.emit(done, total)
        if stop.is_set() and done < total:
            raise _Stopped

    work = Work(seat, through=tasks.through)
    try:
        carried = carrying.carry_in(seat, file, passphrase, work=work, progress=told)
    except Closing:
        return None
    except _Stopped:
        tasks.tell(work.changed())
        return None
    tasks.tell(carried.changed)
    return carried
