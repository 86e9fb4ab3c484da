"""The order of the queue against a slow, obvious model; claims; pages; counts."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Outcome, Phone
from app.models.inquiry import Inquiry, Stage
from app.models.limits import LimitState, state
from app.services import calling, capture, privacy, queue, sources
from app.services.changing_settings import change
from app.services.desk import figures as desk_figures
from app.services.desk import reassigning
from app.services.errors import NobodyCallable, Refused
from app.services.queue.order import MOST_SEEKS
from app.services.seat import Seat
from app.services.sources import Limits
from app.services.store import tallies
from app.services.store.projection import project
from tests.services.actions_at_random import Shift, steps
from tests.services.made_up import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Clock,
    beside,
    form,
    new_home,
    profile,
    python,
)

PLACES = (
    {"phone": "+4930231250{:02d}", "country": "DE"},
    {"phone": "+120255501{:02d}", "country": "US"},
    {"phone": "+612555010{:02d}", "country": "AU"},
    {"phone": "+442079460{:03d}", "country": "GB"},
    {"phone": "12", "country": "DE"},
)


def may_be_called(seat: Seat, inquiry: Inquiry) -> bool:
    """One inquiry at a time, from the fold alone."""
    now, number = seat.now(), inquiry.number
    if inquiry.stage is not Stage.WAITING or inquiry.hold or number is None:
        return False
    keys = set(seat.ledger.ring.hashes(f"p:{number.e164}"))
    if any(row[0] in keys for row in seat.store.query("SELECT key FROM suppression WHERE reason = 'objection'")):
        return False
    held = seat.store.query("SELECT holder, expires_at FROM claim WHERE inquiry = ?", (inquiry.id,))
    if any(holder != seat.holder and expires > now for holder, expires in held):
        return False
    if inquiry.since > now or inquiry.not_before > now:
        return False
    grace = seat.settings.whole("callback-grace-minutes") * MINUTE
    mine = {inquiry.promised_by, whose(inquiry, now)}
    if inquiry.promised_at and seat.member not in mine and inquiry.promised_at > now - grace:
        return False
    if not inquiry.promised_at and group(seat, inquiry) == 3:
        limit = Limits(seat).of(inquiry.source)
        if state(limit, inquiry.since, now) is not LimitState.OVER:
            return False
    return seat.hours.opening(calling.class_of(inquiry), now).open


def whose(inquiry: Inquiry, now: int) -> str:
    """Past the day to return, an assignment holds no more."""
    return "" if inquiry.return_by is not None and inquiry.return_by <= now else inquiry.owner


def group(seat: Seat, inquiry: Inquiry) -> int:
    owner = whose(inquiry, seat.now())
    return 0 if inquiry.promised_at else {seat.member: 1, "": 2}.get(owner, 3)


def in_order(seat: Seat) -> list[str]:
    everybody = [seat.inquiry(row[0]) for row in seat.store.query("SELECT id FROM inquiry")]
    callable_now = [inquiry for inquiry in everybody if may_be_called(seat, inquiry)]
    by = {inquiry.id: (group(seat, inquiry), inquiry.promised_at or inquiry.since) for inquiry in callable_now}
    return [i.id for i in sorted(callable_now, key=lambda i: (*by[i.id], i.id))]


def over_limit(seat: Seat) -> int:
    limits, waiting = Limits(seat), seat.store.query("SELECT source, since FROM inquiry WHERE stage = 'waiting'")
    return sum(state(limits.of(source), since, seat.now()) is LimitState.OVER for source, since in waiting)


def all_pages(seat: Seat, page, size: int) -> list[str]:  # type: ignore[no-untyped-def]
    found: list[str] = []
    after = None
    while True:
        got = page(seat, after, size)
        found += [row.id for row in got.rows]
        if got.next is None:
            return found
        after = got.next


people = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 3)), min_size=4, max_size=12)
given_to = st.tuples(
    st.integers(0, 11),
    st.sampled_from(["me", "Bo", "Cy", ""]),
    st.sampled_from([None, 1, 5, 30]),  # hours until then
)


@profile(12, 400)
@given(people, st.lists(steps, max_size=30), st.lists(given_to, max_size=8), st.integers(0, 50), st.booleans())
def test_the_queue_is_in_the_order_of_a_slow_and_obvious_model(  # type: ignore[no-untyped-def]
    asked, actions, assigned, hours: int, colleague: bool
) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, new_home(Path(folder) / "home", clock) as home:
        shift, other = Shift(home.seat, clock), beside(home.seat, member="Bo")
        for number, (place, age) in enumerate(asked):
            made = form(number, phone=place["phone"].format(number), country=place["country"])
            shift.known.append(capture.capture(home.seat, made).inquiry_id)
            clock.on(age * MINUTE)
        for action in actions:
            shift.step(*action)
            if action[1] == 0:
                shift.seat = other if shift.seat is home.seat else home.seat
            if action[2] == 0 and shift.known:
                with suppress(Refused):
                    queue.claim(shift.seat, shift.one(action[1]))
        sources.define(home.seat, "Fair", limit_hours=[24, 2, 26][hours % 3])
        for who, member, until in assigned:
            with suppress(Refused):
                back = clock.now + until * HOUR if until else None
                reassigning.reassign(home.seat, [shift.one(who)], member, back)
        clock.on(hours * HOUR)
        seat = other if colleague else home.seat
        expected = in_order(seat)
        rows = queue.callable_page(seat, size=1000).rows
        assert [row.id for row in rows] == expected
        assert list(rows) == queue.rows(seat, expected)
        for size in (1, 2, 5):
            assert all_pages(seat, queue.callable_page, size) == expected
        assert [int(row.group) for row in rows] == [group(seat, seat.inquiry(row.id)) for row in rows]
        everybody = queue.whole_page(seat, size=1000).rows
        whole = [row.id for row in everybody]
        assert whole[: len(expected)] == expected
        assert [(row.since, row.id) for row in everybody[len(expected) :]] == sorted(
            (row.since, row.id) for row in everybody if not row.callable
        )
        for size in (1, 3):
            assert all_pages(seat, queue.whole_page, size) == whole
        waits = seat.store.query("SELECT id FROM inquiry WHERE stage IN ('waiting', 'objected')")
        assert sorted(whole) == sorted(row[0] for row in waits)
        assert {row.id for row in everybody if row.callable} == set(expected)
        counts = queue.counts(seat)
        assert (counts.callable_now, counts.waiting) == (len(expected), len(whole))
        assert counts.over_limit == desk_figures.figures(seat).over == over_limit(seat)
        assert tallies.agree(seat.store)
        assert queue.peek_next(seat) == (expected[0] if expected else None)
        if expected:
            assert queue.claim_next(seat) == expected[0]
        else:
            with pytest.raises(NobodyCallable):
                queue.claim_next(seat)
            claimed = seat.store.one("SELECT 1 FROM claim WHERE holder <> ?", (seat.holder,))
            if counts.next_opens_at is not None and not claimed:
                start, end = clock.now, counts.next_opens_at
                for part in range(12):
                    clock.now = start + (end - 1 - start) * part // 11
                    assert in_order(seat) == []
        other.store.close()


def test_a_promised_callback_comes_first_for_whoever_promised_and_for_others_after_the_grace(
    seat: Seat, clock: Clock
) -> None:
    first = capture.capture(seat, form(1)).inquiry_id
    promised = capture.capture(seat, form(2)).inquiry_id
    bo = beside(seat, member="Bo")
    calling.log_call(seat, promised, Outcome.CALLBACK, back_at=clock.now + HOUR)
    assert queue.peek_next(seat) == first
    clock.on(HOUR)
    assert (queue.peek_next(seat), queue.peek_next(bo)) == (promised, first)
    assert queue.row(bo, promised).why == "me promised to call back"
    clock.on(15 * MINUTE)
    assert queue.peek_next(bo) == promised


def test_nobody_gets_whom_another_holds_until_the_claim_runs_out(seat: Seat, clock: Clock) -> None:
    one, two = capture.capture(seat, form(1)).inquiry_id, capture.capture(seat, form(2)).inquiry_id
    bo = beside(seat, member="Bo")
    assert (queue.claim_next(seat), queue.claim_next(bo)) == (one, two)
    assert queue.row(bo, one).why == "me has them on the line"
    with pytest.raises(Refused):
        queue.claim(bo, one)
    clock.on(queue.LEASE_MS - 1)
    queue.keep_claims(seat)
    clock.on(1)
    with pytest.raises(Refused):
        queue.claim(bo, one)
    queue.claim(bo, two)
    clock.on(queue.LEASE_MS)
    queue.claim(bo, one)
    with pytest.raises(Refused):
        calling.log_call(seat, one, Outcome.BUSY)


def test_one_claim_ahead_is_kept_and_the_others_are_let_go(seat: Seat) -> None:
    one, two, three = (capture.capture(seat, form(n)).inquiry_id for n in (1, 2, 3))
    assert queue.claim_next(seat) == one
    queue.claim(seat, two)
    queue.claim_next(seat, keep=two)
    held = {row[0] for row in seat.store.query("SELECT inquiry FROM claim")}
    assert held == {one, two}
    queue.release(seat, keep=two)
    assert {row[0] for row in seat.store.query("SELECT inquiry FROM claim")} == {two}
    assert three


def test_where_the_only_one_is_held_nobody_says_that_nobody_waits(seat: Seat) -> None:
    bo = beside(seat, member="Bo")
    capture.capture(seat, form(1))
    queue.claim_next(seat)
    with pytest.raises(NobodyCallable, match="whoever waits is held"):
        queue.claim_next(bo)


def test_when_nobody_can_be_called_the_refusal_says_when_the_next_opens(seat: Seat, clock: Clock) -> None:
    change(seat, "zone", "UTC")
    with pytest.raises(NobodyCallable, match="nobody waits"):
        queue.claim_next(seat)
    inquiry = capture.capture(seat, form(1)).inquiry_id
    clock.now = NOON + 6 * HOUR  # 22:00 in Berlin
    assert queue.counts(seat).next_opens_at == queue.row(seat, inquiry).opens_at
    with pytest.raises(NobodyCallable, match="the next opens at 2026-03-11 07:00, in 10 h"):
        queue.claim_next(seat)
    calling.log_call(seat, inquiry, Outcome.CALLBACK, back_at=NOON + DAY)
    assert queue.counts(seat).next_opens_at == NOON + DAY
    assert queue.counts(beside(seat, member="Bo")).next_opens_at == NOON + DAY + 15 * MINUTE


def test_a_row_says_why_somebody_is_not_called(seat: Seat, clock: Clock) -> None:
    def why(inquiry: str) -> str:
        return queue.row(seat, inquiry).why

    invalid = capture.capture(seat, form(1, phone="12")).inquiry_id
    assert why(invalid) == "invalid number: correct the number"
    capture.edit(seat, invalid, {"phone": "030 23125 001"})
    assert why(invalid) == ""
    calling.skip(seat, invalid, "lunch")
    assert why(invalid).startswith("skipped until")
    clock.on(HOUR)
    assert why(invalid) == ""
    calling.log_call(seat, invalid, Outcome.NO_ANSWER)
    assert why(invalid).startswith("not due: next try")
    privacy.object_to_calls(seat, invalid)
    assert why(invalid) == "objected: asked not to be called"
    late = capture.capture(seat, form(2)).inquiry_id
    clock.now = NOON + 8 * HOUR
    assert why(late).startswith("outside hours: opens 08:00 their time")


def test_a_page_goes_on_behind_those_who_were_skipped_and_any_name_arrives_as_it_was_written(seat: Seat) -> None:
    names = ['Ann "An" O\'Neil', "Zoë\u2028\U0001f4de", "tab\tand\\line\n", "李", "", "Bo", "Cy"]
    asked = [capture.capture(seat, form(n, first_name=name)).inquiry_id for n, name in enumerate(names)]
    for inquiry_id in asked[:4] + asked[5:6]:
        calling.skip(seat, inquiry_id, "in a meeting")
    left = [asked[4], asked[6]]
    for size in (1, 2, 3, 100):
        assert all_pages(seat, queue.callable_page, size) == left
    seat.store.writer.execute("UPDATE inquiry SET not_before = 0")
    page = queue.callable_page(seat)
    assert list(page.rows) == queue.rows(seat, asked)
    assert sorted(row.first_name for row in page.rows) == sorted(seat.inquiry(i).first_name for i in asked)


def test_every_fact_of_a_row_is_at_its_place(seat: Seat, clock: Clock) -> None:
    made = form(1, title="Buyer", company="Hoser AG", email="ada@example.org", country="GB", phone="+442079460001")
    inquiry = capture.capture(seat, made).inquiry_id
    reassigning.reassign(seat, [inquiry], "Ben")
    clock.on(HOUR)
    names = [
        "first_name", "last_name", "company", "title", "phone", "phone_valid", "email", "source", "country", "zone",
        "captured_at", "since", "attempts", "attempts_allowed", "promised_at", "score", "owner", "stage",
    ]  # fmt: skip
    row, kept = queue.row(seat, inquiry), seat.store.one(f"SELECT {', '.join(names)} FROM inquiry")
    assert tuple(getattr(row, name) for name in names) == kept
    assert (row.id, row.waited_ms, row.limit_ms, row.limit_state) == (inquiry, HOUR, 24 * HOUR, LimitState.FINE)
    assert (row.callable, row.why, row.woken) == (False, "with Ben until 2026-03-11 15:00", False)
    assert row.opens_at == clock.now + 23 * HOUR


def test_waiting_counts_from_the_capture_and_after_a_call_from_the_retry(seat: Seat, clock: Clock) -> None:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    clock.on(25 * HOUR)
    row = queue.row(seat, inquiry)
    assert (row.waited_ms, row.limit_ms, row.limit_state) == (25 * HOUR, 24 * HOUR, "over")
    assert queue.counts(seat).over_limit == 1
    calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
    row = queue.row(seat, inquiry)
    assert (row.waited_ms, row.callable, row.attempts) == (0, False, 1)
    assert queue.counts(seat).over_limit == 0
    clock.now = row.since + MINUTE
    assert queue.row(seat, inquiry).waited_ms == MINUTE


CLAIMS = """
import sys, time
from app import bootstrap
from pathlib import Path
from app.services import queue, calling
from app.services.errors import NobodyCallable
from app.models.entries import Outcome
home = bootstrap._open(Path(sys.argv[1]), bytes(range(32)), lambda: int(sys.argv[2]))
home.seat.store.warm_up(); home.seat.script; home.seat.hours
import app.models.tables, sqlalchemy.dialects.sqlite, app.services.store.projection
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        inquiry = queue.claim_next(home.seat)
    except NobodyCallable:
        break
    print(inquiry, flush=True)
    calling.log_call(home.seat, inquiry, Outcome.NO_ANSWER)
    time.sleep(0.02)  # as people do, so that the other one gets somebody too
