"""The left pane: how many are new, Find, mine or all, and the lists."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.sales.lead_list import LeadList
from app.ui.sales.lead_model import LeadModel
from app.ui.widgets.list_pane import ListPane
from app.ui.widgets.segmented import Segmented

NARROWEST = 248


class LeadPane(ListPane):
    """Give it rows through `model`.

    Signals:
        more_wanted: the Group whose end is seen.
        whose_chosen: `mine` or `all`.
    """

    more_wanted = Signal(object)
    whose_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("due", parent)
        self.model = LeadModel(self)
        self.whose = Segmented([("all", self.tr("All")), ("mine", self.tr("Mine"))], "all", self)
        self.list = LeadList(self.model, self)
        self._tools.addWidget(self.whose)
        self._lay_out(self.tr("From qualification"))
        self.setMinimumWidth(NARROWEST)
        self.list.more_wanted.connect(self.more_wanted)
        self.whose.chosen.connect(self.whose_chosen)

    def set_head(self, new: int, limit: str) -> None:
        """How many leads nobody has answered, and the limit in words (`1 h`)."""
        lines = [self.tr("Over the limit first, then highest score")]
        if limit:
            lines = [f"{lines[0]} · {limit}", self.tr("By limit, then score · %s") % limit, limit]
        self._set_lines(lines, self.tr("%s new") % f"{new:,}" if new else "")
