"""Somebody about whom there is one entry: their rows are made at once, and are what the fold would make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import tables
from app.models.entries import Captured, Person, Phone
from app.models.entry import Entry, encode
from app.models.fold import fold
from app.services import capture
from app.services.import_terms import Fate, ImportOptions, ImportReport
from app.services.importing import import_files
from app.services.store.projection import NEWCOMER, newcomer, project
from tests.services.made_up import Clock, new_home

texts = st.one_of(st.none(), st.sampled_from(["", "Anna", "Müller", "王 伟", "O'Neill & Sons", "  spaced  out "]))
phones = st.sampled_from([
    Phone(raw="030 23125118", e164="+493023125118", region="DE", zones=("Europe/Berlin",)),
    Phone(raw="+49 30 23125118", e164="+493023125118", region="DE", zones=("Europe/Berlin",)),
    Phone(raw="305 555", e164=""),
    Phone(raw="+1 212 5550100", e164="+12125550100", region="US", state="NY", zones=("America/New_York",)),
    Phone(raw="+80012345678", e164="+80012345678"),
])  # fmt: skip
emails = st.sampled_from(["Anna@Werk.example", "anna@werk.example", "info@werk.example", "b@x.example"])
people = st.builds(
    Person,
    first_name=texts, last_name=texts, company=texts, title=texts, street=texts, city=texts, request=texts, note=texts,
    phones=st.one_of(st.none(), st.lists(phones, max_size=3).map(tuple)),
    emails=st.one_of(st.none(), st.lists(emails, max_size=3).map(tuple)),
    extra=st.sampled_from([{}, {"Zip": "10115"}]),
)  # fmt: skip
bodies = st.builds(
    Captured,
    source=st.sampled_from(["List", ""]), captured_at=st.integers(0, 2**41), how=st.sampled_from(["file", "web"]),
    country=st.sampled_from([None, "", "DE", "US", "GB"]), state=st.sampled_from([None, "", "FL", "Kent"]),
    size=st.sampled_from([None, 12.0]), language=st.sampled_from([None, "de"]), asked_anew=st.booleans(),
    dated=st.booleans(), row_key=st.sampled_from(["", "1-ab:cd"]), consent_at=st.sampled_from([None, 5]),
)  # fmt: skip


@given(person=people, body=bodies, objected=st.booleans())
def test_the_rows_of_a_newcomer_are_those_of_the_fold(person: Person, body: Captured, objected: bool) -> None:
    entry = Entry(id="e" * 32, subject="a" * 32, kind="captured", body=encode(body), person=encode(person), at=7)
    expected = project(fold([entry]), 12, number_objected=objected)
    made = newcomer(entry, body, person, 12, number_objected=objected)
    defaults = {
        column.name: None if column.server_default is None else str(column.server_default.arg)  # type: ignore[attr-defined]
        for column in tables.inquiry.columns
    }
    row = dict(zip(NEWCOMER, made.inquiry, strict=True))
    assert {name: expected.named()[name] for name in NEWCOMER} == row
    for name, value in expected.named().items():
        if name not in NEWCOMER:
            assert str(value) == str(defaults[name]), name
    assert (made.phones, made.emails, made.rows) == (expected.phones, expected.emails, expected.rows)
    assert (made.words, made.digits) == (expected.words, expected.digits)
    assert not expected.attempts and not expected.blocks


HEAD = "First name,Last name,Phone,E-mail\n"


def take(seat, path: Path, *rows: str) -> ImportReport:
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return import_files(seat, [path], ImportOptions(source="List", region="DE"))


ANNA = "Anna,Abendroth,030 23125118,anna@werk.example"
SAME_SWITCHBOARD = "Bruno,Brinkmann,030 23125118,"
NO_KEY = "Clara,Castellani,0,info@werk.example"


@pytest.mark.parametrize("change", ["", "numbers", "erased"])
def test_the_same_row_never_enters_twice_whatever_became_of_them(tmp_path: Path, clock: Clock, change: str) -> None:
    with new_home(tmp_path / "home", clock) as home:
        seat, file = home.seat, tmp_path / "list.csv"
        assert take(seat, file, ANNA, SAME_SWITCHBOARD, NO_KEY).count(Fate.NEW) == 3
        ids = [row[0] for row in seat.store.query("SELECT id FROM inquiry ORDER BY num")]
        if change == "numbers":
            for inquiry in ids:
                capture.edit(seat, inquiry, {"phone": "030 23125999", "email": "b@x.example"})
        if change == "erased":
            from app.services import privacy

            for inquiry in ids:
                privacy.erase(seat, inquiry)
        again = take(seat, file, ANNA, SAME_SWITCHBOARD, NO_KEY)
        assert again.count(Fate.SKIPPED) == 3, again.files[0].rows
        assert all(seat.ledger.is_current(inquiry) for inquiry in ids)
        before = sorted(seat.store.query("SELECT id, row_key FROM inquiry"))
        home.rebuild()
        assert sorted(seat.store.query("SELECT id, row_key FROM inquiry")) == before
