"""The one button of Winnow: it shows its key."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import fonts, icons
from app.ui.painting import (
    LEFT,
    RIGHT,
    advance,
    elided,
    keycap_height,
    keycap_width,
    paint_box,
    paint_keycap,
)
from app.ui.theme import colour, mixed, size

HIGHEST = 10_000  # pixels: no answer is higher
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class Form(NamedTuple):
    """How one kind of button looks; lengths in pixels at 100 %."""

    height: int
    pixels: int = 13
    weight: int = 500
    pad: int = 13
    gap: int = 8
    ink: str = "ink"
    fill: str = "panel"
    border: str = "line"
    icon: str = ""  # colour of the icon; empty: as the words
    icon_size: int = 18
    key_first: bool = False
    detail_pixels: int = 12
    wraps: bool = False


_ACTION = size("button")
FORMS = {
    "plain": Form(_ACTION),
    "quiet": Form(_ACTION, ink="ink_2", fill="", border="", pad=8),
    "primary": Form(_ACTION, ink="on_accent", fill="accent", border=""),
    "danger": Form(_ACTION, ink="late"),
    "outcome": Form(_ACTION, pad=8, gap=5),
    "call": Form(size("button_call"), pixels=16, pad=14, gap=10, ink="on_accent", fill="accent", border=""),
    "blocked": Form(size("button_call"), pixels=16, pad=14, gap=10, ink="ink_3", fill="discard_soft", border=""),
    "answer": Form(size("button_answer"), pixels=14, pad=13, gap=9, key_first=True, wraps=True),
    "option": Form(size("button_answer") + 10, weight=600, pad=14, gap=13, icon="accent", detail_pixels=13),
    "sell": Form(size("button_answer"), pixels=16, pad=13, ink="sell", border="sell", detail_pixels=13),
    "nurture": Form(size("button_answer"), pixels=16, pad=13, ink="nurture", border="nurture", detail_pixels=13),
    "discard": Form(size("button_answer"), pixels=16, pad=13, ink="discard", border="line", detail_pixels=13),
}


class KeyButton(QAbstractButton):
    """Words, the key that does the same, and where it helps an icon, a detail and points.

    `kind` is one of `FORMS`: plain, quiet, primary, danger, outcome, call, blocked, answer, option, sell, nurture,
    discard. The key is only shown: `app.ui.keys.bind` makes it work. A checked button is the chosen one.
    """

    def __init__(
        self,
        text: str = "",
        key: str = "",
        *,
        kind: str = "plain",
        icon: str = "",
        detail: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._form = FORMS[kind]
        self._key = key
        self._icon = icon
        self._detail = detail
        self._points = ""
        self._filled = False
        self._high = 0
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # it is painted anew when the pointer comes and goes
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._describe()

    # what it shows

    def set_kind(self, kind: str) -> None:
        """Another look for the same button.

        Raises:
            KeyError: there is no such kind.
        """
        if kind != self._kind:
            self._kind = kind
            self._form = FORMS[kind]
            self.updateGeometry()
            self.update()

    def kind(self) -> str:
        """Its look."""
        return self._kind

    def set_words(self, text: str, key: str | None = None, *, detail: str = "", points: str = "") -> None:
        """Everything that it says, in one step; a pooled button is filled with this."""
        if (text, detail, points) == (self.text(), self._detail, self._points) and key in {None, self._key}:
            return
        self._detail = detail
        self._points = points
        if key is not None:
            self._key = key
        self.setText(text)
        self._describe()
        self.updateGeometry()

    def set_icon(self, name: str) -> None:
        """Another icon; empty for none."""
        if name != self._icon:
            self._icon = name
            self.updateGeometry()
            self.update()

    def set_filled(self, filled: bool, high: int = 0) -> None:
        """Whether it is the advised one, in its full colour; `high` is its height in pixels at 100 %, 0 its own."""
        if (filled, high) != (self._filled, self._high):
            self._filled = filled
            self._high = high
            self.updateGeometry()
            self._describe()
            self.update()

    def is_filled(self) -> bool:
        """Whether it is shown as the advised one."""
        return self._filled

    def key(self) -> str:
        """The label of its key."""
        return self._key

    def _describe(self) -> None:
        self.setAccessibleName(self.text().replace("&", ""))
        parts = [self._detail, self._points, self.tr("recommended") if self._filled else "", self._key]
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    # how large it is

    def _height(self) -> int:
        return fonts.scaled(self._high or self._form.height)

    def _around(self) -> float:
        """Everything beside the words, the detail left out."""
        form = self._form
        gap = fonts.scaled(form.gap)
        width = 2.0 * fonts.scaled(form.pad)
        if self._key:
            width += keycap_width(self._key) + (gap if self.text() else 0)
        if self._icon:
            width += fonts.scaled(form.icon_size) + (gap if self.text() else 0)
        if self._points:
            width += gap + advance(self._points, form.detail_pixels, tabular=True)
        return width

    def sizeHint(self) -> QSize:
        """All that it says on one line."""
        width = self._around() + advance(self.text(), self._form.pixels, self._form.weight)
        if self._detail:
            width += fonts.scaled(self._form.gap) + advance(self._detail, self._form.detail_pixels)
        return QSize(ceil(width) + 1, self._height())

    def minimumSizeHint(self) -> QSize:
        """All but the detail; an answer wraps, so it may be narrower."""
        if self._form.wraps:
            return QSize(ceil(self._around()) + fonts.scaled(60), self._height())
        return QSize(ceil(self._around() + advance(self.text(), self._form.pixels, self._form.weight)) + 1,
                     self._height())  # fmt: skip

    def height_for(self, width: int) -> int:
        """The height at which all words of an answer are seen, wrapped at this width."""
        form = self._form
        room = width - ceil(self._around())
        if not form.wraps or advance(self.text(), form.pixels, form.weight) <= room:
            return self._height()
        box = QRectF(0, 0, max(room, 1), HIGHEST)
        lines = fonts.metrics(form.pixels, form.weight).boundingRect(box, WRAPPED, self.text())
        return max(self._height(), ceil(lines.height()) + fonts.scaled(14))

    # how it looks

    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Ground, border, words."""
        form = self._form
        if self._filled:
            form = form._replace(fill=form.ink, border="", ink="on_accent")
        fill = colour(form.fill) if form.fill else None
        border = colour(form.border) if form.border else None
        ink = colour(form.ink)
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        if self.isChecked():
            return colour("accent_soft"), colour("accent"), colour("ink")
        if not self.isEnabled():
            return (colour("bg") if fill else None), (colour("line") if border else None), colour("ink_3")
        if hot and form.fill in {"panel", ""}:
            fill = mixed("line_soft", "panel", 1.0 if self.isDown() else 0.75)
            border = colour("control") if form.border == "line" else border
        elif hot and form.fill != "discard_soft":
            fill = mixed(form.fill, "ink", 0.84 if self.isDown() else 0.92)
        return fill, border, ink

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The button, everything in theme colours."""
        painter = QPainter(self)
        form = self._form
        fill, border, ink = self._colours()
        paint_box(painter, QRectF(self.rect()), fill, border, size("radius"))
        on_fill = self._filled or form.ink == "on_accent"
        left, right = float(fonts.scaled(form.pad)), float(self.width() - fonts.scaled(form.pad))
        gap, middle = fonts.scaled(form.gap), self.height() / 2
        if self._key:
            wide, high = keycap_width(self._key), keycap_height()
            at = left if form.key_first else right - wide
            paint_keycap(painter, QRectF(at, round(middle - high / 2), wide, high), self._key, ink if on_fill else None)
            left, right = (left + wide + gap, right) if form.key_first else (left, at - gap)
        if self._icon:
            side = fonts.scaled(form.icon_size)
            icon_ink = colour(form.icon) if form.icon and self.isEnabled() else ink
            icons.paint(painter, self._icon, QRectF(left, round(middle - side / 2), side, side), icon_ink)
            left += side + gap
        if self._points:
            painter.setFont(fonts.font(form.detail_pixels, tabular=True))
            painter.setPen(colour("ink_2"))
            painter.drawText(QRectF(left, 0, right - left, self.height()), RIGHT, self._points)
            right -= advance(self._points, form.detail_pixels, tabular=True) + gap
        self._paint_words(painter, QRectF(left, 0, right - left, self.height()), ink, on_fill)

    def _paint_words(self, painter: QPainter, room: QRectF, ink: QColor, on_fill: bool) -> None:
        form = self._form
        weight = 600 if self._filled else form.weight
        painter.setFont(fonts.font(form.pixels, weight))
        painter.setPen(ink)
        words = advance(self.text(), form.pixels, weight)
        if form.wraps and words > room.width():
            painter.drawText(room, WRAPPED, self.text())
            return
        painter.drawText(room, LEFT | Qt.TextFlag.TextSingleLine,
                         elided(self.text(), form.pixels, form.weight, room.width() + 1))  # fmt: skip
        left = room.left() + words + fonts.scaled(form.gap)
        if self._detail and left + advance(self._detail, form.detail_pixels) <= room.right() + 1:  # else left out whole
            painter.setFont(fonts.font(form.detail_pixels))
            painter.setPen(ink if on_fill or not self.isEnabled() else colour("ink_2"))
            painter.drawText(QRectF(left, 1, room.right() + 2 - left, room.height()), LEFT, self._detail)
