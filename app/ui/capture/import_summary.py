"""What an import has done, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.import_terms import Fate, FileReport
from app.ui import fonts, keys
from app.ui.capture import import_words
from app.ui.capture.fate_model import FateModel
from app.ui.capture.fate_table import FateTable
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.figure_tile import FigureTile
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 900
PARTS = (Fate.NEW, Fate.UPDATED, Fate.MERGED, Fate.SKIPPED, Fate.REFUSED)


class ImportSummary(QWidget):
    """Figures, the refused rows, and the way to the calls or to the next file.

    Signals:
        calls_wanted, next_wanted, another_wanted, save_wanted: the buttons.
    """

    calls_wanted = Signal()
    next_wanted = Signal()
    another_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = WrappedLabel(pixels=24, weight=600)
        self._text = WrappedLabel(ink="ink_2")
        self._tiles = {fate: FigureTile(import_words.fate(fate)) for fate in PARTS}
        cap = keys.label("import-rows", "import")
        self._calls = KeyButton(self.tr("Call them now"), cap, kind="primary", icon="phone")
        self._next = KeyButton("", cap, kind="primary")
        self._another = KeyButton(self.tr("Import another"), keys.label("choose-file", "import"))
        self._save = KeyButton(self.tr("Save the refused rows…"), icon="download")
        self._rows = FateModel()
        self._rows.show_only(Fate.REFUSED)
        self._table = FateTable(self._rows)
        self._table.setAccessibleName(self.tr("Refused rows"))
        self._refused = Card()
        self._next_up = False
        self._lay_out()
        self._calls.clicked.connect(self.calls_wanted)
        self._next.clicked.connect(self.next_wanted)
        self._another.clicked.connect(self.another_wanted)
        self._save.clicked.connect(self.save_wanted)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setMaximumWidth(fonts.scaled(WIDTH))
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self._title)
        inside.addWidget(self._text)
        inside.addSpacing(14)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self._tiles.values():
            tile.only_show()
            tiles.addWidget(tile, 1)
        inside.addLayout(tiles)
        inside.addSpacing(14)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._next, self._calls, self._another):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        inside.addSpacing(14)
        below = QVBoxLayout(self._refused)
        below.setContentsMargins(1, 10, 1, 6)
        below.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        self._how_many = ElidedLabel(pixels=size("secondary"), weight=600)
        head.addWidget(self._how_many, 1)
        head.addWidget(self._save)
        below.addLayout(head)
        below.addWidget(self._table, 1)
        inside.addWidget(self._refused, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(22, 28, 22, 22)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        outer.addLayout(row, 1)
        self._spare = QWidget()
        outer.addWidget(self._spare, 1)

    def show_report(self, report: FileReport, seconds: float, *, cancelled: bool, next_file: str) -> None:
        """What became of one file; `next_file` is the one that waits, if there is one."""
        number = import_words.number
        counts = {fate: report.counts.get(fate, 0) for fate in PARTS}
        came_in = counts[Fate.NEW] + counts[Fate.UPDATED] + counts[Fate.MERGED]
        if cancelled:
            one, many = self.tr("Stopped: one row is in, and stays"), self.tr("Stopped: {0} rows are in, and stay")
            self._title.set(import_words.counted(came_in, one, many))
            self._text.set(self.tr("Every row is in whole or not at all. Import the list again to go on: what is in is "
                                   "not doubled."))  # fmt: skip
        else:
            self._title.set(self._done(counts[Fate.NEW], came_in))
            rate = number(round(report.read / seconds)) if seconds > 0 else "–"
            self._text.set(
                self.tr("{0} rows read in {1:.1f} s, {2} a second.").format(number(report.read), seconds, rate)
            )
        for fate, tile in self._tiles.items():
            tile.set(number(counts[fate]))
        self._rows.set_rows(report.rows)
        refused = counts[Fate.REFUSED]
        self._refused.setVisible(refused > 0)
        self._spare.setVisible(not refused)
        shown = self._rows.rowCount()
        told = self.tr("{0} refused").format(number(refused))
        self._how_many.set(
            told if shown == refused else self.tr("{0}, the first {1} of them").format(told, number(shown))
        )
        self._next_up = bool(next_file)
        self._next.setVisible(self._next_up)
        self._next.set_words(self.tr("Next: {0}").format(next_file))
        self._another.setVisible(not self._next_up)
        self._calls.set_kind("plain" if self._next_up else "primary")
        self._calls.set_words(self._calls.text(), "" if self._next_up else keys.label("import-rows", "import"))
        self.setFocusProxy(self._next if self._next_up else self._calls)

    def _done(self, new: int, came_in: int) -> str:
        if not came_in:
            return self.tr("Nothing new: everybody was here already")
        if new == came_in:
            return import_words.counted(new, self.tr("One new inquiry is in"), self.tr("{0} new inquiries are in"))
        return self.tr("{0} rows are in: {1} new inquiries").format(
            import_words.number(came_in), import_words.number(new)
        )

    def go_on(self) -> None:
        """What its key does."""
        if self._next_up:
            self.next_wanted.emit()
        else:
            self.calls_wanted.emit()
