"""The figures of the inquiries captured in a period, followed to the end: what came in, what it cost, what it became.

Each inquiry counts once: by its latest decision, else as objected, unreached or open. An erased one counts as it did
before; a capture that was taken back, nowhere. A lead is a sell or nurture after a call that reached somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from app.models.entries import Millis
from app.models.limits import LimitState, state
from app.services.errors import Refused
from app.services.seat import Seat
from app.services.sources import Limits, source_id

Money = tuple[tuple[Decimal, str], ...]  # amounts of two decimals with ISO 4217, one for each currency

_CENT = Decimal("0.01")
_FIGURES = """
    count(*) AS inquiries, total(reached) AS reached,
    total(result = 'sell') AS sell, total(result = 'nurture') AS nurture, total(result = 'discard') AS discard,
    total(result = 'unreached') AS unreached, total(result = 'objected') AS objected, total(result = 'open') AS open,
    total(was_accepted) AS accepted, total(was_prospect) AS prospects,
    total(won = 1) AS won, total(won = 0) AS lost,
    total(reached AND result IN ('sell', 'nurture')) AS leads,
    total(sold_at IS NOT NULL) AS sold,
    total(sold_at IS NOT NULL AND (reviewed_at IS NOT NULL OR closed_at IS NOT NULL OR was_accepted)) AS answered
"""
_COUNTS = ("inquiries", "reached", "sell", "nurture", "discard", "unreached", "objected", "open", "accepted",
           "prospects", "won", "lost", "leads", "sold", "answered")  # fmt: skip


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One set of figures; a share is 0 to 1, and None where there is nothing to divide by."""

    inquiries: int
    reached: int
    sell: int
    nurture: int
    discard: int
    unreached: int
    objected: int
    open: int
    accepted: int
    prospects: int
    won: int
    lost: int
    leads: int
    revenue: Money
    qualified_share: float | None  # leads of inquiries
    conversion: float | None  # won of inquiries
    first_call_median_seconds: int | None  # from capture to the first call, of those that were called
    first_call_p90_seconds: int | None
    called_within_limit_share: float | None  # of those that were called, or whose limit is over
    decided_within_limit_share: float | None  # the same for the first decision
    sales_follow_up_share: float | None  # of what was sold, what sales has answered
    cost: Money
    cost_per_inquiry: Money
    cost_per_lead: Money
    cost_per_sell: Money
    cost_per_sale: Money


class SourceFigures(msgspec.Struct, frozen=True):
    """The figures of one source."""

    source: str
    figures: Figures


class CallerFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one member did for the inquiries of the period."""

    caller: str
    calls: int
    reached: int  # calls that somebody answered
    inquiries: int  # that they called
    sell: int  # inquiries whose decision that shows is theirs
    nurture: int
    discard: int
    accepted: int  # of what they sold
    won: int
    first_call_median_seconds: int | None  # of the inquiries that they called first


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the analysis shows."""

    since: Millis | None  # inclusive; None: from the beginning
    until: Millis | None  # exclusive; None: up to now
    source: str  # empty: all
    figures: Figures
    by_source: tuple[SourceFigures, ...]
    by_caller: tuple[CallerFigures, ...]


def results(seat: Seat, *, since: Millis | None = None, until: Millis | None = None, source: str = "") -> Results:
    """The figures of a period by capture, `since` inclusive and `until` exclusive, of all sources or one.

    Raises:
        Refused: the period ends before it begins, or there is no such source.
    """
    if since is not None and until is not None and until <= since:
        raise Refused("The period ends before it begins.")
    with seat.store.snapshot():
        if source:
            source = _known(seat, source)
        period = _Period(seat, since, until, source)
        names = [source] if source else period.sources()
        return Results(
            since=since, until=until, source=source, figures=period.figures(source),
            by_source=tuple(SourceFigures(name, period.figures(name)) for name in names),
            by_caller=tuple(period.callers()),
        )  # fmt: skip


