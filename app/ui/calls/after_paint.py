"""Actions for the writer, in the order of the keys: at once, or when what a key shows has been painted.

A key that shows somebody else wants the processor for painting. Were the writer given its work before, both would take
turns with Python, and the next person would be on the screen later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

# Qt paints by an event of low priority. A timer of 0 ms would come before it, where timers are events too.
LOWEST = Qt.EventPriority.LowEventPriority.value - 1


class AfterPaint(QObject):
    """Keeps the order: nothing that is handed over at once passes what still waits for the paint."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._waiting: list[Callable[[], object]] = []

    def act(self, verb: Any, *given: Any, **named: Any) -> None:
        """As `tasks.act`, behind everything that waits for the paint."""
        self.submit()
        self._tasks.act(verb, *given, **named)

    def act_when_painted(self, verb: Any, *given: Any, **named: Any) -> None:
        """As `act`, a moment later."""
        if not self._waiting:
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), LOWEST)
        self._waiting.append(partial(self._tasks.act, verb, *given, **named))

    def submit(self) -> None:
        """Hands over what waits, painted or not: the page is left, or the window closes."""
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    def customEvent(self, _event: QEvent) -> None:
        """What had changed is painted."""
        self.submit()
