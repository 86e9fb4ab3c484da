"""The line at the foot: where what is kept stands, the running call, and today."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel

HEIGHT = 30
DOTS = {"fine": "sell", "soon": "nurture", "over": "late", "off": "discard"}


class StatusBar(QWidget):
    """State with a dot at the left, today's figures at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "fine"
        secondary = size("secondary")
        self._state = ElidedLabel(pixels=secondary, ink="ink_2", parent=self)
        self._call = ElidedLabel(pixels=secondary, ink="ink_2", tabular=True, least=0, parent=self)
        self._today = ElidedLabel(pixels=secondary, ink="ink_2", align=Qt.AlignmentFlag.AlignRight, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(30, 1, 16, 0)
        row.setSpacing(18)
        row.addWidget(self._state)
        row.addWidget(self._call)
        row.addWidget(self._today, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_state(self, text: str, tone: str = "fine") -> None:
        """Where what is kept stands; tones `fine`, `soon`, `over`, `off`.

        Raises:
            KeyError: there is no such tone.
        """
        DOTS[tone]
        self._tone = tone
        self._state.set(text)
        self.update()

    def set_call(self, text: str) -> None:
        """The running call, such as `Call 03:41`; empty while none runs."""
        self._call.set(text)

    def set_today(self, text: str) -> None:
        """Today's figures."""
        self._today.set(text)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, fonts.scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, the line above it, and the dot."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
        if self._state.text():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(DOTS[self._tone]))
            painter.drawEllipse(QPointF(20, self.height() / 2), 4, 4)
