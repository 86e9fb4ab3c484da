"""What a key asks before it acts: reason, next step, until when, when to call back. One popup, one stroke where it can.

Every question has its own answer under a digit, and takes words instead where words are typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from app.models.entries import Disposition
from app.services.handoff import Choice
from app.services.nurture.tracks import Track, wakes_by
from app.ui import callback_times
from app.ui.one_question import OneQuestion
from app.ui.widgets.reason_popup import ReasonPopup

if TYPE_CHECKING:
    from app.models.calling_hours import CallingHours
    from app.ui.calls.call_in_hand import CallInHand

NEXT_STEP = "next_step"  # the question of a script whose answer is the promise
NOT_PROMISED = frozenset({"nothing", "none", "no"})
DAYS = (30, 90, 180, 365)
MOST_TRACKS = 8  # with a digit; the one behind them is "no track"


class Deciding(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a disposition was pressed."""

    disposition: Disposition
    name: str
    advice: Disposition | None  # None: too little was answered for advice
    points: int = 0
    against: bool = False  # the service will want a reason
    promised: str = ""  # the next step that the answers tell
    steps: tuple[str, ...] = ()  # other next steps of the script
    sales: tuple[str, ...] = ()
    tracks: tuple[Track, ...] = ()
    nurture_days: int = 90
    now: int = 0
    zone: str = ""


def about(call: CallInHand, disposition: Disposition, *, against: bool, now: int) -> Deciding:
    """What is to be asked for a decision on the call in hand; `against`: it differs from the score's advice."""
    standing, desk = call.standing, call.desk
    steps = desk.script.question(NEXT_STEP)
    given = call.visible_answers().get(NEXT_STEP)
    said = steps.option(given) if steps is not None and isinstance(given, str) else None
    promises = tuple(each.label for each in steps.choices if each.key not in NOT_PROMISED) if steps is not None else ()
    return Deciding(
        disposition=disposition,
        name=call.name,
        points=standing.score.points,
        against=against,
        advice=standing.score.advice if standing.settled else None,
        promised=said.label if said is not None and said.key not in NOT_PROMISED else "",
        steps=promises,
        sales=desk.sales,
        tracks=desk.tracks,
        nurture_days=desk.nurture_days,
        now=now,
        zone=desk.zone,
    )


