"""The ledger's vocabulary: one Struct for each thing that can happen, and one for what it says about a person."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

Id = str  # a UUID as 32 hexadecimal digits: UUIDv7, or UUIDv5 for what any device may append (erasures, sources)
# What no Winnow writes nobody has to reckon with: an entry beyond these is set aside, whoever wrote it.
Millis = Annotated[
    int, msgspec.Meta(ge=-2_208_988_800_000, lt=253_118_304_000_000)
]  # since 1970 UTC; from 1900 to 9990
Count = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
Hours = Annotated[float, msgspec.Meta(gt=0, lt=24 * 366)]
_DECIMAL = r"-?[0-9]{1,60}(\.[0-9]{1,60})?(E[+-]?[0-9]{1,3})?"
Amount = Annotated[str, msgspec.Meta(pattern=f"^{_DECIMAL}$")]  # as Decimal writes it
AmountIfAny = Annotated[str, msgspec.Meta(pattern=f"^({_DECIMAL})?$")]
MOST_AMOUNT = 10**15  # in any currency: whatever is more is a slip of the hand


class Disposition(StrEnum):
    """What a call decides: to sales, to marketing, or nothing."""

    SELL = "sell"
    NURTURE = "nurture"
    DISCARD = "discard"


class Outcome(StrEnum):
    """How one attempt to call ended."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    CALLBACK = "callback"
    WRONG_NUMBER = "wrong-number"
    DO_NOT_CALL = "do-not-call"


class Verdict(StrEnum):
    """What sales says to a lead at its second look."""

    ACCEPT = "accept"
    PROSPECT = "prospect"
    NURTURE = "nurture"
    CALL_AGAIN = "call-again"
    DISCARD = "discard"


Answer = str | float | list[str]
Answers = dict[str, Answer]


