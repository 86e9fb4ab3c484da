"""Two inquiries of one person are joined by hand on the call page, and parted again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from app.ui import keys, times

if TYPE_CHECKING:
    from app.models.entry import Entry
    from app.services.errors import ServiceError
    from app.services.seat import Changed, Seat
    from app.ui.calls.asking import Asking
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.tasks import Tasks

JOIN = "join"


class Joined(msgspec.Struct, frozen=True):
    """What was done: `merge` is the entry that joined them, `shown` the id under which to go on."""

    changed: Changed
    shown: str
    merge: str = ""


class Joining(QObject):
    """Chooses the other one by Find, asks once more, and keeps how to part them.

    Signals:
        said, undo_offered: sentences for a toast. find_wanted: whom the other one is looked for, to put into the field.
        done: `join` or `split`, and the id to go on with; find_ended: nobody is looked for any more.
    """

    said = Signal(str)
    undo_offered = Signal(str)
    find_wanted = Signal(str)
    find_ended = Signal()
    done = Signal(str, str)

    def __init__(self, tasks: Tasks, asking: Asking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._asking = tasks, asking
        self._one: tuple[str, str] | None = None  # id and name of whom another is looked for
        self._last: tuple[str, str] | None = None  # the merge that undo ends, and the inquiry to go on with

    # joining

    def begin(self, call: CallInHand) -> None:
        """Looks for the other one; pressed again, no longer."""
        if self._one is not None:
            self.end()
            return
        self._tasks.read(
            _may_join, key="joining", then=partial(self._on_may, call.id, call.name), failed=self._on_failed
        )

    def _on_may(self, one: str, name: str, may: bool) -> None:
        if not may:
            self.said.emit(self.tr("Only team leads and admins join people. Ask your team lead."))
            return
        self._one = (one, name)
        self.find_wanted.emit(self.tr("Same as %s: find") % name)
        words = self.tr("Who is the same person as %s? Find them, and press Enter. %s ends it.")
        self.said.emit(words % (name, keys.label("same-person")))

    def looking(self) -> bool:
        """Whether whoever is chosen next is to be joined."""
        return self._one is not None

    def end(self) -> None:
        """Nobody is looked for any more."""
        if self._one is not None:
            self._one = None
            self.find_ended.emit()

    def chosen(self, other: str) -> None:
        """The other one: asks once more."""
        one, self._one = self._one, None
        self.find_ended.emit()
        if one is None:
            return
        if one[0] == other:
            self.said.emit(self.tr("That is the same inquiry. Nothing was changed."))
            return
        self._tasks.read(
            _told, other, key="joining", then=partial(self._on_told, one, other), failed=self._on_failed
        )  # fmt: skip

    def _on_told(self, one: tuple[str, str], other: str, told: str) -> None:
        hint = self.tr("Everything of both is kept, under one name. It can be taken back.")
        options = [(JOIN, self.tr("They are one person: join them")), ("", self.tr("Leave them as they are"))]
        title = self.tr("%s, and %s: one person?") % (one[1], told)
        self._asking.choose(title, options, partial(self._on_sure, one, other), hint=hint)

    def _on_sure(self, one: tuple[str, str], other: str, what: str) -> None:
        if what == JOIN:
            self._tasks.act(_join, one[0], other, then=partial(self._on_joined, one[1]), failed=self._on_failed)

    def _on_joined(self, name: str, joined: Joined) -> None:
        self._last = (joined.merge, joined.shown)
        self.undo_offered.emit(self.tr("%s: two inquiries are one person now.") % name)
        self.done.emit("join", joined.shown)

    # parting

    def forget(self) -> None:
        """Something else was done since: undo is about that."""
        self._last = None

    def take_back(self) -> bool:
        """Parts who was joined last; False when something else is to be undone."""
        last, self._last = self._last, None
        if last is None:
            return False
        self._part(last[1], last[0])
        return True

    def begin_parting(self, call: CallInHand) -> None:
        """Asks which joining was a mistake."""
        self._tasks.read(
            _merges, call.id, key="joining", then=partial(self._on_merges, call.id, call.name), failed=self._on_failed
        )

    def _on_merges(self, inquiry: str, name: str, merges: list[tuple[str, str]]) -> None:
        if not merges:
            self.said.emit(self.tr("%s was joined with nobody: there is nothing to part.") % name)
            return
        hint = self.tr("Each is an inquiry of its own again, with what was said about it.")
        title = self.tr("%s: who is another person?") % name
        self._asking.choose(title, merges, partial(self._part, inquiry), hint=hint)

    def _part(self, inquiry: str, merge: str) -> None:
        self._tasks.act(_split, inquiry, merge, then=self._on_parted, failed=self._on_failed)

    @Slot(object)
    def _on_parted(self, parted: Joined) -> None:
        self._last = None
        self.said.emit(self.tr("They are two people again, each with what was said about them."))
        self.done.emit("split", parted.shown)

    def _on_failed(self, error: ServiceError) -> bool:
        self.said.emit(str(error))
        return True


# run beside the window


def _may_join(seat: Seat) -> bool:
    from app.services import roles

    return roles.may_lead(seat)


def _told(seat: Seat, inquiry_id: str) -> str:
    """Somebody in a few words."""
    inquiry = seat.inquiry(inquiry_id)
    return ", ".join(part for part in (inquiry.name, inquiry.company, inquiry.source) if part)


def _join(seat: Seat, one: str, other: str) -> Joined:
    from app.services import drafts, merging

    changed = merging.merge(seat, one, other)
    shown = seat.ledger.survivor(one)
    draft = drafts.read(seat, one)
    if shown != one and draft != drafts.Draft() and drafts.read(seat, shown) == drafts.Draft():
        drafts.save(seat, shown, draft)  # what was typed stays with whom it is about
    return Joined(changed, shown, merging.merges(seat, shown)[-1])


def _split(seat: Seat, inquiry: str, merge: str) -> Joined:
    from app.services import merging

    return Joined(merging.split(seat, merge), seat.ledger.survivor(inquiry), merge)


def _merges(seat: Seat, inquiry_id: str) -> list[tuple[str, str]]:
    """Each joining with whom it brought, the youngest first."""
    from app.models.entries import Merged
    from app.services import merging

    entries = {entry.id: entry for entry in seat.ledger.entries(inquiry_id)}
    told = []
    for merge in reversed(merging.merges(seat, inquiry_id)):
        body = entries[merge].facts()
        if isinstance(body, Merged):
            words = f"{_captured(list(entries.values()), body.other)} · {times.day(entries[merge].wall, seat.now())}"
            told.append((merge, words))
    return told


def _captured(entries: list[Entry], subject: str) -> str:
    """As whom a subject was captured."""
    from app.models.entries import Captured

    for entry in entries:
        body = entry.facts()
        if entry.subject == subject and isinstance(body, Captured):
            who = entry.who()
            name = f"{(who.first_name or '')} {(who.last_name or '')}".strip() if who else ""
            return ", ".join(part for part in (name or (who.company if who else ""), body.source) if part)
    return subject[:8]
