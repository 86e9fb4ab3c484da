"""What becomes of each row of a list, as a table that can be narrowed to one fate."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.import_terms import Fate, RowFate
from app.ui.capture import import_words

Index = QModelIndex | QPersistentModelIndex


class FateColumn(IntEnum):
    """The columns, from the left."""

    ROW = 0
    FATE = 1
    PERSON = 2
    COMPANY = 3
    NUMBER = 4
    WHY = 5


class FateModel(QAbstractTableModel):
    """Rows in the order of the file; `ToneRole` gives the tone of the chip."""

    ToneRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self) -> None:
        super().__init__()
        self._all: list[RowFate] = []
        self._shown: list[RowFate] = []
        self._only: Fate | None = None

    def set_rows(self, rows: Sequence[RowFate]) -> None:
        """Other rows, shown as narrowly as before."""
        self.beginResetModel()
        self._all = sorted(rows, key=lambda row: row.line)
        self._narrow()
        self.endResetModel()

    def show_only(self, fate: Fate | None) -> None:
        """Only rows of one fate; None shows all."""
        self.beginResetModel()
        self._only = fate
        self._narrow()
        self.endResetModel()

    def _narrow(self) -> None:
        self._shown = [row for row in self._all if self._only is None or row.fate is self._only]

    def row_at(self, row: int) -> RowFate:
        """One of the shown rows."""
        return self._shown[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """The rows that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Six."""
        return 0 if parent.isValid() else len(FateColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Row"), self.tr("What happens"), self.tr("Person"), self.tr("Company"), self.tr("Number"),
                    self.tr("Why"))[section]  # fmt: skip
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell; the whole of them on hover."""
        if not index.isValid():
            return None
        row, column = self._shown[index.row()], FateColumn(index.column())
        if role == self.ToneRole:
            return "soon" if row.warned else import_words.TONES[row.fate]
        if role == Qt.ItemDataRole.AccessibleTextRole and column is FateColumn.ROW:
            parts = (self.tr("row {0}").format(row.line), import_words.fate(row.fate), row.name, row.company, row.why)
            return ", ".join(part for part in parts if part)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        words = {
            FateColumn.ROW: str(row.line), FateColumn.FATE: import_words.fate(row.fate),
            FateColumn.PERSON: row.name or "—", FateColumn.COMPANY: row.company or "—",
            FateColumn.NUMBER: number(row.number) or "—", FateColumn.WHY: row.why,
        }[column]  # fmt: skip
        if role == Qt.ItemDataRole.ToolTipRole:
            if column is FateColumn.PERSON and row.company:  # a narrow table has no column for the company
                return f"{row.name}, {row.company}" if row.name else row.company
            return words if len(words) > 12 else None
        return words


def number(text: str) -> str:
    """A number as it is read aloud: in groups where it is E.164, else as it was typed."""
    if not text.startswith("+"):
        return text
    import phonenumbers  # read only where rows are shown

    try:
        parsed = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