class Asking(OneQuestion):
    """Asks one thing at a time in the page's popup.

    Signals:
        decided: Disposition and Choice. called_back: the moment, ms UTC. skipped: the reason.
        refused: a sentence about what was typed.
    """

    decided = Signal(object, object)
    called_back = Signal(object)
    skipped = Signal(str)
    refused = Signal(str)

    def __init__(self, popup: ReasonPopup, parent: QObject | None = None) -> None:
        super().__init__(popup, parent)
        self._deciding: Deciding | None = None
        self._choice = Choice()
        self._back: tuple[CallingHours, str, str] | None = None
        self._name = ""
        self._now = 0

    def choose(
        self, title: str, options: Sequence[tuple[str, str]], then: Callable[[str], object], *, hint: str = "",
        words: str = "",
    ) -> None:  # fmt: skip
        """Asks for one of some; `then` gets its key, or where `words` may be typed instead what was typed."""
        self._ask(lambda key, typed: then(key or typed), title, options, hint=hint, words=words)

    # deciding

    def decide(self, deciding: Deciding, choice: Choice) -> None:
        """Asks what this decision still needs; emits `decided`."""
        self._deciding, self._choice = deciding, choice
        if deciding.against or deciding.advice is None:
            self._ask_reason(deciding)
        else:
            self._ask_more()

    def _ask_reason(self, deciding: Deciding) -> None:
        verb = {
            Disposition.SELL: self.tr("Sell"),
            Disposition.NURTURE: self.tr("Nurture"),
            Disposition.DISCARD: self.tr("Discard"),
        }[deciding.disposition]
        if deciding.advice is None:
            hint = self.tr("Too little is answered for advice.")
        else:
            advised = {
                Disposition.SELL: self.tr("to sell"),
                Disposition.NURTURE: self.tr("to nurture"),
                Disposition.DISCARD: self.tr("to discard"),
            }[deciding.advice]
            hint = self.tr("The score advises %s (%d of 100).") % (advised, deciding.points)
        options = self._reasons(deciding.disposition)
        self._ask(self._on_reason, self.tr("%s: why?") % verb, options, hint=hint, words=self.tr("or another reason"))

    def _reasons(self, disposition: Disposition) -> list[tuple[str, str]]:
        if disposition is Disposition.SELL:
            words = [
                self.tr("Wants to buy now"), self.tr("Asked for a meeting or an offer"),
                self.tr("An important name"), self.tr("The script does not fit this case"),
            ]  # fmt: skip
        elif disposition is Disposition.NURTURE:
            words = [
                self.tr("Right company, wrong time"), self.tr("Needs information first"),
                self.tr("The decision is made elsewhere"), self.tr("Asked to be contacted later"),
            ]  # fmt: skip
        else:
            words = [
                self.tr("No need"), self.tr("Not a business"), self.tr("Competitor, student or seller"),
                self.tr("Bought elsewhere"), self.tr("Not serious"),
            ]  # fmt: skip
        return [(word, word) for word in words]

    def _on_reason(self, key: str, words: str) -> None:
        self._choice = msgspec.structs.replace(self._choice, reason=key or words)
        self._ask_more()

    def _ask_more(self) -> None:
        deciding = self._deciding
        assert deciding is not None
        if deciding.disposition is Disposition.SELL:
            self._ask_next_step(deciding)
        elif deciding.disposition is Disposition.NURTURE:
            self._ask_track(deciding)
        else:
            self.decided.emit(deciding.disposition, self._choice)

    def _ask_next_step(self, deciding: Deciding) -> None:
        whom = [("", self.tr("Anybody in sales")), *((name, name) for name in deciding.sales)]
        self._ask(
            self._on_next_step,
            self.tr("Sell %s: what was promised?") % deciding.name,
            [(step, step) for step in deciding.steps],
            hint=self.tr("Enter takes what the answers say.") if deciding.promised else "",
            words=self.tr("The next step, in words"),
            text=deciding.promised,
            whom=whom if deciding.sales else (),
            whom_label=self.tr("For"),
        )

    def _on_next_step(self, key: str, words: str) -> None:
        whom = self._popup.whom_chosen()
        self._choice = msgspec.structs.replace(self._choice, next_step=key or words, for_member=whom)
        self.decided.emit(Disposition.SELL, self._choice)

    def _ask_track(self, deciding: Deciding) -> None:
        """A digit chooses the track, and with it the day; a day that is typed is asked its track afterwards."""
        if not deciding.tracks:
            self._ask_until(deciding)
            return
        options = []
        for key, name, until in self._tracks(deciding):
            asks = self.tr("when they ask again")
            day = _day(callback_times.local(until, deciding.zone)) if until is not None else asks
            options.append((key, f"{name} · {day}"))
        self._ask(
            self._on_track,
            self.tr("Nurture %s: on which track?") % deciding.name,
            options,
            hint=self.tr("They wake on its day."),
            words=self.tr("or a day, such as 2030-06-30 or 90 days"),
        )

    def _tracks(self, deciding: Deciding) -> list[tuple[str, str, int | None]]:
        """Key, name and day of each track that has a digit, and of none."""
        made = [
            (each.key, each.name, wakes_by(each, deciding.now, deciding.zone, deciding.nurture_days))
            for each in deciding.tracks[:MOST_TRACKS]
        ]
        return [*made, ("", self.tr("No track"), wakes_by(None, deciding.now, deciding.zone, deciding.nurture_days))]

    def _on_track(self, key: str, words: str) -> None:
        if words and not key:
            self._on_until("", words)
            return
        self._choice = msgspec.structs.replace(self._choice, until=None, track=key)  # the track's own day
        self.decided.emit(Disposition.NURTURE, self._choice)

    def _ask_until(self, deciding: Deciding) -> None:
        now, zone = deciding.now, deciding.zone
        texts = (self.tr("In a month"), self.tr("In 3 months"), self.tr("In half a year"), self.tr("In a year"))
        options = [
            (str(days), f"{text} · {_day(callback_times.local(now + days * 86_400_000, zone))}")
            for days, text in zip(DAYS, texts, strict=True)
        ]
        self._ask(
            self._on_until,
            self.tr("Nurture %s: until when?") % deciding.name,
            options,
            words=self.tr("or a date, such as 2030-06-30"),
        )

    def _on_until(self, key: str, words: str) -> None:
        deciding = self._deciding
        assert deciding is not None
        if key:
            until: int | None = deciding.now + int(key) * 86_400_000
        else:
            until = callback_times.read(words, deciding.now, deciding.zone)
        if until is None:
            self.refused.emit(self.tr("“%s” is no day to come. Type one such as 2030-06-30.") % words)
            self._ask_track(deciding)
            return
        self._choice = msgspec.structs.replace(self._choice, until=until, track="")
        if deciding.tracks:
            day = _day(callback_times.local(until, deciding.zone))
            self._ask(
                self._on_track_for_day,
                self.tr("Until %s: on which track?") % day,
                [(each, name) for each, name, _ in self._tracks(deciding)],
            )
        else:
            self.decided.emit(Disposition.NURTURE, self._choice)

    def _on_track_for_day(self, key: str, _words: str) -> None:
        self._choice = msgspec.structs.replace(self._choice, track=key)
        self.decided.emit(Disposition.NURTURE, self._choice)

    # calling back

    def call_back(self, name: str, now: int, zone: str, hours: CallingHours, calling_class: str) -> None:
        """Asks when; says where that is outside their hours; emits `called_back`."""
        self._back, self._name, self._now = (hours, calling_class, zone), name, now
        options = []
        for at, text in callback_times.choices(now, zone):
            closed = callback_times.outside(hours, calling_class, at)
            mark = self.tr(" — outside their hours") if closed else ""
            options.append((str(at), f"{text} · {callback_times.words(at, now, zone)}{mark}"))
        self._ask(
            self._on_back,
            self.tr("When shall we call %s?") % name,
            options,
            hint=self.tr("Times are theirs: it is %s there now.") % callback_times.words(now, now, zone),
            words=self.tr("or type: 14:30, fri 10:15, in 20 min"),
        )

    def _on_back(self, key: str, words: str) -> None:
        assert self._back is not None
        hours, calling_class, zone = self._back
        at = int(key) if key else callback_times.read(words, self._now, zone)
        if at is None:
            self.refused.emit(self.tr("“%s” is no time to come. Type one such as 14:30 or tomorrow 9.") % words)
            self.call_back(self._name, self._now, zone, hours, calling_class)
            return
        closed = callback_times.outside(hours, calling_class, at)
        if closed is None:
            self.called_back.emit(at)
            return
        why, opens = closed
        self._ask(
            self._on_outside,
            self.tr("%s is outside their hours") % callback_times.words(at, self._now, zone),
            [
                (str(opens), self.tr("When it opens: %s") % callback_times.words(opens, self._now, zone)),
                (str(at), self.tr("All the same: they asked for it")),
            ],
            hint=why,
        )

    def _on_outside(self, key: str, _words: str) -> None:
        self.called_back.emit(int(key))

    # skipping

    def skip(self, name: str) -> None:
        """Asks why; emits `skipped`."""
        words = [
            self.tr("Somebody else should call"), self.tr("I need to find something out first"),
            self.tr("Another language"), self.tr("Looks like a double"),
        ]  # fmt: skip
        self._ask(
            self._on_skip, self.tr("Skip %s: why?") % name, [(word, word) for word in words],
            words=self.tr("or another reason"),
        )  # fmt: skip

    def _on_skip(self, key: str, words: str) -> None:
        self.skipped.emit(key or words)


def _day(then: datetime) -> str:
    return f"{then.day} {then:%B %Y}"
