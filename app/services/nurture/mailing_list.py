"""A list for the mailing tool: only who agreed to its purpose and has not objected, and why the others are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.models.consent import EMAIL, PURPOSES, read
from app.models.entries import Millis
from app.models.folding import fold_text
from app.services.errors import NotFound, Refused
from app.services.exporting import iso, write_csv, write_xlsx
from app.services.files import whole
from app.services.nurture import pages, tracks
from app.services.nurture.pages import Kind, List
from app.services.seat import Seat
from app.services.store.projection import NEVER

COLUMNS = (
    "email", "first_name", "last_name", "company", "title", "country", "source", "track", "score", "wakes_at",
    "purpose", "consent_at", "consent_how",
)  # fmt: skip
NO_EMAIL, NO_CONSENT, OBJECTED, TWICE = "no e-mail", "no consent", "asked not to be contacted", "same e-mail twice"
_READ = "id, email, first_name, last_name, company, title, country, source, track, score, wakes_at, consents, blocked"
Row = tuple[Any, ...]
WRITERS: dict[str, Callable[[Path, Iterator[Row], tuple[str, ...]], int]] = {".csv": write_csv, ".xlsx": write_xlsx}


class MailingList(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, and who was left out."""

    file: str
    purpose: str
    rows: int
    left_out: dict[str, int]  # why -> how many

    @property
    def left(self) -> int:
        """How many were left out."""
        return sum(self.left_out.values())


def purpose_of(seat: Seat, which: List) -> str:
    """The consent that a list needs: its track's, else to be written to."""
    if which.kind is not Kind.TRACK:
        return EMAIL
    try:
        return tracks.track(seat, which.track).purpose
    except NotFound:  # a word that nobody defined as a track
        return EMAIL


def write(
    seat: Seat, file: Path, which: List, purpose: str = "", progress: Callable[[int], None] | None = None
) -> MailingList:
    """Write who of a list may be written to, to a file by its ending (.csv, .xlsx); an old one of that name goes.

    `purpose`: the consent that is needed, where it is not the track's own. `progress` hears how many were looked at.

    Raises:
        Refused: no such purpose, or another kind of file. EnvironmentFailed: the file cannot be written.
    """
    purpose = purpose.strip().lower() or purpose_of(seat, which)
    if purpose not in PURPOSES:
        raise Refused(f"{purpose!r} is no purpose.", todo=f"Purposes are: {', '.join(PURPOSES)}.")
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise Refused(f"A list ends in {' or '.join(WRITERS)}, not in {file.suffix!r}.", kept="Nothing was written.")
    left = Counter[str]()
    with whole(file) as beside, seat.store.snapshot():
        rows = writer(beside, _rows(seat, which, purpose, left, progress), COLUMNS)
    return MailingList(file=str(file), purpose=purpose, rows=rows, left_out=dict(left))


def _rows(
    seat: Seat, which: List, purpose: str, left: Counter[str], progress: Callable[[int], None] | None
) -> Iterator[Row]:
    start, parameters = pages.walk_of(which, seat.now(), seat.settings["zone"])
    called, objected, seen = tracks.names(seat), _objected(seat), set[str]()
    sql = f"SELECT {', '.join(f'i.{name.strip()}' for name in _READ.split(','))} FROM {start} ORDER BY i.wakes_at, i.id"
    cursor, looked = seat.store.reader().execute(sql, parameters), 0
    while found := cursor.fetchmany(1000):
        for values in found:
            why, given = _why_not(seat, values, purpose, objected, seen)
            if why:
                left[why] += 1
            else:
                yield _line(values, called, purpose, given)
        looked += len(found)
        if progress is not None:
            progress(looked)
    if which.kind is Kind.TRACK:  # who asked not to be contacted does not wait any more, and belongs to the list
        sql = "SELECT count(*) FROM inquiry INDEXED BY inquiry_waiting WHERE stage IN ('waiting', 'objected') "
        row = seat.store.one(sql + "AND stage = 'objected' AND track = ?", (which.track,))
        left[OBJECTED] += int(row[0]) if row else 0
    for why in [why for why, count in left.items() if not count]:
        del left[why]


def _why_not(
    seat: Seat, values: Row, purpose: str, objected: set[str], seen: set[str]
) -> tuple[str, tuple[Millis, str]]:
    """Why somebody is left out, if they are; else when and how they agreed."""
    _, email, *_, consents, blocked = values
    given = read(consents).get(purpose)
    if not email:
        return NO_EMAIL, (0, "")
    if blocked == 2 or (objected and not objected.isdisjoint(seat.ledger.ring.hashes(f"e:{email.casefold()}"))):
        return OBJECTED, (0, "")
    if given is None:
        return NO_CONSENT, (0, "")
    if email.casefold() in seen:
        return TWICE, (0, "")
    seen.add(email.casefold())
    return "", given


def _objected(seat: Seat) -> set[str]:
    return {row[0] for row in seat.store.query("SELECT key FROM suppression WHERE reason = 'objection'")}


def _line(values: Row, called: dict[str, str], purpose: str, given: tuple[Millis, str]) -> Row:
    _, email, first, last, company, title, country, source, track, score, wakes_at, _, _ = values
    wakes = None if wakes_at is None or wakes_at >= NEVER else iso(wakes_at)
    return (
        email, first, last, company, title, country, source, called.get(fold_text(track), track), score, wakes, purpose,
        iso(given[0]), given[1],
    )  # fmt: skip
