"""Winnow's window as it starts, in this process; told when its queue is painted and when it can be worked.

Nothing is imported here that Winnow itself does not import: it would count.
"""

from __future__ import annotations

import sys
import time


def main(spawned: float, home: str, key: str, now: int, stays: int = 0) -> None:
    """`spawned`: time.monotonic() just before this process was made; `now`: what the clock says then.

    `stays`: milliseconds, after the first call is in hand.
    """
    import gc
    from pathlib import Path

    gc.disable()  # as app.__main__ does
    from app.ui import ahead as work_ahead

    work_ahead.import_msgspec()  # as its `begin` does, which follows
    from app import bootstrap

    def opened(path: Path, **_: object) -> bootstrap.Home:
        clock = lambda: now + int((time.monotonic() - spawned) * 1000)  # noqa: E731
        return bootstrap._open(path, bytes.fromhex(key), clock)

    bootstrap.open_home = opened  # type: ignore[assignment]  # the key is at hand; all else is as `winnow` does it
    from app.ui import pyside

    pyside.begin_alone()  # as app.__main__ does
    path, ahead = work_ahead.begin(home)
    pyside.begin()
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QTableView

    from app.ui.application import Application

    class Watch(QObject):
        """Notes the moments; what is noted costs less than a tenth of a millisecond."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: dict[str, float] = {}

        def follow(self) -> None:
            self.list = application.shell.findChild(QTableView)
            self.rows = self.list.model().rowCount
            application.shell.workspace.installEventFilter(self)  # to ask Qt for the list's own would cost 10 ms
            application.shell.painted.connect(self.go_on)

        def go_on(self) -> None:
            self.page = application.shell.workspace.page("calls")
            self.page.shown.connect(lambda _: QTimer.singleShot(0, self.usable))

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint and self.rows() and "painted" not in self.seen:
                self.note("painted")  # the handlers of this event come after: 2 to 3 ms
                QTimer.singleShot(0, lambda: self.note("painted"))
            return False

        def usable(self) -> None:
            if "usable" not in self.seen and self.page.in_hand() is not None:
                self.note("usable")
                QTimer.singleShot(stays, self.leave)

        def leave(self) -> None:
            self.note("left")
            application.shell.close()

        def note(self, what: str) -> None:
            self.seen |= {
                what: (time.monotonic() - spawned) * 1000,
                f"{what}_cpu": time.process_time() * 1000,
                f"{what}_mib": memory(),
            }

    qt = QApplication(["winnow"])
    application = Application(path, qt, ahead)
    watch = Watch()
    show_home = application.show_home

    def shown(*given: object) -> None:
        show_home(*given)  # type: ignore[arg-type]
        watch.follow()

    application.show_home = shown  # type: ignore[method-assign]
    application.start()
    QTimer.singleShot(60_000 + stays, qt.quit)
    qt.exec()
    import json

    print(json.dumps(watch.seen))


def memory() -> float:
    """MiB in use now."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123 - pathlib may not be imported yet
            return int(statm.read().split()[1]) * 4 / 1024
    except OSError:
        return 0.0


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), *map(int, sys.argv[5:]))
