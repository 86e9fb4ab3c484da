"""The steps of the fold: what an entry of each kind, in its turn, makes of an inquiry."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

from app.models.consent import CONTACT, Consent, latest
from app.models.entries import (
    AUTOMATIC,
    CONTACT_FIELDS,
    Body,
    Called,
    Captured,
    Closed,
    Consented,
    Corrected,
    Disposed,
    Disposition,
    Id,
    LeadAssigned,
    Millis,
    Objected,
    Outcome,
    Person,
    Phone,
    Planned,
    Reassigned,
    Rescheduled,
    Reviewed,
    Skipped,
    Unknown,
    Verdict,
    Woken,
)
from app.models.entry import Entry
from app.models.inquiry import Call, Inquiry, Request, Stage

# Tuples, not sets: to hash an enum's member takes longer than to compare it with three others.
ANSWERED = (Outcome.REACHED, Outcome.CALLBACK, Outcome.DO_NOT_CALL)
REOPENED_BY_ASKING = (Stage.NURTURE, Stage.UNREACHED, Stage.WON, Stage.LOST)
LISTS = ("phones", "emails")
ASKED = "asked to be contacted"  # how a consent was given that came with the inquiry itself


class Steps:
    """An inquiry on its way; the methods named `_on_…` take one kind each."""

    # what only all entries together say
    lifted: AbstractSet[Id] = frozenset()
    gave_way: AbstractSet[Id] = frozenset()  # decisions that do not hold, by a team lead's word
    fenced: AbstractSet[Id] = frozenset()  # …or under a claim that was lost
    # what stands so far
    captured = named = False
    last_result = ""  # of the decision that shows
    ended_at: Millis = 0  # when the last round of calls ended
    # in this round
    unreached = out_of_numbers = prospect = closed = False

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.decisions: list[Entry] = []

    def stage(self) -> Stage:
        """As if nothing were erased, so that an erasure changes no figure."""
        inquiry = self.inquiry
        if inquiry.disposition is Disposition.DISCARD:
            return Stage.DISCARDED
        if inquiry.objections:
            return Stage.OBJECTED
        if self.closed:
            return Stage.WON if inquiry.won else Stage.LOST
        if inquiry.disposition is Disposition.SELL:
            if inquiry.accepted_at is None:
                return Stage.SELL
            return Stage.PROSPECT if self.prospect else Stage.ACCEPTED
        if inquiry.disposition is Disposition.NURTURE:
            return Stage.NURTURE
        return Stage.UNREACHED if self.unreached else Stage.WAITING

    # contact

    def _on_captured(self, entry: Entry, body: Captured, person: Person | None) -> None:
        inquiry, captured_at = self.inquiry, body.captured_at
        if not self.captured:
            inquiry.source, inquiry.captured_at, inquiry.since = body.source, captured_at, captured_at
        elif body.dated and captured_at > self.ended_at and self.stage() in REOPENED_BY_ASKING:
            self._open_again(captured_at)
        elif inquiry.attempts == 0 and inquiry.promised_at is None and not self.decisions:
            inquiry.since = min(inquiry.since, captured_at)
        if self.captured and captured_at < inquiry.captured_at:
            inquiry.captured_at, inquiry.source = captured_at, body.source
        inquiry.amended |= self.captured
        self.captured = True
        inquiry.asked_anew |= body.asked_anew
        self._take_row(body.row_key)
        if body.consent_at is not None:
            inquiry.consent_at = max(inquiry.consent_at or body.consent_at, body.consent_at)
            for purpose in CONTACT:
                self._take_consent(entry, purpose, given=True, at=body.consent_at, how=ASKED)
        text = "\n".join([words for words in (person.request, person.note) if words]) if person else ""
        request = Request(body.captured_at, body.source, text, entry.actor)
        if request not in inquiry.requests:
            inquiry.requests = (*inquiry.requests, request)
        self._take_facts(body)
        if person:
            self._take_contact(person, replace=False, by_hand=False)

    def _take_row(self, key: str) -> None:
        if key and key not in self.inquiry.row_keys:
            self.inquiry.row_keys = (*self.inquiry.row_keys, key)

    def _on_corrected(self, entry: Entry, body: Corrected, person: Person | None) -> None:
        self._take_facts(body)
        self._take_row(body.row_key)
        if person:
            self.inquiry.amended = True
            self._take_contact(person, replace=True, by_hand=body.by_hand)
        if body.numbers and self.out_of_numbers:
            self.out_of_numbers = self.unreached = False
            self.inquiry.since = max(self.inquiry.since, entry.no_later(entry.wall))

    def _take_facts(self, body: Captured | Corrected) -> None:
        inquiry = self.inquiry
        if body.country is not None:
            inquiry.country = body.country
        if body.state is not None:
            inquiry.state = body.state
        if body.size is not None:
            inquiry.size = body.size
        if body.language is not None:
            inquiry.language = body.language

    def _take_contact(self, person: Person, *, replace: bool, by_hand: bool) -> None:
        inquiry = self.inquiry
        if not self.named and not replace:  # nearly everybody, once: there is nothing to compare with
            for name in CONTACT_FIELDS:
                if value := getattr(person, name):
                    setattr(inquiry, name, value)
        else:
            self._amend_contact(person, replace=replace, by_hand=by_hand)
        self.named = True
        if person.extra:
            inquiry.extra = {**inquiry.extra, **person.extra}

    def _amend_contact(self, person: Person, *, replace: bool, by_hand: bool) -> None:
        inquiry = self.inquiry
        for name in CONTACT_FIELDS:
            value = getattr(person, name)
            if value is None or (not replace and not value):
                continue
            if not replace and name in LISTS:
                value = _joined(getattr(inquiry, name), value)
            changes = value != getattr(inquiry, name)
            setattr(inquiry, name, value)
            if replace and by_hand:
                inquiry.by_hand |= {name}
            elif inquiry.by_hand and (replace or (changes and name not in LISTS)):
                inquiry.by_hand -= {name}

    # calls

    def _on_called(self, entry: Entry, body: Called, person: Person | None) -> None:
        inquiry = self.inquiry
        inquiry.calls = (*inquiry.calls, Call(entry.id, body.called_at, body.outcome, entry.actor))
        inquiry.first_called_at = _earlier(inquiry.first_called_at, body.called_at)
        inquiry.attempts += 1
        inquiry.held_since = None
        inquiry.attempts_allowed = body.attempts_allowed
        inquiry.not_before = 0
        inquiry.promised_at, inquiry.promised_by = None, ""
        self._take_answers(body, person)
        if body.outcome is Outcome.DO_NOT_CALL and entry.id not in self.lifted:
            inquiry.objections = (*inquiry.objections, entry.id)
        if body.outcome is Outcome.WRONG_NUMBER and person and person.number:
            inquiry.wrong_numbers |= {person.number}
        if body.outcome in ANSWERED:
            inquiry.reached = True
        self.unreached = self.out_of_numbers = False
        if body.outcome is Outcome.CALLBACK and body.back_at is not None:
            inquiry.promised_at, inquiry.promised_by = body.back_at, entry.actor
            inquiry.since = body.back_at
        elif body.outcome in ANSWERED:
            inquiry.since = body.called_at
        elif body.retry_at is None or inquiry.attempts >= body.attempts_allowed:
            self.unreached, self.ended_at, inquiry.since = True, body.called_at, body.called_at
            self.out_of_numbers = body.outcome is Outcome.WRONG_NUMBER
        else:
            inquiry.since = body.retry_at

    def _on_skipped(self, entry: Entry, body: Skipped, person: Person | None) -> None:
        self.inquiry.not_before = body.until

    def _take_answers(self, body: Called | Disposed, person: Person | None) -> None:
        inquiry = self.inquiry
        if body.answers:
            inquiry.answers = {**inquiry.answers, **body.answers}
        if body.script:
            inquiry.script, inquiry.script_version = body.script, body.script_version
        if person:
            if person.words:
                inquiry.words = {**inquiry.words, **person.words}
            inquiry.note = person.note or inquiry.note

    # decisions

    def _on_disposed(self, entry: Entry, body: Disposed, person: Person | None) -> None:
        inquiry = self.inquiry
        self._take_answers(body, person)
        if body.disposition is Disposition.SELL:
            inquiry.sold_at = body.decided_at  # an issued sell stays issued, whatever holds
        if not self._decide(entry, body.decided_at, body.disposition.value):
            return
        inquiry.disposition, inquiry.decision = body.disposition, entry.id
        inquiry.score, inquiry.advice = body.score, body.advice
        inquiry.decided_by = entry.actor
        inquiry.until, inquiry.track, inquiry.for_member = body.until, body.track, body.for_member
        inquiry.next_step = (person.next_step or "") if person else ""
        inquiry.reason = (person.reason or "") if person else ""
        inquiry.erase_at = body.erase_at if body.disposition is Disposition.DISCARD else None
        inquiry.reviewed_at = inquiry.accepted_at = inquiry.answered_at = None
        inquiry.lead_entry, inquiry.lead_return_by = entry.id if body.for_member else "", None
        inquiry.returned = inquiry.returned_by = ""
        self.prospect = False

    def _on_reviewed(self, entry: Entry, body: Reviewed, person: Person | None) -> None:
        inquiry = self.inquiry
        inquiry.looked = {**inquiry.looked, **body.answers}  # questions of the second look have keys of their own
        if person:
            inquiry.looked_words = {**inquiry.looked_words, **person.words}
        inquiry.answered_at = _earlier(inquiry.answered_at, body.reviewed_at)
        if body.verdict in (Verdict.ACCEPT, Verdict.PROSPECT):
            if inquiry.accepted_at is None:  # who accepts a lead has it
                inquiry.for_member, inquiry.lead_entry, inquiry.lead_return_by = entry.actor, "", None
            inquiry.reviewed_at = body.reviewed_at
            inquiry.accepted_at = _earlier(inquiry.accepted_at, body.reviewed_at)
            inquiry.was_accepted = True
            self.prospect |= body.verdict is Verdict.PROSPECT
            inquiry.was_prospect |= self.prospect
            return
        if not self._decide(entry, body.reviewed_at, "" if body.verdict is Verdict.CALL_AGAIN else body.verdict.value):
            return
        inquiry.reviewed_at, inquiry.accepted_at = body.reviewed_at, None
        inquiry.returned, inquiry.returned_by = (person.reason or "") if person else "", entry.actor
        inquiry.decision, inquiry.decided_by, inquiry.erase_at = entry.id, entry.actor, None
        inquiry.reason = (person.reason or "") if person else ""
        if body.verdict is Verdict.CALL_AGAIN:
            inquiry.disposition = None
            self._open_again(body.until or body.reviewed_at)
            return
        inquiry.disposition = Disposition(body.verdict.value)
        inquiry.until = body.until
        inquiry.erase_at = body.erase_at if body.verdict is Verdict.DISCARD else None

    def _decide(self, entry: Entry, at: Millis, result: str) -> bool:
        """False: another decision holds, by a team lead's word or a younger claim; what was said in this one stays."""
        inquiry = self.inquiry
        self.decisions.append(entry)
        inquiry.first_decided_at = _earlier(inquiry.first_decided_at, at)
        if entry.id in self.gave_way or entry.id in self.fenced:
            return False
        inquiry.decided_at, self.last_result = at, result
        inquiry.promised_at, inquiry.promised_by, inquiry.not_before = None, "", 0
        self._plan(None)
        self.unreached = self.closed = False
        self.ended_at = at
        return True

    def _open_again(self, since: Millis) -> None:
        inquiry = self.inquiry
        inquiry.attempts, inquiry.since, inquiry.not_before = 0, since, 0
        inquiry.promised_at, inquiry.promised_by = None, ""
        inquiry.until = inquiry.accepted_at = None
        if inquiry.disposition in (Disposition.NURTURE, Disposition.SELL):
            inquiry.disposition = None
        self.unreached = self.out_of_numbers = self.prospect = self.closed = False

    def _on_closed(self, entry: Entry, body: Closed, person: Person | None) -> None:
        inquiry = self.inquiry
        inquiry.closed_at, inquiry.won = body.closed_at, body.won  # it counts, whatever they ask for later
        self.closed = True
        inquiry.answered_at = _earlier(inquiry.answered_at, body.closed_at)
        self._plan(None)
        inquiry.amount, inquiry.currency = body.amount, body.currency
        self.ended_at = body.closed_at

    # nurture, and what they agree to

    def _on_rescheduled(self, entry: Entry, body: Rescheduled, person: Person | None) -> None:
        if self.inquiry.disposition is Disposition.NURTURE and not self.closed:
            self.inquiry.track, self.inquiry.until = body.track, body.until
            self.inquiry.reason = (person.reason if person else None) or self.inquiry.reason

    def _on_woken(self, entry: Entry, body: Woken, person: Person | None) -> None:
        """Ends the decision that it names; by itself only where no later day was set for it."""
        inquiry = self.inquiry
        if inquiry.disposition is not Disposition.NURTURE or inquiry.decision != body.decision or self.closed:
            return
        if entry.actor == AUTOMATIC and (inquiry.until is None or inquiry.until > body.woken_at):
            return
        self._open_again(body.woken_at)
        inquiry.promised_at = body.woken_at  # promised by nobody in particular: whoever comes first keeps it
        inquiry.owner, inquiry.return_by, inquiry.held_since = "", None, None

    def _on_consented(self, entry: Entry, body: Consented, person: Person | None) -> None:
        self._take_consent(entry, body.purpose, given=body.given, at=body.at, how=body.how)

    def _take_consent(self, entry: Entry, purpose: str, *, given: bool, at: Millis, how: str) -> None:
        consent = Consent(purpose=purpose, given=given, at=at, how=how, actor=entry.actor, entry=entry.id)
        self.inquiry.consents = latest(self.inquiry.consents, consent)

    # what sales has taken on

    def _on_lead_assigned(self, entry: Entry, body: LeadAssigned, person: Person | None) -> None:
        """Who should answer; `taken_back` counts against the assignment that its id is made of, whenever it arrives."""
        if body.how == "taken_back" or entry.actor == AUTOMATIC:
            return
        inquiry = self.inquiry
        inquiry.for_member, inquiry.lead_return_by = body.member, body.return_by
        inquiry.lead_entry = entry.id if body.member else ""

    def _on_planned(self, entry: Entry, body: Planned, person: Person | None) -> None:
        step = (person.next_step or "") if person else ""
        self._plan(body.at, body.minutes, step, entry.actor)

    def _plan(self, at: Millis | None, minutes: int = 0, step: str = "", by: str = "") -> None:
        inquiry = self.inquiry
        inquiry.planned_at, inquiry.planned_minutes = at, minutes if at is not None else 0
        inquiry.planned_step, inquiry.planned_by = (step, by) if at is not None else ("", "")

    # rights and holds

    def _on_reassigned(self, entry: Entry, body: Reassigned, person: Person | None) -> None:
        self.inquiry.owner, self.inquiry.return_by = body.member, body.return_by
        self.inquiry.held_since = entry.no_later(entry.wall) if body.member else None

    def _on_objected(self, entry: Entry, body: Objected, person: Person | None) -> None:
        if entry.id not in self.lifted:
            self.inquiry.objections = (*self.inquiry.objections, entry.id)

    def _on_unknown(self, entry: Entry, body: Unknown, person: Person | None) -> None:
        self.inquiry.hold |= body.holds


def _earlier(known: Millis | None, new: Millis) -> Millis:
    return new if known is None else min(known, new)


def _joined(have: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """The old ones, then those that are not among them; numbers compare by E.164, e-mails without case."""
    known = {_identity(value) for value in have}
    return (*have, *(value for value in new if _identity(value) not in known))


def _identity(value: Phone | str) -> str:
    return (value.e164 or value.raw) if isinstance(value, Phone) else value.casefold()


STEPS: dict[type[Body], Callable[[Steps, Entry, Any, Person | None], None]] = {
    Captured: Steps._on_captured,
    Corrected: Steps._on_corrected,
    Called: Steps._on_called,
    Skipped: Steps._on_skipped,
    Disposed: Steps._on_disposed,
    Reviewed: Steps._on_reviewed,
    Closed: Steps._on_closed,
    Reassigned: Steps._on_reassigned,
    Objected: Steps._on_objected,
    Unknown: Steps._on_unknown,
    LeadAssigned: Steps._on_lead_assigned,
    Planned: Steps._on_planned,
    Rescheduled: Steps._on_rescheduled,
    Woken: Steps._on_woken,
    Consented: Steps._on_consented,
}
