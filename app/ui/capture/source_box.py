"""Where inquiries come from: one of the known sources, or a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget


class SourceBox(QComboBox):
    """A name that is typed or chosen; parts of the known ones find them.

    Signals:
        changed: the name, at every key.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)
        edit = self.lineEdit()
        assert edit is not None
        edit.setObjectName("bare")  # the box itself has the border
        edit.setAcceptDrops(False)  # a file dropped here belongs to the page
        edit.setPlaceholderText(self.tr("A fair, a form, a campaign"))
        edit.setMaxLength(120)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        if popup is not None:
            popup.setObjectName("choices")
        self.setCompleter(completer)
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turns with the wheel only while it has the focus: scrolling a page changes nothing on it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
