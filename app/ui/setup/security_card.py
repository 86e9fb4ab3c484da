"""What opens the home: changing the passphrase, making a new recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.services import locking
from app.services.errors import Refused
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.ui.tasks import Tasks


class SecurityCard(Card):
    """Asks for the present passphrase only where no keyring opens the home.

    Signals:
        code_made: the new recovery code, to be shown once.
    """

    code_made = Signal(str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._opened_by: tuple[str, ...] = ()
        self._state = WrappedLabel(ink="ink_2")
        self._now = Field(self.tr("Passphrase now"), secret=True)
        self._new = Field(self.tr("New passphrase"), secret=True)
        self._again = Field(self.tr("The same again"), secret=True)
        self._change = KeyButton(self.tr("Change the passphrase…"))
        self._code = KeyButton(self.tr("New recovery code…"))
        self._do = KeyButton(self.tr("Change"), kind="primary")
        self._cancel = KeyButton(self.tr("Cancel"))
        self._doing = ""  # passphrase, code, or nothing
        self._lay_out()
        self._change.clicked.connect(self._on_change)
        self._code.clicked.connect(self._on_code)
        self._do.clicked.connect(self._on_do)
        self._cancel.clicked.connect(self._on_cancel)
        for field in (self._now, self._new, self._again):
            field.edit.returnPressed.connect(self._on_do)  # type: ignore[attr-defined]
        self._show()
        self.setFocusProxy(self._change)
        tasks.read(locking.opened_by, then=self._on_opened_by)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 18, 22, 20)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        grid.addWidget(WrappedLabel(self.tr("Lock"), pixels=size("heading") - 2, weight=600), 0, 0, 1, 2)
        grid.addWidget(self._state, 1, 0, 1, 2)
        grid.addWidget(self._now, 2, 0)
        grid.addWidget(self._new, 3, 0)
        grid.addWidget(self._again, 3, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._change, self._code, self._do, self._cancel):
            row.addWidget(button)
        row.addStretch(1)
        grid.addLayout(row, 4, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def _show(self) -> None:
        doing, asks = self._doing, bool(self._doing) and "keyring" not in self._opened_by
        self._now.setVisible(asks)
        for field in (self._new, self._again):
            field.setVisible(doing == "passphrase")
        for button in (self._change, self._code):
            button.setVisible(not doing)
        for button in (self._do, self._cancel):
            button.setVisible(bool(doing))
        self._do.set_words(self.tr("Change") if doing == "passphrase" else self.tr("Make a new code"))
        self.setVisible(bool(self._opened_by))  # a throw-away home has no lock

    def _begin(self, doing: str) -> None:
        self._doing = doing
        for field in (self._now, self._new, self._again):
            field.set_text("")
            field.set_hint("")
        self._show()

    def _on_opened_by(self, ways: tuple[str, ...]) -> None:
        self._opened_by = ways
        words = {
            "keyring": self.tr("this computer’s keyring"), "passphrase": self.tr("your passphrase"),
            "recovery": self.tr("the recovery code"),
        }  # fmt: skip
        listed = ", ".join(words[way] for way in ("keyring", "passphrase", "recovery") if way in ways)
        self._state.set(self.tr("This home is opened by %1. Each opens it alone.").replace("%1", listed))
        self._change.set_words(
            self.tr("Change the passphrase…") if "passphrase" in ways else self.tr("Set a passphrase…")
        )
        self._show()

    @Slot()
    def _on_change(self) -> None:
        self._begin("passphrase")
        (self._new if self._now.isHidden() else self._now).setFocus()

    @Slot()
    def _on_code(self) -> None:
        self._begin("code")
        if self._now.isHidden():
            self._on_do()
        else:
            self._now.setFocus()

    @Slot()
    def _on_cancel(self) -> None:
        self._begin("")
        self._change.setFocus()

    @Slot()
    def _on_do(self) -> None:
        if not self._do.isEnabled() or not self._doing:
            return
        if self._doing == "code":
            self._do.setEnabled(False)
            self._tasks.act(
                locking.renew_recovery_code, now=self._now.text(), then=self._on_new_code, failed=self._on_failed
            )
            return
        try:
            locking.check_passphrase(self._new.text(), self._again.text())
        except Refused as error:
            self._new.set_hint(str(error), wrong=True)
            self._new.setFocus()
            return
        self._do.setEnabled(False)
        self._tasks.act(
            locking.change_passphrase,
            self._new.text(),
            now=self._now.text(),
            then=self._on_done,
            failed=self._on_failed,
        )

    def _on_done(self, _nothing: object) -> None:
        self._do.setEnabled(True)
        self._begin("")
        self._tasks.read(locking.opened_by, then=self._on_opened_by)
        self._state.set(self.tr("✓ The passphrase is changed."))
        self._change.setFocus()

    def _on_new_code(self, code: str) -> None:
        self._do.setEnabled(True)
        self._begin("")
        self.code_made.emit(code)

    def _on_failed(self, error: ServiceError) -> None:
        self._do.setEnabled(True)
        field = self._new if self._now.isHidden() and self._doing == "passphrase" else self._now
        field.set_hint(str(error), wrong=True)
        field.setFocus()
