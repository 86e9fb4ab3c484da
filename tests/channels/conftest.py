"""Leads for channels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models.entries import Disposition
from app.services import capture, handoff
from app.services.handoff import Choice
from app.services.seat import Seat
from tests.services.made_up import form


@pytest.fixture
def decide(seat: Seat) -> Callable[..., str]:
    """Captures somebody and decides; returns the inquiry's id."""

    def decided(number: int = 0, disposition: str = "sell", **fields: str) -> str:
        inquiry = capture.capture(seat, form(number, **fields)).inquiry_id
        choice = Choice(reason="worth it", note="wants a quote", answers={"need": "problem"}, next_step="send a quote")
        handoff.dispose(seat, inquiry, Disposition(disposition), choice)
        return inquiry

    return decided
