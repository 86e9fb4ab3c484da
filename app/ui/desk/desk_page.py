"""The desk of a team lead: who waits too long and with whom, and the hand that shares it out anew."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.services.desk import reassigning, settling
from app.services.desk.figures import DeskFigures
from app.services.desk.pages import How, Tab
from app.services.desk.settling import Contest
from app.services.sales import assigning
from app.ui import fonts, keys, times
from app.ui.desk import desk_words
from app.ui.desk.asking_whom import AskingWhom
from app.ui.desk.desk_cards import DeskCards
from app.ui.desk.desk_feed import DeskFeed
from app.ui.desk.desk_model import DeskModel
from app.ui.desk.desk_table import DeskTable
from app.ui.desk.desk_tabs import DeskTabs
from app.ui.desk.same_or_other import SameOrOther
from app.ui.desk.settle_popup import SettlePopup
from app.ui.desk.side_pane import SidePane
from app.ui.list_page import ListPage
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.notice import Notice
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.reason_popup import ReasonPopup

if TYPE_CHECKING:
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD = 22
FILTER = (110, 240)  # pixels at 100 %, least and most
WAITING_TABS = frozenset({Tab.STALE, Tab.WAITING, Tab.HELD})


class DeskPage(ListPage):
    """Figures, lists and callers; reassigning, sharing, taking back and settling. Its signals are a ListPage's."""

    PAGE, MODEL, FEED, TABLE = "desk", DeskModel, DeskFeed, DeskTable

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(seat, tasks, parent)
        self._figures: DeskFigures | None = None
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
        self._offline = Notice()
        self.side = SidePane()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.asking = ReasonPopup(self)
        self._whom = AskingWhom(self.asking, self)
        self._same = SameOrOther(ReasonPopup(self), tasks, self)
        self.settling = SettlePopup(self)
        self._connect()
        self.tabs.set_current(Tab.STALE.value)

    def _names(self) -> dict[Tab, str]:
        return {
            Tab.STALE: self.tr("Stale"), Tab.WAITING: self.tr("All waiting"), Tab.HELD: self.tr("Held"),
            Tab.CONTESTED: self.tr("Contested"), Tab.SILENT: self.tr("Sales silent"),
        }  # fmt: skip

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(self.tabs)
        line.addStretch(1)
        self.filter.setMinimumWidth(fonts.scaled(FILTER[0]))
        self.filter.setMaximumWidth(fonts.scaled(FILTER[1]))
        line.addWidget(self.filter, 100)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(PAD, 18, PAD, 18)
        column.setSpacing(14)
        column.addWidget(self._offline)
        column.addWidget(self.cards)
        column.addWidget(self._list_card(line), 1)
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
        slots: dict[Any, Any] = {
            self.tabs.chosen: self._on_tab, self.cards.wanted: self.tabs.set_current,
            self.table.opened: self._on_opened, self.side.caller_picked: self._on_caller_picked,
            self._reassign.clicked: self.ask_whom, self._share.clicked: self.share_evenly,
            self._take_back.clicked: self.take_back, self._open.clicked: self._on_open_pressed,
            self._whom.chosen: self._on_whom, self.settling.chosen: self._on_settled, self._same.said: self.said,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        tabs = {tab.value: partial(self.tabs.set_current, tab.value) for tab in Tab}
        self._join(tabs | {"reassign": self.ask_whom, "share": self.share_evenly, "take-back": self.take_back})

    # what the window calls

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

    def _nothing_words(self) -> tuple[str, str, str]:
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
            Tab.CONTESTED.value: desk_words.number(figures.to_settle) if figures.to_settle else "",
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
        self._say_nothing()
        self._show_actions()

    @Slot(str)
    def _on_caller_picked(self, name: str) -> None:
        if self.feed.which() not in WAITING_TABS:
            self.tabs.set_current(Tab.WAITING.value)
        self.filter.set_text(f"@{name}")

    @Slot(int)
    def _on_chosen_changed(self, count: int) -> None:
        words = self.tr("Reassign %1 to…") if count else self.tr("Reassign to…")
        words = words.replace("%1", desk_words.number(count))
        self._reassign.set_words(words)
        self._show_actions()

    def _show_actions(self) -> None:
        tab, moving = self.feed.which(), self.stroke.running()
        shut = self._figures is not None and not self._figures.may_lead
        waits = tab in WAITING_TABS and not shut
        any_row = self._any_row()
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
        callers = self._figures.callers if self._figures is not None else ()
        place = self.model.row_of(wanted[0])
        name = self.model.at(place).row.name if place >= 0 else ""
        self._whom.ask_caller(len(wanted), name, callers, self._seat.now(), self.height())

    def _on_sellers(self, sellers: tuple[str, ...]) -> None:
        self._whom.ask_seller(len(self._wants), sellers)

    @Slot(str)
    def _on_whom(self, member: str) -> None:
        if self.feed.which() is Tab.SILENT:
            self._tasks.act(assigning.assign, self._wants, member, then=self._on_assigned, failed=self._on_refused)
        else:
            self._move("reassign", self.tr("Reassigning"), [(each, member) for each in self._wants])

    def _on_assigned(self, changed: Changed) -> None:
        self.model.choose(())
        self.said.emit(self.tr("%1 given to sales anew").replace("%1", desk_words.number(len(changed.inquiries))))

    @Slot()
    def share_evenly(self) -> None:
        """Shares the chosen ones among the callers who are there."""
        if self._share.isEnabled():
            self._tasks.read(reassigning.share, self.model.chosen(), then=self._on_shares, slow=True)

    def _on_shares(self, pairs: list[tuple[str, str]]) -> None:
        self._move("share", self.tr("Sharing out"), pairs)

    @Slot()
    def take_back(self) -> None:
        """The chosen ones are everybody's again."""
        if self._take_back.isEnabled():
            self._move("take-back", self.tr("Taking back"), [(each, "") for each in self._wanted()])

    def _move(self, what: str, words: str, pairs: list[tuple[str, str]]) -> None:
        self._begin(what, words, pairs, reassigning.move)

    def _on_done(self, what: str, parts: list[reassigning.Move], stopped: bool) -> None:
        words = desk_words.moved(parts, stopped=stopped)
        if words:
            self.undo_offered.emit(words)
        else:
            self.said.emit(self.tr("Nothing moved: they are gone meanwhile."))

    def _on_undone(self, changed: Changed) -> None:
        count = len(changed.inquiries)
        self.said.emit(self.tr("Taken back: %1").replace("%1", desk_words.number(count)))

    # opening and settling

    @Slot(str)
    def _on_opened(self, inquiry_id: str) -> None:
        if self.feed.which() is Tab.CONTESTED and self.model.row_of(inquiry_id) >= 0:
            if self.model.at(self.model.row_of(inquiry_id)).how is How.HIDDEN:
                self._same.ask(inquiry_id, self._seat.now())
                return
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
