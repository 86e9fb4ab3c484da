"""`winnow source` and `winnow results`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.results import CallerFigures, Figures, Results

MONEY = ("revenue", "cost_per_inquiry", "cost_per_lead", "cost_per_sell", "cost_per_sale")
FIGURES = (
    "inquiries", "reached", "sell", "nurture", "discard", "unreached", "objected", "open", "accepted", "prospects",
    "won", "lost", "revenue", "qualified_share", "conversion", "first_call_median_seconds", "first_call_p90_seconds",
    "called_within_limit_share", "decided_within_limit_share", "sales_follow_up_share", "cost_per_inquiry",
    "cost_per_lead", "cost_per_sell", "cost_per_sale",
)  # fmt: skip


@click.command("source", cls=Command, example='winnow source "Hannover fair" --add-cost 4800 --limit-hours 8')
@click.argument("name", metavar="NAME")
@click.option("--add-cost", default="", metavar="N", help="A cost; each is an entry of its own, and they add up.")
@click.option("--currency", default="", metavar="C", help="Three letters; else the home's.")
@click.option("--limit-hours", type=float, metavar="H", help="How long its inquiries may wait for a first call.")
@click.option(
    "--returns",
    type=click.Choice(["on", "off"]),
    help="Whether what somebody holds over the limit comes back by itself.",
)
@click.pass_obj
def source_command(
    session: Session, name: str, add_cost: str, currency: str, limit_hours: float | None, returns: str | None
) -> None:
    """A source: where inquiries come from, and what it cost."""
    from app.cli.shapes import money
    from app.services import sources

    sources.define(
        session.seat, name, limit_hours=limit_hours, add_cost=add_cost, currency=currency,
        returns=None if returns is None else returns == "on",
    )  # fmt: skip
    source = sources.show(session.seat, name)
    costs = money((amount, code) for code, amount in sorted(source.costs.items()))
    if session.json:
        session.document(
            {
                "name": source.name,
                "limit_hours": source.limit_hours,
                "working_hours": source.working_hours,
                "returns": source.returns,
                "costs": costs,
            }
        )
        return
    spent = ", ".join(f"{cost['amount']} {cost['currency']}" for cost in costs) or "nothing"
    how = " working hours" if source.working_hours else " h"
    session.out(f"{source.name}: limit {source.limit_hours:g}{how}, cost {spent}")


@click.command("results", cls=Command, example="winnow results --from 2026-10-01 --to 2026-10-31 --report october.pdf")
@click.option("--from", "since", metavar="D", help="First day of capture, such as 2026-10-01.")
@click.option("--to", "until", metavar="D", help="Last day of capture.")
@click.option("--source", default="", metavar="S", help="Only this source.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf|.xlsx|.csv|.html",
    help="Write a report.",
)
@click.pass_obj
def results_command(session: Session, since: str | None, until: str | None, source: str, report: Path | None) -> None:
    """The figures of the inquiries captured in a period, followed to the end."""
    from app.cli.moments import day
    from app.services.results import results

    if report is not None and report.suffix.lower() not in {".pdf", ".xlsx", ".csv", ".html"}:
        raise click.BadParameter("a report ends in .pdf, .xlsx, .csv or .html.", param_hint="--report")
    seat = session.seat
    begin = day(seat, since, "--from") if since else None
    end = day(seat, until, "--to", after=True) if until else None
    before = (2 * begin - end, begin) if report is not None and begin is not None and end is not None else None
    found = results(seat, since=begin, until=end, source=source, compared=before)
    if report is not None:
        _write(session, found, report)
    if session.json:
        session.document(document(found))
        return
    _print(session, found)
    if report is not None:
        session.out(f"The report is in {report}.")


def document(found: Results) -> dict[str, Any]:
    """The results under the keys that scripts rely on."""
    return {
        **_figures(found.figures),
        "by_source": [
            {"source": each.source, "cost": _money(each.figures.cost), **_figures(each.figures)}
            for each in found.by_source
        ],
        "by_caller": [_caller(each) for each in found.by_caller],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    values = {name: getattr(figures, name) for name in FIGURES}
    return {name: _money(value) if name in MONEY else value for name, value in values.items()}


def _money(value: Any) -> list[dict[str, str]]:
    from app.cli.shapes import money

    return money(value)


def _caller(row: CallerFigures) -> dict[str, Any]:
    import msgspec

    made: dict[str, Any] = msgspec.to_builtins(row)
    return made


def _write(session: Session, found: Results, path: Path) -> None:
    from app.services.results.report_files import WRITERS

    home = session.seat
    if path.suffix.lower() == ".pdf":
        from app.services.results.report_page import as_html
        from app.ui.results.report_pdf import write_pdf

        write_pdf(as_html(home, found), path)
    else:
        WRITERS[path.suffix.lower()](home, found, path)


def _print(session: Session, found: Results) -> None:
    from app.cli.printing import safe, table
    from app.services.results import reporting

    for title, lines in reporting.sections(session.seat, found):
        session.out(safe(title))
        for name, value in lines:
            session.out(f"  {name:<32} {value}")
    for title, head, rows in reporting.tables(found):
        if rows:
            session.out(safe(title))
            for line in table(head, [[safe(cell) for cell in row] for row in rows], right=range(1, len(head))):
                session.out(f"  {line}")
