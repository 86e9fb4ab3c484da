"""Out of nurture: by itself when the day has come, by hand at once; and put off, or moved to another track.

Whoever wakes is a callback that anybody may keep, with all that was said. What is done to many in one action is taken
back with one undo.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.models.entries import AUTOMATIC, Id, Millis, Person, Rescheduled, Undone, Woken
from app.models.entry import Entry
from app.models.fold import woken_id
from app.models.inquiry import Inquiry, Stage
from app.models.rights import is_silent
from app.services.desk import reassigning
from app.services.errors import Refused
from app.services.nurture import tracks
from app.services.seat import Act, Changed, Seat
from app.services.store.folded_rows import select_in
from app.services.team import state

BATCH = 50  # in one transaction: some tens of milliseconds
MOST_TIMES = 9
GONE_ON = frozenset({"called", "disposed", "reviewed", "closed", "skipped", "reassigned", "rescheduled", "woken"})


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to some who wait."""

    changed: Changed
    count: int
    left: int = 0  # no longer in nurture


def wake_due(seat: Seat, most: int = BATCH) -> Changed:
    """Bring back whose day has come, at most so many; any device makes the same entries of it."""
    nobody = Changed(by=seat.holder)
    sql = (
        "SELECT id FROM inquiry INDEXED BY inquiry_wakes WHERE stage = 'nurture' AND wakes_at <= ? "
        "ORDER BY wakes_at, id LIMIT ? + 0"
    )
    due = [row[0] for row in seat.store.query(sql, (seat.now(), most))]
    if not due or is_silent(state.word(seat.store, state.ROLE)):
        return nobody
    with seat.act() as act:
        found = [each for each in act.inquiries(due).values() if _is_due(each, seat.now())]
        ids = _ids(seat, found)
        subjects = _subjects(seat, found)
        for inquiry in found:
            if inquiry.until is not None and inquiry.id in ids:
                # About the decision's own subject, which is the same on every device, whatever each has merged.
                act.append(
                    subjects[inquiry.decision], Woken(decision=inquiry.decision, woken_at=inquiry.until),
                    entry_id=ids[inquiry.id], actor=AUTOMATIC,
                )  # fmt: skip
        return act.changed()


def _is_due(inquiry: Inquiry, now: Millis) -> bool:
    return inquiry.stage is Stage.NURTURE and inquiry.until is not None and inquiry.until <= now


def _ids(seat: Seat, found: Sequence[Inquiry]) -> dict[Id, Id]:
    """The id of each one's waking; another one where that is here already and, as it came too early, said nothing."""
    made: dict[Id, Id] = {}
    for times in range(MOST_TIMES):
        left = {each.id: woken_id(each.decision, each.until or 0, times) for each in found if each.id not in made}
        here = {row[0] for row in select_in(seat.store, "SELECT id FROM ledger WHERE id IN", list(left.values()))}
        made |= {inquiry: entry for inquiry, entry in left.items() if entry not in here}
        if not here:
            break
    return made


def _subjects(seat: Seat, found: Sequence[Inquiry]) -> dict[Id, Id]:
    return dict(select_in(seat.store, "SELECT id, subject FROM ledger WHERE id IN", [each.decision for each in found]))


# by hand


def wake(seat: Seat, ids: Sequence[Id], *, stroke: Id = "", leave_gone: bool = False) -> Done:
    """Bring them back into the queue now.

    `stroke`: parts with the same one are taken back together. `leave_gone`: who does not wait any more is left out,
    instead of refused.

    Raises:
        NotFound: there is no such inquiry. Refused: it does not wait in nurture, or this is marketing's to do.
    """
    tracks.must_market(seat)
    with seat.act() as act:
        found, now = _waiting(act, ids, leave_gone=leave_gone), seat.now()
        written = [act.append(each.id, Woken(decision=each.decision, woken_at=now)) for each in found]
        return _done(act, written, stroke, left=len(dict.fromkeys(ids)) - len(found))


