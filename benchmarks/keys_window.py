"""The real window in this process, worked by key events: how long each key takes until its effect is painted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui import look, theme
from app.ui.background import Background
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from benchmarks import stores
from benchmarks.figure import answer, given, memory_mib

if TYPE_CHECKING:
    from app.ui.calls.calls_page import CallsPage

PATIENCE_S = 60
GOOD = {"current": "2"}  # which key answers a question well enough to sell; else the first
BARE_LOOPS = 120_000  # about as much work for the processor as a decision
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


class _Paints(QObject):
    """Counts how often a widget was painted; the whole window is painted in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Counts."""
        self.count += event.type() == QEvent.Type.Paint
        return False


class Hands:
    """A caller's hands on the keyboard."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self._application = application
        self._home = stores.opened(folder)
        self._home.seat.holder = f"window-{self._home.seat.holder}"
        look.apply(application, theme.Theme.LIGHT)
        self._shell, self._tasks = Shell(), Tasks(self._home.seat)
        self._tasks.crashed.connect(self._on_crashed)
        self._shell.open_home(self._home, self._tasks)
        self._shell.show()
        self._shell.activateWindow()
        self._page: CallsPage = self._shell.workspace.page("calls")  # type: ignore[assignment]
        self._paints = _Paints()
        self._page.view.person.installEventFilter(self._paints)
        self._drafts = 0
        self._page.acknowledged.connect(self._on_kept)
        self._tasks.warm_up()
        Background(self._tasks, self._shell).start()
        self._look = QTimer(interval=500)  # so that waiting for an event ends
        self._look.start()
        self.answers: list[float] = []
        self.dispositions: list[float] = []
        self.own: list[float] = []  # processor time of this thread in them, ms
        self.others: list[float] = []  # …and of all others, who take turns with it
        self.bare: list[
            float
        ] = []  # a fixed piece of work after each of them: what the machine's own unrest makes of it, ms
        self._until(lambda: self._page.in_hand() is not None)
        self._rest()

    def _on_crashed(self, error: BaseException) -> None:
        raise error

    def _on_kept(self, what: str, _inquiry: str) -> None:
        self._drafts += what == "draft"

    def _until(self, condition: Callable[[], bool], *, flush: bool = True) -> None:
        """Lets the window live until something is so; `flush`: and paints what has changed."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError("the window does not do what it should")
            self._application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if flush:
            self._application.processEvents()

    def _rest(self) -> None:
        self._until(lambda: not self._page.busy() and not self._tasks.busy())

    def _press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self._shell, key, modifier)

    def _answer(self, digit: str) -> None:
        """One answer by its key, until the next question is painted and the draft is in the store."""
        before, kept = self._page.in_hand().question, self._drafts  # type: ignore[union-attr]
        began = time.perf_counter()
        self._press(Qt.Key(Qt.Key.Key_0 + int(digit)))
        self._until(lambda: self._drafts > kept and self._page.in_hand().question != before)  # type: ignore[union-attr]
        self.answers.append((time.perf_counter() - began) * 1000)
        self._rest()

    def _decide(self, key: Qt.Key) -> None:
        """A decision by its last key, until the next inquiry is painted."""
        call, painted = self._page.in_hand(), self._paints.count
        began = _clocks()
        self._press(key, CTRL)
        while self._page.asking.open():  # the next step of a sell, or a reason
            self._rest()
            painted = self._paints.count
            began = _clocks()
            self._press(Qt.Key.Key_Return if key == Qt.Key.Key_1 else Qt.Key.Key_1)
        self._until(lambda: self._page.in_hand() is not call and self._paints.count > painted, flush=False)
        wall, own, all_ = (1000 * (now - then) for now, then in zip(_clocks(), began, strict=True))
        self.dispositions.append(wall)
        self.own.append(own)
        self.others.append(all_ - own)
        self._rest()
        self.bare.append(_bare_work())

    def sell(self) -> None:
        """All questions answered well."""
        script = self._page.in_hand().desk.script  # type: ignore[union-attr]
        while key := self._page.in_hand().question:  # type: ignore[union-attr]
            question = script.question(key)
            if question.type in {"choice", "yes_no"}:
                self._answer(GOOD.get(key, "1"))
                continue
            if question.type == "number":
                QTest.keyClicks(QApplication.focusWidget() or self._shell, "50")
            self._press(Qt.Key.Key_Return)
            self._rest()
        self._decide(Qt.Key.Key_1)

    def discard(self) -> None:
        """A first answer that disqualifies."""
        self._answer("5")
        self._decide(Qt.Key.Key_3)

    def end(self) -> None:
        """Closes the window."""
        self._shell.close()
        self._home.close()


def _clocks() -> tuple[float, float, float]:
    """Seconds: of the wall, of this thread's processor time, of the whole process's."""
    return time.perf_counter(), time.thread_time(), time.process_time()


def _bare_work() -> float:
    began = time.perf_counter()
    total = 0
    for number in range(BARE_LOOPS):
        total += number & 7
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Sells and discards in turn."""
    what = given()
    application = QApplication(["winnow"])
    hands = Hands(application, Path(what["folder"]))
    for index in range(what["n"]):
        hands.sell() if index % 2 else hands.discard()
    now = memory_mib()
    hands.end()
    answer(
        answers=hands.answers[2:], dispositions=hands.dispositions[2:], own=hands.own[2:], others=hands.others[2:],
        bare=hands.bare[2:], memory_mib=now,
    )  # fmt: skip


if __name__ == "__main__":
    main()
