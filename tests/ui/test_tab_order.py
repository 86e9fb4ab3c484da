"""The Tab key comes to everything on a page, though the page hands the keyboard to what is used most."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app import bootstrap
from app.services import demo
from app.ui import tab_order
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from tests.ui.at_a_page import threads

PRESSES = 80


@pytest.fixture
def shell(qtbot):
    home = bootstrap.throw_away()
    demo.fill(home.seat, count=40, seed=1)
    with threads(home) as tasks:
        made = Shell()
        qtbot.addWidget(made)
        with qtbot.waitActive(made):
            made.open_home(home, tasks)
            made.show()
            made.activateWindow()
        yield made, tasks
    home.close()


def reached(shell: Shell) -> set[QWidget]:
    """Where the Tab key stops, all around more than once."""
    found = set[QWidget]()
    for _ in range(PRESSES):
        at = shell.focusWidget()
        assert at is not None
        found.add(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return found


def one_of_several(widget: QWidget) -> bool:
    """Of buttons of which one is chosen, the Tab key stops at that one."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    exclusive = isinstance(widget, QAbstractButton) and widget.autoExclusive()
    return (exclusive or (group is not None and group.exclusive())) and not widget.isChecked()


@pytest.mark.parametrize("name", ["calls", "capture", "sales", "nurture", "desk", "results", "import"])
def test_the_tab_key_comes_to_everything_on_a_page(shell, qtbot, name):
    window, tasks = shell[0], shell[1]
    assert isinstance(tasks, Tasks)
    window.workspace.show_page(name)
    page = window.workspace.page(name)
    qtbot.waitUntil(lambda: not tasks.busy() and page.isAncestorOf(window.focusWidget()), timeout=20_000)
    found = reached(window)
    for each in tab_order.stops(page):
        if each.isVisible() and each.isEnabled() and not one_of_several(each):
            assert each in found, f"{type(each).__name__} {each.accessibleName()} of {name}"
