"""`winnow leads`, `review`, `close`, `assign` and `lead-rules`: what sales does with a lead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.calls import ANSWER, answers_of
from app.cli.commands import Command
from app.cli.session import Session
from app.models.entries import Verdict

if TYPE_CHECKING:
    from app.models.rows import SalesRow
    from app.services.sales.selling import Step
    from app.services.seat import Seat


@click.command("leads", cls=Command, example="winnow leads --json")
@click.option("--prospects", "group", flag_value="prospect", help="Who was accepted: by the next step, due ones first.")
@click.option("--closed", "group", flag_value="closed", help="Won and lost, the newest first.")
@click.option("--mine", is_flag=True, help="Only what is with me or on the common list.")
@click.pass_obj
def leads_command(session: Session, group: str | None, mine: bool) -> None:
    """What sales has to answer: over the limit first, then the highest score."""
    if group is not None:
        _show_taken_on(session, group, mine=mine)
        return
    from app.cli.shapes import lead_keys
    from app.services.sales import selling

    leads = selling.leads(session.seat)
    if mine:
        leads = [lead for lead in leads if lead.for_member in {"", session.seat.member}]
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


def _show_taken_on(session: Session, group: str, *, mine: bool) -> None:
    from app.cli.shapes import sales_keys
    from app.services.sales import leads

    wanted = leads.Group(group)
    page = leads.lead_page(session.seat, wanted, mine=mine)
    rows = list(page.rows)
    while page.next is not None:
        page = leads.lead_page(session.seat, wanted, page.next, mine=mine)
        rows += page.rows
    if session.json:
        session.document([sales_keys(row) for row in rows])
    elif rows:
        _print(session, rows)
    else:
        session.out("Sales has nobody here.")


def _print(session: Session, rows: list[SalesRow]) -> None:
    from app.cli.printing import Clock, safe, table
    from app.services.finding import short_ids

    short, clock = short_ids(session.seat, [row.id for row in rows]), Clock(session.seat)
    head = ("ID", "stage", "score", "name", "company", "with", "next step", "amount")
    lines = table(
        head,
        [
            (
                short[row.id], row.stage.value, str(row.score), safe(row.name), safe(row.company),
                safe(row.for_member),
                f"{clock.exact(row.planned_at)} {safe(row.planned_step)}" if row.planned_at else "",
                f"{row.amount} {row.currency}" if row.amount else "",
            )
            for row in rows
        ],
        right=(2,),
    )  # fmt: skip
    for line in lines:
        session.out(line)


@click.command(
    "review", cls=Command, example='winnow review 0199a3f2 prospect --next-step "Site visit" --at "tomorrow 10:00"'
)
@click.argument("id", metavar="ID")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]), metavar="VERDICT")
@ANSWER
@click.option("--reason", default="", help="Needed to return a lead.")
@click.option("--until", metavar="DATE", help="Nurture: when to wake; call-again: not before.")
@click.option("--next-step", default="", metavar="T", help="Prospect: what was agreed; needs --at.")
@click.option("--at", "when", metavar="TIME", help="Prospect: when: 2030-06-30T14:30, tomorrow 10:00, +2h.")
@click.option("--minutes", type=int, default=30, show_default=True, help="How long it takes.")
@click.option(
    "--ics", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.ics", help="Write it for a calendar."
)
@click.pass_obj
def review_command(
    session: Session, id: str, verdict: str, pairs: tuple[str, ...], reason: str, until: str | None, next_step: str,
    when: str | None, minutes: int, ics: Path | None,
) -> None:  # fmt: skip
    """The second look: accept, prospect, or return: nurture, call-again, discard."""
    from app.cli.moments import day
    from app.cli.shapes import show_inquiry
    from app.services.published import SECOND_LOOK, current_script
    from app.services.sales import selling

    seat, inquiry_id = session.seat, session.inquiry(id)
    step = _step(seat, next_step, when, minutes, verdict)
    if ics is not None and step is None:
        raise click.UsageError("--ics needs a next step.", click.get_current_context())
    selling.review(
        seat,
        inquiry_id,
        Verdict(verdict),
        answers=answers_of(current_script(seat.store, SECOND_LOOK), pairs),
        reason=reason,
        until=day(seat, until, "--until") if until else None,
        step=step,
    )
    if ics is not None:
        from app.services.sales.appointments import write_appointment

        session.say(f"The next step is in {write_appointment(seat, inquiry_id, ics)}.")
    show_inquiry(session, inquiry_id)


def _step(seat: Seat, text: str, when: str | None, minutes: int, verdict: str) -> Step | None:
    from app.cli.moments import moment
    from app.services.sales.selling import Step

    if bool(text) != bool(when):
        raise click.UsageError("--next-step and --at go together.", click.get_current_context())
    if not text or when is None:
        return None
    if verdict not in {"accept", "prospect"}:
        raise click.UsageError("A next step is agreed with a prospect.", click.get_current_context())
    return Step(text=text, at=moment(seat, when, "--at"), minutes=minutes)


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
    from app.services.sales import selling

    inquiry_id = session.inquiry(id)
    selling.close(session.seat, inquiry_id, won=end == "won", amount=amount, currency=currency, reason=reason)
    show_inquiry(session, inquiry_id)


@click.command("assign", cls=Command, example="winnow assign 0199a3f2 --to Tom")
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.option("--to", "member", required=True, metavar="MEMBER", help="Who answers; turn: whose turn it is; common.")
@click.pass_obj
def assign_command(session: Session, ids: tuple[str, ...], member: str) -> None:
    """Who in sales answers a lead: a member, by turn, or everybody."""
    from app.services.sales import assigning, leads

    seat = session.seat
    wanted = [session.inquiry(each) for each in ids]
    assigning.assign(seat, wanted, member)
    rows = leads.sales_rows(seat, [seat.ledger.survivor(each) for each in wanted])
    if session.json:
        from app.cli.shapes import sales_keys

        session.document([sales_keys(row) for row in rows])
        return
    _print(session, rows)


@click.command("lead-rules", cls=Command, example="winnow lead-rules rules.toml")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE.toml]")
@click.pass_obj
def lead_rules_command(session: Session, file: Path | None) -> None:
    """Who in sales gets which leads: shows the rules, or publishes those of a file."""
    from app.models.lead_rules import parse_lead_rules, to_toml
    from app.services.errors import EnvironmentFailed, Refused
    from app.services.sales import assigning

    if file is not None:
        try:
            rules = parse_lead_rules(file.read_text("utf-8"))
        except OSError as error:
            raise EnvironmentFailed(f"{file} cannot be read: {error.strerror}.") from error
        except ValueError as error:  # also what is no UTF-8
            raise Refused(f"{str(error)[:1].upper()}{str(error)[1:]}.", kept="Nothing was published.") from error
        assigning.publish_rules(session.seat, rules)
    current = assigning.current_rules(session.seat)
    if session.json:
        session.document(current.to_document() | {"version": current.version})
        return
    session.out(to_toml(current).rstrip("\n"))
