"""The small widgets do what their names say, and say it to a screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import fonts, look, theme
from app.ui.painting import chip_width
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.field import Field
from app.ui.widgets.figure_tile import FigureTile
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.key_button import FORMS, KeyButton
from app.ui.widgets.key_help import KeyHelp
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.rail import Rail
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.status_bar import StatusBar
from app.ui.widgets.toast import Toast
from app.ui.widgets.wrapped_label import WrappedLabel


def test_a_button_tells_a_screen_reader_its_words_and_its_key(qtbot):
    button = KeyButton("Sell", "Ctrl 1", kind="sell", detail="to Sales now")
    qtbot.addWidget(button)
    button.set_filled(True)
    spoken = QAccessible.queryAccessibleInterface(button)
    assert spoken.role() is QAccessible.Role.Button
    assert button.accessibleName() == "Sell"
    assert button.accessibleDescription() == "to Sales now, recommended, Ctrl 1"


@pytest.mark.parametrize("kind", FORMS)
def test_a_button_leaves_its_detail_out_before_it_shortens_its_words(qtbot, kind):
    button = KeyButton("Wrong number", "F9", kind=kind, detail="for whatever reason")
    qtbot.addWidget(button)
    assert button.minimumSizeHint().width() < button.sizeHint().width()
    assert button.minimumSizeHint().height() == button.sizeHint().height()


def test_an_answer_that_is_long_becomes_higher_instead_of_shorter(qtbot):
    button = KeyButton("Report its temperature to the customer without being asked", "3", kind="answer")
    qtbot.addWidget(button)
    assert button.height_for(1000) == 46
    assert button.height_for(200) > 46


def test_a_press_of_space_presses_a_button(qtbot):
    button = KeyButton("Go on")
    qtbot.addWidget(button)
    button.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_a_chip_grows_with_its_words_and_hides_without_any(qtbot):
    chip = Chip("6 h", "fine")
    qtbot.addWidget(chip)
    short = chip.sizeHint().width()
    chip.set("126 h 12 m", "over")
    assert chip.sizeHint().width() > short
    chip.set("", "fine")
    assert chip.isHidden()
    with pytest.raises(KeyError):
        chip.set("6 h", "pink")


def test_a_label_without_room_shows_the_whole_on_hover(qtbot):
    label = ElidedLabel("Koninklijke Machinefabriek Oosterhout en Zonen")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.show()
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(label.sizeHint())
    label.grab()
    assert label.toolTip() == ""


def test_a_wrapped_label_needs_more_height_where_it_is_narrow(qtbot):
    label = WrappedLabel("When would you need the first cell running, and who else has to agree to that?")
    qtbot.addWidget(label)
    assert label.heightForWidth(150) > label.heightForWidth(600) > 0


def test_a_field_says_what_is_wrong_in_words_too(qtbot):
    field = Field("Phone", "12 34")
    qtbot.addWidget(field)
    field.set_hint("This is not a number.", wrong=True)
    assert field.edit.accessibleName() == "Phone"
    assert field.edit.accessibleDescription() == "This is not a number."
    with qtbot.waitSignal(field.changed) as told:
        field.set_text("+44 20 7946 0101")
    assert told.args == ["+44 20 7946 0101"]
    assert field.text() == "+44 20 7946 0101"


def test_the_hint_of_a_field_lies_below_its_input(qtbot):
    field = Field("Phone", "12 34")
    qtbot.addWidget(field)
    field.set_hint("This is not a number that anybody could be called on, as far as is known.", wrong=True)
    field.resize(180, field.heightForWidth(180))
    field.show()
    QApplication.processEvents()
    hint = field.findChild(WrappedLabel)
    assert hint.geometry().top() >= field.edit.geometry().bottom()
    assert hint.height() >= hint.heightForWidth(hint.width())


def test_segments_are_one_choice(qtbot):
    made = Segmented([("light", "Light"), ("dark", "Dark")], "dark")
    qtbot.addWidget(made)
    assert made.current() == "dark"
    with qtbot.waitSignal(made.chosen) as told:
        qtbot.mouseClick(made.choice("light"), Qt.MouseButton.LeftButton)
    assert told.args == ["light"]
    assert made.current() == "light"


def test_the_rail_tells_which_page_was_pressed(qtbot):
    rail = Rail()
    qtbot.addWidget(rail)
    rail.add("calls", "phone", "Calls")
    rail.add("setup", "gear", "Setup", below=True)
    rail.add("capture", "capture", "Capture")
    rail.set_current("calls")
    rail.resize(64, 500)
    rail.show()
    assert rail._items["calls"].y() < rail._items["capture"].y() < rail._items["setup"].y()
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.mouseClick(rail._items["capture"], Qt.MouseButton.LeftButton)
    assert told.args == ["capture"]
    assert not rail._items["calls"].isChecked()


def test_the_ring_surrounds_the_button_that_has_the_focus_and_goes_with_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    button, line = KeyButton("Go on"), QLineEdit()
    tight = QWidget()
    inner = QHBoxLayout(tight)
    inner.setContentsMargins(0, 0, 0, 0)  # its own parent would clip the ring
    inner.addWidget(button)
    row.addWidget(tight)
    row.addWidget(line)
    ring = FocusRing(window)
    assert ring.isHidden()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    button.setFocus()
    qtbot.waitUntil(ring.isVisible)
    around = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
    assert ring.parentWidget() is window
    assert ring.geometry().contains(around.adjusted(-3, -3, 3, 3))
    line.setFocus()
    qtbot.waitUntil(lambda: not ring.isVisible())


def test_a_toast_is_answered_by_its_button(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    toast = Toast(window)
    toast.say("Sold to Sales.", "Undo", "Ctrl Z")
    assert toast.isVisible()
    assert window.rect().contains(toast.geometry())
    with qtbot.waitSignal(toast.acted):
        qtbot.mouseClick(toast.findChild(KeyButton), Qt.MouseButton.LeftButton)
    assert toast.isHidden()


def test_the_overlay_of_keys_takes_every_key_until_one_closes_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    overlay = KeyHelp(window)
    overlay.show_for("calls")
    assert "Ctrl 1: Sell" in overlay.accessibleDescription()
    qtbot.keyClick(overlay, Qt.Key.Key_F5)
    assert overlay.isHidden()
    with pytest.raises(KeyError):
        overlay.show_for("nowhere")


def test_progress_is_told_in_words_and_can_be_stopped(qtbot):
    strip = ProgressStrip(stoppable=True)
    qtbot.addWidget(strip)
    strip.set("Reading", "12,000 rows/s", 0.4)
    assert strip.accessibleDescription() == "40% 12,000 rows/s"
    with qtbot.waitSignal(strip.cancelled):
        qtbot.mouseClick(strip.findChild(KeyButton), Qt.MouseButton.LeftButton)


def test_the_status_line_refuses_a_tone_that_it_does_not_know(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.set_state("Offline", "off")
    with pytest.raises(KeyError):
        bar.set_state("Offline", "pink")


def test_a_tile_and_an_empty_state_say_what_they_show(qtbot):
    tile, empty = FigureTile("New", "361"), EmptyState("clock", "Nobody", "Later")
    qtbot.addWidget(tile)
    qtbot.addWidget(empty)
    tile.set("9", "+3 since 09:00", "over")
    assert tile.accessibleName() == "New: 9"
    button = empty.add_action(KeyButton("Import a list"))
    empty.resize(700, 500)
    empty.show()
    assert button.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_buttons_grow_with_the_text(qapp, qtbot, scale):
    look.apply(qapp, theme.Theme.LIGHT, scale)
    button = KeyButton("No answer", "F5")
    qtbot.addWidget(button)
    assert button.sizeHint().height() == fonts.scaled(34)
    assert isinstance(button.sizeHint(), QSize)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_field_is_as_high_as_on_the_pictures(qapp, qtbot, scale):
    look.apply(qapp, theme.Theme.LIGHT, scale)
    field = Field("First name", "Maria")
    qtbot.addWidget(field)
    field.show()
    QApplication.processEvents()
    assert abs(field.edit.height() - 40 * scale) <= 1


def test_what_scrolls_does_not_move_when_the_bar_comes(qtbot):
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(18, 0, 18, 0)
    label = WrappedLabel("Wants pricing on two palletising cells before the August shutdown. " * 8)
    column.addWidget(label)
    area = Scrolled(inside)
    qtbot.addWidget(area)
    area.resize(320, 600)
    with qtbot.waitExposed(area):
        area.show()
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: not bar.isVisible() and label.width() > 200)
    before = label.geometry().right()
    assert before < area.width() - 18
    area.resize(320, 90)
    qtbot.waitUntil(lambda: bar.isVisible() and label.geometry().right() == before)
    area.resize(320, 600)
    qtbot.waitUntil(lambda: not bar.isVisible() and label.geometry().right() == before)


def test_a_hyphen_of_a_chip_does_not_tear_its_word_apart(qapp):
    assert chip_width("e-mail") < chip_width("e−mail")  # with a minus, which is as wide as a figure
    assert chip_width("26 h 10 m") == chip_width("26 h 11 m")
