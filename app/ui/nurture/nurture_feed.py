"""Feeds the nurture page: pages of a list as they are needed, counts of all lists, and who is under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.services.nurture import pages
from app.services.nurture.pages import Kind, List, NurtureView
from app.ui.paged_feed import PagedFeed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.services.errors import ServiceError
    from app.ui.nurture.nurture_model import NurtureModel
    from app.ui.tasks import Tasks


class NurtureFeed(PagedFeed):
    """Joins the page to the store; `counted` brings the Counts.

    Signals:
        opened: a NurtureView. closed: nobody is there to be shown.
    """

    opened = Signal(object)
    closed = Signal()

    def __init__(self, tasks: Tasks, model: NurtureModel, parent: QObject | None = None) -> None:
        super().__init__(tasks, model, pages.page, pages.ids, List(Kind.SOON), parent)
        self._person = ""

    def _read_beside(self) -> None:
        self._tasks.read(pages.counts, key="nurture-counts", slow=True, then=self._on_figures, failed=self._on_failed)
        if self._person:
            self._read_person()

    def open(self, inquiry_id: str) -> None:
        """Shows another one; empty: nobody."""
        self._person = inquiry_id
        if inquiry_id:
            self._read_person()
        else:
            self.closed.emit()

    def _read_person(self) -> None:
        self._tasks.read(pages.open_waiting, self._person, key="nurture-person",
                         then=partial(self._on_person, self._person), failed=self._on_nobody)  # fmt: skip

    def _on_person(self, asked: str, view: NurtureView) -> None:
        if asked == self._person:
            self.opened.emit(view)

    def _on_nobody(self, _error: ServiceError) -> None:
        """They woke meanwhile: the list is read anew anyhow."""
