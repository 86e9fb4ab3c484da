"""The fold: any order, any duplication, with and without the erased: the same inquiry."""

from __future__ import annotations

import os
import random
from itertools import combinations

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.models.entries import (
    CONTACT_FIELDS,
    Body,
    Called,
    Captured,
    Closed,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Lifted,
    Merged,
    Objected,
    Outcome,
    Person,
    Phone,
    Reviewed,
    Settled,
    Skipped,
    Split,
    Undone,
    Verdict,
)
from app.models.entry import Entry, encode
from app.models.fold import Folding, fold
from app.models.inquiry import Inquiry, Stage
from tests.models.histories_at_random import SUBJECTS, histories, make

MANY = settings(max_examples=3000 if os.environ.get("WINNOW_THOROUGH") else 20, deadline=None)
PHONE = Phone(raw="030 23125001", e164="+493023125001", region="DE")
OTHER = Phone(raw="030 23125002", e164="+493023125002", region="DE")


def written(*bodies: tuple[Body, Person | None] | Body, chained: bool = True, **options: object) -> list[Entry]:
    """Entries one after the other by one device, each of which has seen the one before."""
    entries: list[Entry] = []
    for number, said in enumerate(bodies, 1):
        body, person = said if isinstance(said, tuple) else (said, None)
        seen = (entries[-1].id,) if chained and entries else ()
        made = make(body, f"{number:032x}", person=person, at=number, device_seq=number, seen=seen, **options)  # type: ignore[arg-type]
        entries.append(made)
    return entries


def ident(number: int) -> str:
    return f"{number:032x}"


CAPTURED = (Captured(source="Fair", captured_at=10), Person(first_name="Anna", last_name="Ahlers", phones=(PHONE,)))


def without_person(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, person=None, salt=None)


@MANY
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_and_any_duplication_give_the_same_inquiry(entries: list[Entry], chance: random.Random) -> None:
    expected = fold(entries)
    shuffled = entries + chance.sample(entries, chance.randint(0, len(entries)))
    chance.shuffle(shuffled)
    assert fold(shuffled) == expected


@settings(MANY, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), histories(), st.booleans())
def test_a_fold_that_goes_on_ends_where_one_of_all_entries_does(
    before: list[Entry], after: list[Entry], plain: bool
) -> None:
    later = [msgspec.structs.replace(e, id="f" + e.id[1:], received_at=None, at=e.at + (1 << 60)) for e in after]
    if plain:
        later = [entry for entry in later if isinstance(entry.facts(), Captured | Corrected | Called | Skipped)]
    folding = Folding(before, SUBJECTS)
    first = folding.inquiry
    went_on = folding.go_on(later)
    assert first == fold(before, SUBJECTS)
    assert went_on or not plain or not {e.id for e in later}.isdisjoint(named(before))
    assert folding.inquiry == (fold([*before, *later], SUBJECTS) if went_on else first)


def named(entries: list[Entry]) -> set[str]:
    """What these entries say of others, whether those are here or not."""
    undone = [body.entry for entry in entries if isinstance(body := entry.facts(), Undone)]
    return {id_ for entry in entries for id_ in entry.seen}.union(undone)


@pytest.mark.parametrize("entry", [{"id": "1" * 32}, {"subject": "b" * 32}, {"at": 1}, {"kind": "unheard-of"}])
def test_what_does_not_simply_come_behind_needs_a_fold_of_all(entry: dict[str, object]) -> None:
    known = written(CAPTURED, Called(outcome=Outcome.BUSY, called_at=20))
    hint = msgspec.structs.replace(known[-1], id="2" * 32, at=5, seen=("1" * 32,))
    further = msgspec.structs.replace(known[-1], id="3" * 32, at=9)
    folding = Folding([*known, hint])
    assert not folding.go_on([msgspec.structs.replace(further, **entry)])
    assert folding.inquiry == fold([*known, hint])
    assert folding.go_on([further]) and folding.inquiry == fold([*known, hint, further])


@MANY
@given(histories(), st.randoms(use_true_random=False))
def test_a_copy_that_came_back_stamped_replaces_the_own_one_in_any_order(
    entries: list[Entry], chance: random.Random
) -> None:
    own = [msgspec.structs.replace(entry, received_at=None) for entry in entries]
    both = own + entries
    chance.shuffle(both)
    assert fold(both) == fold(entries)


