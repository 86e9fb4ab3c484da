"""A thousand callers on one hub, two pieces of their working day over a hundred connections, as fast as it answers.

Each calls every six minutes: claims, tells what they do, hands in what a call leaves behind, gives back with the next
claim; looks at whatever anybody hands in, as a poke makes a laptop do; and hears who is there. It fails when two held
the same inquiry or number at once, or when an entry that was handed in is missing with anybody. The figure is the
processor time of the server, with its vacuum, for each second of the day, beside one core. Between the first piece
and the second the hub gets what a day leaves: its entries, and the rows of everybody who was claimed.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from app.models.entries import Called, Captured, Disposed, Disposition, Outcome
from app.models.entry import Entry
from app.services.team.company import FEW, HEAR_S
from app.services.team.link import Candidate
from app.services.team.postgres_link import PostgresLink
from app.services.team.presence import Telling
from app.services.team.syncer import CALLER_S
from benchmarks.figure import Figure, Scale, figure, note
from benchmarks.hubs import on_a_hub, processor
from tests.hub.server import Server
from tests.hub.team import Author, Team

CALLERS, CONNECTIONS, PROCESSES = 1000, 100, 4
EVERY_S = 360.0  # a call, and what is written after it
DAY_S = 8 * 3600.0
AT_ONCE = 1000  # entries that are handed in together when a day's are
LEASE_MS = 60 * 60_000
OFFERED = 60
PEOPLE = 20_000  # of one piece
PAGE = 1000
_fork = multiprocessing.get_context("fork")


class Event(NamedTuple):
    """Something that a laptop says to its hub, in seconds of the day."""

    at: float
    caller: int
    what: str  # call, look, tell, hear


class Outcomes(NamedTuple):
    """What one process can say about the day."""

    spells: list[tuple[int, float, float]]  # whom somebody held, from when until when
    written: set[str]  # ids of entries that were handed in
    missing: int  # entries that some caller did not get, less those that came twice


def run(scale: Scale) -> Iterator[Figure]:
    """The beginning and the end of a day: a quarter of a minute each with --quick, else two minutes."""
    return on_a_hub(partial(_figures, scale))


def _figures(scale: Scale, team: Team) -> Iterator[Figure]:
    team.root.execute("UPDATE winnow.claim_rule SET held = 1000, packed = 1000")  # ten laptops share one connection
    for number in range(CONNECTIONS):
        team.join(f"Caller {number}")
    seconds, name = (15.0 if scale.quick else 120.0), f"{CALLERS:,} callers on one hub, its processor"
    yield _piece(team, seconds, name, 0)
    _fill(team, scale.times(round(CALLERS * DAY_S / EVERY_S), 2000))
    yield _piece(team, seconds, f"{name}, at the end of a day", PEOPLE)
    team.close()


def _piece(team: Team, seconds: float, name: str, first: int) -> Figure:
    """`first`: the number of the first of the queue."""
    server, day, head = team.server, _day(seconds), _fork.Value("q", first)
    ready, begun, lived, counted = (_fork.Barrier(PROCESSES + 1) for _ in range(4))
    results = _fork.Queue()

    def work(process: int) -> None:
        laptops = _Laptops(team, process, head, first, len(there))
        ready.wait()
        begun.wait()
        laptops.live(day)
        lived.wait(1200)
        counted.wait(60)
        results.put((laptops.outcomes(), laptops.took))

    there = _entries(team)
    processes = [_fork.Process(target=work, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    ready.wait(600)
    before, began = _used(server), time.monotonic()
    begun.wait()
    lived.wait(1200)
    took, used = time.monotonic() - began, _used(server) - before
    counted.wait()
    answers: list[tuple[Outcomes, Counter[str]]] = [results.get(timeout=1800) for _ in processes]
    for process in processes:
        process.join()
    _check(team, [outcomes for outcomes, _ in answers], there)
    calls = sum(1 for event in day if event.what == "call")
    note(f"{name}: {seconds:.0f} s of the day: {calls:,} calls, {len(day):,} questions, in {took:.0f} s")
    each = sum((took for _, took in answers), Counter[str]())
    parts = ", ".join(f"{what} {each[what] / seconds:.2f}" for what in ("call", "look", "tell", "hear"))
    note(f"{name}: of it by question: {parts}; the rest is written and tidied up behind them")
    return figure(name, [used / seconds], 1.0, "cores", "<=1")


def _fill(team: Team, calls: int) -> None:
    """What so many calls leave on the hub: their entries, and a row for each who was claimed."""
    began, link, author = time.monotonic(), team.link("Caller 0", device="all"), Author("Caller 0", "all")
    entries: list[Entry] = []
    for number in range(calls):
        entries += _written(author, f"{2 * PEOPLE + number:032x}", 0)
        if len(entries) >= AT_ONCE or number == calls - 1:
            link.push(entries)
            entries.clear()
    numbers = "FROM generate_series(%s, %s) n"
    team.root.execute(
        f"INSERT INTO winnow.claim (inquiry) SELECT lpad(to_hex(n), 32, '0')::uuid {numbers}",
        (2 * PEOPLE, 2 * PEOPLE + calls - 1),
    )
    note(f"{3 * calls:,} entries of a day, in {time.monotonic() - began:.0f} s")


def _day(seconds: float) -> list[Event]:
    """What everybody does, in order of time."""
    chance, day = random.Random(7), list[Event]()
    calls = sorted((at, caller) for caller in range(CALLERS) if (at := chance.uniform(0, EVERY_S)) < seconds)
    for at, caller in calls:
        day += [Event(at, caller, "call"), Event(at, caller, "tell"), Event(at, caller, "tell")]
    for caller in range(CALLERS):  # a poke makes everybody look, once in a while
        looked = -chance.uniform(0, CALLER_S)
        for at, _ in calls:
            if at > looked:
                looked = max(at, looked + CALLER_S)
                day.append(Event(looked, caller, "look"))
    for what, every in (("tell", Telling.EVERY_MS / 1000), ("hear", HEAR_S * CALLERS / FEW)):
        for caller in range(CALLERS):
            at = chance.uniform(0, every)
            while at < seconds:
                day.append(Event(at, caller, what))
                at += every
    return sorted(day, key=lambda event: event.at)


def _entries(team: Team) -> set[str]:
    """The ids of everything in the feed."""
    told = "SELECT e.id FROM winnow.feed f CROSS JOIN unnest(f.ids) told (id) JOIN winnow.entry e USING (id)"
    return {row[0].hex for row in team.root.execute(told)}


def _check(team: Team, answers: list[Outcomes], before: set[str]) -> None:
    """Raises AssertionError when two held the same, or something is lost."""
    spells = sorted(spell for answer in answers for spell in answer.spells)
    for one, other in pairwise(spells):
        assert one[0] != other[0] or one[2] <= other[1], "two held the same inquiry or number at once"
    written = set[str]().union(*(answer.written for answer in answers))
    assert written == _entries(team) - before, "the hub has not what was handed in"
    assert sum(answer.missing for answer in answers) == 0, "somebody did not get everything"
    note(f"{len(written):,} entries with each of {CALLERS:,}, {len(spells):,} spells: none lost, none double")


class _Laptops:
    """The laptops of one process: ten to a connection, each with a cursor and claims of its own."""

    def __init__(self, team: Team, process: int, head: Any, first: int, read: int) -> None:
        self._head, self._end = head, first + PEOPLE  # of the queue
        self.took = Counter[str]()  # processor seconds of the hub's sessions, by what they were asked
        self._sessions: dict[int, int] = {}
        self._mine = range(process, CALLERS, PROCESSES)
        self._links: dict[int, PostgresLink] = {}
        self._authors: dict[int, Author] = {}
        self._cursor, self._got = dict.fromkeys(self._mine, read), dict.fromkeys(self._mine, read)
        self._held: dict[int, list[tuple[int, int, float]]] = {caller: [] for caller in self._mine}
        self._found = Outcomes([], set(), 0)
        for caller in self._mine:
            number = caller % CONNECTIONS
            if number not in self._links:
                self._links[number] = PostgresLink(team.options(f"Caller {number}"))
                self._links[number].hello(f"laptop-{caller}")
                self._links[number].wait(0)
                self._sessions[number] = self._links[number].ask("SELECT pg_backend_pid()")[0][0]
            self._links[number].hello(f"laptop-{caller}")
            self._authors[caller] = Author(f"Caller {number}", f"laptop-{caller}", seq=first)

    def _link(self, caller: int) -> PostgresLink:
        link = self._links[caller % CONNECTIONS]
        link._device = f"laptop-{caller}"  # greeted before; a laptop has a connection of its own
        return link

    def live(self, day: list[Event]) -> None:
        """The day, then everybody gives back, which else is said with their next call."""
        says = {"call": self._call, "look": self._look, "tell": self._tell, "hear": self._hear}
        for event in day:
            if event.caller in self._held:
                session = self._sessions[event.caller % CONNECTIONS]
                before = processor(session)
                says[event.what](event.caller)
                self.took[event.what] += processor(session) - before
        for caller in self._mine:
            self._link(caller).release(self._let_go(caller))

    def _call(self, caller: int) -> None:
        link, author = self._link(caller), self._authors[caller]
        let_go = self._let_go(caller)
        start = max(0, self._head.value - OFFERED // 2)
        while len(self._held[caller]) < 2:
            offered = [_somebody(number) for number in range(start, start + OFFERED)]
            for claim in link.claim_first(offered, 2 - len(self._held[caller]), LEASE_MS, let_go):
                place = int(claim.inquiry, 16)
                self._held[caller].append((place, claim.claim_no, time.monotonic()))
                with self._head.get_lock():
                    self._head.value = max(self._head.value, place)
            let_go, start = [], start + OFFERED
            assert start < self._end, "nobody is left"
        place, number, _ = self._held[caller][0]
        entries = _written(author, f"{place:032x}", number)
        assert {receipt.outcome for receipt in link.push(entries)} == {"stored"}
        self._found.written.update(entry.id for entry in entries)

    def _let_go(self, caller: int) -> list[int]:
        held, now = self._held[caller], time.monotonic()
        self._found.spells.extend((place, since, now) for place, _, since in held)
        self._found.spells.extend((-1 - place // 2, since, now) for place, _, since in held)  # their number
        numbers = [number for _, number, _ in held]
        held.clear()
        return numbers

    def _look(self, caller: int) -> None:
        page = self._link(caller).pull(self._cursor[caller], PAGE)
        self._got[caller] += len(page.entries)
        self._cursor[caller] = page.through

    def _tell(self, caller: int) -> None:
        self._link(caller).tell("between")

    def _hear(self, caller: int) -> None:
        link = self._link(caller)
        link.present(), link.absences(), link.members()

    def outcomes(self) -> Outcomes:
        """Everybody reads to the end first."""
        missing = 0
        for caller in self._mine:
            while True:
                before = self._cursor[caller]
                self._look(caller)
                if self._cursor[caller] == before:
                    break
            missing += abs(self._cursor[caller] - self._got[caller])
        for link in self._links.values():
            link.close()
        return self._found._replace(missing=missing)


def _somebody(number: int) -> Candidate:
    """Two colleagues share one number."""
    return Candidate(f"{number:032x}", (f"1:{number // 2:032x}",))


def _written(author: Author, inquiry: str, claim_no: int) -> list[Entry]:
    now = time.time_ns() // 1_000_000
    return [
        author.write(Captured(source="Fair", captured_at=now), subject=inquiry),
        author.write(Called(outcome=Outcome.REACHED, called_at=now, seconds=180), subject=inquiry, claim_no=claim_no),
        author.write(Disposed(disposition=Disposition.SELL, decided_at=now), subject=inquiry, claim_no=claim_no),
    ]


def _used(server: Server) -> float:
    """Processor seconds of the server so far, ended sessions included."""
    ticks, postmaster = 0, server.postmaster()
    for folder in Path("/proc").iterdir():
        try:
            found = (folder / "stat").read_text().rpartition(")")[2].split() if folder.name.isdigit() else []
        except OSError:
            continue
        if found and int(folder.name) == postmaster:
            ticks += sum(map(int, found[11:15]))
        elif found and int(found[1]) == postmaster:
            ticks += int(found[11]) + int(found[12])
    return ticks / os.sysconf("SC_CLK_TCK")
