"""The keys that end a call: an outcome, a decision, a skip; and the next inquiry, which is shown at once.

The window never waits: whoever was held ahead is on the page before the store has answered, and the one before comes
back if the writer refuses what was done.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.models.entries import Disposition, Outcome
from app.services import working
from app.services.errors import ReasonNeeded, ServiceError
from app.services.handoff import Choice
from app.ui import keys
from app.ui.calls import asking, showing

if TYPE_CHECKING:
    from app.services.working import Step
    from app.ui.calls.after_paint import AfterPaint
    from app.ui.calls.answering import Answering
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.turn import Turn
    from app.ui.calls.writing_mail import WritingMail
    from app.ui.dialling import Dialling


class Ending(QObject):
    """What is done with whoever is in hand.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back.
        ended: something was done; what was offered to be undone before is not any more.
        kept: what was kept (`sell`, `no-answer`, `skip`…), and the inquiry's id.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    ended = Signal()
    kept = Signal(str, str)

    def __init__(
        self, view: CallsView, turn: Turn, acts: AfterPaint, asked: asking.Asking, answering: Answering,
        clock: Dialling, writing: WritingMail, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._view, self._turn, self._acts, self._asking = view, turn, acts, asked
        self._answering, self._clock, self._writing = answering, clock, writing
        self._away = False  # from the hub of the team
        view.outcome_chosen.connect(self._on_outcome)
        view.disposition_chosen.connect(self._on_disposition)
        view.skipped.connect(self._on_skip)
        asked.called_back.connect(self._on_called_back)
        asked.decided.connect(self._decide)
        asked.skipped.connect(self._skip)

    def set_away(self, away: bool) -> None:
        """While the hub is away, a sell is not yet with sales."""
        self._away = away

    # outcomes

    @Slot(object)
    def _on_outcome(self, outcome: Outcome) -> None:
        call = self._turn.free()
        if call is None:
            return
        if outcome is Outcome.CALLBACK:
            zone = call.opened.view.row.zone
            self._asking.call_back(call.name, self._turn.now(), zone, call.desk.hours, call.calling_class())
            return
        self._log(call, outcome)

    @Slot(object)
    def _on_called_back(self, at: int) -> None:
        call = self._turn.free()
        if call is not None:
            self._log(call, Outcome.CALLBACK, at)

    def _log(self, call: CallInHand, outcome: Outcome, back_at: int | None = None) -> None:
        seconds = self._clock.seconds()
        self._finish(
            call, outcome.value, working.log_and_next, outcome, again=outcome is Outcome.WRONG_NUMBER,
            answers=dict(call.given), note=call.note, back_at=back_at, number=call.dialled(), seconds=seconds,
        )  # fmt: skip

    # decisions

    @Slot(object)
    def _on_disposition(self, disposition: Disposition) -> None:
        call = self._turn.free()
        if call is not None:
            self._ask(call, disposition, against=disposition is not call.standing.score.advice)

    def _ask(self, call: CallInHand, disposition: Disposition, *, against: bool) -> None:
        made = asking.about(call, disposition, against=against, now=self._turn.now())
        self._asking.decide(made, Choice(reached=bool(call.dialled_at)))

    @Slot(object, object)
    def _decide(self, disposition: Disposition, choice: Choice) -> None:
        call = self._turn.free()
        if call is not None:
            whole = Choice(
                answers=dict(call.given), note=call.note, reason=choice.reason, until=choice.until, track=choice.track,
                next_step=choice.next_step, for_member=choice.for_member, reached=choice.reached,
            )  # fmt: skip
            self._finish(call, disposition.value, working.decide_and_next, disposition, whole)

    # skips

    @Slot()
    def _on_skip(self) -> None:
        call = self._turn.free()
        if call is not None:
            self._asking.skip(call.name)

    @Slot(str)
    def _skip(self, reason: str) -> None:
        call = self._turn.free()
        if call is not None:
            self._finish(call, "skip", working.skip_and_next, reason)

    # handing over

    def _finish(self, call: CallInHand, what: str, verb: Any, *given: Any, again: bool = False, **named: Any) -> None:
        """Hands the action over and shows who comes next; `again`: the same person may come once more."""
        self._answering.save()
        self._writing.offer(call, what)
        self.ended.emit()
        shown = ""
        if again:
            self._turn.ahead = None
        else:
            shown = self._turn.take_ahead(call)
        if not shown:
            self._turn.wait()
        self._acts.act_when_painted(
            verb, call.id, *given, shown=shown,
            then=partial(self._on_done, call, what), failed=partial(self._on_refused, call, what, given), **named,
        )  # fmt: skip

    def _on_done(self, call: CallInHand, what: str, step: Step) -> None:
        self.kept.emit(what, call.id)
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
            self._turn.take(step)
        else:
            self._turn.ahead = step.ahead

    def _on_refused(self, call: CallInHand, what: str, given: tuple[Any, ...], error: ServiceError) -> None:
        """Nothing was changed: the inquiry is back, as it was."""
        self._answering.save()
        self._writing.withdraw()
        self._turn.busy = False
        if self._turn.call is not call:
            self._turn.show(call)
        self._view.set_decidable(not call.opened.locked)
        self._turn.look_ahead()
        if isinstance(error, ReasonNeeded):
            self._ask(call, given[0], against=True)
        else:
            self.said.emit(str(error))
