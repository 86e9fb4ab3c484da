"""Opens or makes a home beside the window: keyring, key derivation and migration may take seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.services.errors import ServiceError


class _Relay(QObject):
    """Carries the result to the GUI thread; the thread holds it."""

    done = Signal(object, object)


class Opening(QObject):
    """One piece of work on a home at a time.

    Signals:
        opened: what the work gave, such as a `Home`, or a `Home` with its recovery code.
        failed: the ServiceError.
        crashed: any other exception.
    """

    opened = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._relay = _Relay()
        self._relay.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self._busy = False

    def busy(self) -> bool:
        """Whether work is under way."""
        return self._busy

    def begin(self, work: Callable[[], Any]) -> None:
        """Runs `work` on a thread of its own; nothing happens while other work is under way."""
        if self._busy:
            return
        self._busy = True
        threading.Thread(target=_carry, args=(work, self._relay), name="opening", daemon=True).start()

    @Slot(object, object)
    def _on_done(self, result: Any, error: Exception | None) -> None:
        self._busy = False
        if error is None:
            self.opened.emit(result)
        elif isinstance(error, ServiceError):
            self.failed.emit(error)
        else:
            self.crashed.emit(error)


def _carry(work: Callable[[], Any], relay: _Relay) -> None:
    try:
        result, error = work(), None
    except Exception as caught:  # noqa: BLE001 - it is delivered, and shown by the window
        result, error = None, caught
    relay.done.emit(result, error)
