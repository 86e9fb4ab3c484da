"""The free note: kept as it is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from app.ui import fonts, icons, keys
from app.ui.painting import keycap_height, keycap_width, paint_box, paint_keycap
from app.ui.theme import colour, size

HEIGHT = 54
LOW_HEIGHT = 38


class _Text(QPlainTextEdit):
    """Passes on an undo that it has no use for, and lets Esc leave."""

    def __init__(self, parent: NoteField) -> None:
        super().__init__(parent)
        self._field = parent
        self.setObjectName("bare")
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.document().isUndoAvailable()
        ):
            event.ignore()  # the page undoes the last disposition
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._field.left.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._field.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._field.update()


class NoteField(QWidget):
    """Text with its icon; N enters it, Esc leaves it.

    Signals:
        typed: the whole note, at each key.
        left: Esc was pressed.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = _Text(self)
        self.edit.setPlaceholderText(self.tr("Note"))
        self.edit.setAccessibleName(self.tr("Note"))
        self.edit.setAccessibleDescription(keys.label("note"))
        self.edit.textChanged.connect(self._on_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(fonts.scaled(36), 10, 9, 6)
        row.addWidget(self.edit)
        self.edit.setMinimumHeight(1)
        self._low = False
        self._filling = False
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Puts a draft in; what was typed before cannot be undone into it."""
        if text == self.edit.toPlainText() and not self.edit.document().isUndoAvailable():
            return
        self._filling = True
        self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)  # who enters it writes on
        self._filling = False
        self.update()

    def text(self) -> str:
        """The note."""
        return self.edit.toPlainText()

    def _on_changed(self) -> None:
        self.update()
        if not self._filling:
            self.typed.emit(self.edit.toPlainText())

    def sizeHint(self) -> QSize:
        """Two lines, or one where there is little room."""
        return QSize(fonts.scaled(240), fonts.scaled(LOW_HEIGHT if self._low else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """As high, and narrow."""
        return QSize(fonts.scaled(120), self.sizeHint().height())

    def set_low(self, low: bool) -> None:
        """One line instead of two."""
        if low != self._low:
            self._low = low
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, icon, and the key while nothing is typed."""
        painter = QPainter(self)
        focused = self.edit.hasFocus()
        border = colour("focus" if focused else "line")
        paint_box(painter, QRectF(self.rect()), colour("panel"), border, size("radius"))
        side = fonts.scaled(16)
        icons.paint(painter, "note", QRectF(fonts.scaled(12), 10, side, side), colour("ink_2"))
        if not focused and not self.edit.toPlainText():
            label = keys.label("note")
            wide = keycap_width(label)
            paint_keycap(painter, QRectF(self.width() - wide - 10, 9, wide, keycap_height()), label)
