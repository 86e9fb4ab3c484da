"""Made-up inquiries for looking around: people, sources and some days of work, written as work itself is written.

Numbers and domains are reserved for fiction. There are people in enough time zones that somebody can be called at any
hour of any day: Guam, Hawaii, New York, London and Berlin cover the clock, on Sundays and holidays too.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from app import paths
from app.models.entries import Answer, Disposition, Id, Millis, Outcome, Verdict
from app.models.folding import fold_text
from app.services import calling, capture, handoff, privacy, sources
from app.services.errors import Refused
from app.services.sales import selling
from app.services.seat import Seat

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
FEWEST, MOST = 30, 2000
ROUND_THE_CLOCK = (("GU", ""), ("US", "HI"), ("US", "NY"), ("GB", ""), ("DE", ""))  # two of each are never called

GOOD: dict[str, Answer] = {
    "need": "problem", "impact": "customers", "current": "own", "size": 120.0, "authority": "alone",
    "timing": "3_months", "budget": "approved", "next_step": "meeting",
}  # fmt: skip
FAIR: dict[str, Answer] = {
    "need": "growth", "current": "nothing", "size": 30.0, "authority": "with_one", "timing": "later",
    "budget": "must_ask", "next_step": "reading",
}  # fmt: skip
POOR: dict[str, Answer] = {"need": "private"}


class HomeNotEmpty(Refused):
    """The home holds inquiries already, and made-up ones would mix with them."""

    code = "home_not_empty"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where some of the made-up people are."""

    country: str
    speech: str
    numbers: tuple[str, ...]
    share: int
    state: str = ""


class Speech(msgspec.Struct, frozen=True):
    """Names in use among them."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    companies: tuple[str, ...]
    titles: tuple[str, ...]


class MadeSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source with its costs, and what people ask for there."""

    name: str
    costs: tuple[dict[str, str], ...]
    share: int
    requests: tuple[str, ...]
    limit_hours: float | None = None


class Step(msgspec.Struct, frozen=True):
    """Something that happened some time ago; steps of one moment keep their order."""

    ago: Millis
    do: Callable[[], object]


def fill(seat: Seat, count: int = 60, seed: int = 1) -> int:
    """Fill an empty home with made-up inquiries; the same seed and clock make the same people. Returns how many.

    Raises:
        HomeNotEmpty: there is an inquiry. Refused: `count` is not 30 to 2000.
    """
    if not FEWEST <= count <= MOST:
        raise Refused(f"Made-up homes hold {FEWEST} to {MOST} inquiries.")
    if seat.store.one("SELECT 1 FROM inquiry LIMIT 1"):
        raise HomeNotEmpty(
            "This home holds inquiries already, and made-up ones would mix with them.",
            kept="Nothing was changed.",
            todo="Name a new folder with --home.",
        )
    with seat.store.writing():  # all of it or nothing
        _Days(seat, count, seed).work()
    privacy.erase_due(seat)
    row = seat.store.one("SELECT count(*) FROM inquiry")
    return int(row[0]) if row else 0


