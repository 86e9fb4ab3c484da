"""The window: the rail, the pages, the foot; before a home is open, one page alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui import keys, look, theme
from app.ui.pages import PAGES, PageKind
from app.ui.widgets.rail import Rail
from app.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.errors import ServiceError
    from app.services.team.syncer import SyncState
    from app.ui.remembered import Remembered
    from app.ui.tasks import Tasks
    from app.ui.widgets.toast import Toast

LEAST = (1024, 700)
USUAL = (1360, 850)
FINISH_S = 5.0  # how long closing waits for the writer
WINDOW = Qt.ShortcutContext.WindowShortcut


class _Workspace(QWidget):
    """Rail, pages and foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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


class Shell(QMainWindow):
    """One window from the first run to the end of the shift.

    Signals:
        painted: the first paint after a home was opened has been done.
        about_to_close: pages save their drafts now.
        closed: the window is gone; whether its tasks have ended.
    """

    painted = Signal()
    about_to_close = Signal()
    closed = Signal(bool)

    def __init__(self, remembered: Remembered | None = None, kinds: tuple[PageKind, ...] = PAGES) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.setWindowTitle("Winnow")
        self.setMinimumSize(*LEAST)
        self._remembered: Remembered | None = None
        # Winnow's own pages are all there, as a test knows: to look for each would cost the start a millisecond.
        self._kinds = {kind.name: kind for kind in kinds if kinds is PAGES or kind.exists()}
        self._pages: dict[str, QWidget] = {}
        self._home: Home | None = None
        self._tasks: Tasks | None = None
        self._workspace: _Workspace | None = None
        self._current = ""
        self._today: dict[str, str] = {}  # page -> what stands at the foot
        self._begun: tuple[str, QWidget] | None = None  # painted before its page is made
        self._waits_for_paint = False
        self._keys_wait = False  # no picture needs them
        self._answer: Callable[[], object] | None = None
        self._outer = QStackedWidget(self)
        self.setCentralWidget(self._outer)
        self._alone: QWidget | None = None
        self._crash: QWidget | None = None
        self._ring: QWidget | None = None
        self._toast: Toast | None = None
        self._help: QWidget | None = None
        self._hub_state: SyncState | None = None
        self.resize(*USUAL)
        if remembered is not None:
            self.remember_in(remembered)

    def remember_in(self, remembered: Remembered) -> None:
        """Keeps sizes there from now on, and takes those that it has."""
        self._remembered = remembered
        remembered.restore_window(self)

    # before a home is open, and instead of the pages

    def show_alone(self, page: QWidget) -> None:
        """One page over the whole window: first run, unlocking, a calm state; the one before is deleted."""
        before, self._alone = self._alone, page
        self._outer.addWidget(page)
        self._outer.setCurrentWidget(page)
        page.setFocus()
        self.show_ring()
        if before is not None and before is not page:
            self._outer.removeWidget(before)
            before.deleteLater()

    def alone(self) -> QWidget | None:
        """The page that is shown alone."""
        return self._alone

    def show_ring(self) -> None:
        """From now on a ring shows where the keyboard is; after the first paint, since it needs half of QStyle."""
        from app.ui.widgets.focus_ring import FocusRing

        if self._ring is None:
            self._ring = FocusRing(self)
            self._ring.hide()
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.focusChanged.emit(None, application.focusWidget())

    # with a home

    def open_home(self, home: Home, tasks: Tasks, page: str = "calls") -> None:
        """Shows the pages of a home."""
        self._home, self._tasks = home, tasks
        tasks.refused.connect(self.say_refusal)
        self._workspace = work = _Workspace(self._outer)
        self._outer.addWidget(work)  # empty still: a page that moves with it is styled twice
        for kind in self._kinds.values():
            if kind.text:
                work.rail.add(kind.name, kind.icon, QCoreApplication.translate("pages", kind.text), below=kind.below)
        work.rail.chosen.connect(self.show_page)
        self._say_alone()
        self._waits_for_paint = True
        self._keys_wait = self._begin_page(page)
        if not self._keys_wait:
            self._bind_keys()
            self.show_page(page)
        self._outer.setCurrentWidget(work)
        work.installEventFilter(self)
        if self._alone is not None:
            self._outer.removeWidget(self._alone)
            self._alone.deleteLater()
            self._alone = None
        self._focus_page()

    def _bind_keys(self) -> None:
        going = {kind.key: kind.name for kind in self._kinds.values() if kind.key}
        going |= {"capture": "capture", "settings": "settings", "import": "import"}
        for key, name in going.items():
            if name in self._kinds:
                keys.bind(key, self, partial(self.show_page, name), "window", WINDOW)
        keys.bind("help", self, self.show_keys, "window", WINDOW)

    def page(self, name: str) -> QWidget:
        """A page, built when it is first asked for.

        Raises:
            KeyError: there is no such page.
        """
        if name not in self._pages:
            assert self._home is not None and self._tasks is not None and self._workspace is not None
            begun = None
            if self._begun is not None and self._begun[0] == name:
                (_, begun), self._begun = self._begun, None
            made = self._kinds[name].build(self._home.seat, self._tasks, self._workspace.stack, begun)
            self._pages[name] = made
            self._workspace.stack.addWidget(made)
            self._connect(name, made)
            self._restore_splitters(name, made)
            if self._hub_state is not None:
                _call(made, "set_hub", self._hub_state)
        return self._pages[name]

    def _begin_page(self, name: str) -> bool:
        """Whether there is something to paint before the page itself is made, or what it needs imported."""
        assert self._tasks is not None and self._workspace is not None
        first = self._kinds[name].begin(self._tasks, self._workspace.stack) if name in self._kinds else None
        if first is None:
            return False
        self._begun = (name, first)
        if self._restore_splitters(name, first):
            _call(first, "keep_sizes")
        self._workspace.stack.addWidget(first)
        self._workspace.rail.set_current(name)
        return True

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Brings a page to the front; without a page of calls, what stands for it."""
        assert self._workspace is not None
        if name not in self._kinds:
            name = "calls" if name == "calls" else self._current
        if name == "calls" and "calls" not in self._kinds:
            self._pages.setdefault(name, self._place_holder())
        page = self.page(name)
        before = self._pages.get(self._current)
        if before is not None and before is not page:
            _call(before, "leave")
        self._current = name
        self._workspace.stack.setCurrentWidget(page)
        marked = name if name in self._kinds and self._kinds[name].text else "capture"
        if marked in self._kinds:
            self._workspace.rail.set_current(marked)
        self._workspace.status.set_today(self._today.get(name, self._today.get("calls", "")))
        _call(page, "arrive")
        self._focus_page(arrived=before is not page)

    def _on_today(self, name: str, text: str) -> None:
        """A page's figures stand at the foot while it is shown; those of the calls where a page has none."""
        self._today[name] = text
        if self._workspace is not None and (name == self._current or self._current not in self._today):
            self._workspace.status.set_today(text)

    def has_page(self, name: str) -> bool:
        """Whether this Winnow has the page."""
        return name in self._kinds

    def set_badge(self, name: str, count: int) -> None:
        """How much waits on a page, beside its icon."""
        if self._workspace is not None:
            self._workspace.rail.set_count(name, count)

    def _say_alone(self) -> None:
        """Where what is kept stands, without a team."""
        assert self._home is not None and self._workspace is not None
        if self._home.throw_away:
            self._workspace.status.set_state(self.tr("Made-up inquiries to look around: nothing is kept"), "soon")
        else:
            self._workspace.status.set_state(self.tr("Everything is kept here, encrypted"))

    @Slot(object)
    def show_hub(self, state: SyncState | None) -> None:
        """How things stand with the team, at the foot; pages that want to know are told."""
        from app.ui import hub_words

        assert self._home is not None
        if self._workspace is None:
            return
        if state is None:
            self._say_alone()
        else:
            self._workspace.status.set_state(*hub_words.foot(state, self._home.seat.now()))
        self._hub_state = state
        for page in self._pages.values():
            _call(page, "set_hub", state)

    def current(self) -> str:
        """The name of the page that is shown."""
        return self._current

    def _focus_page(self, *, arrived: bool = False) -> None:
        """Puts the keyboard where the page wants it: Qt itself chooses the first button of a page that comes up."""
        page = self._pages.get(self._current)
        if page is None:
            return
        if not page.isAncestorOf(self.focusWidget() or self) or (arrived and page.focusProxy() is not None):
            page.setFocus()

    def _place_holder(self) -> QWidget:
        from app.ui.setup import states

        state, take, capture = states.nothing_yet()
        take.setVisible("import" in self._kinds)
        take.clicked.connect(self._on_import_wanted)
        capture.clicked.connect(self._on_capture_wanted)
        assert self._workspace is not None
        self._workspace.stack.addWidget(state)
        return state

    def _connect(self, name: str, page: QWidget) -> None:
        assert self._workspace is not None
        slots: dict[str, Callable[..., object]] = {
            "said": self.say,
            "undo_offered": lambda text: self.say(text, self.tr("Undo"), keys.label("undo"), getattr(page, "undo")),  # noqa: B009
            "today_changed": partial(self._on_today, name),
            "call_shown": self._workspace.status.set_call,
            "head_back": lambda: self.show_page("calls" if name != "import" else "capture"),
            "import_wanted": self._on_import_wanted,
            "capture_wanted": self._on_capture_wanted,
            "calls_wanted": self._on_calls_wanted,
            "qualify_wanted": self.open_inquiry,
            "open_wanted": self.open_inquiry,
            "theme_chosen": self.choose_theme,
        }
        for signal, slot in slots.items():
            if hasattr(page, signal):
                getattr(page, signal).connect(slot)

    @Slot(str)
    def open_inquiry(self, inquiry_id: str) -> None:
        """Shows Calls with this inquiry."""
        self.show_page("calls")
        _call(self._pages["calls"], "open_inquiry", inquiry_id)

    @Slot()
    def _on_import_wanted(self) -> None:
        self.show_page("import")

    @Slot()
    def _on_capture_wanted(self) -> None:
        self.show_page("capture")

    @Slot()
    def _on_calls_wanted(self) -> None:
        self.show_page("calls")

    @Slot()
    def _on_painted(self) -> None:
        if self._begun is not None:
            QTimer.singleShot(0, self._on_shown)  # once more through the loop: what was painted reaches the screen
        else:
            self._on_shown()

    @Slot()
    def _on_shown(self) -> None:
        if self._keys_wait:
            self._keys_wait = False
            self._bind_keys()
        if self._begun is not None and self._tasks is not None:
            self.show_page(self._begun[0])
        self.show_ring()
        self.painted.emit()

    # what is said

    def say(self, text: str, action: str = "", key: str = "", then: Callable[[], object] | None = None) -> None:
        """A toast, with a button that calls `then`."""
        from app.ui.widgets.toast import Toast

        if self._toast is None:
            self._toast = Toast(self)
            self._toast.acted.connect(self._on_toast_acted)
        self._answer = then
        self._toast.say(text, action, key)

    @Slot(object)
    def say_refusal(self, error: ServiceError) -> None:
        """A refusal that no page shows by itself."""
        self.say(str(error))

    @Slot()
    def _on_toast_acted(self) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            answer()

    @Slot()
    def show_keys(self) -> None:
        """All keys of the page that is shown."""
        from app.ui.widgets.key_help import KeyHelp

        if self._help is None:
            self._help = KeyHelp(self)
        self._help.show_for(self._current if self._current in keys.PAGES else "window")  # type: ignore[attr-defined]

    @Slot(str)
    def choose_theme(self, name: str) -> None:
        """Light, dark or system, at once."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            look.apply(application, theme.Theme(name))
        if self._remembered is not None:
            self._remembered.keep_theme(name)

    @Slot(object)
    def show_crash(self, error: BaseException) -> None:
        """The page for a fault of the program; drafts are saved first."""
        from app import crash_report
        from app.ui.crash_page import CrashPage

        text = crash_report.report(error)
        logged = self._home is not None and not self._home.throw_away
        if logged and self._home is not None:
            crash_report.keep(self._home.path, text)
        if self._crash is None:
            self.save_drafts()
            page = CrashPage(self)
            page.went_on.connect(self._on_went_on)
            page.quit_wanted.connect(self.close)
            self._outer.addWidget(page)
            self._crash = page
        self._outer.setCurrentWidget(self._crash)
        self._crash.show_report(text, logged=logged)  # type: ignore[attr-defined]

    @Slot()
    def _on_went_on(self) -> None:
        crash, self._crash = self._crash, None
        under = self._workspace or self._alone
        if under is not None:
            self._outer.setCurrentWidget(under)
            self._focus_page()
        if crash is not None:
            self._outer.removeWidget(crash)
            crash.deleteLater()

    # the window itself

    @Slot()
    def come_to_front(self) -> None:
        """Somebody started Winnow again: here it is."""
        if self.isMinimized():
            self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    def _restore_splitters(self, name: str, page: QWidget) -> bool:
        """Whether somebody had moved any of them."""
        remembered = self._remembered
        return remembered is not None and remembered.restore_splitters(name, _call(page, "splitters") or {})

    def _remember(self) -> None:
        if self._remembered is None:
            return
        self._remembered.keep_window(self)
        for name, page in self._pages.items():
            self._remembered.keep_splitters(name, _call(page, "splitters") or {})
        self._remembered.write()

    def save_drafts(self) -> None:
        """Every page hands its draft over, each for itself: one that fails keeps no other from it."""
        from app import crash_report

        self.about_to_close.emit()
        for page in self._pages.values():
            try:
                _call(page, "flush")
            except Exception as error:  # noqa: BLE001 - kept in the log; the window is closing or already says more
                if self._home is not None:
                    crash_report.keep(self._home.path, crash_report.report(error))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Saves drafts and sizes, and waits for the writer, though not for ever."""
        ended = True
        if self._tasks is not None:
            self.save_drafts()
            ended = self._tasks.finish(FINISH_S)
            self._tasks = None
        self._remember()
        event.accept()
        self.closed.emit(ended)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notices the first paint of the pages."""
        if self._waits_for_paint and watched is self._workspace and event.type() == QEvent.Type.Paint:
            self._waits_for_paint = False
            self._workspace.removeEventFilter(self)
            QTimer.singleShot(0, self._on_painted)
        return super().eventFilter(watched, event)


def _call(page: QWidget, name: str, *given: Any) -> Any:
    """Calls what a page may have."""
    method = getattr(page, name, None)
    return method(*given) if callable(method) else None
