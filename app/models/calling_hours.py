"""When somebody may be called: by the law at their place, on their own clock, or by the hours set for this home.

Times are milliseconds since epoch, UTC. Nothing here is legal advice; see resources/calling_rules/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from zoneinfo import ZoneInfo

import msgspec

from app.models.calling_class import CallingClass, calling_class, zone_named
from app.models.calling_rules import NOT_KNOWN, Rule, RuleBook, Status, minutes
from app.models.open_spans import DAY, MINUTE, Ground, Spans, common, offset_at
from app.models.places import state_name
from app.models.public_holidays import date_of

__all__ = ["CallingClass", "CallingHours", "Explanation", "Opening", "calling_class", "explain", "parse_hours"]

HORIZON_DAYS = 21  # beyond it nobody plans; longer than any run of closed days
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Opening(msgspec.Struct, frozen=True):
    """Whether a class may be called, until when that stays so, and why."""

    open: bool
    until: int  # ms: when it closes or opens; nothing changes before, for `HORIZON_DAYS` at most
    rule: str  # short: "Florida Stat. 501.616(6)", "Italy: default hours, law not checked"
    source: str  # the law or code, "" where none was named
    zones: tuple[str, ...]
    warning: str = ""  # registers, registration, consent: what software cannot see
    zone: str = ""  # the clock that decides at `until`
    why: str = ""  # when closed: hours, break, saturday, sunday or holiday
    holiday: str = ""  # where the holiday is: "Spain", "Catalonia", "part of Spain"
    checked: bool = True  # False: a law that nobody has read may say otherwise
    time_known: bool = True  # False: this home's own clock was used


class Explanation(msgspec.Struct, frozen=True):
    """The parts of a sentence about an opening, to be put together in any language; `text` is the English one."""

    open: bool
    clock: str  # "08:00" by the deciding clock, "24:00" for a close at midnight
    weekday: int | None  # 0 Monday; None when it is the same local day
    days: int  # the duration, in its two largest units, rounded up to whole minutes
    hours: int
    minutes: int
    time_known: bool
    why: str
    text: str

    @property
    def duration(self) -> str:
        """ "3 h 10 m", "2 d 3 h", "5 m"."""
        parts = ((self.days, "d"), (self.hours, "h"), (self.minutes, "m"))
        return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 m"


class CallingHours:
    """Answers for every calling class whether it may be called, and remembers the answer for as long as it holds."""

    def __init__(
        self,
        rules: RuleBook,
        override: tuple[int, int] | None = None,
        industry_codes: bool = False,
        home_zone: str = "UTC",
    ) -> None:
        """`override` in minutes of the day, to 1440, replaces every rule; `industry_codes` adds the trades' own codes.

        `home_zone` is the caller's clock, for people of whom no zone is known and for rules that bind it too.
        """
        self._book = rules
        self._override = override
        self._codes = industry_codes
        self._home = zone_named(home_zone) or ZoneInfo("UTC")
        self._grounds: dict[tuple[str, str], Ground] = {}
        self._by_class: dict[str, tuple[CallingClass, tuple[Ground, ...]]] = {}
        self._answers: dict[str, tuple[int, Opening]] = {}

    def opening(self, class_key: str, now: int) -> Opening:
        """Whether all zones and all rules of a class allow a call now, and until when that stays so.

        Raises:
            ValueError: `class_key` is no calling class.
        """
        known = self._answers.get(class_key)
        if known is not None and known[0] <= now < known[1].until:
            return known[1]
        found = self._find(class_key, now)
        self._answers[class_key] = (now, found)
        return found

    def attempt_cap(self, class_key: str, now: int) -> tuple[int, int] | None:
        """The strictest (attempts, days) that the rules of a class allow today, or None where none is known.

        Every attempt counts, answered or not. The hours set for a home do not lift it.
        """
        caps = [
            (rule.attempts, rule.attempt_days)
            for ground in self._members(class_key)[1]
            for rule in ground.in_force(now)
            if rule.attempts
        ]
        return min(caps, key=lambda cap: cap[0] / cap[1], default=None)

    def local(self, class_key: str, at: int) -> tuple[int, int]:
        """Local day (days since 1970-01-01) and minute of the day by the first clock of a class."""
        local = at + offset_at(self._members(class_key)[1][0].zone, at)
        return local // DAY, local % DAY // MINUTE

    def explain(self, opening: Opening, now: int) -> Explanation:
        """The parts of the sentence that tells a caller what an opening means; the same as `explain`."""
        return explain(opening, now)

    def _find(self, class_key: str, now: int) -> Opening:
        members, grounds = self._members(class_key)
        is_open, until, bounded = _state(grounds, now)
        ground, rule = _binding(grounds, (until if is_open else until - 1) if bounded else now)
        now_ground, now_rule = (ground, rule) if is_open else _binding(grounds, now)
        unchecked = self._unchecked(members) if self._override is None else ""
        label = "hours set for this home" if self._override else self._label(rule)
        if not members.zones:
            label += ", their time unknown"
        elif unchecked and rule.status is Status.HOURS:
            label += f"; {unchecked}"
        in_force = (rule for ground in grounds for rule in ground.in_force(now))
        return Opening(
            open=is_open,
            until=until,
            rule=label,
            source="" if self._override or rule.source == NOT_KNOWN else rule.source,
            zones=members.zones or (str(self._home),),
            warning="; ".join(dict.fromkeys(rule.warning for rule in in_force if rule.warning)),
            zone=str(ground.zone),
            why=(why := "" if is_open else now_ground.why(now, now_rule)),
            holiday=self._where(now_ground.parts_on_holiday(now, now_rule), now_rule) if why == "holiday" else "",
            checked=not unchecked,
            time_known=bool(members.zones),
        )

    def _members(self, class_key: str) -> tuple[CallingClass, tuple[Ground, ...]]:
        found = self._by_class.get(class_key)
        if found is None:
            members = CallingClass.parse(class_key)
            found = self._by_class[class_key] = (members, tuple(self._grounds_of(members)))
        return found

    def _grounds_of(self, members: CallingClass) -> list[Ground]:
        """Every clock with every place's rules, and the rules that must hold by another clock as well."""
        zones = [zone for name in members.zones if (zone := zone_named(name))] or [self._home]
        grounds = []
        for country, region in members.places() or (("", ""),):
            rules = self._rules(country, region, members)
            place = f"{country}-{region}|{members.audience}"
            within = [part for whole, part in members.places() if whole == country and part]
            if rules or not region:  # a region without rules adds nothing; a country without has the default hours
                grounds += [self._ground(zone, place, rules, not region, within) for zone in zones]
            for number, rule in enumerate(rules):
                clock = self._home if rule.also_clock == "home" else zone_named(rule.also_clock)
                if rule.also_clock and clock and self._override is None:
                    grounds.append(self._ground(clock, f"{place}|{number}", (rule,), False, within))
        return grounds

    def _rules(self, country: str, region: str, members: CallingClass) -> tuple[Rule, ...]:
        found = self._book.rules(country, region)
        return tuple(rule for rule in found if rule.binds(members.audience) and (self._codes or not rule.code))

    def _ground(
        self, zone: ZoneInfo, place: str, rules: tuple[Rule, ...], default: bool, within: Sequence[str]
    ) -> Ground:
        """One for each clock and place, whatever classes share it; of a country with parts, for each choice of them."""
        parts = ",".join(within) if any(rule.parts for rule in rules) else ""
        key = (str(zone), f"{place}|{parts}")
        if key not in self._grounds:
            fallback = Rule(country=place.partition("-")[0]) if default else None
            if self._override is not None:
                rules = tuple(_overridden(rule, self._override) for rule in rules)
                fallback = fallback and _overridden(fallback, self._override)
            self._grounds[key] = Ground(zone, rules, fallback, within)
        return self._grounds[key]

    def _label(self, rule: Rule) -> str:
        country = self._book.name(rule.country) or "country not known"
        place = state_name(rule.country, rule.region) if rule.region else country
        if rule.status is Status.NO_RULE:
            return f"{place}: default hours, no binding hours found"
        if rule.status is Status.NOT_FOUND:
            return f"{place}: default hours, law not checked"
        if rule.code:
            return f"{place}: {rule.code}"
        return rule.source if rule.region else f"{self._book.name_of_whole(rule.country)}: {rule.source}"

    def _where(self, parts: Sequence[str], rule: Rule) -> str:
        """Where a holiday is, in words."""
        if len(parts) == 1 or (not parts and rule.region):
            return state_name(rule.country, parts[0] if parts else rule.region)
        country = self._book.name(rule.country)
        return f"part of {country}" if parts else country

    def _unchecked(self, members: CallingClass) -> str:
        """Which law nobody has read for this class, or "" when all of it was."""
        known = {country for country, region in members.places() if region}
        for country, region in members.places():
            law = [rule for rule in self._rules(country, region, members) if not rule.code]
            by_states = self._book.has_regions(country)
            if all(rule.status is Status.NOT_FOUND for rule in law) and (by_states or not region):
                return f"{state_name(country, region) if region else self._book.name(country)}: law not checked"
            if by_states and country not in known:
                return "state not known"
        return "" if members.regions else "country not known"


