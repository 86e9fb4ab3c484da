"""The page of sales as it looks: the lists at the left, one lead at the right. It knows no service."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from app.models.inquiry import Stage
from app.models.points import Facts
from app.services.sales.lead_view import LeadView
from app.ui import fonts, keys
from app.ui.sales import showing
from app.ui.sales.happened_card import HappenedCard
from app.ui.sales.head_card import HeadCard
from app.ui.sales.lead_pane import LeadPane
from app.ui.sales.look_card import LookCard
from app.ui.sales.step_card import StepCard
from app.ui.sales.told_card import ToldCard
from app.ui.sales.won_card import WonCard
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.reason_popup import ReasonPopup
from app.ui.widgets.scrolled import Scrolled

PANE, NARROW_PANE = 340, 280
SIDE, NARROW_SIDE = 382, 320
BAR = 10  # pixels at the right of the side, where the bar comes
NARROW = 1100  # pixels at 100 %: below, panes are narrower
TAKEN_ON = frozenset({Stage.ACCEPTED, Stage.PROSPECT})
OPEN = TAKEN_ON | {Stage.SELL}


class SalesView(QWidget):
    """Filled by `set_lead`.

    Signals:
        pressed: the name of a key of the page (`accept`, `return`, `won`…, `answer-1`…`answer-9`).
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pane = LeadPane(self)
        self._right = QWidget(self)
        self.popup = ReasonPopup(self._right)
        self.popup.hide()
        self._lead = QWidget(self._right)
        self._lead.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.head = HeadCard(self._lead)
        self.told = ToldCard(self._lead)
        self._side = QWidget(self._lead)
        self.won = WonCard(self._side)
        self.look = LookCard(self._side)
        self.step = StepCard(self._side)
        self.happened = HappenedCard(self._side)
        self.empty = EmptyState("sales", parent=self._right)
        self._build()
        self.head.acted.connect(self.pressed)
        for name in keys.PAGES["sales"]:
            keys.bind(name, self, partial(self.pressed.emit, name), "sales", Qt.ShortcutContext.WindowShortcut)
        self.won.hide()
        self.set_nobody("sales", "", "")

    def _build(self) -> None:
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, BAR, 0)
        side.setSpacing(14)
        for card in (self.won, self.look, self.step):
            side.addWidget(card)
        side.addWidget(self.happened, 1)
        self._area = Scrolled(self._side, self._lead)
        below = QHBoxLayout()
        below.setSpacing(14)
        below.addWidget(self.told, 1)
        below.addWidget(self._area)
        lead = QVBoxLayout(self._lead)
        lead.setContentsMargins(22, 18, 22 - BAR, 18)
        lead.setSpacing(14)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, BAR, 0)
        head.addWidget(self.head)
        lead.addLayout(head)
        lead.addLayout(below, 1)
        self._stack = QStackedLayout(self._right)
        self._stack.addWidget(self._lead)
        self._stack.addWidget(self.empty)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pane)
        self.splitter.addWidget(self._right)
        self.splitter.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self._narrow: bool | None = None

    # what it shows

    def set_lead(self, view: LeadView, now: int, member: str) -> None:
        """Fills the right side; `member` is who works here."""
        row, inquiry = view.row, view.inquiry
        self.head.set(view, now, member)
        self.told.set(view, now)
        facts = Facts(first_name=inquiry.first_name, last_name=inquiry.last_name, company=inquiry.company,
                      title=inquiry.title, source=inquiry.source)  # fmt: skip
        self.look.set(view.look, view.looked, facts.fields(member if member != "me" else ""),
                      open_=row.stage in OPEN)  # fmt: skip
        self.step.set(row, now, view.next_step)
        self.step.setVisible(row.stage in TAKEN_ON)
        self.won.hide()
        self.happened.list.set(showing.happened(view.history, now))
        self._area.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._lead)

    def set_nobody(self, icon: str, title: str, text: str) -> None:
        """What is said instead of a lead."""
        self.empty.set(icon, title, text)
        self._stack.setCurrentWidget(self.empty)

    def shows_lead(self) -> bool:
        """Whether a lead is on the page."""
        return self._stack.currentWidget() is self._lead

    def take_focus(self) -> None:
        """The list gets the keyboard, from where digits and letters work."""
        (self.pane.list if self.pane.model.ids() else self._lead).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower panes in a narrow window."""
        super().resizeEvent(event)
        narrow = self.width() < fonts.scaled(NARROW)
        if narrow != self._narrow:
            first, self._narrow = self._narrow is None, narrow
            self._area.setFixedWidth(fonts.scaled(NARROW_SIDE if narrow else SIDE) + BAR)
            pane = fonts.scaled(NARROW_PANE if narrow else PANE)
            if first or narrow:
                self.splitter.setSizes([pane, max(1, self.width() - pane)])
