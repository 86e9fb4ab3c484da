"""Laptops with real stores, and a hub in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.services.seat import Seat
from app.services.store.connection import Store
from tests.services.made_up import KEY, Clock, new_home
from tests.sync.model_hub import ModelHub

MakeLaptop = Callable[..., Seat]


@pytest.fixture
def clock() -> Clock:
    """The hub's, and every laptop's unless it has another."""
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> ModelHub:
    """An empty hub."""
    return ModelHub(clock)


@pytest.fixture
def laptop(tmp_path: Path, clock: Clock) -> Iterator[MakeLaptop]:
    """Makes laptops: each with a home of its own, and a member who works on it."""
    with ExitStack() as opened:

        def make(member: str, clock: Clock = clock) -> Seat:
            home = opened.enter_context(new_home(tmp_path / f"home-{member}", clock))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (member,))
                # a template was copied: each home has hash keys of its own
                connection.exec_driver_sql(
                    "UPDATE secret SET name = ?, value = ? WHERE name LIKE 'hash-key:%'",
                    (f"hash-key:1-{member}", member.encode().ljust(32, b".")),
                )
            home.seat.settings_changed()
            home.seat.ledger.forget_ring()
            return home.seat

        yield make


def another_look(seat: Seat) -> Seat:
    """The same home, as another process sees it."""
    return Seat(Store(seat.store.path, KEY), device=seat.device, clock=seat.clock, holder="other")
