"""What the hub did not store and did not forget, for a team lead to decide."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Id, Millis
from app.models.entry import Entry
from app.services.history import in_words
from app.services.team import hub

if TYPE_CHECKING:
    from app.services.seat import Seat

AT_ONCE = 1000  # entries that are decided about in one call
_ALL = (
    "SELECT id, subject, kind, version, body, person, actor, device, at, wall, offered_by, reason, received_at "
    "FROM winnow.quarantined()"
)


class KeptAside(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits for a team lead."""

    entry: Id
    inquiry: Id
    name: str  # whom it is about; empty: about a script or the like, or nobody knows
    text: str  # what it says, as the history would; empty: it cannot be read
    kind: str
    actor: str  # whose it is said to be
    offered_by: str
    reason: str  # hash: the id is there with other content; revoked: its author is no member any more
    at: Millis  # when the hub was offered it


def kept_aside(seat: Seat) -> list[KeptAside]:
    """What the hub did not store and did not forget, in the order in which it was offered.

    Raises:
        HubRefused: only team leads and admins see it. HubUnreachable, NotJoined.
    """
    with hub.as_member(seat) as connection:
        rows = connection.execute(_ALL).fetchall()
    entries = [
        Entry(
            id=bytes(id_).hex(), subject=bytes(subject).hex(), kind=kind, version=version, body=body, person=person,
            actor=actor, device=device, at=at, wall=wall, received_at=received_at,
        )
        for id_, subject, kind, version, body, person, actor, device, at, wall, _by, _reason, received_at in rows
    ]  # fmt: skip
    names, said = _names(seat, entries), in_words(seat, entries)
    return [
        KeptAside(
            entry=entry.id, inquiry=entry.subject, name=names.get(entry.subject, ""), text=said[entry.id],
            kind=entry.kind, actor=entry.actor, offered_by=row[-3], reason=row[-2], at=row[-1] >> 16,
        )
        for entry, row in zip(entries, rows, strict=True)
    ]  # fmt: skip


def _names(seat: Seat, entries: Sequence[Entry]) -> dict[Id, str]:
    """Whom they are about: as they are known here, else as what is kept aside says."""
    shown = {subject: seat.ledger.survivor(subject) for subject in {entry.subject for entry in entries}}
    known = seat.ledger.inquiries(sorted(set(shown.values())))
    found = {subject: known[inquiry].name for subject, inquiry in shown.items() if inquiry in known}
    for entry in entries:
        if not found.get(entry.subject):
            try:
                person = entry.who()
            except msgspec.DecodeError:
                continue
            words = (person.first_name, person.last_name) if person else ()
            found[entry.subject] = " ".join(word for word in words if word)
    return found


def decide(seat: Seat, entries: Sequence[Id], *, take: bool) -> dict[Id, str]:
    """Let in what a revoked member wrote, as brought by whoever decides, or leave it out; returns what became of each.

    It is in the feed when this returns. What is left out nobody is asked about again; the laptops that have it keep
    it, and it counts nowhere.

    Raises:
        HubRefused: only team leads and admins decide, nothing of these ids is kept aside, or its id belongs to another
            entry. HubUnreachable, NotJoined.
    """
    became: dict[Id, str] = {}
    with hub.as_member(seat) as connection:
        for start in range(0, len(entries), AT_ONCE):
            some = list(entries[start : start + AT_ONCE])
            rows = connection.execute("SELECT id, became FROM winnow.decide(%s::uuid[], %s)", (some, take))
            became |= {bytes(entry).hex(): outcome for entry, outcome in rows}
    if take:
        with closing(hub.link_of(seat)) as link:
            link.pull(0, 1)  # into the feed
    return became
