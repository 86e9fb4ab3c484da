"""How long people waited for their first call: a bar for each stretch of time, and a line where the limit ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.services.results import Bar, FirstCalls
from app.ui import fonts
from app.ui.painting import LEFT, MIDDLE, RIGHT, advance
from app.ui.results import results_words
from app.ui.theme import colour, mixed, size

LEAST_HIGH = 130
GAP = 3
LEAST = 2  # of a bar that counts somebody
LABELS = 4  # below the bars, beside the first


class FirstCallsChart(QWidget):
    """Within the limit in one colour, beyond it in another, one on top of the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: FirstCalls | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringed", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(fonts.scaled(200), fonts.scaled(LEAST_HIGH))
        self.setAccessibleName(self.tr("Time to first call"))

    def set(self, shown: FirstCalls) -> None:
        """Other counts."""
        self._shown = shown
        self.setAccessibleDescription(results_words.spoken_bars(shown))
        self.update()

    def sizeHint(self) -> QSize:
        """Its least height; it takes what more there is."""
        return QSize(fonts.scaled(360), fonts.scaled(LEAST_HIGH))

    def _column(self, place: int, count: int) -> tuple[float, float]:
        """Left edge and width of a bar, in whole pixels."""
        step = (self.width() + GAP) / count
        left = round(place * step)
        return left, max(1, round((place + 1) * step) - GAP - left)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture."""
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bars, small = self._shown.bars, fonts.height(size("tiny"))
        top, foot = small + 6, self.height() - small - 6
        most = max(bar.in_time + bar.late for bar in bars[:-1]) or 1
        for place, bar in enumerate(bars):
            left, wide = self._column(place, len(bars))
            self._bar(painter, bar, QRectF(left, top, wide, foot - top), most)
        self._longer(painter, bars[-1], most, top)
        painter.fillRect(QRectF(0, foot, self.width(), 1), colour("line"))
        self._labels(painter, QRectF(0, foot + 5, self.width(), small))
        self._limit(painter, top - 4, foot)

    @staticmethod
    def _bar(painter: QPainter, bar: Bar, room: QRectF, most: int) -> None:
        count = bar.in_time + bar.late
        if not count:
            return
        high = max(LEAST, round(room.height() * min(count, most) / most))
        box = QRectF(room.left(), room.bottom() - high, room.width(), high)
        late = high if not bar.in_time else round(high * bar.late / count)
        radius = min(2.0, room.width() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed("late" if late else "accent", "panel", 0.7))
        painter.drawRoundedRect(box, radius, radius)
        painter.fillRect(QRectF(box.left(), box.bottom() - min(radius, high), box.width(), min(radius, high)),
                         mixed("late" if late == high else "accent", "panel", 0.7))  # fmt: skip
        if late and late < high:
            painter.fillRect(QRectF(box.left(), box.top() + late, box.width(), high - late), colour("panel"))
            painter.fillRect(QRectF(box.left(), box.top() + late, box.width(), high - late),
                             mixed("accent", "panel", 0.7))  # fmt: skip

    def _labels(self, painter: QPainter, box: QRectF) -> None:
        assert self._shown is not None
        count = len(self._shown.bars)
        painter.setFont(fonts.font(size("tiny"), tabular=True))
        painter.setPen(colour("ink_2"))
        painter.drawText(box, LEFT, "0")
        for mark in range(1, LABELS + 1):
            place = count * mark // LABELS
            words = results_words.hours(place * self._shown.bar_ms)
            if mark == LABELS:
                painter.drawText(box, RIGHT, results_words.tr("longer"))
            else:
                left, _ = self._column(place, count)
                wide = advance(words, size("tiny"), tabular=True) + 8
                painter.drawText(QRectF(left - wide / 2, box.top(), wide, box.height()), MIDDLE, words)

    def _longer(self, painter: QPainter, bar: Bar, most: int, top: float) -> None:
        """How many the last bar counts, whose time has no end; broken where it is higher than all others."""
        count = bar.in_time + bar.late
        if not count:
            return
        left, wide = self._column(len(self._shown.bars) - 1, len(self._shown.bars)) if self._shown else (0.0, 0.0)
        high = round((self.height() - fonts.height(size("tiny")) - 6 - top) * (1 - min(count, most) / most))
        painter.setFont(fonts.font(size("tiny"), tabular=True))
        painter.setPen(colour("ink_2"))
        words = results_words.number(count)
        room = QRectF(0, top + high - fonts.height(size("tiny")) - 2, left + wide, fonts.height(size("tiny")))
        painter.drawText(room, RIGHT, words)
        if count > most:
            painter.fillRect(QRectF(left, top + 10, wide, 3), colour("panel"))

    def _limit(self, painter: QPainter, top: float, foot: float) -> None:
        assert self._shown is not None
        if self._shown.limit_ms is None:
            return
        place = self._shown.limit_ms // self._shown.bar_ms
        if place >= len(self._shown.bars):
            return
        left, _ = self._column(place, len(self._shown.bars))
        at = left - (GAP + 1) / 2 + 0.5
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colour("late"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at, top), QPointF(at, foot))

    def event(self, event: QEvent) -> bool:
        """The exact counts of a bar on hover."""
        if isinstance(event, QHelpEvent) and self._shown is not None:
            bars = self._shown.bars
            place = min(int(event.pos().x() * len(bars) / max(1, self.width())), len(bars) - 1)
            QToolTip.showText(event.globalPos(), bar_words(self._shown, place), self)
            return True
        return super().event(event)


def bar_words(shown: FirstCalls, place: int) -> str:
    """What one bar counts."""
    bar, last = shown.bars[place], place == len(shown.bars) - 1
    start, end = results_words.hours(bar.start_ms), results_words.hours(bar.start_ms + shown.bar_ms)
    span = results_words.tr("%1 or longer") if last else results_words.tr("%1 to %2")
    said = results_words.tr("%1: %2 within the limit, %3 over it")
    said = said.replace("%2", results_words.number(bar.in_time)).replace("%3", results_words.number(bar.late))
    return said.replace("%1", span.replace("%1", start).replace("%2", end))
