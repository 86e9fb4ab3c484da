"""The callers: what each has in hand, how much of it is late, and what they do now."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
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

from app.services.desk_figures import CallerRow, Doing
from app.ui import fonts
from app.ui.desk import desk_words
from app.ui.painting import LEFT, RIGHT, advance, elided, sharp
from app.ui.theme import colour, mixed, size

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 72
PAD = 18
BAR = 6
LEAST_FULL = 10  # in hand: fewer never fill the bar
DOTS = {Doing.CALL: "sell", Doing.BETWEEN: "sell", Doing.HERE: "sell", Doing.AWAY: "late", Doing.OFFLINE: "discard",
        Doing.ABSENT: "discard"}  # fmt: skip


class _Model(QAbstractTableModel):
    """One caller a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[CallerRow, ...] = ()
        self.now = 0

    def set_rows(self, rows: tuple[CallerRow, ...], now: int) -> None:
        same = [row.name for row in rows] == [row.name for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows, self.now = rows, now
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))

    def full(self) -> int:
        """How many in hand fill a bar."""
        return max([LEAST_FULL, *(round(row.in_hand * 1.06) for row in self.rows)])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            parts = (row.name, desk_words.doing(row, self.now), *desk_words.in_hand(row))
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return desk_words.doing(row, self.now)
        return None


class _Delegate(QStyledItemDelegate):
    """Name and count, what they do, and a bar."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, fonts.scaled(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        row = model.rows[index.row()]
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, mixed("line_soft", "panel", 0.55))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colour("line_soft"))
        left, right = box.left() + fonts.scaled(PAD), box.right() + 1 - fonts.scaled(PAD)
        self._first_line(painter, row, left, right, box.top() + fonts.scaled(10))
        painter.setFont(fonts.font(size("secondary"), tabular=True))
        painter.setPen(colour("ink_2"))
        line = QRectF(left, box.top() + fonts.scaled(31), right - left, fonts.scaled(18))
        painter.drawText(line, LEFT, elided(desk_words.doing(row, model.now), size("secondary"), 400, right - left,
                                            tabular=True))  # fmt: skip
        self._bar(painter, row, model.full(), QRectF(left, box.top() + fonts.scaled(54), right - left,
                                                     fonts.scaled(BAR)))  # fmt: skip
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRoundedRect(sharp(painter, QRectF(box).adjusted(4, 3, -4, -4))[0], 6, 6)
        painter.restore()

    @staticmethod
    def _first_line(painter: QPainter, row: CallerRow, left: int, right: int, top: int) -> None:
        line = QRectF(left, top, right - left, fonts.scaled(20))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = fonts.scaled(8) / 2
        at = QPointF(left + radius, line.center().y())
        dot = colour(DOTS[row.doing])
        if row.doing in {Doing.OFFLINE, Doing.ABSENT}:  # hollow: not by colour alone
            painter.setPen(QPen(dot, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, radius - 0.8, radius - 0.8)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dot)
            painter.drawEllipse(at, radius, radius)
        held, over = desk_words.in_hand(row)
        end = float(right)
        painter.setFont(fonts.font(size("tiny"), tabular=True))
        for words, ink in ((over, "late"), (held + (" · " if over else ""), "ink_2")):
            if words:
                painter.setPen(colour(ink))
                painter.drawText(QRectF(left, line.top(), end - left, line.height()), RIGHT, words)
                end -= advance(words, size("tiny"), tabular=True)
        start = left + 2 * radius + fonts.scaled(8)
        room = end - fonts.scaled(10) - start
        painter.setFont(fonts.font(size("body"), 600))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(start, line.top(), room, line.height()), LEFT,
                         elided(row.name, size("body"), 600, room))  # fmt: skip

    @staticmethod
    def _bar(painter: QPainter, row: CallerRow, full: int, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(box, colour("line_soft"))
        fine = box.width() * (row.in_hand - row.over) / full
        painter.fillRect(QRectF(box.left(), box.top(), round(fine), box.height()), mixed("accent", "panel", 0.58))
        if row.over:
            late = max(3, round(box.width() * row.over / full))
            painter.fillRect(QRectF(box.left() + round(fine), box.top(), late, box.height()), colour("late"))


class CallersList(QTableView):
    """Arrows move; Enter or a press narrows the lists to what somebody has.

    Signals:
        picked: the name of a caller.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Callers"))
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
        self.setMinimumSize(fonts.scaled(180), fonts.scaled(HEIGHT))
        self.clicked.connect(self._on_picked)

    def set_rows(self, rows: tuple[CallerRow, ...], now: int) -> None:
        """Other callers, or newer facts about the same."""
        self._model.set_rows(rows, now)
        self.setMaximumHeight(max(1, len(rows)) * fonts.scaled(HEIGHT))
        self.updateGeometry()

    def rows(self) -> tuple[CallerRow, ...]:
        """The callers that are shown."""
        return self._model.rows

    def sizeHint(self) -> QSize:
        """All of them, where there is room."""
        return QSize(fonts.scaled(300), max(1, len(self._model.rows)) * fonts.scaled(HEIGHT))

    def _on_picked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self._model.rows[index.row()].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks; letters are keys of the page."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_picked(self.currentIndex())
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home,
                             Qt.Key.Key_End}:  # fmt: skip
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is seen at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rows:
            self.setCurrentIndex(self._model.index(0, 0))
