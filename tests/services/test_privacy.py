"""What is erased is gone from every byte of the file; what stays blocks a return and nothing else."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from app import bootstrap
from app.models.entries import Disposition, Outcome, Verdict
from app.models.folding import fold_text
from app.models.inquiry import Stage
from app.services import calling, capture, drafts, handoff, privacy, queue
from app.services.changing_settings import change
from app.services.doctor import check
from app.services.errors import Refused
from app.services.handoff import Choice
from app.services.sales import selling
from app.services.seat import Seat
from app.services.store import backup
from tests.services.decrypting import everything_in, gaps_in
from tests.services.made_up import DAY, KEY, MINUTE, Clock, berlin, beside, form

NAME, COMPANY, MAIL, NUMBER = "Zwetschgenwälder", "Zwetschgen & Söhne", "zwetschge@wald.example", berlin(777)
NOTE, DRAFT, REQUEST, WORDS = "Zwetschgennotiz", "Zwetschgenentwurf", "Zwetschgenwunsch", "Zwetschgenantwort"
OF_SOMEBODY = re.compile(rb"(?i)zwet|wald\.example|30231\d{3}|01[0-9a-f]{12}")
SECRETS = (NAME, COMPANY, MAIL, NUMBER, NUMBER[1:], NOTE, DRAFT, REQUEST, WORDS)


def forms(text: str) -> set[bytes]:
    """How a text may stand in the file: as it is, folded, and as JSON writes it."""
    found = {text, fold_text(text), text.casefold(), json.dumps(text)[1:-1], text.replace(" ", "")}
    return {form.encode() for form in found} | {text.encode("utf-16-le")}


def left_in(home: Path, texts: tuple[str, ...] = SECRETS) -> list[bytes]:
    content = everything_in(home)
    return [form for text in texts for form in forms(text) if form in content]


def victim(seat: Seat, **fields: str) -> str:
    made = capture.capture(
        seat,
        form(
            7, **({"last_name": NAME, "company": COMPANY, "email": MAIL, "phone": NUMBER, "request": REQUEST} | fields)
        ),
    ).inquiry_id
    calling.log_call(seat, made, Outcome.NO_ANSWER, note=NOTE)
    drafts.save(seat, made, drafts.Draft(note=DRAFT, answers={"free": WORDS}))
    return made


def test_no_file_of_the_home_holds_a_readable_name_number_or_address(home: bootstrap.Home) -> None:
    victim(home.seat)
    backup.before_migration(home.seat.store, "0001")
    assert left_in(home.path), "with the key everything can be read"
    for file in home.path.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [form for text in SECRETS for form in forms(text) if form in content], file
        assert KEY not in content and KEY.hex().encode() not in content.lower(), file
    assert {"winnow.db", "winnow.db-wal"} <= {file.name for file in home.path.iterdir()}


def test_an_erasure_leaves_nothing_in_the_decrypted_file(home: bootstrap.Home) -> None:
    inquiry = victim(home.seat)
    assert {forms(text) & set(left_in(home.path)) != set() for text in (NAME, MAIL, NUMBER, NOTE, DRAFT)} == {True}
    done = privacy.erase(home.seat, inquiry)
    assert done.entries == 2
    assert left_in(home.path) == []
    home.seat.store.close()
    assert left_in(home.path) == []


@pytest.mark.parametrize("by_sales", [False, True])
def test_a_discard_hides_at_once_and_leaves_nothing_when_its_undo_time_is_over(
    home: bootstrap.Home, clock: Clock, by_sales: bool
) -> None:
    seat, inquiry = home.seat, victim(home.seat)
    if by_sales:
        handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="so"))
        selling.review(seat, inquiry, Verdict.DISCARD, reason="no")
    else:
        handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason=NOTE, note=NOTE))
    row = queue.row(seat, inquiry)
    assert (row.stage, row.name, row.phone, row.email) == (Stage.DISCARDED, "", "", "")
    clock.on(10 * MINUTE - 1)
    assert not privacy.erase_due(seat).inquiries
    assert left_in(home.path)
    clock.on(1)
    assert privacy.erase_due(seat).inquiries == {inquiry}
    assert left_in(home.path) == []
    assert seat.inquiry(inquiry).result == "discard"
    assert not privacy.erase_due(seat).inquiries


def test_a_discard_by_a_clock_that_was_a_year_ahead_does_not_wait_a_year(home: bootstrap.Home, clock: Clock) -> None:
    year = 365 * 24 * 60 * MINUTE
    clock.on(year)
    inquiry = victim(home.seat)
    handoff.dispose(home.seat, inquiry, Disposition.DISCARD, Choice(reason=NOTE))
    assert not privacy.erase_due(home.seat).inquiries
    clock.on(-year)
    assert privacy.erase_due(home.seat).inquiries == {inquiry}
    assert left_in(home.path) == []
    told = [finding.sentence for finding in check(home.seat) if finding.level == "warning"]
    assert "The last entry is 365 days ahead of this clock." in told
    assert "1 inquiries were called while the clock was ahead, and are due again by that." in told


def test_with_no_undo_time_a_discard_erases_in_the_same_stroke(home: bootstrap.Home) -> None:
    change(home.seat, "undo-minutes", "0")
    inquiry = victim(home.seat)
    handoff.dispose(home.seat, inquiry, Disposition.DISCARD, Choice(reason=NOTE))
    assert home.seat.inquiry(inquiry).stage is Stage.ERASED
    assert left_in(home.path) == []
    with pytest.raises(Refused):
        handoff.undo(home.seat)


def test_nothing_is_left_between_the_pages_of_many_others(home: bootstrap.Home) -> None:
    seat, chance = home.seat, random.Random(3)
    people: dict[int, str] = {}
    for number in chance.sample(range(500), 500):
        long = "Rückruf " * chance.randint(0, 40)
        fields = {"last_name": f"Zwetschge{number:03d}", "email": f"zwet{number:03d}@wald.example", "request": long}
        people[number] = capture.capture(seat, form(number, **fields)).inquiry_id
    gone = chance.sample(range(500), 40)
    # Besides these, whoever stands on a signpost of the full text, and whose cells left copies behind when they moved.
    seat.store.truncate_log()
    before = everything_in(home.path)
    signposts = [bytes(row[0]) for row in seat.store.query("SELECT term FROM search_words_idx")]
    gone += [n for n in people if any(f"zwet{n:03d}".encode() in term for term in signposts)]
    gone += sorted(people, key=lambda n: before.count(f"zwet{n:03d}@wald.example".encode()))[-40:]
    gone = list(dict.fromkeys(gone))
    for number in gone[:40]:
        calling.log_call(seat, people[number], Outcome.NO_ANSWER, note=f"notiert{number:03d}")
        drafts.save(seat, people[number], drafts.Draft(note=f"entwurf{number:03d}"))
    for number in gone[:-10]:
        handoff.dispose(seat, people[number], Disposition.DISCARD, Choice(reason="so"))
    seat.clock.on(11 * MINUTE)  # type: ignore[attr-defined]
    privacy.erase_due(seat)
    for number in gone[-10:]:
        privacy.erase(seat, people[number])
    texts = ("Zwetschge{:03d}", "wetschge{:03d}", "zwet{:03d}@", "zwet{:03d}", "notiert{:03d}", "entwurf{:03d}")
    content = everything_in(home.path)
    left = [
        t.format(n)
        for n in gone
        for t in texts
        if fold_text(t.format(n)).encode() in content or t.format(n).encode() in content
    ]
    left += [berlin(n) for n in gone if berlin(n).encode() in content]
    assert left == []
    assert b"Zwetschge" in content
    assert OF_SOMEBODY.findall(gaps_in(home.path)) == [], "what moved to another page left nothing behind"


def test_a_page_that_is_still_open_writes_no_draft_of_an_erased_person(home: bootstrap.Home) -> None:
    inquiry = victim(home.seat)
    privacy.erase(home.seat, inquiry)
    drafts.save(home.seat, inquiry, drafts.Draft(note=DRAFT))
    assert drafts.read(home.seat, inquiry) == drafts.Draft()
    assert left_in(home.path) == []


def test_what_could_not_be_swept_beside_a_reader_is_swept_at_the_next_look(home: bootstrap.Home) -> None:
    inquiry, other = victim(home.seat), beside(home.seat)
    reader = other.store.reader()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM inquiry").fetchone()
    home.seat.store.writer.execute("PRAGMA busy_timeout=50")
    privacy.erase(home.seat, inquiry)
    assert left_in(home.path), "the other's snapshot is still whole"
    other.store.close()
    privacy.erase_due(home.seat)
    assert left_in(home.path) == []


def test_a_contested_discard_is_not_erased_and_does_not_stop_the_others(home: bootstrap.Home, clock: Clock) -> None:
    from app.models.entries import Disposed
    from tests.models.histories_at_random import make

    seat = home.seat
    one, two = victim(seat), capture.capture(seat, form(2)).inquiry_id
    body = Disposed(disposition=Disposition.SELL, decided_at=clock.now)
    with seat.store.writing():
        seat.ledger.append([make(body, "1" * 32, subject=one, device="other", at=1)])
    for inquiry in (one, two):
        handoff.dispose(seat, inquiry, Disposition.DISCARD, Choice(reason="so"))
    with seat.store.writing():
        late = make(Disposed(disposition=Disposition.NURTURE, decided_at=1), "2" * 32, subject=one, device="x", at=1)
        seat.ledger.append([late])
    assert seat.inquiry(one).contested
    clock.on(DAY)
    assert privacy.erase_due(seat).inquiries == {two}
    assert seat.inquiry(one).stage is Stage.DISCARDED


# what blocks


def test_who_was_discarded_enters_again_marked_by_mail_or_by_number_with_the_surname(seat: Seat, clock: Clock) -> None:
    for erased in (False, True):
        fields = {"phone": berlin(5 + erased), "email": f"v{erased}@wald.example", "last_name": "Vogt"}
        first = capture.capture(seat, form(1, **fields)).inquiry_id
        handoff.dispose(seat, first, Disposition.DISCARD, Choice(reason="so"))
        if erased:
            clock.on(DAY)
            privacy.erase_due(seat)
        person = capture.person_of(("last_name", "phone"), form(1, **fields), "DE")
        assert capture.was_discarded(seat, person)
        colleague = capture.person_of(("last_name", "phone"), form(1, **(fields | {"last_name": "Wolf"})), "DE")
        assert not capture.was_discarded(seat, colleague)
        again = capture.capture(seat, form(1, **(fields | {"phone": ""})))
        assert again.inquiry_id != first and not again.known
        assert seat.inquiry(again.inquiry_id).asked_anew


def test_an_undone_discard_blocks_nobody(seat: Seat) -> None:
    made = form(1)
    handoff.dispose(seat, capture.capture(seat, made).inquiry_id, Disposition.DISCARD, Choice(reason="so"))
    person = capture.person_of(made.__struct_fields__, made, "DE")
    assert capture.was_discarded(seat, person)
    handoff.undo(seat)
    assert not capture.was_discarded(seat, person)


def test_do_not_call_blocks_colleagues_on_the_number_until_it_is_lifted(seat: Seat) -> None:
    one = capture.capture(seat, form(1, phone=berlin(9))).inquiry_id
    two = capture.capture(seat, form(2, phone=berlin(9))).inquiry_id
    calling.log_call(seat, one, Outcome.DO_NOT_CALL)
    three = capture.capture(seat, form(3, phone=berlin(9))).inquiry_id
    assert seat.inquiry(one).stage is Stage.OBJECTED
    assert [queue.row(seat, i).callable for i in (one, two, three)] == [False, False, False]
    assert queue.callable_page(seat).rows == ()
    with pytest.raises(Refused):
        handoff.undo(seat)
    with pytest.raises(Refused):
        privacy.lift(seat, one, " ")
    privacy.lift(seat, one, "they wrote to us")
    assert [queue.row(seat, i).callable for i in (one, two, three)] == [True, True, True]


def test_an_objection_outlives_the_erasure_of_its_person(seat: Seat) -> None:
    one = capture.capture(seat, form(1, phone=berlin(9))).inquiry_id
    privacy.object_to_calls(seat, one)
    privacy.erase(seat, one)
    again = capture.capture(seat, form(1, phone=berlin(9))).inquiry_id
    assert not queue.row(seat, again).callable


def test_do_not_call_waits_for_no_colleagues_claim(seat: Seat) -> None:
    one = capture.capture(seat, form(1)).inquiry_id
    queue.claim(beside(seat), one)
    with pytest.raises(Refused):
        calling.log_call(seat, one, Outcome.BUSY)
    calling.log_call(seat, one, Outcome.DO_NOT_CALL)
    assert seat.inquiry(one).stage is Stage.OBJECTED


def test_nobody_is_erased_twice_and_nobody_erased_is_called_corrected_or_decided(seat: Seat) -> None:
    one = capture.capture(seat, form(1)).inquiry_id
    privacy.erase(seat, one)
    for refused in (
        lambda: privacy.erase(seat, one),
        lambda: calling.log_call(seat, one, Outcome.DO_NOT_CALL),
        lambda: capture.edit(seat, one, {"company": "x"}),
        lambda: handoff.dispose(seat, one, Disposition.NURTURE, Choice(reason="so")),
        lambda: privacy.object_to_calls(seat, one),
    ):
        with pytest.raises(Refused):
            refused()
