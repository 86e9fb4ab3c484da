"""A box for a number says it as people do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.widgets.number_box import NumberBox


def test_one_hour_is_no_hours_and_two_are(qtbot: QtBot) -> None:
    box = NumberBox(0.1, 100, 1, "hours", one="hour")
    qtbot.addWidget(box)
    assert box.text() == "1 hour"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == "2 hours"
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.text() == "1 hour"
    box.setValue(1.5)
    assert box.text() == "1.5 hours"


def test_a_number_typed_with_or_without_its_unit_is_understood(qtbot: QtBot) -> None:
    box = NumberBox(0.1, 100, 24, "hours", one="hour")
    qtbot.addWidget(box)
    for typed, value in (("1", 1), ("1 hour", 1), ("3 hours", 3), ("12", 12)):
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value, typed
