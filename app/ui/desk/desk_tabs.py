"""The lists of the desk side by side, each with its key; one of them is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import LEFT, advance, keycap_height, keycap_width, paint_box, paint_keycap
from app.ui.theme import colour, mixed, size

HEIGHT = 27
PAD = 10
GAP = 7


class _Tab(QAbstractButton):
    """One list."""

    def __init__(self, text: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(key)
        self.setToolTip(key)
        self.key, self.with_key, self.count = key, True, ""
        self.setCheckable(True)
        self.setProperty("ringed", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def words(self) -> str:
        return f"{self.text()} {self.count}".strip()

    def sizeHint(self) -> QSize:
        wide = advance(self.words(), size("secondary"), 500, tabular=True) + 2 * fonts.scaled(PAD)
        if self.with_key:
            wide += keycap_width(self.key) + fonts.scaled(GAP)
        return QSize(int(wide) + 1, fonts.scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = colour("accent_soft") if self.isChecked() else colour("discard_soft")
        if self.underMouse() and not self.isChecked():
            ground = mixed("line", "discard_soft", 0.5)
        paint_box(painter, QRectF(self.rect()), ground, None, size("radius_chip"))
        painter.setFont(fonts.font(size("secondary"), 500, tabular=True))
        painter.setPen(colour("accent" if self.isChecked() else "ink_2"))
        room = QRectF(fonts.scaled(PAD), 0, self.width() - fonts.scaled(PAD), self.height())
        painter.drawText(room, LEFT, self.words())
        if self.with_key:
            wide, high = keycap_width(self.key), keycap_height()
            at = QRectF(self.width() - wide - fonts.scaled(GAP), round((self.height() - high) / 2), wide, high)
            paint_keycap(painter, at, self.key)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class DeskTabs(QWidget):
    """One stop of the Tab key; the arrows choose.

    Signals:
        chosen: the key of the list.
    """

    chosen = Signal(str)

    def __init__(self, lists: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`lists` are key, words, and the key that is pressed."""
        super().__init__(parent)
        self._tabs: dict[str, _Tab] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for key, text, pressed in lists:
            tab = _Tab(text, pressed, self)
            tab.toggled.connect(lambda on, key=key: self.chosen.emit(key) if on else None)
            self._tabs[key] = tab
            group.addButton(tab)
            row.addWidget(tab)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_current(self, key: str) -> None:
        """Shows a list as chosen; another one than before is told.

        Raises:
            KeyError: there is no such list.
        """
        self._tabs[key].setChecked(True)

    def current(self) -> str:
        """The key of the list; empty when none is chosen yet."""
        return next((key for key, tab in self._tabs.items() if tab.isChecked()), "")

    def set_counts(self, counts: dict[str, str]) -> None:
        """How many are on the lists, beside their names."""
        for key, count in counts.items():
            if self._tabs[key].count != count:
                self._tabs[key].count = count
                self._tabs[key].setAccessibleName(self._tabs[key].words())
                self._tabs[key].updateGeometry()
                self._tabs[key].update()

    def show_keys(self, shown: bool) -> None:
        """Whether there is room for the keys."""
        for tab in self._tabs.values():
            if tab.with_key != shown:
                tab.with_key = shown
                tab.updateGeometry()
                tab.update()

    def width_with_keys(self) -> int:
        """The room that all need with their keys, in pixels."""
        keys = sum(0 if t.with_key else int(keycap_width(t.key)) + fonts.scaled(GAP) for t in self._tabs.values())
        return self.sizeHint().width() + keys
