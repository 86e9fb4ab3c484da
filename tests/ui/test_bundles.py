"""A bundle from another laptop, dropped where lists are dropped: opened, shown, taken in; and one written out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app import bootstrap
from app.models.entries import Outcome
from app.services import calling, capture, carrying
from app.services.carrying import carry_in, carry_out
from app.ui.capture import bundle_pane
from app.ui.capture.bundle_pane import Standing
from app.ui.capture.import_page import ImportPage
from app.ui.setup.team_pane import TeamPane
from app.ui.tasks import Tasks
from tests.services.made_up import form
from tests.ui.at_a_page import figures, press, put_up, words, write
from tests.ui.inline_tasks import InlineTasks

WORDS = "Halle 9, Stand B12"
WAIT = 30_000  # milliseconds, on a busy computer


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true costs of argon2id are for guessers, not for tests; a bundle says its own."""
    monkeypatch.setattr(carrying, "_for_words", lambda salt: carrying._Head(salt, "", 1, 64, 1))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Two people and a call, from a laptop at a fair."""
    made = bootstrap.throw_away()
    first = capture.capture(made.seat, form(1)).inquiry_id
    capture.capture(made.seat, form(2))
    calling.log_call(made.seat, first, Outcome.NO_ANSWER)
    carry_out(made.seat, tmp_path / "fair.bundle", WORDS)
    made.close()
    return tmp_path / "fair.bundle"


@pytest.fixture
def page(home: bootstrap.Home, qtbot) -> Iterator[ImportPage]:
    made = put_up(qtbot, ImportPage(home.seat, InlineTasks(home.seat)), 1024, 640)
    yield made
    made.flush()


def count(home: bootstrap.Home) -> int:
    return home.seat.store.one("SELECT count(*) FROM inquiry")[0]


def test_a_bundle_is_opened_shown_and_taken_in_by_the_keyboard_alone(page, home, bundle, qtbot):
    page.take([bundle])
    assert page.bundle._standing is Standing.LOCKED
    write("guessed")
    press(qtbot, Qt.Key.Key_Return)
    assert "does not open" in words(page) and page.bundle._standing is Standing.LOCKED
    page.bundle._words.set_text("")
    write(WORDS)
    press(qtbot, Qt.Key.Key_Return)
    assert page.bundle._standing is Standing.READY
    assert (count(home), figures(page.bundle._tiles)["New people"], figures(page.bundle._tiles)["Calls"]) == (
        0,
        "2",
        "1",
    )
    assert "Nothing is changed yet" in words(page)
    with qtbot.waitSignal(page._tasks.changed, timeout=WAIT):
        press(qtbot, (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))
    qtbot.waitUntil(page.bundle.is_done, timeout=WAIT)
    assert count(home) == 2 and "entries are in" in words(page)
    with qtbot.waitSignal(page.calls_wanted):
        press(qtbot, (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))


def test_what_is_here_already_is_said_and_nothing_is_taken_in(page, home, bundle, qtbot):
    carry_in(home.seat, bundle, WORDS)
    page.take([bundle])
    write(WORDS)
    press(qtbot, Qt.Key.Key_Return)
    assert "Nothing new" in words(page)
    assert not page._head.go.isEnabled()
    press(qtbot, Qt.Key.Key_Escape)
    assert page._stack.currentWidget() is page.zone


def test_a_damaged_bundle_is_refused_and_the_next_file_follows(page, home, bundle, qtbot, tmp_path):
    bundle.write_bytes(bundle.read_bytes()[:-9])
    listed = tmp_path / "list.csv"
    listed.write_text("Name,Email\nAda Berg,ada@werk.example\n")
    page.take([bundle, listed])
    write(WORDS)
    press(qtbot, Qt.Key.Key_Return)
    assert page._stack.currentWidget() is page.trouble and "damaged" in words(page)
    press(qtbot, Qt.Key.Key_Escape)
    assert page._stack.currentWidget() is page.preview
    assert count(home) == 0


def test_it_can_be_stopped_and_taken_in_again(page, home, bundle, qtbot, monkeypatch):
    monkeypatch.setattr(bundle_pane.carrying, "PIECE", 1)
    other = bootstrap.throw_away()
    for number in range(8):
        capture.capture(other.seat, form(number))
    carry_out(other.seat, bundle, WORDS)
    other.close()
    page.take([bundle])
    write(WORDS)
    press(qtbot, Qt.Key.Key_Return)
    page.bundle._taking._stop.set()  # as Esc does, before the first piece is in
    monkeypatch.setattr(page.bundle._taking._stop, "clear", lambda: None)
    press(qtbot, (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))
    assert page.bundle.busy() and page._head.cancel.text() == "Stop"
    qtbot.waitUntil(lambda: page.bundle._standing is Standing.READY, timeout=WAIT)
    assert count(home) < 8 and figures(page.bundle._tiles)["New people"] == str(8 - count(home)), "what is left"
    assert carry_in(home.seat, bundle, WORDS).entries
    assert count(home) == 8


def test_people_go_on_working_while_it_goes_in(home, bundle, qtbot):
    """With the threads of a window: what goes in goes between their actions, on the same writer."""
    tasks = Tasks(home.seat)
    page = ImportPage(home.seat, tasks)
    qtbot.addWidget(page)
    page.show()
    crashed: list[object] = []
    tasks.crashed.connect(crashed.append)
    page.take([bundle])
    qtbot.waitUntil(lambda: page.bundle._standing is Standing.LOCKED, timeout=WAIT)
    page.bundle._words.set_text(WORDS)
    page.bundle.go_on()
    qtbot.waitUntil(lambda: page.bundle._standing is Standing.READY, timeout=WAIT)
    page.bundle.go_on()
    kept: list[object] = []
    tasks.act(capture.capture, form(7), then=kept.append)
    qtbot.waitUntil(lambda: page.bundle.is_done() and bool(kept), timeout=WAIT)
    assert count(home) == 3 and not crashed
    page.flush()
    assert tasks.finish()


@pytest.fixture
def pane(home: bootstrap.Home, qtbot) -> TeamPane:
    made = TeamPane(home.seat, InlineTasks(home.seat))
    qtbot.addWidget(made)
    made.show()
    return made


def test_one_is_written_for_another_laptop_and_opens_there(pane, home, tmp_path):
    capture.capture(home.seat, form(1))
    card = pane.carry
    card.ask_where()
    assert card._dialog is None and "Choose one" in card._words.edit.accessibleDescription()
    card._words.set_text(WORDS)
    card.write_to(str(tmp_path / "out.bundle"))
    assert "entries are in out.bundle" in card._said.text() and not card._words.text()
    other = bootstrap.throw_away()
    assert carry_in(other.seat, tmp_path / "out.bundle", WORDS).changed.inquiries
    other.close()


def test_where_it_cannot_be_written_is_said(pane, tmp_path):
    pane.carry._words.set_text(WORDS)
    pane.carry.write_to(str(tmp_path / "nowhere" / "out.bundle"))
    assert "cannot be written" in pane.carry._wrong.text() and pane.carry._write.isEnabled()
    assert pane.carry._words.text(), "what was typed is still there"
