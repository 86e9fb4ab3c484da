"""The lists and figures of a team lead's desk, on a real store."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.models.entries import Disposition, Outcome
from app.models.limits import LimitState
from app.models.rights import Role
from app.services import calling, changing_settings, handoff, privacy, queue, sources
from app.services.desk import figures as desk_figures
from app.services.desk import pages, reassigning
from app.services.desk.figures import Doing
from app.services.desk.pages import How, Tab
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.team import mirrors
from app.services.team.link import Absence, Member
from tests.services.made_up import DAY, HOUR, MINUTE, Clock
from tests.services.team import ADA, BEN, CLEO, IRIS, gather, send_away, there
from tests.services.test_reassigning import contested

Take = Callable[..., str]


def ids(seat: Seat, tab: Tab, text: str = "") -> list[str]:
    return [row.id for row in pages.page(seat, tab, text=text).rows]


@pytest.fixture
def aged(seat: Seat, take: Take, clock: Clock) -> list[str]:
    """Five people, who have waited 26, 21, 13, 7 and 1 hours."""
    taken = []
    for number, hours in enumerate((5, 8, 6, 6, 1)):
        taken.append(take(number))
        clock.on(hours * HOUR)
    return taken


# the lists


def test_stale_are_those_over_the_limit_or_near_it_the_longest_waiting_first(seat: Seat, aged: list[str]):
    rows = pages.page(seat, Tab.STALE).rows
    assert [(row.id, row.state) for row in rows] == [(aged[0], LimitState.OVER), (aged[1], LimitState.SOON)]
    assert rows[0].waited_ms == 26 * HOUR
    assert ids(seat, Tab.WAITING) == aged


def test_the_limit_of_a_source_counts_for_its_inquiries(seat: Seat, take: Take, aged: list[str], clock: Clock):
    sources.define(seat, "Web", limit_hours=2)
    sources.define(seat, "Slow", limit_hours=400)
    web, slow = take(10, source="Web"), take(11, source="Slow")
    clock.on(3 * HOUR)
    assert ids(seat, Tab.STALE) == [aged[0], aged[1], web]
    clock.on(60 * HOUR)
    assert slow not in ids(seat, Tab.STALE)
    figures = desk_figures.figures(seat)
    assert figures.over == queue.counts(seat).over_limit == 6


def test_pages_follow_each_other_without_a_gap_or_a_double(seat: Seat, take: Take, clock: Clock):
    people = [take(number) for number in range(23)]  # all at one moment: the id orders them
    clock.on(30 * HOUR)
    for tab in (Tab.STALE, Tab.WAITING):
        seen, after = [], None
        while True:
            page = pages.page(seat, tab, after, 5)
            seen += [row.id for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert seen == sorted(people)
        assert pages.ids(seat, tab) == seen
    assert pages.ids(seat, Tab.STALE, most=7) == sorted(people)[:7]


def test_who_has_them_and_for_how_long_is_told(seat: Seat, aged: list[str], clock: Clock):
    reassigning.reassign(seat, aged[:2], "Ben")
    clock.on(2 * HOUR)
    first, second, third = pages.page(seat, Tab.WAITING).rows[:3]
    assert (first.holder, first.how, first.held_ms) == ("Ben", How.GIVEN, 2 * HOUR)
    assert (third.holder, third.how) == ("", How.NOBODY)
    calling.log_call(seat, second.id, Outcome.CALLBACK, back_at=clock.now + HOUR)
    called = next(row for row in pages.page(seat, Tab.WAITING).rows if row.id == second.id)
    assert (called.holder, called.held_ms) == ("Ben", None)
    assert ids(seat, Tab.HELD) == [first.id]


def test_past_its_day_to_return_nobody_has_it(seat: Seat, aged: list[str], clock: Clock):
    reassigning.reassign(seat, aged[4:], "Ben")
    assert ids(seat, Tab.HELD) == aged[4:]
    clock.on(24 * HOUR)
    assert ids(seat, Tab.HELD) == []
    assert pages.page(seat, Tab.WAITING).rows[-1].holder == ""
    assert desk_figures.figures(seat).held == 0


def test_released_is_held_by_nobody(seat: Seat, aged: list[str]):
    reassigning.reassign(seat, aged, "Ben")
    reassigning.reassign(seat, aged[1:], "")
    assert ids(seat, Tab.HELD) == aged[:1]


def test_who_is_on_a_call_with_them_is_told(seat: Seat, aged: list[str]):
    gather(seat)
    mirrors.keep_presence(seat, [there(CLEO, seat.now(), doing="call", inquiry=aged[1], since=seat.now() - MINUTE)])
    row = pages.page(seat, Tab.STALE).rows[1]
    assert (row.holder, row.how) == (CLEO, How.LINE)
    cleo = next(row for row in desk_figures.callers(seat) if row.name == CLEO)
    assert (cleo.doing, cleo.inquiry) == (Doing.CALL, aged[1])
    assert cleo.person.startswith("Bruno")


def test_what_is_contested_names_both(seat: Seat, take: Take):
    person, _, _ = contested(seat, take)
    (row,) = pages.page(seat, Tab.CONTESTED).rows
    assert (row.id, row.holder, row.how) == (person, "Ada: sell, Ben: nurture", How.DECIDED)


def test_sales_are_silent_once_their_limit_is_over(seat: Seat, take: Take, clock: Clock):
    person = take(1)
    handoff.dispose(seat, person, Disposition.SELL, Choice(reason="fits", for_member="Sam"))
    assert ids(seat, Tab.SILENT) == []
    clock.on(2 * HOUR)
    (row,) = pages.page(seat, Tab.SILENT).rows
    assert (row.id, row.holder, row.how, row.waited_ms) == (person, "Sam", How.SALES, 2 * HOUR)
    assert desk_figures.figures(seat).silent == 1


@pytest.mark.parametrize(
    ("typed", "places"),
    [("anna", [0]), ("WERK 3", [3]), ("erk", [0, 1, 2, 3, 4]), ("fair", [0, 1, 2, 3, 4]), ("be", [1]), ("25002", [2]),
     ("@ben", [1]), ("@be", []), ("nobody", []), ("%", []), ('"', []), ("  ", [0, 1, 2, 3, 4])],
)  # fmt: skip
def test_what_is_typed_narrows_a_list(seat: Seat, aged: list[str], typed: str, places: list[int]):
    reassigning.reassign(seat, [aged[1]], "Ben")
    assert ids(seat, Tab.WAITING, typed) == [aged[place] for place in places]


def test_who_objected_or_is_gone_is_on_no_list(seat: Seat, aged: list[str]):
    privacy.object_to_calls(seat, aged[0])
    privacy.erase(seat, aged[1])
    assert ids(seat, Tab.STALE) == []
    assert ids(seat, Tab.WAITING) == aged[2:]
    figures = desk_figures.figures(seat)
    assert (figures.waiting, figures.over) == (3, 0)
    assert sum(each.count for each in figures.bins) == 3


# the figures


def test_the_cards_count_what_the_lists_show(seat: Seat, aged: list[str], clock: Clock):
    figures = desk_figures.figures(seat)
    assert (figures.waiting, figures.over, figures.due) == (5, 1, 1)
    assert figures.oldest_ms == 26 * HOUR
    assert figures.clears_at is None  # nobody calls
    reassigning.reassign(seat, aged[2:4], "Ben")
    clock.on(HOUR)
    figures = desk_figures.figures(seat)
    assert (figures.held, figures.held_longest_ms) == (2, HOUR)


def test_how_many_went_over_since_the_day_began(seat: Seat, take: Take, clock: Clock):
    changing_settings.change(seat, "zone", "Europe/Berlin")  # the clock stands at 16:00 there
    take(1)
    clock.on(20 * HOUR)
    take(2)
    clock.on(5 * HOUR)  # 17:00 the next day: the first is over since 16:00
    figures = desk_figures.figures(seat)
    assert (figures.over, figures.over_new) == (1, 1)
    assert figures.day_began_at == clock.now - 8 * HOUR
    clock.on(17 * HOUR)  # 10:00: the second went over at noon of tomorrow at the earliest
    figures = desk_figures.figures(seat)
    assert (figures.over, figures.over_new) == (1, 0)


def test_the_pace_of_two_hours_says_when_it_clears(seat: Seat, aged: list[str], clock: Clock):
    for each in aged[3:]:
        calling.log_call(seat, each, Outcome.CALLBACK, back_at=clock.now + 9 * HOUR)
    figures = desk_figures.figures(seat)
    assert figures.over + figures.due == 2
    assert figures.clears_at == clock.now + 2 * HOUR  # two calls in two hours


def test_ages_fall_into_eighths_of_the_limit_and_two_bins_over_it(seat: Seat, aged: list[str]):
    bins = desk_figures.figures(seat).bins
    assert [each.start_ms // HOUR for each in bins] == [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]
    assert [each.count for each in bins] == [1, 0, 1, 0, 1, 0, 0, 1, 1, 0]
    assert [each.state for each in bins[6:]] == [LimitState.SOON] * 2 + [LimitState.OVER] * 2


def test_callers_of_a_team_with_what_they_hold_and_do(seat: Seat, aged: list[str]):
    gather(seat)
    reassigning.reassign(seat, aged[:3], BEN)
    send_away(seat, IRIS)
    found = {row.name: row for row in desk_figures.callers(seat)}
    assert list(found) == [ADA, BEN, CLEO, IRIS]
    assert {name: row.doing for name, row in found.items()} == {
        ADA: Doing.BETWEEN, BEN: Doing.AWAY, CLEO: Doing.CALL, IRIS: Doing.ABSENT,
    }  # fmt: skip
    assert (found[BEN].in_hand, found[BEN].over, found[BEN].since) == (3, 1, seat.now() - 2 * HOUR)


def test_alone_there_is_only_me_and_whoever_was_given_something(seat: Seat, aged: list[str]):
    assert [(row.name, row.doing) for row in desk_figures.callers(seat)] == [("me", Doing.HERE)]
    reassigning.reassign(seat, aged[:1], "Marta")
    assert [row.name for row in desk_figures.callers(seat)] == ["me", "Marta"]
    assert not desk_figures.figures(seat).offline


def test_a_hub_that_is_silent_is_said(seat: Seat, clock: Clock):
    gather(seat)
    assert not desk_figures.figures(seat).offline
    clock.on(3 * MINUTE)
    assert desk_figures.figures(seat).offline


# the mirrors


def test_the_team_is_kept_as_it_was_told_last(seat: Seat):
    first = [Member(name="Ada", role=Role.CALLER, sources=("Fair", "Web")), Member(name="Bo", role=Role.ADMIN)]
    mirrors.keep_members(seat, first)
    assert mirrors.members(seat) == first
    mirrors.keep_members(seat, [Member(name="Ada", role=Role.CALLER, revoked=True)])
    assert mirrors.members(seat) == [Member(name="Ada", role=Role.CALLER, revoked=True)]
    gone = [Absence("Ada", seat.now(), seat.now() + DAY)]
    mirrors.keep_absences(seat, gone)
    assert mirrors.absences(seat) == gone


def test_the_same_said_again_writes_nothing(seat: Seat, clock: Clock):
    gather(seat)
    other = Seat(type(seat.store)(seat.store.path, seat.store.key), device="x", clock=clock, holder="x")
    before = other.store.data_version()
    mirrors.keep_members(seat, mirrors.members(seat))
    mirrors.keep_absences(seat, [])
    clock.on(5000)
    mirrors.keep_presence(seat, mirrors.presences(seat))
    assert other.store.data_version() == before
    other.store.close()


# at a million, nothing is scanned


@pytest.mark.parametrize("tab", list(Tab))
def test_every_list_is_a_walk_along_an_index(seat: Seat, tab: Tab, monkeypatch: pytest.MonkeyPatch):
    sources.define(seat, "Web", limit_hours=2)
    asked: list[tuple[str, dict[str, object]]] = []
    ask = seat.store.query
    monkeypatch.setattr(seat.store, "query", lambda sql, p=(): asked.append((sql, p)) or ask(sql, p))
    pages.page(seat, tab)
    sql, parameters = next((sql, p) for sql, p in asked if "LIMIT :size" in sql)
    plan = [row[3] for row in ask(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert any("USING INDEX" in step or "USING COVERING INDEX" in step for step in plan), plan
    assert not any(re.match(r"SCAN i$", step) for step in plan), plan
    if tab is not Tab.CONTESTED:  # few are
        assert not any("TEMP B-TREE FOR ORDER" in step for step in plan), plan
