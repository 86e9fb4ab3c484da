"""A page of 100 of the queue, at its head and far down."""

from __future__ import annotations

from collections.abc import Iterator

from app.services import queue
from benchmarks import plain, stores
from benchmarks.figure import Figure, Scale, alternate, figure

PAGE = (
    f"SELECT {', '.join(plain.COLUMNS)} FROM person INDEXED BY person_list WHERE stage = 'waiting' "
    "AND (since, id) > (?, ?) ORDER BY since, id LIMIT 100"
)
PLACE = (
    "SELECT since, id FROM person INDEXED BY person_list WHERE stage = 'waiting' ORDER BY since, id LIMIT 1 OFFSET ?"
)


def run(scale: Scale) -> Iterator[Figure]:
    """Rows ready for the screen beside the bare keyset page."""
    with stores.opened(stores.home(scale.size)) as home:
        seat, db = home.seat, plain.plain(plain.people(scale.size))
        for depth in (0, scale.size * 9 // 10):
            since, inquiry_id = db.execute(PLACE, (depth,)).fetchone() if depth else (-1, "")
            after = queue.Place(queue.Group.UNASSIGNED, since, inquiry_id) if depth else None
            ours, floor = alternate(
                lambda _, after=after: queue.whole_page(seat, after),
                lambda _, after=(since, inquiry_id): db.execute(PAGE, after).fetchall(),
                scale.times(200, 50),
            )
            yield figure(f"page of 100 of the queue, {scale.size:,}, depth {depth:,}", ours, floor, "ms", "<=3")
        db.close()
