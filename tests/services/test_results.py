"""Results: sums that agree, shares, money by currency, speed; all of it against a slow reading of the folds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Disposition, Outcome, Verdict
from app.services import calling, handoff, privacy, sources
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.results import Figures, results
from app.services.sales import selling
from app.services.seat import Seat
from tests.services.actions_at_random import Shift, steps
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, new_home, profile

Take = Callable[..., str]
RESULTS = ("sell", "nurture", "discard", "unreached", "objected", "open")


def counted(figures: Figures) -> dict[str, int]:
    return {name: getattr(figures, name) for name in RESULTS}


def sell(seat: Seat, inquiry: str) -> None:
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so"))


def test_an_empty_home_has_zeros_no_shares_and_no_money(seat: Seat):
    found = results(seat)
    assert found.figures.inquiries == 0
    assert found.figures.qualified_share is None and found.figures.conversion is None
    assert found.figures.first_call_median_seconds is None
    assert found.figures.revenue == found.figures.cost_per_inquiry == ()
    assert found.by_source == found.by_caller == ()


def test_each_inquiry_counts_once_by_what_became_of_it(seat: Seat, take: Take, clock: Clock):
    sold, nurtured, discarded, objected, unreached, _open = (take(number) for number in range(6))
    sell(seat, sold)
    handoff.dispose(seat, nurtured, Disposition.NURTURE, Choice(reason="so", reached=True))
    handoff.dispose(seat, discarded, Disposition.DISCARD, Choice(answers={"need": "private"}))
    calling.log_call(seat, objected, Outcome.DO_NOT_CALL)
    for _ in range(6):
        calling.log_call(seat, unreached, Outcome.NO_ANSWER)
        clock.on(DAY)
    found = results(seat).figures
    assert counted(found) == dict.fromkeys(RESULTS, 1)
    assert (found.inquiries, found.leads, found.qualified_share) == (6, 2, pytest.approx(2 / 6))
    privacy.erase_due(seat)
    privacy.erase(seat, sold)
    privacy.erase(seat, objected)
    assert counted(results(seat).figures) == dict.fromkeys(RESULTS, 1)  # erased ones as they were before


def test_a_nurture_without_a_call_is_no_lead(seat: Seat, take: Take):
    handoff.dispose(seat, take(), Disposition.NURTURE, Choice(reason="by letter"))
    found = results(seat).figures
    assert (found.nurture, found.reached, found.leads, found.qualified_share) == (1, 0, 0, 0.0)


def test_costs_and_revenue_are_one_amount_for_each_currency(seat: Seat, take: Take):
    for amount, currency in (("1000", "EUR"), ("0.05", "EUR"), ("300", "USD")):
        sources.define(seat, "Fair", add_cost=amount, currency=currency)
    inquiries = [take(number) for number in range(3)] + [take(9, source="Web")]
    for inquiry in inquiries[:2]:
        sell(seat, inquiry)
        selling.review(seat, inquiry, Verdict.ACCEPT)
    selling.close(seat, inquiries[0], won=True, amount="5000", currency="EUR")
    selling.close(seat, inquiries[1], won=True, amount="70.5", currency="CHF")
    found = results(seat)
    figures = found.figures
    assert figures.cost == ((Decimal("1000.05"), "EUR"), (Decimal("300.00"), "USD"))
    assert figures.revenue == ((Decimal("70.50"), "CHF"), (Decimal("5000.00"), "EUR"))
    assert figures.cost_per_inquiry == ((Decimal("250.01"), "EUR"), (Decimal("75.00"), "USD"))
    assert figures.cost_per_sell == figures.cost_per_sale == ((Decimal("500.03"), "EUR"), (Decimal("150.00"), "USD"))
    assert (figures.won, figures.conversion, figures.accepted) == (2, 0.5, 2)
    fair, web = found.by_source
    assert (fair.source, fair.figures.inquiries, web.source, web.figures.inquiries) == ("Fair", 3, "Web", 1)
    assert fair.figures.cost_per_inquiry == ((Decimal("333.35"), "EUR"), (Decimal("100.00"), "USD"))
    assert web.figures.cost == web.figures.cost_per_inquiry == ()


def test_one_source_however_it_is_written_has_one_cost(seat: Seat, take: Take):
    take(1, source="Hannover fair"), take(2, source="hannover  FAIR")
    sources.define(seat, "HANNOVER FAIR", add_cost="100", currency="EUR")
    (only,) = results(seat).by_source
    assert (only.source, only.figures.inquiries) == ("Hannover fair", 2)
    assert only.figures.cost_per_inquiry == ((Decimal("50.00"), "EUR"),)


def test_a_source_with_a_cost_and_no_inquiry_is_shown_and_divides_by_nothing(seat: Seat):
    sources.define(seat, "Silence", add_cost="80", currency="EUR")
    only = results(seat).by_source[0]
    assert (only.source, only.figures.inquiries, only.figures.cost_per_inquiry) == ("Silence", 0, ())


def test_the_period_is_of_capture_and_follows_to_the_end(seat: Seat, take: Take, clock: Clock):
    early = take(1)
    clock.on(3 * DAY)
    take(2)
    sell(seat, early)
    first = results(seat, since=NOON, until=NOON + DAY).figures
    assert (first.inquiries, first.sell) == (1, 1)
    second = results(seat, since=NOON + DAY).figures
    assert (second.inquiries, second.sell, second.open) == (1, 0, 1)
    assert results(seat, until=NOON).figures.inquiries == 0
    assert results(seat, since=0).figures.inquiries == 2
    with pytest.raises(Refused):
        results(seat, since=NOON, until=NOON)


def test_one_source_alone_whatever_its_case(seat: Seat, take: Take):
    take(1), take(2, source="Web")
    found = results(seat, source="WEB")
    assert (found.source, found.figures.inquiries, len(found.by_source)) == ("Web", 1, 1)
    with pytest.raises(Refused):
        results(seat, source="Nowhere")


def test_the_limit_counts_who_was_called_and_whose_limit_is_over(seat: Seat, take: Take, clock: Clock):
    """Of four: one called in time, one too late, one never and too late by now, one never and still in time."""
    in_time, late, _never = take(1), take(2), take(3)
    clock.on(HOUR)
    calling.log_call(seat, in_time, Outcome.NO_ANSWER)
    clock.on(24 * HOUR)
    take(4)
    calling.log_call(seat, late, Outcome.REACHED)
    found = results(seat).figures
    assert found.called_within_limit_share == pytest.approx(1 / 3)
    assert found.decided_within_limit_share == 0.0
    assert found.first_call_median_seconds == 13 * 3600
    assert found.first_call_p90_seconds == round((1 + 0.9 * 24) * 3600)


def test_the_limit_of_a_source_and_of_working_hours_holds(seat: Seat, take: Take, clock: Clock):
    sources.define(seat, "Fast", limit_hours=1)
    sources.define(seat, "Office", limit_hours=4, working_hours=True)
    fast, office = take(1, source="Fast"), take(2, source="Office")
    clock.on(16 * HOUR)  # 16:00 to the next morning: 3 working hours at most
    for inquiry in (fast, office):
        calling.log_call(seat, inquiry, Outcome.REACHED)
    by_source = {each.source: each.figures.called_within_limit_share for each in results(seat).by_source}
    assert by_source == {"Fast": 0.0, "Office": 1.0}


def test_sales_follow_up_is_the_share_of_what_was_sold_that_sales_answered(seat: Seat, take: Take):
    for number, verdict in enumerate((Verdict.ACCEPT, Verdict.NURTURE, None, None)):
        inquiry = take(number)
        sell(seat, inquiry)
        if verdict:
            selling.review(seat, inquiry, verdict, reason="so")
    found = results(seat).figures
    assert (found.sales_follow_up_share, found.sell, found.nurture) == (0.5, 3, 1)


def test_callers_are_told_with_what_they_called_first_and_decided(seat: Seat, take: Take, clock: Clock):
    inquiry = take()
    clock.on(10 * MINUTE)
    calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    sell(seat, inquiry)
    (caller,) = results(seat).by_caller
    assert (caller.caller, caller.calls, caller.reached, caller.inquiries) == ("me", 2, 1, 1)
    assert (caller.sell, caller.nurture, caller.first_call_median_seconds) == (1, 0, 600)


def test_figures_agree_with_the_folds_for_any_history(tmp_path: Path):
    numbers = iter(range(10**9))

    @profile(25, 400)
    @given(st.lists(steps, max_size=45))
    def agree(taken: list[tuple[int, int, int]]) -> None:
        clock = Clock()
        with new_home(tmp_path / str(next(numbers)), clock) as home:
            shift = Shift(home.seat, clock)
            for step in taken:
                shift.step(*step)
            _agrees_with_folds(home.seat)

    agree()


def _agrees_with_folds(seat: Seat) -> None:
    found = results(seat)
    everybody = [seat.inquiry(row[0]) for row in seat.store.query("SELECT id FROM inquiry")]
    everybody = [inquiry for inquiry in everybody if inquiry.result != "uncaptured"]
    figures = found.figures
    assert counted(figures) == {name: sum(i.result == name for i in everybody) for name in RESULTS}
    assert figures.inquiries == sum(counted(figures).values()) == len(everybody)
    assert figures.won == sum(i.won is True for i in everybody)
    assert figures.leads == sum(i.reached and i.result in {"sell", "nurture"} for i in everybody)
    for name in (*RESULTS, "inquiries", "reached", "won", "lost", "accepted", "prospects", "leads"):
        assert getattr(figures, name) == sum(getattr(each.figures, name) for each in found.by_source)
    first = sorted(max(0, i.first_called_at - i.captured_at) // 1000 for i in everybody if i.first_called_at)
    assert figures.first_call_median_seconds == (round(median(first)) if first else None)
    if len(first) > 1:
        assert figures.first_call_p90_seconds == round(quantiles(first, n=10, method="inclusive")[8])
    assert sum(caller.calls for caller in found.by_caller) == sum(len(i.calls) for i in everybody)
    for share in (figures.qualified_share, figures.conversion, figures.called_within_limit_share):
        assert share is None or 0 <= share <= 1
