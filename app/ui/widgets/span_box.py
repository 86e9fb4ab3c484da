"""Hours of the day, from and to."""

from __future__ import annotations

from PySide6.QtCore import QTime, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QTimeEdit, QWidget

from app.ui import fonts
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import HEIGHT, inset

FORM = "HH:mm"


class SpanBox(QWidget):
    """Two times; midnight at the end is 24:00.

    Signals:
        edited: the span, such as 09:00-17:00.
    """

    edited = Signal(str)

    def __init__(self, span: str = "09:00-17:00", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from, self._to = QTimeEdit(), QTimeEdit()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, edit in enumerate((self._from, self._to)):
            edit.setDisplayFormat(FORM)
            edit.setKeyboardTracking(False)
            edit.setMinimumHeight(fonts.scaled(HEIGHT))
            inset(edit)
            edit.setAccessibleName(self.tr("to") if number else self.tr("from"))
            if number:
                row.addWidget(ElidedLabel(self.tr("to"), ink="ink_2", least=0))
            row.addWidget(edit, 1)
        self.set_span(span)
        for edit in (self._from, self._to):
            edit.editingFinished.connect(self._on_edited)
        self.setFocusProxy(self._from)

    def span(self) -> str:
        """The hours, as HH:MM-HH:MM."""
        end = self._to.time().toString(FORM)
        return f"{self._from.time().toString(FORM)}-{'24:00' if end == '00:00' else end}"

    def set_span(self, span: str) -> None:
        """Shows other hours, without a signal; words that are no span change nothing."""
        start, _, end = span.partition("-")
        times = QTime.fromString(start, FORM), QTime.fromString(end.replace("24:00", "00:00"), FORM)
        if all(time.isValid() for time in times):
            self._from.setTime(times[0])
            self._to.setTime(times[1])
        self._last = self.span()

    @Slot()
    def _on_edited(self) -> None:
        if self.span() != self._last:
            self._last = self.span()
            self.edited.emit(self._last)
