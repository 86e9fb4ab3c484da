"""A page around a list: a filter, who of it is chosen, what is done with them in one stroke, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import keys, times
from app.ui.stroke import Stroke
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.find_field import FindField
from app.ui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.paged_feed import PagedFeed
    from app.ui.tasks import Tasks
    from app.ui.widgets.choosing_model import ChoosingModel
    from app.ui.widgets.choosing_table import ChoosingTable


class ListPage(QWidget):
    """What pages with a list share. A page of its own names its parts, lays them out and calls `_join`.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back with `undo`.
        open_wanted: the inquiry to show on the call page.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    open_wanted = Signal(str)

    PAGE: ClassVar[str]  # whose keys it has
    MODEL: ClassVar[type[ChoosingModel[Any]]]
    FEED: ClassVar[Callable[..., PagedFeed]]
    TABLE: ClassVar[Callable[..., ChoosingTable]]
    QUIET: ClassVar[frozenset[str]] = frozenset({"draft"})  # kinds of change that no list shows

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._doing = ""
        self._stroke_of = ("", "")  # what the stroke does, and the words for it
        self._wants: list[str] = []  # whom the open question, or the stroke, is about
        self.model: Any = self.MODEL(self)
        self.feed: Any = self.FEED(tasks, self.model, self)
        self.table = self.TABLE(self.model)
        self.stroke = Stroke(tasks, self)
        self.filter = FindField()
        self.filter.set_asked(self.tr("Filter"))
        self._nothing = EmptyState()
        self._nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._progress = ProgressStrip(stoppable=True, key="Esc")
        self._strip = QWidget()
        self._strip.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)

    def _list_card(self, above: QLayout | None = None) -> Card:
        """The list on a card, below what is given and the strip of progress."""
        strip = QVBoxLayout(self._strip)
        strip.setContentsMargins(12, 0 if above else 10, 12, 10 if above else 6)
        strip.addWidget(self._progress)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1 if above else 5, 1, 6)
        inside.setSpacing(0)
        if above is not None:
            inside.addLayout(above)
        inside.addWidget(self._strip)
        inside.addWidget(self._stack, 1)
        return card

    def _join(self, actions: dict[str, Callable[[], Any]]) -> None:
        """Connects what is shared, and binds the page's keys to `actions`."""
        slots: dict[Any, Any] = {
            self.filter.rested: self.feed.narrow, self.filter.left_downwards: self.table.setFocus,
            self.model.chosen_changed: self._on_chosen_changed,
            self.feed.shown: self._on_shown, self.feed.counted: self._on_counted,
            self.stroke.progressed: self._on_progress, self.stroke.ended: self._on_stroke_ended,
            self.stroke.failed: self._on_failed, self._progress.cancelled: self.stroke.stop,
            self._tasks.changed: self._on_changed, self._tasks.changed_elsewhere: self.feed.refresh,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        shared = {"filter": self.filter.edit.setFocus, "undo": self.undo, "clear-chosen": self._on_escape}
        for name, action in (actions | shared).items():
            keys.bind(name, self, action, self.PAGE)
        every = QShortcut(QKeySequence(keys.PAGES[self.PAGE]["choose-all"].sequence), self.table)
        every.setContext(Qt.ShortcutContext.WidgetShortcut)
        every.activated.connect(self.choose_all)
        self._on_chosen_changed(0)
        self.setFocusProxy(self.table)

    # what a page says of itself

    def _nothing_words(self) -> tuple[str, str, str]:
        """Icon, title and text while the list that is shown is empty."""
        raise NotImplementedError

    def _show_actions(self) -> None:
        """Which buttons can be pressed now."""
        raise NotImplementedError

    def _on_counted(self, figures: Any) -> None:
        """Figures beside the list have been read."""
        raise NotImplementedError

    def _on_chosen_changed(self, count: int) -> None:
        """So many are chosen now."""
        raise NotImplementedError

    def _on_done(self, what: str, parts: list[Any], stopped: bool) -> None:
        """A stroke has ended: says so."""
        raise NotImplementedError

    def _on_undone(self, changed: Changed) -> None:
        """The last action was taken back."""
        raise NotImplementedError

    def _dismiss(self) -> bool:
        """Takes away what stands in the way of Esc; False when nothing does."""
        return False

    # what the window calls

    def arrive(self) -> None:
        """Comes to the front: reads what changed."""
        self.feed.wake()

    def leave(self) -> None:
        """Another page comes to the front."""
        self.feed.sleep()

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return bool(self._doing)

    # the list

    @Slot(int)
    def _on_shown(self, count: int) -> None:
        had_keyboard = self.table.hasFocus() or self._nothing.hasFocus()
        current = self.table if count else self._nothing
        self._stack.setCurrentWidget(current)
        self._say_nothing()
        self.setFocusProxy(current)
        if had_keyboard:
            current.setFocus()  # Qt would go on to the next button of the window, and no key of the page would work
        self._show_actions()

    def _say_nothing(self) -> None:
        """Why the list is empty, when it is."""
        if self._stack.currentWidget() is self.table:
            return
        icon, title, text = self._nothing_words()
        if self.feed.text():
            title = self.tr("Nobody here fits “%1”").replace("%1", self.feed.text())
            icon, text = "search", self.tr("Esc in the filter shows all of them again.")
        self._nothing.set(icon, title, text)
        self._nothing.setAccessibleName(title)
        self._nothing.setAccessibleDescription(text)

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _who: object) -> None:
        if changed.inquiries or changed.kinds - self.QUIET:
            self.feed.refresh()

    # who is chosen

    def _any_row(self) -> bool:
        return self._stack.currentWidget() is self.table and self.model.rowCount() > 0

    def _wanted(self) -> list[str]:
        """Who is chosen; nobody chosen: who is under the cursor."""
        chosen: list[str] = self.model.chosen()
        return chosen or ([self.table.current()] if self.table.current() and self._any_row() else [])

    @Slot()
    def choose_all(self) -> None:
        """Everybody on the list, as far as it has been read and beyond."""
        self.feed.read_all_ids(self._on_all_ids)

    def _on_all_ids(self, ids: list[str]) -> None:
        self.model.choose(ids)

    @Slot()
    def _on_escape(self) -> None:
        if self.filter.edit.hasFocus():
            if self.filter.text():
                self.filter.clear()
            else:
                self.setFocus()
        elif self.stroke.running():
            self.stroke.stop()
        elif not self._dismiss():
            self.model.choose(())

    # doing something with them

    def _begin(self, what: str, words: str, items: Sequence[Any], verb: Any, *given: Any) -> None:
        """One stroke: `words` are said of it while it goes on."""
        if items and not self.stroke.running():
            self._doing, self._stroke_of = what, (what, words)
            self.stroke.begin(items, verb, *given)
            self._show_actions()

    @Slot(int, int, float)
    def _on_progress(self, done: int, total: int, rate: float) -> None:
        left = (total - done) / rate if rate else 0
        right = self.tr("%1 a second · %2 left").replace("%1", f"{rate:,.0f}")
        right = right.replace("%2", times.timer(round(left * 1000)))
        self._progress.set(f"{self._stroke_of[1]} · {done:,} / {total:,}", right, done / total)
        self._strip.show()

    @Slot(list, bool)
    def _on_stroke_ended(self, parts: list[Any], stopped: bool) -> None:
        self._rest()
        self.model.choose(())
        self._on_done(self._stroke_of[0], parts, stopped)

    def _on_failed(self, error: ServiceError) -> None:
        self._rest()
        self.said.emit(str(error))

    def _rest(self) -> None:
        """Nothing is under way any more."""
        self._doing = ""
        self._strip.hide()
        self._show_actions()
        self.feed.refresh()

    def _on_refused(self, error: ServiceError) -> None:
        self._doing = ""
        self.said.emit(str(error))

    @Slot()
    def undo(self) -> None:
        """Takes the last action back: all that was done in one stroke at once."""
        if not self.stroke.running():
            self._tasks.act(_undo, then=self._on_undone, failed=self._on_refused)


def _undo(seat: Seat) -> Changed:
    from app.services import handoff  # on the writer thread: the first brings SQLAlchemy

    return handoff.undo(seat)
