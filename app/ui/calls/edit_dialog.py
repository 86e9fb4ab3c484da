"""Corrects a person during a call: every field, with the numbers checked as they are typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.inquiry import Inquiry
from app.ui import fonts, keys
from app.ui.theme import size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton

WIDE = 620


class EditDialog(QDialog):
    """One form; Enter saves, Esc leaves it.

    Signals:
        saved: dict of the fields that changed, by the names of the service.
    """

    saved = Signal(object)

    def __init__(self, inquiry: Inquiry, region: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._region = inquiry.country or region
        self.setWindowTitle(self.tr("Edit %s") % inquiry.name)
        self.setAccessibleName(self.windowTitle())
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._before = _values(inquiry)
        self.fields: dict[str, Field] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, label, row, column, span in self._places():
            field = self.fields[name] = Field(label, self._before[name], parent=self)
            grid.addWidget(field, row, column, 1, span)
        self._trouble = ElidedLabel(pixels=size("secondary"), ink="late", least=0, parent=self)
        self._save = KeyButton(self.tr("Save"), "↵", kind="primary", parent=self)
        self._cancel = KeyButton(self.tr("Cancel"), keys.cap("Escape"), parent=self)
        self._save.clicked.connect(self._on_save)
        self._cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._trouble, 1)
        for button in (self._cancel, self._save):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            foot.addWidget(button)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(22, 20, 22, 20)
        column_.setSpacing(14)
        column_.addWidget(
            ElidedLabel(self.tr("Edit the person"), pixels=size("heading"), weight=600, least=0, parent=self)
        )
        column_.addLayout(grid)
        column_.addLayout(foot)
        self.fields["phone"].changed.connect(self._check_phone)
        self.fields["country"].changed.connect(self._check_country)
        self.setMinimumWidth(fonts.scaled(WIDE))
        self._check_phone()
        self.fields["first_name"].setFocus()

    def _places(self) -> list[tuple[str, str, int, int, int]]:
        """Name, label, row, column, columns."""
        return [
            ("first_name", self.tr("First name"), 0, 0, 2),
            ("last_name", self.tr("Last name"), 0, 2, 2),
            ("company", self.tr("Company"), 1, 0, 2),
            ("title", self.tr("Title"), 1, 2, 2),
            ("phone", self.tr("Numbers, with commas between"), 2, 0, 4),
            ("email", self.tr("E-mails, with commas between"), 3, 0, 4),
            ("street", self.tr("Street"), 4, 0, 2),
            ("postal_code", self.tr("Postal code"), 4, 2, 1),
            ("city", self.tr("City"), 4, 3, 1),
            ("country", self.tr("Country"), 5, 0, 1),
            ("state", self.tr("State"), 5, 1, 1),
            ("website", self.tr("Website"), 5, 2, 2),
        ]

    def changes(self) -> dict[str, str]:
        """What was changed; spaces at the ends do not count."""
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        return {name: text for name, text in typed.items() if text != self._before[name]}

    def set_trouble(self, words: str) -> None:
        """Why it could not be saved; what was typed is still here."""
        self._trouble.set(words)
        self._save.setEnabled(True)

    def _on_save(self) -> None:
        changes = self.changes()
        if not changes:
            self.reject()
            return
        self._save.setEnabled(False)
        self.saved.emit(changes)

    def keyPressEvent(self, event: object) -> None:
        """Enter saves."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:  # type: ignore[attr-defined]
            self._on_save()
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]

    def _check_phone(self) -> None:
        from app.models.phones import display, normalise, split_numbers

        field = self.fields["phone"]
        parts = [part.strip() for part in split_numbers(field.text()) if part.strip()]
        phones = [normalise(part, self._region) for part in parts]
        wrong = [phone.raw for phone in phones if not phone.e164]
        if wrong:
            field.set_hint(self.tr("Not a valid number: %s") % ", ".join(wrong), wrong=True)
        else:
            field.set_hint(" · ".join(display(phone.e164) for phone in phones))

    def _check_country(self) -> None:
        from app.models.places import country_of

        field = self.fields["country"]
        code = country_of(field.text())
        if field.text().strip() and not code:
            field.set_hint(self.tr("Not a country"), wrong=True)
            return
        field.set_hint("")
        self._region = code or self._region
        self._check_phone()


def _values(inquiry: Inquiry) -> dict[str, str]:
    return {
        "first_name": inquiry.first_name,
        "last_name": inquiry.last_name,
        "company": inquiry.company,
        "title": inquiry.title,
        "phone": ", ".join(phone.e164 or phone.raw for phone in inquiry.phones),
        "email": ", ".join(inquiry.emails),
        "street": inquiry.street,
        "postal_code": inquiry.postal_code,
        "city": inquiry.city,
        "country": inquiry.country,
        "state": inquiry.state,
        "website": inquiry.website,
    }
