"""The conversation: what was answered, the question that is asked now, its answers, and the note."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from app.ui import fonts, keys
from app.ui.calls.answer_area import AnswerArea
from app.ui.calls.history_list import HistoryList
from app.ui.calls.note_field import NoteField
from app.ui.calls.progress_steps import ProgressSteps
from app.ui.calls.side_list import SideList
from app.ui.calls.views import ScriptView
from app.ui.theme import size
from app.ui.widgets.answered_list import AnsweredList
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel

PAD = 20
SIDE = 280
ABOVE = 18  # between the head, or what was answered, and the question
LOWEST = 330  # pixels at 100 %: lower, no answered question is shown
LOW = 440  # pixels at 100 %: lower, only the last answer is shown above the question


class ScriptPanel(Card):
    """One question at a time.

    Signals:
        answered: key of the question, answer.
        next_pressed: Enter; what was typed has been told by `answered` before.
        question_pressed: the key of an answered question that was pressed.
        note_typed: the whole note.
    """

    answered = Signal(str, object)
    next_pressed = Signal()
    question_pressed = Signal(str)
    note_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        secondary = size("secondary")
        self._title = ElidedLabel(weight=600, least=0, parent=self)
        self._version = ElidedLabel(pixels=secondary, ink="ink_2", parent=self)
        self._steps = ProgressSteps(self)
        self._answered = AnsweredList(self)
        self._question = WrappedLabel(pixels=size("question"), weight=600, parent=self)
        self._hint = WrappedLabel(pixels=secondary, ink="ink_2", parent=self)
        self.answers = AnswerArea(self)
        self.note = NoteField(self)
        self.objections = SideList(self.tr("If they object"), keys.label("objections"), self)
        self.history = HistoryList(self)
        self._shown_key = ""
        self._lay_out()
        for side in (self.objections, self.history):
            side.setFixedWidth(fonts.scaled(SIDE))
            side.hide()
        self.objections.closed.connect(self.toggle_objections)
        self.history.closed.connect(self.toggle_history)
        self.answers.answered.connect(self.answered)
        self.answers.left.connect(self.setFocus)
        self._answered.pressed.connect(self.question_pressed)
        self.note.typed.connect(self.note_typed)
        self.note.left.connect(self.take_focus)
        keys.bind("next-question", self, self._on_next)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(7)
        head.addWidget(self._title)
        head.addWidget(self._version)
        head.addWidget(self._steps, 1)
        page = QWidget(self)
        self._talk = talk = QVBoxLayout(page)
        talk.setContentsMargins(5, 0, 5, 5)  # room for the focus ring
        talk.setSpacing(0)
        talk.addWidget(self._answered)
        self._above = QSpacerItem(0, ABOVE)
        talk.addItem(self._above)
        talk.addWidget(self._question)
        talk.addSpacing(5)
        talk.addWidget(self._hint)
        talk.addSpacing(12)
        talk.addWidget(self.answers)
        talk.addStretch(1)
        self._area = Scrolled(page, self)
        self._area.setMinimumHeight(fonts.scaled(150))
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self._area, 1)
        inner = QHBoxLayout()
        inner.setSpacing(16)
        inner.addLayout(left, 1)
        inner.addWidget(self.objections)
        inner.addWidget(self.history)
        note = QHBoxLayout()
        note.setContentsMargins(5, 0, 5, 0)
        note.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD - 5, PAD - 1, PAD - 5, PAD - 1)
        column.setSpacing(14)
        top = QHBoxLayout()
        top.setContentsMargins(5, 0, 5, 0)
        top.addLayout(head)
        column.addLayout(top)
        column.addLayout(inner, 1)
        column.addLayout(note)

    # filling

    def set_script(self, script: ScriptView) -> None:
        """Shows where the conversation stands."""
        self._title.set(script.title)
        self._version.set(script.version)
        done = script.position if script.question is not None else script.count + 1
        self._steps.set(done, script.count)
        self._answered.set(script.answered)
        question = script.question
        self._question.set(question.text if question else self.tr("All is asked. Decide on the right."))
        self._hint.set(question.hint if question else "")
        self._hint.setVisible(bool(question and question.hint))
        key = question.key if question else ""
        another = key != self._shown_key
        follows = another and self._focus_follows()
        if follows:
            self.setFocus()  # a button that is hidden with the focus on it would throw it to another part of the window
        self.answers.set_question(question)
        self.objections.set_pairs(
            tuple((each.says, each.reply) for each in script.objections), self.tr("The script has none here.")
        )
        if another:
            self._shown_key = key
            self._area.verticalScrollBar().setValue(0)
        if follows:
            self.take_focus()

    def _focus_follows(self) -> bool:
        """Whether the keyboard goes with the question: not while the caller is writing or looking elsewhere."""
        focus = self.window().focusWidget()
        return focus is None or focus is self or self.answers.isAncestorOf(focus)

    def set_low(self, low: bool) -> None:
        """Saves height."""
        above = 12 if low else PAD - 1
        self.layout().setContentsMargins(PAD - 5, above, PAD - 5, above)  # type: ignore[union-attr]
        self.layout().setSpacing(8 if low else 14)  # type: ignore[union-attr]
        self._above.changeSize(0, 6 if low else ABOVE)
        self._talk.invalidate()
        self.note.set_low(low)

    def take_focus(self) -> None:
        """Puts the keyboard on the answers, or on the note when all is asked."""
        if self.answers.buttons() or self.answers.takes_text():
            self.answers.take_focus()
        else:
            self.setFocus()

    def choose(self, digit: int) -> bool:
        """What the digits 1 to 9 do."""
        return self.answers.choose(digit - 1)

    def toggle_objections(self) -> None:
        """Shows or hides the answers to objections."""
        self.history.hide()
        self.objections.setVisible(not self.objections.isVisibleTo(self))

    def toggle_history(self) -> None:
        """Shows or hides what happened before."""
        self.objections.hide()
        self.history.setVisible(not self.history.isVisibleTo(self))

    def _on_next(self) -> None:
        if self.answers.takes_text():
            self.answers.commit()
        self.next_pressed.emit()

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """The ring around it says so: Qt would paint the whole panel anew, at every question."""

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """As above."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows as many answered questions as there is room for."""
        super().resizeEvent(event)
        high = self.height() / fonts.scale()
        self._answered.set_most(0 if high < LOWEST else 1 if high < LOW else 2 if high < LOW + 70 else 3)
        side = min(fonts.scaled(SIDE), int(self.width() * 0.42))
        for each in (self.objections, self.history):
            if each.width() != side:
                each.setFixedWidth(side)
