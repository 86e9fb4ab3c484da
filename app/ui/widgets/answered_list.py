"""The questions that have their answers, painted as one widget: it is filled anew at every key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.rows import Told
from app.ui import fonts, icons
from app.ui.painting import LEFT, RIGHT, advance, elided, paint_box
from app.ui.points import ink, signed
from app.ui.theme import colour, size

ROW = 32
GAP = 6


class AnsweredList(QWidget):
    """The last answers; a press goes back to the question.

    Signals:
        pressed: the key of the question.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Told, ...] = ()
        self._most = 3
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Answered"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set(self, rows: tuple[Told, ...]) -> None:
        """All answered questions, in their order; the last ones are shown."""
        if rows == self._rows:
            return
        count = min(len(self._rows), self._most)
        self._rows = rows
        self.setAccessibleDescription("; ".join(f"{row.question} {row.answer}" for row in rows))
        if min(len(rows), self._most) != count:
            self.updateGeometry()
        self.setVisible(bool(rows))
        self.update()

    def set_most(self, most: int) -> None:
        """How many rows there is room for."""
        if most != self._most:
            self._most = most
            self.updateGeometry()
            self.update()

    def shown(self) -> tuple[Told, ...]:
        """The rows that are seen."""
        return self._rows[-self._most :] if self._most else ()

    def sizeHint(self) -> QSize:
        """All rows that are seen."""
        count = len(self.shown())
        return QSize(fonts.scaled(300), count * fonts.scaled(ROW) + max(count - 1, 0) * GAP)

    def minimumSizeHint(self) -> QSize:
        """As high, and narrow: questions are shortened."""
        return QSize(fonts.scaled(160), self.sizeHint().height())

    def _box(self, place: int) -> QRectF:
        high = fonts.scaled(ROW)
        return QRectF(0, place * (high + GAP), self.width(), high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The rows."""
        painter = QPainter(self)
        pixels = size("secondary")
        for place, row in enumerate(self.shown()):
            box = self._box(place)
            paint_box(painter, box, None, colour("line_soft"), size("radius_chip"))
            side = fonts.scaled(13)
            left = float(fonts.scaled(12))
            icons.paint(painter, "check", QRectF(left, round(box.center().y() - side / 2), side, side),
                        colour("ink_2"))  # fmt: skip
            left += side + fonts.scaled(8)
            right = box.right() - fonts.scaled(12)
            if row.points is not None:
                painter.setFont(fonts.font(pixels, tabular=True))
                painter.setPen(colour(ink(row.points)))
                painter.drawText(box.adjusted(0, 0, -fonts.scaled(12), 0), RIGHT, signed(row.points))
                right -= advance(signed(row.points), pixels, tabular=True) + fonts.scaled(12)
            gap = fonts.scaled(8)
            answer = elided(row.answer, pixels, 600, max((right - left) * 0.6, right - left - gap
                            - advance(row.question, pixels)))  # fmt: skip
            wide = advance(answer, pixels, 600)
            question = elided(row.question, pixels, 400, right - left - wide - gap)
            painter.setFont(fonts.font(pixels))
            painter.setPen(colour("ink_2"))
            painter.drawText(QRectF(left, box.top(), right - left, box.height()), LEFT, question)
            left += advance(question, pixels) + gap
            painter.setFont(fonts.font(pixels, 600))
            painter.setPen(colour("ink"))
            painter.drawText(QRectF(left, box.top(), right - left + 2, box.height()), LEFT, answer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Goes back to the question below the pointer."""
        for place, row in enumerate(self.shown()):
            if self._box(place).contains(event.position()):
                self.pressed.emit(row.key)
                return

    def event(self, event: QEvent) -> bool:
        """The whole question and answer on hover."""
        if event.type() == QEvent.Type.ToolTip:
            place = int(event.pos().y() // (fonts.scaled(ROW) + GAP))  # type: ignore[attr-defined]
            rows = self.shown()
            self.setToolTip(f"{rows[place].question} {rows[place].answer}" if place < len(rows) else "")
        return super().event(event)
