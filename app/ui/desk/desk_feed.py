"""Feeds the desk: pages of a list as they are needed, and the figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import desk, desk_figures
from app.services.desk import Tab
from app.ui.paged_feed import PagedFeed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.ui.desk.desk_model import DeskModel
    from app.ui.tasks import Tasks


class DeskFeed(PagedFeed):
    """Joins the table of the desk to the store; `counted` brings the DeskFigures."""

    def __init__(self, tasks: Tasks, model: DeskModel, parent: QObject | None = None) -> None:
        super().__init__(tasks, model, desk.page, desk.ids, Tab.STALE, desk.PAGE, parent)

    def _read_beside(self) -> None:
        self._tasks.read(desk_figures.figures, key="desk-figures", slow=True, then=self._on_figures,
                         failed=self._on_failed)  # fmt: skip
