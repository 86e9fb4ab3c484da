"""What this computer holds from the hub: claimed ahead, kept alive, checked, and given back.

The table `hub_claim` mirrors it, so that a restart takes its own claims up again. Letting go is kept there too, until
the hub was told; it is told only once what happened under the claim has been handed in, so that whoever comes next
knows of it. Times are milliseconds UTC by the hub's clock, as `Seat.now` says them; a claim never lives longer here
than there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from app.models.entries import Id, Millis
from app.models.rights import Role
from app.services import queue
from app.services.errors import Refused
from app.services.seat import Changed, Seat
from app.services.store.folded_rows import select_in
from app.services.team import state
from app.services.team.link import Candidate, Claimed, HubRefused, HubUnreachable, Link
from app.services.team.sync import bring_up_to_date
from app.services.team.work import Work

LEASE_MS = queue.LEASE_MS
HEARTBEAT_MS = LEASE_MS // 3
MARGIN_MS = 3000  # by which everything ends earlier here: so much the clocks may differ unnoticed
AHEAD = 2  # one in hand, one for the key after
OFFERED = 8  # how many of the queue are offered first, beside as many as colleagues hold; each costs both sides time
FIRST = 20  # whoever is among so many of the queue is called in its order
MOST_AT_ONCE = 200
MOST_OFFERED = 4000
ROUNDS = 3  # of claiming somebody, and finding that a colleague has just called them
MAY_PICK = frozenset({Role.LEAD, Role.ADMIN})


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What became of this computer's claims."""

    held: int = 0  # that may be called now, packs included
    lost: tuple[Id, ...] = ()  # in somebody's hand here, and perhaps in another's by now
    changed: Changed = Changed()  # what was learnt of those who were claimed


# offering


def candidates(seat: Seat, after: queue.Place | None, size: int) -> tuple[list[Candidate], queue.Place | None]:
    """The next of the queue whom this computer does not hold, with hashes of their numbers; and where they end."""
    with seat.store.snapshot():
        view = queue.View(seat)
        places = list(islice(queue.in_order(view, after, size), size))
        held = {row[0] for row in seat.store.query("SELECT inquiry FROM hub_claim WHERE state <> 'lost'")}
        found = with_numbers(seat, [place.id for place in places if place.id not in held])
    return found, places[-1] if len(places) == size else None


def with_numbers(seat: Seat, inquiries: Sequence[Id]) -> list[Candidate]:
    """Inquiries as the hub is asked for them: each number hashed under every key of the team."""
    keys: dict[Id, list[str]] = {inquiry: [] for inquiry in inquiries}
    for inquiry, number in select_in(seat.store, "SELECT inquiry, number FROM phone WHERE inquiry IN", inquiries):
        keys[inquiry] += seat.ledger.ring.hashes(f"p:{number}")
    return [Candidate(inquiry, tuple(found)) for inquiry, found in keys.items()]


def _offers(seat: Seat) -> Iterator[list[Candidate]]:
    """The queue piece by piece; the first is as large as what colleagues, by what was heard last, hold before it."""
    row = seat.store.one("SELECT coalesce(sum(held), 0) FROM presence WHERE device <> ?", (seat.device,))
    size = min(MOST_AT_ONCE, OFFERED + (int(row[0]) if row else 0))
    place: queue.Place | None = None
    offered = 0
    while offered < MOST_OFFERED:
        found, place = candidates(seat, place, size)
        if found:
            yield found
        if place is None:
            return
        offered += size
        size = min(MOST_AT_ONCE, 3 * size)


# holding ahead


def top_up(seat: Seat, link: Link, *, work: Work | None = None, want: int = AHEAD) -> Kept:
    """Hold so many whom this window may call next, the one in hand included; the others are given back.

    Raises:
        HubUnreachable, HubRefused: as the link; what is held stays held.
    """
    work = work or Work(seat)
    letting_go = _letting_go(work)
    try:
        for _ in range(ROUNDS):
            usable = _usable(seat)
            short = want - len(usable)
            if short <= 0 or not _claim(work, link, short, letting_go):
                break
            _drop_uncallable(work)
    except HubRefused:  # who may not claim any more gives back all the same
        tell_releases(work, link)
        raise
    _drop_uncallable(work)
    _claim_promise(work, link)
    tell_releases(work, link)
    return Kept(held=len(queue.held_in_order(queue.View(seat))), changed=work.changed())


