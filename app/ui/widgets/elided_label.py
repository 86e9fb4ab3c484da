"""One line of text that ends in … where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import advance, elided
from app.ui.theme import colour, size

LEAST = 60  # pixels: narrower tells nothing


class ElidedLabel(QLabel):
    """A label in a size, weight and colour of the theme, read when it is painted.

    Set `least` to 0 to keep all of its words always.
    """

    def __init__(
        self,
        text: str = "",
        *,
        pixels: int | None = None,
        weight: int = 400,
        ink: str = "ink",
        tabular: bool = False,
        least: int = LEAST,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._pixels = pixels or size("body")
        self._weight = weight
        self._ink = ink
        self._tabular = tabular
        self._least = least
        self._align = align | Qt.AlignmentFlag.AlignVCenter
        policy = QSizePolicy.Policy.Preferred if least else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)

    def set(self, text: str, ink: str | None = None) -> None:
        """Other words, and another colour where one is named."""
        if ink is not None and ink != self._ink:
            self._ink = ink
            self.update()
        if text != self.text():
            self.setText(text)

    def sizeHint(self) -> QSize:
        """As wide as all of its words."""
        width = advance(self.text(), self._pixels, self._weight, tabular=self._tabular)
        return QSize(int(width) + 2, fonts.height(self._pixels))

    def minimumSizeHint(self) -> QSize:
        """Some letters, or all of them."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), fonts.scaled(self._least)), hint.height()) if self._least else hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words that fit; the whole is shown on hover when some do not."""
        painter = QPainter(self)
        text = elided(self.text(), self._pixels, self._weight, self.width() + 1, tabular=self._tabular)
        self.setToolTip(self.text() if text != self.text() else "")
        painter.setFont(fonts.font(self._pixels, self._weight, tabular=self._tabular))
        painter.setPen(colour(self._ink))
        painter.drawText(QRectF(self.rect()), self._align | Qt.TextFlag.TextSingleLine, text)
