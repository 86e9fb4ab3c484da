"""What the inquiries of a period add up to, counted in one walk over them.

SQLite groups what counts alike, a stretch of inquiries at a time, so that a count of a million shows how far it is,
can be stopped, and sorts little at once; what is left to Python are the groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from app.models.entries import Millis
from app.models.limits import Limit, LimitState, over_since, state
from app.models.periods import Bounds
from app.services import sources
from app.services.seat import Seat
from app.services.sources import Limits

STRETCH = 1 << 18  # of `num`, which counts entries: about a quarter of so many inquiries
HOUR = 3_600_000
BITS = (
    ("reached", "reached <> 0"), ("accepted", "was_accepted <> 0"), ("prospects", "was_prospect <> 0"),
    ("sold", "sold_at IS NOT NULL"),
    ("answered", "sold_at IS NOT NULL AND (reviewed_at IS NOT NULL OR closed_at IS NOT NULL OR was_accepted <> 0)"),
    ("called", "first_called_at IS NOT NULL"),
    ("called_in", "(first_called_at - captured_at < {span}) IS TRUE"),
    ("called_due", "first_called_at IS NOT NULL OR captured_at <= {over}"),
    ("decided_in", "(first_decided_at - captured_at < {span}) IS TRUE"),
    ("decided_due", "first_decided_at IS NOT NULL OR captured_at <= {over}"),
    ("won", "won IS NOT NULL AND won = 1"), ("lost", "won IS NOT NULL AND won = 0"),
)  # fmt: skip
"""What an inquiry may be beside its result; `span` and `over` are those of its source's limit."""
PLACE = {name: 1 << number for number, (name, _) in enumerate(BITS)}
RESULTS = ("sell", "nurture", "discard", "unreached", "objected", "open")

Progress = Callable[[float], object]  # the share that is done; it may raise to stop


class Wanted(msgspec.Struct, frozen=True):
    """Which inquiries: captured from `since` to before `until`, of one source or all (empty)."""

    since: Millis | None
    until: Millis | None
    source: str = ""
    compared: Bounds | None = None  # another period, counted in the same walk

    def where(self, prefix: str = "") -> str:
        """As a condition, with `parameters`."""
        column = f"{prefix}captured_at"
        either = [_between(column, (self.since, self.until), "")]
        if self.compared is not None:
            either.append(_between(column, self.compared, "b"))
        clause = " OR ".join(f"({each})" for each in either)
        clause = f"({clause}) AND {prefix}result <> 'uncaptured'"
        return f"{clause} AND {prefix}source = :source" if self.source else clause

    def this(self, prefix: str = "") -> str:
        """Whether it is of the period itself."""
        return _between(f"{prefix}captured_at", (self.since, self.until), "")

    def parameters(self) -> dict[str, Any]:
        """What `where` names."""
        bsince, buntil = self.compared or (None, None)
        return {"since": self.since, "until": self.until, "bsince": bsince, "buntil": buntil, "source": self.source}


def _between(column: str, within: Bounds, mark: str) -> str:
    since, until = within
    clauses = [f"{column} >= :{mark}since"] if since is not None else []
    clauses += [f"{column} < :{mark}until"] if until is not None else []
    return " AND ".join(clauses) or "1"


class Tally:
    """What some inquiries add up to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.in_time: Counter[int] = Counter()  # seconds to the first call -> how many, within their limit
        self.late: Counter[int] = Counter()  # the same beyond it
        self.revenue: dict[str, Decimal] = {}

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    def add(self, result: str, bits: int, n: int) -> None:
        """So many more that are alike."""
        counts = self.counts
        counts["inquiries"] += n
        counts[result] += n
        for name, place in PLACE.items():
            if bits & place:
                counts[name] += n
        if bits & PLACE["reached"] and result in {"sell", "nurture"}:
            counts["leads"] += n

    def take(self, other: Tally) -> None:
        """All of another one."""
        self.counts.update(other.counts)
        self.in_time.update(other.in_time)
        self.late.update(other.late)
        for currency, amount in other.revenue.items():
            self.revenue[currency] = self.revenue.get(currency, Decimal(0)) + amount

    def first_calls(self) -> Counter[int]:
        """Seconds from capture to the first call -> how many."""
        return self.in_time + self.late


class Decided(msgspec.Struct):
    """What shows of one member's decisions."""

    sell: int = 0
    nurture: int = 0
    discard: int = 0
    accepted: int = 0  # of what they sold
    won: int = 0


class Counted:
    """Sources with their tallies, in the period and in the compared one, who decided, and where they are."""

    def __init__(self) -> None:
        self.sources: dict[str, Tally] = {}
        self.compared: dict[str, Tally] = {}
        self.decided: dict[str, Decided] = {}
        self.where: list[dict[str, int]] = []  # the stretches in which somebody of the period is

    def tally(self, this: int, source: str) -> Tally:
        """That of a source."""
        return (self.sources if this else self.compared).setdefault(source, Tally())


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    made = Tally()
    for each in tallies:
        made.take(each)
    return made


