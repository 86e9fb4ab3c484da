"""`winnow erase`, `part` and `export`."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.commands import Command
from app.cli.session import Session
from app.models.inquiry import Stage

GONE = {Stage.DISCARDED, Stage.ERASED}


@click.command("erase", cls=Command, example="winnow erase 0199a3f2")
@click.argument("id", metavar="ID")
@click.pass_obj
def erase_command(session: Session, id: str) -> None:
    """Remove a person everywhere, at once; figures stay, and keyed hashes block a return."""
    from app.services import privacy

    erasure = privacy.erase(session.seat, session.inquiry(id))
    if session.json:
        session.document({"id": erasure.inquiry, "entries": erasure.entries, "sentences": list(erasure.sentences)})
        return
    for sentence in erasure.sentences:
        session.out(sentence)


@click.command("part", cls=Command, example="winnow part 0199a3f2")
@click.argument("id", metavar="ID")
@click.pass_obj
def part_command(session: Session, id: str) -> None:
    """Somebody whom the erasure of another hides is another person: back where they were (see `winnow doctor`)."""
    from app.services.desk import hidden

    inquiry = session.inquiry(id)
    changed = hidden.part(session.seat, inquiry)
    shown = sorted(i for i in changed.inquiries if not session.seat.ledger.is_hidden(i))
    if session.json:
        session.document({"parted": shown})
    else:
        session.out(f"Back where they were: {', '.join(shown)}.")


@click.command("export", cls=Command, example="winnow export nurture.csv --stage nurture")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.csv|.xlsx|.vcf")
@click.option(
    "--stage", metavar="S", help="Only this stage.", type=click.Choice([s.value for s in Stage if s not in GONE])
)
@click.option(
    "--mailing", metavar="TRACK", help="For the mailing tool: who waits on this track (`all`: on any) and agreed to it."
)
@click.option("--purpose", default="", metavar="P", help="With --mailing: another consent than the track's.")
@click.pass_obj
def export_command(session: Session, file: Path, stage: str | None, mailing: str | None, purpose: str) -> None:
    """Lists for other tools, safe to open in a spreadsheet; nobody discarded or erased is in them."""
    from app.services import exporting

    if mailing is not None:
        if stage:
            raise click.UsageError("--mailing is for who waits in nurture, and goes with no --stage.")
        _mailing(session, file, mailing, purpose)
        return
    if file.suffix.lower() not in exporting.KINDS:
        raise click.BadParameter(f"a list ends in {', '.join(exporting.KINDS)}.", param_hint="FILE")
    rows = exporting.export(session.seat, file, Stage(stage) if stage else None)
    if session.json:
        session.document({"rows": rows})
    else:
        session.out(f"{rows} rows are in {file}.")


def _mailing(session: Session, file: Path, track: str, purpose: str) -> None:
    """Only who agreed and did not object; how many are left out is said, and why."""
    from app.services.nurture import mailing_list, tracks
    from app.services.nurture.pages import Kind, List

    if file.suffix.lower() not in mailing_list.WRITERS:
        raise click.BadParameter(f"a mailing list ends in {', '.join(mailing_list.WRITERS)}.", param_hint="FILE")
    which = List(Kind.ALL) if track == "all" else List(Kind.TRACK, tracks.track(session.seat, track).key)
    made = mailing_list.write(session.seat, file, which, purpose)
    if session.json:
        session.document({"rows": made.rows, "purpose": made.purpose, "left_out": made.left_out})
        return
    session.out(f"{made.rows} rows are in {file}: who agreed to {made.purpose}.")
    if made.left:
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(made.left_out.items()))
        session.out(f"{made.left} are left out: {why}.")
