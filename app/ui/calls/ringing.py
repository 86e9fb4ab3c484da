"""The key that calls: which number, whether the person is still ours, and the dialling."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.ui.dialling import Dialling

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.team.link import Link
    from app.services.team.work import Work
    from app.ui.calls.answering import Answering
    from app.ui.calls.call_in_hand import CallInHand
    from app.ui.calls.calls_view import CallsView
    from app.ui.calls.turn import Turn
    from app.ui.tasks import Tasks


class Ringing(QObject):
    """In a team the hub is asked before anybody is dialled; without it the lease that is here says whose they are.

    Signals:
        said: a sentence for a toast.
        begun: somebody is about to be called.
        lost: a CallInHand that a colleague has taken over before it was dialled.
        lost_asleep: the id of one that was taken over while this computer slept.
    """

    said = Signal(str)
    begun = Signal()
    lost = Signal(object)
    lost_asleep = Signal(str)

    def __init__(
        self, tasks: Tasks, view: CallsView, turn: Turn, answering: Answering, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._turn, self._answering = tasks, turn, answering
        self.clock = Dialling(self)
        view.call_pressed.connect(self._on_call)
        view.number_chosen.connect(self._on_number)

    @Slot(str)
    def _on_call(self, number: str) -> None:
        call = self._turn.free()
        if call is None:
            return
        self.begun.emit()
        _use(call, number)
        asked = self._tasks.ask_hub(
            _still_ours,
            call.id,
            then=partial(self._on_checked, call, number),
            failed=partial(self._on_unchecked, call, number),
        )
        if not asked:
            self._dial(call, number)

    def _on_checked(self, call: CallInHand, number: str, ours: bool) -> None:
        """The hub has said whether this computer still holds them."""
        if not ours:
            self.said.emit(self.tr("A colleague has taken %s over meanwhile: nobody was dialled.") % call.name)
            self.lost.emit(call)
        elif self._turn.call is call:
            self._dial(call, number)

    def _on_unchecked(self, call: CallInHand, number: str, _error: ServiceError) -> None:
        """The hub is away: the lease that is here says so long whose they are."""
        if self._turn.call is call:
            self._dial(call, number)

    def _dial(self, call: CallInHand, number: str) -> None:
        call.dialled_at = self._turn.now()
        self._answering.save()
        if not self.clock.dial(call.desk.dial, number):
            self.said.emit(self.tr("Nothing on this computer dials. Dial %s by hand; the clock runs.") % number)

    @Slot(str)
    def _on_number(self, number: str) -> None:
        call = self._turn.free()
        if call is not None:
            _use(call, number)
            self._answering.save()

    # after a sleep

    def ask_after_sleep(self) -> None:
        """Whoever was in hand may have been given to others meanwhile."""
        call = self._turn.call
        if call is not None:
            self._tasks.ask_hub(_still_ours, call.id, then=partial(self._on_woken, call), failed=self._on_still_away)

    def _on_woken(self, call: CallInHand, ours: bool) -> None:
        if not ours and self._turn.call is call:
            self.said.emit(self.tr("While this computer slept, a colleague has taken %s over.") % call.name)
            self.lost_asleep.emit(call.id)

    def _on_still_away(self, _error: ServiceError) -> None:
        """The lease that is here says what may be done; the next dialling asks again."""


def _use(call: CallInHand, number: str) -> None:
    numbers = [each.number for each in call.opened.numbers]
    if number in numbers:
        call.number = numbers.index(number)


def _still_ours(seat: Seat, link: Link, inquiry_id: str, *, work: Work) -> bool:
    from app.services.team import claims

    return claims.check(seat, link, inquiry_id, work=work)
