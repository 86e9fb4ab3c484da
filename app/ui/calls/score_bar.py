"""The score on its bands."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts
from app.ui.calls.views import ScoreView
from app.ui.painting import advance
from app.ui.theme import colour, mixed, size

BAR = 10
TOP = 100  # points
APART = 8  # pixels between two names


class ScoreBar(QWidget):
    """Filled up to the score, in the colours of the bands that it has passed; the thresholds are named below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score = ScoreView()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, score: ScoreView) -> None:
        """Another score."""
        self._score = score
        self.setAccessibleName(self.tr("Score %d of 100") % score.points)
        self.update()

    def sizeHint(self) -> QSize:
        """Bar and names."""
        return QSize(fonts.scaled(220), fonts.scaled(BAR) + 4 + fonts.height(size("tiny")))

    def minimumSizeHint(self) -> QSize:
        """Narrower: names that do not fit are left out."""
        return QSize(fonts.scaled(120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bands and names."""
        score, painter = self._score, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = fonts.scaled(BAR)
        path = QPainterPath()
        path.addRoundedRect(QRectF(0, 0, self.width(), high), high / 2, high / 2)
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, self.width(), high), colour("line"))
        bands = (("discard", 0, score.nurture_from), ("nurture", score.nurture_from, score.sell_from),
                 ("sell", score.sell_from, TOP))  # fmt: skip
        for name, first, end in bands:
            reached = min(score.points, end)
            if reached > first:
                present = score.points < end or end == TOP
                fill = colour(name) if present else mixed(name, "panel", 0.45)
                left, right = self._at(first), self._at(reached)
                painter.fillRect(QRectF(left, 0, right - left, high), fill)
        painter.setClipping(False)
        self._paint_names(painter, high + 4)

    def _at(self, points: int) -> float:
        return self.width() * points / TOP

    def _paint_names(self, painter: QPainter, top: int) -> None:
        score = self._score
        thresholds = (score.nurture_from, score.sell_from)
        words = [
            self.tr("discard"),
            self.tr("%d nurture") % thresholds[0],
            self.tr("%d sell") % thresholds[1],
            str(TOP),
        ]
        figures = ["0", *map(str, thresholds), str(TOP)]
        ends = [0.0, *map(self._at, thresholds), float(self.width())]
        below = self._below(words, ends) or self._spread(words) or self._below(figures, ends) or []
        painter.setFont(fonts.font(size("tiny"), tabular=True))
        painter.setPen(colour("ink_2"))
        base = top + fonts.metrics(size("tiny")).ascent()
        for left, text in below:
            painter.drawText(QPointF(left, base), text)

    @staticmethod
    def _below(texts: list[str], ends: list[float]) -> list[tuple[float, str]] | None:
        """Each at its threshold, the last at the end; None where two would touch."""
        wide = [advance(text, size("tiny"), tabular=True) for text in texts]
        lefts = [*ends[:-1], ends[-1] - wide[-1]]
        fits = all(a + w + APART <= b for a, w, b in zip(lefts, wide, lefts[1:], strict=False))
        return list(zip(lefts, texts, strict=True)) if fits else None

    def _spread(self, texts: list[str]) -> list[tuple[float, str]] | None:
        """All with equal gaps; None where they have no room."""
        wide = [advance(text, size("tiny"), tabular=True) for text in texts]
        gap = (self.width() - sum(wide)) / (len(texts) - 1)
        if gap < APART:
            return None
        return [(sum(wide[:place]) + gap * place, text) for place, text in enumerate(texts)]
