"""`winnow reassign`: the team lead's hand."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.seat import Seat


@click.command("reassign", cls=Command, example="winnow reassign 0199a3f2 0199a3f7 --to Marta")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--to", metavar="MEMBER", help="Who should call them.")
@click.option("--evenly", is_flag=True, help="Share them among everybody who works here.")
@click.option("--release", is_flag=True, help="Anybody may call them again.")
@click.option("--return-by", metavar="TIME", help="When they come back by themselves.")
@click.pass_obj
def reassign_command(
    session: Session, ids: tuple[str, ...], to: str | None, evenly: bool, release: bool, return_by: str | None
) -> None:
    """Say who should call whom: --to MEMBER, --evenly or --release."""
    from app.cli.moments import moment
    from app.services.desk import reassigning

    if (to is not None) + evenly + release != 1 or (to is not None and not to.strip()):
        raise click.UsageError("Give one of --to MEMBER, --evenly and --release.", click.get_current_context())
    seat = session.seat
    inquiries = [session.inquiry(text) for text in ids]
    until = moment(seat, return_by, "--return-by") if return_by else None
    if not release:
        _hear_of_the_team(seat)
    if evenly:
        _, moved = reassigning.reassign_evenly(seat, inquiries, until)
    else:
        _, moved = reassigning.reassign(seat, inquiries, to or "", until)
    if session.json:
        session.document({"moved": moved})
        return
    for member, count in sorted(moved.items()):
        session.out(f"{count} to {member}" if member else f"{count} released")


def _hear_of_the_team(seat: Seat) -> None:
    """Who belongs to it and who is there now; without the hub, what was heard last."""
    from app.services.team import hub, presence
    from app.services.team.link import HubUnreachable
    from app.services.team.membership import membership_of

    if membership_of(seat) is None:
        return
    with suppress(HubUnreachable), closing(hub.link_of(seat)) as link:
        presence.hear(seat, link)
