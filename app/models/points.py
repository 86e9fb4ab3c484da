"""What answers and facts of an inquiry are worth, each with the reason that the caller sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, TypeAlias

import msgspec

from app.models.conditions import as_date, is_given
from app.models.documents import Key, Words
from app.models.entries import Answer
from app.models.folding import fold_text
from app.models.script import Question

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=-1000, le=1000)]
Days: TypeAlias = Annotated[int, msgspec.Meta(ge=-36500, le=36500)]


class Reason(msgspec.Struct, frozen=True):
    """One line of "why": a few words, the points, and the question that gave them (empty: a fact or the base)."""

    text: str
    points: int
    question: str = ""


class Facts(msgspec.Struct, frozen=True):
    """What is known of an inquiry before anybody called."""

    country: str = ""  # ISO 3166-1 alpha-2
    title: str = ""
    source: str = ""
    size: float | None = None  # people in the company
    first_name: str = ""
    last_name: str = ""
    company: str = ""

    def fields(self, caller: str = "") -> dict[str, str]:
        """What the texts of a script may name, for `phrasing.fill`."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "title": self.title,
            "source": self.source,
            "caller": caller,
        }


class OptionPoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points for one option, or for yes or no."""

    key: Key
    points: Points
    because: Words = ""


class RangePoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points for a number from `at_least` to `at_most`, both included; no bound means any."""

    points: Points
    at_least: float | None = None
    at_most: float | None = None
    because: Words = ""

    def covers(self, number: float) -> bool:
        """Whether the number lies in the range."""
        return (self.at_least is None or number >= self.at_least) and (self.at_most is None or number <= self.at_most)


class DatePoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points for a day at most `within_days` after the call, days gone by included; without a bound for any day."""

    points: Points
    within_days: Days | None = None
    because: Words = ""

    def covers(self, day: date, today: date) -> bool:
        """Whether the day is near enough to the day of the call."""
        return self.within_days is None or day <= today + timedelta(days=self.within_days)


class AnsweredPoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points for having an answer at all, such as a name in a text."""

    points: Points
    because: Words = ""


class AnswerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """What the answers to one question are worth; of ranges and dates the first that covers the answer counts."""

    question: Key
    options: tuple[OptionPoints, ...] = ()
    ranges: tuple[RangePoints, ...] = ()
    dates: tuple[DatePoints, ...] = ()
    answered: AnsweredPoints | None = None

    def option(self, key: str) -> OptionPoints | None:
        """The line for this option."""
        return next((line for line in self.options if line.key == key), None)

    def reasons(self, question: Question, answer: Answer, today: date) -> list[Reason]:
        """The lines that this answer earns; lines of 0 points are left out."""
        return [
            Reason(text, points, question.key) for text, points in self._earned(question, answer, today) if points != 0
        ]

    def points(self, question: Question, answer: Answer, today: date) -> int:
        """The sum that this answer earns."""
        return sum(points for _, points in self._earned(question, answer, today))

    def _earned(self, question: Question, answer: Answer, today: date) -> Iterator[tuple[str, int]]:
        if not is_given(answer):
            return
        if self.options:
            for option in question.chosen(answer):
                line = self.option(option.key)
                if line is not None:
                    yield line.because or option.label, line.points
        if self.ranges and isinstance(answer, (int, float)):
            covering = next((line for line in self.ranges if line.covers(answer)), None)
            if covering is not None:
                yield covering.because or f"{question.label}: {answer:g}", covering.points
        day = as_date(answer) if self.dates else None
        if day is not None:
            near = next((line for line in self.dates if line.covers(day, today)), None)
            if near is not None:
                yield near.because or f"{question.label}: {day.isoformat()}", near.points
        if self.answered is not None:
            yield self.answered.because or question.label, self.answered.points


class FactRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points for what is known of the inquiry; several facts in one rule must all hold.

    A title matches whole words whatever their case and accents; `*` stands for any letters ("*leiter").
    """

    points: Points
    because: Words
    country: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    size_at_least: float | None = None
    size_at_most: float | None = None

    def __post_init__(self) -> None:
        if not self.looks_at():
            raise ValueError("looks at nothing: give country, title, source, size_at_least or size_at_most")

    def looks_at(self) -> tuple[str, ...]:
        """The facts that the rule names."""
        sized = self.size_at_least is not None or self.size_at_most is not None
        named = (("country", self.country), ("title", self.title), ("source", self.source), ("size", sized))
        return tuple(name for name, used in named if used)

    def holds(self, facts: Facts) -> bool:
        """Whether every fact that the rule names is so."""
        if self.country and facts.country.upper() not in {country.upper() for country in self.country}:
            return False
        if self.title and not says(facts.title, *self.title):
            return False
        if self.source and fold(facts.source) not in {fold(source) for source in self.source}:
            return False
        if self.size_at_least is None and self.size_at_most is None:
            return True
        if facts.size is None:
            return False
        return (self.size_at_least is None or facts.size >= self.size_at_least) and (
            self.size_at_most is None or facts.size <= self.size_at_most
        )


def fact_reasons(rules: tuple[FactRule, ...], facts: Facts) -> list[Reason]:
    """The lines that the facts earn: of the rules that look at the same facts, the first that holds counts."""
    reasons: list[Reason] = []
    counted: set[tuple[str, ...]] = set()
    for rule in rules:
        looks_at = rule.looks_at()
        if looks_at not in counted and rule.holds(facts):
            counted.add(looks_at)
            reasons.append(Reason(rule.because, rule.points))
    return [reason for reason in reasons if reason.points != 0]


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """The text without case and accents, its white space single: for comparing."""
    return " ".join(fold_text(text).split())


def says(text: str, *words: str) -> bool:
    """Whether the text holds one of the words (or words in a row) as a whole, case and accents aside."""
    return _pattern(words).search(fold(text)) is not None


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_inner(fold(word)) for word in words))


def _inner(folded: str) -> str:
    inner = re.escape(folded).replace(r"\*", r"\w*").replace(r"\ ", r"\W+")
    # Chinese, Japanese and Korean write titles without spaces between the words.
    unspaced = any("CJK" in unicodedata.name(c, "") or "HANGUL" in unicodedata.name(c, "") for c in folded)
    return inner if unspaced else rf"(?<!\w){inner}(?!\w)"
