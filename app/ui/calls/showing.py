"""What the call page shows of what the services know: pure functions, ready texts, no waiting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from PySide6.QtCore import QCoreApplication

from app.models.answering import answer_in_words
from app.models.entries import Answer, Answers, Disposition, Outcome
from app.models.inquiry import Inquiry, Stage
from app.models.limits import LimitState
from app.models.phrasing import fill
from app.models.points import Facts
from app.models.rows import QueueRow, Told
from app.models.scorecard import Bands, Score, score
from app.models.script import Question, objections_at, walk
from app.services.call_desk import CallDesk
from app.services.qualifying import facts_of
from app.services.today import Today
from app.services.working import Number, Opened
from app.ui import times
from app.ui.calls.queue_delegate import source_icon
from app.ui.calls.views import (
    NumberView,
    ObjectionView,
    OptionView,
    PersonView,
    QuestionView,
    ReasonView,
    ScoreView,
    ScriptView,
)

NAMELESS = "me"  # who has not told Winnow a name


def _tr(text: str) -> str:
    return QCoreApplication.translate("calls", text)


# the person


def person(opened: Opened, now: int) -> PersonView:
    """The head of the page."""
    inquiry, row = opened.view.inquiry, opened.view.row
    age, tone = _age(row, now - opened.read_at)
    request, requested_by = _request(inquiry)
    return PersonView(
        id=inquiry.id,
        name=inquiry.name or _tr("No name"),
        company=inquiry.company if inquiry.company != inquiry.name else "",
        title=inquiry.title,
        age=age,
        tone=tone,  # type: ignore[arg-type]  # the states of a limit are tones
        source=inquiry.source,
        source_icon=source_icon(inquiry.source),
        captured=times.day(inquiry.captured_at, now),
        captured_exactly=f"{times.day(inquiry.captured_at, now)} {times.clock(inquiry.captured_at)}",
        their_time=times.clock(now, row.zone) if row.zone else "",
        numbers=tuple(_number(opened, number) for number in opened.numbers),
        request=request,
        requested_by=requested_by,
        mark=_mark(opened, inquiry),
        joined=len(inquiry.subjects) > 1,
    )


def _number(opened: Opened, number: Number) -> NumberView:
    why = opened.locked or number.why
    return NumberView(number.number, number.shown, why=why)


def _request(inquiry: Inquiry) -> tuple[str, str]:
    """What the caller should know first, and who said it: why sales gave them back, else what they asked for."""
    if inquiry.returned:
        by = inquiry.returned_by if inquiry.returned_by != NAMELESS else ""
        return inquiry.returned, ", ".join(part for part in (_tr("returned by sales"), by) if part)
    request = next((each for each in reversed(inquiry.requests) if each.text), None)
    return (request.text, _asked(request.source, request.actor)) if request else ("", "")


def _asked(source: str, actor: str) -> str:
    return ", ".join(part for part in (source, actor) if part and part != NAMELESS)


def _mark(opened: Opened, inquiry: Inquiry) -> str:
    if opened.locked:
        return _tr("read only")
    if inquiry.stage is not Stage.WAITING:
        return opened.view.row.why.partition(":")[0]
    return _tr("asked anew") if inquiry.asked_anew else ""


def _age(row: QueueRow, passed: int) -> tuple[str, str]:
    if row.stage is not Stage.WAITING:
        return "", "plain"
    if row.promised_at is not None:
        if row.woken:
            return _tr("from nurture"), "due"
        return _tr("promised %s") % times.clock(row.promised_at), "due"
    waited = row.waited_ms + passed if row.waited_ms else 0
    state = LimitState.OVER if waited >= row.limit_ms else row.limit_state
    return (times.lasted(waited), state.value) if waited else (_tr("new"), "fine")


# the script


def script(
    desk: CallDesk, opened: Opened, answers: Mapping[str, Answer], asked: str, earned: Score, *, begun: bool
) -> ScriptView:
    """Where the conversation stands; `asked` is the key of the question, empty when all is asked.

    `begun`: something was answered; before, the first words of the call stand below the question.
    """
    shown, counted = walk(desk.script, answers)
    fields = facts_of(opened.view.inquiry).fields(desk.name if desk.name != "me" else "")
    question = next((each for each in shown if each.key == asked), None)
    place = shown.index(question) + 1 if question is not None else len(shown) + 1
    number = desk.script.version
    return ScriptView(
        title=_tr("Qualification"),
        version=f"{desk.script.title}, {_tr('version %d') % number}" if number else desk.script.title,
        answered=tuple(
            _answered(each, counted[each.key], earned, fields) for each in shown
            if each.key in counted and each.key != asked
        ),
        question=_question(desk, question, answers.get(asked), fields, begun=begun) if question else None,
        position=place,
        count=len(shown),
        objections=_objections(desk, asked, fields),
    )  # fmt: skip


def _answered(question: Question, answer: Answer, earned: Score, fields: Mapping[str, str]) -> Told:
    return Told(
        fill(question.ask, fields), answer_in_words(question, answer), earned.points_of(question.key), question.key
    )


def _question(
    desk: CallDesk, question: Question, answer: Answer | None, fields: Mapping[str, str], *, begun: bool
) -> QuestionView:
    opening = fill(desk.script.opening, fields) if desk.script.opening and not begun else ""
    hint = f"“{opening}”" if opening else fill(question.hint, fields)
    return QuestionView(
        key=question.key,
        text=fill(question.ask, fields),
        kind=question.type,
        hint=hint,
        options=tuple(
            OptionView(option.key, option.label, _points(desk, question, option.key)) for option in question.choices
        ),
        answer=answer,
        unit=question.unit,
    )


def _points(desk: CallDesk, question: Question, option: str) -> int | None:
    rule = desk.scorecard.rule(question.key)
    return desk.scorecard.option_points(question.key, option) if rule is not None and rule.options else None


def _objections(desk: CallDesk, asked: str, fields: Mapping[str, str]) -> tuple[ObjectionView, ...]:
    found = [
        ObjectionView(f"“{fill(each.say, fields)}”", fill(each.answer, fields))
        for each in objections_at(desk.script, asked)
    ]
    if desk.script.voicemail:
        found.append(ObjectionView(_tr("On a machine"), fill(desk.script.voicemail, fields)))
    return tuple(found)


# the score


class Standing(msgspec.Struct, frozen=True):
    """A score, and whether enough is known for its advice to be shown."""

    score: Score
    settled: bool


def standing(desk: CallDesk, facts: Facts, answers: Mapping[str, Answer], today: date) -> Standing:
    """How the answers stand.

    The sum of no answers is a discard by points alone, which nobody meant: advice counts as settled once half of the
    questions that are shown have their answer, or one disqualifies, or nothing that is left could change the band.
    """
    made = score(desk.scorecard, desk.script, answers, facts, today)
    shown, counted = walk(desk.script, answers)
    settled = (
        bool(made.disqualified_by) or 2 * len(counted) >= len(shown) or _decided(desk.scorecard.bands, made, counted)
    )
    return Standing(made, settled)


def _decided(bands: Bands, made: Score, counted: Answers) -> bool:
    return bool(counted) and bands.advise(made.low) is bands.advise(made.high)


def score_view(desk: CallDesk, now: Standing) -> ScoreView:
    """The right pane."""
    made = now.score
    warning = _tr("Disqualified: %s") % made.disqualified_by if made.disqualified_by else made.grey
    return ScoreView(
        points=made.points,
        advice=made.advice,
        settled=now.settled,
        nurture_from=desk.scorecard.bands.nurture,
        sell_from=desk.scorecard.bands.sell,
        reasons=tuple(ReasonView(each.text, each.points) for each in made.reasons),
        questions_left=made.open_count,
        lowest=made.low,
        highest=made.high,
        warning=warning,
    )


# the foot


def today(figures: Today) -> str:
    """`Today: 31 calls · 12 qualified · first call in 5 h 20 m (median)`."""
    calls = _tr("1 call") if figures.calls == 1 else _tr("%d calls") % figures.calls
    parts = [_tr("Today: %s") % calls, _tr("%d qualified") % figures.qualified]
    if figures.first_call_ms is not None:
        parts.append(_tr("first call in %s (median)") % times.lasted(figures.first_call_ms))
    return " · ".join(parts)


def nobody(opens_at: int | None, now: int) -> tuple[str, str]:
    """Title and words of the page while nobody can be called."""
    if opens_at is None:
        return _tr("Everybody has been called"), _tr("Nobody waits for a call now. Import a list, or capture somebody.")
    minutes = max(1, -(-(opens_at - now) // times.MINUTE))
    span = f"{minutes // 60} h {minutes % 60:02d} m" if minutes >= 60 else f"{minutes} min"
    day = times.day(opens_at, now)
    when = times.clock(opens_at) if day == times.day(now, now) else f"{day} {times.clock(opens_at)}"
    return _tr("Nobody can be called now"), _tr("The next one opens at %s, in %s. It is shown by itself.") % (
        when,
        span,
    )


def told(name: str, what: str) -> str:
    """What was done with somebody, for the toast."""
    words = {
        Disposition.SELL.value: _tr("%s: sold, sales is told."),
        Disposition.NURTURE.value: _tr("%s: in nurture."),
        Disposition.DISCARD.value: _tr("%s: discarded; the details are erased when the undo time is over."),
        Outcome.NO_ANSWER.value: _tr("%s: no answer."),
        Outcome.VOICEMAIL.value: _tr("%s: voicemail."),
        Outcome.BUSY.value: _tr("%s: busy."),
        Outcome.CALLBACK.value: _tr("%s: will be called back."),
        Outcome.WRONG_NUMBER.value: _tr("%s: wrong number noted."),
        Outcome.DO_NOT_CALL.value: _tr("Nobody calls %s again; only a lift with a reason ends that."),
        "skip": _tr("%s: skipped for now."),
    }
    return words[what] % name
