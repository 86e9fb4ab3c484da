"""Where the answer is given: pooled buttons, or one input for a number, a date or words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDate, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QKeyEvent, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QLineEdit, QSizePolicy, QWidget

from app.models.entries import Answer
from app.ui import fonts
from app.ui.calls.views import OptionView, QuestionView
from app.ui.points import signed
from app.ui.theme import size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton

GAP = 8
TWO_COLUMNS = 440  # pixels at 100 %: narrower, answers stand in one column
MOST_KEYS = 9
WIDEST_INPUT = 360
MOST_KEPT = 200  # places of answers that were reckoned, for every question and width


class _Line(QLineEdit):
    """Leaves the page its keys where it has no use for them: Backspace while empty, letters where a number is asked."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._has_no_use(event):
            event.ignore()
            return True
        return super().event(event)

    def _has_no_use(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Backspace:
            return not self.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        return plain and self.validator() is not None and (event.text().isalpha() or event.text() in {"/", "?"})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class AnswerArea(QWidget):
    """Fills itself from a question; buttons are made once and used again.

    Signals:
        answered: key of the question, and the answer: an option's key, a list of them, a number, an ISO date or words.
        left: Esc was pressed in the line; the page's keys work again.
    """

    answered = Signal(str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: QuestionView | None = None
        self._options: tuple[OptionView, ...] = ()
        self._buttons: list[KeyButton] = []
        self._chosen: list[str] = []
        self._line = _Line(self)
        self._line.left.connect(self.left)
        self._line.hide()
        self._number = QDoubleValidator(self)
        self._date: QDateEdit | None = None  # made at the first question for a date
        self._unit = ElidedLabel(ink="ink_2", least=0, parent=self)
        self._unit.hide()
        self._said: tuple[tuple[str, str, bool], ...] = ()  # by each button: words, points, whether it has a tick
        self._boxes_at: dict[tuple[Any, int, float], list[tuple[int, int, int, int]]] = {}  # said, width, size of texts
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # filling

    def set_question(self, question: QuestionView | None) -> None:
        """Shows the answers of this question; None shows nothing."""
        self._question = question
        kind = question.kind if question else ""
        self._options = question.options if question and kind in {"choice", "choices", "yes_no"} else ()
        given = question.answer if question else None
        self._chosen = [given] if isinstance(given, str) else list(given) if isinstance(given, list) else []
        self._fill_buttons(kind)
        self._fill_input(kind, question)
        self._place()
        self.updateGeometry()

    def _fill_buttons(self, kind: str) -> None:
        while len(self._buttons) < len(self._options):
            self._add_button()
        several = kind == "choices"
        said = []
        for place, button in enumerate(self._buttons):
            if place >= len(self._options):
                button.hide()
                continue
            option = self._options[place]
            points = "" if option.points is None else signed(option.points)
            button.set_words(option.text, str(place + 1) if place < MOST_KEYS else "", points=points)
            chosen = option.key in self._chosen
            said.append((option.text, points, several and chosen))
            if button.isChecked() != chosen:
                button.setChecked(chosen)
            button.set_icon("check" if several and chosen else "")
            button.show()
        self._said = tuple(said)

    def _add_button(self) -> None:
        button = KeyButton(kind="answer", parent=self)
        button.setCheckable(True)
        # Made late, it would be the last stop of the Tab key in the whole window.
        QWidget.setTabOrder(self._buttons[-1] if self._buttons else self._line, button)
        place = len(self._buttons)
        button.clicked.connect(lambda _=False, place=place: self.choose(place))
        self._buttons.append(button)

    def _fill_input(self, kind: str, question: QuestionView | None) -> None:
        self._line.setVisible(kind in {"number", "text"})
        self._unit.setVisible(bool(question and question.unit and kind == "number"))
        if self._date is not None:
            self._date.setVisible(kind == "date")
        if question is None or kind not in {"number", "text", "date"}:
            return
        given = question.answer
        editor = self._editor()
        if isinstance(editor, QDateEdit):
            editor.setVisible(True)
            date = QDate.fromString(given, Qt.DateFormat.ISODate) if isinstance(given, str) else QDate()
            editor.setDate(date if date.isValid() else QDate.currentDate())
        else:
            self._line.setValidator(self._number if kind == "number" else None)  # type: ignore[arg-type]
            shown = f"{given:g}" if isinstance(given, (int, float)) else given if isinstance(given, str) else ""
            self._line.setText(shown)
            self._line.setPlaceholderText(self.tr("A number") if kind == "number" else self.tr("In their words"))
            self._unit.set(question.unit)
        editor.setAccessibleName(question.text)

    def _editor(self) -> QLineEdit | QDateEdit:
        if self._question is None or self._question.kind != "date":
            return self._line
        if self._date is None:
            self._date = QDateEdit(self)
            self._date.setCalendarPopup(True)
            self._date.setDisplayFormat("d MMMM yyyy")
            calendar = self._date.calendarWidget()
            calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
                calendar.setWeekdayTextFormat(day, QTextCharFormat())  # else Qt paints them in a red of its own
            QWidget.setTabOrder(self._line, self._date)
        return self._date

    # answering

    def takes_text(self) -> bool:
        """Whether the present question is answered by typing."""
        return self._question is not None and self._question.kind in {"number", "date", "text"}

    def choose(self, place: int) -> bool:
        """What a digit does: takes the answer at this place; of several it turns one on or off. False: no such."""
        if self._question is None or not 0 <= place < len(self._options):
            return False
        key = self._options[place].key
        if self._question.kind == "choices":
            left = [each for each in self._chosen if each != key]
            self._chosen = left if key in self._chosen else [*left, key]
            self._fill_buttons("choices")
            self._place()  # the tick takes room, so a text may need another line
            self.updateGeometry()
            order = [option.key for option in self._options]
            self.answered.emit(self._question.key, sorted(self._chosen, key=order.index))
        else:
            self._chosen = [key]
            self._fill_buttons(self._question.kind)
            self.answered.emit(self._question.key, key)
        return True

    def commit(self) -> bool:
        """Takes what was typed, if it is an answer; True when there was one."""
        if self._question is None or not self.takes_text():
            return False
        editor = self._editor()
        answer: Answer
        if isinstance(editor, QDateEdit):
            answer = editor.date().toString(Qt.DateFormat.ISODate)
        elif self._question.kind == "number":
            value, fine = self.locale().toDouble(editor.text())
            if not fine:
                return False
            answer = value
        else:
            answer = editor.text().strip()
            if not answer:
                return False
        if answer != self._question.answer:
            self.answered.emit(self._question.key, answer)
        return True

    def question(self) -> QuestionView | None:
        """What is asked."""
        return self._question

    def typed(self) -> str:
        """What stands in the line and is no answer yet; empty when nothing does."""
        if self._question is None or self._question.kind not in {"number", "text"}:
            return ""
        text = self._line.text().strip()
        return "" if self._question.answer is not None and not self._line.isModified() else text

    def take_focus(self) -> None:
        """Puts the keyboard where the answer is given."""
        if self.takes_text():
            self._editor().setFocus()
            if not isinstance(self._editor(), QDateEdit):
                self._line.selectAll()
            return
        shown = [button for button in self._buttons if button.isVisibleTo(self)]
        chosen = next((button for button in shown if button.isChecked()), None)
        if shown:
            (chosen or shown[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def buttons(self) -> list[KeyButton]:
        """The buttons of the present answers."""
        return self._buttons[: len(self._options)]

    # placing

    def _columns(self, width: int) -> int:
        if width < fonts.scaled(TWO_COLUMNS) or len(self._options) == 1:
            return 1
        column = (width - GAP) // 2
        # A text over three lines in half the width reads better over the whole.
        long = any(button.height_for(column) > fonts.scaled(size("button_answer")) * 1.6 for button in self.buttons())
        return 1 if long else 2

    def _boxes(self, width: int) -> list[tuple[int, int, int, int]]:
        at = (self._said, width, fonts.scale())
        if at not in self._boxes_at:  # the same questions come with every call
            if len(self._boxes_at) >= MOST_KEPT:
                self._boxes_at.clear()
            self._boxes_at[at] = self._reckon(width)
        return self._boxes_at[at]

    def _reckon(self, width: int) -> list[tuple[int, int, int, int]]:
        buttons = self.buttons()
        columns = self._columns(width)
        wide = (width - GAP * (columns - 1)) // columns
        boxes, top = [], 0
        for first in range(0, len(buttons), columns):
            row = buttons[first : first + columns]
            high = max(button.height_for(wide) for button in row)
            boxes += [(place * (wide + GAP), top, wide, high) for place in range(len(row))]
            top += high + GAP
        return boxes

    def heightForWidth(self, width: int) -> int:
        """All answers."""
        if self.takes_text():
            return fonts.scaled(size("button_answer"))
        boxes = self._boxes(width)
        return boxes[-1][1] + boxes[-1][3] if boxes else 0

    def sizeHint(self) -> QSize:
        """Two columns."""
        wide = fonts.scaled(TWO_COLUMNS)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """One column."""
        widest = max((button.minimumSizeHint().width() for button in self.buttons()), default=fonts.scaled(120))
        return QSize(widest, fonts.scaled(size("button_answer")))

    def _place(self) -> None:
        if self.takes_text():
            unit = self._unit.sizeHint().width() + 10 if self._unit.isVisibleTo(self) else 0
            wide = min(self.width() - unit, fonts.scaled(WIDEST_INPUT if unit else 10_000))
            if self._question and self._question.kind == "date":
                wide = min(self.width(), fonts.scaled(WIDEST_INPUT))
            self._editor().setGeometry(0, 0, wide, fonts.scaled(size("button_answer")))
            hint = self._unit.sizeHint()
            self._unit.setGeometry(wide + 10, (fonts.scaled(size("button_answer")) - hint.height()) // 2,
                                   hint.width(), hint.height())  # fmt: skip
            return
        for button, box in zip(self.buttons(), self._boxes(self.width()), strict=True):
            button.setGeometry(*box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places the answers anew."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text is another height of the answers."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()
            self.updateGeometry()
