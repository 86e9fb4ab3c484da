"""Rows of the queue for the screen: a page of it anywhere, and some inquiries by their ids or numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from app.models.entries import Id
from app.models.rows import Group, QueueRow
from app.services.errors import NotFound
from app.services.queue.order import Place, numbered_places, where_unassigned_begin
from app.services.queue.view import COLUMNS, ROW, View
from app.services.seat import Seat


class Page(msgspec.Struct, frozen=True):
    """Some rows of the queue, and where the next ones begin (None: there are none)."""

    rows: tuple[QueueRow, ...]
    next: Place | None


LOOKS = 5  # how many waiting ones are looked at for each who is to be shown as not callable
GIVEN_UP = 10  # looks more than that, and they are not dense
DENSE = 1.5  # looks for each who may be called: to look along all who wait then costs less than a seek for each

_NUM = len(COLUMNS)
_BY_NUMBER = f"{ROW.replace(' FROM', ', i.num FROM')} WHERE i.num IN (SELECT value FROM json_each(?))"
_WAITING = (
    f"{ROW} INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND (i.since, i.id) > (:s, :i) "
    "ORDER BY i.since, i.id LIMIT :n"
)


# pages


def callable_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Who may be called now, in order."""
    return _callable_page(View(seat), after, size)


def whole_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Everybody who waits or objected: who may be called now, in order, then the others, the longest waiting first.

    A page of the others may have fewer rows than `size`, or none, though more follow.
    """
    view = View(seat)
    page = Page((), None)
    if after is None or after.group is not Group.NOT_NOW:
        page, after = _callable_page(view, after, size), None
    if page.next is not None:
        return page
    others = _not_now_page(view, after, size - len(page.rows))
    return Page(page.rows + others.rows, others.next)


def _callable_page(view: View, after: Place | None, size: int) -> Page:
    dense = _dense_page(view, after, size)
    if dense is not None:
        return dense
    found = list(islice(numbered_places(view, after, size), size))
    numbers = msgspec.json.encode([num for _, num in found]).decode()
    rows = {values[_NUM]: view.row(values[:_NUM]) for values in view.seat.store.query(_BY_NUMBER, (numbers,))}
    shown = tuple(rows[num] for _, num in found if num in rows)
    return Page(shown, found[-1][0] if len(found) == size else None)


def _dense_page(view: View, after: Place | None, size: int) -> Page | None:
    """A whole page of nobody's, one behind the other along everybody who waits; None where they are not so dense.

    Most pages of most queues are of this kind.
    """
    after = after or where_unassigned_begin(view)
    if after is None or after.group is not Group.UNASSIGNED:
        return None
    rows: list[QueueRow] = []
    for seen, row in enumerate(_along_everybody(view, after, round(DENSE * size)), 1):
        if row.group is Group.UNASSIGNED:
            rows.append(row)
            if len(rows) == size:
                return Page(tuple(rows), Place(Group.UNASSIGNED, row.since, row.id))
        elif seen > DENSE * len(rows) + GIVEN_UP:
            return None
    return None


def _along_everybody(view: View, after: Place | None, most: int) -> Iterator[QueueRow]:
    p = {"s": after.since if after else -1, "i": after.id if after else "", "n": most}
    return map(view.row, view.seat.store.reader().execute(_WAITING, p))


def _not_now_page(view: View, after: Place | None, size: int) -> Page:
    """Looks along some of those who wait; whoever may be called has been shown before."""
    looks = LOOKS * size
    rows: list[QueueRow] = []
    for seen, row in enumerate(_along_everybody(view, after, looks), 1):
        if row.group is Group.NOT_NOW:
            rows.append(row)
        if len(rows) == size or seen == looks:
            return Page(tuple(rows), Place(Group.NOT_NOW, row.since, row.id))
    return Page(tuple(rows), None)


def place_of(view: View, inquiry_id: Id) -> Place:
    """Where an inquiry stands in the order, whether it may be called or not."""
    shown = row(view.seat, inquiry_id)
    if shown.promised_at is not None and shown.promised_at <= view.now:
        return Place(Group.PROMISED, shown.promised_at, shown.id)
    if not shown.owner:
        group = Group.UNASSIGNED
    else:
        group = Group.MINE if shown.owner == view.parameters["member"] else Group.OTHERS
    return Place(group, shown.since, shown.id)


# some inquiries


def row(seat: Seat, inquiry_id: Id) -> QueueRow:
    """One inquiry as a row.

    Raises:
        NotFound: there is none.
    """
    found = _rows(View(seat), [seat.ledger.survivor(inquiry_id)])
    if not found:
        raise NotFound(f"There is no inquiry {inquiry_id}.")
    return found[0]


def rows(seat: Seat, inquiry_ids: list[Id]) -> list[QueueRow]:
    """Some inquiries as rows, in the order asked; those that are gone are left out."""
    found = {row.id: row for row in _rows(View(seat), inquiry_ids)}
    return [found[i] for i in inquiry_ids if i in found]


def numbered(seat: Seat, *groups: list[int]) -> list[QueueRow]:
    """Inquiries as rows, by the numbers of their search text: group after group, each by number."""
    view, found = View(seat), list[QueueRow]()
    for numbers in filter(None, groups):
        marks = ",".join("?" * len(numbers))
        found += [view.row(v) for v in seat.store.query(f"{ROW} WHERE i.num IN ({marks}) ORDER BY i.num", numbers)]
    return found


def _rows(view: View, inquiry_ids: Sequence[Id]) -> list[QueueRow]:
    marks = ",".join("?" * len(inquiry_ids))
    return [view.row(v) for v in view.seat.store.query(f"{ROW} WHERE i.id IN ({marks})", inquiry_ids)]
