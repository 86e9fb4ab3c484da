"""The order of the queue: promised callbacks that are due, then mine, then nobody's, then others' that wait too long.

Within each group whoever has waited longest comes first. Each combination of an owner and a class of calling hours is
one walk along an index, and who is next one seek in each; which there are is kept in `tally_next`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from app.models.entries import Id, Millis
from app.models.rows import Group
from app.services.queue.view import DUE_PROMISE, FREE, MAY_BE_NEXT, NEXT, STILL_THEIRS, View
from app.services.seat import Seat


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a page of the queue ended; the next one begins behind it."""

    group: Group
    since: Millis
    id: Id


Walk = tuple[str, str]  # an owner and a class of hours
FEWEST, MOST = 16, 400  # of those next in order that are read at once
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
    "ORDER BY i.return_by, i.calling_class LIMIT 1)) SELECT back, class FROM held LIMIT :most"
)
MOST_SEEKS = 200  # then to look along all who came back costs less: each may have a day of their own


def owners(seat: Seat) -> list[str]:
    """Everybody to whom somebody callable is assigned."""
    return [row[0] for row in seat.store.query("SELECT DISTINCT owner FROM tally_next WHERE owner <> ''")]


def walks(seat: Seat, whose: Sequence[str]) -> list[Walk]:
    """The classes of hours that these owners have somebody in."""
    sql = "SELECT owner, calling_class FROM tally_next WHERE owner IN (SELECT value FROM json_each(?))"
    return seat.store.query(sql, (_json(whose),))


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


Numbered = tuple[Millis, Id, int]  # since when (promised for when), who, the number of their row
_PROMISES = (
    f"SELECT i.promised_at, i.id, i.num, i.calling_class FROM inquiry i WHERE {DUE_PROMISE} AND {FREE} "
    "AND i.not_before <= :now AND (i.promised_at, i.id) > (:s, :i) ORDER BY i.promised_at, i.id"
)
_RETURNED_WALK = (
    f"SELECT i.since, i.id, i.num, i.calling_class FROM inquiry i INDEXED BY inquiry_returned WHERE {NEXT} "
    "AND i.return_by IS NOT NULL AND i.return_by <= :now AND i.owner <> '' AND (i.since, i.id) > (:s, :i) "
    f"AND {MAY_BE_NEXT} ORDER BY i.since, i.id"
)


def in_order(view: View, after: Place | None = None, expected: int = FEWEST) -> Iterator[Place]:
    """The places of all who may be called now, beginning behind one; so many are `expected` to be wanted."""
    return (place for place, _ in numbered_places(view, after, expected))


def numbered_places(view: View, after: Place | None, expected: int) -> Iterator[tuple[Place, int]]:
    """Places with the numbers of the rows."""
    first = after.group if after else Group.PROMISED
    for group, walk in zip(Group, (_promised, _mine, _unassigned, _others), strict=False):
        if group < first:
            continue
        behind = {"s": after.since, "i": after.id} if after and group == first else _BEGINNING
        for since, inquiry_id, num in walk(view, view.parameters | behind | {"n": min(expected, MOST)}):
            yield Place(group, since, inquiry_id), num


def _promised(view: View, p: dict[str, Any]) -> Iterator[Numbered]:
    return _whose_hours_are_open(view, view.seat.store.query(_PROMISES, p))


def _mine(view: View, p: dict[str, Any]) -> Iterator[Numbered]:
    return _along(view, p, [p["member"]], f" AND {STILL_THEIRS}")


def _unassigned(view: View, p: dict[str, Any]) -> Iterator[Numbered]:
    came = _whose_hours_are_open(view, view.seat.store.reader().execute(_RETURNED_WALK, p))
    return heapq.merge(_along(view, p, [""]), came)


def _others(view: View, p: dict[str, Any]) -> Iterator[Numbered]:
    over, values = view.too_long()
    return _along(view, p | values, others(view), f" AND {STILL_THEIRS} AND {over}")


