"""Three cards: from inquiry to sale, the time to the first call, and what answers say; each as a picture or a table."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.results import Results
from app.services.results.predicting import Predictions
from app.ui.results import results_words
from app.ui.results.bar_list import BarList
from app.ui.results.chart_card import ChartCard
from app.ui.results.first_calls_chart import FirstCallsChart, bar_words

GAP = 14


class Pictures(QWidget):
    """All three beside each other, one as wide as the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = self.tr("From inquiry to sale"), self.tr("Which answers predict a sale")
        self.funnel_bars = BarList(names[0], bar=14, low=38, high=66)
        self.answer_bars = BarList(names[1], bar=6, low=27, high=52)
        self.chart = FirstCallsChart()
        self.funnel = ChartCard(names[0], self.funnel_bars)
        self.first_calls = ChartCard(self.tr("Time to first call"), self.chart)
        self.answers = ChartCard(names[1], self.answer_bars)
        self._tables = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for card, share in ((self.funnel, 20), (self.first_calls, 21), (self.answers, 20)):
            row.addWidget(card, share)
        self.set_predictions(None)

    def swap(self) -> bool:
        """Tables in the place of the pictures, or the pictures again; whether tables are shown now."""
        self._tables = not self._tables
        for card in (self.funnel, self.first_calls, self.answers):
            card.show_table(self._tables)
        return self._tables

    def set(self, found: Results) -> None:
        """The figures of another period."""
        rows = results_words.funnel(found.figures)
        self.funnel_bars.set_rows(rows)
        self.funnel.say("", results_words.parts(found.figures))
        heads = (self.tr("Step"), self.tr("Count"), self.tr("Share"))
        self.funnel.set_table(heads, [[row.label, row.value, row.detail] for row in rows])
        shown = found.first_calls
        self.chart.set(shown)
        self.first_calls.say(results_words.limit_line(shown), results_words.not_called(shown))
        called = [
            [bar_words(shown, place).partition(":")[0], *map(results_words.number, (bar.in_time, bar.late))]
            for place, bar in enumerate(shown.bars)
            if bar.in_time + bar.late
        ]
        nobody = "" if called else self.tr("Nobody of this period was called yet.")
        self.first_calls.set_table((self.tr("Waited"), self.tr("In time"), self.tr("Over")), called, nobody)

    def set_predictions(self, found: Predictions | None) -> None:
        """What answers say; None: it is not known yet."""
        rows = results_words.answers(found) if found is not None else []
        self.answer_bars.set_rows(rows)
        self.answers.say(results_words.answers_from(found), self.tr("Grey: may be chance.") if rows else "")
        heads = (self.tr("Answer"), self.tr("Lift"), self.tr("Said"), self.tr("Won"))
        table = [
            [f"{row.question}: {row.answer}", f"{row.lift:.2f}×", *map(results_words.number, (row.given, row.won))]
            for row in (found.rows if found is not None else ())
        ]
        self.answers.set_table(heads, table, "" if rows else results_words.few_closed(found))
