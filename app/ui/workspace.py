"""The pages of an open home, with the rail that leads to them and the foot below them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui.widgets.rail import Rail
from app.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.team.syncer import SyncState
    from app.ui.pages import PageKind
    from app.ui.remembered import Remembered
    from app.ui.tasks import Tasks


class Workspace(QWidget):
    """Makes a page when it is first asked for, and joins it to the others; `app/ui/pages.py` says what a page is.

    Signals:
        painted: its first paint has reached the screen.
        said: a text for a toast. undo_offered: the same, and what takes it back.
        theme_chosen: light, dark or system.
    """

    painted = Signal()
    said = Signal(str)
    undo_offered = Signal(str, object)
    theme_chosen = Signal(str)

    def __init__(self, home: Home, tasks: Tasks, kinds: dict[str, PageKind], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home, self._tasks, self._kinds = home, tasks, kinds
        self._remembered: Remembered | None = None
        self._pages: dict[str, QWidget] = {}
        self._begun: tuple[str, QWidget] | None = None  # painted before its page is made
        self._current = ""
        self._today: dict[str, str] = {}  # page -> what stands at the foot
        self._hub_state: SyncState | None = None
        self.rail = Rail(self)
        self.stack = QStackedWidget(self)
        self.status = StatusBar(self)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        for kind in kinds.values():
            if kind.text:
                self.rail.add(kind.name, kind.icon, QCoreApplication.translate("pages", kind.text), below=kind.below)
        self.rail.chosen.connect(self.show_page)
        self._say_alone()

    def remember_in(self, remembered: Remembered | None) -> None:
        """Where the panes of pages were, and will be."""
        self._remembered = remembered

    # its pages

    def has_page(self, name: str) -> bool:
        """Whether this Winnow has the page."""
        return name in self._kinds

    def current(self) -> str:
        """The name of the page that is shown."""
        return self._current

    def page(self, name: str) -> QWidget:
        """A page, built when it is first asked for.

        Raises:
            KeyError: there is no such page.
        """
        if name not in self._pages:
            begun = None
            if self._begun is not None and self._begun[0] == name:
                (_, begun), self._begun = self._begun, None
            made = self._kinds[name].build(self._home.seat, self._tasks, self.stack, begun)
            self._pages[name] = made
            self.stack.addWidget(made)
            self._connect(name, made)
            self._restore_splitters(name, made)
            if begun is None:  # what is painted first is in its order, and has no time for this
                from app.ui import tab_order

                tab_order.begin_with_proxy(made)
            if self._hub_state is not None:
                _call(made, "set_hub", self._hub_state)
        return self._pages[name]

    def begin_page(self, name: str) -> bool:
        """Whether there is something to paint before the page itself is made, or what it needs imported."""
        first = self._kinds[name].begin(self._tasks, self.stack) if name in self._kinds else None
        if first is None:
            return False
        self._begun = (name, first)
        if self._restore_splitters(name, first):
            _call(first, "keep_sizes")
        self.stack.addWidget(first)
        self.rail.set_current(name)
        return True

    def end_begun(self) -> None:
        """Makes the page of which something was painted."""
        if self._begun is not None:
            self.show_page(self._begun[0])

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Brings a page to the front; without a page of calls, what stands for it."""
        if name not in self._kinds:
            name = "calls" if name == "calls" else self._current
        if name == "calls" and "calls" not in self._kinds:
            self._pages.setdefault(name, self._place_holder())
        page = self.page(name)
        before = self._pages.get(self._current)
        if before is not None and before is not page:
            _call(before, "leave")
        self._current = name
        self.stack.setCurrentWidget(page)
        marked = name if name in self._kinds and self._kinds[name].text else "capture"
        if marked in self._kinds:
            self.rail.set_current(marked)
        self.status.set_today(self._today.get(name, self._today.get("calls", "")))
        _call(page, "arrive")
        self.focus_page(arrived=before is not page)

    def focus_page(self, *, arrived: bool = False) -> None:
        """Puts the keyboard where the page wants it: Qt itself chooses the first button of a page that comes up."""
        page = self._pages.get(self._current)
        if page is None:
            return
        if not page.isAncestorOf(self.window().focusWidget() or self) or (arrived and page.focusProxy() is not None):
            page.setFocus()

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Shows Calls with this inquiry."""
        self.show_page("calls")
        _call(self._pages["calls"], "open_inquiry", inquiry_id)

    def _place_holder(self) -> QWidget:
        from app.ui.setup import states

        state, take, capture = states.nothing_yet()
        take.setVisible("import" in self._kinds)
        take.clicked.connect(self._on_import_wanted)
        capture.clicked.connect(self._on_capture_wanted)
        self.stack.addWidget(state)
        return state

    def _connect(self, name: str, page: QWidget) -> None:
        slots: dict[str, Any] = {
            "said": self.said,
            "undo_offered": lambda text: self.undo_offered.emit(text, getattr(page, "undo")),  # noqa: B009
            "today_changed": partial(self._on_today, name),
            "call_shown": self.status.set_call,
            "head_back": lambda: self.show_page("calls" if name != "import" else "capture"),
            "import_wanted": self._on_import_wanted,
            "capture_wanted": self._on_capture_wanted,
            "calls_wanted": self._on_calls_wanted,
            "qualify_wanted": self.open_inquiry,
            "open_wanted": self.open_inquiry,
            "theme_chosen": self.theme_chosen,
        }
        for signal, slot in slots.items():
            if hasattr(page, signal):
                getattr(page, signal).connect(slot)

    @Slot()
    def _on_import_wanted(self) -> None:
        self.show_page("import")

    @Slot()
    def _on_capture_wanted(self) -> None:
        self.show_page("capture")

    @Slot()
    def _on_calls_wanted(self) -> None:
        self.show_page("calls")

    # rail and foot

    def set_badge(self, name: str, count: int) -> None:
        """How much waits on a page, beside its icon."""
        self.rail.set_count(name, count)

    def show_hub(self, state: SyncState | None) -> None:
        """How things stand with the team, at the foot; pages that want to know are told."""
        from app.ui import hub_words

        if state is None:
            self._say_alone()
        else:
            self.status.set_state(*hub_words.foot(state, self._home.seat.now()))
        self._hub_state = state
        for page in self._pages.values():
            _call(page, "set_hub", state)

    def _say_alone(self) -> None:
        """Where what is kept stands, without a team."""
        if self._home.throw_away:
            self.status.set_state(self.tr("Made-up inquiries to look around: nothing is kept"), "soon")
        else:
            self.status.set_state(self.tr("Everything is kept here, encrypted"))

    def _on_today(self, name: str, text: str) -> None:
        """A page's figures stand at the foot while it is shown; those of the calls where a page has none."""
        self._today[name] = text
        if name == self._current or self._current not in self._today:
            self.status.set_today(text)

    # what is kept

    def save_drafts(self) -> None:
        """Every page hands its draft over, each for itself: one that fails keeps no other from it."""
        from app import crash_report

        for page in self._pages.values():
            try:
                _call(page, "flush")
            except Exception as error:  # noqa: BLE001 - kept in the log; the window is closing or already says more
                crash_report.keep(self._home.path, crash_report.report(error))

    def keep_splitters(self) -> None:
        """Remembers where the panes of the pages are."""
        for name, page in self._pages.items() if self._remembered is not None else ():
            self._remembered.keep_splitters(name, _call(page, "splitters") or {})  # type: ignore[union-attr]

    def _restore_splitters(self, name: str, page: QWidget) -> bool:
        """Whether somebody had moved any of them."""
        remembered = self._remembered
        return remembered is not None and remembered.restore_splitters(name, _call(page, "splitters") or {})

    # the first paint

    def tell_of_paint(self) -> None:
        """From now on its next paint is noticed: earlier, each step of its making would come by here."""
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notices one paint of its own."""
        if event.type() == QEvent.Type.Paint:
            self.removeEventFilter(self)
            QTimer.singleShot(0, self._on_painted)
        return super().eventFilter(watched, event)

    @Slot()
    def _on_painted(self) -> None:
        if self._begun is not None:
            QTimer.singleShot(0, self._on_shown)  # once more through the loop: what was painted reaches the screen
        else:
            self._on_shown()

    @Slot()
    def _on_shown(self) -> None:
        self.painted.emit()


def _call(page: QWidget, name: str, *given: Any) -> Any:
    """Calls what a page may have."""
    method = getattr(page, name, None)
    return method(*given) if callable(method) else None
