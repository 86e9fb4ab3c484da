"""Whose turn it is: the call in hand, the one held ahead of it, and the desk by which both are shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.services import working
from app.services.call_desk import call_desk
from app.ui.calls import showing
from app.ui.calls.call_in_hand import CallInHand

if TYPE_CHECKING:
    from app.services.call_desk import CallDesk
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.working import Opened, Step
    from app.ui.calls.after_paint import AfterPaint
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.idle import Idle
    from app.ui.tasks import Tasks


class Turn(QObject):
    """Fills the page with whom the writer fetched; every key asks here whether somebody is in hand.

    Signals:
        said: a sentence for a toast.
        leaving: another inquiry is about to fill the page.
        shown: the id of the inquiry that is on the page now; empty when nobody is.
        taken: what the writer fetched is shown; another key may follow.
        limit_read: the limit of the home in words.
    """

    said = Signal(str)
    leaving = Signal()
    shown = Signal(str)
    taken = Signal()
    limit_read = Signal(str)

    def __init__(
        self, seat: Seat, tasks: Tasks, view: CallsView, idle: Idle, acts: AfterPaint, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._view, self._idle, self._acts = seat, tasks, view, idle, acts
        self.desk: CallDesk | None = None
        self.call: CallInHand | None = None
        self.ahead: Opened | None = None
        self.busy = False  # a key's effect is under way whose next inquiry is not here yet

    def now(self) -> int:
        """The seat's clock, ms UTC."""
        return self._seat.now()

    def free(self) -> CallInHand | None:
        """The call, when something may be done with it now; says why it may not."""
        call = self.call
        if call is None or self.busy:
            return None
        if call.opened.locked:
            self.said.emit(call.opened.locked)
            return None
        return call

    # the desk

    def read_desk(self) -> None:
        """Script, scorecard and limit as they are now."""
        self._tasks.read(call_desk, key="desk", then=self.set_desk)

    @Slot(object)
    def set_desk(self, desk: CallDesk) -> None:
        """From now on calls are shown by this one."""
        self.desk = desk
        self.limit_read.emit(desk.limit)
        if self.call is not None:
            self.call.refresh(desk, self.call.opened, self.now())
            self.show_progress()

    # fetching

    def fetch(self, verb: Any, *given: Any) -> None:
        """Somebody else is to be shown: whom the writer's `verb` brings."""
        self.busy = True
        self._acts.act(verb, *given, then=self.take, failed=self.fail)

    @Slot(object)
    def take(self, step: Step) -> None:
        """Shows whom the writer fetched."""
        if self.desk is None:  # it comes from the other thread, and is on its way
            self._tasks.read(call_desk, key="desk", then=partial(self._take_by, step))
            return
        self.busy = False
        self.ahead = step.ahead
        if step.opened is not None:
            self.show(CallInHand(self.desk, step.opened, self.now()))
        elif step.trouble:
            self.said.emit(step.trouble)
            self._show_nobody(step)
        elif step.why_none:
            self._show_nobody(step)
        self.taken.emit()

    def _take_by(self, step: Step, desk: CallDesk) -> None:
        self.set_desk(desk)
        self.take(step)

    def fail(self, error: ServiceError) -> None:
        """Nothing was fetched: whoever is on the page stays."""
        self.busy = False
        self._view.set_decidable(self.call is not None and not self.call.opened.locked)
        self.said.emit(str(error))

    def look_ahead(self) -> None:
        """Whom to hold ahead is looked up anew, when nobody's key waits."""
        call = self.call
        if call is not None:
            self._acts.act(working.look_ahead, call.id, then=partial(self._on_ahead, call), background=True)

    def _on_ahead(self, call: CallInHand, step: Step) -> None:
        if self.call is call and not self.busy:
            self.ahead = step.ahead

    def take_ahead(self, behind: CallInHand) -> str:
        """Shows whoever is held ahead at once, and gives their id; empty where nobody may be shown so."""
        ahead, self.ahead = self.ahead, None
        if ahead is None or self.desk is None or ahead.id == behind.id or self.now() >= ahead.good_until:
            return ""
        self.show(CallInHand(self.desk, ahead, self.now()))
        return ahead.id

    def wait(self) -> None:
        """Nobody is there to be shown at once: nothing can be decided until the writer has fetched somebody."""
        self.busy = True
        self._view.set_decidable(False)

    # showing

    def show(self, call: CallInHand) -> None:
        """Another inquiry fills the page."""
        self.call = call
        self.leaving.emit()
        self._idle.end()
        view = self._view
        person = showing.person(call.opened, self.now())
        view.set_inquiry(person, call.script_view(), call.score_view(), call.note, number=call.number)
        view.set_decidable(not call.opened.locked)
        if not view.queue.list.hasFocus():
            view.queue.list.show_row(call.id)
        if call.opened.locked:
            self.said.emit(call.opened.locked)
        self.shown.emit(call.id)

    def show_person(self) -> None:
        """The head of the page again: their time goes on, and facts may be newer."""
        if self.call is not None:
            self._view.person.set_person(showing.person(self.call.opened, self.now()), self.call.number)

    def show_progress(self) -> None:
        """The question and the score again; the person and the note stay as they are."""
        if self.call is not None:
            self._view.set_progress(self.call.script_view(), self.call.score_view())

    def end(self) -> None:
        """Nobody is in hand any more."""
        self.call = self.ahead = None
        self.shown.emit("")

    def _show_nobody(self, step: Step) -> None:
        self.call = None
        if step.nothing_yet:
            self._idle.nothing()
        else:
            self._idle.nobody(step.opens_at)
        self.shown.emit("")
