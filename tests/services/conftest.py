"""Made-up people, whose numbers are for fiction."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import capture
from app.services.seat import Seat
from tests.services.made_up import form


@pytest.fixture
def take(seat: Seat) -> Callable[..., str]:
    """Captures somebody made up; returns the inquiry's id."""

    def taken(number: int = 0, **fields: str) -> str:
        return capture.capture(seat, form(number, **fields)).inquiry_id

    return taken
