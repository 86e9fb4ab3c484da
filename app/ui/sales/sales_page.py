"""The page of sales: joins its view to leads, the second look, next steps and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.errors import ServiceError
from app.services.sales import lead_view, leads
from app.ui import keys
from app.ui.sales import showing
from app.ui.sales.lead_feed import LeadFeed
from app.ui.sales.lead_in_hand import LeadInHand
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
        self._wanted = ""  # the lead that is being read
        self._arrived = False
        self.view = SalesView(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view.pane.list)
        self.view.pane.list.delegate.set_member(seat.member)
        self.hand = LeadInHand(seat, tasks, self.view, self)
        self._feed = LeadFeed(seat, tasks, self.view.pane, self)
        call = KeyButton(self.tr("Call inquiries"), keys.label("page-1", "window"))
        self._to_calls = self.view.empty.add_action(call)
        self._to_calls.clicked.connect(self.calls_wanted)
        self._join()

    def _join(self) -> None:
        slots: dict[Any, Any] = {
            self.view.pressed: self._on_pressed, self.view.pane.opened: self.open_inquiry,
            self._feed.arrived: self._on_lists, self.hand.settled: self._show_anew, self.hand.said: self.said,
            self.hand.undo_offered: self.undo_offered, self.hand.call_shown: self.call_shown,
            self.hand.acknowledged: self.acknowledged, self._tasks.changed: self._on_changed,
            self._tasks.changed_elsewhere: self._on_elsewhere,
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
        self.hand.returning.close()

    def splitters(self) -> dict[str, QSplitter]:
        """The panes, whose places are remembered."""
        return {"panes": self.view.splitter}

    def lead(self) -> LeadView | None:
        """The lead on the page."""
        return self.hand.lead

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return self.hand.actions.busy() or bool(self._wanted)

    # showing

    @Slot(bool)
    def _on_lists(self, ever: bool) -> None:
        ids = self.view.pane.model.ids()
        if self.hand.lead is None and not self._wanted:
            if ids:
                self.open_inquiry(ids[0])
            else:
                self._nobody(ever=ever)

    def _nobody(self, *, ever: bool) -> None:
        self.hand.lead = None
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
        if self.hand.lead is not None and self.hand.lead.id == inquiry_id and not self._wanted:
            return
        self._wanted = inquiry_id
        self._read_lead(inquiry_id)

    @Slot(object)
    def _on_lead(self, view: LeadView) -> None:
        before, self._wanted = self.hand.lead, ""
        if before is not None and (_same(before, view) or (self.view.step.is_edited() and before.row == view.row)):
            return  # what is being typed is not touched
        self.hand.take(view)
        model = self.view.pane.model
        model.set_opened(view.id)
        if self.view.pane.list.currentIndex().row() != model.row_of(view.id):
            self.view.pane.list.show_row(view.id)
        self.shown.emit(view.id)

    def _on_no_lead(self, error: ServiceError) -> bool:
        self._wanted = ""
        self.hand.lead = None
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
        elif not self._wanted:  # else the cursor stands on a lead that nobody sees yet
            self.hand.press(name)

    @Slot()
    def undo(self) -> None:
        """Takes back what was done last with a lead, and shows it again."""
        self.hand.undo()

    @Slot(str)
    def _show_anew(self, inquiry_id: str) -> None:
        self.hand.lead = None
        if inquiry_id:
            self.open_inquiry(inquiry_id)
        self._feed.read()
        self._read_follow_up()

    # what changed

    @Slot(object, object)
    def _on_changed(self, changed: Changed, origin: object) -> None:
        if origin is self.hand.actions or not (changed.kinds & OURS or not changed.kinds):
            return
        self._feed.read_soon()
        if self._in_front() in changed.inquiries:
            self._read_again()
        if self._arrived:
            self._read_follow_up()

    @Slot()
    def _on_elsewhere(self) -> None:
        """Another process wrote: nobody knows what."""
        self._feed.read_soon()
        self._read_again()

    def _in_front(self) -> str:
        """The lead that is being opened, else the one that is shown."""
        return self._wanted or (self.hand.lead.id if self.hand.lead is not None else "")

    def _read_again(self) -> None:
        """Newer facts about the lead; one that is being opened is still opened."""
        inquiry = self._in_front()
        if inquiry and not self.hand.actions.busy():
            self._read_lead(inquiry)

    def _read_lead(self, inquiry_id: str) -> None:
        self._tasks.read(lead_view.open_lead, inquiry_id, key="lead", then=self._on_lead, failed=self._on_no_lead)


def _same(one: LeadView, other: LeadView) -> bool:
    return (one.row, one.inquiry, one.history, one.held_by) == (other.row, other.inquiry, other.history, other.held_by)
