"""Setup, Team: joining, how things stand with the hub, who belongs to it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.seat import Changed
from app.services.team.link import Member, Present, Role
from app.ui import hub_words
from app.ui.opening import Opening
from app.ui.setup.join_card import JoinCard
from app.ui.setup.members_card import MembersCard
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.team.syncer import SyncState
    from app.ui.tasks import Tasks

TEAM = Changed(kinds=frozenset({"team", "setting"}), by="team")


class TeamPane(QWidget):
    """Asks the hub on a thread of its own; what it hears is kept by the services."""

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._state: SyncState | None = None
        self._leaving = False
        self._asking = Opening(self)
        self._asking.opened.connect(self._on_answer)
        self._asking.failed.connect(self._on_failed)
        self._asking.crashed.connect(tasks.crashed)
        self._wanted: list[tuple[Any, Any]] = []  # what is asked of the hub, one after the other, and who awaits it
        self.join = JoinCard(self)
        self.members = MembersCard(self)
        self._standing = Card(self)
        self._where = WrappedLabel(weight=600)
        self._how = WrappedLabel(ink="ink_2")
        self._away = WrappedLabel(ink="late")
        self._leave = KeyButton(self.tr("Leave the team…"))
        self._stay = KeyButton(self.tr("Stay"))
        self._lay_out()
        self.join.looked.connect(self._on_looked)
        self.join.joined.connect(self._on_join)
        self.join.made.connect(self._on_make)
        self.members.invited.connect(self._on_invite)
        self.members.revoked.connect(self._on_revoke)
        self._leave.clicked.connect(self._on_leave)
        self._stay.clicked.connect(self._on_stay)
        tasks.changed.connect(self._on_changed)
        self.setFocusProxy(self.join)
        self.read()

    def _lay_out(self) -> None:
        grid = QGridLayout(self._standing)
        grid.setContentsMargins(22, 18, 22, 20)
        grid.setVerticalSpacing(8)
        grid.addWidget(WrappedLabel(self.tr("Your team"), pixels=size("heading") - 2, weight=600), 0, 0)
        grid.addWidget(self._where, 1, 0)
        grid.addWidget(self._how, 2, 0)
        grid.addWidget(self._away, 3, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._leave)
        row.addWidget(self._stay)
        row.addStretch(1)
        grid.addLayout(row, 4, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for card in (self.join, self._standing, self.members):
            card.hide()
            column.addWidget(card)
        column.addStretch(1)

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the hub."""
        self._state = state
        if state is not None:
            self._how.set(hub_words.foot(state, self._seat.now())[0])

    def busy(self) -> bool:
        """Whether the hub is being asked."""
        return bool(self._wanted)

    @Slot()
    def read(self) -> None:
        """Reads what is known here."""
        self._tasks.read(_known, key="team-pane", then=self._on_known)

    def _on_known(self, known: tuple[tuple[str, str, Role] | None, list[Member], list[Present], list[str]]) -> None:
        who, members, present, away = known
        self.join.setVisible(who is None)
        self._standing.setVisible(who is not None)
        self.members.setVisible(who is not None)
        self._stay.setVisible(self._leaving)
        if who is None:
            return
        place, member, role = who
        self._where.set(self.tr("%1, as %2, %3").replace("%1", place).replace("%2", member).replace("%3", role.value))
        self._away.set("\n".join(away))
        self._away.setVisible(bool(away))
        self.members.show_members(members, present, admin=role is Role.ADMIN, me=member)
        if self._state is not None:
            self.set_hub(self._state)

    # what people ask

    @Slot(str)
    def _on_looked(self, text: str) -> None:
        self._tasks.read(
            _preview, text, key="joining", then=self.join.show_preview, failed=partial(_say_wrong, self.join)
        )

    def _ask(self, work: Any, then: Any) -> None:
        self._wanted.append((work, then))
        if len(self._wanted) == 1:
            self._asking.begin(work)

    @Slot(str)
    def _on_join(self, text: str) -> None:
        self._ask(partial(_join, self._seat, text), self._on_joined)

    @Slot(str, str)
    def _on_make(self, address: str, authority: str) -> None:
        self._ask(partial(_make, self._seat, address, authority), self._on_joined)

    def _on_joined(self, _membership: object) -> None:
        self.join.set_busy("")
        self._tasks.tell(TEAM)

    @Slot(str, str)
    def _on_invite(self, name: str, role: str) -> None:
        self._ask(partial(_invite, self._seat, name, role), self._on_invited)

    def _on_invited(self, text: str) -> None:
        self.members.show_invitation(text)
        self.read()

    @Slot(str)
    def _on_revoke(self, name: str) -> None:
        self._ask(partial(_revoke, self._seat, name), self._on_joined)

    @Slot()
    def _on_leave(self) -> None:
        if not self._leaving:
            self._leaving = True
            self._leave.set_words(self.tr("Leave for good"))
            self._away.set(self.tr("Everything that is here stays here; you will no longer see what the team does."))
            self._away.show()
            self._stay.show()
            return
        self._ask(partial(_leave, self._seat), self._on_left)

    @Slot()
    def _on_stay(self) -> None:
        self._leaving = False
        self._leave.set_words(self.tr("Leave the team…"))
        self.read()

    def _on_left(self, _nothing: object) -> None:
        self._on_stay()
        self._tasks.tell(TEAM)

    def _next(self) -> Any:
        """Begins what waits; gives who awaited what has just ended."""
        _, then = self._wanted.pop(0)
        if self._wanted:
            self._asking.begin(self._wanted[0][0])
        return then

    @Slot(object)
    def _on_answer(self, result: object) -> None:
        self._next()(result)

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        self._next()
        card = self.join if self.join.isVisible() else self.members
        card.show_wrong(str(error))
        if self._leaving:
            self._on_stay()

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _origin: object) -> None:
        if changed.kinds & {"team", "members", "presence"}:
            self.read()


