"""What nobody holds any more goes on the thread of the window, never on a worker's."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QTimer

from app import bootstrap
from app.ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot):
    home = bootstrap.throw_away()
    made = Tasks(home.seat)
    yield made
    assert made.finish()
    home.close()


class Ring:
    """Something of Qt's in a cycle, which the collector alone can free."""

    def __init__(self) -> None:
        self.timer, self.itself = QTimer(), self


def much_work(_seat: object) -> int:
    """Allocates far more than makes Python collect."""
    return len([[number] for number in range(200_000)])


def test_a_worker_frees_nothing_of_qts_and_the_window_does(tasks, qtbot):
    freed: list[threading.Thread] = []
    weakref.finalize(Ring(), lambda: freed.append(threading.current_thread()))
    done: list[int] = []
    tasks.read(much_work, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert freed == []
    much_work(None)
    tasks._collector.collect()
    gc.collect()
    assert freed == [threading.main_thread()]


def test_python_collects_as_usual_when_the_workers_have_ended(qtbot):
    gc.enable()
    home = bootstrap.throw_away()
    made = Tasks(home.seat)
    assert not gc.isenabled()
    assert made.finish()
    assert gc.isenabled()
    home.close()


def test_what_the_start_has_made_is_not_looked_through_again_and_again(qtbot):
    home = bootstrap.throw_away()
    made = Tasks(home.seat)
    made._collector._timer.timeout.emit()
    assert gc.get_freeze_count() > 10_000
    freed: list[bool] = []
    weakref.finalize(Ring(), freed.append, True)
    much_work(None)
    made._collector._timer.timeout.emit()
    gc.collect()
    assert freed == [True], "what came later still goes"
    assert made.finish()
    assert not gc.get_freeze_count()
    home.close()
