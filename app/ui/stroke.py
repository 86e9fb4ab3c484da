"""Many changed in one stroke: part after part, so that nobody else waits behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from app.services.errors import ServiceError
from app.services.seat import new_id

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

PART = 50  # in one transaction: some tens of milliseconds


class Stroke(QObject):
    """At most one at a time.

    Signals:
        progressed: done, total, and how many a second, after each part but the last.
        ended: a list of what each part gave, and whether it was stopped before all were done.
        failed: a ServiceError; what was done before stays so.
    """

    progressed = Signal(int, int, float)
    ended = Signal(list, bool)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._items: list[Any] = []
        self._verb: Callable[..., Any] | None = None
        self._given: tuple[Any, ...] = ()
        self._parts: list[Any] = []
        self._done = 0
        self._id = ""
        self._stopped = False
        self._clock = QElapsedTimer()

    def running(self) -> bool:
        """Whether something is under way."""
        return bool(self._id)

    def begin(self, items: Sequence[Any], verb: Callable[..., Any], *given: Any) -> None:
        """Does `verb(seat, part, *given, stroke=id, leave_gone=True)` with all. Nothing happens while another runs."""
        if self.running() or not items:
            return
        self._items, self._verb, self._given = list(items), verb, given
        self._parts, self._done, self._stopped, self._id = [], 0, False, new_id()
        self._clock.start()
        self._next()

    def stop(self) -> None:
        """No further part; what is done stays so, and one undo takes it back."""
        self._stopped = True

    def _next(self) -> None:
        assert self._verb is not None
        self._tasks.act(
            self._verb, self._items[self._done : self._done + PART], *self._given, stroke=self._id, leave_gone=True,
            then=self._on_part, failed=self._on_failed,
        )  # fmt: skip

    def _on_part(self, result: Any) -> None:
        self._parts.append(result)
        self._done = min(self._done + PART, len(self._items))
        whole = self._done == len(self._items)
        if not whole and not self._stopped:
            rate = self._done * 1000 / max(1, self._clock.elapsed())
            self.progressed.emit(self._done, len(self._items), rate)
            self._next()
            return
        self._id = ""
        self.ended.emit(self._parts, not whole)

    def _on_failed(self, error: ServiceError) -> None:
        self._id = ""
        self.failed.emit(error)
