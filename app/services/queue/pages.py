"""Rows of the queue for the screen: a page of it anywhere, and some inquiries by their ids or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import msgspec

from app.models.entries import Id
from app.models.rows import Group, QueueRow
from app.services.errors import NotFound
from app.services.queue.order import Place, due
from app.services.queue.view import FACTS, ROW, Facts, Numbered, View
from app.services.seat import Seat


class Page(msgspec.Struct, frozen=True):
    """Some rows of the queue, and where the next ones begin (None: there are none)."""

    rows: tuple[QueueRow, ...]
    next: Place | None


LOOKS = 5  # how many waiting ones are looked at for each who is to be shown as not callable

_OF_FACTS = frozenset({Group.MINE, Group.UNASSIGNED})  # of others there are few
_FACTS = msgspec.json.Decoder(list[Facts])
_WAITING = (
    f"{ROW} INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND (i.since, i.id) > (:s, :i) "
    "ORDER BY i.since, i.id LIMIT :n + 0"
)


# pages


def callable_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Who may be called now, in order."""
    with seat.store.snapshot():
        return _callable_page(View(seat), after, size)


def whole_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Everybody who waits or objected: who may be called now, in order, then the others, the longest waiting first.

    A page of the others may have fewer rows than `size`, or none, though more follow.
    """
    with seat.store.snapshot():
        view = View(seat)
        page = Page((), None)
        if after is None or after.group is not Group.NOT_NOW:
            page, after = _callable_page(view, after, size), None
        if page.next is not None:
            return page
        others = _not_now_page(view, after, size - len(page.rows))
        return Page(page.rows + others.rows, others.next)


def _callable_page(view: View, after: Place | None, size: int) -> Page:
    places, rows = due(view, after, size), list[QueueRow]()
    while len(rows) < size and (found := list(islice(places, size))):
        rows += _due_rows(view, found)
    if len(rows) < size:
        return Page(tuple(rows), None)
    last = rows[size - 1]
    return Page(tuple(rows[:size]), Place(last.group, last.promised_at or last.since, last.id))


def _due_rows(view: View, found: Sequence[tuple[Group, Numbered]]) -> list[QueueRow]:
    """Rows of whom the order gives, without those who were skipped."""
    numbers = msgspec.json.encode([num for _, (_, _, num) in found]).decode()
    facts = {each[0]: each for each in _FACTS.decode(view.seat.store.query(FACTS, (numbers,))[0][0])}
    rows = view.due_rows(found, facts)
    if whole := [who for group, (_, who, _) in found if group not in _OF_FACTS]:
        known = {row.id: row for row in _rows(view, whole)}
        rows = [known.get(row.id, row) for row in rows]
    return rows


def _not_now_page(view: View, after: Place | None, size: int) -> Page:
    """Looks along some of those who wait; whoever may be called has been shown before."""
    looks = LOOKS * size
    rows: list[QueueRow] = []
    p = {"s": after.since if after else -1, "i": after.id if after else "", "n": looks}
    for seen, row in enumerate(map(view.row, view.seat.store.reader().execute(_WAITING, p)), 1):
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
