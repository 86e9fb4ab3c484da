"""Many inquiries reassigned in one stroke: part after part, so that nobody else waits behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QElapsedTimer, QObject, Signal

from app.services import reassigning
from app.services.errors import ServiceError
from app.services.seat import new_id

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

PART = 50  # in one transaction: some tens of milliseconds


class Moved(msgspec.Struct, frozen=True):
    """What one stroke did: how many each member has got, and how many were left out."""

    members: dict[str, int]
    left: int
    stopped: bool

    @property
    def count(self) -> int:
        """How many moved."""
        return sum(self.members.values())


class Progress(msgspec.Struct, frozen=True):
    """How far it is."""

    done: int
    total: int
    rate: float  # inquiries a second


class Moving(QObject):
    """At most one stroke at a time.

    Signals:
        progressed: a Progress, after each part. ended: the Moved. failed: a ServiceError; what moved before stays so.
    """

    progressed = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pairs: list[tuple[str, str]] = []
        self._done = self._left = 0
        self._stroke = ""
        self._members: Counter[str] = Counter()
        self._stopped = False
        self._clock = QElapsedTimer()

    def running(self) -> bool:
        """Whether something is under way."""
        return bool(self._stroke)

    def begin(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Gives each inquiry to its member; an empty one releases. Nothing happens while another stroke runs."""
        if self.running() or not pairs:
            return
        self._pairs, self._done, self._left, self._stopped = list(pairs), 0, 0, False
        self._members, self._stroke = Counter(), new_id()
        self._clock.start()
        self._next()

    def stop(self) -> None:
        """No further part; what moved stays so, and one undo takes it back."""
        self._stopped = True

    def _next(self) -> None:
        part = self._pairs[self._done : self._done + PART]
        self._tasks.act(
            reassigning.move, part, stroke=self._stroke, leave_gone=True, then=self._on_part, failed=self._on_failed
        )

    def _on_part(self, move: reassigning.Move) -> None:
        self._done = min(self._done + PART, len(self._pairs))
        self._members.update(move.moved)
        self._left += move.left
        if self._done < len(self._pairs) and not self._stopped:
            passed = max(1, self._clock.elapsed())
            self.progressed.emit(Progress(self._done, len(self._pairs), self._done * 1000 / passed))
            self._next()
            return
        self._stroke = ""
        self.ended.emit(Moved(dict(self._members), self._left, self._stopped and self._done < len(self._pairs)))

    def _on_failed(self, error: ServiceError) -> None:
        self._stroke = ""
        self.failed.emit(error)
