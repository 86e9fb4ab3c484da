"""`winnow queue`, `winnow find`, `winnow next` and `winnow show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.models.rows import QueueRow

PAGE = 500


@click.command("queue", cls=Command, example="winnow queue --first 10 --json")
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.option("--all", "everybody", is_flag=True, help="Everybody who waits, with the reason why not now.")
@click.pass_obj
def queue_command(session: Session, first: int | None, everybody: bool) -> None:
    """Who may be called now: promised callbacks that are due, then the longest waiting."""
    from app.cli.shapes import show_rows
    from app.services import queue

    pages = queue.whole_page if everybody else queue.callable_page
    rows: list[QueueRow] = []
    place = None
    with session.seat.store.snapshot():
        while True:
            size = min(PAGE, first - len(rows)) if first else PAGE
            page = pages(session.seat, place, size)
            rows += page.rows
            place = page.next
            if place is None or (first and len(rows) >= first):
                break
    if not rows and not everybody and not session.json:
        opens = queue.counts(session.seat).next_opens_at
        from app.cli.printing import Clock

        when = f"; the next opens {Clock(session.seat).both(opens)}" if opens else ""
        show_rows(session, rows, none=f"Nobody can be called now{when}.")
        return
    show_rows(session, rows, none="Nobody waits.")


@click.command("find", cls=Command, example='winnow find "moss brightwater"')
@click.argument("text", nargs=-1, required=True, metavar="TEXT")
@click.option("--first", type=click.IntRange(1, 1000), default=50, show_default=True, metavar="N", help="At most N.")
@click.pass_obj
def find_command(session: Session, text: tuple[str, ...], first: int) -> None:
    """Anyone, by name, company, e-mail, place, part of a number, or id."""
    from app.cli.shapes import show_rows
    from app.services.finding import find

    show_rows(session, find(session.seat, " ".join(text), first), none="Nobody was found.")


@click.command("next", cls=Command, example="winnow next")
@click.pass_obj
def next_command(session: Session) -> None:
    """Claim the next inquiry, so that nobody else gets that person."""
    from app.cli.packs import hold_from_the_hub
    from app.cli.shapes import show_inquiry
    from app.services import queue

    hold_from_the_hub(session)
    show_inquiry(session, queue.claim_next(session.seat))


@click.command("show", cls=Command, example="winnow show 0199a3f2")
@click.argument("id", metavar="ID")
@click.pass_obj
def show_command(session: Session, id: str) -> None:
    """An inquiry and its history."""
    from app.cli.shapes import show_inquiry

    show_inquiry(session, session.inquiry(id))
