"""`winnow import`: the document of figures, refusals, mappings by hand, several files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import bootstrap
from tests.cli.conftest import PASSPHRASE, Terminal
from tests.cli.test_terminal import ROOT, run

SHARED = Path(os.environ.get("WINNOW_SHARED", Path(__file__).parents[3] / "shared")) / "data"
SUMS = ("read", "created", "updated", "merged", "skipped", "refused")
LIST = """First name,Last name,Company,Telephone,Mail,Country
Ada,Moss,Brightwater,+1 202 555 0143,ada@brightwater.example,US
Jürgen,Groß,Bäckerei Nord,030 23125 017,jg@nord.example,DE
,,,,,DE
"""


@pytest.fixture
def a_list(tmp_path: Path) -> Path:
    path = tmp_path / "fair.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_an_import_says_what_became_of_every_row(home: Path, terminal: Terminal, a_list: Path):
    said = terminal("import", str(a_list), "--source", "Fair", "--json")
    assert (said.code, said.err) == (0, "")
    document = said.json
    assert set(document) == {"files", *SUMS, "seconds"}
    (file,) = document["files"]
    assert set(file) == {"file", *SUMS, "reasons", "mapping", "encoding", "delimiter"}
    assert (file["read"], file["created"], file["refused"]) == (3, 2, 1)
    assert file["read"] == sum(file[name] for name in SUMS[1:])
    assert file["reasons"][0]["row"] == 4 and file["reasons"][0]["reason"]
    assert (file["mapping"]["phones"] if "phones" in file["mapping"] else file["mapping"]["phone"]) == "Telephone"
    assert file["delimiter"] == ","
    assert terminal("find", "groß", "--json").json[0]["phone"] == "+493023125017"


def test_a_dry_run_says_the_same_and_changes_nothing(home: Path, terminal: Terminal, a_list: Path):
    rehearsed = terminal("import", str(a_list), "--source", "Fair", "--dry-run", "--json").json
    assert terminal("find", "moss", "--json").json == []
    assert "dry run" in terminal("import", str(a_list), "--source", "Fair", "--dry-run").out
    taken = terminal("import", str(a_list), "--source", "Fair", "--json").json
    assert [rehearsed[name] for name in SUMS] == [taken[name] for name in SUMS]


def test_the_same_file_twice_creates_nothing(home: Path, terminal: Terminal, a_list: Path):
    terminal("import", str(a_list), "--source", "Fair")
    again = terminal("import", str(a_list), "--source", "Fair", "--json").json
    assert (again["created"], again["updated"]) == (0, 0)


def test_a_column_may_be_mapped_by_hand_and_a_wrong_one_is_refused(home: Path, terminal: Terminal, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b,c\nMoss,+12025550143,x\n", encoding="utf-8")
    said = terminal("import", str(path), "--source", "Fair", "--map", "last_name=a", "--map", "company=c", "--json")
    assert said.code == 0
    assert terminal("find", "moss", "--json").json[0]["company"] == "x"
    assert terminal("import", str(path), "--source", "Fair", "--map", "last_name=nowhere").code == 3
    assert terminal("import", str(path), "--source", "Fair", "--map", "last_name").code == 2
    assert terminal("import", str(path), "--source", "Fair", "--region", "Atlantis").code == 2
    assert terminal("import", str(path)).code == 2


def test_a_list_whose_every_row_is_refused_ends_with_3_and_the_report(home: Path, terminal: Terminal, tmp_path: Path):
    path = tmp_path / "nobody.csv"
    path.write_text("First name,Telephone,Mail\nAda,,\nBob,,\n", encoding="utf-8")
    said = terminal("import", str(path), "--source", "Fair", "--json")
    assert said.code == 3
    assert said.json["error"]["sentence"]
    assert terminal("queue", "--all", "--json").json == []


def test_what_is_no_list_is_refused_and_what_is_not_there_is_an_environment_error(
    home: Path, terminal: Terminal, tmp_path: Path
):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    assert terminal("import", str(tmp_path / "picture.csv"), "--source", "Fair", "--json").code == 3
    missing = terminal("import", str(tmp_path / "missing.csv"), "--source", "Fair", "--json")
    assert missing.code == 4
    assert missing.json["error"]["sentence"]


def test_of_several_files_the_lists_go_in_and_the_others_are_told(
    home: Path, terminal: Terminal, tmp_path: Path, a_list: Path
):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    said = terminal("import", str(tmp_path / "picture.csv"), str(a_list), "--source", "Fair", "--json")
    assert said.code == 0
    document = said.json
    assert [Path(file["file"]).name for file in document["files"]] == ["fair.csv", "picture.csv"]
    assert document["created"] == 2
    assert document["files"][1]["error"]["sentence"]


def test_a_name_that_is_no_text_still_names_a_file(home: Path, tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    try:
        path.write_text(LIST, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    said = run("import", str(path), "--source", "Fair", "--json")
    assert said.returncode == 0, said.stdout
    assert json.loads(said.stdout)["created"] == 2


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_every_shared_list_ends_with_a_report_or_a_refusal_and_creates_nothing_twice(home: Path, terminal: Terminal):
    folders = ("lead-files", "event-files", "vcards", "csv-edge-cases")
    for path in sorted(file for name in folders for file in (SHARED / name).rglob("*") if file.is_file()):
        rehearsed = terminal("import", str(path), "--source", path.parent.name, "--dry-run", "--json")
        first = terminal("import", str(path), "--source", path.parent.name, "--json")
        second = terminal("import", str(path), "--source", path.parent.name, "--json")
        assert first.code in {0, 3}, (path, first.out)
        assert "Traceback" not in first.err
        if "files" not in first.json:
            assert first.json["error"]["sentence"], path
            continue
        for said in (rehearsed.json, first.json, second.json):
            assert said["read"] == sum(said[name] for name in SUMS[1:])
        assert [rehearsed.json[name] for name in SUMS] == [first.json[name] for name in SUMS], path
        assert second.json["created"] == 0, path


def test_an_import_that_is_interrupted_says_what_is_in_and_the_same_list_again_takes_in_the_rest(
    home: Path, terminal: Terminal, tmp_path: Path
):
    many = 4000
    rows = [f"Nora,Number{number},n{number}@brightwater.example\n" for number in range(many)]
    path = tmp_path / "long.csv"
    path.write_text("First name,Last name,Mail\n" + "".join(rows), encoding="utf-8")
    words = [sys.executable, "-m", "app", "import", str(path), "--source", "Fair"]
    with bootstrap.open_home(home, passphrase=PASSPHRASE):  # who shares a home takes in little at a time
        log = home / "winnow.db-wal"
        started = log.stat().st_size + 300_000  # bytes: more than a start writes
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as importing:
            until = time.monotonic() + 60
            while importing.poll() is None and log.stat().st_size < started and time.monotonic() < until:
                time.sleep(0.01)
            importing.send_signal(signal.SIGINT)
            _, said = importing.communicate(timeout=60)
    assert importing.returncode == 130
    assert "the same list again takes in the rest" in said.decode()
    again = terminal("import", str(path), "--source", "Fair", "--json").json
    assert again["created"] + again["skipped"] == many
    assert again["created"] > 0 and again["skipped"] > 0
