"""Whoever is typed is found: by the beginning of any word, by parts of words, by any run of digits."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.entries import Phone
from app.models.inquiry import Inquiry
from app.models.searching import digits_of, only_digits, question, words_of


def found(inquiry: Inquiry, text: str) -> bool:
    """Asks indexes as the store has them."""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE w USING fts5(words, tokenize=\"unicode61 remove_diacritics 0 tokenchars '@._-+'\")"
    )
    db.execute("CREATE VIRTUAL TABLE g USING fts5(words, digits, tokenize='trigram')")
    words, digits = words_of(inquiry), digits_of(inquiry)
    db.execute("INSERT INTO w VALUES(?)", (words,))
    db.execute("INSERT INTO g VALUES(?, ?)", (words, digits))
    asked = question(text)
    hits = [db.execute("SELECT 1 FROM w WHERE w MATCH ?", (asked.words,)).fetchone()] if asked.words else []
    hits += [db.execute("SELECT 1 FROM g WHERE g MATCH ?", (asked.inside,)).fetchone()] if asked.inside else []
    db.close()
    return any(hits) or bool(asked.digits and asked.digits in digits)


MUELLER = Inquiry(
    id="a", first_name="Zoë", last_name="Groß-Müller", company="Ångström & Søn", city="Łódź",
    emails=("zoe@werk.example",),
    phones=(Phone(raw="030 / 23125-001", e164="+493023125001"),),
)  # fmt: skip


@pytest.mark.parametrize("text", [
    "zoe", "Zoë", "ZO", "gross", "Groß", "mull", "müller", "groß-mü", "angst", "ngstr", "søn", "son", "lodz", "Łódź",
    "zoe@werk", "werk.example", "zoe gross", "gross zoe", "23125", "0302312", "49302312", "+49 30 231", "5001",
])  # fmt: skip
def test_somebody_is_found_however_it_is_typed(text: str) -> None:
    assert found(MUELLER, text)


@pytest.mark.parametrize("text", ["zoo", "gros zz", "99999", "werk.invalid", "m-ller"])
def test_nobody_else_is_found(text: str) -> None:
    assert not found(MUELLER, text)


@pytest.mark.parametrize("text", ["王", "伟", "王伟", "伟王", "有限", "株式", "김"])
def test_scripts_without_spaces_are_found_from_one_character(text: str) -> None:
    person = Inquiry(id="a", first_name="伟", last_name="王", company="株式会社有限 김철수")
    assert found(person, text)


names = st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=12).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(names, names, st.data())
def test_the_beginning_of_any_word_finds_and_breaks_nothing(first: str, company: str, data: st.DataObject) -> None:
    person = Inquiry(id="a", first_name=first, company=company)
    words = words_of(person).split()
    if words:
        word = data.draw(st.sampled_from(words))
        found(person, word[: data.draw(st.integers(1, len(word)))])
    if first.isascii() and not first.isdecimal():
        assert found(person, first[: data.draw(st.integers(1, len(first)))]) or first[0].isdecimal()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_question_that_the_indexes_understand(text: str) -> None:
    found(MUELLER, text)


def test_digits_of_every_script_are_digits() -> None:
    assert only_digits("+٤٩ 30-२३") == "493023"
