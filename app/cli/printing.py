"""Tables and times as people read them in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from app.models.entries import Millis
    from app.services.seat import Seat

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WIDEST = 34  # of a column of text


def iso(at: Millis | None) -> str | None:
    """A moment as ISO 8601 with its zone; None stays None."""
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def span(ms: int) -> str:
    """How long: "26 h 10 m", "5 d 3 h", "0 m"."""
    if ms >= 3 * DAY:
        return f"{ms // DAY} d {ms % DAY // HOUR} h"
    if ms >= HOUR:
        return f"{ms // HOUR} h {ms % HOUR // MINUTE:02} m"
    return f"{ms // MINUTE} m"


class Clock:
    """Times of this desk: how long ago, and exactly."""

    def __init__(self, seat: Seat) -> None:
        self._zone, self._now = ZoneInfo(seat.settings["zone"]), seat.now()

    def exact(self, at: Millis) -> str:
        """By the desk's clock: "2026-11-22 14:05"."""
        return f"{datetime.fromtimestamp(at / 1000, self._zone):%Y-%m-%d %H:%M}"

    def both(self, at: Millis) -> str:
        """Relative and exact: "26 h 10 m ago (2026-11-21 12:52)"."""
        apart = self._now - at
        near = f"{span(apart)} ago" if apart >= 0 else f"in {span(-apart)}"
        return f"{near} ({self.exact(at)})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Aligned lines: the head, then the rows; the columns numbered in `right` end together."""
    cells = [[shortened(" ".join(str(cell).split())) for cell in row] for row in (head, *rows)]
    last = len(head) - 1
    for line, row in zip(cells, (head, *rows), strict=True):
        line[last] = " ".join(str(row[last]).split())
    widths = [max(width(line[column]) for line in cells) for column in range(len(head))]
    return [
        "  ".join(
            (" " * (widths[at] - width(cell)) + cell) if at in right else cell + " " * (widths[at] - width(cell))
            for at, cell in enumerate(line)
        ).rstrip()
        for line in cells
    ]


def shortened(text: str) -> str:
    """At most as wide as a column may be."""
    if width(text) <= WIDEST:
        return text
    while width(text) >= WIDEST:
        text = text[:-1]
    return f"{text}…"


def width(text: str) -> int:
    """How many places a text takes: Chinese, Japanese and Korean signs two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def safe(text: str) -> str:
    """Without signs that would steer the terminal."""
    return "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
