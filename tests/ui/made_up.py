"""Made-up people and calls for the tests and pictures of pages; numbers and domains are reserved for fiction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.entries import Disposition
from app.models.inquiry import Stage
from app.models.limits import LimitState
from app.models.rows import Group, HistoryRow, QueueRow, Told
from app.ui.calls.calls_view import CallsView
from app.ui.calls.views import (
    NumberView,
    ObjectionView,
    OptionView,
    PersonView,
    QuestionView,
    ReasonView,
    ScoreView,
    ScriptView,
)
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.field import Field
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.key_button import FORMS, KeyButton
from app.ui.widgets.key_help import KeyHelp
from app.ui.widgets.rail import Rail
from app.ui.widgets.toast import Toast


def gallery_window() -> QWidget:
    """One of everything."""
    window = QWidget()
    outer = QHBoxLayout(window)
    card = Card()
    outer.addWidget(card)
    column = QVBoxLayout(card)
    for kind in FORMS:
        row = QHBoxLayout()
        for state in range(4):
            button = KeyButton(kind.title(), "F5", kind=kind, detail="to somewhere" if state != 1 else "",
                               icon="phone" if state == 1 else "")  # fmt: skip
            button.setCheckable(state == 2)
            button.setChecked(state == 2)
            button.setEnabled(state != 3)
            button.set_filled(state == 1 and kind in {"sell", "nurture", "discard"})
            row.addWidget(button)
        column.addLayout(row)
    chips = QHBoxLayout()
    for tone, text in {"fine": "6 h 12 m", "soon": "21 h 05 m", "over": "26 h 10 m", "due": "due now",
                       "plain": "opens 01:00"}.items():  # fmt: skip
        chips.addWidget(Chip(text, tone))
    chips.addStretch(1)
    column.addLayout(chips)
    column.addStretch(1)
    form = Card()
    outer.addWidget(form)
    grid = QGridLayout(form)
    combo = QComboBox()
    combo.addItems(["United Kingdom +44", "Italy +39"])
    editors: list[QWidget] = [QLineEdit("Maria"), combo, QSpinBox(), QDoubleSpinBox(), QDateEdit(), QTimeEdit()]
    editors[4].setCalendarPopup(True)  # type: ignore[attr-defined]
    for number, editor in enumerate(editors):
        grid.addWidget(Field(type(editor).__name__, editor=editor), number // 2, number % 2)
    wrong = Field("Phone", "12 34")
    wrong.set_hint("This is not a number that can be called.", wrong=True)
    grid.addWidget(wrong, 3, 0)
    off = Field("Disabled", "cannot be typed")
    off.setEnabled(False)
    grid.addWidget(off, 3, 1)
    grid.addWidget(QPlainTextEdit("A longer text"), 4, 0, 1, 2)
    for number, made in enumerate([QCheckBox("Check"), QCheckBox("Checked"), QRadioButton("Radio"),
                                   QRadioButton("Chosen")]):  # fmt: skip
        made.setChecked(number % 2 == 1)
        grid.addWidget(made, 5 + number // 2, number % 2)
    progress = QProgressBar()
    progress.setValue(40)
    progress.setTextVisible(False)
    grid.addWidget(progress, 7, 0)
    grid.addWidget(QPushButton("Push"), 7, 1)
    tabs = QTabWidget()
    table = QTableWidget(3, 2)
    table.setHorizontalHeaderLabels(["Person", "Company"])
    tabs.addTab(table, "Table")
    entries = QListWidget()
    entries.addItems([f"entry {number}" for number in range(30)])
    tabs.addTab(entries, "List")
    tabs.setCurrentIndex(1)
    grid.addWidget(tabs, 8, 0, 1, 2)
    empty = EmptyState("clock", "Nobody may be called now", "The next one opens at 14:00, in 12 min.")
    empty.add_action(KeyButton("Import a list", "Ctrl I", kind="primary"))
    empty.add_action(KeyButton("Capture somebody", "Ctrl N"))
    outer.addWidget(empty)
    return window


NOW = int(datetime(2026, 11, 20, 14, 2, tzinfo=UTC).timestamp() * 1000)


def queue_row(number: int, name: str, company: str, hours: float, **other: Any) -> QueueRow:
    """A made-up row that has waited so many hours."""
    first, _, last = name.partition(" ")
    waited = int(hours * 3_600_000)
    state = LimitState.OVER if hours >= 24 else LimitState.SOON if hours >= 19 else LimitState.FINE
    facts: dict[str, Any] = {
        "id": f"{number:032x}", "stage": Stage.WAITING, "first_name": first, "last_name": last, "company": company,
        "title": "", "phone": f"+442079460{number:03d}", "phone_valid": True, "email": "", "source": "Web form",
        "country": "GB", "captured_at": NOW - waited, "since": NOW - waited, "waited_ms": waited,
        "limit_ms": 24 * 3_600_000, "limit_state": state, "attempts": 0, "attempts_allowed": 4, "promised_at": None,
        "group": Group.PROMISED if other.get("promised_at") else Group.UNASSIGNED, "why": "", "opens_at": None,
        "zone": "Europe/London",
    }  # fmt: skip
    return QueueRow(**(facts | other))


def queue_rows() -> list[QueueRow]:
    """A morning's queue."""
    hour = 3_600_000
    return [
        queue_row(1, "Dana Whitfield", "Northgate Dental Group", 20, promised_at=NOW - 2 * 60_000, attempts=2,
                  source="Hotline"),
        queue_row(2, "Maria Rossi", "Officine Rossi S.p.A.", 26.17, source="Trade show", zone="Europe/Rome"),
        queue_row(3, "Jonas Lindqvist", "Bergslagen Timber AB", 25.69, attempts=1, zone="Europe/Stockholm"),
        queue_row(4, "Priya Natarajan", "Meridian Freight", 21.09, source="E-mail", zone="Asia/Kolkata"),
        queue_row(5, "Tom Okafor", "Lagos Cold Chain", 19.8, zone="Africa/Lagos"),
        queue_row(6, "Claire Dubois", "Atelier Dubois", 6.2, zone="Europe/Paris"),
        queue_row(8, "Amelia Hart", "Hart & Sons Joinery", 3.5, attempts=2),
        queue_row(9, "Luis Cabrera", "Cabrera Logistics", 2.97, source="E-mail", zone="America/New_York"),
        queue_row(10, "Wilhelmina van der Bruggen-Oosterhout", "Koninklijke Machinefabriek Oosterhout en Zonen B.V.",
                  2.1, attempts=3, zone="Europe/Amsterdam"),
        queue_row(7, "Kenji Watanabe", "Watanabe Seiki", 5, source="Trade show", zone="Asia/Tokyo", group=Group.NOT_NOW,
                  opens_at=NOW + 11 * hour - 2 * 60_000, why="opens 08:00 their time, in 8 h 58 m"),
    ]  # fmt: skip


