"""A team lead's lists: what waits too long, who holds what, what is contested, where sales is silent; page by page.

What is typed narrows a list to whoever has those words in their name, company, source, or is with somebody of that
name; `@Ada` to whoever Ada has.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from app.models.entries import Id, Millis
from app.models.limits import SOON_SHARE, LimitState, over_since, waited
from app.models.rows import QueueRow
from app.models.searching import question
from app.services import queue
from app.services.desk import hidden, settling
from app.services.desk.hidden import Hidden
from app.services.listing import MOST_IDS, PAGE, Page, Place, holding, narrowed, walk
from app.services.seat import Seat
from app.services.sources import Limits, sales_limit
from app.services.team import mirrors

FEW = 20_000  # rows that are sorted in less time than a long list is walked
WAITING_INDEX = "inquiry_waiting"
CALL = "call"  # what somebody does who is on a call, as the hub tells it


class Tab(StrEnum):
    """Which list."""

    STALE = "stale"  # over the limit, or 80 % of it used
    WAITING = "waiting"  # everybody who waits
    HELD = "held"  # given to somebody, and not called since
    CONTESTED = "contested"  # and who is hidden by the erasure of another
    SILENT = "silent"  # sold, and over the limit of sales without an answer


class How(StrEnum):
    """How somebody has an inquiry."""

    NOBODY = ""
    GIVEN = "given"  # should call
    LINE = "line"  # has it open, or is on a call with them
    SALES = "sales"
    DECIDED = "decided"  # two people did
    HIDDEN = "hidden"  # by the erasure of another


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list."""

    row: QueueRow
    holder: str  # who has it; of a contested one: who decided what
    how: How
    held_ms: Millis | None  # since it was given, where nobody has called since
    waited_ms: Millis  # for the call, since the decision, or for sales: as the list counts
    state: LimitState
    at: Millis  # what the list is ordered by

    @property
    def id(self) -> Id:
        """The inquiry's."""
        return self.row.id


class _List(msgspec.Struct, frozen=True):
    """How a list is walked: its index and condition, and the column that orders it."""

    start: str
    at: str


MANY = frozenset({Tab.STALE, Tab.WAITING})  # the lists that may be long
_IN_FORCE = "(i.return_by IS NULL OR i.return_by > :now)"
_LISTS = {
    Tab.STALE: _List(
        "inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND i.stage = 'waiting' "
        "AND i.since <= :most",
        "i.since",
    ),
    Tab.WAITING: _List(
        "inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND i.stage = 'waiting'",
        "i.since",
    ),
    Tab.HELD: _List(
        "inquiry i INDEXED BY inquiry_held WHERE i.held_since IS NOT NULL AND i.stage = 'waiting' "
        f"AND i.owner <> '' AND {_IN_FORCE}",
        "i.held_since",
    ),
    Tab.CONTESTED: _List(
        "inquiry i INDEXED BY inquiry_contested WHERE i.contested = 1 AND i.stage <> 'erased'",
        "coalesce(decided_at, 0)",
    ),
    Tab.SILENT: _List(
        "inquiry i WHERE i.stage = 'sell' AND i.sold_at IS NOT NULL AND i.sold_at <= :silent", "i.sold_at"
    ),
}
_COLUMNS = "i.id, {at}, i.owner, i.return_by, i.held_since, i.for_member"


def page(seat: Seat, tab: Tab, after: Place | None = None, size: int = PAGE, text: str = "") -> Page[DeskRow]:
    """Some rows of a list, the longest waiting first."""
    with seat.store.snapshot():
        found = _walk(seat, tab, _COLUMNS, after, size, text)
        rows = {row.id: row for row in queue.rows(seat, [each[0] for each in found])}
        telling = _Telling(seat, tab)
        shown = tuple(telling.row(rows[each[0]], each) for each in found if each[0] in rows)
        last = Place(found[-1][1], found[-1][0]) if len(found) == size else None
        if tab is Tab.CONTESTED and after is None and not text:
            shown = (*(telling.hidden(each) for each in hidden.hidden(seat)), *shown)
        return Page(shown, last, seat.now())


def ids(seat: Seat, tab: Tab, text: str = "", most: int = MOST_IDS) -> list[Id]:
    """The inquiries of a list in its order, at most so many."""
    return [str(row[0]) for row in _walk(seat, tab, "i.id", None, most, text)]


def _walk(seat: Seat, tab: Tab, columns: str, after: Place | None, size: int, text: str) -> list[tuple[Any, ...]]:
    walked, now = _LISTS[tab], seat.now()
    where, parameters = walked.start, dict[str, Any](now=now, silent=over_since(sales_limit(seat), now))
    if tab is Tab.STALE:
        limits = Limits(seat)
        least = threshold(limits, now, "i.source", "soon", parameters, SOON_SHARE)
        every = [limits.default, *limits.own().values()]
        parameters["most"] = max(over_since(limit, now, SOON_SHARE) for limit in every)
        where += f" AND i.since <= {least}"
    few = _few(seat, text) if tab in MANY else None
    if few is not None:
        parameters["few"] = msgspec.json.encode(few).decode()
        where = where.replace(f"inquiry i INDEXED BY {WAITING_INDEX}", "json_each(:few) f CROSS JOIN inquiry i", 1)
        where = f"{where} AND i.num = f.value"
    else:
        where += _narrowed(text, parameters)
    return walk(seat, columns.format(at=walked.at), where, walked.at, parameters, after, size)


