"""Feeds the left pane: pages of the queue as they are needed, what Find finds, and only the rows that changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from app.models.inquiry import Stage
from app.models.rows import QueueCounts, QueueRow
from app.services import queue, working
from app.services.errors import ServiceError
from app.services.waiting import PAGE, Waiting, waiting
from app.ui.calls.queue_pane import QueuePane

if TYPE_CHECKING:
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

FOUND = 100
MINUTE_MS = 60_000
AGAIN_MS = 250  # after a reading that an erasure ended
MOST_ROWS = 200  # more changed ones than these: the first page is read anew
SHOWN = frozenset({Stage.WAITING, Stage.OBJECTED})


class QueueFeed(QObject):
    """Joins the pane to the store.

    Signals:
        arrived: the first page has been read and is shown; how many rows it has.
        counted: QueueCounts, whenever they were read anew.
    """

    arrived = Signal(int)
    counted = Signal(object)

    def __init__(self, seat: Seat, tasks: Tasks, pane: QueuePane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._pane = seat, tasks, pane
        self._next: queue.Place | None = None
        self._looking = ""  # what is looked for; empty: the queue is shown
        self._limit = ""
        self._counts: QueueCounts | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.read)
        self._recount = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._recount.timeout.connect(self.count)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self._on_minute)
        self._minutes.start()
        pane.find_field.rested.connect(self._on_find)
        pane.more_wanted.connect(self._on_more)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), pane.list)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self.stop_finding)

    # the queue

    def begin(self) -> None:
        """The first page; the figures above it, which may take seconds, come with `count` when there is time."""
        self._read_first()

    def read(self) -> None:
        """The first page anew, and the figures above it."""
        self._read_first()
        self.count()

    def _read_first(self) -> None:
        self._tasks.read(
            waiting, None, max(PAGE, min(self._pane.model.rowCount(), MOST_ROWS)), key="queue",
            then=self._on_first, failed=self._on_failed,
        )  # fmt: skip

    def count(self) -> None:
        """The figures of the head."""
        self._tasks.read(working.counts, key="counts", slow=True, then=self._on_counts, failed=self._on_failed)

    def count_first(self) -> None:
        """As `count`, once: they come after whom to call, since all of a large queue is counted for them."""
        if self._counts is None:
            self.count()

    def counts(self) -> QueueCounts | None:
        """The figures that were read last."""
        return self._counts

    def set_limit(self, words: str) -> None:
        """The limit of the home, for the head."""
        self._limit = words
        self._show_counts()

    @Slot(object)
    def _on_first(self, read: Waiting) -> None:
        if self._looking:
            return
        rows, now, model = read.page.rows, read.read_at, self._pane.model
        self._next = read.page.next
        if [row.id for row in rows] == model.ids():
            for row in rows:
                if model.at(model.row_of(row.id)) != row:
                    model.update_row(row, now)
            model.tick(now)
        else:
            bar = self._pane.list.verticalScrollBar()
            place = bar.value()
            model.set_rows(rows, now, more=self._next is not None)
            bar.setValue(place)
        self._pane.set_nothing("" if rows else self.tr("Nobody waits."))
        self.arrived.emit(len(rows))

    @Slot()
    def _on_more(self) -> None:
        if not self._looking and self._next is not None:
            after = self._next
            then = partial(self._on_page, after)
            self._tasks.read(waiting, after, PAGE, then=then, failed=self._on_failed)

    def _on_page(self, after: queue.Place, read: Waiting) -> None:
        if self._looking or self._next != after:
            return
        self._next = read.page.next
        self._pane.model.append_rows(read.page.rows, read.read_at, more=self._next is not None)
        if not read.page.rows:
            self._on_more()

    @Slot(object)
    def _on_counts(self, counts: QueueCounts) -> None:
        self._counts = counts
        self._show_counts()
        self.counted.emit(counts)

    def _show_counts(self) -> None:
        counts = self._counts
        if counts is not None:
            self._pane.set_head(counts.callable_now, counts.over_limit, self._limit)

    def _on_failed(self, _error: ServiceError) -> None:
        """An erasure ends open readings; they are begun again."""
        self._again.start()

    # what changed

    def refresh(self, changed: Changed) -> None:
        """Reads what changed, and nothing else."""
        if changed.inquiries and len(changed.inquiries) <= MOST_ROWS:
            self._tasks.read(working.refreshed, changed.inquiries, then=self._on_rows, failed=self._on_failed)
            self._recount.start()
        elif changed.inquiries or changed.kinds - {"claim", "draft"}:
            self.read()

    @Slot(object)
    def _on_rows(self, read: working.Refreshed) -> None:
        for id_ in read.gone:
            self._pane.model.remove_row(id_)
        for row in read.rows:
            self._put(row, read.read_at)

    def _put(self, row: QueueRow, now: int) -> None:
        model = self._pane.model
        if self._looking:
            if row.stage in {Stage.DISCARDED, Stage.ERASED}:
                model.remove_row(row.id)
            else:
                model.update_row(row, now)
        elif row.stage in SHOWN:
            model.put_row(row, now)
        else:
            model.remove_row(row.id)

    @Slot()
    def _on_minute(self) -> None:
        """Ages go on by themselves; who may be called now is looked up anew."""
        self._pane.model.tick(self._seat.now())
        if not self._looking:
            self.read()

    # finding

    @Slot(str)
    def _on_find(self, text: str) -> None:
        if text:
            self._looking = text
            then = partial(self._on_found, text)
            self._tasks.read(_find, text, FOUND, key="find", then=then, failed=self._on_failed)
        elif self._looking:
            self._looking = ""
            self._pane.set_found("")
            self._pane.set_nothing("")
            self.read()

    def _on_found(self, text: str, rows: list[QueueRow]) -> None:
        if text != self._looking:
            return
        more = self.tr("%d or more found") if len(rows) >= FOUND else self.tr("%d found")
        self._pane.set_found(more % len(rows))
        self._pane.set_nothing("" if rows else self.tr("Nobody is called “%s”, or has such a number.") % text)
        self._pane.model.set_rows(rows, self._seat.now(), in_order=False)

    @Slot()
    def stop_finding(self) -> None:
        """Back to the queue."""
        self._pane.find_field.clear()

    def finding(self) -> bool:
        """Whether the list shows what was found."""
        return bool(self._looking)


def _find(seat: Seat, text: str, limit: int) -> list[QueueRow]:
    from app.services import finding

    return finding.find(seat, text, limit)
