"""The left pane: how many wait, Find, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.calls.queue_list import QueueList
from app.ui.calls.queue_model import QueueModel
from app.ui.widgets.list_pane import ListPane

if TYPE_CHECKING:
    from app.ui.calls.pack_line import PackLine

NARROWEST = 204


class QueuePane(ListPane):
    """Give it rows through `model`.

    Signals:
        more_wanted: the list has come near its end.
        pack_pressed: the button of the pack.
    """

    more_wanted = Signal()
    pack_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("over", parent)
        self.model = QueueModel(self)
        self.list = QueueList(self.model, self)
        self._pack: PackLine | None = None
        self._lay_out(self.tr("Queue"))
        self.setMinimumWidth(NARROWEST)
        self.model.more_wanted.connect(self.more_wanted)

    def set_head(self, callable_now: int, over: int, limit: str) -> None:
        """How many may be called now, how many are over their limit, and the limit in words (`24 h`)."""
        count, order = self.tr("%s to call") % f"{callable_now:,}", self.tr("oldest first")
        within = self.tr("limit %s") % limit if limit else ""
        choices = ([count, order, within], [count, within], [count])
        lines = [" · ".join(part for part in parts if part) for parts in choices]
        self._set_lines(lines, self.tr("%s over limit") % f"{over:,}" if over else "")

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
