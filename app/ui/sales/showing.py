"""What the page of sales says: chips, money, days, and what was done."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QCoreApplication

from app.models.entries import Verdict
from app.models.inquiry import Stage
from app.models.limits import Limit, LimitState
from app.models.rows import HistoryRow, SalesRow
from app.services.sales.lead_view import LeadView
from app.services.sales.leads import FollowUp, Group
from app.ui import times

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}
WEEK = 6 * times.DAY
MOST_STEP = 16  # letters of a next step in a chip
DOTS = {
    "disposed": "sell", "reviewed": "accent", "closed": "sell", "planned": "accent", "lead_assigned": "accent",
    "delivered": "accent",
}  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("sales", text)


def group_title(group: Group) -> str:
    """The heading of one list."""
    return {Group.NEW: _tr("New"), Group.PROSPECT: _tr("Prospect"), Group.CLOSED: _tr("Closed")}[group]


def money(amount: str, currency: str) -> str:
    """An amount as people read it: `63,500 €`, `1,200.50 CHF`."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return f"{amount} {currency}".strip()
    shown = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{shown} {SIGNS.get(currency, currency)}".strip()


def when(at: int, now: int) -> str:
    """A day and a time, seen from now: `10:00` today, `Tue 10:00` this week, else `24 Nov 10:00`."""
    then, today = datetime.fromtimestamp(at / 1000).astimezone(), datetime.fromtimestamp(now / 1000).astimezone()
    if then.date() == today.date():
        return f"{then:%H:%M}"
    if 0 < at - now < WEEK:
        return f"{then:%a %H:%M}"
    return f"{then.day} {then:%b %H:%M}" if then.year == today.year else f"{then.day} {then:%b %Y}"


def chip(row: SalesRow, now: int, read_at: int) -> tuple[str, str]:
    """Text and tone of a row's chip; a wait goes on by itself since the row was read."""
    if row.stage is Stage.SELL:
        waited = row.waited_ms + (max(0, now - read_at) if row.waited_ms else 0)
        return _tr("waiting %s") % times.lasted(waited) if waited >= times.MINUTE else _tr("new"), row.limit_state.value
    if row.stage is Stage.WON:
        return _tr("won %s") % money(row.amount, row.currency), "fine"
    if row.stage is Stage.LOST:
        return _tr("lost"), "plain"
    if row.planned_at is None:
        return _tr("no next step"), "soon"
    if row.planned_at <= now:
        return _tr("due %s") % when(row.planned_at, now), "over"
    step = row.planned_step if len(row.planned_step) <= MOST_STEP else f"{row.planned_step[: MOST_STEP - 1].rstrip()}…"
    tone = "due" if times.day(row.planned_at, now) == times.day(now, now) else "plain"
    return f"{step} {when(row.planned_at, now)}".strip(), tone


def spoken(row: SalesRow, chip_text: str) -> str:
    """A row for a screen reader."""
    states = {LimitState.OVER: _tr("over the limit"), LimitState.SOON: _tr("near the limit")}
    parts = [
        row.name, row.company if row.company != row.name else "", chip_text,
        states.get(row.limit_state, "") if row.stage is Stage.SELL else "", _tr("%d points") % row.score,
        _tr("with %s") % row.for_member if row.for_member else "",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def limit_words(limit: Limit) -> str:
    """The limit of sales for the head: `1 h`, `8 working hours`."""
    return _tr("%s working hours") % f"{limit.hours:g}" if limit.working else _tr("%s h") % f"{limit.hours:g}"


def qualified(view: LeadView, now: int) -> str:
    """`Qualified by Ada, 3 m ago, 6 m 12 s call`."""
    parts = [_tr("Qualified by %s") % view.qualified_by] if view.qualified_by else []
    if view.qualified_at:
        passed = now - view.qualified_at
        parts.append(_tr("%s ago") % _roughly(passed) if passed >= times.MINUTE else _tr("just now"))
    if view.call_seconds:
        minutes, seconds = divmod(view.call_seconds, 60)
        length = f"{minutes} m {seconds:02d} s" if minutes else f"{seconds} s"
        parts.append(_tr("%s call") % length)
    return ", ".join(parts)


def happened(rows: tuple[HistoryRow, ...], now: int) -> tuple[tuple[str, str, str], ...]:
    """The timeline, newest first: what, when and by whom, and the colour of its dot."""
    made = []
    for row in reversed(rows):
        first, *rest = row.text.split(" · ")
        words = " · ".join([first, *(part for part in rest if _is_told(row.kind, part))])
        day = times.day(row.at, now)
        at = times.clock(row.at) if day == times.day(now, now) else f"{day[:1].upper()}{day[1:]} {times.clock(row.at)}"
        by = row.actor if row.actor and row.actor != "winnow" else ""
        made.append((words, " · ".join(part for part in (at, by) if part), DOTS.get(row.kind, "ink_3")))
    return tuple(made)


def _roughly(milliseconds: int) -> str:
    """`3 m`, `30 h`, `5 d`."""
    for unit, letter in ((2 * times.DAY, "d"), (times.HOUR, "h")):
        if milliseconds >= unit:
            return f"{milliseconds // (times.DAY if letter == 'd' else times.HOUR)} {letter}"
    return f"{milliseconds // times.MINUTE} m"


def _is_told(kind: str, part: str) -> bool:
    """Answers, notes and numbers stand elsewhere on the page: of an entry only its reason, step, points and length."""
    if kind in {"reviewed", "closed"}:
        return part.startswith("“")
    if kind == "called":
        return part.endswith(" min")
    return kind in {"planned", "lead_assigned", "delivered"} or part.endswith(" points")


def follow_up(found: FollowUp) -> str:
    """The foot of the window: `Follow-up this month: 96 % of leads answered, 41 m median`."""
    if found.share is None:
        return _tr("Follow-up this month: nothing was sold yet")
    text = _tr("Follow-up this month: %d %% of leads answered") % round(100 * found.share)
    return f"{text}, {_tr('%s median') % times.lasted(found.median_ms)}" if found.median_ms is not None else text


def done(verdict: Verdict, name: str) -> str:
    """What was done with somebody, for the toast."""
    words = {
        Verdict.ACCEPT: _tr("%s: accepted. Agree a next step."),
        Verdict.PROSPECT: _tr("%s: a prospect."),
        Verdict.NURTURE: _tr("%s: back to nurture."),
        Verdict.CALL_AGAIN: _tr("%s: back to the callers."),
        Verdict.DISCARD: _tr("%s: discarded; the details are erased when the undo time is over."),
    }
    return words[verdict] % name
