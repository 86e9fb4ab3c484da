"""The table of who waits: Space chooses, Shift with the arrows chooses several, Enter opens."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.services.nurture import NurtureRow
from app.ui import fonts, icons
from app.ui.nurture import nurture_words
from app.ui.nurture.nurture_model import NurtureColumn, NurtureModel
from app.ui.painting import LEFT, RIGHT, chip_height, chip_width, elided, paint_box, paint_chip, sharp
from app.ui.theme import colour, mixed, size

HEIGHT = 51
GROUP = 28  # more above the first row of a group
HEAD = 32
PAD = 12
BOX = 15
# Least width in pixels at 100 %, and the share of what is left over.
WIDTHS = {
    NurtureColumn.CHOSEN: (38, 0), NurtureColumn.PERSON: (108, 45), NurtureColumn.WHY: (92, 50),
    NurtureColumn.CONSENT: (106, 22), NurtureColumn.SCORE: (58, 0), NurtureColumn.WAKES: (90, 0),
}  # fmt: skip
NARROW = 520  # pixels at 100 %: below, the score is left to the tip
RIGHT_ALIGNED = frozenset({NurtureColumn.SCORE, NurtureColumn.WAKES})
MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip


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


class _Header(QHeaderView):
    """The names of the columns; a style sheet gives no font of its own to a header."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, colour("panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line"))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        pad = fonts.scaled(PAD)
        painter.setFont(fonts.font(size("tiny"), 500))
        painter.setPen(colour("ink_2"))
        side = RIGHT if section in RIGHT_ALIGNED else LEFT
        room = rect.adjusted(0 if side is RIGHT else pad, 0, -pad if side is RIGHT else 0, 0)
        painter.drawText(room, side, elided(text, size("tiny"), 500, room.width()))


class _Delegate(QStyledItemDelegate):
    """Name over company, the reason on two lines, consent and day as chips; a chosen row has a tick and a ground."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, fonts.scaled(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, NurtureModel):
            return
        place, row = index.row(), model.at(index.row())
        cell: QRect = option.rect
        if place in model.heads():
            cell = cell.adjusted(0, fonts.scaled(GROUP), 0, 0)
        state: QStyle.StateFlag = option.state
        painter.save()
        if model.is_chosen(place):
            painter.fillRect(cell, colour("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, mixed("line_soft", "panel", 0.55))
        painter.fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), colour("line_soft"))
        pad = fonts.scaled(PAD)
        inside = QRectF(cell.left() + pad, cell.top(), cell.width() - pad - 4, cell.height() - 1)
        column = NurtureColumn(index.column())
        if column is NurtureColumn.CHOSEN:
            self._box(painter, cell, model.is_chosen(place))
        elif column is NurtureColumn.PERSON:
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
        shown = elided(text, size("tiny"), 500, wide - 2 * fonts.scaled(6), tabular=True)
        paint_chip(painter, QRectF(room.left(), room.top() + (room.height() - high) // 2, wide, high), shown, tone)


class NurtureTable(QTableView):
    """Arrows move, Space chooses, Shift with the arrows or a press chooses all between, Enter opens; Tab leaves.

    Signals:
        opened: the id of the inquiry under the cursor. moved: the same, whenever the cursor comes to another one.
    """

    opened = Signal(str)
    moved = Signal(str)

    def __init__(self, model: NurtureModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kept, self._place, self._bar = "", 0, 0  # the inquiry under the cursor, across a new reading
        self._anchor: tuple[int, list[str]] | None = None  # where a stretch began, and who was chosen before
        self._tall: set[int] = set()
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Who waits"))
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
        self.setMinimumWidth(fonts.scaled(sum(w for c, (w, _) in WIDTHS.items() if c is not NurtureColumn.SCORE)))
        self.doubleClicked.connect(self._on_double_clicked)
        model.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._set_heights)

    def current(self) -> str:
        """The inquiry under the cursor; empty when there is none."""
        place = self.currentIndex().row()
        return self._model.at(place).id if 0 <= place < self._model.rowCount() else ""

    def go_to(self, place: int) -> None:
        """Puts the cursor on a row."""
        if self._model.rowCount():
            place = min(max(place, 0), self._model.rowCount() - 1)
            before = self.current()
            self.setCurrentIndex(self._model.index(place, NurtureColumn.PERSON))
            if not place:
                self.scrollToTop()
            if self.current() != before:
                self.moved.emit(self.current())

    # the cursor stays with its inquiry

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
                self.setRowHeight(place, fonts.scaled(HEIGHT + GROUP if place in tall else HEIGHT))
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
        elif index.column() == NurtureColumn.CHOSEN or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._anchor = None
            self._model.toggle(index.row())
        else:
            self._anchor = None

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() != NurtureColumn.CHOSEN:
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
        """Shares the width: the reason gets most of what is left over."""
        super().resizeEvent(event)
        wide = self.viewport().width()
        narrow = wide < fonts.scaled(NARROW)
        self.setColumnHidden(NurtureColumn.SCORE, narrow)
        shown = [column for column in WIDTHS if not (narrow and column is NurtureColumn.SCORE)]
        least = {column: fonts.scaled(WIDTHS[column][0]) for column in shown}
        over = max(0, wide - sum(least.values()))
        shares = sum(WIDTHS[column][1] for column in shown)
        for column in shown:
            self.setColumnWidth(column, least[column] + over * WIDTHS[column][1] // shares)
        used = sum(self.columnWidth(column) for column in shown if column is not NurtureColumn.WHY)
        self.setColumnWidth(NurtureColumn.WHY, max(least[NurtureColumn.WHY], wide - used))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, the headings of the groups, and the frame of the row under the cursor."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for place, words in self._model.heads().items():
            box = self.visualRect(self._model.index(place, NurtureColumn.PERSON))
            above = QRectF(fonts.scaled(PAD), box.top(), self.viewport().width(), fonts.scaled(GROUP))
            if above.intersects(QRectF(event.rect())):
                painter.setFont(fonts.font(size("tiny"), 500))
                painter.setPen(colour("ink_2"))
                painter.drawText(above.adjusted(0, 3, 0, 0), LEFT, words)
                line = QRectF(0, above.bottom() - 1, self.viewport().width(), 1)
                painter.fillRect(line, colour("line_soft"))
        place = self.currentIndex().row()
        if not self.hasFocus() or place < 0:
            return
        row = self.visualRect(self._model.index(place, NurtureColumn.PERSON))
        if place in self._model.heads():
            row = row.adjusted(0, fonts.scaled(GROUP), 0, 0)
        frame = QRectF(2, row.top() + 1, self.viewport().width() - 4, row.height() - 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(sharp(painter, frame)[0], 6, 6)