def _known(seat: Seat, name: str) -> str:
    row = seat.store.one("SELECT name FROM source WHERE id = ?", (source_id(name),))
    if row is None:
        raise Refused(f"There is no source {name}.")
    return str(row[0])


class _Period:
    """The inquiries of a period, read in one snapshot."""

    def __init__(self, seat: Seat, since: Millis | None, until: Millis | None, source: str) -> None:
        self._seat, self._now, self._limits = seat, seat.now(), Limits(seat)
        bounds = (("{} >= :since", since), ("{} < :until", until))
        self._when = " AND ".join(clause for clause, moment in bounds if moment is not None)
        self._parameters: dict[str, Any] = {"since": since, "until": until}
        self._only = source
        self._groups: dict[str, dict[str, int]] = {}
        self._read()

    def _where(self, source: str = "", prefix: str = "", column: str = "captured_at") -> str:
        clauses = [f"{prefix}result <> 'uncaptured'"] if column == "captured_at" else []
        if self._when:
            clauses.append(self._when.replace("{}", prefix + column))
        if source or self._only:
            clauses.append(f"{prefix}source = :source")
        return f"WHERE {' AND '.join(clauses)}" if clauses else ""

    def _query(self, sql: str, source: str = "") -> list[tuple[Any, ...]]:
        return self._seat.store.query(sql, self._parameters | {"source": source or self._only})

    def _read(self) -> None:
        for row in self._query(f"SELECT source, {_FIGURES} FROM inquiry {self._where()} GROUP BY source"):
            self._groups[row[0]] = dict(zip(_COUNTS, map(int, row[1:]), strict=True))

    def sources(self) -> list[str]:
        """Every source with inquiries or costs in the period, the largest first."""
        spent = {row[0] for row in self._query(f"SELECT DISTINCT source FROM source_cost {self._where(column='at')}")}
        return sorted(spent | set(self._groups), key=lambda name: (-self._count(name)["inquiries"], name.casefold()))

    def _count(self, source: str) -> dict[str, int]:
        if source:
            return dict(self._groups.get(source) or dict.fromkeys(_COUNTS, 0))
        return {key: sum(group[key] for group in self._groups.values()) for key in _COUNTS}

    def figures(self, source: str) -> Figures:
        """The figures of one source, or of all."""
        count = self._count(source)
        first, called, decided = self._speeds(source)
        cost = self._cost(source)
        inquiries, sold, answered = count["inquiries"], count.pop("sold"), count.pop("answered")
        return Figures(
            **count,
            revenue=self._revenue(source),
            qualified_share=_share(count["leads"], inquiries),
            conversion=_share(count["won"], inquiries),
            first_call_median_seconds=_quantile(first, 0.5),
            first_call_p90_seconds=_quantile(first, 0.9),
            called_within_limit_share=called,
            decided_within_limit_share=decided,
            sales_follow_up_share=_share(answered, sold),
            cost=cost,
            cost_per_inquiry=_each(cost, inquiries),
            cost_per_lead=_each(cost, count["leads"]),
            cost_per_sell=_each(cost, count["sell"]),
            cost_per_sale=_each(cost, count["won"]),
        )

    # speed

    def _speeds(self, source: str) -> tuple[list[int], float | None, float | None]:
        """Seconds to the first call, sorted, and the shares called and decided within the limit."""
        where = f"{self._where(source)} AND first_called_at IS NOT NULL"
        sql = f"SELECT max(0, first_called_at - captured_at) / 1000 FROM inquiry {where} ORDER BY 1"
        first = [int(row[0]) for row in self._query(sql, source)]
        return first, self._within(source, "first_called_at"), self._within(source, "first_decided_at")

    def _within(self, source: str, moment: str) -> float | None:
        """Of those that had it, or whose limit is over, the share that had it within their limit."""
        kept = due = 0
        for name in [source] if source else list(self._groups):
            limit = self._limits.of(name)
            if limit.working:
                sql = f"SELECT captured_at, {moment} FROM inquiry {self._where(name)}"
                for captured, at in self._query(sql, name):
                    over = state(limit, captured, at if at is not None else self._now) is LimitState.OVER
                    kept += at is not None and not over
                    due += at is not None or over
                continue
            span = round(limit.hours * 3_600_000)
            sql = (
                f"SELECT total({moment} - captured_at < {span}), total({moment} IS NOT NULL OR captured_at <= "
                f"{self._now - span}) FROM inquiry {self._where(name)}"
            )
            for had, could in self._query(sql, name):
                kept, due = kept + int(had), due + int(could)
        return _share(kept, due)

    # money

    def _revenue(self, source: str) -> Money:
        where = f"{self._where(source)} AND won = 1 AND amount <> ''"
        return _sums(self._query(f"SELECT amount, currency FROM inquiry {where}", source))

    def _cost(self, source: str) -> Money:
        where = self._where(source, column="at")
        return _sums(self._query(f"SELECT amount, currency FROM source_cost {where}", source))

    # callers

    def callers(self) -> list[CallerFigures]:
        """Everybody who called or decided, the busiest first."""
        where = self._where(prefix="i.")
        calls = {
            row[0]: row[1:]
            for row in self._query(
                "SELECT a.actor, count(*), total(a.outcome IN ('reached', 'callback', 'do-not-call')), "
                f"count(DISTINCT a.inquiry) FROM attempt a JOIN inquiry i ON i.id = a.inquiry {where} GROUP BY a.actor"
            )
        }
        decided = {row[0]: row[1:] for row in self._query(self._decisions())}
        firsts: dict[str, list[int]] = {}
        for actor, seconds in self._query(self._firsts(where)):
            firsts.setdefault(actor, []).append(int(seconds))
        made = [
            _caller(name, calls.get(name, (0, 0, 0)), decided.get(name, (0, 0, 0, 0, 0)), firsts.get(name, []))
            for name in calls.keys() | decided.keys()
        ]
        return sorted(made, key=lambda row: (-row.calls, row.caller.casefold()))

    def _decisions(self) -> str:
        return (
            "SELECT decided_by, total(result = 'sell'), total(result = 'nurture'), total(result = 'discard'), "
            "total(result = 'sell' AND was_accepted), total(result = 'sell' AND won = 1) "
            f"FROM inquiry {self._where()} AND decided_by <> '' GROUP BY decided_by"
        )

    def _firsts(self, where: str) -> str:
        return (
            "SELECT a.actor, max(0, a.called_at - i.captured_at) / 1000 FROM inquiry i JOIN attempt a "
            f"ON a.inquiry = i.id AND a.called_at = i.first_called_at {where} ORDER BY 2"
        )


def _caller(name: str, calls: Sequence[Any], decided: Sequence[Any], firsts: list[int]) -> CallerFigures:
    made, reached, inquiries = (int(value) for value in calls)
    sell, nurture, discard, accepted, won = (int(value) for value in decided)
    return CallerFigures(
        caller=name, calls=made, reached=reached, inquiries=inquiries, sell=sell, nurture=nurture, discard=discard,
        accepted=accepted, won=won, first_call_median_seconds=_quantile(firsts, 0.5),
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _quantile(ordered: list[int], share: float) -> int | None:
    """The quantile of sorted values, between two by their distance (R-7, the usual one of spreadsheets)."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def _sums(rows: Iterable[tuple[str, str]]) -> Money:
    sums: dict[str, Decimal] = {}
    for amount, currency in rows:
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return tuple((_cents(amount), currency) for currency, amount in sorted(sums.items()))


def _each(cost: Money, count: int) -> Money:
    return tuple((_cents(amount / count), currency) for amount, currency in cost) if count else ()


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
