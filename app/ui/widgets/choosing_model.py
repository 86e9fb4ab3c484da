"""A list as Qt's model: pages appended as the view reaches its end, and who of it is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

Index = QModelIndex | QPersistentModelIndex


class Row(Protocol):
    """What a list is made of."""

    @property
    def id(self) -> str:
        """The same for the same one, whenever it is read."""


R = TypeVar("R", bound=Row)


class ChoosingModel(QAbstractTableModel, Generic[R]):
    """Rows in the order of their list; who is chosen stays so when rows are read anew. The first column has the ticks.

    A list of its own says which columns there are, their names, and the words of each cell.

    Signals:
        more_wanted: the view has come near the end; answer with `append_rows`.
        chosen_changed: how many are chosen now.
    """

    more_wanted = Signal()
    chosen_changed = Signal(int)

    Column: ClassVar[type[IntEnum]]  # from the left, beginning with the ticks

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[R] = []
        self._places: dict[str, int] = {}
        self._chosen: dict[str, None] = {}  # in the order of choosing
        self._more = self._asked = False
        self._now = 0

    # what a list says of itself

    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        raise NotImplementedError

    def words(self, row: R, column: IntEnum) -> str:
        """What a cell says."""
        raise NotImplementedError

    def spoken(self, row: R, *, chosen: bool) -> str:
        """A whole row for a screen reader."""
        raise NotImplementedError

    def tip(self, row: R, column: IntEnum) -> str | None:
        """What a narrow cell leaves out."""
        return None

    def heads(self) -> dict[int, str]:
        """The heading above each row with which a group begins."""
        return {}

    def looks_the_same(self, rows: Sequence[R], now: int) -> bool:
        """Whether these rows stand where the present ones do, so that only their cells are painted anew."""
        return [row.id for row in rows] == [row.id for row in self._rows]

    def _place(self, first: int = 0) -> None:
        if not first:
            self._places.clear()
        for place in range(first, len(self._rows)):
            self._places[self._rows[place].id] = place

    # what it holds

    def set_rows(self, rows: Sequence[R], now: int, *, more: bool = False) -> None:
        """The first page, or all that was shown, read anew."""
        same = self.looks_the_same(rows, now)
        self._more, self._asked, self._now = more, False, now
        if same:
            self._rows = list(rows)
            self._repaint(range(len(rows)))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._place()
        self.endResetModel()

    def append_rows(self, rows: Sequence[R], *, more: bool = False) -> None:
        """The next page; rows that are there already are left out."""
        fresh = [row for row in rows if row.id not in self._places]
        self._more, self._asked = more, False
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows.extend(fresh)
        self._place(first)
        self.endInsertRows()

    def at(self, place: int) -> R:
        """The row at a place.

        Raises:
            IndexError: there is none.
        """
        return self._rows[place]

    def row_of(self, id_: str) -> int:
        """Where a row is, -1 when it is not here."""
        return self._places.get(id_, -1)

    def now(self) -> int:
        """When its rows were read."""
        return self._now

    def _repaint(self, places: Iterable[int]) -> None:
        changed = list(places)
        if changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), self.columnCount() - 1))

    # who is chosen

    def chosen(self) -> list[str]:
        """Who is chosen: in the order of the list, then those that have not been read."""
        here = sorted((id_ for id_ in self._chosen if id_ in self._places), key=self._places.__getitem__)
        return here + [id_ for id_ in self._chosen if id_ not in self._places]

    def is_chosen(self, place: int) -> bool:
        """Whether a row is."""
        return self._rows[place].id in self._chosen

    def choose(self, ids: Iterable[str]) -> None:
        """These and nobody else."""
        before, self._chosen = self._chosen, dict.fromkeys(ids)
        other = before.keys() ^ self._chosen.keys()
        self._repaint(self._places[id_] for id_ in other if id_ in self._places)
        if other:
            self.chosen_changed.emit(len(self._chosen))

    def toggle(self, place: int) -> None:
        """Chooses a row, or no more."""
        id_ = self._rows[place].id
        self.choose([each for each in self._chosen if each != id_] if id_ in self._chosen else [*self._chosen, id_])

    def between(self, one: int, other: int) -> list[str]:
        """The ids from one row to another, both included."""
        low, high = min(one, other), max(one, other)
        return [row.id for row in self._rows[max(0, low) : high + 1]]

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows that are here."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as the list has."""
        return 0 if parent.isValid() else len(self.Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and not section:
            return self.tr("Chosen")
        return self.names()[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; of the first two the whole row for a screen reader, and whether it is chosen."""
        place = index.row()
        if not 0 <= place < len(self._rows):
            return None
        row, column = self._rows[place], self.Column(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and not column:
            return Qt.CheckState.Checked if row.id in self._chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column <= 1:
            return self.spoken(row, chosen=row.id in self._chosen)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, column)
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        return self.words(row, column)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether another page is to come."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, _parent: Index) -> None:
        """Asks for it, once."""
        self._asked = True
        self.more_wanted.emit()
