"""What happened to an inquiry, entry by entry, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.models.answering import answer_in_words
from app.models.entries import (
    Body,
    Called,
    Captured,
    Closed,
    Consented,
    Corrected,
    Delivered,
    Disposed,
    Disposition,
    Erased,
    Id,
    LeadAssigned,
    Lifted,
    Mailed,
    Merged,
    Millis,
    Objected,
    Outcome,
    Person,
    Planned,
    Reassigned,
    Rescheduled,
    Reviewed,
    Settled,
    Skipped,
    Split,
    Undone,
    Verdict,
    Woken,
)
from app.models.entry import Entry
from app.models.inquiry import Stage
from app.models.rows import HistoryRow
from app.models.script import Script
from app.services.published import SECOND_LOOK, current_script, script_version
from app.services.seat import Seat
from app.services.store.held_back import held_about

GONE = frozenset({Stage.DISCARDED, Stage.ERASED})
FIELDS = {
    "first_name": "first name", "last_name": "last name", "company": "company", "title": "title", "phones": "number",
    "emails": "e-mail", "street": "street", "postal_code": "postal code", "city": "city", "website": "website",
}  # fmt: skip
HOW = {
    "file": "From a list", "form": "Captured by hand", "terminal": "Captured in a terminal", "demo": "Made up",
    "web": "Through the web", "badge": "By a badge",
}  # fmt: skip
OUTCOMES = {
    Outcome.REACHED: "Reached", Outcome.NO_ANSWER: "No answer", Outcome.VOICEMAIL: "Voicemail", Outcome.BUSY: "Busy",
    Outcome.CALLBACK: "Reached; wants to be called back", Outcome.WRONG_NUMBER: "Wrong number",
    Outcome.DO_NOT_CALL: "Asked not to be called again",
}  # fmt: skip
VERDICTS = {
    Verdict.ACCEPT: "Sales accepted the lead", Verdict.PROSPECT: "Sales made it a prospect",
    Verdict.NURTURE: "Sales returned it to nurture", Verdict.CALL_AGAIN: "Sales wants another call",
    Verdict.DISCARD: "Sales discarded it",
}  # fmt: skip
SHORT = {
    "captured": "an inquiry", "corrected": "a correction", "called": "a call", "skipped": "a skip",
    "disposed": "a decision", "reviewed": "a second look", "closed": "the close", "reassigned": "a reassignment",
    "merged": "a merge", "lifted": "a lifted objection", "planned": "a next step",
    "lead_assigned": "a lead's assignment", "rescheduled": "another day in nurture", "consented": "a consent",
}  # fmt: skip


def history(seat: Seat, inquiry_id: Id) -> list[HistoryRow]:
    """Everything that happened, oldest first; once somebody is discarded or erased, nothing that they or others said.

    Raises:
        NotFound: there is none.
    """
    entries, inquiry = seat.ledger.entries(inquiry_id), seat.inquiry(inquiry_id)
    told = _Telling(seat, entries, hidden=inquiry.stage in GONE)
    rows = [
        HistoryRow(id=entry.id, at=_when(entry, body), actor=entry.actor, kind=entry.kind, text=told.tell(entry, body))
        for entry, body in told.facts
    ]
    return rows + [
        HistoryRow(
            id=held.entry, at=held.wall, actor=held.actor, kind="held_back",
            text=f"{short(held.kind)} that does not count: {held.why}",
        )
        for held in held_about(seat.store, inquiry.subjects)
    ]  # fmt: skip


def short(kind: str) -> str:
    """A kind of entry in words, to begin a line with."""
    words = SHORT.get(kind, kind.replace("_", " "))
    return words[0].upper() + words[1:]


def in_words(seat: Seat, entries: Sequence[Entry]) -> dict[Id, str]:
    """What some entries say that are not in this ledger, by id; empty where their facts cannot be read."""
    found: dict[Id, str] = {}
    for entry in entries:
        try:
            telling = _Telling(seat, [entry], hidden=False)
            found[entry.id] = telling.tell(entry, telling.facts[0][1])
        except msgspec.DecodeError:
            found[entry.id] = ""
    return found


def _when(entry: Entry, body: Body) -> Millis:
    """When it happened; an inquiry of a list happened when it was captured, not when the list was imported."""
    return body.captured_at if isinstance(body, Captured) else entry.no_later(entry.wall)


class _Telling:
    """One telling: the scripts that were walked, and what each entry became."""

    def __init__(self, seat: Seat, entries: list[Entry], *, hidden: bool) -> None:
        self._seat, self._hidden = seat, hidden
        self._zone = ZoneInfo(seat.settings["zone"])
        self._scripts: dict[tuple[str, int], Script | None] = {}
        self.facts = [(entry, entry.facts()) for entry in entries]
        self._kinds = {entry.id: (entry.kind, body) for entry, body in self.facts}

    def tell(self, entry: Entry, body: Body) -> str:
        """One entry as a few words, with what was said where it may still be shown."""
        teller = _TELLERS.get(type(body))
        person = None if self._hidden else entry.who()
        brought = f"brought by {entry.brought_by}" if entry.brought_by else ""
        unknown = f'Something that a newer Winnow knows ("{entry.kind}")'
        told = teller(self, body, person or Person()) if teller else [unknown]
        return " · ".join(part for part in (*told, brought) if part)

    def captured(self, body: Captured, person: Person) -> list[str]:
        asked = [_quoted(person.request)]
        if body.asked_anew:
            asked.append("asks anew after a discard")
        return [f"{HOW[body.how]}: {body.source}", *asked, "agreed to be contacted" if body.consent_at else ""]

    def corrected(self, body: Corrected, person: Person) -> list[str]:
        named = [label for name, label in FIELDS.items() if getattr(person, name) is not None]
        facts = ("country", "state", "size", "language")
        named += [name for name in facts if getattr(body, name) is not None]
        if body.numbers is not None and "number" not in named:
            named.append("number")
        if not named:
            return ["Corrected" if body.by_hand else "In a list again, with nothing new"]
        how = "" if body.by_hand else " by a list"
        return [f"Corrected{how}: {', '.join(named)}"]

    def called(self, body: Called, person: Person) -> list[str]:
        parts = [OUTCOMES[body.outcome] + (f" on {self.time(body.back_at)}" if body.back_at else "")]
        if person.number:
            parts.append(person.number)
        if body.seconds:
            parts.append(_lasted(body.seconds))
        if body.retry_at and body.outcome is not Outcome.WRONG_NUMBER:
            parts.append(f"next try {self.time(body.retry_at)}")
        elif body.outcome in {Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY}:
            parts.append("no further try")
        return [*parts, *self.answers(body, person), _quoted(person.note)]

    def skipped(self, body: Skipped, person: Person) -> list[str]:
        return [f"Skipped until {self.time(body.until)}", _quoted(person.reason)]

    def disposed(self, body: Disposed, person: Person) -> list[str]:
        parts = [_decision(body), f"{body.score} points"]
        if body.advice and body.advice is not body.disposition:
            parts.append(f"the score advised to {body.advice.value}")
        if body.until:
            parts.append(f"until {self.day(body.until)}")
        if body.track:
            parts.append(f"track {body.track}")
        if person.next_step:
            parts.append(f"next step: {person.next_step}")
        # what was answered and noted in the call that was logged in the same stroke is told there
        said = [] if body.call else [*self.answers(body, person), _quoted(person.note)]
        return [*parts, *said, _quoted(person.reason)]

    def reviewed(self, body: Reviewed, person: Person) -> list[str]:
        parts = [VERDICTS[body.verdict] + (f" until {self.day(body.until)}" if body.until else "")]
        script = current_script(self._seat.store, SECOND_LOOK)
        return [*parts, _answers(script, {**body.answers, **person.words}), _quoted(person.reason)]

    def closed(self, body: Closed, person: Person) -> list[str]:
        won = f"Won, {body.amount} {body.currency}" if body.won else "Lost"
        return [won, _quoted(person.reason)]

    def reassigned(self, body: Reassigned, person: Person) -> list[str]:
        if not body.member:
            return ["Released: anybody may call"]
        return [f"Given to {body.member}" + (f" until {self.time(body.return_by)}" if body.return_by else "")]

    def objected(self, body: Objected, person: Person) -> list[str]:
        return ["Asked not to be called again"]

    def lifted(self, body: Lifted, person: Person) -> list[str]:
        return ["The objection was lifted", _quoted(person.reason)]

    def merged(self, body: Merged, person: Person) -> list[str]:
        return ["Joined with another inquiry of the same person"]

    def split(self, body: Split, person: Person) -> list[str]:
        return ["Parted again from another inquiry"]

    def settled(self, body: Settled, person: Person) -> list[str]:
        _kind, holds = self._kinds.get(body.decisions[0], ("", Body()))
        what = f": {_decision(holds).lower()}" if isinstance(holds, Disposed) else ""
        return [f"Two decisions that contradicted each other were settled{what}"]

    def undone(self, body: Undone, person: Person) -> list[str]:
        kind, what = self._kinds.get(body.entry, ("", Body()))
        if isinstance(what, Disposed):
            return [f"Taken back: {_decision(what).lower()}"]
        if isinstance(what, Called):
            return [f"Taken back: a call ({OUTCOMES[what.outcome].lower()})"]
        return [f"Taken back: {SHORT.get(kind, 'something')}"]

    def erased(self, body: Erased, person: Person) -> list[str]:
        return ["The person was erased" + (", as nothing took the discard back" if body.disposition else " on request")]

    def planned(self, body: Planned, person: Person) -> list[str]:
        if body.at is None:
            return ["The next step is done"]
        return [f"Next step on {self.time(body.at)}", person.next_step or ""]

    def lead_assigned(self, body: LeadAssigned, person: Person) -> list[str]:
        if body.how == "taken_back":
            return ["Sales did not answer in time: back on the common list"]
        if not body.member:
            return ["On the common list of sales"]
        how = {"turn": ", by turn", "rule": ", by rule"}.get(body.how, "")
        return [f"With {body.member} of sales{how}"]

    def rescheduled(self, body: Rescheduled, person: Person) -> list[str]:
        return ["Stays in nurture" + (f" until {self.day(body.until)}" if body.until else ""), f"track {body.track}"]

    def woken(self, body: Woken, person: Person) -> list[str]:
        return ["Back from nurture, into the queue"]

    def consented(self, body: Consented, person: Person) -> list[str]:
        what = "Agreed to" if body.given else "Took back the agreement to"
        return [f"{what} {body.purpose} on {self.day(body.at)}", body.how]

    def delivered(self, body: Delivered, person: Person) -> list[str]:
        what = "A correction was sent" if body.correction else "Sent"
        end = "received" if body.received else "given up: nobody there took it"
        return [f"{what} to {body.channel}, {end}", f"their number {body.number}" if body.number else ""]

    def mailed(self, body: Mailed, person: Person) -> list[str]:
        return [f"Wrote an e-mail ({body.template})", _quoted(person.note)]

    def answers(self, body: Called | Disposed, person: Person) -> list[str]:
        return [_answers(self._script(body.script, body.script_version), {**body.answers, **person.words})]

    def _script(self, key: str, number: int) -> Script | None:
        if (key, number) not in self._scripts:
            self._scripts[key, number] = script_version(self._seat.store, key, number)
        return self._scripts[key, number]

    def time(self, at: Millis) -> str:
        return f"{datetime.fromtimestamp(at / 1000, self._zone):%Y-%m-%d %H:%M}"

    def day(self, at: Millis) -> str:
        return f"{datetime.fromtimestamp(at / 1000, self._zone):%Y-%m-%d}"


def _answers(script: Script | None, answers: dict[str, Any]) -> str:
    said = []
    for key, answer in answers.items():
        question = script.question(key) if script else None
        said.append(f"{question.label if question else key}: {answer_in_words(question, answer)}")
    return ", ".join(said)


def _decision(body: Disposed) -> str:
    if body.disposition is Disposition.SELL:
        return f"Sold to {body.for_member}" if body.for_member else "Sold to sales"
    return "To nurture" if body.disposition is Disposition.NURTURE else "Discarded"


def _lasted(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02} min"


def _quoted(text: str | None) -> str:
    return f"“{' '.join(text.split())}”" if text and text.strip() else ""


_TELLERS: dict[type[Body], Callable[[_Telling, Any, Person], list[str]]] = {
    Captured: _Telling.captured, Corrected: _Telling.corrected, Called: _Telling.called, Skipped: _Telling.skipped,
    Disposed: _Telling.disposed, Reviewed: _Telling.reviewed, Closed: _Telling.closed,
    Reassigned: _Telling.reassigned, Objected: _Telling.objected, Lifted: _Telling.lifted, Merged: _Telling.merged,
    Planned: _Telling.planned, LeadAssigned: _Telling.lead_assigned, Rescheduled: _Telling.rescheduled,
    Woken: _Telling.woken, Consented: _Telling.consented, Delivered: _Telling.delivered, Mailed: _Telling.mailed,
    Split: _Telling.split, Settled: _Telling.settled, Undone: _Telling.undone, Erased: _Telling.erased,
}  # fmt: skip
