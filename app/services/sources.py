"""Sources: where inquiries come from, what they cost, and how long their inquiries may wait."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from app.models.agreed_ids import source_id
from app.models.entries import MOST_AMOUNT, SourceCost, SourceDefined
from app.models.folding import fold_text
from app.models.limits import Limit
from app.services.errors import Refused
from app.services.seat import Changed, Seat
from app.services.settings import Settings


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A source with what it cost, by currency."""

    name: str
    limit_hours: float
    working_hours: bool
    returns: bool  # what somebody holds over the limit comes back by itself
    costs: dict[str, Decimal]


def spelled(seat: Seat, name: str) -> str:
    """The name of a source as it was first written: "fair" and "Fair " are one source, with one cost and one limit."""
    name = " ".join(name.split())
    row = seat.store.one("SELECT name FROM source WHERE id = ?", (source_id(name),))
    return str(row[0]) if row else name


def define(
    seat: Seat, name: str, *, limit_hours: float | None = None, working_hours: bool | None = None,
    returns: bool | None = None, add_cost: str = "", currency: str = "",
) -> Changed:  # fmt: skip
    """Make a source known, set its limit and whether what is held over it comes back by itself, or add a cost.

    Raises:
        Refused: the name is empty, the cost no amount, its currency none, or the limit not positive.
    """
    name = spelled(seat, name)
    if not name:
        raise Refused("A source needs a name.")
    if limit_hours is not None and not 0 < limit_hours < 8760:
        raise Refused("A limit is more than 0 hours and less than a year.")
    amount, code = (_amount(add_cost) if add_cost else None), currency_of(seat, currency)
    with seat.act() as act:
        known = seat.store.one("SELECT 1 FROM source WHERE id = ?", (source_id(name),))
        body = SourceDefined(name=name, limit_hours=limit_hours, working_hours=working_hours, returns=returns)
        if not known or body != SourceDefined(name=name):
            act.append(source_id(name), body)
        if amount is not None:
            act.append(source_id(name), SourceCost(name=name, amount=str(amount), currency=code, at=seat.now()))
        return act.changed()


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < MOST_AMOUNT:
        raise Refused(f"{text!r} is no amount of money.", todo="Use a number such as 1200 or 1200.50.")
    return amount


def currency_of(seat: Seat, text: str) -> str:
    """The code of a currency as it was given, else the one that this home counts in.

    Raises:
        Refused: it is no code of three letters.
    """
    code = (text or seat.settings["currency"]).strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Refused(f"{text!r} is no currency.", kept="Nothing was changed.", todo="Use three letters, such as EUR.")
    return code


def names(seat: Seat) -> list[str]:
    """Every source, in alphabetical order; an inquiry's source is defined with it."""
    rows = seat.store.query("SELECT name FROM source")
    return sorted((str(row[0]) for row in rows), key=fold_text)


def show(seat: Seat, name: str) -> SourceRow:
    """One source.

    Raises:
        Refused: there is none of that name.
    """
    row = seat.store.one("SELECT name, limit_hours, working_hours FROM source WHERE id = ?", (source_id(name),))
    if row is None:
        raise Refused(f"There is no source {name}.")
    costs: dict[str, Decimal] = {}
    for amount, currency in seat.store.query(
        "SELECT amount, currency FROM source_cost WHERE source = ? ORDER BY at, entry", (row[0],)
    ):
        costs[currency] = costs.get(currency, Decimal(0)) + Decimal(amount)
    limits = Limits(seat)
    limit = limits.of(row[0])
    return SourceRow(
        name=row[0], limit_hours=limit.hours, working_hours=limit.working, returns=limits.returns(row[0]), costs=costs
    )


class Limits:
    """The limit of each source: its own, or the home's."""

    def __init__(self, seat: Seat) -> None:
        settings = seat.settings
        self.default = _limit(settings, settings.hours("limit-hours"), settings["limit-clock"] == "working")
        self._own: dict[str, Limit] = {}
        self._stays: set[str] = set()
        sql = "SELECT name, limit_hours, working_hours, returns FROM source "
        sql += "WHERE limit_hours IS NOT NULL OR working_hours IS NOT NULL OR returns IS NOT NULL"
        for name, hours, working, returns in seat.store.query(sql):
            if returns == 0:
                self._stays.add(name)
            self._own[name] = _limit(
                settings,
                self.default.hours if hours is None else hours,
                self.default.working if working is None else bool(working),
            )

    def of(self, source: str) -> Limit:
        """The limit that holds for inquiries of a source."""
        return self._own.get(source, self.default)

    def returns(self, source: str) -> bool:
        """Whether what somebody holds over the limit of a source comes back by itself; it does unless told not to."""
        return source not in self._stays

    def own(self) -> dict[str, Limit]:
        """Sources whose limit is not the home's."""
        return {name: limit for name, limit in self._own.items() if limit != self.default}


def sales_limit(seat: Seat) -> Limit:
    """How long a lead may wait for the answer of sales."""
    settings = seat.settings
    return _limit(settings, settings.hours("sales-limit-hours"), settings["sales-limit-clock"] == "working")


def _limit(settings: Settings, hours: float, working: bool) -> Limit:
    opens, _, closes = settings["working-hours"].partition("-")
    return Limit(
        hours=hours, working=working, zone=settings["zone"], holidays=settings["region"] if working else "",
        opens=_minutes(opens), closes=_minutes(closes),
    )  # fmt: skip


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
