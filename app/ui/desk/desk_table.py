"""The table of the desk: Space chooses, Shift with the arrows chooses several, Enter opens."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.services.desk import How
from app.ui import fonts, icons
from app.ui.desk import desk_words
from app.ui.desk.desk_model import DeskColumn, DeskModel
from app.ui.painting import (
    LEFT,
    RIGHT,
    chip_height,
    chip_width,
    dots_width,
    elided,
    paint_box,
    paint_chip,
    paint_dots,
    sharp,
)
from app.ui.theme import colour, mixed, size

HEIGHT = 35
HEAD = 32
PAD = 12
BOX = 15
MOST_DOTS = 6
# Least width in pixels at 100 %, and the share of what is left over.
WIDTHS = {
    DeskColumn.CHOSEN: (38, 0), DeskColumn.INQUIRY: (122, 22), DeskColumn.COMPANY: (112, 28),
    DeskColumn.SOURCE: (96, 16), DeskColumn.WITH: (116, 26), DeskColumn.ATTEMPTS: (92, 0),
    DeskColumn.WAITING: (118, 0),
}  # fmt: skip
NARROW = 740  # pixels at 100 %: below, the source is left to the tip
MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


class _Header(QHeaderView):
    """The names of the columns; a style sheet gives no font of its own to a header."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, colour("panel"))
        for edge in (rect.top(), rect.bottom()):
            painter.fillRect(QRect(rect.left(), edge, rect.width(), 1), colour("line"))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        pad = fonts.scaled(PAD)
        painter.setFont(fonts.font(size("tiny"), 500))
        painter.setPen(colour("ink_2"))
        side = RIGHT if section == DeskColumn.WAITING else LEFT
        room = rect.adjusted(0 if side is RIGHT else pad, 0, -pad if side is RIGHT else 0, 0)
        painter.drawText(room, side, elided(text, size("tiny"), 500, room.width()))


class _Delegate(QStyledItemDelegate):
    """Names in bold, attempts as dots, waits as chips; a chosen row has a tick and another ground."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, fonts.scaled(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, DeskModel):
            return
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = model.is_chosen(index.row())
        painter.save()
        if chosen:
            painter.fillRect(cell, colour("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, mixed("line_soft", "panel", 0.55))
        painter.fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), colour("line_soft"))
        column = DeskColumn(index.column())
        if column is DeskColumn.CHOSEN:
            self._box(painter, cell, chosen)
        elif column is DeskColumn.ATTEMPTS:
            self._attempts(painter, cell, model, index.row())
        elif column is DeskColumn.WAITING:
            text, tone = desk_words.wait(model.at(index.row()), model.now())
            wide, high = chip_width(text), chip_height()
            left = cell.right() + 1 - fonts.scaled(PAD) - wide
            paint_chip(painter, QRectF(left, cell.top() + (cell.height() - high) // 2, wide, high), text, tone)
        else:
            self._words(painter, cell, model, index.row(), column, str(index.data() or ""))
        painter.restore()

    @staticmethod
    def _box(painter: QPainter, cell: QRect, chosen: bool) -> None:
        side = fonts.scaled(BOX)
        at = QRectF(cell.left() + fonts.scaled(PAD), cell.top() + (cell.height() - 1 - side) // 2, side, side)
        if chosen:
            paint_box(painter, at, colour("accent"), None, 4)
            icons.paint(painter, "check", at.adjusted(2, 2, -1, -1), colour("on_accent"))
        else:
            paint_box(painter, at, colour("panel"), colour("control"), 4)

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


class DeskTable(QTableView):
    """Arrows move, Space chooses, Shift with the arrows or a press chooses all between, Enter opens; Tab leaves.

    Signals:
        opened: the id of the inquiry under the cursor.
    """

    opened = Signal(str)

    def __init__(self, model: DeskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kept = ""  # the inquiry under the cursor, across a new reading
        self._anchor: tuple[int, list[str]] | None = None  # where a stretch began, and who was chosen before
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Inquiries"))
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self))
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setMinimumSectionSize(20)
        across.setFixedHeight(fonts.scaled(HEAD))
        across.setSectionsClickable(False)
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
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setMinimumHeight(fonts.scaled(HEAD + 3 * HEIGHT))
        self.setMinimumWidth(fonts.scaled(sum(w for c, (w, _) in WIDTHS.items() if c is not DeskColumn.SOURCE)))
        self.doubleClicked.connect(self._on_double_clicked)
        model.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        model.modelReset.connect(self._on_reset)

    def current(self) -> str:
        """The inquiry under the cursor; empty when there is none."""
        place = self.currentIndex().row()
        return self._model.at(place).id if 0 <= place < self._model.rowCount() else ""

    def go_to(self, place: int) -> None:
        """Puts the cursor on a row."""
        if self._model.rowCount():
            place = min(max(place, 0), self._model.rowCount() - 1)
            self.setCurrentIndex(self._model.index(place, DeskColumn.INQUIRY))

    # the cursor stays with its inquiry

    def _on_about_to_be_reset(self) -> None:
        self._kept, self._place = self.current(), self.currentIndex().row()
        self._bar = self.verticalScrollBar().value()

    def _on_reset(self) -> None:
        self._anchor = None
        place = self._model.row_of(self._kept) if self._kept else -1
        self.go_to(place if place >= 0 else max(0, self._place))
        self.verticalScrollBar().setValue(self._bar)

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
        page = max(1, self.viewport().height() // fonts.scaled(HEIGHT) - 1)
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
        elif index.column() == DeskColumn.CHOSEN or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._anchor = None
            self._model.toggle(index.row())
        else:
            self._anchor = None

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != DeskColumn.CHOSEN:
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
        """Shares the width: the company gets most of what is left over."""
        super().resizeEvent(event)
        wide = self.viewport().width()
        narrow = wide < fonts.scaled(NARROW)
        self.setColumnHidden(DeskColumn.SOURCE, narrow)
        shown = [column for column in WIDTHS if not (narrow and column is DeskColumn.SOURCE)]
        least = {column: fonts.scaled(WIDTHS[column][0]) for column in shown}
        over = max(0, wide - sum(least.values()))
        shares = sum(WIDTHS[column][1] for column in shown)
        for column in shown:
            self.setColumnWidth(column, least[column] + over * WIDTHS[column][1] // shares)
        used = sum(self.columnWidth(column) for column in shown if column is not DeskColumn.COMPANY)
        self.setColumnWidth(DeskColumn.COMPANY, max(least[DeskColumn.COMPANY], wide - used))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the frame of the one under the cursor."""
        super().paintEvent(event)
        place = self.currentIndex().row()
        if not self.hasFocus() or place < 0:
            return
        row = self.visualRect(self._model.index(place, DeskColumn.INQUIRY))
        box = QRectF(2, row.top() + 1, self.viewport().width() - 4, row.height() - 3)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("focus"), 2))
        painter.drawRoundedRect(sharp(painter, box)[0], 6, 6)
