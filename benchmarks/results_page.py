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
TIMES = 3  # a count of a million takes seconds, and what it read before helps neither
INQUIRIES = """
    SELECT captured_at >= {since}, source, result, decided_by, (first_called_at - captured_at) / 1000,
    CASE WHEN won = 1 THEN amount END, CASE WHEN won = 1 THEN currency END,
    count(*), total(reached), total(was_accepted), total(was_prospect), total(won = 1), total(won = 0),
    total(first_called_at IS NOT NULL), total(sold_at IS NOT NULL),
    total(sold_at IS NOT NULL AND (reviewed_at IS NOT NULL OR closed_at IS NOT NULL OR was_accepted)),
    total(first_called_at - captured_at < {span}), total(first_called_at IS NOT NULL OR captured_at <= {over}),
    total(first_decided_at - captured_at < {span}), total(first_decided_at IS NOT NULL OR captured_at <= {over})
    FROM inquiry WHERE {when} GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
CALLS = """
    SELECT actor, first, count(*), sum(calls), sum(reached) FROM (
        SELECT a.actor AS actor, count(*) AS calls,
        sum(a.outcome IN ('reached', 'callback', 'do-not-call')) AS reached,
        min(CASE WHEN a.called_at = i.first_called_at THEN (a.called_at - i.captured_at) / 1000 END) AS first
        FROM inquiry i CROSS JOIN attempt a ON a.inquiry = i.id WHERE {calls} GROUP BY i.num, a.actor
    ) GROUP BY 1, 2
"""
COST = "SELECT source, amount, currency FROM source_cost WHERE {at}"


def run(scale: Scale) -> Iterator[Figure]:
    """All time, and a month with the one before it; then a page of the queue while results are counted."""
    folder = stores.home(scale.size)
    with stores.opened(folder) as home:
        seat = home.seat
        month, before = NOW - 30 * DAY_MS, NOW - 60 * DAY_MS
        _agree(results(seat), _by_hand(seat), scale)
        ours, floor = alternate(lambda _: results(seat), lambda _: _by_hand(seat), TIMES, warm=0)
        yield figure(f"results of all time, {scale.size:,}", ours, floor, "ms", "<=1.5")
        ours, floor = alternate(
            lambda _: results(seat, since=month, until=NOW, compared=(before, month)),
            lambda _: _by_hand(seat, month, before), TIMES,
            warm=0,
        )  # fmt: skip
        yield figure(f"results of a month beside the one before, {scale.size:,}", ours, floor, "ms", "<=1.5")
        yield _meanwhile(seat, scale)


def _by_hand(seat: Seat, since: int = 0, before: int = 0) -> dict[str, list[Any]]:
    """The same aggregates by the fewest statements that give them: one over the inquiries, one over their calls."""
    span = 24 * 3_600_000
    when = f"captured_at >= {before} AND captured_at < {NOW}" if since else "1"
    words = {
        "since": since, "when": when, "calls": f"i.captured_at >= {since} AND i.captured_at < {NOW}" if since else "1",
        "at": when.replace("captured_at", "at"), "span": span, "over": seat.now() - span,
    }  # fmt: skip
    statements = {"inquiries": INQUIRIES, "calls": CALLS, "cost": COST}
    with seat.store.snapshot():
        return {name: seat.store.query(sql.format(**words)) for name, sql in statements.items()}


def _agree(ours: Results, floor: dict[str, list[Any]], scale: Scale) -> None:
    """Both count the same, or the figures say nothing."""
    rows = floor["inquiries"]
    inquiries = Counter[str]()
    for row in rows:
        inquiries[row[1]] += row[7]
    assert {each.source: each.figures.inquiries for each in ours.by_source} == inquiries, "sources"
    assert inquiries.total() == scale.size
    f = ours.figures
    counted = [f.reached, f.accepted, f.prospects, f.won, f.lost, f.called]
    assert counted == [sum(row[place] for row in rows) for place in range(8, 14)], "inquiries"
    calls = Counter[str]()
    for actor, _, _, made, _ in floor["calls"]:
        calls[actor] += made
    assert {row.caller: row.calls for row in ours.by_caller if row.calls} == calls, "callers"


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
