"""The figures of the inquiries captured in a period, followed to the end: what came in, what it cost, what it became.

Each inquiry counts once: by its latest decision, else as objected, unreached or open. An erased one counts as it did
before; a capture that was taken back, nowhere. A lead is a sell or nurture after a call that reached somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from app.models.agreed_ids import source_id
from app.models.entries import Millis
from app.models.limits import Limit
from app.models.periods import Bounds
from app.services.errors import Refused
from app.services.results import callers, counts
from app.services.results.callers import CallerFigures
from app.services.results.counts import Progress, Tally, Wanted
from app.services.results.quantiles import quantile
from app.services.seat import Seat
from app.services.sources import Limits

Money = tuple[tuple[Decimal, str], ...]  # amounts of two decimals with ISO 4217, one for each currency

_CENT = Decimal("0.01")
_HOUR = 3_600_000
_BARS, _WITHIN = 32, 24  # bars of the times to the first call, and how many of them lie within the limit
_NICE = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440)  # minutes that a bar may stand for
_WALKS = 0.6  # of the whole: the inquiries; the rest are the calls


class Stopped(Refused):
    """Nobody waits for these figures any more."""

    code = "stopped"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One set of figures; a share is 0 to 1, and None where there is nothing to divide by."""

    inquiries: int
    called: int  # at least once
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


class Bar(msgspec.Struct, frozen=True):
    """How many waited so long for their first call, by the clock."""

    start_ms: int
    in_time: int  # within the limit of their source
    late: int


class FirstCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The times from capture to the first call, bar by bar; the last bar has all that took longer."""

    bar_ms: int
    bars: tuple[Bar, ...]
    limit_ms: Millis | None  # of all of them by the clock; None: they have several, or it counts working hours
    not_called: int
    not_called_late: int  # and over the limit of their source by now


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the analysis shows."""

    since: Millis | None  # inclusive; None: from the beginning
    until: Millis | None  # exclusive; None: up to now
    source: str  # empty: all
    figures: Figures
    first_calls: FirstCalls
    compared: Bounds | None  # the period of `before`
    before: Figures | None
    by_source: tuple[SourceFigures, ...]
    by_caller: tuple[CallerFigures, ...]  # everybody for leads and admins and alone; else whoever works here


def results(
    seat: Seat, *, since: Millis | None = None, until: Millis | None = None, source: str = "",
    compared: Bounds | None = None, progress: Progress | None = None,
) -> Results:  # fmt: skip
    """The figures of a period by capture, `since` inclusive and `until` exclusive, of all sources or one.

    `compared` is another period whose figures are wanted beside. `progress` hears the share that is done (0 to 1),
    and may raise to stop.

    Raises:
        Refused: the period ends before it begins, or there is no such source.
    """
    if since is not None and until is not None and until <= since:
        raise Refused("The period ends before it begins.")
    say = progress or _nobody
    with seat.store.snapshot():
        if source:
            source = _known(seat, source)
        wanted, limits = Wanted(since, until, source, compared), Limits(seat)
        counted = counts.count(seat, wanted, limits, seat.now(), lambda done: say(done * _WALKS))
        costs = _costs(seat, (since, until), source)
        names = [source] if source else _names(counted.sources, costs)
        whole = counts.total(counted.sources.values())
        before = None
        if compared is not None:
            spent = _costs(seat, compared, source)
            before = _figures(counts.total(counted.compared.values()), _together(spent.values()))
        return Results(
            since=since, until=until, source=source, figures=_figures(whole, _together(costs.values())),
            first_calls=_first_calls(whole, [limits.of(name) for name in counted.sources] or [limits.default]),
            compared=compared, before=before,
            by_source=tuple(
                SourceFigures(name, _figures(counted.sources.get(name) or Tally(), costs.get(name, {})))
                for name in names
            ),
            by_caller=tuple(callers.callers(
                seat, wanted, counted, lambda done: say(_WALKS + done * (1 - _WALKS))
            )),
        )  # fmt: skip


