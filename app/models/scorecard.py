"""Scorecards: points for answers and for facts of the inquiry, and the bands that make them an advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, TypeAlias

import msgspec

from app.models.conditions import ALWAYS, Condition
from app.models.documents import Key, Published, Words
from app.models.entries import Answer, Disposition
from app.models.outlook import bounds, chart_of
from app.models.points import AnswerRule, FactRule, Facts, Points, Reason, fact_reasons
from app.models.script import Script, walk

MOST_POINTS = 100

Threshold: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MOST_POINTS)]


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many points on an inquiry is nurtured and from how many it is sold; below both it is discarded."""

    nurture: Threshold
    sell: Threshold

    def advise(self, points: int) -> Disposition:
        """The advice for so many points, 0 to 100."""
        if points >= self.sell:
            return Disposition.SELL
        return Disposition.NURTURE if points >= self.nurture else Disposition.DISCARD


class GreyCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A case that points alone would decide wrongly: named, and decided by this rule instead."""

    name: Words
    advice: Disposition
    when: Condition = ALWAYS
    at_least: int = 0  # points, 0 to 100
    at_most: int = MOST_POINTS  # points, 0 to 100

    def covers(self, points: int) -> bool:
        """Whether so many points are within the case."""
        return self.at_least <= points <= self.at_most


class Scorecard(Published, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """What sales and marketing agreed that answers and facts are worth. Immutable: a change is a new version."""

    key: Key
    script: Key
    bands: Bands
    title: Words = ""
    version: int = 0  # given at publishing; 0 is a draft
    base: Points = 0  # what everybody starts with
    answers: tuple[AnswerRule, ...] = ()
    facts: tuple[FactRule, ...] = ()
    grey: tuple[GreyCase, ...] = ()  # the first that fits decides

    def rule(self, question: str) -> AnswerRule | None:
        """The points of this question's answers."""
        return self._by_question.get(question)

    def option_points(self, question: str, option: str) -> int:
        """The points of one option, as the call page shows them beside it."""
        rule = self.rule(question)
        line = rule.option(option) if rule else None
        return line.points if line else 0

    @cached_property
    def _by_question(self) -> dict[str, AnswerRule]:
        return {rule.question: rule for rule in reversed(self.answers)}


class Score(msgspec.Struct, frozen=True):
    """How an inquiry stands after the answers so far, why, and what could still change it. Points are 0 to 100."""

    points: int
    raw: int  # the sum of the reasons, before it is kept within 0 to 100
    advice: Disposition
    reasons: tuple[Reason, ...]  # largest first
    low: int  # what open questions could still bring it down to…
    high: int  # …and up to
    open_count: int  # questions shown and not answered
    disqualified_by: str = ""  # the answer that forces discard, in words
    grey: str = ""  # the name of the grey case that decided
    next_advice: Disposition | None = None  # the next better band by points
    missing: int = 0  # points to reach it

    def points_of(self, question: str) -> int:
        """What the answer to this question earned."""
        return sum(reason.points for reason in self.reasons if reason.question == question)


def score(
    scorecard: Scorecard, script: Script, answers: Mapping[str, Answer], facts: Facts, today: date, *,
    outlook: bool = True,
) -> Score:  # fmt: skip
    """The score of the answers given so far; `today` is the day of the call.

    Without `outlook` nobody looks at what open questions could still bring: `low` and `high` are the points.
    Answers of questions that are not shown, and options that the script no longer has, score nothing.
    """
    shown, counted = walk(script, answers)
    known = fact_reasons(scorecard.facts, facts)
    known += [Reason("Starting points", scorecard.base)] if scorecard.base else []
    before_answers = sum(reason.points for reason in known)
    reasons: list[Reason] = []
    disqualified_by = ""
    for question in shown:
        answer = counted.get(question.key)
        if answer is None:
            continue
        rule = scorecard.rule(question.key)
        if rule is not None:
            reasons += rule.reasons(question, answer, today)
        if not disqualified_by and question.choices:
            disqualified_by = next((o.label for o in question.chosen(answer) if o.disqualifies), "")
    earned = sum(reason.points for reason in reasons)
    low, high = bounds(chart_of(script, scorecard.answers), answers, today) if outlook else (earned, earned)
    reasons += known
    raw = sum(reason.points for reason in reasons)
    points = within(raw)
    grey = next((case for case in scorecard.grey if case.covers(points) and case.when.holds(counted)), None)
    advice = scorecard.bands.advise(points) if grey is None else grey.advice
    if disqualified_by:
        advice, grey = Disposition.DISCARD, None
    next_advice, missing = _next_band(scorecard.bands, points) if not disqualified_by else (None, 0)
    return Score(
        points=points,
        raw=raw,
        advice=advice,
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.points)),
        low=within(before_answers + low),
        high=within(before_answers + high),
        open_count=len(shown) - len(counted),
        disqualified_by=disqualified_by,
        grey=grey.name if grey else "",
        next_advice=next_advice,
        missing=missing,
    )


def within(raw: int) -> int:
    """The points that are shown for a sum of reasons: kept within 0 to 100."""
    return max(0, min(MOST_POINTS, raw))


def _next_band(bands: Bands, points: int) -> tuple[Disposition | None, int]:
    if points < bands.nurture < bands.sell:
        return Disposition.NURTURE, bands.nurture - points
    if points < bands.sell:
        return Disposition.SELL, bands.sell - points
    return None, 0
