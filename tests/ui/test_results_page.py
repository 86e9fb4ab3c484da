"""The results page by the keyboard alone, on a real store; its figures beside a slow count over the folds."""

from __future__ import annotations

import csv
import threading
import weakref
from collections import Counter
from datetime import date
from statistics import median

import pytest
import python_calamine
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QWidget

from app import bootstrap
from app.models import periods
from app.models.entries import Disposition, Outcome, Verdict
from app.models.inquiry import Inquiry
from app.models.limits import LimitState, state
from app.models.periods import Span
from app.models.rights import Role
from app.services import calling, capture, changing_settings, handoff, sources
from app.services.handoff import Choice
from app.services.results import costs, results
from app.services.results.reporting import NOTHING
from app.services.sales import selling
from app.ui import keys
from app.ui.look import apply
from app.ui.results import results_feed, results_words
from app.ui.results.results_asking import understood
from app.ui.results.results_page import ResultsPage
from app.ui.shell import Shell
from app.ui.tasks import Tasks
from app.ui.theme import Theme, mixed
from tests.services.made_up import DAY, HOUR, MINUTE, form
from tests.services.team import BEN, gather
from tests.ui.at_a_page import press, put_up
from tests.ui.inline_tasks import InlineTasks

pytestmark = pytest.mark.qt_log_ignore("does not support grabbing the (keyboard|mouse)", extend=True)
ESCAPE, ENTER, DOWN, UP = Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up


@pytest.fixture
def home(home):
    changing_settings.change(home.seat, "currency", "EUR")
    changing_settings.change(home.seat, "zone", "Europe/Berlin")
    return home


@pytest.fixture
def people(home, clock) -> list[str]:
    """Two of February, seven of March, by two sources: called soon, late or never, sold, returned, discarded."""
    seat, taken = home.seat, []
    clock.on(-34 * DAY)  # 4 February
    for number in range(9):
        if number == 2:
            clock.on(27 * DAY)  # 3 March
        taken.append(capture.capture(seat, form(number, source="Fair" if number % 2 else "Web")).inquiry_id)
        clock.on((number + 1) * 7 * MINUTE)
    sources.define(seat, "Fair", add_cost="600", currency="EUR")
    for number, inquiry in enumerate(taken[:-1]):
        clock.on(number * HOUR)
        what = ("sell", "no-answer", "sell", "nurture", "discard", "sell", "sell", "busy")[number]
        if what in {"no-answer", "busy"}:
            calling.log_call(seat, inquiry, Outcome(what))
        else:
            handoff.dispose(seat, inquiry, Disposition(what), Choice(reason="so", answers={"budget": "approved"}))
    selling.review(seat, taken[0], Verdict.PROSPECT)
    selling.close(seat, taken[0], won=True, amount="900", currency="EUR")
    selling.review(seat, taken[2], Verdict.PROSPECT)
    selling.close(seat, taken[2], won=True, amount="5000.50", currency="EUR")
    selling.review(seat, taken[5], Verdict.NURTURE, reason="too early")
    clock.on(7 * DAY - HOUR)
    return taken


def shown(qtbot, home, tasks: Tasks | None = None, width: int = 1296, height: int = 820) -> ResultsPage:
    return put_up(qtbot, ResultsPage(home.seat, tasks or InlineTasks(home.seat)), width, height)


@pytest.fixture
def page(qtbot, home, people):
    return shown(qtbot, home)


def tile(page, key: str) -> tuple[str, str]:
    """Figure and chip."""
    made = page.tiles.tile(key)
    return made.accessibleName().partition(": ")[2], made.accessibleDescription()


def cell(page, row: str, head: str) -> str:
    heads = [name for name, _ in page.rows.table._figures._heads]
    (found,) = [words for words in page.rows.table.words() if words[0] == row]
    return found[heads.index(head)]


# the figures


def test_the_page_shows_what_a_slow_count_over_the_folds_finds(page, home, people):
    everybody = [home.seat.inquiry(each) for each in people]
    for key, first in ((Qt.Key.Key_2, date(2026, 3, 1)), (Qt.Key.Key_5, date(2000, 1, 1))):
        page.rows.table.setFocus()
        qtbot_key(page, key)
        since = periods.bounds(periods.own(first, first), "Europe/Berlin")[0]
        _shows(page, home.seat, [i for i in everybody if i.captured_at >= since])


