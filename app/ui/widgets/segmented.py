"""Two to five choices side by side, one of them chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import MIDDLE, advance, paint_box
from app.ui.theme import colour, mixed, size
from app.ui.widgets.choice import FIXED, Choice, Choices

HEIGHT = 34


class _Segment(Choice):
    """One choice."""

    def sizeHint(self) -> QSize:
        words = advance(self.text(), size("secondary"), 500)
        return QSize(int(words) + 2 * fonts.scaled(12) + 1, fonts.scaled(HEIGHT) - 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isChecked():
            paint_box(painter, box, colour("accent_soft"), colour("accent"), size("radius_chip"))
        elif self.underMouse():
            paint_box(painter, box, mixed("line", "panel", 0.6), None, size("radius_chip"))
        painter.setFont(fonts.font(size("secondary"), 500))
        painter.setPen(colour("accent" if self.isChecked() else "ink_2"))
        painter.drawText(box, MIDDLE, self.text())


class Segmented(Choices[_Segment]):
    """Choices in a trough; what is set from outside is not told.

    Signals:
        chosen: the key of the choice.
    """

    chosen = Signal(str)

    def __init__(self, choices: list[tuple[str, str]], current: str = "", parent: QWidget | None = None) -> None:
        segments = {key: _Segment(text, across=QSizePolicy.Policy.Minimum) for key, text in choices}
        super().__init__(segments, 3, 2, parent)
        for key, segment in segments.items():
            segment.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, FIXED)
        if choices:
            self.set_current(current or choices[0][0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The trough."""
        paint_box(QPainter(self), QRectF(self.rect()), colour("bg"), colour("line"), size("radius"))
