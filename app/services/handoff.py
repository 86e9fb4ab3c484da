"""Sell, nurture or discard: one decision in one transaction, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.models.entries import (
    Answer,
    Called,
    Disposed,
    Disposition,
    Id,
    Millis,
    Outcome,
    Person,
    Reassigned,
    Rescheduled,
    Undone,
    Woken,
)
from app.models.entry import Entry
from app.models.inquiry import Inquiry, Stage
from app.models.scorecard import Score
from app.models.script import words_apart
from app.services import drafts, privacy, queue
from app.services.calling import append_call, finish
from app.services.desk import reassigning
from app.services.errors import ReasonNeeded, Refused
from app.services.nurture import tracks, waking
from app.services.qualifying import given, score_of
from app.services.sales.assigning import member_for
from app.services.seat import Act, Changed, Seat
from app.services.store.keyed_hashes import texts_that_return

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
CANNOT = {
    Stage.DISCARDED: "This inquiry is discarded already.",
    Stage.ERASED: "This person is erased.",
    Stage.ACCEPTED: "Sales has accepted this lead: the second look decides now.",
    Stage.PROSPECT: "This is a prospect of sales: the second look decides now.",
    Stage.WON: "This sale is closed.",
    Stage.LOST: "This sale is closed.",
}
UNDOABLE = frozenset({
    "called", "skipped", "disposed", "reviewed", "closed", "reassigned", "corrected", "settled", "rescheduled", "woken",
    "consented",
})  # fmt: skip
OBJECTION = "An objection is never taken back by undo; lift it with a reason."


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a decision."""

    answers: dict[str, Answer] = {}
    reason: str = ""  # needed where the decision differs from the advice
    note: str = ""
    until: Millis | None = None  # nurture: when to wake
    track: str = ""
    next_step: str = ""  # sell: what was promised
    for_member: str = ""  # sell: for whom in sales
    reached: bool = False  # somebody was spoken to; a sell and answers imply it


def dispose(seat: Seat, inquiry_id: Id, disposition: Disposition, choice: Choice | None = None) -> Changed:
    """Decide on an inquiry: to sales at once, to marketing until a date, or away with it.

    Raises:
        ReasonNeeded: the decision differs from the score's advice and no reason was given.
        Refused: it is decided for good, somebody else holds it, or they asked not to be called.
        NotFound: there is none.
    """
    choice = choice or Choice()
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        _may_be_decided(seat, inquiry, disposition)
        draft = drafts.read(seat, inquiry.id)
        said = {**draft.answers, **choice.answers}
        score = score_of(seat, inquiry, given(inquiry, said), outlook=False)
        if disposition is not score.advice and not choice.reason.strip():
            raise ReasonNeeded(
                f"The score advises to {score.advice.value} ({score.points} of 100).",
                kept="Nothing was decided.",
                todo=f"Give a reason to {disposition.value} all the same.",
            )
        entry = _append(act, inquiry, disposition, choice, score, said, draft.note)
        finish(act, inquiry)
        if entry.erase_at is not None and entry.erase_at <= seat.now():
            privacy.complete_discard(act, inquiry.id)
        changed = act.changed()
    privacy.wipe_if_erased(seat, changed)
    return changed


def _may_be_decided(seat: Seat, inquiry: Inquiry, disposition: Disposition) -> None:
    if inquiry.stage in CANNOT:
        raise Refused(CANNOT[inquiry.stage], kept="Nothing was changed.")
    if inquiry.objections and disposition is not Disposition.DISCARD:
        raise Refused(
            "They asked not to be called, so nobody can follow up.", todo="Discard them, or lift the objection."
        )
    queue.refuse_if_taken(seat, inquiry.id)


def _append(
    act: Act, inquiry: Inquiry, disposition: Disposition, choice: Choice, score: Score, said: Mapping[str, Answer],
    note: str,
) -> Disposed:  # fmt: skip
    seat, now = act.seat, act.seat.now()
    spoke = choice.reached or bool(said) or disposition is Disposition.SELL
    call = ""
    if spoke:
        call = append_call(act, inquiry, Outcome.REACHED, answers=choice.answers, note=choice.note)
    facts, words = words_apart(seat.script, said)
    discards = disposition is Disposition.DISCARD
    body = Disposed(
        disposition=disposition,
        decided_at=now,
        score=score.points,
        advice=score.advice,
        answers=facts,
        script=seat.script.key,
        script_version=seat.script.version,
        scorecard_version=seat.scorecard.version,
        until=_until(seat, choice) if disposition is Disposition.NURTURE else None,
        track=choice.track if disposition is Disposition.NURTURE else "",
        for_member=_for_member(seat, inquiry, choice, score) if disposition is Disposition.SELL else "",
        call=call,
        erase_at=now + seat.settings.whole("undo-minutes") * MINUTE if discards else None,
        keys=tuple(seat.ledger.ring.hash(text) for text in texts_that_return(inquiry)) if discards else (),
    )
    person = Person(
        reason=choice.reason.strip() or None,
        note=choice.note or note or None,
        next_step=choice.next_step.strip() or None,
        words={key: str(value) for key, value in words.items()},
    )
    act.append(inquiry.id, body, person, claim_no=queue.claim_no(seat, inquiry.subjects))
    return body


