"""What the hub did not store and did not forget, for an admin to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Id, Millis
from app.services.team import hub

if TYPE_CHECKING:
    from app.services.seat import Seat


class KeptAside(msgspec.Struct, frozen=True):
    """An entry that waits for an admin."""

    entry: Id
    kind: str
    actor: str  # whose it is said to be
    offered_by: str
    reason: str  # hash: the id is there with other content; revoked: its author is no member any more
    at: Millis


def kept_aside(seat: Seat) -> list[KeptAside]:
    """What the hub did not store and did not forget.

    Raises:
        HubRefused: only an admin sees it. HubUnreachable, NotJoined.
    """
    with hub.as_member(seat) as connection:
        rows = connection.execute("SELECT id, kind, actor, offered_by, reason, received_at FROM winnow.quarantined()")
        return [
            KeptAside(bytes(entry).hex(), kind, actor, offered_by, reason, at >> 16)
            for entry, kind, actor, offered_by, reason, at in rows
        ]


def decide(seat: Seat, entry: Id, *, take: bool) -> str:
    """Store what a revoked member wrote, as brought by this admin, or drop it; returns what became of it.

    Raises:
        HubRefused: only an admin decides, nothing of that id is kept aside, or its id belongs to another entry.
        HubUnreachable, NotJoined.
    """
    with hub.as_member(seat) as connection:
        row = connection.execute("SELECT winnow.decide(%s::uuid, %s)", (entry, take)).fetchone()
    if take:
        link = hub.link_of(seat)
        link.pull(0, 1)  # into the feed
        link.close()
    assert row is not None
    return str(row[0])
