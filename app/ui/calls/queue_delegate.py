"""Paints one row of the queue: name and age, company, attempts, source and their time."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.models.rows import QueueRow
from app.ui import fonts, icons, times
from app.ui.calls.queue_model import QueueModel, Role
from app.ui.painting import (
    LEFT,
    RIGHT,
    advance,
    chip_height,
    chip_width,
    dots_width,
    elided,
    paint_chip,
    paint_dots,
    paint_line_ground,
    side_pad,
)
from app.ui.theme import colour, size

HEIGHT = 61
TALL_HEIGHT = 78
MOST_DOTS = 6
LEAST_COMPANY = 110
SOURCES = {  # words in a source's name -> icon
    "capture": ("fair", "show", "messe", "expo", "salon", "feria", "booth", "stand"),
    "envelope": ("mail", "newsletter", "post"),
    "phone": ("phone", "call", "hotline"),
    "people": ("referral", "partner", "network", "recommend"),
    "megaphone": ("advert", "ads", "campaign"),
    "file": ("import", "list", "file"),
}


def source_icon(source: str) -> str:
    """The icon of a source, by the words of its name; the web's where none fits."""
    lower = source.lower()
    return next((icon for icon, words in SOURCES.items() if any(word in lower for word in words)), "globe")


def row_height(tall: bool) -> int:
    """In pixels; a tall row has a line above."""
    return fonts.scaled(TALL_HEIGHT if tall else HEIGHT)


def chip_place(row: QRect) -> QRect:
    """Where the chip of a row is painted, its widest included: all that a minute changes."""
    top = row.bottom() - row_height(False) + fonts.scaled(8)
    wide = fonts.scaled(118)
    return QRect(row.right() - wide, top, wide, chip_height() + 4)


class QueueDelegate(QStyledItemDelegate):
    """Two lines, and a third above them for a promise, or where those begin who may not be called now."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The view sets heights itself; this is what one row needs."""
        return QSize(200, row_height(False))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The row."""
        model = index.model()
        if not isinstance(model, QueueModel):
            return
        row: QueueRow = model.at(index.row())
        chip = model.chip(index.row())
        opened = bool(model.data(index, Role.OPENED))
        box = option.rect
        painter.save()
        paint_line_ground(painter, QRectF(box), option.state, opened=opened)
        view = self.parent()
        assert isinstance(view, QWidget)
        wide = view.width()  # the bar stands in the room at the right, so that rows end where the head ends
        left, right = box.left() + side_pad(wide), box.left() + wide - side_pad(wide)
        top = box.bottom() - row_height(False)
        words, ink = self._above(model, index.row(), row)
        if words:
            painter.setFont(fonts.font(size("tiny"), tabular=True))
            painter.setPen(colour(ink))
            above = QRectF(left, box.top() + fonts.scaled(10), right - left, fonts.scaled(18))
            painter.drawText(above, LEFT, elided(words, size("tiny"), 400, right - left, tabular=True))
        self._first_line(painter, row, chip, left, right, top)
        self._second_line(painter, row, left, right, top, model.now())
        painter.restore()

    def _above(self, model: QueueModel, place: int, row: QueueRow) -> tuple[str, str]:
        """The line above a row, and its colour; empty where it has none."""
        if model.is_first_not_now(place):
            return self.tr("Not now"), "ink_2"
        if row.promised_at is None or not model.is_callback(place):
            return "", ""
        if row.woken:
            return self.tr("Back from nurture · %s") % times.day(row.promised_at, model.now()), "accent"
        return self.tr("Callback · promised %s") % times.clock(row.promised_at), "accent"

    @staticmethod
    def _first_line(
        painter: QPainter, row: QueueRow, chip: tuple[str, str], left: int, right: int, top: int
    ) -> None:  # fmt: skip
        wide, high = chip_width(chip[0]), chip_height()
        line = QRectF(left, top + fonts.scaled(10), right - left, high)
        paint_chip(painter, QRectF(right - wide, line.top(), wide, high), *chip)
        room = right - wide - 8 - left
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(line, LEFT, elided(row.name, size("body"), 600, room))

    @staticmethod
    def _second_line(painter: QPainter, row: QueueRow, left: int, right: int, top: int, now: int) -> None:
        line = QRectF(left, top + fonts.scaled(31), right - left, fonts.scaled(20))
        theirs = times.clock(now, row.zone) if row.zone else ""
        at = float(right)
        if theirs:
            painter.setFont(fonts.font(size("tiny"), tabular=True))
            painter.setPen(colour("ink_2"))
            painter.drawText(line, RIGHT, theirs)
            at -= advance("00:00", size("tiny"), tabular=True) + fonts.scaled(6)
        side = fonts.scaled(14)
        at -= side
        middle = line.center().y()
        icons.paint(painter, source_icon(row.source), QRectF(round(at), round(middle - side / 2), side, side),
                    colour("ink_2"))  # fmt: skip
        at = _paint_attempts(painter, row, left, at, line)
        painter.setFont(fonts.font(size("secondary")))
        painter.setPen(colour("ink_2"))
        room = at - fonts.scaled(6) - left
        painter.drawText(line, LEFT, elided(row.company or row.title, size("secondary"), 400, room))


def _paint_attempts(painter: QPainter, row: QueueRow, left: int, at: float, line: QRectF) -> float:
    """Dots left of `at`, or `2/4` where they would take the company's room; gives the new end of the company."""
    if not row.attempts:
        return at
    allowed = min(row.attempts_allowed, MOST_DOTS)
    dots = at - fonts.scaled(6) - dots_width(allowed)
    if dots - left > fonts.scaled(LEAST_COMPANY):
        paint_dots(painter, round(dots), line.center().y(), min(row.attempts, allowed), allowed)
        return dots
    words = f"{row.attempts}/{row.attempts_allowed}"
    painter.setFont(fonts.font(size("tiny"), tabular=True))
    painter.setPen(colour("ink_2"))
    painter.drawText(QRectF(line.left(), line.top(), at - fonts.scaled(6) - line.left(), line.height()), RIGHT, words)
    return at - fonts.scaled(6) - advance(words, size("tiny"), tabular=True)
