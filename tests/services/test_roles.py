"""In a team nobody begins what the hub would turn away: it is refused here, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposition, Outcome
from app.models.rights import Role
from app.services import calling, capture, handoff, privacy
from app.services.desk import reassigning
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.nurture import waking
from app.services.sales import selling
from app.services.seat import Seat
from app.services.team import state
from tests.services.made_up import HOUR, Clock, form

Take = Callable[..., str]


def become(seat: Seat, role: Role) -> None:
    """As the hub's greeting leaves it."""
    with seat.store.writing():
        state.put_word(seat.store, state.ROLE, role.value)


def count(seat: Seat) -> int:
    return seat.store.one("SELECT count(*) FROM ledger")[0]


def test_a_caller_erases_nobody_on_request_and_assigns_nobody(seat: Seat, take: Take):
    inquiry = take(1)
    become(seat, Role.CALLER)
    before = count(seat)
    for what in (lambda: privacy.erase(seat, inquiry), lambda: reassigning.reassign(seat, [inquiry], "Ada")):
        with pytest.raises(Refused):
            what()
    assert count(seat) == before
    assert seat.inquiry(inquiry).last_name


def test_a_caller_calls_and_decides(seat: Seat, take: Take):
    become(seat, Role.CALLER)
    inquiry = capture.capture(seat, form(1)).inquiry_id
    calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="wants it"))
    handoff.undo(seat)
    with pytest.raises(Refused):
        selling.close(seat, inquiry, won=True, amount="1")


def test_booth_staff_captures_and_a_viewer_looks(seat: Seat, take: Take):
    become(seat, Role.INTAKE)
    inquiry = capture.capture(seat, form(1)).inquiry_id
    with pytest.raises(Refused, match="intake"):
        calling.log_call(seat, inquiry, Outcome.BUSY)
    become(seat, Role.VIEWER)
    with pytest.raises(Refused, match="viewer"):
        capture.capture(seat, form(2))


def test_what_completes_itself_waits_for_somebody_who_may_write(seat: Seat, take: Take, clock: Clock):
    inquiry = take(1)
    handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason="no use"))
    clock.now += 24 * HOUR
    become(seat, Role.VIEWER)
    before = count(seat)
    privacy.erase_due(seat)
    waking.wake_due(seat)
    assert count(seat) == before
