"""How old what waits is: a bar for each eighth of the limit, and two over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.models.limits import LimitState
from app.services.desk.figures import Bin
from app.ui import fonts
from app.ui.desk import desk_words
from app.ui.painting import MIDDLE
from app.ui.theme import colour, mixed

HEIGHT = 128
GAP = 5
LABEL = 11  # pixels
LEAST = 2  # of a bar that counts somebody


class AgeHistogram(QWidget):
    """Bars with their counts above and their ages below; near the limit and over it in other colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: tuple[Bin, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(fonts.scaled(200))
        self.setAccessibleName(self.tr("Waiting by age"))

    def set_bins(self, bins: tuple[Bin, ...]) -> None:
        """Other counts."""
        if bins != self._bins:
            self._bins = bins
            self.setAccessibleDescription(desk_words.ages(bins))
            self.update()

    def sizeHint(self) -> QSize:
        """As high as on every desk."""
        return QSize(fonts.scaled(280), fonts.scaled(HEIGHT))

    def _column(self, place: int) -> tuple[float, float]:
        """Left edge and width of a bar, in whole pixels."""
        step = (self.width() + GAP) / len(self._bins)
        left = round(place * step)
        return left, round((place + 1) * step) - GAP - left

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture."""
        if not self._bins:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = fonts.height(LABEL)
        foot, top = self.height() - small - 4, small + 2
        most = max(each.count for each in self._bins) or 1
        painter.setFont(fonts.font(LABEL, tabular=True))
        for place, each in enumerate(self._bins):
            left, wide = self._column(place)
            high = max(LEAST, round((foot - top) * each.count / most)) if each.count else 0
            if high:
                painter.fillPath(_bar(QRectF(left, foot - high, wide, high)), _colour(each.state))
                painter.setPen(colour(_ink(each.state)))
                painter.drawText(QRectF(left - GAP, foot - high - small - 1, wide + 2 * GAP, small), MIDDLE,
                                 _short(each.count))  # fmt: skip
            painter.setPen(colour("ink_3"))
            painter.drawText(QRectF(left - GAP, foot + 4, wide + 2 * GAP, small), MIDDLE, desk_words.age(each.start_ms))
        painter.fillRect(QRectF(0, foot, self.width(), 1), colour("line"))

    def event(self, event: QEvent) -> bool:
        """The exact count of a bar on hover."""
        if isinstance(event, QHelpEvent) and self._bins:
            for place, each in enumerate(self._bins):
                left, wide = self._column(place)
                if left <= event.pos().x() <= left + wide:
                    words = self.tr("%1 wait since %2 or longer").replace("%1", desk_words.number(each.count))
                    QToolTip.showText(event.globalPos(), words.replace("%2", desk_words.age(each.start_ms)), self)
            return True
        return super().event(event)


def _bar(box: QRectF) -> QPainterPath:
    """Rounded above, flat on the ground."""
    radius = min(3.0, box.height(), box.width() / 2)
    path = QPainterPath(box.bottomLeft())
    path.lineTo(QPointF(box.left(), box.top() + radius))
    path.quadTo(box.topLeft(), QPointF(box.left() + radius, box.top()))
    path.lineTo(QPointF(box.right() - radius, box.top()))
    path.quadTo(box.topRight(), QPointF(box.right(), box.top() + radius))
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path


def _colour(state: LimitState) -> QColor:
    if state is LimitState.FINE:
        return mixed("accent", "panel", 0.58)
    return colour("late" if state is LimitState.OVER else "nurture")


def _ink(state: LimitState) -> str:
    return {LimitState.FINE: "ink_2", LimitState.SOON: "nurture", LimitState.OVER: "late"}[state]


def _short(count: int) -> str:
    """A count that fits above a bar: `1.2k`."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"
