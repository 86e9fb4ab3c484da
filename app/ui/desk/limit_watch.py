"""Looks every minute whether a limit is near or over, and says it once to whoever should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui import times

if TYPE_CHECKING:
    from app.services.enforcing import LimitWarning
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

EVERY_MS = 60_000


class LimitWatch(QObject):
    """To the holder what is near its limit, to a team lead what is over; several at a look are one sentence.

    Signals:
        told: a sentence for a toast.
    """

    told = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Looks now, behind every action of a person."""
        self._tasks.act(_warnings, background=True, then=self._on_warnings, failed=self._on_failed)

    def _on_warnings(self, found: list[LimitWarning]) -> None:
        for sentence in (
            self._near([w for w in found if not w.for_lead]),
            self._over([w for w in found if w.for_lead]),
        ):
            if sentence:
                self.told.emit(sentence)

    def _near(self, found: list[LimitWarning]) -> str:
        if len(found) > 1:
            return self.tr("%1 inquiries of yours are near their limit: call them next").replace("%1", str(len(found)))
        if not found:
            return ""
        words = self.tr("%1 has waited %2 and is near the limit: call them next").replace("%1", found[0].name)
        return words.replace("%2", times.lasted(found[0].waited_ms))

    def _over(self, found: list[LimitWarning]) -> str:
        if not found:
            return ""
        back = sum(warning.returned for warning in found)
        if len(found) > 1:
            words = self.tr("%1 inquiries went over their limit").replace("%1", str(len(found)))
            return words + (self.tr(", %1 came back to the queue").replace("%1", str(back)) if back else "")
        words = self.tr("%1 went over the limit").replace("%1", found[0].name)
        if not found[0].holder:
            return words
        words += self.tr(" with %1").replace("%1", found[0].holder)
        return words + (self.tr(" and is everybody's again") if back else "")

    def _on_failed(self, _error: ServiceError) -> None:
        """The next minute looks again; what could not be written then is said by whoever acts."""


def _warnings(seat: Seat) -> Any:
    from app.services import enforcing  # imported on the writer thread

    return enforcing.warnings(seat)
