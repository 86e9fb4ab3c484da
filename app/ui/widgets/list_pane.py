"""The left pane of a page: what is listed and how much of it matters now, Find, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.painting import advance, side_pad
from app.ui.theme import colour, size
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.find_field import FindField
from app.ui.widgets.wrapped_label import WrappedLabel

ABOVE, BELOW = 17, 11  # pixels at 100 %, around the head


class ListPane(QWidget):
    """What left panes share. One of its own makes `model` and `list`, calls `_lay_out`, and says what the head tells.

    Signals:
        opened: the id of what was chosen in the list.
    """

    opened = Signal(str)

    model: Any  # tells `ids` in their order, and `row_of` one
    list: Any  # a QuietTable that tells what was `opened`

    def __init__(self, tone: str, parent: QWidget | None = None) -> None:
        """`tone` is that of the chip beside the title."""
        super().__init__(parent)
        self.find_field = FindField(self)  # before the list: the Tab key goes in the order of making
        self._whole, self._tone = "", tone
        self._title = ElidedLabel(pixels=size("heading"), weight=600, parent=self)
        self._chip = Chip("", tone, self)
        self._line = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._nothing = WrappedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        self._lines: Sequence[str] = ("",)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(8)
        self._tools.addWidget(self.find_field, 1)
        self._head = QWidget(self)
        self._column = QVBoxLayout(self._head)
        self._column.setSpacing(4)
        self._column.addLayout(top)
        self._column.addWidget(self._line)
        self._column.addSpacing(6)
        self._column.addLayout(self._tools)
        self._column.addWidget(self._nothing)
        self._nothing.hide()
        self._chip.hide()

    def _lay_out(self, title: str) -> None:
        """The head, and the list below it; `title` is what is listed."""
        self._whole = title
        self.set_found("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.list.opened.connect(self.opened)
        self.find_field.left_downwards.connect(self._on_left_downwards)

    def _set_lines(self, lines: Sequence[str], chip: str) -> None:
        """What stands below the title, the longest form first, and beside it."""
        self._lines = lines
        self._choose_line()
        self._chip.set(chip, self._tone)

    def _choose_line(self) -> None:
        """The longest form that fits."""
        room = self.width() - 2 * side_pad(self.width())
        fitting = (line for line in self._lines if advance(line, size("secondary")) <= room)
        self._line.set(next(fitting, self._lines[-1]))

    def set_found(self, words: str) -> None:
        """What the list shows instead of everything, such as `3 found`; empty for everything."""
        self._title.set(words or self._whole)

    def set_nothing(self, words: str) -> None:
        """Why the list is empty; empty words take them away."""
        self._nothing.set(words)
        self._nothing.setVisible(bool(words))

    def _on_left_downwards(self) -> None:
        self.list.setFocus()
        ids = self.model.ids()
        if ids and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(self.model.row_of(ids[0]), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shortens the head where it is narrow."""
        super().resizeEvent(event)
        side = side_pad(self.width())
        self._column.setContentsMargins(side, fonts.scaled(ABOVE), side, fonts.scaled(BELOW))
        self._choose_line()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the line below the head."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, self._head.height() - 1, self.width(), 1), colour("line"))
