"""Which answers predict a sale: shares of what was closed, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposition
from app.models.inquiry import Inquiry
from app.services import handoff
from app.services.handoff import Choice
from app.services.results import predicting
from app.services.sales import selling
from app.services.seat import Seat

Take = Callable[..., str]


def closed(won: bool, **answers: str) -> Inquiry:
    return Inquiry(id="x", won=won, answers=dict(answers))


def test_the_share_won_of_those_who_gave_an_answer_is_told_beside_that_of_all(seat: Seat):
    budget = [closed(won, budget="approved") for won in [True] * 8 + [False] * 2]
    budget += [closed(won, budget="none") for won in [True] * 2 + [False] * 18]
    found = predicting.of(budget, seat.script)
    assert (found.closed, found.won) == (30, 10)
    best, worst = found.rows
    assert (best.given, best.won, best.lift, best.sure) == (10, 8, pytest.approx(2.4), True)
    assert (worst.given, worst.won, worst.lift, worst.sure) == (20, 2, pytest.approx(0.3), True)
    assert best.answer == seat.script.question("budget").option("approved").label


def test_few_closed_sales_and_rare_answers_say_nothing(seat: Seat):
    assert predicting.of([closed(True, budget="approved")] * 19, seat.script).rows == ()
    rare = [closed(True, budget="approved")] * 4 + [closed(False, budget="none")] * 16
    assert [row.given for row in predicting.of(rare, seat.script).rows] == [16]


def test_what_may_be_chance_is_not_sure(seat: Seat):
    some = [closed(won, budget="approved") for won in [True] * 3 + [False] * 3]
    some += [closed(won, budget="none") for won in [True] * 8 + [False] * 12]
    assert [row.sure for row in predicting.of(some, seat.script).rows] == [False, False]


def test_questions_that_the_script_no_longer_has_are_left_out(seat: Seat):
    assert predicting.of([closed(True, gone="yes", budget="gone")] * 30, seat.script).rows == ()


def test_closed_leads_are_read_from_what_was_told_on_the_call(seat: Seat, take: Take):
    for number in range(20):
        inquiry = take(number)
        answers = {"budget": "approved" if number < 10 else "none"}
        handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", answers=answers))
        selling.close(seat, inquiry, won=number < 8, amount="100", currency="EUR", reason="price")
    found = predicting.predictions(seat)
    assert (found.closed, found.won) == (20, 8)
    assert [(row.given, row.won) for row in found.rows] == [(10, 8), (10, 0)]
    assert predicting.predictions(seat, source="Web form").closed == 0
    assert predicting.predictions(seat, until=0).closed == 0
