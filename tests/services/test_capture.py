"""Capturing by hand: somebody known is found again, a colleague is another person."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition
from app.models.inquiry import Stage
from app.services import capture, handoff, privacy, queue
from app.services.errors import NotFound, Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.services.made_up import DAY, NOON, Clock, berlin, form


def how_many(seat: Seat) -> int:
    row = seat.store.one("SELECT count(*) FROM inquiry")
    assert row
    return int(row[0])


def test_somebody_known_by_number_or_mail_is_updated_instead_of_doubled(seat: Seat) -> None:
    first = capture.capture(seat, form(1, email=""))
    by_number = capture.capture(seat, form(1, title="Chief"))
    by_mail = capture.capture(seat, form(1, phone="", source="Web"))
    assert (first.known, by_number.known, by_mail.known) == (False, True, True)
    assert {first.inquiry_id} == {by_number.inquiry_id, by_mail.inquiry_id}
    inquiry = seat.inquiry(first.inquiry_id)
    assert (inquiry.title, inquiry.source, [r.source for r in inquiry.requests]) == ("Chief", "Fair", ["Fair", "Web"])
    assert "e-mail" in by_mail.sentence


def test_another_name_on_the_same_number_is_a_colleague(seat: Seat) -> None:
    capture.capture(seat, form(1, phone=berlin(1)))
    other = capture.capture(seat, form(2, phone=berlin(1)))
    assert (other.known, how_many(seat)) == (False, 2)
    assert "colleague" in other.sentence.lower()


def test_a_role_address_identifies_nobody(seat: Seat) -> None:
    capture.capture(seat, form(1, email="info@werk.example", phone=""))
    again = capture.capture(seat, form(1, email="info@werk.example", phone=""))
    assert (again.known, how_many(seat)) == (False, 2)


def test_what_steers_a_terminal_is_no_part_of_a_name(seat: Seat) -> None:
    made = capture.capture(seat, form(1, first_name="Ad\x1b[31ma\x07", request="one\n\x00two")).inquiry_id
    assert seat.inquiry(made).first_name == "Ad[31ma"
    assert seat.inquiry(made).requests[0].text == "one\ntwo"
    capture.edit(seat, made, {"last_name": "Mo\x7fss"})
    assert seat.inquiry(made).last_name == "Moss"


def test_there_must_be_a_way_to_reach_them(seat: Seat) -> None:
    for fields in ({"phone": "", "email": ""}, {"phone": "  ", "email": " "}):
        with pytest.raises(Refused):
            capture.capture(seat, form(1, **fields))
    with pytest.raises(Refused, match="no e-mail"):
        capture.capture(seat, form(1, email="not an address"))
    with pytest.raises(Refused, match="too long"):
        capture.capture(seat, form(1, company="x" * 3000))
    assert how_many(seat) == 0


def test_asking_anew_wakes_a_nurtured_one(seat: Seat, clock: Clock) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason="so"))
    clock.on(DAY)
    assert capture.capture(seat, form(1)).inquiry_id == inquiry
    assert (seat.inquiry(inquiry).stage, seat.inquiry(inquiry).since) == (Stage.WAITING, NOON + DAY)


def test_who_objected_and_asks_anew_stays_objected(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    privacy.object_to_calls(seat, inquiry)
    assert capture.capture(seat, form(1)).inquiry_id == inquiry
    assert seat.inquiry(inquiry).stage is Stage.OBJECTED


def test_a_correction_replaces_only_what_it_names_and_counts_as_a_hands(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    capture.edit(seat, inquiry, {"phone": f"{berlin(8)}, {berlin(9)}", "country": "Germany"})
    found = seat.inquiry(inquiry)
    assert [phone.e164 or phone.raw for phone in found.phones] == [berlin(8), berlin(9)]
    assert (found.company, found.country, found.by_hand) == ("Werk 1 GmbH", "DE", {"phones"})


def test_a_number_is_read_in_the_country_that_is_corrected_with_it(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    capture.edit(seat, inquiry, {"country": "United Kingdom", "phone": "020 7946 0123"})
    assert queue.row(seat, inquiry).phone == "+442079460123"
    assert queue.row(seat, inquiry).country == "GB"


def test_what_does_not_fit_is_not_corrected(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    for changes in ({}, {"shoe_size": "44"}, {"country": "Atlantis"}, {"email": "x"}, {"company": "x" * 3000}):
        with pytest.raises(Refused):
            capture.edit(seat, inquiry, changes)
    with pytest.raises(NotFound):
        capture.edit(seat, "f" * 32, {"company": "x"})
    handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason="so"))
    with pytest.raises(Refused, match="discarded"):
        capture.edit(seat, inquiry, {"company": "x"})


def test_while_a_form_is_filled_in_it_says_who_is_known(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    known = capture.who_is(seat, berlin(1), "")
    assert known and (known.inquiry_id, known.stage, known.sentence) == (inquiry, Stage.WAITING, "Same number: waiting")
    assert capture.who_is(seat, berlin(1), "", "Somebody", "Else") is None
    assert capture.who_is(seat, "", "nobody@werk.example") is None