class Phone(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number: as it was typed, and as E.164 where `phonenumbers` finds it valid."""

    raw: str
    e164: str = ""  # empty: not a valid number, kept as typed
    region: str = ""  # ISO 3166-1 alpha-2
    state: str = ""  # US state or Canadian province of the area code, else empty
    zones: tuple[str, ...] = ()  # IANA names; several: which one is not known


class Person(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Everything that describes somebody, and every word that was written. None: this entry says nothing about it."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    phones: tuple[Phone, ...] | None = None
    emails: tuple[str, ...] | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    website: str | None = None
    request: str | None = None  # what they asked for, in their words
    note: str | None = None
    reason: str | None = None
    next_step: str | None = None
    number: str | None = None  # the E.164 number (or the raw one) that was called
    words: dict[str, str] = {}  # question key -> answer in words
    extra: dict[str, str] = {}  # column -> value that no field was found for


CONTACT_FIELDS = (
    "first_name", "last_name", "company", "title", "phones", "emails", "street", "postal_code", "city", "website",
)  # fmt: skip
FACT_FIELDS = ("country", "state", "size", "language")


class Body(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The facts of an entry that name nobody."""


class Captured(Body):
    """Somebody showed interest."""

    source: str
    captured_at: Millis
    how: Literal["file", "form", "terminal", "demo", "web", "badge"] = "form"
    country: str | None = None
    state: str | None = None
    size: float | None = None
    language: str | None = None
    asked_anew: bool = False  # entered again after a discard
    dated: bool = True  # False: the list had no date of its own, `captured_at` is the moment of the import
    row_key: str = ""  # keyed hash of the imported row: the same row never enters twice
    consent_at: Millis | None = None


class Corrected(Body):
    """Contact fields or facts were put right; only what changed is named."""

    by_hand: bool = True  # what a hand corrected, an import does not overwrite unless told to
    numbers: Count | None = None  # how many numbers there are now, where the numbers changed
    row_key: str = ""  # keyed hash of the imported row that said so: it never says so again
    country: str | None = None
    state: str | None = None
    size: float | None = None
    language: str | None = None


class Called(Body):
    """One attempt and its outcome."""

    outcome: Outcome
    called_at: Millis
    seconds: Count = 0
    back_at: Millis | None = None  # the promised callback
    retry_at: Millis | None = None  # when the cadence allows the next try; None: it is used up, or no number is left
    attempts_allowed: Count = 6
    answers: Answers = {}
    script: str = ""
    script_version: Count = 0
    keys: tuple[str, ...] = ()  # do-not-call: what stays blocked


class Skipped(Body):
    """Not now: offered again from `until`."""

    until: Millis


class Disposed(Body):
    """A caller's or a salesperson's decision: sell, nurture or discard."""

    disposition: Disposition
    decided_at: Millis
    score: Count = 0  # points, 0 to 100, as shown at the moment of the decision
    advice: Disposition | None = None  # what the scorecard recommended
    answers: Answers = {}
    script: str = ""
    script_version: Count = 0
    scorecard_version: Count = 0
    until: Millis | None = None  # nurture: when to wake
    track: str = ""
    for_member: str = ""
    call: Id = ""  # the call that was logged in the same stroke
    erase_at: Millis | None = None  # discard: when its undo time is over
    keys: tuple[str, ...] = ()  # discard: keyed hashes that stay and block a return


class Reviewed(Body):
    """Sales took the second look."""

    verdict: Verdict
    reviewed_at: Millis
    answers: Answers = {}
    until: Millis | None = None
    erase_at: Millis | None = None
    keys: tuple[str, ...] = ()


class Closed(Body):
    """The sale came about, or did not."""

    won: bool
    closed_at: Millis
    amount: AmountIfAny = ""
    currency: str = ""


class Reassigned(Body):
    """Who should call, until when; an empty member releases."""

    member: str
    return_by: Millis | None = None


class Objected(Body):
    """Asked not to be called again; dominates in any order."""

    objected_at: Millis
    keys: tuple[str, ...] = ()


class Lifted(Body):
    """Ends the objection that it names; the reason is in the person part."""

    objection: Id


class Merged(Body):
    """The subject and `other` are one person; they fold as one under the lower id."""

    other: Id


class Split(Body):
    """The merge that it names was a mistake."""

    merge: Id


class Settled(Body):
    """A team lead settled two contested decisions in favour of the first."""

    decisions: tuple[Id, Id]


class Undone(Body):
    """Takes back the entry that it names; after `erased` it restores nothing."""

    entry: Id


class Erased(Body):
    """The person is gone: requested (no disposition named), or because a discard's undo time is over."""

    disposition: Id = ""
    keys: tuple[str, ...] = ()


class ScriptPublished(Body):
    """A script became the one that callers use."""

    key: str
    number: Count
    document: dict[str, Any]


class ScorecardPublished(Body):
    """A scorecard became the one that advises."""

    key: str
    number: Count
    document: dict[str, Any]


class LeadRulesPublished(Body):
    """Who in sales gets which leads, from now on."""

    number: Count
    document: dict[str, Any]


class SourceDefined(Body):
    """A source and its own limit, if it has one."""

    name: str
    limit_hours: Hours | None = None
    working_hours: bool | None = None
    returns: bool | None = None  # whether what somebody holds over the limit comes back by itself; None: not said


class SourceCost(Body):
    """One cost of a source; costs add up."""

    name: str
    amount: Amount
    currency: str
    at: Millis


class Planned(Body):
    """Sales promised a next step for a day and time; what it is, is in the person part."""

    at: Millis | None  # None: it is done, nothing else is planned
    minutes: Count = 30  # how long it takes


class LeadAssigned(Body):
    """Who in sales should answer a lead; an empty member puts it on the common list."""

    member: str
    how: Literal["named", "turn", "rule", "taken_back"] = "named"
    return_by: Millis | None = None  # past it, everybody in sales may answer


class TrackDefined(Body):
    """A nurture track and the rule by which it wakes."""

    key: str
    name: str
    wake_days: Days | None = None  # after how many days, unless a day is said; 0: never by itself; None: the home's
    wake_on: str = ""  # instead: a day, 2027-03-01, or --03-01 for the next first of March
    purpose: str = ""  # the consent that mailing on this track needs
    retired: bool = False


class Rescheduled(Body):
    """Who waits in nurture moved to another track or day; no new decision."""

    track: str
    until: Millis | None  # None: they wake when they ask again, or by hand


class Woken(Body):
    """The day of a nurtured inquiry has come: it is back in the queue, as a callback that anybody may keep."""

    decision: Id  # that put it to sleep
    woken_at: Millis  # by itself: the day that had come, which is the same on every device


class Consented(Body):
    """They agreed to a purpose, or took it back."""

    purpose: str
    given: bool
    at: Millis
    how: str = ""  # said on the call, web form, paper…


class Delivered(Body):
    """A channel answered for one decision: received, or given up."""

    channel: str
    decision: Id
    received: bool
    at: Millis
    correction: bool = False
    number: str = ""  # the receiver's own id of what was made there


class Mailed(Body):
    """A short e-mail went out after a call that reached nobody; its text is in the person part."""

    template: str
    at: Millis
    how: Literal["smtp", "program"] = "program"


class Unknown(Body):
    """A kind that a newer Winnow wrote: kept and passed on untouched; `hold` makes the inquiry not callable."""

    hold: Any = None

    @property
    def holds(self) -> bool:
        """Whether it asks to wait; a value that this version does not understand does."""
        return self.hold is not None and self.hold is not False


KINDS: dict[str, type[Body]] = {
    "captured": Captured, "corrected": Corrected, "called": Called, "skipped": Skipped, "disposed": Disposed,
    "reviewed": Reviewed, "closed": Closed, "reassigned": Reassigned, "objected": Objected, "lifted": Lifted,
    "merged": Merged, "split": Split, "settled": Settled, "undone": Undone, "erased": Erased,
    "script_published": ScriptPublished, "scorecard_published": ScorecardPublished,
    "lead_rules_published": LeadRulesPublished,
    "source_defined": SourceDefined, "source_cost": SourceCost, "planned": Planned, "lead_assigned": LeadAssigned,
    "track_defined": TrackDefined, "rescheduled": Rescheduled, "woken": Woken, "consented": Consented,
    "delivered": Delivered, "mailed": Mailed,
}  # fmt: skip
KIND_OF: dict[type[Body], str] = {struct: kind for kind, struct in KINDS.items()}
AUTOMATIC = "winnow"  # the author of what any device may append by itself: its id is a UUIDv5 of its cause
APPENDED_BY_ANY = frozenset({"erased", "merged", "woken", "lead_assigned"})
VERSION = 1  # of every kind above; a kind of another version folds as unknown
