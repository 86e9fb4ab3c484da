"""The home's settings: each with its default, its check and a sentence. They are kept in the store and not folded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from app.services.errors import Refused

if TYPE_CHECKING:
    from app.services.store.connection import Store

LONGEST_UNDO = 1440  # minutes
CURRENCY_OF = {
    "US": "USD", "GB": "GBP", "CH": "CHF", "LI": "CHF", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "JP": "JPY", "CN": "CNY",
    "IN": "INR", "BR": "BRL", "MX": "MXN", "ZA": "ZAR", "SE": "SEK", "NO": "NOK", "DK": "DKK", "PL": "PLN", "CZ": "CZK",
    "SG": "SGD", "HU": "HUF", "RO": "RON", "TR": "TRY", "AE": "AED", "IL": "ILS", "KR": "KRW",
}  # fmt: skip
"""ISO 4217 by ISO 3166; every other region counts in euros."""


class Setting(msgspec.Struct, frozen=True):
    """One thing that can be set."""

    key: str
    default: str
    says: str
    check: Callable[[str], str]


def _text(value: str) -> str:
    return " ".join(value.split())


def _region(value: str) -> str:
    from app.models.places import country_of

    code = country_of(value)
    if not code:
        raise ValueError("name a country, such as GB or Germany")
    return code


def _currency(value: str) -> str:
    code = value.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError("use three letters, such as EUR")
    return code


def _decimal(low: float, high: float) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"use a number from {low:g} to {high:g}")
        return f"{number:g}"

    return check


def _whole(low: int, high: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(r"\d{1,6}", value.strip()) or not low <= int(value) <= high:
            raise ValueError(f"use a whole number from {low} to {high}")
        return str(int(value))

    return check


def _one_of(*words: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value.strip().lower() not in words:
            raise ValueError(f"use one of: {', '.join(words)}")
        return value.strip().lower()

    return check


def _calling_hours(value: str) -> str:
    from app.models.calling_hours import parse_hours

    parse_hours(value)
    return value.strip().lower()


def _span(value: str) -> str:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", value.strip())
    if not match or value.strip()[:5] >= value.strip()[6:] or value.strip()[6:] > "24:00":
        raise ValueError("use hours such as 09:00-17:00")
    return value.strip()


def _quiet_hours(value: str) -> str:
    if value.strip() and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value.strip()):
        raise ValueError("use hours such as 18:00-08:00, or nothing")
    return value.strip()


def _zone(value: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("use a time zone such as Europe/Berlin") from error
    return value.strip()


def _dial(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:.*\{(e164|digits)\}.*", value.strip()):
        raise ValueError("use an address with {e164} or {digits}, such as tel:{e164} or sip:{e164}@example.com")
    return value.strip()


SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("name", "me", "your name, as colleagues see it", _text),
        Setting("region", "US", "the country of numbers that name none", _region),
        Setting("zone", "UTC", "this desk's time zone", _zone),
        Setting("currency", "", "what costs and amounts are counted in; empty: by region", _currency),
        Setting("limit-hours", "24", "nobody waits longer than this for a first call", _decimal(0.1, 8760)),
        Setting(
            "limit-clock", "clock", "clock: every hour counts; working: only working hours", _one_of("clock", "working")
        ),
        Setting("working-hours", "09:00-17:00", "Monday to Friday, for limits in working hours", _span),
        Setting("sales-limit-hours", "1", "how soon sales answers a lead", _decimal(0.1, 8760)),
        Setting(
            "sales-limit-clock",
            "clock",
            "clock: every hour counts; working: only working hours",
            _one_of("clock", "working"),
        ),
        Setting("reminder-minutes", "15", "how long before a promised next step a reminder comes", _whole(0, 10080)),
        Setting(
            "calling-hours", "rules", "rules: each country's; or HH:MM-HH:MM, which replaces every rule", _calling_hours
        ),
        Setting("industry-codes", "off", "on: voluntary codes of the trade count as rules", _one_of("on", "off")),
        Setting("attempts", "6", "calls before somebody counts as unreached", _whole(1, 50)),
        Setting(
            "undo-minutes",
            "10",
            "how long a decision can be taken back; 0: a discard erases at once",
            _whole(0, LONGEST_UNDO),
        ),
        Setting("skip-minutes", "60", "how long a skipped inquiry stays away", _whole(1, 10080)),
        Setting(
            "callback-grace-minutes",
            "15",
            "after this, anybody may keep a colleague's promised callback",
            _whole(0, 1440),
        ),
        Setting("nurture-days", "90", "when a nurtured inquiry wakes, unless said otherwise", _whole(1, 3650)),
        Setting("script", "b2b", "the script that callers walk", _text),
        Setting("dial", "tel:{e164}", "how the system dials", _dial),
        Setting(
            "alerts", "on", "off: nothing is shown beside the window; its badges go on counting", _one_of("on", "off")
        ),
        Setting("alert-leads", "on", "tell of a new lead", _one_of("on", "off")),
        Setting("alert-callbacks", "on", "tell of a promised callback that is due", _one_of("on", "off")),
        Setting("alert-steps", "on", "tell of a next step with a prospect that is due", _one_of("on", "off")),
        Setting("alert-limits", "on", "tell of limits at risk and of what was taken back", _one_of("on", "off")),
        Setting("alert-sound", "on", "a sound goes with an alert", _one_of("on", "off")),
        Setting("do-not-disturb", "", "hours without alerts, such as 18:00-08:00; empty: none", _quiet_hours),
        Setting("theme", "system", "light, dark or system", _one_of("light", "dark", "system")),
        Setting("motion", "on", "off: nothing on the screen moves", _one_of("on", "off")),
    )
}


class Settings:
    """The settings of a home at one moment; unknown keys (a newer Winnow's) are kept and not shown."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    @classmethod
    def read(cls, store: Store) -> Settings:
        """All settings of a store, in one read."""
        return cls(dict(store.query("SELECT key, value FROM setting")))

    def __getitem__(self, key: str) -> str:
        value = self._values.get(key)
        if value is None:
            value = SETTINGS[key].default
        if key == "currency" and not value:
            return CURRENCY_OF.get(self["region"], "EUR")
        return value

    def whole(self, key: str) -> int:
        """A setting as a whole number."""
        return int(self[key])

    def hours(self, key: str) -> float:
        """A setting as a number of hours."""
        return float(self[key])

    @property
    def name(self) -> str:
        """Who works here."""
        return self["name"]

    def shown(self) -> dict[str, str]:
        """Every setting with its value, in the order of the page."""
        return {key: self[key] for key in SETTINGS}


def checked(key: str, value: str) -> str:
    """The value as it is kept.

    Raises:
        Refused: there is no such setting, or the value does not fit it.
    """
    setting = SETTINGS.get(key)
    if setting is None:
        raise Refused(f"There is no setting {key}.", todo=f"Settings are: {', '.join(SETTINGS)}.")
    try:
        value = setting.check(value)
    except ValueError as error:
        raise Refused(f"{key} cannot be {value!r}: {str(error).rstrip('.')}.", kept="Nothing was changed.") from error
    if not value and setting.default:
        raise Refused(f"{key} cannot be empty.", kept="Nothing was changed.")
    return value


def put(store: Store, key: str, value: str) -> None:
    """Keep a setting as it is, unchecked (window sizes and the like use keys with a dot). Inside `writing()`."""
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    statement = insert(tables.setting).values(key=key, value=value)
    store.run(statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value}))
