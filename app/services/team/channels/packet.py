"""What a system of sales or marketing gets about a lead: who, what they asked for, what they said, why it scores so.

A packet is a pure reading of the ledger up to the entry that made the delivery necessary: whoever builds it, and
whenever, gets the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec

from app.models.answering import answer_in_words
from app.models.entries import AUTOMATIC, Id, Millis, Reviewed
from app.models.entry import Entry
from app.models.fold import fold
from app.models.inquiry import Inquiry
from app.models.scorecard import score
from app.models.script import visible
from app.services.errors import NotFound
from app.services.history import history
from app.services.published import scorecard_version, script_version
from app.services.qualifying import facts_of, given
from app.services.seat import Seat

VERSION = 1  # of the packet's form; a field is added without raising it, one that changes its meaning raises it
NOT_TOLD = frozenset({"delivered", "mailed"})  # of the history: what goes to the receivers themselves


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One answer in words, with the points that it earned."""

    question: str
    answer: str
    points: int = 0


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of the score."""

    text: str
    points: int


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history."""

    at: str  # ISO 8601, UTC
    by: str
    text: str


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is delivered about one decision. Times are ISO 8601 in UTC; what is not known is empty."""

    version: int = VERSION
    id: Id  # the lead, the same in every delivery about it
    decision: Id  # the entry that decided
    what: str  # sell, nurture, withdrawn, erase
    correction: bool = False  # something else was delivered before
    replaces: Id = ""  # the delivery that this one corrects
    root: Id = ""  # the delivery with which this lead began; the same in all its corrections
    at: str = ""  # when it was decided
    by: str = ""
    for_member: str = ""
    until: str = ""  # nurture: when to wake
    track: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    state: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    website: str = ""
    language: str = ""
    source: str = ""
    captured_at: str = ""
    consent_at: str = ""
    requests: tuple[str, ...] = ()  # what they asked for, in their words
    score: int | None = None
    advice: str = ""
    reasons: tuple[Why, ...] = ()
    answers: tuple[Said, ...] = ()
    note: str = ""
    reason: str = ""  # why it was decided so, where the caller gave one
    next_step: str = ""
    attempts: int = 0
    history: tuple[Happened, ...] = ()
    test: bool = False  # nobody: made up to see whether a channel works

    @property
    def name(self) -> str:
        """First and last name, or what stands for them."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.company or next(iter((*self.emails, *self.phones)), "")

    @property
    def email(self) -> str:
        """The first address."""
        return self.emails[0] if self.emails else ""

    @property
    def phone(self) -> str:
        """The first number."""
        return self.phones[0] if self.phones else ""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Which delivery a packet is for."""

    lead: Id
    cause: Id  # the entry up to which everything counts
    what: str
    replaces: Id = ""
    root: Id = ""


def packet(seat: Seat, about: About) -> Packet:
    """What is delivered about a lead.

    Raises:
        NotFound: the entry that caused it is not here.
    """
    cause = seat.ledger.entry(about.cause)
    if cause is None:
        raise NotFound("The decision that was to be delivered is not here.")
    with seat.store.snapshot():
        known = up_to(seat.ledger.entries(cause.subject), cause.id)
        inquiry = fold(known, [cause.subject, *seat.ledger.members(seat.ledger.survivor(cause.subject))])
        if about.what == "erase" or inquiry.erased or seat.inquiry(cause.subject).erased:
            return nobody(about, _iso(cause.wall), cause.actor)
        return _packet(seat, about, known, inquiry)


def nobody(about: About, at: str, by: str = AUTOMATIC) -> Packet:
    """A packet about somebody of whom nothing may be told any more."""
    correction = bool(about.replaces)
    return Packet(
        id=about.lead, decision=about.cause, what=about.what, correction=correction, replaces=about.replaces,
        root=about.root or about.cause, at=at, by=by,
    )  # fmt: skip


def sample(seat: Seat) -> Packet:
    """A lead that there is not, to try a channel on; name, number and addresses are reserved for fiction.

    Sources: RFC 2606 (example.com), +1 202-555-01XX (North American Numbering Plan, fictional use).
    """
    now = _iso(seat.now())
    return Packet(
        id="0" * 32, decision="0" * 32, root="0" * 32, what="sell", at=now, by=seat.member, test=True,
        first_name="Winnow", last_name="Test", company="Example Company", title="Nobody", phones=("+12025550123",),
        emails=("winnow-test@example.com",), city="Washington", state="DC", country="US", source="Test",
        captured_at=now, requests=("This is a test of the connection. Please delete it.",), score=75, advice="sell",
        reasons=(Why(text="Made up", points=75),),
        answers=(Said(question="Is this a real lead?", answer="No, a test", points=0),),
        next_step="Delete this test", history=(Happened(at=now, by=seat.member, text="Tested the channel"),),
    )  # fmt: skip


def up_to(entries: Sequence[Entry], last: Id) -> list[Entry]:
    """The entries in their order, up to one of them and with it."""
    ordered = sorted(entries, key=Entry.order)
    at = next((index for index, entry in enumerate(ordered) if entry.id == last), len(ordered) - 1)
    return ordered[: at + 1]


def _packet(seat: Seat, about: About, known: list[Entry], inquiry: Inquiry) -> Packet:
    decision = next((entry for entry in known if entry.id == inquiry.decision), known[-1])
    person = decision.who()
    cause_person = known[-1].who()
    script = script_version(seat.store, inquiry.script, inquiry.script_version) or seat.script
    answers = given(inquiry)
    card = scorecard_version(seat.store, script, getattr(decision.facts(), "scorecard_version", 0))
    zone = ZoneInfo(seat.settings["zone"])
    day = datetime.datetime.fromtimestamp(decision.wall / 1000, zone).date()
    made = score(card, script, answers, facts_of(inquiry), day)
    ids = {entry.id for entry in known}
    asked = tuple(dict.fromkeys(request.text for request in inquiry.requests if request.text))
    reviewed = isinstance(decision.facts(), Reviewed)
    return Packet(
        id=about.lead,
        decision=about.cause,
        what=about.what,
        correction=bool(about.replaces),
        replaces=about.replaces,
        root=about.root or about.cause,
        at=_iso(known[-1].wall),
        by=known[-1].actor,
        for_member=inquiry.for_member,
        until=_iso(inquiry.until) if about.what == "nurture" else "",
        track=inquiry.track if about.what == "nurture" else "",
        first_name=inquiry.first_name,
        last_name=inquiry.last_name,
        company=inquiry.company,
        title=inquiry.title,
        phones=tuple(phone.e164 or phone.raw for phone in inquiry.numbers),
        emails=inquiry.emails,
        street=inquiry.street,
        postal_code=inquiry.postal_code,
        city=inquiry.city,
        state=inquiry.state,
        country=facts_of(inquiry).country,
        website=inquiry.website,
        language=inquiry.language,
        source=inquiry.source,
        captured_at=_iso(inquiry.captured_at),
        consent_at=_iso(inquiry.consent_at),
        requests=asked,
        score=None if reviewed else inquiry.score,
        advice=inquiry.advice.value if inquiry.advice and not reviewed else "",
        reasons=tuple(Why(text=reason.text, points=reason.points) for reason in made.reasons if reason.points),
        answers=tuple(
            Said(
                question=question.label,
                answer=answer_in_words(question, answers[question.key]),
                points=made.points_of(question.key),
            )
            for question in visible(script, answers)
            if question.key in answers
        ),
        note=inquiry.note,
        reason=((cause_person.reason if cause_person else None) or (person.reason if person else None) or ""),
        next_step=inquiry.next_step,
        attempts=len(inquiry.calls),
        history=tuple(
            Happened(at=_iso(row.at), by=row.actor, text=row.text)
            for row in history(seat, known[-1].subject)
            if row.id in ids and row.kind not in NOT_TOLD
        ),
    )


def _iso(at: Millis | None) -> str:
    if at is None:
        return ""
    return datetime.datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
