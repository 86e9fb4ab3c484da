"""Drafts: what was answered and typed during a call that is not finished. A crash loses nothing of it."""

from __future__ import annotations

import msgspec

from app.models.entries import Answers, Id, Millis
from app.services.seat import Seat

_KEEP = (
    "INSERT INTO draft(inquiry, content, saved_at) VALUES(?, ?, ?) "
    "ON CONFLICT(inquiry) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at"
)


class Draft(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An unfinished call."""

    answers: Answers = {}
    note: str = ""
    question: str = ""  # the one being asked
    number: str = ""  # the one that was dialled
    dialled_at: Millis = 0  # 0: not yet
    look: Answers = {}  # of the second look of sales


def save(seat: Seat, inquiry_id: Id, draft: Draft) -> None:
    """Keep a draft; an empty one is forgotten."""
    with seat.store.writing(plain=True):
        gone = seat.store.one("SELECT 1 FROM ledger WHERE kind = 'erased' AND subject = ?", (inquiry_id,))
        if draft == Draft() or gone:  # a page that was still open writes nothing of an erased person
            forget(seat, inquiry_id)
            return
        seat.store.writer.execute(_KEEP, (inquiry_id, msgspec.json.encode(draft), seat.now()))


def read(seat: Seat, inquiry_id: Id) -> Draft:
    """The draft of an inquiry, or an empty one."""
    row = seat.store.one("SELECT content FROM draft WHERE inquiry = ?", (inquiry_id,))
    return msgspec.json.decode(bytes(row[0]), type=Draft) if row else Draft()


def latest(seat: Seat) -> Id | None:
    """The inquiry whose call was interrupted last; a second look that sales has begun is no call."""
    sql = "SELECT d.inquiry FROM draft d LEFT JOIN inquiry i ON i.id = d.inquiry "
    sql += "WHERE coalesce(i.stage, '') NOT IN ('sell', 'accepted', 'prospect') ORDER BY d.saved_at DESC, d.inquiry"
    row = seat.store.one(f"{sql} LIMIT 1")
    return str(row[0]) if row else None


def forget(seat: Seat, inquiry_id: Id) -> None:
    """The call is finished. Inside `writing()`."""
    seat.store.writer.execute("DELETE FROM draft WHERE inquiry = ?", (inquiry_id,))
