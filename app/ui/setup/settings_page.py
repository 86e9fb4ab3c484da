"""All settings of the home, what locks it, and what Winnow is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

import app
from app.services import changing_settings
from app.services.settings import SETTINGS
from app.ui import fonts
from app.ui.setup.security_card import SecurityCard
from app.ui.setup.setting_field import SettingField, control_for, label_of
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.page_head import PageHead
from app.ui.widgets.scrolled import Scrolled
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.services.team.syncer import SyncState
    from app.ui.tasks import Tasks

WIDTH = 860  # pixels at 100 %
GROUPS: dict[str, tuple[str, ...]] = {
    "you": ("name", "region", "zone", "currency"),
    "waiting": ("limit-hours", "limit-clock", "working-hours", "sales-limit-hours", "sales-limit-clock",
                "reminder-minutes", "callback-grace-minutes", "nurture-days"),
    "calling": ("calling-hours", "industry-codes", "attempts", "skip-minutes", "script", "dial"),
    "privacy": ("undo-minutes",),
    "alerts": ("alerts", "do-not-disturb", "alert-leads", "alert-callbacks", "alert-steps", "alert-limits",
               "alert-sound"),
    "look": ("theme", "motion"),
}  # fmt: skip


class SettingsPage(QWidget):
    """Saves each change at once, and says so beside it.

    Signals:
        theme_chosen: light, dark or system.
    """

    theme_chosen = Signal(str)

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._fields: dict[str, SettingField] = {}
        self._stack = QStackedWidget()
        self._column = QVBoxLayout()
        self._column.setSpacing(14)
        titles = {
            "you": self.tr("You"), "waiting": self.tr("Waiting and limits"), "calling": self.tr("Calling"),
            "privacy": self.tr("Privacy"), "look": self.tr("Look"),
            "alerts": self.tr("Alerts"),
        }  # fmt: skip
        for group, names in GROUPS.items():
            self._add_group(titles[group], [name for name in names if name in SETTINGS])
        known = {name for names in GROUPS.values() for name in names}
        rest = [name for name in SETTINGS if name not in known]
        if rest:
            self._add_group(self.tr("More"), rest)
        self._security = SecurityCard(tasks)
        self._security.code_made.connect(self._on_code)
        self._column.addWidget(self._security)
        self._column.addWidget(self._about())
        self._lay_out()
        tasks.changed.connect(self._on_changed)
        tasks.changed_elsewhere.connect(self._read)
        self._read()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        self._panes: dict[str, QWidget] = {"settings": inner}
        self._areas: dict[str, Scrolled] = {"settings": _at_reading_width(inner)}
        self._hub: SyncState | None = None
        self._stack.addWidget(self._areas["settings"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = PageHead(self.tr("Setup"), self.tr("Each change holds at once"))
        self._sections = Segmented(
            [("settings", self.tr("Settings")), ("team", self.tr("Team")), ("channels", self.tr("Channels"))]
        )
        self._sections.chosen.connect(self.show_section)
        head.add(self._sections)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self._fields["name"])

    @Slot(str)
    def show_section(self, name: str) -> None:
        """One part of the set-up, made when it is first asked for.

        Raises:
            KeyError: there is no such part.
        """
        if name not in self._panes:
            self._panes[name] = pane = _section(name, self._seat, self._tasks)
            self._areas[name] = _at_reading_width(pane)
            self._stack.addWidget(self._areas[name])
            self.set_hub(self._hub)
        self._sections.set_current(name)
        self._stack.setCurrentWidget(self._areas[name])

    def section(self, name: str) -> QWidget:
        """One part of the set-up that was shown already.

        Raises:
            KeyError: it was not.
        """
        return self._panes[name]

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the team."""
        self._hub = state
        for pane in self._panes.values():
            if hasattr(pane, "set_hub"):
                pane.set_hub(state)

    def _add_group(self, title: str, names: list[str]) -> None:
        card, grid = _card(title)
        for number, key in enumerate(names):
            label, hint = label_of(key)
            field = SettingField(key, label or key, control_for(key), hint if label else SETTINGS[key].says)
            field.given.connect(self._on_given)
            self._fields[key] = field
            grid.addWidget(field, number // 2 + 1, number % 2)
        self._column.addWidget(card)

    def _about(self) -> Card:
        card, grid = _card(self.tr("About"))
        home = self._seat.store.path.parent
        words = self.tr(
            "Winnow %1, under the Apache License 2.0. It stands on Qt and PySide (LGPL 3), SQLCipher (BSD), Inter "
            "(OFL 1.1) and others, each under its own licence."
        )
        grid.addWidget(WrappedLabel(words.replace("%1", app.__version__), ink="ink_2"), 1, 0, 1, 2)
        where = WrappedLabel(self.tr("This home: %1").replace("%1", str(home)), ink="ink_2")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        grid.addWidget(where, 2, 0)
        row = QHBoxLayout()
        row.addStretch(1)
        show = KeyButton(self.tr("Show the folder"))
        show.clicked.connect(partial(_show_folder, str(home)))
        row.addWidget(show)
        grid.addLayout(row, 2, 1)
        return card

    # reading and saving

    def field(self, key: str) -> SettingField:
        """The field of one setting.

        Raises:
            KeyError: the page has none.
        """
        return self._fields[key]

    @Slot()
    def _read(self) -> None:
        self._tasks.read(_values, then=self._show_values, key="settings")

    def _show_values(self, read: tuple[dict[str, str], list[str]]) -> None:
        values, scripts = read
        box = self._fields["script"].edit
        if isinstance(box, ChoiceBox):
            box.blockSignals(True)
            box.set_choices([(name, name) for name in scripts])
            box.blockSignals(False)
        for key, field in self._fields.items():
            field.show_value(values[key])

    @Slot(str, str)
    def _on_given(self, key: str, value: str) -> None:
        self._tasks.act(
            changing_settings.change,
            key,
            value,
            then=partial(self._on_kept, key),
            failed=partial(self._on_refused, key),
        )

    def _on_kept(self, key: str, _changed: Changed) -> None:
        self._fields[key].say_saved()
        if key == "theme":
            self.theme_chosen.emit(self._fields[key].value())

    def _on_refused(self, key: str, error: ServiceError) -> None:
        self._fields[key].say_wrong(str(error))

    @Slot(object, object)
    def _on_changed(self, changed: Changed, who: object) -> None:
        if "setting" in changed.kinds and who is not self:
            self._read()

    # a new recovery code

    @Slot(str)
    def _on_code(self, code: str) -> None:
        from app.ui.setup.recovery_page import RecoveryPage

        page = RecoveryPage(code)
        page.kept.connect(self._on_code_kept)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus()

    @Slot()
    def _on_code_kept(self) -> None:
        page = self._stack.currentWidget()
        self._stack.setCurrentIndex(0)
        if page is not None and page not in self._areas.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._security.setFocus()


def _section(name: str, seat: Seat, tasks: Tasks) -> QWidget:
    if name == "team":
        from app.ui.setup.team_pane import TeamPane

        return TeamPane(seat, tasks)
    if name == "channels":
        from app.ui.setup.channels_pane import ChannelsPane

        return ChannelsPane(seat, tasks)
    raise KeyError(name)


def _at_reading_width(inner: QWidget) -> Scrolled:
    """From the left of the page, not too wide to be read."""
    inner.setMaximumWidth(fonts.scaled(WIDTH))
    inside = QWidget()
    across = QHBoxLayout(inside)
    across.setContentsMargins(26, 22, 26, 22)
    across.addWidget(inner, 100)
    across.addStretch(1)
    return Scrolled(inside)


def _card(title: str) -> tuple[Card, QGridLayout]:
    card = Card()
    grid = QGridLayout(card)
    grid.setContentsMargins(22, 18, 22, 20)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(12)
    grid.addWidget(WrappedLabel(title, pixels=size("heading") - 2, weight=600), 0, 0, 1, 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return card, grid


def _show_folder(path: str, _checked: bool = False) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def _values(seat: Seat) -> tuple[dict[str, str], list[str]]:
    from app.services import scripts
    from app.services.settings import Settings

    kept = Settings.read(seat.store).shown()
    row = seat.store.one("SELECT value FROM setting WHERE key = 'currency'")
    kept["currency"] = str(row[0]) if row else ""  # as kept, not by region
    return kept, sorted(scripts.load_scripts(seat.store.path.parent))
