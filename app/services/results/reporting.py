"""Results as people hand them round: figures with their names, an XLSX file, an HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.services import files
from app.services.exporting import harmless
from app.services.results.figures import Figures, FirstCalls, Money, Results

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
            ("Inquiries", _count(f.inquiries)), ("Called", _part(f.called, f.inquiries)),
            ("Reached", _part(f.reached, f.inquiries)),
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
    """By source, by caller and by the wait for the first call: title, head and rows, in words."""
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
    shown = found.first_calls
    yield (
        "Time to first call",
        ("Waited", "Within the limit", "Over it"),
        [
            [_bar(shown, place), _count(bar.in_time), _count(bar.late)]
            for place, bar in enumerate(shown.bars)
            if bar.in_time + bar.late
        ],
    )


def _bar(shown: FirstCalls, place: int) -> str:
    start = shown.bars[place].start_ms
    last = place == len(shown.bars) - 1
    return (
        f"{_lasted(start // 1000)} or longer"
        if last
        else f"{_lasted(start // 1000)} to {_lasted((start + shown.bar_ms) // 1000)}"
    )


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


def write_csv(seat: Seat, found: Results, path: Path) -> None:
    """One table of all figures, with an empty line between its parts; no cell in it is a formula.

    Raises:
        EnvironmentFailed: it cannot be written.
    """
    import csv

    with files.whole(path) as beside, beside.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)  # the mark tells spreadsheets the encoding
        for title, lines in sections(seat, found):
            writer.writerows([[harmless(title)], *([name, _plain(value)] for name, value in lines), []])
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
