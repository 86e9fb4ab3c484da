"""The lists at the left: who wakes soon, each track, whom sales returned, and who has no track yet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.services.nurture import Kind, List, ListCount
from app.ui import fonts
from app.ui.nurture import nurture_words
from app.ui.painting import LEFT, chip_height, chip_width, elided, paint_chip, sharp
from app.ui.theme import colour, mixed, size

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 42
PAD = 18
FAR = 1_000_000
MOVES = {
    Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -5, Qt.Key.Key_PageDown: 5, Qt.Key.Key_Home: -FAR,
    Qt.Key.Key_End: FAR,
}  # fmt: skip


class _Model(QAbstractTableModel):
    """One list a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lists: tuple[ListCount, ...] = ()
        self.shown = List(Kind.SOON)
        self.usual_days = 0

    def set_lists(self, lists: tuple[ListCount, ...], usual_days: int) -> None:
        same = [each.list for each in lists] == [each.list for each in self.lists]
        if not same:
            self.beginResetModel()
        self.lists, self.usual_days = lists, usual_days
        if not same:
            self.endResetModel()
        elif lists:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lists) - 1, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lists)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.lists):
            return None
        each = self.lists[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            shown = self.tr("shown") if each.list == self.shown else ""
            parts = (nurture_words.title(each), nurture_words.number(each.count), shown)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return nurture_words.meaning(each, self.usual_days)
        return None


class _Delegate(QStyledItemDelegate):
    """Name and count; the list that is shown has a bar and another ground."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, fonts.scaled(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        each = model.lists[index.row()]
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        shown = each.list == model.shown
        painter.save()
        if shown:
            painter.fillRect(box, colour("accent_soft"))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, mixed("line_soft", "panel", 0.55))
        if not shown:
            painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colour("line_soft"))
        left, right = box.left() + fonts.scaled(PAD), box.right() + 1 - fonts.scaled(PAD)
        count = nurture_words.number(each.count)
        wide, high = chip_width(count), chip_height()
        at = QRectF(right - wide, box.top() + (box.height() - 1 - high) // 2, wide, high)
        paint_chip(painter, at, count, nurture_words.tone(each))
        room = right - wide - fonts.scaled(10) - left
        weight = 600 if shown else 500
        retired = each.track is not None and each.track.retired
        painter.setFont(fonts.font(size("body"), weight))
        painter.setPen(colour("ink_2" if retired or not each.count else "ink"))
        painter.drawText(QRectF(left, box.top(), room, box.height() - 1), LEFT,
                         elided(nurture_words.title(each), size("body"), weight, room))  # fmt: skip
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRoundedRect(sharp(painter, QRectF(box).adjusted(4, 3, -4, -4))[0], 6, 6)
        painter.restore()


class TrackList(QTableView):
    """Arrows move and show at once; Enter goes on to the people.

    Signals:
        chosen: the List that was come to. left: Enter or Right, to the people of it.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Tracks"))
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(20)
        across.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(20)
        down.setDefaultSectionSize(fonts.scaled(HEIGHT))
        down.hide()
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setMinimumSize(fonts.scaled(150), fonts.scaled(3 * HEIGHT))
        self.clicked.connect(self._on_come_to)

    def set_lists(self, lists: tuple[ListCount, ...], usual_days: int) -> None:
        """Other lists, or newer counts of the same."""
        self._model.set_lists(lists, usual_days)
        self._put_cursor()

    def lists(self) -> tuple[ListCount, ...]:
        """The lists that are offered."""
        return self._model.lists

    def shown(self) -> ListCount | None:
        """The list that is shown, with its count."""
        return next((each for each in self._model.lists if each.list == self._model.shown), None)

    def set_shown(self, which: List) -> None:
        """Marks the list that is shown."""
        self._model.shown = which
        self.viewport().update()
        self._put_cursor()

    def _put_cursor(self) -> None:
        for place, each in enumerate(self._model.lists):
            if each.list == self._model.shown and self.currentIndex().row() != place:
                self.setCurrentIndex(self._model.index(place, 0))

    def _on_come_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._model.lists[index.row()].list)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose; letters are keys of the page."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right}:
            self.left.emit()
        elif key in MOVES:
            before, last = self.currentIndex().row(), len(self._model.lists) - 1
            place = min(max(before + MOVES[Qt.Key(key)], 0), last)
            if place != before and last >= 0:
                self.setCurrentIndex(self._model.index(place, 0))
                self._on_come_to(self.currentIndex())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is on the list that is shown."""
        super().focusInEvent(event)
        self._put_cursor()
        self.viewport().update()
