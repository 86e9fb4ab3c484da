"""Sharing with a hub: 100,000 entries handed in, their stamps, and the same entries read by a new laptop.

A real server, real homes. A figure is entries for each second of the processor, of the laptop and of the server's
sessions together, beside the same for a floor: what the machine does when nothing is checked. Floors are taken before
and after.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.services.seat import Seat
from app.services.store.entry_rows import ENTRY_COLUMNS
from app.services.store.folded_rows import insert_of
from app.services.team.postgres_link import PostgresLink
from app.services.team.sync import Exchange, sync_once
from app.services.team.work import Work
from benchmarks import stores
from benchmarks.figure import Figure, Scale, child, figure, note
from benchmarks.hubs import on_a_hub
from tests.hub.team import Team

AT_ONCE = 5000  # entries of a page of the floor, and of one look at the store
COPIED = (
    "id", "subject", "at", "wall", "received_at", "device_seq", "claim_no", "version", "kind", "actor", "device",
    "seen", "source", "hash", "digest", "body", "person", "salt",
)  # fmt: skip
TYPES = ["uuid", "uuid", *["int8"] * 5, "int4", *["text"] * 5, *["bytea"] * 5]


class Spent(NamedTuple):
    """Processor seconds of both sides, and what the clock on the wall said."""

    laptop: float
    hub: float
    wall: float

    @property
    def both(self) -> float:
        """Of both sides."""
        return self.laptop + self.hub

    def mean(self, other: Spent) -> Spent:
        """Half of both together."""
        return Spent(*((one + two) / 2 for one, two in zip(self, other, strict=True)))

    def __str__(self) -> str:
        return f"{self.laptop:.2f} + {self.hub:.2f} s ({self.wall:.1f} s by the clock)"


def run(scale: Scale) -> Iterator[Figure]:
    """Handing in, stamps that come back, reading what others wrote."""
    size = max(scale.small // 4, 100) if scale.quick else 25_000
    yield from on_a_hub(lambda team: _figures(team, size))


def _figures(team: Team, size: int) -> Iterator[Figure]:
    for name in ("Benchmark", "Colleague"):
        team.join(name, "lead")
    folder = stores.fresh(size)
    with stores.opened(folder) as home:
        home.seat.store.warm_up()
        yield from _handing_in(team, home.seat)
    yield from _reading(team, folder)


def _handing_in(team: Team, seat: Seat) -> Iterator[Figure]:
    work, link = _Alone(seat), PostgresLink(team.options("Benchmark"))
    link.wait(0)  # as every conversation begins: then its statements are kept ready on the server
    exchange = Exchange(work, link)
    exchange._welcome = exchange._greet()

    def hand_in() -> None:
        while exchange._hand_in():
            pass

    before = spent(team, lambda: _copy(team, seat))
    ours = spent(team, hand_in)
    copied = before.mean(spent(team, lambda: _copy(team, seat)))
    count = team.root.execute("SELECT count(*) FROM winnow.entry").fetchone()[0]
    note(f"handed in {count:,}, laptop + hub: {ours}; COPY {copied}")
    note(f"ratio of the laptop {copied.laptop / ours.laptop:.2f}, of the hub {copied.hub / ours.hub:.2f}")
    yield rate(f"handing in {count:,} entries", count, ours, copied, ">=0.7")
    back = spent(team, lambda: sync_once(seat, link, work=work))
    plain_feed(team)
    floor = spent(team, lambda: _stamp(team, seat))
    note(f"their stamps: {back}; floor {floor}")
    yield rate(f"the stamps of {count:,} entries", count, back, floor, "")
    link.close()


def _reading(team: Team, folder: Path) -> Iterator[Figure]:
    count = team.root.execute("SELECT pos FROM winnow.state").fetchone()[0]
    new, first, arrived = folder.with_name(f"{folder.name}-new"), list[float](), list[Spent]()
    before = floor_of_reading(team, new)
    with _new(new) as home:
        link, began = PostgresLink(team.options("Colleague")), _now(team)

        def progress(done: int, of: int) -> None:
            if not first and home.seat.store.one("SELECT 1 FROM inquiry WHERE stage = 'waiting' LIMIT 1"):
                first.append(time.perf_counter() - began[2])
            if not arrived and done >= of > 0:
                arrived.append(_since(team, began))

        sync_once(home.seat, link, progress, work=_Alone(home.seat))
        ours = _since(team, began)
        link.close()
    floor = before.mean(floor_of_reading(team, new))
    shutil.rmtree(new)
    rows = child("rebuild_floor", folder=str(folder))
    for left in folder.glob("floor.db*"):
        left.unlink()
    entries = arrived[0] if arrived else ours
    note(f"read, laptop + hub: {ours}, of which until all entries are here {entries}; floor {floor}")
    alone = floor.both / ours.both
    note(f"floor of the rows: {rows['cpu']:.2f} s; all of ours beside the floor of entries alone: {alone:.2f}")
    yield rate(f"reading {count:,} entries of others, until all are here", count, entries, floor, ">=0.6")
    with_rows = Spent(floor.laptop + rows["cpu"], floor.hub, floor.wall + rows["seconds"])
    yield rate("the same, until all rows are made, beside a floor that copies rows", count, ours, with_rows, ">=0.6")
    yield figure("somebody to call on a new laptop", first or [ours.wall], [ours.wall], "s", "")


def rate(name: str, count: int, ours: Spent, floor: Spent, goal: str) -> Figure:
    """Entries for each second of both sides' processors, which are told in ticks: less than one is one."""
    tick = 1 / os.sysconf("SC_CLK_TCK")
    mine, least = (max(spent.both, tick) for spent in (ours, floor))
    return figure(name, [count / mine], [count / least], "entries/s of processor", goal)