def _few(seat: Seat, text: str) -> list[int] | None:
    """The rows that a text may mean, where they are so few that they are sorted sooner than a million are walked."""
    text = " ".join(text.split())
    if not text or text.startswith("@"):
        return None
    asked, like = question(text), holding(text)
    queries: list[tuple[str, tuple[object, ...]]] = [
        (f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ? + 0", (match, FEW + 1))
        for table, match in (("search_words", asked.words), ("search_grams", asked.inside))
        if match
    ]
    given = "SELECT num FROM inquiry INDEXED BY inquiry_in_hand WHERE owner <> '' AND stage = 'waiting' "
    queries.append((f"{given} AND owner LIKE ? ESCAPE '\\' LIMIT ? + 0", (like, FEW + 1)))
    ages = "SELECT num FROM inquiry INDEXED BY inquiry_ages WHERE stage = 'waiting' AND source = ? LIMIT ? + 0"
    named = seat.store.query("SELECT name FROM source WHERE name LIKE ? ESCAPE '\\'", (like,))
    queries += [(ages, (name, FEW + 1)) for (name,) in named]
    found: set[int] = set()
    for sql, parameters in queries:
        found.update(row[0] for row in seat.store.query(sql, parameters))
        if len(found) > FEW:
            return None
    return sorted(found)


def threshold(limits: Limits, now: Millis, source: str, name: str, parameters: dict[str, Any], share: float = 1) -> str:
    """An SQL expression: since when somebody of a source waits who has used up a share of its limit by now."""
    parameters[name] = over_since(limits.default, now, share)
    own = ""
    for number, (each, limit) in enumerate(limits.own().items()):
        parameters[f"{name}_s{number}"] = each
        parameters[f"{name}_t{number}"] = over_since(limit, now, share)
        own += f" WHEN :{name}_s{number} THEN :{name}_t{number}"
    return f"CASE {source}{own} ELSE :{name} END" if own else f":{name}"


def _narrowed(text: str, parameters: dict[str, Any]) -> str:
    """What was typed, as a condition; `@Ada` is whatever Ada has."""
    text = " ".join(text.split())
    if not text.startswith("@"):
        return narrowed(text, ("source", "owner", "for_member"), parameters)
    parameters["holder"] = text[1:].strip()
    return f" AND ((i.owner = :holder COLLATE NOCASE AND {_IN_FORCE}) OR i.for_member = :holder COLLATE NOCASE)"


class _Telling:
    """One reading of a page: the moment, and who is on a call with whom."""

    def __init__(self, seat: Seat, tab: Tab) -> None:
        self._seat, self._tab, self._now = seat, tab, seat.now()
        self._sales = sales_limit(seat)
        self._lines = lines(seat)

    def row(self, row: QueueRow, values: tuple[Any, ...]) -> DeskRow:
        inquiry, at, owner, back, held_since, for_member = values
        if self._tab is Tab.CONTESTED:
            sides = ", ".join(f"{who}: {what}" for who, what in settling.sides(self._seat, inquiry))
            return self._made(row, at, sides, How.DECIDED, self._now - at, LimitState.SOON)
        if self._tab is Tab.SILENT:
            return self._made(row, at, for_member, How.SALES, waited(self._sales, at, self._now), LimitState.OVER)
        held = None
        in_force = bool(owner) and (back is None or back > self._now)
        if in_force and held_since is not None:
            held = max(0, self._now - held_since)
        holder, how = (owner, How.GIVEN) if in_force else ("", How.NOBODY)
        if inquiry in self._lines:
            holder, how = self._lines[inquiry], How.LINE
        return self._made(row, at, holder, how, row.waited_ms, row.limit_state, held)

    def hidden(self, each: Hidden) -> DeskRow:
        """Somebody whom no other list shows."""
        return self._made(each.row, each.erased_at, "", How.HIDDEN, self._now - each.erased_at, LimitState.SOON)

    @staticmethod
    def _made(
        row: QueueRow, at: Millis, holder: str, how: How, waited: Millis, state: LimitState, held: Millis | None = None
    ) -> DeskRow:
        return DeskRow(row=row, holder=holder, how=how, held_ms=held, waited_ms=waited, state=state, at=at)


def lines(seat: Seat) -> dict[Id, str]:
    """Who has whom open or on the line, as far as this computer knows."""
    now = seat.now()
    found: dict[Id, str] = dict(seat.store.query("SELECT inquiry, member FROM claim WHERE expires_at > ?", (now,)))
    found |= {row.inquiry: row.member for row in mirrors.presences(seat) if row.online and row.doing == CALL}
    return {seat.ledger.survivor(inquiry): member for inquiry, member in found.items() if inquiry and member}
