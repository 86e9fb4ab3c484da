"""The call page on a real home: what keys do, what is kept, what is shown and when it comes back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.models.entries import Called, Captured, Disposed, Disposition, Outcome, Person, Phone
from app.models.inquiry import Stage
from app.services import capture, changing_settings, drafts, handoff, queue, working
from app.services.call_desk import call_desk
from app.services.handoff import Choice
from app.services.seat import Seat, new_id
from app.services.team.link import HubUnreachable
from app.ui.calls.calls_page import CallsPage
from tests.services.made_up import WallClock
from tests.ui.at_a_page import press_named, put_up, threads, write

PASSPHRASE = "four words open it"
HOUR = 3_600_000
NAMES = ("Ada Abel", "Bea Baker", "Cleo Cole", "Dora Dean")


@pytest.fixture
def clock():
    return WallClock()


@pytest.fixture
def home(tmp_path: Path, clock):
    made, _ = bootstrap.create(tmp_path / "home", passphrase=PASSPHRASE, use_keyring=False, clock=clock)
    changing_settings.change(made.seat, "calling-hours", "00:00-24:00")
    yield made
    made.close()


@pytest.fixture
def people(home) -> list[str]:
    """Four who wait, the first for longest; the third has two numbers."""
    return [take(home.seat, name, 40 - place, numbers=2 if place == 2 else 1) for place, name in enumerate(NAMES)]


def take(seat: Seat, name: str, hours: int, numbers: int = 1) -> str:
    first, last = name.split()
    phones = tuple(
        Phone(f"+1202555{hours:02d}{n:02d}", f"+1202555{hours:02d}{n:02d}", "US", "", ("America/New_York",))
        for n in range(numbers)
    )
    inquiry_id = new_id()
    with seat.act() as act:
        body = Captured(source="Web form", captured_at=seat.now() - hours * HOUR)
        act.append(inquiry_id, body, Person(first_name=first, last_name=last, company=f"{last} Ltd", phones=phones))
    return inquiry_id


@pytest.fixture
def window(qtbot, home, people):
    yield from opened(qtbot, home)


def opened(qtbot, home):
    with threads(home) as tasks:
        page = put_up(qtbot, CallsPage(home.seat, tasks))
        rest(qtbot, page)
        yield page
        page.flush()


def rest(qtbot, page):
    """Until every thread has done what was asked."""
    qtbot.waitUntil(lambda: not page.busy() and page.idle() != "opening", timeout=10_000)
    qtbot.wait(10)
    qtbot.waitUntil(lambda: not page._tasks.busy(), timeout=10_000)


def press(qtbot, page, *names):
    """Keys of the call page, one after another."""
    for name in names:
        press_named(page, "calls", name)
        qtbot.wait(1)
    rest(qtbot, page)


def stage(page, inquiry_id):
    return page._seat.inquiry(inquiry_id).stage


# beginning


def test_whoever_waits_longest_is_on_the_page_and_held(window, people):
    assert window.in_hand().id == people[0]
    holders = dict(window._seat.store.query("SELECT inquiry, holder FROM claim"))
    assert holders == {people[0]: window._seat.holder, people[1]: window._seat.holder}, "one more is held ahead"
    assert window.view.queue.model.ids() == people


def test_with_nothing_answered_no_disposition_is_advised(window, qtbot):
    buttons = window.view.score.dispositions.buttons
    assert not any(button._filled for button in buttons.values())
    for _ in range(10):
        if window.in_hand().standing.settled:
            break
        press(qtbot, window, "1" if window.view.question().kind == "choice" else "Return")
    assert any(button._filled for button in buttons.values())


def test_an_empty_home_says_what_can_be_done(qtbot, home):
    for page in opened(qtbot, home):
        assert page.idle() == "nothing"
        with qtbot.waitSignal(page.import_wanted):
            page._idle._import.click()


def test_somebody_captured_elsewhere_ends_the_empty_state_by_itself(qtbot, home):
    for page in opened(qtbot, home):
        program = (
            "import sys, pathlib; from app import bootstrap; from app.services import capture\n"
            "with bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase=sys.argv[2]) as home:\n"
            "    capture.capture(home.seat, capture.CaptureForm(first_name='Ida', phone='+442079460012'))\n"
        )
        subprocess.run([sys.executable, "-c", program, str(home.path), PASSPHRASE], check=True)
        with qtbot.waitSignal(page.shown, timeout=5_000):
            pass
        assert page.in_hand().name == "Ida"


def test_when_nobody_may_be_called_the_page_says_when_and_goes_on_by_itself(qtbot, home, people, clock):
    for inquiry_id in people:
        working.log_and_next(home.seat, inquiry_id, Outcome.CALLBACK, back_at=clock() + 2 * HOUR)
    queue.release(home.seat)
    for page in opened(qtbot, home):
        assert page.idle() == "nobody"
        assert "in 2 h 00 m" in page.view.empty._text.text()
        clock.ahead += 3 * HOUR
        page._idle._on_time()
        rest(qtbot, page)
        assert page.in_hand().id in people


# answers and drafts


def test_a_digit_answers_goes_on_and_is_kept(window, qtbot, people):
    first = window.view.question()
    press(qtbot, window, "1")
    assert window.view.question().key != first.key
    kept = drafts.read(window._seat, people[0])
    assert kept.answers == {first.key: first.options[0].key}
    assert kept.question == window.view.question().key


def test_the_score_follows_the_answer_at_once(window, qtbot):
    before = window.view.score._figure.score.points
    press(qtbot, window, "1")
    assert window.view.score._figure.score.points > before


def test_an_answer_whose_question_is_hidden_is_kept_and_scores_nothing(window, qtbot, people):
    press(qtbot, window, "1", "1")
    points = window.in_hand().standing.score.points_of("impact")
    assert points > 0
    press(qtbot, window, "previous-question", "previous-question", "2")
    assert "impact" not in window.in_hand().visible_answers()
    assert window.in_hand().standing.score.points_of("impact") == 0
    assert drafts.read(window._seat, people[0]).answers["impact"] == "customers"


def test_a_number_is_typed_and_enter_goes_on(window, qtbot, people):
    press(qtbot, window, "2", "3")
    assert window.view.question().kind == "number"
    press(qtbot, window, "1", "2", "0", "Return")
    assert drafts.read(window._seat, people[0]).answers["size"] == 120
    assert window.view.question().key != "size"


def test_a_number_that_is_not_possible_is_said_and_stays_to_be_corrected(window, qtbot):
    press(qtbot, window, "2", "3")
    assert window.view.question().kind == "number"
    QTest.keyClicks(QApplication.focusWidget(), "99999999")
    press(qtbot, window, "Return")
    assert window.view.question().key == "size"
    assert "99" in window.view.script.answers.typed()
    assert window.said_texts


def test_a_note_is_kept_soon_though_typing_goes_on(window, qtbot, people):
    press(qtbot, window, "note")
    note = window.view.script.note.edit
    for _ in range(12):  # never a rest of half a second
        QTest.keyClicks(note, "ab ")
        qtbot.wait(60)
    assert drafts.read(window._seat, people[0]).note.startswith("ab ab")


def test_the_last_keys_of_a_note_are_kept_when_the_window_closes(window, qtbot, people):
    press(qtbot, window, "note")
    QTest.keyClicks(window.view.script.note.edit, "to the end")
    window.flush()
    qtbot.waitUntil(lambda: not window._tasks.busy())
    assert drafts.read(window._seat, people[0]).note == "to the end"


def test_an_interrupted_call_is_there_again(qtbot, home, people):
    drafts.save(home.seat, people[2], drafts.Draft(answers={"need": "growth"}, note="half", question="current"))
    for page in opened(qtbot, home):
        assert page.in_hand().id == people[2]
        assert page.view.script.note.text() == "half"
        assert page.view.question().key == "current"


# outcomes


def test_no_answer_shows_the_next_one_and_is_in_the_ledger(window, qtbot, people):
    press(qtbot, window, "no-answer")
    assert window.in_hand().id == people[1]
    calls = window._seat.inquiry(people[0]).calls
    assert [call.outcome for call in calls] == [Outcome.NO_ANSWER]


def test_the_next_one_is_shown_before_the_store_has_answered(window, qtbot, people):
    QTest.keyClick(window.view, Qt.Key.Key_F5)
    assert window.in_hand().id == people[1]
    assert window._seat.inquiry(people[0]).calls == ()
    rest(qtbot, window)
    assert len(window._seat.inquiry(people[0]).calls) == 1


def test_the_writer_gets_its_work_when_the_next_one_is_painted(window, qtbot, people):
    class Watch(QObject):
        def eventFilter(self, _watched, event):
            if event.type() == QEvent.Type.Paint:
                handed_over.append(window._tasks.busy())
            return False

    handed_over, watch = [], Watch()
    window.view.person.installEventFilter(watch)
    QTest.keyClick(window.view, Qt.Key.Key_F5)
    rest(qtbot, window)
    window.view.person.removeEventFilter(watch)
    assert handed_over[0] is False, "the writer would have taken turns with the painting"
    assert len(window._seat.inquiry(people[0]).calls) == 1


def test_a_wrong_number_goes_on_to_the_next_number_of_the_same_person(window, qtbot, people):
    window.open_inquiry(people[2])
    rest(qtbot, window)
    first = window.in_hand().dialled()
    press(qtbot, window, "wrong-number")
    assert window.in_hand().id == people[2]
    assert window.in_hand().dialled() != first
    press(qtbot, window, "wrong-number")
    assert window.in_hand().id != people[2]
    assert stage(window, people[2]) is Stage.UNREACHED


def test_do_not_call_asks_nothing_and_no_undo_ends_it(window, qtbot, people):
    press(qtbot, window, "do-not-call")
    assert not window.asking.open()
    assert stage(window, people[0]) is Stage.OBJECTED
    assert "lift" in window.said_texts[-1]
    press(qtbot, window, "undo")
    assert stage(window, people[0]) is Stage.OBJECTED
    assert window.in_hand().id == people[1]


def test_a_callback_by_digit_is_promised(window, qtbot, people):
    press(qtbot, window, "callback", "1")
    promised = window._seat.inquiry(people[0]).promised_at
    assert 55 * 60_000 < promised - window._seat.now() < 66 * 60_000


def test_a_callback_outside_their_hours_is_asked_about(window, qtbot, people, home):
    changing_settings.change(home.seat, "calling-hours", "08:00-20:00")
    window._tasks.read(call_desk, then=window.turn.set_desk)
    rest(qtbot, window)
    press(qtbot, window, "callback")
    write("tomorrow 23:00")
    press(qtbot, window, "Return")
    assert window.asking.open()
    assert window._seat.inquiry(people[0]).promised_at is None
    press(qtbot, window, "1")
    from app.ui.callback_times import local

    promised = window._seat.inquiry(people[0]).promised_at
    assert local(promised, "America/New_York").hour == 8


def test_a_skip_has_a_reason(window, qtbot, people):
    press(qtbot, window, "skip", "2")
    assert window.in_hand().id == people[1]
    assert window._seat.inquiry(people[0]).not_before > window._seat.now()


# decisions


def answer_all(qtbot, page, digit="1"):
    for _ in range(30):
        question = page.view.question()
        if question is None:
            return
        if question.kind in {"choice", "yes_no"}:
            press(qtbot, page, digit)
        else:
            if question.kind == "number":
                press(qtbot, page, "5", "0")
            press(qtbot, page, "Return")


def test_a_sell_takes_the_promise_from_the_answers_with_enter(window, qtbot, people):
    answer_all(qtbot, window)
    press(qtbot, window, "sell")
    assert window.asking.open()
    press(qtbot, window, "Return")
    inquiry = window._seat.inquiry(people[0])
    assert inquiry.stage is Stage.SELL
    assert inquiry.next_step == "A meeting or a demonstration"
    assert window.in_hand().id == people[1]


def test_another_decision_than_advised_takes_its_reason_in_one_key(window, qtbot, people):
    answer_all(qtbot, window)
    press(qtbot, window, "discard", "2")
    entry = window._seat.ledger.entries(people[0])[-1]
    assert entry.facts().disposition == "discard"
    assert entry.who().reason == "Not a business"


def test_a_reason_may_be_typed(window, qtbot, people):
    answer_all(qtbot, window)
    press(qtbot, window, "discard")
    write("moved away")
    press(qtbot, window, "Return")
    assert window._seat.ledger.entries(people[0])[-1].who().reason == "moved away"


def test_esc_decides_nothing(window, qtbot, people):
    press(qtbot, window, "sell", "Escape")
    assert window.in_hand().id == people[0]
    assert stage(window, people[0]) is Stage.WAITING
    press(qtbot, window, "1")
    assert window.in_hand().given


def test_a_digit_chooses_the_track_of_who_is_nurtured_and_with_it_the_day(window, qtbot, people):
    answer_all(qtbot, window, "3")
    press(qtbot, window, "nurture")
    for _ in range(2):
        if window.asking.open():
            press(qtbot, window, "2")
    inquiry = window._seat.inquiry(people[0])
    assert (inquiry.stage, inquiry.track) == (Stage.NURTURE, "No budget yet")
    assert 178 < (inquiry.until - window._seat.now()) / (24 * HOUR) < 182


def test_who_is_nurtured_until_a_day_that_is_typed_gets_a_track_by_digit_too(window, qtbot, people):
    answer_all(qtbot, window, "3")
    press(qtbot, window, "nurture")
    if "why" in window.view.popup.accessibleName():
        press(qtbot, window, "1")
    QTest.keyClicks(QApplication.focusWidget(), "9")  # no track has this digit: nothing happens
    line = window.view.popup._line
    line.setFocus()
    QTest.keyClicks(line, "yesterdayish")
    press(qtbot, window, "Return")
    assert "no day to come" in window.said_texts[-1]
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, "40 days")
    press(qtbot, window, "Return")
    press(qtbot, window, "1")
    inquiry = window._seat.inquiry(people[0])
    assert (inquiry.stage, inquiry.track) == (Stage.NURTURE, "Later this year")
    assert 38 < (inquiry.until - window._seat.now()) / (24 * HOUR) < 41


def test_undo_brings_inquiry_answers_and_note_back(window, qtbot, people):
    press(qtbot, window, "note")
    QTest.keyClicks(window.view.script.note.edit, "wants references")
    press(qtbot, window, "Escape")
    answer_all(qtbot, window)
    given = dict(window.in_hand().given)
    press(qtbot, window, "sell", "Return")
    assert window.in_hand().id == people[1]
    press(qtbot, window, "undo")
    assert window.in_hand().id == people[0]
    assert window.in_hand().given == given
    assert window.view.script.note.text() == "wants references"
    assert stage(window, people[0]) is Stage.WAITING
    press(qtbot, window, "no-answer")
    assert window.in_hand().id == people[1], "whom undo put aside comes next"


def test_undo_with_nothing_to_undo_is_said(window, qtbot, people):
    press(qtbot, window, "undo")
    assert "nothing to take back" in window.said_texts[-1]
    assert window.in_hand().id == people[0]


def test_a_refused_decision_brings_the_inquiry_back(window, qtbot, people, home):
    answer_all(qtbot, window)
    other = Seat(home.seat.store, device=home.seat.device, clock=home.seat.clock, holder="a colleague")
    with home.seat.store.writing():
        queue.release(home.seat)
        queue.claim(other, people[0])
    press(qtbot, window, "sell", "Return")
    assert window.in_hand().id == people[0]
    assert "on the line" in window.said_texts[-1]
    assert stage(window, people[0]) is Stage.WAITING


# others


def test_whom_a_colleague_has_is_read_only_with_the_reason(window, qtbot, people, home):
    other = Seat(home.seat.store, device=home.seat.device, clock=home.seat.clock, holder="a colleague")
    queue.claim(other, people[3])
    window.open_inquiry(people[3])
    rest(qtbot, window)
    assert window.in_hand().opened.locked
    press(qtbot, window, "1", "no-answer")
    assert window.in_hand().id == people[3]
    assert drafts.read(window._seat, people[3]) == drafts.Draft()
    assert window._seat.inquiry(people[3]).calls == ()


def test_find_shows_who_is_found_and_esc_the_queue(window, qtbot, people):
    press(qtbot, window, "find")
    QTest.keyClicks(QApplication.focusWidget(), "col")
    model = window.view.queue.model
    qtbot.waitUntil(lambda: model.ids() == [people[2]])
    press(qtbot, window, "Down", "Return")
    assert window.in_hand().id == people[2]
    press(qtbot, window, "find", "Escape")
    qtbot.waitUntil(lambda: model.ids() == people)


def test_the_next_key_goes_through_the_queue_and_begins_again(window, qtbot, people):
    seen = [window.in_hand().id]
    for _ in range(4):
        press(qtbot, window, "next-inquiry")
        seen.append(window.in_hand().id)
    assert seen == [*people, people[0]]


def test_a_pause_lets_everybody_go(window, qtbot, people):
    press(qtbot, window, "pause")
    assert window.idle() == "paused"
    assert window._seat.store.query("SELECT 1 FROM claim") == []
    press(qtbot, window, "pause")
    assert window.in_hand().id == people[0]


def test_an_edit_by_keyboard_corrects_the_person_on_the_page(window, qtbot, people):
    press(qtbot, window, "edit")
    dialog = window.editing()
    dialog.fields["company"].set_text("Abel & Sons")
    dialog.fields["phone"].set_text("12")
    assert "Not a valid number" in dialog.fields["phone"]._hint.text()
    dialog.fields["phone"].set_text("+44 20 7946 0012")
    QTest.keyClick(dialog.fields["company"].edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.editing() is None)
    rest(qtbot, window)
    assert window._seat.inquiry(people[0]).company == "Abel & Sons"
    assert window.in_hand().dialled() == "+442079460012"
    assert window.view.person.number().shown == "+44 20 7946 0012"


def test_what_another_process_changes_is_shown_and_what_is_typed_stays(window, qtbot, people, home):
    press(qtbot, window, "note")
    QTest.keyClicks(window.view.script.note.edit, "mine")
    program = (
        "import sys, pathlib; from app import bootstrap; from app.services import capture\n"
        "with bootstrap.open_home(pathlib.Path(sys.argv[1]), passphrase=sys.argv[2]) as home:\n"
        "    capture.edit(home.seat, sys.argv[3], {'title': 'Chief Buyer'})\n"
    )
    subprocess.run([sys.executable, "-c", program, str(home.path), PASSPHRASE, people[0]], check=True)
    qtbot.waitUntil(lambda: window.view.person._role.text().startswith("Chief Buyer"), timeout=5_000)
    assert window.view.script.note.text() == "mine"


def test_whoever_is_discarded_elsewhere_gives_way_to_the_next(window, qtbot, people):
    window._tasks.act(handoff.dispose, people[0], Disposition.DISCARD, Choice(reason="Not a business"))
    rest(qtbot, window)
    assert window.in_hand().id == people[1]
    assert "discarded meanwhile" in window.said_texts[-1]


def test_only_what_changed_is_read_anew(window, qtbot, people, monkeypatch):
    read = []
    monkeypatch.setattr(queue, "whole_page", lambda *given: read.append(given))
    press(qtbot, window, "no-answer")
    model = window.view.queue.model
    qtbot.waitUntil(lambda: model.ids()[-1] == people[0], timeout=3_000)
    assert read == []


# calling


class Dialled(QObject):
    def __init__(self):
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def dial(self, url):
        self.urls.append(url.toString())


@pytest.fixture
def dialler():
    """The system's telephone."""
    phone = Dialled()
    QDesktopServices.setUrlHandler("tel", phone, "dial")
    yield phone
    QDesktopServices.unsetUrlHandler("tel")


