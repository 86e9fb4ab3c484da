"""The limit, enforced: what is held comes back by itself, and whoever should know is told once.

At 80 % of the limit whoever holds an inquiry is warned; over it the team lead is told, and the inquiry is everybody's
again: what was given carries the moment of its return, and every reading of the queue looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.models.entries import Id, Millis
from app.models.limits import SOON_SHARE, Limit, LimitState, over_since, runs_out_at, waited
from app.services.roles import may_lead
from app.services.seat import Seat
from app.services.sources import Limits

LEAST_SHARE = 0.2  # of the limit: so long somebody has at least who was given what is late already
MOST_TOLD = 50  # of one kind at a look; the figures of the desk tell of all others
LOOKED = "limits_looked"  # the cursor that says when it was looked last
NEAR, OVER = "near", "over"


class LimitWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One inquiry whose limit is near or over."""

    inquiry: Id
    name: str
    company: str
    source: str
    state: LimitState  # SOON or OVER
    holder: str  # who has it, or had it until now; empty: nobody
    waited_ms: Millis
    for_lead: bool  # to be told to the team lead, else to the holder
    returned: bool = False  # it is everybody's again


def return_by(limits: Limits, source: str, since: Millis, now: Millis) -> Millis | None:
    """When what is given now comes back by itself (milliseconds UTC): when its limit ends, and never at once.

    What is late, or nearly so, stays for a fifth of the limit, counted as the limit is: by the clock or in working
    hours. None: the source says that it stays.
    """
    if not limits.returns(source):
        return None
    limit = limits.of(source)
    return max(runs_out_at(limit, since), runs_out_at(limit, now, LEAST_SHARE))


def day(seat: Seat, at: Millis) -> str:
    """A day at this desk, such as Monday 12 January."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    then = datetime.fromtimestamp(at / 1000, ZoneInfo(seat.settings["zone"]))
    return f"{then:%A} {then.day} {then:%B}"


def warnings(seat: Seat) -> list[LimitWarning]:
    """What has come near its limit, or passed it, since the last look; each is told once to whoever should know.

    The holder hears of what is near; leads hear of what is over, whoever holds it. Of the first look on, only what
    came since: a new lead does not hear of all that was late before.
    """
    with seat.store.writing():
        limits, now = Limits(seat), seat.now()
        found = list(_near(seat, limits, now))
        if may_lead(seat):
            found += _over(seat, limits, now)
        _keep(seat, found, now)
    return found


_ROW = "SELECT i.id, i.first_name, i.last_name, i.company, i.source, i.since, i.owner, i.return_by FROM inquiry i"
_UNTOLD = "NOT EXISTS (SELECT 1 FROM told t WHERE t.inquiry = i.id AND t.what = ? AND t.since = i.since)"


def _near(seat: Seat, limits: Limits, now: Millis) -> Iterator[LimitWarning]:
    """What I hold and has used up 80 % of its limit."""
    sql = (
        f"{_ROW} INDEXED BY inquiry_in_hand WHERE i.owner = ? AND i.owner <> '' AND i.stage = 'waiting' "
        "AND i.source = ? AND i.since > ? AND i.since <= ? AND (i.return_by IS NULL OR i.return_by > ?) "
        f"AND {_UNTOLD} ORDER BY i.since LIMIT ? + 0"
    )
    held = "SELECT DISTINCT source FROM inquiry INDEXED BY inquiry_in_hand WHERE owner = ? AND stage = 'waiting'"
    for (source,) in seat.store.query(held + " AND owner <> ''", (seat.member,)):
        limit = limits.of(source)
        between = (over_since(limit, now), over_since(limit, now, SOON_SHARE))
        for row in seat.store.query(sql, (seat.member, source, *between, now, NEAR, MOST_TOLD)):
            yield _warning(row, limit, now, LimitState.SOON)


def _over(seat: Seat, limits: Limits, now: Millis) -> Iterator[LimitWarning]:
    """What passed its limit since the last look, the longest waiting first."""
    row = seat.store.one("SELECT value FROM cursor WHERE key = ?", (LOOKED,))
    if row is None:
        return
    before = int(row[0])
    own = limits.own()
    sql = (
        f"{_ROW} INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND i.stage = 'waiting' "
        f"AND i.since > ? AND i.since <= ? AND %s AND {_UNTOLD} ORDER BY i.since LIMIT ? + 0"
    )
    marks = ",".join("?" * len(own))
    told: list[tuple[Limit, str, tuple[Any, ...]]] = [(limits.default, f"i.source NOT IN ({marks})", tuple(own))]
    told += [(limit, "i.source = ?", (source,)) for source, limit in own.items()]
    for limit, where, sources in told:
        between = (over_since(limit, before), over_since(limit, now))
        for row in seat.store.query(sql % where, (*between, *sources, OVER, MOST_TOLD)):
            yield _warning(row, limit, now, LimitState.OVER)


def _warning(row: tuple[Any, ...], limit: Limit, now: Millis, state: LimitState) -> LimitWarning:
    inquiry, first, last, company, source, since, owner, back = row
    return LimitWarning(
        inquiry=inquiry, name=f"{first} {last}".strip() or company, company=company, source=source, state=state,
        holder=owner, waited_ms=waited(limit, since, now), for_lead=state is LimitState.OVER,
        returned=bool(owner) and back is not None and back <= now,
    )  # fmt: skip


def _keep(seat: Seat, found: list[LimitWarning], now: Millis) -> None:
    writer = seat.store.writer
    sql = (
        "INSERT INTO told(inquiry, what, since) SELECT id, ?, since FROM inquiry WHERE id = ? "
        "ON CONFLICT(inquiry, what) DO UPDATE SET since = excluded.since"
    )
    writer.executemany(sql, [(NEAR if each.state is LimitState.SOON else OVER, each.inquiry) for each in found])
    gone = "NOT EXISTS (SELECT 1 FROM inquiry i WHERE i.id = told.inquiry AND i.stage = 'waiting')"
    writer.execute(f"DELETE FROM told WHERE {gone}")
    keep = "INSERT INTO cursor(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
    writer.execute(keep, (LOOKED, now))
