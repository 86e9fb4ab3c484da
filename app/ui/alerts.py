"""Tells what should be heard of at once: on the desktop, in the window, by a sound, and as numbers on the rail."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

if TYPE_CHECKING:
    from app.services.alerts import Alert
    from app.services.seat import Seat
    from app.ui.shell import Shell
    from app.ui.tasks import Tasks

EVERY_MS = 15_000  # callbacks become due by the clock alone
SOON_MS = 150  # after a change: several that come together are one look
SEPARATE = 2  # so many of a kind are told one by one; more are one sentence
SHOWN_MS = 10_000  # on the desktop, where it can be chosen
PAGE_OF = {"lead": "sales", "callback": "calls", "step": "sales", "limit": "desk"}


class Found(NamedTuple):
    """What is to be told, and how."""

    alerts: list[Alert]
    quiet: bool  # nobody wants to be disturbed
    sound: bool


class Alerts(QObject):
    """Looks after each change and now and then; each thing is told once, by one of the windows on a home.

    Signals:
        shown: title and text of what was just told.
    """

    shown = Signal(str, str)

    def __init__(self, shell: Shell, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shell, self._tasks = shell, tasks
        self._tray: QSystemTrayIcon | None = None
        self._last: tuple[str, str] = ("", "")  # page and inquiry of what was told last
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.look)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        tasks.changed.connect(self._on_changed)
        tasks.changed_elsewhere.connect(self._on_changed)

    def start(self) -> None:
        """Begins; to be called after the first paint."""
        self._tasks.act(_forget, background=True)
        self.look()
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Whether there is something to tell."""
        self._tasks.act(_news, then=self.tell, background=True)
        self._tasks.act(_limits, then=self.tell, background=True)
        self._tasks.read(_badges, then=self._on_badges, key="badges", slow=True)

    @Slot()
    def _on_changed(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot(object)
    def tell(self, found: Found) -> None:
        """Tells what was found; of more than a few of a kind one sentence."""
        if found.quiet or not found.alerts:
            return
        by_kind: dict[str, list[Alert]] = {}
        for alert in found.alerts:
            by_kind.setdefault(alert.kind, []).append(alert)
        for kind, some in by_kind.items():
            if len(some) > SEPARATE:
                self._tell(kind, self._together(kind, len(some)), some[-1].title, "")
            else:
                for alert in some:
                    self._tell(kind, alert.title, alert.text, alert.inquiry)
        if found.sound:
            QApplication.beep()

    def _together(self, kind: str, count: int) -> str:
        if kind == "lead":
            return self.tr("%n new leads", "", count)
        if kind == "callback":
            return self.tr("%n promised callbacks", "", count)
        if kind == "step":
            return self.tr("%n next steps with prospects", "", count)
        return self.tr("%n limits at risk", "", count)

    def _tell(self, kind: str, title: str, text: str, inquiry: str) -> None:
        page = PAGE_OF.get(kind, "calls")
        self._last = (page, inquiry)
        if self._desktop() is not None:
            self._desktop().showMessage(title, text, QSystemTrayIcon.MessageIcon.Information, SHOWN_MS)  # type: ignore[union-attr]
        self._shell.say(f"{title} · {text}", self.tr("Open"), "", partial(self.open, page, inquiry))
        self.shown.emit(title, text)

    def _desktop(self) -> QSystemTrayIcon | None:
        """The desktop's own notifications, where there are any."""
        if self._tray is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._tray.setToolTip("Winnow")
            self._tray.messageClicked.connect(self.open_last)
            self._tray.activated.connect(self.open_last)
            self._tray.show()
        return self._tray

    @Slot()
    def open_last(self) -> None:
        """What was told last, in the window that is then at the front."""
        self.open(*self._last)

    def open(self, page: str, inquiry: str) -> None:
        """Brings the window to the front, with this inquiry on its page."""
        self._shell.come_to_front()
        if not self._shell.workspace.has_page(page):
            page = "calls"
        self._shell.workspace.show_page(page)
        shown = self._shell.workspace.page(page)
        if inquiry and hasattr(shown, "open_inquiry"):
            shown.open_inquiry(inquiry)

    def _on_badges(self, counts: dict[str, int]) -> None:
        for page, count in counts.items():
            self._shell.workspace.set_badge(page, count)
        application: Any = QGuiApplication.instance()
        if hasattr(application, "setBadgeNumber"):
            application.setBadgeNumber(sum(counts.values()))


# On the writer thread, which imports what they need.


def found(seat: Seat, told: list[Alert]) -> Found:
    """Alerts that are marked as told, with how to tell them by the settings."""
    from app.services import alerts

    return Found(told, alerts.quiet(seat), seat.settings["alert-sound"] == "on")


def _news(seat: Seat) -> Found:
    from app.services import alerts

    return found(seat, alerts.news(seat))


def _limits(seat: Seat) -> Found:
    from app.services import alerts

    return found(seat, alerts.limits(seat))


def _forget(seat: Seat) -> None:
    from app.services import alerts

    alerts.forget(seat)


def _badges(seat: Seat) -> dict[str, int]:
    from app.services import alerts

    return alerts.badges(seat)
