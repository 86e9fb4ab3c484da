"""Answers as people type them: option by key or label, yes and no in words, numbers, dates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from app.models.entries import Answer, Answers
from app.models.script import Option, Question, Script

_YES = frozenset(("yes", "y", "true", "1", "ja", "oui", "si", "sí", "sim", "tak", "はい", "是"))
_NO = frozenset(("no", "n", "false", "0", "nein", "non", "não", "nie", "nee", "いいえ", "否"))
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$")


class AnswerError(ValueError):
    """An answer that the question cannot take; the sentence says what it takes."""


def parse_answer(question: Question, text: str) -> Answer:
    """The answer that somebody typed: exact option key, else label, else the one that begins so.

    Raises:
        AnswerError: with the possible answers in the sentence.
    """
    text = text.strip()
    if not text:
        raise AnswerError(f'The answer to "{question.key}" is empty; leave it out to keep the question open.')
    if question.type == "choice":
        return _option(question, text).key
    if question.type == "choices":
        return _several(question, text)
    if question.type == "yes_no":
        return _yes_no(question, text)
    if question.type == "number":
        return _number(question, text)
    if question.type == "date":
        return _date(question, text)
    return text


def parse_answers(script: Script, pairs: Iterable[str]) -> Answers:
    """Answers from `question=answer` pairs as the terminal takes them; the last one of a question counts.

    Raises:
        AnswerError: a pair has no `=`, names no question of the script, or its answer does not fit.
    """
    answers: Answers = {}
    for pair in pairs:
        key, sign, text = pair.partition("=")
        key = key.strip()
        if not sign:
            raise AnswerError(f'"{pair}" is not an answer: write question=answer, such as {_example(script)}.')
        question = script.question(key)
        if question is None:
            keys = [each.key for each in script.questions]
            near = get_close_matches(key, keys, n=1)
            guess = f' Did you mean "{near[0]}"?' if near else ""
            raise AnswerError(f'The script "{script.key}" has no question "{key}".{guess} It has: {", ".join(keys)}.')
        answers[key] = parse_answer(question, text)
    return answers


def answer_in_words(question: Question | None, answer: Answer) -> str:
    """The answer as people read it: labels of options, a number with its unit; a lost option shows its key."""
    if isinstance(answer, (tuple, list)):
        return ", ".join(answer_in_words(question, each) for each in answer)
    if isinstance(answer, str):
        option = question.option(answer) if question else None
        return option.label if option else answer
    number = f"{answer:g}" if abs(answer) < 1e6 and answer == round(answer, 3) else f"{answer:.12g}"
    return f"{number} {question.unit}".strip() if question else number


def _option(question: Question, text: str) -> Option:
    wanted = text.casefold()
    for option in question.choices:
        if option.key == wanted:
            return option
    for option in question.choices:
        if option.label.casefold() == wanted:
            return option
    begins = [o for o in question.choices if o.key.startswith(wanted) or o.label.casefold().startswith(wanted)]
    if len(begins) == 1:
        return begins[0]
    problem = "could be more than one answer" if begins else "is no answer"
    listed = ", ".join(f"{option.key} ({option.label})" for option in begins or question.choices)
    raise AnswerError(f'"{text}" {problem} to "{question.key}"; choose {listed}.')


def _several(question: Question, text: str) -> list[str]:
    # A label may itself hold a comma: the whole text is tried as one answer first.
    if any(text.casefold() in (option.key, option.label.casefold()) for option in question.choices):
        return [_option(question, text).key]
    chosen = {_option(question, part.strip()).key for part in text.split(",") if part.strip()}
    if not chosen:
        raise AnswerError(f'The answer to "{question.key}" names no option.')
    return [option.key for option in question.choices if option.key in chosen]


def _yes_no(question: Question, text: str) -> str:
    word = text.casefold()
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    try:
        return _option(question, text).key
    except AnswerError:
        raise AnswerError(f'"{text}" is no answer to "{question.key}"; say yes or no.') from None


def _number(question: Question, text: str) -> float:
    plain = re.sub(r"(?<=\d)[\s'’_](?=\d)", "", text)
    if _THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    elif _DECIMAL_COMMA.match(plain):
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise AnswerError(f'"{text}" is not a number; "{question.key}" takes one such as 50.')
    if number < question.least:
        raise AnswerError(f'{text} is too small for "{question.key}": at least {question.least:g}.')
    if question.most is not None and number > question.most:
        raise AnswerError(f'{text} is too large for "{question.key}": at most {question.most:g}.')
    return number


def _date(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise AnswerError(
            f'"{text}" is not a date; "{question.key}" takes year-month-day, such as 2030-06-30.'
        ) from None


def _example(script: Script) -> str:
    for question in script.questions:
        if question.choices:
            return f"{question.key}={question.choices[0].key}"
    return "question=answer"