MARIA = PersonView(
    id=f"{2:032x}", name="Maria Rossi", title="Head of Operations", company="Officine Rossi S.p.A.",
    age="26 h 10 m", tone="over", source="Trade show", source_icon="capture", captured="yesterday",
    captured_exactly="19 November 12:52", their_time="15:02",
    numbers=(NumberView("+390305550142", "+39 030 555 0142"),),
    request="Asked for pricing on two palletising cells, wants one running before the August shutdown. Has seen the "
            "R-40 demo.",
    requested_by="booth note, Iris",
)  # fmt: skip
TOM = PersonView(
    id=f"{5:032x}", name="Tom Okafor", title="Managing Director", company="Lagos Cold Chain", age="19 h 48 m",
    tone="soon", source="Web form", source_icon="globe", captured="yesterday", their_time="15:02",
    numbers=(NumberView("+2342015550112", "+234 201 555 0112", "office", "opens 08:00 their time, in 3 h 10 m"),
             NumberView("+442079460112", "+44 20 7946 0112", "mobile")),
    request="Two cold rooms are planned for next spring.", requested_by="web form",
)  # fmt: skip
OBJECTIONS = (
    ObjectionView("“Just send me something.”", "Gladly. So that it fits: which of the two lines is it for?"),
    ObjectionView("“We have a supplier.”", "Good to know. What would have to be better for you to look at another?"),
    ObjectionView("“No budget this year.”", "Understood. When is next year's decided, and by whom?"),
)
WHEN = QuestionView(
    key="when", text="When would you need the first cell running, Maria?",
    hint="If they hesitate: “Is there a shutdown or a season that it must be ready for?”", answer="3m",
    options=(OptionView("3m", "Within 3 months", 20), OptionView("year", "This year", 10),
             OptionView("next", "Next year", 0), OptionView("none", "No date yet", -10)),
)  # fmt: skip
ANSWERED = (
    Told("What made you look at this now?", "Line 2 bottleneck", 15, "why"),
    Told("Is a budget set aside this year?", "Approved", 25, "budget"),
    Told("Who else decides with you?", "Decides with the plant manager", 10, "who"),
)
SCRIPT = ScriptView(title="Qualification", version="Machinery, version 4", answered=ANSWERED, question=WHEN, position=4,
                    count=7, objections=OBJECTIONS)  # fmt: skip
