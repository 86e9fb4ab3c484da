"""The team lead's hand: who should call whom, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.models.entries import AUTOMATIC, Id, Millis, Reassigned
from app.models.inquiry import Stage
from app.services.errors import Refused
from app.services.seat import Act, Changed, Seat

Moved = dict[str, int]  # how many each member has got
GONE = frozenset({Stage.DISCARDED, Stage.ERASED})


def reassign(
    seat: Seat, ids: Sequence[Id], member: str, return_by: Millis | None = None
) -> tuple[Changed, dict[str, int]]:
    """Give inquiries to one member; an empty one releases them. Returns what changed, and how many each has got.

    Raises:
        NotFound: one of the inquiries is not there. Refused: it is discarded or erased, or the day to return is past.
    """
    if return_by is not None and return_by <= seat.now():
        raise Refused("The day to return lies in the past.", kept="Nothing was changed.")
    return _move(seat, ids, [" ".join(member.split())], return_by)


def reassign_evenly(seat: Seat, ids: Sequence[Id], return_by: Millis | None = None) -> tuple[Changed, Moved]:
    """Share inquiries among the members seen in the ledger, in turn, those who hold least first.

    Raises:
        NotFound: one of the inquiries is not there. Refused: it is discarded or erased.
    """
    held = Counter(dict(seat.store.query("SELECT owner, count(*) FROM inquiry WHERE owner <> '' GROUP BY owner")))
    return _move(seat, ids, sorted(members(seat), key=lambda name: (held[name], name)), return_by)


def members(seat: Seat) -> list[str]:
    """Everybody who wrote an entry in this home, and who sits here."""
    rows = seat.store.query("SELECT DISTINCT actor FROM ledger WHERE actor NOT IN ('', ?)", (AUTOMATIC,))
    return sorted({str(row[0]) for row in rows} | {seat.member})


def _move(seat: Seat, ids: Sequence[Id], to: list[str], return_by: Millis | None) -> tuple[Changed, Moved]:
    moved: Counter[str] = Counter()
    with seat.act() as act:
        for number, inquiry_id in enumerate(dict.fromkeys(ids)):
            member = to[number % len(to)]
            _give(act, inquiry_id, member, return_by)
            moved[member] += 1
        return act.changed(), dict(moved)


def _give(act: Act, inquiry_id: Id, member: str, return_by: Millis | None) -> None:
    inquiry = act.inquiry(inquiry_id)
    if inquiry.stage in GONE:
        raise Refused(f"This inquiry is {inquiry.stage.value}; nobody can call it.", kept="Nothing was changed.")
    act.append(inquiry.id, Reassigned(member=member, return_by=return_by if member else None))
