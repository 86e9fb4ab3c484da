"""Working the queue from a window: what one key does, in one piece of work, with the inquiry that comes after it.

One inquiry is held ahead of the one in hand, ready to be shown, so that a decision and the next person are one frame
apart. It is shown only for as long as it would still be the next: `Opened.good_until`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from app.models.entries import Answer, Disposition, Id, Millis, Outcome, Phone
from app.models.inquiry import Stage
from app.models.rows import QueueCounts, QueueRow
from app.services import calling, drafts, handoff, queue
from app.services.errors import Refused, ServiceError
from app.services.seat import Changed, Seat

AHEAD_MS = 10 * 60_000  # an inquiry that was held ahead for longer is looked up anew


class Number(msgspec.Struct, frozen=True):
    """One number of somebody, and whether it may be called now."""

    number: str  # E.164, or as typed
    shown: str
    calling_class: str
    why: str = ""  # why it may not be called now; empty when it may
    opens_at: Millis | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An inquiry ready to be shown."""

    view: calling.CallView
    numbers: tuple[Number, ...]
    read_at: Millis
    good_until: Millis  # from here on somebody else may be next, or they may not be called any more
    locked: str = ""  # why nothing may be done with it: somebody else holds it

    @property
    def id(self) -> Id:
        """The inquiry's."""
        return self.view.inquiry.id


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a key did, and who comes next."""

    changed: Changed = Changed()
    opened: Opened | None = None  # to be shown now; None: what is shown stays, or nobody can be called
    ahead: Opened | None = None  # held for the key after
    why_none: str = ""  # nobody can be called: why, for people
    opens_at: Millis | None = None  # …and when that ends
    nothing_yet: bool = False  # the home holds no inquiry at all
    trouble: str = ""  # the action is kept, but the next inquiry could not be fetched
    lost: str = ""  # the action is kept, but the claim under which it was done had run out


# reading


def reopened(seat: Seat, inquiry_id: Id) -> Opened:
    """An inquiry in hand as it is now.

    Raises:
        NotFound: there is none.
    """
    return _opened(seat, inquiry_id)


class Refreshed(msgspec.Struct, frozen=True):
    """Rows of the queue that changed, as they are now, and who is gone altogether."""

    rows: tuple[QueueRow, ...]
    gone: frozenset[Id]
    read_at: Millis


def refreshed(seat: Seat, inquiries: frozenset[Id]) -> Refreshed:
    """These inquiries as rows."""
    found = queue.rows(seat, sorted(inquiries))
    return Refreshed(tuple(found), inquiries - {row.id for row in found}, seat.now())


def counts(seat: Seat) -> QueueCounts:
    """The head of the queue."""
    return queue.counts(seat)


def _opened(seat: Seat, inquiry_id: Id, locked: str = "") -> Opened:
    view = calling.open_call(seat, inquiry_id)
    now, inquiry = seat.now(), view.inquiry
    numbers = tuple(_number(seat, view, phone, now) for phone in inquiry.numbers)
    return Opened(view=view, numbers=numbers, read_at=now, good_until=_good_until(seat, view, now), locked=locked)


def _number(seat: Seat, view: calling.CallView, phone: Phone, now: Millis) -> Number:
    from app.models.phones import display

    row = view.row
    if not phone.e164:
        return Number(phone.raw, phone.raw, "", "not a valid number: correct it")
    calling_class = calling.class_of(view.inquiry, phone)
    number = Number(phone.e164, display(phone.e164), calling_class)
    opening = seat.hours.opening(calling_class, now)
    if not opening.open:
        text = seat.hours.explain(opening, now).text
        return msgspec.structs.replace(number, why=text, opens_at=opening.until)
    if row.why.startswith(("objected", "on hold")):
        return msgspec.structs.replace(number, why=row.why)
    return number


def _good_until(seat: Seat, view: calling.CallView, now: Millis) -> Millis:
    if not view.row.callable:
        return now
    promised = seat.store.one("SELECT min(promised_at) FROM inquiry WHERE promised_at > ?", (now,))
    ends = [now + AHEAD_MS, seat.hours.opening(view.calling_class, now).until]
    if promised and promised[0]:
        ends.append(int(promised[0]))
    return min(ends)


# beginning, going on


def start(seat: Seat) -> Step:
    """The call that was interrupted last, with its draft; else the next inquiry.

    A window is alone on its home: what a killed one still holds is free again.
    """
    if seat.holder.startswith("window-"):
        queue.forget_dead_windows(seat)
    resumed = drafts.latest(seat)
    if resumed is not None:
        try:
            inquiry = seat.inquiry(resumed)
            if inquiry.stage in {Stage.WAITING, Stage.UNREACHED}:
                queue.claim(seat, inquiry.id)
                return _step(seat, Changed(), first=inquiry.id)
        except Refused:  # a colleague has them now, or they are gone: somebody else comes first
            pass
    return _step(seat, Changed())


def go_on(seat: Seat, leaving: Id = "") -> Step:
    """The next inquiry behind the one in hand, which is let go and keeps its draft and its place."""
    return _step(seat, Changed(), leaving=leaving)


def look_ahead(seat: Seat, shown: Id) -> Step:
    """Who comes after the inquiry in hand, looked up anew."""
    return _step(seat, Changed(), shown=shown)


def open_one(seat: Seat, inquiry_id: Id) -> Step:
    """Anybody who was picked: claimed, or to be read only while a colleague has them.

    Raises:
        NotFound: there is none. Refused: they were discarded or erased.
    """
    inquiry = seat.inquiry(inquiry_id)
    if inquiry.stage in calling.FINISHED:
        raise Refused(f"This inquiry is {inquiry.stage.value}; nothing of the person is shown.")
    try:
        queue.claim(seat, inquiry.id)
    except Refused as error:
        return Step(opened=_opened(seat, inquiry.id, error.sentence))
    return _step(seat, Changed(), first=inquiry.id)


def leave(seat: Seat) -> None:
    """A pause: others may take what this window held."""
    queue.release(seat)


# acting, and what comes after


def decide_and_next(
    seat: Seat, inquiry_id: Id, disposition: Disposition, choice: handoff.Choice, *, shown: Id = ""
) -> Step:
    """Decide; `shown` is the inquiry that the window shows already, held ahead.

    Raises:
        Refused, ReasonNeeded, NotFound: as `handoff.dispose`; nothing was changed.
    """
    lost = queue.lost(seat, inquiry_id)
    return _said(_step(seat, handoff.dispose(seat, inquiry_id, disposition, choice), shown=shown), lost)


def log_and_next(
    seat: Seat, inquiry_id: Id, outcome: Outcome, *, shown: Id = "", answers: Mapping[str, Answer] | None = None,
    note: str = "", back_at: Millis | None = None, number: str = "", seconds: int = 0,
) -> Step:  # fmt: skip
    """Log a call; after a wrong number the same person comes again while they have another.

    Raises:
        Refused, NotFound: as `calling.log_call`; nothing was changed.
    """
    lost = queue.lost(seat, inquiry_id)
    changed = calling.log_call(
        seat, inquiry_id, outcome, answers=answers, note=note, back_at=back_at, number=number, seconds=seconds
    )
    if outcome is Outcome.WRONG_NUMBER and not shown:
        inquiry = seat.inquiry(inquiry_id)
        if inquiry.number is not None and inquiry.stage is Stage.WAITING:
            return _said(_after(changed, lambda: _step(seat, changed, first=_claimed(seat, inquiry.id))), lost)
    return _said(_step(seat, changed, shown=shown), lost)


def skip_and_next(seat: Seat, inquiry_id: Id, reason: str, *, shown: Id = "") -> Step:
    """Not now, with a reason.

    Raises:
        Refused, NotFound: as `calling.skip`; nothing was changed.
    """
    lost = queue.lost(seat, inquiry_id)
    return _said(_step(seat, calling.skip(seat, inquiry_id, reason), shown=shown), lost)


def undo(seat: Seat, *, shown: Id = "") -> Step:
    """Take back the last action and open its inquiry with its draft; the one `shown` stays held for afterwards.

    Raises:
        Refused: as `handoff.undo`; nothing was changed.
    """
    changed = handoff.undo(seat)

    def reopen() -> Step:
        inquiry_id = seat.ledger.survivor(changed.inquiry)
        try:
            queue.claim(seat, inquiry_id)
        except Refused as error:
            return Step(changed=changed, opened=_opened(seat, inquiry_id, error.sentence))
        return _step(seat, changed, first=inquiry_id, then=shown)

    return _after(changed, reopen)


def _said(step: Step, lost: str) -> Step:
    return msgspec.structs.replace(step, lost=lost) if lost else step


def _claimed(seat: Seat, inquiry_id: Id) -> Id:
    queue.claim(seat, inquiry_id)
    return inquiry_id


def _after(changed: Changed, go_on_with: Callable[[], Step]) -> Step:
    """What was done stays done, also where the next inquiry cannot be fetched."""
    try:
        return go_on_with()
    except ServiceError as error:
        return Step(changed=changed, trouble=str(error))


def _step(seat: Seat, changed: Changed, *, shown: Id = "", first: Id = "", then: Id = "", leaving: Id = "") -> Step:
    """Fetches whom to show (`first`, else the next; nobody new where one is `shown`) and whom to hold ahead."""

    def fetch() -> Step:
        now_id, ahead_id = _hold(seat, shown or first, then, leaving)
        if now_id is None:
            found = queue.counts(seat)
            empty = seat.store.one("SELECT 1 FROM inquiry LIMIT 1") is None
            return Step(changed=changed, why_none=_why_none(seat), opens_at=found.next_opens_at, nothing_yet=empty)
        return Step(
            changed=changed,
            opened=None if shown else _opened(seat, now_id),
            ahead=_opened(seat, ahead_id) if ahead_id is not None else None,
        )

    return _after(changed, fetch)


def _why_none(seat: Seat) -> str:
    """In a team somebody may be callable whom the hub has not given yet."""
    return queue.why_nobody(queue.View(seat)) if queue.in_team(seat) else "Nobody can be called now."


def _hold(seat: Seat, present: Id, then: Id, leaving: Id) -> tuple[Id | None, Id | None]:
    """Claims who is shown and who comes after, and lets go of everybody else that this window held."""
    with seat.store.writing(plain=True):
        if not present:
            found = queue.behind(seat, leaving) if leaving else queue.peek_next(seat)
            if found is None:
                queue.let_go_of_others(seat, set())
                return None, None
            present = found
            queue.claim(seat, present)
        ahead = then or queue.peek_next(seat, without=present)
        if ahead is not None:
            queue.claim(seat, ahead)
        queue.let_go_of_others(seat, {present, ahead or ""})
        return present, ahead
