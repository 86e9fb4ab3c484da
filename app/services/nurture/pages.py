"""Who waits in nurture, on which track, until when and why; page by page, soonest first.

What is typed narrows a list to whoever has those words in name, company, source, in why they wait, or whom somebody of
that name sent here.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.models.consent import Consent, read
from app.models.entries import Id, Millis
from app.models.folding import fold_text
from app.models.inquiry import Inquiry, Stage
from app.models.phones import display
from app.models.rows import HistoryRow, Named, Told
from app.services import roles
from app.services.errors import NotFound, Refused
from app.services.history import history
from app.services.listing import MOST_IDS, PAGE, Page, Place, narrowed, walk
from app.services.nurture import tracks
from app.services.nurture.tracks import Track
from app.services.seat import Seat
from app.services.store.projection import NEVER

SOON_DAYS = 7
COLUMNS = (
    "id", "first_name", "last_name", "company", "title", "phone", "email", "source", "country", "score", "wakes_at",
    "track", "reason", "consents", "reviewed_at", "decided_at", "decided_by", "blocked",
)  # fmt: skip


class Kind(StrEnum):
    """Which list."""

    SOON = "soon"  # whose day comes within a week
    ALL = "all"
    TRACK = "track"
    RETURNED = "returned"  # sales returned them, and nobody has put them on a track
    NONE = "none"  # on no track yet


class List(msgspec.Struct, frozen=True):
    """One list: its kind, and of a track its key."""

    kind: Kind
    track: str = ""


class NurtureRow(Named, msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits in nurture. Times are milliseconds UTC."""

    id: Id
    first_name: str
    last_name: str
    company: str
    title: str
    phone: str
    email: str
    source: str
    country: str
    score: int | None
    until: Millis | None  # None: not by themselves
    track: str  # its key; empty: none yet
    track_name: str
    why: str
    consents: tuple[str, ...]  # purposes that they agreed to
    returned: bool  # by sales
    decided_at: Millis | None
    decided_by: str
    objected: bool  # somebody on their number asked not to be called


class ListCount(msgspec.Struct, frozen=True):
    """One list with how many wait on it; of a track what it is."""

    list: List
    count: int
    track: Track | None = None  # None of a track: nobody has defined it


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many wait, in all and on each list; `soon` wake within a week, `today` of them until midnight."""

    total: int
    soon: int
    today: int
    lists: tuple[ListCount, ...]
    usual_days: int  # after which somebody on no track wakes
    may_change: bool  # whether whoever works here does


class NurtureView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one who waits, ready to be shown."""

    row: NurtureRow
    inquiry: Inquiry
    told: tuple[Told, ...]
    requests: tuple[str, ...]
    numbers: tuple[str, ...]  # as they are read
    consents: tuple[Consent, ...]  # what they said last about each purpose, taken back ones included
    history: tuple[HistoryRow, ...]  # newest first
    read_at: Millis

    @property
    def id(self) -> Id:
        """The inquiry's."""
        return self.row.id


def midnight(now: Millis, zone: str, days: int = 1) -> Millis:
    """The end of the day at the desk; with more `days`, of a later one."""
    desk = ZoneInfo(zone)
    today = datetime.fromtimestamp(now / 1000, desk).date()
    return round(datetime.combine(today + timedelta(days=days), time(0), desk).timestamp() * 1000)


# lists


_STARTS = {
    Kind.SOON: "inquiry i INDEXED BY inquiry_wakes WHERE i.stage = 'nurture' AND i.wakes_at < :soon",
    Kind.ALL: "inquiry i INDEXED BY inquiry_wakes WHERE i.stage = 'nurture'",
    Kind.TRACK: "inquiry i INDEXED BY inquiry_track WHERE i.stage = 'nurture' AND i.track = :track",
    Kind.RETURNED: (
        "inquiry i INDEXED BY inquiry_given_back WHERE i.stage = 'nurture' AND i.track = '' "
        "AND i.reviewed_at IS NOT NULL"
    ),
    Kind.NONE: (
        "inquiry i INDEXED BY inquiry_track WHERE i.stage = 'nurture' AND i.track = '' AND i.reviewed_at IS NULL"
    ),
}
_ROW = ", ".join(f"i.{column}" for column in COLUMNS)


def page(seat: Seat, which: List, after: Place | None = None, size: int = PAGE, text: str = "") -> Page[NurtureRow]:
    """Some rows of a list, who wakes soonest first."""
    with seat.store.snapshot():
        found = _walk(seat, which, _ROW, after, size, text)
        rows = _rows(seat, found)
        return Page(rows, Place(_at(found[-1]), rows[-1].id) if len(found) == size else None, seat.now())


def ids(seat: Seat, which: List, text: str = "", most: int = MOST_IDS) -> list[Id]:
    """The inquiries of a list in its order, at most so many."""
    return [str(row[0]) for row in _walk(seat, which, "i.id", None, most, text)]


def walk_of(which: List, now: Millis, zone: str) -> tuple[str, dict[str, Any]]:
    """The FROM and WHERE of a list, over `inquiry i`, with its parameters."""
    return _STARTS[which.kind], {"track": which.track, "soon": midnight(now, zone, SOON_DAYS)}


