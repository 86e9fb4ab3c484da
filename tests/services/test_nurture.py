"""Nurture: who waits until when and why, waking by itself and by hand, tracks, consents, and the mailing list."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from app.models.entries import (
    AUTOMATIC,
    Captured,
    Disposed,
    Disposition,
    Outcome,
    Person,
    Phone,
    Rescheduled,
    Undone,
    Verdict,
    Woken,
)
from app.models.fold import fold, woken_id
from app.models.inquiry import Stage
from app.models.rights import Role
from app.services import calling, capture, handoff, privacy, queue
from app.services.errors import NotFound, Refused
from app.services.handoff import Choice
from app.services.history import history
from app.services.nurture import consents, mailing_list, pages, tracks, waking
from app.services.nurture.pages import Kind, List
from app.services.sales import selling
from app.services.store.rebuilding import rebuild
from tests.models.histories_at_random import make
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import DAY, HOUR, MINUTE, NOON, beside, form
from tests.services.team import BEN, gather

ALL, SOON, NONE, RETURNED = List(Kind.ALL), List(Kind.SOON), List(Kind.NONE), List(Kind.RETURNED)


@pytest.fixture
def sleep(seat, take):
    """Somebody put into nurture; returns the inquiry's id."""

    def put(number: int = 0, *, track: str = "", days: int | None = 30, reason: str = "no budget", consent=False, **of):
        inquiry = capture.capture(seat, msgspec.structs.replace(form(number, **of), consent=consent)).inquiry_id
        until = None if days is None else seat.now() + days * DAY
        handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason=reason, track=track, until=until))
        return inquiry

    return put


def listed(seat, which: List = ALL, text: str = "") -> list[str]:
    return [row.id for row in pages.page(seat, which, text=text).rows]


def kinds(seat, inquiry: str) -> list[str]:
    return [entry.kind for entry in seat.ledger.entries(inquiry)]


# waking


def test_whose_day_has_come_is_a_callback_that_anybody_may_keep(seat, clock, sleep):
    due, later = sleep(0, days=2), sleep(1, days=9)
    until = seat.inquiry(due).until
    clock.on(DAY)
    assert not waking.wake_due(seat).inquiries
    clock.on(2 * DAY)
    assert waking.wake_due(seat).inquiries == {due}
    woken = seat.inquiry(due)
    assert (woken.stage, woken.promised_at, woken.promised_by, woken.attempts) == (Stage.WAITING, until, "", 0)
    assert seat.inquiry(later).stage is Stage.NURTURE
    row = queue.row(seat, due)
    assert (row.woken, row.callable) == (True, True)
    assert queue.claim_next(beside(seat, member="Somebody else")) == due, "no grace keeps others from it"
    assert "Back from nurture" in history(seat, due)[-1].text
    assert not waking.wake_due(seat).inquiries
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_two_devices_that_wake_the_same_one_write_the_same_entry(seat, clock, sleep):
    due = sleep()
    clock.on(40 * DAY)
    until, decision = seat.inquiry(due).until, seat.inquiry(due).decision
    waking.wake_due(seat)
    entry = seat.ledger.entries(due)[-1]
    assert (entry.id, entry.actor) == (woken_id(decision, until), AUTOMATIC)
    clock.on(HOUR)
    other = make(Woken(decision=decision, woken_at=until), entry.id, subject=entry.subject, actor=AUTOMATIC,
                 device="other", at=clock.now << 16, wall=clock.now)  # fmt: skip
    assert other.hash == entry.hash


def test_at_most_so_many_wake_in_one_transaction(seat, clock, sleep):
    for number in range(7):
        sleep(number, days=1)
    clock.on(2 * DAY)
    assert [len(waking.wake_due(seat, most=3).inquiries) for _ in range(4)] == [3, 3, 1, 0]


def test_nobody_wakes_who_asked_not_to_be_called(seat, clock, sleep):
    inquiry = sleep(days=1)
    privacy.object_to_calls(seat, inquiry)
    clock.on(2 * DAY)
    assert not waking.wake_due(seat).inquiries
    assert seat.inquiry(inquiry).stage is Stage.OBJECTED