def test_the_call_key_dials_through_the_system_and_starts_the_clock(window, qtbot, people, dialler):
    shown = []
    window.call_shown.connect(shown.append)
    press(qtbot, window, "call")
    assert dialler.urls == ["tel:+12025554000"]
    assert shown[-1].startswith("Call 00:0")
    assert drafts.read(window._seat, people[0]).dialled_at
    press(qtbot, window, "no-answer")
    assert shown[-1] == ""
    call = window._seat.ledger.entries(people[0])[-1]
    assert call.facts().seconds >= 1
    assert call.who().number == "+12025554000"


def test_who_may_not_be_called_now_is_still_logged(qtbot, home, people, clock):
    hour = int(__import__("time").strftime("%H", __import__("time").gmtime(clock() / 1000 - 5 * 3600)))
    closed = "20:00-21:00" if hour < 15 else "01:00-02:00"
    changing_settings.change(home.seat, "calling-hours", closed)
    for page in opened(qtbot, home):
        page.open_inquiry(people[0])
        rest(qtbot, page)
        number = page.view.person.number()
        assert "opens" in number.why
        press(qtbot, page, "call")
        assert not page.in_hand().dialled_at
        press(qtbot, page, "busy")
        assert home.seat.inquiry(people[0]).calls[0].outcome is Outcome.BUSY


