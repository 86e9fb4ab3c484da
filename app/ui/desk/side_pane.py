"""The right side of the desk: the callers, and how old what waits is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.desk.figures import DeskFigures
from app.ui import fonts
from app.ui.desk.age_histogram import AgeHistogram
from app.ui.desk.callers_list import CallersList
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel

LEAST, MOST = 236, 480  # pixels at 100 %
PAD = 18


class SidePane(QWidget):
    """Callers above, their picture of ages below.

    Signals:
        caller_picked: the name of a caller.
    """

    caller_picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.callers = CallersList(self)
        self.histogram = AgeHistogram(self)
        self.callers.picked.connect(self.caller_picked)
        heads = [ElidedLabel(text, pixels=size("body"), weight=600, parent=self)
                 for text in (self.tr("Callers"), self.tr("Waiting by age"))]  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 14)
        column.setSpacing(0)
        column.addLayout(_inset(heads[0], 18, 15))
        column.addWidget(self.callers, 100)
        column.addLayout(_inset(heads[1], 16, 12))
        column.addLayout(_inset(self.histogram, 0, 0))
        column.addStretch(1)
        self.setMinimumWidth(fonts.scaled(LEAST))
        self.setMaximumWidth(fonts.scaled(MOST))

    def set_figures(self, figures: DeskFigures) -> None:
        """Newer figures."""
        self.callers.set_rows(figures.callers, figures.read_at)
        self.histogram.set_bins(figures.bins)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), colour("panel"))


def _inset(widget: QWidget, above: int, below: int) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(PAD, above, PAD, below)
    made.addWidget(widget)
    return made