def test_somebody_put_off_meanwhile_elsewhere_goes_on_sleeping_and_wakes_on_the_later_day(seat, clock, sleep):
    inquiry = sleep(days=2)
    late = seat.now() + 20 * DAY
    put_off = make(Rescheduled(track="", until=late), "e" * 32, subject=inquiry, device="other",
                   at=(clock.now + HOUR) << 16, wall=clock.now + HOUR)  # fmt: skip
    clock.on(3 * DAY)
    waking.wake_due(seat)
    with seat.store.writing():
        seat.ledger.append([put_off])
    assert (seat.inquiry(inquiry).stage, seat.inquiry(inquiry).until) == (Stage.NURTURE, late)
    clock.on(20 * DAY)
    assert waking.wake_due(seat).inquiries == {inquiry}
    assert seat.inquiry(inquiry).stage is Stage.WAITING


def test_a_waking_that_came_before_its_decision_does_not_keep_anybody_asleep():
    at = NOON
    decided = make(Disposed(disposition=Disposition.NURTURE, decided_at=at, until=at + DAY), "d" * 32, subject="5" * 32,
                   at=9 << 16)  # fmt: skip
    asked = make(Captured(source="Fair", captured_at=at), "a" * 32, subject="5" * 32, at=1 << 16,
                 person=Person(phones=(Phone(raw="1", e164="+49302310000"),)))  # fmt: skip
    early = make(Woken(decision=decided.id, woken_at=at + DAY), woken_id(decided.id, at + DAY), subject="5" * 32,
                 at=5 << 16, actor=AUTOMATIC)  # fmt: skip
    again = make(Woken(decision=decided.id, woken_at=at + DAY), woken_id(decided.id, at + DAY, 1), subject="5" * 32,
                 at=11 << 16, actor=AUTOMATIC)  # fmt: skip
    assert fold([asked, decided, early]).stage is Stage.NURTURE
    assert fold([asked, decided, early, again]).stage is Stage.WAITING


def test_the_second_try_is_written_where_the_first_came_too_early(seat, clock, sleep):
    inquiry = sleep(days=1)
    decision, until = seat.inquiry(inquiry).decision, seat.inquiry(inquiry).until
    early = make(Woken(decision=decision, woken_at=until), woken_id(decision, until), subject=inquiry, at=1, wall=1,
                 actor=AUTOMATIC, device="other", received_at=1)  # fmt: skip
    with seat.store.writing():
        seat.ledger.append([early])
    clock.on(2 * DAY)
    assert waking.wake_due(seat).inquiries == {inquiry}
    assert seat.inquiry(inquiry).stage is Stage.WAITING


def test_asking_again_wakes_at_once(seat, clock, sleep):
    inquiry = sleep(days=300)
    clock.on(5 * DAY)
    assert capture.capture(seat, form(0)).inquiry_id == inquiry
    assert seat.inquiry(inquiry).stage is Stage.WAITING
    assert seat.inquiry(inquiry).since == clock.now
    clock.on(400 * DAY)
    assert not waking.wake_due(seat).inquiries


def test_a_woken_one_that_is_decided_again_sleeps_and_wakes_again(seat, clock, sleep):
    inquiry = sleep(days=1)
    for _ in range(2):
        clock.on(2 * DAY)
        assert waking.wake_due(seat).inquiries == {inquiry}
        calling.log_call(seat, inquiry, Outcome.REACHED)
        handoff.dispose(seat, inquiry, Disposition.NURTURE, Choice(reason="r", until=seat.now() + DAY))
        assert seat.inquiry(inquiry).stage is Stage.NURTURE


