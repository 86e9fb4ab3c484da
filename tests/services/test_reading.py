"""Lists of every kind: what is understood, what is refused, and that neither ends in a trace."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.models.columns import apply_mapping, mapping_of
from app.services.reading import (
    Caps,
    FileRefused,
    ImportedRow,
    RawRow,
    Refusal,
    Source,
    normalise_row,
    open_source,
    read_people,
)
from app.services.reading.detection import detect_encoding
from app.services.reading.people import NO_CONTACT, NOT_VALID

SHARED = Path(os.environ.get("WINNOW_SHARED", Path(__file__).parents[2] / "../shared")) / "data"
FOLDERS = ("lead-files", "event-files", "vcards", "csv-edge-cases")
FILES = sorted(path for name in FOLDERS for path in (SHARED / name).rglob("*") if path.is_file())
NOW = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000)
shared = pytest.mark.skipif(not FILES, reason="the shared files are not here")


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def people(source: Source, region: str = "DE") -> list[ImportedRow]:
    return [row for row in read_people(source, region=region, now=NOW) if isinstance(row, ImportedRow)]


def refusals(source: Source, region: str = "DE") -> list[Refusal]:
    return [row for row in read_people(source, region=region, now=NOW) if isinstance(row, Refusal)]


def cells(source: Source) -> list[list[str]]:
    return [row.cells for row in source.rows() if isinstance(row, RawRow)]


# Files that others wrote


@shared
@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_shared_file_ends_in_rows_or_a_clear_refusal(path: Path) -> None:
    try:
        source = open_source(path, region="US")
    except FileRefused:
        return
    rows = list(read_people(source, region="US", now=NOW))
    assert all(isinstance(row, ImportedRow | Refusal) for row in rows)
    assert source.position == source.total_bytes
    if path.suffix == ".vcf":
        assert rows
        assert all(isinstance(row, ImportedRow) for row in rows)


@shared
@pytest.mark.parametrize(
    ("name", "fields", "read", "refused"),
    [
        ("lead-files/01-facebook-leads-standard.csv", "captured_at full_name email phone", 5, 0),
        ("lead-files/02-facebook-leads-messy-headers.csv", "captured_at full_name email phone", 3, 1),
        ("lead-files/03-google-ads-leads.csv", "email phone captured_at", 3, 1),
        ("lead-files/05-excel-export.csv", "first_name last_name email phone company title captured_at", 3, 0),
        ("lead-files/06-agency-crm-export.csv", "full_name email phone source note", 4, 0),
        ("lead-files/08-broken-headers-typos.csv", "full_name email phone company", 3, 0),
        ("lead-files/09-duplicate-headers.csv", "full_name email phone email_2 note", 2, 0),
        ("lead-files/10-mixed-date-formats.csv", "full_name email phone captured_at", 3, 0),
        ("lead-files/13-mixed-languages.csv", "full_name email phone company note", 3, 0),
        ("lead-files/14-blank-rows.csv", "full_name email phone company", 2, 0),
        ("lead-files/16-messy-formatting.csv", "full_name email phone company", 3, 0),
        ("lead-files/18-international-phones.csv", "full_name email phone dial_code", 6, 0),
        ("lead-files/21-tab-separated.csv", "full_name email phone company", 2, 0),
        ("lead-files/23-quoted-fields-multiline.csv", "full_name email phone street", 2, 0),
        ("lead-files/26-large-dataset-200-rows.csv", "full_name email phone company city source", 200, 0),
        ("event-files/ez_badge_upload.csv", "first_name last_name email company", 2, 0),
    ],
)
def test_shared_lists_are_understood(name: str, fields: str, read: int, refused: int) -> None:
    source = open_source(SHARED / name, region="US")
    assert list(mapping_of(source.columns)) == fields.split()
    rows = list(read_people(source, region="US", now=NOW))
    assert (len(rows), sum(isinstance(row, Refusal) for row in rows)) == (read, refused)


def with_plain_ends(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in rows]


@shared
def test_the_cells_of_csv_spectrum_are_those_of_its_answers() -> None:
    folder = SHARED / "csv-edge-cases" / "csv-spectrum"
    for path in sorted((folder / "csvs").glob("*.csv")):
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text("utf-8"))
        if path.stem == "location_coordinates":  # its answer gives another number than the file
            continue
        expected = with_plain_ends(expected if isinstance(expected, list) else [expected])
        source = open_source(path)
        names = [column.name for column in source.columns]
        found = [dict(zip(names, row, strict=True)) for row in cells(source)]
        normal = [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in found]
        assert normal == [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in expected], (
            path.name
        )


@shared
def test_naughty_strings_come_back_as_they_were_written(tmp_path: Path) -> None:
    strings = json.loads((SHARED / "csv-edge-cases" / "naughty-strings" / "blns.json").read_text("utf-8"))
    strings = [text for text in strings if "\0" not in text]
    with (tmp_path / "naughty.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Email", "Notes"])
        writer.writerows([text, f"a{at}@x.example", text] for at, text in enumerate(strings))
    source = open_source(tmp_path / "naughty.csv", region="US")
    assert [row[0] for row in cells(source)] == strings
    assert len(people(source)) == len(strings)


# Text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("utf-8-sig", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("utf-16", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("utf-16-le", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("utf-16-be", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("cp1252", "Vorname;Straße\nJürgen;Königsallee – Köln\n"),
        ("cp1252", "Prénom;Société\nHélène;Crédit “Lyonnais”\n"),
        ("cp1252", "Nombre;Correo\nPeña;a@x.example\n"),
        ("cp1250", "Imię;Nazwisko;Miejscowość\nŁukasz;Wiśniewski;Łódź\n"),
        ("iso8859_2", "Imię;Nazwisko;Miejscowość\nŁukasz;Wiśniewski;Łódź\n"),
        ("mac_roman", "Vorname;Straße\nJürgen;Königsallee\n"),
        ("cp932", "氏名,会社名,電話番号\n山田太郎,株式会社ヤマダ,03-1234-5678\n"),
        ("euc_jp", "氏名,会社名,電話番号\n山田太郎,株式会社ヤマダ,03-1234-5678\n"),
        ("gb18030", "姓名,公司,电话\n王伟,苏州谐波传动有限公司,0512-5550-1234\n"),
        ("big5", "姓名,公司名稱,電話號碼\n王小明,台灣積體電路,02-2345-6789\n"),
        ("euc_kr", "이름,회사,전화\n김철수,삼성전자,02-555-0100\n"),
        ("cp1251", "Имя;Компания\nАлексей Иванов;Завод\n"),
    ],
)
def test_the_encoding_of_a_short_text_is_found(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    found = detect_encoding(data, "PL" if encoding in ("cp1250", "iso8859_2") else "")
    assert data.decode(found).lstrip("\ufeff") == text


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_the_delimiter_is_found_with_quotes_honoured(tmp_path: Path, delimiter: str, name: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    row = ["Rossi, Maria; geb. Bianchi", "A|B\tC", "m@x.example", "1,50"]
    writer.writerows([["Name", "Firma", "E-Mail", "Betrag"], row])
    source = open_source(write(tmp_path / f"{name}.csv", out.getvalue()), region="DE")
    assert source.delimiter == delimiter
    assert cells(source) == [row]


def test_the_line_in_which_excel_names_the_delimiter_is_obeyed(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.csv", "sep=;\r\nName;E-Mail\r\nMaria, Rossi;m@x.example\r\n"), region="DE")
    assert (source.delimiter, source.header_row) == (";", 2)
    assert [row.line for row in people(source)] == [3]


def test_lines_before_the_header_are_skipped_and_rows_keep_their_lines(tmp_path: Path) -> None:
    text = (
        "Hannover Messe 2026;;\nScans vom 20.11.2026;;\n\nVorname;Name;Firma;Rufnummer mobil;E-Mail;Erfasst am\n"
        "Maria;Rossi;Officine Rossi;0039 030 5550142;m.rossi@officine.example;20.11.2026 12:52\n"
        ";;Kowalska Meble;12 34;;\n"
        "Ewa;Kowalska;Kowalska Meble;22 555 01 2;;20.11.2026 12:52\n"
        "Summe;3;;;;\n"
    )
    source = open_source(write(tmp_path / "hannover.csv", text.encode("cp1252")), region="DE")
    assert (source.header_row, source.encoding, source.delimiter, source.language) == (4, "utf-8", ";", "de")
    maria, kowalska, ewa, total = read_people(source, region="PL", now=NOW)
    assert isinstance(maria, ImportedRow)
    assert (maria.line, maria.person.first_name, maria.person.last_name) == (5, "Maria", "Rossi")
    assert maria.person.phones is not None
    assert maria.person.phones[0].e164 == "+390305550142"
    assert maria.captured_at == int(datetime(2026, 11, 20, 12, 52, tzinfo=UTC).timestamp() * 1000)
    assert kowalska == Refusal(6, NO_CONTACT)
    assert isinstance(ewa, ImportedRow)
    assert ewa.warnings == (NOT_VALID,)
    assert total == Refusal(8, "a line of totals")


def test_a_list_without_a_header_begins_at_once(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.csv", "Maria Rossi,+39 030 555 0142,m@x.example\n" * 2), region="DE")
    assert source.header_row == 0
    assert [row.line for row in people(source)] == [1, 2]


def test_a_quote_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    text = (
        'Name,Email,Note\nA,a@x.example,ok\nB,b@x.example,"open\nC,c@x.example,ok\n'
        'D,d@x.example,"two\nlines"\nE,e@x.example,ok\n'
    )
    source = open_source(write(tmp_path / "a.csv", text), region="DE")
    rows = list(read_people(source, region="DE", now=NOW))
    assert Refusal(3, "a quote is opened and never closed") in rows
    assert [row.person.first_name for row in rows if isinstance(row, ImportedRow)] == ["A", "C", "D", "E"]
    assert next(row for row in people(source) if row.person.first_name == "D").person.note == "two\nlines"


def test_an_unclosed_quote_in_a_long_list_is_found_where_it_is(tmp_path: Path) -> None:
    lines = [f"N{n},n{n}@x.example,ok" for n in range(5_000)]
    lines[2_500] = 'N2500,n2500@x.example,"open'
    source = open_source(write(tmp_path / "a.csv", "Name,Email,Note\n" + "\n".join(lines)), region="DE")
    assert refusals(source) == [Refusal(2_502, "a quote is opened and never closed")]
    assert len(people(source)) == 4_999


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end_is_one(tmp_path: Path, end: str) -> None:
    text = end.join(["Name,Email", "A,a@x.example", "", "B,b@x.example"])
    source = open_source(write(tmp_path / "a.csv", text), region="DE")
    assert [(row.line, row.person.first_name) for row in people(source)] == [(2, "A"), (4, "B")]


def test_short_and_long_rows_zero_bytes_and_blank_rows_do_no_harm(tmp_path: Path) -> None:
    text = "Name,Email,City,\n,,,\nA,a@x.example\nB,b@x.example,Ulm,,,x\nC\0,c@x.example,,\n   ,  \n"
    found = people(open_source(write(tmp_path / "a.csv", text), region="DE"))
    assert [row.person.first_name for row in found] == ["A", "B", "C"]
    assert found[1].person.extra == {"column 6": "x"}


def test_a_line_that_is_no_text_is_refused_and_the_others_go_in(tmp_path: Path) -> None:
    good = "".join(f"Jürgen{n},j{n}@x.example,Köln\n" for n in range(20_000)).encode()
    data = b"Name,Email,City\n" + good + b"K\xfcrt,k@x.example,Ulm\n" + "Zoë,z@x.example,Ulm\n".encode()
    source = open_source(write(tmp_path / "a.csv", data), region="DE")
    assert refusals(source) == [Refusal(20_002, "holds characters that are not UTF-8")]
    assert len(people(source)) == 20_001


# Caps


def test_caps_refuse_the_file_or_the_row_and_say_so(tmp_path: Path) -> None:
    small = write(tmp_path / "a.csv", "Name,Email,Note\nA,a@x.example," + "x" * 50 + "\nB,b@x.example,ok\n")
    with pytest.raises(FileRefused, match="10 are allowed"):
        open_source(small, limits=Caps(bytes=10))
    with pytest.raises(FileRefused, match="3 columns; 2 are allowed"):
        open_source(small, limits=Caps(columns=2))
    assert refusals(open_source(small, limits=Caps(field=40))) == [Refusal(2, "a field holds more than 40 characters")]


def test_a_field_longer_than_memory_should_hold_is_passed_over(tmp_path: Path) -> None:
    text = "Name,Email,Note\nA,a@x.example," + "x" * 3_000_000 + "\nB,b@x.example,ok\n"
    source = open_source(write(tmp_path / "a.csv", text), region="DE")
    assert [row.person.first_name for row in people(source)] == ["B"]
    assert len(refusals(source)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xef\xbb\xbf", b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", bytes(range(256)) * 9]
)
def test_what_is_no_list_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        open_source(write(tmp_path / "a.csv", content))
    assert refused.value.sentence.startswith("a.csv is ")
    assert refused.value.kept == "Nothing was imported."


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[{"name": "Ada Moss", "phone": "+12025550143"}]', "JSON"),
        ('{\n  "people": []\n}', "JSON"),
        ('["Ada", "Ben"]', "JSON"),
        ("<html><table><tr><td>Name</td></tr></table></html>", "a web page or XML"),
        ('\ufeff<?xml version="1.0"?><people/>', "a web page or XML"),
    ],
)
def test_what_other_programs_export_beside_lists_is_named(tmp_path: Path, content: str, what: str) -> None:
    with pytest.raises(FileRefused, match=f"people.xls is {what}, not a list"):
        open_source(write(tmp_path / "people.xls", content))


def test_a_line_that_names_no_column_is_no_list_and_names_alone_are_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="holds no rows"):
        open_source(write(tmp_path / "a.csv", "hello\n"))
    source = open_source(write(tmp_path / "b.csv", "Name,Phone,Email\n"))
    assert (list(source.rows()), set(mapping_of(source.columns))) == ([], {"full_name", "phone", "email"})


def test_japanese_as_mail_programs_write_it_is_read(tmp_path: Path) -> None:
    text = "姓,名,電話番号\n山田,太郎,03-1234-5678\n"
    source = open_source(write(tmp_path / "a.csv", text.encode("iso2022_jp")), region="JP")
    assert [(row.person.last_name, row.person.first_name) for row in people(source, "JP")] == [("山田", "太郎")]


def test_control_characters_are_no_part_of_a_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'Name,Phone,Notes\nAda\x1b[1m Mo\x07ss,+12025550143,"one\ntwo"\n')
    (row,) = people(open_source(path))
    assert (row.person.first_name, row.person.last_name) == ("Ada[1m", "Moss")
    assert row.person.note == "one\ntwo"


def test_memory_stays_flat_on_a_long_list(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    block = "".join(f"Maria{n};Rossi;m{n}@x.example;{'Palletising, two cells. ' * 20}\n" for n in range(1_000))
    with path.open("w", encoding="utf-8") as file:
        file.write("Vorname;Name;E-Mail;Notiz\n")
        for _ in range(100):
            file.write(block)
    assert path.stat().st_size > 45_000_000
    code = (
        "import resource, sys; from pathlib import Path; from app.services.reading import open_source\n"
        "source = open_source(Path(sys.argv[1])); rows = source.rows(); next(rows)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "count = sum(1 for _ in rows)\n"
        "print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    count, grown = map(int, run.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert count == 99_999
    assert grown * unit < 8 * 2**20


# Workbooks


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Empty")
    sheet = book.add_worksheet("Leads")
    sheet.write_row(0, 0, ["Messe 2026"])
    sheet.write_row(2, 0, ["Vorname", "Name", "Telefon", "E-Mail", "Erfasst am", "Notiz", "PLZ"])
    sheet.write_row(3, 0, ["Maria", "Rossi", 493023125118, "m@x.example"])
    sheet.write_datetime(3, 4, datetime(2026, 11, 20, 12, 52), book.add_format({"num_format": "dd.mm.yyyy"}))  # noqa: DTZ001
    sheet.write_formula(3, 5, '="=cmd|" & "calc"', value="=cmd|calc")
    sheet.write_number(3, 6, 50667)
    book.close()
    return path


def test_a_workbook_gives_its_first_sheet_that_holds_something(tmp_path: Path) -> None:
    source = open_source(workbook(tmp_path / "leads.csv"), region="DE")  # the name's ending does not matter
    assert (source.kind, source.header_row, source.language) == ("workbook", 3, "de")
    [maria] = people(source)
    assert maria.line == 4
    assert maria.person.phones is not None
    assert (maria.person.phones[0].raw, maria.person.phones[0].e164) == ("493023125118", "+493023125118")
    assert maria.captured_at == int(datetime(2026, 11, 20, 12, 52, tzinfo=UTC).timestamp() * 1000)
    assert (maria.person.note, maria.person.postal_code) == ("=cmd|calc", "50667")
    assert source.position == source.total_bytes


def test_a_cover_before_the_list_is_passed_over_and_stands_where_no_sheet_names_columns(tmp_path: Path) -> None:
    def made(name: str, *sheets: list[list[str]]) -> Source:
        with xlsxwriter.Workbook(str(tmp_path / name)) as book:
            for rows in sheets:
                sheet = book.add_worksheet()
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)
        return open_source(tmp_path / name, region="DE")

    cover = [["Leads of the fair"], ["made on", "22 November"]]
    listed = [["Name", "Phone", "Email"], ["Maria Rossi", "+493023125118", "m@x.example"]]
    assert [row.person.last_name for row in people(made("a.xlsx", cover, listed, [["Name", "Phone"]]))] == ["Rossi"]
    bare = [["Maria Rossi", "+493023125118"]]
    assert [row.person.last_name for row in people(made("b.xlsx", bare, cover))] == ["Rossi"]


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    start = time.monotonic()
    with pytest.raises(FileRefused, match="would unzip to more"):
        open_source(bomb, limits=Caps(unzipped=10_000_000))
    with pytest.raises(FileRefused, match="would unzip to more"):
        open_source(bomb, limits=Caps(sheet=10_000_000))
    assert time.monotonic() - start < 5


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    liar = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(liar, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    size = (30_000_000).to_bytes(4, "little")
    liar.write_bytes(liar.read_bytes().replace(size, (1_000).to_bytes(4, "little")))
    with pytest.raises(FileRefused, match="would unzip to more"):
        open_source(liar, limits=Caps(unzipped=10_000_000))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", b"PK\x05\x06" + b"\0" * 18]
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused, match="no workbook that can be read"):
        open_source(write(tmp_path / "a.xlsx", content))


# Cards

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last};{first};;;\r\nTEL;TYPE=WORK:+49 30 23125118\r\nEND:VCARD\r\n"


def test_a_broken_card_costs_no_other(tmp_path: Path) -> None:
    text = (
        CARD.format(first="Maria", last="Rossi")
        + "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Open;End\r\n"
        + CARD.format(first="Hans", last="Müller")
        + "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nEND:VCARD\r\n"
        + "junk\r\n"
        + CARD.format(first="Ewa", last="Kowalska")
    )
    source = open_source(write(tmp_path / "a.vcf", text), region="DE")
    assert [(row.line, row.person.first_name) for row in people(source)] == [(1, "Maria"), (3, "Hans"), (5, "Ewa")]
    assert refusals(source) == [Refusal(2, "the card has no end"), Refusal(4, NO_CONTACT)]


def test_a_card_of_an_old_telephone_is_read_with_its_soft_line_breaks(tmp_path: Path) -> None:
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\nller;J=C3=BCrgen;;;\n"
        "TEL;CELL;PREF:030 23125118\nTEL;WORK;FAX:030 23125119\n"
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\n " + "A" * 200_000 + "\n\nNOTE:after: the picture\nEND:VCARD\n"
    )
    [row] = people(open_source(write(tmp_path / "a.vcf", text), region="DE"))
    assert (row.person.first_name, row.person.last_name) == ("Jürgen", "Müller")
    assert row.person.phones is not None
    assert [phone.e164 for phone in row.person.phones] == ["+493023125118"]
    assert row.person.note == "after: the picture"


def test_a_card_within_a_card_is_another_person_and_left_out(tmp_path: Path) -> None:
    inner = "AGENT:\nBEGIN:VCARD\nN:Agent;Secret\nTEL:030 23125119\nEND:VCARD\n"
    text = f"BEGIN:VCARD\nVERSION:2.1\nN:Rossi;Maria\n{inner}TEL:030 23125118\nEND:VCARD\n"
    [row] = people(open_source(write(tmp_path / "a.vcf", text), region="DE"))
    assert (row.person.last_name, row.person.phones and row.person.phones[0].e164) == ("Rossi", "+493023125118")


# Rows


def one(tmp_path: Path, header: str, row: str, region: str = "DE") -> ImportedRow | Refusal:
    source = open_source(write(tmp_path / "one.csv", f"{header}\n{row}\n"), region=region)
    [raw] = source.rows()
    assert isinstance(raw, RawRow)
    return normalise_row(source, raw, region=region, day_first=source.day_first, now=NOW)


def test_a_numbers_region_is_the_rows_country_then_its_calling_code_then_the_option(tmp_path: Path) -> None:
    for header, value in (("Country", "Germany"), ("Land", "Deutschland"), ("Country Code", "+49"), ("Country", "DE")):
        row = one(tmp_path, f"Name,Phone,{header}", f"Maria Rossi,030 23125118,{value}", region="US")
        assert isinstance(row, ImportedRow)
        assert row.person.phones is not None
        assert row.person.phones[0].e164 == "+493023125118", header
        assert row.country == (None if value == "+49" else "DE")


def test_what_no_field_was_found_for_is_kept_under_its_columns_name(tmp_path: Path) -> None:
    row = one(tmp_path, "Name,Email,Source,Scanner-Nr.,Captured at", "Li Wei,l@x.example,Booth 4,17,someday")
    assert isinstance(row, ImportedRow)
    assert row.person.extra == {"Source": "Booth 4", "Scanner-Nr.": "17", "Captured at": "someday"}
    assert row.source == "Booth 4"
    assert row.captured_at is None


def test_what_stands_for_nothing_is_nothing(tmp_path: Path) -> None:
    row = one(tmp_path, "Name,Company,Phone,Email,City", 'N/A,-,"=""030 23125118""",null,None')
    assert isinstance(row, ImportedRow)
    person = row.person
    assert (person.first_name, person.last_name, person.company, person.emails, person.city) == (None,) * 5
    assert person.phones is not None
    assert person.phones[0].e164 == "+493023125118"


