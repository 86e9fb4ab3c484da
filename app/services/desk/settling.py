"""Contested decisions: two people decided on one inquiry, and neither had seen the other. A team lead chooses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from app.models.answering import answer_in_words
from app.models.entries import Disposed, Disposition, Id, Millis, Reviewed, Settled, Undone, Verdict
from app.models.entry import Entry
from app.models.rows import QueueRow
from app.services import queue
from app.services.desk.reassigning import GONE
from app.services.errors import Refused
from app.services.published import SECOND_LOOK, current_script, script_version
from app.services.roles import must_lead
from app.services.seat import Changed, Seat


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One of the decisions, as its author made it."""

    entry: Id
    actor: str
    device: str
    at: Millis
    what: str  # sell, nurture, discard, call-again
    score: int | None  # points, 0 to 100; None: a second look has none
    answers: tuple[tuple[str, str], ...]  # question, answer
    reason: str = ""
    note: str = ""
    next_step: str = ""
    until: Millis | None = None
    for_member: str = ""
    shows: bool = False  # the one that holds now: the latest


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """An inquiry with the decisions that contradict each other, the earliest first."""

    row: QueueRow
    decisions: tuple[Decision, ...]


def contest(seat: Seat, inquiry_id: Id) -> Contest:
    """Both decisions side by side, with who made them, when, and on what answers.

    Raises:
        NotFound: there is no such inquiry. Refused: nothing about it is contested.
    """
    with seat.store.snapshot():
        inquiry = seat.inquiry(inquiry_id)
        pairs = _contested(seat.ledger.entries(inquiry.id))
        if not pairs:
            raise Refused("Nothing about this inquiry is contested.", kept="Nothing was changed.")
        involved = {entry.id: entry for pair in pairs for entry in pair}
        ordered = sorted(involved.values(), key=Entry.order)
        hidden = inquiry.stage in GONE and inquiry.erased
        told = tuple(_told(seat, entry, shows=entry.id == inquiry.decision, hidden=hidden) for entry in ordered)
        return Contest(row=queue.row(seat, inquiry.id), decisions=told)


def settle(seat: Seat, inquiry_id: Id, keep: Id) -> Changed:
    """One decision holds, and those that contradict it give way; what was said in them stays.

    Raises:
        NotFound: there is no such inquiry.
        Refused: `keep` is none of the contested decisions, the person is erased, or whoever works here is no lead.
    """
    must_lead(seat)
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.erased:
            raise Refused("The person is erased, and nothing brings them back.", kept="Nothing was changed.")
        pairs = _contested(seat.ledger.entries(inquiry.id))
        if keep not in {entry.id for pair in pairs for entry in pair}:
            raise Refused("This decision is not contested any more.", kept="Nothing was changed.", todo="Look again.")
        for first, second in pairs:
            winner, loser = (second, first) if second.id == keep else (first, second)
            act.append(inquiry.id, Settled(decisions=(winner.id, loser.id)))
        return act.changed()


def sides(seat: Seat, inquiry_id: Id) -> list[tuple[str, str]]:
    """Who decided what, of the decisions that contradict each other, the earliest first."""
    found = {entry.id: entry for pair in _contested(seat.ledger.entries(inquiry_id)) for entry in pair}
    told = []
    for entry in sorted(found.values(), key=Entry.order):
        body = entry.facts()
        what = body.disposition.value if isinstance(body, Disposed) else ""
        told.append((entry.actor, body.verdict.value if isinstance(body, Reviewed) else what))
    return told


def _contested(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Every pair of decisions of which neither author had seen the other's, less those that were settled."""
    facts = [(entry, entry.facts()) for entry in entries]
    undone = {body.entry for _, body in facts if isinstance(body, Undone)}
    decisions = [entry for entry, body in facts if _decides(body) and entry.id not in undone]
    settled = {
        frozenset(body.decisions) for entry, body in facts if isinstance(body, Settled) and entry.id not in undone
    }
    parents = {entry.id: entry.seen for entry in entries}
    before = {entry.id: _seen(entry.id, parents) for entry in decisions}
    return [
        (one, other)
        for one, other in combinations(decisions, 2)
        if other.id not in before[one.id]
        and one.id not in before[other.id]
        and frozenset((one.id, other.id)) not in settled
    ]


def _decides(body: object) -> bool:
    if isinstance(body, Reviewed):
        return body.verdict not in {Verdict.ACCEPT, Verdict.PROSPECT}
    return isinstance(body, Disposed)


def _seen(entry_id: Id, parents: dict[Id, tuple[Id, ...]]) -> set[Id]:
    """Everything that the author of an entry knew of, directly or through others."""
    waiting, known = list(parents.get(entry_id, ())), set[Id]()
    while waiting:
        parent = waiting.pop()
        if parent not in known:
            known.add(parent)
            waiting.extend(parents.get(parent, ()))
    return known


def _told(seat: Seat, entry: Entry, *, shows: bool, hidden: bool) -> Decision:
    body, person = entry.facts(), None if hidden else entry.who()
    assert isinstance(body, Disposed | Reviewed)
    said = {**body.answers, **(person.words if person else {})}
    if isinstance(body, Disposed):
        script, at, score = script_version(seat.store, body.script, body.script_version), body.decided_at, body.score
        what, for_member = body.disposition.value, body.for_member
        call = seat.ledger.entry(body.call) if body.call else None
        note = (call.who().note if call and call.who() else "") if not hidden else ""  # type: ignore[union-attr]
    else:
        script, at, score = current_script(seat.store, SECOND_LOOK), body.reviewed_at, None
        what, for_member, note = body.verdict.value, "", ""
    answers = []
    for key, answer in said.items():
        question = script.question(key) if script else None
        answers.append((question.label if question else key, answer_in_words(question, answer)))
    return Decision(
        entry=entry.id, actor=entry.actor, device=entry.device, at=at, what=what, score=score, answers=tuple(answers),
        reason=(person.reason or "") if person else "", note=note or ((person.note or "") if person else ""),
        next_step=(person.next_step or "") if person else "",
        until=body.until if what == Disposition.NURTURE.value else None, for_member=for_member, shows=shows,
    )  # fmt: skip
