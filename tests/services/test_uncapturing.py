"""A capture taken back leaves nothing of somebody new, and somebody known as they were."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import bootstrap
from app.models.entries import Disposition, Outcome
from app.models.inquiry import Stage
from app.models.rights import Role
from app.services import calling, capture, drafts, handoff, queue, sources
from app.services.agreeing import try_scorecard
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.results import results
from app.services.seat import Seat
from app.services.team import state
from app.services.uncapturing import uncapture
from tests.services.decrypting import everything_in
from tests.services.made_up import DAY, Clock, form
from tests.services.test_roles import become


def test_somebody_new_is_erased_at_once_and_can_be_captured_anew(seat: Seat, home: bootstrap.Home) -> None:
    made = capture.capture(seat, form(1, last_name="Zwiebelturm"))
    assert b"Zwiebelturm" in everything_in(home.path)
    changed = uncapture(seat, made.entries)
    assert changed.inquiries == {made.inquiry_id}
    assert seat.inquiry(made.inquiry_id).stage is Stage.ERASED
    assert b"Zwiebelturm" not in everything_in(home.path)
    again = capture.capture(seat, form(1, last_name="Zwiebelturm"))
    assert (again.known, again.sentence) == (False, ""), "nothing remembers the mistake"
    assert queue.peek_next(seat) == again.inquiry_id


def test_somebody_known_is_as_before(seat: Seat) -> None:
    first = capture.capture(seat, form(1))
    before = seat.inquiry(first.inquiry_id)
    again = capture.capture(seat, form(1, title="Chief", source="Web"))
    assert seat.inquiry(first.inquiry_id).title == "Chief"
    uncapture(seat, again.entries)
    now = seat.inquiry(first.inquiry_id)
    assert (now.title, now.stage, now.requests) == (before.title, before.stage, before.requests)
    assert seat.ledger.is_current(first.inquiry_id)


@pytest.mark.parametrize("erased", [True, False])
def test_nobody_who_was_taken_back_counts_anywhere(seat: Seat, erased: bool) -> None:
    """In a team the erasure waits for the hub; the figures do not."""
    sources.define(seat, "Fair", add_cost="100", currency="EUR")
    kept = capture.capture(seat, form(1, source="Fair"))
    before = results(seat)
    made = capture.capture(seat, form(2, source="Fair"))
    if not erased:
        with seat.store.writing():
            state.put_word(seat.store, state.EPOCH, "1")
    uncapture(seat, made.entries)
    assert seat.inquiry(made.inquiry_id).erased is erased
    assert results(seat) == before
    assert (before.figures.inquiries, before.figures.cost_per_inquiry) == (1, ((Decimal("100.00"), "EUR"),))
    assert try_scorecard(seat, seat.scorecard).calls == 0
    handoff.dispose(seat, kept.inquiry_id, Disposition.DISCARD, Choice(reason="so"))
    assert (results(seat).figures.inquiries, results(seat).figures.discard) == (1, 1), "who was discarded counts"
    assert seat.ledger.is_current(made.inquiry_id)


def test_whoever_was_worked_with_since_stays(seat: Seat, clock: Clock) -> None:
    called = capture.capture(seat, form(1))
    calling.log_call(seat, called.inquiry_id, Outcome.NO_ANSWER)
    typed = capture.capture(seat, form(2))
    drafts.save(seat, typed.inquiry_id, drafts.Draft(note="They are on the line"))
    old = capture.capture(seat, form(3))
    for made in (called, typed):
        with pytest.raises(Refused, match="worked with"):
            uncapture(seat, made.entries)
    clock.on(DAY)
    with pytest.raises(Refused, match="too long ago"):
        uncapture(seat, old.entries)
    for made in (called, typed, old):
        assert seat.inquiry(made.inquiry_id).stage is Stage.WAITING


def test_undo_of_a_decision_is_about_the_one_before(seat: Seat) -> None:
    sold = capture.capture(seat, form(1)).inquiry_id
    handoff.dispose(seat, sold, Disposition.SELL, Choice(reason="wants it"))
    uncapture(seat, capture.capture(seat, form(2)).entries)
    assert handoff.undo(seat).inquiries == {sold}
    assert seat.inquiry(sold).stage is Stage.WAITING


def test_who_may_not_decide_takes_nobody_back(seat: Seat) -> None:
    become(seat, Role.INTAKE)
    made = capture.capture(seat, form(1))
    with pytest.raises(Refused, match="intake"):
        uncapture(seat, made.entries)
    assert seat.inquiry(made.inquiry_id).stage is Stage.WAITING
