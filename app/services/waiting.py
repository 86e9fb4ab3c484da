"""The first page of the queue and the next ones, as a window reads them: without what only a call needs."""

from __future__ import annotations

import msgspec

from app.models.entries import Millis
from app.services import queue
from app.services.seat import Seat

PAGE = 100  # rows


class Waiting(msgspec.Struct, frozen=True):
    """A page of everybody who waits, and when it was read."""

    page: queue.Page
    read_at: Millis


def waiting(seat: Seat, after: queue.Place | None = None, size: int = PAGE) -> Waiting:
    """A page of everybody who waits, those first who may be called now."""
    return Waiting(queue.whole_page(seat, after, size), seat.now())
