"""Rows of words that wrap, painted as one widget: as high as they need at its width."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import fonts

R = TypeVar("R")


class PaintedRows(QWidget, Generic[R]):
    """What such lists share; one of its own says how high a row is, how it is painted, and how it is spoken."""

    def __init__(self, wide: int, parent: QWidget | None = None) -> None:
        """`wide` is a comfortable width in pixels at 100 %."""
        super().__init__(parent)
        self._wide = wide
        self._rows: tuple[R, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def row_height(self, row: R, width: int) -> int:
        """In pixels."""
        raise NotImplementedError

    def paint_row(self, painter: QPainter, row: R, place: int, top: int) -> None:
        """What stands on a row whose upper edge is at `top`."""
        raise NotImplementedError

    def spoken(self, row: R) -> str:
        """A row for a screen reader."""
        raise NotImplementedError

    def set(self, rows: tuple[R, ...]) -> None:
        """Other rows."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleDescription("; ".join(map(self.spoken, rows)))
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        return sum(self.row_height(row, width) for row in self._rows)

    def sizeHint(self) -> QSize:
        """A comfortable measure."""
        wide = fonts.scaled(self._wide)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Narrow."""
        return QSize(fonts.scaled(self._wide) // 2, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are seen."""
        painter, top = QPainter(self), 0
        seen = QRectF(event.rect())
        for place, row in enumerate(self._rows):
            high = self.row_height(row, self.width())
            if QRectF(0, top, self.width(), high).intersects(seen):
                self.paint_row(painter, row, place, top)
            top += high
