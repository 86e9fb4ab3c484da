"""The fold: what the entries about somebody add up to.

`fold(entries)` is pure: any order of arrival and any duplication give the same `Inquiry`. Once an `erased` entry is
there, the result is the same with and without the person parts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any

from app.models.consent import CONTACT, Consent, latest
from app.models.entries import (
    AUTOMATIC,
    CONTACT_FIELDS,
    FACT_FIELDS,
    Body,
    Called,
    Captured,
    Closed,
    Consented,
    Corrected,
    Disposed,
    Disposition,
    Entry,
    Erased,
    Id,
    LeadAssigned,
    Lifted,
    Merged,
    Millis,
    Objected,
    Outcome,
    Person,
    Phone,
    Planned,
    Reassigned,
    Rescheduled,
    Reviewed,
    Settled,
    Skipped,
    Split,
    Undone,
    Unknown,
    Verdict,
    Woken,
)
from app.models.inquiry import Block, Call, Inquiry, Request, Stage

ANSWERED = frozenset({Outcome.REACHED, Outcome.CALLBACK, Outcome.DO_NOT_CALL})
LISTS = ("phones", "emails")
ASKED = "asked to be contacted"  # how a consent was given that came with the inquiry itself
REOPENED_BY_ASKING = frozenset({Stage.NURTURE, Stage.UNREACHED, Stage.WON, Stage.LOST})


def fold(entries: Iterable[Entry], subjects: Iterable[Id] = ()) -> Inquiry:
    """What the entries add up to; those of joined subjects fold as one inquiry under the lowest id.

    `subjects` says who is joined, where the caller knows more than these entries tell.

    Raises:
        ValueError: there is no entry.
        msgspec.DecodeError: an entry's bytes are not its kind's.
    """
    copies: dict[Id, Entry] = {}
    for entry in entries:
        known = copies.get(entry.id)
        if known is None or _fullness(entry) > _fullness(known):
            copies[entry.id] = entry
    ordered = sorted(copies.values(), key=Entry.order)
    if not ordered:
        raise ValueError("nothing to fold")
    return _Folding(ordered, set(subjects)).result()


def woken_id(decision: Id, day: Millis, times: int = 0) -> Id:
    """The id of the entry that wakes whom `decision` put to sleep until `day`: any device makes the same one.

    `times`: how many entries of that kind are there already that came before the decision itself and so said nothing.
    """
    return uuid.uuid5(uuid.NAMESPACE_OID, f"winnow woken:{decision}:{day}" + (f":{times}" if times else "")).hex


def taken_back_id(assignment: Id) -> Id:
    """The id of the entry that takes a lead back from whom `assignment` gave it to: any device makes the same one."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"winnow taken back:{assignment}").hex


def _fullness(entry: Entry) -> tuple[bool, int, bool]:
    """Of two copies the one that the hub stamped counts, then the one that still has its person part."""
    return (entry.received_at is not None, -(entry.received_at or 0), entry.person is not None)


def standing_merges(facts: Iterable[tuple[Entry, Body]], splits: Iterable[Id] = ()) -> list[tuple[Entry, Merged]]:
    """The merges that hold, less those that were split or taken back; `splits` names further ones that were.

    A merge or a split is taken back by what is said about the same subject, so whoever has read the one has the other.
    """
    facts = list(facts)
    undone = {(entry.subject, body.entry) for entry, body in facts if isinstance(body, Undone)}
    standing = [(entry, body) for entry, body in facts if (entry.subject, entry.id) not in undone]
    ended = {body.merge for _, body in standing if isinstance(body, Split)}.union(splits)
    return [(entry, body) for entry, body in standing if isinstance(body, Merged) and entry.id not in ended]


