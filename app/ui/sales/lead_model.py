"""The lists of sales as Qt's model: headings, leads, and where a list goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.rows import SalesRow
from app.services.sales.leads import Group
from app.ui.sales import showing

Index = QModelIndex | QPersistentModelIndex


class Heading(NamedTuple):
    """The line above a list."""

    text: str


class More(NamedTuple):
    """A list goes on here; it is read when this is seen."""

    group: Group


Item = Heading | SalesRow | More


class LeadModel(QAbstractTableModel):
    """New, prospect and closed, one below the other; or what was found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._places: dict[str, int] = {}
        self._opened = ""
        self._now = self._read_at = 0

    # what it holds

    def set_groups(self, groups: Mapping[Group, tuple[Sequence[SalesRow], bool]], now: int) -> None:
        """Rows of every list, and whether it goes on; empty lists have no heading."""
        items: list[Item] = []
        for group, (rows, more) in groups.items():
            items += [Heading(showing.group_title(group)), *rows] if rows else []
            items += [More(group)] if more else []
        self._take(items, now)

    def set_found(self, rows: Sequence[SalesRow], now: int) -> None:
        """Rows without headings."""
        self._take(list(rows), now)

    def _take(self, items: list[Item], now: int) -> None:
        self._now = self._read_at = now
        if items == self._items:
            if items:
                self.dataChanged.emit(self.index(0, 0), self.index(len(items) - 1, 0))
            return
        self.beginResetModel()
        self._items = items
        self._places = {item.id: place for place, item in enumerate(items) if isinstance(item, SalesRow)}
        self.endResetModel()

    def tick(self, now: int) -> None:
        """Another minute: waits are longer."""
        self._now = now
        if self._items:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._items) - 1, 0))

    def set_opened(self, id_: str) -> None:
        """Marks the row whose lead the page shows."""
        for each in {self._opened, id_}:
            if each in self._places:
                index = self.index(self._places[each], 0)
                self._opened = id_
                self.dataChanged.emit(index, index)
        self._opened = id_

    def opened(self) -> str:
        """The lead that the page shows."""
        return self._opened

    def row_of(self, id_: str) -> int:
        """Where a lead is, -1 when it is not here."""
        return self._places.get(id_, -1)

    def at(self, place: int) -> Item:
        """What stands at a place.

        Raises:
            IndexError: nothing does.
        """
        return self._items[place]

    def others(self) -> list[int]:
        """Where the lines stand that are no leads."""
        return [place for place, item in enumerate(self._items) if not isinstance(item, SalesRow)]

    def ids(self) -> list[str]:
        """The leads that are here, in order."""
        return list(self._places)

    def neighbour(self, id_: str) -> str:
        """Whom to show when this one leaves its list: the next in it, else the one before, else the first of all."""
        place = self._places.get(id_, -1)
        for other in (place + 1, place - 1):
            if place >= 0 and 0 <= other < len(self._items):
                item = self._items[other]
                if isinstance(item, SalesRow):
                    return item.id
        return next((each for each in self._places if each != id_), "")

    def chip(self, row: SalesRow) -> tuple[str, str]:
        """Text and tone of a row's chip."""
        return showing.chip(row, self._now, self._read_at)

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Headings included."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One."""
        return 0 if parent.isValid() else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The keyboard stops at leads alone."""
        if 0 <= index.row() < len(self._items) and isinstance(self._items[index.row()], SalesRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words for a screen reader."""
        place = index.row()
        if not 0 <= place < len(self._items) or role not in {
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole,
        }:  # fmt: skip
            return None
        item = self._items[place]
        if isinstance(item, SalesRow):
            return showing.spoken(item, self.chip(item)[0])
        return item.text if isinstance(item, Heading) else "…"
