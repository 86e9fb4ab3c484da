"""A list into an empty store, and into a large one that knows half of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

from benchmarks import lists, plain, stores
from benchmarks.figure import Figure, Scale, child, figure, note

ROWS, QUICK_ROWS = 100_000, 3_000


class _Both:
    """Imports of one kind, ours and the floor's in turn."""

    def __init__(self, size: int, rows: int) -> None:
        self._size, self._rows = size, rows
        self.ours: list[dict[str, Any]] = []
        self.floor: list[dict[str, Any]] = []
        self.plain: list[dict[str, Any]] = []

    def measure(self) -> None:
        """One of each, each in a process of its own, into files that have not seen the list."""
        path, join = str(lists.written(self._rows, self._size)), bool(self._size)
        folder = stores.fresh(self._size)
        self.ours.append(child("import_ours", folder=str(folder), list=path))
        before, file = stores.home(self._size) / stores.FILE, folder / "floor.db"
        shutil.copyfile(before, file)
        given = {"folder": str(folder), "before": str(before)}
        self.floor.append(child("import_tables", file=str(file), list=path, join=join, **given))
        for made in folder.glob("floor.db*"):
            made.unlink()
        if self._size:
            shutil.copyfile(plain.people(self._size), file)
        self.plain.append(child("import_floor", file=str(file), list=path, join=join))
        for made in folder.glob("floor.db*"):
            made.unlink()

    def rates(self, each: list[dict[str, Any]]) -> list[float]:
        """Rows a second."""
        return [self._rows / one["seconds"] for one in each]

    def noted(self) -> str:
        """The processor's own time, and what became of the rows."""
        mine, theirs, bare = (min(one["cpu"] for one in each) for each in (self.ours, self.floor, self.plain))
        return (
            f"processor time: ours {mine:.1f} s, floor {theirs:.1f} s, ratio {theirs / mine:.2f}; "
            f"one plain table {bare:.1f} s, ratio {bare / mine:.2f}; {self.ours[0]['counts']}"
        )


def run(scale: Scale) -> Iterator[Figure]:
    """Rows a second of both, and whether memory grows with the list."""
    rows = QUICK_ROWS if scale.quick else ROWS
    empty, large = _Both(0, rows), _Both(scale.size, rows)
    for _ in range(scale.times(2, 1)):
        empty.measure()
        large.measure()
    into = f"import of {rows:,} rows into"
    for both, where in ((empty, "an empty store"), (large, f"one with {scale.size:,}, half of them known")):
        ours = both.rates(both.ours)
        note(both.noted())
        yield figure(f"{into} {where}", ours, both.rates(both.floor), "rows/s", ">=0.6")
        yield figure(f"{into} {where}, over one plain table", ours, both.rates(both.plain), "rows/s", "")
    over = large.rates(large.ours), empty.rates(empty.ours)
    yield figure(f"{into} one with {scale.size:,}, over an empty one", *over, "rows/s", ">=0.8")
    half = _Both(0, rows // 2)
    half.measure()
    peaks = [one["peak_mib"] for one in empty.ours]
    name = f"peak memory of an import of {rows:,} rows, over one of {rows // 2:,}"
    yield figure(name, peaks, half.ours[0]["peak_mib"], "MiB", "<=1.2")
    peaks = [one["peak_mib"] for one in large.ours]
    floors = [one["peak_mib"] for one in large.plain]
    yield figure(f"peak memory of an import into a store with {scale.size:,}", peaks, floors, "MiB", "")
