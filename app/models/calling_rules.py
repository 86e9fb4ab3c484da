"""What laws and trade codes say about when people may be called: the dated rules, as read from their documents.

The format is described in resources/calling_rules/README.md. Nothing here knows a time zone or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

Windows = tuple[tuple[int, int], ...]  # minutes of a day, from and to, ascending, at most 1440; () is a closed day

DEFAULT_HOURS: Windows = ((8 * 60, 21 * 60),)
NOT_KNOWN = "not known"

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_MISSING = {"no rule", "not found"}
_KEYS = {
    "region", "layer", "code", "audience", "hours", "weekdays", "saturday", "sunday", "holidays", "holidays_of", "eve",
    "special", "also_clock", "attempts", "attempt_days", "register", "register_business", "relationship_months",
    "valid_from", "valid_until", "source", "read", "confidence", "note", "warning",
}  # fmt: skip


class Status(StrEnum):
    """What was learnt about the hours."""

    HOURS = "hours"
    NO_RULE = "no rule"  # read, and nothing in it binds
    NOT_FOUND = "not found"  # nobody has read it: never means "allowed"


class Audience(StrEnum):
    """Whom a rule protects, or what is known about a person."""

    ANY = "both"
    BUSINESS = "business"
    CONSUMER = "consumer"


class DayKind(StrEnum):
    """Why a day has the hours that it has."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of one country or state for one audience, in force for a while.

    `weekdays`, `saturday` and `sunday` are None where nothing is known. Days are compared in the person's own place.
    """

    country: str
    region: str = ""
    code: str = ""  # the name of a trade's own code; "" is law
    audience: Audience = Audience.ANY
    status: Status = Status.NOT_FOUND
    weekdays: Windows | None = None
    saturday: Windows | None = None
    sunday: Windows | None = None
    holidays_closed: bool = False
    national_holidays: bool = False
    parts: tuple[str, ...] = ()  # of the country, whose own holidays close too
    eve_as_saturday: bool = False
    special: dict[str, Windows] = {}  # "MM-DD" -> windows
    also_clock: str = ""  # another zone in which the rule must hold, or "home"
    attempts: int = 0  # 0: no limit known
    attempt_days: int = 0
    first_day: date = date.min
    last_day: date = date.max
    source: str = NOT_KNOWN
    read: str = ""
    confidence: str = ""
    register: str = ""
    register_business: str = ""
    relationship_months: int = 0
    note: str = ""
    warning: str = ""
    valid_from: str = NOT_KNOWN

    def in_force(self, day: date) -> bool:
        """Whether the rule counts on that day."""
        return self.first_day <= day <= self.last_day

    def binds(self, audience: Audience) -> bool:
        """Whether it counts for such a person; towards somebody of whom nothing is known every rule does."""
        return audience is Audience.ANY or self.audience in (Audience.ANY, audience)

    def windows(self, day: date, kind: DayKind, eve: bool = False) -> Windows:
        """When calling is allowed on a day; the default hours where the rule says nothing.

        A day of which the rule does not speak has the default hours, inside those of a weekday where these are known.
        """
        if self.status is not Status.HOURS:
            return DEFAULT_HOURS
        if kind is DayKind.HOLIDAY:
            return ()
        spoken = {DayKind.SATURDAY: self.saturday, DayKind.SUNDAY: self.sunday}.get(kind, self.weekdays)
        found = spoken if spoken is not None else both(DEFAULT_HOURS, self.weekdays or DEFAULT_HOURS)
        if eve and self.eve_as_saturday and self.saturday is not None:
            found = both(found, self.saturday)
        special = self.special.get(f"{day.month:02}-{day.day:02}")
        return found if special is None else both(found, special)


class Chapter(NamedTuple):
    """What one country's file says."""

    rules: dict[str, tuple[Rule, ...]]  # region, "" for the whole country
    name: str
    whole: str
    parts: dict[str, tuple[str, ...]]  # with holidays of their own, and the subdivisions of `holidays` that each has

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Chapter:
        """Reads a parsed file.

        Raises:
            ValueError: it breaks the format; the message names the country, the rule and the key.
        """
        country, rules = str(document["country"]), dict[str, tuple[Rule, ...]]()
        made_of = (tuple(part.replace("_", " ").split("+")) for part in str(document.get("parts", "")).split())
        parts = {names[0]: names for names in made_of}
        for number, table in enumerate(document.get("rule", ()), start=1):
            try:
                rule = _rule(country, table, document.get("reads", {}), tuple(parts))
            except (ValueError, KeyError) as error:
                raise ValueError(f"calling rules of {country}, rule {number}: {error}") from error
            rules[rule.region] = (*rules.get(rule.region, ()), rule)
        name = str(document.get("name", country))
        return cls(rules, name, str(document.get("whole", name)), parts)


