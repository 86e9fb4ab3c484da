"""The team lead's hand: who should call whom, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from app.models.entries import AUTOMATIC, Id, Millis, Reassigned, Undone
from app.models.entry import Entry
from app.models.inquiry import Inquiry, Stage
from app.services.desk import enforcing
from app.services.errors import Refused
from app.services.roles import CALLERS, LEADERS, must_lead, team
from app.services.seat import Act, Changed, Seat
from app.services.sources import Limits
from app.services.team import mirrors
from app.services.team.membership import membership_of

Moved = dict[str, int]  # how many each member has got
GONE = frozenset({Stage.DISCARDED, Stage.ERASED})
AWAY = "away"
STROKES_KEPT_MS = 2 * 24 * 3_600_000  # longer than anything can be taken back


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What one stroke, or a part of it, moved."""

    changed: Changed
    moved: Moved
    left: int = 0  # gone meanwhile: discarded or erased


# to whom


def members(seat: Seat) -> list[str]:
    """Everybody who may be given inquiries: in a team who has a role that calls; alone who wrote entries in this home.

    Alone it looks at every entry, which takes a second for each million.
    """
    if membership_of(seat) is not None:
        return [row.name for row in team(seat) if row.role in CALLERS | LEADERS]
    rows = seat.store.query("SELECT DISTINCT actor FROM ledger WHERE actor NOT IN ('', ?)", (AUTOMATIC,))
    return sorted({str(row[0]) for row in rows} | {seat.member})


def absent(seat: Seat) -> dict[str, Millis]:
    """Who is away by the calendar now, and until when (milliseconds UTC)."""
    now, until = seat.now(), dict[str, Millis]()
    for row in mirrors.absences(seat):
        if row.start <= now < row.end:
            until[row.member] = max(row.end, until.get(row.member, 0))
    return until


def present(seat: Seat) -> list[str]:
    """The callers who are there now and not away by the calendar, those who hold least first; alone everybody."""
    if membership_of(seat) is None:
        there = set(members(seat))
    else:
        callers = {row.name for row in team(seat) if row.role in CALLERS}
        there = {row.member for row in mirrors.presences(seat) if row.online and row.doing != AWAY} & callers
    away, held = absent(seat), in_hand(seat)
    return sorted((name for name in there if name not in away), key=lambda name: (held[name], name))


def in_hand(seat: Seat) -> Counter[str]:
    """How many that wait each member has been given, less those whose day to return is past."""
    sql = (
        "SELECT owner, count(*) FROM inquiry INDEXED BY inquiry_in_hand WHERE owner <> '' AND stage = 'waiting' "
        "AND (return_by IS NULL OR return_by > ?) GROUP BY owner"
    )
    return Counter(dict(seat.store.query(sql, (seat.now(),))))


# moving


def reassign(
    seat: Seat, ids: Sequence[Id], member: str, return_by: Millis | None = None
) -> tuple[Changed, dict[str, int]]:
    """Give inquiries to one member; an empty one releases them. Returns what changed, and how many each has got.

    They come back by themselves at `return_by`, else when their limit ends, unless their source says otherwise.

    Raises:
        NotFound: one of the inquiries is not there.
        Refused: it is discarded or erased, the day to return is past, the member is away or not of the team, or
            whoever works here is no lead.
    """
    done = move(seat, [(each, member) for each in ids], return_by=return_by)
    return done.changed, done.moved


def reassign_evenly(seat: Seat, ids: Sequence[Id], return_by: Millis | None = None) -> tuple[Changed, Moved]:
    """Share inquiries among the callers who are there, in turn, those who hold least first.

    Raises:
        NotFound: one of the inquiries is not there.
        Refused: it is discarded or erased, nobody is there, or whoever works here is no lead.
    """
    done = move(seat, share(seat, ids), return_by=return_by)
    return done.changed, done.moved


def share(seat: Seat, ids: Sequence[Id]) -> list[tuple[Id, str]]:
    """Who gets whom when inquiries are shared evenly: in turn, those who hold least first, never somebody absent.

    Raises:
        Refused: nobody is there.
    """
    to = present(seat)
    if not to:
        raise Refused(
            "No caller is there now, so nobody can be given anything.",
            kept="Nothing was changed.",
            todo="Wait until somebody is back, or reassign to one member.",
        )
    return [(each, to[place % len(to)]) for place, each in enumerate(dict.fromkeys(ids))]


