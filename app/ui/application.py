"""Winnow in a window: opens or makes the home, shows the pages, and ends well."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.services.errors import Locked, ServiceError
from app.ui import look, theme
from app.ui.ahead import Ahead, is_home
from app.ui.garbage import Collector
from app.ui.opening import Opening
from app.ui.process import Faults, Signals
from app.ui.remembered import FILE, Remembered
from app.ui.shell import Shell
from app.ui.single_instance import SingleInstance
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.waiting import Waiting
    from app.ui.courier_thread import CourierThread
    from app.ui.hub_thread import HubThread
    from app.ui.setup.first_run_page import FirstRunPage, Wishes
    from app.ui.setup.unlock_page import UnlockPage

BLINK_S = 0.25  # a home that opens within this is shown without a state between
WARM_UP_MS, WARM_UP_TRIES = 20, 25  # half a second at most
COLLECT_MS = 3000  # after the start; until then `app.__main__` has stopped the collector
NETWORK_ENDS_S = 3.0  # how long closing waits for the hub, and for a letter on its way


class Application(QObject):
    """One window on one home.

    Signals:
        ready: the pages have been painted, and the writer is being warmed up.
    """

    ready = Signal()

    def __init__(self, path: Path, qt: QApplication, ahead: Ahead | None = None) -> None:
        super().__init__()
        self._path, self._qt, self._ahead = path, qt, ahead
        self._home: Home | None = None
        self._made: Home | None = None  # while its recovery code is shown
        self._then = "calls"
        self._instance: SingleInstance | None = None
        self._tasks: Tasks | None = None
        self._hub: HubThread | None = None
        self._courier: CourierThread | None = None
        self.shell = Shell()
        self.shell.painted.connect(self._on_painted)
        self.shell.about_to_close.connect(self._on_about_to_close)
        self.shell.closed.connect(self._on_closed)
        self._opening = Opening(self)
        self._opening.failed.connect(self._on_failed)
        self._opening.crashed.connect(self.shell.show_crash)
        self._opening.opened.connect(self._on_opened)
        self._probing = Opening(self)
        self.faults = Faults(self)
        self.faults.happened.connect(self.shell.show_crash, Qt.ConnectionType.QueuedConnection)
        qt.commitDataRequest.connect(self._on_session_end, Qt.ConnectionType.DirectConnection)

    def start(self) -> bool:
        """Shows the window; False when another has this home, which is then at the front."""
        if self._path.is_dir():
            self._instance = SingleInstance(self._path, self)
            if not self._instance.is_first() and self._instance.ask_first():
                return False
            self._instance.asked.connect(self.shell.come_to_front)
        look.apply(self._qt, self._remembered_theme())
        look.follow_system(self._qt)
        if self._path.is_dir():
            self.shell.remember_in(self._remembered())
        self._first_page()
        self.shell.show()
        if self._instance is not None and self._home is None:
            QTimer.singleShot(0, self._instance.listen)
        return True

    def _remembered(self) -> Remembered:
        return Remembered(self._path / FILE)

    def _remembered_theme(self) -> theme.Theme:
        name = self._remembered().theme() if (self._path / FILE).exists() else ""
        return theme.Theme(name) if name in set(theme.Theme) else theme.Theme.SYSTEM

    def _first_page(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is None and not is_home(self._path):
            self._ask_first_run()
        elif ahead is not None and ahead.wait(BLINK_S):
            if ahead.error is None:
                self._show_read_home(ahead.result)
            elif isinstance(ahead.error, ServiceError):
                self._on_failed(ahead.error)
            else:
                self.shell.show_crash(ahead.error)
        else:
            self._show_opening()
            self._opening.begin(ahead.fetch if ahead is not None else partial(bootstrap.open_home, self._path))

    # a home

    def _show_read_home(self, found: tuple[Home, Waiting]) -> None:
        self.show_home(found[0], self._then, found[1])

    def show_home(self, home: Home, page: str = "calls", rows: Waiting | None = None) -> None:
        """Shows the pages of an open home; `rows` were read while it was opened."""
        self._home = home
        home.seat.holder = f"window-{home.seat.holder}"  # so that the next window lets go of what a killed one held
        self._tasks = Tasks(home.seat, self)
        if rows is not None:
            self._tasks.offer("queue", rows)
        self._tasks.crashed.connect(self.shell.show_crash)
        self._tasks.changed_elsewhere.connect(self._on_settings_changed)
        if not home.throw_away:
            self._path = home.path
            self.shell.remember_in(self._remembered())
        self._on_settings_changed()
        self.shell.open_home(home, self._tasks, page)

    @Slot()
    def _on_settings_changed(self) -> None:
        """The look is a setting of the home; the file beside it only knows it earlier."""
        assert self._home is not None
        wanted = self._home.seat.settings["theme"]
        if wanted != theme.chosen().value:
            self.shell.choose_theme(wanted)

    @Slot()
    def _on_painted(self) -> None:
        """The page asks for the first call now; all else comes behind it."""
        self._warm_up(WARM_UP_TRIES)

    def _warm_up(self, tries: int) -> None:
        """Once the pages have what they asked for: what the writer imports would take the processor from them."""
        if self._tasks is None or self._home is None:
            return
        if tries and self._tasks.busy():
            QTimer.singleShot(WARM_UP_MS, partial(self._warm_up, tries - 1))
            return
        self._tasks.warm_up()
        self._start_beside(self._home, self._tasks)
        self.ready.emit()

    def _start_beside(self, home: Home, tasks: Tasks) -> None:
        """What neither the first paint nor the first call needs, nor what it imports."""
        from app.ui.alerts import Alerts
        from app.ui.background import Background
        from app.ui.courier_thread import CourierThread
        from app.ui.hub_thread import HubThread

        self._background = Background(tasks, self)
        self._alerts = Alerts(self.shell, tasks, self)
        self._hub = HubThread(home.seat, tasks, self)
        self._hub.told.connect(self.shell.show_hub)
        self._hub.sold.connect(self._alerts.tell)
        self._courier = CourierThread(home.seat, tasks, self)
        self._courier.troubled.connect(self._on_troubled)
        for beside in (self._background, self._alerts, self._hub, self._courier):
            beside.start()
        if self._instance is not None:
            self._instance.listen()

    @Slot(str)
    def _on_troubled(self, trouble: str) -> None:
        if trouble:
            self.shell.say(trouble)

    @Slot(object)
    def _on_opened(self, result: Any) -> None:
        if isinstance(result, tuple) and isinstance(result[1], str):
            self._show_code(*result)
        elif isinstance(result, tuple):
            self._show_read_home(result)
        else:
            self.show_home(result, self._then)

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        alone = self.shell.alone()
        if hasattr(alone, "set_wrong"):
            alone.set_wrong(str(error))  # type: ignore[union-attr]
        elif isinstance(error, Locked) and is_home(self._path):
            self._ask_passphrase()
        else:
            self._show_failure(error)

    def _show_failure(self, error: ServiceError) -> None:
        from PySide6.QtGui import QKeySequence, QShortcut

        from app.ui.setup import states

        state, again, leave = states.cannot_open(error)
        again.clicked.connect(self._on_again)
        leave.clicked.connect(self.shell.close)
        for keys, slot in ((("Return", "Enter"), self._on_again), (("Escape",), self.shell.close)):
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), state)
                shortcut.activated.connect(slot)
        state.setFocusProxy(again)
        self.shell.show_alone(state)

    @Slot()
    def _on_again(self) -> None:
        self._show_opening()
        self._opening.begin(partial(bootstrap.open_home, self._path))

    def _show_opening(self) -> None:
        from app.ui.setup import states

        self.shell.show_alone(states.opening())

    def _ask_passphrase(self) -> None:
        from app.ui.setup.unlock_page import UnlockPage

        page: UnlockPage = UnlockPage(str(self._path))
        page.given.connect(self._on_passphrase)
        self.shell.show_alone(page)

    @Slot(str)
    def _on_passphrase(self, words: str) -> None:
        self._opening.begin(partial(bootstrap.open_home, self._path, passphrase=words))

    # the first run

    def _ask_first_run(self) -> None:
        from app.ui.setup import new_home
        from app.ui.setup.first_run_page import FirstRunPage

        page: FirstRunPage = FirstRunPage()
        page.chosen.connect(self._on_wishes)
        self.shell.show_alone(page)
        self._probing.opened.connect(page.set_keyring)
        self._probing.begin(new_home.keyring_works)

    @Slot(object)
    def _on_wishes(self, wishes: Wishes) -> None:
        from app.ui.setup import new_home

        page = self.shell.alone()
        look = wishes.then == "look"
        if page is not None:
            page.set_busy(self.tr("Making up inquiries…") if look else self.tr("Preparing your home…"))  # type: ignore[attr-defined]
        self._then = {"import": "import", "capture": "capture"}.get(wishes.then, "calls")
        self._opening.begin(
            partial(new_home.look_around, wishes) if look else partial(new_home.make, self._path, wishes)
        )

    def _show_code(self, home: Home, code: str) -> None:
        from app.ui.setup.recovery_page import RecoveryPage

        self._made = home
        page = RecoveryPage(code)
        page.kept.connect(self._on_code_kept)
        self.shell.show_alone(page)
        if self._instance is None:
            self._instance = SingleInstance(home.path, self)
            self._instance.is_first()
            self._instance.asked.connect(self.shell.come_to_front)

    @Slot()
    def _on_code_kept(self) -> None:
        home, self._made = self._made, None
        if home is not None:
            self.show_home(home, self._then)

    # the end

    @Slot()
    def _on_session_end(self) -> None:
        """The desktop ends the session: drafts first, in the time that it gives."""
        self.shell.save_drafts()

    @Slot()
    def _on_about_to_close(self) -> None:
        """The conversation with the hub ends at its next word; the writer is still there for it."""
        for thread in (self._hub, self._courier):
            if thread is not None:
                thread.stop(0.0)

    @Slot(bool)
    def _on_closed(self, ended: bool) -> None:
        for thread in (self._hub, self._courier):
            ended = (thread is None or thread.stop(NETWORK_ENDS_S)) and ended
        home, self._home = self._home or self._made, None
        self._made = None
        if home is not None and ended:  # a thread that hangs holds the store; the system closes it with the process
            home.close()
        if self._instance is not None:
            self._instance.close()
        self._qt.quit()


def run(path: Path, ahead: Ahead | None = None) -> int:
    """Opens Winnow on a home and stays until its window is closed; gives the exit code."""
    qt = QApplication.instance() or QApplication(["winnow"])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("winnow")
    qt.setApplicationDisplayName("Winnow")
    qt.setDesktopFileName("winnow")
    application = Application(path, qt, ahead)
    if not application.start():
        if ahead is not None and ahead.wait(10) and ahead.result is not None:
            ahead.result[0].close()
        return 0
    QTimer.singleShot(COLLECT_MS, _keep_what_the_start_made)
    collector = Collector()
    application.faults.install()
    stop = Signals(application.shell)
    code = qt.exec()
    collector.stop()
    stop.close()
    application.faults.remove()
    return int(code)


def _keep_what_the_start_made() -> None:
    """Nearly all of it stays: the collector need not look through it again and again."""
    gc.freeze()
