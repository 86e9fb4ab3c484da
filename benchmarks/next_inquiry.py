"""Who is next, while the oldest 40 % cannot be called by their hours."""

from __future__ import annotations

from collections.abc import Iterator

from app.services import queue
from benchmarks import plain, stores
from benchmarks.figure import Figure, Scale, alternate, figure

SEEK = (
    "SELECT since, id FROM person INDEXED BY person_next WHERE stage = 'waiting' AND calling_class = ? "
    "ORDER BY since, id LIMIT 1"
)


def run(scale: Scale) -> Iterator[Figure]:
    """The queue's answer beside one index seek for each class of hours that is open."""
    with stores.opened(stores.home(scale.size)) as home:
        seat, db = home.seat, plain.plain(plain.people(scale.size))
        classes = [c for c in queue.calling_classes(seat) if seat.hours.opening(c, seat.now()).open]

        def floor(_: int) -> object:
            return min(row for c in classes if (row := db.execute(SEEK, (c,)).fetchone()))

        assert queue.peek_next(seat) == floor(0)[1]  # type: ignore[index]
        ours, below = alternate(lambda _: queue.peek_next(seat), floor, scale.times(500, 100))
        name = f"next inquiry, {scale.size:,}, the oldest 40 % outside calling hours"
        yield figure(name, ours, below, "ms", "<=5")
        yield figure(f"{name}, against 1 ms", ours, 1.0, "ms", "<=1")
        db.close()
