"""Who is called: name, company, what they asked for, and the number with whether it may be called."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from app.ui import fonts, icons, keys
from app.ui.calls.views import NumberView, PersonView
from app.ui.painting import MIDDLE
from app.ui.theme import colour, size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.quote import MOST_LINES, Quote
from app.ui.widgets.wrapped_label import WrappedLabel

AVATAR = 46
NARROW = 590  # pixels at 100 %: below, the number stands under the name
MORE = {
    "edit": "edit", "mail": "envelope", "skip": "skip", "same-person": "people", "two-people": "people",
    "history": "history", "pause": "pause",
}  # name -> icon  # fmt: skip


class _Avatar(QWidget):
    """Initials in a disc."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.initials = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, initials: str) -> None:
        if initials != self.initials:
            self.initials = initials
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(fonts.scaled(AVATAR), fonts.scaled(AVATAR))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent_soft"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(colour("accent"))
        painter.setFont(fonts.font(16, 600))
        painter.drawText(QRectF(self.rect()), MIDDLE, self.initials)


class PersonCard(Card):
    """The head of the call page.

    Signals:
        call_pressed: the number to dial.
        number_chosen: another of the person's numbers is to be used.
        more_chosen: a name of `MORE`, from the menu.
    """

    call_pressed = Signal(str)
    number_chosen = Signal(str)
    more_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        secondary = size("secondary")
        self._person: PersonView | None = None
        self._chosen = 0
        self._avatar = _Avatar(self)
        self._name = ElidedLabel(pixels=size("heading"), weight=600, parent=self)
        self._chip = Chip(parent=self)
        self._mark = Chip(parent=self)
        self._role = ElidedLabel(pixels=secondary, ink="ink_2", parent=self)
        self._source = IconLabel("globe", parent=self)
        self._time = IconLabel("clock", parent=self)
        self._call = KeyButton("", keys.label("call"), kind="call", icon="phone", parent=self)
        self._others = KeyButton(kind="plain", icon="chevron-down", parent=self)
        self._more = KeyButton(kind="quiet", icon="more", parent=self)
        self._why = WrappedLabel(pixels=size("tiny"), ink="ink_2", least=180, parent=self)
        self._quote = Quote(self)
        self._others.set_filled(False, size("button_call"))
        self._others.setAccessibleName(self.tr("Other numbers"))
        self._others.setToolTip(self.tr("Other numbers") + f" ({keys.label('numbers')})")
        self._more.setAccessibleName(self.tr("More"))
        self._more.setToolTip(self.tr("Edit, e-mail, skip, history, pause"))
        self._lay_out()
        self._call.clicked.connect(self._on_call)
        self._others.clicked.connect(self.show_numbers)
        self._more.clicked.connect(self._on_more)

    def _lay_out(self) -> None:
        name = QHBoxLayout()
        name.setSpacing(9)
        name.addWidget(self._name)
        name.addWidget(self._chip)
        name.addWidget(self._mark)
        name.addStretch(1)
        facts = QHBoxLayout()
        facts.setSpacing(10)
        facts.addWidget(self._source)
        facts.addWidget(self._time)
        facts.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(name)
        words.addWidget(self._role)
        words.addLayout(facts)
        who = QHBoxLayout()
        who.setSpacing(14)
        who.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        who.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self._call, self._others, self._more):
            buttons.addWidget(button)
        self._spare = QSpacerItem(0, 0, QSizePolicy.Policy.Fixed)  # grows when the buttons stand below the name
        buttons.addItem(self._spare)
        self._buttons = buttons
        number = QVBoxLayout()
        number.setSpacing(4)
        number.addStretch(1)
        number.addLayout(buttons)
        number.addWidget(self._why)
        number.addStretch(1)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(12)
        self._line.addLayout(who, 1)
        self._line.addLayout(number)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 17, 18, 17)
        column.setSpacing(12)
        column.addLayout(self._line)
        column.addWidget(self._quote)
        self._call.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_person(self, person: PersonView, number: int = 0) -> None:
        """Fills the card; `number` is which of the numbers stands on the button."""
        self._person = person
        self._chosen = min(number, max(len(person.numbers) - 1, 0))
        words = [word for word in person.name.split() if word[0].isalnum()]
        self._avatar.set("".join(word[0] for word in (words[:1] + words[1:][-1:])).upper())
        self._name.set(person.name)
        self._chip.set(person.age, person.tone)
        self._mark.set(person.mark, "plain")
        self._role.set(" · ".join(part for part in (person.title, person.company) if part))
        self._source.set(person.source_icon, ", ".join(part for part in (person.source, person.captured) if part))
        self._source.setToolTip(person.captured_exactly)
        self._time.set("clock", self.tr("%s their time") % person.their_time if person.their_time else "")
        self._time.setVisible(bool(person.their_time))
        self._quote.set(person.request, person.requested_by)
        self._show_number()

    def number(self) -> NumberView | None:
        """The number on the button."""
        numbers = self._person.numbers if self._person else ()
        return numbers[self._chosen] if numbers else None

    def _show_number(self) -> None:
        number = self.number()
        several = self._person is not None and len(self._person.numbers) > 1
        free = number is not None and not number.why
        self._call.set_kind("call" if free else "blocked")
        self._call.setEnabled(free)
        shown = number.shown if number else self.tr("No number")
        self._call.set_words(shown, keys.label("call") if free else "")
        self._call.setAccessibleName(self.tr("Call %s") % shown)
        self._others.setVisible(several)
        why = number.why if number else self.tr("Correct the number to call (%s).") % keys.label("edit")
        self._why.set(why)
        self._why.setVisible(bool(why))
        self._call.setAccessibleDescription(why or keys.label("call"))

    def press_call(self) -> None:
        """What the key does: calls where that may be done now."""
        if self._call.isEnabled():
            self._call.click()

    def show_numbers(self) -> None:
        """The menu of all numbers, each with why it may not be called."""
        if self._person is None or len(self._person.numbers) < 2:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, number in enumerate(self._person.numbers):
            words = "  ·  ".join(part for part in (number.shown, number.note, number.why) if part)
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(place == self._chosen)
            action.triggered.connect(lambda _=False, place=place: self._choose(place))
            menu.addAction(action)
        menu.popup(self._others.mapToGlobal(QPoint(0, self._others.height() + 4)))

    def _choose(self, place: int) -> None:
        self._chosen = place
        self._show_number()
        number = self.number()
        if number is not None:
            self.number_chosen.emit(number.number)

    def _on_call(self) -> None:
        number = self.number()
        if number is not None:
            self.call_pressed.emit(number.number)

    def _on_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        texts = {
            "edit": self.tr("Edit the person…"),
            "mail": self.tr("Write an e-mail…"),
            "skip": self.tr("Skip…"),
            "same-person": self.tr("Same person as…"),
            "two-people": self.tr("They are two people…"),
            "history": self.tr("What happened before"),
            "pause": self.tr("Pause"),
        }
        joined = self._person is not None and self._person.joined
        for name, drawn in MORE.items():
            if name == "two-people" and not joined:
                continue
            # The cap is only written: the page's own shortcut works, and two equal ones would both be silent.
            action = QAction(icons.icon(drawn, colour("ink_2"), 16), f"{texts[name]}\t{keys.label(name)}", menu)
            action.triggered.connect(lambda _=False, name=name: self.more_chosen.emit(name))
            menu.addAction(action)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the number below the name where both have no room beside each other."""
        super().resizeEvent(event)
        narrow = self.width() < fonts.scaled(NARROW)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._line.direction() is not wanted:
            self._line.setDirection(wanted)
            self._spare.changeSize(0, 0, QSizePolicy.Policy.Expanding if narrow else QSizePolicy.Policy.Fixed)
            self._buttons.invalidate()

    def set_low(self, low: bool) -> None:
        """Saves height: narrower margins, two lines of what they asked for."""
        above = 12 if low else 17
        self.layout().setContentsMargins(18, above, 18, above)  # type: ignore[union-attr]
        self.layout().setSpacing(8 if low else 12)  # type: ignore[union-attr]
        self._quote.set_most(2 if low else MOST_LINES)

    def minimumSizeHint(self) -> QSize:
        """As if the number stood below the name: it will, where there is so little room."""
        buttons = self._call.minimumSizeHint().width() + self._more.minimumSizeHint().width() + 6
        if self._others.isVisibleTo(self):
            buttons += self._others.minimumSizeHint().width() + 6
        return QSize(max(buttons, fonts.scaled(240)) + 36, super().minimumSizeHint().height())
