"""The first sight of Winnow, the recovery code, and a locked home, by keyboard and on real homes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from app import bootstrap
from app.services.store import vault
from app.services.store.connection import FILE
from app.ui import ahead
from app.ui.application import Application
from app.ui.setup.first_run_page import FirstRunPage
from app.ui.setup.recovery_page import RecoveryPage
from app.ui.setup.unlock_page import UnlockPage
from app.ui.widgets.empty_state import EmptyState

WORDS = "correct horse battery"
# What the offscreen platform says of itself when a list opens below a field.
POPUPS = pytest.mark.qt_log_ignore("does not support grabbing the (keyboard|mouse)", extend=True)


@pytest.fixture
def page(qtbot):
    made = FirstRunPage()
    qtbot.addWidget(made)
    made.resize(1024, 700)
    to_front(qtbot, made)
    return made


@pytest.fixture
def application(qapp, qtbot, tmp_path):
    made = []

    def start(path: Path, opening: ahead.Ahead | None = None) -> Application:
        one = Application(path, qapp, opening)
        qtbot.addWidget(one.shell)
        assert one.start()
        made.append(one)
        return one

    yield start
    for one in made:
        one.shell.close()


def to_front(qtbot, widget) -> None:
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def type_in(qtbot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)


def press(qtbot, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_everything_is_answered_by_keyboard_alone(page, qtbot):
    page.set_keyring(True)
    type_in(qtbot, "Ada")
    press(qtbot, Qt.Key.Key_Escape)
    with qtbot.waitSignal(page.chosen) as chosen:
        press(qtbot, Qt.Key.Key_2)
    wishes = chosen.args[0]
    assert (wishes.name, wishes.then, wishes.passphrase, wishes.limit_hours) == ("Ada", "capture", "", "24")


def test_a_digit_in_a_text_field_is_text(page, qtbot):
    with qtbot.assertNotEmitted(page.chosen):
        type_in(qtbot, "Ada 2")
    assert page.wishes("import").name == "Ada 2"


def test_enter_takes_the_marked_choice(page, qtbot):
    page.set_keyring(True)
    type_in(qtbot, "Ada")
    with qtbot.waitSignal(page.chosen) as chosen:
        press(qtbot, Qt.Key.Key_Return)
    assert chosen.args[0].then == "import"


@POPUPS
def test_a_country_is_found_by_typing_a_part_of_it_or_what_people_call_it(page, qtbot):
    page._region.setFocus()
    for typed, code in (("Germa", "DE"), ("UK", "GB"), ("+39", "IT"), ("Deutschland", "DE")):
        page._region.lineEdit().selectAll()
        type_in(qtbot, typed)
        page._region.completer().popup().hide()
        assert page.wishes("import").region == code


@POPUPS
def test_what_is_no_country_goes_back_to_the_last_one(page, qtbot):
    before = page.wishes("import").region
    page._region.setFocus()
    page._region.lineEdit().selectAll()
    type_in(qtbot, "Atlantis")
    page._region.completer().popup().hide()
    assert page.wishes("import").region == before


@pytest.mark.parametrize(
    ("name", "words", "again", "hint"),
    [("", WORDS, WORDS, "name"), ("Ada", "short", "short", "8"), ("Ada", WORDS, "another", "match")],
)
def test_a_gap_is_said_beside_the_field_and_nothing_is_made(page, qtbot, name, words, again, hint):
    for field, text in ((page._name, name), (page._words, words), (page._again, again)):
        field.set_text(text)
    with qtbot.assertNotEmitted(page.chosen):
        press(qtbot, Qt.Key.Key_Return)
    said = [field._hint.text() for field in (page._name, page._words, page._again) if field._hint.isVisible()]
    assert any(hint in text for text in said)
    assert QApplication.focusWidget().hasFocus()


def test_the_passphrase_is_asked_for_only_where_no_keyring_locks(page):
    assert page._words.isVisible()
    page.set_keyring(True)
    assert not page._words.isVisible()


def test_the_least_window_shows_all_of_it(page):
    page.resize(1024, 700)
    last = page._options["look"]
    assert last.mapTo(page, last.rect().bottomLeft()).y() <= 700


def test_a_home_is_made_its_code_shown_once_and_capturing_begins(application, qtbot, tmp_path):
    started = application(tmp_path / "home")
    page = started.shell.alone()
    assert isinstance(page, FirstRunPage)
    page._name.set_text("Ada")
    page._words.set_text(WORDS)
    page._again.set_text(WORDS)
    page._choose("capture")
    qtbot.waitUntil(lambda: isinstance(started.shell.alone(), RecoveryPage), timeout=20_000)
    code = started.shell.alone().code()
    with qtbot.waitSignal(started.ready, timeout=20_000):
        started.shell.alone().kept.emit()
    assert started.shell.workspace.current() == "capture"
    assert started._home.seat.settings.name == "Ada"
    assert started._home.seat.settings["limit-hours"] == "24"
    started.shell.close()
    for words in (WORDS, code, code.lower().replace("-", " ")):
        bootstrap.open_home(tmp_path / "home", passphrase=words).close()


def test_enter_on_the_code_copies_it_and_does_not_take_it_away(qtbot):
    page = RecoveryPage("ABCDE-FGHJK-MNPQR-STUVW-XYZ23-45678")
    qtbot.addWidget(page)
    to_front(qtbot, page)
    with qtbot.assertNotEmitted(page.kept):
        press(qtbot, Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == page.code()
    page._have.setFocus()
    with qtbot.waitSignal(page.kept):
        press(qtbot, Qt.Key.Key_Return)


def test_the_code_is_saved_for_its_owner_alone(qtbot, tmp_path):
    page = RecoveryPage("ABCDE-FGHJK")
    qtbot.addWidget(page)
    page.save_to(tmp_path / "code.txt")
    assert "ABCDE-FGHJK" in (tmp_path / "code.txt").read_text()
    assert (tmp_path / "code.txt").stat().st_mode & 0o077 == 0
    page.save_to(tmp_path / "nowhere" / "code.txt")
    assert "could not be saved" in page._state.text()


def test_a_locked_home_says_what_is_wrong_and_opens_with_the_right_words(application, qtbot, tmp_path):
    bootstrap.create(tmp_path / "home", passphrase=WORDS, use_keyring=False)[0].close()
    started = application(*ahead.begin(str(tmp_path / "home")))
    qtbot.waitUntil(lambda: isinstance(started.shell.alone(), UnlockPage), timeout=20_000)
    page = started.shell.alone()
    page._words.set_text("not this one")
    page._on_open()
    qtbot.waitUntil(lambda: "does not open" in page._words._hint.text(), timeout=20_000)
    assert page._edit().selectedText() == "not this one"
    page._words.set_text(WORDS)
    with qtbot.waitSignal(started.ready, timeout=20_000):
        page._on_open()


def test_caps_lock_is_noticed(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    edit = page._words.edit
    assert isinstance(edit, QLineEdit)
    qtbot.keyClick(edit, "A")  # a capital without Shift
    assert "Caps Lock" in page._words._hint.text()
    qtbot.keyClick(edit, "a")
    assert "Caps Lock" not in page._words._hint.text()


def test_a_home_whose_key_file_is_lost_is_not_made_anew(application, qtbot, tmp_path):
    home = tmp_path / "home"
    bootstrap.create(home, passphrase=WORDS, use_keyring=False)[0].close()
    (home / vault.FILE).unlink()
    before = (home / FILE).read_bytes()
    started = application(*ahead.begin(str(home)))
    qtbot.waitUntil(lambda: not isinstance(started.shell.alone(), (FirstRunPage, type(None))), timeout=20_000)
    assert not isinstance(started.shell.alone(), FirstRunPage)
    assert not (home / vault.FILE).exists()
    assert (home / FILE).read_bytes() == before


def test_a_home_whose_store_is_lost_is_not_made_anew_either(application, qtbot, tmp_path):
    home = tmp_path / "home"
    bootstrap.create(home, passphrase=WORDS, use_keyring=False)[0].close()
    (home / FILE).unlink()
    started = application(*ahead.begin(str(home)))
    qtbot.waitUntil(lambda: isinstance(started.shell.alone(), UnlockPage), timeout=20_000)
    page = started.shell.alone()
    to_front(qtbot, page)
    type_in(qtbot, WORDS)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "not there" in shown(page), timeout=20_000)
    assert not (home / FILE).exists()
    assert vault.unlock(home, passphrase=WORDS), "its key is as it was"


def shown(page) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_a_home_of_a_newer_winnow_is_left_alone_with_a_sentence(application, qtbot, tmp_path):
    home, _ = bootstrap.create(tmp_path / "home", passphrase=WORDS, use_keyring=False)
    with home.seat.store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    home.close()

    def work():
        return bootstrap.open_home(tmp_path / "home", passphrase=WORDS)

    started = application(tmp_path / "home", ahead.Ahead(partial(ahead.with_rows, work)))
    qtbot.waitUntil(lambda: isinstance(started.shell.alone(), EmptyState) and "newer"
                    in started.shell.alone()._title.text(), timeout=20_000)  # fmt: skip
