"""How far long work has come, how fast, and when it ends."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton

BAR = 6


class _Bar(QWidget):
    """The bar itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, fonts.scaled(BAR))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box, radius = QRectF(self.rect()), self.height() / 2
        painter.setBrush(colour("line"))
        painter.drawRoundedRect(box, radius, radius)
        if self.share > 0:
            painter.setBrush(colour("accent"))
            box.setWidth(max(box.width() * self.share, box.height()))
            painter.drawRoundedRect(box, radius, radius)


class ProgressStrip(QWidget):
    """Words, a rate or an end at the right, a bar below, and a button to stop it.

    Signals:
        cancelled: the work should stop.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None, *, stoppable: bool = False, key: str = "") -> None:
        super().__init__(parent)
        self._text = ElidedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        self._right = ElidedLabel(
            ink="ink_2", pixels=size("secondary"), tabular=True, align=Qt.AlignmentFlag.AlignRight, parent=self
        )
        self._bar = _Bar(self)
        self._stop = KeyButton(self.tr("Stop"), key, kind="plain", parent=self)
        self._stop.setVisible(stoppable)
        self._stop.clicked.connect(self.cancelled)
        words = QHBoxLayout()
        words.addWidget(self._text, 1)
        words.addWidget(self._right)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(words)
        left.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self._stop)

    def set(self, text: str, right: str = "", share: float = 0.0) -> None:
        """What is done, its rate or end, and how much of it (0 to 1)."""
        self._text.set(text)
        self._right.set(right)
        self._bar.share = min(max(share, 0.0), 1.0)
        self._bar.update()
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"{self._bar.share:.0%} {right}".strip())
