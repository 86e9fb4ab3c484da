"""Reads the figures of a period beside the window, tells how far it is, and keeps what was read."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.models.periods import Period
from app.services.errors import ServiceError
from app.services.results import Stopped
from app.services.results.predicting import Predictions
from app.services.results.view import ResultsView

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

LOOK_MS = 100  # between two looks at how far a reading is
SHOWN_AFTER_S = 0.4  # a reading that takes less shows no progress
CHANGED_MS = 1000  # after a change; many changes cost one reading
REST = 10  # times as long as a reading took, before changes alone begin another: a million is not counted all day
AGAIN_MS = 250  # after a reading that an erasure ended
MOST_KEPT = 12
Which = tuple[Period, str]


class Walk:
    """What a reading says of itself, and whether somebody still waits for it; no widget, so it may cross threads."""

    def __init__(self) -> None:
        self.share = 0.0
        self.stopped = False

    def __call__(self, share: float) -> None:
        """How much is done.

        Raises:
            Stopped: nobody waits any more.
        """
        self.share = share
        if self.stopped:
            raise Stopped("The count was stopped.", kept="The figures that were there before are shown.")


class ResultsFeed(QObject):
    """One period and one source (or all) at a time.

    Signals:
        shown: a ResultsView: kept figures at once, and what was read. predicted: Predictions.
        progressed: how much is done of a reading that takes its time, where nothing older is shown; 1 at its end.
        stopped: a reading was ended.
        refused: a ServiceError.
    """

    shown = Signal(object)
    predicted = Signal(object)
    progressed = Signal(float)
    stopped = Signal()
    refused = Signal(object)

    def __init__(self, tasks: Tasks, which: Which, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._which = tasks, which
        self._kept: dict[Which, ResultsView] = {}
        self._walk: Walk | None = None
        self._began = self._took = self._ended = 0.0
        self._awake = False
        self._stale = True
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._changed = QTimer(self, singleShot=True)
        self._changed.timeout.connect(self.read)

    def which(self) -> Which:
        """Period and source."""
        return self._which

    def reading(self) -> bool:
        """Whether figures are being counted."""
        return self._walk is not None

    def wake(self) -> None:
        """The page is shown."""
        self._awake = True
        if self._stale:
            self.read()

    def sleep(self) -> None:
        """Another page is shown: others' counts go first."""
        self._awake = False
        self._changed.stop()
        if self._walk is not None:
            self._walk.stopped = self._stale = True

    def show(self, which: Which) -> None:
        """Another period or source; what was read of it before is there at once."""
        if which != self._which:
            self._which = which
            if which in self._kept:
                self.shown.emit(self._kept[which])
            self.read()

    @Slot()
    def refresh(self) -> None:
        """Something changed: reads soon, the less often the longer it takes."""
        self._stale = True
        if self._awake and self._walk is None and not self._changed.isActive():
            rest = self._ended + REST * self._took - time.monotonic()
            self._changed.start(max(CHANGED_MS, round(rest * 1000)))

    @Slot()
    def read(self) -> None:
        """Counts; what was being counted is not waited for."""
        if self._walk is not None:
            self._walk.stopped = True
        self._stale = False
        self._walk = walk = Walk()
        self._began = time.monotonic()
        self._look.start()
        period, source = self._which
        self._tasks.read(_view, period, source, walk, key="results", slow=True, then=partial(self._on_view, walk),
                         failed=partial(self._on_failed, walk))  # fmt: skip

    def stop(self) -> bool:
        """Ends a reading that somebody waits for; False when there is none."""
        if self._walk is None or self._which in self._kept:
            return False
        self._walk.stopped = True
        return True

    def _on_view(self, walk: Walk, view: ResultsView) -> None:
        which = (view.period, view.found.source)
        self._kept.pop(which, None)
        self._kept[which] = view
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        if walk is not self._walk:
            return
        self._ended = time.monotonic()
        self._took = self._ended - self._began
        self._end()
        self._which = (self._which[0], view.found.source)
        self.shown.emit(view)
        until = view.found.until
        self._tasks.read(_predictions, until, view.found.source, key="predictions", slow=True,
                         then=self._on_predictions, failed=self._on_no_predictions)  # fmt: skip
        if self._stale:
            self.refresh()

    def _on_failed(self, walk: Walk, error: ServiceError) -> bool:
        if walk is not self._walk:
            return True
        self._end()
        if isinstance(error, Stopped):
            self._stale = True
            if self._awake:
                self.stopped.emit()
        elif error.code == "environment" and self._awake:  # an erasure ends open readings; they are begun again
            self._changed.start(AGAIN_MS)
        else:
            self.refused.emit(error)
        return True

    def _end(self) -> None:
        self._walk = None
        self._look.stop()
        self.progressed.emit(1.0)

    def _on_predictions(self, found: Predictions) -> None:
        if self._walk is None:  # what they took counts too, before changes alone begin another reading
            self._ended = time.monotonic()
            self._took = self._ended - self._began
        self.predicted.emit(found)

    def _on_no_predictions(self, _error: ServiceError) -> bool:
        return True  # the figures are read again, and they with them

    @Slot()
    def _on_look(self) -> None:
        waits = self._which not in self._kept
        if waits and self._walk is not None and time.monotonic() - self._began >= SHOWN_AFTER_S:
            self.progressed.emit(self._walk.share)


def _view(seat: Seat, period: Period, source: str, walk: Walk) -> ResultsView:
    from app.services.results.view import view

    return view(seat, period, source, walk)


def _predictions(seat: Seat, until: int | None, source: str) -> Predictions:
    from app.services.results.predicting import predictions

    return predictions(seat, until=until, source=source)
