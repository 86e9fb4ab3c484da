"""The table of who waits."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QTextLayout
from PySide6.QtWidgets import QWidget

from app.services.nurture.pages import NurtureRow
from app.ui import fonts
from app.ui.nurture import nurture_words
from app.ui.nurture.nurture_model import NurtureColumn, NurtureModel
from app.ui.painting import LEFT, RIGHT, chip_height, chip_width, elided, even, paint_chip
from app.ui.theme import colour, size
from app.ui.widgets.choosing_table import ChoosingDelegate, ChoosingTable, Index
from app.ui.widgets.quiet_table import PAD


@lru_cache(maxsize=1024)
def _two_lines(text: str, width: int, _scale: float) -> tuple[str, str]:
    """As many words as fit a line, and the rest of them, which ends in … where there is no room."""
    layout = QTextLayout(text, fonts.font(size("secondary")))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    first = text[: line.textLength()]
    rest = text[len(first) :].strip()
    return first.strip(), elided(rest, size("secondary"), 400, width)


class _Delegate(ChoosingDelegate):
    """Name over company, the reason on two lines, consent and day as chips."""

    def paint_cell(self, painter: QPainter, cell: QRect, model: NurtureModel, index: Index) -> None:
        row, column, pad = model.at(index.row()), NurtureColumn(index.column()), fonts.scaled(PAD)
        inside = QRectF(cell.left() + pad, cell.top(), cell.width() - pad - 4, cell.height() - 1)
        if column is NurtureColumn.PERSON:
            self._person(painter, inside, row)
        elif column is NurtureColumn.WHY:
            self._why(painter, inside, row)
        elif column is NurtureColumn.CONSENT:
            self._chip(painter, inside, *nurture_words.consent(row))
        elif column is NurtureColumn.SCORE:
            painter.setFont(fonts.font(size("body"), tabular=True))
            painter.setPen(colour("ink"))
            painter.drawText(inside.adjusted(0, 0, 4 - pad, 0), RIGHT, str(index.data() or ""))
        else:
            text, tone = nurture_words.wakes(row.until, model.now())
            wide = chip_width(text)
            at = QRectF(cell.right() + 1 - pad - wide, cell.top(), wide, cell.height() - 1)
            self._chip(painter, at, text, tone)

    @staticmethod
    def _person(painter: QPainter, room: QRectF, row: NurtureRow) -> None:
        company = row.company if row.company != row.name else row.title
        first, second = fonts.height(size("body")), fonts.height(size("secondary")) if company else 0
        top = room.top() + round((room.height() - first - second - (1 if company else 0)) / 2)
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(room.left(), top, room.width(), first), LEFT,
                         elided(row.name, size("body"), 600, room.width()))  # fmt: skip
        if company:
            painter.setFont(fonts.font(size("secondary")))
            painter.setPen(colour("ink_2"))
            painter.drawText(QRectF(room.left(), top + first + 1, room.width(), second), LEFT,
                             elided(company, size("secondary"), 400, room.width()))  # fmt: skip

    @staticmethod
    def _why(painter: QPainter, room: QRectF, row: NurtureRow) -> None:
        """On two lines at most."""
        first, second = _two_lines(row.why, int(room.width()), fonts.scale())
        high = fonts.height(size("secondary"))
        top = room.top() + round((room.height() - (2 * high if second else high)) / 2)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(room.left(), top, room.width() + 1, high), LEFT, first)
        painter.drawText(QRectF(room.left(), top + high, room.width() + 1, high), LEFT, second)

    @staticmethod
    def _chip(painter: QPainter, room: QRectF, text: str, tone: str) -> None:
        high, wide = chip_height(), min(chip_width(text), room.width())
        shown = elided(text, size("tiny"), 500, wide - 2 * fonts.scaled(6), tabular=even(text))
        paint_chip(painter, QRectF(room.left(), room.top() + (room.height() - high) // 2, wide, high), shown, tone)


class NurtureTable(ChoosingTable):
    """Who waits in nurture, in groups by the day on which they wake."""

    HEIGHT = 51
    NARROW = 520
    DISPENSABLE = NurtureColumn.SCORE
    WIDEST = NurtureColumn.WHY
    WIDTHS = {  # noqa: RUF012 - it never changes
        NurtureColumn.CHOSEN: (38, 0), NurtureColumn.PERSON: (108, 45), NurtureColumn.WHY: (98, 50),
        NurtureColumn.CONSENT: (104, 22), NurtureColumn.SCORE: (58, 0), NurtureColumn.WAKES: (86, 0),
    }  # fmt: skip
    TO_THE_RIGHT = frozenset({NurtureColumn.SCORE, NurtureColumn.WAKES})

    def __init__(self, model: NurtureModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Who waits"))