def test_waking_by_hand_is_taken_back_by_one_undo_for_all(seat, clock, sleep):
    three = [sleep(number) for number in range(3)]
    done = waking.wake(seat, three)
    assert (done.count, done.left) == (3, 0)
    assert {seat.inquiry(each).stage for each in three} == {Stage.WAITING}
    calling.log_call(beside(seat, member="Ada"), three[0], Outcome.NO_ANSWER)
    assert handoff.undo(seat).inquiries == set(three[1:]), "whom a colleague has called stays awake"
    assert [seat.inquiry(each).stage for each in three] == [Stage.WAITING, Stage.NURTURE, Stage.NURTURE]
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_an_undo_that_comes_too_late_for_everybody_is_refused(seat, sleep):
    inquiry = sleep()
    waking.wake(seat, [inquiry])
    calling.log_call(beside(seat, member="Ada"), inquiry, Outcome.NO_ANSWER)
    with pytest.raises(Refused, match="gone on"):
        handoff.undo(seat)


def test_only_who_waits_is_woken(seat, take, sleep):
    waits, never = sleep(0), take(1)
    with pytest.raises(Refused, match="does not wait"):
        waking.wake(seat, [waits, never])
    assert seat.inquiry(waits).stage is Stage.NURTURE
    done = waking.wake(seat, [waits, never], leave_gone=True)
    assert (done.count, done.left) == (1, 1)


# other days and tracks


def test_many_move_to_a_track_in_one_action_and_back_with_one_undo(seat, clock, sleep):
    three = [sleep(number, days=number + 1) for number in range(3)]
    before = [seat.inquiry(each).until for each in three]
    stroke = "5" * 32
    waking.move(seat, three[:2], "waiting FOR a colleague", stroke=stroke)
    waking.move(seat, three[2:], "Waiting for a colleague", stroke=stroke)
    moved = [seat.inquiry(each) for each in three]
    assert {each.track for each in moved} == {"Waiting for a colleague"}
    assert {each.until for each in moved} == {seat.now() + 21 * DAY}
    clock.on(MINUTE)
    waking.put_off(seat, three[:1], seat.now() + DAY)
    handoff.undo(seat)
    assert handoff.undo(seat).inquiries == set(three)
    assert [seat.inquiry(each).until for each in three] == before


def test_a_track_that_never_wakes_leaves_no_day(seat, clock, sleep):
    inquiry = sleep()
    waking.move(seat, [inquiry], "Newsletter only")
    assert seat.inquiry(inquiry).until is None
    assert pages.page(seat, ALL).rows[0].until is None
    clock.on(4000 * DAY)
    assert not waking.wake_due(seat).inquiries
    assert waking.wake(seat, [inquiry]).count == 1


@pytest.mark.parametrize("until", [0, -DAY])
def test_nobody_is_put_off_to_a_day_that_is_past(seat, sleep, until):
    inquiry = sleep()
    with pytest.raises(Refused, match="not to come"):
        waking.put_off(seat, [inquiry], seat.now() + until)
    with pytest.raises(NotFound):
        waking.move(seat, [inquiry], "Nowhere")
    assert kinds(seat, inquiry)[-1] == "disposed"


def test_nurture_goes_by_the_rule_of_its_track_where_no_day_is_said(seat, take):
    first, second = take(0), take(1)
    handoff.dispose(seat, first, Disposition.NURTURE, Choice(reason="r", track="Waiting for a colleague"))
    handoff.dispose(seat, second, Disposition.NURTURE, Choice(reason="r"))
    assert seat.inquiry(first).until == seat.now() + 21 * DAY
    assert seat.inquiry(second).until == seat.now() + 90 * DAY


# tracks


def test_the_tracks_that_come_with_winnow_are_there_and_can_be_changed(seat, sleep):
    inquiry = sleep(track="No budget yet")
    names = [each.name for each in tracks.tracks(seat)]
    assert names[:2] == ["Later this year", "No budget yet"]
    tracks.define(seat, "no budget yet", name="Budget in autumn", wake_on="10-01", purpose="newsletter")
    made = tracks.track(seat, "Budget in autumn")
    assert (made.key, made.wake_on, made.wake_days, made.purpose) == ("No budget yet", "--10-01", None, "newsletter")
    assert pages.page(seat, List(Kind.TRACK, "No budget yet")).rows[0].track_name == "Budget in autumn"
    tracks.define(seat, "Budget in autumn", retired=True)
    assert "Budget in autumn" not in [each.name for each in tracks.tracks(seat)]
    assert [each.count for each in pages.counts(seat).lists if each.list.track == "No budget yet"] == [1]
    assert seat.inquiry(inquiry).stage is Stage.NURTURE


