"""A list of what became of leads, dropped where lists are dropped: offered, shown, and taken in by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app import bootstrap
from app.models.entries import Disposition
from app.models.inquiry import Stage
from app.services import capture, handoff
from app.services.handoff import Choice
from app.ui.capture.import_page import ImportPage
from tests.services.made_up import form
from tests.ui.at_a_page import figures, press, put_up, words
from tests.ui.inline_tasks import InlineTasks

WAIT = 60_000  # milliseconds, on a busy computer
DEALS = """Email,Deal stage,Amount
p1@werk.example,Closed won,1200 EUR
p2@werk.example,Closed lost,
p3@werk.example,Rejected,
p4@werk.example,Sent to Mars,
nobody@werk.example,Closed lost,
"""


@pytest.fixture
def sold(home: bootstrap.Home) -> list[str]:
    ids = [capture.capture(home.seat, form(n, email=f"p{n}@werk.example")).inquiry_id for n in range(1, 5)]
    for inquiry in ids:
        handoff.dispose(home.seat, inquiry, Disposition.SELL, Choice(reason="so"))
    return ids


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    (tmp_path / "deals.csv").write_text(DEALS)
    return tmp_path / "deals.csv"


@pytest.fixture
def page(home: bootstrap.Home, qtbot) -> Iterator[ImportPage]:
    made = put_up(qtbot, ImportPage(home.seat, InlineTasks(home.seat)), 1024, 640)
    yield made
    made.flush()


CTRL = Qt.KeyboardModifier.ControlModifier


def test_what_became_of_leads_is_shown_and_taken_in_by_the_keyboard_alone(page, home, sold, deals, qtbot):
    page.take([deals])
    assert "“Deal stage”" in page.preview.answers.text()
    press(qtbot, (Qt.Key.Key_L, CTRL))
    assert page._stack.currentWidget() is page.answers
    counts = {"Won": "1", "Lost": "1", "Accepted": "0", "Rejected": "1", "Unchanged": "0", "Not usable": "2"}
    assert figures(page.answers._tiles) == counts
    assert "Row 5: what “" not in words(page) and 'Row 5: what "Sent to Mars" means is not known' in words(page)
    assert home.seat.inquiry(sold[0]).stage is Stage.SELL, "nothing is changed yet"
    page.answers._returned.set_current("call-again")
    press(qtbot, (Qt.Key.Key_Return, CTRL))
    qtbot.waitUntil(page.answers.is_done, timeout=WAIT)
    assert [home.seat.inquiry(each).stage for each in sold] == [Stage.WON, Stage.LOST, Stage.WAITING, Stage.SELL]
    assert figures(page.answers._tiles) == counts and "3 answers are in" in words(page)
    with qtbot.waitSignal(page.head_back):
        press(qtbot, Qt.Key.Key_Escape)


def test_the_same_list_again_changes_nothing(page, home, sold, deals, qtbot):
    for _ in range(2):
        page.take([deals])
        press(qtbot, (Qt.Key.Key_L, CTRL))
        new = page._head.go.isEnabled()
        press(qtbot, (Qt.Key.Key_Return, CTRL))
        press(qtbot, Qt.Key.Key_Escape)
    assert not new
    assert home.seat.store.one("SELECT count(*) FROM ledger WHERE kind = 'closed'") == (2,)


def test_where_sales_has_got_nobody_a_status_is_a_column_like_any(page, home, deals):
    page.take([deals])
    assert page.preview.answers.text() == ""


def test_a_list_of_leads_with_words_of_its_own_is_not_taken_for_answers(page, home, sold, tmp_path):
    (tmp_path / "list.csv").write_text("Name,Email,Status\nAda Berg,a@werk.example,GOOD_LEAD\n")
    page.take([tmp_path / "list.csv"])
    assert page.preview.answers.text() == ""
