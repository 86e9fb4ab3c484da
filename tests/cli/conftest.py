"""A real, encrypted home for each test, copied from one that is made once; and the terminal in this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.cli.main import main
from app.services import demo

PASSPHRASE = "several easy words"


class Answer:
    """What one command said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


Terminal = Callable[..., Answer]


def made(path: Path, *, filled: bool) -> Path:
    home, _ = bootstrap.create(path, passphrase=PASSPHRASE)
    with home:
        if filled:
            demo.fill(home.seat)
    return path


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("empty") / "home", filled=False)


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("filled") / "home", filled=True)


@pytest.fixture
def home(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, which the commands of this test work in."""
    return _in_use(empty_home, tmp_path, monkeypatch)


@pytest.fixture
def demo_home(filled_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with made-up inquiries, which the commands of this test work in."""
    return _in_use(filled_home, tmp_path, monkeypatch)


def _in_use(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "home"
    shutil.copytree(template, path)
    monkeypatch.setenv("WINNOW_HOME", str(path))
    monkeypatch.setenv("WINNOW_PASSPHRASE", PASSPHRASE)
    return path


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Runs a command in this process."""

    def run(*argv: str) -> Answer:
        capsys.readouterr()
        code = main(list(argv))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


@pytest.fixture
def call_at_any_hour(home: Path, terminal: Terminal) -> None:
    assert terminal("set", "calling-hours", "00:00-24:00").code == 0


@pytest.fixture
def ada(home: Path, terminal: Terminal) -> dict[str, Any]:
    """Ada Moss, captured by a command."""
    return terminal(
        "capture", "--json", "--first-name", "Ada", "--last-name", "Moss", "--phone", "+1 202 555 0143", "--email",
        "ada.moss@brightwater.example", "--company", "Brightwater", "--source", "Web form", "--note", "Call me, please",
    ).json  # fmt: skip