def _whose_hours_are_open(view: View, found: Iterable[tuple[Millis, Id, int, str]]) -> Iterator[Numbered]:
    return (
        (since, inquiry_id, num) for since, inquiry_id, num, calling_class in found if view.opening(calling_class).open
    )


def _along(view: View, p: dict[str, Any], whose: Sequence[str], also: str = "") -> Iterator[Numbered]:
    """The walks of some owners as one, a piece at a time."""
    found = _open(view, walks(view.seat, whose))
    p = p | {"walks": _json(found)}
    while found:
        piece: list[Numbered] = view.seat.store.query(_merged(also), p)
        yield from piece
        if len(piece) < p["n"]:
            return
        p = p | {"s": piece[-1][0], "i": piece[-1][1], "n": min(4 * p["n"], MOST)}


def _merged(also: str) -> str:
    """Many walks in one order: SQLite takes the earliest of the rows found so far, and looks for the one behind it."""
    seek = (
        f"SELECT i.num FROM inquiry i INDEXED BY inquiry_next WHERE {NEXT} AND i.owner = {{0}} AND i.calling_class = "
        f"{{1}} AND (i.since, i.id) > ({{2}}, {{3}}) AND {MAY_BE_NEXT}{also} ORDER BY i.since, i.id LIMIT 1"
    )
    head = seek.format("w.value ->> 0", "w.value ->> 1", ":s", ":i")
    behind = seek.format("walk.owner", "walk.class", "walk.since", "walk.id")
    return (
        "WITH RECURSIVE walk(owner, class, since, id, num) AS ("
        "SELECT w.value ->> 0, w.value ->> 1, n.since, n.id, n.num FROM json_each(:walks) w "
        f"JOIN inquiry n ON n.num = ({head}) UNION ALL "
        f"SELECT walk.owner, walk.class, n.since, n.id, n.num FROM walk JOIN inquiry n ON n.num = ({behind}) "
        "ORDER BY 3, 4 LIMIT :n) SELECT since, id, num FROM walk"
    )


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
    "AND i.calling_class IN (SELECT value FROM json_each(:classes)) ORDER BY i.since, i.id LIMIT :n"
)
_HEAD_RETURNED = _head("inquiry_returned", "i.return_by", " AND i.return_by IS NOT NULL AND i.owner <> ''")


def first(view: View, without: Id = "") -> Id | None:
    """Whom `in_order` gives first, except one."""
    p = view.parameters | _BEGINNING | {"without": without}
    promised = next((inquiry_id for _, inquiry_id, _ in _promised(view, p) if inquiry_id != without), None)
    if promised is not None:
        return promised
    member = p["member"]
    found = _open(view, walks(view.seat, list(dict.fromkeys((member, "")))))
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


_ANY_PROMISE = f"SELECT 1 FROM inquiry i WHERE {DUE_PROMISE} LIMIT 1"
_BEGINNINGS = (
    f"SELECT (SELECT i.since FROM inquiry i INDEXED BY inquiry_next WHERE {NEXT} AND i.owner = '' "
    "AND i.calling_class = w.value ORDER BY i.since, i.id LIMIT 1) FROM json_each(:classes) w"
)


def where_unassigned_begin(view: View) -> Place | None:
    """Before this place nobody may be called now; None where somebody promised or mine comes before nobody's."""
    seat, p = view.seat, view.parameters | _BEGINNING
    if seat.store.one(_ANY_PROMISE, p) or _open(view, walks(seat, [p["member"]])):
        return None
    classes = [calling_class for _, calling_class in _open(view, walks(seat, [""]))]
    begins = [row[0] for row in seat.store.query(_BEGINNINGS, {"classes": _json(classes)}) if row[0] is not None]
    came = _whose_hours_are_open(view, seat.store.reader().execute(_RETURNED_WALK, p))
    begins += [since for since, _, _ in islice(came, 1)]
    return Place(Group.UNASSIGNED, min(begins) - 1, "") if begins else None


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
