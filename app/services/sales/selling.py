"""What sales does with a lead: takes the second look, promises a next step, closes, and takes back a slip."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from app.models.entries import MOST_AMOUNT, Answer, Closed, Id, Millis, Person, Planned, Reviewed, Undone, Verdict
from app.models.entry import Entry
from app.models.inquiry import LEAD_STAGES, Inquiry, Stage
from app.models.rows import LeadRow, Told
from app.models.scorecard import score
from app.models.script import visible, words_apart
from app.services import drafts, queue, sources
from app.services.errors import Refused
from app.services.handoff import DAY, MINUTE
from app.services.privacy import complete_discard, wipe_if_erased
from app.services.published import SECOND_LOOK, current_script
from app.services.qualifying import facts_of, given, today
from app.services.sales.leads import Group, lead_page
from app.services.seat import Act, Changed, Seat
from app.services.store.keyed_hashes import texts_that_return

KEEPS = frozenset({Verdict.ACCEPT, Verdict.PROSPECT})  # sales goes on with it
UNDOABLE = frozenset({"reviewed", "closed", "planned", "lead_assigned"})
GONE_ON = frozenset({"called", "disposed", "reviewed", "closed"})  # after these there is no way back
MOST_MINUTES = 24 * 60
ONE_STROKE = 100  # milliseconds: nobody does two things in less


def leads(seat: Seat) -> list[LeadRow]:
    """What sales has to answer, with every answer: over the limit first, then highest score."""
    found: list[LeadRow] = []
    page = lead_page(seat, Group.NEW)
    while page.rows:
        folds = seat.ledger.inquiries([row.id for row in page.rows])
        rows = queue.rows(seat, [row.id for row in page.rows])
        for lead, row in zip(page.rows, rows, strict=True):
            inquiry = folds[lead.id]
            found.append(
                LeadRow(
                    row=row,
                    score=lead.score,
                    sold_at=lead.sold_at,
                    waiting_ms=lead.waited_ms,
                    over_limit=lead.limit_state.value == "over",
                    told=told(seat, inquiry),
                    next_step=inquiry.next_step,
                    for_member=lead.for_member,
                )
            )
        if page.next is None:
            break
        page = lead_page(seat, Group.NEW, page.next)
    return found


def told(seat: Seat, inquiry: Inquiry) -> tuple[Told, ...]:
    """Every answer that counts, in words, with its points by today's scorecard."""
    from app.models.answering import answer_in_words

    script, answers = seat.script, given(inquiry)
    made = score(seat.scorecard, script, answers, facts_of(inquiry), today(seat))
    return tuple(
        Told(question.label, answer_in_words(question, answers[question.key]), made.points_of(question.key))
        for question in visible(script, answers)
        if question.key in answers
    )


# the second look


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A next step that was agreed: what, when, how long."""

    text: str
    at: Millis
    minutes: int = 30


def review(
    seat: Seat, inquiry_id: Id, verdict: Verdict, *, answers: Mapping[str, Answer] | None = None, reason: str = "",
    until: Millis | None = None, step: Step | None = None,
) -> Changed:  # fmt: skip
    """The second look: accept, make a prospect (with the next step that was agreed), or return with a reason.

    `until`: nurture: when to wake; call again: not before.

    Raises:
        Refused: it is no lead, somebody else has them on the line, a return has no reason, or a day is past.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        _may_be_answered(seat, inquiry, verdict, reason, until)
        now, discards = seat.now(), verdict is Verdict.DISCARD
        said = {**drafts.read(seat, inquiry.id).look, **(answers or {})}
        facts, words = words_apart(current_script(seat.store, SECOND_LOOK), said)
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
        if step is not None:
            _plan(act, inquiry.id, step)
        act.flush()
        drafts.forget(seat, inquiry.id)
        if body.erase_at is not None and body.erase_at <= now:
            complete_discard(act, inquiry.id)
        changed = act.changed()
    wipe_if_erased(seat, changed)
    return changed


def _may_be_answered(seat: Seat, inquiry: Inquiry, verdict: Verdict, reason: str, until: Millis | None) -> None:
    if inquiry.stage not in LEAD_STAGES:
        raise Refused(f"This inquiry is no lead of sales: it is {inquiry.stage.value}.", kept="Nothing was changed.")
    queue.refuse_if_held(seat, inquiry.id)
    if verdict not in KEEPS and not reason.strip():
        raise Refused("Returning a lead needs a reason.", kept="Nothing was changed.")
    if verdict is Verdict.NURTURE and until is not None and until <= seat.now():
        raise Refused("A nurtured inquiry wakes on a day to come.", todo="Choose a later date.")


# the next step


