"""`winnow leads`, `review` and `close`: what sales does with a lead."""

from __future__ import annotations

import click

from app.cli.calls import ANSWER, answers_of
from app.cli.commands import Command
from app.cli.session import Session
from app.models.entries import Verdict


@click.command("leads", cls=Command, example="winnow leads --json")
@click.pass_obj
def leads_command(session: Session) -> None:
    """What sales has to answer: over the limit first, then the highest score."""
    from app.cli.shapes import lead_keys
    from app.services import selling

    leads = selling.leads(session.seat)
    if session.json:
        session.document([lead_keys(lead) for lead in leads])
        return
    if not leads:
        session.out("Sales has answered every lead.")
        return
    from app.cli.printing import safe, span, table
    from app.services.finding import short_ids

    short = short_ids(session.seat, [lead.row.id for lead in leads])
    lines = table(
        ("ID", "score", "waits", "", "name", "company", "number", "for", "next step"),
        [
            (
                short[lead.row.id], str(lead.score), span(lead.waiting_ms), "over" if lead.over_limit else "",
                safe(lead.row.name), safe(lead.row.company), safe(lead.row.phone), safe(lead.for_member),
                safe(lead.next_step),
            )
            for lead in leads
        ],
        right=(1, 2),
    )  # fmt: skip
    for line in lines:
        session.out(line)


@click.command("review", cls=Command, example="winnow review 0199a3f2 accept")
@click.argument("id", metavar="ID")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]), metavar="VERDICT")
@ANSWER
@click.option("--reason", default="", help="Needed to return a lead.")
@click.option("--until", metavar="DATE", help="Nurture: when to wake; call-again: not before.")
@click.pass_obj
def review_command(
    session: Session, id: str, verdict: str, pairs: tuple[str, ...], reason: str, until: str | None
) -> None:
    """The second look: accept, prospect, or return: nurture, call-again, discard."""
    from app.cli.moments import day
    from app.cli.shapes import show_inquiry
    from app.services import selling
    from app.services.qualifying import SECOND_LOOK, current_script

    seat, inquiry_id = session.seat, session.inquiry(id)
    selling.review(
        seat,
        inquiry_id,
        Verdict(verdict),
        answers=answers_of(current_script(seat, SECOND_LOOK), pairs),
        reason=reason,
        until=day(seat, until, "--until") if until else None,
    )
    show_inquiry(session, inquiry_id)


@click.command("close", cls=Command, example="winnow close 0199a3f2 won --amount 12500 --currency EUR")
@click.argument("id", metavar="ID")
@click.argument("end", type=click.Choice(["won", "lost"]), metavar="won|lost")
@click.option("--amount", default="", metavar="N", help="Won: the amount, such as 12500 or 12500.50.")
@click.option("--currency", default="", metavar="C", help="Three letters; else the home's.")
@click.option("--reason", default="", help="Lost: why.")
@click.pass_obj
def close_command(session: Session, id: str, end: str, amount: str, currency: str, reason: str) -> None:
    """The sale: won with an amount, or lost with a reason."""
    from app.cli.shapes import show_inquiry
    from app.services import selling

    inquiry_id = session.inquiry(id)
    selling.close(session.seat, inquiry_id, won=end == "won", amount=amount, currency=currency, reason=reason)
    show_inquiry(session, inquiry_id)
