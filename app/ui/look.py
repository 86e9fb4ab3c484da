"""The look of the application: one theme, as a palette, the size of texts and one small style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from app.ui import fonts
from app.ui.sheet import style_sheet
from app.ui.theme import Theme, chosen, colour, is_dark, show, size


def apply(application: QApplication, theme: Theme = Theme.SYSTEM, text_scale: float | None = None) -> None:
    """Shows `theme` at once, in all windows; `text_scale` 1.0 to 2.0 sets the size of all texts.

    Call it once before the first widget is made: later calls cost a new polish of everything visible.
    """
    shown = _system(application) if theme is Theme.SYSTEM else theme
    show(theme, shown)
    fonts.set_form(dark=is_dark(), scale=text_scale)
    if application.style().objectName() != "fusion":
        application.setStyle("fusion")
    application.setFont(fonts.font(size("body")))
    application.setPalette(palette())
    application.setStyleSheet(style_sheet(shown.value))


def follow_system(application: QApplication) -> None:
    """From now on SYSTEM follows the desktop when it changes between light and dark."""

    def changed(_: Qt.ColorScheme) -> None:
        if chosen() is Theme.SYSTEM:
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
