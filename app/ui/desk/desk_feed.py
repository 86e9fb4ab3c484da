"""Feeds the desk: pages of a list as they are needed, and the figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.desk import pages
from app.services.desk.figures import figures
from app.services.desk.pages import Tab
from app.ui.paged_feed import PagedFeed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.ui.desk.desk_model import DeskModel
    from app.ui.tasks import Tasks


class DeskFeed(PagedFeed):
    """Joins the table of the desk to the store; `counted` brings the DeskFigures."""

    def __init__(self, tasks: Tasks, model: DeskModel, parent: QObject | None = None) -> None:
        super().__init__(tasks, model, pages.page, pages.ids, Tab.STALE, parent)

    def _read_beside(self) -> None:
        self._tasks.read(figures, key="desk-figures", slow=True, then=self._on_figures,
                         failed=self._on_failed)  # fmt: skip