class _Folding:
    """One run of the fold; the methods named `_on_…` take one kind each."""

    def __init__(self, ordered: list[Entry], joined: set[Id]) -> None:
        facts = [(entry, entry.facts()) for entry in ordered]
        kinds = {type(body) for _, body in facts}  # the rarer ones are looked for where there are any
        # A merge joins at once, though nothing else of the other one has arrived yet.
        if not joined and Merged in kinds:
            joined = {subject for entry, body in standing_merges(facts) for subject in (entry.subject, body.other)}
        subjects = tuple(sorted({entry.subject for entry in ordered} | joined))
        self.inquiry = Inquiry(id=subjects[0], subjects=subjects)
        self.inquiry.erased = Erased in kinds
        self.undone = _undone(facts) if Undone in kinds else set()
        self.facts = [fact for fact in facts if fact[0].id not in self.undone] if self.undone else facts
        self.captured = self.named = False
        self.ended_at: Millis = 0  # when the last round of calls ended
        self.decisions: list[Entry] = []
        settled = [body.decisions for _, body in self.facts if isinstance(body, Settled)] if Settled in kinds else []
        self.settled = {frozenset(pair): pair[1] for pair in settled}  # the last word about a pair counts
        self.gave_way = set(self.settled.values())
        self.last_result = ""  # of the decision that shows
        self.prospect = False  # in this round
        self.closed = False  # in this round
        lifted = [body.objection for _, body in self.facts if isinstance(body, Lifted)] if Lifted in kinds else []
        self.lifted = set(lifted)
        self.unreached = False
        self.out_of_numbers = False
        self.taken_back: set[Id] = set()
        if LeadAssigned in kinds:
            given = [(entry, body) for entry, body in self.facts if isinstance(body, LeadAssigned)]
            self.taken_back = {entry.id for entry, body in given if body.how == "taken_back"}
        self.parents = {entry.id: entry.seen for entry in ordered}
        self.fenced = set() if kinds.isdisjoint(_DECIDING) else self._fenced()

    def result(self) -> Inquiry:
        """Take every entry in order, then derive stage and result."""
        inquiry = self.inquiry
        seen: set[Id] = set().union(*self.parents.values())
        inquiry.heads = tuple(sorted(id_ for id_ in self.parents if id_ not in seen))
        for entry, body in self.facts:
            handler = _HANDLERS.get(type(body))
            if handler is not None:
                handler(self, entry, body, None if inquiry.erased else entry.who())
        if inquiry.lead_entry and self.taken_back and taken_back_id(inquiry.lead_entry) in self.taken_back:
            inquiry.for_member, inquiry.lead_entry, inquiry.lead_return_by = "", "", None
        self._settle_decisions()
        if inquiry.objections or inquiry.decision or inquiry.erased:
            inquiry.blocks = tuple(self._blocks())
        inquiry.stage = Stage.ERASED if inquiry.erased else self._stage()
        inquiry.result = self._result()
        return inquiry

    # contact

    def _on_captured(self, entry: Entry, body: Captured, person: Person | None) -> None:
        inquiry, captured_at = self.inquiry, body.captured_at
        if not self.captured:
            inquiry.source, inquiry.captured_at, inquiry.since = body.source, captured_at, captured_at
        elif body.dated and captured_at > self.ended_at and self._stage() in REOPENED_BY_ASKING:
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

    def _take_facts(self, body: Body) -> None:
        for name in FACT_FIELDS:
            value = getattr(body, name)
            if value is not None:
                setattr(self.inquiry, name, value)

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
        if body.verdict in {Verdict.ACCEPT, Verdict.PROSPECT}:
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
        if inquiry.disposition in {Disposition.NURTURE, Disposition.SELL}:
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

    def _fenced(self) -> set[Id]:
        """Decisions under a claim that was lost: neither saw the other, and the other's claim is the younger one.

        They stay contested until a team lead settles them; which of them shows is the hub's word, in any order.
        """
        claimed = [entry for entry, body in self.facts if entry.claim_no > 0 and _decides(body)]
        if len(claimed) < 2:
            return set()
        holding = [entry for entry in claimed if entry.id not in self.gave_way]
        return {
            old.id
            for old in claimed
            for young in holding
            if young.claim_no > old.claim_no
            and frozenset((old.id, young.id)) not in self.settled
            and not self._saw(old.id, young.id)
            and not self._saw(young.id, old.id)
        }

    def _settle_decisions(self) -> None:
        """Two decisions contest each other when neither author had seen the other."""
        for index, later in enumerate(self.decisions):
            for earlier in self.decisions[:index]:
                if frozenset((later.id, earlier.id)) in self.settled:
                    continue
                if not self._saw(later.id, earlier.id) and not self._saw(earlier.id, later.id):
                    self.inquiry.contested = True
                    return

    def _saw(self, later: Id, earlier: Id) -> bool:
        waiting, known = list(self.parents[later]), set()
        while waiting:
            parent = waiting.pop()
            if parent == earlier:
                return True
            if parent not in known:
                known.add(parent)
                waiting.extend(self.parents.get(parent, ()))
        return False

    # rights and holds

    def _on_reassigned(self, entry: Entry, body: Reassigned, person: Person | None) -> None:
        self.inquiry.owner, self.inquiry.return_by = body.member, body.return_by
        self.inquiry.held_since = entry.no_later(entry.wall) if body.member else None

    def _on_objected(self, entry: Entry, body: Objected, person: Person | None) -> None:
        if entry.id not in self.lifted:
            self.inquiry.objections = (*self.inquiry.objections, entry.id)

    def _on_unknown(self, entry: Entry, body: Unknown, person: Person | None) -> None:
        self.inquiry.hold |= body.holds

    # what it adds up to

    def _blocks(self) -> Iterator[Block]:
        """Objections that stand, the discard that shows, and erasures; whoever asks anew came after the discard."""
        for entry, body in self.facts:
            if isinstance(body, Objected) and entry.id not in self.lifted:
                yield from (Block(key, entry.id, "objection", body.objected_at) for key in body.keys)
            elif isinstance(body, Called) and entry.id in self.inquiry.objections:
                yield from (Block(key, entry.id, "objection", body.called_at) for key in body.keys)
            elif isinstance(body, (Disposed, Reviewed)) and entry.id == self.inquiry.decision:
                at = self.inquiry.decided_at or 0
                yield from (Block(key, entry.id, "discard", at) for key in body.keys)
            elif isinstance(body, Erased):
                yield from (Block(key, entry.id, "erasure", entry.no_later(entry.wall)) for key in body.keys)

    def _stage(self) -> Stage:
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

    def _result(self) -> str:
        if self.last_result == Disposition.DISCARD and not self.captured:
            return "uncaptured"
        if self.last_result:
            return self.last_result
        if self.inquiry.objections:
            return "objected"
        return "unreached" if self.unreached else "open"


