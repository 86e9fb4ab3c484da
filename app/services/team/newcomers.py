"""One person, captured on two laptops apart: whoever sees both joins them, and any device makes the same entry."""

from __future__ import annotations

import uuid

from app.models.entries import AUTOMATIC, Id, Merged, Person
from app.models.inquiry import Inquiry
from app.services.matching import find_known
from app.services.seat import Act
from app.services.sources import NAMESPACE
from app.services.team import state
from app.services.team.link import Role
from app.services.team.work import Work


def join_newcomers(work: Work) -> int:
    """Compare some of those who were captured elsewhere with who is known here; returns how many were looked at.

    Only once everything has arrived: what is known half may look like somebody else.
    """

    def step() -> tuple[int, Act]:
        rows = work.store.query(
            "SELECT subject FROM arrival WHERE newcomer > 0 AND unfolded = 0 ORDER BY subject LIMIT ?",
            (work.size("newcomers"),),
        )
        subjects = [row[0] for row in rows]
        act = Act(work.seat)
        if state.word(work.store, state.ROLE) != Role.VIEWER:  # who appends nothing
            _join(work, act, subjects)
        act.flush()
        work.store.writer.executemany("DELETE FROM arrival WHERE subject = ?", [(s,) for s in subjects])
        return len(subjects), act

    looked_at, act = work.do(step, "newcomers")
    changed = act.changed()
    work.note(changed.inquiries, changed.kinds)
    return looked_at


def merge_id(one: Id, other: Id) -> Id:
    """The id of the entry by which any device joins these two."""
    low, high = sorted((one, other))
    return uuid.uuid5(NAMESPACE, f"merged:{low}:{high}").hex


def _join(work: Work, act: Act, subjects: list[Id]) -> None:
    known = list(work.ledger.inquiries(sorted(work.ledger.survivors(subjects))).values())
    shown = [inquiry for inquiry in known if inquiry.captured_at and not inquiry.erased]
    matches = find_known(work.seat, [_person(inquiry) for inquiry in shown])
    for inquiry, match in zip(shown, matches, strict=True):
        for other in match.same:
            if inquiry.id in match.same and other != inquiry.id:
                _merge(work, act, inquiry.id, other)


def _person(inquiry: Inquiry) -> Person:
    return Person(
        first_name=inquiry.first_name, last_name=inquiry.last_name, phones=inquiry.phones, emails=inquiry.emails
    )


def _merge(work: Work, act: Act, one: Id, other: Id) -> None:
    """Join two, unless they are one by now, or a team lead has parted any two of them."""
    act.flush()
    ledger = work.ledger
    one, other = ledger.survivor(one), ledger.survivor(other)
    if one == other or _parted(work, {*ledger.members(one), *ledger.members(other)}):
        return
    low, high = sorted((one, other))
    act.append(low, Merged(other=high), entry_id=merge_id(low, high), actor=AUTOMATIC)


def _parted(work: Work, members: set[Id]) -> bool:
    for merge in work.ledger.standing_splits():
        entry = work.ledger.entry(merge)
        body = entry.facts() if entry is not None else None
        if entry is not None and isinstance(body, Merged) and {entry.subject, body.other} <= members:
            return True
    return False
