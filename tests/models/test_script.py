"""A script shows the questions that apply, takes the answers that people type, and is refused when it is not one."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.answering import AnswerError, answer_in_words, parse_answer, parse_answers
from app.models.documents import ScriptError
from app.models.phrasing import fill, unknown_fields
from app.models.script import (
    Question,
    Script,
    next_question,
    objections_at,
    open_questions,
    previous_question,
    visible,
    visible_answers,
    words_apart,
)
from tests.models.scripts_at_random import documents, some_answers

DOCUMENT = {
    "key": "machines",
    "title": "Machines",
    "questions": [
        {
            "key": "budget",
            "type": "choice",
            "ask": "Is a budget set aside, {first_name}?",
            "options": [
                {"key": "approved", "label": "Approved"},
                {"key": "planned", "label": "Planned, not approved"},
                {"key": "none", "label": "None"},
            ],
        },
        {"key": "size", "type": "number", "ask": "How many people?", "unit": "people", "most": 500},
        {
            "key": "needs",
            "type": "choices",
            "ask": "What must it do?",
            "optional": True,
            "options": [{"key": "lift", "label": "Lift"}, {"key": "turn", "label": "Turn"}],
            "show_when": {"all": [{"question": "size", "at_least": 50}]},
        },
        {
            "key": "signer",
            "type": "text",
            "ask": "Who signs?",
            "show_when": {
                "all": [{"question": "budget", "in": ["approved", "planned"]}],
                "any": [{"question": "size", "at_least": 100}, {"question": "needs", "contains": "turn"}],
                "none": [{"question": "size", "at_least": 400}],
            },
        },
        {"key": "by", "type": "date", "ask": "By when?"},
        {
            "key": "rush",
            "type": "yes_no",
            "ask": "Is that fixed?",
            "show_when": {"all": [{"question": "by", "after": "2026-01-01", "before": "2026-07-01"}]},
        },
    ],
    "objections": [
        {"say": "No time.", "answer": "When, then?"},
        {"say": "Too expensive.", "answer": "Compared with what?", "questions": ["budget"]},
    ],
}


def script() -> Script:
    return Script.from_document(copy.deepcopy(DOCUMENT))


def keys(questions: list[Question]) -> list[str]:
    return [question.key for question in questions]


def ask(key: str) -> Question:
    question = script().question(key)
    assert question is not None
    return question


def test_questions_without_a_condition_are_shown_from_the_start() -> None:
    assert keys(visible(script(), {})) == ["budget", "size", "by"]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"budget": "approved", "size": 49}, set()),
        ({"budget": "approved", "size": 50}, {"needs"}),
        ({"budget": "approved", "size": 50, "needs": ["lift"]}, {"needs"}),
        ({"budget": "approved", "size": 50, "needs": ["lift", "turn"]}, {"needs", "signer"}),
        ({"budget": "planned", "size": 399}, {"needs", "signer"}),
        ({"budget": "planned", "size": 400}, {"needs"}),
        ({"budget": "none", "size": 100}, {"needs"}),
        ({"by": "2026-01-01"}, set()),
        ({"by": "2026-01-02"}, {"rush"}),
        ({"by": "2026-07-01"}, set()),
        ({"by": "soon"}, set()),
    ],
)
def test_a_condition_shows_its_question_exactly_when_it_holds(answers: dict, shown: set[str]) -> None:
    assert set(keys(visible(script(), answers))) == {"budget", "size", "by"} | shown


def test_the_answer_of_a_hidden_question_shows_nothing_further() -> None:
    answers = {"budget": "approved", "size": 10, "needs": ["turn"]}
    assert "signer" not in keys(visible(script(), answers))
    assert "needs" not in visible_answers(script(), answers)


def test_the_next_question_is_the_first_open_one_ahead_and_then_the_one_left_behind() -> None:
    first = next_question(script(), {})
    assert first is not None
    assert first.key == "budget"
    after_size = next_question(script(), {"size": 60}, after="size")
    assert after_size is not None
    assert after_size.key == "needs"
    left_behind = next_question(script(), {"size": 10, "by": "2030-01-01"}, after="by")
    assert left_behind is not None
    assert left_behind.key == "budget"
    # The optional one is open, and nobody is led back to it.
    done = {"budget": "none", "size": 60, "by": "2030-01-01"}
    assert keys(open_questions(script(), done)) == ["needs"]
    assert next_question(script(), done, after="by") is None


def test_the_previous_question_passes_over_hidden_ones() -> None:
    before = previous_question(script(), {"size": 10}, before="by")
    assert before is not None
    assert before.key == "size"
    assert previous_question(script(), {}, before="budget") is None


def test_objections_that_belong_to_the_question_come_first() -> None:
    assert objections_at(script(), "budget")[0].say == "Too expensive."
    assert objections_at(script(), "size")[0].say == "No time."


def test_answers_in_words_are_set_apart_because_they_describe_a_person() -> None:
    facts, words = words_apart(script(), {"size": 60, "signer": "Anna Berg", "budget": "none", "lost": "Ring Anna"})
    assert facts == {"size": 60, "budget": "none"}
    assert words == {"signer": "Anna Berg", "lost": "Ring Anna"}


@pytest.mark.parametrize(
    ("key", "typed", "meant"),
    [
        ("budget", "approved", "approved"),
        ("budget", "  APPROVED ", "approved"),
        ("budget", "planned, NOT approved", "planned"),
        ("budget", "pl", "planned"),
        ("needs", "turn, lift", ["lift", "turn"]),
        ("needs", "Turn", ["turn"]),
        ("rush", "Y", "yes"),
        ("rush", "nein", "no"),
        ("size", "60", 60.0),
        ("size", "0,5", 0.5),
        ("by", "2030-06-30", "2030-06-30"),
        ("signer", " Anna = both, ", "Anna = both,"),
    ],
)
def test_an_answer_is_understood_as_people_type_it(key: str, typed: str, meant: object) -> None:
    assert parse_answer(ask(key), typed) == meant


def test_thousands_may_be_written_with_commas_or_spaces() -> None:
    people = Question("people", "number", "?")
    assert parse_answer(people, "1,200") == parse_answer(people, "1 200") == parse_answer(people, "1’200") == 1200.0


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("budget", "perhaps", "approved (Approved), planned (Planned, not approved), none (None)"),
        ("needs", "lift, fly", '"fly" is no answer to "needs"'),
        ("rush", "maybe", "say yes or no"),
        ("size", "many", "such as 50"),
        ("size", "nan", "is not a number"),
        ("size", "501", "at most 500"),
        ("size", "-1", "at least 0"),
        ("by", "30.06.2030", "2030-06-30"),
        ("signer", "  ", "leave it out"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_what_fits(key: str, typed: str, says: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_answer(ask(key), typed)
    assert says in str(refused.value)


def test_a_beginning_that_fits_two_options_is_refused_with_both() -> None:
    options = [{"key": "one", "label": "Within a month"}, {"key": "two", "label": "Within a year"}]
    document = {"key": "s", "title": "S", "questions": [{"key": "q", "type": "choice", "ask": "?", "options": options}]}
    question = Script.from_document(document).questions[0]
    with pytest.raises(AnswerError, match=r"more than one answer.*one .*two"):
        parse_answer(question, "within")


def test_pairs_from_the_terminal_become_answers_and_a_misspelt_question_is_named() -> None:
    assert parse_answers(script(), ["budget=approved", "size=60", "signer=a=b"]) == {
        "budget": "approved",
        "size": 60.0,
        "signer": "a=b",
    }
    with pytest.raises(AnswerError, match='Did you mean "budget"'):
        parse_answers(script(), ["bugdet=approved"])
    with pytest.raises(AnswerError, match="budget=approved"):
        parse_answers(script(), ["approved"])


def test_answers_are_shown_in_words() -> None:
    assert answer_in_words(ask("budget"), "planned") == "Planned, not approved"
    assert answer_in_words(ask("needs"), ["lift", "turn"]) == "Lift, Turn"
    assert answer_in_words(ask("rush"), "yes") == "Yes"
    assert answer_in_words(ask("size"), 60.0) == "60 people"
    assert answer_in_words(ask("budget"), "no longer there") == "no longer there"
    assert answer_in_words(None, 1234567.0) == "1234567"


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("When would you need it, {first_name}?", {"first_name": "Maria"}, "When would you need it, Maria?"),
        ("When would you need it, {first_name}?", {}, "When would you need it?"),
        ("{first_name}, when would you need it?", {}, "When would you need it?"),
        ("Hello {first_name}, how are you?", {}, "Hello, how are you?"),
        ("Would you, {first_name}, need it?", {}, "Would you, need it?"),
        ("You reached us through {source}, is that so?", {}, "You reached us, is that so?"),
        ("As {title}, do you decide?", {}, "Do you decide?"),
        ("Who at {company} decides?", {}, "Who at your company decides?"),
        ("Who at {company|the firm} decides?", {}, "Who at the firm decides?"),
        ("Who at {company|the firm} decides?", {"company": "Rossi"}, "Who at Rossi decides?"),
        ("Hello {firstname}!", {"firstname": "Maria"}, "Hello!"),
        ("{first_name.__class__} {0} {", {}, "{first_name.__class__} {0} {"),
        ("Hello {first_name}!", {"first_name": "{company}", "company": "Rossi"}, "Hello {company}!"),
        ("A year of 100 {company} days", {"company": " R & D "}, "A year of 100 R & D days"),
    ],
)
def test_fields_are_filled_in_and_empty_ones_leave_a_natural_sentence(text: str, fields: dict, said: str) -> None:
    assert fill(text, fields) == said


def test_names_in_braces_that_are_no_field_are_found() -> None:
    assert unknown_fields("{first_name} {firstname} {company|your firm} {0}") == ("firstname", "0")


@pytest.mark.parametrize(
    ("change", "path", "where"),
    [
        (lambda d: d.update(colour="red"), "colour", "colour"),
        (lambda d: d["questions"][0].update(hnit="x"), "questions[0].hnit", 'question "budget", hnit'),
        (lambda d: d["questions"][1].pop("ask"), "questions[1].ask", 'question "size", ask'),
        (
            lambda d: d["questions"][0]["options"][1].update(label=3),
            "questions[0].options[1].label",
            'question "budget", option "planned", label',
        ),
        (lambda d: d["questions"][0].update(type="chioce"), "questions[0].type", 'question "budget", type'),
        (lambda d: d["questions"][0].update(key="Bud get"), "questions[0].key", 'question "Bud get", key'),
        (
            lambda d: d["questions"][2]["show_when"]["all"][0].update(at_laest=5),
            "questions[2].show_when.all[0].at_laest",
            'question "needs", show_when, all "size", at_laest',
        ),
        (
            lambda d: d["questions"][2].update(show_when={"all": [{"question": "size"}]}),
            "questions[2].show_when.all[0]",
            'question "needs", show_when, all "size"',
        ),
        (
            lambda d: d["questions"][1].update(options=[{"key": "a", "label": "A"}]),
            "questions[1]",
            'question "size"',
        ),
    ],
)
def test_a_document_that_is_no_script_is_refused_with_the_place(change, path: str, where: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(ScriptError) as refused:
        Script.from_document(document)
    assert refused.value.path == path
    assert refused.value.where == where
    assert "`" not in refused.value.problem


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"key": "x"}', b'"script"'])
def test_bytes_that_are_no_script_are_refused(data: bytes) -> None:
    with pytest.raises(ScriptError):
        Script.decode(data)


def test_publishing_gives_a_version_and_changes_nothing_else() -> None:
    published = script().published_as(4)
    assert published.version == 4
    assert published.questions == script().questions
    assert Script.decode(published.encode()) == published


@given(documents())
def test_a_script_is_the_same_after_a_round_trip(made: tuple[dict, dict]) -> None:
    original = Script.from_document(made[0])
    assert Script.decode(original.encode()) == original
    assert Script.from_document(original.to_document()) == original


@given(documents(), st.data())
def test_hidden_answers_and_their_removal_show_the_same_questions(made: tuple[dict, dict], data: st.DataObject) -> None:
    random_script = Script.from_document(made[0])
    answers = data.draw(some_answers(random_script))
    shown = visible(random_script, answers)
    order = [random_script.questions.index(question) for question in shown]
    assert order == sorted(set(order))
    assert visible(random_script, visible_answers(random_script, answers)) == shown
    assert set(keys(open_questions(random_script, answers))) == set(keys(shown)) - set(answers)


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(["first_name", "company"]), st.text(max_size=10)))
def test_any_text_can_be_filled_in(text: str, fields: dict[str, str]) -> None:
    assert isinstance(fill(text, fields), str)
    assert "{first_name}" not in fill("{first_name}".join(["x", "y"]), {})
