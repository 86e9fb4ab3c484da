"""The pages, at the left edge of the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.ui import fonts, icons
from app.ui.painting import MIDDLE
from app.ui.theme import colour, is_dark, size
from app.ui.widgets.choice import Choice

ITEM = (52, 50)  # pixels at 100 %
TEXT = 11
MOST_COUNT = 100  # from here on the exact number says no more


class _Item(Choice):
    """One page: icon above its name."""

    def __init__(self, name: str, icon: str, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.name = name
        self.icon_name = icon
        self._count = 0
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_count(self, count: int) -> None:
        """How much waits there; 0 shows nothing."""
        if count != self._count:
            self._count = count
            self.setAccessibleDescription(self.tr("%n waiting", "", count) if count else "")
            self.update()

    def sizeHint(self) -> QSize:
        words = fonts.metrics(TEXT, 500).horizontalAdvance(self.text())
        return QSize(max(fonts.scaled(ITEM[0]), int(words) + 8), fonts.scaled(ITEM[1]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bright = colour("ink" if is_dark() else "panel")  # the rail is dark in both themes
        if self.isChecked() or self.underMouse():
            ground = QColor(bright)
            ground.setAlphaF(0.14 if self.isChecked() else 0.06)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(self.rect()), size("radius"), size("radius"))
        ink = bright if self.isChecked() else colour("rail_ink")
        side = fonts.scaled(19)
        top = fonts.scaled(8)
        icons.paint(painter, self.icon_name, QRectF((self.width() - side) // 2, top, side, side), ink)
        painter.setPen(ink)
        painter.setFont(fonts.font(TEXT, 500 if self.isChecked() else 400))
        below = top + side + fonts.scaled(2)
        painter.drawText(QRectF(0, below, self.width(), self.height() - below - fonts.scaled(4)), MIDDLE, self.text())
        if self._count:
            self._paint_count(painter)

    def _paint_count(self, painter: QPainter) -> None:
        text = str(self._count) if self._count < MOST_COUNT else f"{MOST_COUNT - 1}+"
        high = fonts.scaled(15)
        wide = max(high, int(fonts.metrics(TEXT - 1, 600).horizontalAdvance(text)) + fonts.scaled(8))
        box = QRectF(self.width() / 2 + fonts.scaled(4), fonts.scaled(3), wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("late"))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(colour("panel"))
        painter.setFont(fonts.font(TEXT - 1, 600))
        painter.drawText(box, MIDDLE, text)


class Rail(QWidget):
    """Chooses the page.

    Signals:
        chosen: the name of the page that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, _Item] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 14, 6, 14)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self._above = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Pages"))

    def add(self, name: str, icon: str, text: str, *, below: bool = False) -> None:
        """One more page; `below` puts it at the lower end."""
        item = _Item(name, icon, text, self)
        item.clicked.connect(lambda: self.chosen.emit(name))
        self._items[name] = item
        self._group.addButton(item)
        place = self._column.count() if below else self._above
        self._column.insertWidget(place, item, 0, Qt.AlignmentFlag.AlignHCenter)
        self._above += not below

    def set_current(self, name: str) -> None:
        """Marks the page that is shown.

        Raises:
            KeyError: there is no such page.
        """
        self._items[name].setChecked(True)

    def set_count(self, name: str, count: int) -> None:
        """A number beside a page's icon; pages that are not here are passed over."""
        if name in self._items:
            self._items[name].set_count(count)

    def sizeHint(self) -> QSize:
        """As wide as the tokens say, wider for larger text."""
        widest = max((item.sizeHint().width() for item in self._items.values()), default=0)
        return QSize(max(size("rail"), widest + 12), super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dark ground."""
        QPainter(self).fillRect(self.rect(), colour("rail"))
