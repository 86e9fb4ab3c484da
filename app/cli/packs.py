"""`winnow pack`: inquiries to call without a network; and what `winnow next` asks of a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Group
from app.cli.session import Session

if TYPE_CHECKING:
    from app.models.entries import Id


@click.group("pack", cls=Group, example="winnow pack take 40 --days 3")
def pack_command() -> None:
    """Inquiries that this computer holds for days, to be called at a fair or on the way."""


@pack_command.command("take", example="winnow pack take 40 --days 3")
@click.argument("count", metavar="N", type=click.IntRange(1, 500))
@click.option("--days", type=click.FloatRange(0, 14, min_open=True), required=True, metavar="D", help="At most 14.")
@click.pass_obj
def take_command(session: Session, count: int, days: float) -> None:
    """Hold N inquiries for D days: your own promised callbacks, then the longest waiting."""
    from app.services import privacy
    from app.services.team import hub, packs
    from app.services.team.sync import sync_once

    seat = session.seat
    link = hub.link_of(seat)
    try:
        report = sync_once(seat, link, session.progress("Shared"))
        taken = packs.take(seat, link, count, days)
    finally:
        link.close()
    privacy.wipe_if_erased(seat, report.changed)
    if not taken:
        _answer(session, taken, "Nobody is free to be taken.")
        return
    until = max(until for inquiry, until in packs.held(seat) if inquiry in set(taken))
    from app.cli.printing import Clock

    _answer(session, taken, f"{len(taken)} taken, until {Clock(seat).both(until)}. Give them back when you return.")


@pack_command.command("give-back", example="winnow pack give-back")
@click.pass_obj
def give_back_command(session: Session) -> None:
    """Hand in what happened, and let others call the rest; without the hub it is told later."""
    from app.services.team import hub, packs
    from app.services.team.link import HubUnreachable
    from app.services.team.sync import sync_once

    seat = session.seat
    link = hub.link_of(seat)
    try:
        sync_once(seat, link, session.progress("Shared"))
        given = packs.give_back(seat, link)
    except HubUnreachable as error:
        given = packs.give_back(seat)
        session.say(f"{error.sentence} The hub is told when it can be reached.")
    finally:
        link.close()
    _answer(session, given, f"{len(given)} given back.")


def _answer(session: Session, inquiries: list[Id], sentence: str) -> None:
    if session.json:
        document: dict[str, Any] = {"inquiries": len(inquiries)}
        session.document(document)
    else:
        session.out(sentence)


def hold_from_the_hub(session: Session) -> None:
    """In a team whoever is next comes from the hub; without it, from what this computer holds already.

    Raises:
        HubRefused: this member is not let in, or claims nobody.
    """
    from app.services import privacy, queue
    from app.services.team import claims, hub
    from app.services.team.link import HubUnreachable
    from app.services.team.sync import sync_once

    seat = session.seat
    if not queue.in_team(seat):
        return
    link = hub.link_of(seat)
    try:
        report = sync_once(seat, link, session.progress("Shared"))
        privacy.wipe_if_erased(seat, report.changed)
        claims.keep(seat, link)
        claims.top_up(seat, link, want=1 if claims.needs_another(seat) else 0)
    except HubUnreachable as error:
        session.say(error.sentence)
    finally:
        link.close()
