"""Sell, nurture or discard, one key each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.models.entries import Disposition
from app.ui import fonts, keys
from app.ui.theme import size
from app.ui.widgets.key_button import KeyButton

FILLED_HEIGHT = 56


class DispositionBar(QWidget):
    """Three buttons; the advised one is filled and higher.

    Signals:
        chosen: the Disposition pressed.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        texts = {
            Disposition.SELL: (self.tr("Sell"), self.tr("to Sales now")),
            Disposition.NURTURE: (self.tr("Nurture"), self.tr("to Marketing")),
            Disposition.DISCARD: (self.tr("Discard"), self.tr("erase details")),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(size("radius"))
        column.addStretch(1)
        self.buttons: dict[Disposition, KeyButton] = {}
        for disposition, (text, detail) in texts.items():
            name = disposition.value
            button = KeyButton(text, keys.label(name), kind=name, detail=detail, parent=self)
            button.clicked.connect(lambda _=False, which=disposition: self.chosen.emit(which))
            self.buttons[disposition] = button
            column.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Decide"))

    def sizeHint(self) -> QSize:
        """Always as high as with one of them filled: what stands above does not move with the advice."""
        plain = fonts.scaled(size("button_answer"))
        high = 2 * (plain + self.layout().spacing()) + fonts.scaled(FILLED_HEIGHT)  # type: ignore[union-attr]
        return QSize(super().sizeHint().width(), high)

    def minimumSizeHint(self) -> QSize:
        """As high as ever, and all words of the buttons."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def set_advice(self, advice: Disposition | None) -> None:
        """Which one the scorecard recommends."""
        for disposition, button in self.buttons.items():
            advised = disposition is advice
            button.set_filled(advised, FILLED_HEIGHT if advised else 0)
