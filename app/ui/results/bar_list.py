"""Lines with a name, a figure and a bar: the funnel, and what answers say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, RIGHT, advance, elided
from app.ui.theme import colour, mixed, size

GAP = 8
DETAIL = 50  # pixels at 100 %: all figures stand in one column, and what is said of them in another


class BarRow(NamedTuple):
    """One line."""

    label: str
    value: str
    detail: str  # smaller, behind the value
    share: float  # of the whole width, 0 to 1
    tone: str  # a colour by its meaning
    tip: str = ""


class BarList(QWidget):
    """Every line as high as the room allows; the exact meaning on hover, and all of it for a screen reader."""

    def __init__(self, name: str, *, bar: int, low: int, high: int, parent: QWidget | None = None) -> None:
        """`bar` is a bar's height, `low` and `high` a line's least and most, in pixels at 100 %."""
        super().__init__(parent)
        self._rows: list[BarRow] = []
        self._bar, self._low, self._high = bar, low, high
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringed", True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(fonts.scaled(180))

    def set_rows(self, rows: Sequence[BarRow]) -> None:
        """Other lines."""
        self._rows = list(rows)
        self.setAccessibleDescription("; ".join(f"{r.label} {r.value} {r.detail}".rstrip() for r in rows))
        self.setMinimumHeight(len(self._rows) * fonts.scaled(self._low))
        self.updateGeometry()
        self.update()

    def rows(self) -> list[BarRow]:
        """The lines that are shown."""
        return list(self._rows)

    def sizeHint(self) -> QSize:
        """All lines at their least height; they take what more there is."""
        return QSize(fonts.scaled(320), max(1, len(self._rows)) * fonts.scaled(self._low))

    def _line(self) -> float:
        room = self.height() / max(1, len(self._rows))
        return min(max(room, fonts.scaled(self._low)), fonts.scaled(self._high))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, words, bar = self._line(), fonts.height(size("secondary")), fonts.scaled(self._bar)
        over = max(0.0, line - words - bar)
        for place, row in enumerate(self._rows):
            top = round(place * line)
            between = min(fonts.scaled(4), round(over / 3))
            self._words(painter, row, QRectF(0, top, self.width(), words))
            self._one_bar(painter, row, QRectF(0, top + words + between, self.width(), bar))

    def _words(self, painter: QPainter, row: BarRow, box: QRectF) -> None:
        right = box.right()
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        if row.detail:
            painter.setPen(colour("ink_2"))
            painter.drawText(box, RIGHT, row.detail)
            right -= fonts.scaled(DETAIL)
        painter.setFont(fonts.font(size("secondary"), 600, tabular=True))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(box.left(), box.top(), right - box.left(), box.height()), RIGHT, row.value)
        right -= advance(row.value, size("secondary"), 600, tabular=True) + GAP
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        painter.drawText(box, LEFT, elided(row.label, size("secondary"), 400, right - box.left()))

    def _one_bar(self, painter: QPainter, row: BarRow, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        radius = min(4.0, box.height() / 2)
        painter.setBrush(colour("line_soft"))
        painter.drawRoundedRect(box, radius, radius)
        if row.share > 0:
            thick = self._bar > 10
            painter.setBrush(mixed(row.tone, "panel", 0.75) if thick else colour(row.tone))
            box.setWidth(max(box.width() * min(row.share, 1.0), box.height() if not thick else 2 * radius))
            painter.drawRoundedRect(box, radius, radius)

    def event(self, event: QEvent) -> bool:
        """What a line means, on hover."""
        if isinstance(event, QHelpEvent) and self._rows:
            place = int(event.pos().y() // self._line())
            tip = self._rows[place].tip if place < len(self._rows) else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)
