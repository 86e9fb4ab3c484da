"""The nurture page by the keyboard alone, on a real store."""

from __future__ import annotations

import csv
import weakref
from datetime import UTC, datetime

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app import bootstrap
from app.models.entries import Disposition, Verdict
from app.models.inquiry import Stage
from app.models.rights import Role
from app.services import capture, handoff
from app.services.handoff import Choice
from app.services.nurture import tracks, waking
from app.services.nurture.pages import Kind, List, NurtureRow
from app.services.sales import selling
from app.ui import keys, stroke
from app.ui.background import Background
from app.ui.look import apply
from app.ui.nurture import nurture_words
from app.ui.nurture.nurture_model import NurtureModel
from app.ui.nurture.nurture_page import NurturePage
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from app.ui.theme import Theme
from tests.services.made_up import DAY, HOUR, Clock, form
from tests.services.team import BEN, gather
from tests.ui.at_a_page import press, put_up
from tests.ui.inline_tasks import InlineTasks

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the (keyboard|mouse)", extend=True)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def people(home) -> list[str]:
    """Five who wait 1, 2, 9, 40 and 300 days; all on one track but the last, whom sales returned."""
    seat, made = home.seat, []
    for number, days in enumerate((1, 2, 9, 40, 300)):
        taken = msgspec.structs.replace(form(number), consent=number % 2 == 0)
        inquiry = capture.capture(seat, taken).inquiry_id
        if days == 300:
            handoff.dispose(seat, inquiry, Disposition.SELL, Choice(reason="r"))
            selling.review(seat, inquiry, Verdict.NURTURE, reason="too early", until=seat.now() + days * DAY)
        else:
            choice = Choice(reason=f"reason {number}", track="No budget yet", until=seat.now() + days * DAY)
            handoff.dispose(seat, inquiry, Disposition.NURTURE, choice)
        made.append(inquiry)
    return made


def shown(qtbot, home, width: int = 1280, height: int = 800) -> NurturePage:
    return put_up(qtbot, NurturePage(home.seat, InlineTasks(home.seat)), width, height)


@pytest.fixture
def page(qtbot, home, people):
    return shown(qtbot, home)


def stages(home, people) -> list[Stage]:
    return [home.seat.inquiry(each).stage for each in people]


def listed(page) -> list[str]:
    return [page.model.at(place).id for place in range(page.model.rowCount())]


# lists


def test_who_wakes_this_week_is_shown_first_by_day_with_the_person_beside_it(page, people):
    assert listed(page) == people[:2]
    assert list(page.model.heads().values()) == ["This week"]
    assert page.person.shown() == people[0]
    assert page.pane._head._subtitle.text().startswith("2 of ")  # wake this week
    assert page.person._name.text() == page.model.at(0).name


def test_digits_and_arrows_show_other_lists(page, qtbot, people):
    press(qtbot, "2")
    assert listed(page) == people
    assert list(page.model.heads().values()) == ["This week", "Later"]
    returned = [each.list for each in page.pane.lists.lists()].index(List(Kind.RETURNED))
    press(qtbot, str(returned + 1))
    assert listed(page) == people[4:]
    assert page.model.at(0).why == "too early"
    press(qtbot, "l", Qt.Key.Key_Up, Qt.Key.Key_Home)
    assert page.feed.which() == List(Kind.SOON)
    press(qtbot, Qt.Key.Key_Return)
    assert page.table.hasFocus()


def test_an_empty_list_says_so_and_its_keys_work(page, qtbot):
    press(qtbot, "3")
    assert page._stack.currentWidget() is page._nothing
    assert page._nothing.accessibleName() == "Nobody waits on this track"
    assert page._nothing.hasFocus()
    assert not page._wake.isEnabled()
    assert page.person.shown() == ""
    press(qtbot, "1")
    assert page.table.hasFocus() and page.model.rowCount() == 2


def test_a_home_without_anybody_is_calm(qtbot, home):
    page = shown(qtbot, home)
    assert page._nothing.accessibleName() == "Nobody waits in nurture"
    press(qtbot, "w", "m", "d", "c")
    assert not page.asking.open() and not page.said_texts


def test_what_is_typed_narrows_the_list(page, qtbot, people):
    press(qtbot, "2", "/", "reason 3")
    qtbot.waitUntil(lambda: listed(page) == people[3:4])
    press(qtbot, " nobody")
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._nothing)
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: listed(page) == people)
    press(qtbot, Qt.Key.Key_Down)
    assert page.table.hasFocus()


