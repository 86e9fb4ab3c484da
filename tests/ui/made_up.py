"""Made-up people and calls for the tests and pictures of pages; numbers and domains are reserved for fiction."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import FORMS, KeyButton


def gallery_window() -> QWidget:
    """One of everything."""
    window = QWidget()
    outer = QHBoxLayout(window)
    card = Card()
    outer.addWidget(card)
    column = QVBoxLayout(card)
    for kind in FORMS:
        row = QHBoxLayout()
        for state in range(4):
            button = KeyButton(kind.title(), "F5", kind=kind, detail="to somewhere" if state != 1 else "",
                               icon="phone" if state == 1 else "")  # fmt: skip
            button.setCheckable(state == 2)
            button.setChecked(state == 2)
            button.setEnabled(state != 3)
            button.set_filled(state == 1 and kind in {"sell", "nurture", "discard"})
            row.addWidget(button)
        column.addLayout(row)
    chips = QHBoxLayout()
    for tone, text in {"fine": "6 h 12 m", "soon": "21 h 05 m", "over": "26 h 10 m", "due": "due now",
                       "plain": "opens 01:00"}.items():  # fmt: skip
        chips.addWidget(Chip(text, tone))
    chips.addStretch(1)
    column.addLayout(chips)
    column.addStretch(1)
    form = Card()
    outer.addWidget(form)
    grid = QGridLayout(form)
    combo = QComboBox()
    combo.addItems(["United Kingdom +44", "Italy +39"])
    editors: list[QWidget] = [QLineEdit("Maria"), combo, QSpinBox(), QDoubleSpinBox(), QDateEdit(), QTimeEdit()]
    editors[4].setCalendarPopup(True)  # type: ignore[attr-defined]
    for number, editor in enumerate(editors):
        grid.addWidget(Field(type(editor).__name__, editor=editor), number // 2, number % 2)
    wrong = Field("Phone", "12 34")
    wrong.set_hint("This is not a number that can be called.", wrong=True)
    grid.addWidget(wrong, 3, 0)
    off = Field("Disabled", "cannot be typed")
    off.setEnabled(False)
    grid.addWidget(off, 3, 1)
    grid.addWidget(QPlainTextEdit("A longer text"), 4, 0, 1, 2)
    for number, made in enumerate([QCheckBox("Check"), QCheckBox("Checked"), QRadioButton("Radio"),
                                   QRadioButton("Chosen")]):  # fmt: skip
        made.setChecked(number % 2 == 1)
        grid.addWidget(made, 5 + number // 2, number % 2)
    progress = QProgressBar()
    progress.setValue(40)
    progress.setTextVisible(False)
    grid.addWidget(progress, 7, 0)
    grid.addWidget(QPushButton("Push"), 7, 1)
    tabs = QTabWidget()
    table = QTableWidget(3, 2)
    table.setHorizontalHeaderLabels(["Person", "Company"])
    tabs.addTab(table, "Table")
    entries = QListWidget()
    entries.addItems([f"entry {number}" for number in range(30)])
    tabs.addTab(entries, "List")
    tabs.setCurrentIndex(1)
    grid.addWidget(tabs, 8, 0, 1, 2)
    empty = EmptyState("clock", "Nobody may be called now", "The next one opens at 14:00, in 12 min.")
    empty.add_action(KeyButton("Import a list", "Ctrl I", kind="primary"))
    empty.add_action(KeyButton("Capture somebody", "Ctrl N"))
    outer.addWidget(empty)
    return window
