"""The recovery code, shown once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.ui import fonts
from app.ui.painting import MIDDLE, paint_box
from app.ui.theme import colour, size
from app.ui.widgets.card_page import CardPage
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 600  # pixels at 100 %
MARGIN = 38
GROUP_PIXELS = 24


class _Group(QWidget):
    """Five signs, large enough to be copied by hand."""

    def __init__(self, number: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._text = number, text
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(text))

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(150), fonts.scaled(58))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint_box(painter, box, colour("bg"), colour("line"), size("radius"))
        painter.setPen(colour("ink_3"))
        painter.setFont(fonts.font(11, tabular=True))
        painter.drawText(box.adjusted(9, 5, 0, 0), Qt.AlignmentFlag.AlignLeft, str(self._number))
        painter.setPen(colour("ink"))
        font = fonts.font(GROUP_PIXELS, 600, tabular=True)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 2)
        painter.setFont(font)
        painter.drawText(box, MIDDLE, self._text)


class RecoveryPage(CardPage):
    """Shows the code, lets it be copied or saved, and asks whether it is kept.

    Signals:
        kept: it may go now.
    """

    kept = Signal()

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, MARGIN, parent)
        self._code = code
        self._copy = KeyButton(self.tr("Copy"), "C")
        self._save = KeyButton(self.tr("Save to a file…"), "S")
        self._have = KeyButton(self.tr("I have kept it"), "↵", kind="primary")
        self._state = WrappedLabel(ink="ink_2", pixels=size("secondary"))
        inside = self.inside
        inside.addWidget(WrappedLabel(self.tr("Keep this recovery code"), pixels=24, weight=600))
        inside.addWidget(
            WrappedLabel(
                self.tr("It opens what is kept here if the passphrase is forgotten or this computer’s keyring is lost. "
                        "Winnow shows it this once and keeps it nowhere: write it down, or save it away from this "
                        "computer."),
                ink="ink_2",
            )
        )  # fmt: skip
        inside.addSpacing(12)
        grid = QGridLayout()
        grid.setSpacing(10)
        for number, group in enumerate(code.split("-")):
            grid.addWidget(_Group(number + 1, group), number // 3, number % 3)
        inside.addLayout(grid)
        inside.addWidget(self._state)
        inside.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        row.addStretch(1)
        row.addWidget(self._have)
        inside.addLayout(row)
        self._connect()
        self.setFocusProxy(self._copy)  # not "I have kept it": a second Enter must not take the code away

    def _connect(self) -> None:
        self._have.clicked.connect(self.kept)
        for button, slot, key in (
            (self._copy, self._on_copy, "C"),
            (self._save, self._on_save, "S"),
            (None, self._on_have, "Return"),
            (None, self._on_have, "Enter"),
        ):
            if button is not None:
                button.clicked.connect(slot)
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(slot)

    def code(self) -> str:
        """The code that is shown."""
        return self._code

    @Slot()
    def _on_have(self) -> None:
        """Enter presses the button that has the focus; only elsewhere it takes the code away."""
        focus = self.focusWidget()
        if focus is self._copy:
            self._on_copy()
        elif focus is self._save:
            self._on_save()
        else:
            self.kept.emit()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self._state.set(self.tr("Copied. Paste it where only you find it."))

    @Slot()
    def _on_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the recovery code"), "winnow-recovery-code.txt")
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Writes the code into a file that only its owner reads."""
        try:
            file.touch(mode=0o600)
            file.write_text(f"{self.tr('Recovery code of Winnow')}\n{self._code}\n", encoding="utf-8")
        except OSError as error:
            self._state.set("⚠ " + self.tr("It could not be saved: %1.").replace("%1", error.strerror or ""), "late")
            return
        self._state.set(self.tr("Saved. Keep the file away from this computer."), "ink_2")
