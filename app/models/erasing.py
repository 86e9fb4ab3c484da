"""How far an erasure reaches: an `erased` entry is about its own subject alone, and here is who needs one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from app.models.entries import AUTOMATIC, Erased, Id
from app.models.entry import Entry
from app.models.fold import standing_merges


def taken_along(cause: Entry, entries: Iterable[Entry], splits: Iterable[Id] = ()) -> set[Id]:
    """The subjects that a discard or a requested erasure erases: its own, and those that are joined with it.

    A join that Winnow wrote by itself counts only where the hub had it before the cause: afterwards any member could
    forge one in nobody's name, and so erase whom they like. The hub looks at the same (migrations/hub, `taken_along`).
    `splits` names merges that were split elsewhere than in `entries`.
    """
    facts = [(entry, entry.facts()) for entry in entries]
    pairs = [{entry.subject, body.other} for entry, body in standing_merges(facts, splits) if _counts(entry, cause)]
    reached, before = {cause.subject}, 0
    while len(reached) > before:
        before = len(reached)
        reached = reached.union(*(pair for pair in pairs if pair & reached))
    return reached


def _counts(merge: Entry, cause: Entry) -> bool:
    if merge.actor != AUTOMATIC or merge.received_at is None or cause.received_at is None:
        return True
    return merge.received_at < cause.received_at


def causes(entries: Iterable[Entry]) -> list[Entry]:
    """What the erasures among some entries rest on: the discards that they complete, and those that were requested."""
    found = {entry.id: entry for entry in entries}
    erasures = [(entry, body) for entry in found.values() if isinstance(body := entry.facts(), Erased)]
    named = {body.disposition if entry.actor == AUTOMATIC else entry.id for entry, body in erasures}
    return [found[entry_id] for entry_id in sorted(named) if entry_id in found]


def erased_id(cause: Id, subject: Id) -> Id:
    """The id of the entry by which any device erases a subject, because of `cause`."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"winnow erased:{cause}:{subject}").hex
