"""What changes while a call is in hand: by this window's own actions, by colleagues, by another process, by time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services import today as day
from app.services import working
from app.services.calling import FINISHED
from app.services.qualifying import facts_of
from app.ui.calls import showing

if TYPE_CHECKING:
    from app.models.rows import HistoryRow
    from app.services.seat import Changed, Seat
    from app.services.working import Opened
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.queue_feed import QueueFeed
    from app.ui.calls.turn import Turn
    from app.ui.tasks import Tasks

MINUTE_MS = 60_000
SLEPT_MS = 3 * MINUTE_MS  # a minute that took so long by the clock: the computer has slept
DESK = frozenset({"setting", "script_published", "scorecard_published", "source_defined"})
FIGURES = frozenset({"called", "disposed", "undone", "erased"})


class KeepingUp(QObject):
    """Reads anew what the page shows, and nothing else; what is being typed is never touched.

    Signals:
        said: a sentence for a toast.
        today_read: the day's figures for the foot of the window.
        noticed: a minute has passed, or something has changed.
        changed: others have changed something beside whoever is in hand and ahead: somebody may be callable by now.
        slept: the computer did, with somebody in hand.
    """

    said = Signal(str)
    today_read = Signal(str)
    noticed = Signal()
    changed = Signal()
    slept = Signal()

    def __init__(
        self, tasks: Tasks, view: CallsView, turn: Turn, feed: QueueFeed, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._view, self._turn, self._feed = tasks, view, turn, feed
        self._own: tuple[QObject, ...] = ()
        self._awake_at = turn.now()
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.on_minute)
        self._minutes.start()
        tasks.changed.connect(self._on_changed)
        tasks.changed_elsewhere.connect(self._on_elsewhere)

    def set_own(self, *rooms: QObject) -> None:
        """Whose changes the page shows already: those of its own keys."""
        self._own = rooms

    # time

    @Slot()
    def on_minute(self) -> None:
        """Ages and their time go on; whoever was held ahead for long is looked up anew."""
        turn, now = self._turn, self._turn.now()
        slept, self._awake_at = now - self._awake_at > SLEPT_MS, now
        self.noticed.emit()
        if turn.call is None:
            return
        if slept:
            self.slept.emit()
        turn.show_person()
        if turn.ahead is not None and now >= turn.ahead.good_until and not turn.busy:
            turn.look_ahead()

    # what is read

    def read_today(self) -> None:
        """The figures of the foot."""
        self._tasks.read(day.today, key="today", then=self._on_today)

    @Slot(object)
    def _on_today(self, figures: day.Today) -> None:
        self.today_read.emit(showing.today(figures))

    def read_history(self) -> None:
        """What happened to whoever is in hand, where it is looked at."""
        call = self._turn.call
        if not self._view.history.isVisible():
            return
        self._view.set_history((), self._turn.now())
        if call is not None:
            self._tasks.read(_history, call.id, key="history", then=partial(self._on_history, call))

    def _on_history(self, call: CallInHand, rows: list[HistoryRow]) -> None:
        if self._turn.call is call:
            self._view.set_history(rows[::-1], self._turn.now())

    def reread(self, call: CallInHand) -> None:
        """The facts of whoever is in hand may be newer."""
        self._tasks.read(working.reopened, call.id, key="in-hand", then=partial(self._on_reread, call))

    def reread_if_shown(self, inquiry_id: str) -> None:
        """As `reread`, where it is about whoever is in hand."""
        if self._turn.call is not None and self._turn.call.id == inquiry_id:
            self.reread(self._turn.call)

    def _on_reread(self, call: CallInHand, opened: Opened) -> None:
        if self._turn.call is not call:
            return
        if opened.view.inquiry.stage in FINISHED and not self._turn.busy:
            if self._view.isVisible():
                self.said.emit(self.tr("Who was in hand was discarded meanwhile: here is the next one."))
            self._turn.fetch(working.go_on, "")
            return
        if facts_of(opened.view.inquiry) == call.facts and opened.view.inquiry == call.opened.view.inquiry:
            return
        call.refresh(call.desk, opened, self._turn.now())
        self._turn.show_person()
        if not self._view.script.answers.typed():
            self._turn.show_progress()
        self.read_history()

    # what changed

    @Slot(object, object)
    def _on_changed(self, changed: Changed, origin: object) -> None:
        self._feed.refresh(changed)
        self.noticed.emit()
        if changed.kinds & FIGURES:
            self.read_today()
        if changed.kinds & DESK or not changed.kinds:
            self._turn.read_desk()
        if not any(origin is each for each in self._own):
            self._look_again(changed.inquiries)

    @Slot()
    def _on_elsewhere(self) -> None:
        """Another process wrote: nobody knows what."""
        self._feed.read()
        self.read_today()
        self._turn.read_desk()
        self._look_again(frozenset({self._turn.call.id}) if self._turn.call is not None else frozenset())

    def _look_again(self, inquiries: frozenset[str]) -> None:
        turn = self._turn
        if turn.call is not None and turn.call.id in inquiries:
            self.reread(turn.call)
        elif turn.ahead is not None and turn.ahead.id in inquiries and turn.call is not None:
            turn.look_ahead()
        else:
            self.changed.emit()


def _history(seat: Seat, inquiry_id: str) -> list[HistoryRow]:
    from app.services import history

    return history.history(seat, inquiry_id)
