"""Figures of the queue: what is kept with the rows, and the rest along indexes, since to count a million takes long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.models.entries import Millis
from app.models.limits import over_since, runs_out_at
from app.models.rows import QueueCounts
from app.services.queue.ages import Ages, everybody
from app.services.queue.order import Walk, calling_classes, open_classes, others, walks
from app.services.queue.view import DUE_PROMISE, FREE, NEXT, STILL_THEIRS, View
from app.services.seat import Seat

_SKIPPED = f"inquiry i INDEXED BY inquiry_skipped WHERE i.not_before > 0 AND {NEXT}"
_ALONG = (
    f"json_each(:walks) w CROSS JOIN inquiry i INDEXED BY inquiry_next ON {NEXT} AND i.owner = w.value ->> 0 "
    "AND i.calling_class = w.value ->> 1"
)
_BACK = (
    f"SELECT count(*) FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} "
    "AND i.return_by IS NOT NULL AND i.return_by <= :now AND i.owner NOT IN ('', :member) AND i.since <= :now "
    "AND i.calling_class IN (SELECT value FROM json_each(:classes))"
)
_OWN = "SELECT owner, calling_class, n FROM tally_next WHERE owner IN ('', ?)"


def counts(seat: Seat) -> QueueCounts:
    """How many may be called now, wait at all, and have waited over their limit."""
    view = View(seat)
    callable_now = _callable_now(view)
    return QueueCounts(
        callable_now=callable_now,
        waiting=everybody(seat),
        over_limit=Ages(seat, view.limits).over(view.now),
        next_opens_at=next_opening(view) if not callable_now else None,
    )


def _callable_now(view: View) -> int:
    """By the groups of the order, less those who were skipped or are on somebody's line."""
    found = _own(view) + _came_back(view) + _late_of_others(view)
    over, values = view.too_long()
    mine = f"(i.owner IN ('', :member) OR NOT {STILL_THEIRS} OR {over})"
    kept = f"SELECT i.calling_class FROM inquiry i WHERE {DUE_PROMISE} AND {FREE} AND i.not_before <= :now"
    away = f"SELECT i.calling_class FROM {_SKIPPED} AND i.since <= :now AND i.not_before > :now AND {mine}"
    held = (
        f"SELECT i.calling_class FROM claim c CROSS JOIN inquiry i ON i.id = c.inquiry WHERE {NEXT} "  # from the few
        f"AND i.since <= :now AND i.not_before <= :now AND c.holder <> :holder AND c.expires_at > :now AND {mine}"
    )
    for sql, sign in ((kept, 1), (away, -1), (held, -1)):
        found += sign * sum(view.opening(row[0]).open for row in view.seat.store.query(sql, view.parameters | values))
    return found


def _own(view: View) -> int:
    """Mine, past their day to return or not, and nobody's: all that there are, less those who are not due."""
    kept = view.seat.store.query(_OWN, (view.parameters["member"],))
    open_now = [row for row in kept if view.opening(row[1]).open]
    later = _walked(view, [row[:2] for row in open_now], f"{_ALONG} WHERE i.since > :now")
    return sum(int(row[2]) for row in open_now) - later


def _came_back(view: View) -> int:
    """Colleagues' that are past their day to return."""
    classes = msgspec.json.encode(open_classes(view)).decode()
    row = view.seat.store.one(_BACK, view.parameters | {"classes": classes})
    return int(row[0]) if row else 0


def _late_of_others(view: View) -> int:
    """Whom colleagues have had over the limit: by one comparison for the home's, and one for each source's own."""
    along = _open(view, walks(view.seat, others(view)))
    if not along:
        return 0
    default = over_since(view.limits.default, view.now)
    late = f"{_ALONG} WHERE {STILL_THEIRS} AND i.since <= :until AND i.since > :since"
    found = _walked(view, along, late, since=-1, until=default)
    for name, limit in view.limits.own().items():
        own = over_since(limit, view.now)
        between = {"since": min(own, default), "until": max(own, default), "source": name}
        found += (1 if own > default else -1) * _walked(view, along, f"{late} AND i.source = :source", **between)
    return found


def _walked(view: View, along: Sequence[tuple[Any, str]], what: str, **values: object) -> int:
    if not along:
        return 0
    p = view.parameters | values | {"walks": msgspec.json.encode(along).decode()}
    row = view.seat.store.one(f"SELECT count(*) FROM {what}", p)
    return int(row[0]) if row else 0


def _open(view: View, found: Sequence[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [pair for pair in found if view.opening(pair[1]).open]


# when the first of all who wait may be called


def next_opening(view: View) -> Millis | None:
    """The moment, or one shortly before it: nobody may be called earlier."""
    times = [*_hours(view), *_later(view), *_promises(view), *_of_others(view)]
    return min((time for time in times if time > view.now), default=None)


def _hours(view: View) -> Iterator[Millis]:
    """Hours that begin, where somebody waits for them."""
    for calling_class in calling_classes(view.seat):
        opening = view.opening(calling_class)
        if not opening.open:
            yield opening.until


def _later(view: View) -> Iterator[Millis]:
    """The first retry that falls due, skipped inquiry that comes back, and assignment that ends."""
    mine = "(i.owner IN ('', :member) OR i.return_by <= i.since)"
    for sql in (
        (
            "SELECT min(i.since) FROM inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') "
            f"AND i.stage = 'waiting' AND i.blocked = 0 AND i.promised_at IS NULL AND i.since > :now AND {mine}"
        ),
        f"SELECT min(i.not_before) FROM {_SKIPPED} AND i.not_before > :now",
        (
            f"SELECT min(i.return_by) FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} "
            "AND i.return_by IS NOT NULL AND i.return_by > :now"
        ),
    ):
        row = view.seat.store.one(sql, view.parameters)
        if row and row[0]:
            yield int(row[0])


def _promises(view: View) -> Iterator[Millis]:
    """When each promised callback may be kept: a colleague's after the grace, and all within the hours."""
    member, grace = view.parameters["member"], view.now - view.parameters["missed"]
    sql = (
        "SELECT i.promised_at, i.promised_by, i.not_before, i.calling_class, i.owner FROM inquiry i "
        "WHERE i.promised_at IS NOT NULL AND i.stage = 'waiting' AND i.blocked = 0"
    )
    for promised_at, by, not_before, calling_class, owner in view.seat.store.query(sql):
        at = max(promised_at + (0 if not by or member in {by, owner} else grace), not_before)
        yield at if at > view.now else view.opening(calling_class).until


def _of_others(view: View) -> Iterator[Millis]:
    """When somebody of a colleague's will have waited too long: the first of each walk, for each limit."""
    limits = {"": view.limits.default, **view.limits.own()}
    own = msgspec.json.encode(list(view.limits.own())).decode()
    along: list[Walk] = walks(view.seat, others(view))
    if not along:
        return
    for source, limit in limits.items():
        which = "i.source = :source" if source else "i.source NOT IN (SELECT value FROM json_each(:own))"
        p = {"over": over_since(limit, view.now), "source": source, "own": own}
        sql = f"SELECT min(i.since) FROM {_ALONG} WHERE i.since > :over AND {which}"
        row = view.seat.store.one(sql, p | {"walks": msgspec.json.encode(along).decode()})
        if row and row[0] is not None:
            yield runs_out_at(limit, int(row[0]))
