"""The call page put together: queue, person, script, score. It knows no service: setters and signals alone.

The queue can be shown before the rest is made, or even imported: `CallsView(whole=False)`, then `complete()`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.ui import fonts, keys
from app.ui.calls.queue_pane import QueuePane
from app.ui.theme import colour, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.rows import HistoryRow
    from app.ui.calls.history_list import HistoryList
    from app.ui.calls.outcome_bar import OutcomeBar
    from app.ui.calls.person_card import PersonCard
    from app.ui.calls.score_pane import ScorePane
    from app.ui.calls.script_panel import ScriptPanel
    from app.ui.calls.views import PersonView, QuestionView, ScoreView, ScriptView
    from app.ui.widgets.empty_state import EmptyState
    from app.ui.widgets.reason_popup import ReasonPopup
    from app.ui.widgets.status_bar import StatusBar

WIDEST = 980  # pixels at 100 %: on a large screen the question stays readable
MARGIN = 20
NARROW, WIDE = 960, 1296  # widths between which the side panes grow, pixels at 100 %
SIDES = {"queue": 216, "score_pane": 196}  # size in the tokens -> the least
LOW = 780


class _Ground(QWidget):
    """A quiet ground."""

    def __init__(self, ink: str) -> None:
        super().__init__()
        self._ink = ink

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._ink))


class _Capped(QWidget):
    """Holds the work in the middle of a large screen, not wider than is readable."""

    def __init__(self, work: QWidget) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(work)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        spare = max(0, (self.width() - fonts.scaled(WIDEST)) // 2)
        self._row.setContentsMargins(spare, 0, spare, 0)


class CallsView(QWidget):
    """Parts: `queue`, `person`, `script`, `outcomes`, `score`, `popup`, `status`, `empty`.

    Signals:
        opened: id of an inquiry chosen from the queue or from what was found.
        more_wanted: the list has come near its end.
        call_pressed: the number to dial.
        number_chosen: another number of the person.
        answered: key of the question, answer.
        next_question, previous_question: Enter and Backspace.
        question_pressed: key of an answered question to go back to.
        note_typed: the whole note.
        outcome_chosen: an Outcome.
        disposition_chosen: a Disposition.
        next_inquiry, skipped, undone, edited, mailed, packed, paired, parted, paused: their keys, or the menu.
    """

    opened = Signal(str)
    more_wanted = Signal()
    call_pressed = Signal(str)
    number_chosen = Signal(str)
    answered = Signal(str, object)
    next_question = Signal()
    previous_question = Signal()
    question_pressed = Signal(str)
    note_typed = Signal(str)
    outcome_chosen = Signal(object)
    disposition_chosen = Signal(object)
    next_inquiry = Signal()
    skipped = Signal()
    undone = Signal()
    edited = Signal()
    mailed = Signal()
    packed = Signal()
    paired = Signal()
    parted = Signal()
    paused = Signal()

    person: PersonCard
    script: ScriptPanel
    outcomes: OutcomeBar
    score: ScorePane
    status: StatusBar
    empty: EmptyState
    history: HistoryList
    popup: ReasonPopup

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """`whole` False: only the queue is there, until `complete`."""
        super().__init__(parent)
        self.queue = QueuePane()
        self._ground = _Ground("bg")
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for place, part in enumerate((self.queue, self._ground, _Ground("panel"))):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(place, int(part is self._ground))
        self.splitter.splitterMoved.connect(self._on_splitter_moved)
        self._sizes_kept = False
        self._low = self._complete = False
        whole_row = QVBoxLayout(self)
        whole_row.setContentsMargins(0, 0, 0, 0)
        whole_row.addWidget(self.splitter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if whole:
            self.complete()

    def complete(self) -> None:
        """Makes everything beside the queue, once."""
        if self._complete:
            return
        self._complete = True
        self._make()
        self._lay_out()
        self._join()
        self._bind()
        if self._low:
            self._set_low()

    def _make(self) -> None:
        from app.ui.calls.outcome_bar import OutcomeBar
        from app.ui.calls.person_card import PersonCard
        from app.ui.calls.score_pane import ScorePane
        from app.ui.calls.script_panel import ScriptPanel
        from app.ui.widgets.empty_state import EmptyState
        from app.ui.widgets.reason_popup import ReasonPopup
        from app.ui.widgets.status_bar import StatusBar

        self.person = PersonCard()
        self.script = ScriptPanel()
        self.outcomes = OutcomeBar()
        self.score = ScorePane()
        self.status = StatusBar()
        self.empty = EmptyState()
        self.history = self.script.history
        self.popup = ReasonPopup(self)

    def _lay_out(self) -> None:
        self._work = QWidget()
        self._column = column = QVBoxLayout(self._work)
        column.setContentsMargins(MARGIN, 18, MARGIN, 18)
        column.setSpacing(14)
        column.addWidget(self.person)
        column.addWidget(self.script, 1)
        column.addWidget(self.outcomes)
        self._middle = QStackedWidget()
        self._middle.addWidget(_Capped(self._work))
        self._middle.addWidget(self.empty)
        centre = QVBoxLayout(self._ground)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(0)
        centre.addWidget(self._middle, 1)
        centre.addWidget(self.status)
        blank = self.splitter.replaceWidget(2, self.score)
        if blank is not None:
            blank.deleteLater()

    def _join(self) -> None:
        self.queue.opened.connect(self.opened)
        self.queue.more_wanted.connect(self.more_wanted)
        self.queue.pack_pressed.connect(self.packed)
        self.person.call_pressed.connect(self.call_pressed)
        self.person.number_chosen.connect(self.number_chosen)
        self.person.more_chosen.connect(self._on_more_chosen)
        self.script.answered.connect(self.answered)
        self.script.next_pressed.connect(self.next_question)
        self.script.question_pressed.connect(self.question_pressed)
        self.script.note_typed.connect(self.note_typed)
        self.outcomes.chosen.connect(self.outcome_chosen)
        self.score.dispositions.chosen.connect(self.disposition_chosen)

    def _bind(self) -> None:
        window = Qt.ShortcutContext.WindowShortcut  # wherever the focus is on this page; text fields keep their keys
        slots = {
            "find": self.start_finding,
            "call": self.person.press_call,
            "numbers": self.person.show_numbers,
            "previous-question": self.previous_question.emit,
            "note": self.script.note.setFocus,
            "objections": self.script.toggle_objections,
            "history": self.script.toggle_history,
            "next-inquiry": self.next_inquiry.emit,
            "skip": self.skipped.emit,
            "undo": self.undone.emit,
            "edit": self.edited.emit,
            "mail": self.mailed.emit,
            "pack": self.packed.emit,
            "same-person": self.paired.emit,
            "two-people": self.parted.emit,
            "pause": self.paused.emit,
        }
        for name, slot in slots.items():
            keys.bind(name, self, slot, context=window)
        for outcome, button in self.outcomes.buttons.items():
            keys.bind(outcome.value, self, button.click, context=window)
        for disposition, button in self.score.dispositions.buttons.items():
            keys.bind(disposition.value, self, button.click, context=window)
        for digit in range(1, 10):
            keys.bind(f"answer-{digit}", self, partial(self.script.choose, digit), context=window)

    # sizes

    def keep_sizes(self) -> None:
        """From now on the panes stay as they are: they were moved, or restored with `splitter.restoreState`."""
        self._sizes_kept = True

    def splitters(self) -> dict[str, QSplitter]:
        """The panes, whose places are remembered."""
        return {"panes": self.splitter}

    def sizes_kept(self) -> bool:
        """Whether somebody has moved the panes, now or earlier."""
        return self._sizes_kept

    def _on_splitter_moved(self) -> None:
        self._sizes_kept = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the panes their width, and saves height on a low screen."""
        super().resizeEvent(event)
        scale = fonts.scale()
        if not self._sizes_kept:
            share = min(max((self.width() / scale - NARROW) / (WIDE - NARROW), 0.0), 1.0)
            sides = [round((least + share * (size(name) - least)) * scale) for name, least in SIDES.items()]
            self.splitter.setSizes([sides[0], self.width() - sum(sides) - 2, sides[1]])
        low = self.height() < LOW * scale
        if low != self._low:
            self._low = low
            if self._complete:
                self._set_low()

    def _set_low(self) -> None:
        above = 12 if self._low else 18
        self._column.setContentsMargins(MARGIN, above, MARGIN, above)
        self._column.setSpacing(10 if self._low else 14)
        self.person.set_low(self._low)
        self.script.set_low(self._low)

    # filling

    def set_inquiry(
        self, person: PersonView, script: ScriptView, score: ScoreView, note: str = "", *, number: int = 0
    ) -> None:
        """Fills the whole page with another inquiry, and puts the keyboard on its first question."""
        self._middle.setCurrentIndex(0)
        self._set_usable(True)
        self.person.set_person(person, number)
        self.script.note.set_text(note)
        self.script.set_script(script)
        self.score.set_score(score)
        self.queue.model.set_opened(person.id)
        if self.isVisible() and not self.queue.find_field.edit.hasFocus():  # behind another page it is taken from there
            self.script.take_focus()

    def set_progress(self, script: ScriptView, score: ScoreView) -> None:
        """After an answer: the next question and the new score; person and note stay as they are."""
        self.script.set_script(script)
        self.score.set_score(score)

    def question(self) -> QuestionView | None:
        """The question that is asked now; None when all is asked, or nobody is shown."""
        return self.script.answers.question() if not self.is_empty() else None

    def set_history(self, rows: Sequence[HistoryRow], now: int) -> None:
        """What happened to the inquiry before."""
        self.history.set_rows(rows, now)

    def set_empty(self, icon: str, title: str, text: str) -> None:
        """Nothing to call: says why, and what can be done."""
        self.empty.set(icon, title, text)
        self.queue.model.set_opened("")
        self.score.set_blank()
        self._set_usable(False)
        self._middle.setCurrentIndex(1)

    def is_empty(self) -> bool:
        """Whether no inquiry is shown."""
        return self._middle.currentIndex() == 1

    def set_decidable(self, decidable: bool) -> None:
        """Whether outcomes and dispositions may be chosen."""
        self._set_usable(decidable)

    def _set_usable(self, usable: bool) -> None:
        buttons = [*self.outcomes.buttons.values(), *self.score.dispositions.buttons.values()]
        for button in buttons:
            if button.isEnabled() is not usable:
                button.setEnabled(usable)

    def start_finding(self) -> None:
        """Puts the keyboard into Find."""
        self.queue.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.queue.find_field.edit.selectAll()

    def _on_more_chosen(self, name: str) -> None:
        what = {
            "edit": self.edited.emit,
            "mail": self.mailed.emit,
            "same-person": self.paired.emit,
            "two-people": self.parted.emit,
            "skip": self.skipped.emit,
            "history": self.script.toggle_history,
            "pause": self.paused.emit,
        }
        what[name]()
