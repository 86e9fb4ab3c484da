"""What the parts of the call page show: small frozen structs in the page's own words. Times are ready texts."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.models.entries import Answer, Disposition
from app.models.rows import Told

Kind = Literal["choice", "choices", "yes_no", "number", "date", "text"]
Tone = Literal["fine", "soon", "over", "due", "plain"]


class NumberView(msgspec.Struct, frozen=True):
    """One number that somebody can be called on."""

    number: str  # what is dialled
    shown: str  # as it is read
    note: str = ""  # such as "mobile"
    why: str = ""  # why it may not be called now; empty when it may


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """Who is called."""

    id: str
    name: str
    company: str = ""
    title: str = ""
    age: str = ""  # the chip beside the name
    tone: Tone = "fine"
    source: str = ""
    source_icon: str = "globe"
    captured: str = ""  # "yesterday"
    captured_exactly: str = ""  # on hover
    their_time: str = ""  # "15:02"
    numbers: tuple[NumberView, ...] = ()
    request: str = ""
    requested_by: str = ""  # "booth note, Iris"
    mark: str = ""  # "asked anew", "on a pack"
    joined: bool = False  # of several inquiries


class OptionView(msgspec.Struct, frozen=True):
    """One answer that can be chosen."""

    key: str
    text: str
    points: int | None = None  # None: no points are shown


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """The question that is asked now."""

    key: str
    text: str
    kind: Kind = "choice"
    hint: str = ""
    options: tuple[OptionView, ...] = ()
    answer: Answer | None = None
    unit: str = ""  # of a number


class ObjectionView(msgspec.Struct, frozen=True):
    """What they may say against it, and what may be answered."""

    says: str
    reply: str


class ScriptView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the conversation stands."""

    title: str = ""
    version: str = ""
    answered: tuple[Told, ...] = ()
    question: QuestionView | None = None  # None: all is asked
    position: int = 0  # of the question, from 1
    count: int = 0
    objections: tuple[ObjectionView, ...] = ()


class ReasonView(msgspec.Struct, frozen=True):
    """One line of why."""

    text: str
    points: int


class ScoreView(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands, why, and what could still move it."""

    points: int = 0
    advice: Disposition = Disposition.DISCARD
    settled: bool = True  # False: too little is known for the advice to fill a button
    nurture_from: int = 30
    sell_from: int = 60
    reasons: tuple[ReasonView, ...] = ()
    questions_left: int = 0
    lowest: int = 0
    highest: int = 0
    warning: str = ""  # such as a disqualifying answer