def qtbot_key(page, key) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(page.rows.table, key)


def _shows(page, seat, those: list[Inquiry]) -> None:
    called = [i for i in those if i.first_called_at is not None]
    leads = [i for i in those if i.reached and i.result in {"sell", "nurture"}]
    won = [i for i in those if i.won]
    funnel = {row.label: row.value for row in page.pictures.funnel_bars.rows()}
    assert funnel == {
        "Inquiries": str(len(those)), "Called": str(len(called)), "Reached": str(sum(i.reached for i in those)),
        "Leads": str(len(leads)), "Accepted by sales": str(sum(i.was_accepted for i in those)),
        "Prospects": str(sum(i.was_prospect for i in those)), "Won": str(len(won)),
    }  # fmt: skip
    assert tile(page, "inquiries")[0] == str(len(those)) and tile(page, "won")[0] == str(len(won))
    waits = [(i.first_called_at - i.captured_at) // 1000 for i in called]
    assert tile(page, "median")[0] == results_words.wait(round(median(waits)))
    assert tile(page, "qualified")[0] == results_words.percent(len(leads) / len(those))
    limits = sources.Limits(seat)
    over = {i.id: state(limits.of(i.source), i.captured_at, i.first_called_at or seat.now()) is LimitState.OVER
            for i in those}  # fmt: skip
    due = [i for i in those if i in called or over[i.id]]
    kept = sum(not over[i.id] for i in called)
    assert tile(page, "in-time")[0] == results_words.percent(kept / len(due))
    bars = page.pictures.chart._shown.bars
    assert sum(bar.in_time for bar in bars) == kept and sum(bar.late for bar in bars) == len(called) - kept
    for source in ("Fair", "Web"):
        here = [i for i in those if i.source == source]
        assert cell(page, source, "Inquiries") == str(len(here))
        assert cell(page, source, "Won") == str(sum(bool(i.won) for i in here))
    assert cell(page, "Fair", "per inquiry") == f"{600 / sum(i.source == 'Fair' for i in those):,.2f} €"


def test_the_month_is_there_at_once_beside_as_much_of_the_month_before(page):
    assert page._period.text() == "March 2026"
    assert page._head._subtitle.text().startswith("1 to 31 March 2026 · all sources · compared with 1 to ")
    assert tile(page, "inquiries") == ("7", "+250 %")
    assert QApplication.focusWidget() is page.rows.table and page.rows.table.current() == "Web"


def test_what_the_rows_of_a_caller_say_is_what_they_did(page, qtbot, home):
    press(qtbot, "b")
    (row,) = results(home.seat, since=periods.bounds(page.feed.which()[0], "Europe/Berlin")[0]).by_caller
    assert page.rows.table.words() == [results_words.caller_row(row)]
    assert cell(page, "me", "Calls") == "6" and cell(page, "me", "Accepted") == "1 · 50 %"
    press(qtbot, "b")
    assert [words[0] for words in page.rows.table.words()] == ["Web", "Fair"]


# choosing


def test_digits_choose_the_period_and_p_and_n_go_along(page, qtbot):
    for key, name in (("1", "Week 11"), ("2", "March 2026"), ("3", "Quarter 1, 2026"), ("4", "2026"),
                      ("5", "All time"), ("n", "All time")):  # fmt: skip
        press(qtbot, key)
        assert page._period.text() == name
    assert tile(page, "inquiries") == ("9", "")
    press(qtbot, "2", "p")
    assert page._period.text() == "February 2026" and tile(page, "inquiries")[0] == "2"
    press(qtbot, "n")
    assert tile(page, "inquiries")[0] == "7"


def test_days_of_ones_own_are_typed(page, qtbot):
    press(qtbot, "d", "6", "1 Feb 2026 to 28.2.2026", ENTER)
    assert page._period.text() == "1 to 28 February 2026" and tile(page, "inquiries")[0] == "2"
    with qtbot.waitSignal(page.said) as said:
        press(qtbot, "d", "6", "whenever", ENTER)
    assert "whenever" in said.args[0] and page._period.text() == "1 to 28 February 2026"
    press(qtbot, "d", Qt.Key.Key_4)
    assert page._period.text() == "2026"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2026-02-01 to 2026-02-28", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-28 2026-02-01", date(2026, 2, 1), date(2026, 2, 28)),
        ("1.2.2026–28.2.2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("3 March 2026", date(2026, 3, 3), date(2026, 3, 3)),
    ],
)
def test_days_are_understood_in_the_forms_of_lists(words: str, first: date, last: date):
    assert understood(words) == periods.own(first, last)


