"""Winnow's own line icons, painted in a colour of the theme."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app import paths

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon


def names() -> tuple[str, ...]:
    """All icons there are."""
    return tuple(sorted(file.stem for file in (paths.resources() / "icons").glob("*.svg")))


def paint(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paints an icon into a square of whole pixels; the pixmap is made once for each size and colour.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(rect.topLeft(), _pixmap(name, round(rect.width()), colour.rgba(), ratio))


def icon(name: str, colour: QColor, size: int = 20) -> QIcon:
    """For menus and other widgets that take a QIcon; it keeps its colour when the theme changes."""
    from PySide6.QtGui import QGuiApplication, QIcon

    ratio = QGuiApplication.primaryScreen().devicePixelRatio() if QGuiApplication.primaryScreen() else 1.0
    return QIcon(_pixmap(name, size, colour.rgba(), ratio))


def coloured(name: str, colour: QColor) -> bytes:
    """The drawing as SVG, with its strokes in `colour`."""
    return _drawing(name).replace(b"currentColor", colour.name().encode())


@cache
def _drawing(name: str) -> bytes:
    return (paths.resources() / "icons" / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _pixmap(name: str, size: int, rgba: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    side = round(size * ratio)
    made = QPixmap(QSize(side, side))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(coloured(name, QColor.fromRgba(rgba)))).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
