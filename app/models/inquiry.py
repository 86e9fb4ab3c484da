"""An inquiry: somebody who has shown interest, as all that happened adds up to (see `fold`)."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.models.consent import Consent
from app.models.entries import Answers, Disposition, Id, Millis, Outcome, Phone

FOLD_VERSION = 3  # a change of what the fold makes of the same entries raises it; the tables are then made again


class Stage(StrEnum):
    """Where an inquiry stands."""

    WAITING = "waiting"
    UNREACHED = "unreached"
    SELL = "sell"
    ACCEPTED = "accepted"
    PROSPECT = "prospect"
    WON = "won"
    LOST = "lost"
    NURTURE = "nurture"
    DISCARDED = "discarded"
    OBJECTED = "objected"
    ERASED = "erased"


LEAD_STAGES = frozenset({Stage.SELL, Stage.ACCEPTED, Stage.PROSPECT})


class Call(msgspec.Struct, frozen=True):
    """One attempt."""

    entry: Id
    called_at: Millis
    outcome: Outcome
    actor: str


class Request(msgspec.Struct, frozen=True):
    """One time that somebody asked for something."""

    captured_at: Millis
    source: str
    text: str
    actor: str


class Block(msgspec.Struct, frozen=True):
    """A keyed hash that stays and keeps somebody from coming back, or from being called."""

    key: str
    entry: Id
    reason: str  # objection, discard, erasure
    at: Millis


class Inquiry(msgspec.Struct, kw_only=True):
    """Somebody who has shown interest, as all entries about them add up. Times are milliseconds UTC."""

    id: Id
    subjects: tuple[Id, ...] = ()  # all ids that were joined; the lowest is `id`
    heads: tuple[Id, ...] = ()  # entries that no other entry has seen
    stage: Stage = Stage.WAITING
    # how it counts: sell, nurture, discard, objected, unreached, open; an erasure changes nothing. An uncaptured one,
    # whose only capture was taken back, counts nowhere
    result: str = "open"

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    website: str = ""
    extra: dict[str, str] = {}
    country: str = ""
    state: str = ""
    size: float | None = None
    language: str = ""
    by_hand: frozenset[str] = frozenset()  # fields whose last writer was a hand
    wrong_numbers: frozenset[str] = frozenset()

    source: str = ""  # where they came from first
    requests: tuple[Request, ...] = ()
    captured_at: Millis = 0
    asked_anew: bool = False
    consent_at: Millis | None = None
    consents: dict[str, Consent] = {}  # by purpose: what was said last

    calls: tuple[Call, ...] = ()  # all of them, in order
    attempts: int = 0  # since they last asked (a new round)
    attempts_allowed: int = 6
    since: Millis = 0  # waiting since: captured, or when the retry became due
    not_before: Millis = 0  # skipped until
    promised_at: Millis | None = None
    promised_by: str = ""
    first_called_at: Millis | None = None
    first_decided_at: Millis | None = None
    reached: bool = False

    answers: Answers = {}
    words: dict[str, str] = {}
    script: str = ""
    script_version: int = 0
    note: str = ""  # the last one

    decision: Id = ""  # the entry that shows
    disposition: Disposition | None = None
    score: int | None = None
    advice: Disposition | None = None
    decided_at: Millis | None = None
    decided_by: str = ""
    sold_at: Millis | None = None
    reviewed_at: Millis | None = None
    accepted_at: Millis | None = None
    was_accepted: bool = False
    was_prospect: bool = False
    until: Millis | None = None
    track: str = ""
    reason: str = ""  # of the decision that shows, in words; in nurture: why they wait
    next_step: str = ""
    for_member: str = ""  # who in sales has it; empty: the common list
    lead_entry: Id = ""  # that gave it to them; empty once they accepted
    lead_return_by: Millis | None = None  # past it, everybody in sales may answer; None: by the limit of sales
    answered_at: Millis | None = None  # sales' first answer since it was sold
    looked: Answers = {}  # all that sales was told at second looks
    looked_words: dict[str, str] = {}
    returned: str = ""  # why sales gave it back, in words; until the next decision
    returned_by: str = ""
    planned_at: Millis | None = None  # the next step that sales promised
    planned_minutes: int = 0
    planned_step: str = ""
    planned_by: str = ""
    erase_at: Millis | None = None
    contested: bool = False
    closed_at: Millis | None = None
    won: bool | None = None
    amount: str = ""
    currency: str = ""

    owner: str = ""
    return_by: Millis | None = None
    held_since: Millis | None = None  # given to the owner, and not called since
    objections: tuple[Id, ...] = ()  # those that nobody lifted
    blocks: tuple[Block, ...] = ()
    row_keys: tuple[str, ...] = ()  # imported rows that must not enter again
    amended: bool = False  # who it is, more than one entry says
    hold: bool = False
    erased: bool = False

    @property
    def name(self) -> str:
        """First and last name, or the company, or the first e-mail or number."""
        full = f"{self.first_name} {self.last_name}".strip()
        return full or self.company or (self.emails[0] if self.emails else self.phones[0].raw if self.phones else "")

    @property
    def numbers(self) -> tuple[Phone, ...]:
        """The numbers that may still be right, valid ones first."""
        left = [p for p in self.phones if (p.e164 or p.raw) not in self.wrong_numbers]
        return tuple(sorted(left, key=lambda p: not p.e164))

    @property
    def number(self) -> Phone | None:
        """The number to call: the first valid one that nobody found wrong."""
        for phone in self.phones:
            if phone.e164 and phone.e164 not in self.wrong_numbers:
                return phone
        return None
