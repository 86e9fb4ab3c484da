"""Chooses the field that a column is taken for."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.capture import import_words

FORGOTTEN_MS = 1_000  # letters typed later than this begin anew


class FieldMenu(QMenu):
    """All fields; arrows move, Enter takes, letters find.

    Signals:
        chosen: the field, empty for none.
    """

    chosen = Signal(str)

    def __init__(self, column: str, field: str, taken: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Field of {0}").format(column))
        self.setStyleSheet("QMenu { menu-scrollable: 1; } QMenu::item { padding: 4px 26px 4px 12px; }")
        self._typed = ""
        self._since = QElapsedTimer()
        self._add("", self.tr("No field: kept beside the person"), field)
        for group in import_words.choices(set(taken)):
            self.addSeparator()
            for name in group:
                words = import_words.field(name)
                holder = taken.get(name, "")
                action = self._add(name, words, field)
                if holder and name != field:
                    action.setText(f"{words}\t{_short(holder)}")  # at the right, which column it would be taken from
        self.triggered.connect(lambda action: self.chosen.emit(action.data()))
        current = next((action for action in self.actions() if action.isChecked()), None)
        if current is not None:
            self.setActiveAction(current)

    def _add(self, name: str, words: str, field: str) -> QAction:
        action = self.addAction(words)
        action.setData(name)
        action.setCheckable(True)
        action.setChecked(name == field)
        return action

    def find_typed(self, typed: str) -> None:
        """Goes to the first field that has a word which begins so; the letters before are still known for a second."""
        fresh = not self._since.isValid() or self._since.elapsed() > FORGOTTEN_MS
        self._typed = typed if fresh else self._typed + typed
        self._since.start()
        sought = self._typed.casefold()
        actions = [action for action in self.actions() if not action.isSeparator()]
        for fits in (str.startswith, _has_word):
            for action in actions[1:]:
                if fits(action.text().casefold(), sought):
                    self.setActiveAction(action)
                    return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters find; all else is the menu's own."""
        text = event.text()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and text and text.isprintable() and (not text.isspace() or self._typed):
            self.find_typed(text)
            event.accept()
            return
        super().keyPressEvent(event)


def _has_word(text: str, sought: str) -> bool:
    return any(word.startswith(sought) for word in text.replace("-", " ").split())


def _short(name: str) -> str:
    return name if len(name) <= 24 else name[:23] + "…"
