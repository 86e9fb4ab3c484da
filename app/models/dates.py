"""When something was: the moment in a text that people, spreadsheets and web forms wrote, as UTC milliseconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from app.models.entries import Millis
from app.models.folding import fold_text, without_invisible

EARLIEST_YEAR = 1990
TOLERANCE = 24 * 3_600_000  # a date of tomorrow may be another zone's today
# Where 03/04 is the fourth of March. Source: CLDR's short dates (America, the Philippines, US territories).
MONTH_FIRST = frozenset(("US", "PH", "PR", "GU", "VI", "AS", "MP", "UM", "FM", "PW", "MH", "BZ", "PA"))
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9,
}  # fmt: skip
_MONTHS = """
january jan janvier janv januar jan. jaenner janner jän jaen enero ene gennaio gen janeiro januari styczen stycznia sty
february feb februar febr fevrier fevr febrero febbraio fevereiro fev februari luty lutego lut
march mar marz maerz mrz mars marzo marco maart mrt marzec marca
april apr avril avr abril abr aprile kwiecien kwietnia kwi
may mai mayo maggio mag maio mei maj maja
june jun juni juin junio giugno giu junho czerwiec czerwca cze
july jul juli juillet juil julio luglio lug julho lipiec lipca lip
august aug aout agosto ago augustus sierpien sierpnia sie
september sep sept septembre septiembre settembre set setembro wrzesien wrzesnia wrz
october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz
november nov novembre noviembre novembro listopad listopada lis
december dec dezember dez decembre diciembre dic dicembre dezembro grudzien grudnia gru
"""
_MONTH = {
    fold_text(word).rstrip("."): number
    for number, line in enumerate(_MONTHS.strip().splitlines(), start=1)
    for word in line.split()
}

_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?")
_EASTERN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?Z?)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:h.](?P<m>\d{2}))?(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?\s?m\.?\b|上午|下午|午前|午後)?"
    r"\s*(?:uhr|h|o'clock)?\s*(?P<zone>z|utc|gmt|[a-z]{3,4})?\s*(?P<offset>[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_EASTERN_TIME = re.compile(
    r"(上午|下午|午前|午後|오전|오후)?\s*(\d{1,2})[:時时点시]\s*(\d{1,2})?[分분]?\s*:?(?:(\d{1,2})[秒초]?)?"
)


class When(NamedTuple):
    """A moment, or why the text gives none."""

    ms: Millis | None
    reason: str = ""


def parse_when(text: str, *, day_first: bool | None, zone: tzinfo, now: Millis | None = None) -> Millis | None:
    """The moment that a text names, in milliseconds since 1970 UTC, or None (see `read_when` for the reason)."""
    return read_when(text, day_first=day_first, zone=zone, now=now).ms


def read_when(text: str, *, day_first: bool | None, zone: tzinfo, now: Millis | None = None) -> When:
    """The moment that a text names, or why it names none.

    Args:
        text: ISO 8601, numbers in either order, month names of ten languages, Excel's serial days, Unix seconds or
            milliseconds. Without a time of day: its beginning.
        day_first: what 03/04 means; None takes the day first. See `decide_day_first`.
        zone: the zone of a text that names none.
        now: milliseconds UTC; later moments are refused. None allows the future.
    """
    found: datetime | None
    try:  # nearly all exports write ISO 8601
        found = datetime.fromisoformat(text) if text[4:5] == "-" else _read(text, day_first, zone)
    except ValueError:
        try:
            found = _read(text, day_first, zone)
        except (ValueError, OverflowError):  # 31 February, an offset of a hundred hours
            found = None
    if found is None:
        return _NOT_A_DATE
    if found.year < EARLIEST_YEAR:
        return When(None, f"the date is before {EARLIEST_YEAR}")
    if found.year > 9990:
        return _NOT_A_DATE
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    ms = int(found.timestamp() * 1000)
    if now is not None and ms > now + TOLERANCE:
        return When(None, "the date is in the future")
    return When(ms)


_NOT_A_DATE = When(None, "the date could not be read")


def _read(text: str, day_first: bool | None, zone: tzinfo) -> datetime | None:
    text = without_invisible(text[:80]).strip().strip("'\"").replace("\u202f", " ").replace("\xa0", " ")
    if not text or not any(sign.isdigit() for sign in text):
        return None
    if _NUMBER.fullmatch(text) and text.isascii():
        return _from_number(text)
    for pattern, order in ((_EASTERN, _ymd), (_NUMERIC, _ordered(day_first))):
        match = pattern.match(text)
        if match:
            day = order(match)
            return day and _with_time(day, text[match.end() :])
    return _from_words(text)


def _ymd(match: re.Match[str]) -> datetime:
    return datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001 - the zone is set by the caller


@cache
def _ordered(day_first: bool | None) -> Callable[[re.Match[str]], datetime | None]:
    def order(match: re.Match[str]) -> datetime | None:
        a, sign, b, c = match[1], match[2], match[3], match[4]
        if len(a) >= 3:
            return datetime(int(a), int(b), int(c)) if len(a) == 4 else None  # noqa: DTZ001
        year = _year(c)
        if year is None:
            return None
        first, second = int(a), int(b)
        day_leads = sign == "." or day_first is not False
        if first > 12 or (day_leads and second <= 12):
            return datetime(year, second, first)  # noqa: DTZ001
        return datetime(year, first, second)  # noqa: DTZ001

    return order


def _year(text: str) -> int | None:
    """Two digits are of the years 1970 to 2069; three are no year."""
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        return None
    return int(text) + (1900 if int(text) >= 70 else 2000)


def _from_number(text: str) -> datetime | None:
    """Unix seconds and milliseconds, YYYYMMDD(HHMM(SS)), and the serial days of spreadsheets (2 is 1 January 1900)."""
    whole = text.replace(",", ".").partition(".")[0]
    if len(whole) in (8, 12, 14) and whole[:2] in ("19", "20"):
        match = _COMPACT.fullmatch(whole)
        if match and 1 <= int(match[2]) <= 12:
            parts = [int(part) for part in match.groups() if part]
            return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
    if len(whole) == 10:
        return datetime.fromtimestamp(int(whole), UTC)
    if len(whole) == 13:
        return datetime.fromtimestamp(int(whole) / 1000, UTC)
    days = float(text.replace(",", "."))
    if 32_874 <= days < 80_000:  # from 1990 on
        found = datetime(1899, 12, 30) + timedelta(days=days)  # noqa: DTZ001
        return found.replace(microsecond=0) + timedelta(seconds=round(found.microsecond / 1e6))
    return None


def _from_words(text: str) -> datetime | None:
    """A day with the month's name: "15-Jan-2024", "Mar 20 2024", "20. März 2024 um 9:12 Uhr", "5 de enero de 2024"."""
    folded = fold_text(text)
    day = month = year = None
    end = 0
    for match in _WORDS.finditer(folded):
        word = match[0]
        if word.isdigit():
            if len(word) == 4 and year is None:
                year = int(word)
            elif len(word) <= 2 and day is None:
                day = int(word)
            elif len(word) == 2 and year is None and month is not None:
                year = _year(word)
            else:
                return None
        elif word in _MONTH and month is None:
            month = _MONTH[word]
        elif len(word) > 9 or len(word) == 1:  # nothing that stands around a date
            return None
        end = match.end()
        if day and month and year:
            return _with_time(datetime(year, month, day), folded[end:])  # noqa: DTZ001
    return None


