"""Setup, Team: a hub is made, somebody is invited, joins by pasting, and is revoked; each by what the window offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services import capture
from app.services.team.membership import membership_of
from app.ui.setup.team_pane import TeamPane
from app.ui.tasks import Tasks
from tests.hub.conftest import server  # noqa: F401 - a fixture
from tests.hub.server import Server
from tests.services.made_up import Clock, form, new_home

PATIENCE_MS = 30_000
Make = Callable[[str], TeamPane]


@pytest.fixture
def pane_of(qtbot, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as opened:

        def made(name: str) -> TeamPane:
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            tasks = Tasks(home.seat)
            opened.callback(tasks.finish)
            pane = TeamPane(home.seat, tasks)
            qtbot.addWidget(pane)
            pane.resize(860, 900)
            pane.show()
            qtbot.waitUntil(pane.join.isVisible)
            return pane

        yield made


def wait(qtbot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE_MS)


def test_from_a_hub_that_is_made_to_a_member_who_is_revoked(qtbot, pane_of: Make, server: Server):  # noqa: F811
    lena, ada = pane_of("Lena"), pane_of("Ada")
    QTest.keyClicks(lena.join._address.edit, server.url("pane_hub"))
    QTest.keyClick(lena.join._make, Qt.Key.Key_Space)
    wait(qtbot, lena.members.isVisible)
    assert membership_of(lena._seat).member == "Lena"
    assert lena.members._rows[0].name.text() == "Lena (you)"

    QTest.keyClicks(lena.members._name.edit, "Ada")
    QTest.keyClick(lena.members._invite, Qt.Key.Key_Space)
    wait(qtbot, lena.members._invitation.isVisible)
    text = lena.members._text.toPlainText()

    capture.capture(ada._seat, form(1))
    ada.join._paste.setPlainText("On Tuesday Lena wrote:\n> " + text[:40] + "\n> " + text[40:])
    wait(qtbot, lambda: "1 inquiries" in ada.join._means.text())
    assert "as Ada, caller" in ada.join._means.text()
    QTest.keyClick(ada.join._join, Qt.Key.Key_Space)
    wait(qtbot, ada.members.isVisible)
    assert not ada.members._invite.isVisible()

    wait(qtbot, lambda: any(row.name.text() == "Ada" and row.isVisible() for row in lena.members._rows))
    row = next(row for row in lena.members._rows if row.name.text() == "Ada")
    QTest.keyClick(row.revoke, Qt.Key.Key_Space)
    assert row.revoke.text() == "Really revoke"
    QTest.keyClick(row.revoke, Qt.Key.Key_Space)
    wait(qtbot, lambda: not row.isVisible() or row.name.text() != "Ada")


def test_half_an_invitation_is_refused_in_words(qtbot, pane_of: Make):
    ada = pane_of("Ada")
    ada.join._paste.setPlainText("winnow-invitation-AAAA")
    wait(qtbot, lambda: "Some of the invitation is missing" in ada.join._wrong.text())
    assert not ada.join._join.isEnabled()


def test_a_server_that_does_not_answer_is_said_and_nothing_is_joined(qtbot, pane_of: Make):
    ada = pane_of("Ada")
    QTest.keyClicks(ada.join._address.edit, "postgresql://postgres@127.0.0.1:9/winnow")
    QTest.keyClick(ada.join._make, Qt.Key.Key_Space)
    wait(qtbot, lambda: "cannot be reached" in ada.join._wrong.text())
    assert membership_of(ada._seat) is None
