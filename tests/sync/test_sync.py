"""Laptops that share through a hub end with the same, whatever happened on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.models.entries import (
    AUTOMATIC,
    Captured,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Outcome,
    Person,
    Phone,
    Split,
)
from app.models.entry import digest_of, hash_of
from app.models.erasing import erased_id
from app.models.rights import Role
from app.services import calling, capture, doctor, handoff, history, merging, privacy, queue
from app.services.capture import discarded_at, person_of
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.import_terms import Fate, ImportOptions
from app.services.importing import import_files
from app.services.seat import Seat
from app.services.store.entry_rows import stream
from app.services.team import state
from app.services.team import sync as syncing
from app.services.team.link import HubRefused, HubUnreachable, Page, Receipt
from app.services.team.newcomers import merge_id
from app.services.team.sync import Report, bring_up_to_date, sync_once
from app.services.team.work import Work
from tests.models.histories_at_random import make
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.decrypting import everything_in
from tests.services.made_up import DAY, HOUR, MINUTE, Clock, berlin, form
from tests.sync import model_hub
from tests.sync.conftest import another_look
from tests.sync.model_hub import ModelHub, ModelLink
from tests.sync.simulator import SHIPPED


def sync(seat: Seat, hub: ModelHub, **options: Any) -> Report:
    return sync_once(seat, hub.link(seat.member), **options)


def shown(seat: Seat) -> dict[str, list[tuple[Any, ...]]]:
    """The tables, without the numbers of rows, which each store gives by itself."""
    found = tables_now(seat)
    return {
        name: sorted([row[1:] for row in rows] if name in {"inquiry", "search"} else rows, key=repr)
        for name, rows in found.items()
    }


def same(*seats: Seat) -> None:
    for seat in seats:
        assert tables_now(seat) == tables_as_they_should_be(seat)
        assert shown(seat) == shown(seats[0])


def in_step(hub: ModelHub, *seats: Seat) -> None:
    for _ in range(3):
        for seat in seats:
            sync(seat, hub)
    same(*seats)


def test_two_laptops_end_with_the_same(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    first = capture.capture(anna, form(1)).inquiry_id
    second = capture.capture(bo, form(2)).inquiry_id
    calling.log_call(bo, second, Outcome.NO_ANSWER, note="nobody there")
    report = sync(anna, hub)
    assert (report.pulled, report.turned_away, report.trouble) == (0, 0, "")
    assert report.pushed == len(hub.entries)
    sync(bo, hub)
    clock.on(HOUR)
    calling.log_call(bo, first, Outcome.VOICEMAIL)
    sync(bo, hub)
    report = sync(anna, hub)
    assert report.changed.inquiries == {first, second}
    same(anna, bo)
    assert anna.inquiry(second).note == "nobody there"
    assert state.unshared(anna.store) == 0
    assert sync(anna, hub).pulled == sync(anna, hub).pushed == 0
    version = another_look(anna).store.data_version
    before = version()
    clock.on(1000)
    sync(anna, hub)
    assert version() == before, "a look that finds nothing writes nothing"


def test_what_the_hub_refuses_stays_with_its_reason_and_stops_nothing(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna = laptop("Anna")
    hub.refuses = lambda entry: "booth staff do not call" if entry.kind == "called" else ""
    inquiry = capture.capture(anna, form(1)).inquiry_id
    calling.log_call(anna, inquiry, Outcome.BUSY)
    capture.edit(anna, inquiry, {"company": "Other"})
    report = sync(anna, hub)
    assert report.turned_away == 1 and state.unshared(anna.store) == 0
    (away,) = state.turned_away(anna.store)
    assert (away.kind, away.why) == ("called", "refused: booth staff do not call")
    assert {entry.kind for entry in hub.entries.values()} >= {"captured", "corrected"}
    said = [finding.sentence for finding in doctor.check(anna) if finding.level == "warning"]
    assert "The hub did not take 1 entries (the first: called, refused: booth staff do not call)." in said
    assert sync(anna, hub).pushed == 0, "it is not offered again and again"


@pytest.mark.parametrize("emptied", [False, True])
def test_an_erasure_by_winnow_that_the_hub_refuses_stands_on_no_laptop_and_bares_nobody(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, emptied: bool
) -> None:
    """As after a restore, where what joined the two comes after the discard."""
    anna, bo = laptop("Anna"), laptop("Bo")
    gone, other = (capture.capture(anna, form(number)).inquiry_id for number in (1, 2))
    handoff.dispose(anna, gone, Disposition.DISCARD, Choice(reason="so"))
    in_step(hub, anna, bo)
    before, discard = bo.inquiry(other), anna.inquiry(gone).decision
    with bo.act() as act:
        act.append(other, Erased(disposition=discard), entry_id=erased_id(discard, other), actor=AUTOMATIC)
    assert bo.inquiry(other).erased and not bo.ledger.entries(other)[0].person
    if emptied:
        hub.restore({"entries": {}, "feed": [], "fresh": [], "gone": set()})
    sync(bo, hub)
    assert not bo.inquiry(other).erased
    assert all(entry.person or not entry.digest for entry in hub.entries.values()), "nobody was handed in bare"
    in_step(hub, anna, bo)
    assert bo.inquiry(other).name == before.name == anna.inquiry(other).name
    assert not state.turned_away(bo.store)


def test_an_id_that_somebody_else_took_is_quarantined_and_both_are_kept_apart(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    sync(anna, hub)
    calling.log_call(anna, inquiry, Outcome.BUSY)
    mine = anna.ledger.entries(inquiry)[-1]
    theirs = make(Corrected(country="DE"), mine.id, subject=inquiry, actor="Bo", at=clock.now << 16)
    hub.store("Bo", theirs)
    sync(anna, hub)
    sync(bo, hub)
    assert [away.why[:11] for away in state.turned_away(anna.store)] == ["quarantined"]
    assert anna.ledger.entry(mine.id) == mine
    assert [aside.why for aside in state.set_aside(anna.store)] == ["another entry is here under the same id"]
    entry = bo.ledger.entry(mine.id)
    assert entry is not None and entry.kind == "corrected"


@pytest.mark.parametrize("harm", ["body", "hash", "person"])
def test_a_poison_entry_is_set_aside_and_the_others_arrive(laptop, hub: ModelHub, clock: Clock, harm: str) -> None:  # type: ignore[no-untyped-def]
    anna = laptop("Anna")
    who = Person(first_name="Zwetschge", phones=(Phone(raw="1", e164=berlin(1)),))
    bad = make(Captured(source="Web", captured_at=1), "7" * 32, subject="7" * 32, actor="Bo", person=who)
    if harm == "body":
        bad = make(b'{"source":1}', "7" * 32, subject="7" * 32, kind="captured", actor="Bo", person=who)
    elif harm == "hash":
        bad.hash = b"x" * 32
    good = make(Captured(source="Web", captured_at=1), "8" * 32, subject="8" * 32, actor="Bo")
    hub.store("Bo", bad)
    hub.store("Bo", good)
    if harm == "person":
        hub.entries[bad.id] = msgspec.structs.replace(hub.entries[bad.id], person=b'{"first_name":1}')
    report = sync(anna, hub)
    assert report.trouble == "" and anna.ledger.entry(good.id) is not None
    assert anna.ledger.entry(bad.id) is None
    (aside,) = state.set_aside(anna.store)
    assert aside.entry == bad.id and aside.why
    content = anna.store.one("SELECT content FROM set_aside")
    assert content is not None and b"Zwetschge" not in content[0], "nobody is described where no erasure looks"
    assert sync(anna, hub).pulled == 0


def test_a_person_part_that_cannot_be_read_costs_the_facts_nothing(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna = laptop("Anna")
    entry = make(Captured(source="Web", captured_at=1), "7" * 32, subject="7" * 32, actor="Bo", person=Person(note="n"))
    entry.person = b'{"note":[]}'
    entry.digest = digest_of(entry.salt or b"", entry.person)
    entry.hash = hash_of(entry)
    hub.store("Bo", entry)
    sync(anna, hub)
    kept = anna.ledger.entry(entry.id)
    assert kept is not None and kept.person is None and kept.verifies()
    assert len(state.set_aside(anna.store)) == 1


def test_what_comes_back_is_stamped_and_a_wrong_clock_loses(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    fast = Clock(clock.now + 400 * DAY)
    anna, bo = laptop("Anna", fast), laptop("Bo")
    inquiry = capture.capture(bo, form(1)).inquiry_id
    sync(bo, hub)
    sync(anna, hub)
    with anna.store.writing():
        state.put_cursor(anna.store, "skew", 0)  # the clock went wrong after the hub had measured it
    capture.edit(anna, inquiry, {"company": "From the future"})
    sync(anna, hub)
    clock.on(HOUR)
    sync(bo, hub)
    capture.edit(bo, inquiry, {"company": "Later, in truth"})
    in_step(hub, bo, anna)
    assert anna.inquiry(inquiry).company == "Later, in truth"
    entries = anna.ledger.entries(inquiry)
    assert all(entry.pos and entry.received_at for entry in entries)
    assert {entry.brought_by for entry in entries} == {""}


def test_a_clock_that_is_wrong_is_put_right_by_the_hub_and_the_own_order_never_goes_back(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock
) -> None:
    slow = Clock(clock.now - DAY)
    anna = laptop("Anna", slow)
    before = capture.capture(anna, form(1)).inquiry_id
    sync(anna, hub)
    assert anna.now() == clock.now
    after = capture.capture(anna, form(2)).inquiry_id
    assert anna.ledger.entries(after)[0].wall == clock.now
    slow.now += 2 * DAY  # the clock is set, a day too far
    first = anna.ledger.entries(after)[0].at
    sync(anna, hub)
    assert anna.now() == clock.now
    capture.edit(anna, after, {"company": "X"})
    assert anna.ledger.entries(after)[-1].at > first
    assert anna.ledger.entries(before)[0].wall < clock.now
    slow.now = clock.now + 1500
    sync(anna, hub)
    assert anna.now() == slow.now, "a second or two are left alone"


def test_one_person_captured_on_two_laptops_apart_becomes_one(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    one = capture.capture(anna, form(1, company="First")).inquiry_id
    other = capture.capture(bo, form(1, company="Second")).inquiry_id
    in_step(hub, anna, bo)
    (merged,) = [entry for entry in hub.entries.values() if entry.kind == "merged"]
    assert (merged.id, merged.actor) == (merge_id(one, other), AUTOMATIC)
    assert [row[1] for row in tables_now(anna)["inquiry"]] == [min(one, other)]


def test_both_may_join_them_at_once_and_it_is_the_same_entry(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    capture.capture(anna, form(1))
    capture.capture(bo, form(1))
    hub.refuses = lambda entry: "not yet" if entry.kind == "merged" else ""
    in_step(hub, anna, bo)  # each has made it, neither has handed it in
    made = [[e for _, e in stream(seat.store) if e.kind == "merged"] for seat in (anna, bo)]
    assert [len(each) for each in made] == [1, 1] and made[0][0].hash == made[1][0].hash
    hub.refuses = lambda entry: ""
    for seat in (anna, bo):
        with seat.store.writing():
            state.put_cursor(seat.store, state.OUTBOX, 0)
    in_step(hub, anna, bo)
    entries = [anna.ledger.entry(made[0][0].id), bo.ledger.entry(made[0][0].id)]
    assert entries[0] == entries[1], "the one that the hub has is everybody's"
    assert not state.turned_away(anna.store)


def test_whom_a_lead_has_parted_nobody_joins_again(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo, chen = laptop("Anna"), laptop("Bo"), laptop("Chen")
    one = capture.capture(anna, form(1)).inquiry_id
    other = capture.capture(bo, form(1)).inquiry_id
    in_step(hub, anna, bo)
    with anna.act() as act:
        act.append(one, Split(merge=merge_id(one, other)))
    third = capture.capture(chen, form(1)).inquiry_id
    in_step(hub, anna, bo, chen)
    groups = {anna.ledger.survivor(subject) for subject in (one, other, third)}
    assert anna.ledger.survivor(one) != anna.ledger.survivor(other) and len(groups) == 2


def test_a_colleague_with_another_name_stays_somebody_else(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    capture.capture(anna, form(1))
    capture.capture(bo, form(2, phone=berlin(1)))
    in_step(hub, anna, bo)
    assert len(tables_now(anna)["inquiry"]) == 2


def test_an_objection_counts_on_every_laptop_whoever_holds_which_key(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    first = capture.capture(anna, form(1)).inquiry_id
    colleague = capture.capture(bo, form(2, phone=berlin(1))).inquiry_id
    privacy.object_to_calls(anna, first)
    privacy.erase(anna, first)  # from now on the number is known by its hash alone
    in_step(hub, anna, bo)
    assert not queue.row(bo, colleague).callable
    assert set(bo.ledger.ring.keys()) == set(anna.ledger.ring.keys()) == set(hub.keys)
    with pytest.raises(Refused):
        privacy.erase(bo, first)


def test_whoever_was_discarded_elsewhere_is_known_here_by_hashes_of_either_key(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    handoff.dispose(anna, inquiry, Disposition.DISCARD, Choice(reason="so"))
    in_step(hub, anna, bo)
    assert discarded_at(bo, person_of(form(1).__struct_fields__, form(1), "DE")) == clock.now


def test_a_discard_is_completed_only_once_the_hub_has_it(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    sync(anna, hub)
    handoff.dispose(anna, inquiry, Disposition.DISCARD, Choice(reason="so"))
    clock.on(11 * MINUTE)
    privacy.erase_due(anna)
    assert not anna.inquiry(inquiry).erased
    in_step(hub, anna, bo)
    privacy.erase_due(bo)
    privacy.erase_due(anna)
    in_step(hub, anna, bo)
    assert anna.inquiry(inquiry).erased and len([e for e in hub.entries.values() if e.kind == "erased"]) == 1
    assert all(entry.person is None for entry in hub.entries.values() if entry.subject == inquiry)


def test_a_laptop_that_slept_completes_no_discard_that_was_taken_back_meanwhile(
    laptop, hub: ModelHub, clock: Clock
) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    handoff.dispose(anna, inquiry, Disposition.DISCARD, Choice(reason="so"))
    in_step(hub, anna, bo)
    handoff.undo(anna)
    sync(anna, hub)
    clock.on(11 * MINUTE)
    privacy.erase_due(bo)
    assert not bo.inquiry(inquiry).erased
    in_step(hub, anna, bo)
    privacy.erase_due(bo)
    in_step(hub, anna, bo)
    assert bo.inquiry(inquiry).last_name and anna.inquiry(inquiry).last_name


@pytest.mark.parametrize("cause", ["discarded", "erased on request"])
@pytest.mark.parametrize("parted", [False, True])
def test_whoever_was_joined_apart_with_somebody_erased_is_erased_unless_they_are_parted_before(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock, cause: str, parted: bool
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    for member in ("Anna", "Bo"):
        hub.people[member] = model_hub.Person(Role.LEAD)
    gone, other = (capture.capture(anna, form(number)).inquiry_id for number in (1, 2))
    in_step(hub, anna, bo)
    merging.merge(bo, gone, other)
    (merge,) = bo.ledger.of_kind("merged")
    if cause == "discarded":
        handoff.dispose(anna, gone, Disposition.DISCARD, Choice(reason="so"))
        sync(anna, hub)
        clock.on(11 * MINUTE)
        sync(anna, hub)
        privacy.erase_due(anna)
    else:
        privacy.erase(anna, gone)
    in_step(hub, anna, bo)
    for seat in (anna, bo):
        assert seat.inquiry(other).erased and not seat.ledger.is_erased(other)
    if parted:
        merging.split(bo, merge.id)
        in_step(hub, anna, bo)
    privacy.erase_due(anna)
    privacy.erase_due(bo)
    in_step(hub, anna, bo)
    assert not state.turned_away(anna.store) and not state.turned_away(bo.store)
    kept = [entry.person is not None for entry in hub.entries.values() if entry.subject == other and entry.digest]
    assert kept == [parted]
    for seat in (anna, bo):
        assert seat.inquiry(gone).erased and seat.ledger.is_erased(other) is not parted
        assert bool(seat.inquiry(other).last_name) is parted


def test_an_erased_person_is_in_no_byte_of_any_laptop_and_no_old_laptop_brings_them_back(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock
) -> None:
    hub.people["Anna"] = model_hub.Person(Role.LEAD)
    anna, bo, old = laptop("Anna"), laptop("Bo"), laptop("Chen")
    inquiry = capture.capture(anna, form(1, first_name="Zita", last_name="Zwetschgenwald")).inquiry_id
    in_step(hub, anna, bo, old)
    calling.log_call(old, inquiry, Outcome.BUSY, note="Zwetschgenwald was out")  # offline, for weeks
    backup = hub.backup()
    privacy.erase(anna, inquiry)
    in_step(hub, anna, bo)
    clock.on(30 * DAY)
    hub.restore(backup)  # the hub knows them again, until whoever erased them comes
    in_step(hub, old, bo, anna)
    for seat in (anna, bo, old):
        privacy.wipe(seat)
        assert b"wetschgen" not in everything_in(seat.store.path.parent)
    assert not any(entry.person for entry in hub.entries.values() if entry.subject == inquiry)
    assert old.inquiry(inquiry).attempts == 1


def test_who_may_read_one_source_gets_every_fact_and_the_people_of_that_source(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    fair = capture.capture(anna, form(1, source="Fair")).inquiry_id
    web = capture.capture(anna, form(2, source="Web", last_name="Zwetschgenwald")).inquiry_id
    sync(anna, hub)
    hub.link("Bo")
    sync(bo, hub)
    own = capture.capture(bo, form(3, source="Web")).inquiry_id
    hub.rescope("Bo", Role.CALLER, ("Fair",))
    sync(bo, hub)
    assert bo.inquiry(fair).last_name and bo.inquiry(own).last_name
    assert not bo.inquiry(web).last_name and bo.inquiry(web).source == "Web"
    privacy.wipe(bo)
    assert b"wetschgen" not in everything_in(bo.store.path.parent)
    hub.rescope("Bo", Role.CALLER, None)
    in_step(hub, bo, anna)
    assert bo.inquiry(web).last_name == "Zwetschgenwald"


def test_a_scope_that_changes_during_a_crash_is_still_carried_out(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    web = capture.capture(anna, form(2, source="Web")).inquiry_id
    in_step(hub, anna, bo)
    hub.rescope("Bo", Role.CALLER, ("Fair",))

    class Cut(ModelLink):
        def pull(self, after: int, size: int) -> Page:
            raise HubUnreachable("cut")

    with pytest.raises(HubUnreachable):
        sync_once(bo, Cut(hub, "Bo"))
    assert bo.inquiry(web).last_name
    sync(bo, hub)
    assert not bo.inquiry(web).last_name


def test_a_hub_restored_from_yesterday_gets_back_what_it_has_forgotten_and_gives_new_positions(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub
) -> None:
    anna, bo, chen = laptop("Anna"), laptop("Bo"), laptop("Chen")
    first = capture.capture(anna, form(1)).inquiry_id
    in_step(hub, anna, bo)
    backup = hub.backup()
    calling.log_call(anna, first, Outcome.BUSY)
    capture.capture(anna, form(2))
    in_step(hub, anna, bo)
    everything = set(hub.entries)
    hub.restore(backup)
    capture.capture(chen, form(3))
    sync(chen, hub)  # takes positions that anna's and bo's entries had
    in_step(hub, bo, anna, chen)
    assert everything < set(hub.entries)
    for seat in (anna, bo, chen):
        sql = f"SELECT id, pos, received_at FROM ledger WHERE NOT ({SHIPPED})"
        stamps = {row[0]: (row[1], row[2]) for row in seat.store.query(sql)}
        assert stamps == {i: (e.pos, e.received_at) for i, e in hub.entries.items()}


def test_an_empty_hub_is_filled_again_by_whoever_has_everything(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    for number in range(3):
        capture.capture(anna, form(number, source="Web"))
    sync(anna, hub)
    hub.link("Bo")
    hub.rescope("Bo", Role.CALLER, ("Fair",))
    sync(bo, hub)
    before = set(hub.entries)
    hub.restore({"entries": {}, "feed": [], "fresh": [], "keys": {}, "quarantine": []})
    sync(bo, hub)  # comes first, and may not read whom anna captured: it hands in nothing of theirs
    sync(anna, hub)
    assert set(hub.entries) == before
    assert all(e.person for e in hub.entries.values() if e.kind == "captured")


def test_an_unknown_kind_is_kept_passed_on_and_holds(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    new = make(b'{"hold":true,"x":[1]}', "9" * 32, subject=inquiry, kind="dreamt", version=9, actor="Anna")
    with anna.store.writing():
        anna.ledger.append([new])
    in_step(hub, anna, bo)
    kept = bo.ledger.entry(new.id)
    assert kept is not None and kept.body == new.body and kept.verifies()
    assert queue.row(bo, inquiry).why.startswith("on hold")


def test_what_somebody_else_brings_is_shown_as_such_until_its_author_comes(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo, chen = laptop("Anna"), laptop("Bo"), laptop("Chen")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    carried = [entry for _, entry in stream(anna.store)]
    with bo.store.writing():
        bo.ledger.append(carried)  # on a stick
    in_step(hub, bo, chen)
    assert [row.text.endswith("brought by Bo") for row in history.history(chen, inquiry)] == [True]
    sync(anna, hub)
    assert {entry.brought_by for entry in hub.entries.values()} == {""}
    in_step(hub, bo, chen)
    for seat in (anna, bo, chen):
        assert {entry.brought_by for entry in seat.ledger.entries(inquiry)} == {""}


def test_reading_goes_on_though_the_hub_takes_nothing(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    capture.capture(anna, form(1))
    sync(anna, hub)
    capture.capture(bo, form(2))

    class Closed(ModelLink):
        def push(self, entries: Any) -> list[Receipt]:
            raise HubRefused("the hub takes nothing now")

    hub.link("Bo")
    report = sync_once(bo, Closed(hub, "Bo"))
    assert report.pulled >= 1 and report.trouble == "the hub takes nothing now"
    assert state.unshared(bo.store) > 0


def test_a_hub_that_tells_nothing_is_said_so_and_nobody_waits_for_ever(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    capture.capture(anna, form(1))
    sync(anna, hub)

    class Mute(ModelLink):
        def pull(self, after: int, size: int) -> Page:
            return Page([], after, 99)

        def push(self, entries: Any) -> list[Receipt]:
            return []

    hub.link("Bo")
    capture.capture(bo, form(2))
    report = sync_once(bo, Mute(hub, "Bo"))
    assert report.trouble


def test_a_large_history_is_folded_once_and_who_was_worked_with_last_comes_first(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NEWEST", 5), ("BEHIND", 10), ("PAGE", 7)):
        monkeypatch.setattr(syncing, name, value)
    anna, bo = laptop("Anna"), laptop("Bo")
    people = [capture.capture(anna, form(number)).inquiry_id for number in range(12)]
    for inquiry in people:
        calling.log_call(anna, inquiry, Outcome.NO_ANSWER)
    calling.log_call(anna, people[0], Outcome.BUSY)
    sync(anna, hub)
    seen: list[tuple[bool, bool]] = []

    def progress(done: int, of: int) -> None:
        known = {row[0] for row in bo.store.query("SELECT id FROM inquiry")}
        seen.append((people[0] in known, people[5] in known))

    sync(bo, hub, progress=progress)
    assert (True, False) in seen, "who was called last is there before the history of the others"
    same(anna, bo)
    assert state.unfolded(bo.store) == 0
    assert not bo.store.query("SELECT 1 FROM arrival")


def test_somebody_is_brought_up_to_date_before_the_feed_has_come_that_far(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    one, two = (capture.capture(anna, form(number)).inquiry_id for number in (1, 2))
    sync(anna, hub)
    hub.link("Bo")
    changed = bring_up_to_date(Work(bo), hub.link("Bo"), [two])
    assert changed.inquiries == {two} and bo.inquiry(two).last_name
    assert state.cursor(bo.store, state.PULLED) is None, "its position says nothing about those before it"
    in_step(hub, bo, anna)
    assert bo.inquiry(one).last_name


def test_two_decisions_under_claims_show_the_younger_claim_on_every_laptop(laptop, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    anna, bo = laptop("Anna"), laptop("Bo")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    in_step(hub, anna, bo)
    with bo.act() as act:
        act.append(act.inquiry(inquiry).id, Disposed(disposition=Disposition.SELL, decided_at=clock.now), claim_no=8)
    clock.on(HOUR)
    with anna.act() as act:
        act.append(act.inquiry(inquiry).id, Disposed(disposition=Disposition.NURTURE, decided_at=clock.now), claim_no=7)
    in_step(hub, anna, bo)
    found = anna.inquiry(inquiry)
    assert found.disposition is Disposition.SELL and found.contested


def test_a_stamp_folds_nobody_again_whose_order_stays(laptop, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    anna = laptop("Anna")
    inquiry = capture.capture(anna, form(1)).inquiry_id
    calling.log_call(anna, inquiry, Outcome.BUSY)
    report = sync(anna, hub)
    assert report.changed.inquiries == frozenset() and all(e.pos for e in anna.ledger.entries(inquiry))


def test_a_row_that_came_in_before_the_team_had_one_ring_does_not_enter_twice(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, tmp_path: Path
) -> None:
    anna, bo = laptop("Anna"), laptop("Bo")
    file = tmp_path / "list.csv"
    file.write_text(f"First name,Last name,Phone\nAnna,Abendroth,{berlin(1)}\n")
    options = ImportOptions(source="Fair", region="DE")
    assert import_files(anna, [file], options).count(Fate.NEW) == 1
    in_step(hub, anna, bo)
    for seat in (anna, bo):
        report = import_files(seat, [file], options)
        assert (report.count(Fate.NEW), report.count(Fate.SKIPPED)) == (0, 1)
        assert len({*seat.ledger.ring.keys()}) == 2


def test_who_may_not_read_their_own_words_on_a_second_laptop_hands_them_to_no_restored_hub(  # type: ignore[no-untyped-def]
    laptop, hub: ModelHub, clock: Clock
) -> None:
    anna, second = laptop("Anna"), laptop("Anna's other one")
    empty: dict[str, object] = {"entries": {}, "feed": [], "fresh": [], "gone": set()}
    inquiry = capture.capture(anna, form(1, source="Web")).inquiry_id
    sync(anna, hub)
    hub.rescope("Anna", Role.CALLER, ("Fair",))
    sync_once(second, hub.link("Anna"))
    assert not second.inquiry(inquiry).last_name
    hub.restore(empty)
    sync_once(second, hub.link("Anna"))
    sync(anna, hub)
    assert all(entry.person for entry in hub.entries.values() if entry.digest)
    sync_once(second, hub.link("Anna"))
    assert second.ledger.entries(inquiry)[0].pos is not None
