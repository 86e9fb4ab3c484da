"""Who is joined with whom: the subjects that merges connect, and splits part again, are shown as one inquiry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.models.entries import Id, Merged, Split, Undone
from app.models.entry import Entry
from app.models.fold import standing_merges
from app.services.store import entry_rows

if TYPE_CHECKING:
    from app.services.store.connection import Store


def survivor(store: Store, subject: Id) -> Id:
    """The id under which a subject is shown: of a merged one, the lowest."""
    row = store.one("SELECT inquiry FROM joined WHERE subject = ?", (subject,))
    return str(row[0]) if row else subject


def members(store: Store, inquiry: Id) -> list[Id]:
    """All subjects that fold into one inquiry."""
    rows = store.query("SELECT subject FROM joined WHERE inquiry = ? ORDER BY subject", (inquiry,))
    return [str(row[0]) for row in rows] or [inquiry]


def regroup(store: Store, entries: Iterable[Entry]) -> tuple[set[Id], set[Id]]:
    """Bring `joined` up to date after merges and splits. Inside `writing()`.

    Returns the inquiries that the subjects whom this touches were shown under, and those that they are shown under now.
    """
    from app.models import tables

    touched: set[Id] = set()
    for entry in entries:
        body = entry.facts()
        if isinstance(body, Merged):
            touched |= {entry.subject, body.other}
        elif isinstance(body, Split):
            touched |= _joined_by(store, body.merge)
        elif isinstance(body, Undone):
            touched |= _joined_by(store, body.entry)
    if not touched:
        return set(), set()
    reached, splits, groups = set[Id](), standing_splits(store), list[set[Id]]()
    while touched:
        reached |= touched | {each for subject in touched for each in members(store, survivor(store, subject))}
        groups = components(reached, entry_rows.about(store, sorted(reached)), splits)
        touched = {member for group in groups for member in group} - reached
    before = {survivor(store, member) for member in reached}
    store.run(tables.joined.delete().where(tables.joined.c.subject.in_(sorted(reached))))
    write(store, groups)
    return before, {min(group) for group in groups}


def write(store: Store, groups: Iterable[set[Id]]) -> None:
    """Keep who is joined, where nothing is kept of them yet. Inside `writing()`."""
    from app.models import tables

    rows = [{"subject": each, "inquiry": min(group)} for group in groups if len(group) > 1 for each in sorted(group)]
    if rows:
        store.run(tables.joined.insert(), rows)


def standing_splits(store: Store) -> set[Id]:
    """The merges that were split, wherever it was said."""
    splits = entry_rows.of_kind(store, "split")
    said = entry_rows.about(store, sorted({entry.subject for entry in splits})) if splits else []
    facts = [(entry, entry.facts()) for entry in said if entry.kind in {"split", "undone"}]
    undone = {(entry.subject, body.entry) for entry, body in facts if isinstance(body, Undone)}
    return {b.merge for entry, b in facts if isinstance(b, Split) and (entry.subject, entry.id) not in undone}


def components(members: set[Id], entries: Iterable[Entry], splits: Iterable[Id] = ()) -> list[set[Id]]:
    """Who is joined with whom: merges that nobody split or took back connect. `splits` names merges split elsewhere."""
    group = {member: {member} for member in members}
    for merge, body in standing_merges(((entry, entry.facts()) for entry in entries), splits):
        both = group.setdefault(merge.subject, {merge.subject}) | group.setdefault(body.other, {body.other})
        for member in both:
            group[member] = both
    return list({id(found): found for found in group.values()}.values())


def _joined_by(store: Store, entry_id: Id) -> set[Id]:
    """Both subjects of a merge, or of the merge that a split ended; empty for everything else."""
    entry = entry_rows.one(store, entry_id)
    body = entry.facts() if entry is not None and entry.kind in {"merged", "split"} else None
    if isinstance(body, Split):
        return _joined_by(store, body.merge)
    return {entry.subject, body.other} if entry is not None and isinstance(body, Merged) else set()
