"""What several widgets and delegates paint alike: sharp boxes, chips, keycaps, dots, grounds, and words over lines."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle

from app.ui import fonts
from app.ui.theme import colour, mixed, size

MIDDLE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
HIGHEST = 100_000  # pixels: no text is higher
PAD, NARROW_PAD = 18, 14  # pixels at both sides of a pane; of one narrower than…
NARROW = 240  # …this, at 100 %

# tone -> (colour of the words, of the ground)
TONES = {
    "fine": ("sell", "sell_soft"),
    "soon": ("nurture", "nurture_soft"),
    "over": ("late", "late_soft"),
    "due": ("accent", "accent_soft"),
    "plain": ("discard", "discard_soft"),
}


def sharp(painter: QPainter, rect: QRectF) -> tuple[QRectF, float]:
    """The rectangle for a hairline border that stays crisp at any scale, and the line's width."""
    ratio = painter.device().devicePixelRatio()
    line = max(1, round(ratio)) / ratio
    transform = painter.deviceTransform()
    box = transform.mapRect(rect)
    top_left = QPointF(round(box.left()), round(box.top()))
    box = QRectF(top_left, QPointF(round(box.right()), round(box.bottom())))
    return transform.inverted()[0].mapRect(box).adjusted(line / 2, line / 2, -line / 2, -line / 2), line


def paint_box(painter: QPainter, rect: QRectF, fill: QColor | None, border: QColor | None, radius: float) -> None:
    """A rounded box with a crisp hairline; either may be absent."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        rect, line = sharp(painter, rect)
        painter.setPen(QPen(border, line))
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, radius, radius)


def side_pad(width: int) -> int:
    """Room at both sides of rows and head, in a pane that is so wide."""
    return PAD if width > fonts.scaled(NARROW) else NARROW_PAD


def paint_under_mouse(painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
    """Another ground where the mouse is."""
    if state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(box, mixed("line_soft", "panel", 0.55))


def paint_cursor(painter: QPainter, frame: QRectF) -> None:
    """The frame of the line that the keyboard is on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("focus"), 2))
    painter.drawRoundedRect(sharp(painter, frame)[0], 6, 6)


def paint_line_ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag, *, opened: bool) -> None:
    """What lies under a line of a list: whether the page shows it, whether the mouse or the keyboard is on it."""
    if opened:
        painter.fillRect(box, colour("accent_soft"))
        painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("accent"))
    else:
        paint_under_mouse(painter, box, state)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line_soft"))
    if state & QStyle.StateFlag.State_HasFocus:
        paint_cursor(painter, box.adjusted(4, 3, -2, -4))


def chip_width(text: str) -> float:
    """How wide `paint_chip` paints this text."""
    return round(_advance(text, size("tiny"), 500, even(text), fonts.scale()) + 2 * fonts.scaled(7))


def even(text: str) -> bool:
    """Whether figures are of one width: Inter then makes a hyphen as wide as they are, which tears “e-mail” apart."""
    return "-" not in text


def chip_height() -> int:
    """How high a chip is."""
    return fonts.scaled(22)


def paint_chip(painter: QPainter, rect: QRectF, text: str, tone: str) -> None:
    """Words on a ground of their tone; the words say what the colour says."""
    words, ground = TONES[tone]
    paint_box(painter, rect, colour(ground), None, size("radius_chip"))
    painter.setPen(colour(words))
    painter.setFont(fonts.font(size("tiny"), 500, tabular=even(text)))
    painter.drawText(rect, MIDDLE, text)


KEYCAP_TEXT = 11
DOTS_ROOM = 16  # pixels above and below the middle of dots, at the largest size of texts too


def keycap_width(label: str) -> float:
    """How wide `paint_keycap` paints this label."""
    return max(fonts.scaled(18), round(_advance(label, KEYCAP_TEXT, 500, False, fonts.scale()) + 2 * fonts.scaled(5)))


def keycap_height() -> int:
    """How high a keycap is."""
    return fonts.scaled(18)


def paint_keycap(painter: QPainter, rect: QRectF, label: str, ink: QColor | None = None) -> None:
    """A key; on a filled button `ink` is the button's own colour of words."""
    if ink is None:
        ground, border, words = mixed("line_soft", "panel", 0.55), colour("line"), colour("ink_2")
    else:
        ground, border, words = QColor(ink), QColor(ink), ink
        ground.setAlphaF(0.14)
        border.setAlphaF(0.45)
    paint_box(painter, rect, ground, border, 4)
    if words is not ink:  # a key has a lower edge
        inner, line = sharp(painter, rect)
        painter.setPen(QPen(border, line))
        low = inner.bottom() - line
        painter.drawLine(QPointF(inner.left() + 3, low), QPointF(inner.right() - 3, low))
    painter.setPen(words)
    painter.setFont(fonts.font(KEYCAP_TEXT, 500))
    painter.drawText(rect, MIDDLE, label)


def dots_width(allowed: int) -> int:
    """How wide `paint_dots` paints."""
    return allowed * fonts.scaled(11) - fonts.scaled(1)


def paint_dots(painter: QPainter, left: int, middle: float, used: int, allowed: int) -> None:
    """Attempts used, filled; left, hollow: a picture that is made once, since a ring costs as much as three words."""
    above = floor(middle) - DOTS_ROOM
    ratio = painter.device().devicePixelRatio()
    made = _dots(used, allowed, middle - above, colour("ink_3").rgba(), ratio, fonts.scale())
    painter.drawPixmap(QPointF(left, above), made)


@lru_cache(maxsize=256)
def _dots(used: int, allowed: int, middle: float, rgba: int, ratio: float, _scale: float) -> QPixmap:
    step, radius = fonts.scaled(11), fonts.scaled(10) / 2 - 0.6
    made = QPixmap(ceil(allowed * step * ratio), ceil(2 * DOTS_ROOM * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter, ink = QPainter(made), QColor.fromRgba(rgba)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.1))
    for number in range(allowed):
        painter.setBrush(ink if number < used else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(number * step + radius + 0.6, middle), radius, radius)
    painter.end()
    return made


def advance(text: str, pixels: int, weight: int = 400, *, tabular: bool = False) -> float:
    """The width of a text on one line, remembered."""
    return _advance(text, pixels, weight, tabular, fonts.scale())


@lru_cache(maxsize=2048)
def _advance(text: str, pixels: int, weight: int, tabular: bool, _scale: float) -> float:
    return fonts.metrics(pixels, weight, tabular=tabular).horizontalAdvance(text)


def wrapped_height(text: str, pixels: int, width: float, weight: int = 400) -> int:
    """How high a text is that wraps at a width, remembered."""
    return _wrapped_height(text, pixels, weight, int(width), fonts.scale())


@lru_cache(maxsize=2048)
def _wrapped_height(text: str, pixels: int, weight: int, width: int, _scale: float) -> int:
    # A pixel less than there is: what is painted may break a line where what is measured just does not.
    room = QRectF(0, 0, max(width - 1, 1), HIGHEST)
    return ceil(fonts.metrics(pixels, weight).boundingRect(room, WRAPPED, text).height())


@lru_cache(maxsize=2048)
def _elided(text: str, pixels: int, weight: int, tabular: bool, width: int, _scale: float) -> str:
    return fonts.metrics(pixels, weight, tabular=tabular).elidedText(text, Qt.TextElideMode.ElideRight, width)


def elided(text: str, pixels: int, weight: int, width: float, *, tabular: bool = False) -> str:
    """The text as far as it fits."""
    return _elided(text, pixels, weight, tabular, int(width), fonts.scale())
