"""A sentence that comes, can be answered by a key, and goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.painting import paint_box
from app.ui.theme import colour, is_dark, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton

SHOWN_MS = 8_000
FROM_BELOW = 3  # pixels above the lower edge of what it lies on: over the status line, not over buttons


class Toast(QWidget):
    """Lies at the lower middle of its parent.

    Signals:
        acted: its button was pressed.
    """

    acted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        bright = "ink" if is_dark() else "panel"
        self._text = ElidedLabel(ink=bright, least=200, parent=self)
        self._button = KeyButton(kind="primary", parent=self)
        self._button.clicked.connect(self._on_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 5, 5, 5)
        row.setSpacing(16)
        row.addWidget(self._text)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, action: str = "", key: str = "") -> None:
        """Shows the sentence for eight seconds, with a button where an action is named."""
        self._text.set(text, "ink" if is_dark() else "panel")
        self._button.set_words(action, key)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def _on_pressed(self) -> None:
        self.hide()
        self.acted.emit()

    def _place(self) -> None:
        hint = self.sizeHint()
        width = min(hint.width(), self._under.width() - 32)
        self.setGeometry((self._under.width() - width) // 2, self._under.height() - hint.height() - FROM_BELOW, width,
                         hint.height())  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in place when the parent changes its size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dark ground in both themes."""
        border = colour("line") if is_dark() else None
        paint_box(QPainter(self), QRectF(self.rect()), colour("rail"), border, size("radius_card"))
