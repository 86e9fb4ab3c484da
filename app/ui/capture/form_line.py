"""The foot of a preview: whether lists of this form are known, and the offer to remember them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton

HEIGHT = 40


class FormLine(QWidget):
    """One line: an offer with a name to change, or what is remembered.

    Signals:
        remember_wanted: the name under which the form is to be kept.
        forget_wanted: the form is to be forgotten.
    """

    remember_wanted = Signal(str)
    forget_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ElidedLabel(pixels=size("secondary"), ink="ink_2", least=0, parent=self)
        self._name = QLineEdit(self)
        self._name.setAccessibleName(self.tr("Name of the form"))
        self._name.setFixedWidth(fonts.scaled(220))
        self._name.setMaxLength(60)
        self._name.setAcceptDrops(False)
        self._name.setStyleSheet(f"min-height: {fonts.scaled(28)}px;")  # lower than in a form: the line is thin
        self._after = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._button = KeyButton(kind="quiet", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._text)
        row.addWidget(self._name)
        row.addWidget(self._button)
        row.addWidget(self._after, 1)
        self._remembered = False
        self._button.clicked.connect(self._on_pressed)
        self._name.returnPressed.connect(self._on_pressed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def offer(self, name: str) -> None:
        """Offers to remember the form, under a name that can be changed."""
        self._remembered = False
        self._text.set(self.tr("Remember this form as"))
        self._name.setText(name)
        self._name.show()
        self._button.set_words(self.tr("Remember"))
        self._after.set(self.tr("the next file like it needs no look"))
        self.show()

    def tell(self, name: str, *, now: bool) -> None:
        """The form is known: from earlier, or since `now`."""
        self._remembered = True
        said = self.tr("Remembered as “{0}”") if now else self.tr("Taken in as “{0}”, as you did before")
        self._text.set(said.format(name))
        self._name.hide()
        self._button.set_words(self.tr("Forget it"))
        self._after.set(self.tr("the next file like it needs no look") if now else "")
        self.show()

    @Slot()
    def _on_pressed(self) -> None:
        if self._remembered:
            self.forget_wanted.emit()
        elif self._name.text().strip():
            self.remember_wanted.emit(" ".join(self._name.text().split()))
        else:
            self._name.setFocus()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, fonts.scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, and the line above it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colour("line"))