def stretches(seat: Seat) -> Iterator[tuple[float, dict[str, int]]]:
    """The inquiries piece by piece: how much is done after each, and its bounds as parameters."""
    row = seat.store.one("SELECT max(num) FROM inquiry")
    last = int(row[0] or 0) if row else 0
    for low in range(0, last, STRETCH):
        high = min(low + STRETCH, last)
        yield high / last, {"low": low, "high": high}


def count(seat: Seat, wanted: Wanted, limits: Limits, now: Millis, progress: Progress) -> Counted:
    """Counts; `progress` hears the share that is done. Inside a snapshot."""
    made = Counted()
    working = [name for name in sources.names(seat) if limits.of(name).working]
    sql, slower = _sql(wanted, limits, now), _slower_than_the_clock(wanted, limits, working)
    parameters = wanted.parameters() | {f"s{number}": name for number, name in enumerate(limits.own())}
    parameters |= {f"w{number}": name for number, name in enumerate(working)}
    for done, bounds in stretches(seat):
        alike: Counter[tuple[int, str, str, int, str]] = Counter()
        for this, source, result, bits, actor, seconds, amount, currency, n in seat.store.query(
            sql, parameters | bounds
        ):
            alike[this, source, result, bits, actor] += n
            if seconds is not None:
                tally = made.tally(this, source)
                (tally.in_time if bits & PLACE["called_in"] else tally.late)[seconds] += n
            if amount:
                revenue = made.tally(this, source).revenue
                revenue[currency] = revenue.get(currency, Decimal(0)) + Decimal(amount) * n
        if any(key[0] for key in alike):
            made.where.append(bounds)
        for (this, source, result, bits, actor), n in alike.items():
            made.tally(this, source).add(result, bits, n)
            if this and actor:
                _decided(made.decided.setdefault(actor, Decided()), result, bits, n)
        if working:
            for this, source, captured, called, decided in seat.store.query(slower, parameters | bounds):
                _set_right(made.tally(this, source), limits.of(source), captured, called, decided)
        progress(done)
    return made


def _sql(wanted: Wanted, limits: Limits, now: Millis) -> str:
    span = _of_limit(limits, _span)
    over = _of_limit(limits, lambda limit: over_since(limit, now))
    bits = " + ".join(f"({what.format(span=span, over=over)}) * {PLACE[name]}" for name, what in BITS)
    return (
        f"SELECT {wanted.this()}, source, result, {bits}, decided_by, max(0, first_called_at - captured_at) / 1000, "
        "CASE WHEN won = 1 THEN amount END, CASE WHEN won = 1 THEN currency END, count(*) FROM inquiry "
        f"WHERE num > :low AND num <= :high AND {wanted.where()} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    )


def _span(limit: Limit) -> int:
    """Whoever was called sooner by the clock, was in working hours too."""
    return round(limit.hours * HOUR)


def _of_limit(limits: Limits, value: Callable[[Limit], int]) -> str:
    """A whole number by the limit of a source, as SQL; the names of sources are parameters."""
    cases = "".join(f" WHEN :s{number} THEN {value(limit)}" for number, limit in enumerate(limits.own().values()))
    usual = value(limits.default)
    return f"CASE source{cases} ELSE {usual} END" if cases else str(usual)


def _decided(row: Decided, result: str, bits: int, n: int) -> None:
    if result == "sell":
        row.sell += n
        row.accepted += n if bits & PLACE["accepted"] else 0
        row.won += n if bits & PLACE["won"] else 0
    elif result == "nurture":
        row.nurture += n
    elif result == "discard":
        row.discard += n


def _slower_than_the_clock(wanted: Wanted, limits: Limits, working: list[str]) -> str:
    """Who was called or decided later than the limit by the clock, of sources that count working hours."""
    span = _of_limit(limits, _span)
    names = ", ".join(f":w{number}" for number in range(len(working)))
    return (
        f"SELECT {wanted.this()}, source, captured_at, first_called_at, first_decided_at FROM inquiry "
        f"WHERE num > :low AND num <= :high AND source IN ({names}) AND (first_called_at - captured_at >= {span} "
        f"OR first_decided_at - captured_at >= {span}) AND {wanted.where()}"
    )


def _set_right(tally: Tally, limit: Limit, captured: Millis, called: Millis | None, decided: Millis | None) -> None:
    """Working hours go slower than the clock: one who was in time after all."""
    span = _span(limit)
    if decided is not None and decided - captured >= span and state(limit, captured, decided) is not LimitState.OVER:
        tally.counts["decided_in"] += 1
    if called is not None and called - captured >= span and state(limit, captured, called) is not LimitState.OVER:
        tally.counts["called_in"] += 1
        seconds = (called - captured) // 1000
        tally.late[seconds] -= 1
        tally.in_time[seconds] += 1
