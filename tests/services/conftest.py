"""A real encrypted home, a clock that stands until it is moved, and made-up people whose numbers are for fiction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import bootstrap
from app.services import capture
from app.services.seat import Seat
from tests.services.made_up import Clock, form, new_home


@pytest.fixture
def clock() -> Clock:
    """A Tuesday at which Europe and the east of America may be called."""
    return Clock()


@pytest.fixture
def home(tmp_path: Path, clock: Clock) -> Iterator[bootstrap.Home]:
    """A new home with what comes with Winnow."""
    with new_home(tmp_path / "home", clock) as opened:
        yield opened


@pytest.fixture
def seat(home: bootstrap.Home) -> Seat:
    """Who works in the home."""
    return home.seat


@pytest.fixture
def take(seat: Seat) -> Callable[..., str]:
    """Captures somebody made up; returns the inquiry's id."""

    def taken(number: int = 0, **fields: str) -> str:
        return capture.capture(seat, form(number, **fields)).inquiry_id

    return taken
