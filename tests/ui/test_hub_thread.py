"""The window and its team: a real hub, two homes, and what each sees at the foot and on its pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.bootstrap import Home
from app.models.entries import Disposition
from app.models.rights import Role
from app.services import alerts, capture, changing_settings, handoff, queue
from app.services.handoff import Choice
from app.services.team import hub
from app.services.team.link import HubUnreachable
from app.services.team.syncer import Standing
from app.ui import hub_words
from app.ui.hub_thread import HubThread
from app.ui.tasks import Tasks
from tests.hub.conftest import hub_name, server, team  # noqa: F401 - fixtures
from tests.hub.server import Server
from tests.services.made_up import Clock, form, new_home

PATIENCE_MS = 30_000


class Laptop:
    """One home with its threads."""

    def __init__(self, home: Home) -> None:
        self.home, self.seat = home, home.seat
        self.tasks = Tasks(home.seat)
        self.hub = HubThread(home.seat, self.tasks)
        self.changed: set[str] = set()
        self.tasks.changed.connect(self._on_changed)

    def _on_changed(self, changed, _origin) -> None:
        self.changed |= changed.inquiries

    def stands(self) -> Standing | None:
        state = self.hub.state()
        return state.standing if state is not None else None

    def end(self) -> None:
        self.hub.stop(0)
        assert self.tasks.finish()
        assert self.hub.stop(20)


@pytest.fixture
def laptops(qtbot, tmp_path: Path) -> Iterator[Callable[[str], Laptop]]:
    with ExitStack() as opened:

        def made(name: str) -> Laptop:
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            laptop = Laptop(home)
            opened.callback(laptop.end)
            return laptop

        yield made


@pytest.fixture
def address(server: Server) -> str:  # noqa: F811
    """A hub that is still to be made."""
    return server.url("window_hub")


def test_a_home_that_works_alone_asks_nobody(qtbot, laptops):
    ada = laptops("Ada")
    with qtbot.waitSignal(ada.hub.told, timeout=PATIENCE_MS) as told:
        ada.hub.start()
    assert told.args == [None]
    assert ada.hub.state() is None


def test_two_windows_of_a_team_have_the_same_within_a_moment(qtbot, laptops, address: str):
    lena, ada = laptops("Lena"), laptops("Ada")
    hub.create(lena.seat, address)
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    for laptop in (lena, ada):
        laptop.hub.start()
        qtbot.waitUntil(lambda laptop=laptop: laptop.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    ada.hub.poke()
    qtbot.waitUntil(lambda: inquiry in lena.changed, timeout=PATIENCE_MS)
    words, tone = hub_words.foot(lena.hub.state(), lena.seat.now())
    assert words.startswith("In step with the team") and tone == "fine"
    assert not hub_words.is_away(lena.hub.state())


def test_a_lead_that_a_colleague_sells_is_told_by_the_window(qtbot, laptops, address: str):
    lena, ada = laptops("Lena"), laptops("Ada")
    hub.create(lena.seat, address.replace("window_hub", "window_hub_6"))
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    for laptop in (lena, ada):
        laptop.hub.start()
        qtbot.waitUntil(lambda laptop=laptop: laptop.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    inquiry = capture.capture(ada.seat, form(1)).inquiry_id
    handoff.dispose(ada.seat, inquiry, Disposition.SELL, Choice(reason="They want it."))
    with qtbot.waitSignal(lena.hub.sold, timeout=PATIENCE_MS) as told:
        ada.hub.poke()
    (found,) = told.args
    assert [alert.inquiry for alert in found.alerts] == [inquiry] and not found.quiet
    qtbot.waitUntil(lambda: inquiry in lena.changed, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: alerts.due(lena.seat) == [], timeout=PATIENCE_MS)


def test_whoever_was_revoked_reads_why_at_the_foot(qtbot, laptops, address: str):
    lena, ada = laptops("Lena"), laptops("Ada")
    hub.create(lena.seat, address.replace("window_hub", "window_hub_2"))
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    ada.hub.start()
    qtbot.waitUntil(lambda: ada.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    hub.revoke(lena.seat, "Ada")
    ada.hub.poke()
    qtbot.waitUntil(lambda: ada.stands() is Standing.REFUSED, timeout=PATIENCE_MS)
    words, tone = hub_words.foot(ada.hub.state(), ada.seat.now())
    assert "revoked" in words and tone == "over"
    assert hub_words.is_away(ada.hub.state())


def test_a_page_asks_the_hub_and_is_answered_or_told_why_not(qtbot, laptops, address: str):
    lena = laptops("Lena")
    hub.create(lena.seat, address.replace("window_hub", "window_hub_3"))
    got: list[object] = []
    assert lena.tasks.ask_hub(_who, then=got.append, failed=got.append) is False
    lena.hub.start()
    qtbot.waitUntil(lambda: lena.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    assert lena.tasks.ask_hub(_who, then=got.append, failed=got.append)
    qtbot.waitUntil(lambda: bool(got), timeout=PATIENCE_MS)
    assert got == [["Lena"]]
    lena.hub.stop(20)
    qtbot.waitUntil(lambda: lena.hub._thread is None, timeout=PATIENCE_MS)
    lena.hub.ask(lambda work, link: 1, got.append, got.append)
    assert isinstance(got[1], HubUnreachable)


def test_a_look_that_is_on_its_way_when_the_thread_is_stopped_begins_nothing_anew(qtbot, laptops, address: str):
    lena = laptops("Lena")
    hub.create(lena.seat, address.replace("window_hub", "window_hub_5"))
    lena.hub.start()
    qtbot.waitUntil(lambda: lena.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    lena.tasks.changed_elsewhere.emit()  # a look whether this is still a member is on its way…
    time.sleep(0.2)  # …and done, but nobody has heard of it yet: neither has anybody heard that the thread ends now
    assert lena.hub.stop(20)
    qtbot.waitUntil(lambda: lena.hub._thread is None, timeout=PATIENCE_MS)
    lena.tasks.changed_elsewhere.emit()
    qtbot.waitUntil(lambda: not lena.tasks.busy(), timeout=PATIENCE_MS)
    assert lena.hub._thread is None


def _who(seat, link, *, work) -> list[str]:
    return [member.name for member in link.members()]


def test_two_windows_that_call_never_hold_the_same_person(qtbot, laptops, address: str):
    lena, ada = laptops("Lena"), laptops("Ada")
    hub.create(lena.seat, address.replace("window_hub", "window_hub_4"))
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    for number in range(6):
        capture.capture(lena.seat, form(number))
    for laptop in (lena, ada):  # whatever day the hub's clock says it is
        changing_settings.change(laptop.seat, "calling-hours", "00:00-24:00")
    for laptop in (lena, ada):
        laptop.hub.start()
        qtbot.waitUntil(lambda laptop=laptop: laptop.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
    held = {}
    for laptop in (lena, ada):
        qtbot.waitUntil(lambda laptop=laptop: queue.peek_next(laptop.seat) is not None, timeout=PATIENCE_MS)
        held[laptop] = {queue.claim_next(laptop.seat)}
        rows = laptop.seat.store.query("SELECT inquiry FROM hub_claim WHERE state = 'held'")
        held[laptop] |= {row[0] for row in rows}
    assert held[lena] and held[ada]
    assert not held[lena] & held[ada]
