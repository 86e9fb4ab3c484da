"""Long lists, a page at a time: a walk along an index from where the page before ended, narrowed to what is typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from app.models.entries import Id, Millis
from app.models.searching import question
from app.services.seat import Seat

PAGE = 100
MOST_IDS = 5000  # so many are chosen with one key at most
R = TypeVar("R")


class Place(msgspec.Struct, frozen=True):
    """Where a page ended."""

    at: Millis
    id: Id


class Page(msgspec.Struct, Generic[R], frozen=True):
    """Some rows, where the next ones begin (None: there are none), and when they were read."""

    rows: tuple[R, ...]
    next: Place | None
    read_at: Millis


def walk(
    seat: Seat, columns: str, where: str, order: str, parameters: dict[str, Any], after: Place | None, size: int
) -> list[tuple[Any, ...]]:
    """The next rows of `inquiry i`, by the column that orders them and by id; `where` begins with the table."""
    parameters |= {"at": after.at if after else -1, "id": after.id if after else "", "size": size}
    sql = f"SELECT {columns} FROM {where} AND ({order}, i.id) > (:at, :id) ORDER BY {order}, i.id LIMIT :size + 0"
    return seat.store.query(sql, parameters)


def holding(text: str) -> str:
    """A pattern of LIKE, with a backslash as its escape, for whatever holds a text."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def narrowed(text: str, columns: Iterable[str], parameters: dict[str, Any]) -> str:
    """What was typed, as a condition: words of the person, or a column that holds it; nothing for nothing."""
    if not text:
        return ""
    asked = question(text)
    parameters["like"] = holding(text)
    named = [f"i.{column} LIKE :like ESCAPE '\\'" for column in columns]
    for number, (table, match) in enumerate((("search_words", asked.words), ("search_grams", asked.inside)), start=1):
        if match:
            parameters[f"match{number}"] = match
            named.append(f"i.num IN (SELECT rowid FROM {table} WHERE {table} MATCH :match{number})")
    return f" AND ({' OR '.join(named)})"
