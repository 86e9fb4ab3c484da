"""The benchmarks on small stores: every figure is printed as one JSON line. How fast anything is, is not tested."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import phonenumbers
import pytest

from benchmarks import people
from benchmarks.figure import Figure, figure, percentile

ROOT = Path(__file__).parents[1]
KEYS = ["name", "ours", "floor", "unit", "ratio", "goal", "n", "p50", "p99"]
FIGURES = (
    "process start to the real queue painted", "process start to the first call in hand",
    "memory over a bare window at the first paint", "disposition key to the next inquiry painted",
    "answer key to the next question painted", "next inquiry", "page of 100 of the queue",
    "first pages of sales", "results of all time", "results of a month", "page of the queue while results",
    "find by the beginnings", "durable disposition", "a delivery of",
    "import of 3,000 rows into an empty store", "import of 3,000 rows into one with 600, half",
    "handing in", "reading", "somebody to call on a new laptop", "memory over a bare window, joined",
    "rebuild of all tables", "peak memory of an import", "peak memory of a rebuild", "peak memory of a window",
)  # fmt: skip


@pytest.mark.timeout(600)
def test_a_run_prints_each_figure_as_one_line_with_its_floor_and_its_goal_and_leaves_no_copies():
    command = [sys.executable, "-m", "benchmarks", "--quick", "--size", "600"]
    before = _copies()
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"TZ": "UTC"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = [line["name"] for line in lines]
    for beginning in FIGURES:
        assert any(name.startswith(beginning) for name in names), beginning
    assert len(set(names)) == len(names)
    for line in lines:
        assert list(line) == KEYS
        found = msgspec.convert(line, type=Figure)
        assert found.n >= 1 and found.ours > 0 and found.floor > 0 and found.ratio > 0
        assert found.p50 <= found.p99
        assert found.goal == "" or (found.goal[:2] in {"<=", ">="} and float(found.goal[2:]) > 0)
    assert _copies() <= before


def _copies() -> set[Path]:
    return set((ROOT / "benchmarks" / ".cache").glob("work-600-*"))


def test_a_figure_is_met_or_missed_by_its_ratio():
    slow = figure("x", [4.0, 4.0], [2.0, 2.0], "ms", "<=1.5")
    assert slow.ratio == 2 and not slow.met()
    assert figure("x", [4.0], [2.0], "rows/s", ">=0.6").met()
    assert figure("x", [4.0], 2.0, "ms", "").met()


def test_a_goal_about_the_slowest_looks_at_the_99th_percentile():
    times = [1.0] * 98 + [100.0, 100.0]
    assert figure("x", times, 10.0, "ms", "<=1", by="p99").ratio == 10
    assert percentile([1.0, 2.0, 3.0], 50) == 2


def test_made_up_people_have_valid_numbers_that_nobody_shares():
    crowd = [people.somebody(number, 5000) for number in range(5000)]
    numbers = [phone.e164 for one in crowd for phone in one.person.phones or ()]
    assert len(set(numbers)) == len(crowd)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers[::7])
