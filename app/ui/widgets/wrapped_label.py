"""Text over as many lines as it needs."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import WRAPPED, advance, wrapped_height
from app.ui.theme import colour, size


class WrappedLabel(QLabel):
    """A label that wraps, in a size, weight and colour of the theme, read when it is painted."""

    def __init__(
        self,
        text: str = "",
        *,
        pixels: int | None = None,
        weight: int = 400,
        ink: str = "ink",
        least: int = 120,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._pixels = pixels or size("body")
        self._weight = weight
        self._ink = ink
        self._least = least
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, text: str, ink: str | None = None) -> None:
        """Other words, and another colour where one is named."""
        if ink is not None and ink != self._ink:
            self._ink = ink
            self.update()
        if text != self.text():
            self.setText(text)

    def heightForWidth(self, width: int) -> int:
        """All lines, at this width."""
        if not self.text():
            return 0
        return wrapped_height(self.text(), self._pixels, width, self._weight)

    def sizeHint(self) -> QSize:
        """One line where the text is short, else a comfortable measure."""
        width = min(ceil(advance(self.text(), self._pixels, self._weight)) + 2, fonts.scaled(480))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, and at least one line high."""
        line = fonts.height(self._pixels) if self.text() else 0
        return QSize(min(fonts.scaled(self._least), self.sizeHint().width()), line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines."""
        painter = QPainter(self)
        painter.setFont(fonts.font(self._pixels, self._weight))
        painter.setPen(colour(self._ink))
        painter.drawText(QRectF(self.rect()), WRAPPED, self.text())
