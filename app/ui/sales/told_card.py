"""What they told us: the answers with their points, the note, what they asked for, and what was promised."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.rows import Told
from app.services.sales.lead_view import LeadView
from app.ui import times
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.quote import Quote
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.told_list import ToldList

MOST_LINES = 12


class ToldCard(Card):
    """Scrolls where it is long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = ElidedLabel(self.tr("What they told us"), weight=600, parent=self)
        self._score = Chip("", "fine", self)
        head = QHBoxLayout()
        head.setContentsMargins(18, 14, 18, 2)
        head.addWidget(title, 1)
        head.addWidget(self._score, 0, Qt.AlignmentFlag.AlignVCenter)
        self._page = QWidget(self)
        self._list = ToldList(self._page)
        self._promised = IconLabel("calendar", parent=self._page)
        self._consent = IconLabel("check", parent=self._page)
        self._note, self._asked = Quote(self._page), Quote(self._page)
        for quote in (self._note, self._asked):
            quote.set_most(MOST_LINES)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(18, 0, 18, 16)
        column.setSpacing(10)
        for part in (self._list, self._note, self._asked, self._promised, self._consent):
            column.addWidget(part)
        column.addStretch(1)
        area = Scrolled(self._page, self)
        area.setAccessibleName(title.text())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 1)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(area, 1)
        self._area = area

    def set(self, view: LeadView, now: int) -> None:
        """Shows a lead."""
        facts = tuple(Told(self.tr("Also counted"), why.text, why.points) for why in view.facts)
        self._list.set(view.told + facts)
        self._score.set(self.tr("%d of 100") % view.score, "fine")
        self._note.set(view.note, view.note_by)
        self._asked.set("\n".join(view.requests), self.tr("what they asked for"))
        self._promised.set("calendar", self.tr("Promised: %s") % view.next_step if view.next_step else "")
        self._promised.setVisible(bool(view.next_step))
        agreed = self.tr("Agreed to be contacted, %s") % times.day(view.consent_at, now) if view.consent_at else ""
        self._consent.set("check", agreed)
        self._consent.setVisible(bool(agreed))
        self._area.verticalScrollBar().setValue(0)
