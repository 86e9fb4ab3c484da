"""What they told us: every question with its answer and points."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.models.rows import Told
from app.ui import fonts, points
from app.ui.painting import RIGHT, WRAPPED, advance, wrapped_height
from app.ui.theme import colour, size
from app.ui.widgets.painted_rows import PaintedRows

AROUND = 10  # pixels above a question, and below its answer
BETWEEN = 3
POINTS = 44  # room for the points


class ToldList(PaintedRows[Told]):
    """In the order of the script, with a hairline between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(420, parent)
        self.setAccessibleName(self.tr("What they told us"))

    def spoken(self, row: Told) -> str:
        """Question, answer, points."""
        return f"{row.question} {row.answer}{'' if row.points is None else f' {row.points:+d}'}"

    def _heights(self, row: Told, room: int) -> tuple[int, int]:
        """Of a question, with what is below it, and of its answer."""
        asked = wrapped_height(row.question, size("secondary"), room) + fonts.scaled(BETWEEN)
        return asked, wrapped_height(row.answer, size("body"), room, 600)

    def row_height(self, row: Told, width: int) -> int:
        """Question and answer, and what is around them."""
        return sum(self._heights(row, width - fonts.scaled(POINTS))) + 2 * fonts.scaled(AROUND)

    def paint_row(self, painter: QPainter, row: Told, place: int, top: int) -> None:
        """The question, below it the answer, and its points at the right."""
        room = self.width() - fonts.scaled(POINTS)
        asked, answer = self._heights(row, room)
        at = top + fonts.scaled(AROUND)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(0, at, room, asked), WRAPPED, row.question)
        at += asked
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(0, at, room, answer), WRAPPED, row.answer)
        if row.points is not None:
            words = points.signed(row.points)
            painter.setFont(fonts.font(size("secondary"), tabular=True))
            painter.setPen(colour(points.ink(row.points)))
            wide = advance(words, size("secondary"), tabular=True)
            box = QRectF(self.width() - wide - 1, at, wide + 1, fonts.height(size("body")))
            painter.drawText(box, RIGHT, words)
        if place:
            painter.fillRect(QRectF(0, top, self.width(), 1), colour("line_soft"))
