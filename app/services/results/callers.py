"""What each caller did for the inquiries of a period."""

from __future__ import annotations

from collections import Counter

import msgspec

from app.services import roles
from app.services.results.counts import Counted, Decided, Progress, Wanted
from app.services.results.quantiles import quantile
from app.services.seat import Seat


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


class _Called:
    """What one member called."""

    def __init__(self) -> None:
        self.calls = self.reached = self.inquiries = 0
        self.firsts: Counter[int] = Counter()  # seconds from capture to their call -> how many


def callers(seat: Seat, wanted: Wanted, counted: Counted, progress: Progress) -> list[CallerFigures]:
    """Everybody who called or decided, the busiest first; who does not lead sees their own figures. In a snapshot."""
    called, decided = _called(seat, wanted, counted.where, progress), counted.decided
    names = called.keys() | decided.keys()
    if not roles.may_lead(seat):
        names &= {seat.member}
    made = [_caller(name, called.get(name) or _Called(), decided.get(name) or Decided()) for name in names]
    return sorted(made, key=lambda row: (-row.calls, row.caller.casefold()))


def _called(seat: Seat, wanted: Wanted, where: list[dict[str, int]], progress: Progress) -> dict[str, _Called]:
    """By member; `where` are the stretches of inquiries that have any of the period."""
    period = msgspec.structs.replace(wanted, compared=None)
    sql = (
        "SELECT actor, first, count(*), sum(calls), sum(reached) FROM (SELECT a.actor AS actor, count(*) AS calls, "
        "sum(a.outcome IN ('reached', 'callback', 'do-not-call')) AS reached, "
        "min(CASE WHEN a.called_at = i.first_called_at THEN max(0, a.called_at - i.captured_at) / 1000 END) AS first "
        "FROM inquiry i CROSS JOIN attempt a ON a.inquiry = i.id "  # in the order of the inquiries: theirs lie together
        f"WHERE i.num > :low AND i.num <= :high AND {period.where('i.')} GROUP BY i.num, a.actor) GROUP BY 1, 2"
    )
    made: dict[str, _Called] = {}
    for done, bounds in enumerate(where, start=1):
        for actor, first, inquiries, calls, reached in seat.store.query(sql, period.parameters() | bounds):
            row = made.setdefault(actor, _Called())
            row.inquiries += inquiries
            row.calls += calls
            row.reached += reached
            if first is not None:
                row.firsts[first] += inquiries
        progress(done / len(where))
    return made


def _caller(name: str, called: _Called, decided: Decided) -> CallerFigures:
    return CallerFigures(
        caller=name, calls=called.calls, reached=called.reached, inquiries=called.inquiries, sell=decided.sell,
        nurture=decided.nurture, discard=decided.discard, accepted=decided.accepted, won=decided.won,
        first_call_median_seconds=quantile(called.firsts, 0.5),
    )  # fmt: skip
