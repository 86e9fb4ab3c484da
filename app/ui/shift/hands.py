"""The hands of a shift: the real window, and the keys that are sent to whatever has the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services.errors import ServiceError
from app.ui import keys, look, theme
from app.ui.background import Background
from app.ui.hub_thread import HubThread
from app.ui.shell import Shell
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.team.syncer import SyncState
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.calls_page import CallsPage

PATIENCE_MS = 30_000  # how long a key may take; far more than it needs, on a busy machine too
LOOK_MS = 2
TEAM_MS = 5_000  # how long nobody may be on the page before the hub has given somebody
HUB_ENDS_S = 3.0
Told = Callable[[dict[str, Any]], None]


class ShiftFailed(ServiceError):
    """The window did not do what a key should do."""

    code = "shift_failed"


class _Phone(QObject):
    """Takes the calls that are dialled, so that a shift rings nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.dialled: list[str] = []

    @Slot(QUrl)
    def dial(self, url: QUrl) -> None:
        self.dialled.append(url.toString())


class Hands(QObject):
    """One window and the hands on its keyboard; `kept` is what the store has acknowledged: what, and whose."""

    def __init__(self, application: QApplication, home: Home, told: Told | None) -> None:
        super().__init__()
        self.application, self._told = application, told
        home.seat.holder = f"window-{home.seat.holder}"
        self.kept: list[tuple[str, str]] = []
        self._crash: BaseException | None = None
        self._phone = _Phone()
        self._scheme = home.seat.settings["dial"].partition(":")[0]
        QDesktopServices.setUrlHandler(self._scheme, self._phone, "dial")  # type: ignore[arg-type]  # it takes text alone
        look.apply(application, theme.Theme.LIGHT)
        self.shell = Shell()
        self.tasks = Tasks(home.seat)
        self.tasks.crashed.connect(self._on_crashed)
        self.shell.painted.connect(self._on_painted)
        self.shell.open_home(home, self.tasks)
        self.shell.show()
        self.shell.activateWindow()
        self.page: CallsPage = self.shell.workspace.page("calls")  # type: ignore[assignment]
        self.page.acknowledged.connect(self._on_kept)
        self._heard_of_hub = self.in_team = False
        self._hub = HubThread(home.seat, self.tasks, self)
        self._hub.told.connect(self.shell.show_hub)
        self._hub.told.connect(self._on_hub)

    def end(self) -> None:
        """Closes the window as a person would, and waits for what it still keeps."""
        QDesktopServices.unsetUrlHandler(self._scheme)
        self._hub.stop(0.0)
        self.shell.close()
        self._hub.stop(HUB_ENDS_S)
        self.shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @Slot()
    def _on_painted(self) -> None:
        self.tasks.warm_up()
        Background(self.tasks, self).start()
        self._hub.start()

    @Slot(object)
    def _on_hub(self, state: SyncState | None) -> None:
        self.in_team = state is not None
        self._heard_of_hub = state is None or state.standing.value != "starting"

    @Slot(object)
    def _on_crashed(self, error: BaseException) -> None:
        self._crash = error

    @Slot(str, str)
    def _on_kept(self, what: str, inquiry: str) -> None:
        self.kept.append((what, inquiry))
        self.tell({"kept": what, "inquiry": inquiry})

    # keys

    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self.shell

    def press(self, name: str, page: str = "calls") -> str:
        """Presses a key of the registry; gives how it is called in a sentence."""
        key = keys.PAGES.get(page, {}).get(name)
        sequence = QKeySequence(key.sequence) if key is not None else QKeySequence()
        if key is None or sequence.isEmpty():
            raise ShiftFailed(f"There is no key for “{name}” any more.", todo="Bind it in app/ui/keys.py.")
        self.send(sequence)
        return f"{keys.cap(key.sequence)} ({key.text})"

    def send(self, sequence: QKeySequence) -> None:
        """Presses keys as they are written."""
        combination = sequence[0]  # type: ignore[index]  # the stub does not know
        QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        """Types words into what has the keyboard."""
        for letter in text:
            QTest.keyClicks(self._target(), letter)

    def until(self, condition: Callable[[], bool], sentence: str) -> None:
        """Waits, while the window lives, until something is so; it paints at least once.

        Raises:
            ShiftFailed: with the sentence, when it does not become so.
        """
        loop, look, end = QEventLoop(), QTimer(interval=LOOK_MS), QTimer(singleShot=True, interval=PATIENCE_MS)
        came = False

        def see() -> None:
            nonlocal came
            came = came or condition()  # once is enough: a moment later something else may be under way
            if came or self._crash is not None:
                loop.quit()

        look.timeout.connect(see)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        loop.exec()
        look.stop()
        if self._crash is not None:
            raise self._crash
        if not came:
            raise ShiftFailed(sentence, kept="Everything that the window acknowledged is kept.")

    def does(self, name: str, effect: Callable[[], bool], what: str, page: str = "calls") -> None:
        """Presses a key and waits for its effect."""
        if effect():
            raise ShiftFailed(f"Before “{name}” was pressed, {what} already.")
        called = self.press(name, page)
        self.until(effect, f"Pressing {called} did nothing: it should have been so that {what}.")

    def call(self) -> CallInHand:
        call = self.page.in_hand()
        if call is None:
            raise ShiftFailed("Nobody is on the call page.")
        return call

    def _settled(self) -> bool:
        return not self.page.busy() and self.page.idle() != "opening" and not self.page.asking.open()

    def rest(self) -> None:
        self.until(lambda: self._settled() and self.is_quiet(), "The window does not come to rest.")

    def is_quiet(self) -> bool:
        """Whether everything asked for is here; in a team there is always something on its way."""
        return self.in_team or not self.tasks.busy()

    def shows_page(self, name: str) -> bool:
        """Whether a page is in front."""
        return self.shell.workspace.current() == name

    # what is waited for

    def begin(self) -> None:
        """Until the first inquiry is there, or it is said that nobody is.

        Raises:
            ShiftFailed: neither came.
        """
        self.until(
            lambda: self.page.in_hand() is not None or self.page.idle() in {"nothing", "nobody"},
            "The first inquiry did not come.",
        )
        self.until(lambda: self._heard_of_hub, "The hub says nothing.")
        self.wait_for_the_hub()

    def tell(self, what: dict[str, Any]) -> None:
        """To whoever watches the shift."""
        if self._told is not None:
            self._told(what)

    def wait_for_the_hub(self) -> None:
        """In a team somebody may still be on their way from the hub."""
        if self.in_team and self.page.in_hand() is None:
            end = time.monotonic() + TEAM_MS / 1000
            self.until(lambda: self.page.in_hand() is not None or time.monotonic() > end, "The hub gave nobody.")
            self.until(lambda: not self.page.busy(), "The next inquiry did not come.")