@MANY
@given(histories(), st.data())
def test_with_an_erasure_it_is_the_same_with_and_without_the_person(entries: list[Entry], data: st.DataObject) -> None:
    disposition = data.draw(st.just("") | st.sampled_from([entry.id for entry in entries]))
    entries = [*entries, make(Erased(disposition=disposition), ident(99), at=data.draw(st.integers(0, 40)))]
    some = data.draw(st.sets(st.sampled_from([entry.id for entry in entries])))
    expected = fold(entries)
    assert fold([without_person(e) if e.id in some else e for e in entries]) == expected
    assert expected.stage is Stage.ERASED
    assert all(not getattr(expected, name) for name in CONTACT_FIELDS)
    assert not expected.note and not expected.words and not expected.extra and not expected.next_step
    assert all(not request.text for request in expected.requests)


@MANY
@given(histories(erasable=False))
def test_an_erasure_leaves_every_count_as_it_was(entries: list[Entry]) -> None:
    before, after = fold(entries), fold([*entries, make(Erased(), ident(99), at=90)])
    names = ["result", "reached", "attempts", "first_called_at", "first_decided_at", "sold_at", "source", "captured_at"]
    for name in (*names, "calls", "answers", "was_accepted", "was_prospect", "won", "amount", "objections"):
        assert getattr(after, name) == getattr(before, name), name


@MANY
@given(histories(), st.integers(0, 40), st.booleans())
def test_an_objection_dominates_wherever_it_comes_in(entries: list[Entry], at: int, by_call: bool) -> None:
    body = Called(outcome=Outcome.DO_NOT_CALL, called_at=1) if by_call else Objected(objected_at=1)
    objection = make(body, ident(99), at=at)
    lifted = {b.objection for b in (e.facts() for e in entries) if isinstance(b, Lifted)}
    assume(objection.id not in lifted)
    taken_back = make(Undone(entry=objection.id), ident(98), at=41)
    inquiry = fold([*entries, objection, taken_back])
    assert objection.id in inquiry.objections
    assert inquiry.stage in {Stage.OBJECTED, Stage.DISCARDED, Stage.ERASED}
    for lift_at in (0, 41):
        lift = make(Lifted(objection=objection.id), ident(97), at=lift_at)
        assert objection.id not in fold([*entries, objection, lift]).objections
        undone_lift = make(Undone(entry=lift.id), ident(96), at=42)
        assert fold([*entries, objection, lift, undone_lift]).objections == fold([*entries, objection, lift]).objections


def test_only_the_objection_that_is_named_is_lifted() -> None:
    entries = written(CAPTURED, Objected(objected_at=11), Objected(objected_at=12), Lifted(objection=ident(2)))
    assert fold(entries).objections == (ident(3),)
    assert fold(entries).stage is Stage.OBJECTED


def test_an_objection_blocks_by_its_keys_until_it_is_lifted() -> None:
    entries = written(CAPTURED, Objected(objected_at=11, keys=("k",)), Lifted(objection=ident(2)))
    assert [(b.key, b.reason) for b in fold(entries[:2]).blocks] == [("k", "objection")]
    assert fold(entries).blocks == ()
    assert [b.key for b in fold([*entries[:2], make(Erased(), ident(9), at=9)]).blocks] == ["k"]


@MANY
@given(histories())
def test_no_call_and_no_answer_is_ever_lost(entries: list[Entry]) -> None:
    taken_back = {b.entry for b in (e.facts() for e in entries) if isinstance(b, Undone)}
    inquiry = fold(entries)
    calls = {call.entry for call in inquiry.calls}
    for entry in entries:
        body = entry.facts()
        if entry.id in taken_back:
            continue
        if isinstance(body, Called):
            assert entry.id in calls
        if isinstance(body, Called | Disposed):
            assert set(body.answers) <= set(inquiry.answers)
        if isinstance(body, Reviewed):
            assert set(body.answers) <= set(inquiry.looked)


