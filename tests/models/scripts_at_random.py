"""Small scripts, scorecards and answers at random, for properties that must hold of all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.models.script import Question, Script

KEYS = ("q0", "q1", "q2", "q3", "q4")
OPTIONS = ("a", "b", "c")
DAYS = ("2026-06-01", "2026-07-15", "2027-01-01")
points = st.integers(-30, 40)


@st.composite
def documents(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A script and its scorecard as documents, every condition about earlier questions alone."""
    questions: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, len(KEYS)))):
        kind = draw(st.sampled_from(["choice", "choice", "choices", "yes_no", "number", "date", "text"]))
        question: dict[str, Any] = {"key": KEYS[number], "type": kind, "ask": "?", "optional": draw(st.booleans())}
        if kind in ("choice", "choices"):
            question["options"] = [
                {"key": key, "label": key.upper(), "disqualifies": draw(st.integers(0, 9)) == 0} for key in OPTIONS
            ]
        if questions and draw(st.integers(0, 2)):
            names = draw(st.lists(st.sampled_from(["all", "any", "none"]), min_size=1, max_size=2, unique=True))
            question["show_when"] = {
                name: [draw(_checks(questions)) for _ in range(draw(st.integers(1, 2)))] for name in names
            }
        questions.append(question)
        if draw(st.integers(0, 4)):
            answers.append(draw(_rules(question)))
    script = {"key": "made", "title": "Made", "questions": questions}
    scorecard = {
        "key": "made",
        "script": "made",
        "base": draw(points),
        "bands": {"nurture": 30, "sell": 60},
        "answers": answers,
    }
    return script, scorecard


@st.composite
def _checks(draw: Any, questions: list[dict[str, Any]]) -> dict[str, Any]:
    question = draw(st.sampled_from(questions))
    check: dict[str, Any] = {"question": question["key"]}
    if draw(st.integers(0, 5)) == 0:
        return check | {"answered": draw(st.booleans())}
    match question["type"]:
        case "choice":
            return check | {"in": draw(st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=2, unique=True))}
        case "choices":
            return check | {"contains": draw(st.sampled_from(OPTIONS))}
        case "yes_no":
            return check | {"is": draw(st.sampled_from(["yes", "no", True, False]))}
        case "number":
            return check | {draw(st.sampled_from(["at_least", "at_most"])): draw(st.sampled_from([10, 50]))}
        case "date":
            return check | {draw(st.sampled_from(["before", "after"])): draw(st.sampled_from(DAYS))}
        case _:
            return check | {"answered": True}


@st.composite
def _rules(draw: Any, question: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"question": question["key"]}
    match question["type"]:
        case "choice" | "choices":
            return rule | {"options": [{"key": key, "points": draw(points)} for key in OPTIONS]}
        case "yes_no":
            return rule | {"options": [{"key": key, "points": draw(points)} for key in ("yes", "no")]}
        case "number":
            return rule | {"ranges": [{"at_least": edge, "points": draw(points)} for edge in (40, 10)]}
        case "date":
            return rule | {"dates": [{"within_days": days, "points": draw(points)} for days in (30, 200)]}
        case _:
            return rule | {"answered": {"points": draw(points)}}


def an_answer(question: Question) -> st.SearchStrategy[Any]:
    """Any answer that the question can be given."""
    keys = [option.key for option in question.choices]
    match question.type:
        case "choice" | "yes_no":
            return st.sampled_from(keys)
        case "choices":
            return st.lists(st.sampled_from(keys), min_size=1, unique=True)
        case "number":
            return st.floats(0, 100) | st.sampled_from([9, 10, 11, 39, 40, 50])
        case "date":
            return st.sampled_from([*DAYS, "2026-05-31", "2026-07-01", "2026-07-31", "2030-01-01"])
        case _:
            return st.just("Anna signs")


@st.composite
def some_answers(draw: Any, script: Script) -> dict[str, Any]:
    """Answers to some of the questions, shown or not."""
    return {question.key: draw(an_answer(question)) for question in script.questions if draw(st.booleans())}
