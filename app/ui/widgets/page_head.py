"""The head of a page: what it is, how it stands, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel

HEIGHT = 78


class PageHead(QWidget):
    """Title and subtitle at the left; `add` puts buttons and chips at the right."""

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(title, pixels=size("heading"), weight=600, parent=self)
        self._subtitle = ElidedLabel(subtitle, pixels=size("secondary"), ink="ink_2", parent=self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        words.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(18, 0, 18, 1)
        self._row.setSpacing(8)
        self._row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, title: str, subtitle: str) -> None:
        """Other words."""
        self._title.set(title)
        self._subtitle.set(subtitle)

    def add(self, widget: QWidget) -> None:
        """One more at the right end."""
        self._row.addWidget(widget)

    def sizeHint(self) -> QSize:
        """As high as on every page."""
        return QSize(super().sizeHint().width(), fonts.scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, and the line below it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), colour("line"))
