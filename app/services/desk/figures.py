"""A team lead's figures: the four cards, the callers, and how old what waits is; counted along indexes alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from app.models.entries import Id, Millis
from app.models.limits import SOON_SHARE, LimitState, over_since
from app.services import queue, roles
from app.services.desk import hidden, pages, reassigning
from app.services.queue import Ages
from app.services.seat import Seat
from app.services.sources import Limits, sales_limit
from app.services.team import mirrors
from app.services.today import midnight

HOUR = 3_600_000
DUE_MS = 4 * HOUR  # what falls due within it is on a card
PACE_MS = 2 * HOUR  # the calls of which the pace is taken
BINS_IN_LIMIT, BINS = 8, 10
QUIET_MS = 120_000  # without a word of the team for so long, the hub is not reached


class Doing(StrEnum):
    """What a caller does, as far as it is known."""

    CALL = "call"
    BETWEEN = "between"
    AWAY = "away"
    OFFLINE = "offline"
    ABSENT = "absent"  # by the calendar
    HERE = "here"  # at this computer


class CallerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One caller: what they hold and do."""

    name: str
    in_hand: int
    over: int  # of these, over the limit
    doing: Doing
    since: Millis | None = None  # of what they do; of an absence: until when
    person: str = ""  # on a call with whom
    inquiry: Id = ""


class Bin(msgspec.Struct, frozen=True):
    """How many have waited from `start` on, up to the start of the next bin."""

    start_ms: Millis
    count: int
    state: LimitState


class DeskFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The head, the cards and the right side of the desk. Times are milliseconds UTC."""

    read_at: Millis
    limit_hours: float
    limit_working: bool
    waiting: int
    over: int
    oldest_ms: Millis  # 0: nobody waits
    over_new: int  # of those over the limit, since the day began
    day_began_at: Millis
    due: int  # within four hours
    clears_at: Millis | None  # when these and those that are over are called, at the pace of the last two hours
    held: int
    held_longest_ms: Millis
    contested: int
    hidden: int  # by the erasure of another
    silent: int
    callers: tuple[CallerRow, ...]
    bins: tuple[Bin, ...]
    in_team: bool
    heard_at: Millis | None  # of the team, by this computer's clock
    may_lead: bool

    @property
    def to_settle(self) -> int:
        """How many a lead has to decide about, so that they go on."""
        return self.contested + self.hidden

    @property
    def on_call(self) -> int:
        """How many callers are on a call."""
        return sum(caller.doing is Doing.CALL for caller in self.callers)

    @property
    def offline(self) -> bool:
        """Whether what is shown of the team is old: the hub has not been heard for two minutes."""
        return self.in_team and (self.heard_at is None or self.read_at - self.heard_at > QUIET_MS)


def figures(seat: Seat) -> DeskFigures:
    """Everything beside the list; what waits is counted by the figures that are kept with the rows."""
    with seat.store.snapshot():
        ages = Ages(seat)
        now, began = ages.now, _day_began(seat)
        over = ages.over(now)
        due = ages.over(now + DUE_MS) - over
        held, held_since = _held(seat, now)
        default = ages.limits.default
        return DeskFigures(
            read_at=now, limit_hours=default.hours, limit_working=default.working, waiting=ages.all(), over=over,
            oldest_ms=ages.oldest_ms(), over_new=over - ages.over(began), day_began_at=began, due=due,
            clears_at=_clears_at(seat, now, over + due), held=held,
            held_longest_ms=now - held_since if held_since else 0,
            contested=_one(seat, "SELECT count(*) FROM inquiry WHERE contested = 1 AND stage <> 'erased'"),
            hidden=hidden.count(seat), silent=_silent(seat, now), callers=tuple(callers(seat)), bins=tuple(_bins(ages)),
            in_team=roles.role_of(seat) is not None, heard_at=mirrors.heard_at(seat),
            may_lead=roles.may_lead(seat),
        )  # fmt: skip


def _bins(ages: Ages) -> list[Bin]:
    """By eighths of the home's limit, and two bins over it; a source's own limit does not move them."""
    limit, made = ages.limits.default, list[Bin]()
    longer = ages.until(ages.now)
    for number in range(BINS):
        last = number == BINS - 1
        left = 0 if last else ages.until(over_since(limit, ages.now, (number + 1) / BINS_IN_LIMIT))
        middle = (number + 0.5) / BINS_IN_LIMIT
        state = LimitState.OVER if middle > 1 else LimitState.SOON if middle > SOON_SHARE else LimitState.FINE
        made.append(Bin(round(limit.hours * HOUR * number / BINS_IN_LIMIT), max(0, longer - left), state))
        longer = min(left, longer)
    return made


def _one(seat: Seat, sql: str, *parameters: object) -> int:
    row = seat.store.one(sql, parameters)
    return int(row[0] or 0) if row else 0


def _day_began(seat: Seat) -> Millis:
    """When the working hours of today began; before them, midnight."""
    opens = seat.settings["working-hours"].partition("-")[0]
    hour, minute = (int(part) for part in opens.split(":"))
    now = datetime.fromtimestamp(seat.now() / 1000, ZoneInfo(seat.settings["zone"]))
    start = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return round(start.timestamp() * 1000) if start < now else midnight(seat)


def _clears_at(seat: Seat, now: Millis, left: int) -> Millis | None:
    """When so many are called; None: nobody calls."""
    calls = _one(seat, "SELECT count(*) FROM attempt WHERE called_at > ? AND called_at <= ?", now - PACE_MS, now)
    return now + left * PACE_MS // calls if calls else None


def _held(seat: Seat, now: Millis) -> tuple[int, Millis | None]:
    sql = (
        "SELECT count(*), min(held_since) FROM inquiry INDEXED BY inquiry_held WHERE held_since IS NOT NULL "
        "AND stage = 'waiting' AND owner <> '' AND (return_by IS NULL OR return_by > ?)"
    )
    row = seat.store.one(sql, (now,))
    return (int(row[0]), row[1]) if row else (0, None)


def _silent(seat: Seat, now: Millis) -> int:
    late = over_since(sales_limit(seat), now)
    return _one(seat, "SELECT count(*) FROM inquiry WHERE stage = 'sell' AND sold_at <= ?", late)


# the callers


def callers(seat: Seat) -> list[CallerRow]:
    """Who calls, by name: what they hold, what of it is over its limit, and what they do; alone, only me."""
    given = _given(seat)
    names = [row.name for row in roles.team(seat) if row.role in roles.CALLERS]
    if roles.role_of(seat) is None:
        names = [seat.member]
    names += sorted(set(given) - set(names))
    away = reassigning.absent(seat)
    devices = {row.member: row for row in reversed(mirrors.presences(seat))}  # the one heard of last comes first
    people = {row.id: row.name for row in queue.rows(seat, [row.inquiry for row in devices.values() if row.inquiry])}
    found = []
    for name in names:
        in_hand, over = given.get(name, (0, 0))
        made = CallerRow(name=name, in_hand=in_hand, over=over, doing=Doing.OFFLINE)
        device = devices.get(name)
        if name == seat.member and not (device and device.online):
            made = msgspec.structs.replace(made, doing=Doing.HERE)
        elif device is not None:
            doing = _doing(device.doing) if device.online else Doing.OFFLINE
            made = msgspec.structs.replace(
                made, doing=doing, since=device.since if device.online else device.seen_at,
                in_hand=max(in_hand, device.held), inquiry=device.inquiry if doing is Doing.CALL else "",
                person=people.get(device.inquiry, "") if doing is Doing.CALL else "",
            )  # fmt: skip
        if name in away and made.doing not in {Doing.CALL, Doing.HERE}:
            made = msgspec.structs.replace(made, doing=Doing.ABSENT, since=away[name])
        found.append(made)
    return found


def _doing(text: str) -> Doing:
    return Doing(text) if text in {Doing.CALL, Doing.AWAY} else Doing.BETWEEN


def _given(seat: Seat) -> dict[str, tuple[int, int]]:
    """For each member how many that wait they have been given, and how many of these are over their limit."""
    parameters: dict[str, object] = {"now": seat.now()}
    over = pages.threshold(Limits(seat), seat.now(), "source", "over", parameters)
    sql = (
        f"SELECT owner, count(*), sum(since <= {over}) FROM inquiry INDEXED BY inquiry_in_hand "
        "WHERE owner <> '' AND stage = 'waiting' AND (return_by IS NULL OR return_by > :now) GROUP BY owner"
    )
    return {name: (count, late or 0) for name, count, late in seat.store.query(sql, parameters)}
