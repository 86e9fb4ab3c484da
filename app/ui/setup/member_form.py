"""What one member may do, and whose people they may read, to be changed in place."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.services.team.link import Member, Role
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

EVERYBODY = frozenset({Role.LEAD, Role.ADMIN})  # read all sources whatever is said


class MemberForm(QWidget):
    """Filled by `begin`.

    Signals:
        kept: name, role as a word, the sources (None: all of them).
        cancelled: nothing is to change.
    """

    kept = Signal(str, str, object)
    cancelled = Signal()

    def __init__(self, roles: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._title = WrappedLabel(weight=600, parent=self)
        self.role = ChoiceBox(roles)
        self.sources = Field(self.tr("Reads people of these sources, with commas; empty: of all"))
        self.keep = KeyButton(self.tr("Keep"), kind="primary")
        self._cancel = KeyButton(self.tr("Cancel"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 12)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.addWidget(self._title, 0, 0, 1, 2)
        grid.addWidget(Field(self.tr("Role"), editor=self.role), 1, 0)
        grid.addWidget(self.sources, 1, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.keep)
        row.addWidget(self._cancel)
        row.addStretch(1)
        grid.addLayout(row, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.keep.clicked.connect(self._on_keep)
        self._cancel.clicked.connect(self.cancelled)
        self.setFocusProxy(self.role)

    def name(self) -> str:
        """Whom it is about."""
        return self._name

    def begin(self, member: Member, sources: list[str]) -> None:
        """Shows what holds now; `sources` are those that are known here."""
        self._name = member.name
        self._title.set(self.tr("What %1 may do").replace("%1", member.name))
        self.role.set_key(member.role.value)
        self.sources.set_text(", ".join(member.sources or ()))
        hint = self.tr("There are: %1").replace("%1", ", ".join(sources[:8])) if sources else ""
        self.sources.set_hint(hint)

    @Slot()
    def _on_keep(self) -> None:
        named = sorted({" ".join(part.split()) for part in self.sources.text().split(",") if part.strip()})
        role = self.role.key()
        everybody = not named or Role(role) in EVERYBODY
        self.kept.emit(self._name, role, None if everybody else tuple(named))
