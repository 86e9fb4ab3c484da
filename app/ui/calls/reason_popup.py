"""Asks for one more word in the same stroke: a digit chooses, letters are typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import colour, size
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

WIDE = 420
MOST = 9
RING = 6  # pixels of shade around the card


class ReasonPopup(QWidget):
    """Covers its parent; made once, filled by `ask`.

    Signals:
        chosen: key of the option (empty when words alone were typed), and the words.
        cancelled: Esc, or a press beside it.
    """

    chosen = Signal(str, str)
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._options: list[tuple[str, str]] = []
        self._buttons: list[KeyButton] = []
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._card = Card(self)
        self._title = WrappedLabel(pixels=size("heading"), weight=600, parent=self._card)
        self._hint = WrappedLabel(pixels=size("secondary"), ink="ink_2", parent=self._card)
        self._line = QLineEdit(self._card)
        self._line.setMinimumHeight(fonts.scaled(40))
        self._line.returnPressed.connect(self._on_typed)
        self._whom_label = ElidedLabel(pixels=size("secondary"), ink="ink_2", least=0, parent=self._card)
        self._whom = QComboBox(self._card)
        self._whom.setMinimumHeight(fonts.scaled(36))
        self._cancel = KeyButton(self.tr("Cancel"), "Esc", parent=self._card)
        self._go_on = KeyButton(self.tr("Go on"), "↵", kind="primary", parent=self._card)
        self._cancel.clicked.connect(self._on_cancelled)
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
        column = QVBoxLayout(self._card)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addLayout(self._rows)
        column.addWidget(self._line)
        column.addLayout(whom)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]
        self.hide()

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
            button = KeyButton(kind="answer", parent=self._card)
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
        self._card.setFixedWidth(min(fonts.scaled(WIDE), self._page().width() - 40))
        self._before = self.window().focusWidget()
        self._fit()
        self.show()
        self.raise_()
        (self if self._options else self._line).setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """Lies over the whole page, but takes room for the card alone: what it does not cover is not painted again."""
        self.setGeometry(self._page())
        layout, card = self.layout(), self._card.layout()
        assert layout is not None and card is not None
        card.activate()  # another question than before needs another card
        layout.invalidate()
        layout.activate()
        self.setMask(QRegion(self._ring()))

    def _page(self) -> QRect:
        """What it covers; asked of Qt, since whoever holds the other for good is never freed without the collector."""
        under = self.parentWidget()
        return under.rect() if under is not None else QRect()

    def _ring(self) -> QRect:
        return self._card.geometry().adjusted(-RING, -RING, RING, RING)

    def whom_chosen(self) -> str:
        """The key of the second choice; empty when none was offered."""
        return str(self._whom.currentData() or "")

    def words(self) -> str:
        """What was typed."""
        return self._line.text().strip()

    def close_quietly(self) -> None:
        """Takes it away without a signal; the keyboard goes back to where it was."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

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
            self._on_cancelled()

    def _on_cancelled(self) -> None:
        self.close_quietly()
        self.cancelled.emit()

    def event(self, event: QEvent) -> bool:
        """While it is shown, every key is its own: the page's shortcuts rest."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses, Esc cancels, a letter begins the words."""
        text = event.text()
        if event.key() == Qt.Key.Key_Escape:
            self._on_cancelled()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_typed()
        elif text.isdigit() and text != "0" and not self._line.hasFocus():
            self._choose(int(text) - 1)
        elif text.isprintable() and text.strip() and self._line.isVisibleTo(self) and not self._line.hasFocus():
            self._line.setFocus()
            self._line.insert(text)
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The Tab key stays inside."""
        stops = [each for each in [*self._buttons, self._line, self._whom, self._cancel, self._go_on]
                 if each.isVisibleTo(self)]  # fmt: skip
        focus = self.window().focusWidget()
        place = stops.index(focus) if focus in stops else (-1 if forward else 0)
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Covers the parent at every size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A ring around the card that sets it apart from what lies below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(1, RING + 1):
            shade = QColor(colour("rail"))
            shade.setAlphaF(0.06)
            painter.setBrush(shade)
            around = QRectF(self._card.geometry()).adjusted(-step, -step, step, step)
            painter.drawRoundedRect(around, size("radius_card") + step, size("radius_card") + step)
