"""Sharing with a hub: what this computer does for 100,000 entries, and how soon a new laptop has somebody to call.

The hub is a list in memory, so that nothing but this side is measured.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.models.entries import Entry
from app.services.seat import Seat
from app.services.store.folded_rows import insert_of
from app.services.store.ledger import _row, stream
from app.services.team.link import Link, Page, Receipt, Role, Welcome
from app.services.team.sync import sync_once
from app.services.team.work import ALONE_S, Work
from benchmarks import stores
from benchmarks.figure import Figure, Scale, child, figure, note
from benchmarks.people import NOW

MANY = 2000  # rows of one statement of the floors


class Shelf(Link):
    """Takes whatever is handed in, and gives it back with stamps."""

    def __init__(self, entries: Sequence[Entry] = (), keys: dict[str, bytes] | None = None) -> None:
        self.entries: list[Entry] = []
        self.keys = keys or {}
        self._by_subject: dict[str, list[Entry]] = {}
        self.push(entries)

    def hello(self, device: str, protocol: int = 1) -> Welcome:
        """Somebody who may read everybody."""
        return Welcome(
            epoch="e" * 32, head=len(self.entries), now=NOW, member="Benchmark", role=Role.LEAD, sources=None, scope=1
        )

    def push(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Stamped at once."""
        for entry in entries:
            pos = len(self.entries) + 1
            stamped = msgspec.structs.replace(entry, pos=pos, received_at=max(entry.at, pos))
            self.entries.append(stamped)
            self._by_subject.setdefault(entry.subject, []).append(stamped)
        return [Receipt(entry.id, "stored") for entry in entries]

    def pull(self, after: int, size: int) -> Page:
        """A slice."""
        found = self.entries[after : after + size]
        return Page(found, after + len(found), len(self.entries))

    def persons(self, after: int, size: int) -> Page:
        """Nobody was withheld."""
        return Page([], len(self.entries), len(self.entries))

    def subjects(self, ids: Sequence[str]) -> list[Entry]:
        """All of some."""
        return [entry for subject in ids for entry in self._by_subject.get(subject, ())]

    def hash_keys(self) -> dict[str, bytes]:
        """The ring."""
        return self.keys

    def add_hash_keys(self, keys: Any) -> None:
        """One more key."""
        self.keys = {**self.keys, **keys}


def run(scale: Scale) -> Any:
    """Handing in, stamps that come back, reading what others wrote."""
    size = max(scale.small // 4, 100) if scale.quick else 25_000
    folder = stores.fresh(size)
    with stores.opened(folder) as home:
        mine = [entry for _, entry in stream(home.seat.store)]
        count = len(mine)
        yield from _handing_in(home.seat, mine, count)
        keys = home.seat.ledger.ring.keys()
    yield from _reading(folder, mine, keys, count, size)


def _handing_in(seat: Seat, mine: list[Entry], count: int) -> Any:
    shelf = Shelf(keys=seat.ledger.ring.keys())
    began, used = time.perf_counter(), time.process_time()
    sync_once(seat, shelf, work=_Alone(seat))
    ours, cpu = time.perf_counter() - began, time.process_time() - used
    began, used = time.perf_counter(), time.process_time()
    encoder = msgspec.msgpack.Encoder()
    bytes_out = sum(len(encoder.encode(entry)) for _, entry in stream(seat.store))
    rows = [(entry.received_at, entry.pos, "", entry.id) for entry in shelf.entries]
    with seat.store.writing():
        seat.store.writer.executemany("UPDATE ledger SET received_at = ?, pos = ?, brought_by = ? WHERE id = ?", rows)
    floor, floor_cpu = time.perf_counter() - began, time.process_time() - used
    note(f"handing in: processor time ours {cpu:.1f} s, floor {floor_cpu:.1f} s; {bytes_out // count} bytes an entry")
    yield figure(f"handing in {count:,} entries, and their stamps", [ours], [floor], "s", "")


def _reading(folder: Path, mine: list[Entry], keys: dict[str, bytes], count: int, size: int) -> Any:
    new = folder.with_name(f"{folder.name}-new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    shelf, first = Shelf(mine, keys), list[float]()
    with stores.opened(new) as home:
        gc.collect()
        began, used = time.perf_counter(), time.process_time()

        def progress(_done: int, _of: int) -> None:
            if not first and home.seat.store.one("SELECT 1 FROM inquiry WHERE stage = 'waiting' LIMIT 1"):
                first.append(time.perf_counter() - began)

        sync_once(home.seat, shelf, progress, work=_Alone(home.seat))
        ours, cpu = time.perf_counter() - began, time.process_time() - used
    shutil.rmtree(new)
    floor, floor_cpu = _floor_of_reading(folder, mine)
    note(f"reading: processor time ours {cpu:.1f} s, floor {floor_cpu:.1f} s, ratio {cpu / floor_cpu:.2f}")
    yield figure(f"reading {count:,} entries of others into an empty store", [ours], [floor], "s", "")
    somebody = first[0] if first else ours
    yield figure(f"somebody to call on a new laptop, of {size:,} inquiries", [somebody], [ours], "s", "")


class _Alone(Work):
    """Nobody else waits, and the store writes as for a list."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat, target_s=ALONE_S)
        seat.store.expect_much()


def _floor_of_reading(folder: Path, entries: list[Entry]) -> tuple[float, float]:
    """The rows of the ledger, checked and written, and those of the tables copied."""
    made = folder.with_name(f"{folder.name}-floor")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    with stores.opened(made) as home:
        began, used = time.perf_counter(), time.process_time()
        store, insert = home.seat.store, insert_of("ledger")
        with store.writing():
            for start in range(0, len(entries), MANY):
                part = entries[start : start + MANY]
                assert all(entry.verifies() for entry in part)
                store.writer.executemany(insert, [_row(entry, 10_000 + start + i) for i, entry in enumerate(part)])
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    shutil.rmtree(made)
    tables = child("rebuild_floor", folder=str(folder))
    for left in folder.glob("floor.db*"):
        left.unlink()
    return seconds + tables["seconds"], cpu + tables["cpu"]


__all__ = ["Figure", "run"]
