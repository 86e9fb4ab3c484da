"""python -m benchmarks [--quick] [--only NAME] [--size N]: one JSON line for each figure; notes go to stderr."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import time

import msgspec

from benchmarks.figure import ROOT, Figure, Scale, note, say

FIGURES = (
    "start", "keys", "next_inquiry", "queue_page", "sales_page", "results_page", "finding", "disposition", "rebuild",
    "importing", "claims", "alerts", "idle", "working_day", "deliveries", "sync", "joining",
)  # fmt: skip
"""Modules with `run(scale)`, each in a process of its own; those that add many inquiries come last."""


def main() -> int:
    """Runs the figures; 1 when one of them could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten thousand inquiries and small lists, within a minute")
    parser.add_argument("--only", action="append", choices=FIGURES, help="one figure; may be given again")
    parser.add_argument("--size", type=int, help="inquiries of the large store")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    scale = Scale(given.size or (10_000 if given.quick else 1_000_000), given.quick)
    if given.here:
        for name in given.only:
            for found in importlib.import_module(f"benchmarks.{name}").run(scale):
                say(found)
        return 0
    return _all(given.only or FIGURES, scale)


def _all(names: tuple[str, ...] | list[str], scale: Scale) -> int:
    from benchmarks import stores

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ[stores.RUN] = str(os.getpid())
    began, failed, missed = time.monotonic(), 0, list[str]()
    try:
        for name in names:
            command = [sys.executable, "-m", "benchmarks", "--here", "--only", name, "--size", str(scale.size)]
            command += ["--quick"] if scale.quick else []
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    print(line, end="", flush=True)
                    found = msgspec.json.decode(line, type=Figure)
                    if not found.met():
                        missed.append(f"{found.name}: {found.ratio:g}, goal {found.goal}")
            if process.returncode:
                failed = 1
                note(f"{name} could not be measured")
    finally:
        stores.drop_work()
    note(f"{time.monotonic() - began:.0f} s; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for text in missed:
        note(f"missed: {text}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
