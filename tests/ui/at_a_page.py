"""A page as somebody sits before it: shown, with the keyboard, and what it says kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.bootstrap import Home
from app.ui import keys
from app.ui.tasks import Tasks


def put_up(qtbot, page: Any, width: int = 1296, height: int = 820) -> Any:
    """Shows a page and waits until something on it has the keyboard; `said_texts` is what it says from now on."""
    page.said_texts = []
    page.said.connect(page.said_texts.append)
    if hasattr(page, "undo_offered"):
        page.undo_offered.connect(page.said_texts.append)
    qtbot.addWidget(page)
    page.resize(width, height)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.arrive()
    page.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return page


@contextmanager
def threads(home: Home) -> Iterator[Tasks]:
    """The real ones of a home; they end well, and nothing crashed on them."""
    tasks, crashed = Tasks(home.seat), []
    tasks.crashed.connect(crashed.append)
    yield tasks
    assert tasks.finish()
    assert crashed == []


def press(qtbot, *pressed: object) -> None:
    """Keys to whoever has the keyboard: Qt's keys, letters, or (key, modifier)."""
    for each in pressed:
        target = QApplication.focusWidget()
        assert target is not None
        if isinstance(each, tuple):
            qtbot.keyClick(target, *each)
        elif isinstance(each, str):
            qtbot.keyClicks(target, each)
        else:
            qtbot.keyClick(target, each)


def press_named(page: Any, of: str, name: str) -> None:
    """A key by its name in the registry, among those of the page `of`, or as it is written."""
    sequence = QKeySequence(keys.PAGES[of][name].sequence if name in keys.PAGES[of] else name)
    QTest.keyClick(QApplication.focusWidget() or page, sequence[0].key(), sequence[0].keyboardModifiers())


def write(words: str) -> None:
    """Letter by letter into whatever has the keyboard."""
    for letter in words:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def words(page: QWidget) -> str:
    """What is to be read on it."""
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def figures(tiles: Mapping[Any, QAbstractButton]) -> dict[str, str]:
    """What each tile says."""
    return dict(tile.accessibleName().split(": ") for tile in tiles.values())
