"""Figures in rows under the names of their columns; what a column means stands behind its name."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, RIGHT, advance, elided
from app.ui.theme import colour, size
from app.ui.widgets.quiet_table import HEAD, PAD, QuietTable

ROW = 35
FIRST = 110  # pixels at 100 %: the least of the first column
Index = QModelIndex | QPersistentModelIndex


class FiguresModel(QAbstractTableModel):
    """Words in rows; the first of each says what the row is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: list[tuple[str, str]] = []
        self._rows: list[list[str]] = []

    def set_rows(self, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
        """Other rows; `heads` are names and meanings."""
        self.beginResetModel()
        self._heads, self._rows = list(heads), [list(row) for row in rows]
        self.endResetModel()

    def row(self, place: int) -> list[str]:
        """The words of a row."""
        return self._rows[place]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt's
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt's
        """How many columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._heads):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section][0]
        return (self._heads[section][1] or None) if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell; a screen reader hears the name of its column before it."""
        if not index.isValid():
            return None
        words = self._rows[index.row()][index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column():
                return f"{self._heads[index.column()][0]} {words}"
            return ", ".join(
                [words, *(f"{name[0]} {cell}" for name, cell in zip(self._heads[1:], self._rows[index.row()][1:],
                                                                      strict=True))]
            )  # fmt: skip
        return None


class _Cells(QStyledItemDelegate):
    """Words alone, the first column in a stronger hand."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box: QRect = option.rect
        table = self.parent()
        assert isinstance(table, FiguresTable)
        if table.currentIndex().row() == index.row() and table.hasFocus():
            painter.fillRect(box, colour("accent_soft"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colour("line_soft"))
        pad, first = fonts.scaled(PAD), index.column() == 0
        weight = 600 if first else 400
        painter.setFont(fonts.font(size("secondary"), weight, tabular=not first))
        painter.setPen(colour("ink"))
        room = QRectF(
            box.left() + (pad if first else 2), box.top(), box.width() - pad - (pad if first else 2), box.height()
        )
        words = elided(str(index.data()), size("secondary"), weight, room.width() + 1, tabular=not first)
        painter.drawText(room, LEFT if first else RIGHT, words)


class FiguresTable(QuietTable):
    """A row is one thing: the arrows go from row to row; letters stay keys of the page.

    Signals:
        opened: Enter on a row, or a double press; its first word.
    """

    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._figures = FiguresModel()
        super().__init__(self._figures, ROW, parent)
        self._figures.setParent(self)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setMinimumHeight(fonts.scaled(HEAD + 2 * ROW))
        self.doubleClicked.connect(self._on_double_clicked)

    def set_rows(self, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
        """Other rows; the cursor stays on the row of the same name."""
        kept = self.current()
        self._figures.set_rows(heads, rows)
        self.show_names(frozenset(range(1, len(heads))))
        self._share_width()
        names = [row[0] for row in rows]
        if rows:
            self.setCurrentIndex(self._figures.index(names.index(kept) if kept in names else 0, 0))

    def current(self) -> str:
        """The first word of the row under the cursor; empty when there is none."""
        place = self.currentIndex().row()
        return self._figures.row(place)[0] if 0 <= place < self._figures.rowCount() else ""

    def words(self) -> list[list[str]]:
        """All cells."""
        return [self._figures.row(place) for place in range(self._figures.rowCount())]

    def _share_width(self) -> None:
        """Each column as wide as its widest words; what is left over is shared, what is missing the first one gives."""
        count = self._figures.columnCount()
        if not count:
            return
        wide = [self._widest(column) for column in range(count)]
        room = self.viewport().width()
        over = room - sum(wide)
        if over < 0:
            wide[0] = max(fonts.scaled(FIRST), wide[0] + over)
            over = 0
        share = over // count
        for column in range(1, count):
            self.setColumnWidth(column, wide[column] + share)
        self.setColumnWidth(0, max(wide[0], room - sum(wide[1:]) - share * (count - 1)))

    def _widest(self, column: int) -> int:
        head = advance(str(self._figures.headerData(column, Qt.Orientation.Horizontal)), size("tiny"), 500)
        weight, tabular = (400, True) if column else (600, False)
        cells = [advance(row[column], size("secondary"), weight, tabular=tabular) for row in self.words()]
        return ceil(max([head, *cells])) + fonts.scaled(PAD) + (fonts.scaled(PAD) if not column else 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share the width anew."""
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows by the arrows, Home, End and the page keys; Enter opens; all else is the page's."""
        moves = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp,
                 Qt.Key.Key_PageDown}  # fmt: skip
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current():
            self.opened.emit(self.current())
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and self._figures.rowCount():
            last = self._figures.rowCount() - 1
            self.setCurrentIndex(self._figures.index(0 if key == Qt.Key.Key_Home else last, 0))
        elif key in moves:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._figures.row(index.row())[0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is seen at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._figures.rowCount():
            self.setCurrentIndex(self._figures.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And is no more."""
        super().focusOutEvent(event)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A row is painted whole."""
        super().currentChanged(current, previous)
        self.viewport().update()
