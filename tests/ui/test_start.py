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
from app.ui import ahead
from app.ui.application import Application
from app.ui.calls.calls_page import CallsPage
from app.ui.calls.queue_list import QueueList

ROOT = Path(__file__).resolve().parents[2]
KEY = bytes(range(32))
LATE = {
    "sqlalchemy", "alembic", "phonenumbers", "holidays", "babel", "keyring", "cryptography", "argon2", "rapidfuzz",
    "dateutil", "python_calamine", "vobject", "xlsxwriter", "charset_normalizer", "psycopg", "click",
}  # fmt: skip
START = """
import json, sys
from pathlib import Path
from app.ui import ahead

def opened():
    from app import bootstrap
    return bootstrap._open(Path(sys.argv[1]), bytes(range(32)), bootstrap.wall_clock)

work = ahead.Ahead(lambda: ahead.with_rows(opened))
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from app.ui.application import Application
from app.ui.calls.queue_list import QueueList

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.parent(), QueueList):
            print(json.dumps([watched.parent().model().rowCount(), sorted(sys.modules)]), flush=True)
            import os
            os._exit(0)
        return False

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


def test_nothing_slow_is_imported_before_the_queue_is_painted(home):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START, str(home)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows, modules = json.loads(done.stdout)
    assert rows
    assert LATE.isdisjoint({module.partition(".")[0] for module in modules})
    assert "app.ui.calls.calls_page" not in modules


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
        page = shell.page("calls")
        assert page.view.queue.list is painted
        assert painted.model().rowCount() == rows
        qtbot.waitUntil(lambda: page.in_hand() is not None or page.idle() == "nobody", timeout=20_000)
        assert shell.current() == "calls"
        assert painted.isVisible()
        assert page.view.score.isVisible()
    finally:
        started.shell.close()
