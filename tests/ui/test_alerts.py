"""Alerts in the window: a lead that a colleague sells is told once, grouped when many come, and a press opens it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.bootstrap import Home
from app.models.entries import Disposition
from app.services import capture, changing_settings, handoff
from app.services.alerts import news
from app.services.handoff import Choice
from app.services.seat import Changed, Seat
from app.ui.alerts import Alerts, found
from app.ui.pages import PageKind
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from tests.services.made_up import MINUTE, form


class Opened(QWidget):
    """A page that remembers whom it was asked to show."""

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inquiry = ""

    def open_inquiry(self, inquiry: str) -> None:
        self.inquiry = inquiry


KINDS = tuple(PageKind(name, "phone", name.title(), "tests.ui.test_alerts:Opened") for name in ("calls", "sales"))


class Ears(QObject):
    """Hears what is told."""

    heard = Signal()

    def __init__(self, alerts: Alerts) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []
        alerts.shown.connect(self._on_shown)

    def _on_shown(self, title: str, text: str) -> None:
        self.told.append((title, text))


@pytest.fixture
def home(home):
    changing_settings.change(home.seat, "name", "Tom")
    return home


@pytest.fixture
def window(qtbot, home: Home) -> Iterator[tuple[Shell, Tasks, Alerts, Ears]]:
    shell, tasks = Shell(kinds=KINDS), Tasks(home.seat)
    qtbot.addWidget(shell)
    shell.open_home(home, tasks)
    shell.show()
    alerts = Alerts(shell, tasks, shell)
    yield shell, tasks, alerts, Ears(alerts)
    tasks.finish()


def sold_by_ada(seat: Seat, number: int) -> str:
    """As a colleague's decision arrives: written under their name."""
    inquiry = capture.capture(seat, form(number)).inquiry_id
    changing_settings.change(seat, "name", "Ada")
    handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="wants it"))
    changing_settings.change(seat, "name", "Tom")
    return inquiry


def test_a_colleagues_sell_is_told_counted_and_opened(qtbot, home: Home, window):
    shell, _tasks, alerts, ears = window
    inquiry = sold_by_ada(home.seat, 1)
    alerts.start()
    qtbot.waitUntil(lambda: len(ears.told) == 1)
    assert ears.told[0][0].startswith("New lead:")
    qtbot.waitUntil(lambda: shell.workspace.rail._items["sales"]._count == 1)
    alerts.open_last()
    assert shell.workspace.current() == "sales"
    assert shell.workspace.page("sales").inquiry == inquiry


def test_what_was_told_is_not_told_again(qtbot, home: Home, window):
    _shell, tasks, alerts, ears = window
    sold_by_ada(home.seat, 1)
    alerts.look()
    qtbot.waitUntil(lambda: bool(ears.told))
    alerts.look()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert len(ears.told) == 1


def test_many_that_come_together_are_one_sentence(qtbot, home: Home, window):
    _shell, _tasks, alerts, ears = window
    for number in range(5):
        sold_by_ada(home.seat, number)
    alerts.look()
    qtbot.waitUntil(lambda: bool(ears.told))
    assert [title for title, _ in ears.told] == ["5 new leads"]


def test_what_changes_is_looked_at_once_for_all_that_comes_right_after_each_other(qtbot, home: Home, window):
    _shell, tasks, alerts, ears = window
    alerts._soon.setInterval(24 * 60 * MINUTE)  # nobody waits for it
    for number in range(2):
        inquiry = sold_by_ada(home.seat, number)
        tasks.tell(Changed(frozenset({inquiry}), frozenset({"called", "disposed"}), home.seat.holder))
        qtbot.waitUntil(alerts._soon.isActive)
    assert not ears.told
    alerts._soon.timeout.emit()
    qtbot.waitUntil(lambda: len(ears.told) == 2)


def test_what_the_hub_has_just_told_is_said_as_the_settings_want_it(home: Home, window):
    _shell, _tasks, alerts, ears = window
    sold_by_ada(home.seat, 1)
    leads = news(home.seat)
    alerts.tell(found(home.seat, leads))
    assert len(leads) == len(ears.told) == 1
    changing_settings.change(home.seat, "alerts", "off")
    alerts.tell(found(home.seat, leads))
    assert len(ears.told) == 1


def test_in_quiet_hours_the_rail_counts_and_nothing_is_said(qtbot, home: Home, window):
    shell, tasks, alerts, ears = window
    changing_settings.change(home.seat, "do-not-disturb", "00:00-23:59")
    sold_by_ada(home.seat, 1)
    alerts.look()
    qtbot.waitUntil(lambda: shell.workspace.rail._items["sales"]._count == 1 and not tasks.busy())
    assert ears.told == []