# doing


def test_w_wakes_whom_space_and_shift_chose_and_undo_brings_all_back(page, qtbot, home, people):
    press(qtbot, "2", Qt.Key.Key_Space, Qt.Key.Key_Down, (Qt.Key.Key_Down, SHIFT))
    assert page.model.chosen() == people[:3]
    assert page._wake.text() == "Wake 3 now"
    press(qtbot, "w")
    assert stages(home, people) == [Stage.WAITING] * 3 + [Stage.NURTURE] * 2
    assert page.said_texts[-1] == "Back in the queue: 3 people"
    qtbot.waitUntil(lambda: listed(page) == people[3:])
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert set(stages(home, people)) == {Stage.NURTURE}
    qtbot.waitUntil(lambda: listed(page) == people)


def test_nobody_chosen_means_who_is_under_the_cursor(page, qtbot, home, people):
    press(qtbot, Qt.Key.Key_Down, "w")
    assert stages(home, people[:2]) == [Stage.NURTURE, Stage.WAITING]
    assert page.said_texts[-1] == f"Back in the queue: {home.seat.inquiry(people[1]).name}"
    qtbot.waitUntil(lambda: listed(page) == people[:1] and page.person.shown() == people[0])


def test_m_moves_to_a_track_by_digit_and_its_day(page, qtbot, home, people):
    press(qtbot, "2", (Qt.Key.Key_A, CTRL), "m")
    assert page.asking.open()
    assert "5 people" in page.popup.accessibleName()
    press(qtbot, "4")
    found = [home.seat.inquiry(each) for each in people]
    assert {each.track for each in found} == {"Waiting for a colleague"}
    assert {each.until for each in found} == {home.seat.now() + 21 * DAY}
    assert page.model.chosen() == []
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert [home.seat.inquiry(each).until for each in people] == [home.seat.now() + d * DAY for d in (1, 2, 9, 40, 300)]


def test_d_sets_another_day_by_digit_or_in_words(page, qtbot, home, people):
    press(qtbot, "d", "3")
    assert home.seat.inquiry(people[0]).until == home.seat.now() + 90 * DAY
    qtbot.waitUntil(lambda: listed(page) == people[1:2])
    press(qtbot, "d")
    page.popup._line.setFocus()
    press(qtbot, "nonsense", Qt.Key.Key_Return)
    assert "no day to come" in page.said_texts[-1]
    page.popup._line.setFocus()
    press(qtbot, (Qt.Key.Key_A, CTRL), "2030-06-30", Qt.Key.Key_Return)
    assert datetime.fromtimestamp(home.seat.inquiry(people[1]).until / 1000, UTC).date().isoformat() == "2030-06-30"
    press(qtbot, "4", "d", "6")
    assert home.seat.inquiry(listed(page)[0]).until is None or page.feed.which().kind is Kind.TRACK


def test_c_takes_down_a_consent_and_takes_it_back(page, qtbot, home, people):
    press(qtbot, "c", "3", "1")
    said = home.seat.inquiry(people[0]).consents["newsletter"]
    assert (said.given, said.how) == (True, "said on the call")
    qtbot.waitUntil(lambda: "Agreed to newsletter" in page.person._consents.text())
    press(qtbot, "c", "3", "2")
    assert not home.seat.inquiry(people[0]).consents["newsletter"].given
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert home.seat.inquiry(people[0]).consents["newsletter"].given


def test_esc_leaves_a_question_and_then_the_choice(page, qtbot, home, people):
    press(qtbot, Qt.Key.Key_Space, "m", Qt.Key.Key_Escape)
    assert not page.asking.open()
    assert page.model.chosen() == people[:1]
    press(qtbot, Qt.Key.Key_Escape)
    assert page.model.chosen() == []
    assert set(stages(home, people)) == {Stage.NURTURE}


def test_enter_opens_them_on_the_call_page(page, qtbot, people):
    with qtbot.waitSignal(page.open_wanted) as opened:
        press(qtbot, Qt.Key.Key_Return)
    assert opened.args == [people[0]]


def test_many_are_changed_part_after_part_and_taken_back_at_once(qtbot, home, people, monkeypatch):
    monkeypatch.setattr(stroke, "PART", 2)
    page = shown(qtbot, home)
    steps: list[tuple[int, int]] = []
    page.stroke.progressed.connect(lambda done, total, _rate: steps.append((done, total)))
    press(qtbot, "2", (Qt.Key.Key_A, CTRL), "w")
    assert steps == [(2, 5), (4, 5)]
    assert set(stages(home, people)) == {Stage.WAITING}
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert set(stages(home, people)) == {Stage.NURTURE}


