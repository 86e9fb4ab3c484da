"""What happened to the inquiry before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.models.rows import HistoryRow
from app.ui import keys, times
from app.ui.calls.side_list import SideList


class HistoryList(SideList):
    """Entries in words, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("keys", keys.CALLS["history"].text), keys.label("history"), parent)

    def set_rows(self, rows: Sequence[HistoryRow], now: int) -> None:
        """What is listed, in the order in which it comes."""
        pairs = tuple(
            (
                row.text,
                " · ".join(part for part in (f"{times.day(row.at, now)} {times.clock(row.at)}", row.actor) if part),
            )
            for row in rows
        )
        self.set_pairs(pairs, self.tr("Nothing yet: this is the first call."))
