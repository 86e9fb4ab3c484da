"""A list of the desk as Qt's model."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from app.services.desk.pages import DeskRow
from app.ui.desk import desk_words
from app.ui.widgets.choosing_model import ChoosingModel


class DeskColumn(IntEnum):
    """The columns, from the left."""

    CHOSEN = 0
    INQUIRY = 1
    COMPANY = 2
    SOURCE = 3
    WITH = 4
    ATTEMPTS = 5
    WAITING = 6


class DeskModel(ChoosingModel[DeskRow]):
    """Inquiries in the order of their list."""

    Column = DeskColumn

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_head = self.tr("Waiting")

    def set_last_head(self, words: str) -> None:
        """What the last column counts: the wait for a call, or for something else."""
        if words != self._last_head:
            self._last_head = words
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, DeskColumn.WAITING, DeskColumn.WAITING)

    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return ("", self.tr("Inquiry"), self.tr("Company"), self.tr("Source"), self.tr("With"), self.tr("Attempts"),
                self._last_head)  # fmt: skip

    def spoken(self, row: DeskRow, *, chosen: bool) -> str:
        """A whole row for a screen reader."""
        return desk_words.spoken(row, self._now, chosen=chosen)

    def words(self, row: DeskRow, column: IntEnum) -> str:
        """What a cell says."""
        return {
            DeskColumn.CHOSEN: "", DeskColumn.INQUIRY: row.row.name, DeskColumn.COMPANY: row.row.company,
            DeskColumn.SOURCE: row.row.source, DeskColumn.WITH: desk_words.holder(row),
            DeskColumn.ATTEMPTS: f"{row.row.attempts}/{row.row.attempts_allowed}",
            DeskColumn.WAITING: desk_words.wait(row, self._now)[0],
        }[DeskColumn(column)]  # fmt: skip

    def tip(self, row: DeskRow, column: IntEnum) -> str | None:
        """What a narrow cell leaves out."""
        if column is DeskColumn.WAITING:
            return row.row.why or None
        if column is DeskColumn.INQUIRY:  # a narrow table has no column for the source
            return ", ".join(part for part in (row.row.name, row.row.company, row.row.source) if part)
        words = self.words(row, column)
        return words if len(words) > 12 else None
