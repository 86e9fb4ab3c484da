"""What the page of results reads, beside the same aggregates by hand-written SQL; and the queue meanwhile."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.services import queue
from app.services.results import Results, results
from app.services.seat import Seat
from benchmarks import stores
from benchmarks.figure import FRAME_MS, Figure, Scale, alternate, figure, note
from benchmarks.people import NOW

DAY_MS = 24 * 3_600_000
SOURCES = """
    SELECT source, count(*), total(reached), total(result = 'sell'), total(result = 'nurture'),
    total(result = 'discard'), total(result = 'unreached'), total(result = 'objected'), total(result = 'open'),
    total(was_accepted), total(was_prospect), total(won = 1), total(won = 0),
    total(reached AND result IN ('sell', 'nurture')), total(sold_at IS NOT NULL),
    total(sold_at IS NOT NULL AND (reviewed_at IS NOT NULL OR closed_at IS NOT NULL OR was_accepted)),
    total(first_called_at - captured_at < {span}), total(first_called_at IS NOT NULL OR captured_at <= {over}),
    total(first_decided_at - captured_at < {span}), total(first_decided_at IS NOT NULL OR captured_at <= {over})
    FROM inquiry WHERE {when} GROUP BY source
"""
FIRST = """
    SELECT source, (first_called_at - captured_at) / 1000, count(*) FROM inquiry
    WHERE first_called_at IS NOT NULL AND {when} GROUP BY 1, 2
"""
REVENUE = "SELECT source, amount, currency FROM inquiry WHERE won = 1 AND {when}"
COST = "SELECT source, amount, currency FROM source_cost WHERE {at}"
CALLS = """
    SELECT a.actor, count(*), total(a.outcome IN ('reached', 'callback', 'do-not-call')), count(DISTINCT a.inquiry)
    FROM attempt a JOIN inquiry i ON i.id = a.inquiry WHERE {when} GROUP BY a.actor
"""
FIRST_BY = """
    SELECT a.actor, (a.called_at - i.captured_at) / 1000, count(*) FROM inquiry i
    JOIN attempt a ON a.inquiry = i.id AND a.called_at = i.first_called_at WHERE {when} GROUP BY 1, 2
"""
DECIDED = """
    SELECT decided_by, total(result = 'sell'), total(result = 'nurture'), total(result = 'discard'),
    total(result = 'sell' AND was_accepted), total(result = 'sell' AND won = 1)
    FROM inquiry WHERE decided_by <> '' AND {when} GROUP BY decided_by
"""


def run(scale: Scale) -> Iterator[Figure]:
    """All time, and a month with the one before it; then a page of the queue while results are counted."""
    folder = stores.home(scale.size)
    with stores.opened(folder) as home:
        seat = home.seat
        month = (NOW - 30 * DAY_MS, NOW)
        before = (NOW - 60 * DAY_MS, NOW - 30 * DAY_MS)
        times = 3
        _agree(results(seat), _by_hand(seat, None), scale)
        ours, floor = alternate(lambda _: results(seat), lambda _: _by_hand(seat, None), times, warm=1)
        yield figure(f"results of all time, {scale.size:,}", ours, floor, "ms", "<=1.5")
        ours, floor = alternate(
            lambda _: results(seat, since=month[0], until=month[1], compared=before),
            lambda _: (_by_hand(seat, month), _by_hand(seat, before, callers=False)),
            times, warm=1,
        )  # fmt: skip
        yield figure(f"results of a month beside the one before, {scale.size:,}", ours, floor, "ms", "<=1.5")
        yield _meanwhile(seat, scale)


def _by_hand(seat: Seat, within: tuple[int, int] | None, *, callers: bool = True) -> dict[str, list[Any]]:
    """The same aggregates, each by the statement that comes to mind; quantiles are left out."""
    span = 24 * 3_600_000
    when = f"captured_at >= {within[0]} AND captured_at < {within[1]}" if within else "1"
    words = {"when": when, "at": when.replace("captured_at", "at"), "span": span, "over": seat.now() - span}
    statements = {"sources": SOURCES, "first": FIRST, "revenue": REVENUE, "cost": COST}
    if callers:
        statements |= {"calls": CALLS, "first_by": FIRST_BY, "decided": DECIDED}
    with seat.store.snapshot():
        return {name: seat.store.query(sql.format(**words)) for name, sql in statements.items()}


def _agree(ours: Results, floor: dict[str, list[Any]], scale: Scale) -> None:
    """Both count the same, or the figures say nothing."""
    inquiries = {each.source: each.figures.inquiries for each in ours.by_source}
    first: Counter[int] = Counter()
    for _, seconds, n in floor["first"]:
        first[seconds] += n
    assert inquiries == {row[0]: row[1] for row in floor["sources"]}, "sources"
    assert sum(inquiries.values()) == scale.size
    assert ours.figures.reached == sum(row[2] for row in floor["sources"])
    assert ours.figures.called == first.total()
    assert [(row.caller, row.calls, row.inquiries) for row in ours.by_caller if row.calls] == sorted(
        ((row[0], row[1], row[3]) for row in floor["calls"]), key=lambda row: -row[1]
    ), "callers"


def _meanwhile(seat: Seat, scale: Scale) -> Figure:
    """The first page of the queue on one thread, while another counts."""
    going = threading.Event()
    going.set()

    def count() -> None:
        while going.is_set():
            results(seat)

    def read() -> list[float]:
        times = []
        for _ in range(scale.times(200, 50)):
            began = time.perf_counter()
            queue.whole_page(seat)
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.01)
        return times

    alone = read()
    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    try:
        beside = read()
    finally:
        going.clear()
        thread.join()
    note(f"a page of the queue alone: {sorted(alone)[len(alone) // 2]:.2f} ms")
    return figure(f"page of the queue while results are counted, {scale.size:,}", beside, FRAME_MS, "ms", "<=1")
