"""`winnow script` and `winnow scorecard`: show, check, try and publish."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.commands import Command, Group
from app.cli.session import Session

if TYPE_CHECKING:
    from app.models.proving import Proof
    from app.models.script import Question

FILE = click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))


@click.group("script", cls=Group, example="winnow script check my-script.toml")
def script_command() -> None:
    """The questions that callers ask."""


@click.group("scorecard", cls=Group, example="winnow scorecard try my-scorecard.toml")
def scorecard_command() -> None:
    """The points that answers and facts are worth."""


@script_command.command("show", cls=Command, example="winnow script show")
@FILE
@click.pass_obj
def script_show(session: Session, file: Path | None) -> None:
    """Questions and options with their keys: of FILE, else of the script that callers walk."""
    from app.services import agreeing

    script = session.seat.script if file is None else agreeing.script_in(session.seat, file, session.path)
    if session.json:
        session.document({**script.to_document(), "version": script.version})
        return
    session.out(f"{script.title} ({script.key}, version {script.version or 'not published'})")
    for question in script.questions:
        _question(session, question)


def _question(session: Session, question: Question) -> None:
    from app.cli.printing import safe

    optional = ", optional" if question.optional else ""
    looks_at = dict.fromkeys(check.question for check in question.show_when.checks())
    depends = f", depends on {', '.join(looks_at)}" if looks_at else ""
    session.out()
    session.out(f"{question.key} ({question.type.replace('_', ' ')}{optional}{depends}): {safe(question.ask)}")
    for option in question.choices:
        session.out(f"  {option.key:<14} {safe(option.label)}{' (discards)' if option.disqualifies else ''}")


@script_command.command("check", cls=Command, example="winnow script check my-script.toml")
@FILE
@click.pass_obj
def script_check(session: Session, file: Path | None) -> None:
    """Prove it: no dead end, no unreachable question, no broken reference; range of scores, bands in reach."""
    from app.services import agreeing

    _proof(session, agreeing.prove_script(session.seat, agreeing.script_in(session.seat, file, session.path)))


@script_command.command("publish", cls=Command, example="winnow script publish my-script.toml")
@FILE
@click.pass_obj
def script_publish(session: Session, file: Path | None) -> None:
    """Publish the next version; a script with an error is refused."""
    from app.services import agreeing

    script = agreeing.script_in(session.seat, file, session.path)
    _published(session, "script", script.key, agreeing.publish(session.seat, script))
    if not session.json and script.key != session.seat.settings["script"]:
        session.say(f"Callers walk {session.seat.settings['script']}; `winnow set script {script.key}` changes that.")


@scorecard_command.command("show", cls=Command, example="winnow scorecard show")
@FILE
@click.pass_obj
def scorecard_show(session: Session, file: Path | None) -> None:
    """Points and bands: of FILE, else of the scorecard that advises."""
    from app.cli.printing import safe
    from app.services import agreeing

    card = session.seat.scorecard if file is None else agreeing.scorecard_in(session.seat, file, session.path)
    if session.json:
        session.document({**card.to_document(), "version": card.version})
        return
    session.out(f"{card.title or card.key} ({card.key}, version {card.version or 'not published'})")
    session.out(f"sell from {card.bands.sell}, nurture from {card.bands.nurture}, below it discard")
    for rule in card.answers:
        session.out(rule.question)
        for line in rule.options:
            session.out(f"  {line.points:+4}  {line.key}")
        more = [(each.points, each.because) for each in rule.ranges] + [(d.points, d.because) for d in rule.dates]
        more += [(rule.answered.points, rule.answered.because)] if rule.answered else []
        for points, because in more:
            session.out(f"  {points:+4}  {safe(because)}")
    for fact in card.facts:
        session.out(f"  {fact.points:+4}  {safe(fact.because)}")


@scorecard_command.command("check", cls=Command, example="winnow scorecard check my-scorecard.toml")
@FILE
@click.pass_obj
def scorecard_check(session: Session, file: Path | None) -> None:
    """Prove it together with its script."""
    from app.services import agreeing

    _proof(session, agreeing.prove_scorecard(session.seat, agreeing.scorecard_in(session.seat, file, session.path)))


@scorecard_command.command("try", cls=Command, example="winnow scorecard try my-scorecard.toml")
@FILE
@click.pass_obj
def scorecard_try(session: Session, file: Path | None) -> None:
    """Score past calls again, and say what it would have advised differently."""
    from app.services import agreeing

    card = agreeing.scorecard_in(session.seat, file, session.path)
    trial = agreeing.try_scorecard(session.seat, card, session.progress("Calls"))
    if session.json:
        changes = [
            {
                "id": c.inquiry, "decided": c.decided.value, "before": c.before.value, "after": c.after.value,
                "points_before": c.points_before, "points": c.points,
            }
            for c in trial.changes
        ]  # fmt: skip
        session.document({"calls": trial.calls, "changes": changes})
        return
    session.out(f"{trial.calls} decided inquiries were scored again; {len(trial.changes)} would be advised otherwise.")
    for (before, after), count in sorted(Counter((c.before.value, c.after.value) for c in trial.changes).items()):
        session.out(f"  {count:>6}  {before} → {after}")


@scorecard_command.command("publish", cls=Command, example="winnow scorecard publish my-scorecard.toml")
@FILE
@click.pass_obj
def scorecard_publish(session: Session, file: Path | None) -> None:
    """Publish the next version; one with an error is refused."""
    from app.services import agreeing

    card = agreeing.scorecard_in(session.seat, file, session.path)
    _published(session, "scorecard", card.key, agreeing.publish(session.seat, card))


def _published(session: Session, what: str, key: str, version: int) -> None:
    if session.json:
        session.document({"what": what, "key": key, "version": version})
    else:
        session.out(f"The {what} {key} is published as version {version}.")


def _proof(session: Session, proof: Proof) -> None:
    from app.cli.printing import safe

    document: dict[str, Any] = {
        "sound": proof.sound,
        "complete": proof.complete,
        "findings": [
            {"severity": f.severity, "kind": f.kind, "sentence": f.sentence, "question": f.question or None}
            for f in proof.findings
        ],
        "lowest": proof.lowest.points if proof.lowest else None,
        "highest": proof.highest.points if proof.highest else None,
        "reached": [witness.advice.value for witness in proof.reached],
    }
    errors = [finding.sentence for finding in proof.findings if finding.severity == "error"]
    if errors:
        document["error"] = {"code": "not_sound", "sentence": " ".join(errors)}
    if session.json:
        session.document(document)
    else:
        for finding in proof.findings:
            session.out(f"{finding.severity}: {safe(finding.sentence)}")
        if proof.lowest and proof.highest:
            reached = ", ".join(document["reached"])
            session.out(f"Finished calls score {proof.lowest.points} to {proof.highest.points}: {reached}.")
        session.out("It can be published." if proof.sound else "It cannot be published.")
    if errors:
        click.get_current_context().exit(3)
