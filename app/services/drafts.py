"""Drafts: what was answered and typed during a call that is not finished. A crash loses nothing of it."""

from __future__ import annotations

import msgspec

from app.models.entries import Answers, Id, Millis
from app.services.seat import Seat


class Draft(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An unfinished call."""

    answers: Answers = {}
    note: str = ""
    question: str = ""  # the one being asked
    number: str = ""  # the one that was dialled
    dialled_at: Millis = 0  # 0: not yet


def save(seat: Seat, inquiry_id: Id, draft: Draft) -> None:
    """Keep a draft; an empty one is forgotten."""
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    with seat.store.writing():
        gone = seat.store.one("SELECT 1 FROM ledger WHERE kind = 'erased' AND subject = ?", (inquiry_id,))
        if draft == Draft() or gone:  # a page that was still open writes nothing of an erased person
            forget(seat, inquiry_id)
            return
        statement = insert(tables.draft)
        changed = {name: statement.excluded[name] for name in ("content", "saved_at")}
        row = {"inquiry": inquiry_id, "content": msgspec.json.encode(draft), "saved_at": seat.now()}
        seat.store.run(statement.on_conflict_do_update(index_elements=["inquiry"], set_=changed), row)


def read(seat: Seat, inquiry_id: Id) -> Draft:
    """The draft of an inquiry, or an empty one."""
    row = seat.store.one("SELECT content FROM draft WHERE inquiry = ?", (inquiry_id,))
    return msgspec.json.decode(bytes(row[0]), type=Draft) if row else Draft()


def latest(seat: Seat) -> Id | None:
    """The inquiry whose call was interrupted last."""
    row = seat.store.one("SELECT inquiry FROM draft ORDER BY saved_at DESC, inquiry LIMIT 1")
    return str(row[0]) if row else None


def forget(seat: Seat, inquiry_id: Id) -> None:
    """The call is finished. Inside `writing()`."""
    from app.models import tables

    seat.store.run(tables.draft.delete().where(tables.draft.c.inquiry == inquiry_id))
