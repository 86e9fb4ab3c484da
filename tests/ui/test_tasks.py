"""The two threads: order, errors, what is told to whom, and that nothing outlives its page."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from app import bootstrap
from app.services import settings
from app.services.errors import Refused
from app.services.seat import Changed
from app.ui.tasks import Tasks
from app.ui.workers import Closing
from tests.ui.inline_tasks import InlineTasks


@pytest.fixture
def home(tmp_path: Path):
    made, _ = bootstrap.create(tmp_path / "home", passphrase="a passphrase", use_keyring=False)
    yield made
    made.close()


@pytest.fixture
def tasks(home, qtbot):
    made = Tasks(home.seat)
    yield made
    assert made.finish(), "a thread did not end"


class Page(QObject):
    """Somebody who asks."""

    def __init__(self):
        super().__init__()
        self.got: list[object] = []
        self.threads: list[threading.Thread] = []

    def on_result(self, result: object) -> None:
        self.got.append(result)
        self.threads.append(threading.current_thread())


def rename(seat, name: str) -> Changed:
    with seat.store.writing():
        settings.put(seat.store, "name", name)
    seat.settings_changed()
    return Changed(kinds=frozenset({"setting"}), by=seat.holder)


def name_of(seat) -> str:
    return settings.Settings.read(seat.store).name


def thread_of(seat) -> str:
    return threading.current_thread().name


def refuse(seat):
    raise Refused("No.")


def break_down(seat):
    raise ZeroDivisionError("1/0")


def test_results_arrive_on_the_thread_of_the_window(tasks, qtbot):
    page = Page()
    tasks.act(thread_of, then=page.on_result)
    tasks.read(thread_of, then=page.on_result)
    qtbot.waitUntil(lambda: len(page.got) == 2)
    assert set(page.got) == {"writer", "reader"}
    assert set(page.threads) == {threading.main_thread()}


def test_a_change_is_told_to_all_with_who_started_it(tasks, qtbot):
    page = Page()
    with qtbot.waitSignal(tasks.changed) as told:
        tasks.act(rename, "Ada", then=page.on_result)
    assert told.args[0].kinds == frozenset({"setting"})
    assert told.args[1] is page
    assert page.got == [told.args[0]]


def test_what_was_written_is_read_afterwards(tasks, qtbot):
    page = Page()
    tasks.act(rename, "Ada", then=lambda _: tasks.read(name_of, then=page.on_result))
    qtbot.waitUntil(lambda: page.got == ["Ada"])


def test_people_go_ahead_of_background_work(tasks, qtbot):
    page, gate, order = Page(), threading.Event(), []
    tasks.act(lambda _seat: gate.wait(5))
    for number in range(3):
        tasks.act(lambda _seat, number=number: order.append(f"background {number}"), background=True)
    tasks.act(lambda _seat: order.append("person"), then=page.on_result)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert order == ["person", "background 0", "background 1", "background 2"]


def test_a_newer_read_replaces_an_older_one_that_has_not_begun(tasks, qtbot):
    page, gate, asked = Page(), threading.Event(), []
    tasks.read(lambda _seat: gate.wait(5))
    for text in ("M", "Ma", "Mar"):
        tasks.read(lambda _seat, text=text: asked.append(text) or text, key="find", then=page.on_result)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert asked == ["Mar"]
    assert page.got == ["Mar"]


def test_a_refusal_goes_to_who_asked_and_else_to_the_window(tasks, qtbot):
    page = Page()
    tasks.act(refuse, failed=page.on_result)
    qtbot.waitUntil(lambda: len(page.got) == 1)
    assert isinstance(page.got[0], Refused)
    with qtbot.waitSignal(tasks.refused) as told:
        tasks.act(refuse)
    assert str(told.args[0]) == "No."


def test_a_bug_is_told_and_the_thread_goes_on(tasks, qtbot):
    page = Page()
    with qtbot.waitSignal(tasks.crashed) as told:
        tasks.act(break_down, then=page.on_result, failed=page.on_result)
    assert isinstance(told.args[0], ZeroDivisionError)
    tasks.act(name_of, then=page.on_result)
    qtbot.waitUntil(lambda: page.got == ["me"])


@pytest.mark.parametrize("hold", [lambda page: page.on_result, lambda page: partial(page.on_result)])
def test_a_page_that_is_gone_when_its_work_ends_hurts_nobody(tasks, qtbot, hold):
    gate, page = threading.Event(), Page()
    got = page.got
    tasks.act(lambda _seat: gate.wait(5), then=hold(page))
    page.deleteLater()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert got == []


def test_a_refusal_whose_page_is_gone_is_still_said(tasks, qtbot):
    page = Page()
    tasks.act(refuse, failed=page.on_result)
    del page
    with qtbot.waitSignal(tasks.refused):
        pass


def test_own_writing_is_not_taken_for_anothers(tasks, qtbot):
    with qtbot.assertNotEmitted(tasks.changed_elsewhere, wait=1300):
        tasks.act(rename, "Ada")
        tasks.act(rename, "Grace")


@pytest.mark.parametrize("wrote_before", [False, True])
def test_what_another_process_writes_is_noticed_within_a_second(home, tasks, qtbot, wrote_before):
    if wrote_before:
        tasks.act(rename, "Ada")
    qtbot.waitUntil(lambda: not tasks.busy())
    qtbot.wait(600)
    program = (
        "import sys, pathlib; from app import bootstrap; from app.services import settings\n"
        "with bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase='a passphrase') as home:\n"
        "    with home.seat.store.writing(): settings.put(home.seat.store, 'name', 'Grace')\n"
    )
    with qtbot.waitSignal(tasks.changed_elsewhere, timeout=20_000):
        writing = subprocess.Popen([sys.executable, "-c", program, str(home.path)])
    assert writing.wait(20) == 0
    assert home.seat.settings.name == "Grace"


def test_finishing_does_what_people_asked_and_drops_background_work(home, qtbot):
    tasks, gate, done = Tasks(home.seat), threading.Event(), []
    tasks.act(lambda _seat: gate.wait(5))
    tasks.act(lambda _seat: done.append("background"), background=True)
    tasks.act(lambda _seat: done.append("draft"))
    gate.set()
    assert tasks.finish()
    assert done == ["draft"]


def test_a_thread_that_hangs_does_not_keep_the_window_open(home, qtbot):
    tasks, gate = Tasks(home.seat), threading.Event()
    tasks.act(lambda _seat: gate.wait(20))
    assert not tasks.finish(0.2)
    gate.set()


def test_without_threads_everything_is_done_at_once(home, qtbot):
    tasks, page = InlineTasks(home.seat), Page()
    tasks.act(rename, "Ada", then=page.on_result)
    tasks.read(name_of, then=page.on_result)
    tasks.act(refuse, failed=page.on_result)
    assert [type(one) for one in page.got] == [Changed, str, Refused]
    assert not tasks.busy()


def test_a_read_that_an_erasure_ended_is_done_again(qtbot, tasks):
    tried: list[int] = []

    def count(seat):
        tried.append(1)
        if len(tried) == 1:
            seat.store.reader().set_progress_handler(lambda: 1, 1)  # what sqlite3_interrupt does to a read under way
        try:
            return seat.store.query("SELECT count(*) FROM ledger a, ledger b")
        finally:
            seat.store.reader().set_progress_handler(None, 1)

    found: list[object] = []
    tasks.read(count, then=found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=3000)
    assert len(tried) == 2


def elsewhere(work) -> list[object]:
    """What work on a thread of its own gives or raises; the window waits for nothing meanwhile."""
    got: list[object] = []

    def run() -> None:
        try:
            got.append(work())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            got.append(error)

    threading.Thread(target=run, daemon=True).start()
    return got


def open_when(go_on: threading.Event, line) -> None:
    """Lets the writer go on once the window has begun to close."""
    pause = threading.Event()
    while not line.closed:
        pause.wait(0.01)
    go_on.set()


def test_another_thread_writes_through_the_one_that_owns_the_writer(tasks, qtbot):
    got = elsewhere(lambda: tasks.through(lambda: threading.current_thread().name))
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["writer"]


def test_what_goes_wrong_in_a_step_is_raised_where_it_was_wanted(tasks, qtbot):
    got = elsewhere(lambda: tasks.through(lambda: break_down(None)))
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], ZeroDivisionError)


def test_whoever_waits_to_write_is_told_that_the_window_closes(home, qtbot):
    tasks, go_on = Tasks(home.seat), threading.Event()
    tasks.act(lambda _: go_on.wait(5))
    got = elsewhere(lambda: tasks.through(lambda: "written"))
    worker = tasks._worker
    qtbot.waitUntil(lambda: bool(worker.writes._jobs))
    threading.Thread(target=open_when, args=(go_on, worker.writes), daemon=True).start()
    assert tasks.finish()
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], Closing)


def test_what_another_thread_changed_is_told_to_all(tasks, qtbot):
    with qtbot.waitSignal(tasks.changed) as told:
        elsewhere(lambda: tasks.tell(Changed(inquiries=frozenset({"a"}))))
    assert told.args == [Changed(inquiries=frozenset({"a"})), None]
