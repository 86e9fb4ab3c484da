"""How a list is taken in: its source, the country of its numbers, and what becomes of people who are known."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui import countries, fonts
from app.ui.capture.source_box import SourceBox
from app.ui.theme import size
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.segmented import Segmented

INDENT = 13  # pixels: what the button of the options has before its icon


class Wanted(NamedTuple):
    """What is set now."""

    source: str
    region: str
    on_match: Literal["update", "skip"]
    overwrite_hand: bool
    as_new: bool


class ImportOptionsPane(QWidget):
    """The source is always seen; the rest opens below a line that says what it is.

    Signals:
        changed: something was set that changes what happens to rows.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = SourceBox()
        self._source_field = Field(self.tr("Source"), editor=self._source)
        self._region = ChoiceBox([], understand=countries.of_words)
        region_edit = self._region.lineEdit()
        if region_edit is not None:
            region_edit.setAcceptDrops(False)
        self._region_field = Field(self.tr("Numbers without a country are"), editor=self._region)
        self._more = KeyButton(kind="quiet", icon="chevron-right")
        self._more.setCheckable(False)
        self._on_match = Segmented([("update", self.tr("Update")), ("skip", self.tr("Skip"))])
        self._on_match.setAccessibleName(self.tr("Who is known already"))
        self._overwrite = QCheckBox(self.tr("Overwrite corrections by hand"))
        self._as_new = QCheckBox(self.tr("Take every row as new"))
        for box in (self._overwrite, self._as_new):
            box.setFont(fonts.font(size("secondary")))
        self._overwrite.setAccessibleDescription(self.tr("the list may overwrite what somebody corrected by hand"))
        self._as_new.setAccessibleDescription(self.tr("nobody is recognised, so people may be there twice"))
        self._rest = QWidget(self)
        rest = QVBoxLayout(self._rest)
        rest.setContentsMargins(INDENT, 4, 0, 0)
        rest.setSpacing(8)
        rest.addWidget(self._region_field)
        rest.addWidget(ElidedLabel(self.tr("Who is known already"), pixels=size("secondary"), ink="ink_2"))
        rest.addWidget(self._on_match)
        rest.addWidget(self._overwrite)
        rest.addWidget(self._as_new)
        self._rest.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18 - INDENT, 14, 18, 12)
        column.setSpacing(4)
        self._source_field.setContentsMargins(INDENT, 0, 0, 0)
        column.addWidget(self._source_field)
        column.addWidget(self._more)
        column.addWidget(self._rest)
        self._source.changed.connect(self._on_source)
        self._region.chosen.connect(self._on_changed)
        self._on_match.chosen.connect(self._on_changed)
        self._overwrite.toggled.connect(self._on_changed)
        self._as_new.toggled.connect(self._on_changed)
        self._more.clicked.connect(self._on_more)
        self._say()

    def fill(self, *, sources: list[str], source: str, region: str) -> None:
        """What is known and what is set at the start; tells nobody."""
        blocked = self.blockSignals(True)
        if not self._region.count():
            self._region.set_choices(countries.choices())
        self._source.set_known(sources)
        self._source.set_name(source)
        self._source_field.set_hint("")
        self._region.set_key(region)
        self._on_match.set_current("update")
        self._overwrite.setChecked(False)
        self._as_new.setChecked(False)
        self.blockSignals(blocked)
        self._say()

    def wanted(self) -> Wanted:
        """What is set now."""
        match = cast('Literal["update", "skip"]', self._on_match.current())
        return Wanted(self._source.name(), self._region.key(), match, self._overwrite.isChecked(),
                      self._as_new.isChecked())  # fmt: skip

    def ask_for_source(self) -> None:
        """Puts the focus there, and says why."""
        self._source_field.set_hint(self.tr("Say where they come from: costs and results go by it."), wrong=True)
        self._source.setFocus()

    def _say(self) -> None:
        parts = [self._region.itemText(self._region.currentIndex()) or "—"]
        if self._as_new.isChecked():
            parts.append(self.tr("all as new"))
        elif self._on_match.current() == "skip":
            parts.append(self.tr("known skipped"))
        else:
            parts.append(self.tr("known updated"))
        self._more.set_words(" · ".join(parts))
        self._more.set_icon("chevron-down" if self._rest.isVisibleTo(self) else "chevron-right")
        self._more.setAccessibleDescription(
            self.tr("closes the options") if self._rest.isVisibleTo(self) else self.tr("opens the options")
        )
        updates = self._on_match.current() == "update" and not self._as_new.isChecked()
        self._overwrite.setEnabled(updates)
        self._on_match.setEnabled(not self._as_new.isChecked())

    @Slot()
    def _on_more(self) -> None:
        self._rest.setVisible(not self._rest.isVisibleTo(self))
        self._say()

    @Slot()
    def _on_source(self) -> None:
        if self._source.name():
            self._source_field.set_hint("")
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self._say()
        self.changed.emit()
