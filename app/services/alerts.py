"""What somebody should hear of at once: new leads, callbacks that are due, limits at risk; each once in a home."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from app.models.entries import Id, Millis
from app.models.inquiry import Inquiry, Stage
from app.models.limits import LimitState
from app.services.seat import Seat

if TYPE_CHECKING:
    from app.services.desk.enforcing import LimitWarning

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
OLDEST = DAY  # what is older was told when it was new, or is no news any more
KEPT = 60 * DAY  # how long a key is remembered
MOST = 500  # of one kind; a window that was closed for a week does not list them all


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell."""

    key: str  # the same thing has the same key for ever
    kind: str  # lead, callback, step, limit: which setting switches it, and which page shows it
    title: str
    text: str
    inquiry: Id = ""
    at: Millis = 0


def due(seat: Seat) -> list[Alert]:
    """What should be told now and was not yet, oldest first, less the kinds that are switched off."""
    found = [alert for kind, find in KINDS if seat.settings[f"alert-{kind}s"] == "on" for alert in find(seat)]
    if not found:
        return []
    told: set[str] = set()
    for start in range(0, len(found), MOST):
        keys = [alert.key for alert in found[start : start + MOST]]
        marks = ",".join("?" * len(keys))
        told |= {row[0] for row in seat.store.query(f"SELECT key FROM alerted WHERE key IN ({marks})", keys)}
    return sorted((alert for alert in found if alert.key not in told), key=lambda alert: (alert.at, alert.key))


def take(seat: Seat) -> list[Alert]:
    """Everything that is to be told now, marked as told: of several windows on one home, one gets each."""
    return [*news(seat), *limits(seat)]


def news(seat: Seat) -> list[Alert]:
    """What is `due`, marked as told."""
    found = due(seat)
    if not found:
        return []
    with seat.store.writing(plain=True, durable=False):  # a power cut may let it be told again
        return _marked(seat, found)


def sold(seat: Seat, inquiries: Iterable[Inquiry]) -> list[Alert]:
    """New leads among inquiries, as `news` finds them in rows; marked as told, oldest first. Inside `writing()`."""
    if seat.settings["alert-leads"] != "on":
        return []
    since, member = seat.now() - OLDEST, seat.member
    found = [
        _lead(i.id, i.first_name, i.last_name, i.company, i.score, i.sold_at, i.decided_by)
        for i in inquiries
        if i.stage is Stage.SELL and i.sold_at is not None and i.sold_at > since
        and i.decided_by != member and i.for_member in ("", member)
    ]  # fmt: skip
    return _marked(seat, sorted(found, key=lambda alert: (alert.at, alert.key)))


def _marked(seat: Seat, found: Sequence[Alert]) -> list[Alert]:
    """Those that nobody has told; from now on they are told."""
    put, now = "INSERT OR IGNORE INTO alerted(key, at) VALUES(?, ?)", seat.now()
    return [alert for alert in found if seat.store.writer.execute(put, (alert.key, now)).rowcount]


def forget(seat: Seat) -> None:
    """What was told long ago needs no mark any more; now and then is enough."""
    with seat.store.writing(plain=True):
        seat.store.writer.execute("DELETE FROM alerted WHERE at < ?", (seat.now() - KEPT,))


def limits(seat: Seat) -> list[Alert]:
    """Limits near or over since the last look; looked at once a minute, since looking is writing."""
    from app.services.desk import enforcing

    row = seat.store.one("SELECT value FROM cursor WHERE key = ?", (enforcing.LOOKED,))
    if seat.settings["alert-limits"] == "off" or (row and seat.now() - int(row[0]) < MINUTE):
        return []
    return [_limit(seat, warning) for warning in enforcing.warnings(seat)]


def _limit(seat: Seat, warning: LimitWarning) -> Alert:
    who = " · ".join(dict.fromkeys(part for part in (warning.name, warning.company) if part))
    over = warning.state is LimitState.OVER
    text = f"waits {_span(warning.waited_ms)}" + (f", with {warning.holder}" if over and warning.holder else "")
    if not over:
        text += ": call them next"
    if warning.returned:
        text += "; it is everybody's again"
    title = f"Over the limit: {who}" if over else f"Limit at risk: {who}"
    return Alert(key="", kind="limit", title=title, text=text, inquiry=warning.inquiry, at=seat.now())