def test_facts_are_read_and_a_wish_not_to_be_called_too(tmp_path: Path) -> None:
    row = one(
        tmp_path,
        "Name,Email,Employees,Language,State,Country,Do not call",
        'A B,a@x.example,"1,250",German,Florida,USA,Yes',
    )
    assert isinstance(row, ImportedRow)
    assert (row.size, row.language, row.state, row.country, row.do_not_call) == (1250, "de", "FL", "US", True)


def test_several_numbers_and_addresses_of_one_row_are_all_kept_once(tmp_path: Path) -> None:
    row = one(
        tmp_path, "Name;Telefon;Handy;E-Mail", "A B;030 23125118 / 030 23125119;+493023125118;a@x.example, b@x.example"
    )
    assert isinstance(row, ImportedRow)
    assert row.person.phones is not None
    assert [phone.e164 for phone in row.person.phones] == ["+493023125118", "+493023125119"]
    assert row.person.emails == ("a@x.example", "b@x.example")


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (",,12 34,", False),
        (",Kowalska Meble,12 34,", False),
        ("Ewa Kowalska,,22 555 01 2,", True),
        (",Kowalska Meble,22 555 01 2,", True),
        (",,22 555 01 2,", False),
        ("Ewa Kowalska,Kowalska Meble,not-a-phone,invalid-email", False),
        (",,,e@x.example", True),
    ],
)
def test_a_row_is_refused_when_nobody_could_ever_be_reached_by_it(tmp_path: Path, row: str, kept: bool) -> None:
    found = one(tmp_path, "Name,Company,Phone,Email", row, region="PL")
    assert isinstance(found, ImportedRow) is kept


