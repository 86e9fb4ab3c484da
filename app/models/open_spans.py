"""The spans of real time in which one place's rules allow a call by one clock.

Days are UTC days (milliseconds since epoch // 86,400,000), so that places with different clocks can be compared. A span
is a pair of milliseconds, from and to. The person's clock is read as on the wall: in the hour that a change of clocks
repeats, a window counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.models.calling_rules import DayKind, Rule, Windows, both
from app.models.public_holidays import date_of, is_holiday, is_holiday_in_any

MINUTE = 60_000
DAY = 86_400_000
Spans = tuple[tuple[int, int], ...]

_FULL: Windows = ((0, 1440),)


class Ground:
    """Rules of one place, held against one clock; `fallback` counts on days on which none of them is in force.

    `within` are the parts of the country in which the person may be. Where that is not known, a day that is a holiday
    in any part is one: the stricter, as with several zones.
    """

    def __init__(
        self, zone: ZoneInfo, rules: Sequence[Rule], fallback: Rule | None = None, within: Sequence[str] = ()
    ) -> None:
        self.zone = zone
        self._within = tuple(within)
        self._rules = tuple(rules)
        self._fallback = (fallback,) if fallback else ()
        self._days: dict[int, Spans] = {}

    def day(self, utc_day: int) -> Spans:
        """The open spans within a UTC day."""
        found = self._days.get(utc_day)
        if found is None:
            if len(self._days) > 400:  # a year of days; a window open for weeks does not grow for ever
                self._days.clear()
            found = self._days[utc_day] = self._reckon(utc_day)
        return found

    def allows(self, at: int) -> bool:
        """Whether a moment is in an open span."""
        return any(start <= at < end for start, end in self.day(at // DAY))

    def denying(self, at: int) -> list[Rule]:
        """The rules that forbid a call at a moment."""
        day, minute = self._local(at)
        return [
            rule
            for rule in self.in_force(at)
            if not any(start <= minute < end for start, end in self._windows(rule, day))
        ]

    def why(self, at: int, rule: Rule) -> str:
        """What about a forbidden moment forbids it: "hours", "break", "saturday", "sunday" or "holiday"."""
        day, minute = self._local(at)
        allowed = self._windows(rule, day)
        if not allowed:
            return str(self._kind(rule, day)) if self._kind(rule, day) is not DayKind.WEEKDAY else "hours"
        return "break" if allowed[0][0] <= minute < allowed[-1][1] else "hours"

    def parts_on_holiday(self, at: int, rule: Rule) -> tuple[str, ...]:
        """In which parts of its country, of those that count, a moment is on a holiday; () when all of it is."""
        day = self._local(at)[0]
        if is_holiday(rule.country, "", day):
            return ()
        return tuple(part for part in self._parts(rule) if is_holiday(rule.country, part, day))

    def in_force(self, at: int) -> Sequence[Rule]:
        """The rules that count on the local day of a moment."""
        return self._on(self._local(at)[0])

    def _on(self, local_day: int) -> Sequence[Rule]:
        day = date_of(local_day)
        return [rule for rule in self._rules if rule.in_force(day)] or self._fallback

    def _local(self, at: int) -> tuple[int, int]:
        local = at + offset_at(self.zone, at)
        return local // DAY, local % DAY // MINUTE

    def _reckon(self, utc_day: int) -> Spans:
        found: list[tuple[int, int]] = []
        for start, end, offset in _stretches(self.zone, utc_day):
            for local_day in range((start + offset) // DAY, (end + offset - 1) // DAY + 1):
                midnight = local_day * DAY - offset
                for opens, closes in self._all(local_day):
                    span = (max(start, midnight + opens * MINUTE), min(end, midnight + closes * MINUTE))
                    if span[0] < span[1]:
                        found.append(span)
        return joined(found)

    def _all(self, local_day: int) -> Windows:
        allowed = _FULL
        for rule in self._on(local_day):
            if allowed:  # a closed day stays closed; nobody need look up its holidays
                allowed = both(allowed, self._windows(rule, local_day))
        return allowed

    def _windows(self, rule: Rule, local_day: int) -> Windows:
        eve = rule.eve_as_saturday and self._is_holiday(rule, local_day + 1)
        return rule.windows(date_of(local_day), self._kind(rule, local_day), eve)

    def _kind(self, rule: Rule, local_day: int) -> DayKind:
        if self._is_holiday(rule, local_day):
            return DayKind.HOLIDAY
        weekday = (local_day + 3) % 7  # 1970-01-01 was a Thursday
        return {5: DayKind.SATURDAY, 6: DayKind.SUNDAY}.get(weekday, DayKind.WEEKDAY)

    def _is_holiday(self, rule: Rule, local_day: int) -> bool:
        """Whether the rule closes that day as a holiday; the table of holidays is asked only where it does."""
        if not rule.holidays_closed:
            return False
        if rule.parts:
            return is_holiday_in_any(rule.country, ("", *self._parts(rule)), local_day)
        return is_holiday(rule.country, "" if rule.national_holidays else rule.region, local_day)

    def _parts(self, rule: Rule) -> tuple[str, ...]:
        """The parts whose holidays count: those in which the person may be, all when one of them is no part."""
        return self._within if self._within and set(self._within) <= set(rule.parts) else rule.parts


def offset_at(zone: ZoneInfo, at: int) -> int:
    """Milliseconds by which a zone's clocks are ahead of UTC at a moment."""
    ahead = datetime.fromtimestamp(at // 1000, UTC).astimezone(zone).utcoffset()
    assert ahead is not None  # a ZoneInfo always knows
    return ahead.days * DAY + ahead.seconds * 1000


def joined(spans: Sequence[tuple[int, int]]) -> Spans:
    """Ascending spans, with those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def common(one: Spans, other: Spans) -> Spans:
    """What two sets of spans have in common."""
    if one == other:
        return one
    pairs = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return joined([(start, end) for start, end in pairs if start < end])


@lru_cache(maxsize=4096)
def _stretches(zone: ZoneInfo, utc_day: int) -> tuple[tuple[int, int, int], ...]:
    """A UTC day in stretches of one offset: from, to, offset. No zone changes its clocks twice within a day."""
    start, end = utc_day * DAY, (utc_day + 1) * DAY
    before, after = offset_at(zone, start), offset_at(zone, end - 1000)
    if before == after:
        return ((start, end, before),)
    low, high = start // 1000, end // 1000 - 1  # the change is after low, not after high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(zone, middle * 1000) == before else (low, middle)
    return ((start, high * 1000, before), (high * 1000, end, after))
