"""Packs: some inquiries are taken along for days, to be called where there is no network, and given back."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui import hub_words

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.team.link import Link
    from app.services.team.syncer import SyncState
    from app.services.team.work import Work
    from app.ui.calls.asking import Asking
    from app.ui.calls.queue_pane import QueuePane
    from app.ui.tasks import Tasks

SIZES = (25, 50, 100, 200)
DAYS = (0, 1, 2, 6, 13)  # until the evening so many days from now
MOST = 500  # what one caller may still be able to call
AT_ONCE = 25  # taken with one question: the hub answers each within seconds, and it is seen how far it is
DAY_MS = 86_400_000
READ_MS = 250
LATE = time(23, 50)
TAKE, GIVE = "take", "give"


class PackView(msgspec.Struct, frozen=True):
    """The pack of this computer."""

    in_team: bool = False
    held: int = 0
    callable_now: int = 0
    until: int = 0  # ms UTC: when the first of them goes back by itself


class _Taking(msgspec.Struct):
    """A pack on its way."""

    wanted: int
    days: float
    taken: int = 0
    stopped: bool = False


class Packing(QObject):
    """Asks how many and until when, asks the hub, and says above the queue what is here.

    Signals:
        said: a sentence for a toast. changed: others are in the pack now.
    """

    said = Signal(str)
    changed = Signal()

    def __init__(
        self, seat: Seat, tasks: Tasks, asking: Asking, pane: QueuePane, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._seat, self._tasks, self._asking, self._pane = seat, tasks, asking, pane
        self._view = PackView()
        self._away = False
        self._taking: _Taking | None = None
        self._soon = QTimer(self, singleShot=True, interval=READ_MS)
        self._soon.timeout.connect(self.read)

    def view(self) -> PackView:
        """What was read last."""
        return self._view

    def set_hub(self, state: SyncState | None) -> None:
        """How things stand with the team."""
        away = hub_words.is_away(state)
        if away != self._away or (state is not None) != self._view.in_team:
            self._away = away
            self._soon.start()

    def look_again(self) -> None:
        """Something has changed: soon it is counted anew."""
        if self._view.in_team:
            self._soon.start()

    @Slot()
    def read(self) -> None:
        """Counts what is in the pack."""
        self._tasks.read(_view, key="pack", slow=True, then=self._on_view)

    @Slot(object)
    def _on_view(self, view: PackView) -> None:
        self._view = view
        self._show()

    def _show(self) -> None:
        view, taking = self._view, self._taking
        if not view.in_team:
            self._pane.show_pack(None)
            return
        if taking is not None:
            words = self.tr("Taking a pack: %1 of %2…")
            self._pane.show_pack(_filled(words, taking.taken, taking.wanted), button=self.tr("Stop"))
        elif not view.held:
            self._pane.show_pack("", button=self.tr("Take a pack…"))
        else:
            until = self._when(view.until)
            if self._away:
                words = self.tr("Offline: %1 of the %2 with you can be called now, until %3.")
                text = _filled(words, view.callable_now, view.held, until)
            else:
                text = _filled(self.tr("%1 with you until %2"), view.held, until)
            self._pane.show_pack(text, ink="late" if self._away else "ink_2", button=self.tr("Your pack…"))

    def _when(self, at: int) -> str:
        zone = ZoneInfo(self._seat.settings["zone"])
        then, now = (datetime.fromtimestamp(moment / 1000, zone) for moment in (at, self._seat.now()))
        if then.time() >= LATE:  # a margin before midnight, for the hub's clock
            return self.tr("midnight") if then.date() == now.date() else self.tr("the end of %s") % _named(then, now)
        if then.date() == now.date():
            return f"{then:%H:%M}"
        return f"{_named(then, now)} {then:%H:%M}"

    # asking

    @Slot()
    def begin(self) -> None:
        """What the key does: a new pack, or with one here more of it or its way back; while one is taken, stop."""
        if self._taking is not None:
            self._taking.stopped = True
            return
        if not self._view.in_team:
            self.said.emit(self.tr("This home works alone: nobody else calls whom you call. Packs are for teams."))
        elif self._view.held:
            until = self._when(self._view.until)
            options = [(GIVE, self.tr("Give back")), (TAKE, self.tr("Take more…"))]
            title = _filled(self.tr("%1 with you until %2"), self._view.held, until)
            self._asking.choose(title, options, self._on_what, hint=self.tr("Nobody else calls them meanwhile."))
        else:
            self._ask_size()

    def _on_what(self, what: str) -> None:
        if what == GIVE:
            self._give_back()
        else:
            self._ask_size()

    def _ask_size(self) -> None:
        if self._away:
            self.said.emit(self.tr("The hub is away: a pack is taken while it answers. What is with you stays."))
            return
        self._asking.choose(
            self.tr("Take a pack: how many?"),
            [(str(size), str(size)) for size in SIZES],
            self._on_size,
            hint=self.tr(
                "They are yours alone until the day you choose, with or without a network: your own promises, then "
                "whoever has waited longest."
            ),
            words=self.tr("or another number"),
        )

    def _on_size(self, text: str) -> None:
        size = int(text) if re.fullmatch(r"[0-9]{1,4}", text.strip()) else 0
        if not 1 <= size <= MOST:
            self.said.emit(_filled(self.tr("“%1” is no size of a pack: it has 1 to %2."), text, MOST))
            return
        now = self._now()
        options = [(str(days), self._day(now + timedelta(days=days))) for days in DAYS]
        title = self.tr("Take %s: until when?") % size
        self._asking.choose(title, options, partial(self._on_days, size), words=self.tr("or a number of days"))

    def _day(self, day: datetime) -> str:
        ahead = (day.date() - self._now().date()).days
        near = {0: self.tr("This evening"), 1: self.tr("Tomorrow evening")}.get(ahead)
        return near or f"{day:%A} {day.day} {day:%B}"

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._seat.now() / 1000, ZoneInfo(self._seat.settings["zone"]))

    def _on_days(self, size: int, text: str) -> None:
        if re.fullmatch(r"[0-9]{1,2}", text.strip()) and int(text) <= DAYS[-1]:
            end = datetime.combine(self._now().date() + timedelta(days=int(text)), time(23, 59), self._now().tzinfo)
            days = (round(end.timestamp() * 1000) - self._seat.now()) / DAY_MS
            self._taking = _Taking(wanted=size, days=days)
            self._go_on()
        else:
            self.said.emit(_filled(self.tr("“%1” is no number of days: 0 to %2."), text, DAYS[-1]))

    # taking and giving back

    def _go_on(self) -> None:
        taking = self._taking
        if taking is None:
            return
        self._show()
        some = min(AT_ONCE, taking.wanted - taking.taken)
        if not self._tasks.ask_hub(_take, some, taking.days, then=self._on_taken, failed=self._on_not_taken):
            self._end(self.tr("The hub is not there yet: try again in a moment."))

    def _on_taken(self, some: int) -> None:
        taking = self._taking
        if taking is None:
            return
        taking.taken += some
        if some and taking.taken < taking.wanted and not taking.stopped:
            self._go_on()
        elif taking.taken:
            self._end(_filled(self.tr("%1 are with you; nobody else calls them."), taking.taken))
        else:
            self._end(self.tr("Nobody is free to be taken."))

    def _on_not_taken(self, error: ServiceError) -> None:
        taken = self._taking.taken if self._taking is not None else 0
        kept = _filled(self.tr("%1 are with you."), taken) if taken else self.tr("Nobody was taken.")
        self._end(f"{error.sentence} {kept}")

    def _end(self, sentence: str) -> None:
        self._taking = None
        self.said.emit(sentence)
        self.read()
        self.changed.emit()

    def _give_back(self) -> None:
        if not self._tasks.ask_hub(_give_back, then=self._on_given, failed=self._on_not_told):
            self._on_not_told(None)

    def _on_given(self, given: int) -> None:
        words = self.tr("%1 given back: others may call them now.")
        if self._view.held > given:
            words += " " + self.tr("Whoever is in hand stays until you have decided.")
        self._end(_filled(words, given))

    def _on_not_told(self, _error: ServiceError | None) -> None:
        """Given back here all the same; the hub is told when it is there."""
        self._tasks.act(_give_back_here, then=self._on_given_here)

    def _on_given_here(self, given: int) -> None:
        self._end(_filled(self.tr("%1 given back. The hub is away, and is told when it answers."), given))


def _named(then: datetime, now: datetime) -> str:
    """The day, by its name alone where that is clear."""
    return f"{then:%A}" if then - now < timedelta(days=6) else f"{then:%A} {then.day} {then:%B}"


def _filled(words: str, *values: object) -> str:
    for place, value in enumerate(values, 1):
        words = words.replace(f"%{place}", str(value))
    return words


# run beside the window, or on the thread that talks with the hub


def _view(seat: Seat) -> PackView:
    from app.services import queue
    from app.services.team import packs

    if not queue.in_team(seat):
        return PackView()
    held = packs.held(seat)
    rows = queue.rows(seat, [inquiry for inquiry, _ in held])
    return PackView(True, len(held), sum(row.callable for row in rows), min((until for _, until in held), default=0))


def _take(seat: Seat, link: Link, size: int, days: float, *, work: Work) -> int:
    from app.services.team import packs

    return len(packs.take(seat, link, size, days, work=work))


def _give_back(seat: Seat, link: Link, *, work: Work) -> int:
    from app.services.team import packs

    before = len(packs.held(seat))
    packs.give_back(seat, link, work=work)
    return before - len(packs.held(seat))


def _give_back_here(seat: Seat) -> int:
    from app.services.team import packs

    return len(packs.give_back(seat))
