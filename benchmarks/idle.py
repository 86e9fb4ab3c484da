"""What a laptop costs its hub while nobody works on it: it holds two, looks, gives signs of life, hears of the team.

Beside it a thousandth of a core: a thousand idle laptops take no more than one.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from app.services import queue
from app.services.team.postgres_link import PostgresLink
from benchmarks.alerts import PATIENCE_S, Laptop
from benchmarks.figure import Figure, Scale, figure, note
from benchmarks.hubs import on_a_hub, processor
from tests.hub.team import Team

THOUSANDTH_MS = 60.0  # of a core, in a minute
COLLEAGUES = 20


def run(scale: Scale) -> Iterator[Figure]:
    """Processor time of the laptop's session on the hub for each minute; two minutes, a quarter with --quick."""
    return on_a_hub(partial(_figures, scale))


def _figures(scale: Scale, team: Team) -> Iterator[Figure]:
    for number in range(COLLEAGUES):
        team.link(f"Colleague {number}").close()
    team.join("Ada")
    link = Counted(team.options("Ada"))
    with Laptop(team, "Ada", link=link) as ada:
        ada.capture(10)
        until = time.monotonic() + PATIENCE_S
        while len(queue.held_in_order(queue.View(ada.seat))) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        sessions = "SELECT pid FROM pg_stat_activity WHERE usename = %s"
        (session,) = (row[0] for row in team.root.execute(sessions, (team.logins["Ada"][0],)))
        link.asked.clear()
        before, began = processor(session), time.monotonic()
        time.sleep(15.0 if scale.quick else 120.0)
        minutes, used = (time.monotonic() - began) / 60, processor(session) - before
        asked = Counter(link.asked)
    parts = ", ".join(f"{what} {many / minutes:.1f}" for what, many in asked.most_common())
    note(f"an idle laptop: {asked.total() / minutes:.1f} statements a minute: {parts}")
    name = "an idle laptop, its hub's processor for a minute"
    yield figure(name, [used * 1000 / minutes], THOUSANDTH_MS, "ms", "<=1")
    team.close()


class Counted(PostgresLink):
    """A link that counts what it asks, by the hub's function."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.asked = Counter[str]()

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """As any link."""
        found = re.findall(r"winnow\.(\w+)", sql)
        self.asked[found[-1] if found else "other"] += 1
        return super().ask(sql, parameters)
