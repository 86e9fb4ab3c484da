"""A locked home: its passphrase, or its recovery code."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from app.ui.theme import size
from app.ui.widgets.card_page import CardPage
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 460  # pixels at 100 %
MARGIN = 34


class UnlockPage(CardPage):
    """Asks for the words that open the home; there is no lock-out, deriving the key takes its time.

    Signals:
        given: the words.
    """

    given = Signal(str)

    def __init__(self, home: str = "", parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, MARGIN, parent)
        self._words = Field(self.tr("Passphrase or recovery code"), secret=True)
        self._show = QCheckBox(self.tr("Show what I type"))
        self._open = KeyButton(self.tr("Open"), "↵", kind="primary")
        self._busy = False
        inside = self.inside
        inside.addWidget(WrappedLabel(self.tr("Winnow is locked"), pixels=24, weight=600))
        inside.addWidget(
            WrappedLabel(self.tr("What is kept here is encrypted. Your passphrase opens it, or the recovery code that "
                                 "you were shown once."), ink="ink_2")
        )  # fmt: skip
        inside.addSpacing(10)
        inside.addWidget(self._words)
        row = QHBoxLayout()
        row.addWidget(self._show)
        row.addStretch(1)
        row.addWidget(self._open)
        inside.addLayout(row)
        if home:
            inside.addSpacing(6)
            inside.addWidget(ElidedLabel(home, pixels=size("tiny"), ink="ink_3"))
        self.setFocusProxy(self._words)
        edit = self._edit()
        edit.returnPressed.connect(self._on_open)
        edit.installEventFilter(self)
        self._open.clicked.connect(self._on_open)
        self._words.changed.connect(self._on_typed)
        self._show.toggled.connect(self._on_show)

    def _edit(self) -> QLineEdit:
        assert isinstance(self._words.edit, QLineEdit)
        return self._words.edit

    def set_wrong(self, sentence: str) -> None:
        """The words did not open it; they stay, marked, to be mended or typed over."""
        self._set_busy(False)
        self._words.set_hint(sentence, wrong=True)
        self._edit().setFocus()
        self._edit().selectAll()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._open.setEnabled(not busy)
        self._edit().setReadOnly(busy)
        if busy:
            self._words.set_hint(self.tr("Opening…"))

    @Slot()
    def _on_open(self) -> None:
        if self._busy:
            return
        if not self._words.text():
            self._words.set_hint(self.tr("Type the passphrase or the recovery code."), wrong=True)
            return
        self._set_busy(True)
        self.given.emit(self._words.text())

    @Slot()
    def _on_typed(self) -> None:
        if not self._busy:
            self._words.set_hint("")

    @Slot(bool)
    def _on_show(self, shown: bool) -> None:
        self._edit().setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._edit().setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notices Caps Lock: a capital letter without Shift, or a small one with it."""
        result = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            letter = event.text()
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if len(letter) == 1 and letter.upper() != letter.lower():
                caps = letter.isupper() != shift
                text = self.tr("Caps Lock seems to be on.") if caps else ""
                self._edit().textChanged.connect(
                    lambda _="", text=text: self._words.set_hint(text), Qt.ConnectionType.SingleShotConnection
                )
        return result
