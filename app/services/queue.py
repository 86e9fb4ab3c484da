"""Who is next: promised callbacks that are due, then the longest waiting, of those who may be called now."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from app.models.calling_hours import Opening
from app.models.entries import Id, Millis
from app.models.inquiry import Stage
from app.models.limits import SOON_SHARE, Limit, LimitState, over_since, waited
from app.models.rows import Block, QueueCounts, QueueRow
from app.services.errors import NobodyCallable, NotFound, Refused
from app.services.seat import Seat
from app.services.sources import Limits

if TYPE_CHECKING:
    from sqlalchemy.sql.base import Executable

LEASE_MS = 15 * 60_000  # a claim without a sign of life
MINUTE = 60_000
TERMINAL = "terminal-"  # how the holder of a terminal's command begins

COLUMNS = (
    "id", "stage", "blocked", "calling_class", "since", "not_before", "promised_at", "promised_by", "first_name",
    "last_name", "company", "title", "phone", "phone_valid", "email", "source", "country", "zone", "captured_at",
    "attempts", "attempts_allowed", "score",
)  # fmt: skip
_ROW = "SELECT " + ", ".join(f"i.{name}" for name in COLUMNS) + " FROM inquiry i"
_FREE = "NOT EXISTS (SELECT 1 FROM claim c WHERE c.inquiry = i.id AND c.holder <> :holder AND c.expires_at > :now)"
_NEXT = "i.stage = 'waiting' AND i.blocked = 0 AND i.promised_at IS NULL"
_DUE_PROMISE = (
    "i.promised_at <= :now AND i.stage = 'waiting' AND i.blocked = 0 "
    "AND (i.promised_by = :member OR i.promised_at <= :missed)"
)


class Place(msgspec.Struct, frozen=True):
    """Where a page of the queue ended; the next one begins behind it."""

    promised: bool
    since: Millis
    id: Id


class Page(msgspec.Struct, frozen=True):
    """Some rows of the queue, and where the next ones begin (None: there are none)."""

    rows: tuple[QueueRow, ...]
    next: Place | None


class _View:
    """One reading of the queue: the moment, the limits and who holds what."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.now, self.limits = seat, seat.now(), Limits(seat)
        grace = seat.settings.whole("callback-grace-minutes") * MINUTE
        self.parameters: dict[str, Any] = {
            "now": self.now, "holder": seat.holder, "member": seat.member, "missed": self.now - grace,
        }  # fmt: skip
        self._terms: dict[str, _Terms] = {}
        self._hours: dict[str, tuple[str, Millis | None]] = {}
        self.claims: dict[Id, str] = dict(
            seat.store.query(
                "SELECT inquiry, member FROM claim WHERE holder <> ? AND expires_at > ?", (seat.holder, self.now)
            )
        )

    def opening(self, calling_class: str) -> Opening:
        return self.seat.hours.opening(calling_class, self.now)

    def row(self, values: tuple[Any, ...]) -> QueueRow:
        """A frozen row of the screen from a row of the table: a page has a hundred, so what they share is kept."""
        (
            inquiry_id, stage, blocked, calling_class, since, not_before, promised_at, promised_by, first_name,
            last_name, company, title, phone, phone_valid, email, source, country, zone, captured_at, attempts,
            attempts_allowed, score,
        ) = values  # fmt: skip
        why, opens_at = _fixed_reason(stage, blocked), None
        if not why:
            why, opens_at = self._why(inquiry_id, calling_class, since, not_before, promised_at, promised_by)
        terms = self._terms.get(source) or self._terms_of(source)
        waits = stage in _WAITS
        return QueueRow(
            id=inquiry_id, stage=_STAGES[stage], first_name=first_name, last_name=last_name, company=company,
            title=title, phone=phone, phone_valid=bool(phone_valid), email=email, source=source, country=country,
            captured_at=captured_at, since=since, waited_ms=terms.waited(since, self.now) if waits else 0,
            limit_ms=terms.limit_ms, limit_state=terms.state(since) if waits else LimitState.FINE, attempts=attempts,
            attempts_allowed=attempts_allowed, promised_at=promised_at, callable=not why, why=why, opens_at=opens_at,
            zone=zone, score=score,
        )  # fmt: skip

    def _terms_of(self, source: str) -> _Terms:
        limit = self.limits.of(source)
        over, soon = over_since(limit, self.now), over_since(limit, self.now, SOON_SHARE)
        self._terms[source] = _Terms(limit, round(limit.hours * 60 * MINUTE), over, soon)
        return self._terms[source]

    def _why(
        self, inquiry_id: Id, calling_class: str, since: Millis, not_before: Millis, promised: Millis | None,
        promised_by: str,
    ) -> tuple[str, Millis | None]:  # fmt: skip
        """Why somebody may not be called now, and when that ends, where it does by itself."""
        if inquiry_id in self.claims:
            return f"{self.claims[inquiry_id] or 'a colleague'} has them on the line", None
        if since > self.now:
            what = "promised callback" if promised else "next try"
            return f"not due: {what} {_when(self.seat, since)}", since
        if not_before > self.now:
            return f"skipped until {_when(self.seat, not_before)}", not_before
        if promised and promised_by != self.parameters["member"] and promised > self.parameters["missed"]:
            return f"{promised_by} promised to call back", promised
        return self._hours.get(calling_class) or self._hours_of(calling_class)

    def _hours_of(self, calling_class: str) -> tuple[str, Millis | None]:
        opening = self.opening(calling_class)
        text = "" if opening.open else f"outside hours: {self.seat.hours.explain(opening, self.now).text}"
        self._hours[calling_class] = text, None if opening.open else opening.until
        return self._hours[calling_class]


