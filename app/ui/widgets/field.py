"""A label above what is typed or chosen, and below it what is wrong or good to know."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDateTimeEdit, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.wrapped_label import WrappedLabel

HEIGHT = 40  # pixels of one line of input, at 100 %


def inset(editor: QAbstractSpinBox) -> None:
    """Gives a number, date or time its room at the left, which style sheets do not reach."""
    inner = editor.findChild(QLineEdit)
    if inner is not None and not (isinstance(editor, QDateTimeEdit) and editor.calendarPopup()):
        inner.setTextMargins(fonts.scaled(11), 0, 0, 0)


class Field(QWidget):
    """A labelled input; without `editor` it is one line of text, `edit` in both cases.

    Signals:
        changed: the text of a one-line field, at each key.
    """

    changed = Signal(str)

    def __init__(
        self,
        label: str,
        text: str = "",
        *,
        placeholder: str = "",
        editor: QWidget | None = None,
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(label, pixels=size("secondary"), ink="ink_2", parent=self)
        self._hint = WrappedLabel(pixels=size("tiny"), ink="ink_2", parent=self)
        self.edit: QWidget = editor if editor is not None else QLineEdit(text, self)
        if isinstance(self.edit, QLineEdit):
            self.edit.setPlaceholderText(placeholder)
            self.edit.textChanged.connect(self.changed)
            if secret:
                self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        if isinstance(self.edit, (QLineEdit, QAbstractSpinBox)) or not isinstance(self.edit, QPlainTextEdit):
            self.edit.setMinimumHeight(fonts.scaled(HEIGHT))
        if isinstance(self.edit, QAbstractSpinBox):
            inset(self.edit)
        self.edit.setAccessibleName(label)
        self._label.setBuddy(self.edit)
        self.setFocusProxy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for part in (self._label, self.edit, self._hint):
            column.addWidget(part)
        self._hint.hide()
        column.addStretch(1)

    def text(self) -> str:
        """What was typed into a one-line field; empty for other editors."""
        return self.edit.text() if isinstance(self.edit, QLineEdit) else ""

    def set_text(self, text: str) -> None:
        """Puts text into a one-line field."""
        if isinstance(self.edit, QLineEdit):
            self.edit.setText(text)

    def set_hint(self, text: str, *, wrong: bool = False) -> None:
        """Words below the field; `wrong` says that it cannot stay so. Empty words take them away."""
        mark = "⚠ " if wrong and text else ""  # never by colour alone
        self._hint.set(mark + text, "late" if wrong else "ink_2")
        self._hint.setVisible(bool(text))
        self.edit.setAccessibleDescription(text)

    def set_label(self, label: str) -> None:
        """Another label."""
        self._label.set(label)
        self.edit.setAccessibleName(label)
