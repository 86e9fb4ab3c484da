"""How far the script has come: one short bar for each question."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import RIGHT, advance
from app.ui.theme import colour, size

STEP = (26, 5)
GAP = 5
MOST = 12  # more than these become one bar


class ProgressSteps(QWidget):
    """Done ones green, the present one in the accent's colour, and the figures in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._position = 0
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, position: int, count: int) -> None:
        """Which question of how many, from 1; `count + 1` when all are done."""
        if (position, count) == (self._position, self._count):
            return
        changed = count != self._count or len(self._words()) != len(f"{position} of {count}")
        self._position, self._count = position, count
        self.setAccessibleName(self.tr("Question %s") % self._words())
        if changed:
            self.updateGeometry()
        self.update()

    def _words(self) -> str:
        return self.tr("%d of %d") % (min(self._position, self._count), self._count) if self._count else ""

    def _figures(self) -> float:
        return advance(self._words(), size("secondary"), tabular=True) + fonts.scaled(12)

    def sizeHint(self) -> QSize:
        """The figures alone: the bars take what the title leaves, and go where there is no room."""
        return QSize(int(self._figures()), fonts.height(size("secondary")))

    def minimumSizeHint(self) -> QSize:
        """Never less."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars and figures."""
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(self.rect()), RIGHT, self._words())
        painter.setPen(Qt.PenStyle.NoPen)
        room = self.width() - self._figures()
        count = min(self._count, MOST)
        wide = min(fonts.scaled(STEP[0]), (room - count * GAP) / count)
        if wide < 6:
            return
        high = fonts.scaled(STEP[1])
        left = room - count * (wide + GAP) + GAP
        top = round((self.height() - high) / 2)
        for place in range(count):
            number = place + 1 if self._count <= MOST else round((place + 1) * self._count / MOST)
            name = "sell" if number < self._position else "accent" if number == self._position else "line"
            painter.setBrush(colour(name))
            painter.drawRoundedRect(QRectF(left, top, wide, high), high / 2, high / 2)
            left += wide + GAP
