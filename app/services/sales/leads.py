"""What sales has before it: new leads, prospects and closed sales as pages, and everything about one of them.

The lists are read from the table by index: for each member a walk along one index, however many leads there are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from enum import StrEnum
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.models.entries import Id, Millis
from app.models.inquiry import Stage
from app.models.limits import SOON_SHARE, Limit, LimitState, over_since, waited
from app.models.rows import SalesRow
from app.services.errors import NotFound
from app.services.seat import Seat
from app.services.sources import sales_limit

PAGE = 100  # rows
FOUND = 300  # of everybody whom Find finds, before those of sales are kept


class Group(StrEnum):
    """The three lists of sales."""

    NEW = "new"  # nobody in sales has answered
    PROSPECT = "prospect"  # taken on, and not closed
    CLOSED = "closed"


STAGES = {
    Group.NEW: (Stage.SELL,), Group.PROSPECT: (Stage.ACCEPTED, Stage.PROSPECT), Group.CLOSED: (Stage.WON, Stage.LOST),
}  # fmt: skip
GROUP_OF = {stage: group for group, stages in STAGES.items() for stage in stages}


class Place(msgspec.Struct, frozen=True):
    """Where a page ended; the next one begins behind it."""

    over: bool  # among those over the limit
    score: int
    at: Millis
    id: Id


class Page(msgspec.Struct, frozen=True):
    """Some rows of one list, and where the next ones begin (None: there are none)."""

    rows: tuple[SalesRow, ...]
    next: Place | None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The first page of every list, as the window shows them."""

    pages: dict[Group, Page]
    read_at: Millis
    limit: Limit
    mine: bool
    nothing_yet: bool  # nobody was ever sold


COLUMNS = (
    "id", "stage", "first_name", "last_name", "company", "title", "phone", "email", "score", "sold_at", "accepted_at",
    "answered_at", "for_member", "lead_return_by", "planned_at", "planned_step", "closed_at", "won", "amount",
    "currency", "decided_by",
)  # fmt: skip
_ROW = f"SELECT {', '.join(COLUMNS)} FROM inquiry"
_IN = {
    Group.NEW: "stage = 'sell'", Group.PROSPECT: "stage IN ('accepted', 'prospect')",
    Group.CLOSED: "stage IN ('won', 'lost')",
}  # fmt: skip
"""As the indexes say it."""
_INDEX = {Group.NEW: "inquiry_new_leads", Group.PROSPECT: "inquiry_prospects", Group.CLOSED: "inquiry_closed"}