def _with_time(day: datetime, rest: str) -> datetime | None:
    """The time of day that follows a date; None where what follows is none."""
    rest = re.sub(r"^[ ,;t(]*(?:um|at|a las|a|alle|om|o) +", "", fold_text(rest)).lstrip(" ,;t(").rstrip(" )")
    rest = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s*", "", rest)
    if not rest:
        return day
    eastern = None if rest.isascii() else _EASTERN_TIME.fullmatch(rest)
    if eastern:
        return day + _time(eastern[2], eastern[3], eastern[4], eastern[1] or "")
    match = _TIME.fullmatch(rest)
    if match is None or not (match["m"] or match["half"]):
        return None
    zone = (match["zone"] or "").lower()
    if zone and zone not in _ZONES:
        return None
    moment = day + _time(match["h"], match["m"], match["s"], match["half"] or "")
    if not zone and not match["offset"]:
        return moment
    offset = timedelta(hours=_ZONES.get(zone, 0))
    if match["offset"]:
        sign = -1 if match["offset"][0] == "-" else 1
        figures = match["offset"][1:].replace(":", "")
        offset += sign * timedelta(hours=int(figures[:2]), minutes=int(figures[2:]))
    return (moment - offset).replace(tzinfo=UTC)


def _time(hours: str, minutes: str | None, seconds: str | None, half: str) -> timedelta:
    hour, minute, second = int(hours), int(minutes or 0), int(seconds or 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    letter = half[:1].lower()
    if letter == "p" or half in ("下午", "午後", "오후"):
        hour = hour % 12 + 12 if hour <= 12 else hour
    elif letter == "a" or half in ("上午", "午前", "오전"):
        hour %= 12
    return timedelta(hours=hour, minutes=minute, seconds=second)


_SLASHED = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})\b")


def decide_day_first(values: Iterable[str], region: str) -> bool:
    """What 03/04 means in a column: as its own unmistakable values say, else as the region writes dates."""
    day = month = 0
    for value in values:
        match = _SLASHED.match(value)
        if match:
            day += int(match[1]) > 12
            month += int(match[2]) > 12
    if bool(day) != bool(month):
        return bool(day)
    if day != month:
        return day > month
    return region.upper() not in MONTH_FIRST


def looks_like_date(text: str) -> bool:
    """Whether a cell is a date of some form; bare figures are not enough."""
    if len(text) < 6 or _NUMBER.fullmatch(text):
        return False
    return read_when(text, day_first=None, zone=UTC).ms is not None
