"""One reading of the queue: the moment, the limits, who holds whom, and rows for the screen with the reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.models.calling_hours import Opening
from app.models.entries import Id, Millis
from app.models.inquiry import Stage
from app.models.limits import SOON_SHARE, Limit, LimitState, over_since, runs_out_at, waited
from app.models.rows import Block, Group, QueueRow
from app.services.seat import Seat
from app.services.sources import Limits

MINUTE = 60_000

COLUMNS = (
    "id", "stage", "blocked", "calling_class", "since", "not_before", "promised_at", "promised_by", "first_name",
    "last_name", "company", "title", "phone", "phone_valid", "email", "source", "country", "zone", "captured_at",
    "attempts", "attempts_allowed", "score", "owner", "return_by",
)  # fmt: skip
ROW = "SELECT " + ", ".join(f"i.{name}" for name in COLUMNS) + " FROM inquiry i"
Numbered = tuple[Millis, Id, int]  # since when (promised for when), who, the number of their row
Facts = tuple[int, Millis, str, str, str, str, str, str, str, str, str, Millis, int, int, int | None]
FACTS = (  # what `due_rows` makes rows of, all in one text: see `order`
    "SELECT json_group_array(json_array(i.num, i.not_before, i.first_name, i.last_name, i.company, i.title, i.phone, "
    "i.email, i.source, i.country, i.zone, i.captured_at, i.attempts, i.attempts_allowed, i.score)) "
    "FROM json_each(?) n CROSS JOIN inquiry i ON i.num = n.value"
)
FREE = "NOT EXISTS (SELECT 1 FROM claim c WHERE c.inquiry = i.id AND c.holder <> :holder AND c.expires_at > :now)"
NEXT = "i.stage = 'waiting' AND i.blocked = 0 AND i.promised_at IS NULL"
STILL_THEIRS = "(i.return_by IS NULL OR i.return_by > :now)"
DUE_PROMISE = (
    "i.promised_at <= :now AND i.stage = 'waiting' AND i.blocked = 0 AND (i.promised_by IN (:member, '') "
    f"OR i.promised_at <= :missed OR (i.owner = :member AND {STILL_THEIRS}))"
)
MAY_BE_NEXT = f"i.since <= :now AND i.not_before <= :now AND {FREE}"


class View:
    """One reading of the queue.

    An assignment past its `return_by` is nobody's: every query says so itself, so nobody needs to be online for it.
    """

    def __init__(self, seat: Seat) -> None:
        self.seat, self.now, self.limits = seat, seat.now(), Limits(seat)
        grace = seat.settings.whole("callback-grace-minutes") * MINUTE
        self.parameters: dict[str, Any] = {
            "now": self.now, "holder": seat.holder, "member": seat.member, "missed": self.now - grace,
        }  # fmt: skip
        self.own_walks: list[tuple[str, str]] | None = None  # see `order`
        self._terms: dict[str, Terms] = {}
        self._hours: dict[str, tuple[str, Millis | None]] = {}
        self.claims: dict[Id, str] = dict(
            seat.store.query(
                "SELECT inquiry, member FROM claim WHERE holder <> ? AND expires_at > ?", (seat.holder, self.now)
            )
        )

    def opening(self, calling_class: str) -> Opening:
        """Whether somebody with these hours may be called now, and until when that holds."""
        return self.seat.hours.opening(calling_class, self.now)

    def too_long(self) -> tuple[str, dict[str, Any]]:
        """The condition that somebody has waited over the limit of their source, with its parameters.

        `over` is the one for the home's limit, `over_most` the latest of all: an index can be searched by it.
        """
        own = list(self.limits.own().items())
        default = over_since(self.limits.default, self.now)
        values: dict[str, Any] = {"over": default, "over_most": default}
        if not own:
            return "i.since <= :over", values
        for number, (name, limit) in enumerate(own):
            values[f"source_{number}"], values[f"over_{number}"] = name, over_since(limit, self.now)
        values["over_most"] = max(value for key, value in values.items() if key.startswith("over"))
        cases = " ".join(f"WHEN :source_{n} THEN :over_{n}" for n in range(len(own)))
        return f"i.since <= :over_most AND i.since <= CASE i.source {cases} ELSE :over END", values

    # rows

    def row(self, values: tuple[Any, ...]) -> QueueRow:
        """A frozen row of the screen from a row of the table: a page has a hundred, so what they share is kept."""
        (
            inquiry_id, stage, blocked, calling_class, since, not_before, promised_at, promised_by, first_name,
            last_name, company, title, phone, phone_valid, email, source, country, zone, captured_at, attempts,
            attempts_allowed, score, owner, return_by,
        ) = values  # fmt: skip
        now, terms = self.now, self._terms.get(source) or self._terms_of(source)
        if owner and return_by is not None and return_by <= now:
            owner = ""
        why, opens_at = _BLOCK_REASONS[blocked] if stage == "waiting" else _STAGE_REASONS[stage], None
        if stage == "unreached" and attempts < attempts_allowed:
            why = "unreached: no number is left"
        if not why:
            if since > now or not_before > now or promised_at or inquiry_id in self.claims:
                why, opens_at = self._why(inquiry_id, since, not_before, promised_at, promised_by, owner)
            if not why and owner and promised_at is None and owner != self.parameters["member"]:
                why, opens_at = self._with_another(owner, return_by, terms, since)
            if not why:
                why, opens_at = self._hours.get(calling_class) or self._hours_of(calling_class)
        waited_ms, state = self._age(terms, since) if stage in _WAITS else (0, LimitState.FINE)
        if why:
            group = Group.NOT_NOW
        elif promised_at is not None:
            group = Group.PROMISED
        elif owner:
            group = Group.MINE if owner == self.parameters["member"] else Group.OTHERS
        else:
            group = Group.UNASSIGNED
        return QueueRow(  # in the order of its fields: by name it costs as much again as all else here
            inquiry_id, _STAGES[stage], first_name, last_name, company, title, phone, phone_valid == 1, email, source,
            country, captured_at, since, waited_ms, terms.limit_ms, state, attempts, attempts_allowed, promised_at,
            group, why, opens_at, zone, score, promised_at is not None and not promised_by, owner,
        )  # fmt: skip

    def due_rows(self, found: Iterable[tuple[Group, Numbered]], facts: Mapping[int, Facts]) -> list[QueueRow]:
        """As `row`, of mine or nobody's who may be called now, so that no reason is looked for; without the skipped."""
        rows, now, member, known = list[QueueRow](), self.now, self.parameters["member"], self._terms
        mine, waits, is_over, is_soon, is_fine = Group.MINE, Stage.WAITING, *_STATES
        for group, (since, inquiry_id, num) in found:
            (
                _, not_before, first_name, last_name, company, title, phone, email, source, country, zone, captured_at,
                attempts, attempts_allowed, score,
            ) = facts[num]  # fmt: skip
            if not_before > now:
                continue
            limit, limit_ms, over, soon = known.get(source) or self._terms_of(source)
            rows.append(QueueRow(
                inquiry_id, waits, first_name, last_name, company, title, phone, True, email, source, country,
                captured_at, since, waited(limit, since, now) if limit.working else now - since, limit_ms,
                is_over if since <= over else is_soon if since <= soon else is_fine, attempts, attempts_allowed, None,
                group, "", None, zone, score, False, member if group is mine else "",
            ))  # fmt: skip
        return rows

    def _age(self, terms: Terms, since: Millis) -> tuple[Millis, LimitState]:
        """How long somebody has waited, and what that means by the limit of their source."""
        limit, _, over, soon = terms
        state = LimitState.OVER if since <= over else LimitState.SOON if since <= soon else LimitState.FINE
        if since >= self.now:
            return 0, state
        return waited(limit, since, self.now) if limit.working else self.now - since, state

    def _terms_of(self, source: str) -> Terms:
        limit = self.limits.of(source)
        over, soon = over_since(limit, self.now), over_since(limit, self.now, SOON_SHARE)
        self._terms[source] = Terms(limit, round(limit.hours * 60 * MINUTE), over, soon)
        return self._terms[source]

    def _why(
        self, inquiry_id: Id, since: Millis, not_before: Millis, promised: Millis | None, promised_by: str, owner: str
    ) -> tuple[str, Millis | None]:
        """Why somebody may not be called now, and when that ends, where it does by itself."""
        if inquiry_id in self.claims:
            return f"{self.claims[inquiry_id] or 'a colleague'} has them on the line", None
        if since > self.now:
            what = "promised callback" if promised else "next try"
            return f"not due: {what} {when(self.seat, since)}", since
        if not_before > self.now:
            return f"skipped until {when(self.seat, not_before)}", not_before
        if (
            promised
            and promised_by
            and self.parameters["member"] not in {promised_by, owner}
            and promised > self.parameters["missed"]
        ):
            return f"{promised_by} promised to call back", promised
        return "", None

    def _with_another(
        self, owner: str, return_by: Millis | None, terms: Terms, since: Millis
    ) -> tuple[str, Millis | None]:
        """Somebody else should call them, unless they have waited too long."""
        if since <= terms.over:
            return "", None
        over = runs_out_at(terms.limit, since)
        if return_by is None:
            return f"with {owner}", over
        return f"with {owner} until {when(self.seat, return_by)}", min(over, return_by)

    def _hours_of(self, calling_class: str) -> tuple[str, Millis | None]:
        opening = self.opening(calling_class)
        text = "" if opening.open else f"outside hours: {self.seat.hours.explain(opening, self.now).text}"
        self._hours[calling_class] = text, None if opening.open else opening.until
        return self._hours[calling_class]


class Terms(NamedTuple):
    """A source's limit at one moment: who has waited since when is over it, or near."""

    limit: Limit
    limit_ms: int
    over: Millis
    soon: Millis


_STATES = (LimitState.OVER, LimitState.SOON, LimitState.FINE)
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


def when(seat: Seat, at: Millis) -> str:
    """A moment at this desk: the time, with the day where it is not today."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(seat.settings["zone"])
    then, now = (datetime.fromtimestamp(ms / 1000, zone) for ms in (at, seat.now()))
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M}"
