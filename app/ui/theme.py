"""The look: colours and sizes from `app/ui/tokens.py`, made into a palette and one small style sheet.

Widgets that paint themselves ask `colour("ink")` while they paint, so a switch between light and dark needs nothing of
them. Other widgets are styled by the sheet in `app/ui/sheet.py`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.ui import fonts, tokens


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


def apply(application: QApplication, theme: Theme = Theme.SYSTEM, text_scale: float | None = None) -> None:
    """Shows `theme` at once, in all windows; `text_scale` 1.0 to 2.0 sets the size of all texts.

    Call it once before the first widget is made: later calls cost a new polish of everything visible.
    """
    from app.ui import sheet

    global _shown, _chosen  # noqa: PLW0603 - one application has one look, as it has one palette
    _chosen = theme
    _shown = _system(application) if theme is Theme.SYSTEM else theme
    fonts.set_form(dark=is_dark(), scale=text_scale)
    if application.style().objectName() != "fusion":
        application.setStyle("fusion")
    application.setFont(fonts.font(size("body")))
    application.setPalette(palette())
    application.setStyleSheet(sheet.style_sheet(_shown.value))


def follow_system(application: QApplication) -> None:
    """From now on SYSTEM follows the desktop when it changes between light and dark."""

    def changed(_: Qt.ColorScheme) -> None:
        if _chosen is Theme.SYSTEM:
            apply(application, Theme.SYSTEM)

    application.styleHints().colorSchemeChanged.connect(changed)


def _system(application: QApplication) -> Theme:
    dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Theme.DARK if dark else Theme.LIGHT


def palette() -> QPalette:
    """The shown colours in Qt's roles."""
    role = QPalette.ColorRole
    roles = {
        role.Window: "bg", role.WindowText: "ink", role.Base: "panel", role.AlternateBase: "bg", role.Text: "ink",
        role.Button: "panel", role.ButtonText: "ink", role.BrightText: "late", role.ToolTipBase: "rail",
        role.ToolTipText: "panel", role.PlaceholderText: "ink_3", role.Highlight: "accent",
        role.HighlightedText: "on_accent", role.Link: "accent", role.LinkVisited: "accent", role.Light: "panel",
        role.Midlight: "line_soft", role.Mid: "line", role.Dark: "control", role.Shadow: "line", role.Accent: "accent",
    }  # fmt: skip
    made = QPalette()
    for which, name in roles.items():
        made.setColor(which, colour(name))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, colour("ink_3"))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colour("line"))
    return made
