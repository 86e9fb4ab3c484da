"""Much comes in at once: nothing is looked at twice, nobody who opens the home waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.entries import Captured
from app.models.entry import encode
from app.services import capture
from app.services.seat import Seat
from app.services.store.entry_rows import unstamped
from app.services.team import state
from app.services.team import work as working
from app.services.team.arrivals import take_page
from app.services.team.sync import sync_once
from app.services.team.work import Work
from tests.models.histories_at_random import make
from tests.services.made_up import form
from tests.sync.model_hub import ModelHub


def read(seat: Seat, hub: ModelHub) -> None:
    """One page, and nothing is handed in."""
    page = hub.link("Bo").pull(state.cursor(seat.store, state.PULLED) or 0, 100)
    take_page(Work(seat), page.entries, page.through)


def waiting(seat: Seat) -> list[str]:
    """What would be looked at for handing in."""
    outbox = state.cursor(seat.store, state.OUTBOX) or 0
    return [entry.kind for _, entry in unstamped(seat.store, outbox, 100)]


@pytest.fixture
def anna(laptop: Any) -> Seat:
    """Who writes."""
    seat: Seat = laptop("Anna")
    return seat


@pytest.fixture
def bo(laptop: Any, hub: ModelHub) -> Seat:
    """Who has shared before, and reads."""
    seat: Seat = laptop("Bo")
    sync_once(seat, hub.link("Bo"))
    return seat


def test_what_came_from_the_hub_is_not_looked_at_again_to_be_handed_in(anna: Seat, bo: Seat, hub: ModelHub) -> None:
    capture.capture(anna, form(1))
    sync_once(anna, hub.link("Anna"))
    read(bo, hub)
    assert bo.store.query("SELECT 1 FROM inquiry")
    assert state.cursor(bo.store, state.OUTBOX) == bo.ledger.last_seq()


def test_what_was_written_before_something_came_is_still_handed_in(anna: Seat, bo: Seat, hub: ModelHub) -> None:
    capture.capture(anna, form(1))
    sync_once(anna, hub.link("Anna"))
    mine = capture.capture(bo, form(2)).inquiry_id
    read(bo, hub)
    assert "captured" in waiting(bo)
    sync_once(bo, hub.link("Bo"))
    assert mine in {entry.subject for entry in hub.entries.values()}


def test_what_somebody_else_brought_is_confirmed_by_its_author_who_never_had_it(
    anna: Seat, bo: Seat, hub: ModelHub
) -> None:
    sync_once(anna, hub.link("Anna"))
    body = encode(Captured(source="Fair", captured_at=1))
    lost = make(body, "9" * 32, subject="8" * 32, kind="captured", actor="Anna")
    with bo.store.writing():
        bo.ledger.append([lost])  # on a stick, from a laptop that was lost
    sync_once(bo, hub.link("Bo"))
    assert hub.entries[lost.id].brought_by == "Bo"
    sync_once(anna, hub.link("Anna"))
    assert hub.entries[lost.id].brought_by == ""


def test_whoever_is_alone_takes_more_at_once_until_somebody_opens_the_home(
    bo: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ASKED_S", 0.0)
    monkeypatch.setattr(working, "TARGET_S", -1.0)  # whatever is done takes longer
    monkeypatch.setattr(working, "ALONE_S", 1000.0)  # whatever is done is quick
    alone = True
    work = Work(bo, alone=lambda: alone)
    first = work.size("rows")
    for _ in range(20):
        work.do(lambda: None, "rows")
    assert work.is_alone and work.size("rows") == working.MOST
    alone = False
    work.do(lambda: None, "rows")
    assert not work.is_alone and work.size("rows") < first


def test_what_did_not_go_through_is_looked_up_and_the_ledger_is_not_read_for_it(anna: Seat) -> None:
    plan = [row[3] for row in anna.store.query(f"EXPLAIN QUERY PLAN {state.NOT_THROUGH}")]
    assert any(step.startswith("SEARCH l ") for step in plan) and "SCAN l" not in plan, plan
