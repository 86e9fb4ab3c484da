"""The nurture page: who waits on which track until when, and every way out of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.services.nurture import Counts, Kind, List, ListCount, NurtureView
from app.ui import fonts, keys, times
from app.ui.calls.find_field import FindField
from app.ui.calls.reason_popup import ReasonPopup
from app.ui.nurture import nurture_words
from app.ui.nurture.changing import Changing
from app.ui.nurture.lists_pane import USUAL, ListsPane
from app.ui.nurture.nurture_asking import NurtureAsking
from app.ui.nurture.nurture_feed import NurtureFeed
from app.ui.nurture.nurture_model import NurtureModel
from app.ui.nurture.nurture_table import NurtureTable
from app.ui.nurture.person_pane import PersonPane
from app.ui.nurture.track_form import TrackForm
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.notice import Notice
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.mailing_list import MailingList
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD = 18
NARROW = 1080  # pixels at 100 %: below, the head has no room for a filter beside its buttons
QUIET = frozenset({"draft", "claim"})


class NurturePage(QWidget):
    """Lists at the left, who waits in the middle, one of them at the right.

    Signals:
        said: a sentence for a toast. undo_offered: one that can be taken back with `undo`.
        open_wanted: the inquiry to show on the call page.
        acknowledged: what was kept (`wake`, `move`, `day`, `consent`, `track`, `export`, `undo`).
    """

    said = Signal(str)
    undo_offered = Signal(str)
    open_wanted = Signal(str)
    acknowledged = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._counts: Counts | None = None
        self._view: NurtureView | None = None
        self._wants: list[str] = []  # whom the open question is about
        self._doing = ""
        self.model = NurtureModel(self)
        self.feed = NurtureFeed(tasks, self.model, self)
        self.changing = Changing(tasks, self)
        self.pane = ListsPane()
        self.head = PageHead(self.tr("Waking this week"))
        self.filter = FindField()
        self.filter.edit.setPlaceholderText(self.tr("Filter"))
        self.filter.edit.setAccessibleName(self.tr("Filter"))
        self._export = KeyButton(self.tr("Mailing list…"), keys.label("export", "nurture"))
        self._wake = KeyButton(self.tr("Wake now"), keys.label("wake", "nurture"), kind="primary")
        for part in (self.filter, self._export, self._wake):
            self.head.add(part)
        self.table = NurtureTable(self.model)
        self.person = PersonPane()
        self.notice = Notice(self.tr("Close"), tone="accent")
        self._nothing = EmptyState("leaf")
        self._nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._progress = ProgressStrip(stoppable=True, key="Esc")
        self._stack = QStackedWidget()
        self._inner = QSplitter(Qt.Orientation.Horizontal)
        self._outer = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.popup = ReasonPopup(self)
        self.asking = NurtureAsking(self.popup, self)
        self.form = TrackForm(self)
        self._connect()
        self._bind_keys()
        self._on_chosen_changed(0)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        card = Card()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        self._strip = QWidget()
        strip = QVBoxLayout(self._strip)
        strip.setContentsMargins(12, 10, 12, 6)
        strip.addWidget(self._progress)
        self._strip.hide()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 5, 1, 6)
        inside.setSpacing(0)
        inside.addWidget(self._strip)
        inside.addWidget(self._stack, 1)
        self._inner.addWidget(card)
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
            self.filter.typed: self.feed.narrow,
            self.filter.left_downwards: self.table.setFocus, self.table.opened: self.open_wanted,
            self.table.moved: self.feed.open, self.model.chosen_changed: self._on_chosen_changed,
            self.feed.shown: self._on_shown, self.feed.counted: self._on_counted, self.feed.opened: self._on_opened,
            self.feed.closed: self._on_closed, self.person.pressed: self._on_pressed,
            self._export.clicked: self.export, self._wake.clicked: self.wake, self.notice.acted: self._on_notice,
            self.asking.track_chosen: self._on_track, self.asking.day_chosen: self._on_day,
            self.asking.consent_said: self._on_consent, self.asking.refused: self.said,
            self.form.kept: self._on_form, self.changing.progressed: self._on_progress,
            self.changing.ended: self._on_ended, self.changing.failed: self._on_failed,
            self._progress.cancelled: self.changing.stop, self._tasks.changed: self._on_changed,
            self._tasks.changed_elsewhere: self.feed.refresh,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)

    def _bind_keys(self) -> None:
        actions: dict[str, Any] = {
            "wake": self.wake, "move": self.ask_track, "day": self.ask_day, "consent": self.ask_consent,
            "export": self.export, "filter": self.filter.edit.setFocus, "new-track": self.new_track,
            "edit-track": self.edit_track, "lists": self.pane.lists.setFocus, "undo": self.undo,
            "clear-chosen": self._on_escape,
        }  # fmt: skip
        for name, slot in actions.items():
            keys.bind(name, self, slot, "nurture")
        for place in range(9):
            keys.bind(f"answer-{place + 1}", self, partial(self._show_place, place), "nurture")
        every = QShortcut(QKeySequence(keys.NURTURE["choose-all"].sequence), self.table)
        every.setContext(Qt.ShortcutContext.WidgetShortcut)
        every.activated.connect(self.choose_all)

    # what the window calls

    def arrive(self) -> None:
        """Comes to the front: reads what changed."""
        self.feed.wake()

    def leave(self) -> None:
        """Another page comes to the front."""
        self.feed.sleep()
        self.asking.close()

    def splitters(self) -> dict[str, QSplitter]:
        """What is remembered."""
        return {"lists": self._outer, "person": self._inner}

    def busy(self) -> bool:
        """Whether a key's effect is still awaited."""
        return bool(self._doing)

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
            self._say_nothing()
            self.feed.open("")
        elif self.table.current() and self.person.shown() != self.table.current():
            self.feed.open(self.table.current())
        had_keyboard = self.table.hasFocus() or self._nothing.hasFocus()
        current = self.table if count else self._nothing
        self._stack.setCurrentWidget(current)
        self.setFocusProxy(current)
        if had_keyboard:
            current.setFocus()  # Qt would go on to the next button of the window, and no key of the page would work
        self._show_actions()

    def _say_nothing(self) -> None:
        said = self._nothing_words()
        self._nothing.set(*said)
        self._nothing.setAccessibleName(said[1])
        self._nothing.setAccessibleDescription(said[2])

    def _nothing_words(self) -> tuple[str, str, str]:
        text, total = self.feed.text(), self._counts.total if self._counts is not None else 0
        if text:
            fits = self.tr("Nobody here fits “%1”").replace("%1", text)
            return "search", fits, self.tr("Esc in the filter shows all of them again.")
        if not total:
            how = self.tr("Whom callers or sales put off comes here, with the reason and a day to wake.")
            return "leaf", self.tr("Nobody waits in nurture"), how
        return {
            Kind.SOON: ("check", self.tr("Nobody wakes this week"),
                        self.tr("Everybody else is on the lists at the left.")),
            Kind.RETURNED: ("check", self.tr("Sales has returned nobody"),
                            self.tr("Leads that sales wants later come here first.")),
            Kind.NONE: ("check", self.tr("Everybody is on a track"), self.tr("Callers choose it when they decide.")),
        }.get(self.feed.which().kind, ("leaf", self.tr("Nobody waits on this track"),
                                      self.tr("M moves people here from another list.")))  # fmt: skip

    def _on_counted(self, counts: Counts) -> None:
        self._counts = counts
        self.pane.set_counts(counts)
        if self._stack.currentWidget() is self._nothing:
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

    def _wanted(self) -> list[str]:
        """Who is chosen; nobody chosen: who is under the cursor."""
        chosen = self.model.chosen()
        if chosen:
            return chosen
        return [self.table.current()] if self.table.current() and self._stack.currentWidget() is self.table else []

    def _named(self, ids: list[str]) -> str:
        """Whom a sentence is about: a name, or how many."""
        if len(ids) == 1 and self.model.row_of(ids[0]) >= 0:
            return self.model.at(self.model.row_of(ids[0])).name
        return self.tr("%1 people").replace("%1", nurture_words.number(len(ids)))

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
        elif self.changing.running():
            self.changing.stop()
        elif self.notice.text():
            self.notice.say("")
        else:
            self.model.choose(())

    @Slot(int)
    def _on_chosen_changed(self, count: int) -> None:
        words = self.tr("Wake %1 now").replace("%1", nurture_words.number(count)) if count else self.tr("Wake now")
        self._wake.set_words(words)
        self._show_actions()

    def _may_change(self) -> bool:
        return (self._counts is None or self._counts.may_change) and not self.changing.running()

    def _show_actions(self) -> None:
        any_row = self._stack.currentWidget() is self.table and self.model.rowCount() > 0
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
            self._begin("wake", self._wanted(), _wake)

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
        self._begin("move", self._wants, _move, key)

    @Slot()
    def ask_day(self) -> None:
        """Until which other day they should wait."""
        self._wants = self._wanted()
        if self._wants and self._may_change():
            title = self.tr("Until when shall %1 wait?").replace("%1", self._named(self._wants))
            self.asking.ask_day(title, self._seat.now(), self._seat.settings["zone"])

    @Slot(object)
    def _on_day(self, until: int | None) -> None:
        self._begin("day", self._wants, _put_off, until)

    def _begin(self, what: str, ids: list[str], verb: Any, *given: Any) -> None:
        if not ids or self.changing.running():
            return
        self._doing, self._wants = what, list(ids)
        self.notice.say("")
        self.changing.begin(ids, verb, *given)
        self._show_actions()

    @Slot(int, int, float)
    def _on_progress(self, done: int, total: int, rate: float) -> None:
        what = {"wake": self.tr("Waking"), "move": self.tr("Moving"), "day": self.tr("Putting off")}[self._doing]
        left = (total - done) / rate if rate else 0
        right = self.tr("%1 a second · %2 left").replace("%1", f"{rate:,.0f}")
        self._progress.set(f"{what} · {done:,} / {total:,}", right.replace("%2", times.timer(round(left * 1000))),
                           done / total)  # fmt: skip
        self._strip.show()

    @Slot(int, int, bool)
    def _on_ended(self, count: int, left: int, stopped: bool) -> None:
        what, self._doing = self._doing, ""
        self._strip.hide()
        self.model.choose(())
        self._show_actions()
        self.feed.refresh()
        if not count:
            self.said.emit(self.tr("Nothing changed: they do not wait any more."))
            return
        named = self._named(self._wants) if count == 1 else self.tr("%1 people").replace(
            "%1", nurture_words.number(count)
        )  # fmt: skip
        words = {
            "wake": self.tr("Back in the queue: %1"), "move": self.tr("On another track: %1"),
            "day": self.tr("Wait until another day: %1"),
        }[what].replace("%1", named)  # fmt: skip
        if left:
            words += " · " + self.tr("%1 did not wait any more").replace("%1", nurture_words.number(left))
        if stopped:
            words += " · " + self.tr("stopped")
        self.acknowledged.emit(what)
        self.undo_offered.emit(words)

    def _on_failed(self, error: ServiceError) -> None:
        self._doing = ""
        self._strip.hide()
        self.said.emit(str(error))
        self._show_actions()
        self.feed.refresh()

    @Slot()
    def undo(self) -> None:
        """Takes the last action back: all that was done in one stroke at once."""
        if not self.changing.running():
            self._tasks.act(_undo, then=self._on_undone, failed=self._on_refused)

    def _on_undone(self, changed: Changed) -> None:
        count = nurture_words.number(len(changed.inquiries))
        self.acknowledged.emit("undo")
        self.said.emit(self.tr("Taken back: %1").replace("%1", count))
        self.feed.refresh()

    def _on_refused(self, error: ServiceError) -> None:
        self._doing = ""
        self.said.emit(str(error))

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
            _consent, self._view.id, purpose, given=given, how=how, then=partial(self._on_consented, told),
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
        name = "".join(sign if sign.isalnum() else "-" for sign in nurture_words.title(self._shown_list())).strip("-")
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("List for the mailing tool"), str(Path.home() / f"{name.lower()}.csv"),
            self.tr("Lists (*.csv *.xlsx)"),
        )  # fmt: skip
        if path:
            file = Path(path)
            self.export_to(file if file.suffix.lower() in {".csv", ".xlsx"} else file.with_name(f"{file.name}.csv"))

    def export_to(self, file: Path) -> None:
        """Writes the list that is shown to a file; says how many were left out, and why."""
        self._doing = "export"
        self._progress.set(self.tr("Writing %1…").replace("%1", file.name))
        self._strip.show()
        self._show_actions()
        self._tasks.read(_write_list, file, self.feed.which(), slow=True, then=self._on_written,
                         failed=self._on_not_written)  # fmt: skip

    @Slot(object)
    def _on_written(self, made: MailingList) -> None:
        self._doing = ""
        self._strip.hide()
        self._show_actions()
        self.notice.say(f"{nurture_words.written(made)} {made.file}")
        self.acknowledged.emit("export")

    def _on_not_written(self, error: ServiceError) -> None:
        self._strip.hide()
        self._on_refused(error)
        self._show_actions()

    @Slot()
    def _on_notice(self) -> None:
        self.notice.say("")

    # tracks

    @Slot()
    def new_track(self) -> None:
        """A form for a new track."""
        if self._counts is not None and self._counts.may_change:
            self.form.edit(None, self._counts.usual_days)

    @Slot()
    def edit_track(self) -> None:
        """The form of the track that is shown; a word that nobody defined becomes a track by it."""
        shown = self._shown_list()
        if self._counts is None or not self._counts.may_change:
            return
        if shown.list.kind is not Kind.TRACK:
            self.said.emit(self.tr("Choose a track at the left: this list is none."))
            return
        self.form.edit(shown.track, self._counts.usual_days)
        if shown.track is None:
            self.form.name.set_text(shown.list.track)

    @Slot(str, dict)
    def _on_form(self, key: str, given: dict[str, Any]) -> None:
        name = given.get("name", "")
        named = given if key else {field: value for field, value in given.items() if field != "name"}
        self._doing = "track"
        self._tasks.act(_define, key or name, then=partial(self._on_defined, key or name), failed=self._on_not_defined,
                        **named)  # fmt: skip

    def _on_defined(self, key: str, _changed: Changed) -> None:
        self._doing = ""
        self.form.close_quietly()
        self.acknowledged.emit("track")
        self.feed.refresh()
        if self.feed.which().kind is not Kind.TRACK:
            self.show_list(List(Kind.TRACK, key))

    def _on_not_defined(self, error: ServiceError) -> None:
        self._doing = ""
        self.form.refuse(str(error))

    # what changed

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _who: object) -> None:
        if changed.inquiries or changed.kinds - QUIET:
            self.feed.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The filter goes where there is room."""
        super().resizeEvent(event)
        wide = fonts.scaled(200 if self.width() > fonts.scaled(NARROW) else 120)
        self.filter.setFixedWidth(wide)


# Imported on the writer thread: the first of them brings SQLAlchemy.


def _wake(seat: Seat, ids: list[str], **named: Any) -> Any:
    from app.services import waking

    return waking.wake(seat, ids, **named)


def _move(seat: Seat, ids: list[str], track: str, **named: Any) -> Any:
    from app.services import waking

    return waking.move(seat, ids, track, **named)


def _put_off(seat: Seat, ids: list[str], until: int | None, **named: Any) -> Any:
    from app.services import waking

    return waking.put_off(seat, ids, until, **named)


def _undo(seat: Seat) -> Changed:
    from app.services import handoff

    return handoff.undo(seat)


def _consent(seat: Seat, inquiry_id: str, purpose: str, **named: Any) -> Changed:
    from app.services import consents

    return consents.record(seat, inquiry_id, purpose, **named)


def _define(seat: Seat, key: str, **named: Any) -> Changed:
    from app.services import tracks

    return tracks.define(seat, key, **named)


def _write_list(seat: Seat, file: Path, which: List) -> MailingList:
    from app.services import mailing_list

    return mailing_list.write(seat, file, which)