@MANY
@given(histories())
def test_what_was_taken_back_has_no_effect_unless_it_objected(entries: list[Entry]) -> None:
    erasures = [e.order() for e in entries if isinstance(e.facts(), Erased)]
    named = {
        body.entry
        for entry in entries
        if isinstance(body := entry.facts(), Undone) and not (erasures and entry.order() > min(erasures))
    }
    completed = {b.disposition for b in (e.facts() for e in entries) if isinstance(b, Erased)}
    inquiry = fold(entries)
    for entry in entries:
        body = entry.facts()
        if isinstance(body, Called):
            kept = body.outcome is Outcome.DO_NOT_CALL or entry.id not in named or entry.id in completed
            assert (entry.id in {call.entry for call in inquiry.calls}) is kept


def test_nothing_is_restored_after_an_erasure() -> None:
    discarded = [CAPTURED, Disposed(disposition=Disposition.DISCARD, decided_at=20, erase_at=30, keys=("k",))]
    undone = fold(written(*discarded, Undone(entry=ident(2))))
    assert (undone.stage, undone.result, undone.blocks) == (Stage.WAITING, "open", ())
    requested = fold(written(*discarded, Erased(), Undone(entry=ident(2))))
    assert (requested.stage, requested.result, [b.key for b in requested.blocks]) == (Stage.ERASED, "discard", ["k"])
    crossed = written(*discarded, Undone(entry=ident(2)), Erased(disposition=ident(2)))
    assert (fold(crossed).result, [b.key for b in fold(crossed).blocks]) == ("discard", ["k"])


@MANY
@given(histories(erasable=False))
def test_the_last_writer_wins_for_each_field_alone(entries: list[Entry]) -> None:
    expected: dict[str, object] = {}
    taken_back = {b.entry for b in (e.facts() for e in entries) if isinstance(b, Undone)}
    for entry in sorted(entries, key=Entry.order):
        body, person = entry.facts(), entry.who()
        if entry.id in taken_back or not person or not isinstance(body, Captured | Corrected):
            continue
        for name in ("first_name", "last_name", "company"):
            value = getattr(person, name)
            if value is not None and (value or isinstance(body, Corrected)):
                expected[name] = value
    inquiry = fold(entries)
    assert {name: getattr(inquiry, name) for name in expected} == expected


def test_corrections_of_two_devices_to_two_fields_both_hold() -> None:
    entries = written(CAPTURED, (Corrected(), Person(company="Werk")), (Corrected(), Person(title="Chief")))
    inquiry = fold(entries)
    assert (inquiry.company, inquiry.title, inquiry.first_name) == ("Werk", "Chief", "Anna")
    assert inquiry.by_hand == {"company", "title"}


def test_a_later_list_that_says_otherwise_is_the_last_writer_and_no_hand() -> None:
    again = (Captured(source="Web", captured_at=12), Person(company="Other"))
    inquiry = fold(written(CAPTURED, (Corrected(), Person(company="Werk")), again))
    assert (inquiry.company, inquiry.by_hand) == ("Other", frozenset())


def test_numbers_and_addresses_of_several_lists_add_up_and_a_correction_replaces_them() -> None:
    again = (Captured(source="Web", captured_at=12), Person(phones=(OTHER, PHONE), emails=("a@a.example",)))
    entries = written(CAPTURED, again, (Corrected(numbers=1), Person(phones=(OTHER,))))
    assert fold(entries[:2]).phones == (PHONE, OTHER)
    assert fold(entries).phones == (OTHER,)


# decisions


def reaches(entries: list[Entry], later: str, earlier: str) -> bool:
    """Slow and obvious: whether one entry saw another, directly or through others."""
    seen = {entry.id: set(entry.seen) for entry in entries}
    reached = set(seen[later])
    while True:
        further = {parent for known in reached for parent in seen.get(known, ())} | reached
        if further == reached:
            return earlier in reached
        reached = further


