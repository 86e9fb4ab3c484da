"""What reaches the process of a window from outside its pages: exceptions that nobody caught, and signals to end."""

from __future__ import annotations

import sys
import threading
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot
from PySide6.QtWidgets import QWidget


class Faults(QObject):
    """Brings exceptions that nobody caught, on any thread, to the window.

    Signals:
        happened: the exception.
    """

    happened = Signal(object)

    def install(self) -> None:
        """From now on; the hooks before are put back by `remove`."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread

    def remove(self) -> None:
        """Puts back what was there."""
        sys.excepthook, threading.excepthook = self._before

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if not issubclass(kind, Exception):
            self._before[0](kind, error, trace)
            return
        self.happened.emit(error.with_traceback(trace))

    def _on_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self._on_exception(given.exc_type, given.exc_value, given.exc_traceback)


class Signals(QObject):
    """Closes the window on SIGTERM and Ctrl+C, which Python else hears only after the next event."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        import signal
        import socket

        self._window = window
        self._ours, theirs = socket.socketpair()
        self._theirs = theirs
        for end in (self._ours, theirs):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._handlers = {one: signal.signal(one, _ignore) for one in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    @Slot()
    def _on_signal(self) -> None:
        self._ours.recv(64)
        self._window.close()

    def close(self) -> None:
        """Puts the handlers back."""
        import signal

        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for one, handler in self._handlers.items():
            signal.signal(one, handler)
        self._ours.close()
        self._theirs.close()


def _ignore(_number: int, _frame: object) -> None:
    """The wake-up does what is to be done."""
