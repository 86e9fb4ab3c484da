"""What a key of the call page takes until its effect is painted, in small and large stores."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks import stores
from benchmarks.figure import FRAME_MS, Figure, Scale, child, figure, note, percentile

MEASURED = ("answers", "dispositions", "own", "others", "bare")
WINDOW_MIB = 260.0  # a bare window's 60 and what every part of Winnow may add: nothing is promised, growth shows


def run(scale: Scale) -> Iterator[Figure]:
    """The real window by key events, on both sizes in turn; a frame of 16.7 ms is the floor."""
    sizes = sorted({scale.small, scale.size})
    found: dict[int, dict[str, list[float]]] = {size: {what: [] for what in MEASURED} for size in sizes}
    peak: dict[int, float] = {}
    for _ in range(scale.times(2, 1)):
        for size in sizes:
            told = child("keys_window", folder=str(stores.work(size)), n=scale.times(60, 12))
            for what, times in found[size].items():
                times.extend(told[what])
            peak[size] = max(peak.get(size, 0.0), told["peak_mib"])
    for size in sizes:
        yield from _of(size, found[size])
    if len(sizes) == 2:
        small, large = (found[size]["dispositions"] for size in sizes)
        name = f"disposition key to the next inquiry painted, {sizes[1]:,} over {sizes[0]:,}"
        yield figure(name, large, statistics.median(small), "ms", "<=1.2")
    for size in sizes:
        yield figure(f"peak memory of a window at work, {size:,}", [peak[size]], WINDOW_MIB, "MiB", "")


def _of(size: int, found: dict[str, Any]) -> Iterator[Figure]:
    own, others = found["own"], statistics.median(found["others"])
    note(
        f"processor time from a disposition key to its paint, {size:,}: the window's thread p50 "
        f"{statistics.median(own):.1f}, p99 {percentile(own, 99):.1f} ms; other threads p50 {others:.1f} ms"
    )
    bare = found["bare"]
    note(
        f"a fixed piece of bare work after each: p50 {statistics.median(bare):.1f}, p99 {percentile(bare, 99):.1f} ms: "
        "what lies between them is the machine's own unrest"
    )
    name = f"disposition key to the next inquiry painted, {size:,}"
    yield figure(name, found["dispositions"], FRAME_MS, "ms", "<=1", by="p99")
    name = f"answer key to the next question painted and the draft kept, {size:,}"
    yield figure(name, found["answers"], FRAME_MS, "ms", "<=1", by="p99")
