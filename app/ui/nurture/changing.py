"""Many who wait changed in one stroke: part after part, so that nobody else waits behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from app.services.errors import ServiceError
from app.services.seat import new_id
from app.services.waking import BATCH, Done

if TYPE_CHECKING:
    from app.ui.tasks import Tasks


class Changing(QObject):
    """At most one stroke at a time.

    Signals:
        progressed: done, total, and inquiries a second, after each part. ended: how many were changed, how many were
            left out, and whether it was stopped. failed: a ServiceError; what was done before stays so.
    """

    progressed = Signal(int, int, float)
    ended = Signal(int, int, bool)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._ids: list[str] = []
        self._verb: Callable[..., Done] | None = None
        self._given: tuple[Any, ...] = ()
        self._at = self._count = self._left = 0
        self._stroke = ""
        self._stopped = False
        self._clock = QElapsedTimer()

    def running(self) -> bool:
        """Whether something is under way."""
        return bool(self._stroke)

    def begin(self, ids: Sequence[str], verb: Callable[..., Done], *given: Any) -> None:
        """Does `verb(seat, ids, *given)` with all of them. Nothing happens while another stroke runs."""
        if self.running() or not ids:
            return
        self._ids, self._verb, self._given = list(ids), verb, given
        self._at = self._count = self._left = 0
        self._stopped, self._stroke = False, new_id()
        self._clock.start()
        self._next()

    def stop(self) -> None:
        """No further part; what is done stays so, and one undo takes it back."""
        self._stopped = True

    def _next(self) -> None:
        assert self._verb is not None
        self._tasks.act(
            self._verb, self._ids[self._at : self._at + BATCH], *self._given, stroke=self._stroke, leave_gone=True,
            then=self._on_part, failed=self._on_failed,
        )  # fmt: skip

    def _on_part(self, done: Done) -> None:
        self._at = min(self._at + BATCH, len(self._ids))
        self._count += done.count
        self._left += done.left
        if self._at < len(self._ids) and not self._stopped:
            rate = self._at * 1000 / max(1, self._clock.elapsed())
            self.progressed.emit(self._at, len(self._ids), rate)
            self._next()
            return
        self._stroke = ""
        self.ended.emit(self._count, self._left, self._stopped and self._at < len(self._ids))

    def _on_failed(self, error: ServiceError) -> None:
        self._stroke = ""
        self.failed.emit(error)
