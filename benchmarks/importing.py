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
        self.tables: list[dict[str, Any]] = []

    def measure(self) -> None:
        """One of each, each in a process of its own, into files that have not seen the list."""
        path = str(lists.written(self._rows, self._size))
        folder = stores.fresh(self._size)
        self.ours.append(child("import_ours", folder=str(folder), list=path))
        file = folder / "floor.db"
        if self._size:
            shutil.copyfile(plain.people(self._size), file)
        self.floor.append(child("import_floor", file=str(file), list=path, join=bool(self._size)))
        for made in folder.glob("floor.db*"):
            made.unlink()
        if not self._size:
            self.tables.append(child("import_tables", folder=str(folder), list=path))

    def written(self) -> list[float]:
        """Rows a second of whoever writes the same rows into the same tables."""
        return [self._rows / one["seconds"] for one in self.tables]

    def rates(self) -> tuple[list[float], list[float]]:
        """Rows a second."""
        return tuple([self._rows / one["seconds"] for one in each] for each in (self.ours, self.floor))  # type: ignore[return-value]

    def noted(self) -> str:
        """The processor's own time, and what became of the rows."""
        mine, theirs = (min(one["cpu"] for one in each) for each in (self.ours, self.floor))
        counts = self.ours[0]["counts"]
        if self.tables:
            writing = min(one["cpu"] for one in self.tables)
            note(f"the same rows into the same tables: {writing:.1f} s, ratio {writing / mine:.2f}")
        return f"processor time: ours {mine:.1f} s, floor {theirs:.1f} s, ratio {theirs / mine:.2f}; {counts}"


def run(scale: Scale) -> Iterator[Figure]:
    """Rows a second of both, and whether memory grows with the list."""
    rows = QUICK_ROWS if scale.quick else ROWS
    empty, large = _Both(0, rows), _Both(scale.size, rows)
    for _ in range(scale.times(2, 1)):
        empty.measure()
        large.measure()
    into = f"import of {rows:,} rows into"
    for both, where in ((empty, "an empty store"), (large, f"one with {scale.size:,}, half of them known")):
        ours, floor = both.rates()
        note(both.noted())
        yield figure(f"{into} {where}", ours, floor, "rows/s", ">=0.6")
        if both.tables:
            yield figure(f"{into} {where}, over the same rows into the same tables", ours, both.written(), "rows/s", "")
    yield figure(
        f"{into} one with {scale.size:,}, over an empty one", large.rates()[0], empty.rates()[0], "rows/s", ">=0.8"
    )
    half = _Both(0, rows // 2)
    half.measure()
    peaks = [one["peak_mib"] for one in empty.ours]
    name = f"peak memory of an import of {rows:,} rows, over one of {rows // 2:,}"
    yield figure(name, peaks, half.ours[0]["peak_mib"], "MiB", "<=1.2")
    peaks = [one["peak_mib"] for one in large.ours]
    floors = [one["peak_mib"] for one in large.floor]
    yield figure(f"peak memory of an import into a store with {scale.size:,}", peaks, floors, "MiB", "")
