"""The results: what came in, what it cost, what became of it, and what follows from that."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models import periods
from app.models.periods import Period, Span
from app.services.results.view import ResultsView
from app.ui import keys
from app.ui.file_out import FileOut
from app.ui.results import results_words
from app.ui.results.entering_costs import EnteringCosts
from app.ui.results.pictures import GAP, Pictures
from app.ui.results.report_pdf import write_report
from app.ui.results.results_asking import ResultsAsking
from app.ui.results.results_feed import ResultsFeed
from app.ui.results.rows_card import RowsCard
from app.ui.results.tiles import Tiles
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.reason_popup import ReasonPopup
from app.ui.widgets.scrolled import Scrolled

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD = 22
SCROLL = 12  # pixels that a scroll bar takes
SIZES = (484, 258)  # of what stands above and below, at the usual height
QUIET = frozenset({"draft", "claim"})  # kinds of change that no figure counts


class ResultsPage(QWidget):
    """Tiles, three pictures, and a table by source or by caller.

    Signals:
        said: a sentence for a toast.
        import_wanted, capture_wanted: whoever has nobody yet goes there.
    """

    said = Signal(str)
    import_wanted = Signal()
    capture_wanted = Signal()

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._view: ResultsView | None = None
        self.feed = ResultsFeed(tasks, (self._containing(Span.MONTH), ""), self)
        self._head = PageHead(self.tr("Results"))
        self._period = KeyButton(key=keys.label("days", "results"), icon="calendar")
        self._source = KeyButton(self.tr("All sources"), keys.label("source", "results"))
        self._share = KeyButton(self.tr("Share report"), keys.label("share", "results"), kind="primary")
        for button in (self._period, self._source, self._share):
            self._head.add(button)
        self.tiles = Tiles()
        self.pictures = Pictures()
        self.rows = RowsCard()
        self._strip = ProgressStrip(stoppable=True, key="Esc")
        self._above = QWidget()
        self._nothing = EmptyState("bars")
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._stack = QStackedWidget()
        self._lay_out()
        self.popup = ReasonPopup(self)
        self.asking = ResultsAsking(self.popup, self)
        self._entering = EnteringCosts(tasks, self.asking, self)
        kinds = {
            ".pdf": self.tr("Document"), ".xlsx": self.tr("Workbook"), ".csv": self.tr("Table"),
            ".html": self.tr("Page"),
        }  # fmt: skip
        self.sharing = FileOut(tasks, write_report, kinds, self)
        self._connect()
        self._show_choices()

    # how it is laid out

    def _lay_out(self) -> None:
        above, below = QWidget(), QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(PAD, 18, PAD, GAP // 2)
        column.setSpacing(GAP)
        column.addWidget(self.tiles)
        column.addWidget(self.pictures, 1)
        column = QVBoxLayout(below)
        column.setContentsMargins(PAD, GAP // 2, PAD, 18)
        column.addWidget(self.rows)
        self._scroll = Scrolled(above)
        self._splitter.addWidget(self._scroll)
        self._splitter.addWidget(below)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GAP // 2)
        self._splitter.setObjectName("gap")  # its handle is the space between two cards
        self._splitter.setStyleSheet("QSplitter#gap::handle { background: transparent; }")
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes(list(SIZES))
        self._nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        importing, capturing = (keys.label(name, "window") for name in ("import", "capture"))
        self._import = self._nothing.add_action(KeyButton(self.tr("Import a list"), importing))
        self._capture = self._nothing.add_action(KeyButton(self.tr("Capture somebody"), capturing))
        self._stack.addWidget(self._splitter)
        self._stack.addWidget(self._nothing)
        strip = QHBoxLayout(self._above)
        strip.setContentsMargins(PAD, 12, PAD, 0)
        strip.addWidget(self._strip)
        self._above.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(self._above)
        outer.addWidget(self._stack, 1)

    def _connect(self) -> None:
        slots: dict[Any, Any] = {
            self._period.clicked: self.ask_period, self._source.clicked: self.ask_source,
            self._share.clicked: self.share, self.tiles.pressed: self.said,
            self.rows.source_opened: self._on_opened, self.rows.swap_wanted: self.swap,
            self.rows.cost_wanted: self.ask_cost, self.feed.shown: self._on_shown,
            self.feed.predicted: self.pictures.set_predictions, self.feed.progressed: self._on_progress,
            self.feed.stopped: self._on_stopped, self.feed.refused: self._on_refused,
            self._strip.cancelled: self.leave_what_is_shown, self.asking.period_chosen: self.show_period,
            self.asking.source_chosen: self.show_source, self.asking.refused: self.said,
            self._entering.kept: self._on_cost_kept, self._entering.refused: self.said,
            self.sharing.begun: self._on_writing, self.sharing.written: self._on_written,
            self.sharing.failed: self._on_refused, self._import.clicked: self.import_wanted,
            self._capture.clicked: self.capture_wanted, self._tasks.changed: self._on_changed,
            self._tasks.changed_elsewhere: self.feed.refresh,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        spans = {"week": Span.WEEK, "month": Span.MONTH, "quarter": Span.QUARTER, "year": Span.YEAR,
                 "all-time": Span.ALL}  # fmt: skip
        actions = {name: partial(self._show_span, span) for name, span in spans.items()} | {
            "days": self.ask_period, "earlier": self.earlier, "later": self.later, "source": self.ask_source,
            "swap": self.swap, "callers": self.rows.swap, "cost": self.ask_cost, "share": self.share,
            "leave": self.leave_what_is_shown,
        }  # fmt: skip
        for name, action in actions.items():
            keys.bind(name, self, action, "results")
        self.setFocusProxy(self.rows.table)

    # what the window calls

    def arrive(self) -> None:
        """Comes to the front: counts what changed meanwhile."""
        self.feed.wake()

    def leave(self) -> None:
        """Another page comes to the front."""
        self.feed.sleep()
        self.asking.close()

    def splitters(self) -> dict[str, QSplitter]:
        """What is remembered."""
        return {"table": self._splitter}

    def busy(self) -> bool:
        """Whether figures are being counted."""
        return self.feed.reading()

    # which figures

    def _today(self) -> date:
        return periods.today(self._seat.now(), self._seat.settings["zone"])

    def _containing(self, span: Span) -> Period:
        return periods.containing(span, self._today())

    def _show_span(self, span: Span) -> None:
        self.show_period(self._containing(span))

    @Slot(object)
    def show_period(self, period: Period) -> None:
        """The figures of another period."""
        self.feed.show((period, self.feed.which()[1]))
        self._show_choices()

    @Slot(str)
    def show_source(self, source: str) -> None:
        """One source; empty: all."""
        self.feed.show((self.feed.which()[0], source))
        self._show_choices()

    @Slot()
    def earlier(self) -> None:
        """The period before."""
        self.show_period(periods.before(self.feed.which()[0]))

    @Slot()
    def later(self) -> None:
        """The next period."""
        self.show_period(periods.after(self.feed.which()[0]))

    @Slot()
    def ask_period(self) -> None:
        """Asks for another period."""
        self.asking.ask_period(self._today())

    @Slot()
    def ask_source(self) -> None:
        """Asks for one source, the largest first."""
        self._tasks.read(_sources, then=self._on_sources)

    def _on_sources(self, names: list[str]) -> None:
        many = {each.source: each.figures.inquiries for each in self._view.found.by_source} if self._view else {}
        self.asking.ask_source(sorted(names, key=lambda name: (-many.get(name, 0), name.casefold())))

    @Slot(str)
    def _on_opened(self, source: str) -> None:
        self.show_source("" if self.feed.which()[1] else source)

    @Slot()
    def leave_what_is_shown(self) -> None:
        """Stops a count; else all sources are shown again."""
        if not self.feed.stop() and self.feed.which()[1]:
            self.show_source("")

    def _show_choices(self) -> None:
        period, source = self.feed.which()
        self._period.set_words(results_words.period(period))
        self._source.set_words(source or self.tr("All sources"))

    # what was counted

    @Slot(object)
    def _on_shown(self, view: ResultsView) -> None:
        self._view = view
        self._head.set(self.tr("Results"), results_words.subtitle(view))
        self._show_choices()
        self.tiles.set(results_words.tiles(view.found))
        self._fit_tiles()
        self.pictures.set(view.found)
        self.rows.set(view)
        self._show_whether_empty(view)

    def _show_whether_empty(self, view: ResultsView) -> None:
        empty = not view.found.figures.inquiries and not view.found.by_source
        title, text = results_words.nothing(view)
        self._nothing.set("bars", title, text)
        self._nothing.setAccessibleName(title)
        self._nothing.setAccessibleDescription(text)
        self._share.setEnabled(not empty)
        for button in (self._import, self._capture):
            button.setVisible(not view.any_inquiry)
        self._stack.setCurrentWidget(self._nothing if empty else self._splitter)
        self.setFocusProxy(self._nothing if empty else self.rows.table)

    @Slot(float)
    def _on_progress(self, share: float) -> None:
        self._above.setVisible(share < 1)
        words = self.tr("Counting %1").replace("%1", results_words.period(self.feed.which()[0]))
        self._strip.set(words, f"{share:.0%}", share)

    @Slot()
    def _on_stopped(self) -> None:
        if self._view is not None:  # what is shown is of another period, and its name is to say so
            self.feed.show((self._view.period, self._view.found.source))
            self._show_choices()
        self.said.emit(self.tr("Stopped. The figures shown are those that were counted before."))

    @Slot(object)
    def _on_refused(self, error: ServiceError) -> None:
        self.said.emit(str(error))

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _who: object) -> None:
        if changed.inquiries or changed.kinds - QUIET:
            self.feed.refresh()

    @Slot()
    def swap(self) -> None:
        """Tables in the place of the pictures, or the pictures again."""
        self.rows.say_tables(self.pictures.swap())

    # costs and the report

    @Slot()
    def ask_cost(self) -> None:
        """What the source that is shown, or the one under the cursor, cost."""
        if self._view is None or not self._view.may_enter:
            self.said.emit(self.tr("Marketing, team leads and admins enter costs."))
            return
        source = self.feed.which()[1] or self.rows.source()
        if source:
            self._entering.ask(source)

    @Slot()
    def _on_cost_kept(self) -> None:
        self.said.emit(self.tr("The cost is kept."))
        self.feed.read()

    @Slot()
    def share(self) -> None:
        """Asks where the report goes."""
        if self._view is not None and self._share.isEnabled():
            name = f"results-{results_words.period(self._view.period)}"
            self.sharing.ask(self.tr("Share a report"), name, self._view.found, self)

    @Slot(str)
    def _on_writing(self, name: str) -> None:
        self.said.emit(self.tr("Writing %1…").replace("%1", name))

    @Slot(str)
    def _on_written(self, path: str) -> None:
        self.said.emit(self.tr("The report is in %1.").replace("%1", path))

    # sizes

    def _fit_tiles(self) -> None:
        self.tiles.fit(self.width() - 2 * PAD - SCROLL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tiles go where there is room."""
        super().resizeEvent(event)
        self._fit_tiles()


def _sources(seat: Seat) -> list[str]:
    from app.services import sources

    return sources.names(seat)
