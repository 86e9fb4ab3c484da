"""A table in which several are chosen: Space chooses, Shift with the arrows chooses a stretch, Enter opens."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import fonts, icons
from app.ui.painting import LEFT, paint_box, paint_cursor, paint_under_mouse
from app.ui.theme import colour, size
from app.ui.widgets.choosing_model import ChoosingModel
from app.ui.widgets.quiet_table import HEAD, PAD, QuietTable

GROUP = 28  # pixels at 100 %: more above the first row of a group
BOX = 15
Index = QModelIndex | QPersistentModelIndex
MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


class ChoosingDelegate(QStyledItemDelegate):
    """Another ground for a row that is chosen or under the mouse, the line below it, and the tick of the first column.

    A delegate of a table's own paints the other cells.
    """

    def __init__(self, table: ChoosingTable) -> None:
        super().__init__(table)
        self._high = table.HEIGHT

    def paint_cell(self, painter: QPainter, cell: QRect, model: Any, index: Index) -> None:
        """What stands in a cell, within `cell`, below the heading of a group."""
        raise NotImplementedError

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are of one height."""
        return QSize(60, fonts.scaled(self._high))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A cell."""
        model: Any = index.model()
        cell: QRect = option.rect
        if index.row() in model.heads():
            cell = cell.adjusted(0, fonts.scaled(GROUP), 0, 0)
        chosen = model.is_chosen(index.row())
        painter.save()
        if chosen:
            painter.fillRect(cell, colour("accent_soft"))
        else:
            paint_under_mouse(painter, QRectF(cell), option.state)
        painter.fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), colour("line_soft"))
        if index.column() == model.columnCount() - 1:
            cell.setRight(option.widget.width() - 1)  # the bar stands in the padding
        if index.column():
            self.paint_cell(painter, cell, model, index)
        else:
            self._tick(painter, cell, chosen=chosen)
        painter.restore()

    @staticmethod
    def _tick(painter: QPainter, cell: QRect, *, chosen: bool) -> None:
        side = fonts.scaled(BOX)
        at = QRectF(cell.left() + fonts.scaled(PAD), cell.top() + (cell.height() - 1 - side) // 2, side, side)
        if chosen:
            paint_box(painter, at, colour("accent"), None, 4)
            icons.paint(painter, "check", at.adjusted(2, 2, -1, -1), colour("on_accent"))
        else:
            paint_box(painter, at, colour("panel"), colour("control"), 4)


class ChoosingTable(QuietTable):
    """Arrows move, Space chooses, Shift with the arrows or a press chooses all between, Enter opens; Tab leaves.

    Signals:
        opened: the id under the cursor. moved: the same, whenever the cursor comes to another one.
    """

    opened = Signal(str)
    moved = Signal(str)

    HEIGHT: ClassVar[int]  # of a row
    NARROW: ClassVar[int]  # below this width one column is left to the tip…
    DISPENSABLE: ClassVar[IntEnum]  # …this one
    WIDEST: ClassVar[IntEnum]  # which gets what is left over in the end
    WIDTHS: ClassVar[Mapping[Any, tuple[int, int]]]  # least width, and the share of what is left over
    TO_THE_RIGHT: ClassVar[frozenset[int]]  # columns whose names stand at their right edge
    LINE_ABOVE: ClassVar[bool] = False  # where something stands above the names of the columns

    def __init__(self, model: ChoosingModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(model, self.HEIGHT, parent)
        self._model = model
        self._kept, self._place, self._bar = "", 0, 0  # who is under the cursor, across a new reading
        self._anchor: tuple[int, list[str]] | None = None  # where a stretch began, and who was chosen before
        self._tall: set[int] = set()
        self.show_names(self.TO_THE_RIGHT, line_above=self.LINE_ABOVE)
        self.setMinimumHeight(fonts.scaled(HEAD + 3 * self.HEIGHT))
        self.setMinimumWidth(fonts.scaled(sum(w for c, (w, _) in self.WIDTHS.items() if c is not self.DISPENSABLE)))
        self.doubleClicked.connect(self._on_double_clicked)
        model.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._set_heights)

    def current(self) -> str:
        """Who is under the cursor; empty when nobody is."""
        place = self.currentIndex().row()
        return self._model.at(place).id if 0 <= place < self._model.rowCount() else ""

    def go_to(self, place: int) -> None:
        """Puts the cursor on a row."""
        if self._model.rowCount():
            place = min(max(place, 0), self._model.rowCount() - 1)
            before = self.current()
            self.setCurrentIndex(self._model.index(place, 1))
            if not place:
                self.scrollToTop()
            if self.current() != before:
                self.moved.emit(self.current())

    # the cursor stays with whom it is on

    def _on_about_to_be_reset(self) -> None:
        self._kept, self._place = self.current(), self.currentIndex().row()
        self._bar = self.verticalScrollBar().value()

    def _on_reset(self) -> None:
        self._anchor = None
        self._set_heights()
        place = self._model.row_of(self._kept) if self._kept else -1
        self.go_to(place if place >= 0 else max(0, self._place))
        self.verticalScrollBar().setValue(self._bar)

    def _set_heights(self) -> None:
        tall = set(self._model.heads())
        for place in tall | self._tall:
            if place < self._model.rowCount():
                self.setRowHeight(place, fonts.scaled(self.HEIGHT + GROUP if place in tall else self.HEIGHT))
        self._tall = tall

    # keys and presses

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Shift choose; letters are keys of the page, not a search."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not held:
            if self.current():
                self.opened.emit(self.current())
        elif key == Qt.Key.Key_Space and not held:
            if self.current():
                self._anchor = None
                self._model.toggle(self.currentIndex().row())
        elif key in MOVES and held in {Qt.KeyboardModifier.NoModifier, shift}:
            before = self.currentIndex().row()
            self._move(key)
            if held == shift:
                self._stretch(before)
            else:
                self._anchor = None
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            pass  # a row is one thing
        else:
            event.ignore()

    def _move(self, key: int) -> None:
        page = max(1, self.viewport().height() // fonts.scaled(self.HEIGHT) - 1)
        row, last = self.currentIndex().row(), self._model.rowCount() - 1
        if key == Qt.Key.Key_End and self._model.canFetchMore(QModelIndex()):
            self._model.fetchMore(QModelIndex())
        steps = {
            Qt.Key.Key_Up: row - 1, Qt.Key.Key_Down: row + 1, Qt.Key.Key_PageUp: row - page,
            Qt.Key.Key_PageDown: row + page, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }  # fmt: skip
        self.go_to(steps[Qt.Key(key)])

    def _stretch(self, before: int) -> None:
        """Chooses everybody from where Shift was first held to the cursor, beside who was chosen before."""
        if self._anchor is None:
            self._anchor = (before, self._model.chosen())
        start, chosen = self._anchor
        self._model.choose(dict.fromkeys([*chosen, *self._model.between(start, self.currentIndex().row())]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On the box, or with Ctrl: chooses; with Shift: everybody between; else the cursor moves."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        before = self.currentIndex().row()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.go_to(index.row())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._stretch(max(0, before))
        elif not index.column() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._anchor = None
            self._model.toggle(index.row())
        else:
            self._anchor = None

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column():
            self.opened.emit(self._model.at(index.row()).id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is seen at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And is no more."""
        super().focusOutEvent(event)
        self.viewport().update()

    # how it looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the width: one column gets most of what is left over."""
        super().resizeEvent(event)
        self.share_width(self.WIDTHS, self.WIDEST, self.DISPENSABLE, self.NARROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, the headings of groups, and the frame of the row under the cursor."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        heads = self._model.heads()
        for place, words in heads.items():
            self._paint_head(painter, event, place, words)
        place = self.currentIndex().row()
        if not self.hasFocus() or place < 0:
            return
        row = self.visualRect(self._model.index(place, 1))
        if place in heads:
            row = row.adjusted(0, fonts.scaled(GROUP), 0, 0)
        frame = QRectF(2, row.top() + 1, self.viewport().width() - 4, row.height() - 3)
        paint_cursor(painter, frame)

    def _paint_head(self, painter: QPainter, event: QPaintEvent, place: int, words: str) -> None:
        box = self.visualRect(self._model.index(place, 1))
        above = QRectF(fonts.scaled(PAD), box.top(), self.viewport().width(), fonts.scaled(GROUP))
        if above.intersects(QRectF(event.rect())):
            painter.setFont(fonts.font(size("tiny"), 500))
            painter.setPen(colour("ink_2"))
            painter.drawText(above.adjusted(0, 3, 0, 0), LEFT, words)
            line = QRectF(0, above.bottom() - 1, self.viewport().width(), 1)
            painter.fillRect(line, colour("line_soft"))
