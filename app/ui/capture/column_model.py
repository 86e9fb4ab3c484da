"""The columns of a list, and which field each was taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.models.columns import Column, apply_mapping
from app.ui.capture import import_words

SURE = 0.5  # below, the guess is shown as a question

Index = QModelIndex | QPersistentModelIndex


class ColumnRole(IntEnum):
    """What the delegate asks for."""

    FIELD = Qt.ItemDataRole.UserRole + 1
    SAMPLE = Qt.ItemDataRole.UserRole + 2
    TONE = Qt.ItemDataRole.UserRole + 3


class ColumnModel(QAbstractListModel):
    """Recognised columns with what a hand changed; `mapping` is the change, as a service takes it."""

    def __init__(self) -> None:
        super().__init__()
        self._recognised: list[Column] = []
        self._columns: list[Column] = []
        self._mapping: dict[str, str] = {}

    def set_columns(self, columns: Sequence[Column], mapping: Mapping[str, str]) -> None:
        """Other columns, as they were recognised, and a mapping by hand.

        Raises:
            MappingError: the mapping does not fit.
        """
        self.beginResetModel()
        self._recognised = list(columns)
        self._mapping = dict(mapping)
        self._columns = apply_mapping(self._recognised, self._mapping)
        self.endResetModel()

    def take_for(self, row: int, field: str) -> bool:
        """Takes a column for a field, which another one then loses; an empty field takes it for nothing."""
        column = self._columns[row]
        if column.field == field:
            return False
        mapping = {named: name for named, name in self._mapping.items() if name != column.name}
        recognised = self._recognised[row].field
        if column.field:
            mapping[column.field] = ""
        if recognised and recognised not in mapping:
            mapping[recognised] = ""
        if field:
            mapping[field] = column.name
        # What only repeats the recognition says nothing.
        mapping = {
            named: name for named, name in mapping.items()
            if name != next((known.name for known in self._recognised if known.field == named), "")
        }  # fmt: skip
        self._mapping = mapping
        self._columns = apply_mapping(self._recognised, mapping)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._columns) - 1, 0))
        return True

    def mapping(self) -> dict[str, str]:
        """What a hand changed: field -> column name, "" for a field taken away."""
        return dict(self._mapping)

    def field_at(self, row: int) -> str:
        """The field of a column; empty when it has none."""
        return self._columns[row].field

    def name_at(self, row: int) -> str:
        """The name of a column."""
        return self._columns[row].name

    def taken(self) -> dict[str, str]:
        """Every field that a column has, with the column's name."""
        return {column.field: column.name for column in self._columns if column.field}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """The number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, field, sample and tone; in words for a screen reader."""
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        sure = not column.field or column.confidence >= SURE
        words = import_words.field(column.field)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == ColumnRole.FIELD:
            return (words if sure else f"{words} ?") if words else "—"
        if role == ColumnRole.SAMPLE:
            return column.sample or self.tr("empty in the first rows")
        if role == ColumnRole.TONE:
            return "plain" if not column.field else "due" if sure else "soon"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = self.tr("{0}: {1}").format(column.name, words or self.tr("no field, kept beside the person"))
            return told if sure else f"{told}, {self.tr('perhaps')}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._why(column, words)
        return None

    def _why(self, column: Column, words: str) -> str:
        if not column.field:
            return self.tr("Kept beside the person under its own name.")
        why = f"{column.name} → {words}"
        return f"{why}, {column.why}" if column.why else why
