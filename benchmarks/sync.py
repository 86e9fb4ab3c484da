"""Sharing with a hub: 100,000 entries handed in, their stamps, and the same entries read by a new laptop.

A real server, real homes. A figure is entries for each second of the processor, of the laptop and of all processes of
the server together, beside the same for a floor: what the machine does when nothing is checked.
"""

from __future__ import annotations

import gc
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from app.services.seat import Seat
from app.services.store.folded_rows import insert_of
from app.services.store.ledger import ENTRY_COLUMNS
from app.services.team.postgres_link import PostgresLink
from app.services.team.sync import Exchange, sync_once
from app.services.team.work import Work
from benchmarks import stores
from benchmarks.figure import Figure, Scale, child, figure, note
from benchmarks.working_day import _used
from tests.hub.server import Server, running
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

    def __str__(self) -> str:
        return f"{self.laptop:.2f} + {self.hub:.2f} s ({self.wall:.1f} s by the clock)"


def run(scale: Scale) -> Iterator[Figure]:
    """Handing in, stamps that come back, reading what others wrote."""
    size = max(scale.small // 4, 100) if scale.quick else 25_000
    try:
        with running() as server, server.hub() as database:
            team = Team(server, database)
            try:
                yield from _figures(server, team, size)
            finally:
                team.close()
    except RuntimeError as error:
        if "initdb" not in str(error):
            raise
        note(f"sync: {error}")


def _figures(server: Server, team: Team, size: int) -> Iterator[Figure]:
    for name in ("Benchmark", "Colleague"):
        team.join(name, "lead")
    folder = stores.fresh(size)
    with stores.opened(folder) as home:
        copied = _spent(server, lambda: _copy(team, home.seat))
        count = team.root.execute("SELECT count(*) FROM floor").fetchone()[0]
        yield from _handing_in(server, team, home.seat, count, copied)
    yield from _reading(server, team, folder, count)


def _handing_in(server: Server, team: Team, seat: Seat, count: int, copied: Spent) -> Iterator[Figure]:
    work, link = _Alone(seat), PostgresLink(team.options("Benchmark"))
    exchange = Exchange(work, link)
    exchange._welcome = exchange._greet()

    def hand_in() -> None:
        while exchange._hand_in():
            pass

    spent = _spent(server, hand_in)
    stored = team.root.execute("SELECT count(*) FROM winnow.entry").fetchone()[0]
    note(f"handed in {stored:,} of {count:,}, laptop + hub: {spent}; COPY {copied}")
    note(f"ratio of the laptop {copied.laptop / spent.laptop:.2f}, of the hub {copied.hub / spent.hub:.2f}")
    yield _rate(f"handing in {count:,} entries", count, spent, copied, ">=0.7")
    back = _spent(server, lambda: sync_once(seat, link, work=work))
    floor = _spent(server, lambda: _stamp(team, seat))
    note(f"their stamps: {back}; floor {floor}")
    yield _rate(f"the stamps of {count:,} entries", count, back, floor, "")
    link.close()


def _reading(server: Server, team: Team, folder: Path, count: int) -> Iterator[Figure]:
    new = folder.with_name(f"{folder.name}-new")
    _empty(new)
    first, arrived = list[float](), list[Spent]()
    with stores.opened(new) as home:
        began, before = time.perf_counter(), _now(server)
        link = PostgresLink(team.options("Colleague"))

        def progress(done: int, of: int) -> None:
            if not first and home.seat.store.one("SELECT 1 FROM inquiry WHERE stage = 'waiting' LIMIT 1"):
                first.append(time.perf_counter() - began)
            if not arrived and done >= of > 0:
                arrived.append(_since(server, before))

        spent = _spent(server, lambda: sync_once(home.seat, link, progress, work=_Alone(home.seat)))
        link.close()
    _empty(new)
    with stores.opened(new) as home:
        floor = _spent(server, lambda: _pages(team, home.seat))
    shutil.rmtree(new)
    rows = child("rebuild_floor", folder=str(folder))
    for left in folder.glob("floor.db*"):
        left.unlink()
    note(f"read, laptop + hub: {spent}, of which entries {arrived[0] if arrived else '?'}; floor {floor}")
    yield _rate(f"reading {count:,} entries of others", count, spent, floor, ">=0.6")
    if arrived:
        yield _rate("the same, entries alone, rows still to be made", count, arrived[0], floor, "")
    with_rows = Spent(floor.laptop + rows["cpu"], floor.hub, floor.wall + rows["seconds"])
    yield _rate("the same, beside a floor that copies the rows too", count, spent, with_rows, "")
    yield figure("somebody to call on a new laptop", first or [spent.wall], [spent.wall], "s", "")


def _rate(name: str, count: int, ours: Spent, floor: Spent, goal: str) -> Figure:
    return figure(name, [count / ours.both], [count / floor.both], "entries/s of processor", goal)


class _Alone(Work):
    """Nobody else waits, and the store writes as for a list."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat, alone=lambda: True)
        seat.store.expect_much()


# what was spent


def _now(server: Server) -> tuple[float, float, float]:
    return time.process_time(), _used(server), time.perf_counter()


def _since(server: Server, before: tuple[float, float, float]) -> Spent:
    return Spent(*(now - then for now, then in zip(_now(server), before, strict=True)))


def _spent(server: Server, work: Callable[[], object]) -> Spent:
    gc.collect()
    before = _now(server)
    work()
    return _since(server, before)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


# the floors


def _copy(team: Team, seat: Seat) -> None:
    """Every entry out of the store and by COPY into a table with the indexes of the hub's; nothing checked or moved."""
    team.root.execute("CREATE TABLE floor (LIKE winnow.entry INCLUDING ALL)")
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


def _stamp(team: Team, seat: Seat) -> None:
    """The stamps of all entries, by their ids."""
    after, store = 0, seat.store
    sql = (
        "SELECT e.received_at, f.pos, replace(e.id::text, '-', '') FROM winnow.feed f JOIN winnow.entry e "
        "ON e.id = f.entry WHERE f.pos > %s ORDER BY f.pos LIMIT 5000"
    )
    with team.root.cursor(binary=True) as cursor:
        while rows := cursor.execute(sql, (after,)).fetchall():
            after = rows[-1][1]
            with store.writing():
                store.writer.executemany("UPDATE ledger SET received_at = ?, pos = ? + 1000000 WHERE id = ?", rows)


def _pages(team: Team, seat: Seat) -> None:
    """Pages of 5,000 in binary into the store's own table of entries, encrypted, committed each; nothing is checked."""
    wanted = [{"id": "uuid_send(e.id)", "subject": "uuid_send(e.subject)", "pos": "f.pos"}.get(c, f"e.{c}")
              for c in ENTRY_COLUMNS]  # fmt: skip
    sql = (
        f"SELECT f.pos, {', '.join(wanted)} FROM winnow.feed f JOIN winnow.entry e ON e.id = f.entry "
        f"WHERE f.pos > %s ORDER BY f.pos LIMIT {AT_ONCE}"
    )
    after, store, insert = 0, seat.store, insert_of("ledger")
    store.expect_much()
    with team.root.cursor(binary=True) as cursor:
        while rows := cursor.execute(sql, (after,)).fetchall():
            after = rows[-1][0]
            with store.writing():
                store.writer.executemany(
                    insert, [(1000 + row[0], row[1].hex(), row[2].hex(), *row[3:-1], row[-1] or "") for row in rows]
                )


__all__ = ["Figure", "run"]
