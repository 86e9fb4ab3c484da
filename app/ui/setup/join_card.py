"""A home that works alone: paste an invitation and see what joining means, or make a hub."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QWidget

from app.ui import fonts
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.team.hub import Preview

LOOK_MS = 250  # after the last key or the paste
PASTE_LINES = 84  # pixels at 100 %
ANOTHER = 34  # the same: what is about something else stands apart


class JoinCard(Card):
    """Says what would be shared before anything is.

    Signals:
        looked: the text that was pasted, to be looked at.
        joined: the same, to join with.
        made: address of a server, and the file of its certificate authority or nothing.
    """

    looked = Signal(str)
    joined = Signal(str)
    made = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paste = QPlainTextEdit()
        self._paste.setTabChangesFocus(True)
        self._paste.setFixedHeight(fonts.scaled(PASTE_LINES))
        self._paste.setPlaceholderText("winnow-invitation-…")
        self._invitation = Field(self.tr("Invitation, as an admin of the team gave it to you"), editor=self._paste)
        self._means = WrappedLabel(ink="ink_2", parent=self)
        self._join = KeyButton(self.tr("Join the team"), kind="primary")
        self._address = Field(
            self.tr("Address of a PostgreSQL server"), placeholder="postgresql://postgres@host/winnow"
        )
        self._authority = Field(
            self.tr("Its certificate authority (a file; empty: the system’s)"), placeholder="/etc/ssl/hub-ca.pem"
        )
        self._make = KeyButton(self.tr("Make a hub"))
        self._wrong = WrappedLabel(ink="late", parent=self)
        self._timer = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._timer.timeout.connect(self._on_time)
        self._paste.textChanged.connect(self._on_typed)
        self._join.clicked.connect(self._on_join)
        self._make.clicked.connect(self._on_make)
        self._lay_out()
        self.setFocusProxy(self._paste)
        self.set_busy("")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 18, 22, 20)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        grid.addWidget(WrappedLabel(self.tr("Join a team"), pixels=size("heading") - 2, weight=600), 0, 0, 1, 2)
        words = self.tr(
            "Several people share one queue: nobody is called twice, sales hears of a lead at once, and everything "
            "goes on here when the network is away. What is in this home comes along."
        )
        grid.addWidget(WrappedLabel(words, ink="ink_2"), 1, 0, 1, 2)
        grid.addWidget(self._invitation, 2, 0, 1, 2)
        grid.addWidget(self._means, 3, 0, 1, 2)
        grid.addLayout(_left(self._join), 4, 0, 1, 2)
        grid.setRowMinimumHeight(5, fonts.scaled(ANOTHER))
        other = WrappedLabel(self.tr("…or make a hub"), weight=600)
        grid.addWidget(other, 5, 0, 1, 2, Qt.AlignmentFlag.AlignBottom)
        words = self.tr(
            "For whoever runs the team’s PostgreSQL. The login may create databases and roles; it is kept nowhere, and "
            "you become the first admin."
        )
        grid.addWidget(WrappedLabel(words, ink="ink_2"), 6, 0, 1, 2)
        grid.addWidget(self._address, 7, 0)
        grid.addWidget(self._authority, 7, 1)
        grid.addLayout(_left(self._make), 8, 0, 1, 2)
        grid.addWidget(self._wrong, 9, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def text(self) -> str:
        """What was pasted."""
        return self._paste.toPlainText().strip()

    def show_preview(self, preview: Preview) -> None:
        """What joining would mean."""
        until = datetime.fromtimestamp(preview.until / 1000).astimezone()
        one = self.tr("This home brings one inquiry, %2 entries in all.")
        many = self.tr("This home brings %1 inquiries, %2 entries in all.")
        brings = one if preview.inquiries == 1 else many
        lines = [
            self.tr("You join “%1” as %2, %3. The invitation is good until %4.")
            .replace("%1", preview.hub).replace("%2", preview.member).replace("%3", preview.role.value)
            .replace("%4", f"{until:%Y-%m-%d %H:%M}"),
            brings.replace("%1", f"{preview.inquiries:,}").replace("%2", f"{preview.entries:,}"),
        ]  # fmt: skip
        if preview.by_others:
            said = self.tr("%1 of them were written under another name: the team sees that you brought them.")
            lines.append(said.replace("%1", f"{preview.by_others:,}"))
        if preview.not_allowed:
            said = self.tr("%1 of them are not for your role to share: they stay here alone.")
            lines.append(said.replace("%1", f"{preview.not_allowed:,}"))
        self._tell(" ".join(lines))
        self._wrong.set("")
        self._join.setEnabled(True)

    def _tell(self, sentence: str) -> None:
        """What is in the invitation, or what is going on; where there is nothing to say, no row is kept for it."""
        self._means.set(sentence)
        self._means.setVisible(bool(sentence))

    def show_wrong(self, sentence: str) -> None:
        """Why it does not work."""
        self.set_busy("")
        self._wrong.set(f"⚠ {sentence}")
        self._wrong.show()

    def set_busy(self, sentence: str) -> None:
        """While the hub is asked; empty: it has answered."""
        self._tell(sentence)
        self._wrong.set("")
        self._join.setEnabled(False)
        self._make.setEnabled(not sentence)

    @Slot()
    def _on_typed(self) -> None:
        self._join.setEnabled(False)
        self._tell("")
        self._timer.start()

    @Slot()
    def _on_time(self) -> None:
        if self.text():
            self.looked.emit(self.text())

    @Slot()
    def _on_join(self) -> None:
        self.set_busy(self.tr("Joining…"))
        self.joined.emit(self.text())

    @Slot()
    def _on_make(self) -> None:
        if not self._address.text().strip():
            self._address.set_hint(self.tr("Name the server."), wrong=True)
            self._address.setFocus()
            return
        self._address.set_hint("")
        self.set_busy(self.tr("Making the hub…"))
        self.made.emit(self._address.text().strip(), self._authority.text().strip())


def _left(button: KeyButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(button)
    row.addStretch(1)
    return row
