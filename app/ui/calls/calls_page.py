"""The call page: joins its view to the rooms in which its keys are answered.

`turn` holds whose turn it is; `answering`, `ringing`, `ending` and `going` are what keys do with them; `keeping_up` is
what changes meanwhile; `editing`, `writing_mail`, `joining` and `packing` stand beside calling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services import working
from app.ui import hub_words
from app.ui.calls.after_paint import AfterPaint
from app.ui.calls.answering import Answering
from app.ui.calls.asking import Asking
from app.ui.calls.calls_view import CallsView
from app.ui.calls.editing import Editing
from app.ui.calls.ending import Ending
from app.ui.calls.going import Going
from app.ui.calls.idle import Idle
from app.ui.calls.joining import Joining
from app.ui.calls.keeping_up import KeepingUp
from app.ui.calls.packing import Packing
from app.ui.calls.queue_feed import QueueFeed
from app.ui.calls.ringing import Ringing
from app.ui.calls.turn import Turn
from app.ui.calls.writing_mail import WritingMail

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.services.team.syncer import SyncState
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.edit_dialog import EditDialog
    from app.ui.tasks import Tasks


class CallsPage(QWidget):
    """A shift's page.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back with `undo`.
        today_changed, call_shown: texts for the foot of the window.
        import_wanted, capture_wanted: other pages.
        acknowledged: what was kept (`sell`, `no-answer`, `skip`, `draft`, `undo`…), and the inquiry's id.
        shown: the id of the inquiry that is on the page now; empty when nobody is.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    today_changed = Signal(str)
    call_shown = Signal(str)
    import_wanted = Signal()
    capture_wanted = Signal()
    acknowledged = Signal(str, str)
    shown = Signal(str)

    def __init__(
        self, seat: Seat, tasks: Tasks, parent: QWidget | None = None, view: CallsView | None = None
    ) -> None:  # fmt: skip
        """`view`: what was painted first, to be completed."""
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._arrived = False
        self.view = view or CallsView(self)
        self.view.complete()
        self.view.status.hide()  # the window has one for all pages
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.show()  # one that was painted before is hidden by its moving here
        self.setFocusProxy(self.view.script)
        self._furnish()
        self._usual = self.view.splitter.saveState()
        self._join()
        self.view.history.installEventFilter(self)
        self.view.queue.list.viewport().installEventFilter(self)
        self._idle.opening()
        self._feed.begin()

    def _furnish(self) -> None:
        seat, tasks, view = self._seat, self._tasks, self.view
        self._acts = AfterPaint(tasks, self)
        self._idle = Idle(view, seat.clock, self)
        self.asking = Asking(view.popup, self)
        self.turn = Turn(seat, tasks, view, self._idle, self._acts, self)
        self._answering = Answering(view, self.turn, self._acts, self)
        self._ringing = Ringing(tasks, view, self.turn, self._answering, self)
        self._writing = WritingMail(seat, tasks, self.asking, self)
        self._ending = Ending(
            view, self.turn, self._acts, self.asking, self._answering, self._ringing.clock, self._writing, self
        )
        self._going = Going(tasks, view, self.turn, self._acts, self._answering, self._idle, self)
        self._packing = Packing(seat, tasks, self.asking, view.queue, self)
        self._joining = Joining(tasks, self.asking, self)
        self._editing = Editing(self)
        self._feed = QueueFeed(seat, tasks, view.queue, self)
        self.keeping_up = KeepingUp(tasks, view, self.turn, self._feed, self)
        self.keeping_up.set_own(self.turn, self._answering, self._ending, self._going)

    def _join(self) -> None:
        view, turn = self.view, self.turn
        slots: tuple[tuple[Any, Any], ...] = (
            (turn.leaving, self.asking.close), (turn.leaving, self._joining.end), (turn.shown, self._on_shown),
            (turn.limit_read, self._feed.set_limit),
            (self._answering.answered, self._writing.withdraw), (self._ringing.begun, self._writing.withdraw),
            (self._ringing.lost, self.keeping_up.reread), (self._ringing.lost_asleep, self._going.open),
            (self._ringing.clock.shown, self.call_shown), (self._ending.ended, self._joining.forget),
            (self._going.moved, self._writing.withdraw), (self._going.begun, self._feed.count_first),
            (self._going.begun, self.keeping_up.read_today), (self.keeping_up.today_read, self.today_changed),
            (self.keeping_up.noticed, self._packing.look_again), (self.keeping_up.changed, self._going.look_again),
            (self.keeping_up.slept, self._ringing.ask_after_sleep), (view.opened, self._on_row),
            (view.undone, self.undo), (view.mailed, self._on_mail), (self._writing.kept, self._on_mailed),
            (view.edited, self._on_edit), (self._editing.saved, self._on_edit_saved),
            (self._editing.corrected, self._on_corrected), (self._editing.ended, self._on_edit_ended),
            (view.paired, self._on_same), (view.parted, self._on_two), (self._joining.find_wanted, self._on_find_other),
            (self._joining.find_ended, self._on_find_ended), (self._joining.done, self._on_joined),
            (view.packed, self._packing.begin), (self._packing.changed, self._on_pack),
            (self._idle.import_wanted, self.import_wanted), (self._idle.capture_wanted, self.capture_wanted),
        )  # fmt: skip
        for signal, slot in slots:
            signal.connect(slot)
        for room in (turn, self._answering, self._ringing, self._ending, self._going, self._packing, self._joining,
                     self._writing, self.keeping_up):  # fmt: skip
            room.said.connect(self.said)
        for refusing in (self.asking.refused, self._editing.refused):
            refusing.connect(self.said)
        for offering in (self._ending.undo_offered, self._joining.undo_offered):
            offering.connect(self.undo_offered)
        for keeping in (self._answering.kept, self._ending.kept, self._going.kept):
            keeping.connect(self.acknowledged)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claims after the first paint alone; reads the history when it is looked at."""
        if watched is self.view.history:
            if event.type() == QEvent.Type.Show:
                self.keeping_up.read_history()
        elif event.type() == QEvent.Type.Paint:
            self.view.queue.list.viewport().removeEventFilter(self)
            QTimer.singleShot(0, self._going.begin)
        return super().eventFilter(watched, event)

    # what the window asks

    def arrive(self) -> None:
        """The page is at the front."""
        if not self._arrived:
            self._arrived = True
            if self.view.splitter.saveState() != self._usual:
                self.view.keep_sizes()
            return
        self._feed.read()
        self._going.look_again()

    def leave(self) -> None:
        """Another page is at the front: what was typed is kept."""
        self._answering.save()
        self._acts.submit()

    def flush(self) -> None:
        """The window closes: what was typed is kept, and others may take whom it held."""
        self.leave()
        if self.turn.call is not None:
            self._acts.act(working.leave)

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the team."""
        self._ending.set_away(hub_words.is_away(state))
        self._packing.set_hub(state)
        if state is not None:
            self._going.ask_whether_somebody_came()

    def splitters(self) -> dict[str, QSplitter]:
        """The panes, whose places are remembered once somebody has moved them."""
        return {"panes": self.view.splitter} if not self._arrived or self.view.sizes_kept() else {}

    def in_hand(self) -> CallInHand | None:
        """The call on the page."""
        return self.turn.call

    def idle(self) -> str:
        """Why nobody is shown: `opening`, `nothing`, `nobody`, `paused`; empty while somebody is."""
        return self._idle.kind()

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return self.turn.busy

    def editing(self) -> EditDialog | None:
        """The form that corrects a person, while it is open."""
        return self._editing.dialog

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Opens anybody: claimed, or read only while a colleague has them."""
        self._going.open_inquiry(inquiry_id)

    @Slot()
    def undo(self) -> None:
        """Takes back the last action; people who were joined last are two again."""
        if not self.turn.busy and not self._joining.take_back():
            self._going.undo()

    @Slot(str)
    def _on_shown(self, inquiry_id: str) -> None:
        self._ringing.clock.stop()
        self.keeping_up.read_history()
        self.shown.emit(inquiry_id)

    # beside calling

    @Slot()
    def _on_mail(self) -> None:
        if self._writing.offered_to():
            self._writing.begin(None)
            return
        call = self.turn.free()
        if call is not None or (self.turn.call is None and not self.turn.busy):
            self._writing.begin(call)

    @Slot(str)
    def _on_mailed(self, inquiry_id: str) -> None:
        self.acknowledged.emit("mail", inquiry_id)
        self.keeping_up.reread_if_shown(inquiry_id)

    @Slot()
    def _on_edit(self) -> None:
        call = self.turn.free()
        if call is not None:
            self._editing.begin(call)

    @Slot(str, object)
    def _on_edit_saved(self, inquiry_id: str, changes: dict[str, str]) -> None:
        from app.services import capture

        self._acts.act(capture.edit, inquiry_id, changes, then=self._editing.keep, failed=self._editing.refuse)

    @Slot(str)
    def _on_corrected(self, inquiry_id: str) -> None:
        self.acknowledged.emit("edit", inquiry_id)
        self.keeping_up.reread_if_shown(inquiry_id)

    @Slot()
    def _on_edit_ended(self) -> None:
        self.window().activateWindow()  # not every desktop gives the keyboard back by itself
        self.view.script.take_focus()

    @Slot()
    def _on_pack(self) -> None:
        """Others may be called now: those that came along, or nobody of those that went back."""
        self._feed.read()
        self._going.look_again()

    # one person or two

    @Slot()
    def _on_same(self) -> None:
        call = self.turn.free()
        if call is not None:
            self._answering.save()
            self._joining.begin(call)

    @Slot()
    def _on_two(self) -> None:
        call = self.turn.free()
        if call is not None:
            self._joining.begin_parting(call)

    @Slot(str)
    def _on_row(self, inquiry_id: str) -> None:
        if self._joining.looking():
            self._joining.chosen(inquiry_id)
        else:
            self.open_inquiry(inquiry_id)

    @Slot(str)
    def _on_find_other(self, words: str) -> None:
        self.view.queue.find_field.set_asked(words)
        self.view.start_finding()

    @Slot()
    def _on_find_ended(self) -> None:
        self.view.queue.find_field.set_asked("")
        self._feed.stop_finding()
        self.view.script.take_focus()

    @Slot(str, str)
    def _on_joined(self, what: str, inquiry_id: str) -> None:
        """What is on the page is another inquiry than before."""
        self.acknowledged.emit(what, inquiry_id)
        self._going.open(inquiry_id)
