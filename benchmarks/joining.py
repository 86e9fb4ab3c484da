"""A new laptop joins a hub with a million inquiries: how soon somebody can be called, and how fast the rest follows."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import bootstrap
from app.models.entries import Captured, Person, Phone
from app.models.entry import Entry, digest_of, encode, hash_of
from app.models.rights import Role
from app.services import changing_settings, queue
from app.services.team import company, membership, state
from app.services.team.link import Candidate
from app.services.team.membership import Membership
from app.services.team.postgres_link import PostgresLink
from app.services.team.syncer import Syncer
from app.services.team.work import Work
from benchmarks import start, stores, sync
from benchmarks.figure import Figure, Scale, figure, note
from benchmarks.hubs import on_a_hub
from tests.hub.team import Team

LIMIT_S = 10.0
PATIENCE_S = 120.0
RATE_S = 60.0  # the longest that the history that follows is watched
MORE_MIB = 120.0  # that a window of a team may take, over a bare one
CALL = 100  # entries that were handed in at once
FLOOR = 20_000  # entries of the floor of that
COLUMNS = (
    "id", "subject", "at", "wall", "received_at", "device_seq", "claim_no", "version", "kind", "actor", "device",
    "seen", "source", "hash", "digest", "body", "person", "salt",
)  # fmt: skip


def run(scale: Scale) -> Iterator[Figure]:
    """Against a real server, through the conversation that windows have."""
    yield from on_a_hub(lambda team: _figures(scale, team))


def _figures(scale: Scale, team: Team) -> Iterator[Figure]:
    _fill(team.root, scale.size)
    floor = _floor(team)
    team.join("Newcomer")
    with tempfile.TemporaryDirectory() as folder:
        sync.plain_feed(team)
        pages = sync.floor_of_reading(team, Path(folder) / "floor", FLOOR)
    with bootstrap.throw_away() as home:
        seat, stop = home.seat, threading.Event()
        seat.store.warm_up()
        changing_settings.change(seat, "calling-hours", "00:00-24:00")
        syncer = Syncer(seat, lambda: PostgresLink(team.options("Newcomer")), work=Work(seat), beside=company.beside())
        began = time.monotonic()
        thread = threading.Thread(target=syncer.run, args=(stop,), daemon=True)
        thread.start()
        try:
            while queue.peek_next(seat) is None and time.monotonic() - began < PATIENCE_S:
                time.sleep(0.02)
            first, came = time.monotonic() - began, _pulled(seat)
            ours = sync.spent(team, lambda: _watch(seat, scale.size))
            came = _pulled(seat) - came
        finally:
            stop.set()
            syncer.poke()
            with suppress(RuntimeError):
                thread.join(60)
    note(f"one page of the feed and one claim: {floor:.3f} s; {came:,} entries follow, laptop + hub: {ours}")
    yield figure(f"joining a hub with {scale.size:,}: to the first call", [first], LIMIT_S, "s", "<=1")
    least = min(FLOOR, scale.size)
    every = sync.Spent(*(part * came / least for part in pages))
    if came:  # a small hub is here whole with the first call
        yield sync.rate("the history that follows, in the pauses of somebody who calls", came, ours, every, ">=0.6")
    yield _memory(scale, team)


def _memory(scale: Scale, team: Team) -> Figure:
    """Of the real window of another newcomer, a while after the first call is in hand: the history is coming in."""
    team.join("Another")
    stays = 3_000 if scale.quick else int(RATE_S * 1000)
    with tempfile.TemporaryDirectory() as folder:
        with bootstrap._furnished(bootstrap._open(Path(folder), stores.KEY, bootstrap.wall_clock)) as home:
            for key, value in (("name", "Another"), ("calling-hours", "00:00-24:00")):
                changing_settings.change(home.seat, key, value)
            options = team.options("Another")
            login, password = options.pop("user"), options.pop("password")
            known = Membership(options=options, login=login, member="Another", role=Role.CALLER, joined_at=0)
            membership.prepare(home.seat, known, password)
            membership.settle(home.seat)
        now = bootstrap.wall_clock()
        ours = start.started("window", folder, stores.KEY.hex(), str(now), str(stays))
        bare = start.started("bare_window")
        with bootstrap._open(Path(folder), stores.KEY, bootstrap.wall_clock) as home:
            note(f"a window that joined: {ours['usable_mib']:.0f} MiB with its first call, {_pulled(home.seat):,} "
                 f"entries came in {stays // 1000} s")  # fmt: skip
    more = ours["left_mib"] - bare["painted_mib"]
    return figure(f"memory over a bare window, joined to a hub with {scale.size:,}", [more], MORE_MIB, "MiB", "<=1")


def _watch(seat: Any, size: int) -> None:
    """Until all entries are here, while somebody could call already."""
    until = time.monotonic() + RATE_S
    while _pulled(seat) < size and time.monotonic() < until:
        time.sleep(0.1)


def _pulled(seat: Any) -> int:
    return state.cursor(seat.store, state.PULLED) or 0


def _floor(team: Team) -> float:
    """What no laptop can do without."""
    link = team.link("Floor")
    began = time.monotonic()
    page = link.pull(0, 1000)
    link.claim_first([Candidate(page.entries[0].subject)], 1, 60_000)
    took = time.monotonic() - began
    link.release([1])
    return took


def _fill(root: Any, size: int) -> None:
    """As many inquiries as the hub would have after years, written past its functions, which take a while for it."""
    began = time.perf_counter()
    now = int(time.time() * 1000)
    with root.cursor() as cursor:
        with cursor.copy(f"COPY winnow.entry ({', '.join(COLUMNS)}) FROM STDIN WITH (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "uuid", "int8", "int8", "int8", "int8", "int8", "int4", "text", "text", "text",
                            "text", "text", "bytea", "bytea", "bytea", "bytea", "bytea"])  # fmt: skip
            for number in range(size):
                came = now - (size - (number // CALL + 1) * CALL) * 50  # with others, in one call
                copy.write_row(_row(_captured(number, now - (size - number) * 50), (came << 16) + number % CALL + 1))
        cursor.execute(
            "INSERT INTO winnow.feed SELECT min(pos), min(received_at) - 1, array_agg(id ORDER BY pos) FROM ("
            "SELECT row_number() OVER (ORDER BY at) AS pos, received_at, id FROM winnow.entry) e "
            f"GROUP BY (pos - 1) / {CALL}"
        )
        cursor.execute("UPDATE winnow.state SET pos = (SELECT count(*) FROM winnow.entry)")
        cursor.execute("VACUUM ANALYZE")
    note(f"made {size:,} on a hub in {time.perf_counter() - began:.0f} s")


def _captured(number: int, at: int) -> Entry:
    phone = Phone(f"+1 202 {number:07d}", f"+1202{number:07d}", "US", "", ("America/New_York",))
    words = encode(Person(first_name="Some", last_name=f"Body{number}", company=f"Firm {number}", phones=(phone,)))
    salt = number.to_bytes(16, "big")
    entry = Entry(
        id=f"{at:012x}7{number & 0xFFF:03x}8{number:015x}", subject=f"{at:012x}7{number & 0xFFF:03x}9{number:015x}",
        kind="captured", body=encode(Captured(source="Web form", captured_at=at)), person=words, salt=salt,
        digest=digest_of(salt, words), actor="Root", device="root-1", device_seq=number + 1, at=at << 16, wall=at,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    return entry


def _row(entry: Entry, stamp: int) -> tuple[Any, ...]:
    import uuid

    return (
        uuid.UUID(entry.id), uuid.UUID(entry.subject), entry.at, entry.wall, stamp, entry.device_seq, 0, 1,
        entry.kind, entry.actor, entry.device, "", "Web form", entry.hash, entry.digest, entry.body, entry.person,
        entry.salt,
    )  # fmt: skip