def test_a_new_track_is_found_by_any_spelling_and_survives_a_rebuild(seat):
    tracks.define(seat, "After the fair", wake_days=14)
    assert tracks.track(seat, "after THE fair").wake_days == 14
    tracks.define(seat, "After the fair", wake_days=0)
    before = seat.store.query("SELECT * FROM track")
    rebuild(seat.ledger)
    assert seat.store.query("SELECT * FROM track") == before
    assert tracks.track(seat, "After the fair").wake_days == 0


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"name": "later THIS year"}, {"wake_days": 4000}, {"wake_on": "13-40"}, {"wake_on": "2020-01-01"},
     {"purpose": "telegrams"}],
)  # fmt: skip
def test_a_track_that_cannot_be_is_refused(seat, change):
    with pytest.raises(Refused):
        tracks.define(seat, "After the fair", **change)
    assert not seat.store.query("SELECT 1 FROM track")


def test_a_day_of_the_year_is_the_next_one_of_its_kind(seat):
    for rule, expected in (("--03-11", "2026-03-11"), ("--03-10", "2027-03-10"), ("--02-29", "2028-02-29")):
        at = tracks.next_day(rule, NOON, "Europe/Berlin")
        from datetime import datetime
        from zoneinfo import ZoneInfo

        assert f"{datetime.fromtimestamp(at / 1000, ZoneInfo('Europe/Berlin')):%Y-%m-%d %H}" == f"{expected} 09"


# lists


def test_lists_hold_who_waits_soonest_first_page_by_page(seat, sleep):
    late, soon, none = sleep(0, days=40), sleep(1, days=3, track="No budget yet"), sleep(2, days=None)
    assert listed(seat) == [soon, late, none]
    assert listed(seat, SOON) == [soon]
    assert listed(seat, List(Kind.TRACK, "No budget yet")) == [soon]
    assert listed(seat, NONE) == [late, none]
    seen, place = [], None
    while True:
        page = pages.page(seat, ALL, place, 1)
        seen += [row.id for row in page.rows]
        place = page.next
        if place is None:
            break
    assert seen == listed(seat)
    assert pages.ids(seat, ALL, most=2) == seen[:2]
    found = pages.counts(seat)
    assert (found.total, found.soon, found.today) == (3, 1, 0)


def test_what_sales_returned_is_a_list_of_its_own_with_its_reason(seat, take):
    inquiry = take(0)
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="r"))
    selling.review(seat, inquiry, Verdict.NURTURE, reason="too early for them")
    row = pages.page(seat, RETURNED).rows[0]
    assert (row.id, row.why, row.returned) == (inquiry, "too early for them", True)
    assert not listed(seat, NONE)
    waking.move(seat, [inquiry], "Later this year")
    assert not listed(seat, RETURNED)
    assert [each.count for each in pages.counts(seat).lists if each.list.kind is Kind.RETURNED] == [0]


def test_what_is_typed_narrows_by_name_company_and_why(seat, sleep):
    first = sleep(0, reason="waits for the board")
    second = sleep(1, reason="on leave")
    assert listed(seat, text="board") == [first]
    assert listed(seat, text=form(1).last_name) == [second]
    assert listed(seat, text="50%_") == []


