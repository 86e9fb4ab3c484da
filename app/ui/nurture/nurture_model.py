"""A list of who waits as Qt's model: pages appended as the view reaches its end, groups by day, and who is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.services.nurture import NurtureRow
from app.ui.nurture import nurture_words

Index = QModelIndex | QPersistentModelIndex


class NurtureColumn(IntEnum):
    """The columns, from the left."""

    CHOSEN = 0
    PERSON = 1
    WHY = 2
    CONSENT = 3
    SCORE = 4
    WAKES = 5


class NurtureModel(QAbstractTableModel):
    """Rows in the order of waking. Who is chosen stays so when rows are read anew.

    Signals:
        more_wanted: the view has come near the end; answer with `append_rows`.
        chosen_changed: how many are chosen now.
    """

    more_wanted = Signal()
    chosen_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[NurtureRow] = []
        self._places: dict[str, int] = {}
        self._chosen: dict[str, None] = {}  # in the order of choosing
        self._heads: dict[int, str] = {}  # the rows above which a group begins
        self._more = self._asked = False
        self._now = 0

    # what it holds

    def set_rows(self, rows: Sequence[NurtureRow], now: int, *, more: bool = False) -> None:
        """The first page, or all that was shown, read anew."""
        self._more, self._asked = more, False
        same = [row.id for row in rows] == [row.id for row in self._rows]
        days = [nurture_words.group(row.until, now) for row in rows]
        same = same and days == [nurture_words.group(row.until, self._now) for row in self._rows]
        self._now = now
        if same:
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(NurtureColumn) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._place()
        self.endResetModel()

    def append_rows(self, rows: Sequence[NurtureRow], *, more: bool = False) -> None:
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

    def _place(self, first: int = 0) -> None:
        if not first:
            self._places.clear()
            self._heads.clear()
        names = nurture_words.groups()
        for place in range(first, len(self._rows)):
            self._places[self._rows[place].id] = place
            group = nurture_words.group(self._rows[place].until, self._now)
            if not place or group != nurture_words.group(self._rows[place - 1].until, self._now):
                self._heads[place] = names[group]

    def at(self, place: int) -> NurtureRow:
        """The row at a place.

        Raises:
            IndexError: there is none.
        """
        return self._rows[place]

    def row_of(self, id_: str) -> int:
        """Where a row is, -1 when it is not here."""
        return self._places.get(id_, -1)

    def heads(self) -> dict[int, str]:
        """The heading above each row with which a group begins."""
        return self._heads

    def now(self) -> int:
        """When its rows were read."""
        return self._now

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
            first, last = self.index(min(changed), 0), self.index(max(changed), len(NurtureColumn) - 1)
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
        """Six."""
        return 0 if parent.isValid() else len(NurtureColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and section == NurtureColumn.CHOSEN:
            return self.tr("Chosen")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", self.tr("Person"), self.tr("Why they wait"), self.tr("Consent"), self.tr("Score"),
                self.tr("Wakes"))[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; of the first ones the whole row for a screen reader, and whether it is chosen."""
        place = index.row()
        if not 0 <= place < len(self._rows):
            return None
        row, column = self._rows[place], NurtureColumn(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and column is NurtureColumn.CHOSEN:
            return Qt.CheckState.Checked if row.id in self._chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column in {NurtureColumn.CHOSEN, NurtureColumn.PERSON}:
            return nurture_words.spoken(row, self._now, chosen=row.id in self._chosen)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        return {
            NurtureColumn.CHOSEN: "", NurtureColumn.PERSON: row.name, NurtureColumn.WHY: row.why,
            NurtureColumn.CONSENT: nurture_words.consent(row)[0],
            NurtureColumn.SCORE: "" if row.score is None else str(row.score),
            NurtureColumn.WAKES: nurture_words.wakes(row.until, self._now)[0],
        }[column]  # fmt: skip

    def _tip(self, row: NurtureRow, column: NurtureColumn) -> str | None:
        if column is NurtureColumn.WAKES:
            parts = [nurture_words.day(row.until, self._now), row.track_name]
        elif column is NurtureColumn.WHY:
            parts = [row.why]
        elif column is NurtureColumn.PERSON:  # a narrow table has no column for the score
            parts = [row.name, row.company, "" if row.score is None else self.tr("score %d") % row.score]
        else:
            return None
        return ", ".join(part for part in parts if part) or None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether another page is to come."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, _parent: Index) -> None:
        """Asks for it, once."""
        self._asked = True
        self.more_wanted.emit()
