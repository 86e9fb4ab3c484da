"""The nurture page: who waits on which track until when, and every way out of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.services.nurture.pages import Counts, Kind, List, ListCount, NurtureView
from app.ui import fonts, keys
from app.ui.file_out import FileOut
from app.ui.list_page import ListPage
from app.ui.nurture import nurture_words, verbs
from app.ui.nurture.keeping_tracks import KeepingTracks
from app.ui.nurture.lists_pane import USUAL, ListsPane
from app.ui.nurture.nurture_asking import NurtureAsking
from app.ui.nurture.nurture_feed import NurtureFeed
from app.ui.nurture.nurture_model import NurtureModel
from app.ui.nurture.nurture_table import NurtureTable
from app.ui.nurture.person_pane import PersonPane
from app.ui.nurture.track_form import TrackForm
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.notice import Notice
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.reason_popup import ReasonPopup

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.nurture.mailing_list import MailingList
    from app.services.nurture.waking import Done
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD = 18
NARROW = 1080  # pixels at 100 %: below, the head has no room for a filter beside its buttons


class NurturePage(ListPage):
    """Lists at the left, who waits in the middle, one of them at the right.

    Signals, beside those of a ListPage:
        acknowledged: what was kept (`wake`, `move`, `day`, `consent`, `track`, `export`, `undo`).
    """

    acknowledged = Signal(str)

    PAGE, MODEL, FEED, TABLE = "nurture", NurtureModel, NurtureFeed, NurtureTable
    QUIET = frozenset({"draft", "claim"})

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(seat, tasks, parent)
        self._counts: Counts | None = None
        self._view: NurtureView | None = None
        self.pane = ListsPane()
        self.head = PageHead(self.tr("Waking this week"))
        self._export = KeyButton(self.tr("Mailing list…"), keys.label("export", "nurture"))
        self._wake = KeyButton(self.tr("Wake now"), keys.label("wake", "nurture"), kind="primary")
        for part in (self.filter, self._export, self._wake):
            self.head.add(part)
        self.person = PersonPane()
        self.notice = Notice(self.tr("Close"), tone="accent")
        self._inner = QSplitter(Qt.Orientation.Horizontal)
        self._outer = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.popup = ReasonPopup(self)
        self.asking = NurtureAsking(self.popup, self)
        self.form = TrackForm(self)
        self._tracks = KeepingTracks(tasks, self.form, self)
        self._mailing = FileOut(tasks, verbs.write_list, {".csv": self.tr("Table"), ".xlsx": self.tr("Workbook")}, self)
        self._connect()

    def _lay_out(self) -> None:
        self._inner.addWidget(self._list_card())
        self._inner.addWidget(self.person)
        self._inner.setHandleWidth(14)
        self._inner.setObjectName("gap")  # its handle is the space between two cards
        self._inner.setStyleSheet("QSplitter#gap::handle { background: transparent; }")
        self._inner.setChildrenCollapsible(False)
        self._inner.setStretchFactor(0, 1)
        self._inner.setStretchFactor(1, 0)
        self._inner.setSizes([640, 320])
        below = QVBoxLayout()
        below.setContentsMargins(PAD, PAD, PAD, PAD)
        below.setSpacing(12)
        below.addWidget(self.notice)
        below.addWidget(self._inner, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(below, 1)
        self._outer.addWidget(self.pane)
        self._outer.addWidget(right)
        self._outer.setHandleWidth(1)
        self._outer.setChildrenCollapsible(False)
        self._outer.setStretchFactor(0, 0)
        self._outer.setStretchFactor(1, 1)
        self._outer.setSizes([fonts.scaled(USUAL), 1000])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._outer)

    def _connect(self) -> None:
        slots: dict[Any, Any] = {
            self.pane.lists.chosen: self.show_list, self.pane.lists.left: self._on_lists_left,
            self.pane.new_wanted: self.new_track, self.pane.edit_wanted: self.edit_track,
            self.table.opened: self.open_wanted, self.table.moved: self.feed.open,
            self.feed.opened: self._on_opened, self.feed.closed: self._on_closed, self.person.pressed: self._on_pressed,
            self._export.clicked: self.export, self._wake.clicked: self.wake, self.notice.acted: self._dismiss,
            self.asking.track_chosen: self._on_track, self.asking.day_chosen: self._on_day,
            self.asking.consent_said: self._on_consent, self.asking.refused: self.said,
            self._tracks.kept: self._on_track_kept, self._tracks.refused: self.said,
            self._mailing.begun: self._on_writing, self._mailing.written: self._on_written,
            self._mailing.failed: self._on_failed,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        places = {f"answer-{place + 1}": partial(self._show_place, place) for place in range(9)}
        self._join(places | {
            "wake": self.wake, "move": self.ask_track, "day": self.ask_day, "consent": self.ask_consent,
            "export": self.export, "new-track": self.new_track, "edit-track": self.edit_track,
            "lists": self.pane.lists.setFocus,
        })  # fmt: skip

    # what the window calls

    def leave(self) -> None:
        """Another page comes to the front."""
        super().leave()
        self.asking.close()

    def splitters(self) -> dict[str, QSplitter]:
        """What is remembered."""
        return {"lists": self._outer, "person": self._inner}

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return super().busy() or self._tracks.busy()

    # lists

    @Slot(object)
    def show_list(self, which: List) -> None:
        """Another list."""
        self.notice.say("")
        self.feed.show_list(which)
        self.pane.lists.set_shown(which)
        self.pane.show_actions()
        self._show_head()

    def _show_place(self, place: int) -> None:
        lists = self.pane.lists.lists()
        if place < len(lists):
            self.show_list(lists[place].list)

    @Slot()
    def _on_lists_left(self) -> None:
        (self.table if self._stack.currentWidget() is self.table else self._nothing).setFocus()

    @Slot(int)
    def _on_shown(self, count: int) -> None:
        if not count:
            self.feed.open("")
        elif self.table.current() and self.person.shown() != self.table.current():
            self.feed.open(self.table.current())
        super()._on_shown(count)

    def _nothing_words(self) -> tuple[str, str, str]:
        return nurture_words.nothing(self.feed.which(), self._counts.total if self._counts is not None else 0)

    def _on_counted(self, counts: Counts) -> None:
        self._counts = counts
        self.pane.set_counts(counts)
        self._say_nothing()
        self._show_head()
        self._show_actions()
        if self._view is not None and self.person.shown() == self._view.id:
            self.person.set(self._view, may_change=counts.may_change)

    def _shown_list(self) -> ListCount:
        return self.pane.lists.shown() or ListCount(self.feed.which(), 0)

    def _show_head(self) -> None:
        shown = self._shown_list()
        usual = self._counts.usual_days if self._counts is not None else 0
        self.head.set(nurture_words.title(shown), nurture_words.meaning(shown, usual))

    # who is under the cursor, who is chosen

    @Slot(object)
    def _on_opened(self, view: NurtureView) -> None:
        self._view = view
        self.person.set(view, may_change=self._counts is None or self._counts.may_change)

    @Slot()
    def _on_closed(self) -> None:
        self._view = None
        self.person.clear()

    def _named(self, ids: list[str]) -> str:
        """Whom a sentence is about: a name, or how many."""
        if len(ids) == 1 and self.model.row_of(ids[0]) >= 0:
            return self.model.at(self.model.row_of(ids[0])).name
        return nurture_words.people(len(ids))

    @Slot()
    def _dismiss(self) -> bool:
        said = bool(self.notice.text())
        self.notice.say("")
        return said

    @Slot(int)
    def _on_chosen_changed(self, count: int) -> None:
        words = self.tr("Wake %1 now").replace("%1", nurture_words.number(count)) if count else self.tr("Wake now")
        self._wake.set_words(words)
        self._show_actions()

    def _may_change(self) -> bool:
        return (self._counts is None or self._counts.may_change) and not self.stroke.running()

    def _show_actions(self) -> None:
        any_row = self._any_row()
        self._wake.setEnabled(any_row and self._may_change())
        self._export.setEnabled(any_row and self._doing != "export")

    # doing something with them

    @Slot(str)
    def _on_pressed(self, name: str) -> None:
        """A button beside the person is about that person alone."""
        self.model.choose(())
        {"wake": self.wake, "day": self.ask_day, "move": self.ask_track, "consent": self.ask_consent}[name]()

    @Slot()
    def wake(self) -> None:
        """Back into the queue, now."""
        if self._may_change():
            self._change("wake", self.tr("Waking"), self._wanted(), verbs.wake)

    @Slot()
    def ask_track(self) -> None:
        """Which track they should wait on; a digit answers."""
        self._wants = self._wanted()
        if not self._wants or not self._may_change() or self._counts is None:
            return
        tracks = [each.track for each in self._counts.lists if each.track is not None and not each.track.retired]
        title = self.tr("Which track for %1?").replace("%1", self._named(self._wants))
        self.asking.ask_track(title, tracks, self._seat.now(), self._seat.settings["zone"], self._counts.usual_days)

    @Slot(str)
    def _on_track(self, key: str) -> None:
        self._change("move", self.tr("Moving"), self._wants, verbs.move, key)

    @Slot()
    def ask_day(self) -> None:
        """Until which other day they should wait."""
        self._wants = self._wanted()
        if self._wants and self._may_change():
            title = self.tr("Until when shall %1 wait?").replace("%1", self._named(self._wants))
            self.asking.ask_day(title, self._seat.now(), self._seat.settings["zone"])

    @Slot(object)
    def _on_day(self, until: int | None) -> None:
        self._change("day", self.tr("Putting off"), self._wants, verbs.put_off, until)

    def _change(self, what: str, words: str, ids: list[str], verb: Any, *given: Any) -> None:
        if not self.stroke.running():
            self._wants = list(ids)
            self.notice.say("")
            self._begin(what, words, ids, verb, *given)

    def _on_done(self, what: str, parts: list[Done], stopped: bool) -> None:
        count = sum(part.count for part in parts)
        if not count:
            self.said.emit(self.tr("Nothing changed: they do not wait any more."))
            return
        named = self._named(self._wants) if len(self._wants) == 1 else nurture_words.people(count)
        left = sum(part.left for part in parts)
        self.acknowledged.emit(what)
        self.undo_offered.emit(nurture_words.done(what, named, left, stopped=stopped))

    def _on_undone(self, changed: Changed) -> None:
        self.acknowledged.emit("undo")
        self.said.emit(self.tr("Taken back: %1").replace("%1", nurture_words.number(len(changed.inquiries))))
        self.feed.refresh()

    # consents

    @Slot()
    def ask_consent(self) -> None:
        """What the one under the cursor agrees to."""
        if self._view is not None and self._view.id == self.table.current():
            self.asking.ask_consent(self._view)

    @Slot(str, bool, str)
    def _on_consent(self, purpose: str, given: bool, how: str) -> None:
        if self._view is None:
            return
        self._doing = "consent"
        told = self.tr("%1 agrees to: %2") if given else self.tr("%1 took back: %2")
        told = told.replace("%1", self._view.row.name).replace("%2", nurture_words.purpose(purpose))
        self._tasks.act(
            verbs.consent, self._view.id, purpose, given=given, how=how, then=partial(self._on_consented, told),
            failed=self._on_refused,
        )  # fmt: skip

    def _on_consented(self, told: str, _changed: Changed) -> None:
        self._doing = ""
        self.acknowledged.emit("consent")
        self.undo_offered.emit(told)
        self.feed.refresh()

    # the list for the mailing tool

    @Slot()
    def export(self) -> None:
        """Asks for a file, and writes who of this list may be written to."""
        if not self._export.isEnabled():
            return
        title = self.tr("List for the mailing tool")
        self._mailing.ask(title, nurture_words.title(self._shown_list()), self.feed.which(), self)

    def export_to(self, file: Path) -> None:
        """Writes the list that is shown to a file; says how many were left out, and why."""
        self._mailing.write(file, self.feed.which())

    @Slot(str)
    def _on_writing(self, name: str) -> None:
        self._doing = "export"
        self._progress.set(self.tr("Writing %1…").replace("%1", name))
        self._strip.show()
        self._show_actions()

    @Slot(object)
    def _on_written(self, made: MailingList) -> None:
        self._rest()
        self.notice.say(f"{nurture_words.written(made)} {made.file}")
        self.acknowledged.emit("export")

    # tracks

    @Slot()
    def new_track(self) -> None:
        """A form for a new track."""
        if self._counts is not None and self._counts.may_change:
            self._tracks.new(self._counts.usual_days)

    @Slot()
    def edit_track(self) -> None:
        """The form of the track that is shown; a word that nobody defined becomes a track by it."""
        if self._counts is not None and self._counts.may_change:
            self._tracks.edit(self._shown_list(), self._counts.usual_days)

    @Slot(str)
    def _on_track_kept(self, key: str) -> None:
        self.acknowledged.emit("track")
        self.feed.refresh()
        if self.feed.which().kind is not Kind.TRACK:
            self.show_list(List(Kind.TRACK, key))

    # sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The filter goes where there is room."""
        super().resizeEvent(event)
        wide = fonts.scaled(200 if self.width() > fonts.scaled(NARROW) else 120)
        self.filter.setFixedWidth(wide)
