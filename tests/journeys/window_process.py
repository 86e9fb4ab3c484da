"""One person's window, in a process of its own: it does what it is told on standard input, and says what it shows.

`python -m tests.journeys.window_process HOME CLOCK_OFFSET_MS`. Each line is one request, as JSON: `["look"]`,
`["press", key, page]`, `["send", sequence]`, `["type", text]`, `["close"]`; each answer is one line, what is seen then.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.services.seat import wall_clock
from app.services.team import connecting
from app.ui import keys
from app.ui.application import Application
from app.ui.widgets.toast import Toast
from tests.services.made_up import KEY


class Person(QObject):
    """Hands and eyes at the window."""

    def __init__(self, qt: QApplication, home: Path, offset: int) -> None:
        super().__init__()
        self._application = Application(home, qt)
        self._application.shell.show()
        opened = bootstrap._open(home, KEY, lambda: wall_clock() + offset)
        self._application.show_home(opened)
        self.shell = self._application.shell
        self.shell.activateWindow()
        self.told: list[list[str]] = []
        self.kept: list[list[str]] = []
        self.said: list[str] = []
        self.dialled: list[str] = []
        self._joined: set[str] = set()
        self._buffer = b""
        self._application.ready.connect(self._on_ready)
        self._application.faults.install()
        self._application.faults.happened.connect(self._on_fault)
        self._is_ready = False
        QDesktopServices.setUrlHandler(opened.seat.settings["dial"].partition(":")[0], self, "dial")  # type: ignore[arg-type]
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_line)

    @Slot()
    def _on_ready(self) -> None:
        self._is_ready = True
        self._application._alerts.shown.connect(self._on_told)
        self._application._tasks.crashed.connect(self._on_fault)

    @Slot(str, str)
    def _on_told(self, title: str, text: str) -> None:
        self.told.append([title, text])

    @Slot(str, str)
    def _on_kept(self, what: str, inquiry: str) -> None:
        self.kept.append([what, inquiry])
        self._write({"kept": what, "inquiry": inquiry})

    @Slot(str)
    def _on_said(self, text: str) -> None:
        self.said.append(text)

    @Slot(object)
    def _on_fault(self, error: BaseException) -> None:
        import traceback

        traceback.print_exception(error, file=sys.stderr)

    @Slot(QUrl)
    def dial(self, url: QUrl) -> None:
        self.dialled.append(url.toString())

    # asked

    @Slot()
    def _on_line(self) -> None:
        read = os.read(sys.stdin.fileno(), 65536)
        if not read:
            self.shell.close()
            return
        self._buffer += read
        while b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            what, *given = json.loads(line)
            getattr(self, f"_{what}")(*given)
            if what != "close":
                self._write({"seen": self._seen()})

    @staticmethod
    def _write(what: dict[str, Any]) -> None:
        os.write(1, (json.dumps(what) + "\n").encode())

    def _look(self) -> None:
        """Nothing is done."""

    def _press(self, name: str, page: str = "calls") -> None:
        self._send(keys.PAGES[page][name].sequence)

    def _send(self, sequence: str) -> None:
        combination = QKeySequence(sequence)[0]  # type: ignore[index]
        target = QApplication.focusWidget() or self.shell
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def _type(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget() or self.shell, letter)

    def _paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self._send("Ctrl+V")

    def _team(self) -> None:
        """Setup, Team, as a click on it shows it."""
        self._press("settings", "window")
        self.shell.workspace.page("settings").show_section("team")  # type: ignore[attr-defined]
        self.shell.workspace.page("settings").section("team").setFocus()  # type: ignore[attr-defined]

    def _close(self) -> None:
        self.shell.close()

    # seen

    def _seen(self) -> dict[str, Any]:
        shell, work = self.shell, self.shell._workspace
        seen: dict[str, Any] = {
            "ready": self._is_ready, "page": work.current() if work is not None else "", "told": self.told,
            "kept": self.kept, "said": self.said, "dialled": self.dialled, "foot": "",
            "tone": "", "badges": {}, "toast": "", "standing": "",
        }  # fmt: skip
        if work is not None:
            seen["foot"], seen["tone"] = work.status._state.text(), work.status._tone
            seen["badges"] = {name: item._count for name, item in work.rail._items.items()}
        toasts = [toast for toast in shell.findChildren(Toast) if toast.isVisible()]
        seen["toast"] = toasts[-1].text() if toasts else ""
        hub = self._application._hub
        state = hub.state() if hub is not None else None
        seen["standing"] = state.standing.value if state is not None else ""
        seen["unshared"] = state.unshared if state is not None else -1
        for name, page in work._pages.items() if work is not None else ():
            self._join(name, page)
            watch = getattr(self, f"_seen_{name}", None)
            if watch is not None:
                seen[name] = watch(page)
        return seen

    def _join(self, name: str, page: Any) -> None:
        if name not in self._joined:
            self._joined.add(name)
            for signal, slot in (("acknowledged", self._on_kept), ("said", self._on_said)):
                if hasattr(page, signal):
                    getattr(page, signal).connect(slot)

    @staticmethod
    def _seen_calls(page: Any) -> dict[str, Any]:
        call = page.in_hand()
        return {
            "in_hand": call.id if call is not None else "", "name": call.name if call is not None else "",
            "runs": bool(call is not None and call.dialled_at), "locked": call.opened.locked if call else "",
            "busy": page.busy(), "idle": page.idle(), "asks": page.asking.open(),
            "words": page.asking.open() and page.view.popup.words(),
        }  # fmt: skip

    @staticmethod
    def _seen_sales(page: Any) -> dict[str, Any]:
        lead = page.lead()
        return {
            "leads": list(page.view.pane.model.ids()), "lead": lead.id if lead is not None else "",
            "stage": lead.row.stage.value if lead is not None else "", "busy": page.busy(),
        }  # fmt: skip

    @staticmethod
    def _seen_desk(page: Any) -> dict[str, Any]:
        contest = page.settling.contest() if page.settling.isVisible() else None
        return {
            "tab": page.tabs.current(), "rows": page.model.rowCount(), "current": page.table.current(),
            "decisions": [[each.entry, each.actor] for each in contest.decisions] if contest is not None else [],
        }  # fmt: skip

    @staticmethod
    def _seen_settings(page: Any) -> dict[str, Any]:
        pane = page._panes.get("team")
        inner = page.section("team") if pane is not None else None
        if inner is None:
            return {}
        return {
            "asks": inner.join.isVisible(), "means": inner.join._means.text(), "wrong": inner.join._wrong.text(),
            "may_join": inner.join._join.isEnabled(), "members": [row.name.text() for row in inner.members._rows],
        }  # fmt: skip


def main() -> int:
    """Until the window is closed."""
    connecting.ANSWER_S = 8.0  # so that silence is noticed while a journey waits
    qt = QApplication(["winnow"])
    person = Person(qt, Path(sys.argv[1]), int(sys.argv[2]))
    code = int(qt.exec())
    person._application.faults.remove()
    return code


if __name__ == "__main__":
    sys.exit(main())