def plan(seat: Seat, inquiry_id: Id, step: Step | None) -> Changed:
    """Promise the next step with a prospect, in place of the one before; None: it is done, and no other is planned.

    Raises:
        Refused: sales has not accepted them, somebody else has them on the line, or the step is empty or past.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage not in {Stage.ACCEPTED, Stage.PROSPECT}:
            raise Refused(
                f"Only with a lead that sales accepted is a next step planned, and this inquiry is "
                f"{inquiry.stage.value}.",
                kept="Nothing was changed.",
            )  # fmt: skip
        queue.refuse_if_held(seat, inquiry.id)
        if step is None and inquiry.planned_at is None:
            raise Refused("No next step is planned.", kept="Nothing was changed.")
        _plan(act, inquiry.id, step)
        return act.changed()


def _plan(act: Act, inquiry_id: Id, step: Step | None) -> None:
    if step is None:
        act.append(inquiry_id, Planned(at=None))
        return
    text = " ".join(step.text.split())
    if not text:
        raise Refused("A next step needs words: what was agreed.", kept="Nothing was changed.")
    if step.at <= act.seat.now():
        raise Refused("A next step is at a time to come.", kept="Nothing was changed.", todo="Choose a later time.")
    if not 0 < step.minutes <= MOST_MINUTES:
        raise Refused("A next step lasts from a minute to a day.", kept="Nothing was changed.")
    act.append(inquiry_id, Planned(at=step.at, minutes=step.minutes), Person(next_step=text))


# the sale


def close(seat: Seat, inquiry_id: Id, *, won: bool, amount: str = "", currency: str = "", reason: str = "") -> Changed:
    """The sale: won with an amount, or lost with a reason.

    Raises:
        Refused: it is no lead, somebody else has them on the line, the amount is none, or a loss has no reason.
    """
    if not won and not reason.strip():
        raise Refused("A lost sale needs a reason.", kept="Nothing was changed.")
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage not in LEAD_STAGES | {Stage.WON, Stage.LOST}:
            raise Refused(
                f"Only a lead can close, and this inquiry is {inquiry.stage.value}.", kept="Nothing was changed."
            )
        queue.refuse_if_held(seat, inquiry.id)
        body = Closed(
            won=won,
            closed_at=seat.now(),
            amount=_amount(amount) if won else "",
            currency=sources.currency_of(seat, currency) if won else "",
        )
        act.append(inquiry.id, body, Person(reason=reason.strip() or None))
        drafts.forget(seat, inquiry.id)
        return act.changed()


def _amount(text: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < MOST_AMOUNT:
        raise Refused(
            "A won sale needs its amount.", kept="Nothing was changed.", todo="Use a number such as 1200 or 1200.50."
        )
    return f"{amount:.2f}"


# the way back


def undo(seat: Seat) -> Changed:
    """Take back what this member did last with a lead, within the undo time; the second look is a draft again.

    Raises:
        Refused: there is nothing, it is too long ago, somebody has gone on with it, or the person is erased.
    """
    with seat.act() as act:
        entries = _last(seat)
        if not entries:
            raise Refused("There is nothing to take back.", kept="Nothing was changed.")
        inquiry = act.inquiry(entries[0].subject)
        if inquiry.erased:
            raise Refused("The person is erased, and nothing brings them back.", kept="Nothing was changed.")
        queue.refuse_if_held(seat, inquiry.id)
        for entry in entries:
            act.append(entry.subject, Undone(entry=entry.id))
        act.flush()
        _bring_back(seat, inquiry.id, entries)
        return act.changed()


def _last(seat: Seat) -> list[Entry]:
    """The last action of this member on this device that is not taken back: a review, with its next step if any."""
    since = seat.now() - seat.settings.whole("undo-minutes") * MINUTE
    undone: set[Id] = set()
    cursor = seat.store.reader().execute("SELECT id, kind, wall, actor, device, subject FROM ledger ORDER BY seq DESC")
    gone_on: set[Id] = set()
    for entry_id, kind, wall, actor, device, subject in cursor:
        if device != seat.device:
            if kind in GONE_ON:
                gone_on.add(subject)
            continue
        if wall <= since:
            return []
        if kind == "undone":
            body = _entry(seat, entry_id).facts()
            undone |= {body.entry} if isinstance(body, Undone) else set()
        elif entry_id in undone:
            continue
        elif actor != seat.member or kind not in UNDOABLE:
            if kind in GONE_ON:
                gone_on.add(subject)
        elif subject in gone_on:
            raise Refused("Somebody has gone on with them since.", kept="Nothing was changed.")
        else:
            return _together(seat, _entry(seat, entry_id))
    return []


def _entry(seat: Seat, entry_id: Id) -> Entry:
    entry = seat.ledger.entry(entry_id)
    assert entry is not None
    return entry


def _together(seat: Seat, entry: Entry) -> list[Entry]:
    """The entry, and where it is a next step that was promised in the stroke that made a prospect, that too."""
    if entry.kind == "planned" and len(entry.seen) == 1:
        before = seat.ledger.entry(entry.seen[0])
        if (
            before is not None
            and (before.kind, before.device, before.device_seq) == ("reviewed", entry.device, entry.device_seq - 1)
            and entry.wall - before.wall < ONE_STROKE
        ):
            return [entry, before]
    return [entry]


def _bring_back(seat: Seat, inquiry_id: Id, entries: list[Entry]) -> None:
    for entry in entries:
        body, person = entry.facts(), entry.who()
        if isinstance(body, Reviewed):
            look = {**body.answers, **(person.words if person else {})}
            drafts.save(seat, inquiry_id, msgspec.structs.replace(drafts.read(seat, inquiry_id), look=look))