def test_a_mapping_by_hand_is_used_for_the_rows(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a.csv", "Name,Tel,Tel 2\nA B,030 23125118,030 23125119\n"), region="DE")
    source.columns = apply_mapping(source.columns, {"phone": "Tel 2", "phone_2": ""})
    [row] = people(source)
    assert row.person.phones is not None
    assert [phone.e164 for phone in row.person.phones] == ["+493023125119"]
    assert row.person.extra == {"Tel": "030 23125118"}


# Anything

pieces = st.sampled_from(
    [
        *("Name", "Email", "Telefon", "a@x.example", "+49 30 23125118", "2024-03-15", "\0", "é", "\ufeff", "=", " "),
        *(",", ";", "\t", "|", '"', '""', "\n", "\r", "\r\n", "sep=;"),
        *("BEGIN:VCARD\n", "END:VCARD\n", "N:a;b\n", "TEL:1234567\n", "PHOTO:x\n", "AGENT:\n"),
    ]
)


def survive(path: Path) -> None:
    try:
        source = open_source(path, region="DE")
    except FileRefused:
        return
    for row in read_people(source, region="DE", now=NOW):
        assert isinstance(row, ImportedRow | Refusal)


@given(st.binary(max_size=400), st.sampled_from([b"", b"Name,Email\n", b"BEGIN:VCARD\n", b"PK\x03\x04", b"\xff\xfe"]))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_become_rows_or_a_refusal(tmp_path: Path, data: bytes, head: bytes) -> None:
    survive(write(tmp_path / "any.bin", head + data))


@given(st.lists(pieces, max_size=60), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_mixture_of_what_lists_are_made_of_becomes_rows_or_a_refusal(
    tmp_path: Path, parts: list[str], encoding: str
) -> None:
    survive(write(tmp_path / "any.txt", "".join(parts).encode(encoding, "replace")))


signs = st.one_of(st.characters(exclude_categories=("Cc", "Cs")), st.sampled_from('\r\n\t",;|'))


@given(st.lists(st.lists(st.text(signs, max_size=12), min_size=2, max_size=2), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_written_properly_is_read_back(tmp_path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["Name", "Email"], *rows])
    data = out.getvalue().encode("utf-8", "replace")
    expected = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if any(cell.strip() for cell in row)]
    source = open_source(write(tmp_path / "round.csv", data), region="DE")
    assert [["Name", "Email"], *cells(source)] == expected
