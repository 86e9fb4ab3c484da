"""A thousand callers on one hub, a piece of their working day over a hundred connections, as fast as the hub answers.

Each calls every six minutes: claims, tells what they do, hands in what a call leaves behind, gives back with the next
claim; looks at whatever anybody hands in, as a poke makes a laptop do; and hears who is there. It fails when two held
the same inquiry or number at once, or when an entry that was handed in is missing with anybody. The figure is the
processor time of the server for each second of the day, beside one core.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from app.models.entries import Called, Captured, Disposed, Disposition, Entry, Outcome
from app.services.team.company import FEW, HEAR_S
from app.services.team.link import Candidate
from app.services.team.postgres_link import PostgresLink
from app.services.team.presence import Telling
from app.services.team.syncer import CALLER_S
from benchmarks.figure import Figure, Scale, figure, note
from tests.hub.server import Server, running
from tests.hub.team import Author, Team

CALLERS, CONNECTIONS, PROCESSES = 1000, 100, 4
EVERY_S = 360.0  # a call, and what is written after it
LEASE_MS = 60 * 60_000
OFFERED = 60
PEOPLE = 20_000
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
    """One figure; a quarter of a minute of the day with --quick, else two minutes."""
    seconds = 15.0 if scale.quick else 120.0
    try:
        with running() as server, server.hub() as database:
            with server.admin("postgres") as admin:  # durable, as a hub is
                for setting in ("fsync", "full_page_writes"):
                    admin.execute(f"ALTER SYSTEM SET {setting} = on")
                admin.execute("SELECT pg_reload_conf()")
            yield _figure(server, Team(server, database), seconds)
    except RuntimeError as error:
        if "initdb" not in str(error):
            raise
        note(f"working_day: {error}")


def _figure(server: Server, team: Team, seconds: float) -> Figure:
    team.root.execute("UPDATE winnow.claim_rule SET held = 1000, packed = 1000")  # ten laptops share one connection
    for number in range(CONNECTIONS):
        team.join(f"Caller {number}")
    day, head = _day(seconds), _fork.Value("q", 0)
    ready, begun = _fork.Barrier(PROCESSES + 1), _fork.Barrier(PROCESSES + 1)
    handed_in, results = _fork.Barrier(PROCESSES), _fork.Queue()

    def work(process: int) -> None:
        laptops = _Laptops(team, process, head)
        ready.wait()
        begun.wait()
        laptops.live(day, seconds)
        handed_in.wait(1200)
        results.put(laptops.outcomes())

    processes = [_fork.Process(target=work, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    ready.wait(600)
    before, began = _used(server), time.monotonic()
    begun.wait()
    answers: list[Outcomes] = [results.get(timeout=1800) for _ in processes]
    took, used = time.monotonic() - began, _used(server) - before
    for process in processes:
        process.join()
    _check(team, answers)
    calls = sum(1 for event in day if event.what == "call")
    note(f"{seconds:.0f} s of the day of {CALLERS:,}: {calls:,} calls, {len(day):,} questions, in {took:.0f} s")
    team.close()
    return figure(f"{CALLERS:,} callers on one hub, its processor", [used / seconds], 1.0, "cores", "<=1")


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


def _check(team: Team, answers: list[Outcomes]) -> None:
    """Raises AssertionError when two held the same, or something is lost."""
    spells = sorted(spell for answer in answers for spell in answer.spells)
    for one, other in pairwise(spells):
        assert one[0] != other[0] or one[2] <= other[1], "two held the same inquiry or number at once"
    written = set[str]().union(*(answer.written for answer in answers))
    told = "SELECT e.id FROM winnow.feed f CROSS JOIN unnest(f.ids) told (id) JOIN winnow.entry e USING (id)"
    there = {row[0].hex for row in team.root.execute(told)}
    assert written == there, "the hub has not what was handed in"
    assert sum(answer.missing for answer in answers) == 0, "somebody did not get everything"
    note(f"{len(written):,} entries with each of {CALLERS:,}, {len(spells):,} spells: none lost, none double")


class _Laptops:
    """The laptops of one process: ten to a connection, each with a cursor and claims of its own."""

    def __init__(self, team: Team, process: int, head: Any) -> None:
        self._head = head
        self._mine = range(process, CALLERS, PROCESSES)
        self._links: dict[int, PostgresLink] = {}
        self._authors: dict[int, Author] = {}
        self._cursor, self._got = dict.fromkeys(self._mine, 0), dict.fromkeys(self._mine, 0)
        self._held: dict[int, list[tuple[int, int, float]]] = {caller: [] for caller in self._mine}
        self._found = Outcomes([], set(), 0)
        for caller in self._mine:
            number = caller % CONNECTIONS
            if number not in self._links:
                self._links[number] = PostgresLink(team.options(f"Caller {number}"))
                self._links[number].hello(f"laptop-{caller}")
                self._links[number].wait(0)
            self._links[number].hello(f"laptop-{caller}")
            self._authors[caller] = Author(f"Caller {number}", f"laptop-{caller}")

    def _link(self, caller: int) -> PostgresLink:
        link = self._links[caller % CONNECTIONS]
        link._device = f"laptop-{caller}"  # greeted before; a laptop has a connection of its own
        return link

    def live(self, day: list[Event], seconds: float) -> None:
        """The day, then everybody gives back and hands in the last."""
        says = {"call": self._call, "look": self._look, "tell": self._tell, "hear": self._hear}
        for event in day:
            if event.caller in self._held:
                says[event.what](event.caller)
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
            assert start < PEOPLE, "nobody is left"
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
