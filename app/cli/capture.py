"""`winnow import`, `winnow capture` and `winnow edit`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from app.cli.commands import Command
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.import_terms import FileReport, ImportOptions, ImportReport

F = TypeVar("F", bound=Callable[..., Any])

FATES = ("created", "updated", "merged", "skipped", "refused")
CAPTURED = ("first_name", "last_name", "company", "title", "phone", "email", "country")
EDITED = (*CAPTURED, "state", "city", "street", "postal_code", "website")
SHOWN = 20  # reasons, for people


def _fields(names: tuple[str, ...]) -> Callable[[F], F]:
    """An option for each field of a person."""

    def decorate(command: F) -> F:
        for name in reversed(names):
            several = " Several are separated by a comma." if name in {"phone", "email"} else ""
            words = {"phone": "Number", "email": "E-mail"}.get(name, name.replace("_", " ").capitalize())
            command = click.option(f"--{name.replace('_', '-')}", name, help=f"{words}.{several}")(command)
        return command

    return decorate


@click.command(
    "capture", cls=Command,
    example='winnow capture --first-name Ada --last-name Moss --phone "+1 202 555 0143" --source "Web form"',
)  # fmt: skip
@_fields(CAPTURED)
@click.option("--source", default="", help="Where the inquiry comes from.")
@click.option("--note", default="", help="What they asked for.")
@click.option("--consent", is_flag=True, help="They agreed to be contacted.")
@click.pass_obj
def capture_command(session: Session, /, source: str, note: str, consent: bool, **fields: str | None) -> None:
    """Take one inquiry in; somebody known is updated instead of entering twice."""
    from app.cli.shapes import show_inquiry
    from app.services import capture

    given = {name: value for name, value in fields.items() if value is not None}
    form = capture.CaptureForm(**given, source=source, request=note, consent=consent)
    result = capture.capture(session.seat, form, how="terminal")
    if result.sentence and not session.json:
        session.say(result.sentence)
    show_inquiry(session, result.inquiry_id)


@click.command("edit", cls=Command, example='winnow edit 0199a3f2 --phone "+44 20 7946 0018" --title "Head of IT"')
@click.argument("id", metavar="ID")
@_fields(EDITED)
@click.pass_obj
def edit_command(session: Session, /, id: str, **fields: str | None) -> None:
    """Correct a person; an import does not overwrite what a hand corrected."""
    from app.cli.shapes import show_inquiry
    from app.services import capture

    given = {name: value for name, value in fields.items() if value is not None}
    if not given:
        raise click.UsageError("Name at least one field to correct.", click.get_current_context())
    inquiry_id = session.inquiry(id)
    capture.edit(session.seat, inquiry_id, given)
    show_inquiry(session, inquiry_id)


@click.command("import", cls=Command, example='winnow import fair.csv --source "Hannover fair" --region DE --dry-run')
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="Where these inquiries come from.")
@click.option("--region", default="", metavar="CC", help="Country of numbers that name none; else the home's.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Read a field from this column.")
@click.option(
    "--on-match", type=click.Choice(["update", "skip"]), default="update", show_default=True, help="Somebody known."
)
@click.option("--as-new", is_flag=True, help="Every row enters as somebody new.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.pass_obj
def import_command(
    session: Session, files: tuple[Path, ...], source: str, region: str, pairs: tuple[str, ...], on_match: Any,
    as_new: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Take in lists: CSV, TSV, XLSX, vCard. Columns are recognised by their names and by what they hold."""
    from app.services.import_terms import ImportOptions

    options = ImportOptions(
        source=source, region=_region(region), mapping=_mapping(pairs), on_match=on_match, as_new=as_new,
        dry_run=dry_run,
    )  # fmt: skip
    document, report = _imported(session, list(files), options)
    all_refused = document["read"] > 0 and document["read"] == document["refused"]
    if all_refused:
        document["error"] = {"code": "all_refused", "sentence": "Every row was refused; nothing was changed."}
    if session.json:
        session.document(document)
    else:
        _print(session, document, report, dry_run)
    if all_refused or any("error" in file for file in document["files"]):
        click.get_current_context().exit(3 if all_refused or not report.files else 0)


