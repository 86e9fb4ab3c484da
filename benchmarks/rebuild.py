"""All tables made again from a million entries: a quarter as many inquiries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import stores
from benchmarks.figure import Figure, Scale, child, figure, note


def run(scale: Scale) -> Iterator[Figure]:
    """Ours and the floor in turn, each in a process of its own."""
    size = scale.size if scale.quick else scale.size // 4
    folder = stores.work(size)
    ours: list[dict[str, Any]] = []
    floor: list[dict[str, Any]] = []
    for _ in range(scale.times(2, 1)):
        ours.append(child("rebuild_ours", folder=str(folder)))
        floor.append(child("rebuild_floor", folder=str(folder)))
        for made in folder.glob("floor.db*"):
            made.unlink()
    mine, theirs = (min(one["cpu"] for one in each) for each in (ours, floor))
    note(f"processor time: ours {mine:.1f} s, floor {theirs:.1f} s, ratio {mine / theirs:.2f}")
    entries = ours[0]["entries"]
    times = ([one["seconds"] for one in each] for each in (ours, floor))
    yield figure(f"rebuild of all tables from {entries:,} entries", *times, "s", "<=1.7")  # type: ignore[misc]
    peaks = ([one["peak_mib"] for one in each] for each in (ours, floor))
    yield figure(f"peak memory of a rebuild from {entries:,} entries", *peaks, "MiB", "")  # type: ignore[misc]
