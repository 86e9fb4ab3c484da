"""Bundles on a stick: everything arrives once, nobody else reads them, and a damaged one changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import Home
from app.models.entries import Disposition
from app.services import capture, carrying, handoff, privacy
from app.services.carrying import carry_in, carry_out
from app.services.errors import EnvironmentFailed, Locked, Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.store import vault
from app.services.team import state
from app.services.team.offers import next_offer
from app.services.team.work import Work
from tests.services.made_up import Clock, form, new_home

WORDS = "Halle 9, Stand B12"
Take = Callable[..., str]


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true costs of argon2id are for guessers, not for tests; a bundle says its own."""
    monkeypatch.setattr(carrying, "_for_words", lambda salt: carrying._Head(salt, "", 1, 64, 1))
    assert carrying._Head(b"").memory_kib == vault.MEMORY_KIB


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Home]:
    """Another home."""
    with new_home(tmp_path / "office", clock) as opened:
        with opened.seat.store.writing() as connection:  # a template was copied: each home has keys of its own
            connection.exec_driver_sql("UPDATE secret SET name = 'hash-key:2-office' WHERE name LIKE 'hash-key:%'")
        opened.seat.ledger.forget_ring()
        yield opened


def test_what_was_captured_at_the_fair_is_in_the_office(seat: Seat, take: Take, office: Home, tmp_path: Path):
    first, second = take(1), take(2)
    handoff.dispose(seat, first, Disposition.SELL, Choice(reason="wants it", note="call on Monday"))
    bundle = tmp_path / "fair.bundle"
    count = carry_out(seat, bundle, WORDS)
    carried = carry_in(office.seat, bundle, WORDS)
    assert carried.entries == carried.read == count >= 4
    for inquiry in (first, second):
        assert office.seat.inquiry(inquiry) == seat.inquiry(inquiry)
    assert carry_in(office.seat, bundle, WORDS).entries == 0


def test_what_a_bundle_brought_is_still_to_be_handed_in(seat: Seat, take: Take, office: Home, tmp_path: Path):
    """Though everything here before was handed in, so that nothing else waits."""
    work = Work(office.seat)
    with office.seat.store.writing():
        state.put_cursor(office.seat.store, state.OUTBOX, office.seat.ledger.last_seq())
    assert next_offer(work, 100) is None
    inquiry = take(1)
    carry_out(seat, tmp_path / "b", WORDS)
    carry_in(office.seat, tmp_path / "b", WORDS)
    offer = next_offer(work, 100)
    assert offer is not None and inquiry in {entry.subject for entry in offer.entries}


def test_a_stick_that_is_taken_in_late_takes_no_stamps_away_and_brings_none(
    seat: Seat, take: Take, office: Home, tmp_path: Path
):
    """The hub alone stamps: what it has stamped here would else never be offered again, in another order for ever."""
    take(1), take(2)
    carry_out(seat, tmp_path / "b", WORDS)
    carry_in(office.seat, tmp_path / "b", WORDS)
    stamps = "SELECT id, received_at, pos, brought_by FROM ledger ORDER BY id"
    with office.seat.store.writing() as connection:
        connection.exec_driver_sql("UPDATE ledger SET received_at = at, pos = seq, brought_by = 'Ada'")
    before = office.seat.store.query(stamps)
    assert carry_in(office.seat, tmp_path / "b", WORDS).entries == 0
    assert office.seat.store.query(stamps) == before
    take(3)
    with seat.store.writing() as connection:  # as a hub of another team, or a forger, would have them
        connection.exec_driver_sql("UPDATE ledger SET received_at = at, brought_by = 'Eve' WHERE kind = 'captured'")
    carry_out(seat, tmp_path / "c", WORDS)
    assert carry_in(office.seat, tmp_path / "c", WORDS).entries == 1
    fresh = [row for row in office.seat.store.query(stamps) if row not in before]
    assert [row[1:] for row in fresh] == [(None, None, "")]


