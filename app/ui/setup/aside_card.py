"""What did not go through: kept aside by the hub for a team lead, turned away of this home, or not taken in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.history import short
from app.ui import times
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.team.aside import KeptAside
    from app.services.team.state import Refusal

SHOWN = 20  # of each part; the rest is counted


class _Choice(NamedTuple):
    """What is decided in one stroke: an entry, or everything by one author."""

    entries: tuple[str, ...]
    words: str
    takeable: bool


class _Row(QWidget):
    """One choice of a team lead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = WrappedLabel(pixels=size("secondary"), parent=self)
        self.take = KeyButton(self.tr("Let in"), parent=self)
        self.drop = KeyButton(self.tr("Leave out…"), kind="quiet", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(10)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.take)
        row.addWidget(self.drop)


class AsideCard(Card):
    """Hidden while everything goes through.

    Signals:
        decided: the ids of some entries, and whether they are let in.
    """

    decided = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._choices: list[_Choice] = []
        self._asked: tuple[str, ...] = ()
        self._aside_title = WrappedLabel(weight=600)
        self._more = WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._away_title, self._away = WrappedLabel(weight=600), WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._set_title, self._set = WrappedLabel(weight=600), WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._wrong = WrappedLabel(ink="late")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 20)
        column.setSpacing(8)
        title = self.tr("What did not go through")
        column.addWidget(WrappedLabel(title, pixels=size("heading") - 2, weight=600))
        column.addWidget(self._aside_title)
        column.addLayout(self._list)
        for part in (self._more, self._away_title, self._away, self._set_title, self._set, self._wrong):
            column.addWidget(part)
        self.show_kept([], 0)
        self.show_refusals([], [], 0)

    def show_kept(self, kept: list[KeptAside], now: int) -> None:
        """What the hub keeps aside; `now` is ms UTC."""
        self._choices = [*self._by_author(kept), *(self._one(each, now) for each in kept[:SHOWN])]
        if self._asked not in {choice.entries for choice in self._choices}:
            self._asked = ()
        while len(self._rows) < len(self._choices):
            row = _Row(self)
            row.take.clicked.connect(partial(self._on_take, len(self._rows)))
            row.drop.clicked.connect(partial(self._on_drop, len(self._rows)))
            self._rows.append(row)
            self._list.addWidget(row)
        for row, choice in zip(self._rows, self._choices, strict=False):
            row.words.set(choice.words)
            row.take.setVisible(choice.takeable)
            row.take.setAccessibleName(self.tr("Let in: %1").replace("%1", choice.words))
            row.drop.setAccessibleName(self.tr("Leave out: %1").replace("%1", choice.words))
            row.show()
        self._show_asked()
        for row in self._rows[len(self._choices) :]:
            row.hide()
        words = self.tr("The hub keeps aside what it neither stores nor forgets; it counts nowhere. You decide:")
        self._aside_title.set(words)
        self._aside_title.setVisible(bool(kept))
        rest = len(kept) - SHOWN
        self._more.set(self.tr("and %1 more").replace("%1", str(rest)))
        self._more.setVisible(rest > 0)
        self._wrong.hide()
        self._show()

    def _by_author(self, kept: list[KeptAside]) -> list[_Choice]:
        """Whoever was revoked has often left more than one entry."""
        counted = Counter(each.actor for each in kept if each.reason == "revoked")
        words = self.tr("Everything by %1, who is no member any more: %2 entries")
        return [
            _Choice(
                tuple(each.entry for each in kept if each.actor == author and each.reason == "revoked"),
                words.replace("%1", author).replace("%2", str(count)), True,
            )
            for author, count in counted.items()
            if count > 1
        ]  # fmt: skip

    def _one(self, each: KeptAside, now: int) -> _Choice:
        why = {
            "revoked": self.tr("its author is no member any more"),
            "hash": self.tr("there is another entry with its id: one of the two is not what was written"),
        }.get(each.reason, each.reason)
        what = ": ".join(part for part in (each.name, each.text or short(each.kind)) if part)
        words = self.tr("%1. By %2, brought by %3, %4: %5")
        when = f"{times.day(each.at, now)} {times.clock(each.at)}"
        for place, value in enumerate((what, each.actor, each.offered_by, when, why), 1):
            words = words.replace(f"%{place}", value)
        return _Choice((each.entry,), words, each.reason == "revoked")

    def show_refusals(self, turned_away: Sequence[Refusal], set_aside: Sequence[Refusal], now: int) -> None:
        """What the hub did not take of this home, and what this home could not take of the hub; `now` is ms UTC."""
        parts = (
            (self._away_title, self._away, turned_away, self.tr("The hub has turned away what was done here (%1):")),
            (self._set_title, self._set, set_aside, self.tr("From the hub, and not readable here (%1):")),
        )
        for title, label, refusals, words in parts:
            title.set(words.replace("%1", str(len(refusals))))
            label.set("\n".join(_line(each, now) for each in refusals[:SHOWN]))
            for part in (title, label):
                part.setVisible(bool(refusals))
        self._show()

    def rows(self) -> list[_Row]:
        """What there is to decide about."""
        return [row for row in self._rows if not row.isHidden()]

    def words(self) -> str:
        """Everything that it says, one line each."""
        labels = [*(row.words for row in self.rows()), self._away_title, self._away, self._set_title, self._set]
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def show_wrong(self, sentence: str) -> None:
        """Why it does not work."""
        self._wrong.set(f"⚠ {sentence}")
        self._wrong.show()

    def _show(self) -> None:
        parts = (self._aside_title, self._away_title, self._set_title)
        self.setVisible(any(not part.isHidden() for part in parts))

    def _on_take(self, place: int, _checked: bool = False) -> None:
        self.decided.emit(self._choices[place].entries, True)

    def _on_drop(self, place: int, _checked: bool = False) -> None:
        entries = self._choices[place].entries
        if self._asked != entries:
            self._asked = entries
            self._show_asked()
            return
        self._asked = ()
        self.decided.emit(entries, False)

    def _show_asked(self) -> None:
        for row, choice in zip(self._rows, self._choices, strict=False):
            asked = choice.entries == self._asked
            row.drop.set_words(self.tr("Really leave out") if asked else self.tr("Leave out…"))


def _line(refusal: Refusal, now: int) -> str:
    when = f"{times.day(refusal.at, now)} {times.clock(refusal.at)}"
    return f"{short(refusal.kind)}, {when}: {refusal.why}"
