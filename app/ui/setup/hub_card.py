"""How the hub is, for whoever looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import times
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.team.hub import Status

MOST_DEVICES = 12
LONG_S = 60  # an open transaction that keeps the server from cleaning up
QUIET_S = 14 * 86_400
MOMENT_S = 120


class HubCard(Card):
    """Lines, and a button that looks again.

    Signals:
        looked: the button was pressed.
    """

    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = WrappedLabel()
        self._warnings = WrappedLabel(ink="late")
        self._devices = WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._again = KeyButton(self.tr("Look again"))
        self._again.clicked.connect(self.looked)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 20)
        column.setSpacing(8)
        column.addWidget(WrappedLabel(self.tr("The hub"), pixels=size("heading") - 2, weight=600))
        for part in (self._line, self._warnings, self._devices):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self._again)
        row.addStretch(1)
        column.addLayout(row)

    def show_status(self, status: Status) -> None:
        """How it stands now."""
        told = status.told
        if not status.reachable:
            self._line.set(status.sentence)
        else:
            oldest = status.oldest_transaction_seconds
            parts = [
                self.tr("%1 entries").replace("%1", f"{status.pos:,}"),
                self.tr("all of it is here") if not status.lag_entries
                else self.tr("%1 still to be read here").replace("%1", f"{status.lag_entries:,}"),
                self.tr("%1 of this home to be handed in").replace("%1", f"{status.unshared:,}"),
                self.tr("no transaction is open") if oldest is None
                else self.tr("the oldest transaction is open for %1").replace("%1", _lasted(oldest)),
            ]  # fmt: skip
            self._line.set(" · ".join(parts))
        warnings = [f"⚠ {words}" for words in self._what_to_see_to(status)] if status.reachable else []
        self._warnings.set("\n".join(warnings))
        self._warnings.setVisible(bool(warnings))
        devices = told.get("devices", ()) if status.reachable else ()
        self._devices.set("\n".join(self._device(each) for each in devices[:MOST_DEVICES]))
        self._devices.setVisible(bool(devices))

    def words(self) -> str:
        """Everything that it says."""
        labels = (self._line, self._warnings, self._devices)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def show_wrong(self, sentence: str) -> None:
        """Why nothing is known."""
        self._line.set(sentence)

    def _what_to_see_to(self, status: Status) -> list[str]:
        told, oldest = status.told, status.oldest_transaction_seconds
        found = []
        if oldest is not None and oldest > LONG_S:
            found.append(self.tr("A transaction is open for so long that claims grow slow."))
        if told.get("open_doors"):
            doors = ", ".join(told["open_doors"])
            found.append(self.tr("Members can also enter the databases %1.").replace("%1", doors))
        for member, count in told.get("ended", {}).items():
            words = self.tr("%1 sessions of %2 were ended this week: they held up everybody.")
            found.append(words.replace("%1", f"{count}").replace("%2", member))
        if not told.get("flushes", True):
            found.append(self.tr("The server does not flush to its disk: a power cut destroys the hub."))
        copied = (each["member"] for each in told.get("devices", ()) if each["copied"])
        found += [self.tr("%1 works on two copies of one home.").replace("%1", member) for member in copied]
        return found

    def _device(self, each: dict[str, Any]) -> str:
        seconds = int(each["seen_seconds_ago"])
        seen = self.tr("here now") if seconds < MOMENT_S else self.tr("seen %1 ago").replace("%1", _lasted(seconds))
        behind = self.tr(", %1 entries behind").replace("%1", f"{each['behind']:,}") if each["behind"] > 0 else ""
        quiet = " ⚠" if seconds > QUIET_S and each["behind"] > 0 else ""
        return f"{each['member']} · {str(each['device'])[:8]}: {seen}{behind}{quiet}"


def _lasted(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < MOMENT_S else times.lasted(round(seconds * 1000))
