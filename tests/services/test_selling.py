"""What sales does with a lead."""

from __future__ import annotations

import pytest

from app.models.entries import Disposition, Outcome, Verdict
from app.models.inquiry import Stage
from app.services import calling, capture, drafts, handoff, privacy, queue
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.history import history
from app.services.results import results
from app.services.sales import selling
from app.services.seat import Seat
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, beside, form


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
    assert found[0].told[0].answer == "A problem they have now"


def test_a_lead_that_sales_nurtures_wakes_later(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.NURTURE, reason="so", until=NOON + DAY)
    assert seat.inquiry(lead).until == NOON + DAY


# the second look


def test_what_sales_answers_stands_beside_what_the_caller_heard(seat: Seat, lead: str) -> None:
    drafts.save(seat, lead, drafts.Draft(look={"readiness": "ready"}))
    selling.review(seat, lead, Verdict.ACCEPT, answers={"need": "gone", "signer": "Her boss"})
    found = seat.inquiry(lead)
    assert found.answers == {"need": "problem"}
    assert found.looked == {"need": "gone", "readiness": "ready"}
    assert found.looked_words == {"signer": "Her boss"}
    assert drafts.read(seat, lead) == drafts.Draft()


def test_a_second_look_that_has_begun_is_no_interrupted_call(seat: Seat, lead: str) -> None:
    called = capture.capture(seat, form(5)).inquiry_id
    drafts.save(seat, called, drafts.Draft(note="half a sentence"))
    drafts.save(seat, lead, drafts.Draft(look={"need": "clear"}))
    assert drafts.latest(seat) == called


def test_what_sales_returns_comes_back_with_its_reason(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.CALL_AGAIN, reason="who decides is not known", until=NOON + HOUR)
    assert history(seat, lead)[-1].text.endswith("“who decides is not known”")
    assert queue.row(seat, lead).since == NOON + HOUR
    assert results(seat).figures.sales_follow_up_share == 1


def test_whoever_accepts_has_the_lead(seat: Seat, lead: str, clock: Clock) -> None:
    clock.on(20 * MINUTE)
    selling.review(beside(seat, member="Tom"), lead, Verdict.ACCEPT)
    found = seat.inquiry(lead)
    assert (found.for_member, found.answered_at, found.accepted_at) == ("Tom", NOON + 20 * MINUTE, NOON + 20 * MINUTE)


def test_somebody_elses_claim_keeps_sales_and_editing_away(seat: Seat, lead: str) -> None:
    queue.claim(beside(seat, member="Ada"), lead)
    step = selling.Step(text="Visit", at=NOON + DAY)
    for act in (
        lambda: selling.review(seat, lead, Verdict.ACCEPT),
        lambda: selling.close(seat, lead, won=True, amount="1"),
        lambda: capture.edit(seat, lead, {"title": "Boss"}),
    ):
        with pytest.raises(Refused, match="Ada has this inquiry"):
            act()
    assert seat.inquiry(lead).stage is Stage.SELL
    mine = beside(seat)
    queue.release(beside(seat, member="Ada"))
    selling.review(mine, capture_and_sell(seat, 7), Verdict.PROSPECT, step=step)


def capture_and_sell(seat: Seat, number: int, **choice: str) -> str:
    inquiry = capture.capture(seat, form(number)).inquiry_id
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", **choice))
    return inquiry


def test_another_window_of_the_same_member_is_nobody_else(seat: Seat, lead: str) -> None:
    queue.claim(beside(seat), lead)
    selling.review(seat, lead, Verdict.ACCEPT)
    assert seat.inquiry(lead).stage is Stage.ACCEPTED


# next steps


def test_a_prospect_has_a_next_step_with_a_day_in_the_same_stroke(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.PROSPECT, step=selling.Step(text="  Site   visit ", at=NOON + DAY, minutes=90))
    found = seat.inquiry(lead)
    assert (found.stage, found.planned_step, found.planned_at) == (Stage.PROSPECT, "Site visit", NOON + DAY)
    assert (found.planned_minutes, found.planned_by) == (90, seat.member)
    assert history(seat, lead)[-1].text.startswith("Next step on 2026-03-11 ")
    selling.plan(seat, lead, None)
    assert seat.inquiry(lead).planned_at is None


def test_a_step_needs_words_a_time_to_come_and_a_lead_that_was_accepted(seat: Seat, lead: str) -> None:
    for text, at, minutes in (("", NOON + DAY, 30), ("Visit", NOON, 30), ("Visit", NOON + DAY, 0)):
        with pytest.raises(Refused):
            selling.review(seat, lead, Verdict.PROSPECT, step=selling.Step(text=text, at=at, minutes=minutes))
    assert seat.inquiry(lead).stage is Stage.SELL, "all of it or nothing"
    with pytest.raises(Refused, match="accepted"):
        selling.plan(seat, lead, selling.Step(text="Visit", at=NOON + DAY))
    selling.review(seat, lead, Verdict.ACCEPT)
    with pytest.raises(Refused, match="No next step"):
        selling.plan(seat, lead, None)


def test_a_return_or_the_end_takes_the_plan_away_and_undo_brings_it_back(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.PROSPECT, step=selling.Step(text="Visit", at=NOON + DAY))
    selling.close(seat, lead, won=False, reason="too dear")
    assert seat.inquiry(lead).planned_at is None
    selling.undo(seat)
    assert seat.inquiry(lead).planned_at == NOON + DAY


def test_an_erased_person_leaves_no_next_step_behind(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.PROSPECT, step=selling.Step(text="Visit Anna", at=NOON + DAY))
    privacy.erase(seat, lead)
    assert seat.inquiry(lead).planned_step == ""
    assert seat.store.one("SELECT planned_step FROM inquiry WHERE id = ?", (lead,)) == ("",)


# the way back


def test_undo_takes_back_each_act_of_sales_the_last_one_first(seat: Seat, lead: str, clock: Clock) -> None:
    selling.review(seat, lead, Verdict.ACCEPT, answers={"need": "clear"})
    clock.on(MINUTE)
    selling.close(seat, lead, won=True, amount="10")
    selling.undo(seat)
    assert seat.inquiry(lead).stage is Stage.ACCEPTED
    selling.undo(seat)
    assert seat.inquiry(lead).stage is Stage.SELL
    assert drafts.read(seat, lead).look == {"need": "clear"}
    with pytest.raises(Refused, match="nothing to take back"):
        selling.undo(seat)


def test_one_undo_takes_back_a_prospect_with_its_step(seat: Seat, lead: str) -> None:
    selling.review(seat, lead, Verdict.PROSPECT, step=selling.Step(text="Visit", at=NOON + DAY))
    selling.undo(seat)
    assert (seat.inquiry(lead).stage, seat.inquiry(lead).planned_at) == (Stage.SELL, None)


def test_nothing_is_taken_back_once_a_caller_has_gone_on_or_time_is_over(seat: Seat, lead: str, clock: Clock) -> None:
    selling.review(seat, lead, Verdict.CALL_AGAIN, reason="so")
    calling.log_call(beside(seat, member="Ada"), lead, Outcome.NO_ANSWER)
    with pytest.raises(Refused, match="gone on"):
        selling.undo(seat)
    other = capture_and_sell(seat, 8)
    selling.review(seat, other, Verdict.ACCEPT)
    clock.on(11 * MINUTE)
    with pytest.raises(Refused, match="nothing to take back"):
        selling.undo(seat)
