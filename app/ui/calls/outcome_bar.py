"""How a call that decides nothing ended, one key each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.entries import Outcome
from app.ui import keys
from app.ui.widgets.key_button import KeyButton

GAP = 6
WRAPPED_COLUMNS = 3


class OutcomeBar(QWidget):
    """Six buttons in a row, or three over three where it is narrow.

    Signals:
        chosen: the Outcome pressed.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        texts = {
            Outcome.NO_ANSWER: self.tr("No answer"),
            Outcome.VOICEMAIL: self.tr("Voicemail"),
            Outcome.BUSY: self.tr("Busy"),
            Outcome.CALLBACK: self.tr("Call back…"),
            Outcome.WRONG_NUMBER: self.tr("Wrong number"),
            Outcome.DO_NOT_CALL: self.tr("Do not call"),
        }
        self.buttons: dict[Outcome, KeyButton] = {}
        for outcome, text in texts.items():
            button = KeyButton(text, keys.label(outcome.value), kind="outcome", parent=self)
            button.clicked.connect(lambda _=False, which=outcome: self.chosen.emit(which))
            self.buttons[outcome] = button
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Not reached"))

    def _widths(self) -> list[int]:
        return [button.sizeHint().width() for button in self.buttons.values()]

    def _in_a_row(self, width: int) -> bool:
        return width >= sum(self._widths()) + GAP * (len(self.buttons) - 1)

    def heightForWidth(self, width: int) -> int:
        """One row or two."""
        row = next(iter(self.buttons.values())).sizeHint().height()
        return row if self._in_a_row(width) else 2 * row + GAP

    def sizeHint(self) -> QSize:
        """In a row."""
        wide = sum(self._widths()) + GAP * (len(self.buttons) - 1)
        return QSize(wide, self.heightForWidth(max(self.width(), self.minimumSizeHint().width())))

    def minimumSizeHint(self) -> QSize:
        """Three over three."""
        wide = max(self._widths()) * WRAPPED_COLUMNS + GAP * (WRAPPED_COLUMNS - 1)
        return QSize(wide, next(iter(self.buttons.values())).sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places the buttons; free room is shared in the row, so that both edges hold."""
        super().resizeEvent(event)
        buttons = list(self.buttons.values())
        high = buttons[0].sizeHint().height()
        if self._in_a_row(self.width()):
            widths = self._widths()
            spare = self.width() - sum(widths) - GAP * (len(buttons) - 1)
            left = 0
            for place, (button, wide) in enumerate(zip(buttons, widths, strict=True)):
                each = wide + spare // len(buttons) + (place < spare % len(buttons))
                button.setGeometry(left, 0, each, high)
                left += each + GAP
        else:
            room = self.width() + GAP
            for place, button in enumerate(buttons):
                row, column = divmod(place, WRAPPED_COLUMNS)
                left, end = (room * edge // WRAPPED_COLUMNS for edge in (column, column + 1))
                button.setGeometry(left, row * (high + GAP), end - GAP - left, high)
        if self.height() != self.heightForWidth(self.width()):
            self.updateGeometry()
