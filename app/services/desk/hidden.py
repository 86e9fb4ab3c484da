"""Somebody who is hidden by the erasure of another: Winnow joined the two only after the hub had that erasure.

Such a join may be forged, by any member, so nobody is erased because of it (docs/decisions/0010); nor is anybody shown
who may have asked to be erased. A team lead says which of the two it is.
"""

from __future__ import annotations

import msgspec

from app.models.entries import Entry, Erased, Id, Millis, Split
from app.models.fold import fold, standing_merges
from app.models.inquiry import Inquiry
from app.models.rows import QueueRow
from app.services import queue
from app.services.errors import Refused
from app.services.roles import may_lead, must_lead
from app.services.seat import Changed, Seat
from app.services.store.erasing import erased_among, half_erased, hidden_before
from app.services.store.keyed_hashes import texts_that_return

MOST = 100  # that are shown at once


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose details are here, and who is shown nowhere else."""

    row: QueueRow  # with the name that the inquiry itself does not show
    erased_at: Millis  # when the other one was erased
    same: bool  # an e-mail of theirs, or a number with their surname, was erased with the other one


def count(seat: Seat) -> int:
    """How many there are."""
    return len(half_erased(seat.store)) if hidden_before(seat.store) else 0


def hidden(seat: Seat) -> list[Hidden]:
    """All of them, at most a hundred; whoever is no lead is told of nobody."""
    if not (hidden_before(seat.store) and may_lead(seat)):
        return []
    with seat.store.snapshot():
        ids = half_erased(seat.store)[:MOST]
        rows = {row.id: row for row in queue.rows(seat, ids)}
        return [_told(seat, rows[inquiry_id]) for inquiry_id in ids if inquiry_id in rows]


def of(seat: Seat, inquiry_id: Id) -> Hidden:
    """One of them.

    Raises:
        Refused: they are not hidden, or not any more.
    """
    for each in hidden(seat):
        if each.row.id == seat.ledger.survivor(inquiry_id):
            return each
    raise Refused("Nobody is hidden here by the erasure of another.", kept="Nothing was changed.")


def part(seat: Seat, inquiry_id: Id) -> Changed:
    """They are another person than the erased one: back where they were, with all that was said about them.

    Raises:
        NotFound: there is no such inquiry.
        Refused: they are not hidden by the erasure of another, or whoever works here is no lead.
    """
    must_lead(seat)
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        entries = seat.ledger.entries(inquiry.id)
        gone = erased_among(seat.store, inquiry.subjects)
        facts = [(entry, entry.facts()) for entry in entries]
        between = [
            entry
            for entry, body in standing_merges(facts, seat.ledger.standing_splits())
            if (entry.subject in gone) != (body.other in gone)
        ]
        if not between:
            raise Refused("Nobody is hidden here by the erasure of another.", kept="Nothing was changed.")
        for entry in between:
            act.append(entry.subject, Split(merge=entry.id))
        return act.changed()


def _told(seat: Seat, row: QueueRow) -> Hidden:
    entries = seat.ledger.entries(row.id)
    gone = erased_among(seat.store, {entry.subject for entry in entries})
    left = fold([entry for entry in entries if entry.subject not in gone])
    erased = [entry for entry in entries if isinstance(entry.facts(), Erased)]
    shown = msgspec.structs.replace(
        row, first_name=left.first_name, last_name=left.last_name, company=left.company, source=left.source,
        email=next(iter(left.emails), ""), phone=left.number.e164 if left.number else "",
    )  # fmt: skip
    return Hidden(
        row=shown, erased_at=max(entry.no_later(entry.wall) for entry in erased),
        same=_same(seat, left, [entry for entry in entries if entry.subject in gone]),
    )  # fmt: skip


def _same(seat: Seat, left: Inquiry, erased: list[Entry]) -> bool:
    """Whether what was erased names them, by the keyed hashes that stayed."""
    named = {key for entry in erased for key in getattr(entry.facts(), "keys", ())}
    return any(key in named for text in texts_that_return(left) for key in seat.ledger.ring.hashes(text))
