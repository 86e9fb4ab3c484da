"""The call page: joins its view to the queue, to calls and to decisions.

The window never waits: an answer is scored here, and kept by the writer; a decision shows the inquiry that was held
ahead at once, and brings the one before back if the writer refuses it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.models.conditions import is_given
from app.models.entries import Answer, Disposition, Outcome
from app.services import drafts, working
from app.services import today as day
from app.services.errors import ReasonNeeded, ServiceError
from app.services.handoff import Choice
from app.services.qualifying import facts_of
from app.ui import hub_words, keys
from app.ui.calls import asking, showing
from app.ui.calls.call_in_hand import CallInHand
from app.ui.calls.calls_view import CallsView
from app.ui.calls.dialling import Dialling
from app.ui.calls.editing import Editing
from app.ui.calls.idle import Idle
from app.ui.calls.joining import Joining
from app.ui.calls.packing import Packing
from app.ui.calls.queue_feed import QueueFeed
from app.ui.calls.writing_mail import WritingMail

if TYPE_CHECKING:
    from app.models.rows import HistoryRow
    from app.services.seat import Changed, Seat
    from app.services.team.link import Link
    from app.services.team.syncer import SyncState
    from app.services.team.work import Work
    from app.services.working import Desk, Opened, Step
    from app.ui.calls.edit_dialog import EditDialog
    from app.ui.tasks import Tasks

NOTE_MS = 400  # a note is kept at most so long after a key
MINUTE_MS = 60_000
SLEPT_MS = 3 * MINUTE_MS  # a minute that took so long by the clock: the computer has slept
DESK = frozenset({"setting", "script_published", "scorecard_published", "source_defined"})
FIGURES = frozenset({"called", "disposed", "undone", "erased"})
ADVANCING = frozenset({"choice", "yes_no"})  # of the others several keys make one answer, and Enter ends it


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
        self._desk: Desk | None = None
        self._call: CallInHand | None = None
        self._ahead: Opened | None = None
        self._busy = False  # a decision is under way whose next inquiry is not here yet
        self._begun = self._arrived = False
        self._away = False  # from the hub of the team
        self._awake_at = seat.now()
        self._waiting: list[partial[int]] = []
        self._wanted = ""  # an inquiry to open once the page is ready
        self.view = view or CallsView(self)
        self.view.complete()
        self.view.status.hide()  # the window has one for all pages
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.show()  # one that was painted before is hidden by its moving here
        self.setFocusProxy(self.view.script)
        self.asking = asking.Asking(self.view.popup, self)
        self._writing = WritingMail(seat, tasks, self.asking, self)
        self._packing = Packing(seat, tasks, self.asking, self.view.queue, self)
        self._joining = Joining(tasks, self.asking, self)
        self._editing = Editing(self)
        self._editing.saved.connect(self._on_edit_saved)
        self._editing.corrected.connect(self._on_corrected)
        self._editing.refused.connect(self.said)
        self._editing.ended.connect(self._on_edit_ended)
        self._idle = Idle(self.view, seat.clock, self)
        self._feed = QueueFeed(seat, tasks, self.view.queue, self)
        self._dialling = Dialling(self)
        self._note = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._usual = self.view.splitter.saveState()
        self._join()
        self._idle.opening()
        self._feed.begin()

    def _join(self) -> None:
        view = self.view
        slots: dict[Any, Any] = {
            view.opened: self._on_row, view.call_pressed: self._on_call, view.number_chosen: self._on_number,
            view.answered: self._on_answered, view.next_question: self._on_next, view.previous_question: self._on_back,
            view.question_pressed: self._on_question, view.note_typed: self._on_note,
            view.outcome_chosen: self._on_outcome, view.disposition_chosen: self._on_disposition,
            view.next_inquiry: self._on_next_inquiry, view.skipped: self._on_skip, view.undone: self.undo,
            view.edited: self._on_edit, view.mailed: self._on_mail,
            view.packed: self._packing.begin, view.paused: self._on_pause,
            self.asking.decided: self._decide, self.asking.called_back: self._on_called_back,
            self.asking.skipped: self._skip, self.asking.refused: self.said,
            view.paired: self._on_same, view.parted: self._on_two,
            self._joining.said: self.said, self._joining.undo_offered: self.undo_offered,
            self._joining.find_wanted: self._on_find_other, self._joining.find_ended: self._on_find_ended,
            self._joining.done: self._on_joined, self._packing.said: self.said, self._packing.changed: self._on_pack,
            self._writing.said: self.said, self._writing.kept: self._on_mailed,
            self._idle.over: self._begin, self._idle.import_wanted: self.import_wanted,
            self._idle.capture_wanted: self.capture_wanted, self._dialling.shown: self.call_shown,
            self._note.timeout: self._save, self._minutes.timeout: self._on_minute,
            self._tasks.changed: self._on_changed, self._tasks.changed_elsewhere: self._on_elsewhere,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        self._minutes.start()
        self.view.queue.list.viewport().installEventFilter(self)
        self.view.history.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claims after the first paint alone; reads the history when it is looked at."""
        if watched is self.view.history:
            if event.type() == QEvent.Type.Show:
                self._read_history()
        elif event.type() == QEvent.Type.Paint and not self._begun:
            self._begun = True
            self.view.queue.list.viewport().removeEventFilter(self)
            QTimer.singleShot(0, self._begin)
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
        if self._idle.kind() in {"nothing", "nobody"}:
            self._begin()

    def leave(self) -> None:
        """Another page is at the front: what was typed is kept."""
        self._save()
        self._submit()

    def flush(self) -> None:
        """The window closes: what was typed is kept, and others may take whom it held."""
        self._save()
        self._submit()
        if self._call is not None:
            self._act(working.leave)

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the team: while the hub is away, a sell is not yet with sales."""
        self._away = hub_words.is_away(state)
        self._packing.set_hub(state)
        if state is not None and self._idle.kind() == "nobody" and not self._busy:
            self._tasks.read(_somebody, key="somebody", then=self._on_somebody)

    def _on_somebody(self, there: bool) -> None:
        """The hub has given somebody meanwhile."""
        if there and self._idle.kind() == "nobody" and not self._busy:
            self._begin()

    def splitters(self) -> dict[str, QSplitter]:
        """The panes, whose places are remembered once somebody has moved them."""
        return {"panes": self.view.splitter} if not self._arrived or self.view.sizes_kept() else {}

    def in_hand(self) -> CallInHand | None:
        """The call on the page."""
        return self._call

    def idle(self) -> str:
        """Why nobody is shown: `opening`, `nothing`, `nobody`, `paused`; empty while somebody is."""
        return self._idle.kind()

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return self._busy

    def editing(self) -> EditDialog | None:
        """The form that corrects a person, while it is open."""
        return self._editing.dialog

    # handing work to the writer

    def _act(self, verb: Any, *given: Any, **named: Any) -> None:
        """As `tasks.act`, behind everything that was to wait for a paint."""
        self._submit()
        self._tasks.act(verb, *given, **named)

    def _act_after_paint(self, verb: Any, *given: Any, **named: Any) -> None:
        """As `_act`, a moment later: the writer would take turns with the painting, and make both slower."""
        self._waiting.append(partial(self._tasks.act, verb, *given, **named))
        QTimer.singleShot(0, self._submit)

    @Slot()
    def _submit(self) -> None:
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    # beginning

    @Slot()
    def _begin(self) -> None:
        """Who was interrupted last, else the next one."""
        self._begun = True
        if self._desk is None:
            self._tasks.read(working.desk, key="desk", then=self._on_desk)
        self._busy = True
        self._act(working.start, then=self._on_begun, failed=self._on_not_begun)
        self._read_today()

    @Slot(object)
    def _on_begun(self, step: Step) -> None:
        self._on_step(step)
        self._count_first()

    def _on_not_begun(self, error: ServiceError) -> None:
        self._on_failed(error)
        self._count_first()

    def _count_first(self) -> None:
        """The figures above the queue come after whom to call: all of a large queue is counted for them."""
        if self._feed.counts() is None:
            self._feed.count()

    @Slot(object)
    def _on_desk(self, desk: Desk) -> None:
        self._desk = desk
        self._feed.set_limit(desk.limit)
        if self._call is not None:
            self._call.refresh(desk, self._call.opened, self._seat.now())
            self._show_progress()

    def _on_failed(self, error: ServiceError) -> None:
        self._busy = False
        self.view.set_decidable(self._call is not None and not self._call.opened.locked)
        self.said.emit(str(error))

    @Slot(object)
    def _on_step(self, step: Step) -> None:
        """Shows whom the writer fetched."""
        if self._desk is None:  # it comes from the other thread, and is on its way
            self._tasks.read(working.desk, key="desk", then=partial(self._on_desk_for, step))
            return
        self._busy = False
        self._ahead = step.ahead
        if step.opened is not None:
            self._show(CallInHand(self._desk, step.opened, self._seat.now()))
        elif step.trouble:
            self.said.emit(step.trouble)
            self._nobody(step)
        elif step.why_none:
            self._nobody(step)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.open_inquiry(wanted)

    def _on_desk_for(self, step: Step, desk: Desk) -> None:
        self._on_desk(desk)
        self._on_step(step)

    def _nobody(self, step: Step) -> None:
        self._call = None
        self._dialling.stop()
        if step.nothing_yet:
            self._idle.nothing()
        else:
            self._idle.nobody(step.opens_at)
        self.shown.emit("")

    # showing

    def _show(self, call: CallInHand) -> None:
        """Another inquiry fills the page."""
        self._call = call
        self.asking.close()
        self._joining.end()
        self._dialling.stop()
        self._idle.end()
        now = self._seat.now()
        person = showing.person(call.opened, now)
        self.view.set_inquiry(person, call.script_view(), call.score_view(), call.note, number=call.number)
        self._show_advice()
        self.view.set_decidable(not call.opened.locked)
        if self.view.history.isVisible():
            self._read_history()
        if not self.view.queue.list.hasFocus():
            self.view.queue.list.show_row(call.id)
        if call.opened.locked:
            self.said.emit(call.opened.locked)
        self.shown.emit(call.id)

    def _show_progress(self) -> None:
        call = self._call
        if call is not None:
            self.view.set_progress(call.script_view(), call.score_view())
            self._show_advice()

    def _show_advice(self) -> None:
        """Advice that nobody can rely on yet fills no button."""
        if self._call is not None and not self._call.standing.settled:
            self.view.score.dispositions.set_advice(None)

    @Slot()
    def _on_minute(self) -> None:
        call, now = self._call, self._seat.now()
        slept, self._awake_at = now - self._awake_at > SLEPT_MS, now
        self._packing.look_again()  # its days end by themselves
        if call is None:
            return
        if slept:  # whoever was in hand may have been given to others meanwhile
            self._tasks.ask_hub(_still_ours, call.id, then=partial(self._on_woken, call), failed=self._on_still_away)
        self.view.person.set_person(showing.person(call.opened, now), call.number)
        if self._ahead is not None and now >= self._ahead.good_until and not self._busy:
            self._act(working.look_ahead, call.id, then=partial(self._on_ahead, call), background=True)

    def _on_ahead(self, call: CallInHand, step: Step) -> None:
        if self._call is call and not self._busy:
            self._ahead = step.ahead

    def _read_history(self) -> None:
        call = self._call
        self.view.set_history((), self._seat.now())
        if call is not None:
            self._tasks.read(_history, call.id, key="history", then=partial(self._on_history, call))

    def _on_history(self, call: CallInHand, rows: list[HistoryRow]) -> None:
        if self._call is call:
            self.view.set_history(rows[::-1], self._seat.now())

    def _read_today(self) -> None:
        self._tasks.read(day.today, key="today", then=self._on_today)

    @Slot(object)
    def _on_today(self, figures: day.Today) -> None:
        self.today_changed.emit(showing.today(figures))

    # answering

    def _free(self) -> CallInHand | None:
        """The call, when something may be done with it now."""
        call = self._call
        if call is None or self._busy:
            return None
        if call.opened.locked:
            self.said.emit(call.opened.locked)
            return None
        return call

    @Slot(str, object)
    def _on_answered(self, key: str, answer: Answer) -> None:
        call = self._free()
        if call is None:
            self._show_progress()
            return
        wrong = call.out_of_range(key, answer)
        if wrong:
            self.said.emit(self.tr("That number is not possible here: %s") % wrong)
            return  # what was typed stays, to be corrected
        self._writing.withdraw()
        call.answer(key, answer, self._seat.now())
        question = call.desk.script.question(key)
        if question is not None and question.type in ADVANCING:
            call.go_on()
        self._show_progress()
        self._save()

    @Slot()
    def _on_next(self) -> None:
        call = self._call
        if call is None:
            return
        question = call.desk.script.question(call.question)
        unsaved = question is not None and question.type not in ADVANCING
        if unsaved and question is not None and not is_given(call.given.get(question.key)) and self._half_typed():
            return
        call.go_on()
        self._show_progress()

    def _half_typed(self) -> bool:
        """What stands in the line is no answer: it stays there to be corrected."""
        text = self.view.script.answers.typed()
        if text:
            self.said.emit(self.tr("“%s” is no answer to this question.") % text)
        return bool(text)

    @Slot()
    def _on_back(self) -> None:
        if self._call is not None and self._call.go_back():
            self._show_progress()

    @Slot(str)
    def _on_question(self, key: str) -> None:
        if self._call is not None:
            self._call.question = key
            self._show_progress()
            self.view.script.take_focus()

    @Slot(str)
    def _on_note(self, text: str) -> None:
        if self._call is not None and not self._call.opened.locked:
            self._call.note = text
            if not self._note.isActive():  # not begun anew at each key: who types on is kept too
                self._note.start()

    @Slot()
    def _save(self) -> None:
        """Keeps the draft; the store says when it is safe."""
        self._note.stop()
        call = self._call
        if call is None or call.opened.locked or self._busy:
            return
        draft = call.draft()
        if draft == call.saved:
            return
        call.saved = draft
        self._act_after_paint(drafts.save, call.id, draft, then=partial(self._on_saved, call.id))

    def _on_saved(self, inquiry_id: str, _: object) -> None:
        self.acknowledged.emit("draft", inquiry_id)

    # calling

    @Slot(str)
    def _on_call(self, number: str) -> None:
        call = self._free()
        if call is None:
            return
        self._writing.withdraw()
        self._use(call, number)
        asked = self._tasks.ask_hub(
            _still_ours,
            call.id,
            then=partial(self._on_checked, call, number),
            failed=partial(self._on_unchecked, call, number),
        )
        if not asked:
            self._dial(call, number)

    def _on_checked(self, call: CallInHand, number: str, ours: bool) -> None:
        """The hub has said whether this computer still holds them."""
        if not ours:
            self.said.emit(self.tr("A colleague has taken %s over meanwhile: nobody was dialled.") % call.name)
            self._reread(call)
        elif self._call is call:
            self._dial(call, number)

    def _on_woken(self, call: CallInHand, ours: bool) -> None:
        if not ours and self._call is call:
            self.said.emit(self.tr("While this computer slept, a colleague has taken %s over.") % call.name)
            self._open(call.id)

    def _on_still_away(self, _error: ServiceError) -> None:
        """The lease that is here says what may be done; the next dialling asks again."""

    def _on_unchecked(self, call: CallInHand, number: str, _error: ServiceError) -> None:
        """The hub is away: the lease that is here says so long whose they are."""
        if self._call is call:
            self._dial(call, number)

    def _dial(self, call: CallInHand, number: str) -> None:
        call.dialled_at = self._seat.now()
        self._save()
        if not self._dialling.dial(call.desk.dial, number):
            self.said.emit(self.tr("Nothing on this computer dials. Dial %s by hand; the clock runs.") % number)

    @Slot(str)
    def _on_number(self, number: str) -> None:
        call = self._free()
        if call is not None:
            self._use(call, number)
            self._save()

    @staticmethod
    def _use(call: CallInHand, number: str) -> None:
        numbers = [each.number for each in call.opened.numbers]
        if number in numbers:
            call.number = numbers.index(number)

    @Slot(object)
    def _on_outcome(self, outcome: Outcome) -> None:
        call = self._free()
        if call is None:
            return
        if outcome is Outcome.CALLBACK:
            zone = call.opened.view.row.zone
            self.asking.call_back(call.name, self._seat.now(), zone, call.desk.hours, call.calling_class())
            return
        self._log(call, outcome)

    @Slot(object)
    def _on_called_back(self, at: int) -> None:
        call = self._free()
        if call is not None:
            self._log(call, Outcome.CALLBACK, at)

    def _log(self, call: CallInHand, outcome: Outcome, back_at: int | None = None) -> None:
        seconds = self._dialling.seconds()
        self._finish(
            call, outcome.value, working.log_and_next, outcome, again=outcome is Outcome.WRONG_NUMBER,
            answers=dict(call.given), note=call.note, back_at=back_at, number=call.dialled(), seconds=seconds,
        )  # fmt: skip

    # deciding

    @Slot(object)
    def _on_disposition(self, disposition: Disposition) -> None:
        call = self._free()
        if call is not None:
            self._ask(call, disposition, against=disposition is not call.standing.score.advice)

    def _ask(self, call: CallInHand, disposition: Disposition, *, against: bool) -> None:
        made = asking.about(call, disposition, against=against, now=self._seat.now())
        self.asking.decide(made, Choice(reached=bool(call.dialled_at)))

    @Slot(object, object)
    def _decide(self, disposition: Disposition, choice: Choice) -> None:
        call = self._free()
        if call is not None:
            whole = Choice(
                answers=dict(call.given), note=call.note, reason=choice.reason, until=choice.until, track=choice.track,
                next_step=choice.next_step, for_member=choice.for_member, reached=choice.reached,
            )  # fmt: skip
            self._finish(call, disposition.value, working.decide_and_next, disposition, whole)

    @Slot()
    def _on_skip(self) -> None:
        call = self._free()
        if call is not None:
            self.asking.skip(call.name)

    @Slot(str)
    def _skip(self, reason: str) -> None:
        call = self._free()
        if call is not None:
            self._finish(call, "skip", working.skip_and_next, reason)

    def _finish(self, call: CallInHand, what: str, verb: Any, *given: Any, again: bool = False, **named: Any) -> None:
        """Hands the action over and shows who comes next; `again`: the same person may come once more."""
        self._save()
        self._writing.offer(call, what)
        self._joining.forget()
        now, ahead = self._seat.now(), self._ahead
        at_once = ahead is not None and not again and now < ahead.good_until and ahead.id != call.id
        shown = ""
        self._ahead = None
        if at_once and ahead is not None and self._desk is not None:
            self._show(CallInHand(self._desk, ahead, now))
            shown = ahead.id
        else:
            self._busy = True
            self.view.set_decidable(False)
        self._act_after_paint(
            verb, call.id, *given, shown=shown,
            then=partial(self._on_done, call, what), failed=partial(self._on_refused, call, what, given), **named,
        )  # fmt: skip

    def _on_done(self, call: CallInHand, what: str, step: Step) -> None:
        self.acknowledged.emit(what, call.id)
        text = showing.told(call.name, what)
        if what == Disposition.SELL and self._away:
            text = self.tr("%s · not yet with sales: the hub is away") % text.rstrip(".")
        if self._writing.offered_to() == call.id:
            text = self.tr("%s · E-mail them: %s") % (text.rstrip("."), keys.label("mail"))
        if step.lost:
            self.said.emit(step.lost)
        elif what == Outcome.DO_NOT_CALL:
            self.said.emit(text)
        else:
            self.undo_offered.emit(text)
        if step.opened is not None or step.why_none or step.trouble:
            self._on_step(step)
        else:
            self._ahead = step.ahead

    def _on_refused(self, call: CallInHand, what: str, given: tuple[Any, ...], error: ServiceError) -> None:
        """Nothing was changed: the inquiry is back, as it was."""
        self._save()
        self._writing.withdraw()
        self._busy = False
        if self._call is not call:
            self._show(call)
        self.view.set_decidable(not call.opened.locked)
        self._act(working.look_ahead, call.id, then=partial(self._on_ahead, call), background=True)
        if isinstance(error, ReasonNeeded):
            self._ask(call, given[0], against=True)
        else:
            self.said.emit(str(error))

    # the way back, and on

    @Slot()
    def undo(self) -> None:
        """Takes back the last action, and brings its inquiry and draft back."""
        if self._busy or self._joining.take_back():
            return
        self._save()
        self._writing.withdraw()
        self._busy = True
        shown = self._call.id if self._call is not None and not self._call.opened.locked else ""
        self._act(working.undo, shown=shown, then=self._on_undone, failed=self._on_failed)

    @Slot(object)
    def _on_undone(self, step: Step) -> None:
        self.acknowledged.emit("undo", step.changed.inquiry)
        self.said.emit(self.tr("Taken back."))
        self._on_step(step)
        if step.opened is not None and step.opened.locked:  # the hub may have given them to others meanwhile, or not
            self._tasks.ask_hub(
                _claim_now, step.opened.id, then=partial(self._open, step.opened.id), failed=self._on_failed
            )

    @Slot()
    def _on_next_inquiry(self) -> None:
        if self._busy:
            return
        self._save()
        self._busy = True
        leaving = self._call.id if self._call is not None else ""
        self._act(working.go_on, leaving, then=self._on_step, failed=self._on_failed)

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Opens anybody: claimed, or read only while a colleague has them."""
        if self._call is not None and self._call.id == inquiry_id:
            self.view.script.take_focus()
            return
        if self._busy or not self._begun:
            self._wanted = inquiry_id
            return
        self._save()
        self._writing.withdraw()
        self._busy = True
        opening = partial(self._open, inquiry_id)
        if not self._tasks.ask_hub(_claim_now, inquiry_id, then=opening, failed=opening):
            self._open(inquiry_id)

    def _open(self, inquiry_id: str, _answer: object = None) -> None:
        """Claimed at the hub or not: what this computer does not hold can be read, and says why."""
        self._act(working.open_one, inquiry_id, then=self._on_step, failed=self._on_failed)

    @Slot()
    def _on_pause(self) -> None:
        if self._idle.kind() == "paused":
            self._begin()
            return
        if self._busy:
            return
        self._save()
        self._call = self._ahead = None
        self._dialling.stop()
        self._idle.pause()
        self._act(working.leave)
        self.shown.emit("")

    @Slot()
    def _on_pack(self) -> None:
        """Others may be called now: those that came along, or nobody of those that went back."""
        self._feed.read()
        if self._idle.kind() in {"nothing", "nobody"} and self._begun and not self._busy:
            self._begin()

    # writing to them

    @Slot()
    def _on_mail(self) -> None:
        if self._writing.offered_to():
            self._writing.begin(None)
            return
        call = self._free()
        if call is not None or (self._call is None and not self._busy):
            self._writing.begin(call)

    @Slot(str)
    def _on_mailed(self, inquiry_id: str) -> None:
        self.acknowledged.emit("mail", inquiry_id)
        if self._call is not None and self._call.id == inquiry_id:
            self._reread(self._call)

    # one person or two

    @Slot()
    def _on_same(self) -> None:
        call = self._free()
        if call is not None:
            self._save()
            self._joining.begin(call)

    @Slot()
    def _on_two(self) -> None:
        call = self._free()
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
        self._busy = True
        self._open(inquiry_id)

    # correcting

    @Slot()
    def _on_edit(self) -> None:
        call = self._free()
        if call is not None:
            self._editing.begin(call)

    @Slot(str, object)
    def _on_edit_saved(self, inquiry_id: str, changes: dict[str, str]) -> None:
        from app.services import capture

        self._act(capture.edit, inquiry_id, changes, then=self._editing.keep, failed=self._editing.refuse)

    @Slot(str)
    def _on_corrected(self, inquiry_id: str) -> None:
        self.acknowledged.emit("edit", inquiry_id)
        if self._call is not None and self._call.id == inquiry_id:
            self._reread(self._call)

    @Slot()
    def _on_edit_ended(self) -> None:
        self.window().activateWindow()  # not every desktop gives the keyboard back by itself
        self.view.script.take_focus()

    # what changed

    @Slot(object, object)
    def _on_changed(self, changed: Changed, origin: object) -> None:
        self._feed.refresh(changed)
        self._packing.look_again()
        if changed.kinds & FIGURES:
            self._read_today()
        if changed.kinds & DESK or not changed.kinds:
            self._tasks.read(working.desk, key="desk", then=self._on_desk)
        self._look_again(changed.inquiries, mine=origin is self)

    @Slot()
    def _on_elsewhere(self) -> None:
        """Another process wrote: nobody knows what."""
        self._feed.read()
        self._read_today()
        self._tasks.read(working.desk, key="desk", then=self._on_desk)
        call = self._call
        self._look_again(frozenset({call.id}) if call is not None else frozenset(), mine=False)

    def _look_again(self, inquiries: frozenset[str], *, mine: bool) -> None:
        call = self._call
        if call is not None and call.id in inquiries and not mine:
            self._reread(call)
        elif self._ahead is not None and self._ahead.id in inquiries and call is not None and not mine:
            self._act(working.look_ahead, call.id, then=partial(self._on_ahead, call), background=True)
        elif self._idle.kind() in {"nothing", "nobody"} and self._begun and not self._busy and not mine:
            self._begin()

    def _reread(self, call: CallInHand) -> None:
        self._tasks.read(working.reopened, call.id, key="in-hand", then=partial(self._on_reread, call))

    def _on_reread(self, call: CallInHand, opened: Opened) -> None:
        """Newer facts of the person in hand; what is being typed is not touched."""
        if self._call is not call:
            return
        if facts_of(opened.view.inquiry) == call.facts and opened.view.inquiry == call.opened.view.inquiry:
            return
        call.refresh(call.desk, opened, self._seat.now())
        self.view.person.set_person(showing.person(opened, self._seat.now()), call.number)
        if not self.view.script.answers.typed():
            self._show_progress()
        if self.view.history.isVisible():
            self._read_history()


def _somebody(seat: Seat) -> bool:
    from app.services import queue

    return queue.peek_next(seat) is not None


def _claim_now(seat: Seat, link: Link, inquiry_id: str, *, work: Work) -> None:
    from app.services.team import claims

    claims.claim_now(seat, link, inquiry_id, work=work)


def _still_ours(seat: Seat, link: Link, inquiry_id: str, *, work: Work) -> bool:
    from app.services.team import claims

    return claims.check(seat, link, inquiry_id, work=work)


def _history(seat: Seat, inquiry_id: str) -> list[HistoryRow]:
    from app.services import history

    return history.history(seat, inquiry_id)
