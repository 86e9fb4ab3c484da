"""Columns, whatever they are called and in whatever language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.column_names import NAMES, joined
from app.models.columns import (
    FIELDS,
    Column,
    MappingError,
    apply_mapping,
    base_field,
    language_of,
    mapping_of,
    recognise,
)

PERSON = ["Maria", "Rossi", "Officine Rossi", "+39 030 555 0142", "m.rossi@officine.example"]


def mapped(header: list[str], *rows: list[str], region: str = "US") -> dict[str, str]:
    return mapping_of(recognise(header, list(rows), region))


@pytest.mark.parametrize(
    "header",
    [
        "First Name|Last Name|Company|Phone|Email",
        "Vorname|Nachname|Firma|Telefonnummer|E-Mail-Adresse",
        "Prénom|Nom|Société|Téléphone|Courriel",
        "Nombre|Apellidos|Empresa|Teléfono móvil|Correo electrónico",
        "Nome|Cognome|Azienda|Cellulare|Posta elettronica",
        "Nome|Sobrenome|Empresa|Telemóvel|Endereço de e-mail",
        "Voornaam|Achternaam|Bedrijf|Telefoonnummer|E-mailadres",
        "Imię|Nazwisko|Nazwa firmy|Numer telefonu|Adres e-mail",
        "名|姓|会社名|電話番号|メールアドレス",
        "名字|姓氏|公司名称|手机号码|电子邮箱",
        "first_name|last_name|company_name|phone_number|email_address",
        "FirstName|LastName|CompanyName|MobilePhone|EMailAddress",
        "FIRST NAME *|LAST NAME *|COMPANY (required)|Work Phone|Your e-mail",
        "Frist Name|Last Naem|Comapny|Phne|Emial",
        "Vorname|Name|Firma|Rufnummer mobil|E-Mail",
    ],
)
def test_the_names_of_ten_languages_and_their_slips_are_known(header: str) -> None:
    names = header.split("|")
    assert mapped(names, PERSON) == dict(
        zip(["first_name", "last_name", "company", "phone", "email"], names, strict=True)
    )


ALONE = {"name": "full_name", "country_code": "country", "other": ""}  # what such a column is without others beside it


@pytest.mark.parametrize("language", sorted(NAMES))
def test_every_name_of_a_language_leads_to_its_field(language: str) -> None:
    meanings: dict[str, set[str]] = {}
    for fields in NAMES.values():
        for field, names in fields.items():
            for name in names.split("|"):
                meanings.setdefault(joined(name), set()).add(ALONE.get(field, field))
    for names in NAMES[language].values():
        for name in names.split("|"):
            assert recognise([name], [], "")[0].field in meanings[joined(name)], name


def test_the_language_of_a_header_is_told() -> None:
    assert language_of(["Vorname", "Name", "Firma", "E-Mail"]) == "de"
    assert language_of(["Nombre", "Correo", "Telefono", "Empresa"]) == "es"
    assert language_of(["Name", "Email", "Phone"]) == "en"
    assert language_of(["x1", "x2"]) == ""


def test_a_column_full_of_numbers_is_the_phone_whatever_it_is_called() -> None:
    rows = [["a", "+49 30 23125118", "x@y.example"], ["b", "030 23125119", "z@y.example"]]
    assert mapped(["Zeug", "Dings", "Bums"], *rows, region="DE") == {"phone": "Dings", "email": "Bums"}
    assert mapped(["Zeug", "E-Mail", "Telefon"], *rows, region="DE") == {"phone": "E-Mail", "email": "Telefon"}


def test_figures_that_are_no_numbers_are_not_taken_for_phones() -> None:
    rows = [["120334455", "5", "2024"], ["120334456", "6", "2023"]]
    assert mapped(["campaign_id", "Rating", "Year"], *rows) == {}
    assert mapped(["Ticket", "Seat", "Year"], *rows) == {}


def test_without_a_header_the_values_alone_tell() -> None:
    rows = [
        ["Maria Rossi", "Officine Rossi S.p.A.", "+39 030 555 0142", "m@x.example", "2024-03-15", "www.x.example"]
    ] * 3
    assert mapped([], *rows) == {
        "full_name": "column 1", "company": "column 2", "phone": "column 3", "email": "column 4",
        "captured_at": "column 5", "website": "column 6",
    }  # fmt: skip


def test_several_phones_and_addresses_are_numbered_in_their_order() -> None:
    found = mapped(["Telefon", "Telefon (Mobil)", "Zentrale", "E-Mail", "E-Mail 2", "Fax"], region="DE")
    assert found == {
        "phone": "Telefon", "phone_2": "Telefon (Mobil)", "phone_3": "Zentrale",
        "email": "E-Mail", "email_2": "E-Mail 2",
    }  # fmt: skip


def test_who_looks_after_the_lead_is_not_the_person() -> None:
    rows = [["Rajesh Kumar", "Priya Sharma", "p@firm.example"]]
    assert mapped(["Contact Name", "Lead Owner", "Assigned User"], *rows) == {"full_name": "Contact Name"}


def test_a_second_column_of_the_same_name_keeps_the_first() -> None:
    columns = recognise(["Name", "Email", "Name", "Email"], [["John Doe", "j@x.example", "J.", "k@x.example"]], "US")
    assert [column.name for column in columns] == ["Name", "Email", "Name (2)", "Email (2)"]
    assert [column.field for column in columns] == ["full_name", "email", "", "email_2"]


def test_calling_codes_and_forms_of_address_are_told_by_their_values() -> None:
    assert mapped(["Country Code"], ["+49"], ["+44"]) == {"dial_code": "Country Code"}
    assert mapped(["Country Code"], ["DE"], ["GB"]) == {"country": "Country Code"}
    assert mapped(["Title"], ["Mr."], ["Mrs"]) == {"salutation": "Title"}
    assert mapped(["Title"], ["Buyer"], ["Head of Sales"]) == {"title": "Title"}
    assert mapped(["Date"], ["next week"], ["soon"]) == {}


def test_columns_without_a_name_and_cells_beyond_the_header_have_names_of_their_own() -> None:
    columns = recognise(["Name", "", ""], [["a", "", "b", "c"]], "US")
    assert [column.name for column in columns] == ["Name", "column 2", "column 3", "column 4"]


def test_a_mapping_by_hand_replaces_what_was_recognised() -> None:
    columns = recognise(["Name", "Tel", "Tel 2", "Mail"], [], "US")
    assert mapping_of(apply_mapping(columns, {"phone": "Tel 2", "phone_2": ""})) == {
        "full_name": "Name", "phone": "Tel 2", "email": "Mail",
    }  # fmt: skip
    assert mapping_of(apply_mapping(columns, {"company": "#1"}))["company"] == "Name"
    assert mapping_of(apply_mapping(columns, {"email": "mail"}))["email"] == "Mail"


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"colour": "Tel"}, "There is no field “colour”"),
        ({"company_2": "Tel"}, "There is no field “company_2”"),
        ({"phone": "Fon"}, "There is no column “Fon”. Columns are: Name, Tel."),
        ({"phone": "Tel", "email": "Tel"}, "was given to both phone and email"),
    ],
)
def test_a_mapping_that_names_nothing_says_what_there_is(mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(MappingError, match=sentence):
        apply_mapping(recognise(["Name", "Tel"], [], "US"), mapping)


@given(st.lists(st.text(max_size=30), max_size=8), st.lists(st.lists(st.text(max_size=30), max_size=10), max_size=4))
def test_any_header_and_any_rows_give_each_field_once(header: list[str], rows: list[list[str]]) -> None:
    columns = recognise(header, rows, "US")
    fields = [column.field for column in columns if column.field]
    assert len(fields) == len(set(fields))
    assert {base_field(field) for field in fields} <= set(FIELDS)
    assert len({column.name for column in columns}) == len(columns)
    assert all(isinstance(column, Column) and column.index == at for at, column in enumerate(columns))
