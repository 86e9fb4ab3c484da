"""An icon and a few words beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import fonts, icons
from app.ui.painting import LEFT, advance, elided
from app.ui.theme import colour, size

SIDE = 15
GAP = 7


class IconLabel(QLabel):
    """Such as where somebody came from, or what time it is there."""

    def __init__(self, icon: str, text: str = "", *, ink: str = "ink_2", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._icon = icon
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, icon: str, text: str, ink: str | None = None) -> None:
        """Another icon, other words."""
        self._icon = icon
        self._ink = ink or self._ink
        if text != self.text():
            self.setText(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Icon and words."""
        words = advance(self.text(), size("secondary"))
        return QSize(fonts.scaled(SIDE + GAP) + int(words) + 2, max(fonts.height(size("secondary")), fonts.scaled(16)))

    def minimumSizeHint(self) -> QSize:
        """The icon and some letters."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), fonts.scaled(56)), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both."""
        painter = QPainter(self)
        side = fonts.scaled(SIDE)
        ink = colour(self._ink)
        icons.paint(painter, self._icon, QRectF(0, (self.height() - side) // 2, side, side), ink)
        left = fonts.scaled(SIDE + GAP)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(ink)
        text = elided(self.text(), size("secondary"), 400, self.width() - left + 1)
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), LEFT, text)
