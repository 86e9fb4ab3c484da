"""The window delivers by itself: a sell reaches a real receiver while the window goes on, and its history says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bootstrap import Home
from app.models.entries import Disposition
from app.services import capture, handoff
from app.services.handoff import Choice
from app.services.history import history
from app.services.team.channels import configured
from app.ui.courier_thread import CourierThread
from app.ui.tasks import Tasks
from tests.channels.receiver import Receiver, status
from tests.services.made_up import form

PATIENCE_MS = 30_000


@pytest.fixture
def courier(qtbot, home: Home) -> Iterator[CourierThread]:
    tasks = Tasks(home.seat)
    made = CourierThread(home.seat, tasks)
    yield made
    assert made.stop(20)
    assert tasks.finish()


def sell(seat) -> str:
    inquiry = capture.capture(seat, form(1)).inquiry_id
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="wants it"))
    return inquiry


def test_a_sell_is_delivered_without_anybody_asking(qtbot, home: Home, courier: CourierThread, receiver: Receiver):
    configured.add(home.seat, "CRM", "webhook", {"url": receiver.url()})
    courier.start()
    with qtbot.waitSignal(courier.delivered, timeout=PATIENCE_MS) as told:
        inquiry = sell(home.seat)
        courier.look()
    assert told.args[0].delivered == 1
    assert len(receiver.got) == 1
    assert history(home.seat, inquiry)[-1].text.startswith("Sent to CRM, received")


def test_a_receiver_in_trouble_is_tried_again_and_nothing_crashes(
    qtbot, home: Home, courier: CourierThread, receiver: Receiver
):
    configured.add(home.seat, "CRM", "webhook", {"url": receiver.url()})
    receiver.behave = status(500)
    sell(home.seat)
    courier.start()
    qtbot.waitUntil(lambda: bool(receiver.got) and courier._thread is None, timeout=PATIENCE_MS)
    (standing,) = configured.standings(home.seat.store)
    assert standing.deliveries == {"waiting": 1}


def test_a_home_without_a_channel_starts_no_thread(qtbot, home: Home, courier: CourierThread):
    sell(home.seat)
    courier.start()
    qtbot.waitUntil(lambda: not courier._tasks.busy(), timeout=PATIENCE_MS)
    assert courier._thread is None
