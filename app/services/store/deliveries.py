"""Deliveries as rows, made in the transaction that keeps the decision, also where the decision comes from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from app.models.deliveries import Channel, Item, items
from app.models.entries import Delivered, Id
from app.models.entry import Entry

if TYPE_CHECKING:
    from app.services.store.connection import Store


def channels(store: Store) -> list[Channel]:
    """Every channel, also those that are off."""
    return [
        msgspec.json.decode(row[0], type=Channel) for row in store.query("SELECT content FROM channel ORDER BY name")
    ]


def note(store: Store, told: Sequence[Channel], members: Sequence[Id], entries: Sequence[Entry]) -> None:
    """Make the deliveries that the entries of an inquiry call for; what is there stays. Inside `writing()`."""
    if not any(entry.kind == "captured" for entry in entries):
        return  # who it is about has not arrived yet
    erased = any(entry.kind == "erased" for entry in entries)
    if erased:
        _forget(store, members)
    for channel in told:
        for item in items(entries, members, channel):
            if not erased or item.what == "erase":
                _put(store, channel.name, item)


def hear(store: Store, entry: Entry) -> None:
    """A courier elsewhere says what became of a delivery: here it is settled too. Inside `writing()`."""
    body = entry.facts()
    if not isinstance(body, Delivered):
        return
    state, spared = ("delivered", "delivered") if body.received else ("failed", "delivered', 'gone', 'failed")
    store.writer.execute(
        "UPDATE delivery SET state = ?, number = ?, settled_at = ?, attempts = max(attempts, 1), body = NULL "
        "WHERE channel = (SELECT name FROM channel WHERE lower(name) = lower(?)) AND cause = ? "
        f"AND state NOT IN ('{spared}')",
        (state, body.number, body.at, body.channel, body.decision),
    )


def _put(store: Store, channel: str, item: Item) -> None:
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    row = store.one("SELECT lead FROM delivery WHERE channel = ? AND cause = ?", (channel, item.replaces or item.root))
    lead = str(row[0]) if row else item.subject
    values = {
        "channel": channel, "cause": item.cause, "subject": item.subject, "decision": item.decision, "lead": lead,
        "what": item.what, "replaces": item.replaces, "root": item.root, "made_at": item.at, "state": "waiting",
    }  # fmt: skip
    store.run(insert(tables.delivery).values(**values).on_conflict_do_nothing())


def _forget(store: Store, members: Sequence[Id]) -> None:
    """Of somebody who is erased no body stays; what was given up is not tried again."""
    marks = ",".join("?" * len(members))
    execute = store.writer.execute
    execute(f"UPDATE delivery SET body = NULL WHERE what <> 'erase' AND subject IN ({marks})", members)
    execute(
        "UPDATE delivery SET state = 'gone', problem = 'the person is erased' "
        f"WHERE what <> 'erase' AND state = 'failed' AND subject IN ({marks})",
        members,
    )
