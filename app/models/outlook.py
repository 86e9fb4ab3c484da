"""What open questions can still do: every way through a script at once, without walking each.

Conditions compare answers with values. For what comes later an answer matters only by which comparisons it passes, so
all answers that pass the same ones are one *effect*, and each comparison is one bit. Going through the questions in
order, states that agree in the bits that later questions look at are one state. With few conditions that is a handful
of states, where the ways through the script are millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from app.models.conditions import Check, Condition, as_date, is_given
from app.models.entries import Answer
from app.models.points import AnswerRule
from app.models.script import MOST_OPTIONS, Question, Script

_ANY_DAY = date(2000, 1, 1)  # for questions whose points do not depend on the day of the call

MOST_STEPS = 20_000
"""Beyond so many steps `bounds` gives a safe, wider range instead (about 5 ms)."""


class Effect(NamedTuple):
    """What a set of equivalent answers does; `answer` is one of them."""

    bits: int
    points: int
    disqualifies: bool
    answer: Answer | None  # None: left open


class Gate(NamedTuple):
    """A condition as masks over the bits."""

    all_: int
    any_: int
    none_: int

    def opens(self, bits: int) -> bool:
        """Whether the condition holds."""
        return (
            (bits & self.all_) == self.all_
            and (not self.any_ or bits & self.any_ != 0)
            and not bits & self.none_
        )  # fmt: skip


class Span(NamedTuple):
    """Effects with the same bits, by their least and most points."""

    bits: int
    low: int
    high: int


class Step:
    """One question with everything that walking past it needs."""

    def __init__(self, question: Question, rule: AnswerRule | None, gate: Gate, checks: dict[Check, int]) -> None:
        self.question = question
        self.rule = rule
        self.gate = gate
        self.checks = tuple((check, bit) for check, bit in checks.items() if check.question == question.key)
        self.keep = ~sum(bit for _, bit in self.checks)  # the bits of other questions
        self.open = Effect(self._bits(None), 0, False, None)
        self.live = -1  # the bits that anything after this question looks at
        # Which points a date earns depends on the day of the call; everything else is reckoned once.
        self._fixed = None if question.type == "date" else tuple(self._reckon(_ANY_DAY))
        self._fixed_spans = None if self._fixed is None else _spans((*self._fixed, self.open))

    def effects(self, today: date) -> tuple[Effect, ...]:
        """What every possible answer does, equal ones once."""
        return tuple(self._reckon(today)) if self._fixed is None else self._fixed

    def spans(self, today: date) -> tuple[Span, ...]:
        """The effects by bits, leaving it open included."""
        if self._fixed_spans is not None:
            return self._fixed_spans
        return _spans((*self.effects(today), self.open))

    def effect(self, answer: Answer, today: date) -> Effect:
        """What this answer does."""
        points = self.rule.points(self.question, answer, today) if self.rule else 0
        disqualifies = any(option.disqualifies for option in self.question.chosen(answer))
        return Effect(self._bits(answer), points, disqualifies, answer)

    def _bits(self, answer: Answer | None) -> int:
        return sum(bit for check, bit in self.checks if check.holds(answer))

    def _reckon(self, today: date) -> Iterator[Effect]:
        seen: set[tuple[int, int, bool]] = set()
        for answer in _candidates(self.question, [check for check, _ in self.checks], self.rule, today):
            effect = self.effect(answer, today)
            if effect[:3] not in seen:
                seen.add(effect[:3])
                yield effect


class Chart:
    """A script and its points made ready for walking; `watched` are checks that somebody looks at after the end."""

    def __init__(self, script: Script, rules: tuple[AnswerRule, ...], watched: tuple[Check, ...] = ()) -> None:
        conditions = [question.show_when for question in script.questions]
        every = [check for condition in conditions for check in condition.checks()] + list(watched)
        self._checks = {check: 1 << number for number, check in enumerate(dict.fromkeys(every))}
        by_question = {rule.question: rule for rule in reversed(rules)}
        self.steps = tuple(
            Step(question, by_question.get(question.key), self.gate(question.show_when), self._checks)
            for question in script.questions
        )
        # Before a question is asked it counts as not answered.
        self.start = sum(bit for check, bit in self._checks.items() if check.holds(None))
        live = self._mask(watched)
        for step, condition in zip(reversed(self.steps), reversed(conditions), strict=True):
            step.live = live
            live |= self._mask(condition.checks())

    def gate(self, condition: Condition) -> Gate:
        """The condition as masks; its checks must be among those of the script or the watched ones."""
        return Gate(self._mask(condition.all_), self._mask(condition.any_), self._mask(condition.none_))

    def _mask(self, checks: tuple[Check, ...]) -> int:
        mask = 0
        for check in checks:
            mask |= self._checks[check]
        return mask


@lru_cache(maxsize=32)
def chart_of(script: Script, rules: tuple[AnswerRule, ...]) -> Chart:
    """The chart of a script with these points, made once."""
    return Chart(script, rules)


def bounds(chart: Chart, answers: Mapping[str, Answer], today: date) -> tuple[int, int]:
    """The least and the most points that the answers can come to, given ones kept and any open one left or answered.

    Given answers of hidden questions count again where an open answer would show their question. Exact, unless more
    than MOST_STEPS steps are needed: then never narrower than the truth.
    """
    states: dict[int, tuple[int, int]] = {chart.start: (0, 0)}
    taken = 0
    for number, step in enumerate(chart.steps):
        spans = _spans_with(step, answers, today)
        taken += len(states) * len(spans)
        if taken > MOST_STEPS:
            return _wide_bounds(chart, number, states, answers, today)
        after: dict[int, tuple[int, int]] = {}
        for bits, (low, high) in states.items():
            for to, more, most in spans if step.gate.opens(bits) else (Span(step.open.bits, 0, 0),):
                now = ((bits & step.keep) | to) & step.live
                known = after.get(now)
                if known is None:
                    after[now] = (low + more, high + most)
                else:
                    after[now] = (min(known[0], low + more), max(known[1], high + most))
        states = after
    return min(low for low, _ in states.values()), max(high for _, high in states.values())


def _spans_with(step: Step, answers: Mapping[str, Answer], today: date) -> tuple[Span, ...]:
    answer = answers.get(step.question.key)
    if answer is None or not is_given(answer):
        return step.spans(today)
    effect = step.effect(answer, today)
    return (Span(effect.bits, effect.points, effect.points),)


def _wide_bounds(
    chart: Chart, start: int, states: dict[int, tuple[int, int]], answers: Mapping[str, Answer], today: date
) -> tuple[int, int]:
    """Bounds that forget the conditions from question number `start` on: each question may add its best or worst."""
    low = min(low for low, _ in states.values())
    high = max(high for _, high in states.values())
    for step in chart.steps[start:]:
        spans = _spans_with(step, answers, today)
        low += min(0, *(span.low for span in spans))
        high += max(0, *(span.high for span in spans))
    return low, high


def _spans(effects: tuple[Effect, ...]) -> tuple[Span, ...]:
    merged: dict[int, tuple[int, int]] = {}
    for effect in effects:
        low, high = merged.get(effect.bits, (effect.points, effect.points))
        merged[effect.bits] = (min(low, effect.points), max(high, effect.points))
    return tuple(Span(bits, low, high) for bits, (low, high) in merged.items())


def _candidates(question: Question, checks: list[Check], rule: AnswerRule | None, today: date) -> Iterator[Answer]:
    """Answers enough that every effect that the question can have is among theirs."""
    keys = [option.key for option in question.choices]
    if question.type in ("choice", "yes_no"):
        yield from keys
    elif question.type == "choices":
        # More options than keys is a mistake that the prover reports; 2^n answers of it are not worth trying.
        sizes = range(1, len(keys) + 1) if len(keys) <= MOST_OPTIONS else (1, 2, len(keys))
        for size in sizes:
            yield from (list(chosen) for chosen in combinations(keys, size))
    elif question.type == "number":
        yield from _numbers(question, checks, rule)
    elif question.type == "date":
        yield from _dates(checks, rule, today)
    else:
        compared = [value for check in checks for value in check.expected() if isinstance(value, str) and value]
        yield from ["…", *compared]


def _numbers(question: Question, checks: list[Check], rule: AnswerRule | None) -> Iterator[float]:
    """Each value that something compares with, one between every two, one below and one above."""
    edges = [edge for check in checks for edge in (check.at_least, check.at_most)]
    edges += [edge for line in (rule.ranges if rule else ()) for edge in (line.at_least, line.at_most)]
    edges += [value for check in checks for value in check.expected() if not isinstance(value, str)]
    edges += [question.least, question.most]
    at = sorted({float(edge) for edge in edges if edge is not None})
    between = [_round_between(low, high) for low, high in pairwise(at)]
    for number in [*at, *between, at[-1] + 1]:
        if number >= question.least and (question.most is None or number <= question.most):
            yield number


def _round_between(low: float, high: float) -> float:
    """A number strictly between the two, whole where there is one."""
    whole = float((low + high) // 2)
    return whole if low < whole < high else (low + high) / 2


def _dates(checks: list[Check], rule: AnswerRule | None, today: date) -> Iterator[str]:
    """The day of the call, each day that something compares with, the day before it and the day after it."""
    edges = {today}
    edges |= {edge for check in checks for edge in (check.before, check.after) if edge is not None}
    edges |= {day for check in checks for value in check.expected() if (day := as_date(value)) is not None}
    for line in rule.dates if rule else ():
        if line.within_days is not None:
            edges.add(today + timedelta(days=line.within_days))
    near = {edge + timedelta(days=days) for edge in edges for days in (-1, 0, 1)}
    yield from (day.isoformat() for day in sorted(near))
