"""What a member may append need not make sense: it is set aside, and no page of a colleague breaks over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

import msgspec
import pytest

from app.models.entries import Captured
from app.models.entry import hash_of
from app.models.periods import ALL
from app.services import capture, queue, waiting
from app.services.desk import enforcing, pages
from app.services.desk.figures import figures
from app.services.published import SECOND_LOOK, current_scorecard, current_script
from app.services.results.view import view
from app.services.sales.assigning import current_rules
from app.services.seat import Seat
from app.services.team import state
from app.services.team.sync import sync_once
from tests.hub.team import Author, Team
from tests.services.made_up import NOON, Clock, form
from tests.sync.conftest import laptop

__all__ = ["laptop"]  # a fixture
FAR = 2**63 - 1
SENSELESS: list[tuple[str, str, dict[str, Any]]] = [  # role, kind, facts
    ("intake", "source_defined", {"name": "Fair", "limit_hours": -1}),
    ("intake", "source_defined", {"name": "Fair", "limit_hours": 1e300}),
    ("intake", "captured", {"source": "Fair", "captured_at": FAR}),
    ("intake", "captured", {"source": "Fair", "captured_at": -FAR}),
    ("caller", "called", {"outcome": "callback", "called_at": NOON, "retry_at": FAR}),
    ("caller", "called", {"outcome": "busy", "called_at": NOON, "attempts_allowed": FAR}),
    ("caller", "disposed", {"disposition": "nurture", "decided_at": NOON, "score": -FAR, "nurture_until": FAR}),
    ("sales", "closed", {"won": True, "closed_at": NOON, "amount": "plenty", "currency": "EUR"}),
    ("sales", "closed", {"won": True, "closed_at": NOON, "amount": "NaN", "currency": "EUR"}),
    ("marketing", "source_cost", {"name": "Fair", "amount": "", "currency": "EUR", "at": NOON}),
    ("marketing", "source_cost", {"name": "Fair", "amount": "much", "currency": "EUR", "at": NOON}),
]
UNREADABLE = [
    ("marketing", "script_published", {"key": "b2b", "number": 99, "document": {"from": "a newer Winnow"}}),
    ("sales", "scorecard_published", {"key": "b2b", "number": 99, "document": {}}),
    ("sales", "lead_rules_published", {"number": 99, "document": {"rules": [{"of": "a newer one"}]}}),
]


@pytest.fixture
def clock() -> Clock:
    """Everybody's."""
    return Clock()


@pytest.fixture
def ada(laptop: Callable[..., Seat], team: Team) -> Seat:
    """A lead's laptop with somebody who waits."""
    seat = laptop("Ada")
    capture.capture(seat, form(1, source="Fair"))
    sync(seat, team)
    return seat


def sync(seat: Seat, team: Team) -> None:
    with closing(team.link("Ada", "lead", device=seat.device)) as link:
        sync_once(seat, link)


def hand_in(team: Team, ada: Seat, role: str, kind: str, facts: dict[str, Any]) -> None:
    subject = queue.whole_page(ada).rows[0].id
    plain = Author("Mallory").write(Captured(source="Fair", captured_at=1), subject=subject)
    entry = msgspec.structs.replace(plain, kind=kind, body=json.dumps(facts).encode())
    entry.hash = hash_of(entry)
    assert team.link("Mallory", role).push([entry])[0].outcome == "stored"
    sync(ada, team)


def look_at_everything(seat: Seat) -> None:
    """What the pages ask for."""
    seat.settings_changed()
    assert waiting.waiting(seat).page.rows
    for tab in pages.Tab:
        pages.page(seat, tab)
    figures(seat)
    enforcing.warnings(seat)
    view(seat, ALL)
    current_script(seat.store, SECOND_LOOK)
    current_scorecard(seat.store, current_script(seat.store, "b2b"))
    current_rules(seat)


@pytest.mark.parametrize(("role", "kind", "facts"), SENSELESS)
def test_what_cannot_be_is_set_aside_and_no_page_breaks(
    role: str, kind: str, facts: dict[str, Any], ada: Seat, team: Team
) -> None:
    hand_in(team, ada, role, kind, facts)
    look_at_everything(ada)
    assert [aside.kind for aside in state.set_aside(ada.store)] == [kind]


@pytest.mark.parametrize(("role", "kind", "facts"), UNREADABLE)
def test_what_a_newer_winnow_published_leaves_the_version_before_in_use(
    role: str, kind: str, facts: dict[str, Any], ada: Seat, team: Team
) -> None:
    before = current_script(ada.store, "b2b"), current_rules(ada)
    hand_in(team, ada, role, kind, facts)
    look_at_everything(ada)
    assert (current_script(ada.store, "b2b"), current_rules(ada)) == before
