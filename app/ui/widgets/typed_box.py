"""A list that is typed into: any part of an item finds it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget


class TypedBox(QComboBox):
    """What such boxes share; what becomes of the words is one's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        edit = self.lineEdit()
        assert edit is not None
        edit.setObjectName("bare")  # the box itself has the border
        self.edit = edit
        self.finder = QCompleter(self.model(), self)
        self.finder.setFilterMode(Qt.MatchFlag.MatchContains)
        self.finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = self.finder.popup()
        if popup is not None:
            popup.setObjectName("choices")
        self.setCompleter(self.finder)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turns with the wheel only while it has the focus: scrolling a page changes nothing on it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
