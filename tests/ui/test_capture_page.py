"""Capturing by hand, on a real store: what is said at once, what is kept, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.models.entries import Outcome
from app.services import calling, changing_settings
from app.services.capture import CaptureForm, capture
from app.ui.capture.capture_page import DRAFT, CapturePage
from app.ui.tasks import Tasks
from tests.ui.inline_tasks import InlineTasks

MARIA = CaptureForm(first_name="Maria", last_name="Rossi", company="Officine Rossi S.p.A.", phone="+39 030 5550142",
                    source="Hannover Messe", request="Pricing on two cells.")  # fmt: skip


@pytest.fixture
def make(home, qtbot):
    def made() -> CapturePage:
        page = CapturePage(home.seat, InlineTasks(home.seat))
        qtbot.addWidget(page)
        page.resize(1000, 700)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        page.setFocus()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return page

    return made


def type_in(qtbot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)


def tab(qtbot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)


def people(home) -> list[tuple]:
    return home.seat.store.query("SELECT id FROM inquiry")


@pytest.mark.qt_log_ignore("does not support grabbing the (keyboard|mouse)", extend=True)
def test_somebody_is_captured_by_keyboard_alone(make, home, qtbot):
    page = make()
    texts = ["Maria", "Rossi", "Officine Rossi S.p.A.", "Head of Operations", "+39 030 5550142",
             "m.rossi@officinerossi.example", "Hannover Messe", "Wants pricing."]  # fmt: skip
    for text in texts:
        type_in(qtbot, text)
        page._form._source.completer().popup().hide()
        tab(qtbot)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # the consent
    with qtbot.waitSignal(page.undo_offered) as said:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said.args == ["Maria Rossi is captured"]
    (row,) = people(home)
    inquiry = home.seat.inquiry(row[0])
    assert (inquiry.name, inquiry.company, inquiry.title) == ("Maria Rossi", "Officine Rossi S.p.A.",
                                                              "Head of Operations")  # fmt: skip
    assert inquiry.phones[0].e164 == "+390305550142"
    assert page._list.count() == 1
    assert page._form.form() == CaptureForm(source="Hannover Messe")
    assert QApplication.focusWidget() is page._form._texts["first_name"].edit


def test_the_form_stays_as_it_is_when_it_cannot_be_saved(make, home, qtbot):
    page = make()
    page._form.fill(CaptureForm(first_name="Maria", request="No number, no e-mail."))
    page.save(False)
    assert "needed" in page._form._wrong.text()
    page._form.fill(CaptureForm(first_name="Maria", email="not an e-mail"))
    page.save(False)
    assert "no e-mail" in page._form._wrong.text()
    assert page._form.form().first_name == "Maria"
    assert people(home) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("+39 030 5550142", "Italy, fixed line"),
        ("+44 7700 900123", ""),
        ("12 34", "Not a valid number"),
        ("+49 171 2345678", "Germany, mobile"),
    ],
)
def test_a_number_is_judged_while_it_is_typed(make, qtbot, typed, words):
    page = make()
    page._form._texts["phone"].set_text(typed)
    hint = page._form._texts["phone"]._hint
    qtbot.waitUntil(lambda: bool(hint.text()))
    assert words in hint.text()


def test_who_is_known_is_said_when_the_number_is_left_and_can_be_opened(make, home, qtbot):
    known = capture(home.seat, MARIA)
    page = make()
    page._form._texts["last_name"].set_text("Rossi")
    page._form._texts["phone"].setFocus()
    type_in(qtbot, "+39 030 5550142")
    tab(qtbot)
    assert "Maria Rossi" in page._form._known.text()
    with qtbot.waitSignal(page.open_wanted) as opened:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert opened.args == [known.inquiry_id]


def test_somebody_known_is_marked_and_not_doubled(make, home):
    capture(home.seat, MARIA)
    page = make()
    page._form.fill(MARIA)
    page.save(False)
    assert len(people(home)) == 1
    row = page._list._rows.itemAt(0).widget()
    assert "Known already" in row.accessibleDescription()


def test_saving_and_qualifying_asks_for_the_call_page(make, home, qtbot):
    page = make()
    page._form.fill(MARIA)
    with qtbot.waitSignal(page.qualify_wanted) as wanted:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == [people(home)[0][0]]


def test_what_was_typed_is_there_again_after_a_kill(make, home, qtbot):
    page = make()
    page._form._texts["first_name"].set_text("Maria")
    page._form._request.setPlainText("Wants pri")
    qtbot.waitUntil(lambda: "Wants pri" in changing_settings.aside(home.seat, DRAFT))
    again = make()
    assert again._form.form().first_name == "Maria"
    assert again._form.form().request == "Wants pri"


def test_the_draft_goes_when_the_person_is_saved(make, home, qtbot):
    page = make()
    page._form.fill(MARIA)
    page.flush()
    assert "Rossi" in changing_settings.aside(home.seat, DRAFT)
    page.save(False)
    assert changing_settings.aside(home.seat, DRAFT) == ""
    assert make()._form.form() == CaptureForm(source="Hannover Messe")


def test_a_source_that_was_used_is_offered_again(make, home):
    page = make()
    page._form.fill(MARIA)
    page.save(False)
    names = [page._form._source.itemText(number) for number in range(page._form._source.count())]
    assert names == ["Hannover Messe"]


def test_two_quick_presses_make_one_inquiry(home, qtbot):
    tasks = Tasks(home.seat)
    page = CapturePage(home.seat, tasks)
    qtbot.addWidget(page)
    page._form.fill(MARIA)
    page.save(False)
    page.save(False)
    qtbot.waitUntil(lambda: not tasks.busy() and page._list.count() == 1)
    kinds = home.seat.store.query("SELECT count(*) FROM ledger WHERE kind = 'captured'")
    assert kinds == [(1,)]
    assert page._form._known.text() == ""
    assert tasks.finish()


def test_everything_fits_the_least_window(make):
    page = make()
    page.resize(960, 592)
    assert page._form.width() + page._list.width() == 960
    assert page._form._next.visibleRegion().boundingRect().width() == page._form._next.width()


def captured(page, home, form: CaptureForm) -> None:
    page._form.fill(form)
    page.save(False)
    assert page._form.form() == CaptureForm(source=form.source)


def undo(qtbot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def stages(home) -> list[str]:
    return [row[0] for row in home.seat.store.query("SELECT stage FROM inquiry ORDER BY num")]


def test_ctrl_z_takes_the_last_capture_back_into_the_form(make, home, qtbot):
    page = make()
    captured(page, home, MARIA)
    captured(page, home, CaptureForm(first_name="Otto", email="otto@werk.example", source="Web", consent=True))
    with qtbot.waitSignal(page.said) as said:
        undo(qtbot)
    assert said.args == ["Otto is taken back, and is in the form again"]
    assert page._form.form().email == "otto@werk.example" and page._form.form().consent
    assert stages(home) == ["waiting", "erased"]
    assert page._list.count() == 1
    assert QApplication.focusWidget() is page._form._texts["first_name"].edit
    page.save(False)  # corrected or not, they are captured anew
    assert stages(home) == ["waiting", "erased", "waiting"]
    undo(qtbot)
    page._form.clear()
    undo(qtbot)
    assert page._form.form() == MARIA
    assert stages(home) == ["erased", "erased", "erased"]
    page._form.clear()
    with qtbot.waitSignal(page.said) as said:
        undo(qtbot)
    assert "Nobody" in said.args[0]


def test_ctrl_z_belongs_to_what_is_being_typed(make, home, qtbot):
    page = make()
    captured(page, home, MARIA)
    type_in(qtbot, "Ott")
    undo(qtbot)
    assert page._form.form().first_name == ""
    assert stages(home) == ["waiting"]
    page._form._texts["email"].set_text("otto@werk.example")
    with qtbot.waitSignal(page.said) as said:
        page.undo()
    assert "Maria Rossi" in said.args[0]
    assert page._form.form().email == "otto@werk.example" and stages(home) == ["waiting"]


def test_who_was_called_since_is_not_taken_back(make, home, qtbot):
    page = make()
    captured(page, home, MARIA)
    calling.log_call(home.seat, people(home)[0][0], Outcome.NO_ANSWER)
    with qtbot.waitSignal(page.said) as said:
        undo(qtbot)
    assert "worked with" in said.args[0]
    assert stages(home) == ["waiting"] and page._form.form().first_name == ""