def test_the_list_for_the_mailing_tool_says_who_was_left_out(page, qtbot, people, tmp_path):
    press(qtbot, "2")
    file = tmp_path / "list.csv"
    page.export_to(file)
    assert len(list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))) == 3
    assert "3 written: who agreed to e-mail. Left out: 2 without that consent." in page.notice.text()
    press(qtbot, Qt.Key.Key_Escape)
    assert page.notice.text() == ""
    page.export_to(tmp_path / "missing" / "list.csv")
    assert "cannot be written" in page.said_texts[-1]


# tracks


def test_t_makes_a_track_by_keys_alone(page, qtbot, home):
    press(qtbot, "t")
    assert page.form.isVisible() and page.form.name.edit.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert "needs a name" in page.form._wrong.text()
    press(qtbot, "After the fair", Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert page.form.value.edit.hasFocus()
    press(qtbot, (Qt.Key.Key_A, CTRL), "14", Qt.Key.Key_Return)
    assert not page.form.isVisible()
    made = tracks.track(home.seat, "After the fair")
    assert (made.wake_days, made.purpose) == (14, "e-mail")
    qtbot.waitUntil(lambda: page.pane.lists.shown() is not None and page.pane.lists.shown().track == made)


def test_e_changes_and_retires_the_track_that_is_shown(page, qtbot, home):
    press(qtbot, "e")
    assert not page.form.isVisible() and "Choose a track" in page.said_texts[-1]
    press(qtbot, "4", "e", (Qt.Key.Key_A, CTRL), "Later this year", Qt.Key.Key_Return)
    assert "another track" in page.form._wrong.text()
    press(qtbot, (Qt.Key.Key_A, CTRL), "Budget in spring", Qt.Key.Key_Return)
    assert tracks.track(home.seat, "No budget yet").name == "Budget in spring"
    qtbot.waitUntil(lambda: "Budget in spring" in page.head._title.text())
    press(qtbot, "e")
    page.form._retire.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert tracks.track(home.seat, "No budget yet").retired
    press(qtbot, "t", Qt.Key.Key_Escape)
    assert not page.form.isVisible()


# what it shows by itself


def test_who_wakes_leaves_the_list_by_themselves(page, qtbot, clock, home, people):
    clock.on(DAY + HOUR)
    page._tasks.act(waking.wake_due)
    qtbot.waitUntil(lambda: listed(page) == people[1:2])
    assert nurture_words.wakes(page.model.at(0).until, home.seat.now())[0] == "tomorrow"


def test_a_window_wakes_by_itself_all_whose_day_has_come(home, people, clock, monkeypatch):
    monkeypatch.setattr(waking.wake_due, "__defaults__", (1,))
    clock.on(10 * DAY)
    background = Background(InlineTasks(home.seat))
    background.start()
    assert stages(home, people) == [Stage.WAITING] * 3 + [Stage.NURTURE] * 2
    background.deleteLater()


def test_callers_see_and_change_nothing(qtbot, home, people):
    gather(home.seat, me=BEN, role=Role.CALLER)
    page = shown(qtbot, home)
    assert not page._wake.isEnabled()
    press(qtbot, "w", "m", "d", "t", "e")
    assert not page.asking.open() and not page.form.isVisible()
    assert set(stages(home, people)) == {Stage.NURTURE}
    assert page.person.buttons["consent"].isEnabled() and not page.person.buttons["move"].isEnabled()


@pytest.mark.parametrize(
    ("ahead", "words", "tone", "group"),
    [(-3 * DAY, "today", "due", 0), (HOUR, "today", "due", 0), (DAY, "tomorrow", "due", 1),
     (3 * DAY, "Fri", "plain", 1), (40 * DAY, "19 Apr", "plain", 2), (400 * DAY, "Apr 2027", "plain", 2)],
)  # fmt: skip
def test_a_day_is_said_as_near_as_it_is(ahead, words, tone, group):
    now = Clock().now
    assert nurture_words.wakes(now + ahead, now) == (words, tone)
    assert nurture_words.group(now + ahead, now) == group


@pytest.mark.parametrize(
    ("given", "words", "tone"),
    [((), "none yet", "plain"), (("calls",), "calls", "fine"), (("calls", "e-mail"), "calls, e-mail", "fine"),
     (("e-mail",), "e-mail only", "soon"), (("e-mail", "newsletter"), "e-mail, news", "soon"),
     (("calls", "e-mail", "newsletter"), "everything", "fine")],
)  # fmt: skip
def test_the_chip_of_consents_tells_whether_they_may_be_called(given, words, tone):
    row = NurtureRow(
        id="1", first_name="A", last_name="B", company="", title="", phone="", email="", source="", country="", score=1,
        until=None, track="", track_name="", why="", consents=given, returned=False, decided_at=None, decided_by="",
        objected=False,
    )  # fmt: skip
    assert nurture_words.consent(row) == (words, tone)
    assert nurture_words.consent(msgspec.structs.replace(row, objected=True)) == ("objected", "over")


def test_pages_are_appended_as_the_view_reaches_its_end(qtbot, home, people, monkeypatch):
    monkeypatch.setattr("app.ui.paged_feed.PAGE", 2)
    page = shown(qtbot, home)
    press(qtbot, "2")
    qtbot.waitUntil(lambda: len(listed(page)) >= 2)
    while page.model.canFetchMore(page.table.rootIndex()):
        page.model.fetchMore(page.table.rootIndex())
    assert listed(page) == people
    assert list(page.model.heads()) == [0, 2]
    assert page.table.rowHeight(2) > page.table.rowHeight(1)


def test_the_height_of_a_group_goes_with_its_first_row(page, qtbot, people):
    press(qtbot, "2")
    heights = [page.table.rowHeight(place) for place in range(5)]
    assert heights[0] == heights[2] > heights[1] == heights[3] == heights[4]
    waking.wake(page._seat, [people[0]])
    page.feed.read()
    heights = [page.table.rowHeight(place) for place in range(4)]
    assert heights[0] == heights[1] > heights[2] == heights[3]


# everybody


def test_everything_that_takes_the_keyboard_has_a_name(page, qtbot):
    press(qtbot, "t")
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible() and widget.focusProxy() is None:
            assert widget.accessibleName(), widget


def test_a_row_and_its_choice_are_told_to_whoever_listens(page, qtbot):
    model: NurtureModel = page.model
    index = model.index(0, 0)
    press(qtbot, Qt.Key.Key_Space)
    spoken = model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("chosen, Anna Abendroth, Werk 0 GmbH, reason 0, consent: calls, e-mail")
    assert "wakes tomorrow, No budget yet" in spoken
    assert model.data(index, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked


@pytest.mark.parametrize("look", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize(("wide", "high"), [(960, 640), (1296, 820), (2500, 1300)])
def test_everything_fits(qtbot, qapp, home, people, look, wide, high):
    apply(qapp, look, 1.0)
    page = shown(qtbot, home, wide, high)
    page.grab()
    table = page.table
    across = sum(table.columnWidth(c) for c in range(6) if not table.isColumnHidden(c))
    assert across <= table.viewport().width()
    for button in page.findChildren(type(page._wake)):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_every_key_of_the_page_is_in_the_overlay():
    caps = [cap for cap, _ in keys.listed("nurture")]
    assert caps[0] == "1 … 9"
    assert {"W", "M", "D", "X", "C"} <= set(caps)


def test_a_page_that_is_gone_leaves_nothing_behind(qtbot, home, people):
    page = NurturePage(home.seat, InlineTasks(home.seat))
    page.arrive()
    gone = weakref.ref(page)
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone() is None


def test_the_real_window_shows_the_page_by_its_key_and_wakes_on_threads(qtbot, tmp_path):
    home = bootstrap.throw_away()
    inquiry = capture.capture(home.seat, form(0)).inquiry_id
    choice = Choice(reason="r", track="No budget yet", until=home.seat.now() + DAY)
    handoff.dispose(home.seat, inquiry, Disposition.NURTURE, choice)
    tasks, shell = Tasks(home.seat), Shell()
    qtbot.addWidget(shell)
    shell.open_home(home, tasks)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    qtbot.waitUntil(lambda: not tasks.busy())
    qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert shell.workspace.current() == "nurture"
    page = shell.workspace.page("nurture")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1 and page.person.shown() == inquiry)
    with qtbot.waitSignal(page.acknowledged):
        press(qtbot, "w")
    assert home.seat.inquiry(inquiry).stage is Stage.WAITING
    with qtbot.waitSignal(page.acknowledged):
        press(qtbot, (Qt.Key.Key_Z, CTRL))
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    shell.close()
    home.close()