def _nobody(_done: float) -> None:
    """Nobody wants to know how far it is."""


def _known(seat: Seat, name: str) -> str:
    row = seat.store.one("SELECT name FROM source WHERE id = ?", (source_id(name),))
    if row is None:
        raise Refused(f"There is no source {name}.")
    return str(row[0])


def _names(counted: Mapping[str, Tally], costs: Mapping[str, object]) -> list[str]:
    """Every source with inquiries or costs in the period, the largest first."""
    many = {name: tally["inquiries"] for name, tally in counted.items()}
    return sorted(many.keys() | costs.keys(), key=lambda name: (-many.get(name, 0), name.casefold()))


def _figures(tally: Tally, spent: dict[str, Decimal]) -> Figures:
    first, cost = tally.first_calls(), _money(spent)
    inquiries, leads, sell, won = tally["inquiries"], tally["leads"], tally["sell"], tally["won"]
    return Figures(
        inquiries=inquiries, called=tally["called"], reached=tally["reached"], sell=sell, nurture=tally["nurture"],
        discard=tally["discard"], unreached=tally["unreached"], objected=tally["objected"], open=tally["open"],
        accepted=tally["accepted"], prospects=tally["prospects"], won=won, lost=tally["lost"], leads=leads,
        revenue=_money(tally.revenue),
        qualified_share=_share(leads, inquiries),
        conversion=_share(won, inquiries),
        first_call_median_seconds=quantile(first, 0.5),
        first_call_p90_seconds=quantile(first, 0.9),
        called_within_limit_share=_share(tally["called_in"], tally["called_due"]),
        decided_within_limit_share=_share(tally["decided_in"], tally["decided_due"]),
        sales_follow_up_share=_share(tally["answered"], tally["sold"]),
        cost=cost,
        cost_per_inquiry=_each(cost, inquiries),
        cost_per_lead=_each(cost, leads),
        cost_per_sell=_each(cost, sell),
        cost_per_sale=_each(cost, won),
    )  # fmt: skip


def _first_calls(tally: Tally, limits: list[Limit]) -> FirstCalls:
    longest = max(limits, key=lambda limit: limit.hours * (3 if limit.working else 1))  # eight hours are a whole day
    minutes = longest.hours * 60 * (3 if longest.working else 1) / _WITHIN
    bar = next((nice for nice in _NICE if nice >= minutes), _NICE[-1]) * 60_000
    in_time, late = [0] * _BARS, [0] * _BARS
    for waits, bars in ((tally.in_time, in_time), (tally.late, late)):
        for seconds, n in waits.items():
            bars[min(seconds * 1000 // bar, _BARS - 1)] += n
    alone = len({limit.hours for limit in limits}) == 1 and not any(limit.working for limit in limits)
    return FirstCalls(
        bar_ms=bar, bars=tuple(Bar(place * bar, *both) for place, both in enumerate(zip(in_time, late, strict=True))),
        limit_ms=round(longest.hours * _HOUR) if alone else None,
        not_called=tally["inquiries"] - tally["called"], not_called_late=tally["called_due"] - tally["called"],
    )  # fmt: skip


# money


def _costs(seat: Seat, within: Bounds, source: str) -> dict[str, dict[str, Decimal]]:
    """What was spent in a period, by source and currency."""
    since, until = within
    sql = "SELECT source, amount, currency FROM source_cost WHERE (:since IS NULL OR at >= :since)"
    sql += " AND (:until IS NULL OR at < :until) AND (:source = '' OR source = :source)"
    spent: dict[str, dict[str, Decimal]] = {}
    for name, amount, currency in seat.store.query(sql, {"since": since, "until": until, "source": source}):
        sums = spent.setdefault(name, {})
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return spent


def _together(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for part in parts:
        for currency, amount in part.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def _money(sums: Mapping[str, Decimal]) -> Money:
    return tuple((_cents(amount), currency) for currency, amount in sorted(sums.items()))


def _each(cost: Money, count: int) -> Money:
    return tuple((_cents(amount / count), currency) for amount, currency in cost) if count else ()


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
