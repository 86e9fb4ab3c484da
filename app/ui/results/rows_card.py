"""The figures of each source or each caller, row by row."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.results.view import ResultsView
from app.ui import keys
from app.ui.results import results_words
from app.ui.results.figures_table import FiguresTable
from app.ui.widgets.card import Card
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.segmented import Segmented


class RowsCard(Card):
    """By source, or by caller.

    Signals:
        source_opened: Enter on a source. swap_wanted, cost_wanted: a button.
    """

    source_opened = Signal(str)
    swap_wanted = Signal()
    cost_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ResultsView | None = None
        self.by = Segmented([("sources", self.tr("By source")), ("callers", self.tr("By caller"))])
        self.swap_button = KeyButton(self.tr("Tables"), keys.label("swap", "results"), kind="quiet")
        self.cost_button = KeyButton(self.tr("Costs…"), keys.label("cost", "results"))
        self.table = FiguresTable(self.tr("Figures by source"))
        line = QHBoxLayout()
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(self.by)
        line.addSpacing(4)
        line.addWidget(KeyCap(keys.label("callers", "results")))
        line.addStretch(1)
        line.addWidget(self.swap_button)
        line.addWidget(self.cost_button)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 1, 1, 4)
        inside.setSpacing(0)
        inside.addLayout(line)
        inside.addWidget(self.table, 1)
        self.by.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.swap_button.clicked.connect(self.swap_wanted)
        self.cost_button.clicked.connect(self.cost_wanted)

    def set(self, view: ResultsView) -> None:
        """The figures of another period."""
        self._view = view
        self.cost_button.setVisible(view.may_enter)
        self._show()

    def say_tables(self, shown: bool) -> None:
        """Whether tables stand in the place of the pictures."""
        self.swap_button.set_words(self.tr("Pictures") if shown else self.tr("Tables"))

    def source(self) -> str:
        """The source under the cursor; empty where callers are shown."""
        return self.table.current() if self.by.current() == "sources" else ""

    @Slot()
    def swap(self) -> None:
        """Callers in the place of sources, or sources again."""
        self.by.set_current("callers" if self.by.current() == "sources" else "sources")
        self._show()

    def _show(self) -> None:
        if self._view is None:
            return
        found = self._view.found
        if self.by.current() == "sources":
            self.table.setAccessibleName(self.tr("Figures by source"))
            rows = [results_words.source_row(each) for each in found.by_source]
            self.table.set_rows(results_words.source_heads(), rows)
        else:
            self.table.setAccessibleName(self.tr("Figures by caller"))
            rows = [results_words.caller_row(each) for each in found.by_caller]
            self.table.set_rows(results_words.caller_heads(), rows)

    @Slot(str)
    def _on_chosen(self, _key: str) -> None:
        self._show()

    @Slot(str)
    def _on_opened(self, name: str) -> None:
        if self.source():
            self.source_opened.emit(name)
