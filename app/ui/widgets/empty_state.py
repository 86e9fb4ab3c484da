"""What a page says when there is nothing to show: what is, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import fonts, icons
from app.ui.theme import colour, size
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.middle import put_in_middle
from app.ui.widgets.wrapped_label import WrappedLabel

MEASURE = 420  # pixels at 100 %: lines stay readable
MARK = 56


class _Mark(QWidget):
    """The icon in a soft disc."""

    def __init__(self, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = fonts.scaled(MARK)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent_soft"))
        painter.drawEllipse(QRectF(self.rect()))
        side = fonts.scaled(26)
        icons.paint(painter, self.icon, QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side),
                    colour("accent"))  # fmt: skip


class EmptyState(QWidget):
    """An icon, a sentence, a few words more, and what can be done about it."""

    def __init__(self, icon: str = "check", title: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = _Mark(icon, self)
        self._title = WrappedLabel(title, pixels=size("heading"), weight=600, parent=self)
        self._text = WrappedLabel(text, ink="ink_2", parent=self)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._mark)
        column.addSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(12)
        column.addLayout(self._actions)
        self._actions.addStretch(1)
        put_in_middle(self, inner, MEASURE, QMargins(24, 24, 24, 24))

    def set(self, icon: str, title: str, text: str) -> None:
        """Another state."""
        self._mark.icon = icon
        self._mark.update()
        self._title.set(title)
        self._text.set(text)

    def add_action(self, button: KeyButton) -> KeyButton:
        """A button below the words, in the order in which they are added."""
        self._actions.insertWidget(self._actions.count() - 1, button)
        return button
