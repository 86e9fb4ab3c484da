"""`winnow courier`: delivers leads to the channels, once or for as long as it runs."""

from __future__ import annotations

import signal
import threading

import click

from app.cli.commands import Command
from app.cli.session import Session

LOOK_SECONDS = 2.0


@click.command("courier", cls=Command, example="winnow courier --once --json")
@click.option("--once", is_flag=True, help="Deliver what is due, then end.")
@click.pass_obj
def courier_command(session: Session, once: bool) -> None:
    """Deliver sells and nurtures to the channels; with a team, one courier delivers each."""
    from app.services.team import courier
    from app.services.team.postgres_deliveries import leases_of

    seat = session.seat
    if once:
        with leases_of(seat) as hub:
            tally = courier.deliver_due(seat, hub=hub)
        if session.json:
            session.document({"delivered": tally.delivered, "failed": tally.failed, "waiting": tally.waiting})
        else:
            session.out(f"{tally.delivered} delivered, {tally.failed} given up, {tally.waiting} waiting")
        return
    _go_on(session)


def _go_on(session: Session) -> None:
    """Until the system or somebody ends it; a hub that cannot be reached is tried again at the next look."""
    from app.services.errors import EnvironmentFailed
    from app.services.team import courier
    from app.services.team.channels.wire import Wire
    from app.services.team.postgres_deliveries import leases_of

    seat, ended = session.seat, threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    session.say("Delivering; Ctrl+C ends it.")
    delivered, failed, said, seen = 0, 0, "", -1
    with Wire() as wire:
        while not ended.is_set():
            try:
                with leases_of(seat) as hub:
                    tally = courier.deliver_due(seat, hub=hub, wire=wire, stop=ended.is_set)
                delivered, failed, said = delivered + tally.delivered, failed + tally.failed, ""
                if tally.delivered or tally.failed or (tally.waiting != seen and seen >= 0):
                    session.say(f"{tally.delivered} delivered, {tally.failed} given up, {tally.waiting} waiting")
                seen = tally.waiting
            except EnvironmentFailed as error:
                if str(error) != said:
                    session.say(str(error))
                said = str(error)
            ended.wait(LOOK_SECONDS)
    if session.json:
        session.document({"delivered": delivered, "failed": failed, "waiting": max(seen, 0)})
