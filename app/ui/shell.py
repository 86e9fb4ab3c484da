"""The window: the pages of an open home, or one page alone; what is said over them, and how it closes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.ui import keys, look, theme
from app.ui.pages import PAGES, PageKind
from app.ui.workspace import Workspace

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
        self._home: Home | None = None
        self._tasks: Tasks | None = None
        self._workspace: Workspace | None = None
        self._keys_wait = False  # no picture needs them
        self._answer: Callable[[], object] | None = None
        self._outer = QStackedWidget(self)
        self.setCentralWidget(self._outer)
        self._alone: QWidget | None = None
        self._crash: QWidget | None = None
        self._ring: QWidget | None = None
        self._toast: Toast | None = None
        self._help: QWidget | None = None
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
        self._workspace = work = Workspace(home, tasks, self._kinds, self._outer)
        self._outer.addWidget(work)  # empty still: a page that moves with it is styled twice
        work.remember_in(self._remembered)
        work.said.connect(self.say)
        work.undo_offered.connect(self._on_undo_offered)
        work.theme_chosen.connect(self.choose_theme)
        work.painted.connect(self._on_painted)
        self._keys_wait = work.begin_page(page)
        if not self._keys_wait:
            self._bind_keys()
            work.show_page(page)
        self._outer.setCurrentWidget(work)
        work.tell_of_paint()
        if self._alone is not None:
            self._outer.removeWidget(self._alone)
            self._alone.deleteLater()
            self._alone = None
        work.focus_page()

    @property
    def workspace(self) -> Workspace:
        """The pages of the home that is open."""
        assert self._workspace is not None
        return self._workspace

    @Slot(object)
    def show_hub(self, state: SyncState | None) -> None:
        """How things stand with the team."""
        if self._workspace is not None:
            self._workspace.show_hub(state)

    @Slot()
    def _on_painted(self) -> None:
        if self._keys_wait:
            self._keys_wait = False
            self._bind_keys()
        self.workspace.end_begun()
        self.show_ring()
        self.painted.emit()

    def _bind_keys(self) -> None:
        going = {kind.key: kind.name for kind in self._kinds.values() if kind.key}
        going |= {"capture": "capture", "settings": "settings", "import": "import"}
        for key, name in going.items():
            if name in self._kinds:
                keys.bind(key, self, partial(self.workspace.show_page, name), "window", WINDOW)
        keys.bind("help", self, self.show_keys, "window", WINDOW)

    # what is said

    def say(self, text: str, action: str = "", key: str = "", then: Callable[[], object] | None = None) -> None:
        """A toast, with a button that calls `then`."""
        from app.ui.widgets.toast import Toast

        if self._toast is None:
            self._toast = Toast(self)
            self._toast.acted.connect(self._on_toast_acted)
        self._answer = then
        self._toast.say(text, action, key)

    @Slot(str, object)
    def _on_undo_offered(self, text: str, undo: Callable[[], object]) -> None:
        self.say(text, self.tr("Undo"), keys.label("undo"), undo)

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
        current = self.workspace.current()
        self._help.show_for(current if current in keys.PAGES else "window")  # type: ignore[attr-defined]

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
        if self._workspace is not None:
            self._workspace.focus_page()
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

    def _remember(self) -> None:
        if self._remembered is None:
            return
        self._remembered.keep_window(self)
        if self._workspace is not None:
            self._workspace.keep_splitters()
        self._remembered.write()

    def save_drafts(self) -> None:
        """Every page hands its draft over."""
        self.about_to_close.emit()
        if self._workspace is not None:
            self._workspace.save_drafts()

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