def test_the_lists_are_walked_along_their_indexes(seat):
    for kind in Kind:
        start, parameters = pages.walk_of(List(kind, "x"), seat.now(), "UTC")
        sql = f"EXPLAIN QUERY PLAN SELECT i.id FROM {start} AND (i.wakes_at, i.id) > (:at, :id) "
        plan = seat.store.query(sql + "ORDER BY i.wakes_at, i.id LIMIT 9", parameters | {"at": 1, "id": ""})
        said = " ".join(str(row[-1]) for row in plan)
        assert "TEMP B-TREE" not in said and said.startswith("SEARCH"), said


def test_one_who_waits_is_shown_with_what_was_said(seat, sleep):
    inquiry = sleep(reason="wants it in spring", request="A brochure, please")
    view = pages.open_waiting(seat, inquiry)
    assert (view.row.why, view.requests) == ("wants it in spring", ("A brochure, please",))
    assert view.history[-1].kind == "captured"
    waking.wake(seat, [inquiry])
    with pytest.raises(Refused, match="does not wait"):
        pages.open_waiting(seat, inquiry)


# consents


def test_agreeing_to_be_contacted_covers_calls_and_mail_but_no_newsletter(seat, sleep):
    inquiry = sleep(consent=True)
    assert pages.page(seat, ALL).rows[0].consents == ("calls", "e-mail")
    consents.record(seat, inquiry, "newsletter", given=True, how="said on the call")
    said = seat.inquiry(inquiry).consents["newsletter"]
    assert (said.given, said.how, said.at, said.actor) == (True, "said on the call", seat.now(), seat.member)
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_a_consent_that_is_taken_back_is_gone_and_undo_brings_it_back(seat, clock, sleep):
    inquiry = sleep(consent=True)
    clock.on(MINUTE)
    consents.record(seat, inquiry, "calls", given=False)
    assert pages.page(seat, ALL).rows[0].consents == ("e-mail",)
    assert "Took back" in history(seat, inquiry)[-1].text
    handoff.undo(seat)
    assert pages.page(seat, ALL).rows[0].consents == ("calls", "e-mail")


def test_of_two_that_contradict_the_later_day_counts_in_any_order(seat, clock, sleep):
    inquiry = sleep()
    consents.record(seat, inquiry, "e-mail", given=True, how="web form")
    with pytest.raises(Refused, match="newer"):
        consents.record(seat, inquiry, "e-mail", given=False, at=seat.now() - DAY)
    with pytest.raises(Refused, match="future"):
        consents.record(seat, inquiry, "e-mail", given=False, at=seat.now() + DAY)


@pytest.mark.parametrize(
    ("purpose", "given", "how"), [("telegrams", True, "x"), ("calls", True, " "), ("calls", False, "")]
)
def test_a_consent_that_cannot_be_is_refused(seat, sleep, purpose, given, how):
    inquiry = sleep()
    with pytest.raises(Refused):
        consents.record(seat, inquiry, purpose, given=given, how=how)
    assert "consented" not in kinds(seat, inquiry)


def test_nothing_of_who_is_erased_agrees_to_anything(seat, sleep):
    inquiry = sleep(consent=True)
    privacy.erase(seat, inquiry)
    assert seat.store.one("SELECT consents, reason FROM inquiry WHERE id = ?", (inquiry,)) == ("", "")
    with pytest.raises(Refused):
        consents.record(seat, inquiry, "calls", given=True, how="x")


# the list for the mailing tool


def test_only_who_agreed_and_did_not_object_is_on_the_list_and_the_others_are_told(seat, sleep, tmp_path):
    fine = sleep(0, track="No budget yet", consent=True, first_name='=HYPERLINK("x")')
    sleep(1, track="No budget yet")
    sleep(2, track="No budget yet", consent=True, email="")
    sleep(3, track="Newsletter only", consent=True)
    objects = sleep(4, track="No budget yet", consent=True)
    privacy.object_to_calls(seat, objects)
    file = tmp_path / "list.csv"
    made = mailing_list.write(seat, file, List(Kind.TRACK, "No budget yet"))
    assert (made.purpose, made.rows) == ("e-mail", 1)
    assert made.left_out == {"no consent": 1, "no e-mail": 1, "asked not to be contacted": 1}
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [row["email"] for row in rows] == [seat.inquiry(fine).emails[0]]
    assert rows[0]["first_name"] == '\'=HYPERLINK("x")'
    assert (rows[0]["track"], rows[0]["consent_how"]) == ("No budget yet", "asked to be contacted")


