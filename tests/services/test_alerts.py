"""Alerts: what is news for whom, told once, and silence where it was asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposition, Outcome, Verdict
from app.services import alerts, calling, changing_settings, handoff
from app.services.desk import reassigning
from app.services.handoff import Choice
from app.services.sales import assigning, selling
from app.services.seat import Seat
from tests.services.made_up import HOUR, Clock

Take = Callable[..., str]
MINUTE = HOUR // 60


def sold_by(seat: Seat, inquiry: str, member: str, me: str) -> None:
    changing_settings.change(seat, "name", member)
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="wants it"))
    changing_settings.change(seat, "name", me)


def test_a_lead_that_a_colleague_sold_is_told_once(seat: Seat, take: Take):
    inquiry = take(first_name="Maria", last_name="Rossi")
    sold_by(seat, inquiry, "Ada", "Tom")
    (alert,) = alerts.take(seat)
    assert alert.kind == "lead" and alert.inquiry == inquiry
    assert alert.title.startswith("New lead: Maria Rossi")
    assert "sold by Ada" in alert.text
    assert alerts.take(seat) == []


def test_what_a_lead_adds_up_to_is_told_as_its_rows_would_be(seat: Seat, take: Take, clock: Clock):
    def sell(member: str, number: int, **choice: str) -> str:
        inquiry = take(number)
        changing_settings.change(seat, "name", member)
        handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so", **choice))
        clock.on(MINUTE)
        changing_settings.change(seat, "name", "Tom")
        return inquiry

    old = sell("Ada", 1)
    clock.on(25 * HOUR)
    named = [old, sell("Tom", 2), sell("Ada", 3), sell("Ada", 4, for_member="Tom"), sell("Ada", 5, for_member="Eve")]
    undone = sell("Ada", 6)
    changing_settings.change(seat, "name", "Ada")
    handoff.undo(seat)
    changing_settings.change(seat, "name", "Tom")
    folds = [seat.inquiry(inquiry) for inquiry in (*reversed(named), undone, take(7))]
    told = alerts.due(seat)
    assert [alert.inquiry for alert in told if alert.kind == "lead"] == named[2:4]
    with seat.store.writing():
        assert alerts.sold(seat, folds) == told
        assert alerts.sold(seat, folds) == []
    assert alerts.due(seat) == []


def test_what_i_sold_myself_is_no_news(seat: Seat, take: Take):
    handoff.dispose(seat, take(), Disposition.SELL, Choice(reason="wants it"))
    assert alerts.due(seat) == []


def test_a_lead_that_is_sold_again_is_news_again(seat: Seat, take: Take, clock: Clock):
    inquiry = take()
    sold_by(seat, inquiry, "Ada", "Tom")
    alerts.take(seat)
    changing_settings.change(seat, "name", "Ada")
    handoff.undo(seat)
    clock.now += MINUTE
    sold_by(seat, inquiry, "Ada", "Tom")
    assert len(alerts.take(seat)) == 1


def test_my_callback_is_told_when_it_is_due_and_not_before(seat: Seat, take: Take, clock: Clock):
    inquiry = take()
    calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=clock.now + HOUR)
    assert alerts.due(seat) == []
    clock.now += HOUR
    assert [alert.inquiry for alert in alerts.take(seat)] == [inquiry]
    assert alerts.take(seat) == []


def test_a_kind_that_is_switched_off_is_not_told(seat: Seat, take: Take):
    inquiry = take()
    sold_by(seat, inquiry, "Ada", "Tom")
    changing_settings.change(seat, "alert-leads", "off")
    assert alerts.due(seat) == []
    with seat.store.writing():
        assert alerts.sold(seat, [seat.inquiry(inquiry)]) == []


@pytest.mark.parametrize(
    ("span", "hour", "silent"),
    [("", 12, False), ("18:00-08:00", 19, True), ("18:00-08:00", 3, True), ("18:00-08:00", 12, False),
     ("12:00-13:00", 12, True), ("12:00-13:00", 13, False)],
)  # fmt: skip
def test_nobody_is_disturbed_in_the_hours_that_they_named(seat: Seat, clock: Clock, span: str, hour: int, silent: bool):
    changing_settings.change(seat, "zone", "UTC")
    changing_settings.change(seat, "do-not-disturb", span)
    clock.now = clock.now // (24 * HOUR) * 24 * HOUR + hour * HOUR
    assert alerts.quiet(seat) is silent


def test_alerts_can_be_switched_off_altogether(seat: Seat):
    assert not alerts.quiet(seat)
    changing_settings.change(seat, "alerts", "off")
    assert alerts.quiet(seat)


def test_what_passes_its_limit_is_told_to_the_team_lead_once(seat: Seat, take: Take, clock: Clock):
    take(first_name="Maria", last_name="Rossi")
    assert alerts.take(seat) == []
    clock.now += 25 * HOUR
    (alert,) = alerts.take(seat)
    assert alert.kind == "limit" and alert.title.startswith("Over the limit: ")
    assert alert.text.startswith("waits 25 h")
    clock.now += HOUR
    assert alerts.take(seat) == []


def test_limits_are_not_told_where_that_is_switched_off(seat: Seat, take: Take, clock: Clock):
    take()
    alerts.take(seat)
    changing_settings.change(seat, "alert-limits", "off")
    clock.now += 25 * HOUR
    assert alerts.take(seat) == []


def test_a_next_step_is_told_before_its_time_and_an_unanswered_lead_when_it_is_everybodys_again(
    seat: Seat, take: Take, clock: Clock
):
    stepped, given = take(1), take(2)
    for lead, member in ((stepped, ""), (given, "Tom")):
        handoff.dispose(seat, lead, Disposition.SELL, Choice(reason="so", for_member=member))
    step = selling.Step(text="Visit", at=clock.now + 2 * HOUR)
    selling.review(seat, stepped, Verdict.PROSPECT, step=step)
    assert [alert.kind for alert in alerts.take(seat)] == []
    clock.on(HOUR + 50 * MINUTE)
    assigning.take_back_due(seat)
    told = {alert.kind: (alert.title, alert.inquiry) for alert in alerts.due(seat)}
    assert told["step"][0].endswith(" Visit") and told["step"][1] == stepped
    assert told["limit"] == ("Sales did not answer: Clara Castellani · Werk 2 GmbH", given)
    assert {alert.key.partition(":")[0] for alert in alerts.take(seat)} >= {"step", "back"}
    assert alerts.due(seat) == []


def test_whoever_holds_what_is_near_its_limit_is_told_to_call_them(seat: Seat, take: Take, clock: Clock):
    inquiry = take(first_name="Maria", last_name="Rossi")
    reassigning.reassign(seat, [inquiry], seat.member)
    alerts.take(seat)
    clock.now += 20 * HOUR
    (alert,) = alerts.take(seat)
    assert alert.title.startswith("Limit at risk: ")
    assert alert.text == "waits 20 h 00 m: call them next"
