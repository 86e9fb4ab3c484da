"""One channel as a form: what it is, where it leads, which decisions go there, and exactly what would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import fonts
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.team.trying import Tried

SHOWN_HEIGHT = 260  # pixels at 100 %


class Wanted(NamedTuple):
    """One thing that a kind of channel asks for."""

    key: str
    label: str
    placeholder: str = ""
    secret: bool = False
    hint: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("channels", text)


def wanted(kind: str) -> tuple[Wanted, ...]:
    """What the form asks for; what else a kind knows is set from a terminal.

    Raises:
        KeyError: there is no such kind.
    """
    address = Wanted("url", _tr("Address"), "https://crm.example.com/leads", hint=_tr("HTTPS, unless it is here."))
    return {
        "webhook": (
            address,
            Wanted("secret", _tr("Secret"), "whsec_…", secret=True, hint=_tr("Empty: Winnow makes one.")),
        ),
        "http": (
            address,
            Wanted("token", _tr("Token, as {token} in a header"), secret=True),
            Wanted("header", _tr("A header"), "Authorization=Bearer {token}"),
            Wanted("body", _tr("JSON that names {fields}; empty: all of them"), '{"name": "{last_name}"}'),
        ),
        "hubspot": (
            Wanted("token", _tr("Token of the private app"), "pat-…", secret=True),
            Wanted("owner", _tr("Owner’s number, for the task"), "12345"),
        ),
        "email": (
            Wanted("host", _tr("Mail server"), "mail.example.com"),
            Wanted("security", _tr("Safety: starttls or tls"), "starttls"),
            Wanted("user", _tr("Login"), "winnow"),
            Wanted("password", _tr("Password"), secret=True),
            Wanted("sender", _tr("From"), "winnow@example.com"),
            Wanted("to", _tr("To"), "sales@example.com"),
        ),
        "folder": (
            Wanted("path", _tr("Folder"), "/srv/leads"),
            Wanted("format", _tr("csv or vcf"), "csv"),
        ),
    }[kind]


class ChannelForm(Card):
    """Shows what would be sent before anything is kept.

    Signals:
        previewed, saved: what was filled in, as keywords of `configured.prepared` and `configured.add`.
        cancelled: nothing is to be kept.
    """

    previewed = Signal(object)
    saved = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = Segmented([
            ("webhook", _tr("Webhook")), ("http", _tr("HTTP")), ("hubspot", "HubSpot"), ("email", _tr("E-mail")),
            ("folder", _tr("Folder")),
        ])  # fmt: skip
        self._name = Field(_tr("Name"), placeholder="CRM")
        self._fields: dict[str, Field] = {}
        self._of_kind = QGridLayout()
        self._of_kind.setHorizontalSpacing(18)
        self._of_kind.setVerticalSpacing(12)
        self._sell, self._nurture = QCheckBox(_tr("every sell")), QCheckBox(_tr("every nurture"))
        self._sell.setChecked(True)
        self._private = QCheckBox(_tr("may lead into the inner network"))
        self._sources = Field(_tr("Only of these sources; empty: all"), placeholder=_tr("Hannover fair, Web form"))
        self._countries = Field(_tr("Only of these countries; empty: all"), placeholder="DE, AT")
        self._look = KeyButton(_tr("What would be sent?"))
        self._save = KeyButton(_tr("Add the channel"), kind="primary")
        self._cancel = KeyButton(_tr("Cancel"))
        self._wrong = WrappedLabel(ink="late", parent=self)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(fonts.scaled(SHOWN_HEIGHT))
        self._shown = Field(_tr("Exactly this would be sent, about somebody made up; secrets are masked"),
                            editor=self._text)  # fmt: skip
        self._lay_out()
        self._kind.chosen.connect(self._on_kind)
        self._look.clicked.connect(self._on_look)
        self._save.clicked.connect(self._on_save)
        self._cancel.clicked.connect(self.cancelled)
        self.begin()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 20)
        column.setSpacing(12)
        column.addWidget(WrappedLabel(_tr("A new channel"), pixels=size("heading") - 2, weight=600))
        column.addLayout(_row(self._kind))
        column.addWidget(self._name)
        column.addLayout(self._of_kind)
        column.addWidget(WrappedLabel(_tr("What goes there"), weight=600))
        column.addLayout(_row(self._sell, self._nurture, self._private))
        rules = QGridLayout()
        rules.setHorizontalSpacing(18)
        rules.addWidget(self._sources, 0, 0)
        rules.addWidget(self._countries, 0, 1)
        column.addLayout(rules)
        column.addWidget(self._wrong)
        column.addLayout(_row(self._look, self._save, self._cancel))
        column.addWidget(self._shown)
        self.setFocusProxy(self._name.edit)

    def begin(self) -> None:
        """An empty form."""
        for field in (self._name, self._sources, self._countries):
            field.set_text("")
        self._on_kind(self._kind.current())

    @Slot(str)
    def _on_kind(self, kind: str) -> None:
        for field in self._fields.values():
            self._of_kind.removeWidget(field)
            field.deleteLater()
        self._fields = {}
        for number, each in enumerate(wanted(kind)):
            field = Field(each.label, placeholder=each.placeholder, secret=each.secret)
            field.set_hint(each.hint)
            self._fields[each.key] = field
            self._of_kind.addWidget(field, number // 2, number % 2)
        self._private.setVisible(kind in {"webhook", "http", "email"})
        self._shown.hide()
        self.show_wrong("")

    def filled(self) -> dict[str, Any]:
        """What was filled in."""
        kind = self._kind.current()
        texts = {key: field.text().strip() for key, field in self._fields.items()}
        secret = {each.key for each in wanted(kind) if each.secret}
        settings: dict[str, Any] = {key: text for key, text in texts.items() if text and key not in secret}
        if self._private.isChecked() and self._private.isVisible():
            settings["private"] = True
        return {
            "name": self._name.text(), "kind": kind, "settings": settings,
            "secrets": {key: text for key, text in texts.items() if text and key in secret},
            "dispositions": tuple(
                key for key, box in (("sell", self._sell), ("nurture", self._nurture)) if box.isChecked()
            ),
            "sources": _listed(self._sources.text()), "countries": _listed(self._countries.text()),
        }  # fmt: skip

    def show_tried(self, tried: Tried) -> None:
        """What would be sent."""
        self.show_wrong("")
        self._text.setPlainText("\n\n".join(in_words(tried)))
        self._shown.show()
        self._text.setFocus()

    def show_wrong(self, sentence: str) -> None:
        """Why it is not kept; empty: nothing is wrong."""
        self._wrong.set(f"⚠ {sentence}" if sentence else "")
        self._wrong.setVisible(bool(sentence))

    @Slot()
    def _on_look(self) -> None:
        self.previewed.emit(self.filled())

    @Slot()
    def _on_save(self) -> None:
        self.saved.emit(self.filled())


def in_words(tried: Tried) -> list[str]:
    """Each request or message of a test as text."""
    made = []
    for shown in tried.shown:
        head = [f"{name}: {value}" for name, value in shown.head]
        made.append("\n".join([shown.to, *head, "", shown.body, *shown.more]))
    return made


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
