"""From the start of the process to the real queue on the screen, and to the first call in hand; the memory of both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks import stores
from benchmarks.figure import ROOT, Figure, Scale, figure, note
from benchmarks.people import NOW

LIMIT_MIB = 60.0  # more than a bare window, at the first paint
PASSPHRASE = "correct horse battery staple"


def run(scale: Scale) -> Iterator[Figure]:
    """Both windows start in turn, each in a process of its own; the store's key is at hand."""
    home = str(stores.work(scale.size))
    ours: list[dict[str, float]] = []
    bare: list[dict[str, float]] = []
    for index in range(scale.times(15, 3) + 1):
        one = started("window", home, stores.KEY.hex(), str(NOW))
        other = started("bare_window")
        if index:  # the first of each fills the caches
            ours.append(one)
            bare.append(other)
    size = f"{scale.size:,}"
    for what, name, goal in (
        ("painted", f"process start to the real queue painted, {size}", "<=1.5"),
        ("usable", f"process start to the first call in hand, {size}", "<=1.3"),
    ):
        yield figure(name, [one[what] for one in ours], [one[what] for one in bare], "ms", goal)
        cpu = f"{what}_cpu"
        yield figure(f"{name}, processor time", [o[cpu] for o in ours], [o[cpu] for o in bare], "ms", goal)
    more = [one["painted_mib"] - other["painted_mib"] for one, other in zip(ours, bare, strict=True)]
    yield figure(f"memory over a bare window at the first paint, {size}", more, LIMIT_MIB, "MiB", "<=1")
    more = [one["usable_mib"] - other["painted_mib"] for one, other in zip(ours, bare, strict=True)]
    yield figure(f"memory over a bare window with the first call in hand, {size}", more, 2 * LIMIT_MIB, "MiB", "<=1")
    yield _passphrase(scale)


def started(module: str, *given: str) -> dict[str, float]:
    """What a window tells of its start, in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    before = [*command, str(time.monotonic()), *given]
    done = subprocess.run(before, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _passphrase(scale: Scale) -> Figure:
    """What a passphrase adds to a start, beside the derivation alone."""
    import shutil
    import tempfile
    from pathlib import Path

    from argon2.low_level import Type, hash_secret_raw

    from app.services.store import vault
    from benchmarks.figure import alternate

    folder = Path(tempfile.mkdtemp(prefix="winnow-benchmark-"))
    vault.create(folder, passphrase=PASSPHRASE, use_keyring=False)
    salt = os.urandom(16)

    def derive(_: int) -> object:
        return hash_secret_raw(
            PASSPHRASE.encode(), salt, vault.PASSES, vault.MEMORY_KIB, vault.LANES, vault.KEY_BYTES, Type.ID
        )

    opened, floor = alternate(lambda _: vault.unlock(folder, passphrase=PASSPHRASE), derive, scale.times(10, 3), warm=1)
    shutil.rmtree(folder)
    note("a passphrase adds this to the start; a keyring answers in a few milliseconds")
    return figure("opening the key by passphrase", opened, floor, "ms", "")
