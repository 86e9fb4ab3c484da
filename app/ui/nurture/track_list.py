"""The lists at the left: who wakes soon, each track, whom sales returned, and who has no track yet."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.services.nurture.pages import Kind, List, ListCount
from app.ui import fonts
from app.ui.nurture import nurture_words
from app.ui.painting import LEFT, chip_height, chip_width, elided, paint_chip
from app.ui.theme import colour, size
from app.ui.widgets.line_list import LineDelegate, LineList, LineModel

HEIGHT = 42


class _Model(LineModel[ListCount]):
    """One list a row."""

    shown = List(Kind.SOON)
    usual_days = 0

    def key(self, row: ListCount) -> List:
        return row.list

    def spoken(self, row: ListCount) -> str:
        shown = self.tr("shown") if row.list == self.shown else ""
        parts = (nurture_words.title(row), nurture_words.number(row.count), shown)
        return ", ".join(part for part in parts if part)

    def tip(self, row: ListCount) -> str:
        return nurture_words.meaning(row, self.usual_days)


class _Delegate(LineDelegate):
    """Name and count."""

    def is_marked(self, model: _Model, place: int) -> bool:
        return model.rows[place].list == model.shown

    def paint_line(self, painter: QPainter, model: _Model, place: int, box: QRect) -> None:
        each, right = model.rows[place], box.right() + 1
        count = nurture_words.number(each.count)
        wide, high = chip_width(count), chip_height()
        at = QRectF(right - wide, box.top() + (box.height() - 1 - high) // 2, wide, high)
        paint_chip(painter, at, count, nurture_words.tone(each))
        room = box.width() - wide - fonts.scaled(10)
        weight = 600 if self.is_marked(model, place) else 500
        retired = each.track is not None and each.track.retired
        painter.setFont(fonts.font(size("body"), weight))
        painter.setPen(colour("ink_2" if retired or not each.count else "ink"))
        painter.drawText(QRectF(box.left(), box.top(), room, box.height() - 1), LEFT,
                         elided(nurture_words.title(each), size("body"), weight, room))  # fmt: skip


class TrackList(LineList):
    """Arrows move and show at once; Enter goes on to the people.

    Signals:
        chosen: the List that was come to. left: Enter or Right, to the people of it.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._tracks = _Model()
        super().__init__(self._tracks, HEIGHT, parent)
        self.setItemDelegate(_Delegate(160, HEIGHT, self))
        self.setAccessibleName(self.tr("Tracks"))
        self.setMinimumSize(fonts.scaled(150), fonts.scaled(3 * HEIGHT))

    def set_lists(self, lists: tuple[ListCount, ...], usual_days: int) -> None:
        """Other lists, or newer counts of the same."""
        self._tracks.usual_days = usual_days
        self._tracks.set_rows(lists)
        self._put_cursor()

    def lists(self) -> tuple[ListCount, ...]:
        """The lists that are offered."""
        return self._tracks.rows

    def shown(self) -> ListCount | None:
        """The list that is shown, with its count."""
        return next((each for each in self._tracks.rows if each.list == self._tracks.shown), None)

    def set_shown(self, which: List) -> None:
        """Marks the list that is shown."""
        self._tracks.shown = which
        self.viewport().update()
        self._put_cursor()

    def _put_cursor(self) -> None:
        for place, each in enumerate(self._tracks.rows):
            if each.list == self._tracks.shown and self.currentIndex().row() != place:
                self.setCurrentIndex(self._tracks.index(place, 0))

    def press(self, place: int) -> None:
        """Shows a list."""
        self.chosen.emit(self._tracks.rows[place].list)

    def come_to(self, place: int) -> None:
        """The same."""
        self.press(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose; Enter and Right go on to the people."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right}:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is on the list that is shown."""
        self._put_cursor()
        super().focusInEvent(event)
