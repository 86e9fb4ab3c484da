"""Who is the same person, by name, address and company."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.identity import (
    Name,
    Sight,
    clean_email,
    company_key,
    compatible,
    fold_text,
    is_role_address,
    proposal_key,
    proposes_same,
    split_emails,
    split_full_name,
)

SAME = [
    (Name("Maria", "Rossi"), Name("M.", "Rossi")),
    (Name("Rossi", "Maria"), Name("Maria", "Rossi")),
    (Name("", "Rossi"), Name("Maria", "Rossi")),
    (Name("Maria", ""), Name("Maria", "Rossi")),
    (Name("Rossi", ""), Name("Maria", "Rossi")),
    (Name("Hans", "Müller"), Name("Hans", "Mueller")),
    (Name("HANS", "MULLER"), Name("Hans", "Müller")),
    (Name("Bob", "Stein"), Name("Robert", "Stein")),
    (Name("John", "D."), Name("John", "Doe")),
    (Name("Juan", "García"), Name("Juan", "García López")),
    (Name(), Name("Maria", "Rossi")),
    (Name("Dr. Maria", "Rossi"), Name("Maria", "Rossi")),
    (Name("伟", "王"), Name("王伟", "")),
    (Name("Ursula", "von der Leyen"), Name("Ursula", "Leyen")),
    (Name("Jean-Pierre", "Dupont"), Name("J. P.", "Dupont")),
    (Name("Łukasz", "Żak"), Name("lukasz", "zak")),
    (Name("Aoife", "O'Neil"), Name("Aoife", "ONeil")),
]
OTHERS = [
    (Name("Anna", "Rossi"), Name("Maria", "Rossi")),
    (Name("Robert", "Stein"), Name("Robert", "Steiner")),
    (Name("Maria", "Rossi"), Name("Paolo", "Bianchi")),
    (Name("Martin", "Vogel"), Name("Martina", "Vogel")),
    (Name("John", "Doe"), Name("Jane", "Doe")),
    (Name("M.", "R."), Name("Rita", "Moll")),
    (Name("Maria", ""), Name("", "Rossi")),
    (Name("Ludwig", "Bohr"), Name("Ludwig", "Behr")),
    (Name("Wei", "Li"), Name("Na", "Li")),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_names_that_one_person_may_have_are_compatible_both_ways(a: Name, b: Name) -> None:
    assert compatible(a, b)
    assert compatible(b, a)


@pytest.mark.parametrize(("a", "b"), OTHERS)
def test_a_colleague_with_another_name_is_not_compatible_either_way(a: Name, b: Name) -> None:
    assert not compatible(a, b)
    assert not compatible(b, a)


names = st.builds(Name, st.text(max_size=20), st.text(max_size=20))


@given(names, names)
def test_compatibility_knows_no_order_and_never_raises(a: Name, b: Name) -> None:
    assert compatible(a, b) == compatible(b, a)
    assert compatible(a, a)


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("ŁÓDŹ", "lodz"),
        ("Søren", "soren"),
        ("Åsa Ångström", "asa angstrom"),
        ("Ｔｅｌ　１２", "tel 12"),
        ("İstanbul", "istanbul"),
        ("ガス", "ガス"),  # the marks of kana are not accents
        ("김철수", "김철수"),
        ("हिन्दी", "हिन्दी"),
        ("Zoë’s", "zoe's"),
        ("a\u200bb", "ab"),
    ],
)
def test_folding_takes_case_accents_and_width_away(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Maria Rossi", "Maria", "Rossi"),
        ("Rossi, Maria", "Maria", "Rossi"),
        ("Dr. Maria Rossi", "Maria", "Rossi"),
        ("Maria Rossi, PhD", "Maria", "Rossi"),
        ("Prof. Dr. med. Hans Müller", "Hans", "Müller"),
        ("Ursula von der Leyen", "Ursula", "von der Leyen"),
        ("von der Leyen", "", "von der Leyen"),
        ("Van Morrison", "Van", "Morrison"),
        ("王伟", "伟", "王"),
        ("欧阳修文", "修文", "欧阳"),
        ("山田太郎", "太郎", "山田"),
        ("山田 太郎", "太郎", "山田"),
        ("김철수", "철수", "김"),
        ("ジョン・スミス", "ジョン", "スミス"),
        ("Juan García López", "Juan", "García López"),
        ("Mary Jane Watson", "Mary Jane", "Watson"),
        ("João da Silva Santos", "João", "da Silva Santos"),
        ("Nguyễn Văn An", "Văn An", "Nguyễn"),
        ("ROSSI Maria", "Maria", "ROSSI"),
        ("Sarah ✨", "Sarah", ""),
        ("Doe,", "", "Doe"),
        ("Smith", "Smith", ""),
        ("", "", ""),
    ],
)
def test_a_full_name_is_split_as_its_language_writes_it(text: str, first: str, last: str) -> None:
    assert split_full_name(text) == (first, last)


@given(st.text())
def test_any_text_splits_into_a_first_and_a_last_name(text: str) -> None:
    first, last = split_full_name(text)
    assert len(first) + len(last) <= len(text)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Foo@EXAMPLE.Com", "Foo@example.com"),
        ("mailto:a@b.co?subject=x", "a@b.co"),
        ("Maria <m@x.example>", "m@x.example"),
        ("<a.b@c.de>;", "a.b@c.de"),
        ("ü@exämple.de", "ü@exämple.de"),
        ("maria＠x．example", "maria@x.example"),
        ("o'neil@x.example", "o'neil@x.example"),
        ("invalid-email", ""),
        ("a@b", ""),
        ("a..b@c.de", ""),
        ("@x.com", ""),
    ],
)
def test_an_address_is_found_in_what_was_typed_or_is_none(text: str, email: str) -> None:
    assert clean_email(text) == email


@given(st.text())
def test_a_cleaned_address_is_clean(text: str) -> None:
    assert clean_email(clean_email(text)) == clean_email(text)


def test_several_addresses_in_one_cell_come_each_once() -> None:
    assert split_emails("a@x.com; b@y.com, A@x.com or c@z.org") == ["a@x.com", "b@y.com", "c@z.org"]


@pytest.mark.parametrize(
    "local",
    [
        "info", "sales-uk", "Büro", "buero", "office2", "no-reply", "vertrieb.sued", "kontakt", "ventas", "contatto",
        "contato", "verkoop", "sprzedaz", "eigyo", "accueil", "Sales_Team",
    ],
)  # fmt: skip
def test_an_address_of_a_function_identifies_nobody(local: str) -> None:
    assert is_role_address(f"{local}@firm.example")


@pytest.mark.parametrize("local", ["maria", "maria.sales", "j.info", "may", "hi.peter", "m.office.rossi"])
def test_an_address_of_a_person_is_none_of_a_function(local: str) -> None:
    assert not is_role_address(f"{local}@firm.example")


def test_name_and_company_propose_unless_numbers_or_addresses_differ() -> None:
    maria = Sight(Name("Maria", "Rossi"), "Officine Rossi S.p.A.", frozenset({"+390305550142"}))
    assert proposes_same(maria, Sight(Name("M.", "Rossi"), "OFFICINE ROSSI")) >= 0.9
    assert proposes_same(maria, Sight(Name("Maria", "Rossi"), "Officine Rosi")) >= 0.9
    assert proposes_same(maria, Sight(Name("Maria", "Rossi"), "Vogel Präzision")) < 0.6
    assert proposes_same(maria, Sight(Name("Maria", "Rossi"), "Officine Rossi", frozenset({"+390305550143"}))) == 0
    a, b = frozenset({"a@x.example"}), frozenset({"b@x.example"})
    assert proposes_same(maria._replace(emails=a), maria._replace(emails=b)) == 0
    assert proposes_same(Sight(Name("Maria", "Rossi")), Sight(Name("Maria", "Rossi"))) == 0


def test_companies_are_compared_without_their_legal_form() -> None:
    assert company_key("Officine Rossi S.p.A.") == company_key("officine rossi") == "officine rossi"
    assert company_key("Müller & Söhne GmbH & Co. KG") == "muller sohne"
    assert company_key("Limited") == "limited"


def test_who_could_be_proposed_shares_a_key() -> None:
    key = proposal_key(Name("Maria", "Rossi"), "Officine Rossi S.p.A.")
    assert key == proposal_key(Name("M.", "ROSSI"), "officine rossi") != ""
    assert proposal_key(Name("Maria", ""), "Officine Rossi") == ""
