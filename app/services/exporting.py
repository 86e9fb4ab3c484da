"""Lists for other tools: CSV, XLSX and vCard, read row by row and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.models.inquiry import Stage
from app.services.files import whole
from app.services.seat import Seat

COLUMNS = (
    "id", "stage", "first_name", "last_name", "company", "title", "phone", "email", "country", "source", "captured_at",
    "attempts", "last_outcome", "score", "decided_at", "until", "track", "owner", "amount", "currency",
)  # fmt: skip
TIMES = frozenset({"captured_at", "decided_at", "until"})
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A spreadsheet may take a cell that begins so for a formula (OWASP, CSV injection)."""

_HARMLESS = re.compile(r"\+?\d{5,15}")  # a number to call computes nothing
_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what no spreadsheet can hold

Row = tuple[Any, ...]


def export(seat: Seat, file: Path, stage: Stage | None = None) -> int:
    """Write everybody, or one stage, to a file by its ending; returns how many. The discarded and erased are left out.

    Raises:
        EnvironmentFailed: the file cannot be written; an old one of that name is kept.
    """
    write = KINDS[file.suffix.lower()]
    with whole(file) as beside, seat.store.snapshot():
        return write(beside, _rows(seat, stage))


def _rows(seat: Seat, stage: Stage | None) -> Iterator[Row]:
    which = "stage = ?" if stage else "stage NOT IN ('discarded', 'erased')"
    sql = f"SELECT {', '.join(COLUMNS)} FROM inquiry WHERE {which} ORDER BY captured_at, id"
    cursor = seat.store.reader().execute(sql, (stage.value,) if stage else ())
    while rows := cursor.fetchmany(1000):
        for row in rows:
            yield tuple(
                iso(value) if name in TIMES and value is not None else value
                for name, value in zip(COLUMNS, row, strict=True)
            )


def iso(at: int) -> str:
    """A moment as other tools read it, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def write_csv(path: Path, rows: Iterator[Row], columns: tuple[str, ...] = COLUMNS) -> int:
    """Rows under the names of their columns; returns how many."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:  # the mark tells spreadsheets the encoding
        writer = csv.writer(file)
        writer.writerow(columns)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the count is the result
            writer.writerow([harmless(value) for value in row])
    return count


def harmless(value: Any) -> Any:
    """A text so that a spreadsheet shows it and never computes it."""
    if not isinstance(value, str) or _HARMLESS.fullmatch(value):
        return value
    text = _SIGNS.sub(" ", value)
    return f"'{text}" if text.lstrip().startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def write_xlsx(path: Path, rows: Iterator[Row], columns: tuple[str, ...] = COLUMNS) -> int:
    """The same as a workbook, texts as texts and numbers as numbers."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with path.open("wb") as out, xlsxwriter.Workbook(out, options) as book:
        sheet, bold = book.add_worksheet("Inquiries"), book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str) and value:
                    sheet.write_string(count, column, _SIGNS.sub(" ", value)[:32_767])
                elif value is not None and value != "":
                    sheet.write_number(count, column, value)
        sheet.freeze_panes(1, 0)
    return count


def _vcards(path: Path, rows: Iterator[Row]) -> int:
    """Cards in version 3.0 (RFC 2426), which every address book reads."""
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the count is the result
            for line in _vcard(dict(zip(COLUMNS, row, strict=True))):
                file.write(_folded(line) + "\r\n")
    return count


def _vcard(row: dict[str, Any]) -> Iterator[str]:
    first, last = _escaped(row["first_name"]), _escaped(row["last_name"])
    full = f"{first} {last}".strip() or _escaped(row["company"]) or _escaped(row["email"]) or _escaped(row["phone"])
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"UID:{row['id']}", f"N:{last};{first};;;", f"FN:{full}")
    for name, field in (("ORG", "company"), ("TITLE", "title"), ("EMAIL;TYPE=INTERNET", "email")):
        if row[field]:
            yield f"{name}:{_escaped(row[field])}"
    if row["phone"]:
        yield f"TEL;TYPE=WORK:{_escaped(row['phone'])}"
    yield f"CATEGORIES:{_escaped(row['stage'])},{_escaped(row['source'])}"
    yield "END:VCARD"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return _SIGNS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _folded(line: str) -> str:
    """Lines of at most 75 octets, no sign torn apart."""
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts)


KINDS: dict[str, Callable[[Path, Iterator[Row]], int]] = {".csv": write_csv, ".xlsx": write_xlsx, ".vcf": _vcards}
