"""The call page's look and keys, with real widgets and made-up people."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from app.models.entries import Disposition, Outcome
from app.models.limits import LimitState
from app.models.rows import Group
from app.ui import look, theme
from app.ui.calls.queue_model import QueueModel
from app.ui.calls.views import OptionView, QuestionView, ReasonView, ScoreView, ScriptView
from app.ui.points import signed
from app.ui.widgets.key_button import KeyButton
from tests.ui.made_up import (
    LOW,
    MARIA,
    NOTE,
    NOW,
    SCORE,
    SCRIPT,
    SECOND,
    TOM,
    Window,
    filled_calls_window,
    queue_row,
    queue_rows,
)

SIZES = [(1024, 700, 1.0), (1360, 850, 1.0), (1360, 850, 1.5), (1920, 1080, 1.5), (3840, 2160, 1.0)]


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(qtbot) -> Window:
    made = filled_calls_window()
    qtbot.addWidget(made)
    made.resize(1360, 850)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    settle()
    return made


@pytest.fixture
def view(window):
    return window.view


def press(qtbot, view, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(view.window().focusWidget() or view.window(), key, modifiers)


# keys


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        (Qt.Key.Key_F5, Outcome.NO_ANSWER),
        (Qt.Key.Key_F6, Outcome.VOICEMAIL),
        (Qt.Key.Key_F7, Outcome.BUSY),
        (Qt.Key.Key_F8, Outcome.CALLBACK),
        (Qt.Key.Key_F9, Outcome.WRONG_NUMBER),
        (Qt.Key.Key_F12, Outcome.DO_NOT_CALL),
    ],
)
def test_a_function_key_tells_how_the_call_ended_even_from_within_the_note(qtbot, view, key, outcome):
    view.script.note.edit.setFocus()
    with qtbot.waitSignal(view.outcome_chosen) as told:
        press(qtbot, view, key)
    assert told.args == [outcome]


@pytest.mark.parametrize(
    ("key", "disposition"),
    [(Qt.Key.Key_1, Disposition.SELL), (Qt.Key.Key_2, Disposition.NURTURE), (Qt.Key.Key_3, Disposition.DISCARD)],
)
def test_one_key_decides(qtbot, view, key, disposition):
    with qtbot.waitSignal(view.disposition_chosen) as told:
        press(qtbot, view, key, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [disposition]


def test_a_digit_answers_and_stays_text_in_the_note_and_in_find(qtbot, view):
    with qtbot.waitSignal(view.answered) as told:
        press(qtbot, view, Qt.Key.Key_2)
    assert told.args == ["when", "year"]
    for field in (view.script.note.edit, view.queue.find_field.edit):
        field.setFocus()
        with qtbot.assertNotEmitted(view.answered):
            press(qtbot, view, Qt.Key.Key_2)
    assert "2" in view.script.note.text()
    assert view.queue.find_field.text() == "2"


def test_a_digit_without_an_answer_does_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.answered):
        press(qtbot, view, Qt.Key.Key_9)


def test_of_several_answers_digits_turn_each_on_and_off_and_enter_goes_on(qtbot, view):
    view.set_progress(SECOND, SCORE)
    told = []
    view.answered.connect(lambda _key, answer: told.append(answer))
    for key in (Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_1):
        press(qtbot, view, key)
    assert told == [["a", "b", "c"], ["b", "c"], ["a", "b", "c"]]
    with qtbot.waitSignal(view.next_question):
        press(qtbot, view, Qt.Key.Key_Return)


def test_a_number_takes_the_keyboard_and_enter_tells_it(qtbot, view):
    question = QuestionView(key="sites", kind="number", text="How many sites?")
    view.set_progress(ScriptView(question=question, position=5, count=7), SCORE)
    settle()
    assert isinstance(view.window().focusWidget(), QLineEdit)
    qtbot.keyClicks(view.window().focusWidget(), "12")
    told: list[object] = []
    view.answered.connect(lambda key, answer: told.append((key, answer)))
    view.next_question.connect(lambda: told.append("next"))
    press(qtbot, view, Qt.Key.Key_Return)
    assert told == [("sites", 12.0), "next"]


@pytest.mark.parametrize(("kind", "given"), [("date", "2026-12-24"), ("text", "two lines in Brescia")])
def test_a_date_and_words_that_were_given_are_shown_again(view, kind, given):
    question = QuestionView(key="q", kind=kind, text="And?", answer=given)
    view.set_progress(ScriptView(question=question, position=1, count=1), SCORE)
    editor = view.script.answers._editor()
    shown = editor.date().toString(Qt.DateFormat.ISODate) if kind == "date" else editor.text()
    assert shown == given


def test_enter_in_the_note_is_a_new_line_and_escape_goes_back_to_the_answers(qtbot, view):
    view.script.note.edit.setFocus()
    with qtbot.assertNotEmitted(view.next_question):
        press(qtbot, view, Qt.Key.Key_Return)
    press(qtbot, view, Qt.Key.Key_Escape)
    assert isinstance(view.window().focusWidget(), KeyButton)


def test_undo_in_an_unedited_note_undoes_the_last_action_and_in_an_edited_one_its_text(qtbot, view):
    view.script.note.set_text(NOTE)
    view.script.note.edit.setFocus()
    with qtbot.waitSignal(view.undone):
        press(qtbot, view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(view.script.note.edit, "x")
    with qtbot.assertNotEmitted(view.undone):
        press(qtbot, view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_every_key_press_in_the_note_is_told_and_filling_it_is_not(qtbot, view):
    with qtbot.assertNotEmitted(view.note_typed):
        view.script.note.set_text("a draft")
    press(qtbot, view, Qt.Key.Key_N)
    view.script.note.edit.moveCursor(view.script.note.edit.textCursor().MoveOperation.End)
    with qtbot.waitSignal(view.note_typed) as told:
        qtbot.keyClicks(view.script.note.edit, "!")
    assert told.args == ["a draft!"]


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_C, Qt.KeyboardModifier.NoModifier, "call_pressed"),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, "previous_question"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "next_question"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "next_question"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "next_inquiry"),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, "skipped"),
        (Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier, "edited"),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier, "paused"),
    ],
)
def test_each_key_of_the_page_tells_what_was_meant(qtbot, view, key, modifiers, signal):
    with qtbot.waitSignal(getattr(view, signal)):
        press(qtbot, view, key, modifiers)


def test_slash_finds_and_enter_opens_what_was_found(qtbot, view):
    press(qtbot, view, Qt.Key.Key_Slash)
    assert view.queue.find_field.edit.hasFocus()
    with qtbot.waitSignal(view.queue.find_field.rested) as told:
        qtbot.keyClicks(view.queue.find_field.edit, "te")
    assert told.args == ["te"]  # once, after a rest
    press(qtbot, view, Qt.Key.Key_Down)
    assert view.queue.list.hasFocus()
    press(qtbot, view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.opened) as opened:
        press(qtbot, view, Qt.Key.Key_Return)
    assert opened.args == [queue_rows()[1].id]


def test_f2_shows_the_answers_to_objections_and_hides_them_again(qtbot, view):
    press(qtbot, view, Qt.Key.Key_F2)
    assert view.script.objections.isVisible()
    press(qtbot, view, Qt.Key.Key_F3)
    assert view.script.history.isVisible()
    assert not view.script.objections.isVisible()
    press(qtbot, view, Qt.Key.Key_F3)
    assert not view.script.history.isVisible()


# the popup of reasons


def test_a_digit_chooses_the_reason_and_no_key_reaches_the_page(qtbot, view):
    before = view.window().focusWidget()
    view.popup.ask("Why?", [("gone", "The need is gone"), ("rival", "Bought elsewhere")], words="Another reason")
    with qtbot.assertNotEmitted(view.disposition_chosen), qtbot.assertNotEmitted(view.outcome_chosen):
        press(qtbot, view, Qt.Key.Key_F5)
    with qtbot.assertNotEmitted(view.answered), qtbot.waitSignal(view.popup.chosen) as told:
        press(qtbot, view, Qt.Key.Key_2)
    assert told.args == ["rival", ""]
    assert view.popup.isHidden()
    assert view.window().focusWidget() is before


def test_a_letter_begins_another_reason(qtbot, view):
    view.popup.ask("Why?", [("gone", "The need is gone")], words="Another reason", whom=[("lena", "Lena")])
    for letter in (Qt.Key.Key_T, Qt.Key.Key_O, Qt.Key.Key_O):
        press(qtbot, view, letter)
    with qtbot.waitSignal(view.popup.chosen) as told:
        press(qtbot, view, Qt.Key.Key_Return)
    assert told.args == ["", "too"]
    assert view.popup.whom_chosen() == "lena"


def test_escape_asks_no_more(qtbot, view):
    view.popup.ask("Why?", [("gone", "The need is gone")])
    with qtbot.waitSignal(view.popup.cancelled), qtbot.assertNotEmitted(view.popup.chosen):
        press(qtbot, view, Qt.Key.Key_Escape)


# what it shows


def test_a_number_that_may_not_be_called_is_greyed_and_says_why(qtbot, view):
    view.set_inquiry(TOM, SECOND, LOW)
    with qtbot.assertNotEmitted(view.call_pressed):
        press(qtbot, view, Qt.Key.Key_C)
    assert "opens 08:00 their time" in view.person._call.accessibleDescription()
    view.person.set_person(TOM, 1)
    with qtbot.waitSignal(view.call_pressed) as told:
        press(qtbot, view, Qt.Key.Key_C)
    assert told.args == ["+442079460112"]


def test_the_advised_disposition_alone_is_filled(view):
    view.score.set_score(LOW)
    filled = [which for which, button in view.score.dispositions.buttons.items() if button.is_filled()]
    assert filled == [Disposition.NURTURE]


def test_points_have_a_true_minus_sign():
    assert [signed(points) for points in (25, 0, -5)] == ["+25", "0", "−5"]


def test_an_empty_queue_says_so_and_takes_no_decision(qtbot, view):
    view.set_empty("clock", "Nobody may be called now", "The next one opens at 14:00.")
    assert view.is_empty()
    with qtbot.assertNotEmitted(view.disposition_chosen), qtbot.assertNotEmitted(view.outcome_chosen):
        press(qtbot, view, Qt.Key.Key_F5)
        press(qtbot, view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    view.set_inquiry(MARIA, SCRIPT, SCORE)
    assert not view.is_empty()


def test_reasons_that_have_no_room_are_counted(view):
    rows = tuple(ReasonView(f"Reason {number}", number) for number in range(40))
    view.score.set_score(ScoreView(points=50, reasons=rows))
    settle()
    assert view.score.grab().size() == view.score.size()
    assert view.score._why.height() <= view.score.height()


# the queue


def test_a_row_says_everything_without_colour():
    model = QueueModel()
    model.set_rows(queue_rows(), NOW)
    said = model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Maria Rossi, Officine Rossi S.p.A., 26 h 10 m, over the limit, Trade show, 15:02 their time"
    assert "callback promised" in model.index(0, 0).data()
    assert "opens 08:00 their time" in model.index(9, 0).data()


def test_a_minute_tells_only_the_chips_that_changed(qtbot, view):
    model = view.queue.model
    view.queue.list.grab()
    with qtbot.waitSignal(model.chips_changed) as told:
        model.tick(NOW + 60_000)
    assert 1 in told.args[0]
    assert 0 not in told.args[0]  # "due now" is still due
    assert 9 not in told.args[0]  # so is when it opens
    with qtbot.assertNotEmitted(model.chips_changed):
        model.tick(NOW + 60_000)


def test_time_takes_a_row_over_its_limit():
    model = QueueModel()
    model.set_rows([queue_row(1, "Ada Park", "Park", 23.5)], NOW)
    assert model.chip(0)[1] == LimitState.SOON
    model.tick(NOW + 1_800_000)
    assert model.chip(0) == ("24 h 00 m", LimitState.OVER)


def test_pages_are_asked_for_once_and_appended_without_doubles(qtbot):
    model = QueueModel()
    rows = [queue_row(number, f"Ada {number}", "Park", 2) for number in range(300)]
    model.set_rows(rows[:100], NOW, more=True)
    assert model.canFetchMore(model.index(-1, -1))
    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(model.index(-1, -1))
    assert not model.canFetchMore(model.index(-1, -1))
    model.append_rows(rows[90:200], NOW, more=True)
    assert model.rowCount() == 200
    assert model.row_of(rows[199].id) == 199
    model.append_rows(rows[200:], NOW)
    assert not model.canFetchMore(model.index(-1, -1))
    assert model.remove_row(rows[5].id)
    assert not model.remove_row(rows[5].id)
    assert model.row_of(rows[6].id) == 5
    assert model.update_row(queue_row(6, "Ada Six", "Park", 3), NOW)
    assert model.at(5).last_name == "Six"


def test_a_callback_is_higher_than_other_rows(view):
    heights = [view.queue.list.rowHeight(place) for place in range(3)]
    assert heights == [78, 61, 61]
    view.queue.model.remove_row(queue_rows()[0].id)
    assert [view.queue.list.rowHeight(place) for place in range(2)] == [61, 61]


def test_whoever_may_not_be_called_now_stands_below_a_line_that_says_so(view):
    model, rows = view.queue.model, view.queue.list
    assert model.is_first_not_now(9) and rows.rowHeight(9) == 78
    closed = msgspec.structs.replace(model.at(1), group=Group.NOT_NOW, why="outside hours")
    model.put_row(closed, NOW)  # longer waiting than the other, and so before them
    assert [model.at(place).last_name for place in (8, 9)] == ["Rossi", "Watanabe"]
    assert model.is_first_not_now(8) and [rows.rowHeight(place) for place in (7, 8, 9)] == [61, 78, 61]
    model.put_row(msgspec.structs.replace(closed, group=Group.UNASSIGNED, why=""), NOW)
    assert model.at(1).last_name == "Rossi"
    model.remove_row(model.at(9).id)
    assert not any(model.is_first_not_now(place) for place in range(model.rowCount()))
    assert rows.rowHeight(0) == 78 and {rows.rowHeight(place) for place in range(1, 9)} == {61}


def test_what_was_found_has_no_line_below_which_nobody_may_be_called(view):
    model, rows = view.queue.model, view.queue.list
    found = [queue_rows()[place] for place in (9, 1, 0)]
    model.set_rows(found, NOW, in_order=False)
    assert not any(model.is_first_not_now(place) for place in range(3))
    assert [rows.rowHeight(place) for place in range(3)] == [61, 61, 78]


def test_a_press_on_a_row_opens_it(qtbot, view):
    rows = view.queue.list
    place = rows.visualRect(view.queue.model.index(3, 0)).center()
    with qtbot.waitSignal(view.opened) as told:
        qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [queue_rows()[3].id]


# room, focus, names


def hidden_by(widget: QWidget) -> str:
    """Why words of a widget cannot be read; empty when they can."""
    if isinstance(widget, QLabel) and widget.text():
        needed = widget.minimumSizeHint()
        high = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else needed.height()
        if widget.width() < needed.width() or widget.height() < high:
            return f"label {widget.text()!r}: {widget.size()} of {needed}, {high}"
    if isinstance(widget, KeyButton):
        needed = widget.minimumSizeHint()
        if widget.width() < needed.width() or widget.height() < widget.height_for(widget.width()):
            return f"button {widget.text()!r}: {widget.size()} of {needed}"
    parent = widget.parentWidget()
    scrolled = isinstance(parent.parentWidget() and parent.parentWidget().parentWidget(), QScrollArea)
    if isinstance(widget, (QLabel, QAbstractButton)) and not scrolled and not parent.rect().contains(widget.geometry()):
        return f"{type(widget).__name__} {widget.text()!r} reaches out: {widget.geometry()} of {QRect(parent.rect())}"
    return ""


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
@pytest.mark.parametrize("filling", ["sell", "blocked"])
def test_nothing_is_cut_off(qapp, qtbot, width, height, scale, filling):
    look.apply(qapp, theme.Theme.LIGHT, scale)
    window = filled_calls_window()
    qtbot.addWidget(window)
    if filling == "blocked":
        window.view.set_inquiry(TOM, SECOND, LOW)
    window.resize(width, height)
    window.show()
    settle()
    assert (window.width(), window.height()) == (width, height)  # the layout's own least size fits
    cut = [why for widget in window.findChildren(QWidget) if widget.isVisible() and (why := hidden_by(widget))]
    assert not cut


def test_on_a_small_screen_five_answers_of_two_lines_are_seen_without_scrolling(window, view):
    window.resize(1024, 700)
    hint = "Hello Curtis, you got in touch with us at the fair, thank you for that. May I ask a few questions? " * 2
    options = tuple(OptionView(str(number), "Replacing what they have now", 10) for number in range(5))
    question = QuestionView(key="why", text="What made you look at this now, Curtis?", hint=hint, options=options)
    person = msgspec.structs.replace(MARIA, request="Asked for the price list only.")
    view.set_inquiry(person, msgspec.structs.replace(SCRIPT, answered=(), position=1, question=question), SCORE)
    settle()
    assert view.script._area.verticalScrollBar().maximum() == 0


def test_the_layouts_own_least_size_fits_a_small_screen(window):
    least = window.layout().totalMinimumSize()
    assert least.width() <= 1024
    assert least.height() <= 700


def test_everything_that_takes_the_keyboard_has_a_name(window):
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
        and not isinstance(widget, QScrollArea)
    ]  # fmt: skip
    assert not nameless


def test_the_tab_key_goes_from_queue_over_person_and_script_to_the_decision(qtbot, view):
    view.queue.find_field.setFocus()
    stops = []
    for _ in range(40):
        widget = view.window().focusWidget()
        stops.append(widget)
        view.window().focusNextChild()
        if view.window().focusWidget() in stops:
            break
    parts = (view.queue, view.person, view.script, view.outcomes, view.score)
    order = [next(place for place, part in enumerate(parts) if part.isAncestorOf(stop)) for stop in stops
             if any(part.isAncestorOf(stop) for part in parts)]  # fmt: skip
    assert order == sorted(order), stops
    assert set(order) == {0, 1, 2, 3, 4}


def test_large_screens_keep_the_question_readable(window):
    window.resize(3840, 2160)
    settle()
    assert window.view.script.width() <= 980
