"""Packs by keys: taken from a real hub, told above the queue, offline too, and given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.rights import Role
from app.services import changing_settings
from app.services.team import hub, packs
from app.services.team.syncer import Standing
from app.ui import keys
from app.ui.calls.calls_page import CallsPage
from app.ui.hub_thread import HubThread
from app.ui.tasks import Tasks
from tests.hub.conftest import server  # noqa: F401 - a fixture
from tests.hub.server import Server
from tests.services.made_up import WallClock, new_home
from tests.ui.test_calls_page import press, rest, take

PATIENCE_MS = 30_000


class Laptop:
    """A home of the team with its call page."""

    def __init__(self, qtbot, home) -> None:
        self.seat = home.seat
        self.tasks = Tasks(home.seat)
        self.hub = HubThread(home.seat, self.tasks)
        self.crashed: list[Exception] = []
        self.tasks.crashed.connect(self.crashed.append)
        self.page = page = CallsPage(home.seat, self.tasks)
        self.said: list[str] = []
        page.said.connect(self.said.append)
        self.hub.told.connect(page.set_hub)
        qtbot.addWidget(page)
        page.resize(1296, 820)
        with qtbot.waitExposed(page):
            page.show()
        self.to_front(qtbot)
        page.arrive()
        rest(qtbot, page)

    def to_front(self, qtbot) -> None:
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.setFocus()

    def words(self) -> str:
        return self.page.view.queue.pack_words()

    def end(self) -> None:
        self.page.flush()
        self.hub.stop(0)
        assert self.tasks.finish()
        assert self.hub.stop(20)
        assert self.crashed == []


@pytest.fixture
def laptop(qtbot, tmp_path: Path) -> Iterator[Callable[[str], Laptop]]:
    with ExitStack() as opened:

        def made(name: str) -> Laptop:
            home = opened.enter_context(new_home(tmp_path / name, WallClock()))
            changing_settings.change(home.seat, "name", name)
            changing_settings.change(home.seat, "calling-hours", "00:00-24:00")
            made = Laptop(qtbot, home)
            opened.callback(made.end)
            return made

        yield made


def in_step(qtbot, laptop: Laptop) -> None:
    laptop.hub.start()
    qtbot.waitUntil(lambda: laptop.hub.state() is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: laptop.hub.state().standing is Standing.IN_STEP, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: laptop.page._packing.view().in_team, timeout=PATIENCE_MS)


def test_a_pack_is_taken_by_keys_worked_offline_and_given_back(qtbot, laptop, server: Server):  # noqa: F811
    lena = laptop("Lena")
    for number in range(60):
        take(lena.seat, f"Ada Abel{number}", number + 20)
    hub.create(lena.seat, server.url("packs_1"))
    in_step(qtbot, lena)
    rest(qtbot, lena.page)
    assert lena.words() == ""

    press(qtbot, lena.page, "pack", "2")  # 50: three questions to the hub
    assert lena.page.asking.open()
    press(qtbot, lena.page, "3")
    qtbot.waitUntil(lambda: "50 are with you" in (lena.said or [""])[-1], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: lena.words().startswith("50 with you until "), timeout=PATIENCE_MS)
    assert len(packs.held(lena.seat)) == 50
    assert "the end of" in lena.words()

    server_gone(qtbot, lena)
    qtbot.waitUntil(lambda: lena.words().startswith("Offline: 50 of the 50"), timeout=PATIENCE_MS)
    assert lena.page.in_hand() is not None
    press(qtbot, lena.page, "no-answer")
    qtbot.waitUntil(lambda: lena.words().startswith("Offline: 49 of the 50"), timeout=PATIENCE_MS)
    press(qtbot, lena.page, "pack", "2")
    assert "hub is away" in lena.said[-1]

    press(qtbot, lena.page, "pack", "1")
    qtbot.waitUntil(lambda: "given back" in lena.said[-1], timeout=PATIENCE_MS)
    assert "is told when it answers" in lena.said[-1]
    held = {inquiry for inquiry, _ in packs.held(lena.seat)}
    assert len(held) <= 2, "only whoever is in hand, or held ahead"


def server_gone(qtbot, laptop: Laptop) -> None:
    """The network cable is out: nothing more is heard."""
    laptop.hub.stop(20)
    state = laptop.hub.state()
    import msgspec

    laptop.page.set_hub(msgspec.structs.replace(state, standing=Standing.OFFLINE))


def test_what_was_given_back_others_may_call(qtbot, laptop, server: Server):  # noqa: F811
    lena, ada = laptop("Lena"), laptop("Ada")
    for number in range(6):
        take(lena.seat, f"Ida Abel{number}", number + 20)
    hub.create(lena.seat, server.url("packs_2"))
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    in_step(qtbot, lena)
    lena.to_front(qtbot)
    lena.page.view.queue._pack._button.setFocus()
    QTest.keyClick(lena.page.view.queue._pack._button, Qt.Key.Key_Space)
    press(qtbot, lena.page, "1", "1")
    qtbot.waitUntil(lambda: "6 are with you" in (lena.said or [""])[-1], timeout=PATIENCE_MS)
    assert len(packs.held(lena.seat)) == 6

    in_step(qtbot, ada)
    ada.to_front(qtbot)
    press(qtbot, ada.page, "pack", "1", "1")
    qtbot.waitUntil(lambda: "Nobody is free" in (ada.said or [""])[-1], timeout=PATIENCE_MS)

    lena.to_front(qtbot)
    press(qtbot, lena.page, "pause")
    press(qtbot, lena.page, "pack", "1")
    qtbot.waitUntil(lambda: "6 given back" in lena.said[-1], timeout=PATIENCE_MS)
    ada.to_front(qtbot)
    press(qtbot, ada.page, "pack", "1", "1")
    qtbot.waitUntil(lambda: "are with you" in ada.said[-1], timeout=PATIENCE_MS)
    assert packs.held(ada.seat)


def test_a_home_that_works_alone_has_no_packs(qtbot, laptop):
    lena = laptop("Lena")
    assert lena.page.view.queue._pack is None
    press(qtbot, lena.page, "pack")
    assert "works alone" in lena.said[-1]
    assert ("Ctrl P", "Take a pack along, or give it back") in keys.listed("calls")
