"""A picture on a card with its name, and the same figures as a table in its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.ui.results.figures_table import FiguresTable
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.wrapped_label import WrappedLabel

PAD = 18


class ChartCard(Card):
    """Title, what the picture shows, the picture or its table, and a line below."""

    def __init__(self, title: str, picture: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(title, weight=600, parent=self)
        self._text = ElidedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        self._below = WrappedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        self.picture = picture
        self.table = FiguresTable(title)
        self._nothing = WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._stack = QStackedWidget(self)
        for part in (picture, self.table, self._nothing):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 14, PAD, 14)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addWidget(self._stack, 1)
        column.addSpacing(4)
        column.addWidget(self._below)
        self._as_table = False
        self._why = ""

    def say(self, text: str, below: str = "") -> None:
        """What the picture shows, and a line below it."""
        self._text.set(text)
        self._text.setVisible(bool(text))
        self._below.set(below)
        self._below.setVisible(bool(below))

    def set_table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], nothing: str = "") -> None:
        """The figures; with `nothing` there are none, and that is said in their place."""
        self.table.set_rows([(head, "") for head in heads], rows)
        self._why = nothing
        self._nothing.set(nothing)
        self._show()

    def show_table(self, wanted: bool) -> None:
        """The table, or the picture."""
        self._as_table = wanted
        self._show()

    def _show(self) -> None:
        shown = self._nothing if self._why else self.table if self._as_table else self.picture
        self._stack.setCurrentWidget(shown)
