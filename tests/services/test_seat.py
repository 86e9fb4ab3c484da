"""One action is one transaction, written down with who, where and in which order."""

from __future__ import annotations

import threading

import pytest

from app.models.entries import Captured, Corrected, Person, Skipped
from app.models.inquiry import Stage
from app.services import capture
from app.services.changing_settings import change
from app.services.errors import NotFound, Refused
from app.services.seat import Seat, new_id
from tests.services.made_up import HOUR, NOON, Clock, beside, form


def test_an_entry_says_who_wrote_it_where_when_and_after_what(seat: Seat, clock: Clock) -> None:
    change(seat, "name", "Anna")
    inquiry = capture.capture(seat, form(1)).inquiry_id
    clock.on(HOUR)
    with seat.act() as act:
        heads = act.inquiry(inquiry).heads
        one = act.append(inquiry, Corrected(), Person(company="A"))
        two = act.append(inquiry, Corrected(), Person(company="B"))
    assert (one.actor, one.device, one.wall, one.seen, two.seen) == ("Anna", seat.device, NOON + HOUR, heads, (one.id,))
    assert (two.device_seq, two.at > one.at, one.at >> 16) == (one.device_seq + 1, True, NOON + HOUR)
    assert seat.inquiry(inquiry).heads == (two.id,)
    assert all(entry.verifies() for entry in seat.ledger.entries(inquiry))


def test_when_the_clock_goes_back_the_order_of_what_was_said_stays(seat: Seat, clock: Clock) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    clock.on(-HOUR)
    capture.edit(seat, inquiry, {"company": "Later"})
    assert seat.inquiry(inquiry).company == "Later"
    other = beside(seat)
    clock.on(-HOUR)
    capture.edit(other, inquiry, {"company": "Last"})
    assert seat.inquiry(inquiry).company == "Last"


def test_nothing_said_of_a_person_makes_no_person_part(seat: Seat) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    with seat.act() as act:
        entry = act.append(inquiry, Skipped(until=NOON), Person())
    assert (entry.person, entry.salt, entry.digest) == (None, None, b"")


def test_inside_an_action_what_was_just_written_is_seen(seat: Seat) -> None:
    with seat.act() as act:
        inquiry = new_id()
        act.append(inquiry, Captured(source="Fair", captured_at=NOON), Person(first_name="Anna"))
        assert act.inquiry(inquiry).stage is Stage.WAITING
        assert beside(seat).store.one("SELECT count(*) FROM inquiry") == (0,)
    assert act.changed().inquiries == {inquiry}
    assert act.changed().kinds == {"captured"}
    assert act.changed().by == seat.holder


def test_actions_of_several_threads_do_not_mix(seat: Seat) -> None:
    failed: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 8):
                capture.capture(seat, form(number))
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert seat.store.one("SELECT count(*) FROM inquiry") == (24,)
    counted = [row[0] for row in seat.store.query("SELECT device_seq FROM ledger ORDER BY device_seq")]
    assert counted == list(range(1, len(counted) + 1))


def test_settings_are_checked_and_hold_at_once(seat: Seat) -> None:
    change(seat, "calling-hours", "00:00-24:00")
    assert seat.hours.opening("Asia/Tokyo|JP", NOON + 8 * HOUR).open
    for key, value in (("calling-hours", "25:00-26:00"), ("attempts", "0"), ("zone", "Mars/Base"), ("shoe", "44")):
        with pytest.raises(Refused):
            change(seat, key, value)
    assert seat.settings["attempts"] == "6"


def test_nobody_unknown_is_folded(seat: Seat) -> None:
    with pytest.raises(NotFound):
        seat.inquiry("f" * 32)
