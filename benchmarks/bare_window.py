"""The floor of a start: a bare window of the same size, and then what every writer has to import."""

from __future__ import annotations

import sys
import time


def main(spawned: float) -> None:
    """`spawned`: time.monotonic() just before this process was made."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    from benchmarks.window import memory

    seen: dict[str, float] = {}

    def note(what: str) -> None:
        seen[what] = (time.monotonic() - spawned) * 1000
        seen[f"{what}_cpu"], seen[f"{what}_mib"] = time.process_time() * 1000, memory()

    class Window(QMainWindow):
        """Notes its first paint."""

        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            super().paintEvent(event)
            if "painted" not in seen:
                seen["painted"] = 0.0
                QTimer.singleShot(0, go_on)

    def go_on() -> None:
        note("painted")
        import sqlalchemy.orm  # noqa: F401

        note("usable")
        application.quit()

    application = QApplication(["bare"])
    window = Window()
    window.resize(1360, 850)
    window.show()
    application.exec()
    import json

    print(json.dumps(seen))


if __name__ == "__main__":
    main(float(sys.argv[1]))
