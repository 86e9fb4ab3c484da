"""Which answers predict a sale: how much oftener than usual those who gave one were won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import sqrt

import msgspec

from app.models.entries import Answer, Millis
from app.models.inquiry import Inquiry
from app.models.script import Script
from app.services.seat import Seat
from app.services.sources import spelled

MOST_CLOSED = 1000  # the latest ones: they say what holds now, and are read in a moment
LEAST_CLOSED = 20  # of fewer nothing is said
LEAST_GIVEN = 5  # how often an answer has to have been given
SURE = 1.96  # standard deviations: 95 of 100


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, and what became of those who gave it."""

    question: str  # in a word or two
    answer: str
    given: int
    won: int
    lift: float  # the share that was won of those, over that of all
    sure: bool  # 95 of 100 such differences are no chance


class Predictions(msgspec.Struct, frozen=True, kw_only=True):
    """From how many closed sales, and what they say; the strongest first."""

    closed: int
    won: int
    rows: tuple[Prediction, ...]


def predictions(seat: Seat, *, until: Millis | None = None, source: str = "") -> Predictions:
    """What the latest closed sales say, of those captured before a moment and of one source where they are named."""
    sql = "SELECT id FROM inquiry WHERE stage IN ('won', 'lost')"
    sql += " AND captured_at < :until" if until is not None else ""
    sql += " AND source = :source" if source else ""
    parameters = {"until": until, "source": spelled(seat, source) if source else "", "most": MOST_CLOSED}
    with seat.store.snapshot():
        rows = seat.store.query(f"{sql} ORDER BY closed_at DESC, id LIMIT :most + 0", parameters)
        return of(seat.ledger.inquiries([row[0] for row in rows]).values(), seat.script)


def of(inquiries: Iterable[Inquiry], script: Script) -> Predictions:
    """What closed inquiries say of the answers that the script offers now; what they answered otherwise is left out."""
    closed = won = 0
    given: Counter[tuple[str, str]] = Counter()
    sold: Counter[tuple[str, str]] = Counter()
    for inquiry in inquiries:
        if inquiry.won is None:
            continue
        closed += 1
        won += inquiry.won
        for question, answer in inquiry.answers.items():
            for key in _keys(answer):
                given[question, key] += 1
                sold[question, key] += inquiry.won
    if closed < LEAST_CLOSED or not won:
        return Predictions(closed=closed, won=won, rows=())
    rows = [
        _row(script, question.key, option.key, given[question.key, option.key], sold[question.key, option.key],
             won / closed)
        for question in script.questions
        for option in question.choices
        if given[question.key, option.key] >= LEAST_GIVEN
    ]  # fmt: skip
    return Predictions(closed=closed, won=won, rows=tuple(sorted(rows, key=lambda row: (-row.lift, -row.given))))


def _keys(answer: Answer) -> set[str]:
    return set(answer) if isinstance(answer, list) else {answer} if isinstance(answer, str) else set()


def _row(script: Script, question: str, key: str, given: int, won: int, usual: float) -> Prediction:
    asked = script.question(question)
    option = asked.option(key) if asked is not None else None
    assert asked is not None and option is not None
    low, high = _between(won, given)
    return Prediction(
        question=asked.label, answer=option.label, given=given, won=won, lift=won / given / usual,
        sure=not low <= usual <= high,
    )  # fmt: skip


def _between(part: int, whole: int) -> tuple[float, float]:
    """Where the true share lies, 95 times of 100 (Wilson 1927)."""
    share, square = part / whole, SURE * SURE
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    wide = SURE / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return middle - wide, middle + wide
