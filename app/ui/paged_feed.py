"""Feeds a table with pages of a list as they are needed, while its page is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.errors import ServiceError
from app.services.listing import PAGE

if TYPE_CHECKING:
    from app.ui.tasks import Tasks
    from app.ui.widgets.choosing_model import ChoosingModel

CHANGED_MS = 250  # after a change, so that many changes cost one reading
AGAIN_MS = 250  # after a reading that an erasure ended
MINUTE_MS = 60_000
MOST_ROWS = 300  # of a list that are read again at once


class PagedFeed(QObject):
    """Which list, narrowed to what; a feed of its own says by which query it is read, and what is read beside it.

    Signals:
        shown: the first page of a list has been read; how many rows it has.
        counted: the figures beside the list, whenever they were read.
    """

    shown = Signal(int)
    counted = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        model: ChoosingModel[Any],
        page: Callable[..., Any],
        ids: Callable[..., list[str]],
        which: Any,
        parent: QObject | None = None,
    ) -> None:
        """`page(seat, which, after, size, text)` and `ids(seat, which, text)` are the list's queries."""
        super().__init__(parent)
        self._tasks, self._model = tasks, model
        self._page, self._ids, self._which = page, ids, which
        self._key = f"{type(self).__name__}-page"
        self._text = ""
        self._next: Any = None
        self._awake = False
        self._stale = True  # something changed while nobody looked
        self._changed = QTimer(self, singleShot=True, interval=CHANGED_MS)
        self._changed.timeout.connect(self.read)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.read)
        model.more_wanted.connect(self._on_more)

    def _read_beside(self) -> None:
        """Reads what is shown beside the list."""

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
        """The list as far as it was shown, and what is beside it."""
        self._stale = False
        self._read_first(max(PAGE, min(self._model.rowCount(), MOST_ROWS)))
        self._read_beside()

    # which list

    def which(self) -> Any:
        """The list that is shown."""
        return self._which

    def text(self) -> str:
        """What it is narrowed to."""
        return self._text

    def show_list(self, which: Any) -> None:
        """Another list, from its beginning."""
        if which != self._which:
            self._which = which
            self._model.choose(())
            self._read_first(PAGE)

    @Slot(str)
    def narrow(self, text: str) -> None:
        """Only whom these words fit, from the beginning."""
        if text != self._text:
            self._text = text
            self._model.choose(())
            self._read_first(PAGE)

    def read_all_ids(self, then: Callable[[list[str]], object]) -> None:
        """Everybody on the list, read or not, up to what an action takes at once."""
        self._tasks.read(self._ids, self._which, self._text, slow=True, then=then)

    # reading

    def _read_first(self, size: int) -> None:
        asked = (self._which, self._text)
        self._tasks.read(self._page, self._which, None, size, self._text, key=self._key, slow=bool(self._text),
                         then=partial(self._on_first, asked), failed=self._on_failed)  # fmt: skip

    def _on_first(self, asked: tuple[Any, str], page: Any) -> None:
        if asked != (self._which, self._text):
            return
        self._next = page.next
        self._model.set_rows(page.rows, page.read_at, more=page.next is not None)
        self.shown.emit(len(page.rows))

    @Slot()
    def _on_more(self) -> None:
        if self._next is not None:
            asked = (self._which, self._text, self._next)
            self._tasks.read(self._page, self._which, self._next, PAGE, self._text, slow=bool(self._text),
                             then=partial(self._on_page, asked), failed=self._on_failed)  # fmt: skip

    def _on_page(self, asked: tuple[Any, str, Any], page: Any) -> None:
        if asked == (self._which, self._text, self._next):
            self._next = page.next
            self._model.append_rows(page.rows, more=page.next is not None)

    def _on_figures(self, figures: object) -> None:
        self.counted.emit(figures)

    def _on_failed(self, _error: ServiceError) -> None:
        """An erasure ends open readings; they are begun again."""
        QTimer.singleShot(AGAIN_MS, self.read)
