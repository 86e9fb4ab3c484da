"""Two inquiries of one person are joined by keys on the call page, taken back, and parted."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.models.entries import Merged
from app.models.rights import Role
from app.services import drafts, merging
from app.services.team import hub
from app.ui import keys
from tests.hub.conftest import server  # noqa: F401 - a fixture
from tests.hub.server import Server
from tests.ui.test_calls_page import clock, home, people, press, rest, take, window  # noqa: F401 - fixtures
from tests.ui.test_packing import PATIENCE_MS, in_step, laptop  # noqa: F401 - a fixture


def find(qtbot, page, words: str) -> None:
    """Types into whatever has the keyboard, goes to the first that was found, and takes it."""
    assert QApplication.focusWidget() is page.view.queue.find_field.edit
    QTest.keyClicks(QApplication.focusWidget(), words)
    qtbot.waitUntil(lambda: page._feed.finding() and page.view.queue.model.rowCount() == 1, timeout=5_000)
    press(qtbot, page, "Down", "Return")


def join(qtbot, page, words: str) -> None:
    press(qtbot, page, "same-person")
    find(qtbot, page, words)
    press(qtbot, page, "1")


def test_they_are_joined_by_keys_and_one_undo_parts_them(window, qtbot, people):  # noqa: F811
    seat = window._seat
    press(qtbot, window, "same-person")
    assert "Ada Abel" in window.view.queue.find_field.edit.placeholderText()
    find(qtbot, window, "Dora")
    assert window.asking.open(), "it is asked once more"
    assert seat.ledger.survivor(people[3]) == people[3]
    press(qtbot, window, "1")
    assert seat.ledger.survivor(people[3]) == people[0] == window.in_hand().id
    assert set(seat.inquiry(people[0]).subjects) == {people[0], people[3]}
    assert "one person now" in window.said_texts[-1]
    assert window.view.queue.find_field.edit.placeholderText() == "Find anyone"
    assert not window._feed.finding() and people[3] not in window.view.queue.model.ids()

    press(qtbot, window, "undo")
    assert seat.ledger.survivor(people[3]) == people[3]
    assert "two people again" in window.said_texts[-1]
    assert window.in_hand().id == people[0]
    qtbot.waitUntil(lambda: people[3] in window.view.queue.model.ids(), timeout=3_000)


def test_what_was_answered_goes_along_when_the_other_one_is_the_older(window, qtbot, people):  # noqa: F811
    window.open_inquiry(people[1])
    rest(qtbot, window)
    press(qtbot, window, "1")
    given = drafts.read(window._seat, people[1]).answers
    join(qtbot, window, "Ada")
    assert window.in_hand().id == people[0]
    assert window.in_hand().given == given != {}


def test_a_joining_of_before_is_parted_from_the_menu(window, qtbot, people):  # noqa: F811
    join(qtbot, window, "Cleo")
    press(qtbot, window, "no-answer")  # undo is about this now
    window.open_inquiry(people[0])
    rest(qtbot, window)
    press(qtbot, window, "two-people")
    assert window.asking.open()
    press(qtbot, window, "1")
    assert merging.merges(window._seat, people[0]) == []
    assert window._seat.ledger.survivor(people[2]) == people[2]


def test_undo_after_something_else_is_about_that(window, qtbot, people):  # noqa: F811
    join(qtbot, window, "Cleo")
    press(qtbot, window, "no-answer")
    press(qtbot, window, "undo")
    assert window._seat.ledger.survivor(people[2]) == people[0], "still joined"
    assert window._seat.inquiry(people[0]).attempts == 0


def test_the_same_key_ends_the_search_and_nobody_is_joined(window, qtbot, people):  # noqa: F811
    press(qtbot, window, "same-person")
    press(qtbot, window, "same-person")
    assert not window._joining.looking()
    window.view.queue.list.opened.emit(people[1])
    rest(qtbot, window)
    assert window.in_hand().id == people[1], "a row is opened as ever"


def test_nobody_is_joined_with_themselves_and_parted_who_was_never_joined(window, qtbot, people):  # noqa: F811
    press(qtbot, window, "same-person")
    find(qtbot, window, "Ada")
    assert "the same inquiry" in window.said_texts[-1] and not window.asking.open()
    press(qtbot, window, "two-people")
    assert "nothing to part" in window.said_texts[-1]
    kinds = [type(entry.facts()) for entry in window._seat.ledger.entries(people[0])]
    assert Merged not in kinds


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_the_menu_offers_parting_where_there_is_something_to_part(window, qtbot, people):  # noqa: F811
    assert not any("two people" in text for text in menu(qtbot, window))
    join(qtbot, window, "Cleo")
    assert any("two people" in text and text.endswith(keys.label("two-people")) for text in menu(qtbot, window))


def menu(qtbot, page) -> list[str]:
    page.view.person._on_more()
    (shown,) = [each for each in page.view.person.findChildren(QMenu) if each.isVisible()]
    texts = [action.text() for action in shown.actions()]
    shown.close()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return texts


def test_a_caller_of_a_team_is_told_who_may(qtbot, laptop, server: Server):  # noqa: F811
    lena, ada = laptop("Lena"), laptop("Ada")
    take(ada.seat, "Ida Abel", 20)
    hub.create(lena.seat, server.url("joining"))
    hub.join(ada.seat, hub.invite(lena.seat, "Ada", Role.CALLER))
    in_step(qtbot, ada)
    ada.to_front(qtbot)
    qtbot.waitUntil(lambda: ada.page.in_hand() is not None, timeout=PATIENCE_MS)
    rest(qtbot, ada.page)
    press(qtbot, ada.page, "same-person")
    assert "team leads" in ada.said[-1] and not ada.page._joining.looking()