home.close()
"""


def test_two_windows_at_once_never_get_the_same_inquiry_and_nothing_is_lost(tmp_path: Path, clock: Clock) -> None:
    import subprocess

    with new_home(tmp_path / "home", clock) as home:
        ids = [capture.capture(home.seat, form(n)).inquiry_id for n in range(40)]
        windows = [python(CLAIMS, str(home.path), str(clock.now), stdin=subprocess.PIPE) for _ in range(2)]
        for window in windows:
            assert window.stdout and window.stdout.readline() == "ready\n"
        for window in windows:
            assert window.stdin
            window.stdin.write("go\n")
            window.stdin.flush()
        out = [window.communicate(timeout=60) for window in windows]
        assert [window.returncode for window in windows] == [0, 0], out
        claimed = [line for text, _ in out for line in text.split()]
        assert sorted(claimed) == sorted(ids)
        assert all(text for text, _ in out), "both worked"
        counted = [row[0] for row in home.seat.store.query("SELECT device_seq FROM ledger ORDER BY device_seq")]
        assert counted == list(range(1, len(counted) + 1))
        assert home.seat.store.one("SELECT count(*) FROM attempt") == (40,)


def test_a_number_of_no_country_is_called_by_the_hours_of_the_persons_country(seat: Seat) -> None:
    worldwide = Phone(raw="+800 1234 5678", e164="+80012345678")
    inquiry = Inquiry(id="0" * 32, country="US", phones=(worldwide,))
    row = project(inquiry, 1, number_objected=False).named()
    assert row["calling_class"] == calling.class_of(inquiry)
    assert row["calling_class"].endswith("|US")


def test_mine_come_before_nobodys_and_a_colleagues_only_over_their_limit(seat: Seat, clock: Clock) -> None:
    change(seat, "zone", "Europe/Berlin")
    bens, nobodys, mine = (capture.capture(seat, form(n)).inquiry_id for n in (1, 2, 3))
    reassigning.reassign(seat, [bens], "Ben", clock.now + 3 * HOUR)
    reassigning.reassign(seat, [mine], "me")
    assert [row.id for row in queue.callable_page(seat).rows] == [mine, nobodys]
    row = queue.row(seat, bens)
    assert (row.owner, row.why, row.opens_at) == ("Ben", "with Ben until 19:00", clock.now + 3 * HOUR)
    ben = beside(seat, member="Ben")
    assert [row.id for row in queue.callable_page(ben).rows] == [bens, nobodys]
    sources.define(seat, "Fair", limit_hours=2)
    assert queue.row(seat, bens).opens_at == clock.now + 2 * HOUR
    clock.on(2 * HOUR)
    assert [row.id for row in queue.callable_page(seat).rows] == [mine, nobodys, bens]
    assert (queue.claim_next(seat), queue.claim_next(ben)) == (mine, bens)


def test_past_the_day_to_return_an_assignment_is_nobodys_again(seat: Seat, clock: Clock) -> None:
    change(seat, "zone", "Europe/Berlin")
    bens = capture.capture(seat, form(1)).inquiry_id
    reassigning.reassign(seat, [bens], "Ben", clock.now + HOUR)
    later = capture.capture(seat, form(2)).inquiry_id
    reassigning.reassign(seat, [later], "Ben")
    counts = queue.counts(seat)
    assert (counts.callable_now, counts.next_opens_at) == (0, clock.now + HOUR)
    with pytest.raises(NobodyCallable, match="the next opens at 17:00, in 1 h 0 m"):
        queue.claim_next(seat)
    clock.on(HOUR)
    row = queue.row(seat, bens)
    assert (row.owner, row.callable, queue.counts(seat).callable_now) == ("", True, 1)
    assert queue.claim_next(seat) == bens
    assert queue.claim_next(beside(seat, member="Ben")) == later


def test_who_comes_first_of_very_many_that_came_back_each_at_a_time_of_its_own(seat: Seat, clock: Clock) -> None:
    change(seat, "zone", "Europe/Berlin")
    taken = []
    for number in range(MOST_SEEKS + 5):
        taken.append(capture.capture(seat, form(number)).inquiry_id)
        clock.on(1000)
        reassigning.reassign(seat, [taken[-1]], ["Ben", "me"][number % 2], clock.now + (400 - number) * MINUTE // 100)
    clock.on(HOUR)
    ben, cleo = beside(seat, member="Ben"), beside(seat, member="Cleo")
    assert queue.counts(seat).callable_now == len(taken)
    assert queue.peek_next(seat) == taken[0] == queue.callable_page(seat).rows[0].id
    assert (queue.claim_next(ben), queue.peek_next(seat), queue.peek_next(ben)) == (taken[0], taken[1], taken[0])
    assert queue.claim_next(cleo) == taken[1]
    assert queue.peek_next(seat) == taken[2]
    assert queue.peek_next(seat, without=taken[2]) == taken[3]
    assert queue.counts(seat).callable_now == len(taken) - 2


def test_a_colleagues_inquiry_opens_to_all_when_its_limit_is_over(seat: Seat, clock: Clock) -> None:
    sources.define(seat, "Fair", limit_hours=1)
    bens = capture.capture(seat, form(1)).inquiry_id
    reassigning.reassign(seat, [bens], "Ben")
    assert queue.row(seat, bens).why.startswith("with Ben")
    assert queue.row(seat, bens).opens_at == queue.counts(seat).next_opens_at == clock.now + HOUR


def test_whoever_was_given_an_inquiry_keeps_the_callback_that_a_colleague_promised(seat: Seat, clock: Clock) -> None:
    promised = capture.capture(seat, form(1)).inquiry_id
    calling.log_call(seat, promised, Outcome.CALLBACK, back_at=clock.now + HOUR)
    clock.on(HOUR)
    bo = beside(seat, member="Bo")
    assert queue.peek_next(bo) is None
    reassigning.reassign(seat, [promised], "Bo")
    assert queue.peek_next(bo) == promised
