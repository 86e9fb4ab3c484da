"""A list beside the question: answers to objections, or what happened before."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel


class SideList(QWidget):
    """Pairs of a bold line and words below it; the labels are pooled.

    Signals:
        closed: it was taken away by its button.
    """

    closed = Signal()

    def __init__(self, title: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[WrappedLabel, WrappedLabel]] = []
        self._wanted: tuple[tuple[str, str], ...] = ()
        self._shown: tuple[tuple[str, str], ...] | None = None
        heading = ElidedLabel(title, weight=600, parent=self)
        close = KeyButton(key=key, kind="quiet", parent=self)
        close.setAccessibleName(self.tr("Close"))
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(close)
        self._page = QWidget(self)
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(3)
        self._column.addStretch(1)
        area = Scrolled(self._page, self)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrows scroll it
        area.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(area, 1)
        self.setAccessibleName(title)

    def set_pairs(self, pairs: tuple[tuple[str, str], ...], nothing: str = "") -> None:
        """What is listed; `nothing` stands there when the list is empty."""
        self._wanted = pairs or (((nothing, ""),) if nothing else ())
        if self.isVisible():  # else when it is looked at: it changes at every question, and is seldom there
            self._fill()

    def _fill(self) -> None:
        pairs = self._wanted
        if pairs == self._shown:
            return
        self._shown = pairs
        while len(self._pairs) < len(pairs):
            bold = WrappedLabel(pixels=size("secondary"), weight=600, parent=self._page)
            words = WrappedLabel(pixels=size("secondary"), ink="ink_2", parent=self._page)
            words.setContentsMargins(0, 0, 0, 0)
            place = self._column.count() - 1
            self._column.insertWidget(place, bold)
            self._column.insertWidget(place + 1, words)
            self._column.insertSpacing(place + 2, 10)
            self._pairs.append((bold, words))
        for place, (bold, words) in enumerate(self._pairs):
            first, second = pairs[place] if place < len(pairs) else ("", "")
            bold.set(first)
            words.set(second)
            bold.setVisible(bool(first))
            words.setVisible(bool(second))

    def showEvent(self, event: QShowEvent) -> None:
        """Lists what is wanted now."""
        self._fill()
        super().showEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A hairline at the left."""
        QPainter(self).fillRect(QRectF(0, 0, 1, self.height()), colour("line"))
