"""Costs of a source: entered as people write them, set right without a trace lost, counted on their day."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.models.rights import Role
from app.services import changing_settings, sources
from app.services.errors import Refused
from app.services.results import costs, results
from app.services.seat import Seat
from tests.services.made_up import DAY, NOON, Clock
from tests.services.team import BEN, gather

Take = Callable[..., str]


@pytest.fixture(autouse=True)
def in_euros(seat: Seat):
    changing_settings.change(seat, "currency", "EUR")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1200", "1200", "EUR"), ("1,200.50 EUR", "1200.50", "EUR"), ("1.200,50 €", "1200.50", "EUR"),
        ("1.200", "1200", "EUR"), ("12.5 usd", "12.5", "USD"), ("1 200 £", "1200", "GBP"), ("0,5", "0.5", "EUR"),
        ("1'200.00 CHF", "1200.00", "CHF"), ("1,234,567", "1234567", "EUR"),
    ],
)  # fmt: skip
def test_an_amount_is_understood_as_people_write_it(seat: Seat, text: str, amount: str, currency: str):
    found = costs.understood(seat, text)
    assert (found.amount, found.currency, found.at) == (Decimal(amount), currency, NOON)


@pytest.mark.parametrize("text", ["", "dear", "-5", "12 EURO", "5 EUR 2026-02-30", "5 2027-01-01"])
def test_what_is_no_cost_is_refused(seat: Seat, text: str):
    with pytest.raises(Refused):
        costs.understood(seat, text)


def test_a_cost_counts_on_its_day_and_a_correction_on_the_same(seat: Seat, take: Take, clock: Clock):
    take()
    clock.on(9 * DAY)
    costs.add(seat, "fair", costs.understood(seat, "480 2026-03-11"))
    costs.add(seat, "Fair", costs.understood(seat, "20"))
    late, early = costs.costs(seat, "Fair")
    assert (late.amount, early.amount) == (Decimal(20), Decimal(480))
    costs.correct(seat, "Fair", early, "500.50")
    assert [cost.amount for cost in costs.costs(seat, "Fair")] == [Decimal(20), Decimal("500.50")]
    assert results(seat, until=NOON + 2 * DAY).figures.cost == ((Decimal("500.50"), "EUR"),)
    assert results(seat).figures.cost_per_inquiry == ((Decimal("520.50"), "EUR"),)
    assert len(seat.ledger.of_kind("source_cost")) == 3
    costs.correct(seat, "Fair", late, "0")
    assert [cost.amount for cost in costs.costs(seat, "Fair")] == [Decimal("500.50")]
    assert sources.show(seat, "Fair").costs == {"EUR": Decimal("500.50")}


def test_a_cost_that_somebody_else_set_right_meanwhile_is_looked_at_again(seat: Seat, take: Take):
    take()
    costs.add(seat, "Fair", costs.understood(seat, "100"))
    (seen,) = costs.costs(seat, "Fair")
    costs.correct(seat, "Fair", seen, "90")
    with pytest.raises(Refused):
        costs.correct(seat, "Fair", seen, "80")
    with pytest.raises(Refused):
        costs.correct(seat, "Fair", costs.costs(seat, "Fair")[0], "80 USD")
    with pytest.raises(Refused):
        costs.add(seat, "Nowhere", costs.understood(seat, "5"))
    assert costs.costs(seat, "Fair")[0].amount == Decimal(90)


def test_marketing_leads_and_admins_enter_costs_and_nobody_else(seat: Seat, take: Take):
    take()
    for role, may in ((Role.CALLER, False), (Role.SALES, False), (Role.VIEWER, False), (Role.MARKETING, True),
                      (Role.LEAD, True), (Role.ADMIN, True)):  # fmt: skip
        gather(seat, me=BEN, role=role)
        assert costs.may_enter(seat) is may
    gather(seat, me=BEN, role=Role.CALLER)
    with pytest.raises(Refused):
        costs.add(seat, "Fair", costs.understood(seat, "5"))
    assert costs.costs(seat, "Fair") == []


def test_a_cost_in_what_is_no_currency_is_refused_and_changes_nothing(seat: Seat) -> None:
    with pytest.raises(Refused, match="'Dollars' is no currency"):
        sources.define(seat, "Fair", add_cost="5", currency="Dollars")
    assert sources.names(seat) == []
    sources.define(seat, "Fair", add_cost="5", currency="usd")
    assert sources.show(seat, "Fair").costs == {"USD": Decimal(5)}
