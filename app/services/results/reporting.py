"""Results as people hand them round: figures with their names, an XLSX file, an HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.services.errors import EnvironmentFailed
from app.services.results.figures import Figures, Money, Results

if TYPE_CHECKING:
    from app.services.seat import Seat

DAY = 24 * 3_600_000
NOTHING = "–"
Lines = list[tuple[str, str]]

STYLE = """
body { font: 14px/1.5 Inter, "Segoe UI", "Helvetica Neue", sans-serif; color: #1d2433; margin: 32px; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 24px 0 8px; } p { color: #5b6475; margin: 2px 0; }
table { border-collapse: collapse; } th, td { padding: 4px 14px 4px 0; text-align: right; }
th { color: #5b6475; font-weight: normal; } th:first-child, td:first-child { text-align: left; }
"""


def period(seat: Seat, found: Results) -> str:
    """The period and the source in words: "1 October to 31 October 2026, all sources"."""
    zone = ZoneInfo(seat.settings["zone"])

    def day(at: int) -> str:
        on = datetime.fromtimestamp(at / 1000, zone)
        return f"{on.day} {on:%B %Y}"

    source = found.source or "all sources"
    if found.since is None and found.until is None:
        return f"All inquiries, {source}"
    begin = f"from {day(found.since)} " if found.since is not None else ""
    end = f"to {day(found.until - 1)}" if found.until is not None else "until now"
    return f"Inquiries captured {begin}{end}, {source}"


def sections(seat: Seat, found: Results) -> Iterator[tuple[str, Lines]]:
    """The figures of the whole period in groups, each with its name and its value in words."""
    f = found.figures
    yield (
        period(seat, found),
        [
            ("Inquiries", _count(f.inquiries)), ("Reached", _part(f.reached, f.inquiries)),
            ("Leads (sell or nurture)", _part(f.leads, f.inquiries)),
            ("Accepted by sales", _part(f.accepted, f.inquiries)),
            ("Prospects", _part(f.prospects, f.inquiries)), ("Won", _part(f.won, f.inquiries)),
            ("Lost", _count(f.lost)), ("Revenue", _money(f.revenue)),
        ],
    )  # fmt: skip
    yield "Each inquiry, counted once", [
        ("Sell", _count(f.sell)), ("Nurture", _count(f.nurture)), ("Discard, details erased", _count(f.discard)),
        ("Unreached", _count(f.unreached)), ("Objected", _count(f.objected)), ("Open", _count(f.open)),
    ]  # fmt: skip
    yield (
        "Speed",
        [
            ("First call, median", _lasted(f.first_call_median_seconds)),
            ("First call, nine of ten within", _lasted(f.first_call_p90_seconds)),
            ("Called within the limit", _share(f.called_within_limit_share)),
            ("Decided within the limit", _share(f.decided_within_limit_share)),
            ("Answered by sales", _share(f.sales_follow_up_share)),
        ],
    )
    yield "Cost", [
        ("Cost", _money(f.cost)), ("Cost per inquiry", _money(f.cost_per_inquiry)),
        ("Cost per lead", _money(f.cost_per_lead)), ("Cost per sell", _money(f.cost_per_sell)),
        ("Cost per sale", _money(f.cost_per_sale)),
    ]  # fmt: skip


def tables(found: Results) -> Iterator[tuple[str, Sequence[str], list[list[str]]]]:
    """By source and by caller: title, head and rows, in words."""
    yield (
        "By source",
        ("Source", "Cost", "Inquiries", "per inquiry", "Qualified", "per lead", "Sell", "Won", "per sale", "Revenue"),
        [_source(each.source, each.figures) for each in found.by_source],
    )
    yield (
        "By caller",
        ("Caller", "Calls", "Reached", "Inquiries", "Sell", "Nurture", "Discard", "Accepted", "Won", "First call"),
        [
            [
                c.caller,
                *map(_count, (c.calls, c.reached, c.inquiries, c.sell, c.nurture, c.discard, c.accepted, c.won)),
                _lasted(c.first_call_median_seconds),
            ]
            for c in found.by_caller
        ],
    )  # fmt: skip


def _source(name: str, f: Figures) -> list[str]:
    return [
        name, _money(f.cost), _count(f.inquiries), _money(f.cost_per_inquiry), _share(f.qualified_share),
        _money(f.cost_per_lead), _count(f.sell), _count(f.won), _money(f.cost_per_sale), _money(f.revenue),
    ]  # fmt: skip


def as_html(seat: Seat, found: Results) -> str:
    """One page that needs no other file; every text in it is escaped."""
    zone = ZoneInfo(seat.settings["zone"])
    made = f"{datetime.fromtimestamp(seat.now() / 1000, zone):%Y-%m-%d %H:%M}"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Winnow results</title>',
        f"<style>{STYLE}</style></head><body><h1>Results</h1>",
        f"<p>{escape(period(seat, found))}. Made on {made}.</p>",
    ]
    for number, (title, lines) in enumerate(sections(seat, found)):
        parts.append(f"<h2>{escape('From inquiry to sale' if number == 0 else title)}</h2><table>")
        parts += [f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in lines]
        parts.append("</table>")
    for title, head, rows in tables(found):
        parts.append(f"<h2>{escape(title)}</h2><table><tr>{_cells('th', head)}</tr>")
        parts += [f"<tr>{_cells('td', row)}</tr>" for row in rows]
        parts.append("</table>")
    return "".join([*parts, "</body></html>\n"])


def _cells(tag: str, row: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)


def write_html(seat: Seat, found: Results, path: Path) -> None:
    """The page as a file.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    try:
        path.write_text(as_html(seat, found), encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error


def write_xlsx(seat: Seat, found: Results, path: Path) -> None:
    """A workbook: one sheet of figures, one by source, one by caller; no text in it is a formula.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Results")
    sheet.set_column(0, 0, 34)
    row = 0
    for title, lines in sections(seat, found):
        sheet.write_string(row, 0, title, bold)
        for name, value in lines:
            row += 1
            sheet.write_string(row, 0, name)
            _write(sheet, row, 1, value)
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
    try:
        book.close()
    except (FileCreateError, OSError) as error:
        raise unwritable(path, error) from error


def _write(sheet: object, row: int, column: int, value: str) -> None:
    """Counts as numbers, so that they can be summed; the rest as text."""
    plain = value.replace(",", "")
    if plain.isdecimal():
        sheet.write_number(row, column, int(plain))  # type: ignore[attr-defined]
    else:
        sheet.write_string(row, column, value)  # type: ignore[attr-defined]


def unwritable(path: Path, error: Exception) -> EnvironmentFailed:
    """The error of a report that could not be written."""
    said = getattr(error, "strerror", None) or str(error)
    return EnvironmentFailed(f"{path} cannot be written: {said}.", todo="Choose another place.")


# values in words


def _count(value: int) -> str:
    return f"{value:,}"


def _part(value: int, whole: int) -> str:
    return f"{value:,} ({value / whole:.1%})" if whole else f"{value:,}"


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1%}"


def _money(amounts: Money) -> str:
    return ", ".join(f"{amount:,.2f} {currency}" for amount, currency in amounts) or NOTHING


def _lasted(seconds: int | None) -> str:
    if seconds is None:
        return NOTHING
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours >= 72:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes:02} m" if hours else f"{minutes} m"
