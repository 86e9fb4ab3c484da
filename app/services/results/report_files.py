"""Results as people hand them round: an HTML page that needs nothing else, a workbook, a table of figures."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.services import files
from app.services.exporting import harmless
from app.services.results.figures import Results
from app.services.results.report_page import as_html
from app.services.results.reporting import earlier, groups, period, tables

if TYPE_CHECKING:
    from app.services.seat import Seat


def write_html(seat: Seat, found: Results, path: Path) -> None:
    """The page as a file.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    with files.whole(path) as beside:
        beside.write_text(as_html(seat, found), encoding="utf-8")


def write_xlsx(seat: Seat, found: Results, path: Path) -> None:
    """A workbook: one sheet of figures, one by source, one by caller; no text in it is a formula.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with files.whole(path) as beside, beside.open("wb") as out, xlsxwriter.Workbook(out, options) as book:
        _fill(book, seat, found)


def _fill(book: Any, seat: Seat, found: Results) -> None:
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Results")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 18)
    sheet.write_row(0, 0, [period(seat, found), "", earlier(seat, found)], bold)
    row = 2
    for title, lines in groups(found):
        sheet.write_string(row, 0, title, bold)
        for name, value, was in lines:
            row += 1
            sheet.write_string(row, 0, name)
            _write(sheet, row, 1, value)
            _write(sheet, row, 2, was)
        row += 2
    for title, head, rows in tables(found):
        sheet = book.add_worksheet(title)
        sheet.set_column(0, 0, 28)
        for column, name in enumerate(head):
            sheet.write_string(0, column, name, bold)
        for at, cells in enumerate(rows, start=1):
            sheet.write_string(at, 0, cells[0])
            for column, cell in enumerate(cells[1:], start=1):
                _write(sheet, at, column, cell)


def write_csv(seat: Seat, found: Results, path: Path) -> None:
    """One table of all figures, with an empty line between its parts; no cell in it is a formula.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    with files.whole(path) as beside, beside.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)  # the mark tells spreadsheets the encoding
        writer.writerows([[harmless(period(seat, found)), "", earlier(seat, found)], []])
        for title, lines in groups(found):
            writer.writerows([[title], *([name, _plain(value), _plain(was)] for name, value, was in lines), []])
        for title, head, rows in tables(found):
            writer.writerows([[title], head])
            writer.writerows([[harmless(row[0]), *map(_plain, row[1:])] for row in rows])
            writer.writerow([])


def _plain(value: str) -> str:
    """A count without the commas that help people alone."""
    digits = value.replace(",", "")
    return digits if digits.isdecimal() else value


def _write(sheet: Any, row: int, column: int, value: str) -> None:
    """Counts as numbers, so that they can be summed; the rest as text."""
    plain = _plain(value)
    if plain.isdecimal():
        sheet.write_number(row, column, int(plain))
    else:
        sheet.write_string(row, column, value)


WRITERS = {".html": write_html, ".xlsx": write_xlsx, ".csv": write_csv}
