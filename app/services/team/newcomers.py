"""One person, captured on two laptops apart: whoever sees both joins them, and any device makes the same entry."""

from __future__ import annotations

import uuid

from app.models.agreed_ids import NAMESPACE
from app.models.entries import AUTOMATIC, Id, Merged, Person, Phone
from app.models.rights import Role
from app.services.matching import find_known
from app.services.seat import Act
from app.services.store.folded_rows import select_in
from app.services.store.joins import standing_splits
from app.services.team import state
from app.services.team.work import Work


def join_newcomers(work: Work) -> int:
    """Compare some of those who were captured elsewhere with who is known here; returns how many were looked at.

    Only once everything has arrived: what is known half may look like somebody else.
    """
    if work.store.one("SELECT 1 FROM arrival WHERE newcomer > 0 AND unfolded = 0 LIMIT 1") is None:
        return 0

    def step() -> tuple[int, Act]:
        rows = work.store.query(
            "SELECT subject FROM arrival WHERE newcomer > 0 AND unfolded = 0 ORDER BY subject LIMIT ? + 0",
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
    people = _people(work, _sharing(work, sorted(work.ledger.survivors(subjects))))
    matches = find_known(work.seat, list(people.values()))
    for inquiry, match in zip(people, matches, strict=True):
        for other in match.same:
            if inquiry in match.same and other != inquiry:
                _merge(work, act, inquiry, other)


def _sharing(work: Work, inquiries: list[Id]) -> list[Id]:
    """Those with whom anybody else shares a number or an e-mail: nobody else can be the same person."""
    found: set[Id] = set()
    for table, key in (("phone", "number"), ("email", "address")):
        sql = (
            f"SELECT DISTINCT one.inquiry FROM {table} one JOIN {table} other ON other.{key} = one.{key} "
            "AND other.inquiry <> one.inquiry WHERE one.inquiry IN"
        )
        found |= {row[0] for row in select_in(work.store, sql, inquiries)}
    return sorted(found)


def _people(work: Work, inquiries: list[Id]) -> dict[Id, Person]:
    """What identifies each of some inquiries, as the tables have it; who is discarded or erased has nothing there."""
    numbers: dict[Id, list[Phone]] = {}
    for inquiry, number in select_in(work.store, "SELECT inquiry, number FROM phone WHERE inquiry IN", inquiries):
        numbers.setdefault(inquiry, []).append(Phone(raw=number, e164=number))
    emails: dict[Id, list[str]] = {}
    for inquiry, address in select_in(work.store, "SELECT inquiry, address FROM email WHERE inquiry IN", inquiries):
        emails.setdefault(inquiry, []).append(address)
    names = select_in(work.store, "SELECT id, first_name, last_name FROM inquiry WHERE id IN", inquiries)
    return {
        inquiry: Person(
            first_name=first, last_name=last, phones=tuple(numbers.get(inquiry, ())),
            emails=tuple(emails.get(inquiry, ())),
        )
        for inquiry, first, last in sorted(names)
        if inquiry in numbers or inquiry in emails
    }  # fmt: skip


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
    for merge in standing_splits(work.store):
        entry = work.ledger.entry(merge)
        body = entry.facts() if entry is not None else None
        if entry is not None and isinstance(body, Merged) and {entry.subject, body.other} <= members:
            return True
    return False
