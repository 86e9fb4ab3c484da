"""One import by Winnow, in this process."""

from __future__ import annotations

import time
from pathlib import Path

from app.services.import_terms import ImportOptions
from app.services.importing import import_files
from benchmarks import stores
from benchmarks.figure import answer, given


def main() -> None:
    """Takes a list into a home."""
    what = given()
    options = ImportOptions(source="Benchmark list", region="DE")
    with stores.opened(Path(what["folder"])) as home:
        began, used = time.perf_counter(), time.process_time()
        report = import_files(home.seat, [Path(what["list"])], options, alone=home.is_alone)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    counts = {str(fate): count for fate, count in report.files[0].counts.items() if count}
    answer(seconds=seconds, cpu=cpu, rows=report.read, counts=counts)


if __name__ == "__main__":
    main()
