"""A shift's turn at the call page: one inquiry from its first key to its last."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.calls.views import QuestionView
from app.ui.shift.hands import ShiftFailed

if TYPE_CHECKING:
    from app.ui.shift.hands import Hands
    from app.ui.shift.pictures import Pictures

PICTURED = 5  # questions of the first call that are answered when its picture is taken
ROTA = (
    "sell", "nurture", "discard", "no-answer", "voicemail", "sell", "busy", "callback", "discard", "nurture",
    "wrong-number", "sell", "do-not-call", "nurture", "skip", "discard", "sell", "no-answer", "nurture", "sell",
)  # fmt: skip
DECISIONS = frozenset({"sell", "nurture", "discard"})
PICKED = frozenset({3, 6})  # where a shift chooses whom to call: in a team the hub says who is next
NOTES = ("Wants a visit before the summer", "Asked for references", "Budget is decided in spring", "Call the assistant")


class Caller:
    """Works the rota, one inquiry after the other."""

    def __init__(self, hands: Hands, pictures: Pictures, chance: random.Random) -> None:
        self._hands, self._pictures, self._chance = hands, pictures, chance
        self._page, self._shell = hands.page, hands.shell

    def one(self, number: int, wanted: str) -> str:
        """The `number`th inquiry of the shift, with what is wanted for it; returns what became of it."""
        self._dial()
        if wanted in DECISIONS or wanted in {"callback", "skip"}:
            self._answer(number, wanted)
        if number % 3 == 1:
            self._write_note()
        self._beside(number)
        if wanted in DECISIONS:
            wanted = self._decide(wanted)
            if number % 8 == 2 and not self._hands.in_team:  # there a colleague may have them by now
                self._undo_and_decide_again(wanted)
        else:
            self._end_call(wanted)
        return wanted

    def _dial(self) -> None:
        call = self._hands.call()
        number = call.opened.numbers[call.number] if call.opened.numbers else None
        question = self._page.view.question()
        types = question is not None and question.kind in {"text", "date"}  # there a C is a letter
        if number is not None and not number.why and not call.dialled_at and not types:
            self._hands.does("call", lambda: bool(self._hands.call().dialled_at), "the call runs")

    # the script

    def _answer(self, number: int, wanted: str) -> None:
        pictured = number != 0
        asked = 0
        enough = 2 if wanted in {"callback", "skip"} else 40
        while asked < enough and (question := self._page.view.question()) is not None:
            if asked == PICTURED and not pictured:
                pictured = True
                self._pictures.take_calls()
            if asked == 1 and number % 5 == 0 and question.kind != "date":  # where Backspace takes a figure away
                self._look_back(question)
            self._answer_one(question, wanted)
            asked += 1

    def _answer_one(self, question: QuestionView, wanted: str) -> None:
        key = question.key
        if question.kind in {"choice", "yes_no", "choices"}:
            digit = self._digit(question, wanted)
            given = question.options[digit - 1].key
            self._hands.does(
                f"answer-{digit}", lambda: self._has_answer(key, given), f"“{question.text}” has its answer"
            )
            if question.kind != "choices":
                return
        elif question.kind == "number":
            self._hands.type(str(self._chance.choice((4, 25, 120, 400))))
        elif question.kind == "text":
            self._hands.type(self._chance.choice(("the plant manager", "Mr Hale in purchasing", "their group in Lyon")))
        self._hands.does("next-question", lambda: self._question() != key, "the next question is asked")

    def _has_answer(self, key: str, given: str) -> bool:
        answer = self._hands.call().given.get(key)
        return answer == given or (isinstance(answer, list) and given in answer)

    def _question(self) -> str:
        question = self._page.view.question()
        return question.key if question is not None else ""

    def _digit(self, question: QuestionView, wanted: str) -> int:
        """The answer that speaks most for what is wanted."""
        points = [option.points or 0 for option in question.options]
        order = sorted(range(len(points)), key=points.__getitem__)
        place = {"sell": order[-1], "discard": order[0]}.get(wanted, order[len(order) // 2])
        return place + 1

    def _look_back(self, question: QuestionView) -> None:
        self._hands.does("previous-question", lambda: self._question() != question.key, "the question before is asked")
        self._hands.does("next-question", lambda: self._question() == question.key, "the open question is asked again")

    def _write_note(self) -> None:
        note = self._page.view.script.note
        self._hands.does("note", note.edit.hasFocus, "the note has the keyboard")
        before, words = note.text(), self._chance.choice(NOTES)
        for letter in words:
            self._hands.type(letter)
            self._hands.tell({"note": note.text(), "inquiry": self._hands.call().id})
        if note.text() == before:
            raise ShiftFailed("What was typed into the note did not arrive.")
        self._hands.send(QKeySequence(Qt.Key.Key_Escape))
        self._hands.until(lambda: not note.edit.hasFocus(), "Pressing Esc did not leave the note.")

    # what is done beside the questions

    def _beside(self, number: int) -> None:
        doings: dict[int, Callable[[], None]] = {
            0: self._look_aside,
            3: self._find_somebody,
            4: self._pause,
            6: self._go_on,
            9: self._edit,
        }
        doing = doings.get(number % len(ROTA))
        if doing is not None and not (self._hands.in_team and number % len(ROTA) in PICKED):
            doing()

    def _look_aside(self) -> None:
        self._toggle("objections", self._page.view.script.objections)
        self._toggle("history", self._page.view.history)

    def _toggle(self, name: str, side: QWidget) -> None:
        self._hands.does(name, side.isVisible, "the list is shown")
        self._hands.does(name, lambda: not side.isVisible(), "the list is gone")

    def _find_somebody(self) -> None:
        view, model = self._page.view, self._page.view.queue.model
        place = min(5, model.rowCount() - 1)
        row = model.at(place)
        words = row.last_name or row.company
        if row.id == self._hands.call().id or not words.isascii() or not words:
            return
        self._hands.does("find", view.queue.find_field.edit.hasFocus, "Find has the keyboard")
        self._hands.type(words)
        self._hands.until(
            lambda: model.row_of(row.id) >= 0 and model.rowCount() < 30 and not self._hands.tasks.busy(),
            f"Find did not find {words}.",
        )
        view_list = view.queue.list
        self._hands.send(QKeySequence(Qt.Key.Key_Down))
        self._hands.until(view_list.hasFocus, "Pressing Down in Find did not go to what was found.")
        wanted = model.at(0).id
        self._hands.send(QKeySequence(Qt.Key.Key_Return))
        self._hands.until(
            lambda: self._hands.call().id == wanted and not self._page.busy(), "Pressing ↵ did not open who was found."
        )
        self._hands.send(QKeySequence(Qt.Key.Key_Escape)) if view_list.hasFocus() else None
        self._hands.does("find", view.queue.find_field.edit.hasFocus, "Find has the keyboard")
        if view.queue.find_field.text():
            self._hands.send(QKeySequence(Qt.Key.Key_Escape))
        self._hands.until(lambda: not view.queue.find_field.text(), "Pressing Esc did not end finding.")
        self._hands.send(QKeySequence(Qt.Key.Key_Escape))
        self._hands.until(lambda: not view.queue.find_field.edit.hasFocus(), "Pressing Esc did not leave Find.")

    def _pause(self) -> None:
        self._hands.does("pause", lambda: self._page.idle() == "paused", "the shift is paused")
        self._hands.until(self._hands.is_quiet, "The pause did not let go of the inquiry.")
        self._hands.does(
            "pause", lambda: self._page.in_hand() is not None and not self._page.busy(), "the shift goes on"
        )

    def _go_on(self) -> None:
        before = self._hands.call().id
        self._hands.does(
            "next-inquiry", lambda: self._hands.call().id != before and not self._page.busy(), "the next one is shown"
        )

    def _edit(self) -> None:
        before = len(self._hands.kept)
        self._hands.does("edit", lambda: self._page.editing() is not None, "the person can be edited")
        dialog = self._page.editing()
        assert dialog is not None
        self._hands.until(
            lambda: dialog.isAncestorOf(QApplication.focusWidget() or self._shell), "The form did not get the keyboard."
        )
        website = dialog.fields["website"].edit
        for _ in range(len(dialog.fields)):
            if not website.hasFocus():
                self._hands.send(QKeySequence(Qt.Key.Key_Tab))
        if not website.hasFocus():
            raise ShiftFailed("Pressing Tab did not go through the form.")
        self._hands.type("www.winnow.example")
        self._hands.send(QKeySequence(Qt.Key.Key_Return))
        self._hands.until(
            lambda: self._page.editing() is None and len(self._hands.kept) > before, "The correction was not kept."
        )
        self._hands.until(self._shell.isActiveWindow, "The window did not get the keyboard back.")

    # the end of a call

    def _answer_popup(self) -> None:
        """Whatever is asked: Enter takes what stands there, a digit what is offered."""
        asking = self._page.asking
        for _ in range(4):
            if not asking.open():
                return
            if self._page.view.popup.words():
                self._hands.send(QKeySequence(Qt.Key.Key_Return))
            else:
                self._hands.send(QKeySequence("1"))

    def _end(self, name: str, kept: str) -> None:
        """Presses the key, answers what it asks, and waits until the store has it."""
        inquiry = self._hands.call().id
        before = len(self._hands.kept)

        def done() -> bool:
            return (kept, inquiry) in self._hands.kept[before:]

        called = self._hands.press(name)
        self._hands.until(
            lambda: self._page.asking.open() or done() or self._moved(inquiry), f"Pressing {called} did nothing."
        )
        self._answer_popup()
        self._hands.until(done, f"Pressing {called} was not kept.")
        self._hands.until(lambda: not self._page.busy(), f"After {called} the next inquiry did not come.")

    def _moved(self, inquiry: str) -> bool:
        call = self._page.in_hand()
        return call is None or call.id != inquiry or self._page.busy()

    def _decide(self, wanted: str) -> str:
        self._end(wanted, wanted)
        return wanted

    def _undo_and_decide_again(self, wanted: str) -> None:
        undone = len(self._hands.kept)
        inquiry = self._hands.kept[-1][1]
        self._hands.does("undo", lambda: ("undo", inquiry) in self._hands.kept[undone:], "the decision is taken back")
        self._hands.until(
            lambda: self._page.in_hand() is not None and self._hands.call().id == inquiry and not self._page.busy(),
            "Undo did not bring the inquiry back.",
        )
        self._end(wanted, wanted)

    def _end_call(self, wanted: str) -> None:
        self._end(wanted, wanted)
