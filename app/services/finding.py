"""Finding anyone: by words, by parts of words, by any run of digits, or by the id of an inquiry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlcipher3.dbapi2 as driver

from app.models.entries import Id
from app.models.inquiry import Stage
from app.models.rows import QueueRow
from app.models.searching import Question, question
from app.services import queue
from app.services.errors import NotFound, Refused
from app.services.seat import Seat

ID_LENGTH = 32
SHORTEST_ID = 8
AT_MOST = 1000
GONE = frozenset({Stage.DISCARDED, Stage.ERASED})

_ID = re.compile(r"[0-9a-f]{8,32}")
_WORDS = "SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT ? + 0"
_INSIDE = "SELECT rowid FROM search_grams WHERE search_grams MATCH ? LIMIT ? + 0"
_FEW_DIGITS = "SELECT num FROM search WHERE digits LIKE '%' || ? || '%' LIMIT ? + 0"


class IdUnclear(Refused):
    """The beginning of an id that was given fits several inquiries, or is too short to tell."""

    code = "id_unclear"


def find(seat: Seat, text: str, limit: int = 50) -> list[QueueRow]:
    """Whoever a text may mean: words that begin so, then words that hold it; nobody discarded or erased.

    A text of digits is part of a number, and also the beginning of a word. Whatever was typed, nothing is raised.
    """
    limit = max(0, min(limit, AT_MOST))
    with seat.store.snapshot():
        rows = queue.numbered(seat, *_numbers(seat, question(text), limit))
        if len(rows) < limit:
            known = {row.id for row in rows}
            rows += queue.rows(seat, [named for named in _named(seat, text) if named not in known][:1])
        return [row for row in rows if row.stage not in GONE]


def _numbers(seat: Seat, asked: Question, limit: int) -> Iterator[list[int]]:
    """Rows of the search text, in groups: the best first, none twice, in all at most `limit`."""
    if asked.digits:
        queries = [(_INSIDE, asked.inside) if asked.inside else (_FEW_DIGITS, asked.digits)]
        queries.append((_WORDS, f'"{asked.digits}" *'))
    else:
        queries = [(sql, match) for sql, match in ((_WORDS, asked.words), (_INSIDE, asked.inside)) if match]
    found: set[int] = set()
    for sql, match in queries:
        if len(found) < limit:
            new = [number for number in _asked(seat, sql, match, limit) if number not in found][: limit - len(found)]
            found.update(new)
            yield new


def _asked(seat: Seat, sql: str, match: str, limit: int) -> list[int]:
    try:
        return [row[0] for row in seat.store.query(sql, (match, limit))]
    except driver.OperationalError as error:
        if "fts5" in str(error) or "unterminated" in str(error):
            return []  # a question that the index cannot read finds nobody
        raise


# by id


def _plain(text: str) -> str:
    return text.strip().lower().replace("-", "")


def _named(seat: Seat, text: str) -> list[Id]:
    """The inquiries whose id, or one of whose joined ids, begins so; two are enough to know that it is not unique."""
    prefix = _plain(text)
    if not _ID.fullmatch(prefix):
        return []
    between = (prefix, prefix + "g")  # one sign behind every hexadecimal digit
    found = seat.store.query("SELECT id FROM inquiry WHERE id >= ? AND id < ? LIMIT 2", between)
    found += seat.store.query("SELECT inquiry FROM joined WHERE subject >= ? AND subject < ? LIMIT 3", between)
    return list(dict.fromkeys(row[0] for row in found))


def inquiry_named(seat: Seat, text: str) -> Id:
    """The inquiry that an id names: full, with or without dashes, or any unique beginning of eight signs or more.

    Raises:
        IdUnclear: too short, no id, or it fits several.
        NotFound: it fits none.
    """
    prefix = _plain(text)
    if not re.fullmatch(r"[0-9a-f]*", prefix) or len(prefix) > ID_LENGTH:
        raise IdUnclear(f"{text!r} is no id of an inquiry.", todo="An id is made of 32 signs, 0 to 9 and a to f.")
    if len(prefix) < SHORTEST_ID:
        raise IdUnclear(f"{text!r} is too short for an id.", todo=f"Give at least its first {SHORTEST_ID} signs.")
    found = _named(seat, prefix)
    if not found:
        raise NotFound(f"There is no inquiry {text}.")
    if len(found) > 1:
        raise IdUnclear(f"Several inquiries have an id that begins with {text}.", todo="Give more of it.")
    return found[0]


def short_ids(seat: Seat, ids: list[Id]) -> dict[Id, str]:
    """For each id the shortest beginning that names it alone now, of eight signs or more."""
    short: dict[Id, str] = {}
    for each in ids:
        beside = [
            row[0]
            for sql in (
                "SELECT max(id) FROM inquiry WHERE id < ?",
                "SELECT min(id) FROM inquiry WHERE id > ?",
                "SELECT max(subject) FROM joined WHERE subject < ?",
                "SELECT min(subject) FROM joined WHERE subject > ?",
            )
            if (row := seat.store.one(sql, (each,))) and row[0]
        ]
        length = max((_alike(each, other) + 1 for other in beside), default=SHORTEST_ID)
        short[each] = each[: max(SHORTEST_ID, length)]
    return short


def _alike(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
