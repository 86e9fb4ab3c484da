"""What sales does with a lead: sees it, takes the second look, closes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.models.answering import answer_in_words
from app.models.entries import Answer, Closed, Id, Millis, Person, Reviewed, Verdict
from app.models.inquiry import LEAD_STAGES, Inquiry, Stage
from app.models.rows import LeadRow
from app.models.scorecard import score
from app.models.script import visible, words_apart
from app.services import queue
from app.services.errors import Refused
from app.services.handoff import DAY, MINUTE
from app.services.privacy import complete_discard, wipe_if_erased
from app.services.qualifying import SECOND_LOOK, current_script, facts_of, given, today
from app.services.seat import Changed, Seat
from app.services.store.keyed_hashes import texts_that_return

HOUR = 60 * MINUTE


def leads(seat: Seat) -> list[LeadRow]:
    """What sales has to answer: over the limit first, then highest score."""
    now, limit = seat.now(), seat.settings.hours("sales-limit-hours") * HOUR
    found: list[LeadRow] = []
    sql = "SELECT id, sold_at, score, for_member FROM inquiry WHERE stage = 'sell' ORDER BY sold_at, id"
    for inquiry_id, sold_at, points, for_member in seat.store.query(sql):
        inquiry = seat.inquiry(inquiry_id)
        found.append(
            LeadRow(
                row=queue.row(seat, inquiry_id),
                score=points or 0,
                sold_at=sold_at,
                waiting_ms=now - sold_at,
                over_limit=now - sold_at > limit,
                answers=answers_of(seat, inquiry),
                next_step=inquiry.next_step,
                for_member=for_member,
            )
        )
    return sorted(found, key=lambda lead: (not lead.over_limit, -lead.score, lead.sold_at))


def answers_of(seat: Seat, inquiry: Inquiry) -> tuple[tuple[str, str, int], ...]:
    """Every answer that counts, in words, with its points by today's scorecard."""
    script, answers = seat.script, given(inquiry)
    made = score(seat.scorecard, script, answers, facts_of(inquiry), today(seat))
    return tuple(
        (question.label, answer_in_words(question, answers[question.key]), made.points_of(question.key))
        for question in visible(script, answers)
        if question.key in answers
    )


def review(
    seat: Seat, inquiry_id: Id, verdict: Verdict, *, answers: Mapping[str, Answer] | None = None, reason: str = "",
    until: Millis | None = None,
) -> Changed:  # fmt: skip
    """The second look: accept, make a prospect, or return with a reason.

    Raises:
        Refused: it is no lead, or a return has no reason.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage not in LEAD_STAGES:
            raise Refused(
                f"This inquiry is no lead of sales: it is {inquiry.stage.value}.", kept="Nothing was changed."
            )
        returns = verdict not in {Verdict.ACCEPT, Verdict.PROSPECT}
        if returns and not reason.strip():
            raise Refused("Returning a lead needs a reason.", kept="Nothing was changed.")
        now, discards = seat.now(), verdict is Verdict.DISCARD
        facts, words = words_apart(current_script(seat, SECOND_LOOK), answers or {})
        body = Reviewed(
            verdict=verdict,
            reviewed_at=now,
            answers=facts,
            until=until or (now + seat.settings.whole("nurture-days") * DAY if verdict is Verdict.NURTURE else None),
            erase_at=now + seat.settings.whole("undo-minutes") * MINUTE if discards else None,
            keys=tuple(seat.ledger.ring.hash(text) for text in texts_that_return(inquiry)) if discards else (),
        )
        person = Person(reason=reason.strip() or None, words={key: str(value) for key, value in words.items()})
        act.append(inquiry.id, body, person)
        act.flush()
        if body.erase_at is not None and body.erase_at <= now:
            complete_discard(act, inquiry.id)
        changed = act.changed()
    wipe_if_erased(seat, changed)
    return changed


def close(seat: Seat, inquiry_id: Id, *, won: bool, amount: str = "", currency: str = "", reason: str = "") -> Changed:
    """The sale: won with an amount, or lost with a reason.

    Raises:
        Refused: it is no lead, the amount is none, or a loss has no reason.
    """
    if not won and not reason.strip():
        raise Refused("A lost sale needs a reason.", kept="Nothing was changed.")
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage not in LEAD_STAGES | {Stage.WON, Stage.LOST}:
            raise Refused(
                f"Only a lead can close, and this inquiry is {inquiry.stage.value}.", kept="Nothing was changed."
            )
        body = Closed(
            won=won,
            closed_at=seat.now(),
            amount=_amount(amount) if won else "",
            currency=(currency or seat.settings["currency"]).upper() if won else "",
        )
        act.append(inquiry.id, body, Person(reason=reason.strip() or None))
        return act.changed()


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise Refused(
            "A won sale needs its amount.", kept="Nothing was changed.", todo="Use a number such as 1200 or 1200.50."
        )
    return f"{amount:.2f}"