def test_today_counts_calls_and_decisions(window, qtbot):
    told = []
    window.today_changed.connect(told.append)
    press(qtbot, window, "no-answer")
    answer_all(qtbot, window)
    press(qtbot, window, "sell", "Return")
    qtbot.waitUntil(lambda: bool(told) and told[-1].startswith("Today: 2 calls · 1 qualified · first call in"))


def test_a_lead_under_a_decision_of_the_service_needs_no_view(home, people):
    """The composite verb alone: one piece of work decides, holds the next one and looks ahead."""
    first = working.start(home.seat)
    assert (first.opened.id, first.ahead.id) == (people[0], people[1])
    step = working.decide_and_next(
        home.seat, people[0], Disposition.SELL, Choice(reason="asked for it"), shown=people[1]
    )
    assert step.opened is None
    assert step.ahead.id == people[2]
    kinds = [type(entry.facts()) for entry in home.seat.ledger.entries(people[0])]
    assert kinds == [Captured, Called, Disposed]
    assert {row[0] for row in home.seat.store.query("SELECT inquiry FROM claim")} == {people[1], people[2]}


def test_history_is_read_when_it_is_looked_at(window, qtbot):
    press(qtbot, window, "history")
    qtbot.waitUntil(lambda: bool(window.view.history._shown) and "Web form" in str(window.view.history._shown))


