"""The prover finds each defect of a script and scorecard, and what it claims about them is so."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import proving
from app.models.entries import Disposition
from app.models.fact_range import fact_totals
from app.models.points import FactRule, Facts, fact_reasons
from app.models.proving import Proof, prove
from app.models.scorecard import Scorecard, score
from app.models.script import Script, open_questions, visible
from app.services.errors import EnvironmentFailed
from app.services.scripts import ScriptRefused, load_scorecards, load_scripts, read_scorecard, read_script
from tests.models.scripts_at_random import documents, some_answers

TODAY = date(2026, 7, 1)

SCRIPT: dict[str, Any] = {
    "key": "machines",
    "title": "Machines",
    "questions": [
        {
            "key": "budget",
            "type": "choice",
            "ask": "Budget, {first_name}?",
            "options": [
                {"key": "approved", "label": "Approved"},
                {"key": "none", "label": "None"},
                {"key": "student", "label": "For a thesis", "disqualifies": True},
            ],
        },
        {"key": "size", "type": "number", "ask": "Size?"},
        {
            "key": "needs",
            "type": "choices",
            "ask": "Needs?",
            "options": [{"key": "lift", "label": "Lift"}, {"key": "turn", "label": "Turn"}],
            "show_when": {"all": [{"question": "size", "at_least": 50}]},
        },
        {"key": "by", "type": "date", "ask": "By?", "optional": True},
        {
            "key": "rush",
            "type": "yes_no",
            "ask": "Fixed?",
            "show_when": {"all": [{"question": "by", "before": "2026-09-01"}]},
        },
    ],
    "objections": [{"say": "No time.", "answer": "When, then?", "questions": ["budget"]}],
}
SCORECARD: dict[str, Any] = {
    "key": "machines",
    "script": "machines",
    "bands": {"nurture": 30, "sell": 60},
    "answers": [
        {
            "question": "budget",
            "options": [
                {"key": "approved", "points": 40},
                {"key": "none", "points": -10},
                {"key": "student", "points": 0},
            ],
        },
        {"question": "size", "ranges": [{"at_least": 100, "points": 20}, {"points": 5}]},
        {"question": "needs", "options": [{"key": "lift", "points": 10}, {"key": "turn", "points": 15}]},
        {"question": "rush", "options": [{"key": "yes", "points": 5}, {"key": "no", "points": 0}]},
    ],
    "facts": [{"title": ["head"], "points": 5, "because": "Leads"}],
    "grey": [
        {
            "name": "Tight",
            "when": {"all": [{"question": "rush", "is": "yes"}]},
            "at_least": 50,
            "at_most": 59,
            "advice": "sell",
        }
    ],
}

Change = Callable[[dict[str, Any], dict[str, Any]], object]


def proof_of(change: Change = lambda script, card: None) -> Proof:
    script, card = copy.deepcopy(SCRIPT), copy.deepcopy(SCORECARD)
    change(script, card)
    return prove(Script.from_document(script), Scorecard.from_document(card), today=TODAY)


def question(script: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in script["questions"] if each["key"] == key)


def rule(card: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in card["answers"] if each["question"] == key)


def test_a_good_script_is_proved_without_a_finding() -> None:
    assert proof_of().findings == ()
    assert proof_of().sound


def _later(script: dict[str, Any], card: dict[str, Any]) -> None:
    question(script, "size")["show_when"] = {"all": [{"question": "by", "answered": True}]}
    question(script, "needs")["show_when"] = {"none": [{"question": "budget", "is": "none"}]}


def _circle(script: dict[str, Any], card: dict[str, Any]) -> None:
    question(script, "size")["show_when"] = {"all": [{"question": "needs", "answered": True}]}


def _never(script: dict[str, Any], card: dict[str, Any]) -> None:
    question(script, "needs")["show_when"]["all"] += [{"question": "size", "at_most": 20}]
    script["questions"].append({
        "key": "after", "type": "text", "ask": "?", "show_when": {"all": [{"question": "needs", "contains": "lift"}]}
    })  # fmt: skip


def _nothing_at_first(script: dict[str, Any], card: dict[str, Any]) -> None:
    script["questions"] = []
    card["answers"], card["grey"], card["base"] = [], [], 60
    script["objections"], card["bands"] = [], {"nurture": 60, "sell": 60}
    card["facts"] = [{"title": ["head"], "points": -50, "because": "Never"}]


def _ten(script: dict[str, Any], card: dict[str, Any]) -> None:
    more = [{"key": f"more{number}", "label": str(number)} for number in range(7)]
    question(script, "budget")["options"] += more
    rule(card, "budget")["options"] += [{"key": option["key"], "points": 0} for option in more]


DEFECTS: list[tuple[str, str, Change, str]] = [
    ("error", "broken_reference", _later, 'looks at "by", which is asked later'),
    (
        "error",
        "broken_reference",
        lambda s, c: question(s, "rush").update(show_when={"any": [{"question": "buy", "answered": True}]})
        or c.update(grey=[]),
        'looks at "buy", which is no question',
    ),
    (
        "error",
        "broken_reference",
        lambda s, c: question(s, "rush").update(show_when={"all": [{"question": "budget", "in": ["approvd"]}]})
        or c.update(grey=[]),
        'waits for "approvd", which is no option of "budget"',
    ),
    ("error", "broken_reference", lambda s, c: s["objections"][0].update(questions=["bud"]), 'belongs to "bud"'),
    ("error", "broken_reference", lambda s, c: c.update(script="other"), 'for the script "other"'),
    (
        "error",
        "broken_reference",
        lambda s, c: c["answers"].append({"question": "colour", "answered": {"points": 1}}),
        'points to "colour", which is no question',
    ),
    (
        "error",
        "broken_reference",
        lambda s, c: rule(c, "needs")["options"].append({"key": "fly", "points": 1}),
        '"fly", which is no option of "needs"',
    ),
    (
        "error",
        "broken_reference",
        lambda s, c: c["grey"][0]["when"]["all"].append({"question": "gone", "answered": False}),
        'The grey case "Tight" looks at "gone"',
    ),
    ("error", "circular", _circle, '"needs" and "size" wait for each other'),
    (
        "error",
        "circular",
        lambda s, c: question(s, "size").update(show_when={"none": [{"question": "size", "answered": True}]}),
        '"size" waits for its own answer',
    ),
    ("error", "unreachable", _never, '"needs" is never asked'),
    ("error", "dead_end", _nothing_at_first, "No question is shown"),
    (
        "error",
        "dead_end",
        lambda s, c: s["questions"].append({"key": "colour", "type": "choice", "ask": "?"}),
        '"colour" is a choice without options',
    ),
    (
        "error",
        "dead_end",
        lambda s, c: [o.update(disqualifies=True) for o in question(s, "needs")["options"]],
        'Every answer to "needs" disqualifies',
    ),
    ("error", "dead_end", lambda s, c: s["questions"].append(
        {"key": "age", "type": "number", "ask": "?", "least": 9, "most": 8}), 'No number can answer "age"'),
    (
        "error",
        "duplicate_key",
        lambda s, c: s["questions"].append({"key": "by", "type": "date", "ask": "?"}),
        'Two questions have the key "by"',
    ),
    (
        "error",
        "duplicate_key",
        lambda s, c: question(s, "needs")["options"].append({"key": "lift", "label": "Lift again"}),
        'Two options of "needs" have the key "lift"',
    ),
    (
        "error",
        "duplicate_key",
        lambda s, c: c["answers"].append({"question": "size", "ranges": [{"points": 1}]}),
        'points to "size" twice',
    ),
    (
        "error",
        "duplicate_key",
        lambda s, c: rule(c, "needs")["options"].append({"key": "lift", "points": 1}),
        'the option "lift" of "needs" twice',
    ),
    ("error", "too_many_options", _ten, "10 options"),
    (
        "error",
        "operator",
        lambda s, c: question(s, "needs").update(show_when={"all": [{"question": "budget", "at_least": 3}]}),
        "a choice is compared by answered, in, is",
    ),
    (
        "error",
        "operator",
        lambda s, c: question(s, "needs").update(show_when={"all": [{"question": "size", "is": "big"}]}),
        'the number "size" with the text "big"',
    ),
    (
        "error",
        "unknown_field",
        lambda s, c: question(s, "size").update(hint="Well, {firstname}?"),
        '"{firstname}" in "Well, {firstname}?" is no field',
    ),
    (
        "error",
        "unknown_field",
        lambda s, c: question(s, "size").update(hint="Well, {first_name?"),
        'In "Well, {first_name?" a brace stands alone',
    ),
    ("warning", "no_points", lambda s, c: rule(c, "needs")["options"].pop(), 'no points for "turn" of "needs"'),
    ("warning", "no_points", lambda s, c: c["answers"].pop(), 'no points for "rush"'),
    (
        "error",
        "points",
        lambda s, c: c["answers"].append({"question": "by", "ranges": [{"points": 1}]}),
        'has ranges for "by", which is a date',
    ),
    ("error", "bands", lambda s, c: c.update(bands={"nurture": 61, "sell": 60}), "Nurture begins at 61, above"),
    ("error", "bands", lambda s, c: c.update(bands={"nurture": 30, "sell": 96}, grey=[]), "No call can be sold"),
    ("warning", "bands", lambda s, c: c.update(bands={"nurture": 60, "sell": 60}), "No call ends with nurture"),
    ("warning", "grey", lambda s, c: c["grey"][0].update(at_least=97, at_most=100), '"Tight" never decides'),
]  # fmt: skip


@pytest.mark.parametrize(("severity", "kind", "change", "says"), DEFECTS, ids=[f"{d[1]}: {d[3]}" for d in DEFECTS])
def test_a_planted_defect_is_found_once_and_alone(severity: str, kind: str, change: Change, says: str) -> None:
    findings = proof_of(change).findings
    wanted = [finding for finding in findings if says in finding.sentence]
    assert [(finding.severity, finding.kind) for finding in wanted] == [(severity, kind)]
    # A nurture band that is empty by mistake is told twice: as the mistake and as what follows from it.
    assert [finding.sentence for finding in findings if finding not in wanted and finding.severity == "error"] == []


def test_a_proof_with_an_error_is_not_sound_and_one_with_warnings_is() -> None:
    assert not proof_of(_circle).sound
    warned = proof_of(lambda s, c: c["answers"].pop())
    assert warned.findings
    assert warned.sound


def test_the_range_of_scores_is_shown_by_calls_that_have_it() -> None:
    proof = proof_of()
    assert proof.lowest is not None
    assert proof.highest is not None
    # 40 approved + 20 size + 25 both needs + 5 rush + 5 title; the lowest is kept at 0.
    assert (proof.lowest.points, proof.highest.points) == (0, 95)
    assert {witness.advice for witness in proof.reached} == set(Disposition)


def test_the_day_of_the_call_may_be_named_because_nearness_earns_points() -> None:
    card = copy.deepcopy(SCORECARD) | {"answers": [{"question": "by", "dates": [{"within_days": 30, "points": 70}]}]}
    card["grey"] = []
    script, scorecard = Script.from_document(SCRIPT), Scorecard.from_document(card)
    near = prove(script, scorecard, today=TODAY)
    assert near.highest is not None
    day = near.highest.answers["by"]
    assert isinstance(day, str)
    assert day <= "2026-07-31"
    assert prove(script, scorecard).highest is not None


@given(documents())
def test_every_witness_is_a_finished_call_that_scores_what_it_claims(made: tuple[dict, dict]) -> None:
    script, card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    proof = prove(script, card, today=TODAY)
    for witness in (proof.lowest, proof.highest, *proof.reached):
        assert witness is not None
        result = score(card, script, witness.answers, witness.facts, TODAY)
        assert (result.points, result.advice) == (witness.points, witness.advice)
        assert all(question.optional for question in open_questions(script, witness.answers))


@given(documents(), st.data())
def test_no_call_does_what_the_proof_excludes(made: tuple[dict, dict], data: st.DataObject) -> None:
    script, card = Script.from_document(made[0]), Scorecard.from_document(made[1])
    proof = prove(script, card, today=TODAY)
    answers = data.draw(some_answers(script))
    if any(not question.optional for question in open_questions(script, answers)):
        return
    never = {finding.question for finding in proof.findings if finding.kind == "unreachable"}
    assert not never & {question.key for question in visible(script, answers)}
    assert proof.lowest is not None
    assert proof.highest is not None
    result = score(card, script, answers, Facts(), TODAY)
    assert proof.lowest.points <= result.points <= proof.highest.points
    assert result.advice in {witness.advice for witness in proof.reached}


def test_a_script_with_too_many_ways_is_called_unproved_and_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "MOST_WAYS", 10)
    proof = proof_of(_never)
    assert not proof.complete
    assert proof.lowest is None
    assert [finding.kind for finding in proof.findings] == ["size"]


def test_a_script_without_a_scorecard_can_be_proved_too() -> None:
    assert prove(Script.from_document(SCRIPT)).findings == ()


def _fact_rules(**facts: Any) -> FactRule:
    return FactRule(because="x", **facts)


def test_the_totals_of_facts_know_which_rules_can_hold_together() -> None:
    rules = (
        _fact_rules(points=1, country=("IT",)),
        _fact_rules(points=2, country=("DE",)),
        _fact_rules(points=10, title=("head",)),
        _fact_rules(points=20, title=("chief",), country=("IT",)),
        _fact_rules(points=100, size_at_least=50, size_at_most=99),
        _fact_rules(points=200, size_at_least=90),
    )
    # Italy and Germany exclude each other, as do the two sizes; a chief can be a head as well.
    titled = {0, 1, 2, 10, 11, 12, 21, 31}
    assert set(fact_totals(rules)) == {total + more for total in titled for more in (0, 100, 200)}
    for total, facts in fact_totals(rules).items():
        assert sum(reason.points for reason in fact_reasons(rules, facts)) == total


@pytest.mark.parametrize("key", ["b2b", "trade-show", "second-look"])
def test_the_scripts_that_come_with_winnow_are_proved_and_reach_every_band(key: str) -> None:
    scorecard = load_scorecards().get(key)
    proof = prove(load_scripts()[key], scorecard)
    assert proof.findings == ()
    if scorecard is None:
        assert key == "second-look"
        return
    assert proof.lowest is not None
    assert proof.highest is not None
    assert (proof.lowest.points, proof.highest.points) == (0, 100)
    assert {witness.advice for witness in proof.reached} == set(Disposition)


def test_a_caller_sees_seven_questions_in_the_default_script_and_five_after_a_fair() -> None:
    scripts = load_scripts()
    assert len(visible(scripts["b2b"], {})) == 7
    assert len(visible(scripts["trade-show"], {})) == 5
    assert all(question.hint for question in visible(scripts["b2b"], {}))
    assert len(scripts["b2b"].objections) >= 5


def test_a_script_of_the_home_takes_the_place_of_the_one_with_its_key(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "ours.toml").write_text(
        '\ufeffkey = "b2b"\ntitle = "Ours"\n[[questions]]\nkey = "q"\ntype = "text"\nask = "Größe?"\n', encoding="utf-8"
    )
    loaded = load_scripts(tmp_path)
    assert loaded["b2b"].title == "Ours"
    assert loaded["b2b"].questions[0].ask == "Größe?"
    assert "trade-show" in loaded
    assert load_scorecards(tmp_path).keys() == load_scorecards().keys()


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ('key = "x"\ntitle = \n', 2, "", "is not TOML: invalid value"),
        ('key = "x"\ntitle = "', 2, "", "is not TOML: unterminated string"),
        ('key = "x"\ntitle = "X"\ncolour = "red"\nquestions = []\n', 3, "colour", "this key is not known here"),
        (
            'title = "X"\n[[questions]]\nkey = "a"\ntype = "text"\nask = ""\n\n[[questions]]\nkey = "b"\ntype = "txt"',
            7,
            "questions[1].type",
            "question \"b\", type: there is no such choice as 'txt'",
        ),
        ("", 0, "key", "this key is missing"),
    ],
)
def test_a_file_that_is_no_script_is_refused_with_its_place(
    tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptRefused) as refused:
        read_script(file)
    assert (refused.value.file, refused.value.line, refused.value.key) == (file, line, key)
    assert says in str(refused.value)
    assert str(refused.value).startswith("mine.toml")


def test_files_that_cannot_be_read_or_are_something_else_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"none\.toml cannot be read"):
        read_scorecard(tmp_path / "none.toml")
    file = tmp_path / "binary.toml"
    file.write_bytes(b'key = "x"\n# \xff\n')
    with pytest.raises(ScriptRefused, match="line 2: is not written in UTF-8"):
        read_scorecard(file)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ScriptRefused, match="too large"):
        read_scorecard(file)


def test_two_files_with_one_key_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.toml").write_text('key = "x"\ntitle = "X"\nquestions = []\n', encoding="utf-8")
    with pytest.raises(ScriptRefused, match=r'b\.toml.*"x", as a\.toml has'):
        load_scripts(tmp_path)
