"""Find anyone: somebody calls in; or whoever a list is narrowed to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.ui import fonts, icons, keys
from app.ui.painting import paint_box
from app.ui.theme import colour, size
from app.ui.widgets.key_cap import KeyCap

HEIGHT = 34
REST_MS = 120  # after the last key, before it is looked for


class FindField(QWidget):
    """A line to type into, with its icon and its key.

    Signals:
        rested: what is looked for, a moment after the last key; empty, and at once, when it was cleared.
        left_downwards: the Down key or Enter goes to what was found.
    """

    rested = Signal(str)
    left_downwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(self)
        self.edit.setObjectName("bare")
        self.edit.setPlaceholderText(self.tr("Find anyone"))
        self.edit.setAccessibleName(self.tr("Find anyone"))
        self.edit.setAccessibleDescription(keys.label("find"))
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self.edit.textChanged.connect(self._on_typed)
        self.edit.installEventFilter(self)
        self._cap = KeyCap(keys.label("find"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(fonts.scaled(35), 1, 9, 1)
        row.addWidget(self.edit, 1)
        row.addWidget(self._cap)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(fonts.scaled(200), fonts.scaled(HEIGHT))

    def text(self) -> str:
        """What is looked for, without the room around and between its words."""
        return " ".join(self.edit.text().split())

    def set_text(self, text: str) -> None:
        """Looks for something at once."""
        self.edit.setText(text)
        self._on_rest()

    def set_asked(self, words: str) -> None:
        """Who is looked for; empty: anyone."""
        self.edit.setPlaceholderText(words or self.tr("Find anyone"))
        self.edit.setAccessibleName(words or self.tr("Find anyone"))

    def clear(self) -> None:
        """Looks for nothing."""
        self.edit.clear()

    @Slot()
    def _on_typed(self) -> None:
        if self.text():
            self._rest.start()
        else:
            self._on_rest()

    @Slot()
    def _on_rest(self) -> None:
        self._rest.stop()
        self.rested.emit(self.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter go to what was found; Esc clears, then leaves."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
            self._cap.setVisible(event.type() == QEvent.Type.FocusOut)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.left_downwards.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.edit.text():
                    self.edit.clear()
                else:
                    self.edit.clearFocus()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and icon."""
        painter = QPainter(self)
        border = colour("focus" if self.edit.hasFocus() else "line")
        paint_box(painter, QRectF(self.rect()), colour("panel"), border, size("radius"))
        side = fonts.scaled(16)
        at = QRectF(fonts.scaled(12), (self.height() - side) // 2, side, side)
        icons.paint(painter, "search", at, colour("ink_2"))