@MANY
@given(histories())
def test_contested_exactly_when_neither_decision_had_seen_the_other_and_nobody_settled_it(entries: list[Entry]) -> None:
    facts = {entry.id: entry.facts() for entry in entries}
    taken_back = inquiry_undone(entries)
    decisions = [
        id_ for id_, body in facts.items()
        if id_ not in taken_back
        and (isinstance(body, Disposed) or (isinstance(body, Reviewed) and body.verdict not in {"accept", "prospect"}))
    ]  # fmt: skip
    settled = [set(b.decisions) for i, b in facts.items() if isinstance(b, Settled) and i not in taken_back]
    expected = any(
        not reaches(entries, a, b) and not reaches(entries, b, a) and {a, b} not in settled
        for a, b in combinations(decisions, 2)
    )
    assert fold(entries).contested is expected


def inquiry_undone(entries: list[Entry]) -> set[str]:
    """What was taken back and is not protected, in other words than the fold's."""
    found, erased = set(), False
    facts = {entry.id: entry.facts() for entry in entries}
    for entry in sorted(entries, key=Entry.order):
        body = facts[entry.id]
        erased |= isinstance(body, Erased)
        if isinstance(body, Undone) and not erased:
            target = facts[body.entry]
            objects = isinstance(target, Called) and target.outcome is Outcome.DO_NOT_CALL
            if not objects and not isinstance(target, Objected | Lifted | Undone | Erased):
                found.add(body.entry)
    return found - {b.disposition for b in facts.values() if isinstance(b, Erased)}


def apart(*dispositions: Disposition) -> list[Entry]:
    """A captured inquiry that several devices decided on without seeing each other."""
    entries = written(CAPTURED)
    for number, disposition in enumerate(dispositions, 2):
        body = Disposed(disposition=disposition, decided_at=number, answers={f"q{number}": "yes"})
        entries.append(make(body, ident(number), at=number, device=f"d{number}", seen=(ident(1),)))
    return entries


def test_the_latest_decision_shows_until_a_team_lead_settles_for_the_other() -> None:
    entries = apart(Disposition.SELL, Disposition.NURTURE)
    inquiry = fold(entries)
    assert (inquiry.contested, inquiry.stage, inquiry.result) == (True, Stage.NURTURE, "nurture")
    settled = make(Settled(decisions=(ident(2), ident(3))), ident(9), at=9, seen=(ident(2), ident(3)))
    inquiry = fold([*entries, settled])
    assert (inquiry.contested, inquiry.stage, inquiry.result, inquiry.decision) == (False, Stage.SELL, "sell", ident(2))
    assert set(inquiry.answers) == {"q2", "q3"}
    other_way = make(Settled(decisions=(ident(3), ident(2))), ident(8), at=10, seen=(ident(9),))
    inquiry = fold([*entries, settled, other_way])
    assert (inquiry.stage, inquiry.result, inquiry.sold_at) == (Stage.NURTURE, "nurture", 2)


def test_three_decisions_are_settled_pair_by_pair() -> None:
    entries = apart(Disposition.SELL, Disposition.NURTURE, Disposition.DISCARD)
    pairs = [(ident(2), ident(3)), (ident(2), ident(4)), (ident(3), ident(4))]
    settled = [make(Settled(decisions=pair), ident(20 + n), at=20 + n) for n, pair in enumerate(pairs)]
    assert fold([*entries, *settled[:2]]).contested
    inquiry = fold([*entries, *settled])
    assert (inquiry.contested, inquiry.stage, inquiry.decision) == (False, Stage.SELL, ident(2))


def test_a_decision_after_a_settlement_is_the_latest_again() -> None:
    entries = apart(Disposition.SELL, Disposition.NURTURE)
    entries.append(make(Settled(decisions=(ident(2), ident(3))), ident(8), at=8, seen=(ident(2), ident(3))))
    entries.append(make(Disposed(disposition=Disposition.DISCARD, decided_at=9), ident(9), at=9, seen=(ident(8),)))
    inquiry = fold(entries)
    assert (inquiry.contested, inquiry.stage) == (False, Stage.DISCARDED)


def test_a_sell_after_an_earlier_prospect_waits_for_its_own_second_look() -> None:
    sold = Disposed(disposition=Disposition.SELL, decided_at=20)
    first = [CAPTURED, sold, Reviewed(verdict=Verdict.PROSPECT, reviewed_at=21), Closed(won=True, closed_at=22)]
    again = [Captured(source="Web", captured_at=30), Disposed(disposition=Disposition.SELL, decided_at=31)]
    assert fold(written(*first)).stage is Stage.WON
    assert fold(written(*first, again[0])).stage is Stage.WAITING
    assert fold(written(*first, *again)).stage is Stage.SELL
    assert fold(written(*first, *again, Reviewed(verdict=Verdict.ACCEPT, reviewed_at=32))).stage is Stage.ACCEPTED


