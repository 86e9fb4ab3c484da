"""How far an erasure reaches: whom somebody has joined, and by Winnow's own joins whom it had joined before."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import AUTOMATIC, Disposed, Disposition, Erased, Merged, Split, Undone
from app.models.entry import Entry
from app.models.erasing import causes, erased_id, taken_along
from tests.models.histories_at_random import SUBJECTS, histories, make
from tests.models.test_fold import MANY, ident

ONE, TWO, THREE = SUBJECTS[:3]
DISCARD = make(Disposed(disposition=Disposition.DISCARD, decided_at=1), ident(1), subject=ONE, received_at=50)


def joined(number: int, one: str, other: str, *, actor: str = "Anna", received_at: int | None = 10) -> Entry:
    return make(Merged(other=other), ident(number), subject=one, actor=actor, received_at=received_at)


def test_it_reaches_everybody_in_a_chain_of_joins_from_any_end() -> None:
    merges = [joined(2, TWO, ONE), joined(3, THREE, TWO)]
    assert taken_along(DISCARD, [DISCARD, *merges]) == {ONE, TWO, THREE}
    assert taken_along(DISCARD, [DISCARD, merges[1]]) == {ONE}


@pytest.mark.parametrize("how", ["split", "split elsewhere", "taken back"])
def test_it_does_not_cross_a_join_that_ended(how: str) -> None:
    merge, elsewhere = joined(2, ONE, TWO), {ident(2)} if how == "split elsewhere" else set()
    ends = {"split": Split(merge=merge.id), "taken back": Undone(entry=merge.id)}
    entries = [DISCARD, merge, *([make(ends[how], ident(3), subject=ONE)] if how in ends else [])]
    assert taken_along(DISCARD, entries, elsewhere) == {ONE}


def test_a_join_is_taken_back_by_what_is_said_about_its_own_subject() -> None:
    merge, split = joined(2, ONE, TWO), make(Split(merge=ident(2)), ident(3), subject=TWO)
    elsewhere = [make(Undone(entry=e.id), ident(4 + n), subject=THREE) for n, e in enumerate((merge, split))]
    assert taken_along(DISCARD, [merge, *elsewhere]) == {ONE, TWO}
    assert taken_along(DISCARD, [merge, split, *elsewhere]) == {ONE}
    assert taken_along(DISCARD, [merge, split, make(Undone(entry=split.id), ident(6), subject=TWO)]) == {ONE, TWO}


@pytest.mark.parametrize(
    ("actor", "received_at", "reaches"),
    [("Anna", 90, True), (AUTOMATIC, 49, True), (AUTOMATIC, 51, False), (AUTOMATIC, None, True)],
)
def test_a_join_by_winnow_itself_counts_when_the_hub_had_it_before(
    actor: str, received_at: int | None, reaches: bool
) -> None:
    merge = joined(2, ONE, TWO, actor=actor, received_at=received_at)
    assert (taken_along(DISCARD, [DISCARD, merge]) == {ONE, TWO}) is reaches


@MANY
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_are_looked_at_changes_nothing(history: list[Entry], chance: random.Random) -> None:
    shuffled = [*history, *chance.sample(history, len(history) // 2)]
    chance.shuffle(shuffled)
    for cause in history:
        assert taken_along(cause, shuffled) == taken_along(cause, history) >= {cause.subject}
    assert causes(shuffled) == causes(history)


@MANY
@given(histories())
def test_joins_forged_afterwards_in_winnows_name_reach_nobody_more(history: list[Entry]) -> None:
    stamped = [msgspec.structs.replace(entry, received_at=number) for number, entry in enumerate(history)]
    forged = [
        joined(90 + 9 * n + m, one, other, actor=AUTOMATIC, received_at=900)
        for n, one in enumerate(SUBJECTS)
        for m, other in enumerate(SUBJECTS)
    ]
    for cause in stamped:
        assert taken_along(cause, [*stamped, *forged]) == taken_along(cause, stamped)


def test_what_an_erasure_rests_on_is_the_discard_it_completes_or_the_request() -> None:
    requested = make(Erased(disposition=ident(7)), ident(8), actor="Lea")  # only Winnow itself completes a discard
    completed = make(Erased(disposition=DISCARD.id), ident(9), actor=AUTOMATIC)
    follows = make(Erased(disposition=requested.id), ident(10), subject=TWO, actor=AUTOMATIC)
    of_nobody_here = make(Erased(disposition=ident(11)), ident(12), actor=AUTOMATIC)
    assert causes([DISCARD, requested, completed, follows, of_nobody_here]) == [DISCARD, requested]


def test_every_device_names_the_erasure_of_a_subject_alike() -> None:
    assert len({erased_id(cause, subject) for cause in (ident(1), ident(2)) for subject in (ONE, TWO)}) == 4
    assert erased_id(ident(1), ONE) == erased_id(ident(1), ONE)
