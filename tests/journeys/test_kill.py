"""The plug is pulled in the middle of a shift, again and again: nothing that was acknowledged is lost.

What the window acknowledges, and every key of a note, is written to a pipe at once; the other end is read here.
`WINNOW_KILLS` in the environment sets how often (usually 6), `WINNOW_SEED` another choice of moments.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from app.models.entries import Called, Corrected, Disposed, Skipped, Undone
from app.services import doctor, drafts
from tests.journeys.homes import PASSPHRASE, entries_since, last_seq, made_up, opened

KILLS = int(os.environ.get("WINNOW_KILLS", "6"))
OF_ONE_HOME = 6  # kills, before its people could come to an end; each home is a test of its own
SECOND = 1.0
DRAFTS = ("draft", "draft emptied")
WORK = (
    "import json, os, pathlib, sys\n"
    "from app import bootstrap\n"
    "from app.ui import shift\n"
    "def told(what): os.write(1, (json.dumps(what) + '\\n').encode())\n"
    "home = bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase=sys.argv[2])\n"
    "shift.run(home, calls=10_000, seed=int(sys.argv[3]), told=told)\n"
)


class _Witness:
    """Another process that hears what the window says, and when."""

    def __init__(self, home: Path, seed: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORK, str(home), PASSPHRASE, str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        self.heard: list[tuple[float, dict[str, str]]] = []
        self.begun = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard.append((time.monotonic(), json.loads(line)))
            if len(self.heard) > 2:
                self.begun.set()
        self.begun.set()

    def kill(self) -> float:
        """Ends it without a word; gives the moment."""
        at = time.monotonic()
        self.process.kill()
        self.process.wait(20)
        self._listener.join(20)
        self.last_words = self.process.stderr.read().decode() if self.process.stderr else ""
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return at


@pytest.mark.parametrize("first", range(0, KILLS, OF_ONE_HOME))
def test_no_acknowledged_action_and_no_note_is_lost_when_the_window_is_killed(tmp_path: Path, first: int):
    kills = min(OF_ONE_HOME, KILLS - first)
    chance = random.Random(f"{os.environ.get('WINNOW_SEED', 'a plug')} {first}")
    made_up(tmp_path, count=200 + 100 * kills, seed=5 + first)
    worked = 0
    for number in range(first, first + kills):
        with opened(tmp_path) as home:
            before = last_seq(home)
        witness = _Witness(tmp_path, seed=number)
        assert witness.begun.wait(120)
        time.sleep(chance.uniform(0.0, 2.5))  # the moment of the kill is what is tried
        still_runs = witness.process.poll() is None
        at = witness.kill()
        assert still_runs, witness.last_words
        worked += _check(tmp_path, before, witness.heard, at)
    assert worked >= kills, "the shifts were killed before they had done anything"


def _check(path: Path, before: int, heard: list[tuple[float, dict[str, str]]], killed_at: float) -> int:
    """Every acknowledgement against the ledger; returns how many there were."""
    kept = Counter((each["kept"], each["inquiry"]) for _, each in heard if "kept" in each)
    with opened(path) as home:
        seat = home.seat
        entries = [(entry, entry.facts()) for entry in entries_since(home, before)]
        found: Counter[tuple[str, str]] = Counter()
        for entry, body in entries:
            inquiry = seat.ledger.survivor(entry.subject)
            if isinstance(body, Disposed):
                found[body.disposition.value, inquiry] += 1
            elif isinstance(body, Called):
                found[body.outcome.value, inquiry] += 1
            elif isinstance(body, Skipped):
                found["skip", inquiry] += 1
            elif isinstance(body, Corrected):
                found["edit", inquiry] += 1
            elif isinstance(body, Undone):
                found["undo", inquiry] += 1
        for (what, inquiry), times in kept.items():
            if what not in DRAFTS:
                assert found[what, inquiry] >= times, f"{what} was acknowledged and is not in the ledger"
        acted = {inquiry for _, inquiry in found}
        stands = {each["inquiry"]: each["kept"] for _, each in heard if each.get("kept") in DRAFTS}
        for inquiry, what in stands.items():  # the last word: an answer that is taken back may leave nothing
            if what == "draft" and inquiry not in acted:
                assert drafts.read(seat, inquiry) != drafts.Draft(), "an acknowledged draft is gone"
        for moment, each in heard:
            if "note" in each and moment < killed_at - SECOND:
                assert _is_noted(home, each["inquiry"], each["note"], entries), f"lost: {each['note']}"
        assert all(seat.ledger.is_current(inquiry) for _, inquiry in kept)
        assert not [each for each in doctor.check(seat) if each.level == "bad"]
    return sum(kept.values())


def _is_noted(home, inquiry: str, note: str, entries) -> bool:
    if drafts.read(home.seat, inquiry).note.startswith(note):
        return True
    notes = [entry.who() for entry, _ in entries if home.seat.ledger.survivor(entry.subject) == inquiry]
    return any(person is not None and (person.note or "").startswith(note) for person in notes)
