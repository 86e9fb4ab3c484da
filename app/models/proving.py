"""Proves a script and its scorecard before anybody calls with them: every way through is looked at, none by chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

import msgspec

from app.models.entries import Answers, Disposition
from app.models.fact_range import fact_totals
from app.models.flaws import Finding, flaws
from app.models.outlook import Chart, Effect
from app.models.points import Facts
from app.models.scorecard import Scorecard, within
from app.models.script import Script, visible

MOST_WAYS = 2_000_000
"""So many steps are searched before the proof says that it is not complete (a few seconds)."""

_ANY_DAY = date(2000, 1, 1)

_State: TypeAlias = tuple[int, bool, int]  # bits of the conditions, disqualified, points so far
_Layer: TypeAlias = dict[_State, tuple[_State, Effect | None]]  # where each state came from, and by which answer


class Witness(msgspec.Struct, frozen=True):
    """A finished call that shows a claim: these answers and facts come to these points (0 to 100) and this advice."""

    points: int
    advice: Disposition
    answers: Answers
    facts: Facts


class Proof(msgspec.Struct, frozen=True):
    """What was found, and what finished calls can come to: all answered that is shown, optional questions or not."""

    findings: tuple[Finding, ...]
    lowest: Witness | None = None  # None without a scorecard, or where the search is not complete
    highest: Witness | None = None
    reached: tuple[Witness, ...] = ()  # one for each advice that a call can end with: sell, nurture, discard
    steps: int = 0  # how many were searched
    complete: bool = True  # False: too many ways, so that nothing is claimed about what cannot happen

    @property
    def sound(self) -> bool:
        """Whether there is no error; warnings may be."""
        return not any(finding.severity == "error" for finding in self.findings)


class _Search:
    """Every way through a chart, ways that end alike taken together."""

    def __init__(self, chart: Chart, today: date) -> None:
        self._chart = chart
        self._layers: list[_Layer] = []
        self.shown: set[int] = set()  # numbers of the questions that some way shows
        self.steps = 0
        start: _State = (chart.start, False, 0)
        states: list[_State] = [start]
        for number, step in enumerate(chart.steps):
            effects = step.effects(today)
            if step.question.optional or not effects:
                effects = (*effects, step.open)
            layer: _Layer = {}
            for state in states:
                opens = step.gate.opens(state[0])
                if opens:
                    self.shown.add(number)
                for effect in effects if opens else (step.open,):
                    bits = ((state[0] & step.keep) | effect.bits) & step.live
                    after = (bits, state[1] or effect.disqualifies, state[2] + effect.points)
                    layer.setdefault(after, (state, effect if opens else None))
                self.steps += len(effects) if opens else 1
                if self.steps > MOST_WAYS:
                    raise _TooManyWays(self.steps)
            self._layers.append(layer)
            states = list(layer)
        self.ends = states

    def answers(self, end: _State) -> Answers:
        """Answers that lead to this end."""
        answers: Answers = {}
        state = end
        for step, layer in zip(reversed(self._chart.steps), reversed(self._layers), strict=True):
            state, effect = layer[state]
            if effect is not None and effect.answer is not None:
                answers[step.question.key] = effect.answer
        return dict(reversed(answers.items()))


class _TooManyWays(Exception):
    def __init__(self, steps: int) -> None:
        super().__init__(steps)
        self.steps = steps


def prove(script: Script, scorecard: Scorecard | None = None, *, today: date | None = None) -> Proof:
    """What is wrong with a script and its scorecard, and what calls with them can come to.

    Only answers that a condition or the points tell apart are tried, one of each; among those nothing is left out.
    Points for the nearness of a date are reckoned from `today` (unless given, the first day that a condition names).
    """
    found = flaws(script, scorecard)
    day = today or _first_date(script, scorecard)
    if not visible(script, {}):
        found.append(Finding("error", "dead_end", "No question is shown when the call begins."))
    try:
        # Points multiply the states; what can be shown does not depend on them.
        plain = _Search(Chart(script, ()), day)
    except _TooManyWays as stopped:
        return Proof((*found, _too_large(stopped)), steps=stopped.steps, complete=False)
    found += _unreachable(script, plain.shown, found)
    if scorecard is None:
        return Proof(tuple(found), steps=plain.steps)
    watched = tuple(check for case in scorecard.grey for check in case.when.checks())
    chart = Chart(script, scorecard.answers, watched)
    try:
        search = _Search(chart, day)
    except _TooManyWays as stopped:
        return Proof((*found, _too_large(stopped)), steps=plain.steps + stopped.steps, complete=False)
    witnesses, cases = _outcomes(scorecard, chart, search)
    found += _unreached(scorecard, witnesses, cases)
    best = {advice: _best(witnesses, advice) for advice in Disposition}
    return Proof(
        findings=tuple(found),
        lowest=min(witnesses, key=lambda witness: witness.points),
        highest=max(witnesses, key=lambda witness: witness.points),
        reached=tuple(witness for witness in best.values() if witness is not None),
        steps=plain.steps + search.steps,
    )


def _outcomes(scorecard: Scorecard, chart: Chart, search: _Search) -> tuple[list[Witness], set[str]]:
    """One witness for each pair of points and advice, and the names of the grey cases that decide somewhere."""
    totals = fact_totals(scorecard.facts)
    gates = [(case, chart.gate(case.when)) for case in scorecard.grey]
    found: dict[tuple[int, Disposition], tuple[_State, Facts]] = {}
    cases: set[str] = set()
    for end in search.ends:
        bits, disqualified, earned = end
        fitting = [case for case, gate in gates if gate.opens(bits)]
        for total, facts in totals.items():
            points = within(scorecard.base + earned + total)
            case = next((case for case in fitting if case.covers(points)), None)
            advice = case.advice if case else scorecard.bands.advise(points)
            if disqualified:
                advice = Disposition.DISCARD
            elif case:
                cases.add(case.name)
            found.setdefault((points, advice), (end, facts))
    return [
        Witness(points, advice, search.answers(end), facts) for (points, advice), (end, facts) in found.items()
    ], cases


def _best(witnesses: list[Witness], advice: Disposition) -> Witness | None:
    """The witness of an advice that lies nearest to the middle of those that have it: the least far-fetched."""
    having = sorted((w for w in witnesses if w.advice is advice), key=lambda witness: witness.points)
    return having[len(having) // 2] if having else None


def _unreachable(script: Script, shown: set[int], found: list[Finding]) -> Iterator[Finding]:
    """Questions that no finished call shows; what only follows from another finding is not said again."""
    explained = {finding.question for finding in found if finding.severity == "error"}
    for number, question in enumerate(script.questions):
        if number in shown:
            continue
        if question.key not in explained and not any(c.question in explained for c in question.show_when.checks()):
            sentence = f'"{question.key}" is never asked: in no finished call does its condition hold.'
            yield Finding("error", "unreachable", sentence, question.key)
        explained.add(question.key)


def _unreached(scorecard: Scorecard, witnesses: list[Witness], cases: set[str]) -> Iterator[Finding]:
    reached = {witness.advice for witness in witnesses}
    highest = max(witness.points for witness in witnesses)
    lowest = min(witness.points for witness in witnesses)
    between = f"finished calls score {lowest} to {highest}"
    if Disposition.SELL not in reached:
        yield Finding("error", "bands", f"No call can be sold: sell is from {scorecard.bands.sell}, {between}.")
    for advice in (Disposition.NURTURE, Disposition.DISCARD):
        if advice not in reached:
            yield Finding("warning", "bands", f"No call ends with {advice.value}: {between}.")
    for case in scorecard.grey:
        if case.name not in cases:
            yield Finding("warning", "grey", f'The grey case "{case.name}" never decides.')


def _too_large(stopped: _TooManyWays) -> Finding:
    sentence = (
        f"There are too many ways through to look at all of them (stopped after {stopped.steps:,} steps), "
        "so that unreachable questions and the range of scores are not known."
    )
    return Finding("warning", "size", sentence)


def _first_date(script: Script, scorecard: Scorecard | None) -> date:
    conditions = [question.show_when for question in script.questions]
    conditions += [case.when for case in scorecard.grey] if scorecard else []
    checks = [check for condition in conditions for check in condition.checks()]
    return min((day for check in checks for day in (check.before, check.after) if day is not None), default=_ANY_DAY)
