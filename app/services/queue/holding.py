"""Who in this home holds whom: one window or one command of a terminal at a time.

In a team this stands on what this computer holds from the hub (table `hub_claim`, kept by app.services.team.claims):
whoever is next is taken from those. What happened is always accepted, under whatever claim; a lost one is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.models.entries import Id, Millis
from app.models.rows import Group
from app.services.errors import NobodyCallable, Refused
from app.services.queue.figures import next_opening
from app.services.queue.order import Place, first, in_order
from app.services.queue.pages import place_of
from app.services.queue.view import DUE_PROMISE, FREE, MINUTE, STILL_THEIRS, View, when
from app.services.seat import Seat

LEASE_MS = 15 * MINUTE  # a claim without a sign of life
TERMINAL = "terminal-"  # how the holder of a terminal's command begins


class NotHeld(Refused):
    """In a team somebody who was picked has to be claimed from the hub first."""

    code = "not_claimed"


def in_team(seat: Seat) -> bool:
    """Whether a hub decides who may call whom: from the moment at which this home joined."""
    from app.services.team import state
    from app.services.team.membership import MEMBERSHIP

    sql = "SELECT 1 FROM secret WHERE name = ? UNION ALL SELECT 1 FROM team WHERE key = ? AND value <> ''"
    return seat.store.one(sql, (MEMBERSHIP, state.EPOCH)) is not None


# who is taken


_LAWFUL = "i.stage = 'waiting' AND i.blocked = 0 AND i.not_before <= :now"
_HELD = (
    f"SELECT CASE WHEN i.promised_at IS NOT NULL THEN {int(Group.PROMISED)} "
    f"WHEN i.owner = '' OR NOT {STILL_THEIRS} THEN {int(Group.UNASSIGNED)} "
    f"WHEN i.owner = :member THEN {int(Group.MINE)} ELSE {int(Group.OTHERS)} END AS place, "
    "coalesce(i.promised_at, i.since), i.id, i.calling_class "
    "FROM hub_claim h CROSS JOIN inquiry i ON i.id = h.inquiry "  # from the few
    f"WHERE h.state = 'held' AND h.expires_at > :now AND {_LAWFUL} AND {FREE} "
    f"AND (i.promised_at IS NOT NULL AND {DUE_PROMISE} OR i.promised_at IS NULL AND i.since <= :now "
    f"AND (i.owner IN ('', :member) OR NOT {STILL_THEIRS} OR %s)) ORDER BY 1, 2, 3"
)


def held_in_order(view: View) -> list[Place]:
    """Whom this computer holds from the hub and may call now, and no other window works on, in the queue's order."""
    over, values = view.too_long()
    found = view.seat.store.query(_HELD % over, view.parameters | values)
    return [Place(Group(group), since, i) for group, since, i, hours in found if view.opening(hours).open]


def first_to_take(view: View, without: Id = "") -> Id | None:
    """Whom `claim_next` would give, except one."""
    if not in_team(view.seat):
        return first(view, without)
    return next((place.id for place in held_in_order(view) if place.id != without), None)


def peek_next(seat: Seat, *, without: Id = "") -> Id | None:
    """Who would be next, without claiming."""
    return first_to_take(View(seat), without)


def behind(seat: Seat, leaving: Id) -> Id | None:
    """The next behind an inquiry in the order of the queue, beginning again at its head; never the same one."""
    view = View(seat)
    place = place_of(view, leaving)
    if in_team(seat):
        held = [each for each in held_in_order(view) if each.id != leaving]
        return next((each.id for each in held if each > place), held[0].id if held else None)
    for after in (place, None):
        found = next((each.id for each in in_order(view, after) if each.id != leaving), None)
        if found is not None:
            return found
    return None


def claim_next(seat: Seat, *, keep: Id = "") -> Id:
    """Claim the next inquiry and let go of the others that this holder had, except `keep`.

    Raises:
        NobodyCallable: with the moment at which the next one opens; in a team perhaps because the hub gave nobody yet.
    """
    with seat.store.writing(plain=True):
        view = View(seat)
        inquiry_id = first_to_take(view)
        if inquiry_id is None:
            raise NobodyCallable(why_nobody(view))
        _hold(seat, inquiry_id, view.now)
        let_go_of_others(seat, {inquiry_id, keep})
        return inquiry_id


