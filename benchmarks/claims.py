"""Claims in a second on a hub with a million inquiries, beside a bare SKIP LOCKED update; and that none is double."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import psycopg

from app.services.team.claims import MOST_AT_ONCE, OFFERED
from app.services.team.link import Candidate
from benchmarks.figure import Figure, Scale, figure, note
from benchmarks.hubs import on_a_hub
from tests.hub.team import Team

CALLERS = (1, 8, 32)
LEASE_MS = 15 * 60_000
BARE = (
    "UPDATE bare SET state = 'taken' WHERE id = (SELECT id FROM bare WHERE state = 'open' ORDER BY due, id LIMIT 1 "
    "FOR UPDATE SKIP LOCKED) RETURNING id"
)
HELD = 2  # in hand and ahead
KNOWN = 50_000  # of the queue, more than are claimed in a turn
BEFORE = 10  # claims of each before the clock runs: a laptop's session lasts all day, and makes its plans once
_fork = multiprocessing.get_context("fork")


class Shared(NamedTuple):
    """What the feed tells every laptop."""

    head: Any  # of the queue, about
    called: Any  # 1 for whoever was


Spell = tuple[int, float, float]  # whom one caller held, from when until when
Claim = Callable[[list[Spell]], bool]  # claims one, and adds whom it let go of; False: there is nobody left


def run(scale: Scale) -> Iterator[Figure]:
    """With 1, 8 and 32 callers, each in a process of its own."""
    return on_a_hub(partial(_figures, scale))


def _figures(scale: Scale, team: Team) -> Iterator[Figure]:
    root, size = team.root, scale.size
    seconds, turns = (0.5, 1) if scale.quick else (3.0, 3)
    root.execute(f'ALTER ROLE "{team.logins["Root"][0]}" CONNECTION LIMIT 100')
    for number in range(max(CALLERS)):
        team.join(f"Caller {number}")
    _fill(root, size)
    for number in range(min(size, KNOWN)):  # before the processes begin, which else would each make all of them
        somebody(number)
    gc.freeze()
    for callers in CALLERS:
        ours: list[float] = []
        floor: list[float] = []
        ready: list[float] = []
        for _ in range(turns):
            _free(root)
            work = partial(_ours, team, size, callers)
            ours.append(_rate(work, callers, seconds, size))
            floor.append(_rate(lambda n, _shared: _bare(team), callers, seconds, size))
            _free(root)
            ready.append(_rate(lambda n, _shared: _bare(team, ready=True), callers, seconds, size))
        name = f"claims a second, {size:,}, {callers} caller{'s' if callers > 1 else ''}"
        yield figure(name, ours, floor, "claims/s", ">=0.6")
        note(f"{name}: the floor makes {median(floor):,.0f}; with its statement kept ready {median(ready):,.0f}")
    team.close()


def _fill(root: Any, size: int) -> None:
    """Everybody was offered before, as in a team at work."""
    began = time.perf_counter()
    root.execute("CREATE TABLE bare(id integer PRIMARY KEY, due bigint, state text)")
    root.execute("INSERT INTO bare SELECT n, n, 'open' FROM generate_series(0, %s - 1) n", (size,))
    root.execute("CREATE INDEX bare_open ON bare (due, id) WHERE state = 'open'")
    root.execute(
        "INSERT INTO winnow.claim (inquiry) SELECT lpad(to_hex(n), 32, '0')::uuid FROM generate_series(0, %s - 1) n",
        (size,),
    )
    root.execute(
        "INSERT INTO winnow.claim_number (key) SELECT '1:' || lpad(to_hex(n), 32, '0') "
        "FROM generate_series(0, %s - 1) n",
        (size,),
    )
    root.execute("VACUUM ANALYZE")
    note(f"made {size:,} on a hub in {time.perf_counter() - began:.0f} s")


def _free(root: Any) -> None:
    """What an earlier turn took is open again, and no turn pays for the dead rows of another."""
    root.execute("UPDATE bare SET state = 'open' WHERE state <> 'open'")
    root.execute("UPDATE winnow.claim SET member = NULL, device = NULL, expires_at = 0 WHERE expires_at > 0")
    root.execute("UPDATE winnow.claim_number SET expires_at = 0 WHERE expires_at > 0")
    root.execute("VACUUM ANALYZE")
    root.execute("CHECKPOINT")


@cache
def somebody(number: int) -> Candidate:
    """One of the queue, with one number."""
    digits = f"{number:032x}"
    return Candidate(digits, (f"1:{digits}",))


@contextmanager
def _ours(team: Team, size: int, callers: int, number: int, shared: Shared) -> Iterator[Claim]:
    """Offers the head of the queue without those of whom the feed told that they are done; gives back as it claims."""
    link = team.link(f"Caller {number}", device=f"bench-{number}")
    link.wait(0)  # subscribed, as a laptop is
    held: list[tuple[int, int, float]] = []

    def claim(spells: list[Spell]) -> bool:
        let_go_of: list[int] = []
        if len(held) == HELD:
            for place, _, since in held:
                shared.called[place] = 1
                spells.append((place, since, time.monotonic()))
            let_go_of = [claim_no for _, claim_no, _ in held]
            held.clear()
        start, mine = max(0, shared.head.value - callers * HELD), {place for place, _, _ in held}
        for offered in (min(MOST_AT_ONCE, OFFERED + callers * HELD), MOST_AT_ONCE, MOST_AT_ONCE):
            people: list[Candidate] = []
            while len(people) < offered and start < size:
                end = start + offered - len(people)
                called = shared.called[start:end]
                people += [somebody(at) for at, done in enumerate(called, start) if not (done or at in mine)]
                start = end
            for claimed in link.claim_first(people, 1, LEASE_MS, let_go_of):
                place = int(claimed.inquiry, 16)
                held.append((place, claimed.claim_no, time.monotonic()))
                shared.head.value = max(shared.head.value, place)  # a lost update costs an offer, no more
                return True
        return False

    yield claim
    link.close()


@contextmanager
def _bare(team: Team, *, ready: bool = False) -> Iterator[Claim]:
    """`ready`: the statement is kept ready on the server, as a laptop's are."""
    options = {key: value for key, value in team.options("Root").items() if key not in {"user", "password"}}
    with psycopg.connect(**options, user="postgres", autocommit=True) as connection:
        connection.prepare_threshold = 0 if ready else None
        yield lambda _: connection.execute(BARE).fetchone() is not None


def _rate(working: Callable[[int, Shared], Any], callers: int, seconds: float, size: int) -> float:
    """Claims of all callers in a second.

    Raises:
        AssertionError: two got the same one.
    """
    shared = Shared(_fork.Value("q", 0, lock=False), _fork.Array("b", size, lock=False))
    ready, results = _fork.Barrier(callers), _fork.Queue()

    def work(number: int) -> None:
        with working(number, shared) as claim:
            for _ in range(BEFORE):
                claim([])
            ready.wait()
            began, many, spells = time.monotonic(), 0, list[Spell]()
            while time.monotonic() - began < seconds and claim(spells):
                many += 1
            results.put((many, time.monotonic() - began, spells))

    processes = [_fork.Process(target=work, args=(number,)) for number in range(callers)]
    for process in processes:
        process.start()
    answers = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    everybody = sorted(spell for _, _, spells in answers for spell in spells)
    for one, other in pairwise(everybody):
        assert one[0] != other[0] or one[2] <= other[1], "two held the same inquiry at once"
    return sum(many for many, _, _ in answers) / max(took for _, took, _ in answers)
