"""Frozen rows that services hand to screens and the terminal. Times are milliseconds UTC."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from app.models.entries import Id, Millis
from app.models.inquiry import Stage
from app.models.limits import LimitState


class Named:
    """Somebody with a name, or with what stands for one."""

    __slots__ = ()
    first_name: str
    last_name: str
    company: str
    phone: str
    email: str

    @property
    def name(self) -> str:
        """First and last name, or what stands for them."""
        return f"{self.first_name} {self.last_name}".strip() or self.company or self.email or self.phone


class Told(msgspec.Struct, frozen=True):
    """What somebody answered, in words."""

    question: str
    answer: str
    points: int | None  # None: the scorecard asks nothing of it
    key: str = ""  # of the question


class Block(IntEnum):
    """Why the facts forbid a call, whatever the hour."""

    NONE = 0
    NO_NUMBER = 1  # no valid number: correct it
    OBJECTED = 2  # somebody objected on one of its numbers
    HOLD = 3  # an entry that a newer Winnow wrote asks to wait


class Group(IntEnum):
    """What of the queue comes before what."""

    PROMISED = 0  # a callback that is due
    MINE = 1
    UNASSIGNED = 2  # …or past their day to return
    OTHERS = 3  # over their limit
    NOT_NOW = 4  # may not be called now


class QueueRow(Named, msgspec.Struct, frozen=True, gc=False):  # no container, so in no cycle
    """One line of the queue, or of what Find found."""

    id: Id
    stage: Stage
    first_name: str
    last_name: str
    company: str
    title: str
    phone: str  # E.164, or as typed when it is not valid
    phone_valid: bool
    email: str
    source: str
    country: str
    captured_at: Millis
    since: Millis
    waited_ms: int  # 0 while a retry is not due
    limit_ms: int
    limit_state: LimitState
    attempts: int
    attempts_allowed: int
    promised_at: Millis | None  # a callback; of whom nurture gave back, the day on which they woke
    group: Group
    why: str  # why it may not be called now; empty when it may
    opens_at: Millis | None  # when it may be called, where that is known
    zone: str  # IANA name of the person's zone, empty when not known
    score: int | None = None
    woken: bool = False  # back from nurture, and nobody has called since
    owner: str = ""  # who should call, until the day to return; empty: nobody in particular

    @property
    def callable(self) -> bool:
        """Whether they may be called now."""
        return self.group is not Group.NOT_NOW


class QueueCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the queue."""

    callable_now: int
    waiting: int
    over_limit: int
    next_opens_at: Millis | None


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to an inquiry, in words."""

    id: Id
    at: Millis
    actor: str
    kind: str
    text: str


class LeadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sold lead that sales has to answer."""

    row: QueueRow
    score: int
    sold_at: Millis
    waiting_ms: int
    over_limit: bool
    told: tuple[Told, ...]
    next_step: str
    for_member: str


class SalesRow(Named, msgspec.Struct, frozen=True, kw_only=True):
    """One line of the lists of sales."""

    id: Id
    stage: Stage
    first_name: str
    last_name: str
    company: str
    title: str
    phone: str
    email: str
    score: int
    sold_at: Millis
    waited_ms: int  # as the limit of sales counts it; 0 once sales has answered
    limit_ms: int
    limit_state: LimitState
    accepted_at: Millis | None
    answered_at: Millis | None
    for_member: str  # empty: the common list
    lead_return_by: Millis | None
    planned_at: Millis | None
    planned_step: str
    closed_at: Millis | None
    won: bool | None
    amount: str
    currency: str
    decided_by: str
