"""What the page of results says: figures, periods and definitions in words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from app.models.periods import Bounds, Period, Span
from app.services.results import CallerFigures, Figures, FirstCalls, Money, Results, SourceFigures
from app.services.results.predicting import Predictions
from app.services.results.view import ResultsView
from app.ui import times
from app.ui.results.bar_list import BarRow

NOTHING = "–"
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
FINE = 0.1  # below, a share is told with one decimal
NOISE = 2  # points: less is neither better nor worse
MOST_ANSWERS = 8


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("results", text)


# figures


def number(count: int) -> str:
    """A count: `2,314`."""
    return f"{count:,}"


def percent(share: float | None) -> str:
    """A share: `82 %`, below ten `5.1 %`."""
    if share is None:
        return NOTHING
    return f"{share * 100:.1f} %" if 0 < share < FINE else f"{share * 100:.0f} %"


def part(count: int, whole: int) -> str:
    """The share of a count; nothing of nothing."""
    return percent(count / whole) if whole else ""


def money(amounts: Money, *, cents: bool = False) -> str:
    """Amounts of money: `48,000 €`, `116.50 €`; all currencies. `cents`: of whole ones too, so that a column aligns."""
    said = []
    for amount, code in amounts:
        whole = amount == amount.to_integral_value() and not cents
        said.append(f"{amount:,.{0 if whole else 2}f} {SIGNS.get(code, code)}")
    return " + ".join(said) or NOTHING


def wait(seconds: int | None) -> str:
    """How long: `3 h 12 m`; below two minutes in seconds."""
    if seconds is None:
        return NOTHING
    return f"{seconds} s" if seconds < 120 else times.lasted(seconds * 1000)


# periods


def period(shown: Period) -> str:
    """A period as its button reads: `November 2026`."""
    first = shown.first
    if first is None:
        return tr("All time")
    if shown.span is Span.WEEK:
        return tr("Week %1").replace("%1", str(first.isocalendar().week))
    if shown.span is Span.MONTH:
        return f"{first:%B} {first.year}"
    if shown.span is Span.QUARTER:
        return tr("Quarter %1, %2").replace("%1", str((first.month + 2) // 3)).replace("%2", str(first.year))
    return str(first.year) if shown.span is Span.YEAR else days(first, shown.last or first)


def days(first: date, last: date, *, year: bool = True) -> str:
    """From one day to another: `1 to 31 October 2026`."""
    end = f"{last.day} {last:%B}" + (f" {last.year}" if year else "")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        begin = str(first.day)
    else:
        begin = f"{first.day} {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return tr("%1 to %2").replace("%1", begin).replace("%2", end)


def within(bounds: Bounds, zone: str, *, year: bool = True) -> str:
    """The days of two moments, of which the second is the first that does not belong to them."""
    since, until = bounds
    if since is None or until is None:
        return tr("all time")
    first, last = (datetime.fromtimestamp(at / 1000, ZoneInfo(zone)) for at in (since, until - 1))
    return days(first.date(), last.date(), year=year)


def subtitle(view: ResultsView) -> str:
    """The line below the title."""
    found = view.found
    parts = [within((found.since, found.until), view.zone), found.source or tr("all sources")]
    if found.compared is not None:
        since, until = found.compared
        if since is not None and until is not None and until > since:
            same = datetime.fromtimestamp((found.since or 0) / 1000, ZoneInfo(view.zone)).year
            year = datetime.fromtimestamp(since / 1000, ZoneInfo(view.zone)).year != same
            parts.append(tr("compared with %1").replace("%1", within(found.compared, view.zone, year=year)))
    parts.append(tr("counted at %1").replace("%1", times.clock(view.read_at, view.zone)))
    return " · ".join(parts)


# the tiles


def tiles(found: Results) -> dict[str, tuple[str, str, str]]:
    """Figure, chip and tone of each tile."""
    now, before = found.figures, found.before
    won = percent(now.conversion) if now.inquiries else ""
    return {
        "inquiries": (number(now.inquiries), *_more(now, before)),
        "in-time": (percent(now.called_within_limit_share), *_points(now, before, "called_within_limit_share")),
        "median": (wait(now.first_call_median_seconds), *_was(now, before)),
        "qualified": (percent(now.qualified_share), *_points(now, before, "qualified_share")),
        "follow-up": (percent(now.sales_follow_up_share), *_points(now, before, "sales_follow_up_share")),
        "won": (number(now.won), won, "plain"),
    }


def _more(now: Figures, before: Figures | None) -> tuple[str, str]:
    if before is None or not before.inquiries:
        return "", "plain"
    change = round((now.inquiries / before.inquiries - 1) * 100)
    return (f"{change:+,} %".replace("-", "−") if change else "±0 %"), "fine" if change > 0 else "plain"


def _points(now: Figures, before: Figures | None, name: str) -> tuple[str, str]:
    """The difference of two shares in points of a hundred."""
    one, other = getattr(now, name), getattr(before, name) if before is not None else None
    if one is None or other is None:
        return "", "plain"
    change = round(one * 100) - round(other * 100)
    tone = "plain" if abs(change) < NOISE else "fine" if change > 0 else "soon"
    return (f"{change:+}".replace("-", "−") if change else "±0"), tone


def _was(now: Figures, before: Figures | None) -> tuple[str, str]:
    one, other = now.first_call_median_seconds, before.first_call_median_seconds if before is not None else None
    if one is None or other is None:
        return "", "plain"
    hours = round(other / 3600)
    said = tr("was %1").replace("%1", f"{hours} h" if 1 < hours <= 72 else wait(other))
    return said, "fine" if one < other else "soon" if one > other else "plain"


# the pictures


def funnel(f: Figures) -> list[BarRow]:
    """From inquiry to sale, each a share of all inquiries."""
    steps = (
        (tr("Inquiries"), f.inquiries, "accent", "inquiries"), (tr("Called"), f.called, "accent", "called"),
        (tr("Reached"), f.reached, "accent", "reached"), (tr("Leads"), f.leads, "sell", "leads"),
        (tr("Accepted by sales"), f.accepted, "sell", "accepted"), (tr("Prospects"), f.prospects, "sell", "prospects"),
        (tr("Won"), f.won, "sell", "won"),
    )  # fmt: skip
    whole = f.inquiries or 1
    return [
        BarRow(label, number(count), part(count, f.inquiries), count / whole, tone, definitions()[key])
        for label, count, tone, key in steps
    ]


def parts(f: Figures) -> str:
    """How each inquiry is counted once."""
    named = (
        (tr("Sell %1"), f.sell), (tr("Nurture %1"), f.nurture), (tr("Discard %1, details erased"), f.discard),
        (tr("Unreached %1"), f.unreached), (tr("Objected %1"), f.objected), (tr("Open %1"), f.open),
    )  # fmt: skip
    return "   ".join(words.replace("%1", number(count)) for words, count in named if count)


def answers(found: Predictions) -> list[BarRow]:
    """The strongest and the weakest answers; what may be chance is grey."""
    rows = found.rows
    if len(rows) > MOST_ANSWERS:
        rows = (*rows[: MOST_ANSWERS - 3], *rows[-3:])
    most = max((row.lift for row in rows), default=1.0) or 1.0
    made = []
    for row in rows:
        tone = "discard" if not row.sure else "sell" if row.lift > 1 else "late"
        tip = tr("%1: %2. Won %3 of %4 who said so").replace("%1", row.question).replace("%2", row.answer)
        tip = tip.replace("%3", number(row.won)).replace("%4", number(row.given))
        tip += "" if row.sure else tr("; the difference may be chance")
        made.append(BarRow(f"{row.question}: {row.answer}", f"{row.lift:.1f}×", "", row.lift / most, tone, tip))
    return made


def answers_from(found: Predictions | None) -> str:
    """From what the answers are known."""
    if found is None or not found.rows:
        return tr("lift over the average of closed leads")
    return tr("lift over the average, from %1 closed").replace("%1", number(found.closed))


def few_closed(found: Predictions | None) -> str:
    """Why nothing is said of answers."""
    if found is None:
        return ""
    said = tr("From 20 closed leads on, the answers that sales follow are shown here. So far there are %1.")
    return said.replace("%1", number(found.closed))


def limit_line(shown: FirstCalls) -> str:
    """What a bar and the line are."""
    bar = shown.bar_ms // 60_000
    one = tr("one hour") if bar == 60 else f"{bar // 60} h" if bar % 60 == 0 else f"{bar} m"
    said = tr("each bar %1").replace("%1", one)
    if shown.limit_ms is None:
        return said + tr("; red: over the limit of their source")
    return said + tr("; line: the %1 limit").replace("%1", hours(shown.limit_ms))


def not_called(shown: FirstCalls) -> str:
    """Who has no bar."""
    if not shown.not_called:
        return tr("Everybody was called.")
    said = tr("Not called yet: %1").replace("%1", number(shown.not_called))
    late = tr("%1 of them over the limit").replace("%1", number(shown.not_called_late))
    return f"{said}, {late}" if shown.not_called_late else said


def hours(ms: int) -> str:
    """A round length: `24 h`, `30 m`."""
    return f"{ms / 3_600_000:g} h" if ms >= 3_600_000 else f"{ms / 60_000:g} m"


def spoken_bars(shown: FirstCalls) -> str:
    """The picture of first calls for a screen reader."""
    waited = [(bar.in_time + bar.late, bar.start_ms + shown.bar_ms) for bar in shown.bars if bar.in_time + bar.late]
    said = [tr("%1 within %2").replace("%1", number(count)).replace("%2", hours(end)) for count, end in waited]
    return "; ".join([*said, not_called(shown)])


def nothing(view: ResultsView) -> tuple[str, str]:
    """Title and text of a period in which nobody asked."""
    if not view.any_inquiry:
        return tr("Nobody has asked yet"), tr("Figures begin with the first inquiry.")
    named, source = period(view.period), view.found.source
    text = tr("P shows the period before, D any other, 5 all time.")
    if source:
        text += " " + tr("Esc shows all sources again.")
        return tr("Nobody asked by %1: %2").replace("%1", source).replace("%2", named), text
    return tr("Nobody asked: %1").replace("%1", named), text


# the tables


def source_heads() -> list[tuple[str, str]]:
    """Names of the columns by source, and what each means."""
    means = definitions()
    return [
        (tr("Source"), ""), (tr("Cost"), means["cost"]), (tr("Inquiries"), means["inquiries"]),
        (tr("per inquiry"), means["per-inquiry"]), (tr("Qualified"), means["qualified"]),
        (tr("per lead"), means["per-lead"]), (tr("In time"), means["in-time"]), (tr("Won"), means["won"]),
        (tr("per sale"), means["per-sale"]), (tr("Revenue"), means["revenue"]),
    ]  # fmt: skip


def source_row(each: SourceFigures) -> list[str]:
    """The cells of a source."""
    f = each.figures
    return [
        each.source, money(f.cost), number(f.inquiries), money(f.cost_per_inquiry, cents=True),
        percent(f.qualified_share), money(f.cost_per_lead, cents=True), percent(f.called_within_limit_share),
        number(f.won), money(f.cost_per_sale, cents=True), money(f.revenue),
    ]  # fmt: skip


def caller_heads() -> list[tuple[str, str]]:
    """Names of the columns by caller, and what each means."""
    means = definitions()
    return [
        (tr("Caller"), ""), (tr("Calls"), tr("All calls to inquiries of the period.")),
        (tr("Reached"), tr("Calls that somebody answered.")), (tr("Inquiries"), tr("How many inquiries they called.")),
        (tr("First call"), means["median"]), (tr("Sell"), tr("Decisions that show and are theirs.")),
        (tr("Nurture"), tr("Decisions that show and are theirs.")),
        (tr("Discard"), tr("Decisions that show and are theirs.")),
        (tr("Accepted"), tr("Of what they sold, what sales has accepted.")), (tr("Won"), means["won"]),
    ]  # fmt: skip


def caller_row(row: CallerFigures) -> list[str]:
    """The cells of a caller."""
    accepted = f"{number(row.accepted)} · {part(row.accepted, row.sell)}" if row.sell else number(row.accepted)
    return [
        row.caller, number(row.calls), number(row.reached), number(row.inquiries), wait(row.first_call_median_seconds),
        number(row.sell), number(row.nurture), number(row.discard), accepted, number(row.won),
    ]  # fmt: skip


def definitions() -> dict[str, str]:
    """What each figure means; docs/results.md says the same."""
    return {
        "inquiries": tr("Everybody captured in the period, once each. A capture that was taken back counts nowhere."),
        "called": tr("Inquiries with at least one call."),
        "reached": tr("Inquiries of which somebody was spoken to."),
        "leads": tr("Sell or nurture, after a call that reached somebody."),
        "accepted": tr("Leads that sales has accepted, whatever became of them."),
        "prospects": tr("Leads with need and readiness after the second look."),
        "won": tr("Closed with a sale; the share is of all inquiries."),
        "in-time": tr(
            "Of those who were called or whose limit is over: how many had their first call within the limit of "
            "their source."
        ),
        "median": tr("From capture to the first call, by the clock: half of those who were called waited no longer."),
        "qualified": tr("Leads, as a share of all inquiries."),
        "follow-up": tr("Of what was sold to sales, how much sales has answered."),
        "cost": tr("What was spent on the source in the period, by the day of the cost."),
        "per-inquiry": tr("Cost by inquiries."),
        "per-lead": tr("Cost by leads."),
        "per-sale": tr("Cost by sales that were won."),
        "revenue": tr("The amounts of the sales that were won."),
    }
