"""Call scripts: a small set of questions with branches, hints and answers to objections, published as versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec

from app.models.conditions import ALWAYS, Condition, is_given
from app.models.documents import Key, Published, Words
from app.models.entries import Answer, Answers

QuestionType: TypeAlias = Literal["choice", "choices", "yes_no", "number", "date", "text"]

MOST_OPTIONS = 9
"""Options are chosen with the number keys 1 to 9."""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One possible answer; its points are in the scorecard."""

    key: Key
    label: Words
    disqualifies: bool = False  # forces discard whatever the score


_YES_NO = (Option("yes", "Yes"), Option("no", "No"))


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """One question as the caller asks it."""

    key: Key
    type: QuestionType
    ask: Words
    hint: Words = ""  # what to say if they hesitate
    short: Words = ""  # the subject in a word or two, where the whole question does not fit
    optional: bool = False
    options: tuple[Option, ...] = ()
    show_when: Condition = ALWAYS
    unit: Words = ""  # of a number
    least: float = 0  # of a number
    most: float | None = None  # of a number

    def __post_init__(self) -> None:
        if self.options and self.type not in ("choice", "choices", "yes_no"):
            raise ValueError(f"a question of type {self.type} has no options")
        if self.type == "yes_no" and any(option.key not in ("yes", "no") for option in self.options):
            raise ValueError('the options of a yes_no question are "yes" and "no"')

    @property
    def label(self) -> str:
        """The subject of the question for narrow places."""
        return self.short or self.key.replace("_", " ").replace("-", " ").capitalize()

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """What the number keys choose, in order; yes/no has its two, with a label of its own where one is given."""
        if self.type != "yes_no":
            return self.options
        given = {option.key: option for option in self.options}
        return tuple(given.get(option.key, option) for option in _YES_NO)

    def option(self, key: str) -> Option | None:
        """The option with this key."""
        return next((option for option in self.choices if option.key == key), None)

    def chosen(self, answer: Answer | None) -> tuple[Option, ...]:
        """The options that an answer names; keys that the question no longer has are passed over."""
        keys = answer if isinstance(answer, (tuple, list)) else (answer,)
        return tuple(option for option in self.choices if option.key in keys)


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something people say against the call, and what to answer."""

    say: Words
    answer: Words
    tags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # keys of the questions at which it is often heard


class Script(Published, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """The questions of one kind of call, in order. Immutable: a change is a new version."""

    key: Key
    title: Words
    questions: tuple[Question, ...]
    version: int = 0  # given at publishing; 0 is a draft
    opening: Words = ""  # the first sentences of the call
    voicemail: Words = ""  # what to leave on a machine
    objections: tuple[Objection, ...] = ()

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}


def visible(script: Script, answers: Mapping[str, Answer]) -> list[Question]:
    """The questions that are shown with these answers, in order; answers of hidden questions count for nothing."""
    return walk(script, answers)[0]


def visible_answers(script: Script, answers: Mapping[str, Answer]) -> Answers:
    """The answers that count: given, and to a question that is shown."""
    return walk(script, answers)[1]


def walk(script: Script, answers: Mapping[str, Answer]) -> tuple[list[Question], Answers]:
    """The questions that are shown, in order, and the answers that count, in one go."""
    shown: list[Question] = []
    counted: Answers = {}
    for question in script.questions:
        if question.show_when is not ALWAYS and not question.show_when.holds(counted):
            continue
        shown.append(question)
        answer = answers.get(question.key)
        if answer is not None and is_given(answer):
            counted[question.key] = answer
    return shown, counted


def open_questions(script: Script, answers: Mapping[str, Answer]) -> list[Question]:
    """The questions that are shown and not answered, optional ones included, in order."""
    shown, counted = walk(script, answers)
    return [question for question in shown if question.key not in counted]


def next_question(script: Script, answers: Mapping[str, Answer], after: str = "") -> Question | None:
    """The first open question after this one; then the first that was left open before it, unless optional."""
    left = open_questions(script, answers)
    place = {question.key: number for number, question in enumerate(script.questions)}
    here = place.get(after, -1)
    ahead = next((question for question in left if place[question.key] > here), None)
    if ahead is not None:
        return ahead
    return next((question for question in left if not question.optional and question.key != after), None)


def previous_question(script: Script, answers: Mapping[str, Answer], before: str = "") -> Question | None:
    """The shown question before this one; with no key, the last one shown."""
    shown = visible(script, answers)
    place = next((number for number, question in enumerate(shown) if question.key == before), len(shown))
    return shown[place - 1] if place > 0 else None


def objections_at(script: Script, question: str = "") -> tuple[Objection, ...]:
    """All objections, those that belong to this question first."""
    return tuple(sorted(script.objections, key=lambda objection: question not in objection.questions))


def words_apart(script: Script, answers: Mapping[str, Answer]) -> tuple[Answers, Answers]:
    """Answers that describe no person, and answers in words, which do: those go to the entry's `person`.

    A text under a key that this script does not have is taken for words.
    """
    facts: Answers = {}
    words: Answers = {}
    for key, answer in answers.items():
        question = script.question(key)
        in_words = isinstance(answer, str) if question is None else question.type == "text"
        (words if in_words else facts)[key] = answer
    return facts, words
