"""The lists of the desk side by side, each with its key; one of them is shown."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui import fonts
from app.ui.painting import LEFT, advance, keycap_height, keycap_width, paint_box, paint_keycap
from app.ui.theme import colour, mixed, size
from app.ui.widgets.choice import FIXED, Choice, Choices

HEIGHT = 27
PAD = 10
GAP = 7


class _Tab(Choice):
    """One list."""

    def __init__(self, text: str, key: str) -> None:
        super().__init__(text)
        self.setAccessibleDescription(key)
        self.setToolTip(key)
        self.key, self.with_key, self.count = key, True, ""

    def words(self) -> str:
        return f"{self.text()} {self.count}".strip()

    def sizeHint(self) -> QSize:
        wide = advance(self.words(), size("secondary"), 500, tabular=True) + 2 * fonts.scaled(PAD)
        if self.with_key:
            wide += keycap_width(self.key) + fonts.scaled(GAP)
        return QSize(int(wide) + 1, fonts.scaled(HEIGHT))

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


class DeskTabs(Choices[_Tab]):
    """Each list with its key; another one than before is told, whoever chose it.

    Signals:
        chosen: the key of the list.
    """

    chosen = Signal(str)

    def __init__(self, lists: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`lists` are key, words, and the key that is pressed."""
        tabs = {key: _Tab(text, pressed) for key, text, pressed in lists}
        super().__init__(tabs, 0, 6, parent)
        for key, tab in tabs.items():
            tab.toggled.connect(lambda on, key=key: self.chosen.emit(key) if on else None)
        self.setSizePolicy(FIXED, FIXED)

    def set_counts(self, counts: dict[str, str]) -> None:
        """How many are on the lists, beside their names."""
        for key, count in counts.items():
            tab = self._choices[key]
            if tab.count != count:
                tab.count = count
                tab.setAccessibleName(tab.words())
                tab.updateGeometry()
                tab.update()

    def show_keys(self, shown: bool) -> None:
        """Whether there is room for the keys."""
        for tab in self._choices.values():
            if tab.with_key != shown:
                tab.with_key = shown
                tab.updateGeometry()
                tab.update()

    def width_with_keys(self) -> int:
        """The room that all need with their keys, in pixels."""
        keys = sum(0 if t.with_key else int(keycap_width(t.key)) + fonts.scaled(GAP) for t in self._choices.values())
        return self.sizeHint().width() + keys