def test_the_newsletter_needs_a_consent_of_its_own(seat, sleep, tmp_path):
    first = sleep(0, track="Newsletter only", consent=True)
    which = List(Kind.TRACK, "Newsletter only")
    assert mailing_list.write(seat, tmp_path / "a.xlsx", which).rows == 0
    consents.record(seat, first, "newsletter", given=True, how="paper at the fair")
    made = mailing_list.write(seat, tmp_path / "a.xlsx", which)
    assert (made.rows, made.left) == (1, 0)
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert (rows[0][0], rows[1][0], len(rows)) == ("email", seat.inquiry(first).emails[0], 2)


def test_who_objected_elsewhere_under_the_same_address_is_left_out(seat, sleep, tmp_path):
    other = sleep(0, email="shared@werk.example", first_name="Zoe", last_name="Other")
    sleep(1, email="shared@werk.example", consent=True)
    privacy.object_to_calls(seat, other)
    made = mailing_list.write(seat, tmp_path / "a.csv", ALL)
    assert (made.rows, made.left_out) == (0, {"asked not to be contacted": 1})


def test_an_address_is_written_to_once(seat, sleep, tmp_path):
    sleep(0, email="info@werk.example", consent=True)
    sleep(1, email="INFO@werk.example", consent=True)
    made = mailing_list.write(seat, tmp_path / "a.csv", ALL)
    assert (made.rows, made.left_out) == (1, {"same e-mail twice": 1})


def test_a_list_that_cannot_be_written_leaves_the_old_file(seat, sleep, tmp_path):
    sleep(consent=True)
    with pytest.raises(Refused):
        mailing_list.write(seat, tmp_path / "list.vcf", ALL)
    with pytest.raises(Refused):
        mailing_list.write(seat, tmp_path / "list.csv", ALL, purpose="telegrams")
    with pytest.raises(Exception, match="cannot be written"):
        mailing_list.write(seat, tmp_path / "missing" / "list.csv", ALL)
    assert list(Path(tmp_path).glob("list*")) == []


# a team


def test_callers_change_nothing_here(seat, sleep):
    inquiry = sleep()
    gather(seat, me=BEN, role=Role.CALLER)
    assert not pages.counts(seat).may_change
    for change in (lambda: waking.wake(seat, [inquiry]), lambda: waking.move(seat, [inquiry], "No budget yet"),
                   lambda: waking.put_off(seat, [inquiry], None), lambda: tracks.define(seat, "New")):  # fmt: skip
        with pytest.raises(Refused, match="Only marketing"):
            change()
    assert kinds(seat, inquiry)[-1] == "disposed"


def test_undoing_the_decision_leaves_nobody_half_asleep(seat, clock, sleep):
    inquiry = sleep(days=1)
    waking.put_off(seat, [inquiry], seat.now() + 2 * DAY)
    handoff.undo(seat)
    handoff.undo(seat)
    assert seat.inquiry(inquiry).stage is Stage.WAITING
    assert isinstance(seat.ledger.entries(inquiry)[-1].facts(), Undone)
    clock.on(9 * DAY)
    assert not waking.wake_due(seat).inquiries


def test_a_consent_that_came_with_an_inquiry_is_in_its_row_however_the_row_is_made(seat):
    inquiry = capture.capture(seat, msgspec.structs.replace(form(0), consent=True)).inquiry_id
    before = seat.store.one("SELECT consents FROM inquiry WHERE id = ?", (inquiry,))
    rebuild(seat.ledger)
    assert seat.store.one("SELECT consents FROM inquiry WHERE id = ?", (inquiry,)) == before
    assert "e-mail" in before[0]
    assert tables_now(seat) == tables_as_they_should_be(seat)
