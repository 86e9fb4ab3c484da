"""A panel with a hairline around it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.painting import paint_box
from app.ui.theme import colour, size


class Card(QWidget):
    """Holds what belongs together; give it a layout."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel", border: str = "line") -> None:
        super().__init__(parent)
        self._ground = ground
        self._border = border

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and hairline, read from the theme."""
        painter = QPainter(self)
        border = colour(self._border) if self._border else None
        paint_box(painter, QRectF(self.rect()), colour(self._ground), border, size("radius_card"))