def _usable(seat: Seat) -> set[Id]:
    """Held ahead or in hand of this window, packs apart."""
    ahead = {place.id for place in queue.held_in_order(queue.View(seat))}
    rows = seat.store.query(
        "SELECT h.inquiry, c.holder IS NOT NULL FROM hub_claim h "
        "LEFT JOIN claim c ON c.inquiry = h.inquiry AND c.holder = ? AND c.expires_at > ? "
        "WHERE h.state = 'held' AND h.pack = 0 AND h.expires_at > ?",
        (seat.holder, seat.now(), seat.now()),
    )
    return {inquiry for inquiry, in_hand in rows if in_hand or inquiry in ahead}


def _claim(work: Work, link: Link, want: int, letting_go: list[int]) -> int:
    """Ask the hub for so many, and give others back with the same words; returns how many it gave."""
    got = 0
    for offered in _offers(work.seat):
        sent = work.seat.now()
        claims = link.claim_first(offered, want - got, LEASE_MS, letting_go)
        _has_let_go(work, letting_go)
        letting_go.clear()
        _take(work, link, claims, sent)
        got += len(claims)
        if got >= want:
            break
    return got


def _claim_promise(work: Work, link: Link) -> None:
    """A promised callback that is due now comes before whoever is held ahead."""
    head = next(queue.in_order(queue.View(work.seat)), None)
    if head is not None and head.group is queue.Group.PROMISED and not _holds(work.seat, head.id):
        _claim_one(work, link, head.id)


def needs_another(seat: Seat) -> bool:
    """Whether somebody of the queue comes before everybody whom this computer holds."""
    with seat.store.snapshot():
        view = queue.View(seat)
        held, head = queue.held_in_order(view), next(queue.in_order(view), None)
    return not held or (head is not None and head < held[0])


def _take(work: Work, link: Link, claims: Sequence[Claimed], sent: Millis) -> None:
    """Fetch what colleagues did with them just now, then hold them."""
    if not claims:
        return
    changed = bring_up_to_date(work, link, [claim.inquiry for claim in claims])
    work.do(lambda: mirror(work.seat, claims, sent), durable=False)  # what is forgotten runs out on the hub
    work.note(changed.inquiries, changed.kinds)


def mirror(seat: Seat, claims: Iterable[Claimed], sent: Millis) -> None:
    """Remember what the hub gave to a question that was sent then. Inside `writing()`.

    Of the hub's word and the lease counted from the question the earlier one holds: whatever a clock says, it ends
    here before it ends there, once the skew is measured.
    """
    rows = [
        (
            claim.inquiry,
            claim.claim_no,
            (claim.expires_at if claim.pack else min(claim.expires_at, sent + LEASE_MS)) - MARGIN_MS,
            int(claim.pack),
        )
        for claim in claims
    ]
    seat.store.writer.executemany(
        "INSERT OR REPLACE INTO hub_claim(inquiry, claim_no, expires_at, pack, state) VALUES(?, ?, ?, ?, 'held')", rows
    )


def _drop_uncallable(work: Work) -> None:
    """Whoever is held ahead and may not be called now after all is for others, and for another hour."""
    seat, now = work.seat, work.seat.now()
    ahead = "state = 'held' AND pack = 0 AND NOT EXISTS "
    ahead += "(SELECT 1 FROM claim c WHERE c.inquiry = hub_claim.inquiry AND c.expires_at > ?)"
    with seat.store.snapshot():
        ready = {place.id for place in queue.held_in_order(queue.View(seat))}
        held = seat.store.query(f"SELECT inquiry FROM hub_claim WHERE {ahead}", (now,))
    if gone := [(inquiry, now) for (inquiry,) in held if inquiry not in ready]:
        sql = f"UPDATE hub_claim SET state = 'released' WHERE inquiry = ? AND {ahead}"  # unless they are in hand by now
        work.do(lambda: seat.store.writer.executemany(sql, gone))