class _View:
    """One reading: the moment, and the limit of sales."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.now, self.limit = seat, seat.now(), sales_limit(seat)
        self.over, self.soon = over_since(self.limit, self.now), over_since(self.limit, self.now, SOON_SHARE)
        self.limit_ms = round(self.limit.hours * 3_600_000)

    def row(self, values: Sequence[Any]) -> SalesRow:
        """A frozen row of the screen."""
        found: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
        stage, sold_at = Stage(found.pop("stage")), found.pop("sold_at") or 0
        waits = stage is Stage.SELL
        won = found.pop("won")
        return SalesRow(
            **found | {"score": found["score"] or 0},
            stage=stage,
            sold_at=sold_at,
            won=None if won is None else bool(won),
            waited_ms=waited(self.limit, sold_at, self.now) if waits else 0,
            limit_ms=self.limit_ms,
            limit_state=self.state(sold_at) if waits else LimitState.FINE,
        )

    def state(self, sold_at: Millis) -> LimitState:
        if sold_at <= self.over:
            return LimitState.OVER
        return LimitState.SOON if sold_at <= self.soon else LimitState.FINE

    def rows(self, ids: Sequence[Id]) -> list[SalesRow]:
        """Some leads in the order asked; those that are gone are left out."""
        found: dict[Id, SalesRow] = {}
        for start in range(0, len(ids), PAGE):
            some = ids[start : start + PAGE]
            marks = ",".join("?" * len(some))
            found |= {v[0]: self.row(v) for v in self.seat.store.query(f"{_ROW} WHERE id IN ({marks})", some)}
        return [found[inquiry_id] for inquiry_id in ids if inquiry_id in found]


# pages


def board(seat: Seat, *, mine: bool = False, size: int = PAGE) -> Board:
    """The first page of every list. `mine`: what is with me or on the common list."""
    view = _View(seat)
    with seat.store.snapshot():
        pages = {group: _page(view, group, None, size, mine=mine) for group in Group}
        empty = not any(page.rows for page in pages.values())
        never = empty and seat.store.one("SELECT 1 FROM inquiry INDEXED BY inquiry_sold WHERE sold_at > 0") is None
    return Board(pages=pages, read_at=view.now, limit=view.limit, mine=mine, nothing_yet=never)


def lead_page(seat: Seat, group: Group, after: Place | None = None, size: int = PAGE, *, mine: bool = False) -> Page:
    """A page of one list: new ones over the limit first, then highest score; prospects by their next step, those
    without one by when they were accepted; closed ones newest first.
    """  # fmt: skip
    view = _View(seat)
    with seat.store.snapshot():
        return _page(view, group, after, size, mine=mine)


def _page(view: _View, group: Group, after: Place | None, size: int, *, mine: bool) -> Page:
    members = _members(view.seat, group, mine=mine)
    found = _new(view, members, after, size) if group is Group.NEW else _by_time(view, group, members, after, size)
    rows = view.rows([place.id for place in found])
    return Page(tuple(rows), found[-1] if len(found) == size else None)


def _members(seat: Seat, group: Group, *, mine: bool) -> list[str]:
    """Whose leads are shown: one index seek for each member that has any."""
    if mine:
        return ["", seat.member]
    first = f"SELECT for_member FROM inquiry INDEXED BY {_INDEX[group]} WHERE {_IN[group]}"
    sql = (
        f"WITH RECURSIVE had(name) AS (SELECT * FROM ({first} ORDER BY for_member LIMIT 1) UNION ALL "
        f"SELECT ({first} AND for_member > had.name ORDER BY for_member LIMIT 1) FROM had WHERE had.name IS NOT NULL) "
        "SELECT name FROM had WHERE name IS NOT NULL"
    )
    return [str(row[0]) for row in seat.store.query(sql)]


def _new(view: _View, members: list[str], after: Place | None, size: int) -> list[Place]:
    """Over the limit by score, then the rest by score: a seek for each score that there is."""
    found: list[Place] = []
    for over in (True, False):
        if after is not None and after.over < over:
            continue
        behind = after if after is not None and after.over == over else None
        for points in _scores(view.seat, members):
            if behind is not None and points > behind.score:
                continue
            start = (behind.at, behind.id) if behind is not None and points == behind.score else (-1, "")
            found += _of_score(view, members, points, size - len(found), over=over, start=start)
            if len(found) >= size:
                return found
    return found


def _scores(seat: Seat, members: list[str]) -> list[int]:
    """Every score that a new lead of theirs has, the highest first."""
    first = "SELECT max(score) FROM inquiry INDEXED BY inquiry_new_leads WHERE stage = 'sell' AND for_member = ?1"
    sql = (
        f"WITH RECURSIVE had(score) AS ({first} UNION ALL SELECT ({first} AND score < had.score) FROM had "
        "WHERE had.score IS NOT NULL) SELECT score FROM had WHERE score IS NOT NULL"
    )
    return sorted({int(row[0]) for name in members for row in seat.store.query(sql, (name,))}, reverse=True)


def _of_score(
    view: _View, members: list[str], points: int, size: int, *, over: bool, start: tuple[Millis, Id]
) -> list[Place]:
    since = "sold_at <= ?" if over else "sold_at > ?"
    sql = (
        "SELECT sold_at, id FROM inquiry INDEXED BY inquiry_new_leads WHERE stage = 'sell' AND for_member = ? "
        f"AND score = ? AND {since} AND (sold_at, id) > (?, ?) ORDER BY sold_at, id LIMIT ? + 0"
    )
    found = [row for name in members for row in view.seat.store.query(sql, (name, points, view.over, *start, size))]
    return [Place(over, points, at, inquiry_id) for at, inquiry_id in sorted(found)[:size]]


def _by_time(view: _View, group: Group, members: list[str], after: Place | None, size: int) -> list[Place]:
    """Prospects by their next step, the soonest first; closed ones from the newest."""
    column, newest = ("closed_at", True) if group is Group.CLOSED else ("step_at", False)
    sign, way = ("<", "DESC") if newest else (">", "ASC")
    behind = (after.at, after.id) if after else ((1 << 60, "~") if newest else (-1, ""))
    sql = (
        f"SELECT {column}, id FROM inquiry INDEXED BY {_INDEX[group]} WHERE {_IN[group]} AND for_member = ? "
        f"AND ({column}, id) {sign} (?, ?) ORDER BY {column} {way}, id {way} LIMIT ? + 0"
    )
    found = [row for name in members for row in view.seat.store.query(sql, (name, *behind, size))]
    return [Place(False, 0, at or 0, inquiry_id) for at, inquiry_id in sorted(found, reverse=newest)[:size]]


def sales_rows(seat: Seat, ids: Sequence[Id]) -> list[SalesRow]:
    """Some leads as rows, in the order asked; those that are gone are left out."""
    return _View(seat).rows(ids)


def sales_row(seat: Seat, inquiry_id: Id) -> SalesRow:
    """One lead as a row.

    Raises:
        NotFound: there is none.
    """
    found = sales_rows(seat, [seat.ledger.survivor(inquiry_id)])
    if not found:
        raise NotFound(f"There is no inquiry {inquiry_id}.")
    return found[0]


def find_leads(seat: Seat, text: str) -> list[SalesRow]:
    """Whom Find finds, of those that sales has or had."""
    from app.services import finding

    ids = [row.id for row in finding.find(seat, text, FOUND) if row.stage in GROUP_OF]
    return sales_rows(seat, ids)


# counting


def new_count(seat: Seat, *, mine: bool = False) -> int:
    """How many leads wait for an answer of sales."""
    sql = "SELECT count(*) FROM inquiry INDEXED BY inquiry_new_leads WHERE stage = 'sell'"
    row = seat.store.one(f"{sql} AND for_member IN ('', ?)", (seat.member,)) if mine else seat.store.one(sql)
    return int(row[0]) if row else 0


class FollowUp(msgspec.Struct, frozen=True):
    """How sales answered what was sold since a moment."""

    sold: int
    answered: int
    median_ms: Millis | None  # from the sale to the first answer, by the clock

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing was sold."""
        return self.answered / self.sold if self.sold else None


