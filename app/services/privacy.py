"""Objections, erasure, and what stays so that nobody erased comes back by a list."""

from __future__ import annotations

import msgspec

from app.models.entries import AUTOMATIC, Erased, Id, Lifted, Objected, Person
from app.models.entry import Entry
from app.models.erasing import causes, erased_id, taken_along
from app.models.fold import fold
from app.models.inquiry import Inquiry
from app.models.rights import is_silent
from app.services.errors import Refused
from app.services.seat import Act, Changed, Seat
from app.services.settings import LONGEST_UNDO
from app.services.store.erasing import SWEEP, half_erased, is_whole, note_whole
from app.services.store.folded_rows import select_in
from app.services.store.joins import standing_splits
from app.services.store.keyed_hashes import texts_that_object, texts_that_return
from app.services.store.sweeping import sweep
from app.services.team import deliveries, state

ELSEWHERE = "The hub, and every laptop of the team, removes them at its next exchange."
MINUTE = 60_000
BATCH = 50
SWEPT_AT_ONCE = 64 << 20  # bytes; about a second
SWEPT_AT_THE_END = 1 << 30  # bytes; about twenty seconds, and as much memory


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure did, for whoever asked for it."""

    changed: Changed
    inquiry: Id
    entries: int  # whose person part is gone
    sentences: tuple[str, ...]


def object_to_calls(seat: Seat, inquiry_id: Id) -> Changed:
    """Somebody asked, by whatever way, not to be called again: effective at once.

    Raises:
        NotFound: there is none. Refused: erased.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.erased:
            raise Refused("This person is erased; nobody can call them.")
        keys = tuple(seat.ledger.ring.hash(text) for text in texts_that_object(inquiry))
        act.append(inquiry.id, Objected(objected_at=seat.now(), keys=keys))
        return act.changed()


def lift(seat: Seat, inquiry_id: Id, reason: str) -> Changed:
    """End the objections of an inquiry, as a recorded act.

    Raises:
        Refused: no reason, or nobody objected.
    """
    if not reason.strip():
        raise Refused("Lifting an objection needs a reason.", kept="The objection stands.")
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if not inquiry.objections:
            raise Refused("Nobody objected here.")
        for objection in inquiry.objections:
            act.append(inquiry.id, Lifted(objection=objection), Person(reason=reason.strip()))
        return act.changed()


def erase(seat: Seat, inquiry_id: Id) -> Erasure:
    """Remove a person everywhere in this home, at once; figures stay, and keyed hashes block a return.

    Each joined subject is erased by an entry of its own, so that a parting brings nobody back.

    Raises:
        NotFound: there is none. Refused: erased already.
    """
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        left = [subject for subject in inquiry.subjects if not seat.ledger.is_erased(subject)]
        if not left:
            raise Refused("This person is erased already.")
        entries = _with_person(seat, left)
        body = Erased(keys=tuple(seat.ledger.ring.hash(text) for text in _blocked(seat, inquiry, left)))
        for subject in left:
            act.append(subject, body)
        changed = act.changed()
    swept = wipe(seat, at_most=SWEPT_AT_THE_END)
    sentences = (
        f"The person part of {entries} entries is gone.",
        "The tables, the full-text indexes and the write-ahead log no longer hold them."
        if swept
        else "The tables and the full-text indexes no longer hold them; gaps in the file are swept at the next look.",
        "Keyed hashes stay, so that no list brings them back.",
        "Backups made before still hold them; each is to be deleted after 30 days at the latest.",
        *_elsewhere(seat, inquiry.id),
    )
    return Erasure(changed=changed, inquiry=inquiry.id, entries=entries, sentences=sentences)


def _blocked(seat: Seat, inquiry: Inquiry, left: list[Id]) -> list[str]:
    """What is not to come back; whoever is hidden by the erasure of another is looked at by themselves."""
    theirs = [entry for entry in seat.ledger.entries(inquiry.id) if entry.subject in left] if inquiry.erased else []
    inquiry = fold(theirs, left) if theirs else inquiry
    return texts_that_object(inquiry) if inquiry.objections else texts_that_return(inquiry)


def _elsewhere(seat: Seat, inquiry_id: Id) -> list[str]:
    """Who else holds somebody who was erased here, or held them."""
    told = deliveries.who_was_told(seat, inquiry_id)
    found = [
        f"{channel} was told of them, and is asked to erase them."
        if asked
        else f"{channel} was told of them: ask there, since Winnow cannot."
        for channel, asked in told.items()
    ]
    if state.is_joined(seat.store):
        return [*found, ELSEWHERE]
    return found or ["Nobody else holds them: this home is not joined to a team."]


