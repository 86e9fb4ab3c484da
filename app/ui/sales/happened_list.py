"""What happened, the newest first: a dot, words, and when; painted as one widget."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import LEFT
from app.ui.theme import colour, size

WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
HIGHEST = 10_000
INDENT = 16
AFTER = 12


@lru_cache(maxsize=1024)
def _high(text: str, width: int, _scale: float) -> int:
    return ceil(fonts.metrics(size("body")).boundingRect(QRectF(0, 0, max(width, 1), HIGHEST), WRAPPED, text).height())


class HappenedList(QWidget):
    """As high as its rows need at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str, str], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("What happened"))

    def set(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        """Words, when and by whom, and the colour of the dot."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleDescription("; ".join(f"{words}, {at}" for words, at, _ in rows))
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def _row_height(self, words: str, width: int) -> int:
        high = _high(words, width - fonts.scaled(INDENT), fonts.scale())
        return high + fonts.height(size("secondary")) + fonts.scaled(AFTER)

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        return sum(self._row_height(words, width) for words, _, _ in self._rows)

    def sizeHint(self) -> QSize:
        """A comfortable measure."""
        return QSize(fonts.scaled(320), self.heightForWidth(fonts.scaled(320)))

    def minimumSizeHint(self) -> QSize:
        """Narrow."""
        return QSize(fonts.scaled(160), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows."""
        painter, top = QPainter(self), 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, room = fonts.scaled(INDENT), self.width() - fonts.scaled(INDENT)
        for words, at, dot in self._rows:
            high = self._row_height(words, self.width())
            if QRectF(0, top, self.width(), high).intersects(QRectF(event.rect())):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour(dot))
                middle = top + fonts.height(size("body")) / 2
                painter.drawEllipse(QPointF(4, middle), 4, 4)
                text = _high(words, room, fonts.scale())
                painter.setFont(fonts.font(size("body")))
                painter.setPen(colour("ink"))
                painter.drawText(QRectF(left, top, room, text), WRAPPED, words)
                painter.setFont(fonts.font(size("secondary"), tabular=True))
                painter.setPen(colour("ink_2"))
                painter.drawText(QRectF(left, top + text, room, fonts.height(size("secondary"))), LEFT, at)
            top += high
