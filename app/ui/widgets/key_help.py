"""All keys of a page at a glance."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.theme import colour, size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_cap import KeyCap

COLUMNS = 2


class KeyHelp(QWidget):
    """Covers its parent until any key or a press takes it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("All keys"))
        self._before: QWidget | None = None
        self._card: Card | None = None
        self._outer = QVBoxLayout(self)
        parent.installEventFilter(self)
        self.hide()

    def show_for(self, page: str) -> None:
        """Shows the keys of a page and of the window.

        Raises:
            KeyError: there is no such page.
        """
        lines = keys.listed(page) + (keys.listed("window") if page != "window" else [])
        if self._card is not None:
            self._outer.removeWidget(self._card)
            self._card.deleteLater()
        self._card = Card(self)
        grid = QGridLayout(self._card)
        grid.setContentsMargins(28, 22, 28, 24)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(9)
        grid.addWidget(ElidedLabel(self.tr("Keys"), pixels=size("heading"), weight=600, least=0), 0, 0, 1, 5)
        high = (len(lines) + 1) // COLUMNS
        for number, (cap, text) in enumerate(lines):
            row, column = number % high + 1, number // high * 3
            grid.addWidget(KeyCap(cap), row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(ElidedLabel(text, pixels=size("secondary"), ink="ink_2", least=0), row, column + 1)
        grid.setColumnMinimumWidth(2, 28)
        self.setAccessibleDescription("; ".join(f"{cap}: {text}" for cap, text in lines))
        self._outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        self._before = self.window().focusWidget()
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def _close(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def event(self, event: QEvent) -> bool:
        """Takes every key for itself, shortcuts included, while it is shown."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        """Any key closes it."""
        self._close()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """So does a press."""
        self._close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Covers the parent at every size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._under.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dims what lies below."""
        shade = QColor(colour("rail"))
        shade.setAlphaF(0.55)
        QPainter(self).fillRect(self.rect(), shade)
