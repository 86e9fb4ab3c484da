"""Feeds the desk: pages of a list as they are needed, and the figures beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services import desk, desk_figures
from app.services.desk import DeskPage, Place, Tab
from app.services.errors import ServiceError
from app.ui.desk.desk_model import DeskModel

if TYPE_CHECKING:
    from app.ui.tasks import Tasks

TYPED_MS = 160  # of rest before what was typed narrows the list
CHANGED_MS = 250  # after a change, so that many changes cost one reading
AGAIN_MS = 250  # after a reading that an erasure ended
MINUTE_MS = 60_000
MOST_ROWS = 300  # of a list that are read again at once


class DeskFeed(QObject):
    """Joins the table to the store; reads only while the page is shown.

    Signals:
        shown: the first page of a list has been read; how many rows it has.
        counted: the DeskFigures, whenever they were read.
    """

    shown = Signal(int)
    counted = Signal(object)

    def __init__(self, tasks: Tasks, model: DeskModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._model = tasks, model
        self._tab, self._text = Tab.STALE, ""
        self._next: Place | None = None
        self._awake = False
        self._stale = True  # something changed while nobody looked
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._on_rest)
        self._changed = QTimer(self, singleShot=True, interval=CHANGED_MS)
        self._changed.timeout.connect(self.read)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self.read)
        self._wanted = ""
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
        """The list as far as it was shown, and the figures."""
        self._stale = False
        size = max(desk.PAGE, min(self._model.rowCount(), MOST_ROWS))
        self._read_first(size)
        self._tasks.read(desk_figures.figures, key="desk-figures", slow=True, then=self._on_figures,
                         failed=self._on_failed)  # fmt: skip

    # which list

    def tab(self) -> Tab:
        """The list that is shown."""
        return self._tab

    def text(self) -> str:
        """What it is narrowed to."""
        return self._text

    def show_tab(self, tab: Tab) -> None:
        """Another list, from its beginning."""
        self._tab = tab
        self._model.choose(())
        self._read_first(desk.PAGE)

    def narrow(self, text: str) -> None:
        """What was typed; read after a rest."""
        self._wanted = " ".join(text.split())
        self._typed.start()

    def narrow_now(self, text: str) -> None:
        """The same at once."""
        self._wanted = " ".join(text.split())
        self._on_rest()

    @Slot()
    def _on_rest(self) -> None:
        if self._wanted != self._text:
            self._text = self._wanted
            self._model.choose(())
            self._read_first(desk.PAGE)

    def read_all_ids(self, then: Callable[[list[str]], object]) -> None:
        """Everybody on the list, read or not; at most `desk.MOST_IDS`."""
        self._tasks.read(desk.ids, self._tab, self._text, slow=True, then=then)

    # reading

    def _read_first(self, size: int) -> None:
        asked = (self._tab, self._text)
        self._tasks.read(desk.page, self._tab, None, size, self._text, key="desk-page", slow=bool(self._text),
                         then=partial(self._on_first, asked), failed=self._on_failed)  # fmt: skip

    def _on_first(self, asked: tuple[Tab, str], page: DeskPage) -> None:
        if asked != (self._tab, self._text):
            return
        self._next = page.next
        self._model.set_rows(page.rows, page.read_at, more=page.next is not None)
        self.shown.emit(len(page.rows))

    @Slot()
    def _on_more(self) -> None:
        if self._next is not None:
            asked = (self._tab, self._text, self._next)
            self._tasks.read(desk.page, self._tab, self._next, desk.PAGE, self._text, slow=bool(self._text),
                             then=partial(self._on_page, asked), failed=self._on_failed)  # fmt: skip

    def _on_page(self, asked: tuple[Tab, str, Place], page: DeskPage) -> None:
        if asked == (self._tab, self._text, self._next):
            self._next = page.next
            self._model.append_rows(page.rows, more=page.next is not None)

    def _on_figures(self, figures: desk_figures.DeskFigures) -> None:
        self.counted.emit(figures)

    def _on_failed(self, _error: ServiceError) -> None:
        """An erasure ends open readings; they are begun again."""
        QTimer.singleShot(AGAIN_MS, self.read)
