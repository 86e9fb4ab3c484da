"""One figure: ours beside its floor, as one JSON line; and the ways to measure both in the same run."""

from __future__ import annotations

import gc
import json
import operator
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).parents[1]
FRAME_MS = 16.7
MIB = 1024  # KiB
_COMPARE = {"<=": operator.le, ">=": operator.ge}


class Scale(msgspec.Struct, frozen=True):
    """How large the stores are, and how often something is measured."""

    size: int = 1_000_000  # inquiries
    quick: bool = False

    def times(self, usual: int, quick: int) -> int:
        """How often."""
        return quick if self.quick else usual

    @property
    def small(self) -> int:
        """The smaller of the two sizes that are compared."""
        return min(self.size, 10_000)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed of one figure: `ratio` is ours over the floor, and `goal` what it should be ("": no goal)."""

    name: str
    ours: float
    floor: float
    unit: str
    ratio: float
    goal: str
    n: int
    p50: float
    p99: float

    def met(self) -> bool:
        """Whether the ratio is as the goal says."""
        if not self.goal:
            return True
        return bool(_COMPARE[self.goal[:2]](self.ratio, float(self.goal[2:])))


def figure(
    name: str, ours: Sequence[float], floor: Sequence[float] | float, unit: str, goal: str, *, by: str = "p50"
) -> Figure:
    """The figure of many measurements; `by` says whether the goal is about ours' median or its p99."""
    p50, p99 = statistics.median(ours), percentile(ours, 99)
    shown = p50 if by == "p50" else p99
    below = floor if isinstance(floor, int | float) else statistics.median(floor)
    return Figure(
        name=name, ours=_short(shown), floor=_short(below), unit=unit, ratio=_short(shown / below if below else 0.0),
        goal=goal, n=len(ours), p50=_short(p50), p99=_short(p99),
    )  # fmt: skip


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many per cent of them are, between neighbours."""
    found = sorted(values)
    place = (len(found) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(found) - 1)
    return found[low] + (found[high] - found[low]) * (place - low)


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def say(found: Figure) -> None:
    """Print the line."""
    print(json.dumps(msgspec.to_builtins(found), ensure_ascii=False), flush=True)


def note(text: str) -> None:
    """What is good to know beside the figures."""
    print(f"# {text}", file=sys.stderr, flush=True)


def alternate(
    ours: Callable[[int], object], floor: Callable[[int], object], n: int, warm: int = 3
) -> tuple[list[float], list[float]]:
    """Milliseconds of both, taken in turn, so that a change of the machine's speed meets both.

    The processor's own time is noted beside: on a busy machine it says more.
    """
    times: tuple[list[float], list[float]] = ([], [])
    cpu: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    for index in range(n + warm):
        for place, work in enumerate((ours, floor)):
            used, began = time.process_time(), time.perf_counter()
            work(index)
            if index >= warm:
                times[place].append((time.perf_counter() - began) * 1000)
                cpu[place].append((time.process_time() - used) * 1000)
    mine, theirs = (statistics.median(each) for each in cpu)
    note(f"processor time: ours {mine:.3f} ms, floor {theirs:.3f} ms, ratio {mine / theirs:.2f}")
    return times


def child(module: str, **given: Any) -> dict[str, Any]:
    """Run `benchmarks.module` in a process of its own; what it `answer`s.

    Raises:
        RuntimeError: it failed.
    """
    command = [sys.executable, "-m", f"benchmarks.{module}", json.dumps(given)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def given() -> dict[str, Any]:
    """What `child` gave to this process."""
    found: dict[str, Any] = json.loads(sys.argv[1])
    return found


def answer(**found: Any) -> None:
    """What `child` returns, with this process's peak memory and CPU time."""
    print(json.dumps(found | {"peak_mib": peak_mib(), "cpu_s": time.process_time()}), flush=True)


def peak_mib() -> float:
    """The most memory that this process ever had in use, MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of Linux counts the parent's memory at the fork too
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / MIB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MIB * MIB if sys.platform == "darwin" else MIB)


def memory_mib() -> float:
    """The memory in use now, MiB; where the system does not say, the most so far."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / (MIB * MIB)
    return peak_mib()
