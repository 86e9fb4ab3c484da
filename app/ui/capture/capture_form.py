"""The fields of the capture page."""

from __future__ import annotations

import time
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.services.capture import CaptureForm
from app.ui import fonts, keys
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.notice import Notice
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.wrapped_label import WrappedLabel

WIDEST = 1100  # pixels at 100 %: on a large screen lines stay short
TEXTS = ("first_name", "last_name", "company", "title", "phone", "email")
MINUTE_MS = 60_000


class CaptureFields(QWidget):
    """The form in its card; it knows no service.

    Signals:
        typed: anything was changed by hand. phone_typed: the number was.
        left_contact: number, e-mail or name is finished.
        save_wanted: True when the inquiry is to be qualified now.
        open_wanted: the known person is to be shown.
    """

    typed = Signal()
    phone_typed = Signal()
    left_contact = Signal()
    save_wanted = Signal(bool)
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = (self.tr("First name"), self.tr("Last name"), self.tr("Company"), self.tr("Title"), self.tr("Phone"),
                  self.tr("E-mail"))  # fmt: skip
        self._texts = {name: Field(label) for name, label in zip(TEXTS, labels, strict=True)}
        self._source = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self._source_field = Field(self.tr("Source"), editor=self._source)
        self._request = QPlainTextEdit(tabChangesFocus=True)
        self._request_field = Field(self.tr("What did they say?"), editor=self._request)
        self._consent = QCheckBox()
        self._consent_at = ""
        self._known = Notice(self.tr("Open"), keys.label("open-known", "capture"))
        self._wrong = WrappedLabel(ink="late", pixels=size("secondary"))
        self._qualify = KeyButton(self.tr("Save, qualify now"), keys.label("save-qualify", "capture"))
        self._next = KeyButton(self.tr("Save, next"), keys.label("save-next", "capture"), kind="primary")
        self._prepare()
        self._lay_out()
        self._connect()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.show_time)
        self._minute.start()
        self.show_time()
        self.setFocusProxy(self._texts["first_name"])

    def _prepare(self) -> None:
        edit = self._source.lineEdit()
        assert edit is not None
        edit.setObjectName("bare")
        edit.setPlaceholderText(self.tr("a fair, a campaign, a referral…"))
        completer = self._source.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._source.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._source.setMinimumContentsLength(8)
        self._source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._request.setFixedHeight(fonts.scaled(84))
        for button in (self._qualify, self._next):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._wrong.hide()

    def _lay_out(self) -> None:
        card = Card()
        card.setMaximumWidth(fonts.scaled(WIDEST))
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 20, 20, 20)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for number, field in enumerate(self._texts.values()):
            grid.addWidget(field, number // 2, number % 2)
        grid.addWidget(self._known, 3, 0, 1, 2)
        grid.addWidget(self._source_field, 4, 0, 1, 2)
        grid.addWidget(self._request_field, 5, 0, 1, 2)
        grid.addWidget(self._wrong, 6, 0, 1, 2)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._consent)
        foot.addStretch(1)
        foot.addWidget(self._qualify)
        foot.addWidget(self._next)
        grid.addLayout(foot, 7, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(26, 22, 26, 22)
        column.addWidget(card)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scrolled(inside))
        chain = [*(field.edit for field in self._texts.values()), self._source, self._request, self._consent,
                 self._qualify, self._next]  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for name, field in self._texts.items():
            field.changed.connect(self._on_typed)
            assert isinstance(field.edit, QLineEdit)
            if name in {"phone", "email", "last_name"}:
                field.edit.editingFinished.connect(self.left_contact)
        self._texts["phone"].changed.connect(self.phone_typed)
        self._source.editTextChanged.connect(self._on_typed)
        self._request.textChanged.connect(self._on_typed)
        for edit in (*(field.edit for field in self._texts.values()), self._source.lineEdit(), self._request):
            edit.installEventFilter(self)  # type: ignore[union-attr]
        self._consent.toggled.connect(self._on_consent)
        self._known.acted.connect(self.open_wanted)
        self._qualify.clicked.connect(lambda: self.save_wanted.emit(True))
        self._next.clicked.connect(lambda: self.save_wanted.emit(False))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field passes on an undo that it has no use for: the page takes the last capture back."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            texts = watched.document() if isinstance(watched, QPlainTextEdit) else watched
            if not texts.isUndoAvailable():  # type: ignore[attr-defined]  # a line or a document
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    # what it holds

    def form(self) -> CaptureForm:
        """What is typed."""
        texts = {name: field.text() for name, field in self._texts.items()}
        return CaptureForm(
            **texts, source=self._source.currentText(), request=self._request.toPlainText(),
            consent=self._consent.isChecked(),
        )  # fmt: skip

    def fill(self, form: CaptureForm) -> None:
        """Puts in what was typed before."""
        for name, field in self._texts.items():
            field.set_text(getattr(form, name))
        self._source.setEditText(form.source)
        self._request.setPlainText(form.request)
        self._consent.setChecked(form.consent)

    def clear(self) -> None:
        """Ready for the next; the source stays."""
        self.fill(CaptureForm(source=self._source.currentText()))
        self.set_known("")
        self.set_phone_words("")
        self.set_wrong("")

    def is_touched(self) -> bool:
        """Whether anything of a person is typed."""
        return any(field.text() for field in self._texts.values()) or bool(self._request.toPlainText())

    def set_sources(self, names: list[str]) -> None:
        """What the source can be chosen from; what is typed stays."""
        typed = self._source.currentText()
        self._source.blockSignals(True)
        self._source.clear()
        self._source.addItems(names)
        self._source.setEditText(typed)
        self._source.blockSignals(False)

    def set_source(self, name: str) -> None:
        """The source of the next ones."""
        self._source.setEditText(name)

    # what is said about it

    def set_phone_words(self, words: str, *, wrong: bool = False) -> None:
        """What the number is, or why it cannot be called."""
        self._texts["phone"].set_hint(words, wrong=wrong)

    def set_known(self, words: str) -> None:
        """That the person is known; empty words when not."""
        self._known.say(words)

    def set_wrong(self, words: str) -> None:
        """Why it cannot be saved; the focus goes where it can be mended."""
        self._wrong.set("⚠ " + words if words else "")
        self._wrong.setVisible(bool(words))
        if words:
            self._texts["phone"].setFocus()

    @Slot()
    def show_time(self) -> None:
        """The time of the consent: when it was ticked, else now."""
        at = self._consent_at or time.strftime("%H:%M")
        self._consent.setText(self.tr("Agreed to be called, today %1").replace("%1", at))

    @Slot()
    def _on_typed(self) -> None:
        if self._wrong.isVisible():
            self.set_wrong("")
        self.typed.emit()

    @Slot(bool)
    def _on_consent(self, given: bool) -> None:
        self._consent_at = time.strftime("%H:%M") if given else ""
        self.show_time()
        self.typed.emit()
