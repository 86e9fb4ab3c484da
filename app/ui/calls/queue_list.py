"""The queue's list: a table of one column, which stays quick with a million rows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui import fonts
from app.ui.calls.queue_delegate import HEIGHT, QueueDelegate, chip_place, row_height
from app.ui.calls.queue_model import QueueModel
from app.ui.widgets.quiet_table import QuietTable


class QueueList(QuietTable):
    """Rows of the queue; arrows move, Enter or a press opens.

    Signals:
        opened: the id of the inquiry that was chosen.
    """

    opened = Signal(str)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(model, HEIGHT, parent)
        self._model = model
        self.setItemDelegate(QueueDelegate(self))
        self.setAccessibleName(self.tr("Queue"))
        self.setMinimumSize(fonts.scaled(120), row_height(False))
        self.clicked.connect(self._on_chosen)
        model.modelReset.connect(self._on_heights_changed)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.chips_changed.connect(self._on_chips_changed)
        self._tall: list[int] = []

    def show_row(self, id_: str) -> None:
        """Brings a row into view and puts the list's cursor on it."""
        place = self._model.row_of(id_)
        if place >= 0:
            index = self._model.index(place, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._model.at(index.row()).id)

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._tall = [place + (last - first + 1) * (place >= first) for place in self._tall]
        self._on_heights_changed()

    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._tall = [place - (last - first + 1) * (place > last) for place in self._tall if not first <= place <= last]
        self._on_heights_changed()

    def _on_heights_changed(self) -> None:
        tall = self._model.tall()
        if tall == self._tall and not tall:
            return
        for place in {*self._tall, *tall}:
            high = row_height(place in tall)
            if place < self._model.rowCount() and self.rowHeight(place) != high:
                self.setRowHeight(place, high)
        self._tall = tall

    def _on_chips_changed(self, places: list[int]) -> None:
        view = self.viewport()
        for place in places:
            box = self.visualRect(self._model.index(place, 0))
            if box.intersects(view.rect()):
                view.update(chip_place(box))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row of the cursor; letters are keys of the page, not a search."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self._on_chosen(self.currentIndex())
            return
        if event.text() and event.text().isprintable() and event.key() != Qt.Key.Key_Space:
            event.ignore()
            return
        super().keyPressEvent(event)
