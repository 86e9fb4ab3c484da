"""An import beside the window: told by pipe, cancelled, killed, and never in a caller's way."""

from __future__ import annotations

import os
import signal
import sys
import time
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from app import bootstrap
from app.services import capture
from app.services.doctor import check
from app.services.errors import EnvironmentFailed
from app.services.import_process import ImportProcess, Message
from app.services.import_terms import Fate, ImportOptions, ImportReport, Progress
from app.services.reading import FileRefused
from tests.services.made_up import KEY, form
from tests.services.test_importing import many, take_in, write

OPTIONS = ImportOptions(source="Fair", region="DE")


def begun(home: bootstrap.Home, path: Path, options: ImportOptions = OPTIONS) -> ImportProcess:
    process = ImportProcess(home.path, KEY, [path], options)
    process.start()
    return process


def told(process: ImportProcess, *, until_rows: int = 0) -> list[Message]:
    """Everything up to the end, or to the first word that so many rows are in."""
    found: list[Message] = []
    deadline = time.monotonic() + 60
    while process.alive and time.monotonic() < deadline:
        wait([process.connection], 1)
        found += process.poll()
        if until_rows and found and isinstance(found[-1], Progress) and found[-1].rows >= until_rows:
            break
    return found


@pytest.mark.parametrize("dry_run", [False, True])
def test_an_import_in_its_own_process_tells_how_far_it_is_and_ends_with_a_report(
    home: bootstrap.Home, tmp_path: Path, *, dry_run: bool
) -> None:
    path = write(tmp_path / "list.csv", many(1500))
    messages = told(begun(home, path, ImportOptions(source="Fair", region="DE", dry_run=dry_run)))
    *progress, report = messages
    assert isinstance(report, ImportReport)
    assert report.count(Fate.NEW) == 1500
    rows = [message.rows for message in progress if isinstance(message, Progress)]
    assert rows == sorted(rows)
    assert len(rows) == len(progress) >= 1
    assert home.seat.store.query("SELECT count(*) FROM inquiry") == [(0 if dry_run else 1500,)]


def test_cancelling_ends_with_a_report_of_what_is_in(home: bootstrap.Home, tmp_path: Path) -> None:
    process = begun(home, write(tmp_path / "list.csv", many(20_000)))
    told(process, until_rows=100)
    process.cancel()
    report = told(process)[-1]
    assert isinstance(report, ImportReport)
    assert report.cancelled
    assert 0 < report.read < 20_000
    assert home.seat.store.query("SELECT count(*) FROM inquiry") == [(report.read,)]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_import_leaves_a_whole_store_and_says_so(home: bootstrap.Home, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", many(3000))
    process = begun(home, path)
    before = told(process, until_rows=100)[-1]
    assert isinstance(before, Progress)
    os.kill(process.pid, signal.SIGKILL)
    error = told(process)[-1]
    assert isinstance(error, EnvironmentFailed)
    assert "ended unexpectedly" in error.sentence
    (kept,) = home.seat.store.query("SELECT count(*) FROM inquiry")[0]
    assert before.rows <= kept < 3000
    assert not [finding for finding in check(home.seat) if finding.level == "bad"]
    report = take_in(home.seat, path)
    assert (report.count(Fate.NEW), report.count(Fate.SKIPPED)) == (3000 - kept, kept)


def test_an_error_arrives_as_it_was(home: bootstrap.Home, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 damaged")
    assert isinstance(told(begun(home, path))[-1], FileRefused)
    assert isinstance(told(begun(home, tmp_path / "missing.csv"))[-1], EnvironmentFailed)


def test_what_people_do_beside_an_import_is_recorded_at_once(home: bootstrap.Home, tmp_path: Path) -> None:
    process = begun(home, write(tmp_path / "list.csv", many(6000)))
    told(process, until_rows=100)
    captured = 0
    while process.alive and captured < 40:
        capture.capture(home.seat, form(captured, phone=f"+4930{3_000_000 + captured}"))
        captured += 1
        process.poll()
    process.cancel()
    told(process)
    assert captured >= 5
    assert not [finding for finding in check(home.seat) if finding.level == "bad"]
