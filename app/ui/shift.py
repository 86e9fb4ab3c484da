"""A shift that works itself: the real window, moved by key presses alone.

What is asked and what has happened is read from the page; everything that is done is done by keys sent to the widget
that has the keyboard. A key that does nothing ends the shift with a sentence that names it.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import bootstrap
from app.services.errors import ServiceError
from app.ui import keys, shift_sales, theme
from app.ui.background import Background
from app.ui.calls.views import QuestionView
from app.ui.hub_thread import HubThread
from app.ui.shell import LEAST, Shell
from app.ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.team.syncer import SyncState
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.calls_page import CallsPage

PATIENCE_MS = 10_000  # how long a key may take; far more than it needs
LOOK_MS = 2
BREATH_MS = 60
TEAM_MS = 5_000  # how long nobody may be on the page before the hub has given somebody
HUB_ENDS_S = 3.0
PICTURED = 5  # questions of the first call that are answered when its picture is taken
DEMO, MOST = 60, 2000  # made-up inquiries
FOR_EACH = 8  # made-up inquiries for each call: most of the world sleeps or has its weekend
ROTA = (
    "sell", "nurture", "discard", "no-answer", "voicemail", "sell", "busy", "callback", "discard", "nurture",
    "wrong-number", "sell", "do-not-call", "nurture", "skip", "discard", "sell", "no-answer", "nurture", "sell",
)  # fmt: skip
DECISIONS = frozenset({"sell", "nurture", "discard"})
PICKED = frozenset({3, 6})  # where a shift chooses whom to call: in a team the hub says who is next
NOTES = ("Wants a visit before the summer", "Asked for references", "Budget is decided in spring", "Call the assistant")
Told = Callable[[dict[str, Any]], None]


class ShiftFailed(ServiceError):
    """The window did not do what a key should do."""

    code = "shift_failed"


def run(
    home: Home | None = None, calls: int = 20, screens: Path | None = None, seed: int | None = None,
    *, told: Told | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Works so many inquiries of a home's queue, or of made-up ones; keeps a picture of each page in `screens`.

    `told` hears of every action when the store has kept it: `{"kept": what, "inquiry": id}`, and of notes as they are
    typed: `{"note": text, "inquiry": id}`. Returns `calls`, `sell`, `nurture`, `discard` and the `screens` made.

    Raises:
        ShiftFailed: a key did nothing, or nobody can be called.
    """
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["winnow"])
    assert isinstance(application, QApplication)
    own = home is None
    if home is None:
        home = _made_up(min(max(DEMO, FOR_EACH * calls), MOST), seed)
    try:
        shift = _Shift(application, home, screens, random.Random(seed), told)
        try:
            return shift.work(calls)
        finally:
            shift.end()
    finally:
        if own:
            home.close()


def _made_up(count: int, seed: int | None) -> Home:
    from app.services import demo

    home = bootstrap.throw_away()
    try:
        demo.fill(home.seat, count=count, seed=seed if seed is not None else 1)
    except BaseException:
        home.close()
        raise
    return home