def claim(seat: Seat, inquiry_id: Id) -> None:
    """Hold one inquiry that somebody picked: they called in, or were found.

    Raises:
        Refused: somebody else in this home holds it. NotHeld: in a team, this computer does not hold it from the hub.
    """
    with seat.store.writing(plain=True):
        refuse_if_taken(seat, inquiry_id)
        _hold(seat, inquiry_id, seat.now())
        if in_team(seat) and not _take_up(seat, inquiry_id):
            raise NotHeld(
                "The hub has not given them to this computer.",
                todo="Connect to the hub, or call somebody of your pack.",
            )


def refuse_if_taken(seat: Seat, inquiry_id: Id) -> None:
    """An action that lets go of an inquiry at its end need not hold it before. Inside `writing()`.

    Raises:
        Refused: another window or command of this home holds it.
    """
    _refuse(_held_by(seat, inquiry_id)[0])


def holder_of(seat: Seat, inquiry_id: Id) -> str:
    """Which other member has an inquiry on the line here now; empty: nobody, or another window of the same member."""
    by, member = _held_by(seat, inquiry_id)
    return by if member != seat.member else ""


def refuse_if_held(seat: Seat, inquiry_id: Id) -> None:
    """What takes no claim of its own respects somebody else's.

    Raises:
        Refused: another member has the inquiry on the line.
    """
    _refuse(holder_of(seat, inquiry_id))


def _held_by(seat: Seat, inquiry_id: Id) -> tuple[str, str]:
    """Who holds it in another window or command, in words and by name."""
    row = seat.store.one("SELECT holder, member, expires_at FROM claim WHERE inquiry = ?", (inquiry_id,))
    if row is None or row[2] <= seat.now() or _is_ours(seat, *row[:2]):
        return "", ""
    return str(row[1] or "Somebody"), str(row[1])


def _refuse(by: str) -> None:
    if by:
        raise Refused(
            f"{by} has this inquiry on the line.",
            kept="Nothing was changed.",
            todo="Wait until they are done, or ask them.",
        )


def _is_ours(seat: Seat, holder: str, member: str) -> bool:
    """Each command of a terminal is a process of its own: what `next` claimed, the same member's `call` may take."""
    return holder == seat.holder or (
        holder.startswith(TERMINAL) and seat.holder.startswith(TERMINAL) and member == seat.member
    )


def _hold(seat: Seat, inquiry_id: Id, now: Millis) -> None:
    seat.store.writer.execute(_CLAIM, (inquiry_id, seat.holder, seat.member, now + LEASE_MS))


_CLAIM = (
    "INSERT INTO claim(inquiry, holder, member, expires_at, claim_no) VALUES(?, ?, ?, ?, 1) ON CONFLICT(inquiry) "
    "DO UPDATE SET holder = excluded.holder, member = excluded.member, expires_at = excluded.expires_at, "
    "claim_no = claim.claim_no + 1"
)


def _take_up(seat: Seat, inquiry_id: Id) -> bool:
    """Whether the hub's claim is here; one that was let go of, and the hub not told yet, is taken up again."""
    row = seat.store.one(
        "SELECT state FROM hub_claim WHERE inquiry = ? AND state IN ('held', 'released') AND expires_at > ?",
        (inquiry_id, seat.now()),
    )
    if row and row[0] == "released":
        seat.store.writer.execute("UPDATE hub_claim SET state = 'held' WHERE inquiry = ?", (inquiry_id,))
    return row is not None


# under which claim


def claim_no(seat: Seat, subjects: Sequence[Id]) -> int:
    """The number of the hub's claim under which something is written now; 0: none, or no team.

    `subjects`: all that fold into the inquiry, since it may have been claimed before it was merged.
    """
    marks = ",".join("?" * len(subjects))
    sql = f"SELECT max(claim_no) FROM hub_claim WHERE state IN ('held', 'lost') AND inquiry IN ({marks})"
    row = seat.store.one(sql, subjects)
    return int(row[0] or 0) if row else 0


