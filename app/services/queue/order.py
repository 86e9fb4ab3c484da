"""The order of the queue: promised callbacks that are due, then mine, then nobody's, then others' that wait too long.

Within each group whoever has waited longest comes first. Each combination of an owner and a class of calling hours is
one walk along an index, and who is next one seek in each; which there are is kept in `tally_next`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

import msgspec

from app.models.entries import Id, Millis
from app.models.rows import Group
from app.services.queue.view import DUE_PROMISE, FREE, MAY_BE_NEXT, NEXT, STILL_THEIRS, Numbered, View
from app.services.seat import Seat


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a page of the queue ended; the next one begins behind it."""

    group: Group
    since: Millis
    id: Id


Walk = tuple[str, str]  # an owner and a class of hours
FEWEST = 16  # of those next in order that somebody is expected to want
SPARE = 3  # of each walk that are read beside its share of those, since shares differ
_BEGINNING: dict[str, Any] = {"s": -1, "i": ""}

# which walks there are


_BACK = (
    f"SELECT i.num FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} AND i.return_by IS NOT NULL "
    "AND i.return_by <= :now"
)
_RETURNED = (
    f"WITH RECURSIVE held(back, class) AS (SELECT return_by, calling_class FROM inquiry WHERE num = ({_BACK} "
    "ORDER BY i.return_by, i.calling_class LIMIT 1) UNION ALL SELECT n.return_by, n.calling_class FROM held "
    f"JOIN inquiry n ON n.num = ({_BACK} AND (i.return_by, i.calling_class) > (held.back, held.class) "
    "ORDER BY i.return_by, i.calling_class LIMIT 1)) SELECT back, class FROM held LIMIT :most + 0"
)
MOST_SEEKS = 200  # then to look along all who came back costs less: each may have a day of their own


def owners(seat: Seat) -> list[str]:
    """Everybody to whom somebody callable is assigned."""
    return [row[0] for row in seat.store.query("SELECT DISTINCT owner FROM tally_next WHERE owner <> ''")]


def walks(seat: Seat, whose: Sequence[str]) -> list[Walk]:
    """The classes of hours that these owners have somebody in."""
    sql = "SELECT owner, calling_class FROM tally_next WHERE owner IN (SELECT value FROM json_each(?))"
    return seat.store.query(sql, (_json(whose),))


def own_walks(view: View) -> list[Walk]:
    """Those of the one who sits here and of nobody in which somebody may be called now."""
    if view.own_walks is None:
        view.own_walks = _open(view, walks(view.seat, [view.parameters["member"], ""]))
    return view.own_walks


def returned(view: View) -> list[tuple[Millis, str]] | None:
    """Days to return that are past, with the classes of hours: one seek each; None where there are too many to seek."""
    found: list[tuple[Millis, str]] = view.seat.store.query(_RETURNED, view.parameters | {"most": MOST_SEEKS + 1})
    return found if len(found) <= MOST_SEEKS else None


def calling_classes(seat: Seat) -> list[str]:
    """Every class of hours that has somebody to call."""
    return [row[0] for row in seat.store.query("SELECT DISTINCT calling_class FROM tally_next ORDER BY 1")]


def open_classes(view: View) -> list[str]:
    """Every class of hours in which somebody may be called now."""
    return [calling_class for calling_class in calling_classes(view.seat) if view.opening(calling_class).open]


def others(view: View) -> list[str]:
    """Every owner but the one who sits here."""
    return [owner for owner in owners(view.seat) if owner != view.parameters["member"]]