SCORE = ScoreView(
    points=72, advice=Disposition.SELL, questions_left=3, lowest=52, highest=100,
    reasons=(ReasonView("Budget approved", 25), ReasonView("Needs it within 3 months", 20),
             ReasonView("Real problem now", 15), ReasonView("Decides with one other", 10),
             ReasonView("Industry fits", 7), ReasonView("Country: partner only", -5)),
)  # fmt: skip
SECOND = ScriptView(
    title="Qualification", version="Machinery, version 4", answered=ANSWERED[:1], position=2, count=7,
    objections=OBJECTIONS,
    question=QuestionView(
        key="needs", kind="choices", text="Which of these would the first cold room have to do?", answer=["a", "c"],
        hint="Several may be chosen; Enter goes on.",
        options=(OptionView("a", "Keep −20 °C through an outage", 5), OptionView("b", "Be moved within a day", 0),
                 OptionView("c", "Report its temperature to the customer without being asked, at every change", 5),
                 OptionView("d", "Fit under four metres", None), OptionView("e", "None of these", -5)),
    ),
)  # fmt: skip
LOW = ScoreView(points=38, advice=Disposition.NURTURE, questions_left=1, lowest=20, highest=58,
                reasons=(ReasonView("Real problem now", 15),), warning="No decision before next year")  # fmt: skip
NOTE = "Shutdown is 3 to 21 August, wants a site visit"


def fill(view: CallsView) -> None:
    """A call in the middle of a shift."""
    view.queue.set_head(128, 9, "24 h")
    view.queue.model.set_rows(queue_rows(), NOW)
    view.set_inquiry(MARIA, SCRIPT, SCORE, NOTE)
    view.status.set_state("In step with the team · 2 s ago")
    view.status.set_call("Call 03:41")
    view.status.set_today("Today: 31 calls · 12 qualified · first call in 5 h 20 m (median)")


class Window(QWidget):
    """Rail and page, as the window has them."""

    def __init__(self) -> None:
        super().__init__()
        self.rail = Rail(self)
        for name, icon, text in (("calls", "phone", "Calls"), ("capture", "capture", "Capture"),
                                 ("sales", "sales", "Sales"), ("nurture", "leaf", "Nurture"),
                                 ("desk", "people", "Desk"), ("results", "bars", "Results")):  # fmt: skip
            self.rail.add(name, icon, text)
        self.rail.add("setup", "gear", "Setup", below=True)
        self.rail.set_current("calls")
        self.view = CallsView(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.view, 1)
        self.ring = FocusRing(self)


def filled_calls_window() -> Window:
    """The call page in its window."""
    window = Window()
    fill(window.view)
    return window


def blocked_calls_window() -> Window:
    """Somebody who may not be called yet, a question with several answers, and the list of objections."""
    window = filled_calls_window()
    window.view.set_inquiry(TOM, SECOND, LOW)
    window.view.script.toggle_objections()
    return window


def asking_calls_window() -> Window:
    """Sold against the advice: the reason is asked for."""
    window = filled_calls_window()
    window.resize(1360, 850)
    window.show()
    window.view.popup.ask(
        "Discard, though the score says sell?",
        (("wrong", "Not who decides"), ("gone", "The need is gone"), ("rival", "Bought elsewhere")),
        hint="The reason is kept for the results.", words="Another reason", whom=(("lena", "Lena"), ("omar", "Omar")),
        whom_label="For",
    )  # fmt: skip
    return window


def empty_calls_window() -> Window:
    """Nobody may be called now."""
    window = filled_calls_window()
    window.view.queue.model.set_rows([], NOW)
    window.view.queue.set_head(0, 0, "24 h")
    window.view.queue.set_nothing("Nobody may be called now.")
    window.view.set_empty("clock", "Nobody may be called now", "The next one opens at 14:00, in 12 min.")
    window.view.empty.add_action(KeyButton("Import a list", "Ctrl I", kind="primary"))
    window.view.empty.add_action(KeyButton("Capture somebody", "Ctrl N"))
    return window


def typed_calls_window() -> Window:
    """A question that is answered by a number, with what happened before beside it, and a toast."""
    window = filled_calls_window()
    question = QuestionView(key="sites", kind="number", text="How many sites do you run?", unit="sites", answer=4.0)
    window.view.set_progress(ScriptView(title="Qualification", version="Machinery, version 4", answered=ANSWERED,
                                        question=question, position=5, count=7), SCORE)  # fmt: skip
    window.view.set_history(
        [HistoryRow(id="1", at=NOW - 3_600_000, actor="Ada", kind="called", text="No answer"),
         HistoryRow(id="2", at=NOW - 93_600_000, actor="Iris", kind="captured", text="Captured at Trade show")], NOW,
    )  # fmt: skip
    window.view.script.toggle_history()
    toast = Toast(window.view)
    window.resize(1360, 850)
    toast.say("Dana Whitfield was sold to Sales.", "Undo", "Ctrl Z")
    return window


def keys_window() -> Window:
    """All keys."""
    window = filled_calls_window()
    window.resize(1360, 850)
    window.show()
    KeyHelp(window).show_for("calls")
    return window
