"""Entries for another laptop, where no network is: written into one sealed file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel


class CarryCard(Card):
    """Asks for a passphrase where no team's key seals the bundle, and where it is to be.

    Signals:
        wanted: the Path to write to, and the passphrase; empty: the team's key.
    """

    wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._in_team = False
        self._dialog: QFileDialog | None = None
        self._words = Field(self.tr("Passphrase of the bundle"), secret=True)
        self._write = KeyButton(self.tr("Write a bundle…"), icon="download")
        self._said = WrappedLabel(ink="ink_2")
        self._wrong = WrappedLabel(ink="late")
        row = QHBoxLayout()
        row.addWidget(self._write)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 20)
        column.setSpacing(8)
        column.addWidget(WrappedLabel(self.tr("Without a network"), pixels=size("heading") - 2, weight=600))
        words = self.tr(
            "A bundle is one sealed file for a memory stick. It holds what no hub has yet; everything stays here too. "
            "On the other laptop it is taken in like a list: dropped on the page of imports."
        )
        column.addWidget(WrappedLabel(words, ink="ink_2"))
        column.addWidget(self._words)
        column.addLayout(row)
        column.addWidget(self._said)
        column.addWidget(self._wrong)
        self._write.clicked.connect(self.ask_where)
        if isinstance(self._words.edit, QLineEdit):
            self._words.edit.returnPressed.connect(self.ask_where)
        self.set_in_team(False)
        self.say("")

    def set_in_team(self, in_team: bool) -> None:
        """Whether a team's key can seal it: then a passphrase is not needed."""
        self._in_team = in_team
        hint = self.tr("Empty: any laptop of the team opens it.") if in_team else ""
        self._words.set_hint(hint)

    @Slot()
    def ask_where(self) -> None:
        """Asks for the file, unless the passphrase is missing."""
        if not self._in_team and not self._words.text():
            self._words.set_hint(self.tr("Choose one: this home works alone, so no team's key seals it."), wrong=True)
            self._words.setFocus()
            return
        if self._dialog is not None:
            return
        dialog = self._dialog = QFileDialog(self, self.tr("Write a bundle"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(self.tr("Bundle") + " (*.bundle)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("bundle")
        dialog.selectFile("winnow.bundle")
        dialog.fileSelected.connect(self.write_to)
        dialog.finished.connect(self._on_dialog_gone)
        dialog.open()

    @Slot(str)
    def write_to(self, name: str) -> None:
        """The place is chosen."""
        self._write.setEnabled(False)
        self.say(self.tr("Writing…"))
        self.wanted.emit(Path(name), self._words.text())

    def show_written(self, file: Path, entries: int) -> None:
        """It is there."""
        self._write.setEnabled(True)
        self._words.set_text("")
        self.set_in_team(self._in_team)
        words = self.tr("{0} entries are in {1}. Whoever has the file and its key can read them: carry it with care.")
        self.say(words.format(f"{entries:,}", file.name))

    def show_wrong(self, sentence: str) -> None:
        """Why it does not work."""
        self._write.setEnabled(True)
        self.say("", f"⚠ {sentence}")

    def say(self, words: str, wrong: str = "") -> None:
        """What was done, or why it was not."""
        for label, text in ((self._said, words), (self._wrong, wrong)):
            label.set(text)
            label.setVisible(bool(text))

    @Slot()
    def _on_dialog_gone(self) -> None:
        self._dialog = None