def _span(milliseconds: Millis) -> str:
    hours, minutes = divmod(milliseconds // MINUTE, 60)
    return f"{hours} h {minutes:02} m" if hours else f"{minutes} m"


def quiet(seat: Seat) -> bool:
    """Whether nobody wants to be disturbed now: by the setting, by the clock of this desk."""
    if seat.settings["alerts"] == "off":
        return True
    span = seat.settings["do-not-disturb"]
    if not span:
        return False
    start, _, end = span.partition("-")
    now = datetime.datetime.fromtimestamp(seat.now() / 1000, ZoneInfo(seat.settings["zone"])).strftime("%H:%M")
    return start <= now < end if start <= end else now >= start or now < end


def _leads(seat: Seat) -> Iterator[Alert]:
    """Leads that somebody else sold, for me or for anybody; a day's may be many, and all but the last were told."""
    now, member = seat.now(), seat.member
    sql = (
        "SELECT id, first_name, last_name, company, score, sold_at, decided_by FROM inquiry WHERE stage = 'sell' "
        "AND sold_at > ? AND decided_by <> ? AND for_member IN ('', ?) "
        "AND NOT EXISTS (SELECT 1 FROM alerted WHERE key = 'lead:' || id || ':' || sold_at) "
        "ORDER BY sold_at DESC LIMIT ? + 0"
    )
    for row in seat.store.query(sql, (now - OLDEST, member, member, MOST)):
        yield _lead(*row)


def _lead(
    inquiry: Id, first: str, last: str, company: str, score: int | None, sold_at: Millis, by: str
) -> Alert:  # fmt: skip
    who = " · ".join(part for part in (f"{first} {last}".strip(), company) if part)
    return Alert(
        key=f"lead:{inquiry}:{sold_at}", kind="lead", title=f"New lead: {who or 'somebody'}",
        text=f"{score or 0} of 100, sold by {by or 'a colleague'}", inquiry=inquiry, at=sold_at,
    )  # fmt: skip


def _callbacks(seat: Seat) -> Iterator[Alert]:
    """Callbacks that I promised and that are due."""
    sql = (
        "SELECT id, first_name, last_name, company, promised_at FROM inquiry WHERE promised_at IS NOT NULL "
        "AND promised_at <= ? AND promised_at > ? AND promised_by = ? AND stage = 'waiting' AND blocked = 0 LIMIT ? + 0"
    )
    now = seat.now()
    for inquiry, first, last, company, promised in seat.store.query(sql, (now, now - OLDEST, seat.member, MOST)):
        who = " · ".join(part for part in (f"{first} {last}".strip(), company) if part)
        yield Alert(
            key=f"callback:{inquiry}:{promised}", kind="callback", title="Promised callback",
            text=f"{who or 'Somebody'} expects your call now", inquiry=inquiry, at=promised,
        )  # fmt: skip


def _steps(seat: Seat) -> Iterator[Alert]:
    """Next steps that I promised a prospect, some minutes before their time."""
    from app.services.sales.leads import due_steps

    now = seat.now()
    for row in due_steps(seat, ahead_ms=seat.settings.whole("reminder-minutes") * MINUTE):
        if row.planned_at is not None and row.planned_at > now - OLDEST:
            clock = datetime.datetime.fromtimestamp(row.planned_at / 1000, ZoneInfo(seat.settings["zone"]))
            who = " · ".join(dict.fromkeys(part for part in (row.name, row.company) if part))
            yield Alert(
                key=f"step:{row.id}:{row.planned_at}", kind="step", title=f"{clock:%H:%M} {row.planned_step}",
                text=who or "a prospect", inquiry=row.id, at=row.planned_at,
            )  # fmt: skip


def _unanswered(seat: Seat) -> Iterator[Alert]:
    """For the team lead: leads that sales did not answer in time, and that are everybody's again."""
    from app.services.roles import may_lead
    from app.services.sales.assigning import taken_back_since

    if may_lead(seat):
        for at, row in taken_back_since(seat, seat.now() - OLDEST):
            who = " · ".join(dict.fromkeys(part for part in (row.name, row.company) if part))
            yield Alert(
                key=f"back:{row.id}:{at}", kind="limit", title=f"Sales did not answer: {who}",
                text=f"waits {_span(row.waited_ms)}; it is on the common list again", inquiry=row.id, at=at,
            )  # fmt: skip


KINDS: list[tuple[str, Callable[[Seat], Iterator[Alert]]]] = [
    ("lead", _leads), ("callback", _callbacks), ("step", _steps), ("limit", _unanswered),
]  # fmt: skip


def badges(seat: Seat) -> dict[str, int]:
    """How much waits on a page for somebody: leads that sales has not answered, my callbacks that are due."""
    now, member = seat.now(), seat.member
    leads = "SELECT count(*) FROM inquiry WHERE stage = 'sell' AND for_member IN ('', ?)"
    callbacks = (
        "SELECT count(*) FROM inquiry WHERE promised_at IS NOT NULL AND promised_at <= ? AND promised_by = ? "
        "AND stage = 'waiting' AND blocked = 0"
    )
    rows = {"sales": seat.store.one(leads, (member,)), "calls": seat.store.one(callbacks, (now, member))}
    return {page: int(row[0]) if row else 0 for page, row in rows.items()}
