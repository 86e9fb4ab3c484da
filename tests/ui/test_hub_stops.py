"""A window whose hub's server is stopped and started: the foot says so, work goes on, and all of it arrives."""

from __future__ import annotations

from app.models.rights import Role
from app.services import capture
from app.services.team import hub
from app.services.team.syncer import Standing
from app.ui import hub_words
from tests.hub.server import running
from tests.services.made_up import form
from tests.ui.test_hub_thread import laptops

__all__ = ["laptops"]  # a fixture
PATIENCE_MS = 60_000


def test_a_window_goes_on_while_the_server_is_stopped_and_shares_once_it_is_back(qtbot, laptops) -> None:  # type: ignore[no-untyped-def]
    with running() as server:
        lena, ada = laptops("Lena"), laptops("Ada")
        hub.create(lena.seat, server.url("stopped_hub"))
        hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
        for laptop in (lena, ada):
            laptop.hub.start()
        qtbot.waitUntil(lambda: lena.stands() is ada.stands() is Standing.IN_STEP, timeout=PATIENCE_MS)
        server.stop_fast()
        made = []
        for number in range(5):
            made.append(capture.capture(ada.seat, form(number)).inquiry_id)
            ada.hub.poke()
        for laptop in (lena, ada):
            laptop.hub.poke()
            qtbot.waitUntil(lambda laptop=laptop: laptop.stands() is Standing.OFFLINE, timeout=PATIENCE_MS)
            words, tone = hub_words.foot(laptop.hub.state(), laptop.seat.now())
            assert words and tone != "fine" and hub_words.is_away(laptop.hub.state())
        qtbot.waitUntil(lambda: ada.hub.poke() is None and ada.hub.state().unshared >= len(made), timeout=PATIENCE_MS)
        server.start()

        def arrived() -> bool:
            for laptop in (lena, ada):
                laptop.hub.poke()
            return set(made) <= lena.changed and lena.stands() is ada.stands() is Standing.IN_STEP

        qtbot.waitUntil(arrived, timeout=PATIENCE_MS)
        assert ada.hub.state().unshared == 0