def test_one_source_is_chosen_by_a_digit_or_by_enter_and_esc_shows_all_again(page, qtbot):
    press(qtbot, "s", "3")  # all, Web, Fair
    assert page._source.text() == "Fair" and [words[0] for words in page.rows.table.words()] == ["Fair"]
    assert tile(page, "inquiries")[0] == "3"
    press(qtbot, ESCAPE)
    assert page._source.text() == "All sources" and tile(page, "inquiries")[0] == "7"
    press(qtbot, UP, ENTER)
    assert page.feed.which()[1] == "Web"
    press(qtbot, "s", "1")
    assert page.feed.which()[1] == ""


def test_tables_stand_for_the_pictures_with_the_same_figures(page, qtbot):
    press(qtbot, "t")
    assert page.pictures.funnel._stack.currentWidget() is page.pictures.funnel.table
    assert [row[:2] for row in page.pictures.funnel.table.words()] == [
        [r.label, r.value] for r in page.pictures.funnel_bars.rows()
    ]
    counted = [int(row[1]) + int(row[2]) for row in page.pictures.first_calls.table.words()]
    assert counted == [bar.in_time + bar.late for bar in page.pictures.chart._shown.bars if bar.in_time + bar.late]
    press(qtbot, "t")
    assert page.pictures.funnel._stack.currentWidget() is page.pictures.funnel.picture


def test_going_back_to_a_period_shows_what_was_counted_before_it_is_counted_again(qtbot, home, people):
    tasks, held = Tasks(home.seat), threading.Event()
    page = shown(qtbot, home, tasks)
    qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "7" and not page.busy())
    press(qtbot, "p")
    qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "2" and not tasks.busy())
    tasks.read(_wait, held, slow=True)
    try:
        press(qtbot, "n")
        assert tile(page, "inquiries")[0] == "7" and page.busy()
    finally:
        held.set()
        assert tasks.finish()


def _wait(_seat, held: threading.Event) -> None:
    held.wait(20)


def test_a_count_shows_how_far_it_is_and_esc_stops_it(qtbot, home, people, monkeypatch):
    monkeypatch.setattr(results_feed, "SHOWN_AFTER_S", 0.0)
    tasks, held = Tasks(home.seat), threading.Event()
    page = shown(qtbot, home, tasks)
    qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "7" and not tasks.busy())
    tasks.read(_wait, held, slow=True)
    try:
        press(qtbot, "4")
        qtbot.waitUntil(page._strip.isVisible)
        assert page._strip.accessibleName() == "Counting 2026"
        press(qtbot, ESCAPE)
        with qtbot.waitSignal(page.said) as said:
            held.set()
        assert said.args[0].startswith("Stopped")
        qtbot.waitUntil(lambda: not page.busy())
        assert page._period.text() == "March 2026" and tile(page, "inquiries")[0] == "7"
        assert not page._strip.isVisible()
    finally:
        held.set()
        assert tasks.finish()


def test_another_page_in_front_ends_a_count_and_coming_back_begins_it_again(qtbot, home, people):
    tasks, held = Tasks(home.seat), threading.Event()
    page = shown(qtbot, home, tasks)
    qtbot.waitUntil(lambda: not tasks.busy())
    tasks.read(_wait, held, slow=True)
    try:
        press(qtbot, "4")
        page.leave()
        held.set()
        qtbot.waitUntil(lambda: not page.busy())
        assert tile(page, "inquiries")[0] == "7"  # nobody waited for those of the year
        page.arrive()
        qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "9" and page._period.text() == "2026")
    finally:
        held.set()
        assert tasks.finish()


def test_what_happens_meanwhile_is_counted_soon(page, qtbot, home, people, monkeypatch):
    monkeypatch.setattr(results_feed, "CHANGED_MS", 0)
    monkeypatch.setattr(results_feed, "REST", 0)
    page._tasks.act(capture.capture, form(30))
    qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "8")


# costs


