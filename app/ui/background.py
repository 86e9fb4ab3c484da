"""What a window does by itself now and then: erases and wakes what is due, and keeps its claims alive."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

EVERY_MS = 30_000  # a third of a claim's lease, and soon enough for an erasure of ten minutes
PAUSE_S = 90  # without a change, somebody is not in the middle of a shift


class Background(QObject):
    """Asks for the work every half minute, and once at the start; it waits behind every action of a person."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._changed_at = time.monotonic()
        tasks.changed.connect(self._on_changed)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Begins; to be called after the first paint, since the work imports what the queue does without."""
        self._tasks.act(_forget_dead_windows, background=True)
        self._on_time()
        self._timer.start()

    @Slot()
    def _on_time(self) -> None:
        self._tasks.act(_keep_claims, background=True)
        self._tasks.act(_erase_due, background=True)
        self._tasks.act(_take_leads_back, background=True)
        self._wake()
        if time.monotonic() - self._changed_at > PAUSE_S:
            self._tasks.act(_sweep, background=True)

    def _wake(self) -> None:
        self._tasks.act(_wake_due, background=True, then=self._on_woken)

    def _on_woken(self, changed: Changed) -> None:
        """As long as there are more, in transactions that nobody waits behind."""
        if changed.inquiries:
            self._wake()

    @Slot(object, object)
    def _on_changed(self, _changed: object, _origin: object) -> None:
        self._changed_at = time.monotonic()


# Imported on the writer thread: the first of them brings SQLAlchemy, which costs more than Qt.


def _forget_dead_windows(seat: Seat) -> Any:
    from app.services import queue

    return queue.forget_dead_windows(seat)


def _keep_claims(seat: Seat) -> Any:
    from app.services import queue

    return queue.keep_claims(seat)


def _erase_due(seat: Seat) -> Any:
    from app.services import privacy

    return privacy.erase_due(seat, sweep_up_to=0)


def _take_leads_back(seat: Seat) -> Any:
    from app.services.sales import assigning

    return assigning.take_back_due(seat)


def _wake_due(seat: Seat) -> Any:
    from app.services.nurture import waking

    return waking.wake_due(seat)


def _sweep(seat: Seat) -> Any:
    """Writing the file anew takes a second: nobody should wait behind it, so a pause or the end of the work is used."""
    from app.services import privacy

    return privacy.wipe_the_rest(seat, up_to=privacy.SWEPT_AT_ONCE)
