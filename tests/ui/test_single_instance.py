"""One window for each home, in real processes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import bootstrap
from app.ui.single_instance import SingleInstance


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made, _ = bootstrap.create(tmp_path / "home", passphrase="a passphrase", use_keyring=False)
    made.close()
    return tmp_path / "home"


def start(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "app", "--home", str(home)])


def test_a_second_start_brings_the_first_window_to_the_front_and_ends(home, qtbot):
    first = SingleInstance(home)
    assert first.is_first()
    first.listen()
    with qtbot.waitSignal(first.asked, timeout=20_000):
        second = start(home)
    assert second.wait(20) == 0
    first.close()


def test_two_starts_make_one_window_which_ends_when_it_is_asked_to(home):
    first = start(home)
    until = time.monotonic() + 20
    while not (home / "window.lock").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)
    second = start(home)
    assert second.wait(20) == 0
    assert first.poll() is None, "the first window is gone"
    first.terminate()
    assert first.wait(20) == 0
    third = start(home)
    with pytest.raises(subprocess.TimeoutExpired):
        third.wait(2)
    third.terminate()
    assert third.wait(20) == 0


def test_a_window_that_was_killed_is_in_nobodys_way(home):
    first = start(home)
    until = time.monotonic() + 20
    while not (home / "window.lock").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)
    first.kill()
    first.wait(20)
    again = SingleInstance(home)
    assert again.is_first()
    again.listen()
    again.close()


def test_another_home_has_a_window_of_its_own(home, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    one, two = SingleInstance(home), SingleInstance(other)
    assert one.is_first()
    assert two.is_first()
    one.close()
    two.close()
