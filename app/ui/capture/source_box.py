"""Where inquiries come from: one of the known sources, or a new one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.widgets.typed_box import TypedBox


class SourceBox(TypedBox):
    """A name that is typed or chosen; parts of the known ones find them.

    Signals:
        changed: the name, at every key.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.edit.setAcceptDrops(False)  # a file dropped here belongs to the page
        self.edit.setPlaceholderText(self.tr("A fair, a form, a campaign"))
        self.edit.setMaxLength(120)
        self.editTextChanged.connect(self.changed)

    def set_known(self, names: list[str]) -> None:
        """The sources there are; what is typed stays."""
        typed, blocked = self.currentText(), self.blockSignals(True)
        self.clear()
        self.addItems(names)
        self.setEditText(typed)
        self.blockSignals(blocked)

    def name(self) -> str:
        """What is typed, its spaces put in order."""
        return " ".join(self.currentText().split())

    def set_name(self, name: str) -> None:
        """Puts a name in."""
        self.setEditText(name)