def test_somebody_whom_the_office_knows_is_one_person_afterwards(seat: Seat, office: Home, tmp_path: Path):
    here = capture.capture(seat, form(1)).inquiry_id
    there = capture.capture(office.seat, form(1)).inquiry_id
    carry_out(seat, tmp_path / "b", WORDS)
    carry_in(office.seat, tmp_path / "b", WORDS)
    assert office.seat.inquiry(here).id == office.seat.inquiry(there).id == min(here, there)


def test_a_bundle_shows_nobody_to_a_finder(seat: Seat, take: Take, office: Home, tmp_path: Path):
    take(1, last_name="Abendroth")
    bundle = tmp_path / "b"
    carry_out(seat, bundle, WORDS)
    assert b"Abendroth" not in bundle.read_bytes()
    assert bundle.stat().st_mode & 0o077 == 0
    with pytest.raises(Locked, match="does not open"):
        carry_in(office.seat, bundle, "guessed")
    with pytest.raises(Locked, match="passphrase opens"):
        carry_in(office.seat, bundle)


def test_alone_a_bundle_needs_a_passphrase(seat: Seat, tmp_path: Path):
    with pytest.raises(Locked, match="works alone"):
        carry_out(seat, tmp_path / "b")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("harm", ["cut", "cut between pieces", "changed", "longer", "swapped"])
def test_a_damaged_bundle_changes_nothing(seat: Seat, take: Take, office: Home, tmp_path: Path, harm: str):
    for number in range(4):
        take(number)
    bundle = tmp_path / "b"
    carrying.PIECE, before = 3, carrying.PIECE
    try:
        carry_out(seat, bundle, WORDS)
    finally:
        carrying.PIECE = before
    data = bundle.read_bytes()
    lengths = _lengths(data)
    changed = {
        "cut": data[:-7],
        "cut between pieces": data[: -lengths[-1]],
        "changed": data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
        "longer": data + b"more",
        "swapped": data[: -sum(lengths[-3:])] + data[-sum(lengths[-2:]) : -lengths[-1]]
        + data[-sum(lengths[-3:]) : -sum(lengths[-2:])] + data[-lengths[-1] :],
    }[harm]  # fmt: skip
    bundle.write_bytes(changed)
    with pytest.raises(Refused, match="damaged"):
        carry_in(office.seat, bundle, WORDS)
    assert office.seat.store.one("SELECT count(*) FROM inquiry") == (0,)


def _lengths(data: bytes) -> list[int]:
    """Of every sealed piece, with the four bytes before it."""
    at = len(carrying.MAGIC)
    at += 4 + int.from_bytes(data[at : at + 4], "big")
    found = []
    while at < len(data):
        found.append(4 + int.from_bytes(data[at : at + 4], "big"))
        at += found[-1]
    return found


def test_another_file_is_refused_and_a_missing_place_is_said(seat: Seat, tmp_path: Path):
    other = tmp_path / "list.csv"
    other.write_text("name,phone\n")
    with pytest.raises(Refused, match="no bundle"):
        carry_in(seat, other, WORDS)
    with pytest.raises(EnvironmentFailed, match="cannot be written"):
        carry_out(seat, tmp_path / "nowhere" / "b", WORDS)


def test_who_was_erased_here_does_not_come_back_on_a_stick(seat: Seat, take: Take, office: Home, tmp_path: Path):
    inquiry = take(1)
    carry_out(seat, tmp_path / "b", WORDS)
    carry_in(office.seat, tmp_path / "b", WORDS)
    privacy.erase(office.seat, inquiry)
    carry_in(office.seat, tmp_path / "b", WORDS)
    assert office.seat.inquiry(inquiry).erased
    assert office.seat.store.one("SELECT 1 FROM ledger WHERE subject = ? AND person IS NOT NULL", (inquiry,)) is None