def test_capture_changes_the_queue(window, qtbot):
    form = capture.CaptureForm(first_name="Zoe", phone="+442079460077", source="Web form")
    window._tasks.act(capture.capture, form)
    qtbot.waitUntil(lambda: window.view.queue.model.rowCount() == 5, timeout=3_000)


# in a team


class Hub:
    """What a page knows of the hub's thread: whether it is there, and its answer to a question."""

    def __init__(self, answer):
        self.answer, self.asked = answer, 0

    def state(self):
        return self

    def ask(self, _question, then, failed):
        self.asked += 1
        failed(self.answer) if isinstance(self.answer, Exception) else then(self.answer)


def test_nobody_is_dialled_whom_a_colleague_has_taken_over(window, qtbot, people, dialler):
    window._tasks.hub = Hub(False)
    press(qtbot, window, "call")
    assert dialler.urls == []
    assert any("A colleague has taken" in text for text in window.said_texts)


@pytest.mark.parametrize("answer", [True, HubUnreachable("away")])
def test_who_is_still_ours_is_dialled_also_while_the_hub_is_away(window, qtbot, people, dialler, answer):
    window._tasks.hub = Hub(answer)
    press(qtbot, window, "call")
    assert len(dialler.urls) == 1


def test_after_a_sleep_the_hub_is_asked_whether_the_call_in_hand_is_still_ours(window, qtbot, people, clock):
    window._tasks.hub = Hub(False)
    window.keeping_up.on_minute()
    assert window._tasks.hub.asked == 0
    clock.ahead += 5 * 60_000
    window.keeping_up.on_minute()
    rest(qtbot, window)
    assert window._tasks.hub.asked == 1
    assert any("While this computer slept" in text for text in window.said_texts)
