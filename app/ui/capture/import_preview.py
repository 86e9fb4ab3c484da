"""What an import would do, before it does it: columns and options at the left, fates and rows at the right."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.services.import_forms import Look
from app.services.import_terms import Fate, FileReport, Progress
from app.ui import fonts, keys
from app.ui.capture import import_words
from app.ui.capture.column_list import ColumnList
from app.ui.capture.column_model import ColumnModel
from app.ui.capture.fate_model import FateModel
from app.ui.capture.fate_table import FateTable
from app.ui.capture.form_line import FormLine
from app.ui.capture.import_options_pane import ImportOptionsPane
from app.ui.theme import colour, size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.figure_tile import FigureTile
from app.ui.widgets.notice import Notice
from app.ui.widgets.progress_strip import ProgressStrip
from app.ui.widgets.wrapped_label import WrappedLabel

SIDE = 330  # pixels of the left pane at 100 %
NARROW, NARROW_SIDE = 1100, 278  # of this widget's width, and of the pane then
PARTS = (Fate.NEW, Fate.UPDATED, Fate.MERGED, Fate.SKIPPED, Fate.REFUSED)


class _Pane(QWidget):
    """The left ground."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("panel"))


class _Rule(QWidget):
    """A hairline across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("line"))


class ImportPreview(QWidget):
    """Shows a look and the report of a rehearsal.

    Signals:
        changed: mapping or options are others: what happens has to be found out again.
        stop_wanted: the import under way should stop.
    """

    changed = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = ColumnModel()
        self.rows = FateModel()
        self.list = ColumnList(self.columns)
        self.options = ImportOptionsPane()
        self.table = FateTable(self.rows)
        self.strip = ProgressStrip()
        self.form = FormLine()
        self.answers = Notice(self.tr("What became of leads"), keys.label("as-answers", "import"))
        self.tiles = {fate: FigureTile(import_words.fate(fate)) for fate in PARTS}
        self._hint = WrappedLabel(pixels=size("secondary"), ink="ink_2")
        self._cut = ElidedLabel(pixels=size("tiny"), ink="ink_2")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._right())
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.form)
        self._narrow: bool | None = None
        self.list.changed.connect(self.changed)
        self.options.changed.connect(self.changed)
        for fate, tile in self.tiles.items():
            tile.toggled.connect(lambda on, fate=fate: self._on_tile(fate, on))

    def _left(self) -> QWidget:
        pane = _Pane()
        head = QVBoxLayout()
        head.setContentsMargins(18, 16, 18, 10)
        head.setSpacing(2)
        head.addWidget(ElidedLabel(self.tr("Columns"), weight=600))
        head.addWidget(self._hint)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_Rule())
        column.addWidget(self.list, 1)
        column.addWidget(_Rule())
        column.addWidget(self.options)
        pane.setMinimumWidth(fonts.scaled(240))
        self.say_recognised()
        return pane

    def _right(self) -> QWidget:
        right = QWidget()
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles.values():
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            tiles.addWidget(tile, 1)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 4, 1, 4)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 4)
        foot.addWidget(self._cut)
        inside.addLayout(foot)
        self._cut.hide()
        below = Card()
        strip = QVBoxLayout(below)
        strip.setContentsMargins(17, 11, 17, 12)
        strip.addWidget(self.strip)
        column = QVBoxLayout(right)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(14)
        column.addWidget(self.answers)
        column.addLayout(tiles)
        column.addWidget(card, 1)
        column.addWidget(below)
        return right

    # what it shows

    def show_look(self, look: Look, mapping: Mapping[str, str]) -> None:
        """The columns of a list; its rows are not known yet."""
        self.columns.set_columns(look.columns, mapping)
        self.rows.set_rows([])
        self._cut.hide()
        for tile in self.tiles.values():
            tile.setChecked(False)
            tile.set("–")

    def offer_answers(self, column: str) -> None:
        """Says which column may say what became of leads; empty: none does."""
        words = self.tr("“{0}” may say what became of leads that sales has got. Is that what the list is for?")
        self.answers.say(words.format(column) if column else "")

    def show_report(self, report: FileReport) -> None:
        """What would happen, or has happened, to each row."""
        for fate, tile in self.tiles.items():
            tile.set(import_words.number(report.counts.get(fate, 0)))
        self.rows.set_rows(report.rows)
        self.table.say_when_empty(self.tr("No row has come to this."))
        shown = len(report.rows)
        self._cut.setVisible(shown < report.read)
        self._cut.set(
            self.tr("{0} of {1} rows are listed: the first of each kind.").format(
                import_words.number(shown), import_words.number(report.read)
            )
        )

    def show_progress(self, told: Progress, seconds: float, text: str) -> None:
        """How far it has come, with rows a second and the time that is left."""
        share = told.bytes_done / told.bytes_total if told.bytes_total else 0.0
        right = []
        if seconds > 0.3:
            right.append(self.tr("{0} rows/s").format(import_words.number(round(told.rows / seconds))))
            if 0 < share < 1:
                right.append(import_words.time_left(seconds / share - seconds))
        self.strip.set(text, " · ".join(right), share)

    def show_counts(self, told: Progress) -> None:
        """The figures while rows go in."""
        for fate, tile in self.tiles.items():
            tile.set(import_words.number(told.counts.get(fate, 0)))

    def say_recognised(self, form: str = "") -> None:
        """Where the mapping comes from."""
        if form:
            self._hint.set(self.tr("As in “{0}”. Press one to change it.").format(form))
        else:
            self._hint.set(self.tr("Recognised by name and by what is in them. Press one to change it."))

    def set_busy(self, busy: bool) -> None:
        """While rows go in, columns and options stay as they are."""
        for part in (self.list, self.options, self.form, self.answers):
            part.setEnabled(not busy)

    # inside

    def _on_tile(self, fate: Fate, on: bool) -> None:
        if on:
            for other, tile in self.tiles.items():
                if other is not fate:
                    tile.setChecked(False)
            self.rows.show_only(fate)
        elif not any(tile.isChecked() for tile in self.tiles.values()):
            self.rows.show_only(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower pane in a narrow window; a place that was chosen by hand stays until then."""
        super().resizeEvent(event)
        narrow = self.width() < fonts.scaled(NARROW)
        if narrow is not self._narrow:
            self._narrow = narrow
            side = fonts.scaled(NARROW_SIDE if narrow else SIDE)
            self.splitter.setSizes([side, max(1, self.width() - side)])