class _Terms(NamedTuple):
    """A source's limit at one moment: who has waited since when is over it, or near."""

    limit: Limit
    limit_ms: int
    over: Millis
    soon: Millis

    def waited(self, since: Millis, now: Millis) -> Millis:
        return waited(self.limit, since, now) if self.limit.working else max(0, now - since)

    def state(self, since: Millis) -> LimitState:
        if since <= self.over:
            return LimitState.OVER
        return LimitState.SOON if since <= self.soon else LimitState.FINE


def _fixed_reason(stage: str, blocked: int) -> str:
    """What no passing of time ends."""
    if stage != "waiting":
        return _STAGE_REASONS[stage]
    return _BLOCK_REASONS[blocked]


_STAGES = {stage.value: stage for stage in Stage}
_WAITS = frozenset({"waiting", "objected"})
_BLOCK_REASONS = {
    int(Block.NONE): "",
    int(Block.NO_NUMBER): "invalid number: correct the number",
    int(Block.OBJECTED): "objected: somebody on this number asked not to be called",
    int(Block.HOLD): "on hold: a newer Winnow wrote something that this one does not know",
}
_STAGE_REASONS = {
    "objected": "objected: asked not to be called",
    "unreached": "unreached: every try is used up",
    "sell": "sold: with sales",
    "accepted": "accepted by sales",
    "prospect": "a prospect of sales",
    "won": "won",
    "lost": "lost",
    "nurture": "in nurture",
    "discarded": "discarded",
    "erased": "erased",
}


def _when(seat: Seat, at: Millis) -> str:
    """A moment at this desk: the time, with the day where it is not today."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(seat.settings["zone"])
    then, now = (datetime.fromtimestamp(ms / 1000, zone) for ms in (at, seat.now()))
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"


# pages


def callable_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Who may be called now, in order."""
    view = _View(seat)
    places = list(islice(_callable(view, after), size))
    rows = {row.id: row for row in _rows(view, [place.id for place in places])}
    shown = tuple(rows[place.id] for place in places if place.id in rows)
    return Page(shown, places[-1] if len(places) == size else None)


