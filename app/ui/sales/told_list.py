"""What they told us: every question with its answer and points, painted as one widget."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.sales.lead_view import Told
from app.ui import fonts
from app.ui.calls.views import signed
from app.ui.painting import advance
from app.ui.theme import colour, size

WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
HIGHEST = 10_000
AROUND = 10  # pixels above a question, and below its answer
BETWEEN = 3
POINTS = 44  # room for the points


@lru_cache(maxsize=1024)
def _high(text: str, pixels: int, weight: int, width: int, _scale: float) -> int:
    room = QRectF(0, 0, max(width, 1), HIGHEST)
    return ceil(fonts.metrics(pixels, weight).boundingRect(room, WRAPPED, text).height())


class ToldList(QWidget):
    """As high as its rows need at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Told, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("What they told us"))

    def set(self, rows: tuple[Told, ...]) -> None:
        """All answers, in the order of the script."""
        if rows == self._rows:
            return
        self._rows = rows
        said = (f"{row.question} {row.answer}{'' if row.points is None else f' {row.points:+d}'}" for row in rows)
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        return sum(self._row_height(row, width) for row in self._rows)

    def _row_height(self, row: Told, width: int) -> int:
        room, scale = width - fonts.scaled(POINTS), fonts.scale()
        return (
            _high(row.question, size("secondary"), 400, room, scale) + fonts.scaled(BETWEEN)
            + _high(row.answer, size("body"), 600, room, scale) + 2 * fonts.scaled(AROUND)
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        """A comfortable measure."""
        return QSize(fonts.scaled(420), self.heightForWidth(fonts.scaled(420)))

    def minimumSizeHint(self) -> QSize:
        """Narrow."""
        return QSize(fonts.scaled(180), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, with a hairline between them."""
        painter, top, scale = QPainter(self), 0, fonts.scale()
        room = self.width() - fonts.scaled(POINTS)
        for place, row in enumerate(self._rows):
            high = self._row_height(row, self.width())
            if QRectF(0, top, self.width(), high).intersects(QRectF(event.rect())):
                at = top + fonts.scaled(AROUND)
                asked = _high(row.question, size("secondary"), 400, room, scale)
                painter.setFont(fonts.font(size("secondary")))
                painter.setPen(colour("ink_2"))
                painter.drawText(QRectF(0, at, room, asked), WRAPPED, row.question)
                at += asked + fonts.scaled(BETWEEN)
                painter.setFont(fonts.font(size("body"), 600))
                painter.setPen(colour("ink"))
                painter.drawText(QRectF(0, at, room, high), WRAPPED, row.answer)
                if row.points is not None:
                    self._points(painter, row.points, at)
                if place:
                    painter.fillRect(QRectF(0, top, self.width(), 1), colour("line_soft"))
            top += high

    def _points(self, painter: QPainter, points: int, at: float) -> None:
        words = signed(points)
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2" if not points else "sell" if points > 0 else "late"))
        wide = advance(words, size("secondary"), tabular=True)
        painter.drawText(QRectF(self.width() - wide - 1, at, wide + 1, fonts.height(size("body"))),
                         Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)  # fmt: skip
