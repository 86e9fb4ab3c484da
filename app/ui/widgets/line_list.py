"""A list of some lines that a person goes through with the arrows; what a line looks like is its delegate's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import fonts
from app.ui.painting import PAD, paint_line_ground
from app.ui.widgets.quiet_table import QuietTable

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")
FAR = 1_000_000
MOVES = {
    Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5, Qt.Key.Key_Home: -FAR,
    Qt.Key.Key_End: FAR,
}  # fmt: skip


class LineModel(QAbstractTableModel, Generic[R]):
    """One line a row. A list of its own says which lines are the same, and what is heard and told of one."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[R, ...] = ()

    def key(self, row: R) -> object:
        """The same for the same one, whenever it is read."""
        raise NotImplementedError

    def spoken(self, row: R) -> str:
        """A line for a screen reader."""
        raise NotImplementedError

    def tip(self, row: R) -> str:
        """What a line has no room for."""
        raise NotImplementedError

    def set_rows(self, rows: Sequence[R]) -> None:
        """Other lines, or newer facts about the same: then the cursor stays."""
        same = [self.key(row) for row in rows] == [self.key(row) for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Lines."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words of a line."""
        if not 0 <= index.row() < len(self.rows):
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.spoken(self.rows[index.row()])
        return self.tip(self.rows[index.row()]) if role == Qt.ItemDataRole.ToolTipRole else None


class LineDelegate(QStyledItemDelegate):
    """The ground of a line, the hairline below it, and the frame of the cursor."""

    def __init__(self, wide: int, high: int, parent: QWidget) -> None:
        """`wide` is the least width, `high` the height, in pixels at 100 %."""
        super().__init__(parent)
        self._wide, self._high = wide, high

    def paint_line(self, painter: QPainter, model: Any, place: int, box: QRect) -> None:
        """What stands on a line, within `box`, its padding already taken off the sides."""
        raise NotImplementedError

    def is_marked(self, model: Any, place: int) -> bool:
        """Whether it is the line that is shown beside the list."""
        return False

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All lines are of one height."""
        return QSize(fonts.scaled(self._wide), fonts.scaled(self._high))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A line."""
        model, place = index.model(), index.row()
        box: QRect = option.rect
        painter.save()
        paint_line_ground(painter, QRectF(box), option.state, opened=self.is_marked(model, place))
        pad = fonts.scaled(PAD)
        wide: int = option.widget.width()  # the bar stands in the padding: lines end where other lists end
        self.paint_line(painter, model, place, QRect(box.left() + pad, box.top(), wide - 2 * pad, box.height()))
        painter.restore()


class LineList(QuietTable):
    """Arrows move; letters are keys of the page. A list of its own says what a press and what coming to a line does."""

    def __init__(self, model: LineModel[Any], high: int, parent: QWidget | None = None) -> None:
        super().__init__(model, high, parent)
        model.setParent(self)
        self._model = model
        self.clicked.connect(self._on_clicked)

    def come_to(self, place: int) -> None:
        """The arrows have moved the cursor there."""

    def press(self, place: int) -> None:
        """A click, or Enter."""
        raise NotImplementedError

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.press(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move, Enter presses."""
        place, last = self.currentIndex().row(), len(self._model.rows) - 1
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if place >= 0:
                self.press(place)
        elif event.key() in MOVES:
            there = min(max(place + MOVES[Qt.Key(event.key())], 0), last)
            if there not in {place, -1}:
                self.setCurrentIndex(self._model.index(there, 0))
                self.come_to(there)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is seen at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rows:
            self.setCurrentIndex(self._model.index(0, 0))
        self.viewport().update()
