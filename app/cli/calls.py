"""`winnow call`, `skip`, `dispose`, `undo`, `object` and `lift`."""

from __future__ import annotations

import click

from app.cli.commands import Command
from app.cli.session import Session
from app.models.entries import Answers, Disposition, Outcome
from app.models.script import Script
from app.services.errors import Refused

ANSWER = click.option(
    "--answer", "pairs", multiple=True, metavar="Q=O", help="An answer: question=option, by key or in words."
)


class AnswerRefused(Refused):
    """An answer does not fit the script."""

    code = "answer_refused"


def answers_of(script: Script, pairs: tuple[str, ...]) -> Answers:
    """The answers on the command line.

    Raises:
        AnswerRefused: a question or option is not in the script.
    """
    from app.models.answering import AnswerError, parse_answers

    try:
        return parse_answers(script, pairs)
    except AnswerError as error:
        raise AnswerRefused(str(error), kept="Nothing was changed.") from error


@click.command("call", cls=Command, example='winnow call 0199a3f2 callback --back-at "tomorrow 9:30"')
@click.argument("id", metavar="ID")
@click.argument("outcome", type=click.Choice([outcome.value for outcome in Outcome]), metavar="OUTCOME")
@ANSWER
@click.option("--note", default="", help="What was said.")
@click.option("--back-at", metavar="TIME", help="When they want to be called: 2030-06-30T14:30, 14:30, +2h.")
@click.option("--number", default="", help="Which of their numbers was called.")
@click.pass_obj
def call_command(
    session: Session, id: str, outcome: str, pairs: tuple[str, ...], note: str, back_at: str | None, number: str
) -> None:
    """Log an attempt: reached, no-answer, voicemail, busy, callback, wrong-number or do-not-call."""
    from app.cli.moments import moment
    from app.cli.shapes import show_inquiry
    from app.services import calling

    how = Outcome(outcome)
    if how is Outcome.CALLBACK and back_at is None:
        raise click.UsageError("A callback needs --back-at TIME.", click.get_current_context())
    seat, inquiry_id = session.seat, session.inquiry(id)
    at = moment(seat, back_at, "--back-at") if back_at else None
    calling.log_call(
        seat, inquiry_id, how, answers=answers_of(seat.script, pairs), note=note, back_at=at, number=number.strip()
    )
    show_inquiry(session, inquiry_id)


@click.command("skip", cls=Command, example='winnow skip 0199a3f2 --reason "asks for somebody who speaks Polish"')
@click.argument("id", metavar="ID")
@click.option("--reason", required=True, help="Why not now.")
@click.pass_obj
def skip_command(session: Session, id: str, reason: str) -> None:
    """Not now: the inquiry comes back after a while, in its old place."""
    from app.cli.shapes import show_inquiry
    from app.services import calling

    inquiry_id = session.inquiry(id)
    calling.skip(session.seat, inquiry_id, reason)
    show_inquiry(session, inquiry_id)


@click.command(
    "dispose", cls=Command,
    example='winnow dispose 0199a3f2 sell --answer budget=approved --next-step "demo on Thursday"',
)  # fmt: skip
@click.argument("id", metavar="ID")
@click.argument("disposition", type=click.Choice([each.value for each in Disposition]), metavar="sell|nurture|discard")
@ANSWER
@click.option("--reason", default="", help="Needed where the decision differs from the score's advice.")
@click.option("--note", default="", help="What was said.")
@click.option("--until", metavar="DATE", help="Nurture: when to wake.")
@click.option("--track", default="", help="Nurture: which track; without a date, it wakes by its rule.")
@click.option("--next-step", default="", help="Sell: what was promised.")
@click.option("--for", "for_member", default="", metavar="MEMBER", help="Sell: for whom in sales.")
@click.pass_obj
def dispose_command(
    session: Session, id: str, disposition: str, pairs: tuple[str, ...], reason: str, note: str, until: str | None,
    track: str, next_step: str, for_member: str,
) -> None:  # fmt: skip
    """Decide: to sales at once, to marketing until a date, or away with it. A sell implies that they were reached."""
    from app.cli.moments import day
    from app.cli.shapes import show_inquiry
    from app.services import handoff
    from app.services.nurture import tracks

    seat, inquiry_id = session.seat, session.inquiry(id)
    choice = handoff.Choice(
        answers=answers_of(seat.script, pairs),
        reason=reason,
        note=note,
        until=day(seat, until, "--until") if until else None,
        track=tracks.track(seat, track).key if track else "",
        next_step=next_step,
        for_member=for_member,
    )
    handoff.dispose(seat, inquiry_id, Disposition(disposition), choice)
    show_inquiry(session, inquiry_id)


@click.command("undo", cls=Command, example="winnow undo")
@click.pass_obj
def undo_command(session: Session) -> None:
    """Take back your last action, within the undo time; never an objection."""
    from app.cli.shapes import show_inquiry
    from app.services import handoff

    show_inquiry(session, handoff.undo(session.seat).inquiry)


@click.command("object", cls=Command, example="winnow object 0199a3f2")
@click.argument("id", metavar="ID")
@click.pass_obj
def object_command(session: Session, id: str) -> None:
    """Keep that somebody wrote, or told a colleague, that they want no calls: at once, until it is lifted."""
    from app.cli.shapes import show_inquiry
    from app.services import privacy

    inquiry_id = session.inquiry(id)
    privacy.object_to_calls(session.seat, inquiry_id)
    show_inquiry(session, inquiry_id)


@click.command("lift", cls=Command, example='winnow lift 0199a3f2 --reason "wrote on 3 June that we may call again"')
@click.argument("id", metavar="ID")
@click.option("--reason", required=True, help="Why they may be called again; it is recorded.")
@click.pass_obj
def lift_command(session: Session, id: str, reason: str) -> None:
    """End an objection, as a recorded act."""
    from app.cli.shapes import show_inquiry
    from app.services import privacy

    inquiry_id = session.inquiry(id)
    privacy.lift(session.seat, inquiry_id, reason)
    show_inquiry(session, inquiry_id)