def erase_due(seat: Seat, *, sweep_up_to: int = SWEPT_AT_ONCE) -> Changed:
    """Complete the discards whose undo time is over; a file of more than `sweep_up_to` bytes is swept later.

    In a team a discard is completed once it is with the hub, and by who has been in step with it since. What lies
    further ahead than any undo time was decided while the clock was wrong: nobody waits for that.
    """
    sql = (
        "SELECT id FROM inquiry WHERE erase_at IS NOT NULL AND (erase_at <= :now OR erase_at > :now + :longest)"
        " AND contested = 0 AND id > :last ORDER BY id LIMIT :most + 0"
    )
    terms = {"longest": LONGEST_UNDO * MINUTE, "most": BATCH}
    inquiries: set[Id] = set()
    silent = is_silent(state.word(seat.store, state.ROLE))
    due: list[tuple[Id]] = [("",)]
    while not silent and (due := seat.store.query(sql, {**terms, "now": seat.now(), "last": due[-1][0]})):
        with seat.act() as act:
            for (inquiry_id,) in due:
                complete_discard(act, inquiry_id)
            inquiries |= act.changed().inquiries
    if not silent and not is_whole(seat.store):
        inquiries |= _complete_erasures(seat)
    left = sweep_up_to and seat.store.one("SELECT 1 FROM cursor WHERE key = ?", (SWEEP,))
    if inquiries or left:
        wipe(seat, at_most=sweep_up_to)
    return Changed(frozenset(inquiries), frozenset({"erased"}) if inquiries else frozenset(), seat.holder)


def complete_discard(act: Act, inquiry_id: Id) -> None:
    """Erase the person of a discarded inquiry; any device makes the same entries of it."""
    inquiry = act.inquiry(inquiry_id)
    if inquiry.contested or inquiry.erased or inquiry.erase_at is None:
        return
    decision = act.seat.ledger.entry(inquiry.decision)
    assert decision is not None
    # Others may contest it, or take it back, until all of that has been read which the hub had when its time was over.
    if state.is_joined(store := act.seat.store) and (
        decision.pos is None or (state.cursor(store, state.IN_STEP) or 0) < inquiry.erase_at
    ):
        return
    along = _taken_along(act.seat, decision) if len(inquiry.subjects) > 1 else set()
    _erase_because(act, decision, {decision.subject} | along)
    act.flush()


def _complete_erasures(seat: Seat) -> frozenset[Id]:
    """Erase who was joined, without the author's knowing, with somebody discarded or erased; returns who changed."""
    with seat.act() as act:
        waits = False
        for inquiry_id in half_erased(seat.store):
            act.inquiry(inquiry_id)  # what is written has seen all of it
            for cause in causes(seat.ledger.entries(inquiry_id)):
                reached = _taken_along(seat, cause)
                waits |= not reached
                _erase_because(act, cause, {subject for subject in reached if not seat.ledger.is_erased(subject)})
                act.flush()
        if not waits:
            note_whole(seat.store)
        return act.changed().inquiries


def _taken_along(seat: Seat, cause: Entry) -> set[Id]:
    """Whom the erasure reaches; in a team nobody yet while the hub has to say what came before what."""
    entries = seat.ledger.entries(cause.subject)
    unsaid = any(entry.pos is None for entry in entries if entry.kind == "merged" or entry.id == cause.id)
    if unsaid and state.is_joined(seat.store):
        return set()
    return taken_along(cause, entries, standing_splits(seat.store))


def _erase_because(act: Act, cause: Entry, subjects: set[Id]) -> None:
    for subject in sorted(subjects):
        act.append(subject, Erased(disposition=cause.id), entry_id=erased_id(cause.id, subject), actor=AUTOMATIC)


def _with_person(seat: Seat, subjects: list[Id]) -> int:
    """How many entries about some subjects still have their person part."""
    sql = "SELECT count(*) FROM ledger WHERE person IS NOT NULL AND subject IN"
    return sum(row[0] for row in select_in(seat.store, sql, subjects))


def wipe_if_erased(seat: Seat, changed: Changed) -> None:
    """After an action that erased somebody: leave nothing in the log either."""
    if "erased" in changed.kinds:
        wipe(seat)


def wipe(seat: Seat, *, at_most: int = SWEPT_AT_ONCE) -> bool:
    """Take what was erased out of the log and out of the gaps of the file; False: it is tried again later.

    A file larger than `at_most` bytes is left for the moment at which this home is closed.
    """
    small = seat.store.path.stat().st_size <= at_most
    done = sweep(seat.store) if small else seat.store.truncate_log()
    if not (done and small):
        return False
    with seat.store.writing():
        seat.store.writer.execute("DELETE FROM cursor WHERE key = ?", (SWEEP,))
    return True


def wipe_the_rest(seat: Seat, *, up_to: int = SWEPT_AT_THE_END) -> None:
    """At the end of the work, or in a pause of it: sweep what was too large, or too busy, to be swept at once."""
    if seat.store.path.exists() and seat.store.one("SELECT 1 FROM cursor WHERE key = ?", (SWEEP,)):
        wipe(seat, at_most=up_to)