def waiting_page(seat: Seat, after: Place | None = None, size: int = 100) -> Page:
    """Everybody who waits or objected, in the same order; retries that are not due come last."""
    view = _View(seat)
    due: list[tuple[Any, ...]] = []
    waiting: list[tuple[Any, ...]] = []
    if after is None or after.promised:
        p = view.parameters | {"s": after.since if after else -1, "i": after.id if after else "", "n": size}
        due = seat.store.query(_DUE_PAGE, p)
    if len(due) < size:
        behind = after if after and not after.promised else None
        p = view.parameters | {"s": behind.since if behind else -1, "i": behind.id if behind else ""}
        waiting = seat.store.query(_WAITING_PAGE, p | {"n": size - len(due)})
    place = None
    if len(due) + len(waiting) == size:
        last = (waiting or due)[-1]
        place = Place(not waiting, last[_SINCE if waiting else _PROMISED_AT], last[0])
    return Page(tuple(map(view.row, due + waiting)), place)


_SINCE, _PROMISED_AT = COLUMNS.index("since"), COLUMNS.index("promised_at")
_DUE_PAGE = f"{_ROW} WHERE {_DUE_PROMISE} AND (i.promised_at, i.id) > (:s, :i) ORDER BY i.promised_at, i.id LIMIT :n"
_WAITING_PAGE = (
    f"{_ROW} INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND (i.since, i.id) > (:s, :i) "
    f"AND NOT (i.promised_at IS NOT NULL AND {_DUE_PROMISE}) ORDER BY i.since, i.id LIMIT :n"
)


def row(seat: Seat, inquiry_id: Id) -> QueueRow:
    """One inquiry as a row.

    Raises:
        NotFound: there is none.
    """
    found = _rows(_View(seat), [seat.ledger.survivor(inquiry_id)])
    if not found:
        raise NotFound(f"There is no inquiry {inquiry_id}.")
    return found[0]


def rows(seat: Seat, inquiry_ids: list[Id]) -> list[QueueRow]:
    """Some inquiries as rows, in the order asked; those that are gone are left out."""
    found = {row.id: row for row in _rows(_View(seat), inquiry_ids)}
    return [found[i] for i in inquiry_ids if i in found]


def numbered(seat: Seat, *groups: list[int]) -> list[QueueRow]:
    """Inquiries as rows, by the numbers of their search text: group after group, each by number."""
    view, found = _View(seat), list[QueueRow]()
    for numbers in filter(None, groups):
        marks = ",".join("?" * len(numbers))
        found += [view.row(v) for v in seat.store.query(f"{_ROW} WHERE i.num IN ({marks}) ORDER BY i.num", numbers)]
    return found


def _rows(view: _View, inquiry_ids: list[Id]) -> list[QueueRow]:
    marks = ",".join("?" * len(inquiry_ids))
    return [view.row(v) for v in view.seat.store.query(f"{_ROW} WHERE i.id IN ({marks})", inquiry_ids)]


# who is next


_PROMISES = (
    f"SELECT i.promised_at, i.id, i.calling_class FROM inquiry i WHERE {_DUE_PROMISE} AND {_FREE} "
    "AND i.not_before <= :now AND (i.promised_at, i.id) > (:s, :i) ORDER BY i.promised_at, i.id"
)
_MAY_BE_NEXT = f"i.since <= :now AND i.not_before <= :now AND {_FREE}"
_WALK = (
    f"SELECT i.since, i.id FROM inquiry i INDEXED BY inquiry_next WHERE {_NEXT} AND i.calling_class = :class "
    f"AND (i.since, i.id) > (:s, :i) AND {_MAY_BE_NEXT} ORDER BY i.since, i.id"
)
_HEAD = (
    "SELECT head.id FROM json_each(:classes) open JOIN inquiry head ON head.num = ("
    f"SELECT i.num FROM inquiry i INDEXED BY inquiry_next WHERE {_NEXT} AND i.calling_class = open.value "
    f"AND i.id <> :without AND {_MAY_BE_NEXT} ORDER BY i.since, i.id LIMIT 1) "
    "ORDER BY head.since, head.id LIMIT 1"
)
_CLASS = f"SELECT i.calling_class FROM inquiry i INDEXED BY inquiry_next WHERE {_NEXT}"
_CLASSES = (
    f"WITH RECURSIVE held(class) AS (SELECT * FROM ({_CLASS} ORDER BY i.calling_class LIMIT 1) UNION ALL "
    f"SELECT ({_CLASS} AND i.calling_class > held.class ORDER BY i.calling_class LIMIT 1) FROM held "
    "WHERE held.class IS NOT NULL) SELECT class FROM held WHERE class IS NOT NULL"
)


