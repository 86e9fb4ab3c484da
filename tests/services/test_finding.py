"""Find: whoever was meant is found, nobody who is gone, and no question breaks it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.entries import Disposition
from app.services import capture, handoff, privacy
from app.services.errors import NotFound
from app.services.finding import IdUnclear, find, inquiry_named, short_ids
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.services.made_up import berlin, form, profile

Take = Callable[..., str]


def ids(seat: Seat, text: str, limit: int = 50) -> list[str]:
    return [row.id for row in find(seat, text, limit)]


@pytest.mark.parametrize(
    "text",
    ["groß", "GROSS", "gross", "jür gro", "bäckerei", "backerei", "acker", "j.gross@", "werk9.example", "geschäftsf"],
)
def test_words_are_found_by_their_beginnings_and_insides_without_case_and_accents(seat: Seat, take: Take, text: str):
    take(1)
    wanted = take(
        2, first_name="Jürgen", last_name="Groß", company="Bäckerei Nord", email="j.gross@werk9.example",
        title="Geschäftsführer",
    )  # fmt: skip
    assert ids(seat, text) == [wanted]


@pytest.mark.parametrize("text", ["田", "田中", "太郎", "田中商事"])
def test_names_without_spaces_are_found_from_one_sign(seat: Seat, take: Take, text: str):
    take(1)
    wanted = take(2, first_name="太郎", last_name="田中", company="田中商事", country="JP")
    assert ids(seat, text) == [wanted]


@pytest.mark.parametrize("text", ["+49 30 23125-777", "23125777", "777", "0 23125 777", "125 777", "77"])
def test_numbers_are_found_by_any_run_of_digits(seat: Seat, take: Take, text: str):
    take(1)
    wanted = take(777)
    assert ids(seat, text) == [wanted]


def test_digits_also_begin_words(seat: Seat, take: Take):
    wanted = take(1, company="1893 Verlag")
    assert ids(seat, "1893") == [wanted]


def test_beginnings_come_before_insides_and_nobody_comes_twice(seat: Seat, take: Take):
    inside = take(1, company="Unterberger")
    begins = take(2, company="Berger")
    assert ids(seat, "berger") == [begins, inside]
    assert ids(seat, "berger", 1) == [begins]


def test_as_many_as_asked_for_at_most(seat: Seat, take: Take):
    for number in range(12):
        take(number, company="Same Works")
    assert len(ids(seat, "same", 5)) == 5
    assert ids(seat, "same", 0) == []
    assert len(ids(seat, "same")) == 12


def test_an_id_and_a_unique_beginning_of_it_find_too(seat: Seat, take: Take):
    one, other = take(1), take(2)
    assert ids(seat, one) == [one]
    dashed = f"{other[:8]}-{other[8:12]}-{other[12:16]}-{other[16:20]}-{other[20:]}"
    assert ids(seat, dashed) == [other]
    short = short_ids(seat, [one, other])
    assert inquiry_named(seat, short[one]) == one
    assert inquiry_named(seat, short[other]) == other


def test_nobody_discarded_or_erased_is_found_by_anything(seat: Seat, take: Take):
    discarded, erased = take(1, last_name="Gone"), take(2, last_name="Gone")
    handoff.dispose(seat, discarded, Disposition.DISCARD, Choice(reason="no"))
    privacy.erase(seat, erased)
    for text in ("gone", "one", berlin(1), berlin(2), "23125002", discarded, erased, "person1@werk1.example"):
        assert find(seat, text) == []
    assert inquiry_named(seat, erased) == erased


def test_an_edit_changes_what_finds_somebody(seat: Seat, take: Take):
    inquiry = take(1, company="Before Ltd")
    capture.edit(seat, inquiry, {"company": "After Ltd"})
    assert ids(seat, "before") == []
    assert ids(seat, "after") == [inquiry]


def test_the_id_of_a_merged_one_leads_to_the_survivor(seat: Seat, take: Take):
    one, other, both = take(0, phone=""), take(0, email=""), take(0)
    gone = max(one, other)
    assert inquiry_named(seat, gone) == both == min(one, other)
    assert ids(seat, gone) == [both]


def test_unclear_ids_are_refused_with_what_to_do(seat: Seat, take: Take):
    inquiry = take()
    for text in ("", inquiry[:7], "not an id", "g" * 12, inquiry + "0", "%" * 9, "' OR 1=1 --"):
        with pytest.raises(IdUnclear):
            inquiry_named(seat, text)
    with pytest.raises(NotFound):
        inquiry_named(seat, "f" * 32)


def test_no_question_raises(seat: Seat, take: Take):
    take(1, company='A "quoted" AND OR NOT (company) *')

    @profile(150, 2000)
    @given(st.text(max_size=40) | st.text("\"*()^:-+@. NEARANDOT0123456789\x00%_'", max_size=20))
    def asked(text: str) -> None:
        find(seat, text)

    asked()


def test_who_was_captured_is_found_by_each_of_their_words(seat: Seat):
    @profile(25, 300)
    @given(st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=3, max_size=12), st.integers(0, 999))
    def found(name: str, number: int) -> None:
        made = capture.capture(seat, form(number, last_name=name, email=f"{number}@x{number}.example"))
        assert made.inquiry_id in ids(seat, name, 1000)
        assert made.inquiry_id in ids(seat, berlin(number), 1000)

    found()
