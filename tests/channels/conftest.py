"""A home with leads in it, and a receiver on the loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import bootstrap
from app.models.entries import Disposition
from app.services import capture, handoff
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.channels.receiver import Receiver, receiving
from tests.services.made_up import Clock, form, new_home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[bootstrap.Home]:
    with new_home(tmp_path / "home", clock) as opened:
        yield opened


@pytest.fixture
def seat(home: bootstrap.Home) -> Seat:
    return home.seat


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def decide(seat: Seat) -> Callable[..., str]:
    """Captures somebody and decides; returns the inquiry's id."""

    def decided(number: int = 0, disposition: str = "sell", **fields: str) -> str:
        inquiry = capture.capture(seat, form(number, **fields)).inquiry_id
        choice = Choice(reason="worth it", note="wants a quote", answers={"need": "problem"}, next_step="send a quote")
        handoff.dispose(seat, inquiry, Disposition(disposition), choice)
        return inquiry

    return decided
