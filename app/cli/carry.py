"""`winnow carry`: entries on a stick, where no network reaches."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.cli.commands import Command, Group
from app.cli.session import Session

PASSPHRASE = "WINNOW_BUNDLE_PASSPHRASE"


@click.group("carry", cls=Group, example="winnow carry out /media/stick/fair.bundle")
def carry_command() -> None:
    """Entries on a stick, sealed: the team's key, else WINNOW_BUNDLE_PASSPHRASE, opens them."""


@carry_command.command("out", cls=Command, example="winnow carry out /media/stick/fair.bundle")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def out_command(session: Session, file: Path) -> None:
    """Write what no hub has yet into one sealed file; it stays here too."""
    from app.services import carrying

    count = carrying.carry_out(session.seat, file, os.environ.get(PASSPHRASE, ""))
    if session.json:
        session.document({"entries": count})
    else:
        session.out(f"{count:,} entries in {file}. Whoever has the file and its key can read them: carry it with care.")


@carry_command.command("in", cls=Command, example="winnow carry in /media/stick/fair.bundle")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.pass_obj
def in_command(session: Session, file: Path) -> None:
    """Take in what somebody carried here; taking it twice changes nothing."""
    from app.services import carrying

    words, told = os.environ.get(PASSPHRASE, ""), session.progress("Entries taken in")
    carried = carrying.carry_in(session.seat, file, words, progress=told)
    if session.json:
        session.document({"entries": carried.entries})
    else:
        session.out("; ".join(carrying.in_words(carried)) + ".")
