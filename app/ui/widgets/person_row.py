"""Somebody in a list: name and time, company, and what is to be noticed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, RIGHT, advance, elided
from app.ui.theme import colour, mixed, size

PAD = 18
GAP = 12


class PersonRow(QAbstractButton):
    """One entry, to be opened by a press; a line below it."""

    def __init__(
        self, name: str, right: str = "", second: str = "", mark: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._right, self._second, self._mark = right, second, mark
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(", ".join(part for part in (second, right, mark) if part))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # it is painted anew when the pointer comes and goes
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two or three lines."""
        lines = fonts.height(size("body")) + fonts.scaled(2)
        for text in (self._second, self._mark):
            lines += fonts.height(size("secondary")) + fonts.scaled(2) if text else 0
        return QSize(fonts.scaled(260), lines + 2 * fonts.scaled(GAP) - fonts.scaled(1))

    def minimumSizeHint(self) -> QSize:
        """The same height, with room for a short name."""
        return QSize(fonts.scaled(120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines, and the ground that says where the focus is."""
        painter = QPainter(self)
        if self.hasFocus():
            painter.fillRect(self.rect(), colour("accent_soft"))
            painter.fillRect(QRectF(0, 0, 3, self.height()), colour("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), mixed("line_soft", "panel", 0.6))
        pad, top = fonts.scaled(PAD), float(fonts.scaled(GAP))
        right = self.width() - pad
        high = fonts.height(size("body"))
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_3"))
        painter.drawText(QRectF(pad, top, right - pad, high), RIGHT, self._right)
        room = right - pad - advance(self._right, size("secondary"), tabular=True) - fonts.scaled(12)
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(pad, top, room, high), LEFT, elided(self.text(), size("body"), 600, room))
        top += high + fonts.scaled(2)
        high = fonts.height(size("secondary"))
        painter.setFont(fonts.font(size("secondary")))
        for text, ink in ((self._second, "ink_2"), (self._mark, "nurture")):
            if text:
                painter.setPen(colour(ink))
                shown = elided(text, size("secondary"), 400, right - pad)
                painter.drawText(QRectF(pad, top, right - pad, high), LEFT, shown)
                top += high + fonts.scaled(2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colour("line_soft"))
