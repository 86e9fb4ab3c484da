"""One of many, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QWidget

from app.ui.widgets.typed_box import TypedBox


class ChoiceBox(TypedBox):
    """Any part of a choice finds it; what is no choice goes back to the last one.

    Signals:
        chosen: the key of another choice that a person made.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: list[tuple[str, str]] | None = None,
        current: str = "",
        *,
        understand: Callable[[str], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._understand = understand  # words -> key, for what people write instead of a choice
        self._key = ""
        self.setMaxVisibleItems(12)
        self.finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.edit.editingFinished.connect(self._on_edited)
        self.activated.connect(self._on_activated)
        self.finder.activated.connect(self._on_completed)
        self.set_choices(choices or [], current)

    def set_choices(self, choices: list[tuple[str, str]], current: str = "") -> None:
        """Other choices, as key and words."""
        self.clear()
        for key, words in choices:
            self.addItem(words, key)
        self.set_key(current)

    def set_key(self, key: str) -> None:
        """Shows a choice without a signal; an unknown key shows nothing."""
        at = self.findData(key)
        self._key = key if at >= 0 else ""
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText("")

    def key(self) -> str:
        """The key of the choice; empty when there is none."""
        self._on_edited()
        return self._key

    @Slot(int)
    def _on_activated(self, _at: int) -> None:
        self._take(self.currentData())

    @Slot(str)
    def _on_completed(self, words: str) -> None:
        at = self.findText(words, Qt.MatchFlag.MatchExactly)
        if at >= 0:
            self._take(self.itemData(at))

    @Slot()
    def _on_edited(self) -> None:
        words = self.currentText().strip()
        at = self.findText(words, Qt.MatchFlag.MatchFixedString)
        key = self.itemData(at) if at >= 0 else self._understand(words) if self._understand and words else ""
        if not key and words:
            found = [number for number in range(self.count()) if words.casefold() in self.itemText(number).casefold()]
            key = self.itemData(found[0]) if len(found) == 1 else ""
        self._take(key or self._key)

    def _take(self, key: str) -> None:
        before = self._key
        self.set_key(key)
        if self._key != before:
            self.chosen.emit(self._key)
