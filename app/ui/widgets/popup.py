"""A card over a page that has every key to itself until it is answered."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.card import Card

RING = 6  # pixels of shade around the card
MARGIN = 20  # between the card and the edges of a narrow page


class Popup(QWidget):
    """Covers its parent at every size; one of its own lays out `card`, and shows itself by `open_with`.

    Signals:
        cancelled: Esc, or its button.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card = Card(self)
        outer = QVBoxLayout(self)
        outer.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.hide()

    def stops(self) -> list[QWidget]:
        """Where the Tab key comes by, in order."""
        raise NotImplementedError

    def width_for(self, wide: int) -> int:
        """So wide the card becomes, of `wide` pixels at 100 %."""
        return min(fonts.scaled(wide), self.page().width() - 2 * MARGIN)

    def open_with(self, focus: QWidget, wide: int) -> None:
        """Shows it, with a card of `wide` pixels and the keyboard on `focus`."""
        self.card.setFixedWidth(wide)
        self._before = self.window().focusWidget()
        self.fit()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        """Takes it away without a signal; the keyboard goes back to where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def cancel(self) -> None:
        """Takes it away without an answer."""
        self.close_quietly()
        self.cancelled.emit()

    # how it lies over the page

    def page(self) -> QRect:
        """What it covers; asked of Qt, since whoever holds the other for good is never freed without the collector."""
        under = self.parentWidget()
        return under.rect() if under is not None else QRect()

    def fit(self) -> None:
        """Lies over the whole page, but takes room for the card alone: what it does not cover is not painted again."""
        self.setGeometry(self.page())
        layout, card = self.layout(), self.card.layout()
        assert layout is not None and card is not None
        card.activate()  # another question than before needs another card
        layout.invalidate()
        layout.activate()
        self.setMask(QRegion(self.card.geometry().adjusted(-RING, -RING, RING, RING)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Covers the parent at every size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ring around the card that sets it apart from what lies below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(colour("rail"))
        shade.setAlphaF(0.06)
        painter.setBrush(shade)
        for step in range(1, RING + 1):
            around = QRectF(self.card.geometry()).adjusted(-step, -step, step, step)
            painter.drawRoundedRect(around, size("radius_card") + step, size("radius_card") + step)

    # keys

    def event(self, event: QEvent) -> bool:
        """While it is shown, every key is its own: the page's shortcuts rest."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels; no key goes on to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The Tab key stays inside."""
        stops = self.stops()
        focus = self.window().focusWidget()
        place = stops.index(focus) if focus in stops else (-1 if forward else 0)
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True
