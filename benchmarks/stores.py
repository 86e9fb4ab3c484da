"""Stores with many inquiries, about four entries each; made once, kept under benchmarks/.cache."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from app import bootstrap
from app.models.entries import (
    Called,
    Captured,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Id,
    Outcome,
    Person,
)
from app.models.inquiry import FOLD_VERSION
from app.services import changing_settings
from app.services.seat import Act, Seat, new_id
from app.services.store import schema
from app.services.store.connection import FILE
from benchmarks.figure import note
from benchmarks.people import DAY, HOUR, NOW, Somebody, captured_at, somebody

KEY = bytes(range(32))
CACHE = Path(__file__).parent / ".cache"
MADE = 2  # a change of what is made raises it
BATCH = 500  # inquiries of one action
DONE = "done"
RUN = "WINNOW_BENCHMARK_RUN"


class Clock:
    """Begins at NOW and goes on as the real one does."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self) -> int:
        return NOW + int((time.monotonic() - self._began) * 1000)


def home(size: int) -> Path:
    """The folder of a home with so many inquiries; whoever writes takes `work` or `fresh`."""
    folder = CACHE / f"home-{size}-{schema.HEAD}-{FOLD_VERSION}-{MADE}"
    if not folder.exists():
        part = folder.with_name(f"part-{size}-{os.getpid()}")  # another run may make the same one
        part.mkdir(parents=True)
        began = time.perf_counter()
        try:
            _make(part, size)
            part.rename(folder)
        except OSError:
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
        note(f"made a store of {size:,} inquiries in {time.perf_counter() - began:.0f} s")
    return folder


def work(size: int) -> Path:
    """A copy of such a home for this run, to be written to by every figure; `drop_work` deletes it."""
    folder = _work_folder(size)
    if not (folder / DONE).exists():
        source = home(size) / FILE
        folder.mkdir(parents=True)
        shutil.copyfile(source, folder / FILE)
        os.sync()  # else every durable write of a benchmark would wait behind this copy
        (folder / DONE).touch()
    return folder


def fresh(size: int) -> Path:
    """A new copy for one measurement."""
    shutil.rmtree(_work_folder(size), ignore_errors=True)
    return work(size)


def drop_work() -> None:
    """Delete the copies of this run, and those of runs that were killed."""
    for folder in CACHE.glob("work-*"):
        run = folder.name.rpartition("-")[2]
        if run == _run() or (run.isdecimal() and _is_over(int(run))):
            shutil.rmtree(folder, ignore_errors=True)


def _is_over(process: int) -> bool:
    if sys.platform == "win32":  # there a signal of 0 ends the process
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _work_folder(size: int) -> Path:
    return CACHE / f"work-{size}-{_run()}"


def _run() -> str:
    return os.environ.setdefault(RUN, str(os.getpid()))  # child processes of one run share it


def opened(folder: Path) -> bootstrap.Home:
    """A home, open by its key, at NOW."""
    return bootstrap._open(folder, KEY, Clock())


def _make(folder: Path, size: int) -> None:
    with bootstrap._furnished(bootstrap._open(folder, KEY, lambda: NOW - 2 * DAY)) as made:
        seat = made.seat
        for key, value in (("name", "Benchmark"), ("zone", "Europe/Berlin"), ("region", "DE")):
            changing_settings.change(seat, key, value)
        seat.store.expect_much()
        seat.store.writer.execute("PRAGMA synchronous=OFF")  # a power cut would cost a benchmark, no data
        # Whoever objects comes last: from then on each new number is compared with theirs.
        _fill(seat, size, (number for number in range(size) if not _objects(number)))
        _fill(seat, size, (number for number in range(size) if _objects(number)))
        seat.store.expect_little()
        seat.store.truncate_log()


def _objects(number: int) -> bool:
    return number % 200 == 7


def _fill(seat: Seat, size: int, numbers: Iterable[int]) -> None:
    batch: list[int] = []
    for number in numbers:
        batch.append(number)
        if len(batch) == BATCH:
            _take(seat, size, batch)
            batch.clear()
    _take(seat, size, batch)


