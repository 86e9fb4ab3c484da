"""Calls: outcomes lead to due times, and a call keeps what was drafted."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition, Outcome
from app.models.inquiry import Stage
from app.services import calling, capture, drafts, handoff, queue
from app.services.changing_settings import change
from app.services.drafts import Draft
from app.services.errors import NotFound, Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, berlin, form


@pytest.fixture
def inquiry(seat: Seat) -> str:
    return capture.capture(seat, form(1)).inquiry_id


@pytest.mark.parametrize(
    ("outcome", "least", "most"),
    [(Outcome.NO_ANSWER, 3 * HOUR, DAY), (Outcome.VOICEMAIL, DAY, 2 * DAY), (Outcome.BUSY, 15 * MINUTE, 15 * MINUTE)],
)
def test_who_was_not_reached_is_due_again_after_the_delay_of_the_outcome_inside_their_hours(
    seat: Seat, inquiry: str, outcome: Outcome, least: int, most: int
) -> None:
    calling.log_call(seat, inquiry, outcome)
    since = seat.inquiry(inquiry).since
    assert NOON + least <= since <= NOON + most
    assert seat.hours.opening(calling.class_of(seat.inquiry(inquiry)), since).open
    assert queue.peek_next(seat) is None
    seat.clock.now = since  # type: ignore[attr-defined]
    assert queue.peek_next(seat) == inquiry


def test_after_the_last_attempt_somebody_is_unreached_and_a_new_request_begins_anew(
    seat: Seat, inquiry: str, clock: Clock
) -> None:
    change(seat, "attempts", "3")
    for _ in range(3):
        assert seat.inquiry(inquiry).stage is Stage.WAITING
        clock.now = max(clock.now, seat.inquiry(inquiry).since)
        calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    assert (seat.inquiry(inquiry).stage, seat.inquiry(inquiry).result) == (Stage.UNREACHED, "unreached")
    clock.on(30 * DAY)
    assert queue.peek_next(seat) is None
    assert capture.capture(seat, form(1)).inquiry_id == inquiry
    assert (seat.inquiry(inquiry).stage, seat.inquiry(inquiry).attempts) == (Stage.WAITING, 0)
    assert queue.peek_next(seat) == inquiry


def test_after_a_wrong_number_the_next_one_is_called_then_a_corrected_one(seat: Seat) -> None:
    two = capture.capture(seat, form(2, phone=f"{berlin(2)}; {berlin(3)}")).inquiry_id
    calling.log_call(seat, two, Outcome.WRONG_NUMBER)
    assert queue.row(seat, two).phone == berlin(3)
    assert queue.peek_next(seat) == two
    calling.log_call(seat, two, Outcome.WRONG_NUMBER)
    assert seat.inquiry(two).stage is Stage.UNREACHED
    assert queue.row(seat, two).why == "unreached: no number is left"
    capture.edit(seat, two, {"phone": berlin(4)})
    assert (seat.inquiry(two).stage, queue.row(seat, two).phone, queue.peek_next(seat)) == (
        Stage.WAITING, berlin(4), two,
    )  # fmt: skip


def test_a_callback_needs_a_time_to_come(seat: Seat, inquiry: str) -> None:
    for back_at in (None, NOON, NOON - 1):
        with pytest.raises(Refused):
            calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=back_at)
    assert seat.inquiry(inquiry).calls == ()
    calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=NOON + HOUR)
    assert seat.inquiry(inquiry).promised_at == NOON + HOUR


def test_the_draft_becomes_part_of_the_call_and_is_gone(seat: Seat, inquiry: str) -> None:
    draft = Draft(answers={"need": "problem"}, note="tall order", number=berlin(1), dialled_at=NOON - 90_000)
    drafts.save(seat, inquiry, draft)
    assert (drafts.read(seat, inquiry), drafts.latest(seat)) == (draft, inquiry)
    calling.log_call(seat, inquiry, Outcome.REACHED, answers={"current": "own"})
    entry = seat.ledger.entries(inquiry)[-1]
    body, person = entry.facts(), entry.who()
    assert isinstance(body, calling.Called) and person
    assert (body.answers, body.seconds, body.script, person.note, person.number) == (
        {"need": "problem", "current": "own"}, 90, "b2b", "tall order", berlin(1),
    )  # fmt: skip
    assert (drafts.read(seat, inquiry), drafts.latest(seat)) == (Draft(), None)
    assert seat.store.query("SELECT * FROM claim") == []


def test_answers_in_words_go_with_the_person_and_answers_by_key_with_the_facts(seat: Seat, inquiry: str) -> None:
    texts = [question.key for question in seat.script.questions if question.type == "text"]
    answers = {"need": "growth"} | dict.fromkeys(texts, "in their words")
    calling.log_call(seat, inquiry, Outcome.REACHED, answers=answers)
    entry = seat.ledger.entries(inquiry)[-1]
    assert b"in their words" not in entry.body
    assert seat.inquiry(inquiry).answers == {"need": "growth"}
    assert seat.inquiry(inquiry).words == dict.fromkeys(texts, "in their words")


def test_a_skipped_inquiry_keeps_its_place_and_comes_back(seat: Seat, inquiry: str, clock: Clock) -> None:
    clock.on(MINUTE)
    second = capture.capture(seat, form(2)).inquiry_id
    with pytest.raises(Refused):
        calling.skip(seat, inquiry, "  ")
    calling.skip(seat, inquiry, "at lunch")
    assert queue.peek_next(seat) == second
    clock.on(HOUR)
    assert queue.peek_next(seat) == inquiry
    assert seat.inquiry(inquiry).attempts == 0


def test_what_is_finished_takes_no_more_calls_and_nobody_unknown_is_called(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason="so"))
    with pytest.raises(Refused):
        calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    with pytest.raises(NotFound):
        calling.log_call(seat, "f" * 32, Outcome.NO_ANSWER)


def test_whoever_calls_in_after_a_decision_is_logged_without_changing_it(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason="so"))
    calling.log_call(seat, inquiry, Outcome.REACHED, note="asked for the brochure")
    assert (seat.inquiry(inquiry).stage, len(seat.inquiry(inquiry).calls)) == (Stage.NURTURE, 1)


def test_a_call_page_shows_draft_row_and_limit_of_one_moment(seat: Seat, inquiry: str) -> None:
    drafts.save(seat, inquiry, Draft(answers={"need": "growth"}))
    view = calling.open_call(seat, inquiry)
    assert (view.inquiry.id, view.row.id, view.limit.hours, view.answers) == (inquiry, inquiry, 24, {"need": "growth"})
    assert view.calling_class == "Europe/Berlin|DE"