def lost(seat: Seat, inquiry_id: Id) -> str:
    """What to tell a caller whose claim ran out while they had somebody in hand; empty: all is well."""
    row = seat.store.one(
        "SELECT 1 FROM hub_claim WHERE inquiry = ? AND (state = 'lost' OR (state = 'held' AND expires_at <= ?))",
        (inquiry_id, seat.now()),
    )
    if row is None:
        return ""
    return (
        "Your claim had run out, so a colleague may have called them too. What you did is kept; if both decided, a "
        "team lead settles it."
    )


# letting go


def let_go(seat: Seat, *subjects: Id) -> None:
    """Whoever held this inquiry is done with it. Inside `writing()`."""
    seat.store.writer.executemany("DELETE FROM claim WHERE inquiry = ?", [(subject,) for subject in subjects])
    _let_the_hub_have(seat, subjects)


def let_go_of_others(seat: Seat, keep: set[Id]) -> None:
    """Let go of whatever this holder has, except these. Inside `writing()`."""
    rows = seat.store.query("SELECT inquiry FROM claim WHERE holder = ?", (seat.holder,))
    gone = [inquiry for (inquiry,) in rows if inquiry not in keep]
    if gone:
        mine = [(inquiry, seat.holder) for inquiry in gone]
        seat.store.writer.executemany("DELETE FROM claim WHERE inquiry = ? AND holder = ?", mine)
        _let_the_hub_have(seat, gone)


def _let_the_hub_have(seat: Seat, inquiries: Sequence[Id]) -> None:
    """The network thread tells the hub; somebody of a pack who still waits stays in the pack."""
    marks = ",".join("?" * len(inquiries))
    if not seat.store.one(f"SELECT 1 FROM hub_claim WHERE inquiry IN ({marks})", inquiries):
        return
    writer = seat.store.writer
    waits = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = hub_claim.inquiry AND i.stage = 'waiting')"
    writer.execute(f"DELETE FROM hub_claim WHERE state = 'lost' AND inquiry IN ({marks})", inquiries)
    writer.execute(
        f"UPDATE hub_claim SET state = 'released' WHERE state = 'held' AND inquiry IN ({marks}) "
        f"AND NOT (pack = 1 AND {waits})",
        inquiries,
    )


def release(seat: Seat, *, keep: Id = "") -> None:
    """Let go of everything that this holder holds."""
    with seat.store.writing(plain=True):
        let_go_of_others(seat, {keep})


def keep_claims(seat: Seat) -> None:
    """A sign of life for what this holder holds; call it every few minutes."""
    with seat.store.writing(plain=True):
        until = seat.now() + LEASE_MS
        seat.store.writer.execute("UPDATE claim SET expires_at = ? WHERE holder = ?", (until, seat.holder))


def forget_dead_windows(seat: Seat) -> None:
    """A window that is alone on its home lets go of what killed ones still hold; the hub's claims are taken up."""
    with seat.store.writing(plain=True):
        dead = "DELETE FROM claim WHERE holder LIKE 'window-%' AND holder <> ?"
        seat.store.writer.execute(dead, (seat.holder,))


# nobody


def why_nobody(view: View) -> str:
    """Why there is nobody to take, for people."""
    if in_team(view.seat) and first(view) is not None:
        return "Nobody is claimed from the hub yet; without the hub, only somebody of a pack can be called."
    at = next_opening(view)
    if at is None and view.seat.store.one("SELECT 1 FROM inquiry WHERE stage = 'waiting' LIMIT 1"):
        return "Nobody can be called now: whoever waits is held, has no valid number, or may not be called."
    if at is None:
        return "Nobody can be called now, and nobody waits."
    minutes = max(1, (at - view.now + MINUTE - 1) // MINUTE)
    hours, minutes = divmod(minutes, 60)
    span = f"{hours} h {minutes} m" if hours else f"{minutes} m"
    return f"Nobody can be called now; the next opens at {when(view.seat, at)}, in {span}."
