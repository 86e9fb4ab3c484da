"""A sentence on a soft ground, with what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel


class Notice(Card):
    """Comes when there is something to say, and is gone else.

    Signals:
        acted: its button was pressed.
    """

    acted = Signal()

    def __init__(self, action: str = "", key: str = "", tone: str = "nurture", parent: QWidget | None = None) -> None:
        super().__init__(parent, ground=f"{tone}_soft", border="")
        self._text = WrappedLabel(ink=tone, pixels=size("secondary"), parent=self)
        self._button = KeyButton(action, key, parent=self)
        self._button.clicked.connect(self.acted)
        self._button.setVisible(bool(action))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._text)
        middle.addStretch(1)
        row.addLayout(middle, 1)
        row.addWidget(self._button)
        self.hide()

    def say(self, text: str) -> None:
        """Shows the sentence; empty words take it away."""
        self._text.set(text)
        self._text.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._text.text() if not self.isHidden() else ""
