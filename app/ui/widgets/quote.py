"""What they asked for, in their words, and who noted it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import elided, paint_box
from app.ui.theme import colour, size

PAD = 12
MOST_LINES = 4
LEADING = 1.32  # of the font's height: lines of a quotation are read, not scanned


class Quote(QLabel):
    """Painted in two tones; more than four lines end in …, the whole is on hover."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._words = ""
        self._by = ""
        self._most = MOST_LINES
        self._asked: tuple[int, int, float, str] | None = None  # what `_high` was reckoned for
        self._high = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, words: str, by: str) -> None:
        """Other words; without any it is not shown."""
        self._words = f"“{words}”" if words else ""
        self._by = f" — {by}" if by and words else ""
        self.setVisible(bool(words))
        self.setToolTip("")
        self.setText(self._words + self._by)

    def set_most(self, lines: int) -> None:
        """How many lines there is room for."""
        if lines != self._most:
            self._most = lines
            self.updateGeometry()

    def _laid_out(self, width: float) -> tuple[QTextLayout, float]:
        by_one_word = self._by.replace("— ", "—\u00a0").replace("-", "\u2011")  # “E-mail” stays on its line
        layout = QTextLayout(self._words + by_one_word, fonts.font(size("body")))
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        said = QTextLayout.FormatRange()
        said.start, said.length, said.format = 0, len(self._words), QTextCharFormat()
        said.format.setForeground(colour("ink_2"))
        by = QTextLayout.FormatRange()
        by.start, by.length, by.format = len(self._words), len(self._by), QTextCharFormat()
        by.format.setForeground(colour("ink_2"))
        by.format.setFont(fonts.font(size("secondary")))
        layout.setFormats([said, by])
        layout.beginLayout()
        high, lines = 0.0, 0
        step = fonts.metrics(size("body")).height() * LEADING * 0.92
        while lines < self._most:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, high))
            high += step
            lines += 1
        layout.endLayout()
        return layout, high

    def heightForWidth(self, width: int) -> int:
        """All lines, up to four."""
        if not self._words:
            return 0
        asked = (width, self._most, fonts.scale(), self.text())
        if asked != self._asked:
            self._asked = asked
            self._high = round(self._laid_out(width - 2 * fonts.scaled(PAD))[1]) + 2 * fonts.scaled(9)
        return self._high

    def sizeHint(self) -> QSize:
        """Two lines of a usual card."""
        return QSize(fonts.scaled(480), self.heightForWidth(fonts.scaled(480)))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        line = fonts.height(size("body")) + 2 * fonts.scaled(9)
        return QSize(fonts.scaled(160), line if self._words else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words on a quiet ground."""
        painter = QPainter(self)
        paint_box(painter, QRectF(self.rect()), colour("bg"), None, size("radius"))
        pad = fonts.scaled(PAD)
        layout, high = self._laid_out(self.width() - 2 * pad)
        painter.setPen(colour("ink_2"))
        top = round((self.height() - high) / 2) + 1
        last = layout.lineAt(layout.lineCount() - 1)
        if last.isValid() and last.textStart() + last.textLength() < len(self.text()):
            for number in range(layout.lineCount() - 1):
                layout.lineAt(number).draw(painter, QPointF(pad, top))
            rest = self.text()[last.textStart() :]
            base = top + last.position().y() + last.ascent()
            painter.setFont(fonts.font(size("body")))
            painter.setPen(colour("ink_2"))
            painter.drawText(QPointF(pad, base), elided(rest, size("body"), 400, self.width() - 2 * pad))
            if not self.toolTip():
                self.setToolTip(self.text())
            return
        layout.draw(painter, QPointF(pad, top))
