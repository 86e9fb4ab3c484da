"""Results in words: figures with their names, beside the period before, and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.services.results.figures import Figures, FirstCalls, Money, Results

if TYPE_CHECKING:
    from app.services.seat import Seat

HOUR = 3_600_000
NOTHING = "–"
Line = tuple[str, str, str]  # name, value, what it was in the period before


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


def earlier(seat: Seat, found: Results) -> str:
    """The period that the figures are compared with: "from 1 September to 30 September 2026"; empty for none."""
    since, until = found.compared or (None, None)
    if since is None or until is None:
        return ""
    zone = ZoneInfo(seat.settings["zone"])
    first, last = (datetime.fromtimestamp(at / 1000, zone) for at in (since, until - 1))
    return f"from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def sections(seat: Seat, found: Results) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The figures of the whole period in groups, each with its name and its value in words."""
    for number, (title, lines) in enumerate(groups(found)):
        yield title if number else period(seat, found), [(name, value) for name, value, _ in lines]


def groups(found: Results) -> list[tuple[str, list[Line]]]:
    """The same with what each was in the period that it is compared with; empty where there is none."""
    now, before = _groups(found.figures), _groups(found.before) if found.before is not None else None
    return [
        (
            title,
            [(name, value, before[place][1][line][1] if before else "") for line, (name, value) in enumerate(lines)],
        )
        for place, (title, lines) in enumerate(now)
    ]


def _groups(f: Figures) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("From inquiry to sale", [
            ("Inquiries", _count(f.inquiries)), ("Called", _part(f.called, f.inquiries)),
            ("Reached", _part(f.reached, f.inquiries)), ("Leads (sell or nurture)", _part(f.leads, f.inquiries)),
            ("Accepted by sales", _part(f.accepted, f.inquiries)), ("Prospects", _part(f.prospects, f.inquiries)),
            ("Won", _part(f.won, f.inquiries)), ("Lost", _count(f.lost)), ("Revenue", _money(f.revenue)),
        ]),
        ("Each inquiry, counted once", [
            ("Sell", _count(f.sell)), ("Nurture", _count(f.nurture)), ("Discard, details erased", _count(f.discard)),
            ("Unreached", _count(f.unreached)), ("Objected", _count(f.objected)), ("Open", _count(f.open)),
        ]),
        ("Speed", [
            ("First call, median", _lasted(f.first_call_median_seconds)),
            ("First call, nine of ten within", _lasted(f.first_call_p90_seconds)),
            ("Called within the limit", _share(f.called_within_limit_share)),
            ("Decided within the limit", _share(f.decided_within_limit_share)),
            ("Answered by sales", _share(f.sales_follow_up_share)),
        ]),
        ("Cost", [
            ("Cost", _money(f.cost)), ("Cost per inquiry", _money(f.cost_per_inquiry)),
            ("Cost per lead", _money(f.cost_per_lead)), ("Cost per sell", _money(f.cost_per_sell)),
            ("Cost per sale", _money(f.cost_per_sale)),
        ]),
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
            [waits(shown, place), _count(bar.in_time), _count(bar.late)]
            for place, bar in enumerate(shown.bars)
            if bar.in_time + bar.late
        ],
    )


def waits(shown: FirstCalls, place: int) -> str:
    """The stretch of time of a bar, in words."""
    start, end = (shown.bars[place].start_ms + more for more in (0, shown.bar_ms))
    return f"{_round(start)} or longer" if place == len(shown.bars) - 1 else f"{_round(start)} to {_round(end)}"


def _round(ms: int) -> str:
    return f"{ms / HOUR:g} h" if ms >= HOUR else f"{ms // 60_000} m"


def _source(name: str, f: Figures) -> list[str]:
    return [
        name, _money(f.cost), _count(f.inquiries), _money(f.cost_per_inquiry), _share(f.qualified_share),
        _money(f.cost_per_lead), _count(f.sell), _count(f.won), _money(f.cost_per_sale), _money(f.revenue),
    ]  # fmt: skip


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
