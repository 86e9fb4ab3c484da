"""The terminal itself: where options may stand, what goes where, and which code a command ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

import app
from app.cli.main import WHERE, main, winnow
from tests.cli.conftest import PASSPHRASE, Terminal

ROOT = Path(__file__).resolve().parents[2]


def run(*argv: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """The real command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app", *argv],
        capture_output=True,
        cwd=ROOT,
        env=os.environ | more,
        check=False,
        timeout=60,
    )


def test_the_version_is_said_without_a_home(tmp_path: Path):
    said = run("--version", WINNOW_HOME=str(tmp_path / "h"))
    assert (said.returncode, said.stdout.decode()) == (0, f"winnow {app.__version__}\n")
    assert not (tmp_path / "h").exists()


def test_the_first_command_makes_the_home_and_says_the_recovery_code_once(tmp_path: Path):
    first = run("queue", "--json", "--home", str(tmp_path / "h"), WINNOW_PASSPHRASE=PASSPHRASE)
    assert (first.returncode, json.loads(first.stdout)) == (0, [])
    assert b"Recovery code" in first.stderr
    code = first.stderr.decode().rstrip().rpartition(" ")[2]
    again = run("--home", str(tmp_path / "h"), "queue", "--json", WINNOW_PASSPHRASE=code)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"[]\n", b"")


def test_of_several_first_commands_at_once_one_makes_the_home_and_all_work_in_it(tmp_path: Path):
    def first(number: int) -> subprocess.CompletedProcess[bytes]:
        return run(
            "capture", "--last-name", f"Caller {number}", "--phone", f"+1202555014{number}", "--json",
            "--home", str(tmp_path / "h"), WINNOW_PASSPHRASE=PASSPHRASE,
        )  # fmt: skip

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(first, range(4)))
    assert [one.returncode for one in said] == [0] * 4, [one.stdout for one in said]
    assert sum(b"Recovery code" in one.stderr for one in said) == 1
    queue = run("queue", "--all", "--json", "--home", str(tmp_path / "h"), WINNOW_PASSPHRASE=PASSPHRASE)
    assert len(json.loads(queue.stdout)) == 4


def test_a_wrong_passphrase_is_refused_and_said_in_one_document(home: Path):
    said = run("queue", "--json", WINNOW_PASSPHRASE="not this one")
    assert said.returncode == 3
    assert json.loads(said.stdout)["error"]["code"] == "locked"
    assert b"Traceback" not in said.stdout + said.stderr


def test_showing_the_queue_does_not_import_sqlalchemy(demo_home: Path, terminal: Terminal):
    terminal("queue")  # a copied home gets its own device id at first
    words = "import sys; from app.cli.main import main; code = main(['queue', '--all']); "
    said = subprocess.run(
        [sys.executable, "-c", words + "print('sqlalchemy' in sys.modules, 'PySide6' in sys.modules, code)"],
        capture_output=True, cwd=ROOT, check=True, timeout=60,
    )  # fmt: skip
    assert said.stdout.splitlines()[-1] == b"False False 0"


def test_output_is_utf_8_whatever_the_locale(home: Path):
    name = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    said = run("capture", "--last-name", "Groß", "--phone", "+493023125001", **name)
    assert "Groß" in said.stdout.decode("utf-8")


def test_a_reader_that_stops_early_hears_no_complaint(demo_home: Path):
    command = f"{sys.executable} -m app queue --all | head -c 10"
    said = subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT, check=True, timeout=60)
    assert said.stderr == b""


@pytest.mark.parametrize("argv", [("--json", "queue"), ("queue", "--json"), ("queue", "--all", "--json")])
def test_json_may_stand_before_and_after_the_command(demo_home: Path, terminal: Terminal, argv: tuple[str, ...]):
    said = terminal(*argv)
    assert said.code == 0
    assert isinstance(said.json, list)


def test_the_home_may_be_named_before_and_after_the_command(
    demo_home: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WINNOW_HOME", str(demo_home.parent / "elsewhere"))
    before = terminal("--home", str(demo_home), "find", "example", "--json").json
    after = terminal("find", "example", "--json", f"--home={demo_home}").json
    assert before and [row["id"] for row in before] == [row["id"] for row in after]


@pytest.mark.parametrize("name", list(WHERE))
def test_the_help_of_every_command_shows_an_example(terminal: Terminal, name: str):
    said = terminal(name, "--help")
    assert said.code == 0
    assert f"Example:\n    winnow {name}" in said.out
    assert "--json" in said.out


def test_groups_show_an_example_for_each_of_their_commands(terminal: Terminal):
    context = click.Context(winnow)
    for group in ("script", "scorecard"):
        command = winnow.get_command(context, group)
        assert isinstance(command, click.Group)
        for name in command.commands:
            assert f"winnow {group} {name}" in terminal(group, name, "--help").out


@pytest.mark.parametrize("argv", [("nonsense",), ("call",), ("call", "0199a3f2", "shouted"), ("queue", "--first", "x")])
def test_wrong_usage_ends_with_2_and_as_json_in_one_document(terminal: Terminal, argv: tuple[str, ...]):
    said = terminal(*argv)
    assert (said.code, said.out) == (2, "")
    assert "winnow:" in said.err
    said = terminal(*argv, "--json")
    assert (said.code, said.err) == (2, "")
    assert said.json["error"]["code"] == "usage"


def test_a_callback_without_a_time_is_wrong_usage(ada: dict, terminal: Terminal):
    assert terminal("call", ada["id"], "callback").code == 2
    assert terminal("call", ada["id"], "callback", "--back-at", "soon").code == 2


def test_a_refusal_ends_with_3(home: Path, terminal: Terminal):
    assert terminal("show", "0123456789abcdef").code == 3
    assert terminal("set", "attempts", "none").code == 3
    said = terminal("undo", "--json")
    assert (said.code, set(said.json)) == (3, {"error"})
    assert set(said.json["error"]) == {"code", "sentence"}


def test_what_the_system_refuses_ends_with_4(demo_home: Path, terminal: Terminal, tmp_path: Path):
    said = terminal("export", str(tmp_path / "missing" / "list.csv"), "--json")
    assert said.code == 4
    assert said.json["error"]["code"] == "environment"
    assert terminal("backup", str(tmp_path / "missing" / "file")).code == 4
    assert terminal("results", "--report", str(tmp_path / "missing" / "r.xlsx")).code == 4
    (tmp_path / "file").write_text("")
    assert terminal("queue", "--home", str(tmp_path / "file" / "home")).code == 4


def test_a_bug_is_logged_without_what_people_typed_and_ends_with_1(
    demo_home: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    from app.services import finding

    def broken(*_: object) -> None:
        raise ValueError("Marlow +12025550143")

    monkeypatch.setattr(finding, "find", broken)
    said = terminal("find", "Marlow")
    assert said.code == 1
    assert "Traceback" not in said.err
    assert "Marlow" not in said.err
    log = (demo_home / "winnow.log").read_text("utf-8")
    assert "ValueError" in log
    assert "Marlow" not in log and "555" not in log


def test_words_that_are_no_text_are_wrong_usage(home: Path, terminal: Terminal):
    assert terminal("find", "caf\udce9").code == 2


def test_main_never_raises_for_a_home_that_is_damaged(home: Path, terminal: Terminal):
    (home / "winnow.db").write_bytes(b"not a store at all" * 500)
    for argv in (("queue",), ("doctor",), ("demo",)):
        said = terminal(*argv, "--json")
        assert said.code in {3, 4}
        assert said.json["error"]["sentence"]


def test_exit_codes_are_returned_and_not_raised(home: Path):
    assert main(["--help"]) == 0
