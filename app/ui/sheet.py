"""The style sheet of what Qt paints itself: inputs, menus, scroll bars, check boxes, tables, tool tips.

Rules select by type or object name: rules on attributes cost a third of a page's time. Sizes of text come from
fonts, not from here, so that a chosen text size holds everywhere.
"""

from __future__ import annotations

from string import Template

from app import paths
from app.ui import fonts, theme

# The sheet takes drawings from files alone: arrow, tick and dot lie in `FOLDER` for each theme, in its colours, made by
# tools/look_drawings.py. A test compares.
FOLDER = "look"
DRAWINGS = {
    "down": ("chevron-down", "ink_3"),
    "up": ("chevron-up", "ink_3"),
    "left": ("chevron-left", "ink_2"),
    "right": ("chevron-right", "ink_2"),
    "tick": ("check", "on_accent"),
    "some": ("minus", "on_accent"),
    "menu_tick": ("check", "ink_2"),
    "close": ("close", "ink_3"),
}


def drawings() -> dict[str, bytes]:
    """What has to lie in `FOLDER`: file -> drawing."""
    from app.ui import icons

    return {
        f"{shown.value}-{name}.svg": icons.coloured(icon, theme.colours(shown)[colour])
        for shown in (theme.Theme.LIGHT, theme.Theme.DARK)
        for name, (icon, colour) in DRAWINGS.items()
    }


def style_sheet(shown: str) -> str:
    """The sheet for the theme that is shown; `shown` names its drawings."""
    values = {name: theme.colour(name).name() for name in theme.names()}
    folder = (paths.resources() / FOLDER).as_posix()
    values |= {f"icon_{name}": f'"{folder}/{shown}-{name}.svg"' for name in DRAWINGS}
    values |= {"radius": f"{theme.size('radius')}px", "pad": f"{fonts.scaled(11)}px", "box": f"{fonts.scaled(16)}px"}
    values |= {"line_high": f"{fonts.scaled(38)}px"}  # with its border the 40 of a field; it overrules setMinimumHeight
    values |= {"tick_ground": theme.colour("accent").name(), "hover": theme.mixed("line_soft", "panel", 0.8).name()}
    values |= {"thumb": theme.mixed("control", "panel", 0.45).name()}
    # A tool tip lies on the rail's dark ground in both themes: its words are the lighter of ink and panel.
    values["on_tip"] = theme.colour("ink" if theme.is_dark() else "panel").name()
    return SHEET.substitute(values)


SHEET = Template("""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QDateTimeEdit {
  background: $panel; color: $ink; border: 1px solid $line; border-radius: $radius; padding: 0 $pad;
  min-height: $line_high; selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QDateTimeEdit { max-height: $line_high; }
QPlainTextEdit, QTextEdit { padding: 6px 8px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover,
QDateEdit:hover, QTimeEdit:hover, QDateTimeEdit:hover { border-color: $control; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QTimeEdit:focus, QDateTimeEdit:focus { border-color: $focus; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDateEdit:disabled {
  background: $bg; color: $ink_3; }
QLineEdit#bare, QPlainTextEdit#bare { background: transparent; border: none; border-radius: 0;
  padding: 0; min-height: 0; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
  background: transparent; border: none; padding: 0; min-height: 0; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {
  border: none; width: 28px; subcontrol-position: center right; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {
  image: url($icon_down); width: 16px; height: 16px; }
QComboBox QAbstractItemView, QListView#choices {
  background: $panel; color: $ink; border: 1px solid $line; outline: none; padding: 4px;
  selection-background-color: $accent_soft; selection-color: $ink; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected, QListView::item:selected { background: $accent_soft; color: $ink; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button { border: none; width: 24px;
  subcontrol-origin: border; subcontrol-position: top right; margin: 3px 4px 0 0; }
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button { border: none; width: 24px;
  subcontrol-origin: border; subcontrol-position: bottom right; margin: 0 4px 3px 0; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow { image: url($icon_up); width: 13px; height: 13px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {
  image: url($icon_down); width: 13px; height: 13px; }
QCheckBox, QRadioButton { color: $ink; spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $ink_3; }
QCheckBox::indicator, QGroupBox::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator {
  width: $box; height: $box; border: 1px solid $control; border-radius: 4px; background: $panel; }
QRadioButton::indicator { width: $box; height: $box; border: 1px solid $control; border-radius: 9px;
  background: $panel; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QTableView::indicator:checked,
QListView::indicator:checked, QTreeView::indicator:checked {
  background: $tick_ground; border-color: $tick_ground; image: url($icon_tick); }
QCheckBox::indicator:indeterminate { background: $tick_ground; border-color: $tick_ground; image: url($icon_some); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; background: $on_accent; }
QMenu { background: $panel; color: $ink; border: 1px solid $line; border-radius: $radius; padding: 5px; }
QMenu::item { padding: 7px 26px 7px 12px; border-radius: 6px; margin: 0; }
QMenu::item:selected { background: $accent_soft; color: $ink; }
QMenu::item:disabled { color: $ink_3; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 10px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url($icon_menu_tick); }
QToolTip { background: $rail; color: $on_tip; border: 1px solid $rail; padding: 5px 8px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea, QScrollArea > QWidget#page { background: transparent; border: none; }
QSplitter::handle { background: $line; }
QTableView, QTreeView, QListView { background: $panel; alternate-background-color: $panel; border: none;
  outline: none; gridline-color: $line_soft; selection-background-color: $accent_soft; selection-color: $ink; }
QListView::item { padding: 6px 8px; border-radius: 6px; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $ink_2; border: none; border-bottom: 1px solid $line;
  padding: 8px 12px; font-weight: 400; }
QHeaderView::section:checked { font-weight: 400; }
QTableCornerButton::section { background: $panel; border: none; }
QProgressBar { background: $line_soft; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
  color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $ink_2; padding: 8px 14px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $ink; }
QDialog, QMessageBox, QFileDialog { background: $panel; }
QPushButton, QToolButton { background: $panel; color: $ink; border: 1px solid $line; border-radius: $radius;
  padding: 7px 13px; min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $control; }
QPushButton:pressed, QToolButton:pressed { background: $line_soft; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border-color: $focus; }
QPushButton:disabled, QToolButton:disabled { color: $ink_3; background: $bg; }
QFileDialog QToolButton { border: none; padding: 3px; }
QGroupBox { border: 1px solid $line; border-radius: $radius; margin-top: 10px; padding: 14px 12px 10px 12px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: $ink_2; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::handle:horizontal { width: 16px; margin: -6px 0; border-radius: 8px; background: $accent; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $panel; }
QCalendarWidget QToolButton { border: none; background: transparent; padding: 4px 8px; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url($icon_left); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url($icon_right); }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QAbstractItemView { background: $panel; color: $ink; selection-background-color: $accent;
  selection-color: $on_accent; }
QStatusBar { background: $panel; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
""")