def test_a_cost_is_entered_and_set_right_by_the_keyboard(page, qtbot, home):
    press(qtbot, DOWN)
    assert page.rows.table.current() == "Fair"
    press(qtbot, "c")
    assert "What did Fair cost?" in page.popup.accessibleName()
    with qtbot.waitSignal(page.said):
        press(qtbot, "1", "150 EUR 2026-03-02", ENTER)
    assert cell(page, "Fair", "Cost") == "750 €" and cell(page, "Fair", "per inquiry") == "250.00 €"
    assert page.rows.table.current() == "Fair"
    press(qtbot, "c", "3")
    with qtbot.waitSignal(page.said):
        press(qtbot, "120", ENTER)
    assert cell(page, "Fair", "Cost") == "720 €"
    assert sorted(cost.amount for cost in costs.costs(home.seat, "Fair")) == [120, 600]
    with qtbot.waitSignal(page.said) as said:
        press(qtbot, "c", "1", "dear", ENTER)
    assert "dear" in said.args[0] and cell(page, "Fair", "Cost") == "720 €"


# who sees what


def test_a_caller_sees_the_figures_and_of_callers_their_own(qtbot, home, people):
    gather(home.seat, me=BEN, role=Role.CALLER)
    handoff.dispose(home.seat, people[-1], Disposition.SELL, Choice(reason="so"))
    page = shown(qtbot, home)
    assert tile(page, "inquiries")[0] == "7" and not page.rows.cost_button.isVisible()
    with qtbot.waitSignal(page.said):
        press(qtbot, "c")
    assert not page.popup.isVisible()
    press(qtbot, "b")
    assert [words[0] for words in page.rows.table.words()] == [BEN]


# the report


def test_the_report_says_what_the_page_says_in_every_form(page, qtbot, tmp_path):
    for kind in ("csv", "xlsx", "html", "pdf"):
        file = tmp_path / f"march.{kind}"
        with qtbot.waitSignal(page.sharing.written):
            page.sharing.write(file, page._view.found)
        assert file.stat().st_size > 500
    with (tmp_path / "march.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert ["Inquiries", "7", "2"] in rows
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "march.xlsx"))
    by_source = book.get_sheet_by_name("By source").to_python()
    assert [row[0] for row in by_source[1:]] == ["Web", "Fair"] and by_source[2][1] == "600.00 EUR"
    assert "600.00 EUR" in (tmp_path / "march.html").read_text("utf-8")
    assert (tmp_path / "march.pdf").read_bytes().startswith(b"%PDF")
    with qtbot.waitSignal(page.said) as said:
        page.sharing.write(tmp_path / "missing" / "march.csv", page._view.found)
    assert "march.csv" in said.args[0]


# what is not there


def test_a_new_home_says_what_to_do_first(qtbot, home):
    page = shown(qtbot, home)
    assert page._nothing.accessibleName() == "Nobody has asked yet" and page._import.isVisible()
    with qtbot.waitSignal(page.import_wanted):
        qtbot.mouseClick(page._import, Qt.MouseButton.LeftButton)
    assert not page._share.isEnabled()


def test_an_empty_period_says_where_to_go_and_its_keys_work(page, qtbot):
    press(qtbot, "p", "p")
    assert page._nothing.accessibleName() == "Nobody asked: January 2026" and not page._import.isVisible()
    assert QApplication.focusWidget() is page._nothing
    press(qtbot, "n")
    assert tile(page, "inquiries")[0] == "2" and QApplication.focusWidget() is page.rows.table


def test_few_closed_leads_predict_nothing_and_say_so(page):
    assert page.pictures.answers._stack.currentWidget() is page.pictures.answers._nothing
    assert "So far there are 2" in page.pictures.answers._nothing.text()


def test_money_and_shares_read_as_people_write_them():
    assert results_words.percent(None) == NOTHING and results_words.percent(0.0) == "0 %"
    assert results_words.percent(0.051) == "5.1 %" and results_words.percent(0.916) == "92 %"
    assert results_words.money(()) == NOTHING and results_words.wait(90) == "90 s"


# how it looks and sounds


def test_everything_that_takes_the_keyboard_has_a_name_and_pictures_are_told(page):
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.focusProxy():
            parent = widget.parentWidget()
            assert widget.accessibleName() or (parent and parent.accessibleName()), widget
    assert page.pictures.funnel_bars.accessibleDescription().startswith("Inquiries 7 100 %; Called 6")
    assert "Not called yet: 1" in page.pictures.chart.accessibleDescription()