class _Alone(Work):
    """Nobody else waits, and the store writes as for a list."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat, alone=lambda: True)
        seat.store.expect_much()


# what was spent


def spent(team: Team, work: Callable[[], object]) -> Spent:
    """What some work takes of both sides."""
    gc.collect()
    before = _now(team)
    work()
    return _since(team, before)


def _now(team: Team) -> tuple[float, float, float]:
    return time.process_time(), of_the_hub(team), time.perf_counter()


def _since(team: Team, before: tuple[float, float, float]) -> Spent:
    return Spent(*(now - then for now, then in zip(_now(team), before, strict=True)))


def of_the_hub(team: Team) -> float:
    """Processor seconds of all sessions that are open now."""
    sql = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
    texts = [Path(f"/proc/{pid}/schedstat").read_text() for (pid,) in team.root.execute(sql).fetchall()]
    return sum(int(text.split()[0]) for text in texts) / 1e9


@contextmanager
def _new(folder: Path) -> Iterator[Any]:
    """A home without anything, with all that is imported later imported."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with stores.opened(folder) as home:
        home.seat.store.warm_up()
        home.seat.store.expect_much()
        yield home


# the floors


def _copy(team: Team, seat: Seat) -> None:
    """Every entry out of the store and by COPY into a table with the indexes of the hub's; nothing checked or moved."""
    team.root.execute("DROP TABLE IF EXISTS floor; CREATE TABLE floor (LIKE winnow.entry INCLUDING ALL)")
    told = (
        f"SELECT {', '.join(c for c in COPIED if c != 'source')} FROM ledger WHERE seq > ? ORDER BY seq LIMIT {AT_ONCE}"
    )
    told = told.replace("SELECT ", "SELECT seq, ", 1).replace("received_at", "at", 1)
    after, make = 0, uuid.UUID
    with (
        team.root.cursor() as cursor,
        cursor.copy(f"COPY floor ({', '.join(COPIED)}) FROM STDIN WITH (FORMAT BINARY)") as copy,
    ):
        copy.set_types(TYPES)
        while rows := seat.store.query(told, (after,)):
            after = rows[-1][0]
            for row in rows:
                copy.write_row((make(row[1]), make(row[2]), *row[3:13], None, *row[13:]))


def plain_feed(team: Team) -> None:
    """The feed of the floors: a row for each entry; and the planner has seen its tables."""
    team.root.execute(
        "DROP TABLE IF EXISTS floor_feed; CREATE TABLE floor_feed (pos bigint PRIMARY KEY, entry uuid NOT NULL);"
        "INSERT INTO floor_feed SELECT f.pos + e.n - 1, e.id "
        "FROM winnow.feed f, unnest(f.ids) WITH ORDINALITY e (id, n);"
        "ANALYZE floor_feed; ANALYZE winnow.entry"
    )


def _stamp(team: Team, seat: Seat) -> None:
    """The stamps of all entries, by their ids."""
    after, store = 0, seat.store
    sql = (
        "SELECT e.received_at, f.pos, replace(e.id::text, '-', '') FROM floor_feed f JOIN winnow.entry e "
        "ON e.id = f.entry WHERE f.pos > %s ORDER BY f.pos LIMIT 5000"
    )
    with team.root.cursor(binary=True) as cursor:
        while rows := cursor.execute(sql, (after,)).fetchall():
            after = rows[-1][1]
            with store.writing():
                store.writer.executemany("UPDATE ledger SET received_at = ?, pos = ? + 1000000 WHERE id = ?", rows)


def floor_of_reading(team: Team, folder: Path, most: int = 1 << 40) -> Spent:
    """What the feed up to a position takes when it is only fetched and written, into a new home."""
    with _new(folder) as home:
        return spent(team, lambda: _pages(team, home.seat, most))


def _pages(team: Team, seat: Seat, most: int) -> None:
    """Pages of 5,000 in binary into the store's own table of entries, encrypted, committed each; nothing is checked."""
    wanted = [{"id": "uuid_send(e.id)", "subject": "uuid_send(e.subject)", "pos": "f.pos"}.get(c, f"e.{c}")
              for c in ENTRY_COLUMNS]  # fmt: skip
    sql = (
        f"SELECT f.pos, {', '.join(wanted)} FROM floor_feed f JOIN winnow.entry e ON e.id = f.entry "
        f"WHERE f.pos > %s AND f.pos <= %s ORDER BY f.pos LIMIT {AT_ONCE}"
    )
    after, store, insert = 0, seat.store, insert_of("ledger")
    with team.root.cursor(binary=True) as cursor:
        while rows := cursor.execute(sql, (after, most)).fetchall():
            after = rows[-1][0]
            with store.writing():
                store.writer.executemany(
                    insert, [(1000 + row[0], row[1].hex(), row[2].hex(), *row[3:-1], row[-1] or "") for row in rows]
                )


__all__ = ["Figure", "run"]
