"""The list at the left: the arrows open leads, and a list that goes on is read when its end is seen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.models.rows import SalesRow
from app.ui import fonts
from app.ui.sales.lead_delegate import HEIGHT, LeadDelegate, height_of
from app.ui.sales.lead_model import LeadModel, More
from app.ui.theme import size
from app.ui.widgets.quiet_table import QuietTable


class LeadList(QuietTable):
    """One column of leads.

    Signals:
        opened: the id of the lead that the cursor came to.
        more_wanted: the Group whose end is seen.
    """

    opened = Signal(str)
    more_wanted = Signal(object)

    def __init__(self, model: LeadModel, parent: QWidget | None = None) -> None:
        super().__init__(model, HEIGHT, parent)
        self._leads = model
        self._others: list[int] = []  # lines that are no leads, and have heights of their own
        self._quiet = False  # the cursor is moved by the page, not by a person
        self.delegate = LeadDelegate("", self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName(self.tr("Leads"))
        self.setFont(fonts.font(size("body")))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setMinimumSize(fonts.scaled(160), fonts.scaled(HEIGHT))
        self._looking = QTimer(self, singleShot=True, interval=0)
        self._looking.timeout.connect(self._look)
        model.modelReset.connect(self._on_reset)
        self.verticalScrollBar().valueChanged.connect(self._looking.start)
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_row(self, id_: str) -> None:
        """Puts the cursor on a lead and brings it into view, without opening it."""
        place = self._leads.row_of(id_)
        if place >= 0:
            self._quiet = True
            index = self._leads.index(place, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self._quiet = False

    def show_opened(self) -> None:
        """The cursor stands on the lead that the page shows, after the lines were read anew; nothing scrolls."""
        place = self._leads.row_of(self._leads.opened())
        if place >= 0:
            self._quiet = True
            self.selectionModel().setCurrentIndex(
                self._leads.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self._quiet = False

    @Slot()
    def _on_reset(self) -> None:
        others = self._leads.others()
        for place in self._others:  # the header remembers heights by place
            if place not in others and place < self._leads.rowCount():
                self.setRowHeight(place, fonts.scaled(HEIGHT))
        for place in others:
            self.setRowHeight(place, height_of(self._leads.at(place)))
        self._others = others
        self._looking.start()

    @Slot()
    def _look(self) -> None:
        """Whether the end of a list is on the screen."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for place in range(max(first, 0), (last if last >= 0 else self._leads.rowCount() - 1) + 1):
            item = self._leads.at(place)
            if isinstance(item, More):
                self.more_wanted.emit(item.group)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if self._quiet or not index.isValid():
            return
        item = self._leads.at(index.row())
        if isinstance(item, SalesRow):
            self.opened.emit(item.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and digits are keys of the page, not a search; Home and End go to the first and last lead."""
        ids = self._leads.ids()
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and ids:
            place = self._leads.row_of(ids[0 if event.key() == Qt.Key.Key_Home else -1])
            self.setCurrentIndex(self._leads.index(place, 0))
            return
        if event.text() and event.text().isprintable():
            event.ignore()
            return
        super().keyPressEvent(event)
