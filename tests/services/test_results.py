"""Results: sums that agree, shares, money by currency, speed; all of it against a slow reading of the folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Disposition, Outcome, Verdict
from app.models.inquiry import Inquiry
from app.models.limits import LimitState, state
from app.models.rights import Role
from app.services import calling, handoff, privacy, sources
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.results import Figures, Results, Stopped, report_page, reporting, results
from app.services.sales import selling
from app.services.seat import Seat
from tests.services.actions_at_random import Shift, steps
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, Clock, new_home, profile
from tests.services.team import BEN, LENA, gather

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
            sources.define(home.seat, "Fair")
            shift = Shift(home.seat, clock)
            for step in taken:
                shift.step(*step)
            _agrees_with_folds(home.seat)

    agree()


def _agrees_with_folds(seat: Seat) -> None:
    everybody = [seat.inquiry(row[0]) for row in seat.store.query("SELECT id FROM inquiry")]
    everybody = [inquiry for inquiry in everybody if inquiry.result != "uncaptured"]
    now = seat.now()
    for since, until, source in ((None, None, ""), (NOON, now, ""), (now - DAY, None, "Fair"), (None, now - HOUR, "")):
        if since is not None and until is not None and until <= since:
            continue
        compared = (NOON - DAY, since) if since else None
        found = results(seat, since=since, until=until, source=source, compared=compared)
        those = [i for i in everybody if _is_in(i, (since, until), source)]
        _is_what_was_counted(seat, found.figures, those)
        assert (found.before is None) == (compared is None)
        if compared is not None and found.before is not None:
            _is_what_was_counted(seat, found.before, [i for i in everybody if _is_in(i, compared, source)])
        for each in found.by_source:
            _is_what_was_counted(seat, each.figures, [i for i in those if i.source == each.source])
        _bars_are_what_was_counted(seat, found, those)
        _callers_are_what_was_counted(found, those)


def _is_in(inquiry: Inquiry, within: tuple[int | None, int | None], source: str) -> bool:
    since, until = within
    late_enough = since is None or inquiry.captured_at >= since
    return late_enough and (until is None or inquiry.captured_at < until) and source in {"", inquiry.source}


def _is_what_was_counted(seat: Seat, figures: Figures, those: list[Inquiry]) -> None:
    """One inquiry after the other, as somebody would count on paper."""
    assert counted(figures) == {name: sum(i.result == name for i in those) for name in RESULTS}
    assert figures.inquiries == len(those)
    leads = [i for i in those if i.reached and i.result in {"sell", "nurture"}]
    sold = [i for i in those if i.sold_at is not None]
    answered = [i for i in sold if i.reviewed_at is not None or i.closed_at is not None or i.was_accepted]
    assert (figures.called, figures.reached, figures.leads, figures.accepted, figures.prospects, figures.won,
            figures.lost) == (
        sum(i.first_called_at is not None for i in those), sum(i.reached for i in those), len(leads),
        sum(i.was_accepted for i in those), sum(i.was_prospect for i in those), sum(i.won is True for i in those),
        sum(i.won is False for i in those),
    )  # fmt: skip
    first = sorted(max(0, i.first_called_at - i.captured_at) // 1000 for i in those if i.first_called_at is not None)
    assert figures.first_call_median_seconds == (round(median(first)) if first else None)
    if len(first) > 1:
        assert figures.first_call_p90_seconds == round(quantiles(first, n=10, method="inclusive")[8])
    assert figures.called_within_limit_share == _within(seat, [(i, i.first_called_at) for i in those])
    assert figures.decided_within_limit_share == _within(seat, [(i, i.first_decided_at) for i in those])
    assert figures.sales_follow_up_share == (len(answered) / len(sold) if sold else None)
    assert figures.qualified_share == (len(leads) / len(those) if those else None)
    revenue = sum((Decimal(i.amount) for i in those if i.won and i.amount and i.currency == "EUR"), Decimal(0))
    assert {currency: amount for amount, currency in figures.revenue}.get("EUR", 0) == revenue


def _within(seat: Seat, pairs: list[tuple[Inquiry, int | None]]) -> float | None:
    limits = sources.Limits(seat)
    over = [(at, state(limits.of(i.source), i.captured_at, at or seat.now()) is LimitState.OVER) for i, at in pairs]
    due = [(at, late) for at, late in over if at is not None or late]
    return sum(at is not None and not late for at, late in due) / len(due) if due else None


def _bars_are_what_was_counted(seat: Seat, found: Results, those: list[Inquiry]) -> None:
    limits, shown = sources.Limits(seat), found.first_calls
    expected: Counter[tuple[int, bool]] = Counter()
    for each in those:
        if each.first_called_at is not None:
            wait = max(0, each.first_called_at - each.captured_at) // 1000 * 1000
            late = state(limits.of(each.source), each.captured_at, each.first_called_at) is LimitState.OVER
            expected[min(wait // shown.bar_ms, len(shown.bars) - 1), late] += 1
    both = [
        ((place, late), n) for place, bar in enumerate(shown.bars) for late, n in enumerate((bar.in_time, bar.late))
    ]
    bars = {key: n for key, n in both if n}
    assert bars == dict(expected)
    assert shown.not_called == sum(i.first_called_at is None for i in those)


def _callers_are_what_was_counted(found: Results, those: list[Inquiry]) -> None:
    for row in found.by_caller:
        calls = [(i, call) for i in those for call in i.calls if call.actor == row.caller]
        decided = [i for i in those if i.decided_by == row.caller]
        assert row.calls == len(calls) and row.inquiries == len({i.id for i, _ in calls})
        assert (row.sell, row.nurture, row.discard) == tuple(
            sum(i.result == what for i in decided) for what in ("sell", "nurture", "discard")
        )
        called = {i.id for i, call in calls if call.called_at == i.first_called_at}
        first = [max(0, i.first_called_at - i.captured_at) // 1000 for i in those if i.id in called]
        assert row.first_call_median_seconds == (round(median(first)) if first else None)
    assert sum(row.calls for row in found.by_caller) == sum(len(i.calls) for i in those)


# who sees what, and how far it is


def test_who_does_not_lead_sees_no_other_callers_figures(seat: Seat, take: Take):
    gather(seat)
    sell(seat, take(1))
    gather(seat, me=BEN, role=Role.CALLER)
    sell(seat, take(2))
    assert [(row.caller, row.sell) for row in results(seat).by_caller] == [(BEN, 1)]
    assert results(seat).figures.sell == 2
    gather(seat)
    assert {row.caller for row in results(seat).by_caller} == {LENA, BEN}


def test_how_far_it_is_is_told_and_whoever_hears_it_can_stop(seat: Seat, take: Take):
    take()
    heard: list[float] = []
    results(seat, progress=heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0

    def stop(_done: float) -> None:
        raise Stopped("enough")

    with pytest.raises(Stopped):
        results(seat, progress=stop)
    assert results(seat).figures.inquiries == 1


def test_a_report_says_each_figure_beside_what_it_was_before(seat: Seat, take: Take, clock: Clock):
    take(1), take(2)
    clock.on(DAY)
    sell(seat, take(3))
    found = results(seat, since=NOON + HOUR, compared=(NOON, NOON + HOUR))
    (_, funnel), *_ = reporting.groups(found)
    assert funnel[:4] == [
        ("Inquiries", "1", "2"), ("Called", "1 (100.0%)", "0 (0.0%)"), ("Reached", "1 (100.0%)", "0 (0.0%)"),
        ("Leads (sell or nurture)", "1 (100.0%)", "0 (0.0%)"),
    ]  # fmt: skip
    page = report_page.as_html(seat, found)
    assert f"In grey: {reporting.earlier(seat, found)}" in page and "class=was>2</td>" in page
    assert "In grey" not in report_page.as_html(seat, results(seat))
    assert [value for _, value, before in reporting.groups(results(seat))[0][1] if before] == []


def test_working_hours_of_a_source_are_kept_though_the_clock_says_more(seat: Seat, take: Take, clock: Clock):
    """Captured at 16:00 on a Tuesday; 20 hours later it is noon, and four working hours are used up."""
    sources.define(seat, "Office", limit_hours=5, working_hours=True)
    inquiry = take(1, source="Office")
    clock.on(20 * HOUR)
    calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    shown = results(seat).first_calls
    assert (sum(bar.in_time for bar in shown.bars), sum(bar.late for bar in shown.bars)) == (1, 0)
    assert shown.limit_ms is None
    late = take(2, source="Office")
    clock.on(24 * HOUR)
    calling.log_call(seat, late, Outcome.NO_ANSWER)
    shown = results(seat).first_calls
    assert (sum(bar.in_time for bar in shown.bars), sum(bar.late for bar in shown.bars)) == (1, 1)


def test_one_limit_by_the_clock_is_a_line_between_two_bars(seat: Seat, take: Take):
    take()
    shown = results(seat).first_calls
    assert (shown.limit_ms, shown.bar_ms, len(shown.bars)) == (24 * HOUR, HOUR, 32)
    sources.define(seat, "Fair", limit_hours=2)
    shown = results(seat).first_calls
    assert (shown.limit_ms, shown.bar_ms) == (2 * HOUR, 5 * MINUTE)
