"""Who is away when: nothing is given to them, and nothing of theirs stays lying."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import QDateEdit, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.team.link import Absence
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field import Field
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel


class _Row(QWidget):
    """One absence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(weight=600, parent=self)
        self.days = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self.remove = KeyButton(self.tr("Remove"), kind="quiet", parent=self)
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(12)
        row.addWidget(self.name, 3)
        row.addWidget(self.days, 5)
        row.addWidget(self.remove)


class AbsencesCard(Card):
    """Days by this home's zone, the last one included.

    Signals:
        planned: member, start and end (ms UTC). removed: the same, of an absence that is none.
    """

    planned = Signal(str, object, object)
    removed = Signal(str, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._shown: list[Absence] = []
        self._zone, self._me = ZoneInfo("UTC"), ""
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._who = ChoiceBox()
        self._who_field = Field(self.tr("Who"), editor=self._who)
        self.first, self.last = QDateEdit(), QDateEdit()
        for edit in (self.first, self.last):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("ddd d MMM yyyy")
        self._add = KeyButton(self.tr("Plan it"), kind="primary")
        self._wrong = WrappedLabel(ink="late", parent=self)
        self._add.clicked.connect(self._on_add)
        self.first.dateChanged.connect(self._on_first)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 18, 22, 20)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(10)
        grid.addWidget(WrappedLabel(self.tr("Away"), pixels=size("heading") - 2, weight=600), 0, 0, 1, 3)
        words = self.tr("Whoever is away is given nobody on those days, and what waits too long with them comes back.")
        grid.addWidget(WrappedLabel(words, ink="ink_2"), 1, 0, 1, 3)
        grid.addLayout(self._column, 2, 0, 1, 3)
        grid.addWidget(self._who_field, 3, 0)
        grid.addWidget(Field(self.tr("Away from"), editor=self.first), 3, 1)
        grid.addWidget(Field(self.tr("to, this day included"), editor=self.last), 3, 2)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addStretch(1)
        grid.addLayout(row, 4, 0, 1, 3)
        grid.addWidget(self._wrong, 5, 0, 1, 3)
        self._wrong.hide()
        for place in range(3):
            grid.setColumnStretch(place, 1)

    def show_absences(
        self, absences: list[Absence], members: list[str], *, me: str, leads: bool, now: int, zone: str
    ) -> None:
        """Every coming absence; leads plan for anybody, others for themselves.

        `now` is ms UTC.
        """
        self._zone, self._me, self._shown = ZoneInfo(zone), me, absences
        chosen = self._who.key() or me
        names = [(name, self.tr("Me") if name == me else name) for name in sorted(members, key=lambda name: name != me)]
        self._who.set_choices(names, chosen if chosen in members else me)
        self._who_field.setVisible(leads)
        self._wrong.hide()
        today = datetime.fromtimestamp(now / 1000, self._zone).date()
        for edit in (self.first, self.last):
            edit.setMinimumDate(QDate(today.year, today.month, today.day))
        while len(self._rows) < len(absences):
            row = _Row(self)
            row.remove.clicked.connect(partial(self._on_remove, len(self._rows)))
            self._rows.append(row)
            self._column.addWidget(row)
        for row, absence in zip(self._rows, absences, strict=False):
            row.name.set(self.tr("You") if absence.member == me else absence.member)
            row.days.set(self._span(absence))
            row.remove.setVisible(leads or absence.member == me)
            row.remove.setAccessibleName(self.tr("Remove: %1 away").replace("%1", absence.member))
            row.setVisible(True)
        for row in self._rows[len(absences) :]:
            row.setVisible(False)

    def rows(self) -> list[_Row]:
        """The absences that are shown."""
        return [row for row in self._rows if not row.isHidden()]

    def show_wrong(self, sentence: str) -> None:
        """Why it does not work."""
        self._wrong.set(f"⚠ {sentence}")
        self._wrong.show()

    def _span(self, absence: Absence) -> str:
        start = datetime.fromtimestamp(absence.start / 1000, self._zone)
        end = datetime.fromtimestamp(absence.end / 1000, self._zone)
        if start.time() == end.time() == time(0):
            last = end - timedelta(days=1)
            return _day(start) if last == start else f"{_day(start)} – {_day(last)}"
        return f"{_day(start)} {start:%H:%M} – {_day(end)} {end:%H:%M}"

    @Slot(QDate)
    def _on_first(self, day: QDate) -> None:
        if self.last.date() < day:
            self.last.setDate(day)

    @Slot()
    def _on_add(self) -> None:
        first, last = (edit.date() for edit in (self.first, self.last))
        if last < first:
            self.show_wrong(self.tr("It ends before it begins."))
            return
        self.planned.emit(self._who.key() or self._me, self._midnight(first), self._midnight(last.addDays(1)))

    def _midnight(self, day: QDate) -> int:
        return round(datetime(day.year(), day.month(), day.day(), tzinfo=self._zone).timestamp() * 1000)

    def _on_remove(self, place: int, _checked: bool = False) -> None:
        absence = self._shown[place]
        self.removed.emit(absence.member, absence.start, absence.end)


def _day(then: datetime) -> str:
    return f"{then:%a} {then.day} {then:%B %Y}"
