"""What is done with a lead: handed to the writer, one thing at a time, and told when it is kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.models.entries import Answers, Verdict
from app.models.inquiry import Stage
from app.services.errors import ServiceError
from app.services.sales import lead_view
from app.ui.sales import showing

if TYPE_CHECKING:
    from app.services.sales.lead_view import LeadView
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks


class LeadActions(QObject):
    """Nothing begins while something is under way.

    Signals:
        begun: the LeadView, and whether it will leave its list. done: what was kept, the LeadView and a sentence.
        undone: a Changed. refused: a ServiceError. amount_refused: the sentence about an amount that is none.
        look_kept: the inquiry whose second look was kept. step_saved: the Path of its next step.
    """

    begun = Signal(object, bool)
    done = Signal(str, object, str)
    undone = Signal(object)
    refused = Signal(object)
    amount_refused = Signal(str)
    look_kept = Signal(str)
    step_saved = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._busy = tasks, False

    def busy(self) -> bool:
        """Whether something is under way."""
        return self._busy

    def review(self, view: LeadView, verdict: Verdict, **named: Any) -> None:
        """Accepted, or returned for a reason; `answers` of the second look go along."""
        leaves = verdict not in {Verdict.ACCEPT, Verdict.PROSPECT}
        self._act(view, verdict.value, showing.done(verdict, view.row.name), _review, verdict, leaves=leaves, **named)

    def agree(self, view: LeadView, text: str, at: int, answers: Answers) -> None:
        """A next step, at a moment (ms UTC); with the first of them a lead becomes a prospect."""
        if view.row.stage is Stage.PROSPECT:
            self._act(view, "plan", self.tr("%s: the next step is kept.") % view.row.name, _plan, text, at)
        else:
            told = showing.done(Verdict.PROSPECT, view.row.name)
            self._act(view, "prospect", told, _make_prospect, text, at, answers=answers)

    def finish_step(self, view: LeadView) -> None:
        """The next step was taken."""
        self._act(view, "step-done", self.tr("%s: done. Agree the next one.") % view.row.name, _plan, "", None)

    def win(self, view: LeadView, amount: str, currency: str) -> None:
        """It was bought."""
        told = self.tr("%s: won.") % view.row.name
        self._act(view, "won", told, _close, won=True, amount=amount.replace(",", ""), currency=currency)

    def lose(self, view: LeadView, reason: str) -> None:
        """It was not."""
        told = self.tr("%s: lost. The reason is kept for the results.") % view.row.name
        self._act(view, "lost", told, _close, won=False, reason=reason, leaves=True)

    def give(self, view: LeadView, member: str) -> None:
        """Somebody else of sales answers."""
        self._act(view, "give", self.tr("%s: somebody else answers now.") % view.row.name, _assign, member)

    @Slot()
    def undo(self) -> None:
        """Takes back what was done last."""
        if not self._busy:
            self._busy = True
            self._tasks.act(_undo, then=self._on_undone, failed=partial(self._on_refused, "undo"))

    def keep_look(self, view: LeadView, answers: Answers) -> None:
        """The answers of the second look, as they are given."""
        self._tasks.act(_keep_look, view.id, answers, then=partial(self._on_look_kept, view.id))

    def save_step(self, view: LeadView, file: Path) -> None:
        """Writes the next step as an .ics file."""
        self._tasks.read(_write_step, view.id, file, then=self._on_step_saved, failed=partial(self._on_refused, ""))

    def _act(self, view: LeadView, what: str, told: str, verb: Any, *given: Any, leaves: bool = False, **named: Any
             ) -> None:  # fmt: skip
        if self._busy:
            return
        self._busy = True
        self.begun.emit(view, leaves)
        self._tasks.act(verb, view.id, *given, then=partial(self._on_done, view, what, told),
                        failed=partial(self._on_refused, what), **named)  # fmt: skip

    def _on_done(self, view: LeadView, what: str, told: str, _changed: Changed) -> None:
        self._busy = False
        self.done.emit(what, view, told)

    def _on_undone(self, changed: Changed) -> None:
        self._busy = False
        self.undone.emit(changed)

    def _on_refused(self, what: str, error: ServiceError) -> bool:
        self._busy = self._busy and not what
        if what == "won":
            self.amount_refused.emit(error.sentence)
        else:
            self.refused.emit(error)
        return True

    def _on_look_kept(self, inquiry_id: str, _: None) -> None:
        self.look_kept.emit(inquiry_id)

    def _on_step_saved(self, file: Path) -> None:
        self.step_saved.emit(file)


# Imported on the writer thread: the first of them brings SQLAlchemy.


def _review(seat: Seat, inquiry_id: str, verdict: Verdict, **named: Any) -> Changed:
    from app.services.sales import selling

    return selling.review(seat, inquiry_id, verdict, **named)


def _make_prospect(seat: Seat, inquiry_id: str, text: str, at: int, *, answers: Answers) -> Changed:
    from app.services.sales import selling

    return selling.review(seat, inquiry_id, Verdict.PROSPECT, answers=answers, step=selling.Step(text=text, at=at))


def _plan(seat: Seat, inquiry_id: str, text: str, at: int | None) -> Changed:
    from app.services.sales import selling

    return selling.plan(seat, inquiry_id, None if at is None else selling.Step(text=text, at=at))


def _close(seat: Seat, inquiry_id: str, **named: Any) -> Changed:
    from app.services.sales import selling

    return selling.close(seat, inquiry_id, **named)


def _undo(seat: Seat) -> Changed:
    from app.services.sales import selling

    return selling.undo(seat)


def _assign(seat: Seat, inquiry_id: str, member: str) -> Changed:
    from app.services.sales import assigning

    return assigning.assign(seat, [inquiry_id], member)


def _keep_look(seat: Seat, inquiry_id: str, answers: Answers) -> None:
    lead_view.keep_look(seat, inquiry_id, answers)


def _write_step(seat: Seat, inquiry_id: str, file: Path) -> Path:
    from app.services.sales import appointments

    return appointments.write_appointment(seat, inquiry_id, file)
