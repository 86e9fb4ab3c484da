from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.services import demo
from app.services.changing_settings import change
from app.ui import ahead
from app.ui.application import Application
from app.ui.calls.calls_page import CallsPage
from app.ui.calls.queue_list import QueueList
from app.ui.pages import PAGES

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))
LATE = {
    "sqlalchemy", "alembic", "phonenumbers", "holidays", "babel", "keyring", "cryptography", "argon2", "rapidfuzz",
    "dateutil", "python_calamine", "vobject", "xlsxwriter", "charset_normalizer", "psycopg", "httpx", "click",
    "argparse", "asyncio", "concurrent", "hashlib", "inspect", "logging", "sqlite3", "subprocess", "tempfile",
    "tomllib", "typing_extensions", "zipfile",
}  # fmt: skip
QT = {"QtCore", "QtGui", "QtWidgets", "QtSvg"}
LATE_PARTS = ("app.services.team", "app.services.store.projection", "app.ui.hub", "app.ui.courier", "app.ui.alerts")
START = """
import json, os, sys
from pathlib import Path
from app.ui import ahead

ahead.import_msgspec()

def opened():
    from app import bootstrap
    return bootstrap._open(Path(sys.argv[1]), bytes(range(32)), bootstrap.wall_clock)

work = ahead.Ahead(lambda: ahead.with_rows(opened))
from app.ui import pyside
pyside.begin()
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from app.ui.application import Application
from app.ui.calls.queue_list import QueueList

class Watch(QObject):
    painted = None

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.parent(), QueueList) and not self.painted:
            self.painted = [watched.parent().model().rowCount(), sorted(sys.modules)]
            application.ready.connect(self.look)
        return False

    def look(self):
        page = application.shell.workspace.page("calls")
        if page.in_hand() is None or application._tasks.busy():
            QTimer.singleShot(20, self.look)
            return
        print(json.dumps([*self.painted, sorted(sys.modules), sorted(sys.modules["linecache"].cache)]), flush=True)
        os._exit(0)

qt = QApplication(["winnow"])
watch = Watch()
qt.installEventFilter(watch)
application = Application(Path(sys.argv[1]), qt, work)
work.fetch()  # a busy machine is no reason to show a state between
application.start()
qt.exec()
"""


@pytest.fixture
def home(tmp_path):
    with bootstrap._furnished(bootstrap._open(tmp_path, KEY, bootstrap.wall_clock)) as made:
        demo.fill(made.seat, count=40, seed=1)
    return tmp_path


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Rows that were painted first, modules by then, modules with the first call in hand, sources that were read."""
    home = tmp_path_factory.mktemp("started")
    with bootstrap._furnished(bootstrap._open(home, KEY, bootstrap.wall_clock)) as made:
        demo.fill(made.seat, count=40, seed=1)
        change(made.seat, "calling-hours", "00:00-24:00")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START, str(home)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_slow_is_imported_before_the_queue_is_painted(started):
    rows, modules, _, _ = started
    assert rows
    assert LATE.isdisjoint({module.partition(".")[0] for module in modules})
    assert not [module for module in modules if module.startswith(LATE_PARTS)]
    assert "app.ui.calls.calls_page" not in modules
    assert {module.partition(".")[2] for module in modules if module.startswith("PySide6.Qt")} <= QT
    assert "shibokensupport.signature.loader" not in modules


def test_every_page_of_winnow_is_there():
    assert not [kind.name for kind in PAGES if not kind.exists()]


def test_who_works_alone_never_imports_what_only_a_team_needs(started):
    modules = started[2]
    assert {"psycopg", "httpx", "argon2"}.isdisjoint({module.partition(".")[0] for module in modules})
    assert not [module for module in modules if module.startswith(("app.services.team.postgres", "app.hub"))]


def test_qt_does_not_read_the_source_of_what_is_imported_after_it(started):
    files = [file.replace(os.sep, "/") for file in started[3]]
    assert not [file for file in files if "/app/ui/" in file or "/sqlalchemy/" in file]


def test_the_page_takes_over_the_queue_that_was_painted_first(home, qtbot):
    qt = QApplication.instance()
    opened = ahead.Ahead(partial(ahead.with_rows, lambda: bootstrap._open(home, KEY, bootstrap.wall_clock)))
    opened.fetch()
    started = Application(home, qt, opened)
    try:
        started.start()
        shell = started.shell
        painted = shell.findChild(QueueList)
        rows = painted.model().rowCount()
        assert rows
        assert not shell.findChildren(CallsPage)
        qtbot.waitUntil(lambda: bool(shell.findChildren(CallsPage)), timeout=20_000)
        page = shell.workspace.page("calls")
        assert page.view.queue.list is painted
        assert painted.model().rowCount() == rows
        qtbot.waitUntil(lambda: page.in_hand() is not None or page.idle() == "nobody", timeout=20_000)
        assert shell.workspace.current() == "calls"
        assert painted.isVisible()
        assert page.view.score.isVisible()
    finally:
        started.shell.close()
