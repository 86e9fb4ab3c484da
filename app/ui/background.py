"""What a window does by itself now and then: erases what is due, and keeps its claims alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

EVERY_MS = 30_000  # a third of a claim's lease, and soon enough for an erasure of ten minutes


class Background(QObject):
    """Asks for the work every half minute, and once at the start; it waits behind every action of a person."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
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


# Imported on the writer thread: the first of them brings SQLAlchemy, which costs more than Qt.


def _forget_dead_windows(seat: Seat) -> Any:
    from app.services import queue

    return queue.forget_dead_windows(seat)


def _keep_claims(seat: Seat) -> Any:
    from app.services import queue

    return queue.keep_claims(seat)


def _erase_due(seat: Seat) -> Any:
    from app.services import privacy

    return privacy.erase_due(seat)
