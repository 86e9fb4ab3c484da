"""What sales does with a lead."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition, Verdict
from app.models.inquiry import Stage
from app.services import capture, handoff, queue, selling
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, form


@pytest.fixture
def lead(seat: Seat) -> str:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", answers={"need": "problem"}))
    return inquiry


@pytest.mark.parametrize(
    ("verdict", "stage", "result"),
    [
        (Verdict.ACCEPT, Stage.ACCEPTED, "sell"),
        (Verdict.PROSPECT, Stage.PROSPECT, "sell"),
        (Verdict.NURTURE, Stage.NURTURE, "nurture"),
        (Verdict.CALL_AGAIN, Stage.WAITING, "open"),
        (Verdict.DISCARD, Stage.DISCARDED, "discard"),
    ],
)
def test_the_second_look_decides(seat: Seat, lead: str, verdict: Verdict, stage: Stage, result: str) -> None:
    selling.review(seat, lead, verdict, reason="so")
    found = seat.inquiry(lead)
    assert (found.stage, found.result, found.contested, found.sold_at) == (stage, result, False, NOON)
    assert selling.leads(seat) == []


def test_a_return_needs_a_reason_and_only_leads_are_reviewed(seat: Seat, lead: str) -> None:
    for verdict in (Verdict.NURTURE, Verdict.CALL_AGAIN, Verdict.DISCARD):
        with pytest.raises(Refused, match="reason"):
            selling.review(seat, lead, verdict)
    selling.review(seat, lead, Verdict.CALL_AGAIN, reason="so")
    with pytest.raises(Refused, match="no lead"):
        selling.review(seat, lead, Verdict.ACCEPT)
    assert queue.peek_next(seat) == lead


def test_a_sale_is_won_with_an_amount_or_lost_with_a_reason(seat: Seat, lead: str) -> None:
    for amount in ("", "much", "-1", "NaN", "Infinity"):
        with pytest.raises(Refused):
            selling.close(seat, lead, won=True, amount=amount)
    with pytest.raises(Refused):
        selling.close(seat, lead, won=False)
    selling.close(seat, lead, won=True, amount="1200.5", currency="chf")
    won = seat.inquiry(lead)
    assert (won.stage, won.amount, won.currency, won.closed_at) == (Stage.WON, "1200.50", "CHF", NOON)
    selling.close(seat, lead, won=False, reason="they cancelled")
    assert (seat.inquiry(lead).stage, seat.inquiry(lead).amount) == (Stage.LOST, "")


def test_leads_over_the_limit_come_first_then_those_with_the_highest_score(seat: Seat, lead: str, clock: Clock) -> None:
    clock.on(HOUR + MINUTE)
    weak, strong = (capture.capture(seat, form(n)).inquiry_id for n in (2, 3))
    handoff.dispose(seat, weak, Disposition.SELL, Choice(reason="so"))
    handoff.dispose(seat, strong, Disposition.SELL, Choice(reason="so", answers={"need": "problem"}))
    found = selling.leads(seat)
    assert [row.row.id for row in found] == [lead, strong, weak]
    assert [row.over_limit for row in found] == [True, False, False]
    assert found[0].waiting_ms == HOUR + MINUTE
    assert found[0].answers[0][1] == "A problem they have now"


def test_a_lead_that_sales_nurtures_wakes_later(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.NURTURE, reason="so", until=NOON + DAY)
    assert seat.inquiry(lead).until == NOON + DAY
