"""How much a sale was worth."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton


class WonCard(Card):
    """A form of two fields; Enter keeps it, Esc leaves it.

    Signals:
        kept: amount and currency, as typed. left: nothing is kept.
    """

    kept = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = ElidedLabel(self.tr("Won"), weight=600, parent=self)
        self.amount, self.currency = QLineEdit(self), QLineEdit(self)
        self.amount.setPlaceholderText("12500")
        self.currency.setMaxLength(3)
        self._field = Field(self.tr("Amount"), editor=self.amount, parent=self)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(self._field, 3)
        across.addWidget(Field(self.tr("Currency"), editor=self.currency, parent=self), 2)
        keep = KeyButton(self.tr("Keep the sale"), "↵", kind="primary", parent=self)
        leave = KeyButton(self.tr("Not yet"), "Esc", parent=self)
        keep.clicked.connect(self._on_keep)
        leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addWidget(title)
        column.addLayout(across)
        column.addLayout(foot)
        for line in (self.amount, self.currency):
            line.returnPressed.connect(self._on_keep)
            line.installEventFilter(self)

    def edit(self, amount: str, currency: str) -> None:
        """Shows the form with what is known, and takes the keyboard."""
        self.amount.setText(amount)
        self.currency.setText(currency)
        self._field.set_hint("")
        self.show()
        self.amount.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.amount.selectAll()

    def refuse(self, sentence: str) -> None:
        """What is wrong stands below the amount."""
        self._field.set_hint(sentence, wrong=True)
        self.amount.setFocus()

    def _on_keep(self) -> None:
        self.kept.emit(self.amount.text().strip(), self.currency.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return super().eventFilter(watched, event)
