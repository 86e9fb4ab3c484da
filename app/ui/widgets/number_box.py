"""A number with its unit, without needless noughts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class NumberBox(QDoubleSpinBox):
    """24 is 24 and not 24.0, and 1 is one hour; the wheel turns it only while it has the focus."""

    def __init__(
        self, low: float, high: float, value: float, unit: str = "", decimals: int = 1, one: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._unit, self._one = unit, one or unit
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setValue(value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._say_unit)
        self._say_unit(value)

    def words(self) -> str:
        """The number in plain digits."""
        return (
            f"{self.value():.{self.decimals()}f}".rstrip("0").rstrip(".") if self.decimals() else f"{self.value():.0f}"
        )

    def textFromValue(self, value: float) -> str:
        """As few decimals as it needs."""
        text = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text

    def _say_unit(self, value: float) -> None:
        if self._unit:
            self.setSuffix(f" {self._one if value == 1 else self._unit}")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a page changes nothing on it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
