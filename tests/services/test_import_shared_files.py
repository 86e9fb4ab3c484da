"""Lists as people really have them, written by others: a sensible mapping or a clear refusal, and twice is once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.services.importing import ImportOptions, ImportReport, import_files
from app.services.reading import FileRefused
from app.services.row_fates import Fate
from app.services.seat import Seat

SHARED = Path(os.environ.get("WINNOW_SHARED", Path(__file__).parents[2] / "../shared")) / "data"
FOLDERS = ("lead-files", "event-files", "vcards", "csv-edge-cases")
FILES = sorted(path for name in FOLDERS for path in (SHARED / name).rglob("*") if path.is_file())
pytestmark = pytest.mark.skipif(not FILES, reason="the shared files are not here")


def take_in(seat: Seat, path: Path, *, dry_run: bool = False) -> ImportReport:
    return import_files(seat, [path], ImportOptions(source="Shared", region="US", dry_run=dry_run))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_file_ends_well_as_its_rehearsal_said_and_twice_is_once(seat: Seat, path: Path) -> None:
    try:
        said = take_in(seat, path, dry_run=True)
    except FileRefused as refused:
        assert refused.sentence.startswith(path.name)
        assert refused.kept
        with pytest.raises(FileRefused):
            take_in(seat, path)
        return
    done = take_in(seat, path)
    assert done.files[0].counts == said.files[0].counts
    assert all(reason for _, reason in done.files[0].reasons)
    entries = seat.store.query("SELECT count(*) FROM ledger")
    again = take_in(seat, path)
    assert again.count(Fate.SKIPPED) + again.count(Fate.REFUSED) == again.read == done.read
    assert again.count(Fate.REFUSED) == done.count(Fate.REFUSED)
    assert seat.store.query("SELECT count(*) FROM ledger") == entries
