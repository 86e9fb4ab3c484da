"""What the page has done on the writer thread; imported there, since the first of them brings SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.nurture.mailing_list import MailingList
    from app.services.nurture.pages import List
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


def write_list(seat: Seat, which: List, file: Path) -> MailingList:
    """Write who of a list may be written to; which kind of file, its ending says."""
    from app.services.nurture import mailing_list  # on the reader thread: the first brings SQLAlchemy

    return mailing_list.write(seat, file, which)
