"""The rows of a list and what becomes of each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import fonts
from app.ui.capture.fate_model import FateColumn, FateModel
from app.ui.painting import LEFT, chip_height, chip_width, elided, paint_chip
from app.ui.theme import colour, size
from app.ui.widgets.quiet_table import HEAD, PAD, QuietTable

HEIGHT = 35
# Least width in pixels at 100 %, and the share of what is left over.
WIDTHS = {
    FateColumn.ROW: (52, 0), FateColumn.FATE: (106, 0), FateColumn.PERSON: (116, 10), FateColumn.COMPANY: (118, 12),
    FateColumn.NUMBER: (146, 0), FateColumn.WHY: (130, 78),
}  # fmt: skip
NARROW = 760  # pixels at 100 %: below, reasons need the room of the company


class _Delegate(QStyledItemDelegate):
    """Text in the colours of the theme, the fate as a chip."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, fonts.scaled(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, colour("accent_soft"))
        painter.fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), colour("line_soft"))
        pad, text = fonts.scaled(PAD), str(index.data() or "")
        column = FateColumn(index.column())
        if column is FateColumn.FATE:
            high = chip_height() - 2
            wide = min(chip_width(text), cell.width() - pad)
            paint_chip(painter, QRectF(cell.left() + pad, cell.top() + (cell.height() - high) // 2, wide, high), text,
                       index.data(FateModel.ToneRole))  # fmt: skip
        else:
            bold = column is FateColumn.PERSON and text != "—"
            tabular = column in (FateColumn.ROW, FateColumn.NUMBER)
            pixels, weight = size("secondary"), 600 if bold else 400
            room = cell.width() - pad - (pad if column is FateColumn.WHY else 4)
            painter.setFont(fonts.font(pixels, weight, tabular=tabular))
            painter.setPen(colour("ink" if column is FateColumn.PERSON else "ink_2"))
            painter.drawText(QRectF(cell.left() + pad, cell.top(), room, cell.height()),
                             LEFT | Qt.TextFlag.TextSingleLine,
                             elided(" ".join(text.split()), pixels, weight, room, tabular=tabular))  # fmt: skip
        painter.restore()


class FateTable(QuietTable):
    """Arrows move from row to row; Tab leaves."""

    def __init__(self, model: FateModel, parent: QWidget | None = None) -> None:
        super().__init__(model, HEIGHT, parent)
        self._empty = ""
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Rows, and what happens with each"))
        self.show_names()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(fonts.scaled(HEAD + 3 * HEIGHT))
        least = sum(least for column, (least, _) in WIDTHS.items() if column is not FateColumn.COMPANY)
        self.setMinimumWidth(fonts.scaled(least))

    def say_when_empty(self, words: str) -> None:
        """What stands there while there are no rows."""
        self._empty = words
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the width: reasons get most of what is left over."""
        super().resizeEvent(event)
        self.share_width(WIDTHS, FateColumn.WHY, FateColumn.COMPANY, NARROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or a sentence."""
        super().paintEvent(event)
        if self._empty and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(fonts.font(size("secondary")))
            painter.setPen(colour("ink_2"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
