"""Drafts: what was answered and typed during a call that is not finished. A crash loses nothing of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from app.models.entries import Answers, Id, Millis
from app.services.seat import Seat

if TYPE_CHECKING:
    from sqlalchemy.sql.base import Executable


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
    with seat.store.writing():
        gone = seat.store.one("SELECT 1 FROM ledger WHERE kind = 'erased' AND subject = ?", (inquiry_id,))
        if draft == Draft() or gone:  # a page that was still open writes nothing of an erased person
            forget(seat, inquiry_id)
            return
        row = {"inquiry": inquiry_id, "content": msgspec.json.encode(draft), "saved_at": seat.now()}
        seat.store.run(_keeping(), row)


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
    seat.store.run(_forgetting(), {"gone": inquiry_id})


@cache
def _keeping() -> Executable:
    from sqlalchemy.dialects.sqlite import insert

    from app.models import tables

    statement = insert(tables.draft)
    changed = {name: statement.excluded[name] for name in ("content", "saved_at")}
    return statement.on_conflict_do_update(index_elements=["inquiry"], set_=changed)


@cache
def _forgetting() -> Executable:
    from sqlalchemy import bindparam

    from app.models import tables

    return tables.draft.delete().where(tables.draft.c.inquiry == bindparam("gone"))
