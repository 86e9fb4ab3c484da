"""The desk by the keyboard alone, on a real store with a made-up team."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.models.entries import Disposition, Outcome
from app.models.inquiry import Stage
from app.models.rights import Role
from app.services import calling, capture, handoff, privacy
from app.services.desk import reassigning
from app.services.desk.pages import Tab
from app.services.handoff import Choice
from app.services.team import mirrors
from app.ui import keys, stroke
from app.ui.desk import desk_page, desk_words
from app.ui.desk.desk_model import DeskColumn, DeskModel
from app.ui.desk.desk_page import DeskPage
from app.ui.look import apply
from app.ui.theme import Theme
from tests.services.made_up import HOUR, MINUTE, form
from tests.services.team import ADA, BEN, CLEO, gather, send_away, there
from tests.services.test_hidden import joined_later
from tests.services.test_reassigning import contested
from tests.ui.at_a_page import press, put_up
from tests.ui.inline_tasks import InlineTasks

NO_GRAB = pytest.mark.qt_log_ignore("does not support grabbing the (keyboard|mouse)", extend=True)
pytestmark = NO_GRAB


@pytest.fixture
def people(home, clock) -> list[str]:
    """Six who have waited 33, 31, 29, 27, 25 and 2 hours."""
    taken = []
    for number, hours in enumerate((2, 2, 2, 2, 23, 2)):
        taken.append(capture.capture(home.seat, form(number)).inquiry_id)
        clock.on(hours * HOUR)
    return taken


def shown(qtbot, home, width: int = 1280, height: int = 800) -> DeskPage:
    return put_up(qtbot, DeskPage(home.seat, InlineTasks(home.seat)), width, height)


@pytest.fixture
def team(home, people):
    gather(home.seat)
    return people


@pytest.fixture
def page(qtbot, home, team):
    return shown(qtbot, home)


DOWN, UP, SPACE, ENTER, ESCAPE = (
    Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape,
)  # fmt: skip
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def owners(home, people) -> list[str]:
    rows = dict(home.seat.store.query("SELECT id, owner FROM inquiry"))
    return [rows[each] for each in people]


def ids(page) -> list[str]:
    return [page.model.at(place).id for place in range(page.model.rowCount())]


# what it shows


def test_the_stale_are_there_at_once_with_the_cursor_on_the_longest_waiting(page, people):
    assert page.tabs.current() == "stale"
    assert ids(page) == people[:5]
    assert QApplication.focusWidget() is page.table
    assert page.table.current() == people[0]


def test_head_and_cards_say_what_the_lists_hold(page):
    assert (
        page._head._subtitle.text() == "6 waiting · 5 over the 24 h limit · oldest 33 h 00 m · 4 callers, 1 on a call"
    )
    assert page.cards._tiles["over"].accessibleName() == "Over limit: 5"
    assert page.cards._tiles["contested"].accessibleName() == "Contested: 0"


def test_a_digit_shows_another_list(page, qtbot, people, home):
    reassigning.reassign(home.seat, people[:1], ADA)
    for key, tab, expected in ((Qt.Key.Key_2, Tab.WAITING, people), (Qt.Key.Key_3, Tab.HELD, people[:1]),
                               (Qt.Key.Key_4, Tab.CONTESTED, []), (Qt.Key.Key_5, Tab.SILENT, []),
                               (Qt.Key.Key_1, Tab.STALE, people[:5])):  # fmt: skip
        press(qtbot, key)
        assert (page.tabs.current(), ids(page)) == (tab.value, expected)


def test_an_empty_list_says_why_it_is_and_keys_go_on_working(page, qtbot, people):
    press(qtbot, Qt.Key.Key_4)
    assert page._nothing.isVisible()
    assert page._nothing._title.text() == "Nothing is contested"
    assert not page._reassign.isVisible()
    assert QApplication.focusWidget() is page._nothing
    press(qtbot, Qt.Key.Key_2)
    assert QApplication.focusWidget() is page.table
    assert ids(page) == people


def test_pages_come_as_the_end_is_reached(qtbot, home, clock):
    for number in range(40, 290):
        capture.capture(home.seat, form(number))
    clock.on(30 * HOUR)
    page = shown(qtbot, home)
    assert page.model.rowCount() < 250
    press(qtbot, Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_End)
    assert page.model.rowCount() == 250
    assert len(set(ids(page))) == 250
    assert page.table.currentIndex().row() == 249


def test_what_is_typed_narrows_the_list_and_esc_brings_all_back(page, qtbot, people):
    press(qtbot, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is page.filter.edit
    qtbot.keyClicks(QApplication.focusWidget(), "werk 3")
    qtbot.waitUntil(lambda: ids(page) == [people[3]])
    press(qtbot, ENTER)
    assert QApplication.focusWidget() is page.table
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.keyClicks(QApplication.focusWidget(), "0")
    qtbot.waitUntil(page._nothing.isVisible)
    assert "werk 30" in page._nothing._title.text()
    press(qtbot, ESCAPE)
    qtbot.waitUntil(lambda: ids(page) == people[:5])
    press(qtbot, ESCAPE)
    assert QApplication.focusWidget() is page.table


def test_a_caller_is_picked_with_enter_and_their_inquiries_shown(page, qtbot, home, people):
    reassigning.reassign(home.seat, [people[1], people[5]], BEN)
    page.side.callers.setFocus()
    assert page.side.callers.rows()[1].name == BEN
    press(qtbot, DOWN, ENTER)
    assert ids(page) == [people[1]]  # of the stale ones
    assert page.filter.text() == "@Ben"


# choosing


def test_space_and_shift_with_the_arrows_choose(page, qtbot, people):
    press(qtbot, SPACE, DOWN, DOWN, (DOWN, SHIFT))
    assert page.model.chosen() == [people[0], people[2], people[3]]
    assert page._reassign.text() == "Reassign 3 to…"
    press(qtbot, SPACE)
    assert page.model.chosen() == [people[0], people[2]]
    press(qtbot, ESCAPE)
    assert page.model.chosen() == []
    assert page._reassign.text() == "Reassign to…"


def test_a_stretch_that_turns_back_lets_go_of_what_it_leaves(page, qtbot, people):
    press(qtbot, (DOWN, SHIFT), (DOWN, SHIFT), (DOWN, SHIFT), (UP, SHIFT))
    assert page.model.chosen() == people[:3]


def test_ctrl_a_chooses_everybody_on_the_list_those_not_read_too(qtbot, home, clock):
    for number in range(40, 190):
        capture.capture(home.seat, form(number))
    clock.on(30 * HOUR)
    page = shown(qtbot, home)
    press(qtbot, (Qt.Key.Key_A, CTRL))
    assert len(page.model.chosen()) == 150 > page.model.rowCount()
    assert page._reassign.text() == "Reassign 150 to…"


def test_the_mouse_chooses_on_the_box_with_ctrl_and_with_shift(page, qtbot, people):
    def at(place: int, column: DeskColumn) -> QPoint:
        return page.table.visualRect(page.model.index(place, column)).center()

    view = page.table.viewport()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(1, DeskColumn.CHOSEN))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, CTRL, at(3, DeskColumn.COMPANY))
    assert page.model.chosen() == [people[1], people[3]]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(0, DeskColumn.COMPANY))
    assert page.model.chosen() == [people[1], people[3]]
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, SHIFT, at(2, DeskColumn.COMPANY))
    assert page.model.chosen() == people[:4]


def test_who_is_chosen_stays_so_when_others_go(page, qtbot, people, home):
    press(qtbot, DOWN, SPACE, DOWN, DOWN)
    calling.log_call(home.seat, people[0], Outcome.CALLBACK, back_at=home.seat.now() + HOUR)
    page.feed.read()
    assert ids(page) == people[1:5]
    assert page.model.chosen() == [people[1]]
    assert page.table.current() == people[3]


# reassigning


def test_one_key_gives_the_chosen_to_a_caller_and_ctrl_z_takes_all_back(page, qtbot, home, people):
    press(qtbot, (DOWN, SHIFT), (DOWN, SHIFT), Qt.Key.Key_R)
    assert page.asking.isVisible()
    with qtbot.waitSignal(page.undo_offered) as told:
        press(qtbot, Qt.Key.Key_1)
    assert told.args == ["3 to Ada"]
    assert owners(home, people) == [ADA] * 3 + [""] * 3
    assert page.model.chosen() == []
    with qtbot.waitSignal(page.said) as said:
        press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert said.args == ["Taken back: 3"]
    assert owners(home, people) == [""] * 6


def test_with_nobody_chosen_the_one_under_the_cursor_goes(page, qtbot, home, people):
    press(qtbot, DOWN, Qt.Key.Key_R, Qt.Key.Key_3)
    assert owners(home, people) == ["", CLEO, "", "", "", ""]


def test_another_member_is_typed_and_who_is_not_of_the_team_is_refused(page, qtbot, home, people):
    press(qtbot, Qt.Key.Key_R)
    qtbot.keyClicks(QApplication.focusWidget(), "l")
    qtbot.keyClicks(QApplication.focusWidget(), "ena")
    press(qtbot, ENTER)
    assert owners(home, people)[0] == "Lena"
    press(qtbot, Qt.Key.Key_R)
    qtbot.keyClicks(QApplication.focusWidget(), "m")
    qtbot.keyClicks(QApplication.focusWidget(), "arta")
    with qtbot.waitSignal(page.said) as said:
        press(qtbot, ENTER)
    assert "nobody called marta" in said.args[0]


def test_esc_reassigns_nobody(page, qtbot, home, people):
    press(qtbot, SPACE, Qt.Key.Key_R, ESCAPE)
    assert owners(home, people) == [""] * 6
    assert page.model.chosen() == people[:1]


def test_who_is_absent_is_not_offered(page, qtbot, home):
    send_away(home.seat, ADA)
    page.feed.read()
    press(qtbot, Qt.Key.Key_R)
    assert [key for key, _ in page.asking._options] == [BEN, CLEO, "Iris"]
    assert "Absent: Ada." in page.asking._hint.text()


def test_shared_evenly_goes_to_those_who_are_there(page, qtbot, home, people):
    press(qtbot, (Qt.Key.Key_A, CTRL), Qt.Key.Key_E)
    assert sorted(owners(home, people)) == ["", ADA, ADA, ADA, CLEO, CLEO]


def test_with_nobody_there_it_is_said_and_nothing_moves(page, qtbot, home, people):
    mirrors.keep_presence(home.seat, [there(ADA, home.seat.now(), online=False)])
    with qtbot.waitSignal(page._tasks.refused) as refused:
        press(qtbot, SPACE, Qt.Key.Key_E)
    assert "No caller is there now" in str(refused.args[0])
    assert owners(home, people) == [""] * 6


def test_nobody_chosen_is_shared_with_nobody(page, qtbot, home, people):
    press(qtbot, Qt.Key.Key_E)
    assert owners(home, people) == [""] * 6


def test_t_takes_back(page, qtbot, home, people):
    reassigning.reassign(home.seat, people[:3], BEN)
    page.feed.read()
    assert desk_words.holder(page.model.at(0)) == BEN
    with qtbot.waitSignal(page.undo_offered) as told:
        press(qtbot, SPACE, DOWN, SPACE, Qt.Key.Key_T)
    assert told.args == ["2 taken back"]
    assert owners(home, people) == ["", "", BEN, "", "", ""]


class LaterTasks(InlineTasks):
    """Does what is asked when the test says so, as a thread would."""

    def __init__(self, seat):
        self.waiting = []
        super().__init__(seat)

    def _submit_write(self, job):
        self.waiting.append(job)

    def _submit_read(self, job, *, slow=False):
        super()._submit_write(job)

    def one(self):
        super()._submit_write(self.waiting.pop(0))


def test_thousands_go_in_parts_with_progress_and_esc_stops_between_them(qtbot, home, people, monkeypatch):
    monkeypatch.setattr(stroke, "PART", 2)
    page = DeskPage(home.seat, tasks := LaterTasks(home.seat))
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.arrive()
    page.setFocus()
    press(qtbot, Qt.Key.Key_2, (Qt.Key.Key_A, CTRL), Qt.Key.Key_R)
    qtbot.keyClicks(QApplication.focusWidget(), "B")
    qtbot.keyClicks(QApplication.focusWidget(), "o")
    press(qtbot, ENTER)
    assert page.stroke.running() and not page._reassign.isEnabled()
    tasks.one()
    assert page._progress.isVisible()
    assert "2 / 6" in page._progress.accessibleName()
    press(qtbot, ESCAPE)
    with qtbot.waitSignal(page.undo_offered) as told:
        tasks.one()
    assert told.args == ["4 to Bo · stopped"]
    assert not page._progress.isVisible() and not tasks.waiting
    assert owners(home, people) == ["Bo"] * 4 + [""] * 2
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    tasks.one()
    assert owners(home, people) == [""] * 6


# settling and opening


def test_a_contested_inquiry_is_settled_by_one_key_with_both_decisions_in_view(qtbot, home, clock):
    person, _sold, _kept = contested(home.seat, lambda number: capture.capture(home.seat, form(number)).inquiry_id)
    page = shown(qtbot, home)
    press(qtbot, Qt.Key.Key_4)
    assert desk_words.holder(page.model.at(0)) == "Ada: sell, Ben: nurture"
    assert page._open.isVisible() and page._open.text() == "Settle…"
    press(qtbot, ENTER)
    assert page.settling.isVisible()
    said = " ".join(label.text() for label in page.settling.findChildren(QWidget) if hasattr(label, "text"))
    for words in ("Sell", "Nurture", "Ada, ", "Ben, ", "81 points", "40 points", "Site visit", "not this year"):
        assert words in said
    press(qtbot, Qt.Key.Key_1)
    assert home.seat.inquiry(person).stage is Stage.SELL
    assert not home.seat.inquiry(person).contested
    qtbot.waitUntil(lambda: page._nothing.isVisible() or not page.feed._changed.isActive())
    page.feed.read()
    assert page._nothing.isVisible()
    press(qtbot, (Qt.Key.Key_Z, CTRL))
    assert home.seat.inquiry(person).contested


def test_esc_leaves_it_open_and_the_keyboard_goes_back_to_the_list(qtbot, home):
    person, _, _ = contested(home.seat, lambda number: capture.capture(home.seat, form(number)).inquiry_id)
    page = shown(qtbot, home)
    press(qtbot, Qt.Key.Key_4, ENTER, ESCAPE)
    assert home.seat.inquiry(person).contested
    assert QApplication.focusWidget() is page.table


def test_enter_opens_the_inquiry_on_the_page_of_calls(page, qtbot, people):
    with qtbot.waitSignal(page.open_wanted) as opened:
        press(qtbot, DOWN, ENTER)
    assert opened.args == [people[1]]


def test_silent_sales_are_listed_with_whom(qtbot, home, people, clock):
    handoff.dispose(home.seat, people[0], Disposition.SELL, Choice(reason="fits", for_member="Sam"))
    clock.on(3 * HOUR)
    page = shown(qtbot, home)
    press(qtbot, Qt.Key.Key_5)
    assert desk_words.holder(page.model.at(0)) == "Sam"
    assert page.model.headerData(DeskColumn.WAITING, Qt.Orientation.Horizontal) == "Since sold"
    assert page.tabs.choice("silent").accessibleName() == "Sales silent 1"


# states


def test_a_caller_sees_that_the_desk_is_for_leads(qtbot, home, people):
    gather(home.seat, me=ADA, role=Role.CALLER)
    page = shown(qtbot, home)
    assert page._shut.isVisible() and not page.table.isVisible()
    assert not any(button.isVisible() for button in (page._reassign, page._share, page._take_back, page._open))


def test_a_hub_that_is_silent_is_said_above_the_figures(page, clock):
    assert not page._offline.isVisible()
    clock.on(5 * MINUTE)
    page.feed.read()
    assert "The hub is not reached" in page._offline.text()


def test_a_change_is_shown_by_itself_and_only_while_the_page_is_seen(page, qtbot, home, people):
    page._tasks.act(
        reassigning.reassign, people[:1], BEN, then=lambda result: page._tasks.changed.emit(result[0], None)
    )
    qtbot.waitUntil(lambda: page.model.at(0).holder == BEN)
    page.leave()
    page._tasks.act(reassigning.move, [(people[0], "")])
    assert not page.feed._changed.isActive()
    page.arrive()
    assert page.model.at(0).holder == ""


def test_an_empty_home_is_calm(qtbot, home):
    page = shown(qtbot, home)
    assert page._nothing._title.text() == "Nobody waits too long"
    assert page.side.callers.rows()[0].name == "me"
    press(qtbot, Qt.Key.Key_R)
    assert not page.asking.isVisible()


# for everybody


def test_everything_reached_by_tab_has_a_name_and_rows_are_spoken_whole(page, home, people):
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.focusProxy():
            parent = widget.parentWidget()
            assert widget.accessibleName() or (parent and parent.accessibleName()), widget
    page.model.toggle(0)
    index = page.model.index(0, DeskColumn.INQUIRY)
    assert page.model.data(index, Qt.ItemDataRole.AccessibleTextRole) == (
        "chosen, Anna Abendroth, Werk 0 GmbH, Fair, with nobody, 0 of 6 attempts, 33 h 00 m, over the limit"
    )
    assert page.model.data(page.model.index(0, 0), Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    callers = page.side.callers.model()
    assert callers.data(callers.index(1, 0)) == "Ben, away 2 h 00 m, 0 in hand"
    assert page.side.histogram.accessibleDescription()


@pytest.mark.parametrize("size", [(960, 670), (1296, 820), (3700, 2000)])
@pytest.mark.parametrize("look", [Theme.LIGHT, Theme.DARK])
def test_it_has_room_at_every_size(qtbot, home, team, qapp, size, look):
    apply(qapp, look, 1.0)
    page = shown(qtbot, home, *size)
    assert page.minimumSizeHint().width() <= size[0] and page.minimumSizeHint().height() <= size[1]
    for widget in page.findChildren(QWidget):
        parent = widget.parentWidget()
        if widget.isVisible() and parent is not None and parent is not page and not parent.property("viewport"):
            assert widget.geometry().right() <= parent.width() + 1, (widget, widget.geometry(), parent.size())
    assert not page.grab().isNull()


def test_every_key_of_the_desk_is_its_own_and_none_is_the_windows():
    own = [key.sequence for key in keys.DESK.values()]
    assert len(set(own)) == len(own)
    assert not {key.sequence for key in keys.WINDOW.values()} & set(own)


def test_the_model_asks_once_for_more(qtmodeltester, home, people):
    from app.services.desk import pages

    model = DeskModel()
    model.set_rows(pages.page(home.seat, Tab.WAITING, None, 3).rows, home.seat.now(), more=True)
    asked = []
    model.more_wanted.connect(lambda: asked.append(1))
    model.fetchMore(model.index(-1, -1))
    assert asked == [1] and not model.canFetchMore(model.index(-1, -1))
    qtmodeltester.check(model, force_py=True)


def test_the_page_is_on_the_rail():
    from app.ui.pages import PAGES

    kind = next(kind for kind in PAGES if kind.name == "desk")
    assert kind.exists() and keys.WINDOW[kind.key].sequence == "Alt+5"
    assert desk_page.DeskPage is not None


def test_a_silent_lead_is_given_to_another_of_sales(qtbot, home, team, clock):
    handoff.dispose(home.seat, team[0], Disposition.SELL, Choice(reason="fits", for_member="Tim"))
    clock.on(3 * HOUR)
    page = shown(qtbot, home)
    press(qtbot, Qt.Key.Key_5, Qt.Key.Key_R)
    assert next(key for key, _ in page.asking._options) == "Sam"
    with qtbot.waitSignal(page.said):
        press(qtbot, Qt.Key.Key_1)
    assert home.seat.inquiry(team[0]).for_member == "Sam"


# whom the erasure of another hides


@pytest.mark.parametrize(("digit", "erased"), [("1", True), ("2", False)])
def test_whoever_the_erasure_of_another_hides_is_erased_or_back_with_one_digit(
    page, home, qtbot, people, digit, erased
):
    gone, other = people[0], people[1]
    name = home.seat.inquiry(other).name
    privacy.erase(home.seat, gone)
    joined_later(home.seat, gone, other)
    page.feed.refresh()
    press(qtbot, "4")
    assert (page.model.at(0).row.name, desk_words.holder(page.model.at(0))) == (name, "hidden by an erasure")
    qtbot.waitUntil(lambda: page.tabs._choices["contested"].words() == "Contested 1")
    press(qtbot, ENTER)
    assert page._same.popup.isVisible() and name in page._same.popup.accessibleName()
    with qtbot.waitSignal(page.said):
        press(qtbot, digit)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert home.seat.inquiry(other).erased is erased
    assert bool(home.seat.inquiry(other).name) is not erased