_DECIDING = frozenset({Disposed, Reviewed})


def _decides(body: Body) -> bool:
    if isinstance(body, Reviewed):
        return body.verdict not in {Verdict.ACCEPT, Verdict.PROSPECT}
    return isinstance(body, Disposed)


def _undone(facts: list[tuple[Entry, Body]]) -> set[Id]:
    """What was taken back: never an objection or its lifting, nothing after an erasure, nothing that one completed."""
    completed = {body.disposition for _, body in facts if isinstance(body, Erased)}
    protected = {entry.id for entry, body in facts if isinstance(body, Objected | Lifted | Undone | Erased)}
    protected |= {e.id for e, body in facts if isinstance(body, Called) and body.outcome is Outcome.DO_NOT_CALL}
    before = takewhile(lambda fact: not isinstance(fact[1], Erased), facts)
    return {body.entry for _, body in before if isinstance(body, Undone)} - completed - protected


def _earlier(known: Millis | None, new: Millis) -> Millis:
    return new if known is None else min(known, new)


def _joined(have: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """The old ones, then those that are not among them; numbers compare by E.164, e-mails without case."""
    known = {_identity(value) for value in have}
    return (*have, *(value for value in new if _identity(value) not in known))


def _identity(value: Phone | str) -> str:
    return (value.e164 or value.raw) if isinstance(value, Phone) else value.casefold()


_HANDLERS: dict[type[Body], Callable[[_Folding, Entry, Any, Person | None], None]] = {
    Captured: _Folding._on_captured,
    Corrected: _Folding._on_corrected,
    Called: _Folding._on_called,
    Skipped: _Folding._on_skipped,
    Disposed: _Folding._on_disposed,
    Reviewed: _Folding._on_reviewed,
    Closed: _Folding._on_closed,
    Reassigned: _Folding._on_reassigned,
    Objected: _Folding._on_objected,
    Unknown: _Folding._on_unknown,
    LeadAssigned: _Folding._on_lead_assigned,
    Planned: _Folding._on_planned,
    Rescheduled: _Folding._on_rescheduled,
    Woken: _Folding._on_woken,
    Consented: _Folding._on_consented,
}
