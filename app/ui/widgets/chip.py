"""Few words on a ground that says how they are meant."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.painting import TONES, chip_height, chip_width, paint_chip


class Chip(QLabel):
    """An age, a count, a state: tones `fine`, `soon`, `over`, `due`, `plain`."""

    def __init__(self, text: str = "", tone: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, tone: str) -> None:
        """Other words, another tone; nothing is shown for empty words.

        Raises:
            KeyError: there is no such tone.
        """
        if tone not in TONES:
            raise KeyError(tone)
        self._tone = tone
        if text != self.text():
            self.setText(text)
            self.updateGeometry()
        self.setVisible(bool(text))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(int(chip_width(self.text())), chip_height())

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chip."""
        if self.text():
            paint_chip(QPainter(self), QRectF(self.rect()), self.text(), self._tone)
