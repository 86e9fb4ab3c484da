"""One decision in one stroke, and the way back."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition, Outcome, Verdict
from app.models.inquiry import Stage
from app.services import calling, capture, drafts, handoff, privacy, queue
from app.services.changing_settings import change
from app.services.drafts import Draft
from app.services.errors import ReasonNeeded, Refused
from app.services.handoff import Choice
from app.services.sales import selling
from app.services.seat import Seat
from tests.services.actions_at_random import tables_now
from tests.services.made_up import DAY, MINUTE, NOON, Clock, beside, form

SO = Choice(reason="so")


@pytest.fixture
def inquiry(seat: Seat) -> str:
    return capture.capture(seat, form(1)).inquiry_id


def test_another_decision_than_advised_needs_a_reason_and_changes_nothing_without(seat: Seat, inquiry: str) -> None:
    before, entries = tables_now(seat), seat.ledger.entries(inquiry)
    drafts.save(seat, inquiry, Draft(note="n"))
    for reason in ("", "  "):
        with pytest.raises(ReasonNeeded):
            handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason=reason))
    assert (tables_now(seat), seat.ledger.entries(inquiry)) == (before, entries)
    assert drafts.read(seat, inquiry) == Draft(note="n")
    assert seat.store.query("SELECT * FROM claim") == []


def test_the_advised_decision_needs_no_reason(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(answers={"need": "private"}))
    assert seat.inquiry(inquiry).advice is Disposition.DISCARD


def test_a_sell_implies_that_somebody_was_reached(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", next_step="demo on Monday", for_member="Eva"))
    sold = seat.inquiry(inquiry)
    assert (sold.stage, sold.reached, sold.sold_at, sold.next_step, sold.for_member) == (
        Stage.SELL, True, NOON, "demo on Monday", "Eva",
    )  # fmt: skip
    assert [call.outcome for call in sold.calls] == [Outcome.REACHED]
    assert not sold.contested
    (lead,) = selling.leads(seat)
    assert (lead.row.id, lead.next_step, lead.over_limit) == (inquiry, "demo on Monday", False)


def test_a_nurtured_one_wakes_after_ninety_days_unless_said_otherwise(seat: Seat, inquiry: str) -> None:
    with pytest.raises(Refused):
        handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason="so", until=NOON))
    handoff.dispose(seat, inquiry, Disposition.NURTURE, SO)
    assert seat.inquiry(inquiry).until == NOON + 90 * DAY
    assert not seat.inquiry(inquiry).reached


@pytest.mark.parametrize("disposition", Disposition)
def test_undo_brings_the_stage_and_the_draft_back(seat: Seat, inquiry: str, disposition: Disposition) -> None:
    before = tables_now(seat)
    drafts.save(seat, inquiry, Draft(answers={"need": "growth"}, note="two plants"))
    handoff.dispose(seat, inquiry, disposition, Choice(reason="so", answers={"current": "own"}))
    assert seat.inquiry(inquiry).stage is not Stage.WAITING
    handoff.undo(seat)
    assert tables_now(seat) == before
    assert drafts.read(seat, inquiry) == Draft(answers={"need": "growth", "current": "own"}, note="two plants")
    assert queue.peek_next(seat) == inquiry
    with pytest.raises(Refused):
        handoff.undo(seat)


def test_a_second_undo_takes_back_the_action_before(seat: Seat, inquiry: str) -> None:
    other = capture.capture(seat, form(2)).inquiry_id
    calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    capture.edit(seat, other, {"company": "Other"})
    handoff.dispose(seat, inquiry, Disposition.SELL, SO)
    handoff.undo(seat)
    assert (seat.inquiry(inquiry).stage, seat.inquiry(inquiry).attempts) == (Stage.WAITING, 1)
    handoff.undo(seat)
    assert seat.inquiry(other).company == "Werk 2 GmbH"
    handoff.undo(seat)
    assert seat.inquiry(inquiry).attempts == 0
    with pytest.raises(Refused):
        handoff.undo(seat)


def test_undo_ends_with_the_undo_time(seat: Seat, inquiry: str, clock: Clock) -> None:
    handoff.dispose(seat, inquiry, Disposition.SELL, SO)
    clock.on(10 * MINUTE)
    with pytest.raises(Refused, match="nothing to take back"):
        handoff.undo(seat)
    clock.on(-1)
    handoff.undo(seat)
    assert seat.inquiry(inquiry).stage is Stage.WAITING


def test_without_undo_time_nothing_is_taken_back(seat: Seat, inquiry: str) -> None:
    change(seat, "undo-minutes", "0")
    handoff.dispose(seat, inquiry, Disposition.SELL, SO)
    with pytest.raises(Refused):
        handoff.undo(seat)


def test_undo_takes_back_nobody_elses_action(seat: Seat, inquiry: str) -> None:
    handoff.dispose(beside(seat, member="Bo"), inquiry, Disposition.SELL, SO)
    with pytest.raises(Refused, match="nothing to take back"):
        handoff.undo(seat)


def test_once_sales_accepted_nothing_is_taken_back(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.SELL, SO)
    selling.review(beside(seat, member="Eva"), inquiry, Verdict.ACCEPT)
    with pytest.raises(Refused, match="Sales has accepted"):
        handoff.undo(seat)
    selling.review(seat, inquiry, Verdict.PROSPECT)
    with pytest.raises(Refused, match="Sales has accepted"):
        handoff.undo(seat)
    assert seat.inquiry(inquiry).stage is Stage.PROSPECT


def test_undo_restores_nobody_after_an_erasure_and_lifts_no_objection(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.NURTURE, SO)
    privacy.erase(seat, inquiry)
    with pytest.raises(Refused, match="erased"):
        handoff.undo(seat)
    other = capture.capture(seat, form(2)).inquiry_id
    for objects in (
        lambda: calling.log_call(seat, other, Outcome.DO_NOT_CALL),
        lambda: privacy.object_to_calls(seat, other),
    ):
        objects()
        with pytest.raises(Refused, match="objection"):
            handoff.undo(seat)
        assert seat.inquiry(other).stage is Stage.OBJECTED


def test_who_objected_can_be_discarded_and_nothing_else(seat: Seat, inquiry: str) -> None:
    privacy.object_to_calls(seat, inquiry)
    for disposition in (Disposition.SELL, Disposition.NURTURE):
        with pytest.raises(Refused, match="asked not to be called"):
            handoff.dispose(seat, inquiry, disposition, SO)
    handoff.dispose(seat, inquiry, Disposition.DISCARD, SO)
    handoff.undo(seat)
    assert seat.inquiry(inquiry).stage is Stage.OBJECTED


def test_what_is_decided_for_good_is_not_decided_again(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.SELL, SO)
    handoff.dispose(seat, inquiry, Disposition.NURTURE, SO)
    assert not seat.inquiry(inquiry).contested
    handoff.dispose(seat, inquiry, Disposition.DISCARD, SO)
    with pytest.raises(Refused, match="discarded already"):
        handoff.dispose(seat, inquiry, Disposition.SELL, SO)


def test_nobody_decides_on_whom_a_colleague_holds(seat: Seat, inquiry: str) -> None:
    queue.claim(beside(seat, member="Bo"), inquiry)
    with pytest.raises(Refused, match="Bo has this inquiry on the line"):
        handoff.dispose(seat, inquiry, Disposition.SELL, SO)
