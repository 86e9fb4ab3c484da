"""Asks for one more word in the same stroke: a digit chooses, letters are typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.popup import Popup
from app.ui.widgets.wrapped_label import WrappedLabel

WIDE = 420
MOST = 9


class ReasonPopup(Popup):
    """Covers its parent; made once, filled by `ask`.

    Signals:
        chosen: key of the option (empty when words alone were typed), and the words.
        cancelled: Esc, or a press beside it.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._options: list[tuple[str, str]] = []
        self._buttons: list[KeyButton] = []
        self._title = WrappedLabel(pixels=size("heading"), weight=600, parent=self.card)
        self._hint = WrappedLabel(pixels=size("secondary"), ink="ink_2", parent=self.card)
        self._line = QLineEdit(self.card)
        self._line.setMinimumHeight(fonts.scaled(40))
        self._line.returnPressed.connect(self._on_typed)
        self._whom_label = ElidedLabel(pixels=size("secondary"), ink="ink_2", least=0, parent=self.card)
        self._whom = QComboBox(self.card)
        self._whom.setMinimumHeight(fonts.scaled(36))
        self._cancel = KeyButton(self.tr("Cancel"), "Esc", parent=self.card)
        self._go_on = KeyButton(self.tr("Go on"), "↵", kind="primary", parent=self.card)
        self._cancel.clicked.connect(self.cancel)
        self._go_on.clicked.connect(self._on_typed)
        whom = QHBoxLayout()
        whom.setSpacing(10)
        whom.addWidget(self._whom_label)
        whom.addWidget(self._whom, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._go_on)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addLayout(self._rows)
        column.addWidget(self._line)
        column.addLayout(whom)
        column.addLayout(foot)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def ask(
        self,
        title: str,
        options: Sequence[tuple[str, str]] = (),
        *,
        hint: str = "",
        words: str = "",
        text: str = "",
        whom: Sequence[tuple[str, str]] = (),
        whom_label: str = "",
    ) -> None:
        """Shows the question.

        `options` are key and text, at most nine. `words` is the placeholder of a line for words, without it there is
        none; `text` stands in it. `whom` are key and name of a second choice, read with `whom_chosen` afterwards.
        """
        self._options = list(options)[:MOST]
        self._title.set(title)
        self._hint.set(hint)
        self._hint.setVisible(bool(hint))
        while len(self._buttons) < len(self._options):
            button = KeyButton(kind="answer", parent=self.card)
            place = len(self._buttons)
            button.clicked.connect(lambda _=False, place=place: self._choose(place))
            self._buttons.append(button)
            self._rows.addWidget(button)
        for place, button in enumerate(self._buttons):
            if place < len(self._options):
                button.set_words(self._options[place][1], str(place + 1))
            button.setVisible(place < len(self._options))
        self._line.setVisible(bool(words))
        self._line.setPlaceholderText(words)
        self._line.setAccessibleName(words or title)
        self._line.setText(text)
        self._go_on.setVisible(bool(words))
        self._whom.clear()
        for key, name in whom:
            self._whom.addItem(name, key)
        for part in (self._whom, self._whom_label):
            part.setVisible(bool(whom))
        self._whom_label.set(whom_label)
        self._whom.setAccessibleName(whom_label)
        self.setAccessibleName(title)
        self.open_with(self if self._options else self._line, self.width_for(WIDE))

    def whom_chosen(self) -> str:
        """The key of the second choice; empty when none was offered."""
        return str(self._whom.currentData() or "")

    def words(self) -> str:
        """What was typed."""
        return self._line.text().strip()

    def _choose(self, place: int) -> None:
        if place < len(self._options):
            self.close_quietly()
            self.chosen.emit(self._options[place][0], self.words())

    def _on_typed(self) -> None:
        if self._line.isVisibleTo(self) and (self.words() or not self._options):
            self.close_quietly()
            self.chosen.emit("", self.words())

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A press beside it cancels."""
        if now is None or not self.isVisible() or now.window() is not self.window():
            return
        if now is not self and not self.isAncestorOf(now):
            self._before = now
            self.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses, Esc cancels, a letter begins the words."""
        text = event.text()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_typed()
        elif text.isdigit() and text != "0" and not self._line.hasFocus():
            self._choose(int(text) - 1)
        elif text.isprintable() and text.strip() and self._line.isVisibleTo(self) and not self._line.hasFocus():
            self._line.setFocus()
            self._line.insert(text)
        super().keyPressEvent(event)

    def stops(self) -> list[QWidget]:
        """The answers, the words, the second choice and the buttons, where they are shown."""
        every = [*self._buttons, self._line, self._whom, self._cancel, self._go_on]
        return [each for each in every if each.isVisibleTo(self)]
