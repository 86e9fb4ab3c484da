"""The second look: one question of sales at a time, answered by digits; what was answered stands above it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.models.answering import AnswerError, answer_in_words, parse_answer
from app.models.entries import Answer, Answers, Verdict
from app.models.phrasing import fill
from app.models.rows import Told
from app.models.script import Question, Script, next_question, previous_question, walk
from app.ui import fonts, keys
from app.ui.sales.flow import Flow
from app.ui.theme import size
from app.ui.widgets.answered_list import AnsweredList
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

OPTIONS = frozenset({"choice", "choices", "yes_no"})
MOST = 12


class LookCard(Card):
    """Given a script, it walks it by itself.

    Signals:
        answered: all answers so far (dict), after each.
        returned: the Verdict of a button below: nurture, call again, discard.
        refused: a sentence about what was typed.
    """

    answered = Signal(object)
    returned = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._script: Script | None = None
        self._answers: Answers = {}
        self._fields: Mapping[str, str] = {}
        self._asked = ""
        self._open = False
        self._title = ElidedLabel(self.tr("Second look: needs and readiness"), weight=600, parent=self)
        self._given = AnsweredList(self)
        self._given.set_most(MOST)
        self._given.pressed.connect(self.ask)
        self._question = WrappedLabel(parent=self)
        self._hint = WrappedLabel(pixels=size("tiny"), ink="ink_2", parent=self)
        self._options = QWidget(self)
        self._flow = Flow(self._options, fonts.scaled(8))
        self._buttons: list[KeyButton] = []
        self._line = QLineEdit(self)
        self._line.returnPressed.connect(self._on_typed)
        self._line.installEventFilter(self)
        foot = QWidget(self)
        below = Flow(foot, fonts.scaled(8))
        self._foot = foot
        for verdict, text in (
            (Verdict.NURTURE, self.tr("Back to nurture")), (Verdict.CALL_AGAIN, self.tr("Call again")),
            (Verdict.DISCARD, self.tr("Discard")),
        ):  # fmt: skip
            button = KeyButton(text, parent=foot)
            button.clicked.connect(lambda _=False, verdict=verdict: self.returned.emit(verdict))
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        for part in (self._title, self._given, self._question, self._options, self._line, self._hint):
            column.addWidget(part)
        column.addSpacing(4)
        column.addWidget(foot)

    # what it shows

    def set(self, script: Script, answers: Answers, fields: Mapping[str, str], *, open_: bool) -> None:
        """Another lead; `open_`: it may be answered still."""
        self._script, self._answers, self._fields, self._open = script, dict(answers), fields, open_
        found = next_question(script, self._answers) if open_ else None
        self._asked = found.key if found is not None and not found.optional else ""
        if open_ and not self._asked:
            left = next_question(script, self._answers)
            self._asked = left.key if left is not None and not answers else ""
        self._foot.setVisible(open_)
        self._show()

    def answers(self) -> Answers:
        """What was answered so far."""
        return dict(self._answers)

    def asked(self) -> str:
        """The key of the question that the digits answer; empty when there is none."""
        return self._asked

    def ask(self, key: str) -> None:
        """Asks a question again."""
        if self._open and self._script is not None and self._script.question(key) is not None:
            self._asked = key
            self._show()

    def _show(self) -> None:
        script = self._script
        if script is None:
            return
        shown, counted = walk(script, self._answers)
        question = script.question(self._asked) if self._asked else None
        self._given.set(tuple(
            Told(each.label, answer_in_words(each, counted[each.key]), None, each.key)
            for each in shown if each.key in counted and each is not question
        ))  # fmt: skip
        chooses = question is not None and question.type in OPTIONS
        self._question.set(fill(question.ask, self._fields) if question else "")
        self._question.setVisible(question is not None)
        self._hint.set(fill(question.hint, self._fields) if question else "")
        self._hint.setVisible(bool(self._hint.text()))
        self._fill_options(question if chooses else None)
        self._options.setVisible(chooses)
        types = question is not None and not chooses
        self._line.setVisible(types)
        if question is not None and types:
            told = self._answers.get(question.key)
            self._line.setText(answer_in_words(None, told) if told is not None else "")
            form = {"date": "2030-06-30", "number": question.unit}.get(question.type, "")
            hint = self.tr("%s to write") % keys.label("look-next", "sales")
            self._line.setPlaceholderText(" · ".join(part for part in (hint, form) if part))
            self._line.setAccessibleName(fill(question.ask, self._fields))
        self.setVisible(self._open or bool(counted))

    def _fill_options(self, question: Question | None) -> None:
        choices = question.choices if question is not None else ()
        while len(self._buttons) < len(choices):
            place, button = len(self._buttons), KeyButton(parent=self._options)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, place=place: self.choose(place + 1))
            self._buttons.append(button)
            self._flow.addWidget(button)
        told = self._answers.get(question.key) if question is not None else None
        chosen = told if isinstance(told, list) else [told]
        for place, button in enumerate(self._buttons):
            if place < len(choices):
                button.set_words(choices[place].label, keys.label(f"answer-{place + 1}", "sales"))
                button.setChecked(choices[place].key in chosen)
            button.setVisible(place < len(choices))
        self._options.updateGeometry()

    # answering

    def choose(self, digit: int) -> None:
        """Answers the asked question with its option of this digit, and asks the next."""
        question = self._script.question(self._asked) if self._script and self._asked and self._open else None
        if question is None or question.type not in OPTIONS or not 1 <= digit <= len(question.choices):
            return
        key = question.choices[digit - 1].key
        if question.type == "choices":
            told = self._answers.get(question.key)
            had = list(told) if isinstance(told, list) else []
            left = [each for each in had if each != key] if key in had else [*had, key]
            self._give(question, [option.key for option in question.choices if option.key in left], stay=True)
        else:
            self._give(question, key)

    def _give(self, question: Question, answer: Answer | None, *, stay: bool = False, typing: bool = False) -> None:
        if answer is None or answer == []:
            self._answers.pop(question.key, None)
        else:
            self._answers[question.key] = answer
        if not stay:
            self.go_on(typing=typing)
        else:
            self._show()
        self.answered.emit(dict(self._answers))

    def go_on(self, *, typing: bool = False) -> None:
        """Asks the next open question, optional ones included; while somebody is typing, its line has the keyboard."""
        if self._script is not None:
            found = next_question(self._script, self._answers, self._asked)
            self._asked = found.key if found is not None else ""
            self._show()
            if typing and self._line.isVisible():
                self._line.setFocus()

    def take_line(self) -> bool:
        """Gives the keyboard to the line of a question that takes words; False where there is none."""
        if not self._line.isVisible() or self._line.hasFocus():
            return False
        self._line.setFocus()
        return True

    def go_back(self) -> None:
        """Asks the question before."""
        if self._script is not None and self._open:
            found = previous_question(self._script, self._answers, self._asked)
            if found is not None:
                self.ask(found.key)

    def _on_typed(self) -> None:
        question = self._script.question(self._asked) if self._script and self._asked else None
        if question is None:
            return
        text = self._line.text().strip()
        try:
            answer = parse_answer(question, text) if text else None
        except AnswerError as error:
            self.refused.emit(str(error))
            return
        self._leave_line()
        self._give(question, answer, typing=True)

    def _leave_line(self) -> None:
        above = self.parentWidget()
        if self._line.hasFocus() and above is not None:
            above.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._leave_line()
            return True
        return super().eventFilter(watched, event)
