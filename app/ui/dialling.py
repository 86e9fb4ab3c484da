"""Dialling through the system, and how long the call has lasted."""

from __future__ import annotations

import time
from urllib.parse import quote

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from app.ui import times


def address(template: str, number: str) -> str:
    """The address that the system opens, such as `tel:+442079460012`.

    `{e164}` is the number as it is, `{digits}` without its plus.
    """
    plain = quote(number, safe="+")
    return template.replace("{e164}", plain).replace("{digits}", plain.lstrip("+"))


class Dialling(QObject):
    """One call at a time.

    Signals:
        shown: the running call for the foot of the window, such as `Call 03:41`; empty when none runs.
    """

    shown = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since: float | None = None
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._on_time)

    def dial(self, template: str, number: str) -> bool:
        """Hands the number to the system and starts the clock; False where nothing opens such addresses."""
        self._since = time.monotonic()
        self._timer.start()
        self._on_time()
        return QDesktopServices.openUrl(QUrl(address(template, number)))

    def stop(self) -> int:
        """Ends the clock; gives whole seconds, 0 when no call ran."""
        seconds = self.seconds()
        self._since = None
        self._timer.stop()
        self.shown.emit("")
        return seconds

    def seconds(self) -> int:
        """How long the call has lasted."""
        return 0 if self._since is None else max(1, int(time.monotonic() - self._since))

    def runs(self) -> bool:
        """Whether a call is under way."""
        return self._since is not None

    @Slot()
    def _on_time(self) -> None:
        if self._since is not None:
            passed = int((time.monotonic() - self._since) * 1000)
            self.shown.emit(self.tr("Call %s") % times.timer(passed))