def _callable(view: _View, after: Place | None = None) -> Iterator[Place]:
    """The places of all who may be called now, in order; each class of hours is one walk along its index."""
    reader, p = view.seat.store.reader(), view.parameters
    if after is None or after.promised:
        yield from _promised(view, after)
        after = None
    behind = {"s": after.since if after else -1, "i": after.id if after else ""}
    walks = [reader.execute(_WALK, p | behind | {"class": calling_class}) for calling_class in _open_classes(view)]
    for since, inquiry_id in heapq.merge(*walks):
        yield Place(False, since, inquiry_id)


def _promised(view: _View, after: Place | None = None) -> Iterator[Place]:
    behind = {"s": after.since if after else -1, "i": after.id if after else ""}
    for since, inquiry_id, calling_class in view.seat.store.query(_PROMISES, view.parameters | behind):
        if view.opening(calling_class).open:
            yield Place(True, since, inquiry_id)


def _first(view: _View, without: Id = "") -> Id | None:
    """Whom `_callable` gives first: one seek in each class, all of them in one statement."""
    promised = next((place.id for place in _promised(view) if place.id != without), None)
    if promised is not None:
        return promised
    classes = msgspec.json.encode(_open_classes(view)).decode()
    row = view.seat.store.one(_HEAD, view.parameters | {"classes": classes, "without": without})
    return str(row[0]) if row else None


def _open_classes(view: _View) -> list[str]:
    return [calling_class for calling_class in calling_classes(view.seat) if view.opening(calling_class).open]


def calling_classes(seat: Seat) -> list[str]:
    """Every class of hours that has somebody to call: one index seek each, however many share it."""
    return [row[0] for row in seat.store.query(_CLASSES)]


def claim_next(seat: Seat, *, keep: Id = "") -> Id:
    """Claim the next inquiry and let go of the others that this holder had, except `keep`.

    Raises:
        NobodyCallable: with the moment at which the next one opens.
    """
    with seat.store.writing():
        view = _View(seat)
        inquiry_id = _first(view)
        if inquiry_id is None:
            raise NobodyCallable(_nobody(view))
        _hold(seat, inquiry_id, view.now)
        _let_go(seat, {inquiry_id, keep})
        return inquiry_id


def peek_next(seat: Seat, *, without: Id = "") -> Id | None:
    """Who would be next, without claiming."""
    return _first(_View(seat), without)


def claim(seat: Seat, inquiry_id: Id) -> None:
    """Hold one inquiry that somebody picked: they called in, or were found.

    Raises:
        Refused: somebody else holds it.
    """
    with seat.store.writing():
        _claim_or_refuse(seat, inquiry_id)


def holder_of(seat: Seat, inquiry_id: Id) -> str:
    """Who else has an inquiry on the line now; empty: nobody."""
    row = seat.store.one("SELECT holder, member, expires_at FROM claim WHERE inquiry = ?", (inquiry_id,))
    return str(row[1] or "Somebody") if row and row[2] > seat.now() and not _is_ours(seat, *row[:2]) else ""


def refuse_if_held(seat: Seat, inquiry_id: Id) -> None:
    """What takes no claim of its own respects somebody else's.

    Raises:
        Refused: somebody else has the inquiry on the line.
    """
    by = holder_of(seat, inquiry_id)
    if by:
        raise Refused(f"{by} has this inquiry on the line.", kept="Nothing was changed.",
                      todo="Wait until they are done, or ask them.")  # fmt: skip


