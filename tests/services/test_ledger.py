"""The tables are what the ledger adds up to, whatever happens and in whatever order it arrives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Captured, Disposition, Lifted, Merged, Person, Phone, Split, Undone
from app.models.entry import Entry
from app.models.erasing import erased_id
from app.services import calling, capture, handoff, merging, privacy, queue
from app.services.errors import NotFound, Refused
from app.services.handoff import Choice
from app.services.seat import Seat
from app.services.store.entry_rows import stream
from app.services.store.rebuilding import rebuild
from tests.models.histories_at_random import histories, make
from tests.services.actions_at_random import Shift, steps, tables_as_they_should_be, tables_now
from tests.services.made_up import NOON, Clock, berlin, form, new_home, profile


def indexes_agree(seat: Seat) -> None:
    """Full text holds exactly what `search` holds (FTS5 compares both), and the file is sound."""
    with seat.store.writing():
        for index in ("search_words", "search_grams"):
            seat.store.writer.execute(f"INSERT INTO {index}({index}, rank) VALUES('integrity-check', 1)")
    assert seat.store.query("PRAGMA integrity_check") == [("ok",)]


@profile(12, 400)
@given(st.lists(steps, min_size=20, max_size=60))
def test_after_any_actions_the_tables_are_what_the_ledger_adds_up_to(actions: list[tuple[int, int, int]]) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, new_home(Path(folder) / "home", clock) as home:
        shift = Shift(home.seat, clock)
        for action in actions:
            shift.step(*action)
        now = tables_now(home.seat)
        assert now == tables_as_they_should_be(home.seat)
        indexes_agree(home.seat)
        rebuild(home.seat.ledger)
        assert tables_now(home.seat) == now
        indexes_agree(home.seat)
        assert all(entry.verifies() for _, entry in stream(home.seat.store))


@profile(6, 200)
@given(st.lists(steps, min_size=20, max_size=40), st.randoms(use_true_random=False))
def test_another_home_that_gets_the_entries_in_any_order_ends_with_the_same_rows(actions, chance) -> None:  # type: ignore[no-untyped-def]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, new_home(Path(folder) / "one", clock) as one:
        shift = Shift(one.seat, clock)
        for action in actions:
            shift.step(*action)
        with new_home(Path(folder) / "two", clock) as two:
            with two.seat.store.writing() as connection:
                connection.exec_driver_sql("DELETE FROM secret WHERE name LIKE 'hash-key:%'")
                for row in one.seat.store.query("SELECT name, value FROM secret WHERE name LIKE 'hash-key:%'"):
                    connection.exec_driver_sql("INSERT INTO secret VALUES(?, ?)", row)
            entries = [entry for _, entry in stream(one.seat.store)]
            chance.shuffle(entries)
            for entry in entries:
                with two.seat.store.writing():
                    two.seat.ledger.append([entry])
            first, second = tables_now(one.seat), tables_now(two.seat)
            assert second == tables_as_they_should_be(two.seat)
            for name in set(first) - {"inquiry", "search"}:
                assert first[name] == second[name], name
            assert sorted(row[1:] for row in first["inquiry"]) == sorted(row[1:] for row in second["inquiry"])


def arrive(seat: Seat, *entries: Entry) -> set[str]:
    with seat.store.writing():
        return seat.ledger.append(entries)


def test_joined_inquiries_are_one_row_and_a_split_makes_two_again(seat: Seat, take, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    low, high = sorted([take(1), take(2)])
    calling.log_call(seat, high, calling.Outcome.NO_ANSWER)
    before = tables_now(seat)
    changed = arrive(seat, make(Merged(other=low), "1" * 32, subject=high, at=clock.now << 16))
    assert changed == {low, high}
    assert [row[1] for row in tables_now(seat)["inquiry"]] == [low]
    assert tables_now(seat) == tables_as_they_should_be(seat)
    assert seat.inquiry(high).id == low
    assert {row[1] for row in tables_now(seat)["attempt"]} == {low}
    arrive(seat, make(Split(merge="1" * 32), "2" * 32, subject=low, at=clock.now << 16))
    assert tables_now(seat) == before
    arrive(seat, make(Undone(entry="2" * 32), "3" * 32, subject=low, at=clock.now << 16))
    assert [row[1] for row in tables_now(seat)["inquiry"]] == [low]


def test_a_merge_that_arrives_before_the_one_it_names_takes_in_what_follows(seat: Seat) -> None:
    first = make(
        Captured(source="Fair", captured_at=NOON), "1" * 32, subject="b" * 32, person=Person(first_name="Anna")
    )
    merge = make(Merged(other="a" * 32), "2" * 32, subject="b" * 32, at=2)
    last = make(Captured(source="Web", captured_at=NOON), "3" * 32, subject="a" * 32, person=Person(last_name="Ahlers"))
    for entry in (merge, first, last):
        arrive(seat, entry)
    (row,) = tables_now(seat)["inquiry"]
    assert row[1] == "a" * 32
    assert seat.inquiry("b" * 32).name == "Anna Ahlers"
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_an_unknown_kind_is_kept_as_it_came_and_holds_the_inquiry(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    inquiry = take(1)
    entry = make(b'{"hold":true,"x":[1]}', "7" * 32, subject=inquiry, kind="dreamt", version=9, person=Person(note="n"))
    arrive(seat, entry)
    assert seat.ledger.entry("7" * 32) == entry
    assert queue.row(seat, inquiry).why.startswith("on hold")
    assert queue.counts(seat).callable_now == 0
    rebuild(seat.ledger)
    assert seat.ledger.entry("7" * 32) == entry


def test_the_same_entry_twice_is_kept_once(seat: Seat) -> None:
    entry = make(Captured(source="Fair", captured_at=NOON), "1" * 32, subject="a" * 32)
    assert arrive(seat, entry) == {"a" * 32}
    assert arrive(seat, entry) == set()
    assert arrive(seat, entry, entry) == set()


def test_the_same_entry_twice_in_one_batch_is_kept_once(seat: Seat) -> None:
    entry = make(Captured(source="Fair", captured_at=NOON), "1" * 32, subject="a" * 32)
    assert arrive(seat, entry, entry) == {"a" * 32}
    assert len(seat.ledger.entries("a" * 32)) == 1


def test_an_echo_of_nobody_captured_makes_no_row_until_the_capture_arrives(seat: Seat) -> None:
    arrive(seat, make(Undone(entry="5" * 32), "1" * 32, subject="a" * 32))
    assert tables_now(seat)["inquiry"] == []
    arrive(seat, make(Captured(source="Fair", captured_at=NOON), "2" * 32, subject="a" * 32))
    assert len(tables_now(seat)["inquiry"]) == 1
    with pytest.raises(NotFound):
        seat.inquiry("f" * 32)


def test_an_error_in_the_middle_of_an_action_changes_nothing(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    inquiry = take(1)
    before, entries = tables_now(seat), list(stream(seat.store))
    cursors = seat.store.query("SELECT * FROM cursor ORDER BY key")
    with pytest.raises(ZeroDivisionError), seat.act() as act:  # noqa: PT012
        act.append(act.inquiry(inquiry).id, Captured(source="Web", captured_at=NOON), Person(first_name="Zoë"))
        act.flush()
        assert seat.inquiry(inquiry).first_name == "Zoë"
        raise ZeroDivisionError
    assert tables_now(seat) == before
    assert list(stream(seat.store)) == entries
    assert seat.store.query("SELECT * FROM cursor ORDER BY key") == cursors
    calling.log_call(seat, inquiry, calling.Outcome.BUSY)
    counted = sorted(entry.device_seq for _, entry in stream(seat.store))
    assert counted == list(range(1, len(counted) + 1))


def test_a_lifted_objection_frees_a_colleague_even_when_the_number_changed_or_the_person_is_gone(  # type: ignore[no-untyped-def]
    seat: Seat, take
) -> None:
    for erased in (False, True):
        first = take(1 + erased, phone=berlin(90), email=f"x{erased}@a.example")
        colleague = take(5 + erased, phone=berlin(90), email=f"y{erased}@a.example")
        privacy.object_to_calls(seat, first)
        assert not queue.row(seat, colleague).callable
        if erased:
            privacy.erase(seat, first)
        else:
            capture.edit(seat, first, {"phone": berlin(91)})
        assert not queue.row(seat, colleague).callable
        privacy.lift(seat, first, "they changed their mind")
        assert queue.row(seat, colleague).callable
        assert tables_now(seat) == tables_as_they_should_be(seat)


def test_a_join_by_which_an_objection_is_lifted_frees_a_colleague_of_whoever_is_erased(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    other, first, colleague = take(1), take(2, phone=berlin(90)), take(3, phone=berlin(90))
    privacy.object_to_calls(seat, first)
    privacy.erase(seat, first)
    objection = next(entry for entry in seat.ledger.entries(first) if entry.kind == "objected")
    said = {"subject": other, "actor": objection.actor, "at": objection.at + 1, "device_seq": 900}
    arrive(seat, make(Lifted(objection=objection.id), "1" * 32, **said))  # while both were joined, on another laptop
    assert not queue.row(seat, colleague).callable
    arrive(seat, make(Merged(other=first), "2" * 32, subject=other, at=objection.at))
    assert queue.row(seat, colleague).callable
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_whoever_shares_the_number_of_an_erased_objector_stays_blocked_after_a_rebuild(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    first, colleague = take(1, phone=berlin(90)), take(2, phone=berlin(90))
    privacy.object_to_calls(seat, first)
    privacy.erase(seat, first)
    rebuild(seat.ledger)
    assert not queue.row(seat, colleague).callable
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_the_same_row_imported_on_two_laptops_apart_is_kept_with_both(seat: Seat) -> None:
    for number, subject in enumerate(("a" * 32, "b" * 32), 1):
        body = Captured(source="List", captured_at=NOON, row_key="row1")
        arrive(seat, make(body, f"{number}" * 32, subject=subject, device=f"d{number}"))
    assert tables_now(seat)["imported_row"] == [("row1", "a" * 32), ("row1", "b" * 32)]


def test_an_erasure_takes_away_what_came_before_it_and_after_it(seat: Seat) -> None:
    person = Person(first_name="Anna", phones=(Phone(raw="1", e164=berlin(1)),))
    captured = make(Captured(source="Fair", captured_at=NOON), "1" * 32, subject="a" * 32, person=person)
    erased = make(handoff_erased(), "2" * 32, subject="a" * 32, at=2)
    late = make(Captured(source="Web", captured_at=NOON), "3" * 32, subject="a" * 32, person=person, at=3)
    for entry in (captured, erased, late):
        arrive(seat, entry)
    assert all(e.person is None and e.salt is None and e.verifies() for e in seat.ledger.entries("a" * 32))


def handoff_erased():  # type: ignore[no-untyped-def]
    from app.models.entries import Erased

    return Erased()


def test_a_join_with_somebody_erased_hides_the_other_and_the_next_look_erases_them(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    first, second = take(1), take(2)
    privacy.erase(seat, first)
    arrive(seat, make(Merged(other=second), "1" * 32, subject=first, at=3))
    assert seat.inquiry(second).erased and not seat.inquiry(second).last_name
    assert tables_now(seat) == tables_as_they_should_be(seat)
    assert any(e.person for e in seat.ledger.entries(second))
    privacy.erase_due(seat)
    assert all(e.person is None for e in seat.ledger.entries(second))
    written = len(seat.ledger.entries(second))
    privacy.erase_due(seat)
    assert len(seat.ledger.entries(second)) == written
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_who_is_parted_before_that_look_has_lost_nothing(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    first, second = take(1), take(2)
    before = seat.inquiry(second)
    privacy.erase(seat, first)
    arrive(seat, make(Merged(other=second), "1" * 32, subject=first, at=3))
    arrive(seat, make(Split(merge="1" * 32), "2" * 32, subject=first, at=4))
    privacy.erase_due(seat)
    assert seat.inquiry(second) == before
    assert seat.inquiry(first).erased
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_somebody_hidden_by_the_erasure_of_another_may_be_erased_by_hand(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    first, second = take(1), take(2)
    privacy.erase(seat, first)
    arrive(seat, make(Merged(other=second), "1" * 32, subject=first, at=3))
    privacy.erase(seat, second)
    assert all(e.person is None for e in seat.ledger.entries(second))
    with pytest.raises(Refused):
        privacy.erase(seat, second)
    arrive(seat, make(Split(merge="1" * 32), "2" * 32, subject=first, at=4))
    assert not capture.capture(seat, form(2)).known  # nobody is there any more
    assert seat.store.one("SELECT count(*) FROM suppression WHERE inquiry = ? AND reason = 'erasure'", (second,)) != (
        0,
    )


def test_both_of_a_join_are_erased_whatever_becomes_of_the_join(seat: Seat, take, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    for requested in (True, False):
        one, other = take(1 + requested), take(3 + requested)
        merge = f"{1 + requested}" * 32
        arrive(seat, make(Merged(other=other), merge, subject=one, at=clock.now << 16))
        if requested:
            privacy.erase(seat, one)
        else:
            handoff.dispose(seat, one, Disposition.DISCARD, Choice(reason="so"))
            clock.on(11 * 60_000)
            privacy.erase_due(seat)
        arrive(seat, make(Split(merge=merge), f"{7 + requested}" * 32, subject=one, at=clock.now << 16))
        for subject in (one, other):
            assert seat.inquiry(subject).erased
            assert all(e.person is None for e in seat.ledger.entries(subject))
        late = Person(first_name="Anna")
        arrive(
            seat, make(Captured(source="Web", captured_at=NOON), f"{5 + requested}" * 32, subject=other, person=late)
        )
        assert all(e.person is None for e in seat.ledger.entries(other))
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_a_join_that_winnow_wrote_after_the_hub_had_the_erasure_erases_nobody(seat: Seat, take) -> None:  # type: ignore[no-untyped-def]
    """Any member could have forged it."""
    first, second, third = take(1), take(2), take(3)
    arrive(seat, make(handoff_erased(), "e" * 32, subject=first, at=5, received_at=5))
    for other, number, at in ((second, "1", 9), (third, "2", 3)):
        merge = make(Merged(other=other), number * 32, subject=first, at=1, received_at=at, actor="winnow")
        arrive(seat, merge)
    privacy.erase_due(seat)
    assert [seat.ledger.is_erased(subject) for subject in (first, second, third)] == [True, False, True]
    assert seat.inquiry(second).erased, "but it hides them until somebody parts or erases them"
    arrive(seat, make(Split(merge="1" * 32), "3" * 32, subject=first, at=4))
    assert seat.inquiry(second).last_name


def test_two_devices_make_the_same_entry_of_the_same_discard(seat: Seat, take, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    low, high = sorted([take(1), take(2)])
    handoff.dispose(seat, high, Disposition.DISCARD, Choice(reason="so"))
    arrive(seat, make(Merged(other=high), "1" * 32, subject=low, at=3))
    clock.on(11 * 60_000)
    decision = seat.inquiry(high).decision
    privacy.erase_due(seat)
    erased = {e.subject: e for e in seat.ledger.entries(high) if e.kind == "erased"}
    assert set(erased) == {low, high}
    for subject, entry in erased.items():
        assert entry.id == erased_id(decision, subject)
        assert entry.hash == make(handoff_erased_for(decision), entry.id, subject=subject, actor="winnow").hash


def handoff_erased_for(decision: str):  # type: ignore[no-untyped-def]
    from app.models.entries import Erased

    return Erased(disposition=decision)


def test_capturing_somebody_who_links_two_inquiries_joins_them(seat: Seat) -> None:
    one = capture.capture(seat, form(1, phone=berlin(1), email="")).inquiry_id
    two = capture.capture(seat, form(1, phone="", email="p@werk.example")).inquiry_id
    assert one != two
    both = capture.capture(seat, form(1, phone=berlin(1), email="p@werk.example"))
    assert both.known
    assert [row[1] for row in tables_now(seat)["inquiry"]] == [min(one, two)]
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_who_was_parted_before_the_other_was_erased_stays_in_any_order(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "one", clock) as one, new_home(tmp_path / "two", clock) as two:
        gone, stays = (capture.capture(one.seat, form(number)).inquiry_id for number in (1, 2))
        merging.merge(one.seat, gone, stays)
        (joined,) = one.seat.ledger.of_kind("merged")
        merging.split(one.seat, joined.id)
        privacy.erase(one.seat, gone)
        assert one.seat.inquiry(stays).last_name
        entries = [entry for _, entry in stream(one.seat.store)]
        for entry in sorted(entries, key=lambda entry: entry.kind == "split"):
            arrive(two.seat, entry)
        assert two.seat.inquiry(stays).last_name == one.seat.inquiry(stays).last_name


def test_who_objected_while_joined_blocks_the_others_number_also_where_the_parting_was_read_first(  # type: ignore[no-untyped-def]
    tmp_path: Path, clock: Clock
) -> None:
    with new_home(tmp_path / "one", clock) as one, new_home(tmp_path / "two", clock) as two:
        with two.seat.store.writing():
            two.seat.store.writer.execute("DELETE FROM secret WHERE name LIKE 'hash-key:%'")
            for row in one.seat.store.query("SELECT name, value FROM secret WHERE name LIKE 'hash-key:%'"):
                two.seat.store.writer.execute("INSERT INTO secret VALUES(?, ?)", row)
        first, second = (capture.capture(one.seat, form(n, phone=berlin(n))).inquiry_id for n in (1, 2))
        merging.merge(one.seat, first, second)
        privacy.object_to_calls(one.seat, first)
        merging.split(one.seat, one.seat.ledger.of_kind("merged")[0].id)
        entries = [entry for _, entry in stream(one.seat.store)]
        for entry in sorted(entries, key=lambda entry: entry.kind == "objected"):
            arrive(two.seat, entry)
        for seat in (one.seat, two.seat):
            assert not queue.row(seat, second).callable
            assert tables_now(seat) == tables_as_they_should_be(seat)


@profile(20, 400)
@given(histories(most=14), st.randoms(use_true_random=False))
def test_whose_person_parts_are_kept_is_said_by_their_own_erasures_in_any_order(history, chance) -> None:  # type: ignore[no-untyped-def]
    entries = [msgspec.structs.replace(e, received_at=None) for e in history]
    chance.shuffle(entries)
    erased = {entry.subject for entry in entries if entry.kind == "erased"}
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, new_home(Path(folder) / "home", clock) as home:
        while entries:
            size = chance.randint(1, 4)
            arrive(home.seat, *entries[:size], *entries[:1])
            entries = entries[size:]
        kept = {entry.id: entry for _, entry in stream(home.seat.store)}
        for entry in history:
            assert kept[entry.id].person == (None if entry.subject in erased else entry.person)
        assert tables_now(home.seat) == tables_as_they_should_be(home.seat)
