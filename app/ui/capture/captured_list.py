"""Who was captured in this session, the latest first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.person_row import PersonRow
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH, NARROW = 330, 240  # pixels at 100 %
WIDE = 1200
MOST = 200  # rows that stay


class CapturedList(QWidget):
    """A column at the right edge.

    Signals:
        opened: the inquiry whose row was pressed.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._of: dict[str, list[PersonRow]] = {}  # the rows of an inquiry, the latest last
        self._none = WrappedLabel(self.tr("Nobody yet in this session."), ink="ink_2", pixels=size("secondary"))
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        title = QVBoxLayout()
        title.setContentsMargins(18, 16, 18, 16)
        title.setSpacing(10)
        title.addWidget(ElidedLabel(self.tr("Captured here"), weight=600))
        title.addWidget(self._none)
        column.addLayout(title)
        column.addWidget(Scrolled(inside), 1)

    def fit(self, window: int) -> None:
        """As wide as a page of this width affords."""
        self.setFixedWidth(fonts.scaled(WIDTH if window >= fonts.scaled(WIDE) else NARROW))

    def add(self, inquiry_id: str, name: str, at: str, company: str, mark: str) -> None:
        """One more, at the top."""
        self._count += 1
        self._none.hide()
        row = PersonRow(name, at, company, mark)
        row.clicked.connect(partial(self._on_row, inquiry_id))
        self._rows.insertWidget(0, row)
        self._of.setdefault(inquiry_id, []).append(row)
        if self._rows.count() > MOST + 1:
            last = self._rows.takeAt(MOST)
            if last is not None and (widget := last.widget()) is not None:
                self._of = {key: [each for each in rows if each is not widget] for key, rows in self._of.items()}
                widget.deleteLater()

    def take_back(self, inquiry_id: str) -> None:
        """The last row of an inquiry goes: it was taken back."""
        self._count -= 1
        rows = self._of.get(inquiry_id)
        if rows:
            row = rows.pop()
            self._rows.removeWidget(row)
            row.deleteLater()
        self._none.setVisible(not self._count)

    def count(self) -> int:
        """How many were captured."""
        return self._count

    def _on_row(self, inquiry_id: str, _checked: bool = False) -> None:
        self.opened.emit(inquiry_id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, the line at the left, and the one below the title."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, 0, 1, self.height()), colour("line"))
