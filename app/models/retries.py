"""When to try again after a call that reached nobody.

The default follows what is known about inbound inquiries: six attempts find 93 to 95 % of those who are ever reached
(Leads360 2012, Velocify 2015: vendors, not independent), several on the first two days and the last about two weeks
later, each in another part of the day (Weeks/Kulka et al., Public Opinion Quarterly 1987, on households).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import msgspec

from app.models.calling_hours import CallingHours
from app.models.open_spans import DAY, MINUTE

HOUR = 60 * MINUTE
SAME_CALL = HOUR  # a shorter delay means: at once again, in whatever part of the day

USUAL_DELAYS: Mapping[str, tuple[int, ...]] = {
    "no-answer": (3 * HOUR, 5 * HOUR, 2 * DAY, 5 * DAY, 7 * DAY),
    "voicemail": (DAY, DAY, 3 * DAY, 5 * DAY, 6 * DAY),
    "busy": (15 * MINUTE, 30 * MINUTE, 2 * HOUR, DAY, 5 * DAY),
}

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(m|h|d)")
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}


class DayPart(IntEnum):
    """A part of somebody's day; its value is the minute at which it begins."""

    MORNING = 0
    MIDDAY = 11 * 60
    AFTERNOON = 14 * 60
    EVENING = 17 * 60


class Cadence(msgspec.Struct, frozen=True):
    """How often to try, and how long to wait after each outcome: one delay (ms) for each attempt made, the last for
    all further ones."""

    delays: dict[str, tuple[int, ...]] = msgspec.field(default_factory=lambda: dict(USUAL_DELAYS))
    attempts: int = 6
    per_day: int = 3  # attempts within any 24 hours

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Cadence:
        """The default, with what a parsed TOML table says otherwise: `attempts`, `per_day`, and under `delays` a
        duration ("15 m", "3 h", "1 d") or a list of them for each outcome.

        Raises:
            ValueError: a value or an outcome is not understood; the message names it.
        """
        usual = cls()
        strange = set(document) - {"attempts", "per_day", "delays"} or set(document.get("delays", {})) - set(
            usual.delays
        )
        if strange:
            raise ValueError(f"the cadence knows no {sorted(strange)[0]!r}")
        delays = {
            outcome: tuple(_duration(text) for text in ([value] if isinstance(value, str) else value))
            for outcome, value in document.get("delays", {}).items()
        }
        attempts, per_day = document.get("attempts", usual.attempts), document.get("per_day", usual.per_day)
        for name, count in (("attempts", attempts), ("per_day", per_day)):
            if type(count) is not int or not 1 <= count <= 100:
                raise ValueError(f"{name} is a whole number from 1 to 100, not {count!r}")
        if not all(delays.values()):
            raise ValueError("an outcome needs a delay")
        return cls({**usual.delays, **delays}, attempts, per_day)


def next_try(
    cadence: Cadence, outcome: str, attempts: Sequence[int], now: int, class_key: str, hours: CallingHours
) -> int | None:
    """When to call again (ms), or None when the cadence is used up and the inquiry is unreached.

    `attempts` are the times of all attempts, this one included. The answer lies inside the open hours, within the
    law's and the cadence's number of attempts, and in a part of their day that was tried least.

    Raises:
        ValueError: the cadence has no delay for this outcome.
    """
    delays = cadence.delays.get(outcome)
    if delays is None:
        raise ValueError(f"the cadence has no delay for {outcome!r}")
    if len(attempts) >= cadence.attempts:
        return None
    delay = delays[min(max(len(attempts), 1), len(delays)) - 1]
    earliest = _allowed(cadence, attempts, now + delay, class_key, hours)
    return earliest if delay < SAME_CALL else _another_part(cadence, attempts, earliest, delay, class_key, hours)


def day_part(class_key: str, at: int, hours: CallingHours) -> DayPart:
    """The part of their day in which a moment lies."""
    minute = hours.local(class_key, at)[1]
    return max(part for part in DayPart if part <= minute)


def _another_part(
    cadence: Cadence, attempts: Sequence[int], earliest: int, delay: int, class_key: str, hours: CallingHours
) -> int:
    """The first moment in the part of the day that was tried least, at most a day or half the delay later."""
    tried = [day_part(class_key, at, hours) for at in attempts]
    latest = earliest + max(DAY, delay // 2)
    best, best_rank = earliest, _rank(tried, day_part(class_key, earliest, hours))
    moment = earliest
    while best_rank != (0, False):
        moment = _allowed(cadence, attempts, _next_part(class_key, moment, hours), class_key, hours)
        if moment > latest:
            break
        rank = _rank(tried, day_part(class_key, moment, hours))
        if rank < best_rank:
            best, best_rank = moment, rank
    return best


def _rank(tried: Sequence[DayPart], part: DayPart) -> tuple[int, bool]:
    return tried.count(part), bool(tried) and tried[-1] is part


def _next_part(class_key: str, at: int, hours: CallingHours) -> int:
    """The start of the next part of their day, by the clock's offset of the moment."""
    minute = hours.local(class_key, at)[1]
    start = min((part for part in DayPart if part > minute), default=1440)
    return at - at % MINUTE + (start - minute) * MINUTE


def _allowed(cadence: Cadence, attempts: Sequence[int], at: int, class_key: str, hours: CallingHours) -> int:
    """The first moment from `at` on at which the hours are open and no cap on attempts stands against it."""
    for _ in range(100):  # each round moves on by a day at least or ends; beyond it the hours never open
        moment = _after_cap(attempts, cadence.per_day, 1, at)
        cap = hours.attempt_cap(class_key, moment)
        if cap is not None:
            moment = _after_cap(attempts, *cap, moment)
        opening = hours.opening(class_key, moment)
        if not opening.open:
            moment = opening.until
        if moment == at:
            return at
        at = moment
    return at


def _after_cap(attempts: Sequence[int], count: int, days: int, at: int) -> int:
    """The first moment from `at` on with fewer than `count` attempts in the `days` before it."""
    if len(attempts) < count:
        return at
    return max(at, sorted(attempts)[-count] + days * DAY)


def _duration(text: object) -> int:
    found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"{text!r} is no duration such as '15 m', '3 h' or '1 d'")
    return int(float(found[1]) * _UNITS[found[2]])
