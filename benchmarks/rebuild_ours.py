"""All tables made again from the ledger, in this process."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks import stores
from benchmarks.figure import answer, given


def main() -> None:
    """As `winnow doctor --rebuild` does it."""
    what = given()
    with stores.opened(Path(what["folder"])) as home:
        entries = home.seat.store.one("SELECT count(*) FROM ledger")
        began, used = time.perf_counter(), time.process_time()
        home.rebuild()
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    answer(seconds=seconds, cpu=cpu, entries=entries[0] if entries else 0)


if __name__ == "__main__":
    main()