def move(
    seat: Seat, pairs: Sequence[tuple[Id, str]], *, stroke: Id = "", return_by: Millis | None = None,
    leave_gone: bool = False,
) -> Move:  # fmt: skip
    """Give each inquiry to its member in one transaction; an empty member releases.

    `stroke`: parts with the same one are taken back together. `leave_gone`: those that were discarded or erased
    meanwhile are left out, instead of refused.

    Raises:
        NotFound: an inquiry is not there. Refused: as `reassign` says.
    """
    must_lead(seat)
    if return_by is not None and return_by <= seat.now():
        raise Refused("The day to return lies in the past.", kept="Nothing was changed.")
    spelled = _spelled(seat, {member for _, member in pairs})
    limits, moved, left = Limits(seat), Counter[str](), 0
    written: list[Entry] = []
    with seat.act() as act:
        found = _found(act, [each for each, _ in pairs], leave_gone=leave_gone)
        for given, name in dict(pairs).items():
            inquiry, member = found.get(given), spelled[name]
            if inquiry is None or inquiry.stage in GONE:
                left += 1
                continue
            back = return_by or enforcing.return_by(limits, inquiry.source, inquiry.since, seat.now())
            if member or inquiry.owner:
                body = Reassigned(member=member, return_by=back if member else None)
                written.append(act.append(inquiry.id, body))
            moved[member] += 1
        if stroke or len(written) > 1:
            keep_stroke(seat, stroke or written[0].id, written)
        return Move(changed=act.changed(), moved=dict(moved), left=left)


def _found(act: Act, ids: Sequence[Id], *, leave_gone: bool) -> dict[Id, Inquiry]:
    """The inquiries by the ids that were given; refuses before anything is written."""
    by_survivor = act.inquiries(ids)
    found: dict[Id, Inquiry] = {}
    for given in dict.fromkeys(ids):
        inquiry = by_survivor.get(given) or by_survivor.get(act.seat.ledger.survivor(given))
        if inquiry is None:
            if leave_gone:
                continue
            inquiry = act.inquiry(given)  # says that there is none
        if inquiry.stage in GONE and not leave_gone:
            raise Refused(f"This inquiry is {inquiry.stage.value}; nobody can call it.", kept="Nothing was changed.")
        found[given] = inquiry
    return found


def _spelled(seat: Seat, names: set[str]) -> dict[str, str]:
    """Names as the team writes them; alone, any name is taken.

    Raises:
        Refused: there is nobody of that name in the team, or they are away by the calendar.
    """
    known = {row.name.casefold(): row.name for row in team(seat)}
    away, made = absent(seat), dict[str, str]()
    for name in names:
        plain = " ".join(name.split())
        if plain and known and plain.casefold() not in known:
            raise Refused(
                f"There is nobody called {plain} in the team.",
                kept="Nothing was changed.",
                todo=f"The team is: {', '.join(sorted(known.values()))}.",
            )
        made[name] = known.get(plain.casefold(), plain) if plain else ""
        if made[name] in away:
            raise Refused(
                f"{made[name]} is away until {enforcing.day(seat, away[made[name]])}.", kept="Nothing was changed."
            )
    return made


# one stroke, taken back as one


def keep_stroke(seat: Seat, stroke: Id, written: Sequence[Entry]) -> None:
    """Remember that these entries are taken back together. Inside `writing()`."""
    now = seat.now()
    writer = seat.store.writer
    writer.execute("DELETE FROM stroke WHERE at < ?", (now - STROKES_KEPT_MS,))
    rows = [(entry.id, stroke, now) for entry in written]
    writer.executemany("INSERT OR REPLACE INTO stroke(entry, stroke, at) VALUES(?, ?, ?)", rows)


def take_stroke_back(act: Act, entry: Entry) -> bool:
    """Take back all that was moved in one stroke with this entry; False: it was alone, or everybody of it is erased."""
    together = mates(act.seat, entry.id)
    subjects = dict(_subjects(act.seat, together))
    standing = {
        s for inquiry in act.inquiries(subjects.values()).values() if not inquiry.erased for s in inquiry.subjects
    }
    for mate in together:
        if subjects[mate] in standing:
            act.append(subjects[mate], Undone(entry=mate))
    return any(subjects[mate] in standing for mate in together)


def mates(seat: Seat, entry_id: Id) -> list[Id]:
    """The entries that were written in one stroke with this one, itself included; none where it was alone."""
    sql = "SELECT entry FROM stroke WHERE stroke = (SELECT stroke FROM stroke WHERE entry = ?) ORDER BY entry"
    return [str(row[0]) for row in seat.store.query(sql, (entry_id,))]


def _subjects(seat: Seat, entries: Sequence[Id]) -> list[tuple[Id, Id]]:
    from app.services.store.folded_rows import select_in

    return [(row[0], row[1]) for row in select_in(seat.store, "SELECT id, subject FROM ledger WHERE id IN", entries)]
