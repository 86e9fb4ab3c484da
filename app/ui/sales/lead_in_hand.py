"""The lead that the page shows, and what is done with it: its keys, the second look, next steps, and how it ends."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app.models.entries import Answers, Verdict
from app.models.inquiry import LEAD_STAGES, Stage
from app.services.errors import ServiceError
from app.ui.dialling import Dialling
from app.ui.sales.lead_actions import LeadActions
from app.ui.sales.returning import Returning

if TYPE_CHECKING:
    from app.services.sales.lead_view import LeadView
    from app.services.seat import Changed, Seat
    from app.ui.sales.sales_view import SalesView
    from app.ui.tasks import Tasks


class LeadInHand(QObject):
    """Joins the parts of the view that answer a lead to what is done with it.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back. call_shown: the running call.
        acknowledged: what was kept (`accept`, `prospect`, `won`, `undo`…), and the inquiry's id.
        settled: something was done; whom to show now (empty: nobody).
    """

    said = Signal(str)
    undo_offered = Signal(str)
    call_shown = Signal(str)
    acknowledged = Signal(str, str)
    settled = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, view: SalesView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._view = seat, tasks, view
        self.lead: LeadView | None = None
        self._after = ""  # the lead that is shown when what is under way is done
        self.returning = Returning(view.popup, self)
        self.actions = LeadActions(tasks, self)
        self._dialling = Dialling(self)
        slots: dict[Any, Any] = {
            view.look.answered: self._on_answered, view.look.returned: self._on_returned_by_button,
            view.look.refused: self.said, view.step.kept: self._on_step, view.step.done: self._on_step_done,
            view.step.save_wanted: self._on_save, view.step.left: self._on_form_left, view.won.kept: self._on_won,
            view.won.left: self._on_form_left, self.returning.returned: self._return,
            self.returning.lost: self._on_lost, self.returning.given: self._on_given,
            self._dialling.shown: self.call_shown, self.actions.begun: self._on_begun,
            self.actions.done: self._on_done, self.actions.undone: self._on_undone,
            self.actions.refused: self._on_refused, self.actions.amount_refused: self._on_no_amount,
            self.actions.look_kept: self._on_look_kept, self.actions.step_saved: self._on_saved,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)

    def take(self, lead: LeadView) -> None:
        """Another lead is shown, or newer facts about the same."""
        again = self.lead is not None and self.lead.id == lead.id
        self.lead = lead
        if not again:
            self._dialling.stop()
            self.returning.close()
            if lead.held_by:
                self.said.emit(self.tr("%s has them on the line.") % lead.held_by)
        self._view.set_lead(lead, self._seat.now(), self._seat.member)
        self._view.head.set_enabled(not lead.held_by)

    # keys

    def press(self, name: str) -> None:
        """A key of the page, by its name; nothing while another one's effect is awaited."""
        if self.lead is not None and not self.actions.busy():
            self._on_key(name, self.lead)

    def _on_key(self, name: str, lead: LeadView) -> None:
        if name.startswith("answer-"):
            self._view.look.choose(int(name.removeprefix("answer-")))
        elif name == "look-next":
            if not self._view.look.take_line():
                self._view.look.go_on()
        elif name == "look-back":
            self._view.look.go_back()
        elif name == "call":
            self._call(lead)
        elif lead.row.stage not in LEAD_STAGES:
            self.said.emit(self.tr("This sale is closed. Undo brings it back for some minutes."))
        elif lead.held_by:
            self.said.emit(self.tr("%s has them on the line.") % lead.held_by)
        else:
            self._on_open_lead_key(name, lead)

    def _on_open_lead_key(self, name: str, lead: LeadView) -> None:
        taken_on = lead.row.stage in {Stage.ACCEPTED, Stage.PROSPECT}
        if name == "accept" and not taken_on:
            self._review(lead, Verdict.ACCEPT)
        elif name == "return":
            self.returning.ask(lead.row.name, self._seat.now())
        elif name == "prospect":
            self._view.step.show()
            self._view.step.edit()
        elif name == "won":
            self._ask_amount(lead)
        elif name == "lost":
            self.returning.ask_lost(lead.row.name)
        elif name == "give":
            self._tasks.read(_sellers, key="sellers", then=partial(self._on_sellers, lead))
        elif name == "keep-step":
            self._view.step.keep()
        elif name == "save-step" and lead.row.planned_at is not None:
            self._on_save()
        elif name == "step-done" and lead.row.planned_at is not None:
            self._on_step_done()

    def _call(self, lead: LeadView) -> None:
        number = lead.numbers[0] if lead.numbers else None
        if number is None:
            self.said.emit(self.tr("They have no number."))
        elif number.why:
            self.said.emit(self.tr("Not now: %s.") % number.why)
        elif not self._dialling.dial(lead.dial, number.number):
            self.said.emit(self.tr("Nothing on this computer dials. Dial %s by hand; the clock runs.") % number.shown)

    # the second look

    @Slot(object)
    def _on_answered(self, answers: Answers) -> None:
        if self.lead is not None:
            self.actions.keep_look(self.lead, answers)

    @Slot(str)
    def _on_look_kept(self, inquiry_id: str) -> None:
        self.acknowledged.emit("look", inquiry_id)

    @Slot(object)
    def _on_returned_by_button(self, verdict: Verdict) -> None:
        if self.lead is not None and not self.actions.busy():
            self.returning.ask_why(verdict, self.lead.row.name, self._seat.now())

    @Slot(object, str, object)
    def _return(self, verdict: Verdict, reason: str, until: int | None) -> None:
        if self.lead is not None:
            self._review(self.lead, verdict, reason=reason, until=until)

    def _review(self, lead: LeadView, verdict: Verdict, **named: Any) -> None:
        self.actions.review(lead, verdict, answers=self._view.look.answers(), **named)

    # next steps

    @Slot(str, object)
    def _on_step(self, text: str, at: int) -> None:
        if self.lead is not None:
            self.actions.agree(self.lead, text, at, self._view.look.answers())

    @Slot()
    def _on_step_done(self) -> None:
        if self.lead is not None:
            self.actions.finish_step(self.lead)

    @Slot()
    def _on_save(self) -> None:
        lead = self.lead
        if lead is None or lead.row.planned_at is None:
            return
        name = "".join(sign if sign.isalnum() else "-" for sign in lead.row.name).strip("-") or "winnow"
        title, wanted = self.tr("Save the next step for a calendar"), str(Path.home() / f"{name}.ics")
        path, _ = QFileDialog.getSaveFileName(self._view, title, wanted, "iCalendar (*.ics)")
        if path:
            self.save_step(Path(path))

    def save_step(self, file: Path) -> None:
        """Writes the next step of the lead on the page as an .ics file."""
        if self.lead is not None:
            self.actions.save_step(self.lead, file)

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self.acknowledged.emit("save-step", self.lead.id if self.lead else "")
        self.said.emit(self.tr("The next step is in %s.") % file)

    @Slot()
    def _on_form_left(self) -> None:
        """Nothing was kept: the card is as it was."""
        self._view.won.hide()
        lead = self.lead
        self._view.step.setVisible(lead is not None and lead.row.stage in {Stage.ACCEPTED, Stage.PROSPECT})
        self._view.take_focus()

    # how it ends

    def _ask_amount(self, lead: LeadView) -> None:
        guess = self._view.look.answers().get("amount")
        self._view.won.edit(f"{guess:g}" if isinstance(guess, float) else "", lead.currency)

    @Slot(str, str)
    def _on_won(self, amount: str, currency: str) -> None:
        if self.lead is not None:
            self.actions.win(self.lead, amount, currency)

    @Slot(str)
    def _on_no_amount(self, sentence: str) -> None:
        self._view.head.set_enabled(True)
        self._view.won.refuse(sentence)

    @Slot(str)
    def _on_lost(self, reason: str) -> None:
        if self.lead is not None:
            self.actions.lose(self.lead, reason)

    # who answers

    def _on_sellers(self, lead: LeadView, names: tuple[str, ...]) -> None:
        if self.lead is lead:
            self.returning.ask_whom(lead.row.name, names)

    @Slot(str)
    def _on_given(self, member: str) -> None:
        if self.lead is not None:
            self.actions.give(self.lead, member)

    # what was done

    @Slot(object, bool)
    def _on_begun(self, lead: LeadView, leaves: bool) -> None:
        self._view.head.set_enabled(False)
        self._after = self._view.pane.model.neighbour(lead.id) if leaves else lead.id

    @Slot(str, object, str)
    def _on_done(self, what: str, lead: LeadView, told: str) -> None:
        self.acknowledged.emit(what, lead.id)
        self.undo_offered.emit(told)
        self._view.won.hide()
        if what in {"prospect", "plan", "won"}:
            self._view.take_focus()
        self.settled.emit(self._after)

    @Slot(object)
    def _on_refused(self, error: ServiceError) -> None:
        if not self.actions.busy():
            self._view.head.set_enabled(True)
        self.said.emit(str(error))

    @Slot()
    def undo(self) -> None:
        """Takes back what was done last with a lead, and shows it again."""
        self.actions.undo()

    @Slot(object)
    def _on_undone(self, changed: Changed) -> None:
        self.acknowledged.emit("undo", changed.inquiry)
        self.said.emit(self.tr("Taken back."))
        self.settled.emit(changed.inquiry)


def _sellers(seat: Seat) -> tuple[str, ...]:
    from app.services.sales import assigning  # on the reader thread: the first brings SQLAlchemy

    return assigning.sellers(seat)
