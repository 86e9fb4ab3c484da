"""A capture taken back: typed twice, or about the wrong person, and noticed at once."""

from __future__ import annotations

from app.models.entries import Disposed, Disposition, Id, Person, Undone
from app.models.entry import Entry
from app.services import drafts, privacy, queue
from app.services.calling import finish
from app.services.errors import Refused
from app.services.seat import Act, Changed, Seat

MINUTE = 60_000
MISTAKE = "Captured by mistake"


def uncapture(seat: Seat, entries: tuple[Id, ...]) -> Changed:
    """Take back what one capture wrote: who was new is erased at once, who was known is as before.

    Somebody new is discarded without a hash that would block a return, so that they can be captured anew; without a
    capture that stands they count in no figure. In a team the details are hidden at once, and erased as soon as the hub
    has the discard.

    Args:
        entries: of `CaptureResult`.

    Raises:
        Refused: the undo time is over, they were worked with since, or the member's role may not.
    """
    with seat.act() as act:
        captured = seat.ledger.entry(entries[0])
        if captured is None or captured.wall <= seat.now() - seat.settings.whole("undo-minutes") * MINUTE:
            raise Refused("This capture is too long ago to be taken back.", kept="Nothing was changed.")
        inquiry = act.inquiry(captured.subject)
        queue.refuse_if_held(seat, inquiry.id)
        around = [entry for entry in seat.ledger.entries(inquiry.id) if entry.id not in entries]
        if drafts.read(seat, inquiry.id) != drafts.Draft() or any(_is_behind(entry, captured) for entry in around):
            raise Refused(
                "They were worked with since they were captured.", kept="Nothing was changed.",
                todo="Correct or discard them on the call page.",
            )  # fmt: skip
        for entry_id in entries:
            act.append(captured.subject, Undone(entry=entry_id))
        if not around:
            _discard(act, inquiry.id)
        finish(act, inquiry)
        if not around:
            privacy.complete_discard(act, inquiry.id)
        changed = act.changed()
    privacy.wipe_if_erased(seat, changed)
    return changed


def _is_behind(entry: Entry, captured: Entry) -> bool:
    return entry.order() > captured.order()


def _discard(act: Act, inquiry_id: Id) -> None:
    now = act.seat.now()
    body = Disposed(disposition=Disposition.DISCARD, decided_at=now, erase_at=now)
    act.append(inquiry_id, body, Person(reason=MISTAKE))
