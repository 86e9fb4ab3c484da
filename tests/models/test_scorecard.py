"""A score says where an inquiry stands, why, and what the open questions could still make of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models import outlook
from app.models.documents import ScriptError
from app.models.entries import Disposition
from app.models.outlook import bounds, chart_of
from app.models.points import Facts, says
from app.models.scorecard import Scorecard, score
from app.models.script import Script, open_questions, visible
from tests.models.scripts_at_random import documents, some_answers

TODAY = date(2026, 7, 1)
NOBODY = Facts()

SCRIPT = {
    "key": "machines",
    "title": "Machines",
    "questions": [
        {
            "key": "budget",
            "type": "choice",
            "ask": "Budget?",
            "options": [
                {"key": "approved", "label": "Approved"},
                {"key": "none", "label": "None"},
                {"key": "student", "label": "For a thesis", "disqualifies": True},
            ],
        },
        {
            "key": "needs",
            "type": "choices",
            "ask": "Needs?",
            "options": [{"key": "lift", "label": "Lift"}, {"key": "turn", "label": "Turn"}],
        },
        {"key": "size", "type": "number", "ask": "Size?"},
        {
            "key": "why",
            "type": "choice",
            "ask": "Why none?",
            "options": [{"key": "new", "label": "New"}, {"key": "broke", "label": "Broke"}],
            "show_when": {"all": [{"question": "budget", "is": "none"}]},
        },
        {"key": "by", "type": "date", "ask": "By?", "short": "Deadline"},
        {"key": "signer", "type": "text", "ask": "Who?", "optional": True},
    ],
}
SCORECARD = {
    "key": "machines",
    "script": "machines",
    "base": 5,
    "bands": {"nurture": 30, "sell": 60},
    "answers": [
        {
            "question": "budget",
            "options": [
                {"key": "approved", "points": 25, "because": "Budget approved"},
                {"key": "none", "points": -15},
                {"key": "student", "points": 0},
            ],
        },
        {"question": "needs", "options": [{"key": "lift", "points": 10}, {"key": "turn", "points": 7}]},
        {
            "question": "size",
            "ranges": [
                {"at_least": 100, "points": 10, "because": "Large"},
                {"at_least": 10, "at_most": 99, "points": 5},
                {"points": -5, "because": "Small"},
            ],
        },
        {"question": "why", "options": [{"key": "new", "points": 12}, {"key": "broke", "points": -40}]},
        {"question": "by", "dates": [{"within_days": 90, "points": 20, "because": "Within 3 months"}, {"points": 2}]},
        {"question": "signer", "answered": {"points": 3, "because": "We know who signs"}},
    ],
    "facts": [
        {"country": ["IT", "ES"], "points": -5, "because": "Country: partner only"},
        {"title": ["head", "*leiter", "社長"], "points": 7, "because": "Leads"},
        {"title": ["operations"], "points": 100, "because": "Second title rule"},
        {"source": ["Trade show"], "points": 4, "because": "Met us"},
        {"size_at_least": 50, "size_at_most": 249, "points": 6, "because": "Middle-sized"},
    ],
    "grey": [
        {
            "name": "Rich but not buying",
            "when": {"all": [{"question": "budget", "is": "none"}]},
            "at_least": 60,
            "advice": "nurture",
        }
    ],
}


def script() -> Script:
    return Script.from_document(copy.deepcopy(SCRIPT))


def card(**changes: Any) -> Scorecard:
    return Scorecard.from_document(copy.deepcopy(SCORECARD) | changes)


def lines(answers: dict[str, Any], facts: Facts = NOBODY) -> list[tuple[str, int]]:
    return [(reason.text, reason.points) for reason in score(card(), script(), answers, facts, TODAY).reasons]


def test_every_reason_has_its_words_and_the_largest_comes_first() -> None:
    answers = {"budget": "approved", "needs": ["turn", "lift"], "size": 40, "by": "2026-08-01", "signer": "Anna"}
    facts = Facts(country="it", title="HEAD of Operations", source="trade  show", size=50)
    assert lines(answers, facts) == [
        ("Budget approved", 25),
        ("Within 3 months", 20),
        ("Lift", 10),
        ("Turn", 7),
        ("Leads", 7),
        ("Middle-sized", 6),
        ("Size: 40", 5),
        ("Starting points", 5),
        ("Met us", 4),
        ("We know who signs", 3),
        ("Country: partner only", -5),
    ]


@pytest.mark.parametrize(
    ("size", "points"), [(100, 10), (99, 5), (99.5, -5), (10, 5), (9, -5)]
)  # fmt: skip
def test_the_first_range_that_covers_a_number_counts(size: float, points: int) -> None:
    assert score(card(), script(), {"size": size}, NOBODY, TODAY).points_of("size") == points


@pytest.mark.parametrize(("days", "points"), [(-400, 20), (0, 20), (90, 20), (91, 2)])
def test_a_date_is_judged_by_its_nearness_to_the_call(days: int, points: int) -> None:
    by = (TODAY + timedelta(days=days)).isoformat()
    assert score(card(), script(), {"by": by}, NOBODY, TODAY).points_of("by") == points


@pytest.mark.parametrize(
    ("title", "word", "found"),
    [
        ("Head of Operations", "head", True),
        ("Headhunter", "head", False),
        ("Directeur général", "GENERAL", True),
        ("Geschäftsführerin", "geschaftsfuhrer*", True),
        ("Abteilungsleiter Einkauf", "*leiter", True),
        ("Leiterplatten", "*leiter", False),
        ("Vice-President", "vice president", True),
        ("President of vice", "vice president", False),
        ("営業部長", "部長", True),
        ("C.E.O. (acting)", "c.e.o.", True),
        ("", "head", False),
    ],
)
def test_a_title_is_matched_by_whole_words_without_case_and_accents(title: str, word: str, found: bool) -> None:
    assert says(title, word) is found


def test_the_sum_of_the_reasons_is_the_raw_score_and_what_is_shown_stays_within_0_and_100() -> None:
    poor = score(card(), script(), {"budget": "none", "why": "broke"}, NOBODY, TODAY)
    assert (poor.raw, poor.points) == (-50, 0)
    rich = score(card(base=90), script(), {"budget": "approved"}, NOBODY, TODAY)
    assert (rich.raw, rich.points) == (115, 100)
    assert rich.raw == sum(reason.points for reason in rich.reasons)


@pytest.mark.parametrize(
    ("base", "advice", "next_advice", "missing"),
    [
        (29, Disposition.DISCARD, Disposition.NURTURE, 1),
        (30, Disposition.NURTURE, Disposition.SELL, 30),
        (59, Disposition.NURTURE, Disposition.SELL, 1),
        (60, Disposition.SELL, None, 0),
    ],
)
def test_bands_begin_at_their_threshold_and_the_way_to_the_next_is_known(
    base: int, advice: Disposition, next_advice: Disposition | None, missing: int
) -> None:
    result = score(card(base=base), script(), {}, NOBODY, TODAY)
    assert (result.advice, result.next_advice, result.missing) == (advice, next_advice, missing)


def test_a_disqualifying_answer_forces_discard_whatever_the_score() -> None:
    result = score(card(base=95), script(), {"budget": "student"}, NOBODY, TODAY)
    assert result.points == 95
    assert result.advice is Disposition.DISCARD
    assert result.disqualified_by == "For a thesis"
    assert result.next_advice is None


def test_a_grey_case_is_decided_by_its_rule_and_only_within_its_points() -> None:
    high = score(card(base=90), script(), {"budget": "none"}, NOBODY, TODAY)
    assert (high.points, high.advice, high.grey) == (75, Disposition.NURTURE, "Rich but not buying")
    low = score(card(base=30), script(), {"budget": "none"}, NOBODY, TODAY)
    assert (low.points, low.advice, low.grey) == (15, Disposition.DISCARD, "")


def test_a_hidden_answer_scores_nothing_and_counts_again_when_its_question_is_back() -> None:
    hidden = score(card(), script(), {"budget": "approved", "why": "new"}, NOBODY, TODAY)
    assert hidden.points_of("why") == 0
    back = score(card(), script(), {"budget": "none", "why": "new"}, NOBODY, TODAY)
    assert back.points_of("why") == 12


def test_an_option_that_the_script_no_longer_has_scores_nothing() -> None:
    result = score(card(), script(), {"budget": "leasing", "needs": ["fly", "lift"], "size": "big"}, NOBODY, TODAY)
    assert [(reason.text, reason.points) for reason in result.reasons] == [("Lift", 10), ("Starting points", 5)]


def test_open_questions_give_the_range_and_a_branch_counts_in_it() -> None:
    # budget: none (-15) and broke (-40) against approved (25); needs 0 to 17; size -5 to 10; by 0 to 20; signer 0 to 3
    start = score(card(base=40), script(), {}, NOBODY, TODAY)
    assert (start.low, start.high, start.open_count) == (0, 100, 5)
    chart = chart_of(script(), card().answers)
    assert bounds(chart, {}, TODAY) == (-15 - 40 - 5, 25 + 17 + 10 + 20 + 3)
    assert bounds(chart, {"budget": "approved"}, TODAY) == (25 - 5, 25 + 17 + 10 + 20 + 3)
    assert bounds(chart, {"budget": "none"}, TODAY) == (-15 - 40 - 5, -15 + 12 + 17 + 10 + 20 + 3)
    # An answer kept from before counts where its question would be shown again.
    assert bounds(chart, {"why": "broke"}, TODAY)[0] == -15 - 40 - 5
    assert bounds(chart, {"why": "new", "needs": ["lift"], "size": 10, "by": "2026-07-02"}, TODAY) == (
        -15 + 12 + 10 + 5 + 20,
        25 + 10 + 5 + 20 + 3,
    )


@given(documents(), st.data())
def test_no_completion_leaves_the_range(made: tuple[dict, dict], data: st.DataObject) -> None:
    random_script, random_card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    before = data.draw(some_answers(random_script))
    after = data.draw(some_answers(random_script)) | before
    now = score(random_card, random_script, before, NOBODY, TODAY)
    then = score(random_card, random_script, after, NOBODY, TODAY)
    assert now.low <= now.points <= now.high
    assert now.low <= then.points <= now.high
    assert now.low <= then.low <= then.high <= now.high


def _completions(made: Script, answers: dict[str, Any], passed: frozenset[str] = frozenset()) -> Iterator[dict]:
    """Every way on, one question after the other as a caller would ask them: the slow and obvious model."""
    left = [question for question in open_questions(made, answers) if question.key not in passed]
    if not left:
        yield answers
        return
    question = left[0]
    yield from _completions(made, answers, passed | {question.key})
    keys = [option.key for option in question.choices]
    several = [[k] for k in keys] + [list(pair) for pair in zip(keys, keys[1:] + keys[:1], strict=True)] + [keys]
    days = "05-31 06-01 06-02 06-30 07-01 07-14 07-15 07-16 07-31 08-01 12-31"
    years = "2027-01-01 2027-01-02 2027-01-17 2027-01-18"
    every: dict[str, list[Any]] = {
        "choice": keys,
        "yes_no": keys,
        "choices": several,
        "number": [0, 9, 10, 11, 39, 40, 50, 51],
        "date": [f"2026-{day}" for day in days.split()] + years.split(),
        "text": ["Anna"],
    }  # fmt: skip
    for answer in every[question.type]:
        yield from _completions(made, answers | {question.key: answer}, passed)


@settings(max_examples=60)
@given(documents().filter(lambda made: len(made[0]["questions"]) <= 3), st.data())
def test_the_range_is_exactly_what_trying_everything_gives(made: tuple[dict, dict], data: st.DataObject) -> None:
    random_script, random_card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    answers = data.draw(some_answers(random_script))
    tried = [
        score(random_card, random_script, each, NOBODY, TODAY).points for each in _completions(random_script, answers)
    ]
    result = score(random_card, random_script, answers, NOBODY, TODAY)
    assert (result.low, result.high) == (min(tried), max(tried))


@given(documents(), st.data())
def test_beyond_the_limit_the_range_is_wider_and_never_narrower(made: tuple[dict, dict], data: st.DataObject) -> None:
    random_script, random_card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    answers = data.draw(some_answers(random_script))
    chart = chart_of(random_script, random_card.answers)
    exact = bounds(chart, answers, TODAY)
    limit = outlook.MOST_STEPS
    outlook.MOST_STEPS = data.draw(st.integers(0, 20))
    try:
        wide = bounds(chart, answers, TODAY)
    finally:
        outlook.MOST_STEPS = limit
    assert wide[0] <= exact[0] <= exact[1] <= wide[1]


@given(documents(), st.data())
def test_answers_of_hidden_questions_score_nothing(made: tuple[dict, dict], data: st.DataObject) -> None:
    random_script, random_card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    answers = data.draw(some_answers(random_script))
    result = score(random_card, random_script, answers, NOBODY, TODAY)
    shown = {question.key for question in visible(random_script, answers)}
    assert {reason.question for reason in result.reasons} <= shown | {""}
    without = {key: answer for key, answer in answers.items() if key in shown}
    again = score(random_card, random_script, without, NOBODY, TODAY)
    assert (again.points, again.reasons, again.advice) == (result.points, result.reasons, result.advice)


@given(documents())
def test_a_scorecard_is_the_same_after_a_round_trip(made: tuple[dict, dict]) -> None:
    original = Scorecard.from_document(made[1])
    assert Scorecard.decode(original.encode()) == original
    assert Scorecard.from_document(original.to_document()) == original


def test_a_whole_scorecard_is_the_same_after_a_round_trip() -> None:
    assert Scorecard.decode(card().published_as(3).encode()) == card(version=3)
    assert Scorecard.from_document(card().to_document()) == card()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"band": {}}, "band"),
        ({"bands": {"nurture": 30}}, "bands.sell"),
        ({"bands": {"nurture": 30, "sell": 101}}, "bands.sell"),
        ({"answers": [{"question": "budget", "options": [{"key": "a", "points": 2.5}]}]},
         "answers[0].options[0].points"),
        ({"facts": [{"points": 3, "because": "Nothing named"}]}, "facts[0]"),
        ({"grey": [{"name": "x", "advice": "keep"}]}, "grey[0].advice"),
    ],
)  # fmt: skip
def test_a_document_that_is_no_scorecard_is_refused_with_the_place(changes: dict, path: str) -> None:
    with pytest.raises(ScriptError) as refused:
        card(**changes)
    assert refused.value.path == path


def test_points_of_an_option_are_known_before_it_is_chosen() -> None:
    assert card().option_points("budget", "approved") == 25
    assert card().option_points("budget", "leasing") == 0
    assert card().option_points("unknown", "approved") == 0


def test_a_condition_on_a_question_that_is_not_there_reads_it_as_not_answered() -> None:
    made = copy.deepcopy(SCRIPT)
    made["questions"][3]["show_when"] = {"all": [{"question": "gone", "answered": False}]}  # type: ignore[index]
    broken = Script.from_document(made)
    assert "why" in {question.key for question in visible(broken, {})}
    assert bounds(chart_of(broken, card().answers), {}, TODAY)[1] == 25 + 12 + 17 + 10 + 20 + 3
