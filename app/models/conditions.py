"""Answers, and the conditions on them that decide which question is shown: data to compare, never code to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from app.models.entries import Answer


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One comparison with the answer to an earlier question; several operators in it must all hold."""

    question: str
    is_: str | float | bool | None = msgspec.field(default=None, name="is")
    in_: tuple[str | float, ...] = msgspec.field(default=(), name="in")
    contains: str = ""
    at_least: float | None = None
    at_most: float | None = None
    before: date | None = None
    after: date | None = None
    answered: bool | None = None

    def __post_init__(self) -> None:
        if not self.operators():
            raise ValueError("compares nothing: give is, in, contains, at_least, at_most, before, after or answered")

    def operators(self) -> tuple[str, ...]:
        """The operators in use, as they are written in the file."""
        given = {
            "is": self.is_ is not None,
            "in": bool(self.in_),
            "contains": bool(self.contains),
            "at_least": self.at_least is not None,
            "at_most": self.at_most is not None,
            "before": self.before is not None,
            "after": self.after is not None,
            "answered": self.answered is not None,
        }
        return tuple(name for name, used in given.items() if used)

    def expected(self) -> tuple[str | float, ...]:
        """Every value that the answer is compared with for equality; true and false read as yes and no."""
        values: tuple[str | float, ...] = self.in_ + ((self.contains,) if self.contains else ())
        if self.is_ is None:
            return values
        return (*values, _as_word(self.is_))

    def holds(self, answer: Answer | None) -> bool:
        """Whether the answer passes; nothing said passes only `answered = false`."""
        if not is_given(answer):
            return self.answered is False and len(self.operators()) == 1
        assert answer is not None
        if self.answered is False:
            return False
        if isinstance(answer, (tuple, list)):
            return self._holds_for_several(answer)
        if self.contains or (self.is_ is not None and answer != _as_word(self.is_)):
            return False
        if self.in_ and answer not in self.in_:
            return False
        return self._within_numbers(answer) and self._within_dates(answer)

    def _holds_for_several(self, chosen: Sequence[str]) -> bool:
        only_several = set(self.operators()) <= {"contains", "answered"}
        return only_several and (not self.contains or self.contains in chosen)

    def _within_numbers(self, answer: str | float) -> bool:
        if self.at_least is None and self.at_most is None:
            return True
        if isinstance(answer, str):
            return False
        return (self.at_least is None or answer >= self.at_least) and (self.at_most is None or answer <= self.at_most)

    def _within_dates(self, answer: str | float) -> bool:
        if self.before is None and self.after is None:
            return True
        day = as_date(answer)
        if day is None:
            return False
        return (self.before is None or day < self.before) and (self.after is None or day > self.after)


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a question is shown: all of these, at least one of those, none of the last; empty means always."""

    all_: tuple[Check, ...] = msgspec.field(default=(), name="all")
    any_: tuple[Check, ...] = msgspec.field(default=(), name="any")
    none_: tuple[Check, ...] = msgspec.field(default=(), name="none")

    def checks(self) -> tuple[Check, ...]:
        """Every comparison in the condition, in the order of the file."""
        return self.all_ + self.any_ + self.none_

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        """Whether the condition holds on answers that count (those of shown questions)."""
        if not all(check.holds(answers.get(check.question)) for check in self.all_):
            return False
        if self.any_ and not any(check.holds(answers.get(check.question)) for check in self.any_):
            return False
        return not any(check.holds(answers.get(check.question)) for check in self.none_)


ALWAYS = Condition()


def is_given(answer: Answer | None) -> bool:
    """Whether something was answered: an empty text and an empty choice are not. A tuple of keys counts as a list."""
    return answer is not None and answer != "" and not (isinstance(answer, (tuple, list)) and not answer)


def as_date(answer: Answer | None) -> date | None:
    """The day that an answer names, or None when it names none."""
    if not isinstance(answer, str):
        return None
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def _as_word(value: str | float | bool) -> str | float:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
