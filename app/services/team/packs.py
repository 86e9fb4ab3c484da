"""Packs: inquiries that one computer holds for days, to be called where there is no network."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from app.models.entries import Id, Millis
from app.services import queue
from app.services.errors import Refused
from app.services.seat import Seat
from app.services.team.claims import mirror, tell_releases, with_numbers
from app.services.team.link import Link
from app.services.team.sync import bring_up_to_date
from app.services.team.work import Work

DAY = 24 * 60 * 60_000
MOST_DAYS = 14
OFFERED = 1000  # at once
MOST_OFFERED = 20_000


def take(seat: Seat, link: Link, size: int, days: float, *, work: Work | None = None) -> list[Id]:
    """Hold up to so many for so many days; returns them in the order of waiting.

    They are whoever may be called within those days, whatever the hour now: one's own promises first, then the longest
    waiting of one's own and of nobody's.

    Raises:
        Refused: no such number of inquiries or days. HubUnreachable, HubRefused: as the link; nothing is taken.
    """
    if size < 1 or not 0 < days <= MOST_DAYS:
        raise Refused(f"A pack has at least one inquiry, for at most {MOST_DAYS} days.", kept="Nothing was taken.")
    work = work or Work(seat)
    until = link.hello(seat.device).now + round(days * DAY)
    everybody, taken, offered = _who_may_come(seat, until), list[Id](), 0
    while len(taken) < size and offered < MOST_OFFERED:
        some = list(islice(everybody, OFFERED))
        offered += OFFERED
        sent = seat.now()
        claims = link.take_pack(with_numbers(seat, some), size - len(taken), until) if some else []
        if claims:
            changed = bring_up_to_date(work, link, [claim.inquiry for claim in claims])
            work.note(changed.inquiries, changed.kinds)
            work.do(lambda claims=claims, sent=sent: mirror(seat, claims, sent))  # type: ignore[misc]
            taken += [claim.inquiry for claim in claims]
        if len(some) < OFFERED:
            break
    return taken


def _who_may_come(seat: Seat, until: Millis) -> Iterator[Id]:
    """Read at once: while the hub is asked, nothing of the store stays open."""
    p = {"now": seat.now(), "member": seat.member, "until": until, "n": MOST_OFFERED}
    here = "NOT EXISTS (SELECT 1 FROM hub_claim h WHERE h.inquiry = i.id AND h.pack = 1 AND h.state = 'held')"
    open_ = f"i.stage = 'waiting' AND i.blocked = 0 AND i.not_before <= :until AND {here}"
    promised = (
        f"SELECT i.id FROM inquiry i WHERE {open_} AND i.promised_at IS NOT NULL AND i.promised_at <= :until "
        "AND (i.promised_by IN (:member, '') OR i.owner = :member) ORDER BY i.promised_at, i.id LIMIT :n + 0"
    )
    waiting = (
        f"SELECT i.id FROM inquiry i INDEXED BY inquiry_waiting WHERE i.stage IN ('waiting', 'objected') AND {open_} "
        "AND i.promised_at IS NULL AND i.since <= :until "
        "AND (i.owner IN ('', :member) OR i.return_by <= :now) ORDER BY i.since, i.id LIMIT :n + 0"
    )
    with seat.store.snapshot():
        found = [*seat.store.query(promised, p), *seat.store.query(waiting, p)]
    yield from (row[0] for row in found)


def held(seat: Seat) -> list[tuple[Id, Millis]]:
    """Who is in this computer's pack, and until when."""
    return [
        (inquiry, until)
        for inquiry, until in seat.store.query(
            "SELECT inquiry, expires_at FROM hub_claim WHERE pack = 1 AND state = 'held' AND expires_at > ? "
            "ORDER BY inquiry",
            (seat.now(),),
        )
    ]


def give_back(seat: Seat, link: Link | None = None, *, work: Work | None = None) -> list[Id]:
    """Let go of the pack, except of whom somebody has in hand; without a link the hub is told when there is one.

    What happened under the pack should be handed in before: the hub is told of each one only after that.

    Raises:
        HubUnreachable, HubRefused: as the link; the pack is given back here, and the hub told another time.
    """
    work = work or Work(seat)

    def step() -> list[Id]:
        rows = seat.store.query(
            "SELECT h.inquiry FROM hub_claim h WHERE h.pack = 1 AND h.state = 'held' AND NOT EXISTS "
            "(SELECT 1 FROM claim c WHERE c.inquiry = h.inquiry AND c.expires_at > ?) ORDER BY h.inquiry",
            (seat.now(),),
        )
        seat.store.writer.executemany("UPDATE hub_claim SET state = 'released' WHERE inquiry = ?", rows)
        return [row[0] for row in rows]

    given = work.do(step)
    if link is not None and queue.in_team(seat):
        tell_releases(work, link)
    return given
