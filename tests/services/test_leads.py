"""The lists of sales: their order by index, page by page, and everything about one lead."""

from __future__ import annotations

import random

import pytest

from app.models.entries import Disposition, Verdict
from app.models.limits import LimitState
from app.services import calling, capture, changing_settings, handoff, privacy
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.sales import leads, selling
from app.services.sales.lead_view import keep_look, open_lead
from app.services.sales.leads import Group
from app.services.sales.selling import Step
from app.services.seat import Seat
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, beside, form

ANSWERS = ({}, {"need": "problem"}, {"need": "problem", "budget": "approved"})


def sell(seat: Seat, number: int, answers: int = 1, **choice: str) -> str:
    inquiry = capture.capture(seat, form(number)).inquiry_id
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", answers=dict(ANSWERS[answers]), **choice))
    return inquiry


def every(seat: Seat, group: Group, size: int, *, mine: bool = False) -> list[str]:
    """All rows of a list, page by page."""
    found: list[str] = []
    page = leads.lead_page(seat, group, size=size, mine=mine)
    while True:
        found += [row.id for row in page.rows]
        if page.next is None:
            return found
        page = leads.lead_page(seat, group, page.next, size, mine=mine)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_new_leads_come_over_the_limit_first_then_by_score_whatever_the_page(
    seat: Seat, clock: Clock, size: int
) -> None:
    draw, members = random.Random(size), ("", "Tom", "Nadine")
    for number in range(12):
        sell(seat, number, draw.randrange(3), for_member=draw.choice(members))
        clock.on(draw.choice((0, 5, 20)) * MINUTE)
    rows = leads.sales_rows(seat, [row[0] for row in seat.store.query("SELECT id FROM inquiry")])
    assert {row.limit_state for row in rows} >= {LimitState.OVER, LimitState.FINE}
    order = sorted(rows, key=lambda row: (row.limit_state is not LimitState.OVER, -row.score, row.sold_at, row.id))
    assert every(seat, Group.NEW, size) == [row.id for row in order]
    mine = [row.id for row in order if row.for_member in {"", "Tom"}]
    assert every(beside(seat, member="Tom"), Group.NEW, size, mine=True) == mine


def test_the_limit_of_sales_counts_by_the_clock_or_in_working_hours(seat: Seat, clock: Clock) -> None:
    changing_settings.change(seat, "zone", "Europe/Berlin")  # a Tuesday, 16:00
    lead = sell(seat, 1)
    clock.on(17 * HOUR)  # Wednesday, 9:00
    assert leads.sales_row(seat, lead).limit_state is LimitState.OVER
    changing_settings.change(seat, "sales-limit-hours", "2")
    changing_settings.change(seat, "sales-limit-clock", "working")
    row = leads.sales_row(seat, lead)
    assert (row.waited_ms, row.limit_state) == (HOUR, LimitState.FINE)
    clock.on(HOUR)
    assert leads.sales_row(seat, lead).limit_state is LimitState.OVER
    assert [found.over_limit for found in selling.leads(seat)] == [True]


@pytest.mark.parametrize("size", [1, 100])
def test_prospects_come_by_their_next_step_and_those_without_one_by_when_they_were_accepted(
    seat: Seat, clock: Clock, size: int
) -> None:
    later, without, soon = (sell(seat, number) for number in (1, 2, 3))
    selling.review(seat, later, Verdict.PROSPECT, step=Step(text="Visit", at=NOON + 2 * DAY))
    selling.review(seat, without, Verdict.ACCEPT)
    selling.review(seat, soon, Verdict.PROSPECT, step=Step(text="Call", at=NOON + DAY))
    assert every(seat, Group.PROSPECT, size) == [without, soon, later]
    assert every(seat, Group.NEW, size) == []
    clock.on(MINUTE)
    selling.close(seat, soon, won=True, amount="1")
    clock.on(MINUTE)
    selling.close(seat, later, won=False, reason="so")
    assert every(seat, Group.CLOSED, size) == [later, soon]


