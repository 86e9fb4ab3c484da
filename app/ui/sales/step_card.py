"""The next step with a prospect: what, which day, what time; kept, saved for a calendar, or done."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QEvent, QObject, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QTimeEdit, QVBoxLayout, QWidget

from app.models.rows import SalesRow
from app.ui import fonts, keys, times
from app.ui.sales.flow import Flow
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

USUAL = QTime(10, 0)  # on the next working day
FRIDAY = 5


class StepCard(Card):
    """Shows what is planned; `edit` opens the form.

    Signals:
        kept: words and moment (ms UTC). done: the step is done. save_wanted: as an .ics file.
        left: the form was left without keeping it.
    """

    kept = Signal(str, object)
    done = Signal()
    save_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = ElidedLabel(self.tr("Next step"), weight=600, parent=self)
        self._when = Chip("", "plain", self)
        self._what = WrappedLabel(parent=self)
        self._none = WrappedLabel(self.tr("Nothing is agreed yet: this lead is soon forgotten."), ink="nurture",
                                  pixels=size("secondary"), parent=self)  # fmt: skip
        self.text = QLineEdit(self)
        self.day, self.time = QDateEdit(self), QTimeEdit(self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("ddd d MMM yyyy")
        self.time.setDisplayFormat("HH:mm")
        self._form = QWidget(self)
        words = Field(self.tr("What was agreed"), editor=self.text, parent=self._form)
        at = QHBoxLayout()
        at.setSpacing(10)
        at.addWidget(Field(self.tr("Day"), editor=self.day, parent=self._form), 3)
        at.addWidget(Field(self.tr("Time"), editor=self.time, parent=self._form), 2)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.addWidget(words)
        form.addLayout(at)
        self._actions = QWidget(self)
        row = Flow(self._actions, fonts.scaled(8))
        self._keep = self._button(self.tr("Keep it"), "↵", "primary", self._on_keep)
        self._other = self._button(self.tr("Another step"), keys.label("prospect", "sales"), "plain", self.edit)
        self._save = self._button(self.tr("Save .ics"), keys.label("save-step", "sales"), "plain", self.save_wanted)
        self._done = self._button(self.tr("Done"), keys.label("step-done", "sales"), "plain", self.done)
        for button in (self._keep, self._other, self._save, self._done):
            row.addWidget(button)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._when)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self._what, self._none, self._form, self._actions):
            column.addWidget(part)
        self._planned = False
        self.text.returnPressed.connect(self._on_keep)
        for editor in (self.text, self.day, self.time):
            editor.installEventFilter(self)

    def _button(self, text: str, key: str, kind: str, slot: object) -> KeyButton:
        button = KeyButton(text, key, kind=kind, parent=self._actions)
        button.clicked.connect(slot)
        return button

    def set(self, row: SalesRow, now: int, promised: str) -> None:
        """Shows what is planned with a prospect; `promised` is what the caller promised."""
        self._planned = row.planned_at is not None
        if row.planned_at is not None:
            late = row.planned_at <= now
            words = f"{times.day(row.planned_at, now)} {times.clock(row.planned_at)}"
            self._when.set(words, "over" if late else "due")
        else:
            self._when.set("", "plain")
        self._what.set(row.planned_step)
        self.text.setText("" if self._planned else promised)
        usual = _usual(now)
        self.day.setDate(usual.date())
        self.time.setTime(usual.time())
        self._show(editing=False)

    def edit(self) -> None:
        """Opens the form and takes the keyboard."""
        self._show(editing=True)
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def is_edited(self) -> bool:
        """Whether the form is open."""
        return self._form.isVisibleTo(self)

    def moment(self) -> int:
        """The chosen moment, ms UTC, by this computer's clock."""
        return QDateTime(self.day.date(), self.time.time()).toMSecsSinceEpoch()

    def _show(self, *, editing: bool) -> None:
        self._form.setVisible(editing)
        self._keep.setVisible(editing)
        self._what.setVisible(self._planned and not editing)
        self._none.setVisible(not self._planned and not editing)
        self._other.setVisible(not editing)
        self._other.setText(self.tr("Another step") if self._planned else self.tr("Agree a step"))
        self._save.setVisible(self._planned and not editing)
        self._done.setVisible(self._planned and not editing)
        self._actions.updateGeometry()

    def _on_keep(self) -> None:
        if self.is_edited():
            self.kept.emit(self.text.text().strip(), self.moment())

    keep = _on_keep

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the form; Enter in a date or time keeps it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self._show(editing=False)
                self.left.emit()
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and watched is not self.text:
                self._on_keep()
                return True
        return super().eventFilter(watched, event)


def _usual(now: int) -> QDateTime:
    """The next working day at ten, by this computer's clock."""
    then = QDateTime.fromMSecsSinceEpoch(now).addDays(1)
    while then.date().dayOfWeek() > FRIDAY:
        then = then.addDays(1)
    then.setTime(USUAL)
    return then
