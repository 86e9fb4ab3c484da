"""The way on and the way back: who comes first, who next, anybody who is opened, undo and pauses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services import working

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.team.link import Link
    from app.services.team.work import Work
    from app.services.working import Step
    from app.ui.calls.after_paint import AfterPaint
    from app.ui.calls.answering import Answering
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.idle import Idle
    from app.ui.calls.turn import Turn
    from app.ui.tasks import Tasks


class Going(QObject):
    """Puts another inquiry on the page without anything having been done with the one before.

    Signals:
        said: a sentence for a toast.
        begun: the first inquiry is there, or nobody is.
        moved: the one that was called last is not on the page any more.
        kept: `undo`, and the inquiry's id.
    """

    said = Signal(str)
    begun = Signal()
    moved = Signal()
    kept = Signal(str, str)

    def __init__(
        self, tasks: Tasks, view: CallsView, turn: Turn, acts: AfterPaint, answering: Answering, idle: Idle,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._tasks, self._view, self._turn, self._acts = tasks, view, turn, acts
        self._answering, self._idle = answering, idle
        self._begun = False
        self._wanted = ""  # an inquiry to open once the page is ready
        view.next_inquiry.connect(self._on_next_inquiry)
        view.paused.connect(self._on_pause)
        turn.taken.connect(self._on_taken)
        idle.over.connect(self.begin)

    # beginning

    @Slot()
    def begin(self) -> None:
        """Who was interrupted last, else the next one."""
        self._begun = True
        if self._turn.desk is None:
            self._turn.read_desk()
        self._turn.busy = True
        self._acts.act(working.start, then=self._on_begun, failed=self._on_not_begun)

    @Slot(object)
    def _on_begun(self, step: Step) -> None:
        self._turn.take(step)
        self.begun.emit()

    def _on_not_begun(self, error: ServiceError) -> None:
        self._turn.fail(error)
        self.begun.emit()

    def look_again(self) -> None:
        """Somebody may be there by now, where nobody was."""
        if self._idle.kind() in {"nothing", "nobody"} and self._begun and not self._turn.busy:
            self.begin()

    def ask_whether_somebody_came(self) -> None:
        """As `look_again`, without fetching anybody before one is there."""
        if self._idle.kind() == "nobody" and not self._turn.busy:
            self._tasks.read(_somebody, key="somebody", then=self._on_somebody)

    def _on_somebody(self, there: bool) -> None:
        if there and self._idle.kind() == "nobody" and not self._turn.busy:
            self.begin()

    # on

    @Slot()
    def _on_next_inquiry(self) -> None:
        if not self._turn.busy:
            self._answering.save()
            self._turn.fetch(working.go_on, self._turn.call.id if self._turn.call is not None else "")

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Opens anybody: claimed, or read only while a colleague has them."""
        if self._turn.call is not None and self._turn.call.id == inquiry_id:
            self._view.script.take_focus()
            return
        if self._turn.busy or not self._begun:
            self._wanted = inquiry_id
            return
        self._answering.save()
        self.moved.emit()
        self._turn.busy = True
        opening = partial(self.open, inquiry_id)
        if not self._tasks.ask_hub(_claim_now, inquiry_id, then=opening, failed=opening):
            self.open(inquiry_id)

    def open(self, inquiry_id: str, _answer: object = None) -> None:
        """Claimed at the hub or not: what this computer does not hold can be read, and says why."""
        self._turn.fetch(working.open_one, inquiry_id)

    @Slot()
    def _on_taken(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.open_inquiry(wanted)

    # back

    def undo(self) -> None:
        """Takes back the last action, and brings its inquiry and draft back."""
        if self._turn.busy:
            return
        self._answering.save()
        self.moved.emit()
        self._turn.busy = True
        call = self._turn.call
        shown = call.id if call is not None and not call.opened.locked else ""
        self._acts.act(working.undo, shown=shown, then=self._on_undone, failed=self._turn.fail)

    @Slot(object)
    def _on_undone(self, step: Step) -> None:
        self.kept.emit("undo", step.changed.inquiry)
        self.said.emit(self.tr("Taken back."))
        self._turn.take(step)
        opened = step.opened
        if opened is not None and opened.locked:  # the hub may have given them to others meanwhile, or not
            then = partial(self.open, opened.id)
            self._tasks.ask_hub(_claim_now, opened.id, then=then, failed=self._turn.fail)

    # pauses

    @Slot()
    def _on_pause(self) -> None:
        if self._idle.kind() == "paused":
            self.begin()
        elif not self._turn.busy:
            self._answering.save()
            self._idle.pause()
            self._acts.act(working.leave)
            self._turn.end()


def _somebody(seat: Seat) -> bool:
    from app.services import queue

    return queue.peek_next(seat) is not None


def _claim_now(seat: Seat, link: Link, inquiry_id: str, *, work: Work) -> None:
    from app.services.team import claims

    claims.claim_now(seat, link, inquiry_id, work=work)
