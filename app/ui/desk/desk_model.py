"""A list of the desk as Qt's model: pages appended as the view reaches its end, and who is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.services.desk import DeskRow
from app.ui.desk import desk_words

Index = QModelIndex | QPersistentModelIndex


class DeskColumn(IntEnum):
    """The columns, from the left."""

    CHOSEN = 0
    INQUIRY = 1
    COMPANY = 2
    SOURCE = 3
    WITH = 4
    ATTEMPTS = 5
    WAITING = 6


class DeskModel(QAbstractTableModel):
    """Rows in the order of their list. Who is chosen stays so when rows are read anew.

    Signals:
        more_wanted: the view has come near the end; answer with `append_rows`.
        chosen_changed: how many are chosen now.
    """

    more_wanted = Signal()
    chosen_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DeskRow] = []
        self._places: dict[str, int] = {}
        self._chosen: dict[str, None] = {}  # in the order of choosing
        self._more = False
        self._asked = False
        self._now = 0
        self._last_head = self.tr("Waiting")

    # what it holds

    def set_rows(self, rows: Sequence[DeskRow], now: int, *, more: bool = False) -> None:
        """The first page, or all that was shown, read anew."""
        self._more, self._asked, self._now = more, False, now
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(DeskColumn) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._place()
        self.endResetModel()

    def append_rows(self, rows: Sequence[DeskRow], *, more: bool = False) -> None:
        """The next page; rows that are there already are left out."""
        fresh = [row for row in rows if row.id not in self._places]
        self._more, self._asked = more, False
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows.extend(fresh)
        self._place()
        self.endInsertRows()

    def _place(self) -> None:
        self._places = {row.id: place for place, row in enumerate(self._rows)}

    def at(self, place: int) -> DeskRow:
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

    def set_last_head(self, words: str) -> None:
        """What the last column counts: the wait for a call, or for something else."""
        if words != self._last_head:
            self._last_head = words
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, DeskColumn.WAITING, DeskColumn.WAITING)

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
        before = self._chosen
        self._chosen = dict.fromkeys(ids)
        changed = [self._places[id_] for id_ in before.keys() ^ self._chosen.keys() if id_ in self._places]
        if changed:
            first, last = self.index(min(changed), 0), self.index(max(changed), len(DeskColumn) - 1)
            self.dataChanged.emit(first, last)
        if before.keys() != self._chosen.keys():
            self.chosen_changed.emit(len(self._chosen))

    def toggle(self, place: int) -> None:
        """Chooses a row, or no more."""
        id_ = self._rows[place].id
        self.choose([each for each in self._chosen if each != id_] if id_ in self._chosen else [*self._chosen, id_])

    def between(self, one: int, other: int) -> list[str]:
        """The inquiries from one row to another, both included."""
        low, high = min(one, other), max(one, other)
        return [row.id for row in self._rows[max(0, low) : high + 1]]

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows that are here."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Seven."""
        return 0 if parent.isValid() else len(DeskColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and section == DeskColumn.CHOSEN:
            return self.tr("Chosen")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", self.tr("Inquiry"), self.tr("Company"), self.tr("Source"), self.tr("With"), self.tr("Attempts"),
                self._last_head)[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; of the first ones the whole row for a screen reader, and whether it is chosen."""
        place = index.row()
        if not 0 <= place < len(self._rows):
            return None
        row, column = self._rows[place], DeskColumn(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and column is DeskColumn.CHOSEN:
            return Qt.CheckState.Checked if row.id in self._chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column in {DeskColumn.CHOSEN, DeskColumn.INQUIRY}:
            return desk_words.spoken(row, self._now, chosen=row.id in self._chosen)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        return self._words(row, column)

    def _words(self, row: DeskRow, column: DeskColumn) -> str:
        return {
            DeskColumn.CHOSEN: "", DeskColumn.INQUIRY: row.row.name, DeskColumn.COMPANY: row.row.company,
            DeskColumn.SOURCE: row.row.source, DeskColumn.WITH: desk_words.holder(row),
            DeskColumn.ATTEMPTS: f"{row.row.attempts}/{row.row.attempts_allowed}",
            DeskColumn.WAITING: desk_words.wait(row, self._now)[0],
        }[column]  # fmt: skip

    def _tip(self, row: DeskRow, column: DeskColumn) -> str | None:
        if column is DeskColumn.WAITING:
            return row.row.why or None
        if column is DeskColumn.INQUIRY:  # a narrow table has no column for the source
            return ", ".join(part for part in (row.row.name, row.row.company, row.row.source) if part)
        words = self._words(row, column)
        return words if len(words) > 12 else None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether another page is to come."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, _parent: Index) -> None:
        """Asks for it, once."""
        self._asked = True
        self.more_wanted.emit()
