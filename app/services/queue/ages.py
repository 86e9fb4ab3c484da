"""How many have waited how long, each source by its own limit: by the figures that are kept with the rows.

What is kept counts spans of some hours; what of one span is before a moment is counted along an index.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.models.entries import Millis
from app.models.limits import Limit, over_since, waited
from app.services.seat import Seat
from app.services.sources import Limits
from app.services.store.tallies import SPAN_BITS

_SOURCES = "SELECT source, sum(n) FROM tally_age WHERE stage = 'waiting' GROUP BY source"
_ALONG = "inquiry i INDEXED BY inquiry_ages WHERE i.stage = 'waiting' AND i.source = t.value ->> 0"
_UNTIL = (
    "SELECT sum((SELECT coalesce(sum(n), 0) FROM tally_age WHERE stage = 'waiting' AND source = t.value ->> 0 "
    f"AND span < t.value ->> 1 >> {SPAN_BITS}) + (SELECT count(*) FROM {_ALONG} "
    f"AND i.since >= t.value ->> 1 >> {SPAN_BITS} << {SPAN_BITS} AND i.since <= t.value ->> 1)) FROM json_each(?) t"
)
_OLDEST = f"SELECT t.value ->> 0, (SELECT i.since FROM {_ALONG} ORDER BY i.since LIMIT 1) FROM json_each(?) t"


class Ages:
    """Everybody who waits for a call."""

    def __init__(self, seat: Seat, limits: Limits | None = None) -> None:
        self._seat, self.now, self.limits = seat, seat.now(), limits or Limits(seat)
        self._sources: dict[str, int] = dict(seat.store.query(_SOURCES))

    def all(self) -> int:
        """How many wait."""
        return sum(self._sources.values())

    def over(self, at: Millis) -> int:
        """How many of those who wait now are over their limit at a moment."""
        found: dict[Limit, Millis] = {}
        for source in self._sources:
            limit = self.limits.of(source)
            if limit not in found:
                found[limit] = over_since(limit, at)
        return self._count({source: found[self.limits.of(source)] for source in self._sources})

    def until(self, since: Millis) -> int:
        """How many have waited since this moment or longer."""
        return self._count(dict.fromkeys(self._sources, since))

    def oldest_ms(self) -> Millis:
        """The longest wait, as the limit of its source counts it; 0: nobody waits."""
        firsts = self._seat.store.query(_OLDEST, (_json([(source,) for source in self._sources]),))
        return max((waited(self.limits.of(source), since, self.now) for source, since in firsts), default=0)

    def _count(self, until: Mapping[str, Millis]) -> int:
        row = self._seat.store.one(_UNTIL, (_json(list(until.items())),))
        return int(row[0] or 0) if row else 0


def everybody(seat: Seat) -> int:
    """How many wait or have objected."""
    row = seat.store.one("SELECT sum(n) FROM tally_age")
    return int(row[0] or 0) if row else 0


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
