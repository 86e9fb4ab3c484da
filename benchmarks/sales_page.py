"""What sales sees first: the first pages of its lists, a further page, and one lead, however many there are."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import islice

from app.services.sales import lead_view, leads
from app.services.sales.leads import Group
from app.services.seat import Seat
from benchmarks import stores
from benchmarks.figure import Figure, Scale, figure, note

FRAME_MS = 16.7
SOLD = """
    UPDATE inquiry SET stage = 'sell', score = 40 + num % 61, for_member = CASE num % 7 WHEN 0 THEN 'Tom'
    WHEN 1 THEN 'Nadine' WHEN 2 THEN 'Vera' ELSE '' END, sold_at = {now} - (num * 7919) % (4 * 3600000)
    WHERE stage = 'waiting' AND blocked = 0
"""
PROSPECTS = "UPDATE inquiry SET stage = 'prospect', step_at = sold_at + 86400000 WHERE stage = 'sell' AND num % 10 = 3"


def run(scale: Scale) -> Iterator[Figure]:
    """Nearly everybody of a store is a lead; beside one frame."""
    with stores.opened(stores.fresh(scale.size)) as home:
        seat = home.seat
        count = _sell(seat)
        yield _measured(f"first pages of sales, {count:,} leads", lambda: leads.board(seat), scale.times(100, 20))
        yield _measured(
            f"first pages of sales, mine, {count:,} leads", lambda: leads.board(seat, mine=True), scale.times(100, 20)
        )
        after = leads.board(seat).pages[Group.NEW].next
        for _ in range(20):
            after = leads.lead_page(seat, Group.NEW, after).next or after
        yield _measured(
            f"a further page of sales, {count:,} leads", lambda: leads.lead_page(seat, Group.NEW, after),
            scale.times(100, 20),
        )  # fmt: skip
        ids = [str(row[0]) for row in seat.store.query("SELECT id FROM inquiry WHERE stage = 'sell' LIMIT 200")]
        walk = iter(ids * 10)
        yield _measured(
            f"one lead of sales, {count:,} leads", lambda: lead_view.open_lead(seat, next(islice(walk, 1))),
            scale.times(100, 20),
        )  # fmt: skip


def _sell(seat: Seat) -> int:
    with seat.store.writing():
        seat.store.writer.execute(SOLD.format(now=seat.now()))
        seat.store.writer.execute(PROSPECTS)
    return leads.new_count(seat)


def _measured(name: str, work: Callable[[], object], n: int) -> Figure:
    times: list[float] = []
    cpu: list[float] = []
    gc.collect()
    for index in range(n + 3):
        used, began = time.process_time(), time.perf_counter()
        work()
        if index >= 3:
            times.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    note(f"processor time: {sorted(cpu)[len(cpu) // 2]:.3f} ms")
    return figure(name, times, FRAME_MS, "ms", "<=1")
