"""The queue as Qt's model: pages appended as the view reaches its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import IntEnum
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.models.limits import SOON_SHARE, LimitState
from app.models.rows import Group, QueueRow
from app.ui import times

Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What the delegate asks for beside Qt's own roles."""

    ROW = Qt.ItemDataRole.UserRole + 1
    CHIP = Qt.ItemDataRole.UserRole + 2  # (text, tone)
    OPENED = Qt.ItemDataRole.UserRole + 3


class QueueModel(QAbstractTableModel):
    """Rows in the queue's own order.

    Signals:
        more_wanted: the view has come near the end; answer with `append_rows`.
        chips_changed: rows (list of int) whose chip reads another text since the last `tick`.
    """

    more_wanted = Signal()
    chips_changed = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QueueRow] = []
        self._read_at: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._chips: dict[str, tuple[str, str]] = {}
        self._more = False
        self._asked = False
        self._in_order = True
        self._opened = ""
        self._now = 0

    # what it holds

    def set_rows(self, rows: Sequence[QueueRow], now: int, *, more: bool = False, in_order: bool = True) -> None:
        """The first page; `more` says that others follow, `in_order` that it is the queue and not what was found."""
        self.beginResetModel()
        self._rows = list(rows)
        self._now = now
        self._read_at = {row.id: now for row in rows}
        self._more, self._asked, self._in_order = more, False, in_order
        self._chips.clear()
        self._place()
        self.endResetModel()

    def append_rows(self, rows: Sequence[QueueRow], now: int, *, more: bool = False) -> None:
        """The next page; rows that are there already are left out."""
        fresh = [row for row in rows if row.id not in self._places]
        self._more, self._asked = more, False
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows.extend(fresh)
        self._read_at.update({row.id: now for row in fresh})
        self._place(first)
        self.endInsertRows()

    def update_row(self, row: QueueRow, now: int) -> bool:
        """Newer facts of a row that is here; False when it is not."""
        place = self._places.get(row.id)
        if place is None:
            return False
        self._rows[place] = row
        self._read_at[row.id] = now
        self._chips.pop(row.id, None)
        index = self.index(place, 0)
        self.dataChanged.emit(index, index)
        return True

    def remove_row(self, id_: str) -> bool:
        """Takes a row out; False when it is not here."""
        place = self._places.get(id_)
        if place is None:
            return False
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._rows[place]
        del self._places[id_]
        self._read_at.pop(id_, None)
        self._chips.pop(id_, None)
        self._place(place)
        self.endRemoveRows()
        return True

    def put_row(self, row: QueueRow, now: int) -> None:
        """A row that is new or has moved, at its place in the queue's order; behind the pages read so far: not yet."""
        place = self._places.get(row.id)
        if place is not None:
            if self._order(self._rows[place]) == self._order(row):
                self.update_row(row, now)
                return
            self.remove_row(row.id)
        place = bisect_left(self._rows, self._order(row), key=self._order)
        if place == len(self._rows) and self._more:
            return
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, row)
        self._read_at[row.id] = now
        self._place(place)
        self.endInsertRows()

    @staticmethod
    def _order(row: QueueRow) -> tuple[Group, int, str]:
        promised = row.promised_at if row.group is Group.PROMISED else None
        return row.group, row.since if promised is None else promised, row.id

    def ids(self) -> list[str]:
        """The inquiries that are here, in order."""
        return [row.id for row in self._rows]

    def set_opened(self, id_: str) -> None:
        """Marks the row whose inquiry the page shows."""
        for each in {self._opened, id_}:
            if each in self._places:
                self._opened = id_
                index = self.index(self._places[each], 0)
                self.dataChanged.emit(index, index)
        self._opened = id_

    def tick(self, now: int) -> None:
        """Another minute: tells which chips read something else."""
        self._now = now
        changed = []
        for place, row in enumerate(self._rows):
            before = self._chips.get(row.id)
            if before is not None:  # others were never painted
                self._chips[row.id] = after = self._chip(row)
                if after != before:
                    changed.append(place)
        if changed:
            self.chips_changed.emit(changed)

    def now(self) -> int:
        """The time that ages are counted to."""
        return self._now

    def row_of(self, id_: str) -> int:
        """Where a row is, -1 when it is not here."""
        return self._places.get(id_, -1)

    def at(self, place: int) -> QueueRow:
        """The row at a place.

        Raises:
            IndexError: there is none.
        """
        return self._rows[place]

    def is_callback(self, place: int) -> bool:
        """Whether the row has the line above that says what was promised."""
        return 0 <= place < len(self._rows) and self._rows[place].group is Group.PROMISED

    def is_first_not_now(self, place: int) -> bool:
        """Whether the row has the line above that says that from here on nobody may be called."""
        return place == self._first_not_now()

    def tall(self) -> list[int]:
        """The places of rows with a line above them."""
        if not self._in_order:
            return [place for place in range(len(self._rows)) if self.is_callback(place)]
        found = list(takewhile(self.is_callback, range(len(self._rows))))
        first = self._first_not_now()
        return found if first < 0 else [*found, first]

    def _first_not_now(self) -> int:
        place = bisect_left(self._rows, Group.NOT_NOW, key=_group) if self._in_order else len(self._rows)
        return place if place < len(self._rows) else -1

    def _place(self, first: int = 0) -> None:
        if not first:
            self._places.clear()
        for place in range(first, len(self._rows)):
            self._places[self._rows[place].id] = place

    # what it says

    def _chip(self, row: QueueRow) -> tuple[str, str]:
        if not row.callable:
            if row.opens_at is not None:
                return self.tr("opens %s") % times.clock(row.opens_at), "plain"
            return (self.tr("not now") if row.phone_valid else self.tr("no number")), "plain"
        if row.promised_at is not None:
            due = row.promised_at <= self._now
            return (self.tr("due now") if due else times.clock(row.promised_at)), "due"
        waited = self._waited(row)
        if not waited:
            return self.tr("new"), "fine"
        return times.lasted(waited), self._state(row, waited).value

    def _waited(self, row: QueueRow) -> int:
        passed = self._now - self._read_at.get(row.id, self._now)
        return row.waited_ms + passed if row.waited_ms else 0

    @staticmethod
    def _state(row: QueueRow, waited: int) -> LimitState:
        if row.limit_state is LimitState.OVER or waited >= row.limit_ms:
            return LimitState.OVER
        soon = row.limit_state is LimitState.SOON or waited >= SOON_SHARE * row.limit_ms
        return LimitState.SOON if soon else LimitState.FINE

    def chip(self, place: int) -> tuple[str, str]:
        """Text and tone of a row's chip."""
        row = self._rows[place]
        if row.id not in self._chips:
            self._chips[row.id] = self._chip(row)
        return self._chips[row.id]

    def _promise(self, row: QueueRow) -> str:
        if row.promised_at is None:
            return ""
        if row.woken:
            return self.tr("back from nurture")
        return self.tr("callback promised %s") % times.clock(row.promised_at)

    def _spoken(self, place: int) -> str:
        row = self._rows[place]
        text, tone = self.chip(place)
        states = {
            "over": self.tr("over the limit"),
            "soon": self.tr("near the limit"),
            "fine": self.tr("within the limit"),
        }
        theirs = times.clock(self._now, row.zone) if row.zone else ""
        parts = [
            row.name,
            row.company,
            self._promise(row),
            text,
            states.get(tone, ""),
            self.tr("%d of %d attempts") % (row.attempts, row.attempts_allowed) if row.attempts else "",
            row.source,
            self.tr("%s their time") % theirs if theirs else "",
            row.why,
        ]
        return ", ".join(part for part in parts if part)

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Rows that are here."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its chip, or the words for a screen reader."""
        place = index.row()
        if not 0 <= place < len(self._rows):
            return None
        if role == Role.ROW:
            return self._rows[place]
        if role == Role.CHIP:
            return self.chip(place)
        if role == Role.OPENED:
            return self._rows[place].id == self._opened
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._spoken(place)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._rows[place].why or None
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether another page is to come."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, _parent: Index) -> None:
        """Asks for it, once."""
        self._asked = True
        self.more_wanted.emit()


def _group(row: QueueRow) -> Group:
    return row.group
