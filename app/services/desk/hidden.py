"""Somebody who is hidden by the erasure of another: Winnow joined the two only after the hub had that erasure.

Such a join may be forged, by any member, so nobody is erased because of it (docs/decisions/0010); nor is anybody shown
who may have asked to be erased. A team lead says which of the two it is.
"""

from __future__ import annotations

import msgspec

from app.models.entries import Erased, Id, Millis, Split
from app.models.entry import Entry
from app.models.fold import fold, standing_merges
from app.models.inquiry import Inquiry
from app.models.rows import QueueRow
from app.services import privacy, queue
from app.services.errors import Refused
from app.services.roles import may_lead, must_lead
from app.services.seat import Changed, Seat
from app.services.store.erasing import erased_among, half_erased, hidden_before
from app.services.store.joins import standing_splits
from app.services.store.keyed_hashes import texts_that_return

MOST = 100  # that are shown at once


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose details are here, and who is shown nowhere else."""

    row: QueueRow  # under one of their own ids, with the name that the inquiry itself does not show
    erased_at: Millis  # when the other one was erased
    same: bool  # an e-mail of theirs, or a number with their surname, was erased with the other one


def count(seat: Seat) -> int:
    """How many inquiries there are in which somebody is hidden."""
    return len(half_erased(seat.store)) if hidden_before(seat.store) else 0


def hidden(seat: Seat) -> list[Hidden]:
    """All of them, of a hundred inquiries at most; whoever is no lead is told of nobody."""
    if not (hidden_before(seat.store) and may_lead(seat)):
        return []
    with seat.store.snapshot():
        rows = queue.rows(seat, half_erased(seat.store)[:MOST])
        return [_told(seat, row, person) for row in rows for person in _people(seat, row.id)]


def of(seat: Seat, subject: Id) -> Hidden:
    """One of them.

    Raises:
        Refused: they are not hidden, or not any more.
    """
    for each in hidden(seat):
        if each.row.id == subject:
            return each
    raise _nobody()


def part(seat: Seat, subject: Id) -> Changed:
    """They are another person than the erased one: back where they were, with all that was said about them.

    `subject` may name the erased one: then all who are hidden with it are other people.

    Raises:
        NotFound: there is no such inquiry.
        Refused: they are not hidden by the erasure of another, or whoever works here is no lead.
    """
    must_lead(seat)
    with seat.act() as act:
        inquiry = act.inquiry(subject)
        people = _people(seat, inquiry.id)
        others = set().union(*([person for person in people if subject in person] or people))
        between = [
            entry for entry, other in _merges(seat, inquiry.id) if (entry.subject in others) != (other in others)
        ]
        if not between:
            raise _nobody()
        for entry in between:
            act.append(entry.subject, Split(merge=entry.id))
        return act.changed()


def erase(seat: Seat, subject: Id) -> Changed:
    """They are the erased person: nothing of them is left either.

    They are parted first, so that this erasure reaches nobody else whom the same one hides.

    Raises:
        NotFound: there is no such inquiry.
        Refused: they are not hidden by the erasure of another, or whoever works here is no lead.
    """
    part(seat, subject)
    return privacy.erase(seat, subject).changed


def _nobody() -> Refused:
    return Refused("Nobody is hidden here by the erasure of another.", kept="Nothing was changed.")


def _merges(seat: Seat, inquiry_id: Id) -> list[tuple[Entry, Id]]:
    facts = [(entry, entry.facts()) for entry in seat.ledger.entries(inquiry_id)]
    return [(entry, body.other) for entry, body in standing_merges(facts, standing_splits(seat.store))]


def _people(seat: Seat, inquiry_id: Id) -> list[frozenset[Id]]:
    """The subjects that no erasure reaches, those of one person together; empty where nobody is hidden."""
    members = seat.ledger.members(inquiry_id)
    gone = erased_among(seat.store, members)
    people = {member: frozenset({member}) for member in members if member not in gone} if gone else {}
    for entry, other in _merges(seat, inquiry_id) if len(people) > 1 else ():
        if entry.subject in people and other in people:
            both = people[entry.subject] | people[other]
            people.update(dict.fromkeys(both, both))
    return sorted(set(people.values()), key=min)


def _told(seat: Seat, row: QueueRow, person: frozenset[Id]) -> Hidden:
    entries = seat.ledger.entries(row.id)
    erased = [entry for entry in entries if isinstance(entry.facts(), Erased)]
    gone = {entry.subject for entry in erased}
    left = fold([entry for entry in entries if entry.subject in person], person)
    shown = msgspec.structs.replace(
        row, id=min(person), first_name=left.first_name, last_name=left.last_name, company=left.company,
        source=left.source, email=next(iter(left.emails), ""), phone=left.number.e164 if left.number else "",
    )  # fmt: skip
    return Hidden(
        row=shown, erased_at=max(entry.no_later(entry.wall) for entry in erased),
        same=_same(seat, left, [entry for entry in entries if entry.subject in gone]),
    )  # fmt: skip


def _same(seat: Seat, left: Inquiry, erased: list[Entry]) -> bool:
    """Whether what was erased names them, by the keyed hashes that stayed."""
    named = {key for entry in erased for key in getattr(entry.facts(), "keys", ())}
    return any(key in named for text in texts_that_return(left) for key in seat.ledger.ring.hashes(text))
