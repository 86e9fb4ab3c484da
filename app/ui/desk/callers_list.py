"""The callers: what each has in hand, how much of it is late, and what they do now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.services.desk.figures import CallerRow, Doing
from app.ui import fonts
from app.ui.desk import desk_words
from app.ui.painting import LEFT, RIGHT, advance, elided
from app.ui.theme import colour, mixed, size
from app.ui.widgets.line_list import LineDelegate, LineList, LineModel

HEIGHT = 72
BAR = 6
LEAST_FULL = 10  # in hand: fewer never fill the bar
DOTS = {Doing.CALL: "sell", Doing.BETWEEN: "sell", Doing.HERE: "sell", Doing.AWAY: "late", Doing.OFFLINE: "discard",
        Doing.ABSENT: "discard"}  # fmt: skip


class _Model(LineModel[CallerRow]):
    """One caller a row."""

    now = 0

    def key(self, row: CallerRow) -> str:
        return row.name

    def spoken(self, row: CallerRow) -> str:
        parts = (row.name, desk_words.doing(row, self.now), *desk_words.in_hand(row))
        return ", ".join(part for part in parts if part)

    def tip(self, row: CallerRow) -> str:
        return desk_words.doing(row, self.now)

    def full(self) -> int:
        """How many in hand fill a bar."""
        return max([LEAST_FULL, *(round(row.in_hand * 1.06) for row in self.rows)])


class _Delegate(LineDelegate):
    """Name and count, what they do, and a bar."""

    def paint_line(self, painter: QPainter, model: _Model, place: int, box: QRect) -> None:
        row, left, wide = model.rows[place], box.left(), box.width()
        self._first_line(painter, row, left, left + wide, box.top() + fonts.scaled(10))
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2"))
        line = QRectF(left, box.top() + fonts.scaled(31), wide, fonts.scaled(18))
        doing = elided(desk_words.doing(row, model.now), size("secondary"), 400, wide, tabular=True)
        painter.drawText(line, LEFT, doing)
        self._bar(painter, row, model.full(), QRectF(left, box.top() + fonts.scaled(54), wide, fonts.scaled(BAR)))

    @staticmethod
    def _first_line(painter: QPainter, row: CallerRow, left: int, right: int, top: int) -> None:
        line = QRectF(left, top, right - left, fonts.scaled(20))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = fonts.scaled(8) / 2
        at = QPointF(left + radius, line.center().y())
        dot = colour(DOTS[row.doing])
        if row.doing in {Doing.OFFLINE, Doing.ABSENT}:  # hollow: not by colour alone
            painter.setPen(QPen(dot, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, radius - 0.8, radius - 0.8)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dot)
            painter.drawEllipse(at, radius, radius)
        held, over = desk_words.in_hand(row)
        end = float(right)
        painter.setFont(fonts.font(size("tiny"), tabular=True))
        for words, ink in ((over, "late"), (held + (" · " if over else ""), "ink_2")):
            if words:
                painter.setPen(colour(ink))
                painter.drawText(QRectF(left, line.top(), end - left, line.height()), RIGHT, words)
                end -= advance(words, size("tiny"), tabular=True)
        start = left + 2 * radius + fonts.scaled(8)
        room = end - fonts.scaled(10) - start
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(start, line.top(), room, line.height()), LEFT,
                         elided(row.name, size("body"), 600, room))  # fmt: skip

    @staticmethod
    def _bar(painter: QPainter, row: CallerRow, full: int, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(box, colour("line_soft"))
        fine = box.width() * (row.in_hand - row.over) / full
        painter.fillRect(QRectF(box.left(), box.top(), round(fine), box.height()), mixed("accent", "panel", 0.58))
        if row.over:
            late = max(3, round(box.width() * row.over / full))
            painter.fillRect(QRectF(box.left() + round(fine), box.top(), late, box.height()), colour("late"))


class CallersList(LineList):
    """Arrows move; Enter or a press narrows the lists to what somebody has.

    Signals:
        picked: the name of a caller.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._callers = _Model()
        super().__init__(self._callers, HEIGHT, parent)
        self.setItemDelegate(_Delegate(200, HEIGHT, self))
        self.setAccessibleName(self.tr("Callers"))
        self.setMinimumSize(fonts.scaled(180), fonts.scaled(HEIGHT))

    def set_rows(self, rows: tuple[CallerRow, ...], now: int) -> None:
        """Other callers, or newer facts about the same."""
        self._callers.now = now
        self._callers.set_rows(rows)
        self.setMaximumHeight(max(1, len(rows)) * fonts.scaled(HEIGHT))
        self.updateGeometry()

    def rows(self) -> tuple[CallerRow, ...]:
        """The callers that are shown."""
        return self._callers.rows

    def sizeHint(self) -> QSize:
        """All of them, where there is room."""
        return QSize(fonts.scaled(300), max(1, len(self._callers.rows)) * fonts.scaled(HEIGHT))

    def press(self, place: int) -> None:
        """Picks a caller."""
        self.picked.emit(self._callers.rows[place].name)
