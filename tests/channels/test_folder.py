"""Files in a folder: whole or not at all, one name for one delivery, harmless in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import vobject

from app.services import handoff, privacy
from app.services.errors import Refused
from app.services.seat import Seat
from app.services.team import courier
from app.services.team.channels import configured

Decide = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "leads"
    made.mkdir()
    return made


def add(seat: Seat, folder: Path, form: str = "csv") -> None:
    configured.add(seat, "Folder", "folder", {"path": str(folder), "format": form})


def read(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    return row


def test_one_csv_for_each_lead_that_no_spreadsheet_computes(seat: Seat, folder: Path, decide: Decide) -> None:
    add(seat, folder)
    decide(0, company='=HYPERLINK("http://x")', title="@SUM(1)", first_name="+1+1", last_name="Zoë\u2028")
    decide(1)
    assert courier.deliver_due(seat).delivered == 2
    rows = [read(file) for file in folder.iterdir()]
    evil = next(row for row in rows if "HYPERLINK" in row["company"])
    assert all(not value.startswith(("=", "@", "-", "\t")) for value in evil.values())
    assert evil["phone"] == "+4930231025000" or evil["phone"].startswith("+49")
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]


def test_a_card_is_read_by_others(seat: Seat, folder: Path, decide: Decide) -> None:
    add(seat, folder, "vcf")
    decide(0, company="Müller; Söhne, KG")
    courier.deliver_due(seat)
    card = vobject.readOne(next(folder.iterdir()).read_text("utf-8"))
    assert card.fn.value == "Anna Abendroth" and card.org.value == ["Müller; Söhne, KG"]
    assert "send a quote" in card.note.value


def test_the_same_delivery_again_is_the_same_file(seat: Seat, folder: Path, decide: Decide) -> None:
    add(seat, folder)
    decide()
    courier.deliver_due(seat)
    with seat.store.writing():
        seat.store.writer.execute("UPDATE delivery SET state = 'waiting', next_at = 0")  # its answer was lost
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    courier.deliver_due(seat)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_correction_is_another_file_and_an_erasure_takes_them_away(seat: Seat, folder: Path, decide: Decide) -> None:
    add(seat, folder)
    inquiry = decide()
    courier.deliver_due(seat)
    handoff.undo(seat)
    courier.deliver_due(seat)
    assert sorted(read(file)["what"] for file in folder.iterdir()) == ["sell", "withdrawn"]
    privacy.erase(seat, inquiry)
    courier.deliver_due(seat)
    (left,) = folder.iterdir()
    assert read(left)["what"] == "erase" and "Abendroth" not in left.read_text("utf-8")


def test_a_folder_that_is_gone_keeps_leads_waiting(seat: Seat, folder: Path, decide: Decide) -> None:
    add(seat, folder)
    decide()
    folder.rmdir()
    assert courier.deliver_due(seat) == courier.Tally(waiting=1)
    with pytest.raises(Refused):
        add(seat, folder)
