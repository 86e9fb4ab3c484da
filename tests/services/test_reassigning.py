"""Reassigning by hand and evenly, undone as one stroke; the limit enforced; contested decisions settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposed, Disposition, Outcome, Person, Reassigned, Split
from app.models.inquiry import Stage
from app.models.limits import LimitState
from app.models.rights import Role
from app.services import calling, changing_settings, handoff, history, merging, privacy, sources
from app.services.desk import enforcing, reassigning, settling
from app.services.errors import NotFound, Refused
from app.services.seat import Seat
from tests.services.made_up import DAY, HOUR, MINUTE, Clock
from tests.services.team import ADA, BEN, CLEO, IRIS, LENA, from_elsewhere, gather, send_away, there

Take = Callable[..., str]


def owner(seat: Seat, inquiry: str) -> str:
    return str(seat.store.one("SELECT owner FROM inquiry WHERE id = ?", (inquiry,))[0])  # type: ignore[index]


def returns(seat: Seat, inquiry: str) -> int | None:
    return seat.store.one("SELECT return_by FROM inquiry WHERE id = ?", (inquiry,))[0]  # type: ignore[index,no-any-return]


# who is given what


def test_shared_evenly_only_who_is_there_gets_any_and_nobody_more_than_one_more(seat: Seat, take: Take):
    gather(seat)
    people = [take(number) for number in range(5)]
    _, moved = reassigning.reassign_evenly(seat, people)
    assert set(moved) == {ADA, CLEO}  # Ben is away, Iris offline, Lena leads, Sam sells
    assert sorted(moved.values()) == [2, 3]


def test_who_holds_least_comes_first(seat: Seat, take: Take):
    gather(seat)
    reassigning.reassign(seat, [take(1), take(2)], ADA)
    _, moved = reassigning.reassign_evenly(seat, [take(3)])
    assert moved == {CLEO: 1}


def test_who_is_away_by_the_calendar_is_given_nothing_though_online(seat: Seat, take: Take):
    gather(seat)
    send_away(seat, ADA)
    _, moved = reassigning.reassign_evenly(seat, [take(1), take(2)])
    assert moved == {CLEO: 2}
    with pytest.raises(Refused, match="Ada is away until Friday 13 March"):
        reassigning.reassign(seat, [take(3)], ADA)


def test_with_nobody_there_it_is_refused_and_nothing_moves(seat: Seat, take: Take):
    gather(seat)
    from app.services.team import mirrors

    mirrors.keep_presence(seat, [there(ADA, seat.now(), online=False), there(BEN, seat.now(), doing="away")])
    person = take(1)
    with pytest.raises(Refused, match="No caller is there now"):
        reassigning.reassign_evenly(seat, [person])
    assert owner(seat, person) == ""


def test_a_caller_of_a_team_may_not_reassign_and_alone_everybody_may(seat: Seat, take: Take):
    person = take(1)
    reassigning.reassign(seat, [person], "Marta")  # alone: any name
    gather(seat, me=ADA, role=Role.CALLER)
    for verb in (
        lambda: reassigning.reassign(seat, [person], BEN),
        lambda: reassigning.reassign_evenly(seat, [person]),
        lambda: settling.settle(seat, person, "x"),
        lambda: merging.merge(seat, person, take(2)),
    ):
        with pytest.raises(Refused, match="Only team leads"):
            verb()
    assert owner(seat, person) == "Marta"


def test_nobody_outside_the_team_is_given_anything_and_names_are_spelled_as_theirs(seat: Seat, take: Take):
    gather(seat)
    person = take(1)
    with pytest.raises(Refused, match="nobody called Marta"):
        reassigning.reassign(seat, [person], "Marta")
    reassigning.reassign(seat, [person], "  ben ")
    assert owner(seat, person) == BEN


def test_one_that_is_gone_is_refused_by_hand_and_left_out_of_many(seat: Seat, take: Take, clock: Clock):
    one, gone = take(1), take(2)
    privacy.erase(seat, gone)
    with pytest.raises(Refused, match="erased"):
        reassigning.reassign(seat, [one, gone], "Marta")
    assert owner(seat, one) == ""
    done = reassigning.move(seat, [(one, "Marta"), (gone, "Marta")], leave_gone=True)
    assert (done.moved, done.left) == ({"Marta": 1}, 1)


# as one stroke


def test_undo_takes_back_all_of_one_stroke_in_parts_too(seat: Seat, take: Take):
    people = [take(number) for number in range(6)]
    reassigning.reassign(seat, people[:1], "Bo")
    for part in (people[:3], people[3:]):
        reassigning.move(seat, [(each, "Marta") for each in part], stroke="one")
    assert {owner(seat, each) for each in people} == {"Marta"}
    changed = handoff.undo(seat)
    assert changed.inquiries == set(people)
    assert [owner(seat, each) for each in people] == ["Bo", "", "", "", "", ""]
    handoff.undo(seat)
    assert owner(seat, people[0]) == ""


def test_undo_of_a_stroke_leaves_what_was_given_since(seat: Seat, take: Take, clock: Clock):
    one, other = take(1), take(2)
    reassigning.reassign(seat, [one, other], "Marta")
    clock.on(MINUTE)
    seen = seat.inquiry(one).heads
    from_elsewhere(seat, one, Reassigned(member="Bo"), actor="Lena", seen=seen)
    privacy.erase(seat, other)
    handoff.undo(seat)
    assert owner(seat, one) == "Bo"


# the limit, enforced


def test_what_is_given_comes_back_when_its_limit_ends(seat: Seat, take: Take, clock: Clock):
    person = take(1)
    since = clock.now
    clock.on(HOUR)
    reassigning.reassign(seat, [person], "Marta")
    assert returns(seat, person) == since + 24 * HOUR


def test_what_is_late_already_stays_for_a_fifth_of_the_limit(seat: Seat, take: Take, clock: Clock):
    person = take(1)
    clock.on(30 * HOUR)
    reassigning.reassign(seat, [person], "Marta")
    assert returns(seat, person) == clock.now + round(4.8 * HOUR)


def test_in_working_hours_a_weekend_and_a_holiday_do_not_count(seat: Seat, take: Take, clock: Clock):
    changing_settings.change(seat, "zone", "Europe/Berlin")
    changing_settings.change(seat, "region", "DE")
    changing_settings.change(seat, "limit-clock", "working")
    changing_settings.change(seat, "limit-hours", "8")
    clock.on(23 * DAY - 2 * HOUR)  # Thursday 2 April 2026, 14:00 in Berlin (summer time): Good Friday is next
    clock.on(HOUR)
    person = take(1)
    reassigning.reassign(seat, [person], "Marta")
    back = returns(seat, person)
    from datetime import datetime
    from zoneinfo import ZoneInfo

    assert back is not None
    assert f"{datetime.fromtimestamp(back / 1000, ZoneInfo('Europe/Berlin')):%Y-%m-%d}" == "2026-04-07"  # Tuesday


def test_a_source_may_say_that_what_is_held_stays(seat: Seat, take: Take):
    person = take(1)
    sources.define(seat, "Fair", returns=False)
    reassigning.reassign(seat, [person], "Marta")
    assert returns(seat, person) is None
    sources.define(seat, "Fair", returns=True)
    reassigning.reassign(seat, [person], "Marta")
    assert returns(seat, person) is not None
    assert sources.show(seat, "Fair").returns


def test_the_holder_is_warned_once_when_four_fifths_are_used(seat: Seat, take: Take, clock: Clock):
    gather(seat)
    person = take(1)
    reassigning.reassign(seat, [person], ADA)
    gather(seat, me=ADA, role=Role.CALLER)
    assert enforcing.warnings(seat) == []
    clock.on(20 * HOUR)
    (warning,) = enforcing.warnings(seat)
    assert (warning.inquiry, warning.state, warning.holder, warning.for_lead) == (person, LimitState.SOON, ADA, False)
    assert enforcing.warnings(seat) == []


def test_the_lead_is_told_once_what_went_over_and_that_it_came_back(seat: Seat, take: Take, clock: Clock):
    gather(seat)
    late = take(9)
    clock.on(25 * HOUR)
    assert enforcing.warnings(seat) == []  # late before anybody looked: the figures say so
    person = take(1)
    reassigning.reassign(seat, [person], BEN)
    clock.on(20 * HOUR)
    assert enforcing.warnings(seat) == []  # near, and Ben's
    clock.on(5 * HOUR)
    (warning,) = enforcing.warnings(seat)
    assert (warning.inquiry, warning.holder, warning.for_lead, warning.returned) == (person, BEN, True, True)
    assert enforcing.warnings(seat) == []
    assert late != person


def test_a_caller_is_not_told_what_leads_are(seat: Seat, take: Take, clock: Clock):
    gather(seat, me=ADA, role=Role.CALLER)
    enforcing.warnings(seat)
    take(1)
    clock.on(25 * HOUR)
    assert enforcing.warnings(seat) == []


def test_what_waits_anew_is_told_anew(seat: Seat, take: Take, clock: Clock):
    enforcing.warnings(seat)
    person = take(1)
    clock.on(25 * HOUR)
    assert len(enforcing.warnings(seat)) == 1
    calling.log_call(seat, person, Outcome.CALLBACK, back_at=clock.now + HOUR)
    clock.on(27 * HOUR)
    assert [each.inquiry for each in enforcing.warnings(seat)] == [person]


# contested


def contested(seat: Seat, take: Take) -> tuple[str, str, str]:
    """Ada sold and Ben discarded, neither knowing of the other: the inquiry, and both decisions."""
    person = take(1)
    seen = seat.inquiry(person).heads
    seat.clock.on(MINUTE)  # type: ignore[attr-defined]
    now = seat.now()
    sold = from_elsewhere(seat, person, Disposed(disposition=Disposition.SELL, decided_at=now, score=81),
                          Person(next_step="Site visit"), actor=ADA, seen=seen)  # fmt: skip
    gone = from_elsewhere(seat, person, Disposed(disposition=Disposition.NURTURE, decided_at=now + MINUTE, score=40),
                          Person(reason="not this year"), actor=BEN, seen=seen, wall=now + MINUTE)  # fmt: skip
    seat.clock.on(HOUR)  # type: ignore[attr-defined]
    return person, sold.id, gone.id


def test_both_decisions_are_shown_with_who_when_and_why(seat: Seat, take: Take):
    person, sold, kept = contested(seat, take)
    found = settling.contest(seat, person)
    assert [(each.entry, each.actor, each.what, each.score) for each in found.decisions] == [
        (sold, ADA, "sell", 81), (kept, BEN, "nurture", 40),
    ]  # fmt: skip
    assert [each.shows for each in found.decisions] == [False, True]
    assert (found.decisions[0].next_step, found.decisions[1].reason) == ("Site visit", "not this year")


def test_the_chosen_decision_holds_and_the_contest_is_over_until_it_is_taken_back(seat: Seat, take: Take):
    person, sold, _ = contested(seat, take)
    assert seat.inquiry(person).stage is Stage.NURTURE
    settling.settle(seat, person, sold)
    inquiry = seat.inquiry(person)
    assert (inquiry.stage, inquiry.contested) == (Stage.SELL, False)
    assert "settled: sold to sales" in history.history(seat, person)[-1].text
    with pytest.raises(Refused, match="contested"):
        settling.contest(seat, person)
    handoff.undo(seat)
    assert seat.inquiry(person).contested


def test_three_decisions_are_settled_at_once(seat: Seat, take: Take):
    person, sold, _ = contested(seat, take)
    seen = seat.ledger.entries(person)[0].id
    third = Disposed(disposition=Disposition.NURTURE, decided_at=seat.now())
    from_elsewhere(seat, person, third, actor=CLEO, seen=(seen,))
    settling.settle(seat, person, sold)
    assert (seat.inquiry(person).stage, seat.inquiry(person).contested) == (Stage.SELL, False)


def test_only_a_contested_decision_can_be_kept(seat: Seat, take: Take):
    person, _, _ = contested(seat, take)
    with pytest.raises(Refused, match="not contested"):
        settling.settle(seat, person, seat.ledger.entries(person)[0].id)


# one person


def test_two_inquiries_of_one_person_are_joined_and_parted_by_hand(seat: Seat, take: Take):
    one, other = take(1), take(2)
    merging.merge(seat, other, one)
    shown = min(one, other)
    assert seat.ledger.survivor(one) == seat.ledger.survivor(other) == shown
    with pytest.raises(Refused, match="one person already"):
        merging.merge(seat, one, other)
    (merge,) = merging.merges(seat, one)
    merging.split(seat, merge)
    assert seat.ledger.survivor(max(one, other)) == max(one, other)
    assert merging.merges(seat, one) == []
    with pytest.raises(Refused, match="split already"):
        merging.split(seat, merge)
    with pytest.raises(NotFound):
        merging.split(seat, "0" * 32)
    assert any(isinstance(entry.facts(), Split) for entry in seat.ledger.entries(one) + seat.ledger.entries(other))


def test_everybody_of_the_team_who_calls_may_be_chosen(seat: Seat):
    gather(seat)
    assert reassigning.members(seat) == [ADA, BEN, CLEO, IRIS, LENA]
