"""Several windows work one queue at the same time: everybody is called by one of them, and all see the same at the end.

`WINNOW_CALLS` in the environment sets how many each works (usually 20).
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from app.models.entries import Called, Disposed, Disposition, Outcome
from app.models.rights import Role
from app.services import doctor
from tests.journeys.homes import entries_since
from tests.journeys.teams import Shift, agree, begin

CALLERS = ("Ada", "Ben", "Cleo")
CALLS = int(os.environ.get("WINNOW_CALLS", "20"))
OUTCOMES = {each.value for each in Outcome} | {each.value for each in Disposition}


@pytest.fixture
def crew(laptop, hub_url):
    """Lena, who leads, and three callers; enough people for all."""
    lena, callers = laptop("Lena"), [laptop(name) for name in CALLERS]
    begin(lena, hub_url, *((caller, Role.CALLER) for caller in callers), people=len(CALLERS) * CALLS + 30)
    return lena, callers


def test_three_shifts_at_once_call_everybody_once_and_agree_at_the_end(crew):
    lena, callers = crew
    shifts = [Shift(caller, CALLS, seed) for seed, caller in enumerate(callers)]
    last_words = [shift.wait() for shift in shifts]
    assert last_words == [""] * len(shifts)
    assert [shift.done for shift in shifts] == [CALLS] * len(shifts)
    assert agree(lena, *callers)
    homes = [each.opened() for each in (lena, *callers)]
    try:
        entries = entries_since(homes[0], 0)
        found = Counter((entry.actor, _said(entry), entry.subject) for entry in entries if _said(entry))
        acknowledged = Counter(
            (shift.laptop.name, what, inquiry) for shift in shifts for what, inquiry in shift.kept
            if what in OUTCOMES
        )  # fmt: skip
        missing = acknowledged - found
        assert not missing, "acknowledged, and not with the others"
        who = {(entry.subject, entry.actor) for entry in entries if _said(entry)}
        twice = [inquiry for inquiry, count in Counter(inquiry for inquiry, _ in who).items() if count > 1]
        assert twice == [], "called by two"
        under = [entry.claim_no for entry in entries if isinstance(entry.facts(), Disposed)]
        assert all(under), "decided without a claim"
        assert not any(inquiry.contested for inquiry in map(homes[0].seat.inquiry, {s for s, _ in who}))
        for home in homes:
            assert not [each for each in doctor.check(home.seat) if each.level == "bad"]
    finally:
        for home in homes:
            home.close()


def _said(entry) -> str:
    body = entry.facts()
    if isinstance(body, Called):
        return str(body.outcome.value)
    return str(body.disposition.value) if isinstance(body, Disposed) else ""
