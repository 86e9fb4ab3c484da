"""Quantiles of what was counted rather than listed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The quantile of values of which there are so many each, between two by their distance; None of nothing.

    Type 7 of Hyndman and Fan (1996), the usual one of spreadsheets.
    """
    values = sorted(value for value, n in counts.items() if n > 0)
    if not values:
        return None
    ends = list(accumulate(counts[value] for value in values))
    place = (ends[-1] - 1) * share
    low = values[bisect_right(ends, int(place))]
    high = values[bisect_right(ends, min(int(place) + 1, ends[-1] - 1))]
    return round(low + (high - low) * (place - int(place)))
