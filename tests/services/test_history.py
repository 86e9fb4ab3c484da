"""The history in words: every kind, answers as people read them, nobody once they are gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import KINDS, Disposition, Outcome, Reassigned, Settled, Unknown, Verdict
from app.services import calling, capture, handoff, privacy
from app.services.desk import reassigning
from app.services.handoff import Choice
from app.services.history import _TELLERS, history
from app.services.sales import selling
from app.services.seat import Seat
from app.services.store import ledger
from tests.services.made_up import HOUR, Clock

Take = Callable[..., str]
ABOUT_PEOPLE = ledger.PEOPLE


def texts(seat: Seat, inquiry: str) -> list[str]:
    return [row.text for row in history(seat, inquiry)]


def test_every_kind_about_people_has_words():
    assert {KINDS[kind] for kind in ABOUT_PEOPLE} == set(_TELLERS)


def test_a_call_says_outcome_number_answers_and_note(seat: Seat, take: Take):
    inquiry = take(request="Please call")
    answers = {"budget": "approved", "size": 50.0, "decider": "Ms Groß"}
    calling.log_call(seat, inquiry, Outcome.REACHED, answers=answers, note="friendly", seconds=65)
    first, call = texts(seat, inquiry)
    assert first == "Captured by hand: Fair · “Please call”"
    assert call.startswith("Reached · +493023125000 · 1:05 min · ")
    for words in ("Budget: Approved", "People: 50 people", "Who decides: Ms Groß", "“friendly”"):
        assert words in call


def test_a_retry_and_a_callback_say_when_by_the_clock_of_the_desk(seat: Seat, take: Take, clock: Clock):
    inquiry = take()
    calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=clock.now + HOUR)
    calling.log_call(seat, inquiry, Outcome.BUSY)
    _, back, busy = texts(seat, inquiry)
    assert back.startswith("Reached; wants to be called back on 2026-03-10 ")
    assert "next try 2026-03-10" in busy


def test_decisions_second_looks_and_closes_are_told_with_their_reasons(seat: Seat, take: Take):
    inquiry = take()
    choice = Choice(reason="knows us", next_step="Offer", for_member="Sam")
    handoff.dispose(seat, inquiry, Disposition.SELL, choice)
    selling.review(seat, inquiry, Verdict.PROSPECT, answers={"need": "clear"})
    selling.close(seat, inquiry, won=True, amount="12", currency="EUR")
    _, _, sold, looked, closed = texts(seat, inquiry)
    assert sold == "Sold to Sam · 0 points · the score advised to discard · next step: Offer · “knows us”"
    assert looked == "Sales made it a prospect · Need: Clear, and we can meet it"
    assert closed == "Won, 12.00 EUR"


def test_what_was_taken_back_is_told_and_stays_visible(seat: Seat, take: Take):
    inquiry = take()
    handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason="later"))
    handoff.undo(seat)
    told = texts(seat, inquiry)
    assert told[1].startswith("To nurture")
    assert told[2] == "Taken back: to nurture"


def test_corrections_name_the_fields_and_not_what_was_there(seat: Seat, take: Take):
    inquiry = take()
    capture.edit(seat, inquiry, {"phone": "+493023125999", "company": "Other", "country": "AT"})
    assert texts(seat, inquiry)[-1] == "Corrected: company, number, country"


def test_objections_lifts_and_reassignments_are_told(seat: Seat, take: Take):
    inquiry = take()
    privacy.object_to_calls(seat, inquiry)
    privacy.lift(seat, inquiry, "wrote to us")
    reassigning.reassign(seat, [inquiry], "Marta")
    reassigning.reassign(seat, [inquiry], "")
    assert texts(seat, inquiry)[1:] == [
        "Asked not to be called again",
        "The objection was lifted · “wrote to us”",
        "Given to Marta until 2026-03-11 15:00",
        "Released: anybody may call",
    ]


@pytest.mark.parametrize("erased", [False, True])
def test_nothing_of_a_person_is_told_once_they_are_discarded_or_erased(
    seat: Seat, take: Take, clock: Clock, erased: bool
):
    inquiry = take(first_name="Ottilie", last_name="Zwirner", request="secret request")
    calling.log_call(seat, inquiry, Outcome.REACHED, note="secret note", answers={"decider": "secret decider"})
    handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason="secret reason"))
    if erased:
        clock.on(HOUR)
        privacy.erase_due(seat)
    told = " ".join(texts(seat, inquiry))
    assert "Discarded" in told and "Reached" in told
    for words in ("secret", "Ottilie", "Zwirner", "3023125"):
        assert words not in told
    assert ("erased" in told) is erased


def test_an_unknown_kind_and_a_settlement_of_unknown_decisions_have_words(seat: Seat, take: Take):
    inquiry = take()
    with seat.act() as act:
        act.inquiry(inquiry)
        act.append(inquiry, Settled(decisions=("a" * 32, "b" * 32)))
        act.append(inquiry, Reassigned(member="Marta"))
        entry = act.append(inquiry, Reassigned(member="x"))
        entry.kind, entry.body = "sung_to", b'{"song":"x"}'
        entry.hash = b""
    assert Unknown not in _TELLERS
    told = texts(seat, inquiry)
    assert told[1] == "Two decisions that contradicted each other were settled"
    assert told[-1] == 'Something that a newer Winnow knows ("sung_to")'


def test_both_halves_of_a_merged_person_are_told_together(seat: Seat, take: Take):
    one = take(0, phone="")
    other = take(0, email="")
    assert one != other
    both = take(0)
    told = history(seat, other)
    assert both == min(one, other)
    assert [row.kind for row in told].count("captured") == 3
    assert any(row.text == "Joined with another inquiry of the same person" for row in told)
