"""What happened, the newest first: a dot, words, and when."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.ui import fonts
from app.ui.painting import LEFT, WRAPPED, wrapped_height
from app.ui.theme import colour, size
from app.ui.widgets.painted_rows import PaintedRows

INDENT = 16
AFTER = 12

Happened = tuple[str, str, str]  # words, when and by whom, the colour of the dot


class HappenedList(PaintedRows[Happened]):
    """Words over lines, and below them when and by whom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, parent)
        self.setAccessibleName(self.tr("What happened"))

    def spoken(self, row: Happened) -> str:
        """Words, and when."""
        return f"{row[0]}, {row[1]}"

    @staticmethod
    def _words_height(words: str, width: int) -> int:
        return wrapped_height(words, size("body"), width - fonts.scaled(INDENT))

    def row_height(self, row: Happened, width: int) -> int:
        """Words, a line below them, and room after it."""
        return self._words_height(row[0], width) + fonts.height(size("secondary")) + fonts.scaled(AFTER)

    def paint_row(self, painter: QPainter, row: Happened, place: int, top: int) -> None:
        """The dot, the words, and when."""
        words, when, dot = row
        left, room = fonts.scaled(INDENT), self.width() - fonts.scaled(INDENT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(dot))
        painter.drawEllipse(QPointF(4, top + fonts.height(size("body")) / 2), 4, 4)
        high = self._words_height(words, self.width())
        painter.setFont(fonts.font(size("body")))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(left, top, room, high), WRAPPED, words)
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(left, top + high, room, fonts.height(size("secondary"))), LEFT, when)
