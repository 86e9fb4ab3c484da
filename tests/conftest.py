"""What every test stands on: no display, no keyring, no home of the person who runs the tests, but a made-up one."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from app.bootstrap import Home
    from app.services.seat import Seat
    from tests.channels.receiver import Receiver
    from tests.services.made_up import Clock

hypothesis.settings.register_profile("winnow", deadline=None)  # a machine that does other things too is no failure
hypothesis.settings.load_profile("winnow")

# Before anything imports Qt or keyring. Without a platform Qt aborts all of pytest where there is no display, and opens
# windows over somebody's work where there is one; QT_QPA_PLATFORM=xcb shows them on purpose.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

_FOLDERS = Path(tempfile.mkdtemp(prefix="winnow-tests-"))
_homes = count(1)
_STATUS = pytest.StashKey[int]()

_KEPT = {"WINNOW_SHARED", "WINNOW_THOROUGH", "WINNOW_KILLS", "WINNOW_SEED", "WINNOW_SEEDS", "WINNOW_POSTGRES"}
for _name in [name for name in os.environ if name.startswith("WINNOW_") and name not in _KEPT]:
    del os.environ[_name]
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(_FOLDERS / _name.lower())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Each test that names no home gets an empty one of its own (a hook, since Hypothesis refuses such fixtures)."""
    os.environ["WINNOW_HOME"] = str(_FOLDERS / f"home-{next(_homes)}")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves nothing behind, nor lets a thread of a failed test keep the finished run from ending."""
    shutil.rmtree(_FOLDERS, ignore_errors=True)
    left = [each for each in threading.enumerate() if not each.daemon and each is not threading.main_thread()]
    for each in left:
        each.join(10)
    if stuck := [each.name for each in left if each.is_alive()]:
        print("Threads that would not end:", ", ".join(stuck), file=sys.stderr, flush=True)
        os._exit(config.stash.get(_STATUS, 0) or 1)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keeps how the run went for its very end."""
    session.config.stash[_STATUS] = int(exitstatus)


# Most tests that need a home need this one; imported late, since the tests of the models need none.


@pytest.fixture
def clock() -> Clock:
    """A Tuesday at which Europe and the east of America may be called; it stands until it is moved."""
    from tests.services.made_up import Clock

    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[Home]:
    """A new encrypted home with what comes with Winnow."""
    from tests.services.made_up import new_home

    with new_home(tmp_path / "home", clock) as opened:
        yield opened


@pytest.fixture
def seat(home: Home) -> Seat:
    """Who works in the home."""
    return home.seat


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system of sales on the loopback."""
    from tests.channels.receiver import receiving

    with receiving() as made:
        yield made
