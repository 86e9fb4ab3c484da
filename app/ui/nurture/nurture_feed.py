"""Feeds the nurture page: pages of a list as they are needed, counts of all lists, and who is under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services import nurture
from app.services.errors import ServiceError
from app.services.nurture import Counts, Kind, List, NurturePage, NurtureView, Place
from app.ui.nurture.nurture_model import NurtureModel

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

TYPED_MS = 160  # of rest before what was typed narrows the list
CHANGED_MS = 250  # after a change, so that many changes cost one reading
AGAIN_MS = 250  # after a reading that an erasure ended
MINUTE_MS = 60_000
MOST_ROWS = 300  # of a list that are read again at once


class NurtureFeed(QObject):
    """Joins the page to the store; reads only while the page is shown.

    Signals:
        shown: the first page of a list has been read; how many rows it has.
        counted: the Counts, whenever they were read. opened: a NurtureView. closed: nobody is there to be shown.
    """

    shown = Signal(int)
    counted = Signal(object)
    opened = Signal(object)
    closed = Signal()

    def __init__(self, tasks: Tasks, model: NurtureModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._model = tasks, model
        self._list, self._text = List(Kind.SOON), ""
        self._next: Place | None = None
        self._wanted = self._person = ""
        self._awake = False
        self._stale = True  # something changed while nobody looked
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._on_rest)
        self._changed = QTimer(self, singleShot=True, interval=CHANGED_MS)
        self._changed.timeout.connect(self.read)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.read)
        model.more_wanted.connect(self._on_more)

    # when it reads

    def wake(self) -> None:
        """The page is shown: reads what changed meanwhile, and every minute."""
        self._awake = True
        self._minutes.start()
        if self._stale:
            self.read()

    def sleep(self) -> None:
        """Another page is shown."""
        self._awake = False
        self._minutes.stop()
        self._stale = True

    @Slot()
    def refresh(self) -> None:
        """Something changed: reads soon."""
        self._stale = True
        if self._awake and not self._changed.isActive():
            self._changed.start()

    @Slot()
    def read(self) -> None:
        """The list as far as it was shown, the counts, and who is under the cursor."""
        self._stale = False
        self._read_first(max(nurture.PAGE, min(self._model.rowCount(), MOST_ROWS)))
        self._tasks.read(nurture.counts, key="nurture-counts", slow=True, then=self._on_counts, failed=self._on_failed)
        if self._person:
            self._read_person()

    # which list, and who of it

    def which(self) -> List:
        """The list that is shown."""
        return self._list

    def text(self) -> str:
        """What it is narrowed to."""
        return self._text

    def show_list(self, which: List) -> None:
        """Another list, from its beginning."""
        if which != self._list:
            self._list = which
            self._model.choose(())
            self._read_first(nurture.PAGE)

    def narrow(self, text: str) -> None:
        """What was typed; read after a rest."""
        self._wanted = " ".join(text.split())
        self._typed.start()

    @Slot()
    def _on_rest(self) -> None:
        if self._wanted != self._text:
            self._text = self._wanted
            self._model.choose(())
            self._read_first(nurture.PAGE)

    def open(self, inquiry_id: str) -> None:
        """Shows another one; empty: nobody."""
        self._person = inquiry_id
        if inquiry_id:
            self._read_person()
        else:
            self.closed.emit()

    def read_all_ids(self, then: Callable[[list[str]], object]) -> None:
        """Everybody on the list, read or not; at most `nurture.MOST_IDS`."""
        self._tasks.read(nurture.ids, self._list, self._text, slow=True, then=then)

    # reading

    def _read_first(self, size: int) -> None:
        asked = (self._list, self._text)
        self._tasks.read(nurture.page, self._list, None, size, self._text, key="nurture-page", slow=bool(self._text),
                         then=partial(self._on_first, asked), failed=self._on_failed)  # fmt: skip

    def _on_first(self, asked: tuple[List, str], page: NurturePage) -> None:
        if asked != (self._list, self._text):
            return
        self._next = page.next
        self._model.set_rows(page.rows, page.read_at, more=page.next is not None)
        self.shown.emit(len(page.rows))

    @Slot()
    def _on_more(self) -> None:
        if self._next is not None:
            asked = (self._list, self._text, self._next)
            self._tasks.read(nurture.page, self._list, self._next, nurture.PAGE, self._text, slow=bool(self._text),
                             then=partial(self._on_page, asked), failed=self._on_failed)  # fmt: skip

    def _on_page(self, asked: tuple[List, str, Place], page: NurturePage) -> None:
        if asked == (self._list, self._text, self._next):
            self._next = page.next
            self._model.append_rows(page.rows, more=page.next is not None)

    def _on_counts(self, counts: Counts) -> None:
        self.counted.emit(counts)

    def _read_person(self) -> None:
        self._tasks.read(nurture.open_waiting, self._person, key="nurture-person",
                         then=partial(self._on_person, self._person), failed=self._on_nobody)  # fmt: skip

    def _on_person(self, asked: str, view: NurtureView) -> None:
        if asked == self._person:
            self.opened.emit(view)

    def _on_nobody(self, _error: ServiceError) -> None:
        """They woke meanwhile: the list is read anew anyhow."""

    def _on_failed(self, _error: ServiceError) -> None:
        """An erasure ends open readings; they are begun again."""
        QTimer.singleShot(AGAIN_MS, self.read)
