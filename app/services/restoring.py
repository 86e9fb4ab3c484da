"""What a restored home has to know first: who was erased, discarded, or asked not to be called since its backup."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from app.models.entries import Entry
from app.models.inquiry import Inquiry
from app.services import drafts, privacy
from app.services.seat import Seat
from app.services.store.connection import Store

_DECIDED = "SELECT id FROM inquiry WHERE stage IN ('erased', 'discarded', 'objected')"


def wishes(seat: Seat) -> list[Entry]:
    """Every entry about somebody who is erased or discarded here, or who objected."""
    return [entry for row in seat.store.query(_DECIDED) for entry in seat.ledger.entries(row[0])]


def keep_wishes(seat: Seat, entries: list[Entry]) -> int:
    """Make them hold in a restored home, before anybody works in it; returns how many are erased by it."""
    with seat.store.writing():
        seat.ledger.append(entries)
        subjects = {subject for subject, _ in groupby(entries, key=attrgetter("subject"))}
        inquiries = {seat.ledger.survivor(subject) for subject in sorted(subjects)}
        folded = [seat.inquiry(inquiry_id) for inquiry_id in sorted(inquiries)]
        gone = [inquiry for inquiry in folded if inquiry.erased and _still_named(seat.store, inquiry)]
        for inquiry in gone:
            _take_person(seat, inquiry)
    if gone:
        privacy.wipe(seat)
    return len(gone)


def _still_named(store: Store, inquiry: Inquiry) -> bool:
    marks = ",".join("?" * len(inquiry.subjects))
    sql = f"SELECT 1 FROM ledger WHERE person IS NOT NULL AND subject IN ({marks})"
    return store.one(sql, inquiry.subjects) is not None


def _take_person(seat: Seat, inquiry: Inquiry) -> None:
    from app.models import tables

    table = tables.ledger
    seat.store.run(table.update().where(table.c.subject.in_(inquiry.subjects)).values(person=None, salt=None))
    drafts.forget(seat, inquiry.id)
    seat.ledger.refold([inquiry.id])
