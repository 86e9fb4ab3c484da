"""The left pane: how many wait, Find, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.calls.find_field import FindField
from app.ui.calls.queue_delegate import PAD, side_pad
from app.ui.calls.queue_list import QueueList
from app.ui.calls.queue_model import QueueModel
from app.ui.painting import advance
from app.ui.theme import colour, size
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.ui.calls.pack_line import PackLine

NARROWEST = 204


class QueuePane(QWidget):
    """Give it rows through `model`.

    Signals:
        opened: the id of the inquiry that was chosen.
        find_typed: what is looked for.
        more_wanted: the list has come near its end.
        pack_pressed: the button of the pack.
    """

    opened = Signal(str)
    find_typed = Signal(str)
    more_wanted = Signal()
    pack_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = QueueModel(self)
        self.find_field = FindField(self)  # before the list: the Tab key goes in the order of making
        self.list = QueueList(self.model, self)
        self._title = ElidedLabel(self.tr("Queue"), pixels=size("heading"), weight=600, parent=self)
        self._over = Chip("", "over", self)
        self._pack: PackLine | None = None
        self._line = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._nothing = WrappedLabel(ink="ink_2", pixels=size("secondary"), parent=self)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._over, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head = QWidget(self)
        self._column = head = QVBoxLayout(self._head)
        head.setContentsMargins(PAD, 17, PAD, 11)
        head.setSpacing(4)
        head.addLayout(top)
        head.addWidget(self._line)
        head.addSpacing(6)
        head.addWidget(self.find_field)
        head.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self._lines = [""]
        self.setMinimumWidth(NARROWEST)
        self._nothing.hide()
        self._over.hide()
        self.list.opened.connect(self.opened)
        self.find_field.typed.connect(self.find_typed)
        self.find_field.left_downwards.connect(self._on_left_downwards)
        self.model.more_wanted.connect(self.more_wanted)

    def set_head(self, callable_now: int, over: int, limit: str) -> None:
        """How many may be called now, how many are over their limit, and the limit in words (`24 h`)."""
        count, order = self.tr("%s to call") % f"{callable_now:,}", self.tr("oldest first")
        within = self.tr("limit %s") % limit if limit else ""
        choices = ([count, order, within], [count, within], [count])
        self._lines = [" · ".join(part for part in parts if part) for parts in choices]
        self._choose_line()
        self._over.set(self.tr("%s over limit") % f"{over:,}" if over else "", "over")

    def _choose_line(self) -> None:
        """The longest form that fits."""
        room = self.width() - 2 * side_pad(self.width())
        fitting = (line for line in self._lines if advance(line, size("secondary")) <= room)
        self._line.set(next(fitting, self._lines[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shortens the head where it is narrow."""
        super().resizeEvent(event)
        side = side_pad(self.width())
        self._column.setContentsMargins(side, 17, side, 11)
        self._choose_line()

    def show_pack(self, words: str | None, *, ink: str = "ink_2", button: str = "") -> None:
        """What is with this computer for days, and what can be done about it; None: this home works alone."""
        if words is None:
            if self._pack is not None:
                self._pack.hide()
            return
        if self._pack is None:
            from app.ui.calls.pack_line import PackLine

            self._pack = PackLine(self._head)
            self._pack.pressed.connect(self.pack_pressed)
            self._column.insertWidget(2, self._pack)
        self._pack.show_words(words, ink=ink, button=button)
        self._pack.show()

    def pack_words(self) -> str:
        """What is said about the pack."""
        return self._pack.words() if self._pack is not None and not self._pack.isHidden() else ""

    def set_found(self, words: str) -> None:
        """What the list shows instead of the queue, such as `3 found`; empty for the queue."""
        self._title.set(words or self.tr("Queue"))

    def set_nothing(self, words: str) -> None:
        """Why the list is empty; empty words take them away."""
        self._nothing.set(words)
        self._nothing.setVisible(bool(words))

    def _on_left_downwards(self) -> None:
        self.list.setFocus()
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the line below the head."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, self._head.height() - 1, self.width(), 1), colour("line"))
