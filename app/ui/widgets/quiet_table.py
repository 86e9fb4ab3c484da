"""A table its page paints: rows of one height, no grid, no selection of Qt's, and letters stay keys of the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, RIGHT, elided
from app.ui.theme import colour, size

HEAD = 32  # pixels at 100 %
PAD = 12


class _Names(QHeaderView):
    """The names of the columns; a style sheet gives no font of its own to a header."""

    def __init__(self, right: frozenset[int], parent: QWidget, *, line_above: bool) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._right, self._line_above = right, line_above
        self.setFixedHeight(fonts.scaled(HEAD))
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, colour("panel"))
        for edge in (rect.top(), rect.bottom()) if self._line_above else (rect.bottom(),):
            painter.fillRect(QRect(rect.left(), edge, rect.width(), 1), colour("line"))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        pad = fonts.scaled(PAD)
        painter.setFont(fonts.font(size("tiny"), 500))
        painter.setPen(colour("ink_2"))
        side = RIGHT if section in self._right else LEFT
        table = self.parentWidget()  # asked of Qt: whoever holds who holds it is never freed without the collector
        if table is not None and section == self.count() - 1:
            rect.setRight(table.width() - 1)  # the bar stands in the padding
        room = rect.adjusted(0 if side is RIGHT else pad, 0, -pad if side is RIGHT else 0, 0)
        painter.drawText(room, side, elided(text, size("tiny"), 500, room.width()))


class QuietTable(QTableView):
    """The ground of all lists; the Tab key leaves it."""

    def __init__(self, model: QAbstractItemModel, high: int, parent: QWidget | None = None) -> None:
        """`high` is that of a row, in pixels at 100 %."""
        super().__init__(parent)
        self.setModel(model)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(20)
        across.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(20)
        down.setDefaultSectionSize(fonts.scaled(high))
        down.hide()
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)  # the row under the pointer

    def share_width(
        self, widths: Mapping[Any, tuple[int, int]], widest: IntEnum, dispensable: IntEnum, narrow: int
    ) -> None:
        """Gives each column its least width, and its share of what is left over; `widest` gets the rest of it.

        All in pixels at 100 %. In a table narrower than `narrow` the dispensable one is hidden.
        """
        wide = self.viewport().width()
        without = wide < fonts.scaled(narrow)
        self.setColumnHidden(dispensable, without)
        shown = [column for column in widths if not (without and column is dispensable)]
        least = {column: fonts.scaled(widths[column][0]) for column in shown}
        over = max(0, wide - sum(least.values()))
        shares = sum(widths[column][1] for column in shown)
        for column in shown:
            self.setColumnWidth(column, least[column] + over * widths[column][1] // shares)
        used = sum(self.columnWidth(column) for column in shown if column is not widest)
        self.setColumnWidth(widest, max(least[widest], wide - used))

    def show_names(self, right: frozenset[int] = frozenset(), *, line_above: bool = False) -> None:
        """Names the columns; those of `right` stand at their right edge. Their widths are the table's own."""
        names = _Names(right, self, line_above=line_above)
        self.setHorizontalHeader(names)
        names.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        names.setMinimumSectionSize(20)
        names.show()
