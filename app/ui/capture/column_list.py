"""The columns of a list under each other; each can be taken for another field."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import fonts
from app.ui.capture.column_model import ColumnModel, ColumnRole
from app.ui.capture.field_menu import FieldMenu
from app.ui.painting import LEFT, chip_height, chip_width, elided, even, paint_box, paint_chip
from app.ui.theme import colour, mixed, size

HEIGHT = 54
PAD = 18
MOST_CHIP = 0.55  # of the row's width: the name keeps the rest


class _Delegate(QStyledItemDelegate):
    """Name and sample, and the field as a chip that is pressed."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, fonts.scaled(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(row, colour("accent_soft"))
            painter.fillRect(QRect(row.left(), row.top(), 3, row.height()), colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, mixed("line_soft", "panel", 0.6))
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), colour("line_soft"))
        pad = PAD
        text, tone = index.data(ColumnRole.FIELD), index.data(ColumnRole.TONE)
        row.setWidth(option.widget.width())  # the bar stands in the padding
        chip = QRectF(chip_place(row, text))
        if state & QStyle.StateFlag.State_HasFocus and tone == "due":  # the chip has the ground of the row
            paint_box(painter, chip.adjusted(-1, -1, 1, 1), colour("panel"), colour("accent"), size("radius_chip"))
            painter.setPen(colour("accent"))
            painter.setFont(fonts.font(size("tiny"), 500, tabular=even(text)))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        else:
            paint_chip(painter, chip, _fitting(text, chip.width()), tone)
        secondary = size("secondary")
        room = chip.left() - 8 - row.left() - pad
        line = fonts.height(secondary)
        top = row.top() + (row.height() - 2 * line - 2) // 2
        painter.setFont(fonts.font(secondary))
        painter.setPen(colour("ink"))
        painter.drawText(QRectF(row.left() + pad, top, room, line), LEFT, elided(index.data(), secondary, 400, room))
        room = row.width() - 2 * pad
        sample = " ".join(str(index.data(ColumnRole.SAMPLE)).split())
        painter.setFont(fonts.font(size("tiny")))
        painter.setPen(colour("ink_2"))
        painter.drawText(QRectF(row.left() + pad, top + line + 2, room, line), LEFT,
                         elided(sample, size("tiny"), 400, room))  # fmt: skip
        painter.restore()


def _fitting(text: str, width: float) -> str:
    return elided(text, size("tiny"), 500, width - fonts.scaled(10), tabular=even(text))


def chip_place(row: QRect, text: str) -> QRect:
    """Where the chip of a row is."""
    width = min(round(chip_width(text)), int(row.width() * MOST_CHIP))
    return QRect(row.right() + 1 - PAD - width, row.top() + fonts.scaled(6), width, chip_height())


class ColumnList(QListView):
    """Arrows move; Enter, a letter or a press on the row asks for the field, Delete takes it away.

    Signals:
        changed: a column was taken for another field.
    """

    changed = Signal()

    def __init__(self, model: ColumnModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = model
        self._menu: FieldMenu | None = None
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Columns"))
        self.setAccessibleDescription(self.tr("Enter chooses what a column is taken for"))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumHeight(2 * fonts.scaled(HEIGHT))
        model.modelReset.connect(self._on_reset)

    def menu(self) -> FieldMenu | None:
        """The open menu of fields."""
        return self._menu

    def ask(self, index: QModelIndex, typed: str = "") -> None:
        """Opens the menu for a column; letters that were typed find in it."""
        if not index.isValid():
            return
        row = index.row()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._menu = menu = FieldMenu(
            self._columns.name_at(row), self._columns.field_at(row), self._columns.taken(), self
        )
        menu.chosen.connect(lambda field: self._take(row, field))
        menu.aboutToHide.connect(self._on_menu_gone)
        row_place = self.visualRect(index)
        row_place.setWidth(self.width())
        place = chip_place(row_place, index.data(ColumnRole.FIELD))
        menu.popup(self.viewport().mapToGlobal(place.bottomLeft() + QPoint(0, 4)))
        if typed:
            menu.find_typed(typed)

    def _take(self, row: int, field: str) -> None:
        if self._columns.take_for(row, field):
            self.changed.emit()

    @Slot()
    def _on_menu_gone(self) -> None:
        self._menu = None

    @Slot()
    def _on_reset(self) -> None:
        self.setCurrentIndex(self._columns.index(0, 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press anywhere on a row asks: the chip is small, and nothing else on it can be done."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.ask(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and letters open the menu."""
        text = event.text()
        current = self.currentIndex()
        command = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if command:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.ask(current)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and current.isValid():
            self._take(current.row(), "")
        elif text and text.isprintable():
            self.ask(current, text)
        else:
            super().keyPressEvent(event)
