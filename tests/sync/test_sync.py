"""Laptops that share through a hub end with the same, whatever happened on the way."""

from __future__ import annotations

from typing import Any

from app.models.entries import Outcome
from app.services import calling, capture
from app.services.seat import Seat
from app.services.team import state
from app.services.team.sync import Report, sync_once
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import HOUR, Clock, form
from tests.sync.model_hub import ModelHub


def sync(seat: Seat, hub: ModelHub) -> Report:
    return sync_once(seat, hub.link(seat.member))


def shown(seat: Seat) -> dict[str, list[tuple[Any, ...]]]:
    """The tables, without the numbers of rows, which each store gives by itself."""
    found = tables_now(seat)
    return {
        name: sorted([row[1:] for row in rows] if name in {"inquiry", "search"} else rows, key=repr)
        for name, rows in found.items()
    }


def same(*seats: Seat) -> None:
    for seat in seats:
        assert tables_now(seat) == tables_as_they_should_be(seat)
        assert shown(seat) == shown(seats[0])


def test_two_laptops_end_with_the_same(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    first = capture.capture(anna, form(1)).inquiry_id
    second = capture.capture(bo, form(2)).inquiry_id
    calling.log_call(bo, second, Outcome.NO_ANSWER, note="nobody there")
    report = sync(anna, hub)
    assert (report.pulled, report.turned_away, report.trouble) == (0, 0, "")
    assert report.pushed == len(hub.entries)
    sync(bo, hub)
    clock.on(HOUR)
    calling.log_call(bo, first, Outcome.VOICEMAIL)
    sync(bo, hub)
    report = sync(anna, hub)
    assert report.pulled == 4 and report.changed.inquiries == {first, second}
    same(anna, bo)
    assert anna.inquiry(second).note == "nobody there"
    assert state.unshared(anna.store) == 0
    assert sync(anna, hub).pulled == sync(anna, hub).pushed == 0
