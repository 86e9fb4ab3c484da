"""Everybody of the team: what they may do, who is there, and for admins a hand on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.rights import Role
from app.services.team.link import Member, Present
from app.ui import fonts
from app.ui.setup.member_form import PICKERS, MemberForm
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

INVITATION_HEIGHT = 84  # pixels at 100 %
THERE_WIDTH = 142


class _Row(QWidget):
    """One member."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(weight=600, parent=self)
        self.role = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self.there = Chip(parent=self)
        self.change = KeyButton(self.tr("Change…"), kind="quiet", parent=self)
        self.revoke = KeyButton(self.tr("Revoke…"), kind="quiet", parent=self)
        there = QWidget(self)  # the columns stay where they are, whatever it says
        there.setFixedWidth(fonts.scaled(THERE_WIDTH))
        inside = QHBoxLayout(there)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addStretch(1)
        inside.addWidget(self.there)
        for part in (self.change, self.revoke):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(self.name, 3)
        row.addWidget(self.role, 4)
        row.addWidget(there)
        row.addWidget(self.change)
        row.addWidget(self.revoke)
        row.setStretch(2, 0)


class MembersCard(Card):
    """Rows are kept and filled anew.

    Signals:
        invited: name, and role as a word.
        changed: a MemberChange.
        revoked: the name of whoever is to go, after it was asked twice.
    """

    invited = Signal(str, str)
    changed = Signal(object)
    revoked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._asked = ""  # whose revoking is to be confirmed
        self._admin = self._leads = False
        self._picking: frozenset[str] | None = None
        self._shown: list[Member] = []
        self._me = ""
        self._sources: list[str] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._name = Field(self.tr("Name, as colleagues will see it"))
        self._role = ChoiceBox([(role.value, _role_words(role)) for role in Role], Role.CALLER.value)
        self._role_field = Field(self.tr("Role"), editor=self._role)
        self._invite = KeyButton(self.tr("Invite"), kind="primary")
        self.form = MemberForm([(role.value, _role_words(role)) for role in Role], self)
        self.form.hide()
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(fonts.scaled(INVITATION_HEIGHT))
        self._invitation = Field(self.tr("Invitation: hand it over on a safe way"), editor=self._text)
        self._copy = KeyButton(self.tr("Copy"))
        self._wrong = WrappedLabel(ink="late", parent=self)
        self._invite.clicked.connect(self._on_invite)
        self._copy.clicked.connect(self._on_copy)
        self.form.kept.connect(self.changed)
        self.form.cancelled.connect(self._on_unchanged)
        self._lay_out()
        self.show_invitation("")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 18, 22, 20)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(10)
        grid.addWidget(WrappedLabel(self.tr("Members"), pixels=size("heading") - 2, weight=600), 0, 0, 1, 2)
        grid.addLayout(self._column, 1, 0, 1, 2)
        grid.addWidget(self.form, 2, 0, 1, 2)
        grid.addWidget(self._name, 3, 0)
        grid.addWidget(self._role_field, 3, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._invite)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        grid.addWidget(self._invitation, 4, 0, 1, 2)
        grid.addLayout(buttons, 5, 0, 1, 2)
        grid.addWidget(self._wrong, 6, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def show_members(
        self, members: list[Member], present: list[Present], *, admin: bool, me: str, sources: list[str],
        leads: bool = False,
    ) -> None:  # fmt: skip
        """Everybody who belongs to the team now; an admin may invite, change and revoke, a lead say who picks.

        `sources` are those whose people somebody may be kept to.
        """
        self._admin, self._leads, self._sources = admin, admin or leads, sources
        for part in (self._name, self._role_field, self._invite):
            part.setVisible(admin)
        there = {each.member: each for each in reversed(present)}
        shown = self._shown = [member for member in members if not member.revoked]
        while len(self._rows) < len(shown):
            row = _Row(self)
            row.revoke.clicked.connect(partial(self._on_revoke, len(self._rows)))
            row.change.clicked.connect(partial(self._on_change, len(self._rows)))
            self._rows.append(row)
            self._column.addWidget(row)
        for row, member in zip(self._rows, shown, strict=False):
            row.name.set(member.name + (self.tr(" (you)") if member.name == me else ""))
            scope = self.tr("all sources") if member.sources is None else ", ".join(member.sources)
            row.role.set(f"{_role_words(member.role)} · {scope}")
            found = there.get(member.name)
            row.there.set(_there(found), "fine" if found is not None and found.online else "plain")
            row.revoke.setVisible(admin and member.name != me)
            row.change.setAccessibleName(self.tr("Change what %1 may do").replace("%1", member.name))
            row.revoke.setAccessibleName(self.tr("Revoke %1").replace("%1", member.name))
            row.revoke.setProperty("member", member.name)
            row.revoke.set_words(self.tr("Really revoke") if self._asked == member.name else self.tr("Revoke…"))
            row.setVisible(True)
        for row in self._rows[len(shown) :]:
            row.setVisible(False)
        self._me = me
        self._show_changes()

    def show_picking(self, roles: frozenset[str]) -> None:
        """Which roles may call out of the queue's order, as the hub says."""
        self._picking = roles
        self._show_changes()

    def _show_changes(self) -> None:
        for row, member in zip(self._rows, self._shown, strict=False):
            something = self._admin or (self._leads and self._picking is not None and member.role in PICKERS)
            row.change.setVisible(something and member.name != self._me)

    def show_invitation(self, text: str) -> None:
        """What is to be handed over; empty: nothing."""
        self._text.setPlainText(text)
        self._invitation.setVisible(bool(text))
        self._copy.setVisible(bool(text))
        self._wrong.set("")
        if text:
            self._name.set_text("")
            self._invitation.set_hint(self.tr("It works once, and within seven days."))
            self._copy.setFocus()
        self._invite.setEnabled(True)

    def show_wrong(self, sentence: str) -> None:
        """Why it does not work."""
        self._wrong.set(f"⚠ {sentence}")
        self._invite.setEnabled(True)

    @Slot()
    def _on_invite(self) -> None:
        name = " ".join(self._name.text().split())
        if not name:
            self._name.set_hint(self.tr("Whom?"), wrong=True)
            self._name.setFocus()
            return
        self._name.set_hint("")
        self._invite.setEnabled(False)
        self.invited.emit(name, self._role.key() or Role.CALLER.value)

    def _on_revoke(self, place: int, _checked: bool = False) -> None:
        button = self._rows[place].revoke
        name = str(button.property("member"))
        if self._asked != name:
            for row in self._rows:
                row.revoke.set_words(self.tr("Revoke…"))
            self._asked = name
            button.set_words(self.tr("Really revoke"))
            return
        self._asked = ""
        button.set_words(self.tr("Revoke…"))
        self.revoked.emit(name)

    def _on_change(self, place: int, _checked: bool = False) -> None:
        self._wrong.set("")
        self.form.begin(self._shown[place], self._sources, picking=self._picking, admin=self._admin)
        self.form.show()
        self.form.setFocus()

    @Slot()
    def _on_unchanged(self) -> None:
        """Back to where it was."""
        self.form.hide()
        names = [member.name for member in self._shown]
        if self.form.name() in names:
            self._rows[names.index(self.form.name())].change.setFocus()

    def end_change(self) -> None:
        """It is kept."""
        self._wrong.set("")
        self._on_unchanged()

    @Slot()
    def _on_copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(self._text.toPlainText())
        self._invitation.set_hint(self.tr("✓ Copied. It works once, and within seven days."))


def _there(present: Present | None) -> str:
    if present is None:
        return ""
    if not present.online:
        from datetime import datetime

        return f"offline since {datetime.fromtimestamp(present.seen_at / 1000).astimezone():%H:%M}"
    return {"call": "on a call", "between": "between calls"}.get(present.doing, "online")


def _role_words(role: Role) -> str:
    return {
        Role.LEAD: "team lead",
        Role.INTAKE: "intake (hands in, reads nobody)",
        Role.VIEWER: "viewer (figures alone)",
    }.get(role, role.value)
