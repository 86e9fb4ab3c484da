"""A list of who waits as Qt's model, in groups by day."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QObject

from app.services.nurture.pages import NurtureRow
from app.ui.nurture import nurture_words
from app.ui.widgets.choosing_model import ChoosingModel


class NurtureColumn(IntEnum):
    """The columns, from the left."""

    CHOSEN = 0
    PERSON = 1
    WHY = 2
    CONSENT = 3
    SCORE = 4
    WAKES = 5


class NurtureModel(ChoosingModel[NurtureRow]):
    """Rows in the order of waking."""

    Column = NurtureColumn

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: dict[int, str] = {}

    def heads(self) -> dict[int, str]:
        """The heading above each row with which a group begins."""
        return self._heads

    def looks_the_same(self, rows: Sequence[NurtureRow], now: int) -> bool:
        """Whether these rows stand where the present ones do, in the same groups."""
        groups = [nurture_words.group(row.until, now) for row in rows]
        before = [nurture_words.group(row.until, self._now) for row in self._rows]
        return super().looks_the_same(rows, now) and groups == before

    def _place(self, first: int = 0) -> None:
        super()._place(first)
        if not first:
            self._heads.clear()
        names = nurture_words.groups()
        for place in range(first, len(self._rows)):
            group = nurture_words.group(self._rows[place].until, self._now)
            if not place or group != nurture_words.group(self._rows[place - 1].until, self._now):
                self._heads[place] = names[group]

    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return ("", self.tr("Person"), self.tr("Why they wait"), self.tr("Consent"), self.tr("Score"),
                self.tr("Wakes"))  # fmt: skip

    def spoken(self, row: NurtureRow, *, chosen: bool) -> str:
        """A whole row for a screen reader."""
        return nurture_words.spoken(row, self._now, chosen=chosen)

    def words(self, row: NurtureRow, column: IntEnum) -> str:
        """What a cell says."""
        return {
            NurtureColumn.CHOSEN: "", NurtureColumn.PERSON: row.name, NurtureColumn.WHY: row.why,
            NurtureColumn.CONSENT: nurture_words.consent(row)[0],
            NurtureColumn.SCORE: "" if row.score is None else str(row.score),
            NurtureColumn.WAKES: nurture_words.wakes(row.until, self._now)[0],
        }[NurtureColumn(column)]  # fmt: skip

    def tip(self, row: NurtureRow, column: IntEnum) -> str | None:
        """What a narrow cell leaves out."""
        if column is NurtureColumn.WAKES:
            parts = [nurture_words.day(row.until, self._now), row.track_name]
        elif column is NurtureColumn.WHY:
            parts = [row.why]
        elif column is NurtureColumn.PERSON:  # a narrow table has no column for the score
            parts = [row.name, row.company, "" if row.score is None else self.tr("score %d") % row.score]
        else:
            return None
        return ", ".join(part for part in parts if part) or None