def follow_up(seat: Seat, since: Millis | None = None) -> FollowUp:
    """Of the leads sold since then (this month at this desk unless said otherwise), how many sales has answered."""
    sql = "SELECT sold_at, answered_at FROM inquiry INDEXED BY inquiry_sold WHERE sold_at >= ?"
    rows = seat.store.query(sql, (this_month(seat) if since is None else since,))
    waits = [max(0, answered - sold) for sold, answered in rows if answered is not None]
    return FollowUp(len(rows), len(waits), round(median(waits)) if waits else None)


def this_month(seat: Seat) -> Millis:
    """The first moment of this month at this desk."""
    zone = ZoneInfo(seat.settings["zone"])
    now = datetime.datetime.fromtimestamp(seat.now() / 1000, zone)
    return round(datetime.datetime(now.year, now.month, 1, tzinfo=zone).timestamp() * 1000)


# what is due


def due_steps(seat: Seat, *, ahead_ms: Millis = 0, member: str | None = None) -> list[SalesRow]:
    """Promised next steps of a member (whoever works here unless named) that are due, or will be within `ahead_ms`."""
    return list(_due(_View(seat), ahead_ms, seat.member if member is None else member))


def _due(view: _View, ahead_ms: Millis, member: str) -> Iterator[SalesRow]:
    sql = (
        f"{_ROW} INDEXED BY inquiry_prospects WHERE {_IN[Group.PROSPECT]} AND for_member = ? AND step_at <= ? "
        "AND planned_at IS NOT NULL ORDER BY step_at, id"
    )
    for values in view.seat.store.query(sql, (member, view.now + ahead_ms)):
        yield view.row(values)
