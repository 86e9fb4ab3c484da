"""One figure and what it counts; may be pressed to see what is behind it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, advance, chip_height, chip_width, paint_box, paint_chip
from app.ui.theme import colour, size

HEIGHT = 82
FIGURE = 26
PAD = 16


class FigureTile(QAbstractButton):
    """A label, a figure, and a chip beside it; checked, it is the one whose rows are shown."""

    def __init__(self, label: str, figure: str = "0", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(label)
        self.setCheckable(True)
        self.setProperty("ringed", True)
        self._figure = figure
        self._chip = ("", "plain")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set(figure)

    def only_show(self) -> None:
        """Nothing is behind it: it is neither pressed nor reached by the keyboard."""
        self.setCheckable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.unsetCursor()

    def set(self, figure: str, chip: str = "", tone: str = "plain") -> None:
        """Another figure, and what is to be said about it."""
        self._figure = figure
        self._chip = (chip, tone)
        self.setAccessibleName(f"{self.text()}: {figure}")
        self.setAccessibleDescription(chip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Whatever is wider: label, or figure and chip."""
        figure = advance(self._figure, FIGURE, 600, tabular=True)
        chip = chip_width(self._chip[0]) + 8 if self._chip[0] else 0
        width = max(advance(self.text(), size("secondary")), figure + chip)
        return QSize(int(width) + 2 * fonts.scaled(PAD) + 2, fonts.scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Never less."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The tile."""
        painter = QPainter(self)
        border = "accent" if self.isChecked() else "control" if self.underMouse() else "line"
        paint_box(painter, QRectF(self.rect()), colour("panel"), colour(border), size("radius_card"))
        pad, half = fonts.scaled(PAD), fonts.scaled(36)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(pad, fonts.scaled(10), self.width() - pad, fonts.scaled(24)), LEFT, self.text())
        painter.setFont(fonts.font(FIGURE, 600, tabular=True))
        painter.setPen(colour("ink"))
        below = QRectF(pad, half, self.width() - pad, self.height() - half - fonts.scaled(9))
        painter.drawText(below, LEFT, self._figure)
        if self._chip[0]:
            left = pad + advance(self._figure, FIGURE, 600, tabular=True) + 8
            high = chip_height()
            top = below.center().y() - high / 2
            paint_chip(painter, QRectF(left, round(top), chip_width(self._chip[0]), high), *self._chip)
