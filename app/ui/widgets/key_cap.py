"""A key, as a widget of its own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.painting import keycap_height, keycap_width, paint_keycap


class KeyCap(QLabel):
    """Shows which key does it, where no button does."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its label."""
        return QSize(int(keycap_width(self.text())), keycap_height())

    def minimumSizeHint(self) -> QSize:
        """Never less."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cap."""
        paint_keycap(QPainter(self), QRectF(self.rect()), self.text())