# giving back


def tell_releases(work: Work, link: Link) -> int:
    """Tell the hub of whom this computer has let go; returns how many.

    Raises:
        HubUnreachable, HubRefused: as the link; they are told another time.
    """
    numbers = _letting_go(work)
    if numbers:
        link.release(numbers)
        _has_let_go(work, numbers)
    return len(numbers)


def _letting_go(work: Work) -> list[int]:
    """The numbers of whom the hub is to be told now that they are free: what happened under them is handed in."""
    seat, store = work.seat, work.store
    if store.one("SELECT 1 FROM hub_claim WHERE state IN ('released', 'telling')") is None:
        return []
    handed_in = state.cursor(store, state.OUTBOX) or 0

    def begin() -> list[int]:
        # From here on nobody takes it up again: the hub may have heard already.
        store.writer.execute(
            "UPDATE hub_claim SET state = 'telling' WHERE state = 'released' AND NOT EXISTS (SELECT 1 FROM ledger l "
            "WHERE l.subject = hub_claim.inquiry AND l.seq > ? AND l.pos IS NULL)",
            (handed_in,),
        )
        store.writer.execute(
            "DELETE FROM hub_claim WHERE state IN ('released', 'telling') AND expires_at <= ?", (seat.now(),)
        )
        return [row[0] for row in store.query("SELECT claim_no FROM hub_claim WHERE state = 'telling'")]

    return work.do(begin)


def _has_let_go(work: Work, numbers: Sequence[int]) -> None:
    """The hub has heard it."""
    if numbers:
        told = [(number,) for number in numbers]
        sql = "DELETE FROM hub_claim WHERE state = 'telling' AND claim_no = ?"
        work.do(lambda: work.store.writer.executemany(sql, told), durable=False)  # it would be told once more


# staying alive


def keep(seat: Seat, link: Link, *, work: Work | None = None) -> Kept:
    """A sign of life for everything held, when a third of the lease is over; says whom somebody here has lost.

    Raises:
        HubUnreachable, HubRefused: as the link; leases go on running out.
    """
    work = work or Work(seat)
    now = seat.now()
    rows = seat.store.query("SELECT inquiry, claim_no, expires_at, pack FROM hub_claim WHERE state = 'held'")
    due = any(not pack and expires_at <= now + LEASE_MS - HEARTBEAT_MS for _, _, expires_at, pack in rows)
    ended = any(expires_at <= now for _, _, expires_at, _ in rows)
    if not (due or ended):
        return Kept()
    until = _lease(seat, link)
    still = set(link.renew([claim_no for _, claim_no, _, _ in rows], LEASE_MS))
    lost = [(inquiry, claim_no) for inquiry, claim_no, _, _ in rows if claim_no not in still]
    return work.do(lambda: Kept(lost=_renewed(seat, still, lost, until)))


def _lease(seat: Seat, link: Link) -> Millis:
    """When a lease ends that is asked for after this: by the earlier of both clocks, so that a jump does no harm."""
    return min(seat.now(), link.hello(seat.device).now) + LEASE_MS - MARGIN_MS


def _renewed(seat: Seat, still: set[int], lost: Sequence[tuple[Id, int]], until: Millis) -> tuple[Id, ...]:
    writer = seat.store.writer
    sql = "UPDATE hub_claim SET expires_at = ? WHERE claim_no = ? AND state = 'held' AND pack = 0"
    writer.executemany(sql, [(until, number) for number in still])
    return _lose(seat, lost)


def _lose(seat: Seat, lost: Sequence[tuple[Id, int]]) -> tuple[Id, ...]:
    """Whoever is in hand stays there, marked; returns those."""
    writer, told = seat.store.writer, list[Id]()
    for inquiry, claim_no in lost:
        # A laptop that wakes from sleep still shows them, though its window could give no sign of life.
        in_hand = seat.store.one("SELECT 1 FROM claim WHERE inquiry = ?", (inquiry,))
        if in_hand:
            sql = "UPDATE hub_claim SET state = 'lost' WHERE inquiry = ? AND claim_no = ? AND state = 'held'"
            told += [inquiry] if writer.execute(sql, (inquiry, claim_no)).rowcount else []
        else:
            writer.execute("DELETE FROM hub_claim WHERE inquiry = ? AND claim_no = ?", (inquiry, claim_no))
    return tuple(told)


