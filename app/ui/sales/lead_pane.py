"""The left pane: how many are new, Find, mine or all, and the lists."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.calls.find_field import FindField
from app.ui.calls.queue_delegate import PAD, side_pad
from app.ui.painting import advance
from app.ui.sales.lead_list import LeadList
from app.ui.sales.lead_model import LeadModel
from app.ui.theme import colour, size
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.wrapped_label import WrappedLabel

NARROWEST = 248


class LeadPane(QWidget):
    """Give it rows through `model`.

    Signals:
        opened: the id of the lead that was chosen.
        more_wanted: the Group whose end is seen.
        find_typed: what is looked for.
        whose_chosen: `mine` or `all`.
    """

    opened = Signal(str)
    more_wanted = Signal(object)
    find_typed = Signal(str)
    whose_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LeadModel(self)
        self.find_field = FindField(self)
        self.whose = Segmented([("all", self.tr("All")), ("mine", self.tr("Mine"))], "all", self)
        self.list = LeadList(self.model, self)
        self._title = ElidedLabel(self.tr("From qualification"), pixels=size("heading"), weight=600, parent=self)
        self._new = Chip("", "due", self)
        self._line = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._nothing = WrappedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        self._limit = ""
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._new, 0, Qt.AlignmentFlag.AlignVCenter)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.find_field, 1)
        tools.addWidget(self.whose)
        self._head = QWidget(self)
        self._column = head = QVBoxLayout(self._head)
        head.setContentsMargins(PAD, 17, PAD, 11)
        head.setSpacing(4)
        head.addLayout(top)
        head.addWidget(self._line)
        head.addSpacing(6)
        head.addLayout(tools)
        head.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.setMinimumWidth(NARROWEST)
        self._nothing.hide()
        self._new.hide()
        self.list.opened.connect(self.opened)
        self.list.more_wanted.connect(self.more_wanted)
        self.find_field.typed.connect(self.find_typed)
        self.find_field.left_downwards.connect(self._on_left_downwards)
        self.whose.chosen.connect(self.whose_chosen)

    def set_head(self, new: int, limit: str) -> None:
        """How many leads nobody has answered, and the limit in words (`1 h`)."""
        self._new.set(self.tr("%s new") % f"{new:,}" if new else "", "due")
        self._limit = limit
        self._choose_line()

    def _choose_line(self) -> None:
        """The longest form that fits."""
        order = self.tr("Over the limit first, then highest score")
        lines = [f"{order} · {self._limit}", self.tr("By limit, then score · %s") % self._limit, self._limit]
        room = self.width() - 2 * side_pad(self.width())
        fitting = (line for line in lines if advance(line, size("secondary")) <= room)
        self._line.set(next(fitting, lines[-1]) if self._limit else order)

    def set_found(self, words: str) -> None:
        """What the list shows instead of the lists, such as `3 found`; empty for the lists."""
        self._title.set(words or self.tr("From qualification"))

    def set_nothing(self, words: str) -> None:
        """Why the list is empty; empty words take them away."""
        self._nothing.set(words)
        self._nothing.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shortens the head where it is narrow."""
        super().resizeEvent(event)
        side = side_pad(self.width())
        self._column.setContentsMargins(side, fonts.scaled(17), side, fonts.scaled(11))
        self._choose_line()

    def _on_left_downwards(self) -> None:
        self.list.setFocus()
        if not self.list.currentIndex().isValid() and self.model.ids():
            self.list.setCurrentIndex(self.model.index(self.model.row_of(self.model.ids()[0]), 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the line below the head."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, self._head.height() - 1, self.width(), 1), colour("line"))
