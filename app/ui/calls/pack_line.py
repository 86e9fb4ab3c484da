"""Above the queue: how many are with this computer for days, and the button that takes a pack or gives it back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.theme import size
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel


class PackLine(QWidget):
    """Only for a home that belongs to a team.

    Signals:
        pressed: the button.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = WrappedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._button = KeyButton(self.tr("Take a pack…"), keys.label("pack"), kind="quiet", parent=self)
        self._button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._words)
        column.addWidget(self._button)
        self._words.hide()

    def show_words(self, words: str, *, ink: str = "ink_2", button: str) -> None:
        """What is with this computer; empty words: nothing. `button`: what pressing it does."""
        self._words.set(words, ink)
        self._words.setVisible(bool(words))
        self._button.set_words(button)

    def words(self) -> str:
        """What it says."""
        return self._words.text()
