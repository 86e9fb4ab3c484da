"""`winnow shift`: Winnow works its queue by itself, through the real pages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app import bootstrap
from app.cli.commands import Command
from app.cli.session import Session


@click.command("shift", cls=Command, example="winnow shift --calls 6 --screens screens")
@click.option("--calls", type=click.IntRange(1, 1000), default=6, show_default=True, metavar="N", help="How many.")
@click.option(
    "--screens", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Keep a picture of each page."
)
@click.pass_obj
def shift_command(session: Session, calls: int, screens: Path | None) -> None:
    """Work the queue by itself through the real pages, by key presses.

    Without --home: in a throw-away home with made-up inquiries.
    """
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if session.given is None and not os.environ.get("WINNOW_HOME"):
        from app.services import demo

        session.use(bootstrap.throw_away())
        demo.fill(session.seat)
    from app.ui import shift

    done = shift.run(session.home, calls, screens)
    if session.json:
        session.document(done)
        return
    session.out(
        f"{done['calls']} calls: {done['sell']} sell, {done['nurture']} nurture, {done['discard']} discard. "
        f"{len(done['screens'])} pictures."
    )
