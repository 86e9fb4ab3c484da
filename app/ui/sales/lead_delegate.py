"""Paints one line of the lists of sales: name and chip, company and score; or a heading."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.models.rows import SalesRow
from app.ui import fonts
from app.ui.painting import (
    LEFT,
    RIGHT,
    advance,
    chip_height,
    chip_width,
    elided,
    paint_chip,
    paint_line_ground,
    side_pad,
)
from app.ui.sales.lead_model import Heading, Item, LeadModel
from app.ui.theme import colour, size

HEIGHT, HEADING_HEIGHT, MORE_HEIGHT = 61, 36, 40
SPACED = 104  # percent: headings in capitals are set a little wider


def height_of(item: Item) -> int:
    """In pixels."""
    if isinstance(item, SalesRow):
        return fonts.scaled(HEIGHT)
    return fonts.scaled(HEADING_HEIGHT if isinstance(item, Heading) else MORE_HEIGHT)


class LeadDelegate(QStyledItemDelegate):
    """Two lines for a lead, one for a heading."""

    def __init__(self, member: str, parent: QObject) -> None:
        super().__init__(parent)
        self._member = member

    def set_member(self, member: str) -> None:
        """Who works here: what is with somebody else names them."""
        self._member = member

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The view sets heights itself."""
        return QSize(200, fonts.scaled(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The line."""
        model = index.model()
        if not isinstance(model, LeadModel):
            return
        item, box = model.at(index.row()), option.rect
        painter.save()
        if isinstance(item, SalesRow):
            paint_line_ground(painter, QRectF(box), option.state, opened=item.id == model.opened())
            box.setWidth(option.widget.width())  # the bar stands in the padding
            self._lead(painter, item, model.chip(item), box)
        else:
            self._heading(painter, item, box)
        painter.restore()

    @staticmethod
    def _heading(painter: QPainter, item: Item, box: QRect) -> None:
        pad = side_pad(box.width())
        font = QFont(fonts.font(size("secondary")))  # one of its own: fonts are shared
        text = item.text.upper() if isinstance(item, Heading) else "…"
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, SPACED)
        painter.setFont(font)
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(box).adjusted(pad, fonts.scaled(6), -pad, 0), LEFT, text)
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), colour("line"))

    def _lead(self, painter: QPainter, row: SalesRow, chip: tuple[str, str], box: QRect) -> None:
        pad = side_pad(box.width())
        left, right = box.left() + pad, box.right() + 1 - pad
        wide, high = chip_width(chip[0]), chip_height()
        line = QRectF(left, box.top() + fonts.scaled(10), right - left, high)
        paint_chip(painter, QRectF(right - wide, line.top(), wide, high), *chip)
        room = right - wide - 8 - left
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(line, LEFT, elided(row.name, size("body"), 600, room))
        line = QRectF(left, box.top() + fonts.scaled(31), right - left, fonts.scaled(20))
        points = str(row.score)
        painter.setFont(fonts.font(size("secondary"), 600, tabular=True))
        painter.setPen(colour("sell"))
        painter.drawText(line, RIGHT, points)
        room = right - advance(points, size("secondary"), 600, tabular=True) - 10 - left
        whom = row.for_member if row.for_member != self._member else ""
        words = " · ".join(part for part in (row.company if row.company != row.name else row.title, whom) if part)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        painter.drawText(line, LEFT, elided(words, size("secondary"), 400, room))
