"""The head of a lead: who it is, how to reach them, who qualified them, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.inquiry import Stage
from app.services.sales.lead_view import LeadView
from app.ui import fonts, keys
from app.ui.sales import showing
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.key_button import KeyButton

ACTIONS = {  # stage -> its buttons, the last one is the usual next step
    Stage.SELL: ("return", "accept"),
    Stage.ACCEPTED: ("return", "lost", "prospect"),
    Stage.PROSPECT: ("return", "lost", "won"),
    Stage.WON: (),
    Stage.LOST: (),
}
QUIET_PAD = 10  # pixels at 100 % between the edge of a quiet button and its drawing
BY_WIDE = 240  # …that who qualified them keeps: an address is shortened first
NARROW = 760  # pixels at 100 %: below, the buttons have a line of their own


class HeadCard(Card):
    """One lead.

    Signals:
        acted: `accept`, `return`, `prospect`, `won`, `lost` or `call`.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        secondary = size("secondary")
        self._name = ElidedLabel(pixels=size("heading"), weight=600, least=120, parent=self)
        self._what = ElidedLabel(pixels=secondary, ink="ink_2", parent=self)
        self._state = Chip("", "plain", self)
        self._whose = Chip("", "plain", self)
        self._call = KeyButton("", keys.label("call", "sales"), kind="quiet", icon="phone", parent=self)
        self._call.clicked.connect(lambda: self.acted.emit("call"))
        self._mail = IconLabel("envelope", parent=self)
        self._by = ElidedLabel(pixels=secondary, ink="ink_2", least=BY_WIDE, parent=self)
        self._buttons: dict[str, KeyButton] = {}
        texts = {
            "return": self.tr("Return…"), "accept": self.tr("Accept"), "prospect": self.tr("Prospect…"),
            "won": self.tr("Won…"), "lost": self.tr("Lost…"),
        }  # fmt: skip
        for name, text in texts.items():
            button = KeyButton(text, keys.label(name, "sales"), parent=self)
            button.clicked.connect(lambda _=False, name=name: self.acted.emit(name))
            self._buttons[name] = button
        top = QHBoxLayout()
        top.setSpacing(8)
        indent = fonts.scaled(QUIET_PAD)  # all else stands so far in: a layout takes no margin below zero
        top.setContentsMargins(indent, 0, 0, 0)
        for label in (self._name, self._what, self._state, self._whose):
            top.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        reach = QHBoxLayout()
        reach.setSpacing(4)
        for part in (self._call, self._mail, self._by):
            reach.addWidget(part)
            reach.addSpacing(fonts.scaled(4))
        reach.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(top)
        words.addLayout(reach)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._below = QHBoxLayout()
        self._below.setSpacing(8)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addLayout(words, 1)
        across.addLayout(self._row)
        column = QVBoxLayout(self)
        column.setContentsMargins(18 - indent, 12, 18, 12)
        column.setSpacing(8)
        column.addLayout(across)
        column.addLayout(self._below)
        self._narrow: bool | None = None
        self._actions: tuple[str, ...] = ()
        self._place(narrow=False)

    def set(self, view: LeadView, now: int, member: str) -> None:
        """Shows a lead; `member` is who works here."""
        row = view.row
        self._name.set(row.name)
        company = row.company if row.company != row.name else ""
        self._what.set(" · ".join(part for part in (row.title, company) if part))
        closed = row.stage in {Stage.WON, Stage.LOST}
        state = {Stage.ACCEPTED: self.tr("accepted"), Stage.PROSPECT: self.tr("prospect")}.get(row.stage, "")
        self._state.set(*(showing.chip(row, now, view.read_at) if closed else (state, "due")))
        self._whose.set(self.tr("with %s") % row.for_member if row.for_member not in {"", member} else "", "plain")
        number = view.numbers[0] if view.numbers else None
        self._call.set_words(number.shown if number else "")
        self._call.setVisible(number is not None)
        self._call.setToolTip(number.why if number else "")
        self._mail.set("envelope", view.emails[0] if view.emails else "")
        self._mail.setVisible(bool(view.emails))
        self._by.set(showing.qualified(view, now))
        self._actions = ACTIONS.get(row.stage, ())
        for name, button in self._buttons.items():
            button.setVisible(name in self._actions)
            button.set_kind("primary" if self._actions and name == self._actions[-1] else "plain")
        self._place(narrow=bool(self._narrow), anew=True)
        self.setAccessibleName(row.name)

    def set_enabled(self, enabled: bool) -> None:
        """Whether anything may be done now."""
        for button in self._buttons.values():
            button.setEnabled(enabled)

    def _place(self, *, narrow: bool, anew: bool = False) -> None:
        if narrow == self._narrow and not anew:
            return
        self._narrow = narrow
        into = self._below if narrow else self._row
        for layout in (self._row, self._below):
            while layout.count():
                layout.takeAt(0)
        if narrow and self._actions:
            into.addStretch(1)
        for name in self._actions:
            into.addWidget(self._buttons[name])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons go below where they would take the name's room."""
        super().resizeEvent(event)
        self._place(narrow=self.width() < fonts.scaled(NARROW))
