"""One card on an otherwise empty page, a little above its middle."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.widgets.card import Card

AROUND = 24  # pixels


class CardPage(QWidget):
    """What such pages share. One of its own fills `inside`, the column of the card."""

    def __init__(self, wide: int, margin: int, parent: QWidget | None = None) -> None:
        """`wide` is the most that the card takes, in pixels at 100 %; `margin` is within it."""
        super().__init__(parent)
        card = Card(self)
        card.setMaximumWidth(fonts.scaled(wide))
        self.inside = QVBoxLayout(card)
        self.inside.setContentsMargins(margin, margin - 4, margin, margin - 4)
        self.inside.setSpacing(8)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)
