"""The results: what came in, what it cost, what became of it, and what follows from that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models import periods
from app.models.periods import Period, Span
from app.services.results import costs
from app.services.results.costs import Cost
from app.services.results.predicting import Predictions
from app.services.results.view import ResultsView
from app.ui import keys
from app.ui.results import results_words
from app.ui.results.bar_list import BarList
from app.ui.results.chart_card import ChartCard
from app.ui.results.figures_table import FiguresTable
from app.ui.results.first_calls_chart import FirstCallsChart, bar_words
from app.ui.results.results_asking import ResultsAsking
from app.ui.results.results_feed import ResultsFeed
from app.ui.results.sharing import Sharing
from app.ui.results.tiles import Tiles
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.reason_popup import ReasonPopup
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.tasks import Tasks

PAD, GAP = 22, 14
SCROLL = 12  # pixels that a scroll bar takes
QUIET = frozenset({"draft", "claim", "setting"})


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
        self._predictions: Predictions | None = None
        self._tables = False
        self.feed = ResultsFeed(tasks, (self._containing(Span.MONTH), ""), self)
        self._head = PageHead(self.tr("Results"))
        self._period = KeyButton(key=keys.label("days", "results"), icon="calendar")
        self._source = KeyButton(self.tr("All sources"), keys.label("source", "results"))
        self._share = KeyButton(self.tr("Share report"), keys.label("share", "results"), kind="primary")
        for button in (self._period, self._source, self._share):
            self._head.add(button)
        self.tiles = Tiles()
        means = self.tr("From inquiry to sale"), self.tr("Which answers predict a sale")
        self._bars = (BarList(means[0], bar=14, low=38, high=50), BarList(means[1], bar=6, low=27, high=36))
        self.chart = FirstCallsChart()
        self.funnel = ChartCard(means[0], self._bars[0])
        self.first_calls = ChartCard(self.tr("Time to first call"), self.chart)
        self.answers = ChartCard(means[1], self._bars[1])
        self.table = FiguresTable(self.tr("Figures by source"))
        self._by = Segmented([("sources", self.tr("By source")), ("callers", self.tr("By caller"))])
        self._swap = KeyButton(self.tr("Tables"), keys.label("swap", "results"), kind="quiet")
        self._costs = KeyButton(self.tr("Costs…"), keys.label("cost", "results"))
        self._nothing = EmptyState("bars")
        self._strip = ProgressStrip(stoppable=True, key="Esc")
        self._above = QWidget()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._stack = QStackedWidget()
        self._lay_out()
        self.popup = ReasonPopup(self)
        self.asking = ResultsAsking(self.popup, self)
        self.sharing = Sharing(tasks, self)
        self._connect()
        self._show_choices()

    # how it is laid out

    def _lay_out(self) -> None:
        self._cards = QHBoxLayout()
        self._cards.setSpacing(GAP)
        for card, share in ((self.funnel, 20), (self.first_calls, 21), (self.answers, 20)):
            self._cards.addWidget(card, share)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(PAD, 18, PAD, GAP // 2)
        column.setSpacing(GAP)
        column.addWidget(self.tiles)
        column.addLayout(self._cards, 1)
        self._scroll = Scrolled(above)
        self._splitter.addWidget(self._scroll)
        self._splitter.addWidget(self._table_below())
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GAP // 2)
        self._splitter.setObjectName("gap")
        self._splitter.setStyleSheet("QSplitter#gap::handle { background: transparent; }")
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([484, 258])
        self._nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._import = self._nothing.add_action(KeyButton(self.tr("Import a list"), keys.label("import", "window")))
        self._capture = self._nothing.add_action(
            KeyButton(self.tr("Capture somebody"), keys.label("capture", "window"))
        )
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

    def _table_below(self) -> QWidget:
        line = QHBoxLayout()
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(self._by)
        line.addSpacing(4)
        line.addWidget(KeyCap(keys.label("callers", "results")))
        line.addStretch(1)
        line.addWidget(self._swap)
        line.addWidget(self._costs)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 4)
        inside.setSpacing(0)
        inside.addLayout(line)
        inside.addWidget(self.table, 1)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(PAD, GAP // 2, PAD, 18)
        column.addWidget(card)
        return below

    def _connect(self) -> None:
        slots: dict[Any, Any] = {
            self._period.clicked: self.ask_period, self._source.clicked: self.ask_source,
            self._share.clicked: self.share, self._by.chosen: self._on_by, self._costs.clicked: self.ask_cost,
            self._swap.clicked: self.swap,
            self.tiles.pressed: self.said, self.table.opened: self._on_opened,
            self.feed.shown: self._on_shown, self.feed.predicted: self._on_predicted,
            self.feed.progressed: self._on_progress, self.feed.stopped: self._on_stopped,
            self.feed.refused: self._on_refused, self._strip.cancelled: self.leave_what_is_shown,
            self.asking.period_chosen: self.show_period, self.asking.source_chosen: self.show_source,
            self.asking.cost_said: self._on_cost, self.asking.correction_said: self._on_correction,
            self.asking.refused: self.said, self.sharing.begun: self._on_writing,
            self.sharing.written: self._on_written, self.sharing.failed: self._on_refused,
            self._import.clicked: self.import_wanted, self._capture.clicked: self.capture_wanted,
            self._tasks.changed: self._on_changed, self._tasks.changed_elsewhere: self.feed.refresh,
        }  # fmt: skip
        for signal, slot in slots.items():
            signal.connect(slot)
        spans = {"week": Span.WEEK, "month": Span.MONTH, "quarter": Span.QUARTER, "year": Span.YEAR,
                 "all-time": Span.ALL}  # fmt: skip
        actions = {name: partial(self._show_span, span) for name, span in spans.items()} | {
            "days": self.ask_period, "earlier": self.earlier, "later": self.later, "source": self.ask_source,
            "swap": self.swap, "callers": self.swap_rows, "cost": self.ask_cost, "share": self.share,
            "leave": self.leave_what_is_shown,
        }  # fmt: skip
        for name, action in actions.items():
            keys.bind(name, self, action, "results")
        self.setFocusProxy(self.table)

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

    def _today(self) -> Any:
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

    @Slot()
    def leave_what_is_shown(self) -> None:
        """Stops a count; else all sources are shown again."""
        if not self.feed.stop() and self.feed.which()[1]:
            self.show_source("")

    @Slot(str)
    def _on_opened(self, name: str) -> None:
        if self._by.current() == "sources":
            self.show_source("" if self.feed.which()[1] else name)

    def _show_choices(self) -> None:
        period, source = self.feed.which()
        self._period.set_words(results_words.period(period))
        self._source.set_words(source or self.tr("All sources"))

    # what was counted

    @Slot(object)
    def _on_shown(self, view: ResultsView) -> None:
        self._view = view
        found = view.found
        self._head.set(self.tr("Results"), results_words.subtitle(view))
        self._show_choices()
        self.tiles.set(results_words.tiles(found))
        self.tiles.fit(self.width() - 2 * PAD - SCROLL)
        self._show_pictures(view)
        self._show_rows()
        self._costs.setVisible(view.may_enter)
        empty = not found.figures.inquiries and not found.by_source
        self._stack.setCurrentWidget(self._nothing if empty else self._splitter)
        self._share.setEnabled(not empty)
        self._say_nothing(view)
        had = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() is not None else False
        self.setFocusProxy(self._nothing if empty else self.table)
        if had and empty != (not self.table.isVisible()):
            self.setFocus()

    def _show_pictures(self, view: ResultsView) -> None:
        found, tr = view.found, self.tr
        rows = results_words.funnel(found.figures)
        self._bars[0].set_rows(rows)
        self.funnel.say("", results_words.parts(found.figures))
        self.funnel.set_table((tr("Step"), tr("Count"), tr("Share")), [[r.label, r.value, r.detail] for r in rows])
        shown = found.first_calls
        self.chart.set(shown)
        self.first_calls.say(results_words.limit_line(shown), results_words.not_called(shown))
        called = [
            [
                bar_words(shown, place).partition(":")[0],
                results_words.number(bar.in_time),
                results_words.number(bar.late),
            ]
            for place, bar in enumerate(shown.bars)
            if bar.in_time + bar.late
        ]
        nobody = "" if called else tr("Nobody of this period was called yet.")
        self.first_calls.set_table((tr("Waited"), tr("In time"), tr("Over")), called, nobody)
        self._show_answers()

    def _show_answers(self) -> None:
        found = self._predictions
        rows = results_words.answers(found) if found is not None else []
        self._bars[1].set_rows(rows)
        self.answers.say(results_words.answers_from(found), self.tr("Grey: may be chance.") if rows else "")
        heads = (self.tr("Answer"), self.tr("Lift"), self.tr("Said"), self.tr("Won"))
        table = [
            [f"{row.question}: {row.answer}", f"{row.lift:.2f}×", results_words.number(row.given),
             results_words.number(row.won)]
            for row in (found.rows if found is not None else ())
        ]  # fmt: skip
        self.answers.set_table(heads, table, "" if rows else results_words.few_closed(found))

    @Slot(object)
    def _on_predicted(self, found: Predictions) -> None:
        self._predictions = found
        self._show_answers()

    def _show_rows(self) -> None:
        if self._view is None:
            return
        found = self._view.found
        if self._by.current() == "sources":
            self.table.setAccessibleName(self.tr("Figures by source"))
            rows = [results_words.source_row(each) for each in found.by_source]
            self.table.set_rows(results_words.source_heads(), rows)
        else:
            self.table.setAccessibleName(self.tr("Figures by caller"))
            self.table.set_rows(
                results_words.caller_heads(), [results_words.caller_row(row) for row in found.by_caller]
            )

    def _say_nothing(self, view: ResultsView) -> None:
        named = results_words.period(view.period)
        if not view.any_inquiry:
            title, text = self.tr("Nobody has asked yet"), self.tr("Figures begin with the first inquiry.")
        else:
            title = self.tr("Nobody asked: %1").replace("%1", named)
            if view.found.source:
                title = self.tr("Nobody asked by %1: %2").replace("%1", view.found.source).replace("%2", named)
            text = self.tr("P shows the period before, D any other, 5 all time.")
            text += " " + self.tr("Esc shows all sources again.") if view.found.source else ""
        self._nothing.set("bars", title, text)
        self._nothing.setAccessibleName(title)
        self._nothing.setAccessibleDescription(text)
        for button in (self._import, self._capture):
            button.setVisible(not view.any_inquiry)

    @Slot(float)
    def _on_progress(self, share: float) -> None:
        self._above.setVisible(share < 1)
        words = self.tr("Counting %1").replace("%1", results_words.period(self.feed.which()[0]))
        self._strip.set(words, f"{share:.0%}", share)

    @Slot(bool)
    def _on_stopped(self, kept: bool) -> None:
        if not kept and self._view is not None:  # what is shown is of another period: say so, rather than show it
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

    # pictures and tables

    @Slot()
    def swap(self) -> None:
        """Tables in the place of the pictures, or the pictures again."""
        self._tables = not self._tables
        self._swap.set_words(self.tr("Pictures") if self._tables else self.tr("Tables"))
        for card in (self.funnel, self.first_calls, self.answers):
            card.show_table(self._tables)

    @Slot()
    def swap_rows(self) -> None:
        """By caller, or by source."""
        self._by.set_current("callers" if self._by.current() == "sources" else "sources")
        self._show_rows()

    @Slot(str)
    def _on_by(self, _key: str) -> None:
        self._show_rows()

    # costs

    @Slot()
    def ask_cost(self) -> None:
        """What the source under the cursor cost."""
        if self._view is None or not self._view.may_enter:
            self.said.emit(self.tr("Marketing, team leads and admins enter costs."))
            return
        source = self.feed.which()[1] or (self.table.current() if self._by.current() == "sources" else "")
        if source:
            self._tasks.read(costs.costs, source, then=partial(self._on_costs, source))

    def _on_costs(self, source: str, found: list[Cost]) -> None:
        self.asking.ask_cost(source, found, self._seat.now())

    @Slot(str, str)
    def _on_cost(self, source: str, words: str) -> None:
        self._tasks.act(_add_cost, source, words, then=self._on_cost_kept, failed=self._on_not_kept)

    @Slot(str, object, str)
    def _on_correction(self, source: str, wrong: Cost, words: str) -> None:
        self._tasks.act(costs.correct, source, wrong, words, then=self._on_cost_kept, failed=self._on_not_kept)

    def _on_cost_kept(self, _changed: Changed) -> None:
        self.said.emit(self.tr("The cost is kept."))
        self.feed.read()

    def _on_not_kept(self, error: ServiceError) -> bool:
        self.said.emit(str(error))
        return True

    # the report

    @Slot()
    def share(self) -> None:
        """Asks where the report goes."""
        if self._view is not None and self._share.isEnabled():
            title = results_words.period(self._view.period)
            self.sharing.ask(title, self._view.found, self)

    @Slot(str)
    def _on_writing(self, name: str) -> None:
        self.said.emit(self.tr("Writing %1…").replace("%1", name))

    @Slot(str)
    def _on_written(self, path: str) -> None:
        self.said.emit(self.tr("The report is in %1.").replace("%1", path))

    # sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tiles go where there is room."""
        super().resizeEvent(event)
        self.tiles.fit(self.width() - 2 * PAD - SCROLL)


def _sources(seat: Seat) -> list[str]:
    from app.services import sources

    return sources.names(seat)


def _add_cost(seat: Seat, source: str, words: str) -> Changed:
    return costs.add(seat, source, costs.understood(seat, words))
