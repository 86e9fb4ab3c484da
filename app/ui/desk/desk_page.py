"""The desk of a team lead: who waits too long and with whom, and the hand that shares it out anew."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models.lead_rules import COMMON, TURN
from app.services import assigning, handoff, reassigning, settling
from app.services.desk import Tab
from app.services.desk_figures import DeskFigures, Doing
from app.services.settling import Contest
from app.ui import fonts, keys, times
from app.ui.calls.find_field import FindField
from app.ui.calls.reason_popup import ReasonPopup
from app.ui.desk import desk_words
from app.ui.desk.desk_cards import DeskCards
from app.ui.desk.desk_feed import DeskFeed
from app.ui.desk.desk_model import DeskModel
from app.ui.desk.desk_table import DeskTable
from app.ui.desk.desk_tabs import DeskTabs
from app.ui.desk.moving import Moved, Moving, Progress
from app.ui.desk.settle_popup import SettlePopup
from app.ui.desk.side_pane import SidePane
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.notice import Notice
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD = 22
FILTER = (110, 240)  # pixels at 100 %, least and most
MOST_OFFERED, OFFER_HIGH, AROUND_OFFERS = 9, 52, 250  # pixels at 100 %: of each, and of what stands around them
WAITING_TABS = frozenset({Tab.STALE, Tab.WAITING, Tab.HELD})


class DeskPage(QWidget):
    """Figures, lists and callers; reassigning, sharing, taking back and settling.

    Signals:
        said: a sentence for a toast.
        undo_offered: a sentence for a toast with Undo.
        open_wanted: the inquiry to show on the call page.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    open_wanted = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._figures: DeskFigures | None = None
        self._moving_words = ""
        self._wants: list[str] = []  # whom the open question is about
        self.model = DeskModel(self)
        self.feed = DeskFeed(tasks, self.model, self)
        self.moving = Moving(tasks, self)
        self._head = PageHead(self.tr("Team desk"))
        self._take_back = KeyButton(self.tr("Take back"), keys.label("take-back", "desk"))
        self._share = KeyButton(self.tr("Share evenly"), keys.label("share", "desk"), icon="people")
        self._reassign = KeyButton(self.tr("Reassign to…"), keys.label("reassign", "desk"), kind="primary")
        self._open = KeyButton(self.tr("Settle…"), keys.label("open", "desk"), kind="primary")
        for button in (self._take_back, self._share, self._reassign, self._open):
            self._head.add(button)
        self.cards = DeskCards()
        self.tabs = DeskTabs(
            [(tab.value, words, keys.label(tab.value, "desk")) for tab, words in self._names().items()]
        )
        self.filter = FindField()
        self.filter.edit.setPlaceholderText(self.tr("Filter"))
        self.filter.edit.setAccessibleName(self.tr("Filter"))
        self.table = DeskTable(self.model)
        self._nothing = EmptyState()
        self._nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._progress = ProgressStrip(stoppable=True, key="Esc")
        self._offline = Notice()
        self.side = SidePane()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.asking = ReasonPopup(self)
        self.settling = SettlePopup(self)
        self._connect()
        self._bind_keys()
        self.tabs.set_current(Tab.STALE.value)
        self._on_chosen_changed(0)
        self.setFocusProxy(self.table)

    def _names(self) -> dict[Tab, str]:
        return {
            Tab.STALE: self.tr("Stale"), Tab.WAITING: self.tr("All waiting"), Tab.HELD: self.tr("Held"),
            Tab.CONTESTED: self.tr("Contested"), Tab.SILENT: self.tr("Sales silent"),
        }  # fmt: skip

    def _lay_out(self) -> None:
        card = Card()
        line = QHBoxLayout()
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(self.tabs)
        line.addStretch(1)
        self.filter.setMinimumWidth(fonts.scaled(FILTER[0]))
        self.filter.setMaximumWidth(fonts.scaled(FILTER[1]))
        line.addWidget(self.filter, 100)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        strip = QVBoxLayout()
        strip.setContentsMargins(12, 0, 12, 10)
        strip.addWidget(self._progress)
        self._progress.hide()
        self._strip = QWidget()
        self._strip.setLayout(strip)
        self._strip.hide()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 6)
        inside.setSpacing(0)
        inside.addLayout(line)
        inside.addWidget(self._strip)
        inside.addWidget(self._stack, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(PAD, 18, PAD, 18)
        column.setSpacing(14)
        column.addWidget(self._offline)
        column.addWidget(self.cards)
        column.addWidget(card, 1)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.side)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setSizes([976, 320])
        self._left = left
        shut = self.tr("Leads and admins of the team see here what waits too long, and share it out.")
        self._shut = EmptyState("lock", self.tr("The desk is for team leads"), shut)
        self._whole = QStackedWidget()
        self._whole.addWidget(self._splitter)
        self._whole.addWidget(self._shut)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(self._whole, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.cards.wanted.connect(self.tabs.set_current)
        self.filter.typed.connect(self.feed.narrow)
        self.filter.left_downwards.connect(self.table.setFocus)
        self.table.opened.connect(self._on_opened)
        self.model.chosen_changed.connect(self._on_chosen_changed)
        self.feed.shown.connect(self._on_shown)
        self.feed.counted.connect(self._on_counted)
        self.side.caller_picked.connect(self._on_caller_picked)
        self._reassign.clicked.connect(self.ask_whom)
        self._share.clicked.connect(self.share_evenly)
        self._take_back.clicked.connect(self.take_back)
        self._open.clicked.connect(self._on_open_pressed)
        self.asking.chosen.connect(self._on_whom)
        self.settling.chosen.connect(self._on_settled)
        self.moving.progressed.connect(self._on_progress)
        self.moving.ended.connect(self._on_moved)
        self.moving.failed.connect(self._on_move_failed)
        self._progress.cancelled.connect(self.moving.stop)
        self._tasks.changed.connect(self._on_changed)
        self._tasks.changed_elsewhere.connect(self.feed.refresh)

    def _bind_keys(self) -> None:
        for tab in Tab:
            keys.bind(tab.value, self, partial(self.tabs.set_current, tab.value), "desk")
        actions = {
            "reassign": self.ask_whom, "share": self.share_evenly, "take-back": self.take_back,
            "filter": self.filter.edit.setFocus, "undo": self.undo, "clear-chosen": self._on_escape,
        }  # fmt: skip
        for name, slot in actions.items():
            keys.bind(name, self, slot, "desk")
        every = QShortcut(QKeySequence(keys.DESK["choose-all"].sequence), self.table)
        every.setContext(Qt.ShortcutContext.WidgetShortcut)
        every.activated.connect(self.choose_all)

    # what the window calls

    def arrive(self) -> None:
        """Comes to the front: reads what changed."""
        self.feed.wake()

    def leave(self) -> None:
        """Another page comes to the front."""
        self.feed.sleep()

    def splitters(self) -> dict[str, QSplitter]:
        """What is remembered."""
        return {"side": self._splitter}

    # lists

    @Slot(str)
    def _on_tab(self, key: str) -> None:
        tab = Tab(key)
        if tab is not self.feed.which():
            self.feed.show_list(tab)
        heads = {Tab.HELD: self.tr("Waiting"), Tab.CONTESTED: self.tr("Decided"), Tab.SILENT: self.tr("Since sold")}
        self.model.set_last_head(heads.get(tab, self.tr("Waiting")))
        self._show_actions()

    @Slot(int)
    def _on_shown(self, count: int) -> None:
        if not count:
            self._say_nothing()
        current = self.table if count else self._nothing
        self._stack.setCurrentWidget(current)
        self.setFocusProxy(current)
        self._show_actions()

    def _say_nothing(self) -> None:
        said = self._nothing_words()
        self._nothing.set(*said)
        self._nothing.setAccessibleName(said[1])
        self._nothing.setAccessibleDescription(said[2])

    def _nothing_words(self) -> tuple[str, str, str]:
        text = self.feed.text()
        if text:
            fits = self.tr("Nobody here fits “%1”").replace("%1", text)
            return "search", fits, self.tr("Esc in the filter shows all of them again.")
        figures = self._figures
        oldest = ""
        if figures is not None and figures.waiting:
            oldest = self.tr("The oldest has waited %1.").replace("%1", times.lasted(figures.oldest_ms))
        return {
            Tab.STALE: ("check", self.tr("Nobody waits too long"), oldest or self.tr("Nobody waits at all.")),
            Tab.WAITING: ("check", self.tr("Nobody waits"), self.tr("Everybody who asked was called.")),
            Tab.HELD: ("check", self.tr("Nothing is held uncalled"),
                       self.tr("Whatever was given to somebody has been called since.")),
            Tab.CONTESTED: ("check", self.tr("Nothing is contested"),
                            self.tr("When two people decide differently without knowing of each other, it is settled "
                                    "here.")),
            Tab.SILENT: ("check", self.tr("Sales answered everything"), self.tr("No lead is over the limit of sales.")),
        }[self.feed.which()]  # fmt: skip

    def _on_counted(self, figures: DeskFigures) -> None:
        self._figures = figures
        self._whole.setCurrentWidget(self._splitter if figures.may_lead else self._shut)
        self._head.set(self.tr("Team desk"), desk_words.head(figures) if figures.may_lead else "")
        self.cards.set_figures(figures)
        self.side.set_figures(figures)
        self.tabs.set_counts({
            Tab.CONTESTED.value: desk_words.number(figures.contested) if figures.contested else "",
            Tab.SILENT.value: desk_words.number(figures.silent) if figures.silent else "",
        })  # fmt: skip
        self._fit_tabs()
        words = ""
        if figures.offline:
            heard = times.clock(figures.heard_at) if figures.heard_at else self.tr("never")
            words = self.tr(
                "The hub is not reached. Callers are shown as last heard of (%1); what you share out now is told to "
                "them when it is there again."
            ).replace("%1", heard)
        self._offline.say(words)
        if self._stack.currentWidget() is self._nothing:
            self._say_nothing()
        self._show_actions()

    @Slot(str)
    def _on_caller_picked(self, name: str) -> None:
        if self.feed.which() not in WAITING_TABS:
            self.tabs.set_current(Tab.WAITING.value)
        self.filter.edit.setText(f"@{name}")
        self.feed.narrow_now(f"@{name}")

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _who: object) -> None:
        if changed.inquiries or changed.kinds - {"draft"}:
            self.feed.refresh()

    # who is chosen

    def _wanted(self) -> list[str]:
        """Who is chosen; nobody chosen: who is under the cursor."""
        chosen = self.model.chosen()
        if chosen:
            return chosen
        return [self.table.current()] if self.table.current() and self._stack.currentWidget() is self.table else []

    @Slot()
    def choose_all(self) -> None:
        """Everybody on the list, as far as it has been read and beyond."""
        self.feed.read_all_ids(self._on_all_ids)

    def _on_all_ids(self, ids: list[str]) -> None:
        self.model.choose(ids)

    @Slot()
    def _on_escape(self) -> None:
        if self.filter.edit.hasFocus():
            if self.filter.text():
                self.filter.clear()
            else:
                self.setFocus()
        elif self.moving.running():
            self.moving.stop()
        else:
            self.model.choose(())

    @Slot(int)
    def _on_chosen_changed(self, count: int) -> None:
        words = self.tr("Reassign %1 to…") if count else self.tr("Reassign to…")
        words = words.replace("%1", desk_words.number(count))
        self._reassign.set_words(words)
        self._show_actions()

    def _show_actions(self) -> None:
        tab, moving = self.feed.which(), self.moving.running()
        shut = self._figures is not None and not self._figures.may_lead
        waits = tab in WAITING_TABS and not shut
        any_row = self._stack.currentWidget() is self.table and self.model.rowCount() > 0
        for button in (self._take_back, self._share, self._reassign):
            button.setVisible(waits)
            button.setEnabled(waits and any_row and not moving)
        if tab is Tab.SILENT and not shut:
            self._reassign.setVisible(True)
            self._reassign.setEnabled(any_row)
        self._share.setEnabled(waits and bool(self.model.chosen()) and not moving)
        self._open.setVisible(not waits and not shut)
        self._open.set_words(self.tr("Settle…") if tab is Tab.CONTESTED else self.tr("Open the lead"))
        self._open.set_kind("primary" if tab is Tab.CONTESTED else "plain")  # one thing is loudest
        self._open.setEnabled(any_row)

    # reassigning

    @Slot()
    def ask_whom(self) -> None:
        """Asks to whom the chosen ones go; one key answers."""
        wanted = self._wanted()
        if not self._reassign.isEnabled() or not wanted:
            return
        self._wants = wanted
        if self.feed.which() is Tab.SILENT:
            self._tasks.read(assigning.sellers, then=self._on_sellers, slow=True)
            return
        figures = self._figures
        offered = [caller for caller in figures.callers if caller.doing is not Doing.ABSENT] if figures else []
        now = self._seat.now()
        options = [(caller.name, desk_words.offered(caller, now)) for caller in offered]
        room = (self.height() - fonts.scaled(AROUND_OFFERS)) // fonts.scaled(OFFER_HIGH)
        options = options[: min(MOST_OFFERED, max(3, room))]
        self.asking.ask(self._title(wanted), options, hint=self._absent(), words=self.tr("Another name"))

    def _on_sellers(self, sellers: tuple[str, ...]) -> None:
        options = [(name, name) for name in sellers[: MOST_OFFERED - 2]]
        options += [(TURN, self.tr("Who of sales is there, by turn")), (COMMON, self.tr("The common list of sales"))]
        hint = self.tr("They have as long as the limit of sales, counted from now.")
        self.asking.ask(self._title(self._wants), options, hint=hint)

    def _title(self, wanted: list[str]) -> str:
        if self.feed.which() is Tab.SILENT:
            return self.tr("Who of sales answers %1?").replace("%1", desk_words.number(len(wanted)))
        if len(wanted) > 1:
            return self.tr("Who calls these %1?").replace("%1", desk_words.number(len(wanted)))
        place = self.model.row_of(wanted[0])
        return self.tr("Who calls %1?").replace("%1", self.model.at(place).row.name if place >= 0 else "")

    def _absent(self) -> str:
        away = [c.name for c in self._figures.callers if c.doing is Doing.ABSENT] if self._figures else []
        back = self.tr("They come back by themselves when their limit ends.")
        return f"{back} {self.tr('Absent: %1.').replace('%1', ', '.join(away))}" if away else back

    @Slot(str, str)
    def _on_whom(self, name: str, words: str) -> None:
        member = name or words
        if member and self.feed.which() is Tab.SILENT:
            self._tasks.act(assigning.assign, self._wants, member, then=self._on_assigned, failed=self._on_refused)
        elif member:
            self._begin([(each, member) for each in self._wants], self.tr("Reassigning"))

    def _on_assigned(self, changed: Changed) -> None:
        self.model.choose(())
        self.said.emit(self.tr("%1 given to sales anew").replace("%1", desk_words.number(len(changed.inquiries))))

    @Slot()
    def share_evenly(self) -> None:
        """Shares the chosen ones among the callers who are there."""
        if self._share.isEnabled():
            self._tasks.read(reassigning.share, self.model.chosen(), then=self._on_shares, slow=True)

    def _on_shares(self, pairs: list[tuple[str, str]]) -> None:
        self._begin(pairs, self.tr("Sharing out"))

    @Slot()
    def take_back(self) -> None:
        """The chosen ones are everybody's again."""
        if self._take_back.isEnabled():
            self._begin([(each, "") for each in self._wanted()], self.tr("Taking back"))

    def _begin(self, pairs: list[tuple[str, str]], words: str) -> None:
        if not pairs or self.moving.running():
            return
        self._moving_words = words
        self.moving.begin(pairs)
        self._show_actions()

    def _on_progress(self, progress: Progress) -> None:
        words = f"{self._moving_words} · {progress.done:,} / {progress.total:,}"
        left = (progress.total - progress.done) / progress.rate if progress.rate else 0
        right = self.tr("%1 a second · %2 left").replace("%1", f"{progress.rate:,.0f}")
        right = right.replace("%2", times.timer(round(left * 1000)))
        self._progress.set(words, right, progress.done / progress.total)
        for part in (self._strip, self._progress):
            part.show()

    def _on_moved(self, moved: Moved) -> None:
        self._end_progress()
        self.model.choose(())
        if not moved.count:
            self.said.emit(self.tr("Nothing moved: they are gone meanwhile."))
            return
        parts = [
            self.tr("%1 to %2").replace("%1", desk_words.number(count)).replace("%2", name)
            if name
            else self.tr("%1 taken back").replace("%1", desk_words.number(count))
            for name, count in sorted(moved.members.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        shown = ", ".join(parts[:4]) + ("…" if len(parts) > 4 else "")
        if moved.left:
            shown += " · " + self.tr("%1 were gone").replace("%1", desk_words.number(moved.left))
        if moved.stopped:
            shown += " · " + self.tr("stopped")
        self.undo_offered.emit(shown)

    def _on_move_failed(self, error: ServiceError) -> None:
        self._end_progress()
        self.said.emit(str(error))
        self._show_actions()

    def _end_progress(self) -> None:
        for part in (self._strip, self._progress):
            part.hide()

    @Slot()
    def undo(self) -> None:
        """Takes the last action back: a whole stroke of reassignments at once, or what was settled."""
        if not self.moving.running():
            self._tasks.act(handoff.undo, then=self._on_undone, failed=self._on_refused)

    def _on_undone(self, changed: Changed) -> None:
        count = len(changed.inquiries)
        self.said.emit(self.tr("Taken back: %1").replace("%1", desk_words.number(count)))

    def _on_refused(self, error: ServiceError) -> None:
        self.said.emit(str(error))

    # opening and settling

    @Slot(str)
    def _on_opened(self, inquiry_id: str) -> None:
        if self.feed.which() is Tab.CONTESTED:
            self._tasks.read(settling.contest, inquiry_id, then=self._on_contest, failed=self._on_refused)
        else:
            self.open_wanted.emit(inquiry_id)

    @Slot()
    def _on_open_pressed(self) -> None:
        if self.table.current():
            self._on_opened(self.table.current())

    def _on_contest(self, contest: Contest) -> None:
        self.settling.ask(contest, self._seat.now())

    @Slot(str, str)
    def _on_settled(self, inquiry_id: str, decision: str) -> None:
        self._tasks.act(settling.settle, inquiry_id, decision, then=self._on_settling_kept, failed=self._on_refused)

    def _on_settling_kept(self, _changed: Changed) -> None:
        asked = self.settling.contest()
        self.undo_offered.emit(self.tr("Settled: %1").replace("%1", asked.row.name if asked else ""))

    # sizes

    def _fit_tabs(self) -> None:
        room = self._left.width() - 2 * PAD - 24 - 12 - fonts.scaled(FILTER[0] + 60)
        self.tabs.show_keys(self.tabs.width_with_keys() <= room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Figures and keys go where there is room."""
        super().resizeEvent(event)
        self.cards.fit(self._left.width() - 2 * PAD)
        self._fit_tabs()
