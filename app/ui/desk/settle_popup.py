"""Two decisions that contradict each other, side by side; a digit says which holds."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.desk.settling import Contest, Decision
from app.ui import fonts, times
from app.ui.desk import desk_words
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.popup import MARGIN, Popup
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel

WIDE = 400  # pixels at 100 % for each decision
MOST = 9


class SettlePopup(Popup):
    """Covers its parent; filled anew by `ask`.

    Signals:
        chosen: the id of the inquiry, and of the decision that holds.
        cancelled: Esc, or its button.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._contest: Contest | None = None
        self._stops: list[QWidget] = []
        self._inside = QWidget()  # what is asked now
        around = QVBoxLayout(self.card)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._inside)

    def ask(self, contest: Contest, now: int) -> None:
        """Shows the decisions of an inquiry; at most nine."""
        self._contest = contest
        shown, before = contest.decisions[:MOST], self._inside
        wide = min(fonts.scaled(WIDE) * len(shown) + 56, self.page().width() - 2 * MARGIN)
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(12)
        who = ", ".join(part for part in (contest.row.name, contest.row.company) if part)
        column.addWidget(WrappedLabel(self.tr("Which decision holds for %1?").replace("%1", who),
                                      pixels=size("heading"), weight=600))  # fmt: skip
        hint = self.tr("Neither had seen the other. What was said in both stays; a lead that was sent is corrected.")
        column.addWidget(WrappedLabel(hint, pixels=size("secondary"), ink="ink_2"))
        column.addWidget(self._side_by_side(shown, now, wide - 44), 1)
        cancel = KeyButton(self.tr("Leave it open"), "Esc")
        cancel.clicked.connect(self.cancel)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        column.addLayout(foot)
        self._stops.append(cancel)
        self.setAccessibleName(self.tr("Which decision holds for %1?").replace("%1", who))
        around = self.card.layout()
        assert around is not None
        around.replaceWidget(before, self._inside)
        before.hide()
        before.deleteLater()
        self.open_with(self, wide)

    def _side_by_side(self, decisions: tuple[Decision, ...], now: int, wide: int) -> Scrolled:
        self._stops = []
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        for place, decision in enumerate(decisions):
            across.addWidget(self._decision(decision, place, now), 1)
        scroll = Scrolled(inside)
        high = max(inside.heightForWidth(wide), inside.sizeHint().height())
        scroll.setMinimumHeight(min(high + 4, max(160, self.page().height() - 260)))
        return scroll

    def _decision(self, decision: Decision, place: int, now: int) -> QWidget:
        card = Card(ground="bg")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        top = QHBoxLayout()
        what = desk_words.decision(decision.what)
        top.addWidget(ElidedLabel(what, pixels=16, weight=600, ink=_ink(decision.what)), 1)
        if decision.shows:
            top.addWidget(Chip(self.tr("shows now"), "due"))
        column.addLayout(top)
        when = f"{times.day(decision.at, now)}, {times.clock(decision.at)}"
        by = self.tr("%1, %2").replace("%1", decision.actor or self.tr("somebody")).replace("%2", when)
        if decision.score is not None:
            by += " · " + self.tr("%1 points").replace("%1", str(decision.score))
        column.addWidget(WrappedLabel(by, pixels=size("secondary"), ink="ink_2"))
        column.addSpacing(4)
        for question, answer in decision.answers:
            column.addWidget(WrappedLabel(f"{question}: {answer}", pixels=size("secondary")))
        if not decision.answers:
            column.addWidget(WrappedLabel(self.tr("Nothing was answered."), pixels=size("secondary"), ink="ink_3"))
        for words in self._more(decision, now):
            column.addWidget(WrappedLabel(words, pixels=size("secondary"), ink="ink_2"))
        column.addStretch(1)
        holds = KeyButton(self.tr("This one holds"), str(place + 1), kind="answer")
        holds.setAccessibleDescription(f"{what}, {by}")
        holds.clicked.connect(lambda _=False, place=place: self._choose(place))
        column.addSpacing(6)
        column.addWidget(holds)
        self._stops.append(holds)
        return card

    def _more(self, decision: Decision, now: int) -> list[str]:
        said = []
        if decision.for_member:
            said.append(self.tr("For %1").replace("%1", decision.for_member))
        if decision.next_step:
            said.append(self.tr("Next step: %1").replace("%1", decision.next_step))
        if decision.until is not None:
            said.append(self.tr("Until %1").replace("%1", times.day(decision.until, now)))
        said += [f"“{words}”" for words in (decision.reason, decision.note) if words]
        return said

    def contest(self) -> Contest | None:
        """What is asked about; None before the first time."""
        return self._contest

    def _choose(self, place: int) -> None:
        if self._contest is not None and place < len(self._contest.decisions):
            self.close_quietly()
            self.chosen.emit(self._contest.row.id, self._contest.decisions[place].entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses, Esc leaves it open."""
        if event.text().isdigit() and event.text() != "0":
            self._choose(int(event.text()) - 1)
        super().keyPressEvent(event)

    def stops(self) -> list[QWidget]:
        """The decisions, then leaving it open."""
        return self._stops


def _ink(what: str) -> str:
    return what if what in {"sell", "nurture", "discard"} else "ink"
