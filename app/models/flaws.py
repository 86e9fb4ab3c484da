"""Flaws of a script or scorecard that can be seen without walking it: references, keys, circles, missing points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from app.models.conditions import Check, as_date
from app.models.phrasing import FIELDS, is_torn, unknown_fields
from app.models.points import AnswerRule
from app.models.scorecard import Scorecard
from app.models.script import MOST_OPTIONS, Question, Script

FlawKind: TypeAlias = Literal[
    "broken_reference", "circular", "unreachable", "dead_end", "duplicate_key", "too_many_options", "operator",
    "unknown_field", "no_points", "points", "bands", "grey", "size",
]  # fmt: skip

_OPERATORS: dict[str, frozenset[str]] = {
    "choice": frozenset({"is", "in", "answered"}),
    "choices": frozenset({"contains", "answered"}),
    "yes_no": frozenset({"is", "in", "answered"}),
    "number": frozenset({"is", "in", "at_least", "at_most", "answered"}),
    "date": frozenset({"is", "in", "before", "after", "answered"}),
    "text": frozenset({"is", "in", "answered"}),
}
_CHOOSING = ("choice", "choices", "yes_no")


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong (error: must not be published) or looks wrong (warning), as a plain sentence."""

    severity: Literal["error", "warning"]
    kind: FlawKind
    sentence: str
    question: str = ""  # the question to look at


def flaws(script: Script, scorecard: Scorecard | None = None) -> list[Finding]:
    """Everything that can be seen without walking the script, in the order of the file."""
    found = [*_keys(script), *_texts(script), *_options(script), *_references(script), *_circles(script)]
    if scorecard is not None:
        found += [*_scorecard(script, scorecard), *_missing_points(script, scorecard)]
    return found


def _error(kind: FlawKind, sentence: str, question: str = "") -> Finding:
    return Finding("error", kind, sentence, question)


def _keys(script: Script) -> Iterator[Finding]:
    seen: set[str] = set()
    for question in script.questions:
        if question.key in seen:
            yield _error("duplicate_key", f'Two questions have the key "{question.key}".', question.key)
        seen.add(question.key)
        keys = [option.key for option in question.options]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            sentence = f'Two options of "{question.key}" have the key "{key}".'
            yield _error("duplicate_key", sentence, question.key)


def _texts(script: Script) -> Iterator[Finding]:
    texts = [("", script.opening), ("", script.voicemail)]
    texts += [(question.key, text) for question in script.questions for text in (question.ask, question.hint)]
    texts += [("", text) for objection in script.objections for text in (objection.say, objection.answer)]
    for question, text in texts:
        for name in unknown_fields(text):
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            sentence = f'"{{{name}}}" in "{text[:60]}" is no field; it would be left out. Fields are {known}.'
            yield _error("unknown_field", sentence, question)
        if is_torn(text):
            yield _error(
                "unknown_field", f'In "{text[:60]}" a brace stands alone; a field is {{first_name}}.', question
            )


def _options(script: Script) -> Iterator[Finding]:
    for question in script.questions:
        if len(question.options) > MOST_OPTIONS:
            sentence = (
                f'"{question.key}" has {len(question.options)} options; '
                f"the number keys reach {MOST_OPTIONS}. Split the question."
            )
            yield _error("too_many_options", sentence, question.key)
        if question.type in ("choice", "choices") and not question.options:
            yield _error("dead_end", f'"{question.key}" is a choice without options.', question.key)
        elif question.choices and not question.optional and all(option.disqualifies for option in question.choices):
            sentence = f'Every answer to "{question.key}" disqualifies, so that no call gets past it.'
            yield _error("dead_end", sentence, question.key)
        if question.type == "number" and question.most is not None and question.most < question.least:
            sentence = f'No number can answer "{question.key}": at least {question.least:g}, at most {question.most:g}.'
            yield _error("dead_end", sentence, question.key)


def _references(script: Script) -> Iterator[Finding]:
    place: dict[str, int] = {}
    for number, question in enumerate(script.questions):
        place.setdefault(question.key, number)
    circles = _in_circles(script)
    for number, question in enumerate(script.questions):
        who = f'The condition of "{question.key}"'
        for check in question.show_when.checks():
            asked = place.get(check.question)
            if asked is not None and asked >= number and question.key not in circles:
                sentence = f'{who} looks at "{check.question}", which is asked later. Move it before.'
                yield _error("broken_reference", sentence, question.key)
            yield from _check(script, check, who, question.key)
    for objection in script.objections:
        for key in objection.questions:
            if key not in place:
                sentence = f'The answer to "{objection.say}" belongs to "{key}", which is no question.'
                yield _error("broken_reference", sentence)