def _region(text: str) -> str:
    if not text:
        return ""
    from app.models.places import country_of

    code = country_of(text)
    if not code:
        raise click.BadParameter(f"{text!r} is no country; use two letters such as DE.", param_hint="--region")
    return code


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip():
            raise click.BadParameter(f"{pair!r} is not FIELD=COLUMN.", param_hint="--map")
        mapping[field.strip().replace("-", "_")] = column.strip()
    return mapping


def _imported(session: Session, files: list[Path], options: ImportOptions) -> tuple[dict[str, Any], ImportReport]:
    """One import of all files that are lists; of several, the others are told and do not stop the rest."""
    from app.services.errors import ServiceError
    from app.services.importing import import_files
    from app.services.reading import open_source

    seat, refused = session.seat, []
    if len(files) > 1:
        for path in list(files):
            try:
                open_source(path, region=options.region or seat.settings["region"])
            except ServiceError as error:
                files.remove(path)
                refused.append(_no_list(path, error))
    show = session.progress("Rows")
    try:
        report = import_files(seat, files, options, lambda step: show(step.rows, 0), alone=session.home.is_alone)
    except KeyboardInterrupt:
        raise click.Abort(_cut_off(options)) from None
    if refused and not files:
        raise ServiceError(" ".join(each["error"]["sentence"] for each in refused))
    made = [_file(each) for each in report.files] + refused
    sums = {name: sum(file[name] for file in made) for name in ("read", *FATES)}
    return {"files": made, **sums, "seconds": report.seconds}, report


def _cut_off(options: ImportOptions) -> str:
    if options.dry_run:
        return "Interrupted. Nothing was changed."
    return "Interrupted. What was read before is in; the same list again takes in the rest, and nothing twice."


def _no_list(path: Path, error: Any) -> dict[str, Any]:
    return {
        "file": str(path), "read": 0, **dict.fromkeys(FATES, 0), "reasons": [{"row": None, "reason": str(error)}],
        "mapping": {}, "encoding": None, "delimiter": None, "error": {"code": error.code, "sentence": str(error)},
    }  # fmt: skip


def _file(report: FileReport) -> dict[str, Any]:
    from app.services.import_terms import Fate

    return {
        "file": report.file,
        "read": report.read,
        "created": report.counts[Fate.NEW],
        "updated": report.counts[Fate.UPDATED],
        "merged": report.counts[Fate.MERGED],
        "skipped": report.counts[Fate.SKIPPED],
        "refused": report.counts[Fate.REFUSED],
        "reasons": [{"row": row, "reason": reason} for row, reason in report.reasons],
        "mapping": report.mapping,
        "encoding": report.encoding or None,
        "delimiter": report.delimiter or None,
    }


def _print(session: Session, document: dict[str, Any], report: ImportReport, dry_run: bool) -> None:
    from app.cli.printing import safe, table

    rows = [(safe(Path(f["file"]).name), str(f["read"]), *(str(f[name]) for name in FATES)) for f in document["files"]]
    if len(rows) > 1:
        rows.append(("all", str(document["read"]), *(str(document[name]) for name in FATES)))
    for line in table(("file", "read", *FATES), rows, right=range(1, 7)):
        session.out(line)
    for file in document["files"]:
        session.out()
        session.out(safe(file["file"]))
        for field, column in file["mapping"].items():
            session.out(f"  {field:<14} {safe(str(column))}")
        if not file["read"] and not file["reasons"]:
            session.out("  no rows below the names of the columns")
        for reason in file["reasons"][:SHOWN]:
            where = f"row {reason['row']}: " if reason["row"] is not None else ""
            session.out(f"  {where}{safe(reason['reason'])}")
        if len(file["reasons"]) > SHOWN:
            session.out(f"  … and {len(file['reasons']) - SHOWN} more")
    session.out()
    session.out("Nothing was changed: this was a dry run." if dry_run else f"Done in {report.seconds:.1f} s.")
