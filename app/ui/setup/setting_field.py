"""One setting on the page: the control that fits it, saved as soon as it is changed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui import countries
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.field import Field
from app.ui.widgets.number_box import NumberBox
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.span_box import SpanBox

if TYPE_CHECKING:
    from collections.abc import Callable

SAVED_MS = 2_000
RULES = "rules"
OWN_HOURS = "08:00-21:00"
WARNING = "⚠ These hours replace the law of every country. You answer for each call."


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings", text)


class CallingHours(QWidget):
    """Each country's rules, or hours of one's own.

    Signals:
        edited: "rules", or a span.
    """

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._which = Segmented([(RULES, _tr("each country’s rules")), ("own", _tr("my own"))])
        self._span = SpanBox(OWN_HOURS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._which)
        row.addWidget(self._span, 1)
        row.addStretch(1)
        self._which.chosen.connect(self._on_chosen)
        self._span.edited.connect(self.edited)

    def value(self) -> str:
        """What is chosen."""
        return RULES if self._which.current() == RULES else self._span.span()

    def set_value(self, value: str) -> None:
        """Shows a value without a signal."""
        self._which.set_current(RULES if value == RULES else "own")
        self._span.set_span(value)
        self._span.setVisible(value != RULES)

    @Slot(str)
    def _on_chosen(self, which: str) -> None:
        self._span.setVisible(which != RULES)
        self.edited.emit(self.value())


class SettingField(Field):
    """A labelled control of one setting.

    Signals:
        given: key and value, as soon as a person changed it.
    """

    given = Signal(str, str)

    def __init__(self, key: str, label: str, control: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, editor=control, parent=parent)
        self.key = key
        self._name, self._says = label, hint
        self._shown = ""
        self._timer = QTimer(self, singleShot=True, interval=SAVED_MS)
        self._timer.timeout.connect(self._show_label)
        if isinstance(control, QLineEdit):
            control.editingFinished.connect(self._on_edited)
        elif isinstance(control, NumberBox):
            control.valueChanged.connect(self._on_edited)
        elif isinstance(control, (ChoiceBox, Segmented)):
            control.chosen.connect(self._on_edited)
        elif isinstance(control, (SpanBox, CallingHours)):
            control.edited.connect(self._on_edited)
        self._show_hint()

    def value(self) -> str:
        """What the control shows."""
        control = self.edit
        if isinstance(control, QLineEdit):
            return control.text()
        if isinstance(control, NumberBox):
            return control.words()
        if isinstance(control, ChoiceBox):
            return control.key()
        if isinstance(control, Segmented):
            return control.current()
        if isinstance(control, SpanBox):
            return control.span()
        assert isinstance(control, CallingHours)
        return control.value()

    def show_value(self, value: str) -> None:
        """Shows what is kept, without saving it again."""
        self._shown = value
        control = self.edit
        control.blockSignals(True)
        if isinstance(control, QLineEdit):
            if not (control.hasFocus() and control.isModified()):
                control.setText(value)
        elif isinstance(control, NumberBox):
            control.setValue(float(value))
        elif isinstance(control, ChoiceBox):
            if control.findData(value) < 0:
                control.addItem(value, value)
            control.set_key(value)
        elif isinstance(control, Segmented):
            control.set_current(value)
        elif isinstance(control, SpanBox):
            control.set_span(value)
        elif isinstance(control, CallingHours):
            control.set_value(value)
        control.blockSignals(False)
        self._show_hint()

    def say_saved(self) -> None:
        """A mark for a moment."""
        self._shown = self.value()
        self._show_hint()
        self.set_label(f"{self._name} · {_tr('✓ saved')}")  # beside the label: nothing below moves
        self._timer.start()

    def say_wrong(self, sentence: str) -> None:
        """Why it was not saved; what was typed stays, to be mended."""
        self._timer.stop()
        self._show_label()
        self.set_hint(sentence, wrong=True)

    @Slot()
    def _show_label(self) -> None:
        self.set_label(self._name)

    @Slot()
    def _show_hint(self) -> None:
        own_hours = self.key == "calling-hours" and self._shown not in {"", RULES}
        self.set_hint(_tr(WARNING) if own_hours else self._says)

    @Slot()
    def _on_edited(self) -> None:
        value = self.value()
        if value != self._shown:
            self.given.emit(self.key, value)


@cache
def _zones() -> list[tuple[str, str]]:
    from zoneinfo import available_timezones

    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def _switch(on: str, off: str) -> Segmented:
    return Segmented([("on", on), ("off", off)])


def control_for(key: str) -> QWidget:
    """The control that fits a setting; one line of text for settings that this page does not know yet."""
    made: dict[str, Callable[[], QWidget]] = {
        "region": lambda: ChoiceBox(countries.choices(), understand=countries.of_words),
        "zone": lambda: ChoiceBox(_zones()),
        "limit-hours": lambda: NumberBox(0.1, 8760, 24, _tr("hours"), one=_tr("hour")),
        "limit-clock": lambda: Segmented([("clock", _tr("every hour")), ("working", _tr("working hours"))]),
        "working-hours": SpanBox,
        "sales-limit-hours": lambda: NumberBox(0.1, 8760, 1, _tr("hours"), one=_tr("hour")),
        "sales-limit-clock": lambda: Segmented([("clock", _tr("every hour")), ("working", _tr("working hours"))]),
        "reminder-minutes": lambda: NumberBox(0, 10080, 15, _tr("minutes"), 0, _tr("minute")),
        "calling-hours": CallingHours,
        "industry-codes": lambda: _switch(_tr("count as rules"), _tr("left aside")),
        "attempts": lambda: NumberBox(1, 50, 6, _tr("calls"), 0, _tr("call")),
        "undo-minutes": lambda: NumberBox(0, 1440, 10, _tr("minutes"), 0, _tr("minute")),
        "skip-minutes": lambda: NumberBox(1, 10080, 60, _tr("minutes"), 0, _tr("minute")),
        "callback-grace-minutes": lambda: NumberBox(0, 1440, 15, _tr("minutes"), 0, _tr("minute")),
        "nurture-days": lambda: NumberBox(1, 3650, 90, _tr("days"), 0, _tr("day")),
        "script": ChoiceBox,
        "theme": lambda: Segmented([("system", _tr("as the system")), ("light", _tr("light")), ("dark", _tr("dark"))]),
        "motion": lambda: _switch(_tr("may move"), _tr("stands still")),
        "alerts": lambda: _switch(_tr("are shown"), _tr("are left out")),
        "alert-leads": lambda: _switch(_tr("are told"), _tr("are not")),
        "alert-callbacks": lambda: _switch(_tr("are told"), _tr("are not")),
        "alert-steps": lambda: _switch(_tr("are told"), _tr("are not")),
        "alert-limits": lambda: _switch(_tr("are told"), _tr("are not")),
        "alert-sound": lambda: _switch(_tr("with a sound"), _tr("silent")),
    }
    return made.get(key, QLineEdit)()


def label_of(key: str) -> tuple[str, str]:
    """Label and hint of a setting; empty where this page has none."""
    known = {
        "name": (_tr("Your name"), _tr("As colleagues see it.")),
        "region": (_tr("Numbers without a country are"), ""),
        "zone": (_tr("Time zone of this desk"), ""),
        "currency": (_tr("Currency"), _tr("Three letters, such as EUR; empty: by country.")),
        "limit-hours": (_tr("Nobody waits longer than"), _tr("Until the first call; a source may have its own.")),
        "limit-clock": (_tr("The limit counts"), ""),
        "working-hours": (_tr("Working hours"), _tr("Monday to Friday.")),
        "sales-limit-hours": (_tr("Sales answers a lead within"), ""),
        "sales-limit-clock": (_tr("The limit of sales counts"), ""),
        "reminder-minutes": (_tr("A promised next step is told"), _tr("Before its time.")),
        "callback-grace-minutes": (_tr("A promised callback is open to all after"), ""),
        "nurture-days": (_tr("A nurtured inquiry wakes after"), _tr("Unless the caller says a date.")),
        "calling-hours": (_tr("People are called at the hours of"), ""),
        "industry-codes": (_tr("Voluntary codes of the trade"), ""),
        "attempts": (_tr("Unreached after"), ""),
        "skip-minutes": (_tr("Who was skipped stays away for"), ""),
        "script": (_tr("Script"), ""),
        "dial": (_tr("The system dials"), _tr("With {e164} or {digits}, such as tel:{e164}.")),
        "undo-minutes": (_tr("A decision can be taken back for"), _tr("Then a discard erases. 0: at once.")),
        "theme": (_tr("Colours"), ""),
        "motion": (_tr("The screen"), ""),
        "alerts": (_tr("Alerts beside the window"), _tr("Numbers on the rail go on counting.")),
        "do-not-disturb": (_tr("Do not disturb"), _tr("Hours such as 18:00-08:00; empty: never.")),
        "alert-leads": (_tr("New leads"), ""),
        "alert-callbacks": (_tr("Promised callbacks that are due"), ""),
        "alert-steps": (_tr("Next steps with prospects"), ""),
        "alert-limits": (_tr("Limits at risk, and what was taken back"), ""),
        "alert-sound": (_tr("An alert comes"), ""),
    }
    return known.get(key, ("", ""))
