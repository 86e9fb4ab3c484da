"""From a lead sold on one laptop to the alert on another: two real homes, each a process with its thread, on one hub.

Beside it, in the same run, a bare NOTIFY from one connection to another.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection

from app import bootstrap
from app.models.entries import Disposition
from app.services import capture, handoff, queue
from app.services.alerts import Alert
from app.services.capture import CaptureForm
from app.services.seat import Seat
from app.services.team import company
from app.services.team.postgres_link import PostgresLink
from app.services.team.syncer import Standing, Syncer
from benchmarks.figure import Figure, Scale, figure
from benchmarks.hubs import on_a_hub
from tests.hub.team import Team

PATIENCE_S = 30.0
LIMIT_MS = 250.0
PAUSE_S = 0.2  # between two measurements: everybody is at rest again, also on a busy computer
_fork = multiprocessing.get_context("fork")


def run(scale: Scale) -> Iterator[Figure]:
    """The median beside a bare NOTIFY, and the slowest of a hundred beside a quarter of a second."""
    return on_a_hub(partial(_figures, scale))


def _figures(scale: Scale, team: Team) -> Iterator[Figure]:
    n = scale.times(200, 30)
    for name, role in (("Ada", "caller"), ("Sam", "sales")):
        team.join(name, role)
    with ExitStack() as opened:
        sam = opened.enter_context(Elsewhere(team, "Sam"))  # before there are threads here
        ada = opened.enter_context(Laptop(team, "Ada"))
        bare = opened.enter_context(Bare(team))
        ours, floor = list[float](), list[float]()
        ada.capture(n + 10)
        for _ in range(n + 3):
            inquiry = ada.sell()
            ours.append(sam.hears_of(inquiry) * 1000)
            time.sleep(PAUSE_S)
            floor.append(bare.one_way() * 1000)
    team.close()
    yield figure("sold on one laptop to the alert on another", ours[3:], floor[3:], "ms", "<=5")
    yield figure("the same, the slowest of a hundred", ours[3:], LIMIT_MS, "ms", "<=1", by="p99")


class Laptop:
    """A home with the thread that talks with the hub, and what a window does with its news."""

    def __init__(self, team: Team, name: str, told: Connection | None = None, link: PostgresLink | None = None) -> None:
        self.home = bootstrap.throw_away()
        self.seat: Seat = self.home.seat
        with self.seat.store.writing() as connection:
            settings = {"name": name, "calling-hours": "00:00-23:59"}  # whenever this runs, somebody may be called
            for setting in settings.items():
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES(?, ?)", setting)
        self.seat.settings_changed()
        self._told = told
        self._stop = threading.Event()
        self.syncer = Syncer(
            self.seat,
            lambda: link or PostgresLink(team.options(name)),
            beside=company.beside(),
            alert=self._on_alert,
        )
        self._thread = threading.Thread(target=self.syncer.run, args=(self._stop,), daemon=True)

    def __enter__(self) -> Laptop:
        self._thread.start()
        until = time.monotonic() + PATIENCE_S
        while self.syncer.state.standing is not Standing.IN_STEP:
            if time.monotonic() > until:
                raise RuntimeError(f"not in step with the hub: {self.syncer.state}")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.syncer.poke()
        self._thread.join(PATIENCE_S)
        self.home.close()

    def _on_alert(self, found: list[Alert]) -> None:
        if self._told is not None:
            now = time.perf_counter()  # the same clock in all processes
            for alert in found:
                self._told.send((alert.inquiry, now))

    def capture(self, many: int) -> None:
        """So many who want a call."""
        for number in range(many):
            digits = f"+4930231{25000 + number:05d}"
            form = CaptureForm(last_name=f"Prospect {number}", phone=digits, country="DE", source="Fair")
            capture.capture(self.seat, form)
        self.syncer.poke()

    def sell(self) -> tuple[str, float]:
        """Who is held next becomes a lead; who, and when that was kept here.

        Raises:
            RuntimeError: the hub gives nobody.
        """
        until = time.monotonic() + PATIENCE_S
        while not (held := queue.held_in_order(queue.View(self.seat))):
            if time.monotonic() > until:
                raise RuntimeError(f"nobody is held; {self.syncer.state}")
            time.sleep(0.01)
        time.sleep(PAUSE_S)
        inquiry = held[0].id
        handoff.dispose(self.seat, inquiry, Disposition.SELL, handoff.Choice(reason="They want it."))
        kept = time.perf_counter()
        self.syncer.poke()
        return inquiry, kept


class Elsewhere:
    """Another laptop, which is another process."""

    def __init__(self, team: Team, name: str) -> None:
        self._told, theirs = _fork.Pipe()
        self._process = _fork.Process(target=_elsewhere, args=(team, name, theirs), daemon=True)

    def __enter__(self) -> Elsewhere:
        self._process.start()
        self._hear()  # it is in step
        return self

    def __exit__(self, *_: object) -> None:
        self._told.send("end")
        self._process.join(PATIENCE_S)

    def _hear(self) -> tuple[str, float]:
        if not self._told.poll(PATIENCE_S):
            raise RuntimeError("nothing is heard of the other laptop")
        heard: tuple[str, float] = self._told.recv()
        return heard

    def hears_of(self, sold: tuple[str, float]) -> float:
        """Seconds from then until the alert is known there.

        Raises:
            RuntimeError: it never came.
        """
        inquiry, kept = sold
        while (heard := self._hear())[0] != inquiry:
            pass
        return heard[1] - kept


def _elsewhere(team: Team, name: str, told: Connection) -> None:
    with Laptop(team, name, told):
        told.send(("", time.perf_counter()))
        told.recv()


class Bare:
    """One NOTIFY to another connection, both waiting as a link does."""

    def __init__(self, team: Team) -> None:
        self._speaker, self._listener = (team.server.admin(team.database) for _ in range(2))
        self._listener.execute("LISTEN bare")
        self._heard: list[float] = []
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Bare:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._speaker.execute("SELECT pg_notify('bare', 'end')")
        self._thread.join(PATIENCE_S)
        self._speaker.close()
        self._listener.close()

    def _listen(self) -> None:
        for each in self._listener.notifies():
            with self._news:
                self._heard.append(time.perf_counter())
                self._news.notify_all()
            if each.payload == "end":
                return

    def one_way(self) -> float:
        """Seconds."""
        with self._news:
            before = len(self._heard)
        began = time.perf_counter()
        self._speaker.execute("NOTIFY bare")
        with self._news:
            self._news.wait_for(lambda: len(self._heard) > before, PATIENCE_S)
        return self._heard[-1] - began
