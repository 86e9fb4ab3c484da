"""Two inquiries of one person, joined by hand, and parted again."""

from __future__ import annotations

from app.models.entries import Id, Merged, Split
from app.models.fold import standing_merges
from app.services.desk.reassigning import GONE
from app.services.errors import NotFound, Refused
from app.services.roles import must_lead
from app.services.seat import Changed, Seat
from app.services.store.joins import standing_splits


def merge(seat: Seat, one: Id, other: Id) -> Changed:
    """Two inquiries are one person: everything of both is kept, and shown under the lower id.

    Raises:
        NotFound: one of them is not there.
        Refused: they are joined already, one is discarded or erased, or whoever works here is no lead.
    """
    must_lead(seat)
    with seat.act() as act:
        second = act.inquiry(other)
        first = act.inquiry(one)
        if first.id == second.id:
            raise Refused("These are one person already.", kept="Nothing was changed.")
        if {first.stage, second.stage} & GONE:
            raise Refused("Somebody discarded or erased cannot be joined with anybody.", kept="Nothing was changed.")
        act.append(first.id, Merged(other=second.id))
        return act.changed()


def split(seat: Seat, merge_id: Id) -> Changed:
    """The merge was a mistake: both are inquiries of their own again, each with what was said about it.

    `merge_id` is the entry that joined them, as the history names it.

    Raises:
        NotFound: there is no such merge.
        Refused: it was split or taken back already, or whoever works here is no lead.
    """
    must_lead(seat)
    with seat.act() as act:
        entry = seat.ledger.entry(merge_id)
        if entry is None or not isinstance(entry.facts(), Merged):
            raise NotFound("There is no such merge.")
        if merge_id not in merges(seat, entry.subject):
            raise Refused("That merge is split already.", kept="Nothing was changed.")
        act.inquiry(entry.subject)  # what is written has seen all of it
        act.append(entry.subject, Split(merge=merge_id))
        return act.changed()


def merges(seat: Seat, inquiry_id: Id) -> list[Id]:
    """The merges that hold an inquiry together now, oldest first."""
    facts = [(entry, entry.facts()) for entry in seat.ledger.entries(inquiry_id)]
    return [entry.id for entry, _ in standing_merges(facts, standing_splits(seat.store))]
