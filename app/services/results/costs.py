"""What a source cost, day by day: one more cost, and one that was wrong set right.

An entry that is written stays: whoever corrects a cost adds the difference to its day, so that every period counts
what holds, and the history says how it came about.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import msgspec

from app.models.agreed_ids import source_id
from app.models.entries import Millis, SourceCost
from app.models.periods import today
from app.services import roles
from app.services.errors import Refused
from app.services.seat import Changed, Seat
from app.services.sources import spelled

_WORDS = re.compile(r"(?P<amount>\d[\d ,.']*)\s*(?P<currency>[A-Za-z]{3}|€|£|\$)?(?:\s+(?P<day>\d{4}-\d\d-\d\d))?")
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_GROUPED = re.compile(r"\d{1,3}(?:[,.'](?:\d{3}))+")  # 1,200 and 1.200 are thousands, since no money has three decimals


class Cost(msgspec.Struct, frozen=True):
    """What was spent on a source on one moment, corrections and all."""

    at: Millis
    amount: Decimal
    currency: str  # ISO 4217


def may_enter(seat: Seat) -> bool:
    """Whether whoever works here enters costs: alone everybody, in a team marketing, leads and admins."""
    return roles.may(seat, "source_cost")


def costs(seat: Seat, source: str) -> list[Cost]:
    """The costs of a source that are not nothing, the latest first."""
    sums: dict[tuple[Millis, str], Decimal] = {}
    sql = "SELECT at, currency, amount FROM source_cost WHERE source = ?"
    for at, currency, amount in seat.store.query(sql, (spelled(seat, source),)):
        sums[at, currency] = sums.get((at, currency), Decimal(0)) + Decimal(amount)
    return [Cost(at, amount, currency) for (at, currency), amount in sorted(sums.items(), reverse=True) if amount]


def understood(seat: Seat, text: str) -> Cost:
    """A cost as people write it: `1200`, `1,200.50 EUR`, `80 € 2026-10-03`; without a day it is of today.

    Raises:
        Refused: it says no amount, or a day to come.
    """
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        raise Refused(f"“{text}” is no cost.", todo="Write an amount, a currency and a day: 1200 EUR 2026-10-03.")
    sign = found["currency"] or seat.settings["currency"]
    return Cost(_moment(seat, found["day"]), _amount(found["amount"]), _SIGNS.get(sign, sign.upper()))


def _moment(seat: Seat, day: str | None) -> Millis:
    now, zone = seat.now(), seat.settings["zone"]
    try:
        on = date.fromisoformat(day) if day else today(now, zone)
    except ValueError:
        raise Refused(f"{day} is no day.", kept="Nothing was changed.") from None
    if on > today(now, zone):
        raise Refused(f"{day} is still to come.", todo="Enter a cost when it has been spent.")
    noon = datetime.combine(on, time(12), ZoneInfo(zone)).astimezone(UTC)
    return min(now, int(noon.timestamp() * 1000)) if day else now


def _amount(text: str) -> Decimal:
    plain = text.replace(" ", "").rstrip(".,'")
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"[,.']", "", plain)
    elif "," in plain and plain.rindex(",") > plain.rfind("."):  # 1.200,50
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "").replace("'", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Refused(f"“{text}” is no amount of money.", kept="Nothing was changed.") from None


def add(seat: Seat, source: str, cost: Cost) -> Changed:
    """One more cost of a source.

    Raises:
        Refused: whoever works here enters no costs, there is no such source, or it is nothing.
    """
    if not cost.amount:
        raise Refused("A cost of nothing changes nothing.")
    return _append(seat, source, cost)


def correct(seat: Seat, source: str, wrong: Cost, text: str) -> Changed:
    """What a cost was in truth, in its own currency; 0 takes it away. The day stays.

    Raises:
        Refused: whoever works here enters no costs, it says no amount, or it is another one by now.
    """
    right = understood(seat, text)
    if right.currency != wrong.currency and not text.strip().replace(".", "").replace(",", "").isdigit():
        raise Refused(
            f"That cost was in {wrong.currency}.", todo="Set it to 0, and enter the other one as a cost of its own."
        )
    if wrong not in costs(seat, source):
        raise Refused("This cost has been changed meanwhile.", kept="Nothing was changed.", todo="Look again.")
    return _append(seat, source, Cost(wrong.at, right.amount - wrong.amount, wrong.currency))


def _append(seat: Seat, source: str, cost: Cost) -> Changed:
    if not may_enter(seat):
        raise Refused("Only marketing, team leads and admins enter costs.", kept="Nothing was changed.")
    with seat.act() as act:
        name = spelled(seat, source)
        if seat.store.one("SELECT 1 FROM source WHERE id = ?", (source_id(name),)) is None:
            raise Refused(f"There is no source {name}.")
        if cost.amount:
            body = SourceCost(name=name, amount=str(cost.amount), currency=cost.currency, at=cost.at)
            act.append(source_id(name), body)
        return act.changed()
