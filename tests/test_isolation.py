"""Tests touch nothing of the person who runs them, and a warning of Python or Qt fails them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import keyring
import keyring.errors
import pytest

ROOT = Path(__file__).resolve().parents[1]
_homes: list[str] = []


def test_the_real_keyring_is_out_of_reach():
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password("winnow", "anything")


@pytest.mark.parametrize("time", [1, 2])
def test_every_test_has_a_home_of_its_own_that_does_not_exist_yet(time: int):
    home = os.environ["WINNOW_HOME"]
    assert home not in _homes
    assert not Path(home).exists()
    _homes.append(home)


def test_nothing_of_a_persons_own_winnow_reaches_the_tests():
    assert {name for name in os.environ if name.startswith("WINNOW_")} <= {"WINNOW_HOME", "WINNOW_SHARED"}


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning, match="on purpose"):
        warnings.warn("on purpose", stacklevel=1)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("QTimer().start(-1)", "1 failed"),
        ("label = QLabel('sound'); qtbot.addWidget(label); label.show(); label.raise_()", "1 passed"),
    ],
)
def test_a_warning_of_qt_fails_a_test(body: str, outcome: str, tmp_path: Path):
    (tmp_path / "test_inside.py").write_text(
        textwrap.dedent(f"""
            from PySide6.QtCore import QTimer
            from PySide6.QtWidgets import QLabel

            def test_inside(qtbot):
                {body}
        """)
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            ROOT / "pyproject.toml",
            "--rootdir",
            tmp_path,
            tmp_path,
            "-p",
            "no:randomly",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in ran.stdout, ran.stdout + ran.stderr
