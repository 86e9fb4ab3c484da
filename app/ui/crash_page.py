"""What is said when Winnow itself fails: calmly, with the draft safe and a way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from app.ui import fonts
from app.ui.theme import size
from app.ui.widgets.card_page import CardPage
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 560  # pixels at 100 %
MARGIN = 36


class CrashPage(CardPage):
    """Says what happened, and keeps the details folded.

    Signals:
        went_on: back to the page that was shown.
        quit_wanted: close Winnow.
    """

    went_on = Signal()
    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(WIDTH, MARGIN, parent)
        self._title = WrappedLabel(self.tr("Something went wrong in Winnow"), pixels=size("heading"), weight=600)
        self._text = WrappedLabel(ink="ink_2")
        self._details = QPlainTextEdit(readOnly=True)
        self._details.setAccessibleName(self.tr("Details for whoever mends it"))
        self._details.setTabChangesFocus(True)
        self._details.setMinimumHeight(fonts.scaled(200))
        self._on = KeyButton(self.tr("Go on"), "Esc", kind="primary")
        self._show = KeyButton(self.tr("Details"), "D")
        self._copy = KeyButton(self.tr("Copy details"), "C")
        self._quit = KeyButton(self.tr("Quit"), "Ctrl Q")
        self._lay_out()
        for button, slot, key in (
            (self._on, self.went_on, "Escape"),
            (self._show, self._on_details, "D"),
            (self._copy, self._on_copy, "C"),
            (self._quit, self.quit_wanted, "Ctrl+Q"),
        ):
            button.clicked.connect(slot)
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        inside = self.inside
        inside.addWidget(self._title)
        inside.addWidget(self._text)
        inside.addSpacing(12)
        inside.addWidget(self._details)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._on, self._show, self._copy, self._quit):
            row.addWidget(button)
        row.addStretch(1)
        inside.addLayout(row)

    def show_report(self, report: str, *, logged: bool = True) -> None:
        """Shows a report of `crash_report`; `logged` says whether a home keeps it."""
        words = [self.tr("It is a fault of the program, not of yours. Your draft is saved.")]
        if logged:
            words.append(self.tr("What helps to mend it is in winnow.log, without anybody's name or number."))
        self._text.set(" ".join(words))
        self._details.setPlainText(report)
        self._details.hide()
        self._show.show()
        self._on.setFocus()

    def report(self) -> str:
        """What is shown under Details."""
        return self._details.toPlainText()

    @Slot()
    def _on_details(self) -> None:
        self._details.setVisible(not self._details.isVisible())

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())
        self._copy.set_words(self.tr("Copied"))
