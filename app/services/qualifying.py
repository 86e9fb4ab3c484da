"""The score of an inquiry by what is published now, and what it is made of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from app.models.entries import Answer, Answers
from app.models.inquiry import Inquiry
from app.models.points import Facts
from app.models.scorecard import Score, score
from app.services.seat import Seat


def facts_of(inquiry: Inquiry) -> Facts:
    """What the scorecard may look at, and what the script's texts may name."""
    return Facts(
        country=inquiry.country or (inquiry.number.region if inquiry.number else ""),
        title=inquiry.title,
        source=inquiry.source,
        size=inquiry.size,
        first_name=inquiry.first_name,
        last_name=inquiry.last_name,
        company=inquiry.company,
    )


def today(seat: Seat) -> datetime.date:
    """The day at this desk."""
    return datetime.datetime.fromtimestamp(seat.now() / 1000, ZoneInfo(seat.settings["zone"])).date()


def given(inquiry: Inquiry, more: Mapping[str, Answer] | None = None) -> Answers:
    """All answers so far, in words too, with newer ones over older ones."""
    return {**inquiry.answers, **inquiry.words, **(more or {})}


def score_of(seat: Seat, inquiry: Inquiry, answers: Mapping[str, Answer], *, outlook: bool = True) -> Score:
    """The score of an inquiry with these answers, by what is published now."""
    return score(seat.scorecard, seat.script, answers, facts_of(inquiry), today(seat), outlook=outlook)