def _check(script: Script, check: Check, who: str, question: str) -> Iterator[Finding]:
    """What is wrong with one comparison, wherever it stands."""
    asked = script.question(check.question)
    if asked is None:
        yield _error("broken_reference", f'{who} looks at "{check.question}", which is no question.', question)
        return
    misfits = [operator for operator in check.operators() if operator not in _OPERATORS[asked.type]]
    if misfits:
        fitting = ", ".join(sorted(_OPERATORS[asked.type]))
        sentence = f'{who} compares "{asked.key}" by {", ".join(misfits)}; a {asked.type} is compared by {fitting}.'
        yield _error("operator", sentence, question)
        return
    for value in check.expected():
        if asked.type in _CHOOSING and asked.option(str(value)) is None:
            yield _error(
                "broken_reference", f'{who} waits for "{value}", which is no option of "{asked.key}".', question
            )
        if asked.type == "number" and isinstance(value, str):
            yield _error("operator", f'{who} compares the number "{asked.key}" with the text "{value}".', question)
        if asked.type == "date" and as_date(value) is None:
            yield _error("operator", f'{who} compares the date "{asked.key}" with "{value}", no date.', question)


def _circles(script: Script) -> Iterator[Finding]:
    told: set[str] = set()
    for key, circle in _in_circles(script).items():
        if key in told:
            continue
        told |= circle
        if len(circle) == 1:
            yield _error("circular", f'The condition of "{key}" waits for its own answer.', key)
        else:
            names = " and ".join(f'"{each}"' for each in sorted(circle))
            yield _error("circular", f"The conditions of {names} wait for each other.", key)


def _in_circles(script: Script) -> dict[str, set[str]]:
    """Each question whose condition leads back to itself, with all that lie on the way there and back."""
    looks_at = {q.key: {check.question for check in q.show_when.checks()} for q in script.questions}
    leads_to = {key: _closure(key, looks_at) for key in looks_at}
    return {
        key: {other for other in leads_to[key] if key in leads_to.get(other, ())}
        for key in looks_at
        if key in leads_to[key]
    }


def _closure(start: str, looks_at: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(looks_at[start])
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += looks_at.get(key, ())
    return reached


def _scorecard(script: Script, scorecard: Scorecard) -> Iterator[Finding]:
    if scorecard.script != script.key:
        sentence = f'The scorecard "{scorecard.key}" is for the script "{scorecard.script}", not "{script.key}".'
        yield _error("broken_reference", sentence)
    if scorecard.bands.nurture > scorecard.bands.sell:
        sentence = f"Nurture begins at {scorecard.bands.nurture}, above sell at {scorecard.bands.sell}."
        yield _error("bands", sentence)
    seen: set[str] = set()
    for rule in scorecard.answers:
        if rule.question in seen:
            yield _error("duplicate_key", f'The scorecard gives points to "{rule.question}" twice.', rule.question)
        seen.add(rule.question)
        question = script.question(rule.question)
        if question is None:
            sentence = f'The scorecard gives points to "{rule.question}", which is no question.'
            yield _error("broken_reference", sentence)
        else:
            yield from _rule(question, rule)
    for case in scorecard.grey:
        if case.at_least > case.at_most:
            sentence = f'The grey case "{case.name}" is from {case.at_least} to {case.at_most} points: no score is.'
            yield _error("grey", sentence)
        for check in case.when.checks():
            yield from _check(script, check, f'The grey case "{case.name}"', "")


def _rule(question: Question, rule: AnswerRule) -> Iterator[Finding]:
    keys = [line.key for line in rule.options]
    for key in dict.fromkeys(keys):
        if question.type in _CHOOSING and question.option(key) is None:
            sentence = f'The scorecard gives points to "{key}", which is no option of "{question.key}".'
            yield _error("broken_reference", sentence, question.key)
        if keys.count(key) > 1:
            sentence = f'The scorecard gives points to the option "{key}" of "{question.key}" twice.'
            yield _error("duplicate_key", sentence, question.key)
    unfit = [
        name
        for name, lines, types in (
            ("options", rule.options, _CHOOSING),
            ("ranges", rule.ranges, ("number",)),
            ("dates", rule.dates, ("date",)),
        )
        if lines and question.type not in types
    ]
    for name in unfit:
        sentence = f'The scorecard has {name} for "{question.key}", which is a {question.type}; they never count.'
        yield _error("points", sentence, question.key)


def _missing_points(script: Script, scorecard: Scorecard) -> Iterator[Finding]:
    """Options that the scorecard passes over: more often forgotten than meant, since 0 can be written."""
    for question in script.questions:
        rule = scorecard.rule(question.key)
        if not question.choices or (rule is not None and rule.answered is not None and not rule.options):
            continue
        if rule is None:
            sentence = f'The scorecard has no points for "{question.key}".'
            yield Finding("warning", "no_points", sentence, question.key)
            continue
        without = [option.key for option in question.choices if rule.option(option.key) is None]
        if without and not (rule.ranges or rule.dates):
            names = ", ".join(f'"{key}"' for key in without)
            sentence = f'The scorecard has no points for {names} of "{question.key}"; write 0 if that is meant.'
            yield Finding("warning", "no_points", sentence, question.key)
