"""One who waits: who, what they agreed to, why they wait, what they told us, and what happened."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.models.rows import HistoryRow
from app.services.nurture.pages import NurtureView
from app.ui import fonts, keys, times
from app.ui.nurture import nurture_words
from app.ui.theme import colour, size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.happened_list import HappenedList
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.quote import Quote
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.told_list import ToldList
from app.ui.widgets.wrapped_label import WrappedLabel

MOST = 520  # pixels at 100 %
HAPPENED = 6  # what happened last; the call page has all of it
DOTS = {
    "captured": "accent", "called": "sell", "disposed": "nurture", "reviewed": "nurture", "rescheduled": "nurture",
    "woken": "sell", "consented": "sell", "objected": "late",
}  # fmt: skip


class PersonPane(Card):
    """Filled by `set`; without anybody it shows nothing.

    Signals:
        pressed: the name of a key of the page whose button was pressed.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = ""
        self.setAccessibleName(self.tr("Who is under the cursor"))
        self._name = WrappedLabel(pixels=16, weight=600)
        self._role = WrappedLabel(pixels=size("secondary"), ink="ink_2")
        self._contact = WrappedLabel(pixels=size("secondary"), ink="ink_2")
        self._quote = Quote()
        self._asked = WrappedLabel(pixels=size("secondary"))
        self._wakes = WrappedLabel(pixels=size("secondary"), ink="ink_2")
        self._consents = WrappedLabel(pixels=size("secondary"), ink="ink")
        self._told = ToldList()
        self._happened = HappenedList()
        self._heads = {
            name: ElidedLabel(text, pixels=size("tiny"), weight=500, ink="ink_2")
            for name, text in (
                ("asked", self.tr("THEY ASKED FOR")), ("consent", self.tr("CONSENT")),
                ("told", self.tr("THEY TOLD US")), ("so_far", self.tr("SO FAR")),
            )
        }  # fmt: skip
        self.buttons = {
            name: KeyButton(text, keys.label(name, "nurture"))
            for name, text in (
                ("wake", self.tr("Wake")), ("day", self.tr("Later…")), ("move", self.tr("Track…")),
                ("consent", self.tr("Consent…")),
            )
        }  # fmt: skip
        for name, button in self.buttons.items():
            kept = button.sizePolicy()
            kept.setRetainSizeWhenHidden(True)  # the pane is as wide with nobody on it
            button.setSizePolicy(kept)
            button.clicked.connect(partial(self.pressed.emit, name))
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 12)
        column.setSpacing(3)
        for part, after in (
            (self._name, 0), (self._role, 0), (self._contact, 10), (self._quote, 8), (self._wakes, 12),
            (self._heads["asked"], 2), (self._asked, 12), (self._heads["consent"], 2), (self._consents, 12),
            (self._heads["told"], 0), (self._told, 10), (self._heads["so_far"], 4), (self._happened, 0),
        ):  # fmt: skip
            column.addWidget(part)
            if after:
                column.addSpacing(after)
        column.addStretch(1)
        self._scroll = Scrolled(inside)
        foot = QGridLayout()
        foot.setContentsMargins(18, 12, 18, 16)
        foot.setSpacing(8)
        for place, button in enumerate(self.buttons.values()):
            foot.addWidget(button, place // 2, place % 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addLayout(foot)
        self.setMaximumWidth(fonts.scaled(MOST))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line between what is read, which scrolls, and what can be done."""
        super().paintEvent(event)
        if self._id:
            QPainter(self).fillRect(QRect(1, self._scroll.geometry().bottom() + 1, self.width() - 2, 1), colour("line"))

    def shown(self) -> str:
        """The inquiry that is shown; empty when nobody is."""
        return self._id

    def clear(self) -> None:
        """Nobody is under the cursor."""
        self._id = ""
        self._scroll.hide()
        for button in self.buttons.values():
            button.hide()

    def set(self, view: NurtureView, *, may_change: bool) -> None:
        """Everything about one who waits."""
        row, now = view.row, view.read_at
        if view.id != self._id:
            self._scroll.verticalScrollBar().setValue(0)
        self._id = view.id
        self._name.set(row.name)
        self._role.set(" · ".join(part for part in (row.title, row.company) if part))
        self._contact.set(" · ".join([*view.numbers[:1], *view.inquiry.emails[:1]]))
        by = f"{row.decided_by}, {times.day(row.decided_at, now)}" if row.decided_at is not None else row.decided_by
        self._quote.set(row.why, by)
        note = view.requests[-1] if view.requests else ""
        self._asked.set(f"“{note}”" if note else "")
        for part in (self._heads["asked"], self._asked):
            part.setVisible(bool(note))
        self._wakes.set(self._wakes_words(view))
        said = [nurture_words.consented(each, now) for each in view.consents]
        self._consents.set("\n".join(said) or self.tr("Nothing is known."), "ink" if said else "ink_2")
        self._told.set(view.told)
        self._heads["told"].setVisible(bool(view.told))
        self._told.setVisible(bool(view.told))
        self._happened.set(tuple(_happened(each, now) for each in view.history[:HAPPENED]))
        for name, button in self.buttons.items():
            button.setVisible(True)
            button.setEnabled(may_change or name == "consent")
        self._scroll.show()

    def _wakes_words(self, view: NurtureView) -> str:
        row = view.row
        if row.until is None:
            wakes = self.tr("Wakes when they ask again")
        else:
            wakes = self.tr("Wakes %1").replace("%1", times.day(row.until, view.read_at))
        track = row.track_name or (self.tr("returned by Sales") if row.returned else self.tr("no track yet"))
        score = self.tr("score %1").replace("%1", str(row.score)) if row.score is not None else ""
        return " · ".join(part for part in (wakes, track, score) if part)


def _happened(row: HistoryRow, now: int) -> tuple[str, str, str]:
    words = row.text if len(row.text) < 160 else row.text[:159].rstrip() + "…"
    actor = "" if row.actor == "winnow" else row.actor
    return words, ", ".join(part for part in (actor, times.day(row.at, now)) if part), DOTS.get(row.kind, "discard")
