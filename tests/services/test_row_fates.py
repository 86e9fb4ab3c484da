"""What becomes of a row: the same person, a colleague, a correction by hand, somebody who was discarded or objected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from app.models.entries import Corrected, Disposition, Outcome, Person
from app.models.entry import Entry, encode
from app.models.inquiry import Stage
from app.services import calling, capture, handoff, privacy
from app.services.doctor import check
from app.services.handoff import Choice
from app.services.import_terms import Fate, ImportOptions, ImportReport
from app.services.importing import import_files
from app.services.seat import Seat, new_id
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import DAY, HOUR, Clock, berlin

HEAD = ("First name", "Last name", "Company", "Title", "Phone", "E-mail")
Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(seat: Seat, tmp_path: Path) -> Bring:
    """Writes rows into a list and imports it."""

    def brought(
        *rows: Iterable[str], head: Iterable[str] = HEAD, name: str = "list.csv", **options: Any
    ) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join(";".join(row) for row in (head, *rows)) + "\n")
        return import_files(seat, [path], ImportOptions(**({"source": "Fair", "region": "DE"} | options)))

    return brought


def person(first: str = "Maria", last: str = "Rossi", company: str = "Officine Rossi", title: str = "Buyer",
           phone: str = berlin(1), email: str = "maria@rossi.example") -> tuple[str, ...]:  # fmt: skip
    return (first, last, company, title, phone, email)


def fates(report: ImportReport) -> list[Fate]:
    return [row.fate for file in report.files for row in file.rows]


def whys(report: ImportReport) -> list[str]:
    return [row.why for file in report.files for row in file.rows]


def people(seat: Seat) -> list[str]:
    return [row[0] for row in seat.store.query("SELECT first_name || ' ' || last_name FROM inquiry ORDER BY 1")]


def only(seat: Seat) -> Any:
    (row,) = seat.store.query("SELECT id FROM inquiry")
    return seat.inquiry(row[0])


# one person


@pytest.mark.parametrize(
    ("other", "by"),
    [
        (person(phone=""), "e-mail"),
        (person(email=""), "number"),
        (person(first="M.", email=""), "number"),
        (person(first="", email=""), "number"),
        (person(first="", last="", phone=""), "e-mail"),
        (person(email="MARIA@rossi.example", phone=""), "e-mail"),
    ],
)
def test_the_same_number_or_email_with_a_name_that_fits_is_the_same_person(
    seat: Seat, bring: Bring, other: tuple[str, ...], by: str
) -> None:
    bring(person())
    report = bring(other, name="other.csv", source="Web")
    assert fates(report) == [Fate.MERGED]
    assert whys(report) == [f"same {by} as Maria Rossi"]
    assert len(people(seat)) == 1
    assert [request.source for request in only(seat).requests] == ["Fair", "Web"]


def test_another_name_on_the_same_number_is_a_colleague(seat: Seat, bring: Bring) -> None:
    report = bring(person(), person("Marco", "Bianchi", email="marco@rossi.example"))
    assert fates(report) == [Fate.NEW, Fate.NEW]
    assert whys(report)[1] == "same switchboard, another name: a colleague"


@pytest.mark.parametrize(
    ("known", "new", "proposed"),
    [
        (person(phone=""), person(email=""), True),
        (person(phone="", company="Officine Rossi S.p.A."), person(first="M.", email=""), True),
        (person(), person(phone=berlin(2), email=""), False),
        (person(), person(phone="", email="m@rossi.example"), False),
        (person(phone=""), person(first="Anna", email=""), False),
        (person(phone="", company="Timber Rossi"), person(company="Timber Rossi Nord", email=""), False),
    ],
)
def test_name_and_company_alone_only_propose_and_never_where_numbers_or_emails_differ(
    seat: Seat, bring: Bring, known: tuple[str, ...], new: tuple[str, ...], *, proposed: bool
) -> None:
    bring(known)
    report = bring(new, name="new.csv")
    assert fates(report) == [Fate.NEW] and len(people(seat)) == 2
    told = f"perhaps the same as Maria Rossi, {known[2]}: name and company agree"
    assert whys(report) == [told if proposed else ""]


def test_a_role_address_identifies_nobody(seat: Seat, bring: Bring) -> None:
    first, second = person(phone="", email="info@rossi.example"), person("Marco", phone="", email="info@rossi.example")
    assert bring(first, second).count(Fate.NEW) == 2


def test_two_inquiries_that_one_row_shows_to_be_one_person_are_merged_and_keep_everything(
    seat: Seat, bring: Bring
) -> None:
    bring(person(email=""), person(phone="", email="maria@rossi.example, m.rossi@home.example"), name="a.csv")
    assert len(people(seat)) == 2
    report = bring(person(), name="b.csv", source="Web")
    assert (fates(report), whys(report)) == ([Fate.MERGED], ["two inquiries are one person"])
    assert only(seat).emails == ("maria@rossi.example", "m.rossi@home.example")
    assert [phone.e164 for phone in only(seat).phones] == [berlin(1)]


def test_numbers_of_merged_inquiries_survive_a_later_correction_of_one_of_them(seat: Seat, bring: Bring) -> None:
    bring(person(email=""), person(phone=berlin(4)), name="a.csv")
    bring(person(phone=f"{berlin(1)} / {berlin(3)}", email=""), name="b.csv")
    bring(person(), name="c.csv", source="Web")
    assert {phone.e164 for phone in only(seat).phones} == {berlin(1), berlin(3), berlin(4)}


def test_a_bare_surname_does_not_make_one_person_of_two_with_full_names(seat: Seat, bring: Bring) -> None:
    bring(person(email=""), person("Marco", email=""), name="a.csv")
    report = bring(person("", email=""), name="b.csv", source="Web")
    assert fates(report) == [Fate.MERGED]
    assert people(seat) == ["Marco Rossi", "Maria Rossi"]


def test_rows_of_one_list_that_are_one_person_enter_once(seat: Seat, bring: Bring) -> None:
    report = bring(person(), person(), person(phone=berlin(2)), person(phone=berlin(2), email=""))
    assert fates(report) == [Fate.NEW, Fate.SKIPPED, Fate.MERGED, Fate.SKIPPED]
    assert [phone.e164 for phone in only(seat).phones] == [berlin(1), berlin(2)]


def test_two_rows_that_add_to_one_known_person_both_count(seat: Seat, bring: Bring) -> None:
    bring(person())
    bring(person(phone=f"{berlin(1)} / {berlin(2)}", email=""), person(phone=berlin(3)), name="b.csv", source="Web")
    assert {phone.e164 for phone in only(seat).phones} == {berlin(1), berlin(2), berlin(3)}


def test_a_row_without_anything_that_identifies_enters_once(seat: Seat, bring: Bring) -> None:
    row = person(phone="+48 22 555 01 2", email="")
    report = bring(row, row)
    assert fates(report) == [Fate.NEW, Fate.SKIPPED]
    assert whys(report)[0] == "number is not valid: kept, cannot be called yet"
    assert bring(row).count(Fate.NEW) == 0


# what changes


def test_a_new_title_is_told_with_the_old_one(seat: Seat, bring: Bring) -> None:
    bring(person())
    report = bring(person(title="Head of Purchasing"), name="b.csv")
    assert (fates(report), whys(report)) == ([Fate.UPDATED], ["title was Buyer, now Head of Purchasing"])
    assert only(seat).title == "Head of Purchasing"


def test_an_older_list_does_not_bring_its_values_back(seat: Seat, bring: Bring) -> None:
    for title in ("Buyer", "Head of Purchasing", "Director"):
        bring(person(title=title), name=f"{title}.csv")
    for title in ("Buyer", "Head of Purchasing", "Director"):
        assert fates(bring(person(title=title), name=f"{title}.csv")) == [Fate.SKIPPED]
    assert only(seat).title == "Director"


@pytest.mark.parametrize(
    ("first", "last", "becomes"),
    [
        ("M.", "Rossi", "Maria Rossi"),
        ("MARIA", "ROSSI", "Maria Rossi"),
        ("Rossi", "Maria", "Maria Rossi"),
        ("Maria Luisa", "Rossi", "Maria Luisa Rossi"),
        ("Maria", "Rossi Bianchi", "Maria Rossi Bianchi"),
    ],
)
def test_a_name_only_grows(seat: Seat, bring: Bring, first: str, last: str, becomes: str) -> None:
    bring(person())
    bring(person(first, last), name="b.csv", source="Web")
    assert people(seat) == [becomes]


def test_names_that_changed_places_do_not_double_a_word(seat: Seat, bring: Bring) -> None:
    bring(person("Alexander", "Li"))
    bring(person("Li", "Alexander"), name="b.csv", source="Web")
    assert people(seat) == ["Alexander Li"]


def test_a_company_that_is_only_written_otherwise_is_no_change(seat: Seat, bring: Bring) -> None:
    bring(person(company="Officine Rossi S.p.A."))
    report = bring(person(company="OFFICINE ROSSI"), name="b.csv")
    assert fates(report) == [Fate.SKIPPED]
    assert only(seat).company == "Officine Rossi S.p.A."


def test_another_message_of_somebody_known_is_kept(seat: Seat, bring: Bring) -> None:
    head = (*HEAD, "Message")
    bring((*person(), "A quote, please"), head=head)
    report = bring((*person(), "And a call"), head=head, name="b.csv")
    assert fates(report) == [Fate.MERGED]
    assert [request.text for request in only(seat).requests] == ["A quote, please", "And a call"]


def test_a_row_that_adds_what_no_list_shows_is_remembered_and_writes_no_other_row(seat: Seat, bring: Bring) -> None:
    head = (*HEAD, "ZIP")
    bring((*person(), ""), head=head)
    bring((*person(email="maria@home.example"), ""), head=head, name="b.csv")
    written: list[str] = []
    seat.store.writer.set_trace_callback(written.append)
    report = bring((*person(), "10115"), head=head, name="c.csv")
    seat.store.writer.set_trace_callback(None)
    assert fates(report) == [Fate.MERGED]
    assert only(seat).postal_code == "10115"
    assert any(sql.startswith("INSERT INTO imported_row") for sql in written)
    assert not [sql for sql in written if " inquiry " in sql and not sql.startswith("SELECT")]
    assert fates(bring((*person(), "10115"), head=head, name="d.csv")) == [Fate.SKIPPED]
    assert tables_now(seat) == tables_as_they_should_be(seat)


def test_each_of_many_on_one_number_is_found_by_their_name(seat: Seat, bring: Bring) -> None:
    first = ("Ada", "Bo", "Cleo", "Dora")
    bring(*(person(first=name, last="Byron", email="") for name in first))
    report = bring(*(person(first=name, last="Byron", email="", title="Head") for name in first), name="b.csv")
    assert fates(report) == [Fate.UPDATED] * 4
    assert people(seat) == [f"{name} Byron" for name in first]


# corrections by hand


def test_an_import_does_not_overwrite_what_a_hand_corrected_unless_told_to(seat: Seat, bring: Bring) -> None:
    bring(person())
    capture.edit(seat, only(seat).id, {"title": "Director"})
    assert fates(bring(person(title="Head"), name="b.csv", source="Web")) == [Fate.MERGED]
    assert only(seat).title == "Director"
    assert fates(bring(person(title="Owner"), name="c.csv", overwrite_hand=True)) == [Fate.UPDATED]
    assert only(seat).title == "Owner"


def test_a_country_that_a_hand_corrected_stays(seat: Seat, bring: Bring) -> None:
    head = (*HEAD, "Country")
    bring((*person(), "Germany"), head=head)
    capture.edit(seat, only(seat).id, {"country": "AT"})
    bring((*person(title="Head"), "Germany"), head=head, name="b.csv", source="Web")
    assert only(seat).country == "AT"


def test_a_number_that_a_hand_corrected_does_not_come_back(seat: Seat, bring: Bring) -> None:
    bring(person())
    capture.edit(seat, only(seat).id, {"phone": berlin(9)})
    assert fates(bring(person())) == [Fate.SKIPPED]
    bring(person(title="Head"), name="b.csv", source="Web")
    assert [phone.e164 for phone in only(seat).phones] == [berlin(9)]


def test_a_correction_by_a_list_is_not_one_by_hand(seat: Seat, bring: Bring) -> None:
    bring(person())
    bring(person(title="Head"), name="b.csv")
    entries = [entry.facts() for entry in seat.ledger.entries(only(seat).id) if entry.kind == "corrected"]
    assert [body.by_hand for body in entries if isinstance(body, Corrected)] == [False]


# options


def test_known_people_can_be_skipped(seat: Seat, bring: Bring) -> None:
    bring(person())
    report = bring(
        person(title="Head"), person("Anna", "Kern", phone=berlin(5), email=""), name="b.csv", on_match="skip"
    )
    assert fates(report) == [Fate.SKIPPED, Fate.NEW]
    assert whys(report)[0] == "known already, by their e-mail"
    assert only_title(seat, "Maria") == "Buyer"


def only_title(seat: Seat, first: str) -> str:
    row = seat.store.one("SELECT title FROM inquiry WHERE first_name = ?", (first,))
    assert row is not None
    return str(row[0])


def test_every_row_can_be_a_new_inquiry(seat: Seat, bring: Bring) -> None:
    bring(person())
    assert fates(bring(person(), person(), name="b.csv", as_new=True)) == [Fate.NEW, Fate.NEW]
    assert len(people(seat)) == 3


# who does not come back


def discard(seat: Seat, clock: Clock) -> None:
    handoff.dispose(seat, only(seat).id, Disposition.DISCARD, Choice(reason="no potential"))
    clock.on(HOUR)
    privacy.erase_due(seat)


@pytest.mark.parametrize("wait", [False, True])
def test_a_discarded_person_does_not_come_back_by_a_list_without_dates(
    seat: Seat, clock: Clock, bring: Bring, *, wait: bool
) -> None:
    bring(person())
    handoff.dispose(seat, only(seat).id, Disposition.DISCARD, Choice(reason="no potential"))
    if wait:
        clock.on(HOUR)
        privacy.erase_due(seat)
    for report in (bring(person()), bring(person(title="Head"), name="b.csv", source="Web")):
        (row,) = report.files[0].rows
        assert (row.fate, row.why) == (Fate.SKIPPED, "discarded on 10 March; does not come back")
        assert (row.name, row.company, row.number) == ("", "", "")
    assert people(seat) == [" "]


@pytest.mark.parametrize(("day", "fate"), [("2026-03-09", Fate.SKIPPED), ("2026-03-11", Fate.NEW)])
def test_who_asks_anew_after_a_discard_enters_marked(
    seat: Seat, clock: Clock, bring: Bring, day: str, fate: Fate
) -> None:
    bring(person())
    discard(seat, clock)
    clock.on(5 * DAY)
    head = (*HEAD, "Captured at")
    report = bring((*person(), day), head=head, name="b.csv")
    assert fates(report) == [fate]
    if fate is Fate.NEW:
        assert whys(report) == ["was discarded before, and asks anew"]
        assert seat.store.query("SELECT first_name FROM inquiry WHERE asked_anew = 1") == [("Maria",)]
        assert fates(bring((*person(), day), head=head, name="b.csv")) == [Fate.SKIPPED]


def test_an_erased_person_does_not_come_back(seat: Seat, bring: Bring) -> None:
    bring(person())
    privacy.erase(seat, only(seat).id)
    report = bring(person(title="Head"), name="b.csv")
    assert whys(report) == ["erased on 10 March; does not come back"]
    assert people(seat) == [" "]


def test_a_colleague_of_somebody_discarded_may_enter(seat: Seat, clock: Clock, bring: Bring) -> None:
    bring(person())
    discard(seat, clock)
    assert fates(bring(person("Marco", "Bianchi", email="marco@rossi.example"), name="b.csv")) == [Fate.NEW]


def test_who_objected_stays_not_callable_even_after_being_erased(seat: Seat, clock: Clock, bring: Bring) -> None:
    bring(person())
    calling.log_call(seat, only(seat).id, Outcome.DO_NOT_CALL)
    assert only(seat).stage is Stage.OBJECTED
    bring(person(title="Head"), name="b.csv", source="Web")
    assert only(seat).stage is Stage.OBJECTED
    privacy.erase(seat, only(seat).id)
    clock.on(30 * DAY)
    report = bring((*person(), "2026-04-01"), head=(*HEAD, "Captured at"), name="c.csv")
    assert whys(report) == ["asked not to be called"]
    bring(person("Marco", "Bianchi", email="marco@bianchi.example"), name="d.csv")
    assert seat.store.query("SELECT blocked FROM inquiry WHERE first_name = 'Marco'") == []


def test_a_colleague_on_a_number_that_objected_enters_and_is_not_callable(seat: Seat, bring: Bring) -> None:
    bring(person())
    calling.log_call(seat, only(seat).id, Outcome.DO_NOT_CALL)
    bring(person("Marco", "Bianchi", email="marco@bianchi.example"), name="b.csv")
    assert seat.store.query("SELECT blocked FROM inquiry WHERE first_name = 'Marco'") == [(2,)]


@pytest.mark.parametrize("known", [False, True])
def test_a_list_that_says_do_not_call_is_an_objection(seat: Seat, bring: Bring, *, known: bool) -> None:
    head = (*HEAD, "Do not call")
    if known:
        bring(person())
    report = bring((*person(), "yes"), head=head, name="b.csv")
    assert fates(report) == [Fate.UPDATED if known else Fate.NEW]
    assert whys(report) == ["the list says: do not call"]
    assert only(seat).stage is Stage.OBJECTED
    privacy.lift(seat, only(seat).id, reason="asked me to")
    assert fates(bring((*person(), "yes"), head=head, name="b.csv")) == [Fate.SKIPPED]
    assert only(seat).stage is Stage.WAITING
    assert all(finding.level != "bad" for finding in check(seat))


# captured by hand


def test_capturing_somebody_known_again_does_not_take_their_name_away(seat: Seat, bring: Bring) -> None:
    bring(person())
    form = capture.CaptureForm(
        first_name="M.", last_name="Rossi", phone=berlin(2), email="maria@rossi.example", source="Web", request="Again"
    )
    result = capture.capture(seat, form)
    assert result.known
    found = only(seat)
    assert found.name == "Maria Rossi"
    assert [phone.e164 for phone in found.phones] == [berlin(1), berlin(2)]
    assert [request.text for request in found.requests] == ["", "Again"]
    capture.capture(seat, capture.CaptureForm(first_name="Maria Luisa", last_name="Rossi", phone=berlin(1)))
    assert only(seat).name == "Maria Luisa Rossi"


def test_capturing_who_was_two_inquiries_keeps_every_number(seat: Seat, bring: Bring) -> None:
    bring(person(email=""), person(phone=berlin(2)), name="a.csv")
    capture.edit(seat, seat.store.query("SELECT id FROM inquiry ORDER BY id")[0][0], {"title": "Head"})
    capture.capture(seat, capture.CaptureForm(first_name="Maria", last_name="Rossi", phone=berlin(1),
                                              email="maria@rossi.example"))  # fmt: skip
    assert {phone.e164 for phone in only(seat).phones} == {berlin(1), berlin(2)}


def test_a_row_about_somebody_whose_rows_have_yet_to_be_made_leaves_them_right_in_the_end(
    seat: Seat, bring: Bring
) -> None:
    bring(person())
    (inquiry_id,) = (row[0] for row in seat.store.query("SELECT id FROM inquiry"))
    read = Person(last_name="Rossi-Bianchi", company="Bianchi", emails=("m@bianchi.example",))
    said = Entry(
        id=new_id(), subject=inquiry_id, kind="corrected", body=encode(Corrected(by_hand=False)), person=encode(read),
        at=seat.now() << 16,
    )  # fmt: skip
    with seat.store.writing():
        seat.ledger.append([said], later=True)  # as a laptop does that reads much of a hub
    bring(person(phone=berlin(2), title="Head of Purchasing"), name="second.csv")
    with seat.store.writing():
        seat.ledger.refold([inquiry_id])
    assert tables_now(seat) == tables_as_they_should_be(seat)
    assert only(seat).emails == ("m@bianchi.example", "maria@rossi.example") and len(only(seat).phones) == 2
