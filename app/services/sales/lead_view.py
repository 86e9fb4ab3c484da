"""Everything that sales sees of one lead: who, what they said with its points, the calls, and what happened."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from app.models.answering import answer_in_words
from app.models.entries import Answer, Answers, Called, Disposed, Disposition, Id, Millis, Outcome, Undone
from app.models.entry import Entry
from app.models.inquiry import Inquiry, Stage
from app.models.rows import HistoryRow, SalesRow, Told
from app.models.scorecard import score
from app.models.script import Script, visible
from app.services import drafts
from app.services.errors import Refused
from app.services.published import SECOND_LOOK, current_script, scorecard_version, script_version
from app.services.qualifying import facts_of, given
from app.services.sales.leads import sales_row
from app.services.seat import Seat

NOBODY = frozenset({Stage.DISCARDED, Stage.ERASED})


class Why(msgspec.Struct, frozen=True):
    """One reason of the score that is no answer."""

    text: str
    points: int


class CallMade(msgspec.Struct, frozen=True):
    """One call before it was sold."""

    at: Millis
    outcome: Outcome
    seconds: int
    actor: str


class Reach(msgspec.Struct, frozen=True):
    """One number: E.164 or as typed, as it is shown, and whether it may be called now."""

    number: str
    shown: str
    why: str = ""  # why it may not be called now; empty when it may


class LeadView(msgspec.Struct, frozen=True, kw_only=True):
    """One lead, ready to be shown. Times are milliseconds UTC."""

    row: SalesRow
    inquiry: Inquiry
    numbers: tuple[Reach, ...]
    emails: tuple[str, ...]
    told: tuple[Told, ...]
    facts: tuple[Why, ...]  # what counted beside the answers
    score: int
    note: str
    note_by: str
    requests: tuple[str, ...]
    consent_at: Millis | None
    next_step: str  # what the caller promised
    qualified_by: str
    qualified_at: Millis | None
    call_seconds: int  # of the call in which it was decided
    calls: tuple[CallMade, ...]
    history: tuple[HistoryRow, ...]  # oldest first
    look: Script  # the script of the second look
    looked: Answers  # given so far, drafted ones included
    held_by: str  # who has them on the line; empty: nobody else
    read_at: Millis
    currency: str  # of this home
    dial: str  # how this desk dials

    @property
    def id(self) -> Id:
        """The inquiry's."""
        return self.row.id


def open_lead(seat: Seat, inquiry_id: Id) -> LeadView:
    """Everything about one lead.

    Raises:
        NotFound: there is none. Refused: nothing of the person is shown any more.
    """
    from app.services.history import history
    from app.services.queue import holder_of

    with seat.store.snapshot():
        row = sales_row(seat, inquiry_id)
        if row.stage in NOBODY:
            raise Refused(f"This inquiry is {row.stage.value}; nothing of the person is shown.")
        inquiry, entries = seat.inquiry(row.id), seat.ledger.entries(row.id)
        sold, calls = _sale(entries), _calls(entries)
        told, facts = _told(seat, inquiry, sold)
        body = sold.facts() if sold else None
        call = body.call if isinstance(body, Disposed) else ""
        draft = drafts.read(seat, row.id)
        return LeadView(
            row=row, inquiry=inquiry, numbers=_numbers(seat, inquiry), emails=inquiry.emails, told=told, facts=facts,
            score=row.score, note=inquiry.note, note_by=_noted_by(entries, inquiry.note),
            requests=tuple(dict.fromkeys(each.text for each in inquiry.requests if each.text)),
            consent_at=inquiry.consent_at, next_step=inquiry.next_step, qualified_by=sold.actor if sold else "",
            qualified_at=inquiry.sold_at, call_seconds=calls[call].seconds if call in calls else 0,
            calls=tuple(calls.values()), history=tuple(history(seat, row.id)),
            look=current_script(seat.store, SECOND_LOOK),
            looked={**inquiry.looked, **inquiry.looked_words, **draft.look}, held_by=holder_of(seat, row.id),
            read_at=seat.now(), currency=seat.settings["currency"], dial=seat.settings["dial"],
        )  # fmt: skip


def keep_look(seat: Seat, inquiry_id: Id, answers: Mapping[str, Answer]) -> None:
    """Keep what was answered at the second look so far, so that nothing of it is lost."""
    drafts.save(seat, inquiry_id, msgspec.structs.replace(drafts.read(seat, inquiry_id), look=dict(answers)))


def _numbers(seat: Seat, inquiry: Inquiry) -> tuple[Reach, ...]:
    from app.models.phones import display
    from app.services.calling import class_of

    found, now = [], seat.now()
    for phone in inquiry.numbers:
        if not phone.e164:
            found.append(Reach(phone.raw, phone.raw, "not a valid number: correct it"))
            continue
        opening = seat.hours.opening(class_of(inquiry, phone), now)
        why = "" if opening.open else seat.hours.explain(opening, now).text
        found.append(Reach(phone.e164, display(phone.e164), why))
    return tuple(found)


def _sale(entries: Sequence[Entry]) -> Entry | None:
    """The decision that brought it to sales last."""
    undone = {body.entry for body in (e.facts() for e in entries if e.kind == "undone") if isinstance(body, Undone)}
    for entry in reversed(entries):
        if entry.kind == "disposed" and entry.id not in undone:
            body = entry.facts()
            if isinstance(body, Disposed) and body.disposition is Disposition.SELL:
                return entry
    return None


def _calls(entries: Sequence[Entry]) -> dict[Id, CallMade]:
    undone = {body.entry for body in (e.facts() for e in entries if e.kind == "undone") if isinstance(body, Undone)}
    made: dict[Id, CallMade] = {}
    for entry in entries:
        body = entry.facts() if entry.kind == "called" and entry.id not in undone else None
        if isinstance(body, Called):
            made[entry.id] = CallMade(body.called_at, body.outcome, body.seconds, entry.actor)
    return made


def _noted_by(entries: Sequence[Entry], note: str) -> str:
    for entry in reversed(entries) if note else ():
        person = entry.who()
        if person is not None and person.note == note:
            return entry.actor
    return ""


def _told(seat: Seat, inquiry: Inquiry, sold: Entry | None) -> tuple[tuple[Told, ...], tuple[Why, ...]]:
    """Every answer that counts with its points, by the script and scorecard of the day of the decision."""
    body = sold.facts() if sold else None
    script = script_version(seat.store, inquiry.script, inquiry.script_version) or seat.script
    card = scorecard_version(seat.store, script, body.scorecard_version if isinstance(body, Disposed) else 0)
    answers, facts = given(inquiry), facts_of(inquiry)
    zone, at = ZoneInfo(seat.settings["zone"]), (sold.wall if sold else seat.now())
    made = score(card, script, answers, facts, datetime.datetime.fromtimestamp(at / 1000, zone).date())
    told = tuple(
        Told(
            _asked(question.ask, inquiry), answer_in_words(question, answers[question.key]),
            made.points_of(question.key) if card.rule(question.key) is not None else None,
        )
        for question in visible(script, answers)
        if question.key in answers
    )  # fmt: skip
    return told, tuple(Why(reason.text, reason.points) for reason in made.reasons if not reason.question)


def _asked(text: str, inquiry: Inquiry) -> str:
    from app.models.phrasing import fill

    return fill(text, facts_of(inquiry).fields(""))
