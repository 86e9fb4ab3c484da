"""Figures that are kept with the rows of inquiries, since to count a million of them takes tenths of a second.

`tally_age` says how many wait by source and by when their wait began, in spans of some hours; `tally_next` how many
there are to call by owner and class of calling hours. Both follow from `inquiry` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.services.store.connection import Store

Row = tuple[Any, ...]
SPAN_BITS = 24  # a span is 2**24 ms, 4.7 hours; a shift rounds alike in Python and in SQLite, before 1970 too
COUNTED = ("stage", "source", "since", "owner", "calling_class", "blocked", "promised_at")
AGES = (
    f"SELECT stage, source, since >> {SPAN_BITS}, count(*) FROM inquiry WHERE stage IN ('waiting', 'objected') "
    "GROUP BY 1, 2, 3"
)
NEXT = (
    "SELECT owner, calling_class, count(*) FROM inquiry "
    "WHERE stage = 'waiting' AND blocked = 0 AND promised_at IS NULL GROUP BY 1, 2"
)
_WAITS = frozenset({"waiting", "objected"})
_KEYS = {"tally_age": ("stage", "source", "span"), "tally_next": ("owner", "calling_class")}


class Tallies:
    """Counts what comes and goes, then brings the kept figures up to date by the difference."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        """`columns`: of the rows that are given."""
        self._places = _places(columns)
        self._ages: Counter[Row] = Counter()
        self._next: Counter[Row] = Counter()

    def came(self, rows: Iterable[Row]) -> None:
        """Rows that are there from now on."""
        self._count(rows, 1)

    def went(self, rows: Iterable[Row]) -> None:
        """Rows that were there until now."""
        self._count(rows, -1)

    def entered(self, rows: Sequence[Row]) -> None:
        """As `came`, for rows in the order of `NEWCOMER`: they wait, and nobody has them."""
        source_at, since, class_at, blocked = _places_of_newcomers()
        for (source, span), count in Counter([(row[source_at], row[since] >> SPAN_BITS) for row in rows]).items():
            self._ages["waiting", source, span] += count
        for calling_class, count in Counter([row[class_at] for row in rows if not row[blocked]]).items():
            self._next["", calling_class] += count

    def write(self, store: Store) -> None:
        """Inside `writing()`."""
        for table, counted in (("tally_age", self._ages), ("tally_next", self._next)):
            rows = [(*key, count) for key, count in counted.items() if count]
            if not rows:
                continue
            names = _KEYS[table]
            store.writer.executemany(
                f"INSERT INTO {table}({', '.join(names)}, n) VALUES({', '.join('?' * len(names))}, ?) "
                "ON CONFLICT DO UPDATE SET n = n + excluded.n",
                rows,
            )
            fewer = [row[:-1] for row in rows if row[-1] < 0]
            where = " AND ".join(f"{name} = ?" for name in names)
            store.writer.executemany(f"DELETE FROM {table} WHERE {where} AND n = 0", fewer)

    def _count(self, rows: Iterable[Row], by: int) -> None:
        stage_at, source, since, owner, calling_class, blocked, promised = self._places
        for row in rows:
            stage = row[stage_at]
            if stage not in _WAITS:
                continue
            self._ages[stage, row[source], row[since] >> SPAN_BITS] += by
            if stage == "waiting" and not row[blocked] and row[promised] is None:
                self._next[row[owner], row[calling_class]] += by


@cache
def _places(columns: tuple[str, ...], names: tuple[str, ...] = COUNTED) -> tuple[int, ...]:
    return tuple(columns.index(name) for name in names)


@cache
def _places_of_newcomers() -> tuple[int, ...]:
    from app.services.store.projection import NEWCOMER

    return _places(NEWCOMER, ("source", "since", "calling_class", "blocked"))


def agree(store: Store) -> bool:
    """Whether the kept figures are what a count of all rows gives."""
    kept_ages = store.query("SELECT stage, source, span, n FROM tally_age ORDER BY 1, 2, 3")
    kept_next = store.query("SELECT owner, calling_class, n FROM tally_next ORDER BY 1, 2")
    return (kept_ages, kept_next) == (store.query(f"{AGES} ORDER BY 1, 2, 3"), store.query(f"{NEXT} ORDER BY 1, 2"))
