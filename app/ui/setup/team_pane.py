"""Setup, Team: joining, how things stand with the hub, who belongs to it, who is away, what did not go through."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.models.rights import Role
from app.services import carrying
from app.services.seat import Changed
from app.ui import hub_words
from app.ui.opening import Opening
from app.ui.setup import team_asking
from app.ui.setup.absences_card import AbsencesCard
from app.ui.setup.aside_card import AsideCard
from app.ui.setup.carry_card import CarryCard
from app.ui.setup.hub_card import HubCard
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
    from app.ui.setup.member_form import MemberChange
    from app.ui.setup.team_asking import Known, Look
    from app.ui.tasks import Tasks

TEAM = Changed(kinds=frozenset({"team", "setting"}), by="team")
PRESENCE = Changed(kinds=frozenset({"presence"}), by="team")


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
        self._looking = Opening(self)  # how the hub is, which nobody waits for
        self._looking.opened.connect(self._on_look)
        self._looking.failed.connect(self._on_no_look)
        self._looking.crashed.connect(tasks.crashed)
        self._role: Role | None = None
        self._look_again = False
        self._refused = ""  # why what was let in did not go in
        self._wanted: list[tuple[Any, Any, Any]] = []  # what is asked of the hub in turn, who awaits it, whose card
        self.join = JoinCard(self)
        self.members = MembersCard(self)
        self.absences = AbsencesCard(self)
        self.hub = HubCard(self)
        self.aside = AsideCard(self)
        self.carry = CarryCard(self)
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
        self.members.changed.connect(self._on_change)
        self.absences.planned.connect(self._on_away)
        self.absences.removed.connect(self._on_there)
        self.aside.decided.connect(self._on_decide)
        self.hub.looked.connect(self.look)
        self.carry.wanted.connect(self._on_carry)
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
        for card in (self.join, self._standing, self.aside, self.members, self.absences, self.hub):
            card.hide()
            column.addWidget(card)
        self.carry.hide()  # until it is known what else there is: nothing here takes the keyboard from it
        column.addWidget(self.carry)
        column.addStretch(1)

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the hub."""
        self._state = state
        if state is not None:
            self._how.set(hub_words.foot(state, self._seat.now())[0])

    def busy(self) -> bool:
        """Whether the hub is being asked."""
        return bool(self._wanted) or self._looking.busy()

    def showEvent(self, event: QShowEvent) -> None:
        """Looks at the hub whenever somebody looks here."""
        super().showEvent(event)
        self.look()

    @Slot()
    def look(self) -> None:
        """How the hub is, and what it keeps aside: for leads and admins."""
        if self._role in {Role.LEAD, Role.ADMIN} and self.isVisible():
            self._look_again = self._looking.busy()
            self._looking.begin(partial(team_asking.look, self._seat))

    @Slot(object)
    def _on_look(self, look: Look) -> None:
        if self._look_again:  # it was asked before something changed
            self.look()
            return
        self.hub.show_status(look.status)
        self.aside.show_kept(look.kept, self._seat.now())
        if "picking" in look.status.told:
            self.members.show_picking(frozenset(look.status.told["picking"]))
        if self._refused:
            self.aside.show_wrong(self._refused)
            self._refused = ""

    @Slot(object)
    def _on_no_look(self, error: ServiceError) -> None:
        self.hub.show_wrong(str(error))

    @Slot()
    def read(self) -> None:
        """Reads what is known here."""
        self._tasks.read(team_asking.known, key="team-pane", then=self._on_known)

    def _on_known(self, known: Known | None) -> None:
        self.join.setVisible(known is None)
        self.carry.set_in_team(known is not None)
        self.carry.show()
        for card in (self._standing, self.members, self.absences):
            card.setVisible(known is not None)
        self.hub.setVisible(known is not None and known.leads)
        self._stay.setVisible(self._leaving)
        before, self._role = self._role, known.role if known is not None else None
        now = self._seat.now()
        if known is None:
            self.aside.show_kept([], now)
            self.aside.show_refusals([], [], now)
            return
        who = self.tr("%1, as %2, %3").replace("%1", known.place).replace("%2", known.member)
        self._where.set(who.replace("%3", known.role.value))
        self._away.setVisible(self._leaving)
        self.members.show_members(
            known.members, known.present, admin=known.role is Role.ADMIN, me=known.member, sources=known.sources,
            leads=known.leads,
        )  # fmt: skip
        names = [each.name for each in known.members if not each.revoked]
        self.absences.show_absences(
            known.absences, names, me=known.member, leads=known.leads, now=now, zone=self._seat.settings["zone"]
        )
        self.aside.show_refusals(known.turned_away, known.set_aside, now)
        if self._state is not None:
            self.set_hub(self._state)
        if before is not self._role:
            self.look()

    # what people ask

    @Slot(str)
    def _on_looked(self, text: str) -> None:
        self._tasks.read(
            team_asking.preview, text, key="joining", then=self.join.show_preview, failed=partial(_say_wrong, self.join)
        )

    def _ask(self, work: Any, then: Any, card: Any = None) -> None:
        """Asks the hub; what goes wrong is told by `card`."""
        self._wanted.append((work, then, card))
        if len(self._wanted) == 1:
            self._asking.begin(work)

    @Slot(str)
    def _on_join(self, text: str) -> None:
        self._ask(partial(team_asking.join, self._seat, text), self._on_joined)

    @Slot(str, str)
    def _on_make(self, address: str, authority: str) -> None:
        self._ask(partial(team_asking.make, self._seat, address, authority), self._on_joined)

    def _on_joined(self, _membership: object) -> None:
        self.join.set_busy("")
        self._tasks.tell(TEAM)

    @Slot(str, str)
    def _on_invite(self, name: str, role: str) -> None:
        self._ask(partial(team_asking.invite, self._seat, name, role), self._on_invited)

    def _on_invited(self, text: str) -> None:
        self.members.show_invitation(text)
        self.read()

    @Slot(str)
    def _on_revoke(self, name: str) -> None:
        self._ask(partial(team_asking.revoke, self._seat, name), self._on_joined)

    @Slot(object)
    def _on_change(self, change: MemberChange) -> None:
        self._ask(partial(team_asking.change, self._seat, change), self._on_changed_member)

    def _on_changed_member(self, _nothing: object) -> None:
        self.members.end_change()
        self._tasks.tell(TEAM)
        self.look()

    @Slot(str, object, object)
    def _on_away(self, member: str, start: int, end: int) -> None:
        self._ask(partial(team_asking.plan, self._seat, member, start, end, False), self._on_planned, self.absences)

    @Slot(str, object, object)
    def _on_there(self, member: str, start: int, end: int) -> None:
        self._ask(partial(team_asking.plan, self._seat, member, start, end, True), self._on_planned, self.absences)

    def _on_planned(self, _nothing: object) -> None:
        self._tasks.tell(PRESENCE)

    @Slot(object, bool)
    def _on_decide(self, entries: tuple[str, ...], take: bool) -> None:
        self._ask(partial(team_asking.decide, self._seat, entries, take), self._on_decided, self.aside)

    def _on_decided(self, became: dict[str, str]) -> None:
        """What the hub refuses to store stays aside, with its reason."""
        refused = [outcome for outcome in became.values() if outcome.startswith("refused")]
        self._refused = self.tr("The hub does not take that: %1").replace("%1", refused[0]) if refused else ""
        self.look()

    @Slot(object, str)
    def _on_carry(self, file: Path, passphrase: str) -> None:
        self._tasks.read(
            carrying.carry_out, file, passphrase, slow=True, then=partial(self.carry.show_written, file),
            failed=self._on_not_carried,
        )  # fmt: skip

    def _on_not_carried(self, error: ServiceError) -> bool:
        self.carry.show_wrong(str(error))
        return True

    @Slot()
    def _on_leave(self) -> None:
        if not self._leaving:
            self._leaving = True
            self._leave.set_words(self.tr("Leave for good"))
            self._away.set(self.tr("Everything that is here stays here; you will no longer see what the team does."))
            self._away.show()
            self._stay.show()
            return
        self._ask(partial(team_asking.leave, self._seat), self._on_left)

    @Slot()
    def _on_stay(self) -> None:
        self._leaving = False
        self._leave.set_words(self.tr("Leave the team…"))
        self.read()

    def _on_left(self, _nothing: object) -> None:
        self._on_stay()
        self._tasks.tell(TEAM)

    def _next(self) -> Any:
        """Begins what waits; gives who awaited what has just ended, and the card that tells what went wrong."""
        _, then, card = self._wanted.pop(0)
        if self._wanted:
            self._asking.begin(self._wanted[0][0])
        return then, card

    @Slot(object)
    def _on_answer(self, result: object) -> None:
        then, _ = self._next()
        then(result)

    @Slot(object)
    def _on_failed(self, error: ServiceError) -> None:
        _, card = self._next()
        card = card or (self.join if self.join.isVisible() else self.members)
        card.show_wrong(str(error))
        if self._leaving:
            self._on_stay()

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _origin: object) -> None:
        if changed.kinds & {"team", "members", "presence"}:
            self.read()


def _say_wrong(card: JoinCard, error: ServiceError) -> None:
    card.show_wrong(str(error))
