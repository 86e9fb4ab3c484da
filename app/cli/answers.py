"""`winnow answers`: what became of leads, from a list of the system in which sales works."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.commands import Command
from app.cli.session import Session


@click.command("answers", cls=Command, example="winnow answers deals.csv --dry-run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Read a field from this column.")
@click.option("--means", "meanings", multiple=True, metavar="WORD=OUTCOME", help='Such as "Signed=won".')
@click.option(
    "--rejected", type=click.Choice(["nurture", "call-again", "discard"]), default="nurture", show_default=True,
    help="What becomes of a lead that sales rejected.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def answers_command(
    session: Session, file: Path, pairs: tuple[str, ...], meanings: tuple[str, ...], rejected: str, dry_run: bool
) -> None:
    """Take in what became of leads: won, lost, rejected, accepted; CSV or XLSX, rows named by id, e-mail or number."""
    from app.services.sales import answers_back

    mapping = dict(_pair(text, "--map") for text in pairs)
    words = dict(_pair(text, "--means") for text in meanings)
    done = answers_back.rehearse(session.seat, file, mapping=mapping, meanings=words)
    if not dry_run:
        done, _ = answers_back.take(session.seat, done, returned=rejected)
    refused = done.refused
    document = {
        "read": len(done.rows),
        "won": done.count("won"),
        "lost": done.count("lost"),
        "rejected": done.count("rejected"),
        "accepted": done.count("accepted"),
        "prospects": done.count("prospect"),
        "unchanged": sum(row.known and not row.why for row in done.rows),
        "refused": len(refused),
        "reasons": [{"row": row.line, "reason": row.why} for row in refused],
        "mapping": done.mapping,
        "dry_run": dry_run,
    }
    all_refused = bool(refused) and len(refused) == len(done.rows)
    if all_refused:
        document["error"] = {"code": "all_refused", "sentence": "Every row was refused; nothing was changed."}
    if session.json:
        session.document(document)
    else:
        start = "Would change" if dry_run else "Changed"
        session.out(
            f"{start}: {document['won']} won, {document['lost']} lost, {document['rejected']} rejected, "
            f"{document['accepted']} accepted, {document['prospects']} prospects; {document['unchanged']} unchanged, "
            f"{len(refused)} refused."
        )
        for row in refused[:50]:
            session.out(f"  row {row.line}: {row.why}")
        if any(row.why.endswith(answers_back.NOT_KNOWN) for row in refused):
            session.out('Say what such a word means: --means "Signed=won".')
    if all_refused:
        click.get_current_context().exit(3)


def _pair(text: str, option: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint=option)
    return key.strip(), value.strip()