def _for_member(seat: Seat, inquiry: Inquiry, choice: Choice, score: Score) -> str:
    """Whom the caller named, else whom the rules of sales name; a lead of nobody is everybody's in sales."""
    return choice.for_member or member_for(seat, inquiry, score.points)


def _until(seat: Seat, choice: Choice) -> Millis | None:
    """The day that was said, else that of the track's own rule."""
    if choice.until is not None and choice.until <= seat.now():
        raise Refused("A nurtured inquiry wakes on a day to come.", todo="Choose a later date.")
    return choice.until or tracks.wakes(seat, choice.track)


# the way back


def undo(seat: Seat) -> Changed:
    """Take back this member's last action within the undo time, and bring the draft back.

    Inquiries that were reassigned, woken or put off in one stroke are all taken back with one undo.

    Raises:
        Refused: there is none, it is too long ago, sales accepted, the person is erased, or it is an objection.
    """
    with seat.act() as act:
        entry = _last_action(seat)
        if entry is None:
            raise Refused("There is nothing to take back.", kept="Nothing was changed.")
        inquiry = act.inquiry(entry.subject)
        body = entry.facts()
        if isinstance(body, Reassigned) and reassigning.take_stroke_back(act, entry):
            return act.changed()
        if isinstance(body, Rescheduled | Woken):
            waking.take_back(act, entry)
            return act.changed()
        _may_be_undone(entry, inquiry)
        act.append(entry.subject, Undone(entry=entry.id))
        call = seat.ledger.entry(body.call) if isinstance(body, Disposed) and body.call else None
        if call is not None:
            act.append(entry.subject, Undone(entry=call.id))
        act.flush()
        _bring_back(seat, inquiry.id, entry)
        return act.changed()


def _last_action(seat: Seat) -> Entry | None:
    """The last thing that this member did and has not taken back yet, within the undo time."""
    since = seat.now() - seat.settings.whole("undo-minutes") * MINUTE
    cursor = seat.store.reader().execute(
        "SELECT id, kind, wall, actor, device FROM ledger ORDER BY seq DESC",
    )
    undone: set[Id] = set()
    for entry_id, kind, wall, actor, device in cursor:
        if device != seat.device:
            continue  # another's clock says nothing here
        if wall <= since:
            return None
        if actor != seat.member or (kind not in UNDOABLE and kind not in {"undone", "objected"}):
            continue
        entry = seat.ledger.entry(entry_id)
        assert entry is not None
        body = entry.facts()
        if isinstance(body, Undone):
            undone.add(body.entry)
        elif isinstance(body, Disposed) and body.erase_at == body.decided_at:
            continue  # erased at once: a capture that was taken back, or no undo time at all
        elif entry_id not in undone:
            return entry
    return None


def _may_be_undone(entry: Entry, inquiry: Inquiry) -> None:
    body = entry.facts()
    if entry.kind == "objected" or (isinstance(body, Called) and body.outcome is Outcome.DO_NOT_CALL):
        raise Refused(OBJECTION, kept="Nothing was changed.", todo="winnow lift ID --reason TEXT")
    if inquiry.erased:
        raise Refused("The person is erased, and nothing brings them back.", kept="Nothing was changed.")
    if entry.kind not in {"corrected", "consented"} and inquiry.accepted_at is not None:
        raise Refused("Sales has accepted this lead.", kept="Nothing was changed.", todo="Ask sales to return it.")


def _bring_back(seat: Seat, inquiry_id: Id, entry: Entry) -> None:
    """The answers and the note of the action are a draft again."""
    body, person = entry.facts(), entry.who()
    if not isinstance(body, Called | Disposed):
        return
    answers = {**body.answers, **(person.words if person else {})}
    draft = drafts.Draft(answers=answers, note=(person.note or "") if person else "")
    if isinstance(body, Called) and person and person.number:
        draft = msgspec.structs.replace(draft, number=person.number)
    drafts.save(seat, inquiry_id, draft)
