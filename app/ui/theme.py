"""Colours and sizes from `app/ui/tokens.py`, by meaning, in the theme that is shown.

Widgets that paint themselves ask `colour("ink")` while they paint, so a switch between light and dark needs nothing of
them. Other widgets are styled by the sheet in `app/ui/sheet.py`; `app/ui/look.py` changes what is shown.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from PySide6.QtGui import QColor

from app.ui import tokens


class Theme(StrEnum):
    """What may be chosen; `SYSTEM` follows the desktop where it says what it wants, else it is light."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


_shown = Theme.LIGHT  # never SYSTEM
_chosen = Theme.SYSTEM


@cache
def colours(theme: Theme) -> dict[str, QColor]:
    """The colours of light or dark, by meaning."""
    return {name: QColor(value) for name, value in (tokens.DARK if theme is Theme.DARK else tokens.LIGHT).items()}


def colour(name: str) -> QColor:
    """The colour of a meaning, in the theme that is shown now.

    Raises:
        KeyError: `tokens` has no such meaning.
    """
    return colours(_shown)[name]


def mixed(name: str, ground: str, share: float) -> QColor:
    """`share` (0 to 1) of one meaning's colour over another's: for tints that are painted and never carry text."""
    return _mixed(_shown, name, ground, share)


@lru_cache(maxsize=128)
def _mixed(theme: Theme, name: str, ground: str, share: float) -> QColor:
    over, under = colours(theme)[name], colours(theme)[ground]
    rest = 1 - share
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * rest,
        over.greenF() * share + under.greenF() * rest,
        over.blueF() * share + under.blueF() * rest,
    )


def size(name: str) -> int:
    """A size of `tokens` in pixels at 100 % text; `fonts.scaled` follows the chosen text size."""
    return tokens.SIZE[name]


def names() -> tuple[str, ...]:
    """All meanings that have a colour."""
    return tuple(colours(Theme.LIGHT))


def is_dark() -> bool:
    """Whether the dark colours are shown."""
    return _shown is Theme.DARK


def chosen() -> Theme:
    """What was asked for, SYSTEM included."""
    return _chosen


def show(chosen: Theme, shown: Theme) -> None:
    """From now on `shown`, light or dark, is what `colour` answers with; `chosen` was asked for."""
    global _shown, _chosen
    _chosen, _shown = chosen, shown