class _Phone(QObject):
    """Takes the calls that are dialled, so that a shift rings nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.dialled: list[str] = []

    @Slot(QUrl)
    def dial(self, url: QUrl) -> None:
        self.dialled.append(url.toString())


class _Shift(QObject):
    """One window and the hands on its keyboard."""

    def __init__(
        self, application: QApplication, home: Home, screens: Path | None, chance: random.Random, told: Told | None
    ) -> None:
        super().__init__()
        self._application, self._home, self._screens, self._chance = application, home, screens, chance
        self._told = told
        home.seat.holder = f"window-{home.seat.holder}"
        self._made: list[str] = []
        self._kept: list[tuple[str, str]] = []
        self._crash: BaseException | None = None
        self._phone = _Phone()
        self._scheme = home.seat.settings["dial"].partition(":")[0]
        QDesktopServices.setUrlHandler(self._scheme, self._phone, "dial")  # type: ignore[arg-type]  # it takes text alone
        theme.apply(application, theme.Theme.LIGHT)
        self.shell = Shell()
        self._tasks = Tasks(home.seat)
        self._tasks.crashed.connect(self._on_crashed)
        self.shell.painted.connect(self._on_painted)
        self.shell.open_home(home, self._tasks)
        self.shell.show()
        self.shell.activateWindow()
        self.page: CallsPage = self.shell.page("calls")  # type: ignore[assignment]
        self.page.acknowledged.connect(self._on_kept)
        self._heard_of_hub = self._in_team = False
        self._hub = HubThread(home.seat, self._tasks, self)
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
        self._tasks.warm_up()
        Background(self._tasks, self).start()
        self._hub.start()

    @Slot(object)
    def _on_hub(self, state: SyncState | None) -> None:
        self._in_team = state is not None
        self._heard_of_hub = state is None or state.standing.value != "starting"

    @Slot(object)
    def _on_crashed(self, error: BaseException) -> None:
        self._crash = error

    @Slot(str, str)
    def _on_kept(self, what: str, inquiry: str) -> None:
        self._kept.append((what, inquiry))
        if self._told is not None:
            self._told({"kept": what, "inquiry": inquiry})

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
        look.timeout.connect(lambda: loop.quit() if condition() or self._crash is not None else None)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        loop.exec()
        look.stop()
        if self._crash is not None:
            raise self._crash
        if not condition():
            raise ShiftFailed(sentence, kept="Everything that the window acknowledged is kept.")

    def does(self, name: str, effect: Callable[[], bool], what: str, page: str = "calls") -> None:
        """Presses a key and waits for its effect."""
        if effect():
            raise ShiftFailed(f"Before “{name}” was pressed, {what} already.")
        called = self.press(name, page)
        self.until(effect, f"Pressing {called} did nothing: it should have been so that {what}.")

    def _call(self) -> CallInHand:
        call = self.page.in_hand()
        if call is None:
            raise ShiftFailed("Nobody is on the call page.")
        return call

    def _settled(self) -> bool:
        return not self.page.busy() and self.page.idle() != "opening" and not self.page.asking.open()

    def _rest(self) -> None:
        self.until(lambda: self._settled() and self._is_quiet(), "The window does not come to rest.")

    def _is_quiet(self) -> bool:
        """Whether everything asked for is here; in a team there is always something on its way."""
        return self._in_team or not self._tasks.busy()

    # a shift

    def work(self, calls: int) -> dict[str, Any]:
        """So many inquiries, the rota over and over."""
        self.until(
            lambda: self.page.in_hand() is not None or self.page.idle() in {"nothing", "nobody"},
            "The first inquiry did not come.",
        )
        self.until(lambda: self._heard_of_hub, "The hub says nothing.")
        self._wait_for_the_hub()
        if self.page.in_hand() is None:
            raise ShiftFailed("Nobody can be called now.", todo="Try again later, or import a list.")
        counts = dict.fromkeys(("sell", "nurture", "discard"), 0)
        done = 0
        while done < calls:
            self.until(lambda: not self.page.busy(), "The next inquiry did not come.")
            self._wait_for_the_hub()
            if self.page.in_hand() is None:  # the queue is empty for now: a shift ends so too
                break
            wanted = ROTA[done % len(ROTA)]
            decided = self._one(done, wanted)
            if decided in counts:
                counts[decided] += 1
            done += 1
        self._rest()
        self._visit_pages()
        return {"calls": done, **counts, "screens": self._made}

    def _wait_for_the_hub(self) -> None:
        """In a team somebody may still be on their way from the hub."""
        if self._in_team and self.page.in_hand() is None:
            end = time.monotonic() + TEAM_MS / 1000
            self.until(lambda: self.page.in_hand() is not None or time.monotonic() > end, "The hub gave nobody.")
            self.until(lambda: not self.page.busy(), "The next inquiry did not come.")

    def _one(self, number: int, wanted: str) -> str:
        """One inquiry from its first key to its last."""
        self._dial()
        if wanted in DECISIONS or wanted in {"callback", "skip"}:
            self._answer(number, wanted)
        if number % 3 == 1:
            self._write_note()
        self._beside(number)
        if wanted in DECISIONS:
            wanted = self._decide(wanted)
            if number % 8 == 2 and not self._in_team:  # there a colleague may have them by now
                self._undo_and_decide_again(wanted)
        else:
            self._end_call(wanted)
        return wanted

    def _dial(self) -> None:
        call = self._call()
        number = call.opened.numbers[call.number] if call.opened.numbers else None
        question = self.page.view.question()
        types = question is not None and question.kind in {"text", "date"}  # there a C is a letter
        if number is not None and not number.why and not call.dialled_at and not types:
            self.does("call", lambda: bool(self._call().dialled_at), "the call runs")

    # the script

    def _answer(self, number: int, wanted: str) -> None:
        pictured = number != 0
        asked = 0
        enough = 2 if wanted in {"callback", "skip"} else 40
        while asked < enough and (question := self.page.view.question()) is not None:
            if asked == PICTURED and not pictured:
                pictured = True
                self._picture_calls()
            if asked == 1 and number % 5 == 0 and question.kind != "date":  # where Backspace takes a figure away
                self._look_back(question)
            self._answer_one(question, wanted)
            asked += 1

    def _answer_one(self, question: QuestionView, wanted: str) -> None:
        key = question.key
        if question.kind in {"choice", "yes_no", "choices"}:
            digit = self._digit(question, wanted)
            given = question.options[digit - 1].key
            self.does(f"answer-{digit}", lambda: self._has_answer(key, given), f"“{question.text}” has its answer")
            if question.kind != "choices":
                return
        elif question.kind == "number":
            self.type(str(self._chance.choice((4, 25, 120, 400))))
        elif question.kind == "text":
            self.type(self._chance.choice(("the plant manager", "Mr Hale in purchasing", "their group in Lyon")))
        self.does("next-question", lambda: self._question() != key, "the next question is asked")

    def _has_answer(self, key: str, given: str) -> bool:
        answer = self._call().given.get(key)
        return answer == given or (isinstance(answer, list) and given in answer)

    def _question(self) -> str:
        question = self.page.view.question()
        return question.key if question is not None else ""

    def _digit(self, question: QuestionView, wanted: str) -> int:
        """The answer that speaks most for what is wanted."""
        points = [option.points or 0 for option in question.options]
        order = sorted(range(len(points)), key=points.__getitem__)
        place = {"sell": order[-1], "discard": order[0]}.get(wanted, order[len(order) // 2])
        return place + 1

    def _look_back(self, question: QuestionView) -> None:
        self.does("previous-question", lambda: self._question() != question.key, "the question before is asked")
        self.does("next-question", lambda: self._question() == question.key, "the open question is asked again")

    def _write_note(self) -> None:
        note = self.page.view.script.note
        self.does("note", note.edit.hasFocus, "the note has the keyboard")
        before, words = note.text(), self._chance.choice(NOTES)
        for letter in words:
            self.type(letter)
            if self._told is not None:
                self._told({"note": note.text(), "inquiry": self._call().id})
        if note.text() == before:
            raise ShiftFailed("What was typed into the note did not arrive.")
        self.send(QKeySequence(Qt.Key.Key_Escape))
        self.until(lambda: not note.edit.hasFocus(), "Pressing Esc did not leave the note.")

    # what is done beside the questions

    def _beside(self, number: int) -> None:
        doings: dict[int, Callable[[], None]] = {
            0: self._look_aside,
            3: self._find_somebody,
            4: self._pause,
            6: self._go_on,
            9: self._edit,
        }
        doing = doings.get(number % len(ROTA))
        if doing is not None and not (self._in_team and number % len(ROTA) in PICKED):
            doing()

    def _look_aside(self) -> None:
        self._toggle("objections", self.page.view.script.objections)
        self._toggle("history", self.page.view.history)

    def _toggle(self, name: str, side: QWidget) -> None:
        self.does(name, side.isVisible, "the list is shown")
        self.does(name, lambda: not side.isVisible(), "the list is gone")

    def _find_somebody(self) -> None:
        view, model = self.page.view, self.page.view.queue.model
        place = min(5, model.rowCount() - 1)
        row = model.at(place)
        words = row.last_name or row.company
        if row.id == self._call().id or not words.isascii() or not words:
            return
        self.does("find", view.queue.find_field.edit.hasFocus, "Find has the keyboard")
        self.type(words)
        self.until(
            lambda: model.row_of(row.id) >= 0 and model.rowCount() < 30 and not self._tasks.busy(),
            f"Find did not find {words}.",
        )
        view_list = view.queue.list
        self.send(QKeySequence(Qt.Key.Key_Down))
        self.until(view_list.hasFocus, "Pressing Down in Find did not go to what was found.")
        wanted = model.at(0).id
        self.send(QKeySequence(Qt.Key.Key_Return))
        self.until(lambda: self._call().id == wanted and not self.page.busy(), "Pressing ↵ did not open who was found.")
        self.send(QKeySequence(Qt.Key.Key_Escape)) if view_list.hasFocus() else None
        self.does("find", view.queue.find_field.edit.hasFocus, "Find has the keyboard")
        if view.queue.find_field.text():
            self.send(QKeySequence(Qt.Key.Key_Escape))
        self.until(lambda: not view.queue.find_field.text(), "Pressing Esc did not end finding.")
        self.send(QKeySequence(Qt.Key.Key_Escape))
        self.until(lambda: not view.queue.find_field.edit.hasFocus(), "Pressing Esc did not leave Find.")

    def _pause(self) -> None:
        self.does("pause", lambda: self.page.idle() == "paused", "the shift is paused")
        self.until(self._is_quiet, "The pause did not let go of the inquiry.")
        self.does("pause", lambda: self.page.in_hand() is not None and not self.page.busy(), "the shift goes on")

    def _go_on(self) -> None:
        before = self._call().id
        self.does("next-inquiry", lambda: self._call().id != before and not self.page.busy(), "the next one is shown")

    def _edit(self) -> None:
        before = len(self._kept)
        self.does("edit", lambda: self.page.editing() is not None, "the person can be edited")
        dialog = self.page.editing()
        assert dialog is not None
        self.until(
            lambda: dialog.isAncestorOf(QApplication.focusWidget() or self.shell), "The form did not get the keyboard."
        )
        website = dialog.fields["website"].edit
        for _ in range(len(dialog.fields)):
            if not website.hasFocus():
                self.send(QKeySequence(Qt.Key.Key_Tab))
        if not website.hasFocus():
            raise ShiftFailed("Pressing Tab did not go through the form.")
        self.type("www.winnow.example")
        self.send(QKeySequence(Qt.Key.Key_Return))
        self.until(lambda: self.page.editing() is None and len(self._kept) > before, "The correction was not kept.")
        self.until(self.shell.isActiveWindow, "The window did not get the keyboard back.")

    # the end of a call

    def _answer_popup(self) -> None:
        """Whatever is asked: Enter takes what stands there, a digit what is offered."""
        asking = self.page.asking
        for _ in range(4):
            if not asking.open():
                return
            if self.page.view.popup.words():
                self.send(QKeySequence(Qt.Key.Key_Return))
            else:
                self.send(QKeySequence("1"))

    def _end(self, name: str, kept: str) -> None:
        """Presses the key, answers what it asks, and waits until the store has it."""
        inquiry = self._call().id
        before = len(self._kept)

        def done() -> bool:
            return (kept, inquiry) in self._kept[before:]

        called = self.press(name)
        self.until(lambda: self.page.asking.open() or done() or self._moved(inquiry), f"Pressing {called} did nothing.")
        self._answer_popup()
        self.until(done, f"Pressing {called} was not kept.")
        self.until(lambda: not self.page.busy(), f"After {called} the next inquiry did not come.")

    def _moved(self, inquiry: str) -> bool:
        call = self.page.in_hand()
        return call is None or call.id != inquiry or self.page.busy()

    def _decide(self, wanted: str) -> str:
        self._end(wanted, wanted)
        return wanted

    def _undo_and_decide_again(self, wanted: str) -> None:
        undone = len(self._kept)
        inquiry = self._kept[-1][1]
        self.does("undo", lambda: ("undo", inquiry) in self._kept[undone:], "the decision is taken back")
        self.until(
            lambda: self.page.in_hand() is not None and self._call().id == inquiry and not self.page.busy(),
            "Undo did not bring the inquiry back.",
        )
        self._end(wanted, wanted)

    def _end_call(self, wanted: str) -> None:
        self._end(wanted, wanted)

    # pictures

    def _picture(self, name: str) -> None:
        if self._screens is None:
            return
        self._breathe()
        self._screens.mkdir(parents=True, exist_ok=True)
        ratio = self.shell.devicePixelRatioF()
        size = self.shell.size()
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        self.shell.render(image)
        file = self._screens / f"{name}.png"
        if not image.save(str(file)):
            raise ShiftFailed(f"The picture {file} cannot be written.")
        self._made.append(str(file))

    def _picture_calls(self) -> None:
        if self._screens is None:
            return
        self._rest()
        self._picture("calls")
        theme.apply(self._application, theme.Theme.DARK)
        self._picture("calls-dark")
        theme.apply(self._application, theme.Theme.LIGHT)
        usual = self.shell.size()
        self.shell.resize(QSize(*LEAST))
        self._picture("calls-1024x700")
        self.shell.resize(usual)
        self._breathe()

    @staticmethod
    def _breathe() -> None:
        """Lets what a change of size has put off happen."""
        loop = QEventLoop()
        QTimer.singleShot(BREATH_MS, loop.quit)
        loop.exec()

    def _visit_pages(self) -> None:
        """Every other page by its key, and back."""
        for key, name in (("page-2", "capture"), ("page-3", "sales"), ("page-4", "nurture"), ("page-6", "results"),
                          ("import", "import"), ("settings", "settings")):  # fmt: skip
            if not self.shell.has_page(name):
                continue
            self.does(key, lambda name=name: self.shell.current() == name, f"the page {name} is shown", "window")  # type: ignore[misc]
            self.until(self._is_quiet, f"The page {name} does not come to rest.")
            if name == "sales" and not self._in_team:
                shift_sales.work(self, self.shell.page(name))  # type: ignore[arg-type]
            self._picture(name)
            self.does("page-1", lambda: self.shell.current() == "calls", "the calls are shown", "window")
