"""A chip that is pressed in or not: interests, filters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui import fonts, icons
from app.ui.painting import LEFT, advance, paint_box
from app.ui.theme import colour, size
from app.ui.widgets.choice import Choice

HEIGHT = 32
TICK = 14


class ChoiceChip(Choice):
    """Chosen ones have a tick, so that colour is not alone in saying it; `toggled` tells."""

    def __init__(self, text: str, *, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setChecked(checked)
        self.toggled.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Words and tick."""
        tick = fonts.scaled(TICK + 6) if self.isChecked() else 0
        words = advance(self.text(), size("secondary"), 500)
        return QSize(int(words) + 2 * fonts.scaled(12) + tick + 1, fonts.scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chip."""
        painter = QPainter(self)
        on = self.isChecked()
        paint_box(painter, QRectF(self.rect()), colour("accent_soft" if on else "discard_soft"),
                  colour("accent") if on else None, size("radius_chip"))  # fmt: skip
        ink = colour("accent" if on else "ink_2")
        left = fonts.scaled(12)
        if on:
            side = fonts.scaled(TICK)
            icons.paint(painter, "check", QRectF(left, (self.height() - side) // 2, side, side), ink)
            left += side + fonts.scaled(6)
        painter.setFont(fonts.font(size("secondary"), 500))
        painter.setPen(ink)
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), LEFT, self.text())
