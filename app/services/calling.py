"""Calls: opening an inquiry, logging an attempt and its outcome, skipping."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.models.entries import Answer, Answers, Called, Id, Millis, Outcome, Person, Phone, Skipped
from app.models.inquiry import Inquiry, Stage
from app.models.limits import Limit
from app.models.retries import Cadence, next_try
from app.models.rows import QueueRow
from app.models.script import words_apart
from app.services import drafts, queue
from app.services.errors import Refused
from app.services.qualifying import given
from app.services.seat import Act, Changed, Seat
from app.services.sources import Limits
from app.services.store import projection
from app.services.store.keyed_hashes import texts_that_object

FINISHED = frozenset({Stage.DISCARDED, Stage.ERASED})
MISSED = frozenset({Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY})


class CallView(msgspec.Struct, frozen=True):
    """An inquiry opened for a call: what is known, what was drafted, and how it stands in the queue."""

    inquiry: Inquiry
    draft: drafts.Draft
    row: QueueRow
    limit: Limit
    calling_class: str

    @property
    def answers(self) -> Answers:
        """Everything answered so far, in earlier calls and in this one."""
        return given(self.inquiry, self.draft.answers)


def open_call(seat: Seat, inquiry_id: Id) -> CallView:
    """Everything that the call page shows of an inquiry.

    Raises:
        NotFound: there is none.
    """
    with seat.store.snapshot():
        inquiry = seat.inquiry(inquiry_id)
        row = queue.row(seat, inquiry.id)
        draft = drafts.read(seat, inquiry.id)
        limit = Limits(seat).of(inquiry.source)
        return CallView(inquiry, draft, row, limit, class_of(inquiry))


def class_of(inquiry: Inquiry, number: Phone | None = None) -> str:
    """The class of calling hours of a number of theirs; of the first valid one unless given."""
    return projection.class_of(inquiry, number or inquiry.number)


def log_call(
    seat: Seat,
    inquiry_id: Id,
    outcome: Outcome,
    *,
    answers: Mapping[str, Answer] | None = None,
    note: str = "",
    back_at: Millis | None = None,
    number: str = "",
    seconds: int = 0,
) -> Changed:
    """Log an attempt. Calls are facts: they are kept whatever the hour; "do not call" takes effect at once.

    Raises:
        Refused: the inquiry is discarded or erased, somebody else holds it, or a callback names no time to come.
        NotFound: there is none.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        _may_be_logged(seat, inquiry, outcome)
        append_call(act, inquiry, outcome, answers=answers, note=note, back_at=back_at, number=number, seconds=seconds)
        finish(act, inquiry)
        return act.changed()


def _may_be_logged(seat: Seat, inquiry: Inquiry, outcome: Outcome) -> None:
    if outcome is Outcome.DO_NOT_CALL and not inquiry.erased:
        return  # an objection waits for nobody: not for a colleague's claim, not for the end of a discard's undo time
    if inquiry.stage in FINISHED:
        raise Refused(f"This inquiry is {inquiry.stage.value}.", todo="Capture them anew if they ask again.")
    queue.refuse_if_taken(seat, inquiry.id)


def append_call(
    act: Act,
    inquiry: Inquiry,
    outcome: Outcome,
    *,
    answers: Mapping[str, Answer] | None = None,
    note: str = "",
    back_at: Millis | None = None,
    number: str = "",
    seconds: int = 0,
) -> str:
    """The entry of one attempt, with what was drafted; returns its id."""
    seat, now = act.seat, act.seat.now()
    if outcome is Outcome.CALLBACK and (back_at is None or back_at <= now):
        raise Refused("A callback needs a time to come.", todo="Say when they want to be called.")
    draft = drafts.read(seat, inquiry.id)
    called = number or draft.number or _number_of(inquiry)
    facts, words = words_apart(seat.script, {**draft.answers, **(answers or {})})
    body = Called(
        outcome=outcome,
        called_at=now,
        seconds=seconds or (max(0, now - draft.dialled_at) // 1000 if draft.dialled_at else 0),
        back_at=back_at if outcome is Outcome.CALLBACK else None,
        retry_at=_retry_at(seat, inquiry, outcome, called, now),
        attempts_allowed=seat.settings.whole("attempts"),
        answers=facts,
        script=seat.script.key if facts or words else "",
        script_version=seat.script.version if facts or words else 0,
        keys=_objecting_keys(seat, inquiry) if outcome is Outcome.DO_NOT_CALL else (),
    )
    person = Person(
        number=called or None, note=note or draft.note or None, words={key: str(value) for key, value in words.items()}
    )
    return act.append(inquiry.id, body, person, claim_no=queue.claim_no(seat, inquiry.subjects)).id


def _number_of(inquiry: Inquiry) -> str:
    if inquiry.number:
        return inquiry.number.e164
    return inquiry.phones[0].raw if inquiry.phones else ""


def _objecting_keys(seat: Seat, inquiry: Inquiry) -> tuple[str, ...]:
    return tuple(seat.ledger.ring.hash(text) for text in texts_that_object(inquiry))


def _retry_at(seat: Seat, inquiry: Inquiry, outcome: Outcome, called: str, now: Millis) -> Millis | None:
    """When the cadence allows the next try; after a wrong number at once, on the next number, if there is one."""
    if outcome is Outcome.WRONG_NUMBER:
        left = [phone for phone in inquiry.numbers if phone.e164 and phone.e164 != called]
        return now if left else None
    if outcome not in MISSED:
        return None
    cadence = msgspec.structs.replace(Cadence(), attempts=seat.settings.whole("attempts"))
    tries = [call.called_at for call in inquiry.calls[len(inquiry.calls) - inquiry.attempts :]] + [now]
    return next_try(cadence, outcome.value, tries, now, class_of(inquiry), seat.hours)


def finish(act: Act, inquiry: Inquiry) -> None:
    """The call is over: the draft is part of an entry now, and others may take the inquiry."""
    act.flush()
    drafts.forget(act.seat, inquiry.id)
    queue.let_go(act.seat, *inquiry.subjects)


def skip(seat: Seat, inquiry_id: Id, reason: str) -> Changed:
    """Not now: the inquiry keeps its place in the order of waiting, and is offered again after a while.

    Raises:
        Refused: no reason was given, or the inquiry does not wait.
    """
    if not reason.strip():
        raise Refused("Skipping needs a reason.")
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage is not Stage.WAITING:
            raise Refused(f"This inquiry does not wait: it is {inquiry.stage.value}.")
        queue.refuse_if_taken(seat, inquiry.id)
        until = seat.now() + seat.settings.whole("skip-minutes") * queue.MINUTE
        skipped = Skipped(until=until)
        act.append(inquiry.id, skipped, Person(reason=reason.strip()), claim_no=queue.claim_no(seat, inquiry.subjects))
        act.flush()
        queue.let_go(seat, *inquiry.subjects)
        return act.changed()