def _claim_or_refuse(seat: Seat, inquiry_id: Id) -> None:
    now = seat.now()
    row = seat.store.one("SELECT holder, member, expires_at FROM claim WHERE inquiry = ?", (inquiry_id,))
    if row and row[2] > now and not _is_ours(seat, *row[:2]):
        raise Refused(
            f"{row[1] or 'Somebody'} has this inquiry on the line.", todo="Wait until they are done, or ask them."
        )
    _hold(seat, inquiry_id, now)


def _is_ours(seat: Seat, holder: str, member: str) -> bool:
    """Each command of a terminal is a process of its own: what `next` claimed, the same member's `call` may take."""
    return holder == seat.holder or (
        holder.startswith(TERMINAL) and seat.holder.startswith(TERMINAL) and member == seat.member
    )


def _hold(seat: Seat, inquiry_id: Id, now: Millis) -> None:
    values = {"inquiry": inquiry_id, "holder": seat.holder, "member": seat.member, "expires_at": now + LEASE_MS}
    seat.store.run(_claiming(), values | {"claim_no": 1})


@cache
def _claiming() -> Executable:
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    statement = insert(tables.claim)
    changed: dict[str, Any] = {name: statement.excluded[name] for name in ("holder", "member", "expires_at")}
    changed["claim_no"] = tables.claim.c.claim_no + 1
    return statement.on_conflict_do_update(index_elements=["inquiry"], set_=changed)


def let_go(seat: Seat, inquiry_id: Id) -> None:
    """Whoever held this inquiry is done with it. Inside `writing()`."""
    seat.store.run(_releasing(), {"gone": inquiry_id})


@cache
def _releasing() -> Executable:
    from sqlalchemy import bindparam

    from app.models import tables

    return tables.claim.delete().where(tables.claim.c.inquiry == bindparam("gone"))


def _let_go(seat: Seat, keep: set[Id]) -> None:
    from app.models import tables

    table = tables.claim
    held = table.delete().where(table.c.holder == seat.holder).where(table.c.inquiry.not_in(sorted(keep)))
    seat.store.run(held)


def release(seat: Seat, *, keep: Id = "") -> None:
    """Let go of everything that this holder holds."""
    with seat.store.writing():
        _let_go(seat, {keep})


def keep_claims(seat: Seat) -> None:
    """A sign of life for what this holder holds; call it every few minutes."""
    from app.models import tables

    with seat.store.writing():
        table = tables.claim
        seat.store.run(table.update().where(table.c.holder == seat.holder).values(expires_at=seat.now() + LEASE_MS))


def forget_dead_windows(seat: Seat) -> None:
    """A window that is alone on its home lets go of what killed ones still hold."""
    from app.models import tables

    with seat.store.writing():
        table = tables.claim
        dead = table.delete().where(table.c.holder.like("window-%")).where(table.c.holder != seat.holder)
        seat.store.run(dead)


# figures: counted along indexes alone, since a look at each row of a million takes seconds

_IN_WAITING = "inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected')"
_SKIPPED = f"inquiry i INDEXED BY inquiry_skipped WHERE i.not_before > 0 AND {_NEXT}"
_OBJECTED = (
    "inquiry i WHERE i.stage = 'objected' AND i.id IN (SELECT inquiry FROM suppression WHERE reason = 'objection')"
)


