"""Who may be read: when that grows, people are filled in; when it shrinks, they leave this computer.

What a member said or captured stays, and so does what the hub has not got yet. The rule is the hub's: people are read
by the source of what was captured about them.
"""

from __future__ import annotations

import msgspec

from app.models.entries import Id
from app.models.rights import Role
from app.services.store import stamps
from app.services.store.folded_rows import select_in
from app.services.team import state
from app.services.team.arrivals import take_people
from app.services.team.link import Link, Welcome
from app.services.team.work import Work

OWN_ALONE = frozenset({Role.INTAKE, Role.VIEWER})  # who read nobody but those whom they captured
EVERYBODY = frozenset({Role.LEAD, Role.ADMIN})
PAGE = 1000


def told(welcome: Welcome) -> dict[str, str]:
    """What the hub says about this member's rights, as it is kept."""
    sources = None if welcome.role in EVERYBODY or welcome.sources is None else sorted(welcome.sources)
    return {
        state.MEMBER: welcome.member,
        state.ROLE: welcome.role.value,
        state.SOURCES: msgspec.json.encode([] if welcome.role in OWN_ALONE else sources).decode(),
        state.SCOPE: str(welcome.scope),
    }


def enter(work: Work, welcome: Welcome) -> None:
    """Note what may be read from now on; what follows from it is done by `strip` and `fill`, and survives a crash."""
    now = told(welcome)
    before = {key: state.word(work.store, key) for key in now}
    if before == now:
        return

    def step() -> None:
        for key, value in now.items():
            state.put_word(work.store, key, value)
        if before[state.SCOPE]:  # a first meeting finds nobody who was withheld, and takes nobody away
            state.put_cursor(work.store, state.PERSONS, 0)
            if now[state.SOURCES] != "null":
                state.put_cursor(work.store, state.STRIPPED, 0)

    work.do(step)


def strip(work: Work) -> bool:
    """Take some of the people away who may not be read any more; False when nobody is left to look at."""
    after = state.cursor(work.store, state.STRIPPED)
    if after is None:
        return False
    sources = state.sources_of(work.store) or frozenset[str]()

    def step() -> set[Id]:
        sql = "SELECT seq, id, subject, actor FROM ledger WHERE seq > ? AND person IS NOT NULL AND pos IS NOT NULL"
        rows = work.store.query(f"{sql} ORDER BY seq LIMIT ? + 0", (after, work.size("people")))
        subjects = {row[2] for row in rows}
        gone = subjects - _readable(work, subjects, sources)
        member = state.word(work.store, state.MEMBER)
        ids = [entry_id for _, entry_id, subject, actor in rows if subject in gone and actor != member]
        changed = stamps.take_away(work.ledger, ids, gone) if ids else set[Id]()
        work.ledger.refold(changed)
        state.put_cursor(work.store, state.STRIPPED, rows[-1][0] if rows else None)
        return changed

    work.note(work.do(step, "people"), ("corrected",))
    return state.cursor(work.store, state.STRIPPED) is not None


def _readable(work: Work, subjects: set[Id], sources: frozenset[str]) -> set[Id]:
    """Whose captures come from a source that may be read, or are this member's own."""
    member = state.word(work.store, state.MEMBER)
    sql = (
        "SELECT subject, actor, json_extract(CAST(body AS TEXT), '$.source') FROM ledger "
        "WHERE kind = 'captured' AND subject IN"
    )
    found = select_in(work.store, sql, list(subjects))
    return {subject for subject, actor, source in found if actor == member or source in sources}


def fill(work: Work, link: Link) -> bool:
    """Ask for one page of the people who may be read newly; False when there are no more."""
    after = state.cursor(work.store, state.PERSONS)
    if after is None:
        return False
    page = link.persons(after, PAGE)
    entries, done = page.entries, page.through >= page.head or page.through <= after
    while entries:
        some, entries = entries[: work.size("people")], entries[work.size("people") :]
        take_people(work, some, (some[-1].pos or 0) if entries else page.through)
    if done:
        work.do(lambda: state.put_cursor(work.store, state.PERSONS, None))
    return not done