def test_definitions_stand_behind_figures_and_columns(page, qtbot):
    assert "by the clock" in page.tiles.tile("median").toolTip()
    model = page.rows.table.model()
    tips = [model.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for n in range(1, 10)]
    assert all(tips)
    with qtbot.waitSignal(page.said) as said:
        qtbot.mouseClick(page.tiles.tile("won"), Qt.MouseButton.LeftButton)
    assert said.args[0] == results_words.definitions()["won"]
    for picture in (page.pictures.chart, page.pictures.funnel_bars, page.pictures.answer_bars):
        picture.event(QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), picture.mapToGlobal(QPoint(5, 5))))


@pytest.mark.parametrize("size", [(960, 670), (1296, 820), (2400, 1300)])
@pytest.mark.parametrize("look", [Theme.LIGHT, Theme.DARK])
def test_it_fits_and_paints_at_every_size(qtbot, qapp, home, people, size, look):
    apply(qapp, look)
    page = shown(qtbot, home, width=size[0], height=size[1])
    assert (page.width(), page.height()) == size
    for part in (page._period, page._source, page._share, page.rows.cost_button, page.rows.swap_button):
        assert part.width() >= part.sizeHint().width()
    tiles = page.tiles._tiles.values()
    qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in tiles))
    columns = [page.rows.table.columnWidth(column) for column in range(10)]
    assert sum(columns) <= page.rows.table.viewport().width() + 1
    assert max(each.geometry().right() for each in tiles) < page._scroll.viewport().width()
    assert not page.grab().isNull()


@pytest.mark.parametrize("look", [Theme.LIGHT, Theme.DARK])
def test_pictures_are_painted_in_the_colours_of_the_theme(qtbot, qapp, home, people, look):
    apply(qapp, look)
    page = shown(qtbot, home)
    qtbot.waitUntil(lambda: page.pictures.chart.width() > 300)
    (bar,) = [bar for bar in page.pictures.chart._shown.bars if bar.start_ms == 0]
    assert not bar.late
    image = page.pictures.chart.grab().toImage()
    seen = Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, image.height(), 3))
    assert seen[mixed("accent", "panel", 0.7).name()] > 200
    assert seen[mixed("late", "panel", 0.7).name()] == 0 or any(b.late for b in page.pictures.chart._shown.bars)
    image = page.pictures.funnel_bars.grab().toImage()
    seen = Counter(image.pixelColor(image.width() // 20, y).name() for y in range(image.height()))
    assert seen[mixed("accent", "panel", 0.75).name()] >= 3 * 8 and seen[mixed("sell", "panel", 0.75).name()] >= 4 * 8


def test_a_page_that_is_gone_leaves_nothing_behind(qtbot, home, people):
    page = ResultsPage(home.seat, InlineTasks(home.seat))
    page.arrive()
    gone = weakref.ref(page)
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert gone() is None


def test_the_page_has_its_key_on_the_rail_and_none_of_the_windows(qtbot):
    from app.ui.pages import PAGES

    kind = next(kind for kind in PAGES if kind.name == "results")
    assert keys.WINDOW[kind.key].sequence == "Alt+6" and kind.exists()
    own = {key.sequence for key in keys.PAGES["results"].values()}
    assert not own & {key.sequence for key in keys.WINDOW.values()}


def test_the_real_window_shows_the_page_by_its_key_and_counts_on_a_thread(qtbot, tmp_path):
    home = bootstrap.throw_away()
    capture.capture(home.seat, form(0))
    tasks, shell = Tasks(home.seat), Shell()
    qtbot.addWidget(shell)
    shell.open_home(home, tasks)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    qtbot.waitUntil(lambda: not tasks.busy())
    qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    assert shell.workspace.current() == "results"
    page = shell.workspace.page("results")
    qtbot.waitUntil(lambda: tile(page, "inquiries")[0] == "1")
    press(qtbot, "4")
    qtbot.waitUntil(lambda: page._view.period.span is Span.YEAR and not page.busy())
    press(qtbot, "p")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page._nothing)
    press(qtbot, "n")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.rows.table)
    with qtbot.waitSignal(page.sharing.written, timeout=20_000):
        page.sharing.write(tmp_path / "year.pdf", page._view.found)  # set on the thread too
    assert (tmp_path / "year.pdf").read_bytes().startswith(b"%PDF")
    assert set(page.splitters()) == {"table"}  # whose place the window remembers
    shell.close()
    home.close()
