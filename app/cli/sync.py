"""`winnow sync`: share with the team, once or for as long as the command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.team.syncer import SyncState


@click.command("sync", cls=Command, example="winnow sync --once")
@click.option("--once", is_flag=True, help="One exchange, then the end.")
@click.pass_obj
def sync_command(session: Session, once: bool) -> None:
    """Hand in what is new here and read what colleagues did; without --once, until it is interrupted."""
    if once:
        _once(session)
    else:
        _for_good(session)


def _once(session: Session) -> None:
    from app.services import privacy
    from app.services.team import hub, presence, state
    from app.services.team.sync import sync_once
    from app.services.team.work import Work

    seat = session.seat
    link = hub.link_of(seat)
    work = Work(seat, alone=session.home.is_alone)
    seat.store.expect_much()
    try:
        report = sync_once(seat, link, session.progress("Shared"), work=work)
        presence.hear(seat, link, work=work)
    finally:
        seat.store.expect_little()
        link.close()
    privacy.wipe_if_erased(seat, report.changed)
    away, aside = state.turned_away(seat.store), state.set_aside(seat.store)
    if session.json:
        document: dict[str, Any] = {
            "pushed": report.pushed, "pulled": report.pulled, "seconds": report.seconds,
            "unshared": state.unshared(seat.store), "trouble": report.trouble or None,
            "turned_away": [{"entry": r.entry, "kind": r.kind, "why": r.why} for r in away],
            "set_aside": [{"entry": r.entry, "kind": r.kind, "why": r.why} for r in aside],
        }  # fmt: skip
        session.document(document)
        return
    session.out(f"{report.pushed} handed in, {report.pulled} new from the team, {report.seconds:.1f} s.")
    for refusal in away:
        session.out(f"Not taken by the hub: {refusal.kind} {refusal.entry[:12]}, {refusal.why}")
    for refusal in aside:
        session.out(f"Set aside: {refusal.kind} {refusal.entry[:12]}, {refusal.why}")
    if report.trouble:
        session.out(report.trouble)


def _for_good(session: Session) -> None:
    import signal
    import threading

    from app.services.team import hub
    from app.services.team.company import beside
    from app.services.team.membership import joined
    from app.services.team.syncer import Syncer

    seat, stop, said = session.seat, threading.Event(), [""]
    joined(seat)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def tell(state: SyncState) -> None:
        if state.sentence != said[0]:
            said[0] = state.sentence
            session.say(state.sentence)

    Syncer(seat, lambda: hub.link_of(seat), told=tell, beside=beside(claim=False)).run(stop)
