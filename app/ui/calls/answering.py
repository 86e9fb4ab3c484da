"""Answers, the way through the questions and the note; all of it is kept as a draft at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.models.conditions import is_given
from app.services import drafts

if TYPE_CHECKING:
    from app.models.entries import Answer
    from app.ui.calls.after_paint import AfterPaint
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.turn import Turn

NOTE_MS = 400  # a note is kept at most so long after a key
ADVANCING = frozenset({"choice", "yes_no"})  # of the others several keys make one answer, and Enter ends it


class Answering(QObject):
    """An answer is scored here and now; the writer keeps it after the paint.

    Signals:
        said: a sentence for a toast.
        answered: there is an answer more.
        kept: `draft`, and the id of the inquiry whose draft the store has.
    """

    said = Signal(str)
    answered = Signal()
    kept = Signal(str, str)

    def __init__(self, view: CallsView, turn: Turn, acts: AfterPaint, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._turn, self._acts = view, turn, acts
        self._note = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._note.timeout.connect(self.save)
        view.answered.connect(self._on_answered)
        view.next_question.connect(self._on_next)
        view.previous_question.connect(self._on_back)
        view.question_pressed.connect(self._on_question)
        view.note_typed.connect(self._on_note)

    # answers

    @Slot(str, object)
    def _on_answered(self, key: str, answer: Answer) -> None:
        call = self._turn.free()
        if call is None:
            self._turn.show_progress()
            return
        wrong = call.out_of_range(key, answer)
        if wrong:
            self.said.emit(self.tr("That number is not possible here: %s") % wrong)
            return  # what was typed stays, to be corrected
        self.answered.emit()
        call.answer(key, answer, self._turn.now())
        question = call.desk.script.question(key)
        if question is not None and question.type in ADVANCING:
            call.go_on()
        self._turn.show_progress()
        self.save()

    # the way through the questions

    @Slot()
    def _on_next(self) -> None:
        call = self._turn.call
        if call is None:
            return
        question = call.desk.script.question(call.question)
        unsaved = question is not None and question.type not in ADVANCING
        if unsaved and question is not None and not is_given(call.given.get(question.key)) and self._half_typed():
            return
        call.go_on()
        self._turn.show_progress()

    def _half_typed(self) -> bool:
        """What stands in the line is no answer: it stays there to be corrected."""
        text = self._view.script.answers.typed()
        if text:
            self.said.emit(self.tr("“%s” is no answer to this question.") % text)
        return bool(text)

    @Slot()
    def _on_back(self) -> None:
        if self._turn.call is not None and self._turn.call.go_back():
            self._turn.show_progress()

    @Slot(str)
    def _on_question(self, key: str) -> None:
        if self._turn.call is not None:
            self._turn.call.question = key
            self._turn.show_progress()
            self._view.script.take_focus()

    # the draft

    @Slot(str)
    def _on_note(self, text: str) -> None:
        call = self._turn.call
        if call is not None and not call.opened.locked:
            call.note = text
            if not self._note.isActive():  # not begun anew at each key: who types on is kept too
                self._note.start()

    @Slot()
    def save(self) -> None:
        """Keeps the draft; `kept` says when it is safe."""
        self._note.stop()
        call = self._turn.call
        if call is None or call.opened.locked or self._turn.busy:
            return
        draft = call.draft()
        if draft == call.saved:
            return
        call.saved = draft
        self._acts.act_when_painted(drafts.save, call.id, draft, then=partial(self._on_saved, call.id, draft))

    def _on_saved(self, inquiry_id: str, draft: drafts.Draft, _: object) -> None:
        self.kept.emit("draft" if draft != drafts.Draft() else "draft emptied", inquiry_id)
