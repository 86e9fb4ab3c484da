"""Rows as JSON documents and as tables: one place for the keys that scripts rely on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.cli.printing import Clock, iso, safe, span, table
from app.models.limits import LimitState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.cli.session import Session
    from app.models.entries import Id
    from app.models.rows import HistoryRow, LeadRow, QueueRow, SalesRow
    from app.services.seat import Seat


def queue_keys(row: QueueRow) -> dict[str, Any]:
    """A row of the queue under its keys; what is empty is null."""
    return {
        "id": row.id,
        "first_name": row.first_name or None,
        "last_name": row.last_name or None,
        "company": row.company or None,
        "title": row.title or None,
        "phone": row.phone or None,
        "email": row.email or None,
        "source": row.source or None,
        "captured_at": iso(row.captured_at),
        "waiting_seconds": row.waited_ms // 1000,
        "limit_seconds": row.limit_ms // 1000,
        "over_limit": row.limit_state is LimitState.OVER,
        "attempts": row.attempts,
        "promised_at": iso(row.promised_at),
        "callable": row.callable,
        "why": row.why or None,
    }


def money(amounts: Iterable[tuple[Decimal, str]]) -> list[dict[str, str]]:
    """Amounts, one for each currency."""
    return [{"amount": f"{amount:.2f}", "currency": currency} for amount, currency in amounts]


def inquiry_keys(seat: Seat, inquiry_id: Id) -> dict[str, Any]:
    """An inquiry under the keys of `show`; of a merged one, the survivor."""
    from app.services import queue
    from app.services.history import history
    from app.services.qualifying import given, score_of

    row = queue.row(seat, inquiry_id)
    inquiry = seat.inquiry(row.id)
    score = score_of(seat, inquiry, given(inquiry))
    decided = inquiry.disposition is not None
    points = inquiry.score if decided else score.points if inquiry.answers else None
    # of somebody who is gone, what they answered still counts, and what describes them does not show
    hidden = row.stage.value in {"discarded", "erased"}
    reasons = [reason for reason in score.reasons if reason.question or not hidden]
    expired = inquiry.return_by is not None and inquiry.return_by <= seat.now()
    return {
        **queue_keys(row),
        "stage": row.stage.value,
        "disposition": inquiry.disposition.value if inquiry.disposition else None,
        "score": points,
        "reasons": [{"text": reason.text, "points": reason.points} for reason in reasons],
        "owner": None if expired else inquiry.owner or None,
        "contested": inquiry.contested,
        "history": [_history(one) for one in history(seat, row.id)],
    }


def _history(row: HistoryRow) -> dict[str, Any]:
    return {"at": iso(row.at), "actor": row.actor, "kind": row.kind, "text": row.text}


def lead_keys(lead: LeadRow) -> dict[str, Any]:
    """A lead of sales."""
    return {
        **queue_keys(lead.row),
        "score": lead.score,
        "sold_at": iso(lead.sold_at),
        "waiting_for_sales_seconds": lead.waiting_ms // 1000,
        "answers": [{"question": each.question, "answer": each.answer, "points": each.points} for each in lead.told],
        "next_step": lead.next_step or None,
    }


def sales_keys(row: SalesRow) -> dict[str, Any]:
    """A lead that sales has taken on, or closed."""
    return {
        "id": row.id,
        "first_name": row.first_name or None,
        "last_name": row.last_name or None,
        "company": row.company or None,
        "phone": row.phone or None,
        "email": row.email or None,
        "stage": row.stage.value,
        "score": row.score,
        "sold_at": iso(row.sold_at),
        "accepted_at": iso(row.accepted_at),
        "member": row.for_member or None,
        "next_step": row.planned_step or None,
        "next_step_at": iso(row.planned_at),
        "closed_at": iso(row.closed_at),
        "amount": {"amount": row.amount, "currency": row.currency} if row.amount else None,
    }


# for people


def show_rows(session: Session, rows: Sequence[QueueRow], *, none: str) -> None:
    """Rows of the queue as a table, or as JSON."""
    if session.json:
        session.document([queue_keys(row) for row in rows])
        return
    if not rows:
        session.out(none)
        return
    from app.services.finding import short_ids

    short = short_ids(session.seat, [row.id for row in rows])
    lines = table(
        ("ID", "waits", "", "name", "company", "number", "source", "calls", ""),
        [
            (
                short[row.id],
                span(row.waited_ms) if row.waited_ms else "",
                {LimitState.OVER: "over", LimitState.SOON: "soon"}.get(row.limit_state, ""),
                safe(row.name),
                safe(row.company),
                safe(row.phone),
                safe(row.source),
                f"{row.attempts}/{row.attempts_allowed}" if row.attempts else "",
                safe(row.why),
            )
            for row in rows
        ],
        right=(1,),
    )
    for line in lines:
        session.out(line)


def show_inquiry(session: Session, inquiry_id: Id) -> None:
    """An inquiry and its history, for people or as JSON."""
    seat = session.seat
    keys = inquiry_keys(seat, inquiry_id)
    if session.json:
        session.document(keys)
        return
    from app.services import queue

    row, clock = queue.row(seat, keys["id"]), Clock(seat)
    session.out(safe(row.name) or "(nobody: the person is gone)")
    what = f"{keys['stage']}, {keys['score']} points" if keys["score"] is not None else keys["stage"]
    facts = [
        ("id", row.id), ("company", row.company), ("title", row.title), ("number", row.phone), ("e-mail", row.email),
        ("source", row.source), ("captured", clock.both(row.captured_at)), ("stage", what),
        ("waits", _wait(row)), ("promised", clock.both(row.promised_at) if row.promised_at else ""),
        ("not now", "" if row.callable else row.why), ("owner", keys["owner"] or ""),
        ("", "contested: two decisions contradict each other" if keys["contested"] else ""),
    ]  # fmt: skip
    for name, value in facts:
        if value:
            session.out(f"  {name:<9} {safe(value)}")
    for reason in keys["reasons"]:
        session.out(f"  {reason['points']:+9} {safe(reason['text'])}")
    session.out("History")
    from app.services.history import history

    lines = [(clock.exact(one.at), safe(one.actor), safe(one.text)) for one in history(seat, row.id)]
    for line in table(("when", "who", "what"), lines)[1:]:
        session.out(f"  {line}")


def _wait(row: QueueRow) -> str:
    if not row.waited_ms:
        return ""
    over = {LimitState.OVER: ", over the limit", LimitState.SOON: ", soon over the limit"}.get(row.limit_state, "")
    return f"{span(row.waited_ms)} of {span(row.limit_ms)}{over}"