class _People:
    """Draws people, each with a name, a number and an e-mail that nobody else has."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        document = _read("people.toml")
        self.places = msgspec.convert(document["places"], tuple[Place, ...])
        self._speeches = msgspec.convert(document["speech"], dict[str, Speech])
        self.sources = msgspec.convert(_read("sources.toml")["sources"], tuple[MadeSource, ...])
        self._taken: set[str] = set()

    def place(self, country: str = "", state: str = "") -> Place:
        """One of the places, by their shares or as named."""
        named = [p for p in self.places if p.country == country and p.state == state]
        return named[0] if named else self.draw.choices(self.places, [p.share for p in self.places])[0]

    def person(self, place: Place | None = None, source: str = "") -> capture.CaptureForm:
        """Somebody who asks for something."""
        place = place or self.place()
        speech = self._speeches[place.speech]
        company = self.draw.choice(speech.companies)
        first, last = self._name(speech, company)
        from_where = next((s for s in self.sources if s.name == source), None) or self._source()
        return capture.CaptureForm(
            first_name=first,
            last_name=last,
            company=company,
            title=self.draw.choice(speech.titles),
            phone=self.number(place),
            email=f"{_plain(first)}.{_plain(last)}@{_plain(company)}.example",
            country=place.country,
            source=from_where.name,
            request=self.draw.choice(from_where.requests),
            consent=self.draw.random() < 0.5,
        )

    def number(self, place: Place) -> str:
        """A number of a place that nobody has; a place that is used up lends from another."""
        for _ in range(400):
            pattern = self.draw.choice(place.numbers)
            number = re.sub("#", lambda _: str(self.draw.randrange(10)), pattern)
            if number not in self._taken:
                self._taken.add(number)
                return number
        return self.number(self.draw.choice([other for other in self.places if other is not place]))

    def _name(self, speech: Speech, company: str) -> tuple[str, str]:
        for _ in range(10_000):
            first, last = self.draw.choice(speech.first), self.draw.choice(speech.last)
            key = f"{_plain(first)}.{_plain(last)}@{_plain(company)}"
            if key not in self._taken:
                self._taken.add(key)
                return first, last
        raise Refused("There are not enough made-up names for so many inquiries.")

    def _source(self) -> MadeSource:
        return self.draw.choices(self.sources, [source.share for source in self.sources])[0]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((paths.resources() / "demo" / name).read_text("utf-8"))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold_text(text)).strip("-")


class _Days:
    """The last three days of a made-up desk, in the order in which they happened."""

    def __init__(self, seat: Seat, count: int, seed: int) -> None:
        self._now, self._count = seat.now(), count
        self._at = self._now
        self.seat = Seat(seat.store, device=seat.device, clock=lambda: self._at, holder=seat.holder)
        self.people = _People(seed)
        self._ids: dict[str, Id] = {}

    def work(self) -> None:
        """Everything that happened, by the clock of its time."""
        steps = [*self._sources(), *self._stories(), *self._waiting()]
        for step in sorted(steps, key=lambda step: -step.ago):
            self._at = self._now - step.ago
            step.do()
        self._at = self._now

    def _sources(self) -> Iterator[Step]:
        for source in self.people.sources:
            define = partial(sources.define, self.seat, source.name)
            yield Step(4 * DAY, partial(define, limit_hours=source.limit_hours))
            for cost in source.costs:
                yield Step(4 * DAY, partial(define, add_cost=cost["amount"], currency=cost["currency"]))

    # what happened to some of them; each story counts the inquiries that it leaves

    def _stories(self) -> Iterator[Step]:
        before = self._count
        for story in (
            self._round_the_clock, self._switchboard, self._known_twice, self._two_that_are_one, self._tried,
            self._promised, self._misprinted, self._objected, self._nurtured, self._sold, self._won, self._discarded,
        ):  # fmt: skip
            yield from story()
        assert 0 <= self._count < before

    def _round_the_clock(self) -> Iterator[Step]:
        for index, (country, state) in enumerate(ROUND_THE_CLOCK):
            place = self.people.place(country, state)
            yield self._asks(f"clock-{index}-new", (12 + 7 * index) * MINUTE, self.people.person(place))
            yield self._asks(f"clock-{index}-old", (20 + 6 * index) * HOUR, self.people.person(place))

    def _switchboard(self) -> Iterator[Step]:
        """Two colleagues on one number: two people."""
        one = self.people.person(self.people.place("DE"), "Hannover fair")
        other = self.people.person(self.people.place("DE"), "Hannover fair")
        other = msgspec.structs.replace(
            other, phone=one.phone, company=one.company, email=other.email.partition("@")[0] + "@" + _host(one)
        )
        yield self._asks("board-1", 50 * HOUR, one)
        yield self._asks("board-2", 50 * HOUR - 3 * MINUTE, other)

    def _known_twice(self) -> Iterator[Step]:
        """Somebody writes again, from the same address: one inquiry."""
        for index, (country, state) in enumerate((("US", "CA"), ("GB", ""))):
            person = self.people.person(self.people.place(country, state), "Search ads")
            again = msgspec.structs.replace(person, phone="", title="", source="Web form", request=AGAIN[index])
            yield self._asks(f"twice-{index}", 30 * HOUR, person)
            self._count += 1
            yield self._asks(f"twice-{index}-again", (2 + index) * HOUR, again)

    def _two_that_are_one(self) -> Iterator[Step]:
        """One left a number, the other an address, and then a form had both: joined."""
        person = self.people.person(self.people.place("FR"), "E-mail")
        by_mail = msgspec.structs.replace(person, phone="")
        by_number = msgspec.structs.replace(person, email="", source="Hannover fair")
        yield self._asks("one-mail", 44 * HOUR, by_mail)
        yield self._asks("one-number", 40 * HOUR, by_number)
        yield self._asks("one-both", 9 * HOUR, msgspec.structs.replace(person, source="Web form"))
        self._count += 2

    def _tried(self) -> Iterator[Step]:
        for index, tries in enumerate(TRIED):
            name = f"tried-{index}"
            yield self._asks(name, (60 + 3 * index) * HOUR, self.people.person())
            for ago, outcome in tries:
                yield self._calls(name, ago * HOUR, outcome)

    def _promised(self) -> Iterator[Step]:
        """One callback is due, one is still to come."""
        for index, due in enumerate((-18 * MINUTE, 3 * HOUR)):
            name = f"promised-{index}"
            yield self._asks(name, (28 + index) * HOUR, self.people.person(self.people.place("GB")))
            yield self._calls(
                name, 5 * HOUR, Outcome.CALLBACK, back_at=self._now + due, note="In a meeting, asks to be called back."
            )

    def _misprinted(self) -> Iterator[Step]:
        person = self.people.person(self.people.place("SE"), "Hannover fair")
        yield self._asks("misprint", 26 * HOUR, msgspec.structs.replace(person, phone="08-405 0"))

    def _objected(self) -> Iterator[Step]:
        yield self._asks("objected", 33 * HOUR, self.people.person(self.people.place("US", "IL"), "Search ads"))
        yield self._calls("objected", 22 * HOUR, Outcome.DO_NOT_CALL, note="Does not want any calls.")

    def _nurtured(self) -> Iterator[Step]:
        yield self._asks("nurtured", 52 * HOUR, self.people.person(self.people.place("AU"), "E-mail"))
        note = "The budget round is in autumn; happy to read until then."
        yield self._decides("nurtured", 30 * HOUR, Disposition.NURTURE, FAIR, note=note, track="No budget yet")

    def _sold(self) -> Iterator[Step]:
        for index, ago in enumerate((3 * HOUR, 25 * MINUTE)):
            name = f"sold-{index}"
            yield self._asks(name, (27 + index) * HOUR, self.people.person(self.people.place("DE"), "Referral"))
            note = "Lost two customers last month over late deliveries."
            yield self._decides(
                name, ago, Disposition.SELL, GOOD, note=note, next_step="Demonstration on Thursday at 10"
            )

    def _won(self) -> Iterator[Step]:
        yield self._asks("won", 70 * HOUR, self.people.person(self.people.place("GB"), "Hannover fair"))
        yield self._decides("won", 66 * HOUR, Disposition.SELL, GOOD, next_step="Offer for three sites")
        yield Step(65 * HOUR, lambda: selling.review(self.seat, self._ids["won"], Verdict.PROSPECT))
        yield Step(
            8 * HOUR, lambda: selling.close(self.seat, self._ids["won"], won=True, amount="18400", currency="EUR")
        )

    def _discarded(self) -> Iterator[Step]:
        yield self._asks("discarded", 47 * HOUR, self.people.person(self.people.place("FR"), "Search ads"))
        yield self._decides("discarded", 24 * HOUR, Disposition.DISCARD, POOR, note="A student's thesis.")

    def _waiting(self) -> Iterator[Step]:
        """The rest wait for their first call: most since today, some for longer than anybody should."""
        for index in range(self._count):
            ago = self.people.draw.choice((90 * MINUTE, 8 * HOUR, 22 * HOUR, 40 * HOUR, 72 * HOUR))
            ago = round(ago * (0.1 + 0.9 * self.people.draw.random())) + index
            yield self._asks(f"waiting-{index}", ago, self.people.person())

    # steps

    def _asks(self, name: str, ago: Millis, person: capture.CaptureForm) -> Step:
        self._count -= 1

        def ask() -> None:
            self._ids[name] = capture.capture(self.seat, person, how="demo").inquiry_id

        return Step(ago, ask)

    def _calls(
        self, name: str, ago: Millis, outcome: Outcome, *, back_at: Millis | None = None, note: str = ""
    ) -> Step:
        seconds = 0 if outcome in calling.MISSED else 95
        return Step(
            ago,
            lambda: calling.log_call(self.seat, self._ids[name], outcome, back_at=back_at, note=note, seconds=seconds),
        )

    def _decides(
        self, name: str, ago: Millis, disposition: Disposition, answers: dict[str, Answer], *, note: str = "",
        track: str = "", next_step: str = "",
    ) -> Step:  # fmt: skip
        choice = handoff.Choice(answers=answers, note=note, track=track, next_step=next_step)
        return Step(ago, lambda: handoff.dispose(self.seat, self._ids[name], disposition, choice))


AGAIN = (
    "I asked through your advertisement yesterday and nobody has called. Are you still interested?",
    "One more question to what I sent: does it also print labels?",
)
TRIED = (
    ((30, Outcome.NO_ANSWER),),
    ((55, Outcome.VOICEMAIL), (27, Outcome.NO_ANSWER)),
    ((50, Outcome.BUSY),),
    ((56, Outcome.NO_ANSWER), (50, Outcome.NO_ANSWER), (20, Outcome.VOICEMAIL)),
)
"""Calls that reached nobody: hours ago, and the outcome."""


def _host(person: capture.CaptureForm) -> str:
    return person.email.partition("@")[2]
