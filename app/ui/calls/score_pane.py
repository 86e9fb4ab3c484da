"""The right pane: the score, why, what could still move it, and the decision."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.calls.disposition_bar import DispositionBar
from app.ui.calls.score_bar import ScoreBar
from app.ui.calls.views import ScoreView
from app.ui.calls.why_list import WhyList
from app.ui.painting import advance
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.wrapped_label import WrappedLabel

NARROWEST = 196
BOUND_DASH = "\N{NO-BREAK SPACE}–\N{WORD JOINER}\N{NO-BREAK SPACE}"  # a line never ends at it


class _Figure(QWidget):
    """The score, large, in the colour of what it advises."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.score = ScoreView()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(150), fonts.scaled(54))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels, text = size("score"), str(self.score.points)
        base = round(self.height() / 2 + fonts.metrics(pixels, 700).capHeight() / 2)
        painter.setFont(fonts.font(pixels, 700))
        painter.setPen(colour(self.score.advice.value))
        painter.drawText(-fonts.scaled(2), base, text)  # the figures' own bearing, so that they stand on the edge
        painter.setFont(fonts.font(size("body")))
        painter.setPen(colour("ink_2"))
        painter.drawText(round(advance(text, pixels, 700)) + fonts.scaled(5), base, self.tr("of 100"))


class ScorePane(QWidget):
    """Filled by `set_score`; the buttons are in `dispositions`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        secondary = size("secondary")
        self._threshold = ElidedLabel(
            pixels=secondary, ink="ink_2", tabular=True, align=Qt.AlignmentFlag.AlignRight, parent=self
        )
        self._figure = _Figure(self)
        self._bar = ScoreBar(self)
        self._why_title = ElidedLabel(self.tr("WHY"), pixels=size("tiny"), ink="ink_2", parent=self)
        self._why = WhyList(self)
        self._outlook = WrappedLabel(pixels=size("tiny"), ink="ink_2", parent=self)
        self._warning = WrappedLabel(pixels=size("tiny"), weight=500, ink="late", parent=self)
        self.dispositions = DispositionBar(self)
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(self.tr("Score"), weight=600, parent=self))
        head.addWidget(self._threshold, 1)
        self._above = QWidget(self)
        above = QVBoxLayout(self._above)
        above.setContentsMargins(18, 17, 18, 8)
        above.setSpacing(0)
        above.addLayout(head)
        above.addSpacing(8)
        above.addWidget(self._figure)
        above.addSpacing(9)
        above.addWidget(self._bar)
        above.addSpacing(18)
        above.addWidget(self._why_title)
        above.addSpacing(2)
        above.addWidget(self._why)
        above.addSpacing(10)
        above.addWidget(self._outlook)
        above.addSpacing(4)
        above.addWidget(self._warning)
        above.addStretch(1)
        self._foot = QWidget(self)
        below = QVBoxLayout(self._foot)
        below.setContentsMargins(18, 17, 18, 16)
        below.addWidget(self.dispositions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._above, 1)
        column.addStretch(0)
        column.addWidget(self._foot)
        self.setMinimumWidth(NARROWEST)
        self.set_score(ScoreView())

    def set_score(self, score: ScoreView) -> None:
        """Shows the score; advice that can be relied on fills a button."""
        self._above.show()
        self._figure.score = score
        self._figure.setAccessibleName(self.tr("Score %d of 100, advice: %s") % (score.points, score.advice.value))
        self._figure.update()
        self._threshold.set(self.tr("sell from %d") % score.sell_from)
        self._bar.set(score)
        self._why.set(score.reasons)
        self._why_title.setVisible(bool(score.reasons))
        self._outlook.set(self._outlook_of(score))
        self._warning.set(f"⚠ {score.warning}" if score.warning else "")
        self._warning.setVisible(bool(score.warning))
        self.dispositions.set_advice(score.advice if score.settled else None)

    def set_blank(self) -> None:
        """Nobody is called: there is no score."""
        self._above.hide()
        self.dispositions.set_advice(None)

    def _outlook_of(self, score: ScoreView) -> str:
        if not score.questions_left:
            return ""
        span = f"{score.lowest}{BOUND_DASH}{score.highest}"
        if score.lowest == score.highest == score.points:
            return self.tr("Nothing that is left to ask moves it.")
        if score.questions_left == 1:
            return self.tr("1 question left could move it to %s") % span
        return self.tr("%d questions left could move it to %s") % (score.questions_left, span)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the line above the decision."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, self._foot.y(), self.width(), 1), colour("line"))
