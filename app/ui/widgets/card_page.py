"""One card on an otherwise empty page, a little above its middle."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.card import Card
from app.ui.widgets.middle import put_in_middle

AROUND = QMargins(24, 24, 24, 24)


class CardPage(QWidget):
    """What such pages share. One of its own fills `inside`, the column of the card."""

    def __init__(self, wide: int, margin: int, parent: QWidget | None = None) -> None:
        """`wide` is the most that the card takes, in pixels at 100 %; `margin` is within it."""
        super().__init__(parent)
        card = Card(self)
        self.inside = QVBoxLayout(card)
        self.inside.setContentsMargins(margin, margin - 4, margin, margin - 4)
        self.inside.setSpacing(8)
        put_in_middle(self, card, wide, AROUND)
