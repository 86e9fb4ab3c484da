"""Two to five choices side by side, one of them chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import MIDDLE, advance, paint_box
from app.ui.theme import colour, mixed, size

HEIGHT = 34


class _Segment(QAbstractButton):
    """One choice."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setProperty("ringed", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = advance(self.text(), size("secondary"), 500)
        return QSize(int(words) + 2 * fonts.scaled(12) + 1, fonts.scaled(HEIGHT) - 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isChecked():
            paint_box(painter, box, colour("accent_soft"), colour("accent"), size("radius_chip"))
        elif self.underMouse():
            paint_box(painter, box, mixed("line", "panel", 0.6), None, size("radius_chip"))
        painter.setFont(fonts.font(size("secondary"), 500))
        painter.setPen(colour("accent" if self.isChecked() else "ink_2"))
        painter.drawText(box, MIDDLE, self.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class Segmented(QWidget):
    """One stop of the Tab key; the arrows choose.

    Signals:
        chosen: the key of the choice.
    """

    chosen = Signal(str)

    def __init__(self, choices: list[tuple[str, str]], current: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: dict[str, _Segment] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for key, text in choices:
            segment = _Segment(text, self)
            segment.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._segments[key] = segment
            group.addButton(segment)
            row.addWidget(segment)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if choices:
            self.set_current(current or choices[0][0])

    def set_current(self, key: str) -> None:
        """Marks a choice without a signal.

        Raises:
            KeyError: there is no such choice.
        """
        self._segments[key].setChecked(True)

    def current(self) -> str:
        """The key of the choice; empty when none is."""
        return next((key for key, segment in self._segments.items() if segment.isChecked()), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The trough."""
        paint_box(QPainter(self), QRectF(self.rect()), colour("bg"), colour("line"), size("radius"))
