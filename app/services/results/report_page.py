"""The report as one page of HTML that needs no other file, in the forms that browsers and Qt's documents both set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.services.results.figures import Results
from app.services.results.reporting import Line, earlier, groups, period, tables, waits

if TYPE_CHECKING:
    from app.services.seat import Seat

BLUE, GREEN, RED, LINE = "#6f8df0", "#47967a", "#cd6560", "#e3e6eb"
LONGEST = 250  # pixels of a bar
LEADS_FROM = 3  # of the steps from inquiry to sale, those that sales sees

STYLE = """
body { font: 13px/1.45 Inter, "Segoe UI", "Helvetica Neue", sans-serif; color: #1d2433; margin: 28px; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 15px; margin: 18px 0 6px; } p { color: #5b6475; margin: 2px 0; }
table { border-collapse: collapse; } th, td { padding: 3px 14px 3px 0; white-space: nowrap; }
th { color: #5b6475; font-weight: normal; }
.bar td { padding: 0; } .was { color: #5b6475; }
"""


def as_html(seat: Seat, found: Results) -> str:
    """The page; every text in it is escaped."""
    zone = ZoneInfo(seat.settings["zone"])
    made = f"{datetime.fromtimestamp(seat.now() / 1000, zone):%Y-%m-%d %H:%M}"
    funnel, *others = groups(found)
    beside = f" In grey: {earlier(seat, found)}." if found.before is not None else ""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Winnow results</title>',
        f"<style>{STYLE}</style></head><body><h1>Results</h1>",
        f"<p>{escape(period(seat, found))}.{escape(beside)} Made on {made}.</p>",
        "<h2>From inquiry to sale</h2>", _funnel(found, funnel[1]),
        '<table><tr valign="top">', *(f"<td><h2>{escape(title)}</h2>{_lines(lines)}</td>" for title, lines in others),
        "</tr></table>",
    ]  # fmt: skip
    by_source, by_caller, _ = tables(found)
    for title, head, rows in (by_source, by_caller):
        if rows:
            parts += [f"<h2>{escape(title)}</h2>", _table(head, rows)]
    parts += ["<h2>Time to first call</h2>", _first_calls(found)]
    return "".join([*parts, "</body></html>\n"])


def _funnel(found: Results, lines: Sequence[Line]) -> str:
    f = found.figures
    steps = (f.inquiries, f.called, f.reached, f.leads, f.accepted, f.prospects, f.won)
    rows = []
    for place, (name, value, before) in enumerate(lines):
        bar = ""
        if place < len(steps) and f.inquiries:
            bar = _bars([(steps[place] / f.inquiries, GREEN if place >= LEADS_FROM else BLUE)])
        rows.append(f"<tr>{_cell(name, 'left')}{_cell(value)}{_cell(before, was=True)}<td>{bar}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _lines(lines: Iterable[Line]) -> str:
    cells = (f"{_cell(name, 'left')}{_cell(value)}{_cell(before, was=True)}" for name, value, before in lines)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    names = "".join(
        f'<th align="{"right" if place else "left"}">{escape(name)}</th>' for place, name in enumerate(head)
    )
    made = ["".join(_cell(cell, "" if place else "left") for place, cell in enumerate(row)) for row in rows]
    return f"<table><tr>{names}</tr>{''.join(f'<tr>{row}</tr>' for row in made)}</table>"


def _first_calls(found: Results) -> str:
    shown = found.first_calls
    most = max(bar.in_time + bar.late for bar in shown.bars)
    rows = []
    for place, bar in enumerate(shown.bars):
        if bar.in_time + bar.late:
            bars = _bars([(bar.in_time / most, BLUE), (bar.late / most, RED)])
            words = f"{bar.in_time + bar.late:,}"
            over = f"{bar.late:,} over the limit" if bar.late else ""
            rows.append(
                f"<tr>{_cell(waits(shown, place), 'left')}{_cell(words)}<td>{bars}</td>{_cell(over, 'left')}</tr>"
            )
    return f"<table>{''.join(rows)}</table>" if rows else "<p>Nobody was called yet.</p>"


def _cell(text: str, side: str = "", *, was: bool = False) -> str:
    return f'<td align="{side or "right"}"{" class=was" if was else ""}>{escape(text)}</td>'


def _bars(parts: Iterable[tuple[float, str]]) -> str:
    """Coloured cells behind each other, each so long as its share of the longest."""
    cells = [(round(share * LONGEST), colour) for share, colour in parts]
    made = "".join(
        f'<td width="{max(2, wide)}" bgcolor="{colour}" style="background:{colour};font-size:9px">&nbsp;</td>'
        for wide, colour in cells
        if wide
    )
    wide = sum(max(2, wide) for wide, _ in cells if wide)
    return f'<table class="bar" width="{wide}" cellspacing="0" cellpadding="0"><tr>{made}</tr></table>' if made else ""
