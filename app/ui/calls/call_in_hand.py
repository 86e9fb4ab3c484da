"""The call in hand: what was answered and typed in it, which question is asked, how it stands. No widget, no store."""

from __future__ import annotations

from app.models.conditions import is_given
from app.models.entries import Answer, Answers
from app.models.script import next_question, previous_question, visible_answers
from app.services.call_desk import CallDesk
from app.services.drafts import Draft
from app.services.qualifying import facts_of
from app.services.working import Opened
from app.ui.calls import showing
from app.ui.calls.views import ScoreView, ScriptView


class CallInHand:
    """One inquiry while it is worked; every change is a draft at once."""

    def __init__(self, desk: CallDesk, opened: Opened, now: int) -> None:
        draft = opened.view.draft
        self.desk, self.opened = desk, opened
        self.given: Answers = dict(draft.answers)  # in this call
        self.note = draft.note
        self.number = self._number_like(draft.number)
        self.dialled_at = 0  # a call that was under way when Winnow ended is over: how long it was, nobody knows
        self.facts = facts_of(opened.view.inquiry)
        self.saved = draft  # what the store has, or will have
        self._resume(draft.question)
        self.weigh(now)

    def _resume(self, question: str) -> None:
        known = self.desk.script.question(question)
        first = next_question(self.desk.script, self.answers)
        self.question = question if known is not None else first.key if first is not None else ""

    def _number_like(self, number: str) -> int:
        numbers = [each.number for each in self.opened.numbers]
        if number in numbers:
            return numbers.index(number)
        return next((place for place, each in enumerate(self.opened.numbers) if not each.why), 0)

    # what it is about

    @property
    def id(self) -> str:
        """The inquiry's."""
        return self.opened.id

    @property
    def name(self) -> str:
        """Who is called."""
        return self.opened.view.inquiry.name

    @property
    def answers(self) -> Answers:
        """All answers, those of earlier calls included."""
        inquiry = self.opened.view.inquiry
        return {**inquiry.answers, **inquiry.words, **self.given}

    def dialled(self) -> str:
        """The number in use; empty when there is none."""
        numbers = self.opened.numbers
        return numbers[self.number].number if numbers else ""

    def calling_class(self) -> str:
        """The class of hours of the number in use."""
        numbers = self.opened.numbers
        return (numbers[self.number].calling_class if numbers else "") or self.opened.view.calling_class

    def draft(self) -> Draft:
        """What is kept of it until an entry takes it over; empty while nothing was done."""
        if not (self.given or self.note or self.dialled_at):
            return Draft()
        number = self.dialled() if self.dialled_at or self.number else ""
        return Draft(
            answers=dict(self.given), note=self.note, question=self.question, number=number, dialled_at=self.dialled_at
        )

    def refresh(self, desk: CallDesk, opened: Opened, now: int) -> None:
        """Newer facts of the same inquiry; what was answered and typed here stays."""
        in_use = self.dialled()
        self.desk, self.opened, self.facts = desk, opened, facts_of(opened.view.inquiry)
        self.number = self._number_like(in_use)
        if self.question and desk.script.question(self.question) is None:
            self._resume("")
        self.weigh(now)

    # the script

    def weigh(self, now: int) -> None:
        """Scores the answers anew: 0.15 ms."""
        self.standing = showing.standing(self.desk, self.facts, self.answers, self.desk.today(now))

    def answer(self, key: str, answer: Answer, now: int) -> None:
        """Takes an answer; one whose question is later hidden is kept, and scores nothing."""
        self.given[key] = answer
        self.weigh(now)

    def go_on(self) -> None:
        """To the next open question; all is asked when there is none."""
        following = next_question(self.desk.script, self.answers, self.question)
        self.question = following.key if following is not None else ""

    def go_back(self) -> bool:
        """To the question before; False when this is the first."""
        before = previous_question(self.desk.script, self.answers, self.question)
        if before is None:
            return False
        self.question = before.key
        return True

    def visible_answers(self) -> Answers:
        """The answers that count."""
        return visible_answers(self.desk.script, self.answers)

    def out_of_range(self, key: str, answer: Answer) -> str:
        """Why a number is none that the question takes; empty when it is."""
        question = self.desk.script.question(key)
        if question is None or question.type != "number" or not isinstance(answer, (int, float)):
            return ""
        if answer < question.least:
            return f"{answer:g} < {question.least:g}"
        return f"{answer:g} > {question.most:g}" if question.most is not None and answer > question.most else ""

    # shown

    def script_view(self) -> ScriptView:
        """The middle of the page."""
        begun = any(is_given(answer) for answer in self.given.values())
        return showing.script(self.desk, self.opened, self.answers, self.question, self.standing.score, begun=begun)

    def score_view(self) -> ScoreView:
        """The right pane."""
        return showing.score_view(self.desk, self.standing)
