"""A hub whose disk is full: nothing that it took is lost, it says so, and goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.models.entries import Captured
from app.models.entry import Entry
from app.services.team.link import HubUnreachable
from app.services.team.postgres_link import PostgresLink
from tests.hub.server import Server, _binaries
from tests.hub.team import NOON, Author, Team

MANY = 400
LARGE = 20_000  # bytes of one body


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own, of 400 MB, in memory; a computer that lets nobody mount one skips these tests."""
    folder = Path(tempfile.mkdtemp(prefix="winnow-disk-", dir="/tmp" if os.name == "posix" else None))
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=0755", "winnow", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False) if shutil.which("mount") else None
    if done is None or done.returncode:
        folder.rmdir()
        pytest.skip("No disk can be mounted here.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)
    with suppress(OSError):
        folder.rmdir()


@pytest.fixture
def small_server(small_disk: Path) -> Iterator[Server]:
    """A server on that disk."""
    made = Server(small_disk, _binaries())
    made.make()
    made.start()
    yield made
    made.stop()


def batches() -> list[list[Entry]]:
    """Forty, of ten large entries each."""
    author = Author("Ada")
    made = [author.write(Captured(source=os.urandom(LARGE // 2).hex(), captured_at=NOON)) for _ in range(MANY)]
    return [made[start : start + 10] for start in range(0, MANY, 10)]


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return ballast


def test_a_full_disk_loses_nothing_that_was_taken_and_it_goes_on_with_room(small_server: Server) -> None:
    with small_server.hub() as name:
        team = Team(small_server, name)
        ada = team.link("Ada")
        waiting, taken = batches(), set[str]()

        def hand_in(link: PostgresLink) -> None:
            while waiting:
                receipts = link.push(waiting[0])
                assert {receipt.outcome for receipt in receipts} <= {"stored", "known"}
                taken.update(receipt.id for receipt in receipts)
                waiting.pop(0)

        ballast = fill(small_server.folder)
        with pytest.raises(HubUnreachable) as told:
            hand_in(ada)
        assert "full" in str(told.value) and "\n" not in told.value.args[0]
        assert 0 < len(waiting) <= MANY // 10
        with pytest.raises(HubUnreachable):  # and again, as often as it is tried
            hand_in(ada)
        ballast.unlink()
        hand_in(ada)
        page = ada.pull(0, 5000)
        assert {entry.id for entry in page.entries} == taken and len(taken) == MANY == len(page.entries)
        assert [entry.pos for entry in page.entries] == list(range(1, MANY + 1))
        team.close()
