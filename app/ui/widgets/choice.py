"""A button that is pressed in or not, and a row of them of which one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

FIXED = QSizePolicy.Policy.Fixed


class Choice(QAbstractButton):
    """Says its words to a screen reader, has the ring of the keyboard, and shows that it can be pressed."""

    def __init__(self, text: str, parent: QWidget | None = None, *, across: QSizePolicy.Policy = FIXED) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setProperty("ringed", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # it is painted anew when the pointer comes and goes
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(across, FIXED)

    def minimumSizeHint(self) -> QSize:
        """Never less."""
        return self.sizeHint()


C = TypeVar("C", bound=Choice)


class Choices(QWidget, Generic[C]):
    """One stop of the Tab key; the arrows choose."""

    def __init__(self, choices: Mapping[str, C], margin: int, gap: int, parent: QWidget | None = None) -> None:
        """`choices` by their keys; `margin` and `gap` around and between them, in pixels."""
        super().__init__(parent)
        self._choices = dict(choices)
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(margin, margin, margin, margin)
        row.setSpacing(gap)
        for choice in self._choices.values():
            group.addButton(choice)
            row.addWidget(choice)

    def set_current(self, key: str) -> None:
        """Marks a choice.

        Raises:
            KeyError: there is no such choice.
        """
        self._choices[key].setChecked(True)

    def choice(self, key: str) -> C:
        """The button of a choice.

        Raises:
            KeyError: there is no such choice.
        """
        return self._choices[key]

    def current(self) -> str:
        """The key of the choice; empty when none is."""
        return next((key for key, choice in self._choices.items() if choice.isChecked()), "")
