"""Python's garbage is collected on the GUI thread alone.

A cycle may hold a widget or a timer, and Qt ends the process when such a thing goes on another thread. Python collects
on whichever thread happens to allocate; so it is told not to while there are workers, and a timer does it instead.
What the start has made stays as long as the window: it is left out, since looking through it takes three frames.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 3000


class Collector(QObject):
    """Collects now and then, on the thread that made it, until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._usual = gc.isenabled()
        self._frozen = False
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._on_time)
        self._timer.start()

    @Slot()
    def _on_time(self) -> None:
        if self._frozen:
            self.collect()
        else:
            gc.freeze()
            self._frozen = True

    @Slot()
    def collect(self) -> None:
        """Looks through the oldest generation that is due by Python's own thresholds."""
        due = [
            age
            for age, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > most
        ]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Python collects as usual again."""
        self._timer.stop()
        gc.unfreeze()
        if self._usual:
            gc.enable()
