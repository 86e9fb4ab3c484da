"""What the page has done on the writer thread; imported there, since the first of them brings SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.nurture.waking import Done
    from app.services.seat import Changed, Seat


def wake(seat: Seat, ids: list[str], **named: Any) -> Done:
    """Back into the queue."""
    from app.services.nurture import waking

    return waking.wake(seat, ids, **named)


def move(seat: Seat, ids: list[str], track: str, **named: Any) -> Done:
    """On another track."""
    from app.services.nurture import waking

    return waking.move(seat, ids, track, **named)


def put_off(seat: Seat, ids: list[str], until: int | None, **named: Any) -> Done:
    """Until another day, ms UTC; None: until they ask again."""
    from app.services.nurture import waking

    return waking.put_off(seat, ids, until, **named)


def consent(seat: Seat, inquiry_id: str, purpose: str, **named: Any) -> Changed:
    """What somebody agrees to, or takes back."""
    from app.services.nurture import consents

    return consents.record(seat, inquiry_id, purpose, **named)
