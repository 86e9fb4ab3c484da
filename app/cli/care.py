"""`winnow doctor`, `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.commands import Command
from app.cli.session import Session


@click.command("doctor", cls=Command, example="winnow doctor --rebuild")
@click.option("--rebuild", is_flag=True, help="Make all tables again from the ledger.")
@click.pass_obj
def doctor_command(session: Session, rebuild: bool) -> None:
    """Check file, schema, key, clock, ledger and fold; say what to do."""
    from app.services import doctor

    document: dict[str, Any] = {}
    if rebuild:
        document["rebuilt"] = session.as_it_is.rebuild(session.progress("Making tables again"))
    found = doctor.check(session.as_it_is.seat, session.progress("Entries checked"))
    ok = all(finding.level != "bad" for finding in found)
    if session.json:
        findings = [{"level": f.level, "sentence": f.sentence, "todo": f.todo or None} for f in found]
        session.document({"ok": ok, "findings": findings, **document})
        return
    if rebuild:
        session.out("All tables were made again from the ledger.")
    for finding in found:
        sign = {"fine": "  ok", "warning": "  !", "bad": "  BAD"}[finding.level]
        session.out(f"{sign:<6} {finding.sentence} {finding.todo}".rstrip())


@click.command("backup", cls=Command, example="winnow backup ~/winnow-2026-11-22.backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup_command(session: Session, file: Path) -> None:
    """One encrypted file of the whole home; to be deleted after 30 days."""
    from app.services.store import backup

    size = backup.write(session.seat.store, file, session.seat.now())
    if session.json:
        session.document({"file": str(file), "bytes": size, "days": backup.DAYS})
    else:
        session.out(f"{file} holds the home, encrypted; the same passphrase or recovery code opens it.")
        session.out(f"It can be restored for {backup.DAYS} days; delete it then.")


@click.command("restore", cls=Command, example="winnow restore ~/winnow-2026-11-22.backup --home ~/winnow")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore_command(session: Session, file: Path) -> None:
    """Put a backup into place; who was erased since stays erased. The home that is there is kept beside."""
    from app.cli.restoring import restore

    found = restore(session, file)
    if session.json:
        session.document(found)
        return
    session.out(f"{found['inquiries']} inquiries are back in {found['home']}.")
    if found["erased"]:
        session.out(f"{found['erased']} who were erased since the backup stay erased.")
    if found["kept"]:
        session.out(f"What was there before is in {found['kept']}.")
