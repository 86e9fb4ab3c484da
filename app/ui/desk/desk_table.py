"""The table of the desk."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.services.desk.pages import How
from app.ui import fonts
from app.ui.desk import desk_words
from app.ui.desk.desk_model import DeskColumn, DeskModel
from app.ui.painting import LEFT, chip_height, chip_width, dots_width, elided, paint_chip, paint_dots
from app.ui.theme import colour, size
from app.ui.widgets.choosing_table import ChoosingDelegate, ChoosingTable, Index
from app.ui.widgets.quiet_table import PAD

MOST_DOTS = 6


class _Delegate(ChoosingDelegate):
    """Names in bold, attempts as dots, waits as chips."""

    def paint_cell(self, painter: QPainter, cell: QRect, model: DeskModel, index: Index) -> None:
        column = DeskColumn(index.column())
        if column is DeskColumn.ATTEMPTS:
            self._attempts(painter, cell, model, index.row())
        elif column is DeskColumn.WAITING:
            text, tone = desk_words.wait(model.at(index.row()), model.now())
            wide, high = chip_width(text), chip_height()
            left = cell.right() + 1 - fonts.scaled(PAD) - wide
            paint_chip(painter, QRectF(left, cell.top() + (cell.height() - high) // 2, wide, high), text, tone)
        else:
            self._words(painter, cell, model, index.row(), column, str(index.data() or ""))

    @staticmethod
    def _attempts(painter: QPainter, cell: QRect, model: DeskModel, place: int) -> None:
        row = model.at(place).row
        left, allowed = cell.left() + fonts.scaled(PAD), min(row.attempts_allowed, MOST_DOTS)
        if row.attempts_allowed <= MOST_DOTS and dots_width(allowed) <= cell.width() - fonts.scaled(PAD):
            paint_dots(painter, left, cell.center().y(), min(row.attempts, allowed), allowed)
            return
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2"))
        painter.drawText(cell.adjusted(fonts.scaled(PAD), 0, 0, 0), LEFT, f"{row.attempts}/{row.attempts_allowed}")

    @staticmethod
    def _words(painter: QPainter, cell: QRect, model: DeskModel, place: int, column: DeskColumn, text: str) -> None:
        bold = column is DeskColumn.INQUIRY
        pixels, weight = size("secondary"), 600 if bold else 400
        held = column is DeskColumn.WITH and model.at(place).held_ms is not None
        on_line = column is DeskColumn.WITH and model.at(place).how is How.LINE
        pad = fonts.scaled(PAD)
        room = cell.width() - pad - 4
        painter.setFont(fonts.font(pixels, weight, tabular=held))
        painter.setPen(colour("ink" if bold or held or on_line else "ink_2"))
        painter.drawText(QRectF(cell.left() + pad, cell.top(), room, cell.height() - 1),
                         LEFT | Qt.TextFlag.TextSingleLine,
                         elided(" ".join(text.split()), pixels, weight, room, tabular=held))  # fmt: skip


class DeskTable(ChoosingTable):
    """Inquiries with whom they are with, their attempts and how long they wait."""

    HEIGHT = 35
    NARROW = 740
    DISPENSABLE = DeskColumn.SOURCE
    WIDEST = DeskColumn.COMPANY
    WIDTHS = {  # noqa: RUF012 - it never changes
        DeskColumn.CHOSEN: (38, 0), DeskColumn.INQUIRY: (122, 22), DeskColumn.COMPANY: (112, 28),
        DeskColumn.SOURCE: (96, 16), DeskColumn.WITH: (116, 26), DeskColumn.ATTEMPTS: (92, 0),
        DeskColumn.WAITING: (118, 0),
    }  # fmt: skip
    TO_THE_RIGHT = frozenset({DeskColumn.WAITING})
    LINE_ABOVE = True

    def __init__(self, model: DeskModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Inquiries"))
