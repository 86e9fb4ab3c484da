"""Feeds the left pane of sales: first pages at once, further ones when their end is seen, and what Find finds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.models.rows import SalesRow
from app.services.errors import ServiceError
from app.services.sales import leads
from app.services.sales.leads import Board, Group, Page
from app.ui.sales import showing
from app.ui.sales.lead_pane import LeadPane

if TYPE_CHECKING:
    from app.services.seat import Seat
    from app.ui.tasks import Tasks

AGAIN_MS = 250  # after a reading that an erasure ended; and changes that come together are read together
MINUTE_MS = 60_000
MOST_ROWS = 1000  # of one list that are read anew at once


class LeadFeed(QObject):
    """Joins the pane to the store.

    Signals:
        arrived: the lists are shown anew; whether the home has ever sold anybody (bool).
    """

    arrived = Signal(bool)

    def __init__(self, seat: Seat, tasks: Tasks, pane: LeadPane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._pane = seat, tasks, pane
        self._mine = False
        self._rows: dict[Group, list[SalesRow]] = {group: [] for group in Group}
        self._next: dict[Group, leads.Place | None] = {}
        self._awaited: set[Group] = set()
        self._looking = ""
        self._new, self._limit = 0, ""
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self.read)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.read)
        self._minutes.start()
        pane.find_field.rested.connect(self._on_find)
        pane.more_wanted.connect(self._on_more)
        pane.whose_chosen.connect(self.show_whose)

    # the lists

    @Slot()
    def read(self) -> None:
        """The first pages anew, as long as they were."""
        if self._looking:
            self._on_find(self._looking)
            return
        size = max(leads.PAGE, min(MOST_ROWS, max(len(rows) for rows in self._rows.values())))
        self._tasks.read(leads.board, mine=self._mine, size=size, key="leads", then=self._on_board,
                         failed=self._on_failed)  # fmt: skip
        self._tasks.read(leads.new_count, mine=self._mine, key="new-leads", slow=True, then=self._on_count,
                         failed=self._on_failed)  # fmt: skip

    def read_soon(self) -> None:
        """A moment later, together with what else changes."""
        self._soon.start()

    @Slot(str)
    def show_whose(self, whose: str) -> None:
        """`mine`: mine and those of nobody; `all`."""
        self._mine = whose == "mine"
        self.read()

    def mine(self) -> bool:
        """Whether colleagues' leads are left out."""
        return self._mine

    @Slot(object)
    def _on_board(self, board: Board) -> None:
        if self._looking or board.mine != self._mine:
            return
        self._rows = {group: list(page.rows) for group, page in board.pages.items()}
        self._next = {group: page.next for group, page in board.pages.items()}
        self._awaited.clear()
        self._limit = showing.limit_words(board.limit)
        self._pane.set_head(self._new, self._limit)
        self._show(board.read_at)
        self.arrived.emit(not board.nothing_yet)

    def _show(self, now: int) -> None:
        bar = self._pane.list.verticalScrollBar()
        place = bar.value()
        groups = {group: (self._rows[group], self._next.get(group) is not None) for group in Group}
        self._pane.model.set_groups(groups, now)
        self._pane.set_nothing("" if self._pane.model.ids() else self.tr("Nobody waits for sales."))
        bar.setValue(place)
        self._pane.list.show_opened()

    @Slot(object)
    def _on_count(self, count: int) -> None:
        self._new = count
        self._pane.set_head(count, self._limit)

    @Slot(object)
    def _on_more(self, group: Group) -> None:
        after = self._next.get(group)
        if after is not None and group not in self._awaited and not self._looking:
            self._awaited.add(group)
            self._tasks.read(leads.lead_page, group, after, mine=self._mine, then=partial(self._on_page, group, after),
                             failed=self._on_failed)  # fmt: skip

    def _on_page(self, group: Group, after: leads.Place, page: Page) -> None:
        self._awaited.discard(group)
        if self._next.get(group) == after and not self._looking:
            known = {row.id for row in self._rows[group]}
            self._rows[group] += [row for row in page.rows if row.id not in known]
            self._next[group] = page.next
            self._show(self._seat.now())

    def _on_failed(self, _error: ServiceError) -> bool:
        """An erasure ends open readings; they are begun again."""
        self._soon.start()
        return True

    # finding

    @Slot(str)
    def _on_find(self, text: str) -> None:
        if text:
            self._looking = text
            then = partial(self._on_found, text)
            self._tasks.read(leads.find_leads, text, key="find-leads", then=then, failed=self._on_failed)
        elif self._looking:
            self._looking = ""
            self._pane.set_found("")
            self.read()

    def _on_found(self, text: str, rows: list[SalesRow]) -> None:
        if text == self._looking:
            self._pane.set_found(self.tr("%d found") % len(rows))
            self._pane.set_nothing("" if rows else self.tr("Sales has nobody called “%s”.") % text)
            self._pane.model.set_found(rows, self._seat.now())
            self._pane.list.show_opened()
