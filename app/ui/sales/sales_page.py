"""The page of sales: joins its view to leads, the second look, next steps and how they end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from app.models.entries import Answers, Verdict
from app.models.inquiry import LEAD_STAGES, Stage
from app.services.errors import ServiceError
from app.services.sales import lead_view, leads
from app.ui import keys
from app.ui.dialling import Dialling
from app.ui.sales import showing
from app.ui.sales.lead_actions import LeadActions
from app.ui.sales.lead_feed import LeadFeed
from app.ui.sales.returning import Returning
from app.ui.sales.sales_view import SalesView
from app.ui.widgets.key_button import KeyButton

if TYPE_CHECKING:
    from app.services.sales.lead_view import LeadView
    from app.services.sales.leads import FollowUp
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

OURS = frozenset({
    "disposed", "reviewed", "closed", "planned", "lead_assigned", "undone", "erased", "objected", "lifted", "corrected",
    "merged", "split", "settled", "setting", "delivered",
})  # fmt: skip


class SalesPage(QWidget):
    """What sales has before it.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back with `undo`.
        today_changed, call_shown: texts for the foot of the window.
        calls_wanted: the page of calls.
        acknowledged: what was kept (`accept`, `prospect`, `nurture`, `won`, `undo`…), and the inquiry's id.
        shown: the id of the lead that is on the page now; empty when nobody is.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    today_changed = Signal(str)
    call_shown = Signal(str)
    calls_wanted = Signal()
    acknowledged = Signal(str, str)
    shown = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._view_of: LeadView | None = None
        self._wanted = ""  # the lead that is being read
        self._after = ""  # the lead that is shown when what is under way is done
        self._arrived = False
        self.view = SalesView(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view.pane.list)
        self.view.pane.list.delegate.set_member(seat.member)
        self.returning = Returning(self.view.popup, self)
        self._feed = LeadFeed(seat, tasks, self.view.pane, self)
        self._dialling = Dialling(self)
        self._actions = LeadActions(tasks, self)
        call = KeyButton(self.tr("Call inquiries"), keys.label("page-1", "window"))
        self._to_calls = self.view.empty.add_action(call)
        self._to_calls.clicked.connect(self.calls_wanted)
        self._join()

    def _join(self) -> None:
        view = self.view
        slots: dict[Any, Any] = {
            view.pressed: self._on_pressed, view.pane.opened: self.open_inquiry, view.look.answered: self._on_answered,
            view.look.returned: self._on_returned_by_button, view.look.refused: self.said,
            view.step.kept: self._on_step, view.step.done: self._on_step_done, view.step.save_wanted: self._on_save,
            view.step.left: self._on_form_left, view.won.kept: self._on_won, view.won.left: self._on_form_left,
            self.returning.returned: self._return, self.returning.lost: self._on_lost,
            self.returning.given: self._on_given, self._feed.arrived: self._on_lists,
            self._dialling.shown: self.call_shown, self._actions.begun: self._on_begun,
            self._actions.done: self._on_done, self._actions.undone: self._on_undone,
            self._actions.refused: self._on_refused, self._actions.amount_refused: self._on_no_amount,
            self._actions.look_kept: self._on_look_kept, self._actions.step_saved: self._on_saved,
            self._tasks.changed: self._on_changed, self._tasks.changed_elsewhere: self._on_elsewhere,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)

    # what the window asks

    def arrive(self) -> None:
        """The page is at the front."""
        self._arrived = True
        self._feed.read()
        self._read_follow_up()

    def leave(self) -> None:
        """Another page is at the front."""
        self._arrived = False
        self.returning.close()

    def splitters(self) -> dict[str, QSplitter]:
        """The panes, whose places are remembered."""
        return {"panes": self.view.splitter}

    def lead(self) -> LeadView | None:
        """The lead on the page."""
        return self._view_of

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return self._actions.busy() or bool(self._wanted)

    # showing

    @Slot(bool)
    def _on_lists(self, ever: bool) -> None:
        ids = self.view.pane.model.ids()
        if self._view_of is None and not self._wanted:
            if ids:
                self.open_inquiry(ids[0])
            else:
                self._nobody(ever=ever)

    def _nobody(self, *, ever: bool) -> None:
        self._view_of = None
        self.view.pane.model.set_opened("")
        if ever:
            words = self.tr("The next lead is here within a second of its sale.")
            self.view.set_nobody("check", self.tr("Sales has nobody waiting"), words)
        else:
            words = self.tr("Whoever a caller sells comes here at once, with everything that was said.")
            self.view.set_nobody("sales", self.tr("No lead has been sold yet"), words)
        self._to_calls.setVisible(not ever)
        self.shown.emit("")

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Shows a lead."""
        if self._view_of is not None and self._view_of.id == inquiry_id and not self._wanted:
            return
        self._wanted = inquiry_id
        self._tasks.read(lead_view.open_lead, inquiry_id, key="lead", then=self._on_lead, failed=self._on_no_lead)

    @Slot(object)
    def _on_lead(self, view: LeadView) -> None:
        again = self._view_of is not None and self._view_of.id == view.id
        if again and self._view_of is not None and _same(self._view_of, view):
            self._wanted = ""
            return
        if again and self.view.step.is_edited() and self._view_of is not None and self._view_of.row == view.row:
            self._wanted = ""
            return  # what is being typed is not touched
        self._view_of, self._wanted = view, ""
        if not again:
            self._dialling.stop()
            self.returning.close()
        self.view.set_lead(view, self._seat.now(), self._seat.member)
        self.view.head.set_enabled(not view.held_by)
        if view.held_by and not again:
            self.said.emit(self.tr("%s has them on the line.") % view.held_by)
        model = self.view.pane.model
        model.set_opened(view.id)
        if self.view.pane.list.currentIndex().row() != model.row_of(view.id):
            self.view.pane.list.show_row(view.id)
        self.shown.emit(view.id)

    def _on_no_lead(self, error: ServiceError) -> bool:
        self._wanted = ""
        self._view_of = None
        self.said.emit(str(error))
        self._feed.read_soon()
        return True

    def _read_follow_up(self) -> None:
        self._tasks.read(leads.follow_up, key="follow-up", slow=True, then=self._on_follow_up)

    @Slot(object)
    def _on_follow_up(self, found: FollowUp) -> None:
        if self._arrived:
            self.today_changed.emit(showing.follow_up(found))

    # keys

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        if name == "find":
            self.view.pane.find_field.setFocus()
        elif name == "undo":
            self.undo()
        elif name == "whose":
            whose = "all" if self._feed.mine() else "mine"
            self.view.pane.whose.set_current(whose)
            self._feed.show_whose(whose)
        elif self._view_of is not None and not self._actions.busy():
            self._on_lead_key(name, self._view_of)

    def _on_lead_key(self, name: str, view: LeadView) -> None:
        if name.startswith("answer-"):
            self.view.look.choose(int(name.removeprefix("answer-")))
        elif name == "look-next":
            if not self.view.look.take_line():
                self.view.look.go_on()
        elif name == "look-back":
            self.view.look.go_back()
        elif name == "call":
            self._call(view)
        elif view.row.stage not in LEAD_STAGES:
            self.said.emit(self.tr("This sale is closed. Undo brings it back for some minutes."))
        elif view.held_by:
            self.said.emit(self.tr("%s has them on the line.") % view.held_by)
        else:
            self._on_open_lead_key(name, view)

    def _on_open_lead_key(self, name: str, view: LeadView) -> None:
        taken_on = view.row.stage in {Stage.ACCEPTED, Stage.PROSPECT}
        if name == "accept" and not taken_on:
            self._review(view, Verdict.ACCEPT)
        elif name == "return":
            self.returning.ask(view.row.name, self._seat.now())
        elif name == "prospect":
            self.view.step.show()
            self.view.step.edit()
        elif name == "won":
            self._ask_amount(view)
        elif name == "lost":
            self.returning.ask_lost(view.row.name)
        elif name == "give":
            self._tasks.read(_sellers, key="sellers", then=partial(self._on_sellers, view))
        elif name == "keep-step":
            self.view.step.keep()
        elif name == "save-step" and view.row.planned_at is not None:
            self._on_save()
        elif name == "step-done" and view.row.planned_at is not None:
            self._on_step_done()

    def _call(self, view: LeadView) -> None:
        number = view.numbers[0] if view.numbers else None
        if number is None:
            self.said.emit(self.tr("They have no number."))
        elif number.why:
            self.said.emit(self.tr("Not now: %s.") % number.why)
        elif not self._dialling.dial(view.dial, number.number):
            self.said.emit(self.tr("Nothing on this computer dials. Dial %s by hand; the clock runs.") % number.shown)

    # the second look

    @Slot(object)
    def _on_answered(self, answers: Answers) -> None:
        if self._view_of is not None:
            self._actions.keep_look(self._view_of, answers)

    @Slot(str)
    def _on_look_kept(self, inquiry_id: str) -> None:
        self.acknowledged.emit("look", inquiry_id)

    @Slot(object)
    def _on_returned_by_button(self, verdict: Verdict) -> None:
        if self._view_of is not None and not self._actions.busy():
            self.returning.ask_why(verdict, self._view_of.row.name, self._seat.now())

    @Slot(object, str, object)
    def _return(self, verdict: Verdict, reason: str, until: int | None) -> None:
        if self._view_of is not None:
            self._review(self._view_of, verdict, reason=reason, until=until)

    def _review(self, view: LeadView, verdict: Verdict, **named: Any) -> None:
        self._actions.review(view, verdict, answers=self.view.look.answers(), **named)

    # next steps

    @Slot(str, object)
    def _on_step(self, text: str, at: int) -> None:
        if self._view_of is not None:
            self._actions.agree(self._view_of, text, at, self.view.look.answers())

    @Slot()
    def _on_step_done(self) -> None:
        if self._view_of is not None:
            self._actions.finish_step(self._view_of)

    @Slot()
    def _on_save(self) -> None:
        view = self._view_of
        if view is None or view.row.planned_at is None:
            return
        name = "".join(sign if sign.isalnum() else "-" for sign in view.row.name).strip("-") or "winnow"
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the next step for a calendar"), str(Path.home() / f"{name}.ics"), "iCalendar (*.ics)"
        )
        if path:
            self.save_step(Path(path))

    def save_step(self, file: Path) -> None:
        """Writes the next step of the lead on the page as an .ics file."""
        if self._view_of is not None:
            self._actions.save_step(self._view_of, file)

    @Slot(object)
    def _on_saved(self, file: Path) -> None:
        self.acknowledged.emit("save-step", self._view_of.id if self._view_of else "")
        self.said.emit(self.tr("The next step is in %s.") % file)

    @Slot()
    def _on_form_left(self) -> None:
        """Nothing was kept: the card is as it was."""
        self.view.won.hide()
        view = self._view_of
        self.view.step.setVisible(view is not None and view.row.stage in {Stage.ACCEPTED, Stage.PROSPECT})
        self.view.take_focus()

    # how it ends

    def _ask_amount(self, view: LeadView) -> None:
        guess = self.view.look.answers().get("amount")
        self.view.won.edit(f"{guess:g}" if isinstance(guess, float) else "", view.currency)

    @Slot(str, str)
    def _on_won(self, amount: str, currency: str) -> None:
        if self._view_of is not None:
            self._actions.win(self._view_of, amount, currency)

    @Slot(str)
    def _on_no_amount(self, sentence: str) -> None:
        self.view.head.set_enabled(True)
        self.view.won.refuse(sentence)

    @Slot(str)
    def _on_lost(self, reason: str) -> None:
        if self._view_of is not None:
            self._actions.lose(self._view_of, reason)

    # who answers

    def _on_sellers(self, view: LeadView, names: tuple[str, ...]) -> None:
        if self._view_of is view:
            self.returning.ask_whom(view.row.name, names)

    @Slot(str)
    def _on_given(self, member: str) -> None:
        if self._view_of is not None:
            self._actions.give(self._view_of, member)

    # what was done

    @Slot(object, bool)
    def _on_begun(self, view: LeadView, leaves: bool) -> None:
        self.view.head.set_enabled(False)
        self._after = self.view.pane.model.neighbour(view.id) if leaves else view.id

    @Slot(str, object, str)
    def _on_done(self, what: str, view: LeadView, told: str) -> None:
        self.acknowledged.emit(what, view.id)
        self.undo_offered.emit(told)
        self.view.won.hide()
        if what in {"prospect", "plan", "won"}:
            self.view.take_focus()
        self._show_anew(self._after)

    def _show_anew(self, inquiry_id: str) -> None:
        self._view_of = None
        if inquiry_id:
            self.open_inquiry(inquiry_id)
        self._feed.read()
        self._read_follow_up()

    @Slot(object)
    def _on_refused(self, error: ServiceError) -> None:
        if not self._actions.busy():
            self.view.head.set_enabled(True)
        self.said.emit(str(error))

    @Slot()
    def undo(self) -> None:
        """Takes back what was done last with a lead, and shows it again."""
        self._actions.undo()

    @Slot(object)
    def _on_undone(self, changed: Changed) -> None:
        self.acknowledged.emit("undo", changed.inquiry)
        self.said.emit(self.tr("Taken back."))
        self._show_anew(changed.inquiry)

    # what changed

    @Slot(object, object)
    def _on_changed(self, changed: Changed, origin: object) -> None:
        if origin is self._actions or not (changed.kinds & OURS or not changed.kinds):
            return
        self._feed.read_soon()
        view = self._view_of
        if view is not None and view.id in changed.inquiries and not self._actions.busy():
            self._tasks.read(lead_view.open_lead, view.id, key="lead", then=self._on_lead, failed=self._on_no_lead)
        if self._arrived:
            self._read_follow_up()

    @Slot()
    def _on_elsewhere(self) -> None:
        """Another process wrote: nobody knows what."""
        self._feed.read_soon()
        view = self._view_of
        if view is not None and not self._actions.busy():
            self._tasks.read(lead_view.open_lead, view.id, key="lead", then=self._on_lead, failed=self._on_no_lead)


def _same(one: LeadView, other: LeadView) -> bool:
    return (one.row, one.inquiry, one.history, one.held_by) == (other.row, other.inquiry, other.history, other.held_by)


def _sellers(seat: Seat) -> tuple[str, ...]:
    from app.services.sales import assigning  # on the reader thread: the first brings SQLAlchemy

    return assigning.sellers(seat)
