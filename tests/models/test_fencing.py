"""Of two decisions that contest each other, the one under the younger claim shows, in whatever order they arrive."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.models.entries import Captured, Disposed, Disposition, Settled, Undone
from app.models.entry import Entry
from app.models.fold import fold
from tests.models.histories_at_random import SUBJECTS, histories, make

CAPTURED = make(Captured(source="Fair", captured_at=1), "1" * 32, at=1)


def decided(entry_id: str, disposition: Disposition, at: int, claim_no: int, seen: tuple[str, ...] = ()) -> Entry:
    body = Disposed(disposition=disposition, decided_at=at)
    return replace(make(body, entry_id, at=at, device=f"d{entry_id[0]}", seen=seen), claim_no=claim_no)


YOUNG = decided("2" * 32, Disposition.SELL, 5, 8)
STALE = decided("3" * 32, Disposition.NURTURE, 9, 7)


def test_a_decision_under_a_lost_claim_does_not_show_though_it_came_later_and_stays_contested():
    found = fold([CAPTURED, YOUNG, STALE])
    assert (found.disposition, found.decision, found.contested) == (Disposition.SELL, YOUNG.id, True)
    assert fold([STALE, CAPTURED, YOUNG, STALE]) == found


def test_without_claims_on_both_sides_the_latest_shows():
    for young, stale in ((0, 7), (8, 0), (0, 0)):
        found = fold([CAPTURED, replace(YOUNG, claim_no=young), replace(STALE, claim_no=stale)])
        assert found.disposition is Disposition.NURTURE and found.contested


def test_who_has_seen_the_other_decision_is_not_fenced():
    found = fold([CAPTURED, YOUNG, replace(STALE, seen=(YOUNG.id,))])
    assert found.disposition is Disposition.NURTURE and not found.contested


def test_a_lead_settles_for_either_and_a_younger_one_that_was_taken_back_fences_nobody():
    settled = make(Settled(decisions=(STALE.id, YOUNG.id)), "4" * 32, at=12, seen=(STALE.id, YOUNG.id))
    found = fold([CAPTURED, YOUNG, STALE, settled])
    assert found.disposition is Disposition.NURTURE and not found.contested
    undone = make(Undone(entry=YOUNG.id), "5" * 32, at=12)
    assert fold([CAPTURED, YOUNG, STALE, undone]).disposition is Disposition.NURTURE


def test_a_sell_under_a_lost_claim_stays_issued():
    sell, later = replace(YOUNG, claim_no=3), replace(STALE, claim_no=4)
    found = fold([CAPTURED, sell, later])
    assert found.disposition is Disposition.NURTURE and found.sold_at == 5


@given(histories(erasable=False, most=14), st.lists(st.integers(0, 4), min_size=14, max_size=14), st.randoms())
def test_any_order_and_duplication_shows_the_same_and_never_a_fenced_one(
    history: list[Entry], claims: list[int], chance: random.Random
):
    entries = [replace(entry, claim_no=claims[n % 14]) for n, entry in enumerate(history)]
    found = fold(entries, SUBJECTS)
    shuffled = [*entries, *chance.sample(entries, len(entries) // 2)]
    chance.shuffle(shuffled)
    assert fold(shuffled, SUBJECTS) == found
    by_id = {entry.id: entry for entry in entries}
    shown = by_id.get(found.decision)
    if shown is None or any(entry.kind in {"settled", "undone", "reviewed"} for entry in entries):
        return
    younger = [e for e in entries if e.kind == "disposed" and e.version == 1 and e.claim_no > shown.claim_no > 0]
    assert all(_saw(by_id, shown.id, e.id) or _saw(by_id, e.id, shown.id) for e in younger)


def _saw(by_id: dict[str, Entry], later: str, earlier: str) -> bool:
    waiting, past = [later], set[str]()
    while waiting:
        for parent in by_id[waiting.pop()].seen:
            if parent in by_id and parent not in past:
                past.add(parent)
                waiting.append(parent)
    return earlier in past
