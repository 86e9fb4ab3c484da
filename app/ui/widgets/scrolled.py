"""What scrolls up and down where it is higher than its room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """As wide as its room; what lies under it shows through, and the Tab key passes it by.

    The bar stands in the margin at the right of what is inside, where that has one: nothing moves when it comes.
    """

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside.setObjectName("page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        for ground in (self.viewport(), inside):  # once it is there: the area fills what it is given
            ground.setAutoFillBackground(False)
        self._column = inside.layout()
        self._margin = self._column.contentsMargins().right() if self._column is not None else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The margin gives way to the bar."""
        super().resizeEvent(event)
        if self._column is not None and self._margin:
            margins = self._column.contentsMargins()
            margins.setRight(max(0, self._margin - (self.width() - self.viewport().width())))
            if margins != self._column.contentsMargins():
                self._column.setContentsMargins(margins)
