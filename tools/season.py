"""Two months of made-up work, so that the page of results has something to say: `fill(seat, clock)`."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from functools import partial
from itertools import count

from app.models.entries import Disposition, Outcome, Verdict
from app.services import calling, capture, changing_settings, handoff, sources
from app.services.errors import ServiceError
from app.services.handoff import Choice
from app.services.sales import selling
from app.services.seat import Seat

HOUR, DAY = 3_600_000, 86_400_000
PEOPLE, DAYS = 640, 52
SOURCES = (("Web form", 46, "6200"), ("Hannover fair", 20, "48000"), ("Search ads", 22, "21500"), ("Referral", 12, ""))
CALLERS = ("Ada", "Ben", "Cleo")
FIRST = ("Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas")
LAST = ("Abendroth", "Brinkmann", "Castellani", "Dufresne", "Eriksson", "Fontaine", "Grimaldi", "Hollander")


class Clock:
    """Goes on from event to event."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Season:
    """What happens, in the order in which it does."""

    def __init__(self, seat: Seat, clock: Clock, seed: int = 11) -> None:
        self._seat, self._clock, self._chance = seat, clock, random.Random(seed)
        self._order = count()
        self._end = clock.now
        self._waiting: list[tuple[int, int, Callable[[], None]]] = []

    def run(self) -> None:
        """Everything until now."""
        seat, begin = self._seat, self._end - DAYS * DAY
        self._clock.now = begin
        for key, value in (("region", "DE"), ("currency", "EUR"), ("zone", "Europe/Berlin"), ("name", "Ada")):
            changing_settings.change(seat, key, value)
        for name, _, cost in SOURCES:
            for day in (begin + DAY, self._end - 20 * DAY):
                if cost:
                    self._at(day, partial(sources.define, seat, name, add_cost=cost, currency="EUR"))
        for number in range(PEOPLE):
            self._at(begin + round(DAYS * DAY * (number / PEOPLE) ** 0.9), partial(self._captured, number))
        while self._waiting:
            self._clock.now, _, happens = heapq.heappop(self._waiting)
            try:
                happens()
            except ServiceError:
                continue  # it is as good that nothing happens
        self._clock.now = self._end

    def _at(self, moment: int, happens: Callable[[], object]) -> None:
        if moment < self._end:
            heapq.heappush(self._waiting, (moment, next(self._order), happens))  # type: ignore[arg-type]

    def _after(self, hours: float, happens: Callable[[], object]) -> None:
        self._at(self._clock.now + round(hours * HOUR), happens)

    def _captured(self, number: int) -> None:
        chance = self._chance
        (source,) = chance.choices([name for name, _, _ in SOURCES], [share for _, share, _ in SOURCES])
        form = capture.CaptureForm(
            first_name=chance.choice(FIRST), last_name=f"{chance.choice(LAST)} {number}", source=source,
            company=f"Werk {number} GmbH", phone=f"+4930231{25000 + number:05d}", country="DE",
            email=f"person{number}@werk{number}.example",
        )  # fmt: skip
        inquiry = capture.capture(self._seat, form).inquiry_id
        slow = 9 if self._clock.now > self._end - 22 * DAY else 15
        if chance.random() < 0.97:
            self._after(min(90.0, 0.2 + chance.expovariate(1 / slow)), partial(self._called, inquiry))

    def _called(self, inquiry: str, tries: int = 0) -> None:
        chance, seat = self._chance, self._seat
        changing_settings.change(seat, "name", chance.choice(CALLERS))
        if chance.random() < 0.3 and tries < 4:
            calling.log_call(seat, inquiry, Outcome.NO_ANSWER)
            self._after(20, partial(self._called, inquiry, tries + 1))
            return
        answers = {q.key: chance.choice(q.choices).key for q in seat.script.questions if q.type in {"choice", "yes_no"}}
        worth = sum(answers.get(key) in good for key, good in GOOD.items()) + chance.random() * 1.6
        what = Disposition.SELL if worth > 2.6 else Disposition.NURTURE if worth > 1.9 else Disposition.DISCARD
        handoff.dispose(seat, inquiry, what, Choice(answers=answers, reason="agreed on the call"))
        if what is Disposition.SELL and chance.random() < 0.95:
            self._after(3 + chance.random() * 20, partial(self._answered, inquiry, worth, answers))

    def _answered(self, inquiry: str, worth: float, answers: dict[str, str]) -> None:
        verdict = (
            Verdict.NURTURE if worth < 2.8 else Verdict.PROSPECT if self._chance.random() < 0.7 else Verdict.ACCEPT
        )
        selling.review(self._seat, inquiry, verdict, reason="agreed")
        if verdict is Verdict.PROSPECT:
            likely = 0.06 + 0.5 * (answers.get("budget") == "approved") + 0.4 * (answers.get("timing") == "3_months")
            self._after(
                60 + self._chance.random() * 200, partial(self._closed, inquiry, self._chance.random() < likely)
            )

    def _closed(self, inquiry: str, won: bool) -> None:
        amount = str(self._chance.randrange(8, 60) * 500)
        selling.close(self._seat, inquiry, won=won, amount=amount if won else "", currency="EUR", reason="price")


GOOD = {"budget": {"approved", "planned"}, "timing": {"3_months"}, "need": {"problem", "growth"},
        "authority": {"alone", "with_one"}}  # fmt: skip


def fill(seat: Seat, clock: Clock) -> None:
    """Works a home for two months."""
    Season(seat, clock).run()
