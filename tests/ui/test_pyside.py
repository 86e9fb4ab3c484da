from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from app.ui import pyside

ROOT = Path(__file__).resolve().parents[2]
OURS = "from app.ui import pyside; pyside.begin()"
THEIRS = "import PySide6.QtCore"
ASKED = """
import sys, threading
{begin}
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QApplication, QWidget
qt = QApplication([])
waits = "shibokensupport.signature.loader" not in sys.modules

class Told(QWidget):
    heard = Signal(int)

told = Told()

def wrong():
    for call in (
        lambda: told.resize("a"), lambda: QSize(1, 2, 3), lambda: told.heard.emit(), lambda: QWidget(None, foo=3),
        lambda: told.setObjectName(), lambda: told.noSuchThing, lambda: QObject(told, 4),
    ):
        try:
            print(call())
        except Exception as error:
            print(type(error).__name__, error)

def words():
    print(QWidget.resize.__doc__)
    print(QWidget.__doc__)

def threads():
    for _ in range(3):
        made = threading.Thread(target=wrong)
        made.start()
        made.join()

{first}()
wrong()
words()
from PySide6.QtSvg import QSvgRenderer
try:
    QSvgRenderer(1, 2)
except Exception as error:
    print(type(error).__name__, error)
print(waits, file=sys.stderr)
"""


def _asked(begin: str, first: str) -> tuple[str, str]:
    """What was said, and whether the half in Python waited until then."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(begin=begin, first=first)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.split()[-1]


def test_this_release_of_qt_for_python_is_one_that_was_looked_into():
    assert PySide6.__version__ in pyside.KNOWN, "read app/ui/pyside.py, and what it hangs on, before it is added"


AMID = """
class Imported(str):
    'A module that brings another one whenever somebody looks through all of them.'

    def startswith(self, *given):
        name = f"{self}{len(sys.modules)}"
        sys.modules[name] = type(sys)(name)
        return super().startswith(*given)

sys.modules[Imported("imported")] = type(sys)("imported")
"""


def test_an_import_meanwhile_changes_nothing():
    """In another thread, that is; here it comes in the very moment, each time."""
    said, waited = _asked(OURS + AMID, "wrong")
    assert waited == "True"
    assert said == _asked(THEIRS, "wrong")[0]


@pytest.mark.parametrize("first", ["wrong", "words", "threads"])
def test_what_is_said_of_a_wrong_call_waits_until_it_is_asked_for_and_is_the_same(first):
    said, waited = _asked(OURS, first)
    assert waited == "True"
    assert "Supported signatures" in said
    assert said == _asked(THEIRS, first)[0]
