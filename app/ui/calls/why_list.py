"""Why the score is what it is, painted as one widget."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts
from app.ui.calls.views import ReasonView
from app.ui.painting import LEFT, RIGHT, advance, elided
from app.ui.points import ink, signed
from app.ui.theme import colour, size

ROW = 30
LEAST_ROWS = 3


class WhyList(QWidget):
    """One line for each reason with its points; what does not fit is counted in the last line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ReasonView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Why"))

    def set(self, rows: tuple[ReasonView, ...]) -> None:
        """Other reasons."""
        if rows == self._rows:
            return
        changed = len(rows) != len(self._rows)
        self._rows = rows
        words = "; ".join(f"{row.text} {signed(row.points)}" for row in rows)
        self.setAccessibleDescription(words)
        self.setToolTip("\n".join(f"{row.text}  {signed(row.points)}" for row in rows))
        if changed:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All reasons."""
        return QSize(fonts.scaled(220), len(self._rows) * fonts.scaled(ROW))

    def minimumSizeHint(self) -> QSize:
        """Some of them."""
        return QSize(fonts.scaled(120), min(len(self._rows), LEAST_ROWS) * fonts.scaled(ROW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines."""
        painter = QPainter(self)
        high, pixels = fonts.scaled(ROW), size("secondary")
        room = max(self.height() // high, 1)
        shown = self._rows if len(self._rows) <= room else self._rows[: room - 1]
        for place, row in enumerate(shown):
            box = QRectF(0, place * high, self.width(), high - 1)
            points = signed(row.points)
            painter.setFont(fonts.font(pixels, tabular=True))
            painter.setPen(colour(ink(row.points)))
            painter.drawText(box, RIGHT, points)
            painter.setFont(fonts.font(pixels))
            painter.setPen(colour("ink"))
            left = self.width() - advance(points, pixels, tabular=True) - 8
            painter.drawText(box, LEFT, elided(row.text, pixels, 400, left))
            painter.fillRect(QRectF(0, box.bottom(), self.width(), 1), colour("line_soft"))
        if len(shown) < len(self._rows):
            left_out = self._rows[len(shown) :]
            box = QRectF(0, len(shown) * high, self.width(), high - 1)
            painter.setFont(fonts.font(pixels))
            painter.setPen(colour("ink_2"))
            painter.drawText(box, LEFT, self.tr("and %d more") % len(left_out))
            painter.drawText(box, RIGHT, signed(sum(row.points for row in left_out)))