def tend(seat: Seat, link: Link, *, work: Work | None = None, want: int = AHEAD) -> Kept:
    """All of it, for the thread that talks with the hub: call it every few seconds, and after every action.

    Raises:
        HubUnreachable, HubRefused: as the link.
    """
    work = work or Work(seat)
    kept = keep(seat, link, work=work)
    topped = top_up(seat, link, work=work, want=want)
    return msgspec.structs.replace(topped, lost=kept.lost)


# one in particular


def claim_now(seat: Seat, link: Link, inquiry_id: Id, *, work: Work | None = None) -> None:
    """Hold one who was picked: they called in, or were found. The caller's own thread may ask.

    Raises:
        Refused: a colleague holds them or their number, or this team calls in order only.
        HubUnreachable, HubRefused: as the link.
    """
    work = work or Work(seat)
    inquiry_id = seat.ledger.survivor(inquiry_id)
    if _holds(seat, inquiry_id):
        return
    welcome = link.hello(seat.device)
    if not welcome.may_pick and welcome.role not in MAY_PICK and inquiry_id not in _first_offered(seat):
        raise Refused("Your team calls in the order of the queue.", todo="A team lead may give them to you.")
    if not _claim_one(work, link, inquiry_id):
        who = next((each.member for each in link.present() if each.inquiry == inquiry_id), "")
        raise Refused(
            f"{who or 'A colleague'} has this inquiry, or one of its numbers, on the line.",
            todo="Wait until they are done, or ask them.",
        )


def _holds(seat: Seat, inquiry_id: Id) -> bool:
    sql = "SELECT 1 FROM hub_claim WHERE inquiry = ? AND state = 'held' AND expires_at > ?"
    return seat.store.one(sql, (inquiry_id, seat.now())) is not None


def _first_offered(seat: Seat) -> set[Id]:
    found, _ = candidates(seat, None, FIRST)
    return {candidate.inquiry for candidate in found}


def _claim_one(work: Work, link: Link, inquiry_id: Id) -> bool:
    sent = work.seat.now()
    claims = link.claim_first(with_numbers(work.seat, [inquiry_id]), 1, LEASE_MS)
    _take(work, link, claims, sent)
    return bool(claims)


def check(seat: Seat, link: Link | None, inquiry_id: Id, *, work: Work | None = None) -> bool:
    """Whether this computer still holds them: before dialling, and when it wakes from sleep.

    A claim that ran out, and that nobody else has taken, is claimed anew. Without the hub the lease says.
    """
    inquiry_id = seat.ledger.survivor(inquiry_id)
    if not queue.in_team(seat):
        return True
    row = seat.store.one("SELECT claim_no, pack FROM hub_claim WHERE inquiry = ?", (inquiry_id,))
    if link is None:
        return _holds(seat, inquiry_id)
    work = work or Work(seat)
    try:
        until = _lease(seat, link)
        if row and link.renew([row[0]], LEASE_MS):
            work.do(lambda: _take_back(seat, inquiry_id, row[0], until))
            return True
        if _claim_one(work, link, inquiry_id):
            return True
    except HubUnreachable:
        return _holds(seat, inquiry_id)
    if row:
        work.do(lambda: _lose(seat, [(inquiry_id, row[0])]))
    return False


def _take_back(seat: Seat, inquiry_id: Id, claim_no: int, until: Millis) -> None:
    """The hub says that it is ours: also what was let go of here in this moment, or thought lost."""
    seat.store.writer.execute(
        "UPDATE hub_claim SET state = 'held', expires_at = CASE WHEN pack = 1 THEN expires_at ELSE ? END "
        "WHERE inquiry = ? AND claim_no = ? AND state <> 'telling'",
        (until, inquiry_id, claim_no),
    )
