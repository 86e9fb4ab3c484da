"""The first sight of Winnow: four answers, and what to do first."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import countries, fonts
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.number_box import NumberBox
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 640  # pixels at 100 %
KEYRING, PASSPHRASE = "keyring", "passphrase"
IMPORT, CAPTURE, LOOK = "import", "capture", "look"
SHORTEST = 8  # as app.services.locking checks again


class Wishes(NamedTuple):
    """What was answered."""

    name: str
    region: str
    limit_hours: str
    passphrase: str  # empty: this computer's keyring
    then: str  # import, capture or look


class FirstRunPage(QWidget):
    """Asks who works here; digits choose what comes first, Enter takes the marked one.

    Signals:
        chosen: the Wishes.
    """

    chosen = Signal(object)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keyring = False
        self._busy = False
        self._name = Field(self.tr("Your name"), name, placeholder=self.tr("as colleagues see it"))
        region = countries.here() or "US"
        self._region = ChoiceBox(countries.choices(), region, understand=countries.of_words)
        self._hours = NumberBox(0.1, 8760, 24, self.tr("hours"), one=self.tr("hour"))
        self._lock = ChoiceBox([(PASSPHRASE, self.tr("a passphrase of your own"))], PASSPHRASE)
        self._lock.setEditable(False)
        self._words = Field(self.tr("Passphrase"), secret=True)
        self._again = Field(self.tr("The same again"), secret=True)
        self._where = Field(self.tr("Numbers without a country are"), editor=self._region)
        self._limit = Field(self.tr("Nobody waits longer than"), editor=self._hours)
        self._kept_by = Field(self.tr("What is kept is locked by"), editor=self._lock)
        self._state = WrappedLabel(ink="ink_2", pixels=size("secondary"))
        self._options = {
            IMPORT: KeyButton(self.tr("Import a list"), "1", kind="option", icon="envelope",
                              detail=self.tr("CSV, Excel or vCards, as they are")),
            CAPTURE: KeyButton(self.tr("Capture somebody now"), "2", kind="option", icon="capture",
                               detail=self.tr("a booth, a call, a card")),
            LOOK: KeyButton(self.tr("Look around with made-up inquiries"), "3", kind="option", icon="bars",
                            detail=self.tr("nothing is kept")),
        }  # fmt: skip
        self._marked = IMPORT
        self._lay_out()
        self._connect()
        self._mark(IMPORT)
        self._on_lock()
        self.setFocusProxy(self._name)

    def _lay_out(self) -> None:
        card = Card()
        card.setMaximumWidth(fonts.scaled(WIDTH))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(38, 34, 38, 36)
        inside.setSpacing(8)
        inside.addWidget(WrappedLabel(self.tr("Welcome to Winnow"), pixels=24, weight=600))
        inside.addWidget(
            WrappedLabel(
                self.tr(
                    "Call the inquiry that has waited longest. Ask a few good questions. Sell, nurture or discard."
                ),
                ink="ink_2",
            )
        )
        inside.addSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        fields = (self._name, self._where, self._limit, self._kept_by, self._words, self._again)
        for number, field in enumerate(fields):
            grid.addWidget(field, number // 2, number % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside.addLayout(grid)
        inside.addSpacing(10)
        inside.addWidget(ElidedLabel(self.tr("THEN"), pixels=size("tiny"), ink="ink_2"))
        for button in self._options.values():
            inside.addWidget(button)
        inside.addWidget(self._state)
        self._state.hide()
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(24, 24, 24, 24)
        across.addStretch(1)
        across.addWidget(card, 100, Qt.AlignmentFlag.AlignVCenter)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(page))

    def _connect(self) -> None:
        self._lock.currentIndexChanged.connect(self._on_lock)
        for field in (self._name, self._words, self._again):
            field.changed.connect(self._clear_hints)
        for number, (key, button) in enumerate(self._options.items(), 1):
            button.clicked.connect(lambda _=False, key=key: self._choose(key))
            shortcut = QShortcut(QKeySequence(str(number)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda key=key: self._on_digit(key))
        for sequence in ("Return", "Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_enter)
        leave = QShortcut(QKeySequence("Escape"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._on_escape)

    # what the application tells

    def set_keyring(self, works: bool) -> None:
        """Offers this computer's keyring, where it keeps secrets."""
        if works == self._keyring:
            return
        self._keyring = works
        choices = [(PASSPHRASE, self.tr("a passphrase of your own"))]
        if works:
            choices.insert(0, (KEYRING, self.tr("this computer’s keyring")))
        self._lock.clear()
        for key, words in choices:
            self._lock.addItem(words, key)
        self._lock.setCurrentIndex(0)
        self._on_lock()

    def set_busy(self, words: str) -> None:
        """While the home is made: what is going on; empty words end it."""
        self._busy = bool(words)
        self._state.set(words, "ink_2")
        self._state.setVisible(bool(words))
        for button in self._options.values():
            button.setEnabled(not self._busy)

    def set_wrong(self, words: str) -> None:
        """Why it could not be made."""
        self.set_busy("")
        self._state.set("⚠ " + words, "late")
        self._state.show()

    def wishes(self, then: str) -> Wishes:
        """What is answered now."""
        own = self._lock.currentData() == PASSPHRASE
        self._hours.interpretText()
        return Wishes(self._name.text().strip() or "me", self._region.key() or "US", self._hours.words(),
                      self._words.text() if own else "", then)  # fmt: skip

    # what the person does

    def _mark(self, key: str) -> None:
        self._marked = key
        for name, button in self._options.items():
            button.setCheckable(name == key)
            button.setChecked(name == key)

    def _choose(self, then: str) -> None:
        self._mark(then)
        if not self._busy and (then == LOOK or self._complete()):
            self.chosen.emit(self.wishes(then))

    def _complete(self) -> bool:
        """Whether everything is answered; the first gap gets the focus and a sentence."""
        self._clear_hints()
        if not self._name.text().strip():
            self._name.set_hint(self.tr("Colleagues see who called: write your name."), wrong=True)
            self._name.setFocus()
            return False
        if self._lock.currentData() == KEYRING:
            return True
        if len(self._words.text()) < SHORTEST:
            text = self.tr("Use at least %n characters; several words are easy to remember.", "", SHORTEST)
            self._words.set_hint(text, wrong=True)
            self._words.setFocus()
            return False
        if self._words.text() != self._again.text():
            self._again.set_hint(self.tr("The two do not match."), wrong=True)
            self._again.setFocus()
            return False
        return True

    @Slot()
    def _clear_hints(self) -> None:
        self._name.set_hint("")
        self._words.set_hint(self.tr("Nobody can open the home without it, or the recovery code that comes next."))
        self._again.set_hint("")

    @Slot()
    def _on_lock(self) -> None:
        own = self._lock.currentData() == PASSPHRASE
        self._words.setVisible(own)
        self._again.setVisible(own)
        self._clear_hints()

    def _in_text(self) -> bool:
        return isinstance(self.focusWidget(), (QLineEdit, QPlainTextEdit, QAbstractSpinBox, ChoiceBox))

    def _on_digit(self, key: str) -> None:
        if not self._in_text():
            self._choose(key)

    @Slot()
    def _on_enter(self) -> None:
        focus = self.focusWidget()
        on = next((key for key, button in self._options.items() if button is focus), self._marked)
        self._choose(on)

    @Slot()
    def _on_escape(self) -> None:
        """Out of the fields, so that the digits choose."""
        self._options[self._marked].setFocus()