def _say_wrong(card: JoinCard, error: ServiceError) -> None:
    card.show_wrong(str(error))


# run beside the window


def _known(seat: Seat) -> tuple[tuple[str, str, Role] | None, list[Member], list[Present], list[str]]:
    from app.services.team import mirrors, state
    from app.services.team.membership import membership_of

    found = membership_of(seat)
    if found is None:
        return None, [], [], []
    role = state.word(seat.store, state.ROLE)
    away = [f"{refusal.kind}: {refusal.why}" for refusal in state.turned_away(seat.store)[:5]]
    who = (found.place, found.member, Role(role) if role else found.role)
    return who, mirrors.members(seat), mirrors.presences(seat), away


def _preview(seat: Seat, text: str) -> Any:
    from app.services.team import hub

    return hub.joining_preview(seat, text)


def _join(seat: Seat, text: str) -> Any:
    from app.services.team import hub

    made = hub.join(seat, text)
    _hear(seat)
    return made


def _make(seat: Seat, address: str, authority: str) -> Any:
    from app.services.team import hub

    made = hub.create(seat, address, ca=Path(authority).expanduser() if authority else None)
    _hear(seat)
    return made


def _invite(seat: Seat, name: str, role: str) -> str:
    from app.services.team import hub

    text = hub.invite(seat, name, Role(role))
    _hear(seat)
    return text


def _revoke(seat: Seat, name: str) -> None:
    from app.services.team import hub

    hub.revoke(seat, name)
    _hear(seat)


def _leave(seat: Seat) -> None:
    from app.services.team import hub

    hub.leave(seat)


def _hear(seat: Seat) -> None:
    """Who belongs to the team is known here at once, not only with the next sign of life."""
    from app.services.team import hub, mirrors

    mirrors.keep_members(seat, hub.members(seat))
