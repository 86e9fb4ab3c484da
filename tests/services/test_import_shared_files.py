"""Lists as people really have them, written by others: a sensible mapping or a clear refusal, and twice is once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from app.services.import_terms import Fate, ImportOptions, ImportReport
from app.services.importing import import_files
from app.services.reading import FileRefused
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
    except FileRefused:
        with pytest.raises(FileRefused, match=re.escape(path.name)) as caught:
            take_in(seat, path)
        assert caught.value.kept
        return
    done = take_in(seat, path)
    assert done.files[0].counts == said.files[0].counts
    assert all(reason for _, reason in done.files[0].reasons)
    entries = seat.store.query("SELECT count(*) FROM ledger")
    again = take_in(seat, path)
    assert again.count(Fate.SKIPPED) + again.count(Fate.REFUSED) == again.read == done.read
    assert again.count(Fate.REFUSED) == done.count(Fate.REFUSED)
    assert seat.store.query("SELECT count(*) FROM ledger") == entries


@pytest.mark.parametrize(
    ("name", "mapping", "created"),
    [
        (
            "lead-files/lead_header_de_DE.csv",
            {"first_name": "Vorname", "last_name": "Nachname", "company": "Firmenname", "title": "Funktion",
             "phone": "Telefon", "phone_2": "Telefon (Mobil)", "email": "E-Mail", "do_not_call": "Anrufe unerwünscht",
             "captured_at": "Erstellt am", "country": "Land"},
            0,
        ),
        (
            "lead-files/08-broken-headers-typos.csv",
            {"full_name": "Nmae", "email": "Emial", "phone": "Phne", "company": "Compny"},
            3,
        ),
        (
            "lead-files/18-international-phones.csv",
            {"full_name": "Name", "email": "Email", "phone": "Phone", "dial_code": "Country Code"},
            6,
        ),
        (
            "lead-files/13-mixed-languages.csv",
            {"full_name": "Nombre", "email": "Correo", "phone": "Telefono", "company": "Empresa", "note": "Notas"},
            3,
        ),
        (
            "event-files/eventbrite_attendee_report.csv",
            {"first_name": "First Name", "last_name": "Last Name", "email": "Email", "company": "Company",
             "title": "Job Title", "captured_at": "Order Date"},
            2,
        ),
    ],
)  # fmt: skip
def test_well_formed_lists_are_mapped_as_a_person_would(
    seat: Seat, name: str, mapping: dict[str, str], created: int
) -> None:
    (report,) = take_in(seat, SHARED / name).files
    assert mapping.items() <= report.mapping.items()
    assert report.counts[Fate.NEW] == created
