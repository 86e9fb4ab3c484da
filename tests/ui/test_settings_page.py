"""Each setting has its control, is checked and saved at once; the lock can be changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.services import changing_settings, settings
from app.services.errors import Locked
from app.ui.setup.recovery_page import RecoveryPage
from app.ui.setup.setting_field import CallingHours
from app.ui.setup.settings_page import GROUPS, SettingsPage
from tests.ui.inline_tasks import InlineTasks

WORDS = "correct horse battery"


@pytest.fixture
def home(tmp_path):
    made, _ = bootstrap.create(tmp_path / "home", passphrase=WORDS, use_keyring=False)
    yield made
    made.close()


@pytest.fixture
def page(home, qtbot):
    made = SettingsPage(home.seat, InlineTasks(home.seat))
    qtbot.addWidget(made)
    made.resize(960, 600)
    made.show()
    made.activateWindow()
    return made


def kept(home, key: str) -> str:
    return settings.Settings.read(home.seat.store)[key]


def test_every_setting_is_on_the_page_with_what_is_kept(page, home):
    assert set(page._fields) == set(settings.SETTINGS)
    assert {name for names in GROUPS.values() for name in names} <= set(settings.SETTINGS)
    shown = {key: field.value() for key, field in page._fields.items() if key != "currency"}
    assert shown == {key: kept(home, key) for key in shown}


def test_a_text_is_saved_when_it_is_left_with_a_mark(page, home, qtbot):
    field = page.field("name")
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, "Ada Lovelace")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert kept(home, "name") == "Ada Lovelace"
    assert "saved" in field._label.text()


def test_a_number_and_a_choice_are_saved_at_once(page, home, qtbot):
    page.field("limit-hours").edit.setValue(4.5)
    qtbot.mouseClick(page.field("limit-clock").edit.choice("working"), Qt.MouseButton.LeftButton)
    assert (kept(home, "limit-hours"), kept(home, "limit-clock")) == ("4.5", "working")


def test_hours_of_ones_own_are_saved_with_a_warning(page, home, qtbot):
    field = page.field("calling-hours")
    assert isinstance(field.edit, CallingHours)
    qtbot.mouseClick(field.edit._which.choice("own"), Qt.MouseButton.LeftButton)
    assert kept(home, "calling-hours") == "08:00-21:00"
    assert "law" in field._hint.text()


def test_what_cannot_be_is_said_beside_it_and_stays_to_be_mended(page, home, qtbot):
    field = page.field("dial")
    field.edit.setText("ring them")
    field.edit.editingFinished.emit()
    assert "tel:{e164}" in field._hint.text()
    assert field.value() == "ring them"
    assert kept(home, "dial") == "tel:{e164}"


def test_a_change_from_elsewhere_is_shown(page, home):
    changing_settings.change(home.seat, "attempts", "9")
    page._tasks.changed_elsewhere.emit()
    assert page.field("attempts").value() == "9"


def test_the_look_is_told_to_the_window(page, qtbot):
    with qtbot.waitSignal(page.theme_chosen) as chosen:
        qtbot.mouseClick(page.field("theme").edit.choice("dark"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["dark"]


def test_the_passphrase_is_changed_with_the_one_that_is(page, home, qtbot):
    lock = page._security
    qtbot.mouseClick(lock._change, Qt.MouseButton.LeftButton)
    for field, text in ((lock._now, "not this"), (lock._new, "another long one"), (lock._again, "another long one")):
        field.set_text(text)
    lock._on_do()
    assert "does not open" in lock._now._hint.text()
    lock._now.set_text(WORDS)
    qtbot.keyClick(lock._again.edit, Qt.Key.Key_Return)
    assert "changed" in lock._state.text()
    path = home.path
    home.close()
    with pytest.raises(Locked):
        bootstrap.open_home(path, passphrase=WORDS)
    bootstrap.open_home(path, passphrase="another long one").close()


def test_a_short_passphrase_or_two_that_differ_change_nothing(page, home, qtbot):
    lock = page._security
    lock._on_change()
    lock._now.set_text(WORDS)
    for words, again, said in (("short", "short", "8"), ("long enough", "long enuff", "match")):
        lock._new.set_text(words)
        lock._again.set_text(again)
        lock._on_do()
        assert said in lock._new._hint.text()
    bootstrap.open_home(home.path, passphrase=WORDS).close()


def test_a_new_recovery_code_is_shown_once_and_the_way_back_is_open(page, home, qtbot):
    lock = page._security
    lock._on_code()
    lock._now.set_text(WORDS)
    lock._on_do()
    shown = page._stack.currentWidget()
    assert isinstance(shown, RecoveryPage)
    code = shown.code()
    shown.kept.emit()
    assert page._stack.currentIndex() == 0
    bootstrap.open_home(home.path, passphrase=code).close()


def test_a_throw_away_home_has_no_lock_to_change(qtbot):
    with bootstrap.throw_away() as made:
        page = SettingsPage(made.seat, InlineTasks(made.seat))
        qtbot.addWidget(page)
        page.show()
        assert not page._security.isVisible()


def test_everything_is_reached_by_tab_and_has_a_name(page):
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.focusProxy():
            parent = widget.parentWidget()
            assert widget.accessibleName() or (parent and parent.accessibleName()), widget
