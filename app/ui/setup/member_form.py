"""What one member may do, and whose people they may read, to be changed in place."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.models.rights import Role
from app.services.team.link import Member
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

EVERYBODY = frozenset({Role.LEAD, Role.ADMIN})  # read all sources whatever is said
PICKERS = {Role.CALLER: "callers", Role.SALES: "sales", Role.MARKETING: "marketing"}  # whose picking can be ended
ANY, ORDER = "any", "order"


class MemberChange(NamedTuple):
    """What is to hold for one member, and for everybody of the same role."""

    name: str
    role: str
    sources: tuple[str, ...] | None  # None: all of them
    picks: bool | None  # whether the role may call out of the queue's order; None: nothing is said about it


class MemberForm(QWidget):
    """Filled by `begin`.

    Signals:
        kept: a MemberChange.
        cancelled: nothing is to change.
    """

    kept = Signal(object)
    cancelled = Signal()

    def __init__(self, roles: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._picking: frozenset[str] | None = None
        self._title = WrappedLabel(weight=600, parent=self)
        self.role = ChoiceBox(roles)
        self._role_field = Field(self.tr("Role"), editor=self.role)
        self.sources = Field(self.tr("Reads people of these sources"))
        self.sources.set_hint(self.tr("With commas between; empty: people of all."))
        words = [(ANY, self.tr("whomever they choose")), (ORDER, self.tr("in the order of the queue alone"))]
        self.picking = ChoiceBox(words)
        self._picking_field = Field(self.tr("Calls"), editor=self.picking)
        self.keep = KeyButton(self.tr("Keep"), kind="primary")
        self._cancel = KeyButton(self.tr("Cancel"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 12)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.addWidget(self._title, 0, 0, 1, 2)
        grid.addWidget(self._role_field, 1, 0)
        grid.addWidget(self.sources, 1, 1)
        grid.addWidget(self._picking_field, 2, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.keep)
        row.addWidget(self._cancel)
        row.addStretch(1)
        grid.addLayout(row, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.role.chosen.connect(self._on_role)
        self.keep.clicked.connect(self._on_keep)
        self._cancel.clicked.connect(self.cancelled)

    def name(self) -> str:
        """Whom it is about."""
        return self._name

    def begin(
        self, member: Member, sources: list[str], *, picking: frozenset[str] | None = None, admin: bool = True
    ) -> None:
        """Shows what holds now.

        Args:
            sources: those that are known here.
            picking: the roles that may call out of the queue's order, as words; None: the hub has not said.
            admin: may say everything; a lead changes the picking alone.
        """
        self._name, self._picking = member.name, picking
        self._title.set(self.tr("What %1 may do").replace("%1", member.name))
        self.role.set_key(member.role.value)
        self.sources.set_text(", ".join(member.sources or ()))
        hint = self.tr("There are: %1").replace("%1", ", ".join(sources[:8])) if sources else ""
        self.sources.set_hint(hint)
        for part in (self._role_field, self.sources):
            part.setVisible(admin)
        self._show_picking(member.role.value)
        self.setFocusProxy(self.role if admin else self.picking)

    def _show_picking(self, role: str) -> None:
        who = PICKERS.get(Role(role)) if role else None
        self._picking_field.setVisible(who is not None and self._picking is not None)
        if who is not None and self._picking is not None:
            self.picking.set_key(ANY if role in self._picking else ORDER)
            self._picking_field.set_hint(self.tr("It holds for all %1.").replace("%1", who))

    @Slot(str)
    def _on_role(self, role: str) -> None:
        self._show_picking(role)

    @Slot()
    def _on_keep(self) -> None:
        named = sorted({" ".join(part.split()) for part in self.sources.text().split(",") if part.strip()})
        role = self.role.key()
        everybody = not named or Role(role) in EVERYBODY
        said = self._picking is not None and Role(role) in PICKERS
        picks = self.picking.key() == ANY if said else None
        self.kept.emit(MemberChange(self._name, role, None if everybody else tuple(named), picks))