def counts(seat: Seat) -> QueueCounts:
    """How many may be called now, wait at all, and have waited over their limit."""
    view, store = _View(seat), seat.store
    callable_now = 0
    for calling_class in calling_classes(seat):
        if view.opening(calling_class).open:
            callable_now += _count(
                seat, f"inquiry i INDEXED BY inquiry_next WHERE {_NEXT} AND i.calling_class = ? AND i.since <= ?",
                calling_class, view.now,
            )  # fmt: skip
    kept = f"SELECT i.calling_class FROM inquiry i WHERE {_DUE_PROMISE} AND {_FREE} AND i.not_before <= :now"
    away = f"SELECT i.calling_class FROM {_SKIPPED} AND i.since <= :now AND i.not_before > :now"
    held = (
        f"SELECT i.calling_class FROM claim c CROSS JOIN inquiry i ON i.id = c.inquiry WHERE {_NEXT} "  # from the few
        "AND i.since <= :now AND i.not_before <= :now AND c.holder <> :holder AND c.expires_at > :now"
    )
    for sql, sign in ((kept, 1), (away, -1), (held, -1)):
        callable_now += sign * sum(view.opening(row[0]).open for row in store.query(sql, view.parameters))
    return QueueCounts(
        callable_now=callable_now,
        waiting=_count(seat, _IN_WAITING),
        over_limit=_over(view),
        next_opens_at=_next_opening(view) if not callable_now else None,
    )


def _count(seat: Seat, what: str, *parameters: object) -> int:
    row = seat.store.one(f"SELECT count(*) FROM {what}", parameters)
    return int(row[0]) if row else 0


def _over(view: _View) -> int:
    """Waiting longer than the limit: by one comparison each for the home's limit and for those of other sources."""
    seat, default = view.seat, view.limits.default
    usual = over_since(default, view.now)
    total = sum(
        sign * _count(seat, f"{what} AND i.since <= ?", usual) for what, sign in ((_IN_WAITING, 1), (_OBJECTED, -1))
    )
    for name, limit in view.limits.own().items():
        total += _difference(view, f"{_IN_WAITING} AND i.stage = 'waiting'", name, limit, default)
    return total


def _difference(view: _View, what: str, source: str, own: Limit, default: Limit) -> int:
    mine, usual = over_since(own, view.now), over_since(default, view.now)
    between = (min(mine, usual), max(mine, usual))
    count = _count(view.seat, f"{what} AND i.since > ? AND i.since <= ? AND i.source = ?", *between, source)
    return count if mine > usual else -count


def _next_opening(view: _View) -> Millis | None:
    """When the first of all who wait may be called."""
    times = [
        opening.until
        for calling_class in calling_classes(view.seat)
        if not (opening := view.opening(calling_class)).open
        and view.seat.store.one(
            f"SELECT 1 FROM inquiry i INDEXED BY inquiry_next WHERE {_NEXT} AND i.calling_class = ? AND i.since <= ?",
            (calling_class, opening.until),
        )
    ]
    for sql in (
        (
            "SELECT min(i.since) FROM inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') "
            "AND i.stage = 'waiting' AND i.blocked = 0 AND i.promised_at IS NULL AND i.since > :now"
        ),
        f"SELECT min(i.not_before) FROM {_SKIPPED} AND i.not_before > :now",
    ):
        row = view.seat.store.one(sql, view.parameters)
        if row and row[0]:
            times.append(int(row[0]))
    times += _promises(view)
    return min((time for time in times if time > view.now), default=None)


def _promises(view: _View) -> Iterator[Millis]:
    """When each promised callback may be kept: a colleague's after the grace, and all within the hours."""
    grace = view.now - view.parameters["missed"]
    sql = (
        "SELECT i.promised_at, i.promised_by, i.not_before, i.calling_class FROM inquiry i "
        "WHERE i.promised_at IS NOT NULL AND i.stage = 'waiting' AND i.blocked = 0"
    )
    for promised_at, by, not_before, calling_class in view.seat.store.query(sql):
        at = max(promised_at + (0 if by == view.seat.member else grace), not_before)
        yield at if at > view.now else view.opening(calling_class).until


def _nobody(view: _View) -> str:
    at = _next_opening(view)
    if at is None:
        return "Nobody can be called now, and nobody waits."
    minutes = max(1, (at - view.now + MINUTE - 1) // MINUTE)
    hours, minutes = divmod(minutes, 60)
    span = f"{hours} h {minutes} m" if hours else f"{minutes} m"
    return f"Nobody can be called now; the next opens at {_when(view.seat, at)}, in {span}."