def explain(opening: Opening, now: int) -> Explanation:
    """The parts of the sentence that tells a caller what an opening means, such as "opens 08:00 their time, in 3 h"."""
    zone = zone_named(opening.zone) or ZoneInfo("UTC")
    day, minute = divmod((opening.until + offset_at(zone, opening.until)) // MINUTE, 1440)
    today = (now + offset_at(zone, now)) // DAY
    if opening.open and minute == 0:
        day, minute = day - 1, 1440  # it closes at the end of a day, not at the start of the next
    clock = f"{minute // 60:02}:{minute % 60:02}"
    weekday = None if day == today else date_of(day).weekday()
    left = max(0, -(-(opening.until - now) // MINUTE))
    days, hours, rest = left // 1440, left // 60 % 24, (left % 60 if left < 1440 else 0)
    found = Explanation(opening.open, clock, weekday, days, hours, rest, opening.time_known, opening.why, "")
    when = clock if weekday is None else f"{DAY_NAMES[weekday]} {clock}"
    whose = "their time" if opening.time_known else "your time (theirs is not known)"
    verb, link = ("open until", "for") if opening.open else ("opens", "in")
    because = f"holiday in {opening.holiday}, " if opening.holiday else ""
    return msgspec.structs.replace(found, text=f"{because}{verb} {when} {whose}, {link} {found.duration}")


def parse_hours(text: str) -> tuple[int, int] | None:
    """Reads the setting of the hours: None for "rules", else minutes from and to of "HH:MM-HH:MM", up to 24:00.

    Raises:
        ValueError: it is neither; the sentence is for people.
    """
    text = text.strip().lower()
    if text == "rules":
        return None
    start, dash, end = text.replace("–", "-").partition("-")
    try:
        found = (minutes(start), minutes(end))
    except ValueError:
        found = (0, 0)
    if not dash or found[0] >= found[1]:
        raise ValueError(f"{text!r} are no calling hours. Write rules, or hours such as 08:00-20:00 (to 24:00).")
    return found


def _overridden(rule: Rule, hours: tuple[int, int]) -> Rule:
    """The rule with this home's hours on every day; its limit of attempts and its warning stay."""
    return Rule(
        country=rule.country,
        region=rule.region,
        status=Status.HOURS,
        weekdays=(hours,),
        saturday=(hours,),
        sunday=(hours,),
        attempts=rule.attempts,
        attempt_days=rule.attempt_days,
        first_day=rule.first_day,
        last_day=rule.last_day,
        warning=rule.warning,
    )


def _state(grounds: Sequence[Ground], now: int) -> tuple[bool, int, bool]:
    """Whether all grounds are open, until when, and whether that is a change or only the end of the horizon."""
    first = now // DAY
    is_open = all(ground.allows(now) for ground in grounds)
    until = now
    for day in range(first, first + HORIZON_DAYS + 1):
        for start, end in _spans(grounds, day):
            if is_open and start <= until < end:
                until = end
            elif not is_open and start > now:
                return is_open, start, True
        if is_open and until < (day + 1) * DAY:
            return is_open, until, True
    return is_open, (first + HORIZON_DAYS + 1) * DAY, False


def _spans(grounds: Sequence[Ground], day: int) -> Spans:
    return reduce(common, (ground.day(day) for ground in grounds))


def _binding(grounds: Sequence[Ground], at: int) -> tuple[Ground, Rule]:
    """The rule that forbids a call at a moment, by its ground: one with hours before a default, a state's before a
    country's. Where nothing forbids it, any rule that counts."""
    found = [(ground, rule) for ground in grounds for rule in ground.denying(at)]
    found = found or [(ground, rule) for ground in grounds for rule in ground.in_force(at)]
    return max(found, key=lambda pair: (pair[1].status is Status.HOURS, bool(pair[1].region)))
