"""A new track, or another rule for one: its name, when its people wake, and what mailing them needs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.models.consent import CALLS, EMAIL, NEWSLETTER
from app.services.nurture.tracks import Track
from app.ui.nurture import nurture_words
from app.ui.theme import size
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.popup import Popup
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.wrapped_label import WrappedLabel

WIDE = 440
AFTER, ON, NEVER = "after", "on", "never"


class TrackForm(Popup):
    """Covers its parent; filled by `edit`.

    Signals:
        kept: what `tracks.define` is to be given: the key (empty for a new one) and a dict. cancelled: Esc.
    """

    kept = Signal(str, dict)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._track: Track | None = None
        self._title = WrappedLabel(pixels=size("heading"), weight=600)
        self.name = Field(self.tr("Name"), placeholder=self.tr("Why people wait, such as: budget next year"))
        self.rule = Segmented([(AFTER, self.tr("After days")), (ON, self.tr("On a day")),
                               (NEVER, self.tr("When they ask"))])  # fmt: skip
        self.value = Field(self.tr("After how many days"))
        self.purpose = Segmented([(each, nurture_words.purpose(each)) for each in (CALLS, EMAIL, NEWSLETTER)], EMAIL)
        self._wrong = WrappedLabel(pixels=size("secondary"), ink="late")
        self._retire = KeyButton(self.tr("Retire it"))
        self._cancel = KeyButton(self.tr("Cancel"), "Esc")
        self._keep = KeyButton(self.tr("Keep"), "↵", kind="primary")
        self.rule.chosen.connect(self._on_rule)
        self._retire.clicked.connect(self._on_retire)
        self._cancel.clicked.connect(self.cancel)
        self._keep.clicked.connect(self.keep)
        for field in (self.name, self.value):
            if isinstance(field.edit, QLineEdit):
                field.edit.returnPressed.connect(self.keep)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.card)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self.name)
        column.addWidget(ElidedLabel(self.tr("They wake"), pixels=size("secondary"), ink="ink_2"))
        column.addWidget(self.rule)
        column.addWidget(self.value)
        column.addWidget(ElidedLabel(self.tr("Its mailing list needs consent to"), pixels=size("secondary"),
                                     ink="ink_2"))  # fmt: skip
        column.addWidget(self.purpose)
        column.addWidget(self._wrong)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._retire)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._keep)
        column.addSpacing(4)
        column.addLayout(foot)

    # what it is about

    def edit(self, track: Track | None = None, usual_days: int = 90) -> None:
        """Shows a track, or an empty form for a new one."""
        self._track = track
        self._title.set(self.tr("New track") if track is None else self.tr("Track %1").replace("%1", track.name))
        self.setAccessibleName(self._title.text())
        self.name.set_text(track.name if track is not None else "")
        days = usual_days if track is None or track.wake_days is None else track.wake_days
        on = track is not None and bool(track.wake_on)
        self.rule.set_current(ON if on else AFTER if days else NEVER)
        self._on_rule(self.rule.current())
        self.value.set_text(track.wake_on.removeprefix("--") if track is not None and on else str(days or usual_days))
        self.purpose.set_current(track.purpose if track is not None else EMAIL)
        self._retire.setVisible(track is not None)
        gone = track is not None and track.retired
        self._retire.set_words(self.tr("Bring it back") if gone else self.tr("Retire it"))
        self.refuse("")
        self.open_with(self.name.edit, self.width_for(WIDE))

    def refuse(self, words: str) -> None:
        """Says what cannot stay so; empty words take it away."""
        self._wrong.set(f"⚠ {words}" if words else "")
        self._wrong.setVisible(bool(words))
        self._wrong.setAccessibleName(words)
        self.fit()

    def _on_rule(self, rule: str) -> None:
        self.value.setVisible(rule != NEVER)
        if rule == ON:
            self.value.set_label(self.tr("Which day: 2030-03-01, or 03-01 for every year"))
        else:
            self.value.set_label(self.tr("After how many days"))
        self.fit()

    # what becomes of it

    def keep(self) -> None:
        """Hands over what stands there."""
        rule, value = self.rule.current(), self.value.text().strip()
        given: dict[str, object] = {"name": self.name.text().strip(), "purpose": self.purpose.current()}
        if not given["name"]:
            self.refuse(self.tr("A track needs a name."))
        elif rule == AFTER and not (value.isascii() and value.isdigit() and int(value)):
            self.refuse(self.tr("Type a number of days, such as 90."))
        elif rule == ON and not value:
            self.refuse(self.tr("Type a day, such as 2030-03-01."))
        else:
            given |= {"wake_on": value} if rule == ON else {"wake_days": 0 if rule == NEVER else int(value)}
            self.kept.emit(self._track.key if self._track is not None else "", given)

    def _on_retire(self) -> None:
        if self._track is not None:
            self.kept.emit(self._track.key, {"retired": not self._track.retired})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves it, Enter keeps."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.keep()
        super().keyPressEvent(event)

    def stops(self) -> list[QWidget]:
        """From above to below; of choices side by side the chosen one."""
        found = [each for each in self.card.findChildren(QWidget)
                 if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisibleTo(self) and each.isEnabled()
                 and (not each.property("ringed") or getattr(each, "isChecked", bool)())]  # fmt: skip
        places = {each: each.mapTo(self, each.rect().topLeft()) for each in found}
        return sorted(found, key=lambda each: (places[each].y() // 12, places[each].x()))
