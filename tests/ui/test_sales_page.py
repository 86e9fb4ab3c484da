"""The page of sales on a real home, worked by key presses: accept, return, second look, next step, won and lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLabel, QLineEdit

from app import bootstrap
from app.models.entries import Captured, Disposition, Person, Phone, Verdict
from app.models.inquiry import Stage
from app.services import changing_settings, drafts, handoff
from app.services.handoff import Choice
from app.services.sales import leads, selling
from app.services.sales.leads import Group
from app.services.seat import Changed, Seat, new_id
from app.ui import keys
from app.ui.pages import PAGES
from app.ui.sales.lead_model import Heading
from app.ui.sales.sales_page import SalesPage
from app.ui.sales.sales_view import SalesView
from tests.services.made_up import WallClock
from tests.ui.at_a_page import press_named, put_up, threads, write

PASSPHRASE = "four words open it"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
GOOD = {
    "need": "problem", "impact": "customers", "current": "own", "size": 120.0, "authority": "alone",
    "timing": "3_months", "budget": "approved", "next_step": "meeting",
}  # fmt: skip


@pytest.fixture
def clock():
    return WallClock()


@pytest.fixture
def home(tmp_path: Path, clock):
    made, _ = bootstrap.create(tmp_path / "home", passphrase=PASSPHRASE, use_keyring=False, clock=clock)
    changing_settings.change(made.seat, "calling-hours", "00:00-24:00")
    changing_settings.change(made.seat, "name", "Tom")
    yield made
    made.close()


def sold(home, clock, name: str, ago: int, *, number: int, answers=None, **choice) -> str:
    """Somebody who was sold so many milliseconds ago, by a caller called Ada."""
    first, last = name.split()
    clock.ahead = -ago
    seat = home.seat
    seat.settings._values["name"] = "Ada"
    inquiry = new_id()
    phone = Phone(f"+120255501{number:02d}", f"+120255501{number:02d}", "US", "", ("America/New_York",))
    with seat.act() as act:
        body = Captured(source="Web form", captured_at=seat.now() - HOUR)
        act.append(inquiry, body, Person(first_name=first, last_name=last, company=f"{last} Ltd", phones=(phone,)))
    said = Choice(answers=GOOD if answers is None else answers, reason="they want it", note="Wants a visit.", **choice)
    handoff.dispose(seat, inquiry, Disposition.SELL, said)
    seat.settings._values["name"] = "Tom"
    clock.ahead = 0
    return inquiry


@pytest.fixture
def people(home, clock) -> list[str]:
    """In the order of the page: over the limit, then the better score, then the other."""
    return [
        sold(home, clock, "Samir Haddad", 125 * MINUTE, number=1, answers={"need": "problem"}),
        sold(home, clock, "Lucy Brandt", 10 * MINUTE, number=2),
        sold(home, clock, "Maria Rossi", 3 * MINUTE, number=3, answers={**GOOD, "budget": "must_ask"}),
    ]


@pytest.fixture
def window(qtbot, home, people):
    yield from opened(qtbot, home)


def opened(qtbot, home):
    with threads(home) as tasks:
        page = SalesPage(home.seat, tasks)
        page.kept, page.foot = [], []
        page.acknowledged.connect(lambda what, inquiry: page.kept.append((what, inquiry)))
        page.today_changed.connect(page.foot.append)
        put_up(qtbot, page)
        rest(qtbot, page)
        yield page
        page.leave()


def rest(qtbot, page):
    qtbot.wait(10)
    qtbot.waitUntil(lambda: not page.busy() and not page._tasks.busy(), timeout=10_000)


def press(qtbot, page, *names):
    """Keys of the page of sales, one after another."""
    for name in names:
        press_named(page, "sales", name)
        rest(qtbot, page)


def shown(page) -> list[str]:
    """What stands in the list: headings, and leads by name."""
    model = page.view.pane.model
    items = [model.at(place) for place in range(model.rowCount())]
    return [item.text if isinstance(item, Heading) else item.name for item in items]


def inquiry(page, inquiry_id):
    return page._seat.inquiry(inquiry_id)


# what is shown


def test_over_the_limit_comes_first_then_the_highest_score_and_the_first_is_open(window, people):
    assert shown(window) == ["New", "Samir Haddad", "Lucy Brandt", "Maria Rossi"]
    assert window.lead().id == people[0]
    model = window.view.pane.model
    chips = [model.chip(model.at(place)) for place in (1, 2, 3)]
    assert [tone for _, tone in chips] == ["over", "fine", "fine"]
    assert chips[0][0] == "waiting 2 h 05 m"


def test_one_lead_shows_what_they_said_with_points_who_sold_it_and_what_happened(window, people, qtbot):
    press(qtbot, window, "Down")
    view = window.lead()
    assert view.id == people[1]
    told = {each.question: (each.answer, each.points) for each in view.told}
    assert told["What made you look at this now, Lucy?"] == ("A problem they have now", 15)
    assert (view.qualified_by, view.note, view.note_by) == ("Ada", "Wants a visit.", "Ada")
    assert window.view.told._score.text() == f"{view.score} of 100"
    assert "Qualified by Ada, 10 m ago" in window.view.head._by.text()
    words = [row[0] for row in window.view.happened.list._rows]
    assert words[0].startswith("Sold to sales") and words[-1].startswith("Captured")


def test_the_arrows_go_through_leads_and_over_headings(window, people, qtbot, home):
    selling.review(home.seat, people[1], Verdict.ACCEPT)
    press(qtbot, window, "M", "M")
    assert shown(window) == ["New", "Samir Haddad", "Maria Rossi", "Prospect", "Lucy Brandt"]
    press(qtbot, window, "Down", "Down")
    assert window.lead().id == people[1]
    press(qtbot, window, "Up", "Up")
    assert window.lead().id == people[0]


def test_mine_leaves_out_what_colleagues_have(window, people, qtbot, home):
    from app.services.sales import assigning

    assigning.assign(home.seat, [people[1]], "Nadine")
    press(qtbot, window, "whose")
    assert shown(window) == ["New", "Samir Haddad", "Maria Rossi"]
    press(qtbot, window, "whose")
    assert "Lucy Brandt" in shown(window)


def test_find_shows_whom_it_finds_and_esc_brings_the_lists_back(window, people, qtbot):
    press(qtbot, window, "find")
    write("rossi")
    heights = window.view.pane.list.rowHeight(0), window.view.pane.list.rowHeight(1)
    qtbot.waitUntil(lambda: shown(window) == ["Maria Rossi"], timeout=5_000)
    assert window.view.pane.list.rowHeight(0) == heights[1] > heights[0], "a lead where a heading stood"
    press(qtbot, window, "Down")
    assert window.lead().id == people[2]
    press(qtbot, window, "find", "Esc")
    qtbot.waitUntil(lambda: shown(window)[0] == "New", timeout=5_000)


def test_a_list_goes_on_when_its_end_is_seen(qtbot, home, clock, monkeypatch):
    monkeypatch.setattr(leads, "PAGE", 3)
    people = [sold(home, clock, f"Nr{n} Person", (n + 1) * MINUTE, number=10 + n) for n in range(7)]
    for page in opened(qtbot, home):
        qtbot.waitUntil(lambda page=page: set(page.view.pane.model.ids()) == set(people), timeout=10_000)


def test_without_any_lead_the_page_says_what_comes_and_where_to_go(qtbot, home):
    for page in opened(qtbot, home):
        assert not page.view.shows_lead()
        assert page.view.empty._title.text() == "No lead has been sold yet"
        wanted = []
        page.calls_wanted.connect(lambda wanted=wanted: wanted.append(True))
        page._to_calls.click()
        assert wanted == [True]


def test_a_lead_that_is_sold_while_the_page_is_open_comes_at_once(window, qtbot, home, clock):
    new = sold(home, clock, "Nadia Petrova", 1, number=9)
    window._tasks.changed_elsewhere.emit()
    qtbot.waitUntil(lambda: new in window.view.pane.model.ids(), timeout=5_000)


def test_the_foot_says_how_sales_follows_up(window, people, qtbot):
    assert window.foot[-1] == "Follow-up this month: 0 % of leads answered"
    press(qtbot, window, "accept")
    qtbot.waitUntil(lambda: window.foot[-1].startswith("Follow-up this month: 33 % of leads answered, 2 h 05 m"))


# answering


def test_a_accepts_and_the_lead_asks_for_a_next_step(window, people, qtbot):
    press(qtbot, window, "accept")
    found = inquiry(window, people[0])
    assert (found.stage, found.for_member) == (Stage.ACCEPTED, "Tom")
    assert window.kept[-1] == ("accept", people[0])
    assert shown(window)[-2:] == ["Prospect", "Samir Haddad"]
    assert window.lead().id == people[0] and window.view.step.isVisible()


def test_r_returns_with_a_reason_in_two_digits_and_the_next_lead_is_shown(window, people, qtbot):
    press(qtbot, window, "return", "2", "1")
    found = inquiry(window, people[0])
    assert (found.stage, found.disposition) == (Stage.WAITING, None)
    assert "Sales wants another call · “The need is not clear”" in [row.text for row in rows_of(window, people[0])]
    assert window.lead().id == people[1]
    assert shown(window) == ["New", "Lucy Brandt", "Maria Rossi"]


def test_the_caller_sees_why_sales_gave_somebody_back(window, people, qtbot):
    from app.services import working
    from app.ui.calls import showing

    press(qtbot, window, "return", "2", "2")
    opened_again = working.reopened(window._seat, people[0])
    person = showing.person(opened_again, window._seat.now())
    assert (person.request, person.requested_by) == ("Who decides is not known", "returned by sales, Tom")


def rows_of(page, inquiry_id):
    from app.services.history import history

    return history(page._seat, inquiry_id)


def test_back_to_nurture_wakes_when_it_was_chosen_and_words_may_be_typed(window, people, qtbot):
    press(qtbot, window, "return", "1")
    write("Budget in spring")
    press(qtbot, window, "Return")
    found = inquiry(window, people[0])
    assert found.stage is Stage.NURTURE
    assert 88 * DAY < found.until - window._seat.now() < 91 * DAY
    assert "“Budget in spring”" in rows_of(window, people[0])[-1].text


def test_esc_at_the_reason_changes_nothing(window, people, qtbot):
    press(qtbot, window, "return", "3", "Esc")
    assert inquiry(window, people[0]).stage is Stage.SELL
    press(qtbot, window, "accept")
    assert inquiry(window, people[0]).stage is Stage.ACCEPTED


def test_ctrl_z_takes_back_what_sales_did_and_shows_the_lead_again(window, people, qtbot):
    press(qtbot, window, "accept", "undo")
    assert inquiry(window, people[0]).stage is Stage.SELL
    press(qtbot, window, "return", "3", "1")
    assert inquiry(window, people[0]).stage is Stage.DISCARDED
    assert window.lead().id == people[1]
    press(qtbot, window, "undo")
    assert inquiry(window, people[0]).stage is Stage.SELL
    assert window.lead().id == people[0]


def test_digits_answer_the_second_look_and_a_crash_loses_none_of_it(window, people, qtbot):
    press(qtbot, window, "answer-1", "answer-2")
    assert window.view.look.asked() == "power"
    assert drafts.read(window._seat, people[0]).look == {"need": "clear", "readiness": "evaluating"}
    press(qtbot, window, "Down", "Up")
    assert window.view.look.answers() == {"need": "clear", "readiness": "evaluating"}
    press(qtbot, window, "look-back", "answer-1", "answer-1", "accept")
    found = inquiry(window, people[0])
    assert found.looked == {"need": "clear", "readiness": "ready", "power": "signs"}
    assert found.answers["need"] == "problem", "what the caller heard stays"
    assert drafts.read(window._seat, people[0]) == drafts.Draft()


def test_a_question_of_words_takes_the_keyboard_and_esc_gives_it_back(window, people, qtbot):
    press(qtbot, window, "answer-1", "answer-1", "answer-2")
    assert window.view.look.asked() == "signer"
    press(qtbot, window, "look-next")
    write("Her boss, on 3 May")
    press(qtbot, window, "Return")
    assert window.view.look.answers()["signer"] == "Her boss, on 3 May"
    write("12 000")
    press(qtbot, window, "Return")
    assert window.view.look.answers()["amount"] == 12000.0
    press(qtbot, window, "Esc", "accept")
    assert inquiry(window, people[0]).looked_words == {"signer": "Her boss, on 3 May"}


def test_the_buttons_below_the_second_look_return_too(window, people, qtbot):
    button = next(each for each in window.view.look.findChildren(QAbstractButton) if each.text() == "Discard")
    button.click()
    press(qtbot, window, "2")
    assert inquiry(window, people[0]).stage is Stage.DISCARDED


# next steps, and the end


def test_p_makes_a_prospect_with_a_day_and_a_time_and_one_undo_takes_it_back(window, people, qtbot):
    press(qtbot, window, "prospect")
    window.view.step.text.clear()
    write("Site visit")
    window.view.step.day.setFocus()
    window.view.step.day.setDate(window.view.step.day.date().addDays(3))
    expected = window.view.step.moment()
    press(qtbot, window, "Return")
    found = inquiry(window, people[0])
    assert (found.stage, found.planned_step, found.planned_at) == (Stage.PROSPECT, "Site visit", expected)
    assert window.kept[-1][0] == "prospect"
    model = window.view.pane.model
    assert model.chip(model.at(model.row_of(people[0])))[0].startswith("Site visit ")
    press(qtbot, window, "undo")
    found = inquiry(window, people[0])
    assert (found.stage, found.planned_at) == (Stage.SELL, None)


def test_a_time_that_is_past_is_refused_and_what_was_typed_stays(window, people, qtbot):
    press(qtbot, window, "prospect")
    window.view.step.day.setDate(window.view.step.day.date().addDays(-30))
    window.view.step.text.setText("Yesterday")
    press(qtbot, window, "Return")
    assert inquiry(window, people[0]).stage is Stage.SELL
    assert "to come" in window.said_texts[-1]
    assert window.view.step.is_edited() and window.view.step.text.text() == "Yesterday"


def test_a_step_is_done_replaced_and_saved_for_a_calendar(window, people, qtbot, tmp_path):
    press(qtbot, window, "prospect")
    write("Call")
    press(qtbot, window, "Return")
    window.hand.save_step(tmp_path / "next")
    rest(qtbot, window)
    text = (tmp_path / "next.ics").read_text()
    assert "BEGIN:VALARM" in text and "Samir Haddad" in text
    press(qtbot, window, "step-done")
    assert inquiry(window, people[0]).planned_at is None
    press(qtbot, window, "prospect")
    write("Offer")
    press(qtbot, window, "keep-step")
    assert inquiry(window, people[0]).planned_step == "Offer"


def test_w_asks_for_the_amount_and_keeps_the_sale(window, people, qtbot):
    press(qtbot, window, "accept", "won")
    assert window.view.won.isVisible()
    press(qtbot, window, "Return")
    assert inquiry(window, people[0]).stage is Stage.ACCEPTED, "an amount is needed"
    write("63500")
    press(qtbot, window, "Return")
    found = inquiry(window, people[0])
    assert (found.stage, found.amount) == (Stage.WON, "63500.00")
    assert shown(window)[-2:] == ["Closed", "Samir Haddad"]
    press(qtbot, window, "undo")
    assert inquiry(window, people[0]).stage is Stage.ACCEPTED


def test_l_asks_why_and_keeps_the_loss(window, people, qtbot):
    press(qtbot, window, "accept", "lost", "2")
    found = inquiry(window, people[0])
    assert found.stage is Stage.LOST
    assert rows_of(window, people[0])[-1].text == "Lost · “Bought elsewhere”"


def test_g_gives_a_lead_to_the_common_list(window, people, qtbot):
    press(qtbot, window, "give", "3")
    assert inquiry(window, people[0]).for_member == "Tom"
    press(qtbot, window, "give", "1")
    assert inquiry(window, people[0]).for_member == ""


def test_who_is_on_the_line_with_a_colleague_is_left_alone(window, people, qtbot, home):
    from app.services import queue

    other = Seat(home.seat.store, device=home.seat.device, clock=home.seat.clock, holder="window-other")
    other.settings._values["name"] = "Ada"
    queue.claim(other, people[0])
    press(qtbot, window, "Down", "Up", "accept")
    assert inquiry(window, people[0]).stage is Stage.SELL
    assert "Ada has" in window.said_texts[-1]


@pytest.mark.parametrize("here", [True, False])
def test_what_changes_meanwhile_keeps_no_other_lead_from_opening(window, people, qtbot, here):
    reader = threading.Event()
    window._tasks.read(lambda _seat: reader.wait(10))
    window.open_inquiry(people[1])
    if here:
        window._tasks.changed.emit(Changed(inquiries=frozenset(people), kinds=frozenset({"reviewed"})), None)
    else:
        window._tasks.changed_elsewhere.emit()
    reader.set()
    rest(qtbot, window)
    assert window.lead().id == people[1]


def test_a_key_pressed_while_a_lead_is_being_opened_meets_neither_it_nor_the_one_before(window, people, qtbot):
    reader = threading.Event()
    window._tasks.read(lambda _seat: reader.wait(10))
    window.open_inquiry(people[1])
    press_named(window, "sales", "accept")
    reader.set()
    rest(qtbot, window)
    assert window.lead().id == people[1]
    assert {inquiry(window, each).stage for each in people} == {Stage.SELL}


class Telephone(QObject):
    def __init__(self):
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def dial(self, url):
        self.urls.append(url.toString())


def test_c_dials_the_number(window, people, qtbot):
    phone, texts = Telephone(), []
    QDesktopServices.setUrlHandler("tel", phone, "dial")
    window.call_shown.connect(texts.append)
    press(qtbot, window, "call")
    QDesktopServices.unsetUrlHandler("tel")
    assert phone.urls == ["tel:+12025550101"]
    assert texts[-1].startswith("Call 00:0")


# how it is made


def test_the_page_has_its_place_on_the_rail_and_its_key():
    kind = next(kind for kind in PAGES if kind.name == "sales")
    assert kind.exists() and kind.key == "page-3" and keys.WINDOW["page-3"].sequence == "Alt+3"


def test_no_key_of_the_page_is_a_key_of_the_window():
    assert not {key.sequence for key in keys.PAGES["sales"].values()} & {key.sequence for key in keys.WINDOW.values()}


def test_everything_that_takes_the_keyboard_has_a_name(window, people, qtbot):
    press(qtbot, window, "prospect")
    for widget in window.findChildren(QAbstractButton) + window.findChildren(QLineEdit):
        if widget.focusPolicy() and widget.isVisible() and not isinstance(widget.parent(), QAbstractSpinBox):
            assert widget.accessibleName(), widget


@pytest.mark.parametrize(("width", "height"), [(960, 670), (1296, 820), (3776, 2130)])
def test_nothing_is_cut_off_at_any_size(window, people, qtbot, width, height):
    window.resize(width, height)
    for what in ("accept", "prospect"):
        press(qtbot, window, what)
        qtbot.wait(20)
        view: SalesView = window.view
        for label in view.findChildren(QLabel):
            if label.isVisible() and label.text() and label.hasHeightForWidth():
                assert label.height() >= label.heightForWidth(label.width()) - 1, label.text()
        for button in view.findChildren(QAbstractButton):
            if button.isVisible() and button.parentWidget() is not view.pane.whose:
                assert button.width() >= button.minimumSizeHint().width() - 1, button.text()


def test_the_board_reads_three_lists(home, clock, people):
    selling.review(home.seat, people[1], Verdict.ACCEPT)
    board = leads.board(home.seat)
    assert [len(board.pages[group].rows) for group in Group] == [2, 1, 0]