def _take(seat: Seat, size: int, numbers: list[int]) -> None:
    with seat.act() as act:
        for number in numbers:
            _History(act, number, size).write()


class _History:
    """What happened to one person so far."""

    def __init__(self, act: Act, number: int, size: int) -> None:
        self._act, self._number = act, number
        self._who: Somebody = somebody(number, size)
        self._at = captured_at(number, size)
        self._subject: Id = new_id()

    def write(self) -> None:
        """About four entries; of a hundred 95 wait, 4 are decided, and the rest objected or were promised a call."""
        kind = self._number % 100
        if _objects(self._number):
            self._captured()
            self._called(Outcome.NO_ANSWER)
            self._objected()
        elif self._number % 200 == 107:
            self._captured()
            self._called(Outcome.NO_ANSWER)
            self._called(Outcome.CALLBACK)
        elif kind < 5:
            self._captured()
        elif kind < 20:
            self._captured()
            self._called(Outcome.NO_ANSWER, Outcome.BUSY)
        elif kind < 50:
            self._captured()
            self._called(Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.NO_ANSWER)
        elif kind < 80:
            self._captured()
            self._corrected()
            self._called(Outcome.VOICEMAIL, Outcome.NO_ANSWER)
        elif kind < 96:
            self._captured()
            self._corrected()
            self._called(Outcome.NO_ANSWER, Outcome.BUSY, Outcome.VOICEMAIL, Outcome.NO_ANSWER)
        else:
            self._decided(kind)

    def _captured(self, *, gone: bool = False) -> None:
        who = self._who
        body = Captured(
            source=who.source, captured_at=self._at, how="file", country=who.country, state=who.state or None
        )
        self._act.append(self._subject, body, None if gone else who.person, fresh=True)

    def _corrected(self) -> None:
        self._act.append(self._subject, Corrected(size=float(self._number % 500)), Person(title="Head of Purchasing"))

    def _called(self, *outcomes: Outcome, gone: bool = False) -> None:
        """Tries that are minutes apart, so that the order of waiting stays that of the numbers."""
        number = None if gone else (self._who.person.phones or ())[0].e164
        for outcome in outcomes:
            self._at += 10 * 60_000
            body = Called(
                outcome=outcome,
                called_at=self._at,
                seconds=40,
                back_at=NOW + HOUR if outcome is Outcome.CALLBACK else None,
                retry_at=self._at + 5 * 60_000 if outcome not in {Outcome.REACHED, Outcome.CALLBACK} else None,
                attempts_allowed=6,
            )
            self._act.append(self._subject, body, Person(number=number))

    def _objected(self) -> None:
        ring, phone = self._act.seat.ledger.ring, (self._who.person.phones or ())[0]
        body = Called(outcome=Outcome.DO_NOT_CALL, called_at=self._at, keys=(ring.hash(f"p:{phone.e164}"),))
        self._act.append(self._subject, body, Person(number=phone.e164))

    def _decided(self, kind: int) -> None:
        gone = kind == 97
        self._captured(gone=gone)
        self._called(Outcome.NO_ANSWER, Outcome.REACHED, gone=gone)
        disposition = {96: Disposition.SELL, 97: Disposition.DISCARD}.get(kind, Disposition.NURTURE)
        answers = {"need": "growth", "current": "own", "authority": "alone", "timing": "later", "budget": "planned"}
        body = Disposed(
            disposition=disposition,
            decided_at=self._at,
            score=55,
            advice=disposition,
            answers=dict(answers),
            script="b2b",
            script_version=1,
            scorecard_version=1,
            until=NOW + 90 * DAY if disposition is Disposition.NURTURE else None,
            erase_at=self._at + 600_000 if gone else None,
            keys=(self._act.seat.ledger.ring.hash(f"e:{self._number}"),) if gone else (),
        )
        decision = self._act.append(self._subject, body, None if gone else Person(note="Wants to hear from us again."))
        if gone:
            self._act.append(self._subject, Erased(disposition=decision.id, keys=body.keys))