def test_the_lists_are_read_by_index_and_fold_nobody(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        sell(seat, number)
    queries: list[str] = []
    query = type(seat.store).query
    monkeypatch.setattr(
        type(seat.store), "query", lambda self, sql, *given: queries.append(sql) or query(self, sql, *given)
    )
    leads.board(seat)
    assert not any("FROM ledger" in sql for sql in queries)
    for sql in {sql for sql in queries if "FROM inquiry" in sql and "id IN" not in sql}:
        values = ["Tom", 1, 1, 1, "", 1][: sql.count("?")] if "?1" not in sql else ["Tom"]
        plan = " ".join(row[3] for row in query(seat.store, f"EXPLAIN QUERY PLAN {sql}", values))
        assert "SCAN inquiry" not in plan.replace("SCAN inquiry USING", ""), (sql, plan)


def test_follow_up_is_the_share_answered_and_the_median_wait(seat: Seat, clock: Clock) -> None:
    assert leads.follow_up(seat).share is None
    first, second, _third = (sell(seat, number) for number in (1, 2, 3))
    clock.on(10 * MINUTE)
    selling.review(seat, first, Verdict.ACCEPT)
    clock.on(20 * MINUTE)
    selling.review(seat, second, Verdict.NURTURE, reason="so")
    selling.review(seat, first, Verdict.PROSPECT)  # the first answer counts
    found = leads.follow_up(seat)
    assert (found.sold, found.answered, found.median_ms) == (3, 2, 20 * MINUTE)
    clock.on(40 * DAY)
    assert leads.follow_up(seat).share is None, "another month"


def test_due_steps_are_listed_for_whoever_promised_them(seat: Seat, clock: Clock) -> None:
    soon, later, theirs = (sell(seat, number) for number in (1, 2, 3))
    selling.review(seat, soon, Verdict.PROSPECT, step=Step(text="Call", at=NOON + HOUR))
    selling.review(seat, later, Verdict.PROSPECT, step=Step(text="Visit", at=NOON + DAY))
    selling.review(beside(seat, member="Tom"), theirs, Verdict.PROSPECT, step=Step(text="Fax", at=NOON + HOUR))
    assert leads.due_steps(seat) == []
    assert [row.id for row in leads.due_steps(seat, ahead_ms=HOUR)] == [soon]
    clock.on(2 * DAY)
    assert [row.planned_step for row in leads.due_steps(seat)] == ["Call", "Visit"]
    assert [row.id for row in leads.due_steps(seat, member="Tom")] == [theirs]


def test_counting_and_finding_look_at_leads_alone(seat: Seat) -> None:
    lead = sell(seat, 1)
    sell(seat, 3, for_member="Nadine")
    capture.capture(seat, form(11))  # the same first name, still in the queue
    assert (leads.new_count(seat), leads.new_count(seat, mine=True)) == (2, 1)
    assert [row.id for row in leads.find_leads(seat, "Bruno")] == [lead]


def test_one_lead_tells_who_what_was_said_with_points_calls_and_consent(seat: Seat, clock: Clock) -> None:
    inquiry = capture.capture(seat, form(1, request="Please call", consent=True)).inquiry_id  # type: ignore[arg-type]
    calling.log_call(seat, inquiry, calling.Outcome.NO_ANSWER)
    clock.on(HOUR)
    choice = Choice(reason="so", answers={"need": "problem"}, note="In a hurry.", next_step="Offer")
    handoff.dispose(beside(seat, member="Ada"), inquiry, Disposition.SELL, choice)
    view = open_lead(seat, inquiry)
    assert [(told.answer, told.points) for told in view.told] == [("A problem they have now", 15)]
    assert (view.qualified_by, view.note, view.note_by, view.next_step) == ("Ada", "In a hurry.", "Ada", "Offer")
    assert view.requests == ("Please call",) and view.consent_at == NOON
    assert [call.outcome.value for call in view.calls] == ["no-answer", "reached"]
    assert view.numbers[0].shown.startswith("+49 30")
    assert view.held_by == ""
    keep_look(seat, inquiry, {"need": "clear"})
    assert open_lead(seat, inquiry).looked == {"need": "clear"}


def test_nothing_of_a_discarded_or_erased_person_is_opened(seat: Seat) -> None:
    discarded, erased = sell(seat, 1), sell(seat, 2)
    selling.review(seat, discarded, Verdict.DISCARD, reason="so")
    privacy.erase(seat, erased)
    for inquiry in (discarded, erased):
        with pytest.raises(Refused, match="nothing of the person"):
            open_lead(seat, inquiry)
