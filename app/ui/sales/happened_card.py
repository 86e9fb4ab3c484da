"""What happened to a lead, in a card of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.happened_list import HappenedList


class HappenedCard(Card):
    """Goes down to the foot of the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = HappenedList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 10)
        column.setSpacing(10)
        column.addWidget(ElidedLabel(self.tr("What happened"), weight=600, parent=self))
        column.addWidget(self.list)
        column.addStretch(1)