# rounds


ENDED = {
    Stage.NURTURE: [Disposed(disposition=Disposition.NURTURE, decided_at=20, until=90)],
    Stage.UNREACHED: [Called(outcome=Outcome.NO_ANSWER, called_at=20)],
    Stage.WON: [Disposed(disposition=Disposition.SELL, decided_at=19), Closed(won=True, closed_at=20)],
    Stage.LOST: [Disposed(disposition=Disposition.SELL, decided_at=19), Closed(won=False, closed_at=20)],
}


@pytest.mark.parametrize("stage", ENDED)
def test_asking_anew_opens_again_what_had_ended_but_a_row_without_a_date_does_not(stage: Stage) -> None:
    ended = [CAPTURED, *ENDED[stage]]
    assert fold(written(*ended)).stage is stage
    anew = fold(written(*ended, Captured(source="Web", captured_at=30)))
    assert (anew.stage, anew.since, anew.attempts, anew.source) == (Stage.WAITING, 30, 0, "Fair")
    assert fold(written(*ended, Captured(source="List", captured_at=30, dated=False))).stage is stage
    assert fold(written(*ended, Captured(source="Old list", captured_at=15))).stage is stage


def test_a_sale_that_was_won_counts_though_they_ask_anew() -> None:
    sold = [Disposed(disposition=Disposition.SELL, decided_at=19)]
    sold.append(Closed(won=True, closed_at=20, amount="900.00", currency="EUR"))
    anew = fold(written(CAPTURED, *sold, Captured(source="Web", captured_at=30)))
    assert anew.stage is Stage.WAITING
    assert (anew.won, anew.amount, anew.closed_at) == (True, "900.00", 20)


@pytest.mark.parametrize("body", [
    Disposed(disposition=Disposition.DISCARD, decided_at=20),
    Disposed(disposition=Disposition.SELL, decided_at=20),
    Objected(objected_at=20),
    Called(outcome=Outcome.DO_NOT_CALL, called_at=20),
])  # fmt: skip
def test_asking_anew_does_not_open_what_was_discarded_sold_or_objected(body: Body) -> None:
    before = fold(written(CAPTURED, body)).stage
    assert fold(written(CAPTURED, body, Captured(source="Web", captured_at=30))).stage is before


def test_one_who_asks_twice_before_the_first_call_has_waited_since_the_first_time() -> None:
    later = Captured(source="Web", captured_at=30)
    earlier = Captured(source="Ad", captured_at=3)
    assert fold(written(CAPTURED, later)).since == 10
    inquiry = fold(written(CAPTURED, later, earlier))
    assert (inquiry.since, inquiry.captured_at, inquiry.source, len(inquiry.requests)) == (3, 3, "Ad", 3)


def called(outcome: Outcome, at: int, retry: int | None = None, number: Phone = PHONE, **more: object) -> tuple:
    return (Called(outcome=outcome, called_at=at, retry_at=retry, **more), Person(number=number.e164))  # type: ignore[arg-type]


def test_after_a_wrong_number_the_next_is_called_then_nobody_until_the_number_is_corrected() -> None:
    two = (Captured(source="Fair", captured_at=10), Person(phones=(PHONE, OTHER)))
    wrong = called(Outcome.WRONG_NUMBER, 20, retry=20)
    inquiry = fold(written(two, wrong))
    assert (inquiry.stage, inquiry.number, inquiry.since) == (Stage.WAITING, OTHER, 20)
    both = [two, wrong, called(Outcome.WRONG_NUMBER, 21, number=OTHER)]
    inquiry = fold(written(*both))
    assert (inquiry.stage, inquiry.number, inquiry.result) == (Stage.UNREACHED, None, "unreached")
    right = Phone(raw="3", e164="+493023125003", region="DE")
    inquiry = fold(written(*both, (Corrected(numbers=1), Person(phones=(right,)))))
    assert (inquiry.stage, inquiry.number, inquiry.result) == (Stage.WAITING, right, "open")
    assert fold(written(*both, (Corrected(), Person(company="Werk")))).stage is Stage.UNREACHED