def put_off(
    seat: Seat, ids: Sequence[Id], until: Millis | None, *, stroke: Id = "", leave_gone: bool = False, reason: str = ""
) -> Done:  # fmt: skip
    """Let them wait until another day, on the track on which they are; None: until they ask again.

    Raises:
        NotFound: there is no such inquiry.
        Refused: the day is past, somebody does not wait in nurture, or this is marketing's to do.
    """
    tracks.must_market(seat)
    if until is not None and until <= seat.now():
        raise Refused("That day is not to come.", kept="Nothing was changed.", todo="Choose a later date.")
    with seat.act() as act:
        found = _waiting(act, ids, leave_gone=leave_gone)
        person = Person(reason=reason.strip() or None)
        written = [act.append(each.id, Rescheduled(track=each.track, until=until), person) for each in found]
        return _done(act, written, stroke, left=len(dict.fromkeys(ids)) - len(found))


def move(
    seat: Seat, ids: Sequence[Id], track: str, until: Millis | None = None, *, stroke: Id = "",
    leave_gone: bool = False, reason: str = "",
) -> Done:  # fmt: skip
    """Put them on another track, until the day that is named, else until the day of the track's own rule.

    Raises:
        NotFound: there is no such inquiry or track.
        Refused: the day is past, somebody does not wait in nurture, or this is marketing's to do.
    """
    tracks.must_market(seat)
    if until is not None and until <= seat.now():
        raise Refused("That day is not to come.", kept="Nothing was changed.", todo="Choose a later date.")
    key = tracks.track(seat, track).key if track else ""
    day = until if until is not None else tracks.wakes(seat, key)
    with seat.act() as act:
        found = _waiting(act, ids, leave_gone=leave_gone)
        person = Person(reason=reason.strip() or None)
        written = [act.append(each.id, Rescheduled(track=key, until=day), person) for each in found]
        return _done(act, written, stroke, left=len(dict.fromkeys(ids)) - len(found))


def _waiting(act: Act, ids: Sequence[Id], *, leave_gone: bool) -> list[Inquiry]:
    """The inquiries as they are now, once each; refuses before anything is written."""
    by_survivor = act.inquiries(ids)
    found: dict[Id, Inquiry] = {}
    for given in dict.fromkeys(ids):
        inquiry = by_survivor.get(given) or by_survivor.get(act.seat.ledger.survivor(given))
        if inquiry is None and not leave_gone:
            inquiry = act.inquiry(given)  # says that there is none
        if inquiry is not None and inquiry.stage is Stage.NURTURE:
            found[inquiry.id] = inquiry
        elif inquiry is not None and not leave_gone:
            raise Refused(
                f"{inquiry.name or 'This inquiry'} does not wait in nurture: {inquiry.stage.value}.",
                kept="Nothing was changed.",
            )
    return list(found.values())


def _done(act: Act, written: Sequence[Entry], stroke: Id, *, left: int) -> Done:
    if stroke or len(written) > 1:
        act.flush()
        reassigning.keep_stroke(act.seat, stroke or written[0].id, written)
    return Done(changed=act.changed(), count=len(written), left=left)


# the way back


def take_back(act: Act, entry: Entry) -> None:
    """Take back what one action woke, put off or moved, with all that it was done to; not whom somebody went on with.

    Raises:
        Refused: somebody has gone on with every one of them, or they are erased.
    """
    together = reassigning.mates(act.seat, entry.id) or [entry.id]
    sql = "SELECT id, subject, seq FROM ledger WHERE id IN"
    here = {row[0]: row[1:] for row in select_in(act.seat.store, sql, together)}
    gone_on = _gone_on(act, dict(here.values()))
    taken = [mate for mate in together if here[mate][0] not in gone_on]
    if not taken:
        raise Refused("Somebody has gone on with them since.", kept="Nothing was changed.")
    for mate in taken:
        act.append(here[mate][0], Undone(entry=mate))


def _gone_on(act: Act, since: dict[Id, int]) -> set[Id]:
    """The subjects with whom somebody has gone on behind a place of the ledger, or of whom nothing is left."""
    found, gone = act.inquiries(since), set[Id]()
    of = {subject: inquiry for inquiry in found.values() for subject in inquiry.subjects}
    sql = "SELECT subject, seq, id, kind, body FROM ledger WHERE subject IN"
    rows = select_in(act.seat.store, sql, list(of))
    undone = {msgspec.json.decode(body, type=Undone).entry for *_, kind, body in rows if kind == "undone"}
    for subject, seq, entry_id, kind, _ in rows:
        behind = max(since.get(each, 0) for each in of[subject].subjects)
        if kind in GONE_ON and seq > behind and entry_id not in undone:
            gone.update(of[subject].subjects)
    return gone | {subject for subject, inquiry in of.items() if inquiry.erased} | (since.keys() - of.keys())