class RuleBook:
    """Every rule that is known, found by country and region; a country is read when it is first asked for."""

    def __init__(self, countries: Iterable[str], read: Callable[[str], Mapping[str, Any]]) -> None:
        """`read` gives the parsed file of one of the countries."""
        self._countries = tuple(countries)
        self._read = read
        self._chapters: dict[str, Chapter] = {}

    @classmethod
    def from_documents(cls, documents: Iterable[Mapping[str, Any]]) -> RuleBook:
        """Builds the book from parsed files, one a country, and checks them all.

        Raises:
            ValueError: a document breaks the format; the message names the country, the rule and the key.
        """
        known = {str(document["country"]): document for document in documents}
        book = cls(known, known.__getitem__)
        for country in known:
            book._chapter(country)
        return book

    def _chapter(self, country: str) -> Chapter | None:
        if country not in self._countries:
            return None
        found = self._chapters.get(country)
        if found is None:
            found = self._chapters[country] = Chapter.of(self._read(country))
        return found

    def rules(self, country: str, region: str = "") -> tuple[Rule, ...]:
        """The rules of a country as a whole, or of one of its regions alone."""
        chapter = self._chapter(country)
        return chapter.rules.get(region, ()) if chapter else ()

    def countries(self) -> tuple[str, ...]:
        """The codes of the countries that have a file."""
        return self._countries

    def name(self, country: str) -> str:
        """What a country is called, or its code."""
        chapter = self._chapter(country)
        return chapter.name if chapter else country

    def name_of_whole(self, country: str) -> str:
        """What the country's own rules are called beside those of its states ("US federal")."""
        chapter = self._chapter(country)
        return chapter.whole if chapter else country

    def has_regions(self, country: str) -> bool:
        """Whether the country's states have rules of their own, so that one without any was not checked."""
        chapter = self._chapter(country)
        return chapter is not None and any(chapter.rules)

    def with_holidays_of_their_own(self, country: str) -> dict[str, tuple[str, ...]]:
        """The regions and parts of a country whose own holidays close, with the subdivisions that each is made of."""
        chapter = self._chapter(country)
        if chapter is None:
            return {}
        every = [rule for rules in chapter.rules.values() for rule in rules]
        regions = {rule.region for rule in every if rule.region and rule.holidays_closed and not rule.national_holidays}
        closing = {part for rule in every for part in rule.parts}
        return {region: chapter.parts.get(region, (region,)) for region in sorted(regions | closing)}


def both(one: Windows, other: Windows) -> Windows:
    """What two sets of windows have in common."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((start, end) for start, end in pairs if start < end))


def minutes(text: str) -> int:
    """Minutes since midnight of "HH:MM", up to 24:00.

    Raises:
        ValueError: it is no such time.
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found or int(found[2]) > 59 or (total := int(found[1]) * 60 + int(found[2])) > 24 * 60:
        raise ValueError(f"{text!r} is not a time from 00:00 to 24:00")
    return total


def windows(text: str) -> Windows:
    """The windows of "08:00-13:00 14:00-20:00", or none for "closed".

    Raises:
        ValueError: a window is malformed, empty, or not after the one before.
    """
    if text == "closed":
        return ()
    found = []
    last = -1
    for part in text.split():
        start, _, end = part.partition("-")
        window = (minutes(start), minutes(end))
        if not last < window[0] < window[1]:
            raise ValueError(f"windows {text!r} are empty or out of order")
        last = window[1]
        found.append(window)
    if not found:
        raise ValueError("hours are missing")
    return tuple(found)


def _rule(country: str, table: Mapping[str, Any], reads: Mapping[str, str], parts: tuple[str, ...]) -> Rule:
    strange = set(table) - _KEYS
    if strange:
        raise ValueError(f"unknown key {sorted(strange)[0]!r}")
    days = [str(table[key] if "hours" not in table else table["hours"]) for key in ("weekdays", "saturday", "sunday")]
    status = Status.HOURS if days[0] not in _MISSING else Status(days[0])
    weekdays, saturday, sunday = (None if text in _MISSING else windows(text) for text in days)
    attempts, attempt_days = int(table.get("attempts", 0)), int(table.get("attempt_days", 0))
    if (attempts > 0) != (attempt_days > 0):
        raise ValueError("attempts and attempt_days belong together")
    if table.get("layer", "law") not in ("law", "code") or (table.get("layer") == "code") != ("code" in table):
        raise ValueError("layer is law or code, and a code has a name")
    if table.get("holidays", "not found") not in ("closed", "open", "not found"):
        raise ValueError(f"holidays {table['holidays']!r}")
    read, closed = str(table.get("read", "")), table.get("holidays") == "closed"
    national = table.get("holidays_of") == "country"
    return Rule(
        country=country,
        region=str(table.get("region", "")),
        code=str(table.get("code", "")),
        audience=Audience(table["audience"]),
        status=status,
        weekdays=weekdays,
        saturday=saturday,
        sunday=sunday,
        holidays_closed=closed,
        national_holidays=national,
        parts=parts if closed and not national and "region" not in table else (),
        eve_as_saturday=table.get("eve") == "saturday",
        special={str(day): windows(str(text)) for day, text in table.get("special", {}).items()},
        also_clock=str(table.get("also_clock", "")),
        attempts=attempts,
        attempt_days=attempt_days,
        first_day=_first_day(str(table["valid_from"])),
        last_day=_last_day(str(table.get("valid_until", ""))),
        source=str(table["source"]),
        read=str(reads.get(read, read)),
        confidence=str(table["confidence"]),
        register=str(table.get("register", "")),
        register_business=str(table.get("register_business", "")),
        relationship_months=int(table.get("relationship_months", 0)),
        note=str(table.get("note", "")),
        warning=str(table.get("warning", "")),
        valid_from=str(table["valid_from"]),
    )


def _first_day(text: str) -> date:
    return date.min if text == NOT_KNOWN else date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def _last_day(text: str) -> date:
    if not text:
        return date.max
    first = _first_day(text)
    if len(text) == 4:
        return date(first.year, 12, 31)
    return first if len(text) == 10 else (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