def _walk(seat: Seat, which: List, columns: str, after: Place | None, size: int, text: str) -> list[tuple[Any, ...]]:
    where, parameters = walk_of(which, seat.now(), seat.settings["zone"])
    where += narrowed(" ".join(text.split()), ("reason", "source", "decided_by"), parameters)
    return walk(seat, columns, where, "i.wakes_at", parameters, after, size)


_WAKES_AT = COLUMNS.index("wakes_at")


def _at(values: tuple[Any, ...]) -> Millis:
    return int(values[_WAKES_AT])


def _rows(seat: Seat, found: list[tuple[Any, ...]]) -> tuple[NurtureRow, ...]:
    called = tracks.names(seat)
    return tuple(_row(dict(zip(COLUMNS, values, strict=True)), called) for values in found)


def _row(values: dict[str, Any], called: dict[str, str]) -> NurtureRow:
    at, track = values["wakes_at"], values["track"]
    plain = {name: values[name] for name in COLUMNS[:10]}
    return NurtureRow(
        **plain, until=None if at is None or at >= NEVER else at, track=track,
        track_name=called.get(fold_text(track), track) if track else "", why=values["reason"],
        consents=tuple(read(values["consents"])), returned=values["reviewed_at"] is not None,
        decided_at=values["decided_at"], decided_by=values["decided_by"], objected=values["blocked"] == 2,
    )  # fmt: skip


def counts(seat: Seat) -> Counts:
    """How many wait where; counts along the indexes alone, a second for some millions."""
    now, zone = seat.now(), seat.settings["zone"]
    sql = (
        "SELECT track, reviewed_at IS NOT NULL, count(*) FROM inquiry INDEXED BY inquiry_track "
        "WHERE stage = 'nurture' GROUP BY 1, 2"
    )
    by_track, returned, none = dict[str, int](), 0, 0
    with seat.store.snapshot():
        for track, given_back, count in seat.store.query(sql):
            if track:
                by_track[track] = by_track.get(track, 0) + count
            elif given_back:
                returned = count
            else:
                none = count
        lists = _lists(seat, by_track)
        soon, today = (_before(seat, midnight(now, zone, days)) for days in (SOON_DAYS, 1))
    total = sum(by_track.values()) + returned + none
    whole = (ListCount(List(Kind.SOON), soon), ListCount(List(Kind.ALL), total))
    rest = (ListCount(List(Kind.RETURNED), returned), ListCount(List(Kind.NONE), none))
    return Counts(
        total=total, soon=soon, today=today, lists=(*whole, *lists, *rest),
        usual_days=seat.settings.whole("nurture-days"), may_change=roles.may(seat, "track_defined"),
    )  # fmt: skip


def _lists(seat: Seat, by_track: dict[str, int]) -> list[ListCount]:
    """Every track that is offered, and every other one on which somebody waits."""
    every = {fold_text(each.key): each for each in tracks.tracks(seat, retired=True)}
    made = [
        ListCount(List(Kind.TRACK, each.key), by_track.get(each.key, 0), each)
        for each in every.values()
        if not each.retired or by_track.get(each.key)
    ]
    there = {each.list.track for each in made}
    loose = sorted((track for track in by_track if track not in there), key=fold_text)
    return made + [ListCount(List(Kind.TRACK, key), by_track[key], every.get(fold_text(key))) for key in loose]


def _before(seat: Seat, moment: Millis) -> int:
    sql = "SELECT count(*) FROM inquiry INDEXED BY inquiry_wakes WHERE stage = 'nurture' AND wakes_at < ?"
    row = seat.store.one(sql, (moment,))
    return int(row[0]) if row else 0


# one of them


def open_waiting(seat: Seat, inquiry_id: Id) -> NurtureView:
    """Everything about one who waits.

    Raises:
        NotFound: there is none. Refused: it does not wait in nurture any more.
    """
    from app.services.sales.selling import told

    with seat.store.snapshot():
        survivor = seat.ledger.survivor(inquiry_id)
        found = seat.store.query(f"SELECT {_ROW}, i.stage FROM inquiry i WHERE i.id = ?", (survivor,))
        if not found:
            raise NotFound(f"There is no inquiry {inquiry_id}.")
        if found[0][-1] != Stage.NURTURE.value:
            raise Refused(f"This inquiry does not wait in nurture any more: {found[0][-1]}.")
        inquiry = seat.inquiry(survivor)
        return NurtureView(
            row=_rows(seat, [found[0][:-1]])[0], inquiry=inquiry, told=told(seat, inquiry),
            requests=tuple(dict.fromkeys(each.text for each in inquiry.requests if each.text)),
            numbers=tuple(display(each.e164) if each.e164 else each.raw for each in inquiry.numbers),
            consents=tuple(inquiry.consents[purpose] for purpose in sorted(inquiry.consents)),
            history=tuple(history(seat, survivor)[::-1]), read_at=seat.now(),
        )  # fmt: skip