def test_the_allowed_attempts_are_counted_in_each_round_and_then_nobody_is_called() -> None:
    calls = [called(Outcome.NO_ANSWER, 20 + n, retry=21 + n, attempts_allowed=3) for n in range(3)]
    assert [fold(written(CAPTURED, *calls[:n])).stage for n in (1, 2, 3)] == ["waiting", "waiting", "unreached"]
    anew = fold(written(CAPTURED, *calls, Captured(source="Web", captured_at=40), calls[0]))
    assert (anew.stage, anew.attempts, len(anew.calls)) == (Stage.WAITING, 1, 4)


def test_a_promise_is_kept_until_the_next_call_or_decision() -> None:
    promised = called(Outcome.CALLBACK, 20, back_at=50)
    inquiry = fold(written(CAPTURED, promised))
    assert (inquiry.promised_at, inquiry.promised_by, inquiry.since, inquiry.reached) == (50, "Anna", 50, True)
    for body in (called(Outcome.BUSY, 51, retry=52), Disposed(disposition=Disposition.NURTURE, decided_at=51)):
        assert fold(written(CAPTURED, promised, body)).promised_at is None
    assert fold(written(CAPTURED, promised, Skipped(until=60))).promised_at == 50


def test_moments_at_the_very_start_of_time_break_nothing() -> None:
    early = [called(Outcome.NO_ANSWER, 0, retry=0), Disposed(disposition=Disposition.SELL, decided_at=0)]
    inquiry = fold(written(CAPTURED, *early))
    assert (inquiry.first_called_at, inquiry.first_decided_at) == (0, 0)


# joined


def test_joined_subjects_are_one_inquiry_under_the_lowest_id_even_before_the_other_arrives() -> None:
    low, high = SUBJECTS[0], SUBJECTS[1]
    first = make(CAPTURED[0], ident(1), subject=high, person=CAPTURED[1])
    merged = make(Merged(other=low), ident(2), subject=high, at=2)
    assert fold([first, merged]).id == low
    assert fold([first, merged]).subjects == (low, high)
    split = make(Split(merge=merged.id), ident(3), subject=high, at=3)
    assert fold([first, merged, split]).id == high
    again = make(Undone(entry=split.id), ident(4), subject=high, at=4)
    assert fold([first, merged, split, again]).id == low


def test_an_unknown_kind_changes_nothing_but_holds_when_it_says_so() -> None:
    entries = written(CAPTURED)
    plain = make(b'{"x":1}', ident(5), kind="dreamt", at=5)
    assert msgspec.structs.replace(fold([*entries, plain]), heads=()) == msgspec.structs.replace(
        fold(entries), heads=()
    )
    assert fold([*entries, make(b'{"hold":true}', ident(5), kind="dreamt", at=5)]).hold
    assert not fold(entries).hold


def test_a_wrong_laptop_clock_never_wins() -> None:
    entries = written(CAPTURED)
    ahead = make(Corrected(), ident(5), person=Person(company="Ahead"), at=9_000, received_at=20, device="d1")
    later = make(Corrected(), ident(6), person=Person(company="Later"), at=30, received_at=31)
    stamped = [msgspec.structs.replace(e, received_at=1) for e in entries]
    assert fold([*stamped, ahead, later]).company == "Later"
    mine = make(Corrected(), ident(7), person=Person(company="Mine"), at=2)
    assert fold([*stamped, ahead, later, mine]).company == "Mine"


def test_nothing_cannot_be_folded() -> None:
    with pytest.raises(ValueError):
        fold([])


@MANY
@given(histories())
def test_the_heads_are_what_no_other_entry_has_seen(entries: list[Entry]) -> None:
    seen = {parent for entry in entries for parent in entry.seen}
    assert set(fold(entries).heads) == {entry.id for entry in entries} - seen


@MANY
@given(histories())
def test_an_inquiry_can_be_written_down_and_read_again(entries: list[Entry]) -> None:
    inquiry = fold(entries)
    assert msgspec.json.decode(encode(inquiry), type=Inquiry) == inquiry