def _open(view: View, found: Sequence[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [pair for pair in found if view.opening(pair[1]).open]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


# everybody, in order


_PROMISES = (
    f"SELECT i.promised_at, i.id, i.num, i.calling_class FROM inquiry i WHERE {DUE_PROMISE} AND {FREE} "
    "AND i.not_before <= :now AND (i.promised_at, i.id) > (:s, :i) ORDER BY i.promised_at, i.id"
)
_RETURNED_WALK = (
    f"SELECT i.since, i.id, i.num, i.calling_class FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} "
    "AND i.return_by IS NOT NULL AND i.return_by <= :now AND i.owner <> '' AND (i.since, i.id) > (:s, :i) "
    f"AND {MAY_BE_NEXT} ORDER BY i.since, i.id"
)
_PIECES = (  # of each walk as one text: the driver gives up Python's lock for each value that it hands over
    "SELECT w.key, (SELECT json_group_array(json_array(since, id, num)) FROM (SELECT i.since, i.id, i.num "
    f"FROM inquiry i INDEXED BY inquiry_next WHERE {NEXT} AND i.owner = w.value ->> 0 "
    "AND i.calling_class = w.value ->> 1 AND (i.since, i.id) > (:s, :i) AND i.since <= :now%s "
    "ORDER BY i.since, i.id LIMIT :size + 0)) "
    "FROM json_each(:walks) w"
)
_NOT_SKIPPED = " AND i.not_before <= :now"
_PIECE = msgspec.json.Decoder(list[Numbered])
_PLACE = itemgetter(0, 1)


def in_order(view: View, after: Place | None = None, expected: int = FEWEST) -> Iterator[Place]:
    """The places of all who may be called now, beginning behind one; so many are `expected` to be wanted."""
    return (Place(group, since, who) for group, (since, who, _) in due(view, after, expected, _NOT_SKIPPED))


def due(view: View, after: Place | None, expected: int, also: str = "") -> Iterator[tuple[Group, Numbered]]:
    """As `in_order`, with the numbers of the rows, and with some who were skipped: that is not in the index."""
    first = after.group if after else Group.PROMISED
    for group, walk in zip(Group, (_promised, _mine, _unassigned, _others), strict=False):
        if group < first:
            continue
        behind = {"s": after.since, "i": after.id} if after and group == first else _BEGINNING
        yield from zip(repeat(group), walk(view, view.parameters | behind | {"n": expected}, also), strict=False)


def _promised(view: View, p: dict[str, Any], _also: str) -> Iterator[Numbered]:
    return _whose_hours_are_open(view, view.seat.store.query(_PROMISES, p))


def _mine(view: View, p: dict[str, Any], also: str) -> Iterator[Numbered]:
    return _along(view, p, [walk for walk in own_walks(view) if walk[0]], f" AND {STILL_THEIRS}{also}")


def _unassigned(view: View, p: dict[str, Any], also: str) -> Iterator[Numbered]:
    along = _along(view, p, [walk for walk in own_walks(view) if not walk[0]], also)
    came = _whose_hours_are_open(view, view.seat.store.reader().execute(_RETURNED_WALK, p))
    first = next(came, None)
    return along if first is None else heapq.merge(along, [first], came)


def _others(view: View, p: dict[str, Any], also: str) -> Iterator[Numbered]:
    over, values = view.too_long()
    along = _open(view, walks(view.seat, others(view)))
    return _along(view, p | values, along, f" AND {STILL_THEIRS} AND {over}{also}")


def _whose_hours_are_open(view: View, found: Iterable[tuple[Millis, Id, int, str]]) -> Iterator[Numbered]:
    return (
        (since, inquiry_id, num) for since, inquiry_id, num, calling_class in found if view.opening(calling_class).open
    )


def _along(view: View, p: dict[str, Any], along: Sequence[Walk], also: str) -> Iterator[Numbered]:
    """Walks as one, without those whom somebody has on the line."""
    reader, sql, held = view.seat.store.reader(), _PIECES % also, view.claims
    ends = dict.fromkeys(along, (p["s"], p["i"]))  # of walks that may go on
    size = p["n"] // max(len(ends), 1) + SPARE
    ahead: list[Numbered] = []
    while ends:
        nearest = min(ends.values())
        going = [walk for walk, end in ends.items() if end == nearest]
        pieces = reader.execute(sql, p | {"walks": _json(going), "s": nearest[0], "i": nearest[1], "size": size})
        for place, text in pieces.fetchall():
            piece = _PIECE.decode(text)
            ahead += piece
            if len(piece) == size:
                ends[going[place]] = piece[-1][:2]
            else:
                del ends[going[place]]
        ahead.sort()
        known = bisect_right(ahead, min(ends.values()), key=_PLACE) if ends else len(ahead)
        yield from [place for place in ahead[:known] if place[1] not in held] if held else ahead[:known]
        del ahead[:known]


# who is first


def _head(index: str, key: str, also: str) -> str:
    """Whom the walks give first: one seek in each, all of them in one statement."""
    return (
        "SELECT head.since, head.id FROM json_each(:walks) w JOIN inquiry head ON head.num = ("
        f"SELECT i.num FROM inquiry i INDEXED BY {index} WHERE {NEXT} AND {key} = w.value ->> 0 "
        f"AND i.calling_class = w.value ->> 1 AND i.id <> :without AND {MAY_BE_NEXT}{also} "
        "ORDER BY i.since, i.id LIMIT 1) ORDER BY head.since, head.id LIMIT 1"
    )


_HEAD_MINE = _head("inquiry_next", "i.owner", f" AND {STILL_THEIRS}")
_HEAD_NOBODYS = _head("inquiry_next", "i.owner", "")
_OLDEST_RETURNED = (
    f"SELECT i.since, i.id FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} AND i.return_by IS NOT NULL "
    "AND i.return_by <= :now AND i.owner <> '' AND i.since <= :now AND i.not_before <= :now "
    "AND i.calling_class IN (SELECT value FROM json_each(:classes)) ORDER BY i.since, i.id LIMIT :n + 0"
)
_HEAD_RETURNED = _head("inquiry_returned", "i.return_by", " AND i.return_by IS NOT NULL AND i.owner <> ''")


def first(view: View, without: Id = "") -> Id | None:
    """Whom `in_order` gives first, except one."""
    p = view.parameters | _BEGINNING | {"without": without}
    promised = next((inquiry_id for _, inquiry_id, _ in _promised(view, p, "") if inquiry_id != without), None)
    if promised is not None:
        return promised
    found = own_walks(view)
    mine = _best(view, p, _HEAD_MINE, [walk for walk in found if walk[0]])
    if mine:
        return min(mine)[1]
    nobodys = _best(view, p, _HEAD_NOBODYS, [walk for walk in found if not walk[0]])
    nobodys += _came_back(view, p)
    if nobodys:
        return min(nobodys)[1]
    over, values = view.too_long()
    others_head = _head("inquiry_next", "i.owner", f" AND {STILL_THEIRS} AND {over}")
    late = _best(view, p | values, others_head, _open(view, walks(view.seat, others(view))))
    return min(late)[1] if late else None


def _came_back(view: View, p: dict[str, Any]) -> list[tuple[Millis, Id]]:
    back = returned(view)
    if back is not None:
        return _best(view, p, _HEAD_RETURNED, _open(view, back))
    # some more than are held or left out, rather than a look for each whether they are
    p = p | {"classes": _json(open_classes(view)), "n": len(view.claims) + 2}
    found = [row for row in view.seat.store.query(_OLDEST_RETURNED, p) if row[1] not in {*view.claims, p["without"]}]
    return found[:1]


def _best(view: View, p: dict[str, Any], sql: str, along: Sequence[tuple[Any, str]]) -> list[tuple[Millis, Id]]:
    if not along:
        return []
    return view.seat.store.query(sql, p | {"walks": _json(along)})
