"""The rows of folded inquiries: written for many at once, and only where they differ from what is there.

SQLAlchemy makes the SQL of these statements, once; the driver runs them with plain tuples, since its own cost a row
counts when a list of a hundred thousand comes in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain, compress, count
from operator import ne
from typing import TYPE_CHECKING, Any

from app.models.entries import Id
from app.services.store.projection import NEWCOMER, Newcomer, Projection
from app.services.store.tallies import Tallies

if TYPE_CHECKING:
    from app.services.store.connection import Store

CHUNKS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 400)
CHUNK = CHUNKS[-1]  # of SQLite's limit on parameters
CHILDREN = {  # tables, and where a projection has their rows
    "attempt": "attempts", "phone": "phones", "email": "emails", "suppression": "blocks", "imported_row": "rows",
}  # fmt: skip
Row = tuple[Any, ...]


def children(projection: Projection, name: str) -> set[Row]:
    """The rows that an inquiry has in one of `CHILDREN`."""
    rows: set[Row] = getattr(projection, CHILDREN[name])
    return rows


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    from app.models import tables

    return tuple(column.name for column in tables.metadata.tables[table].columns)


@cache
def insert_of(table: str) -> str:
    """INSERT of a whole row, with a mark for each column."""
    from sqlalchemy.dialects import sqlite

    from app.models import tables

    return str(tables.metadata.tables[table].insert().compile(dialect=sqlite.dialect(paramstyle="qmark")))


@cache
def _insert_newcomer() -> str:
    return f"INSERT INTO inquiry ({', '.join(NEWCOMER)}) VALUES ({', '.join('?' * len(NEWCOMER))})"


@lru_cache(maxsize=256)
def _update_of(table: str, key: str, columns: tuple[str, ...]) -> str:
    from sqlalchemy import bindparam
    from sqlalchemy.dialects import sqlite

    from app.models import tables

    made = tables.metadata.tables[table]
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in columns}
    statement = made.update().where(made.c[key] == bindparam("k")).values(values)
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


@cache
def _delete_of(table: str) -> str:
    from sqlalchemy import bindparam
    from sqlalchemy.dialects import sqlite

    from app.models import tables

    made = tables.metadata.tables[table]
    statement = made.delete()
    for column in made.primary_key:
        statement = statement.where(column == bindparam(f"k_{column.name}"))
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


@cache
def _key_places(table: str) -> tuple[int, ...]:
    from app.models import tables

    return tuple(columns_of(table).index(column.name) for column in tables.metadata.tables[table].primary_key)


class FoldedRows:
    """Writes and removes the rows of inquiries. Inside `writing()`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, made: Sequence[Projection], *, rebuilt: Tallies | None = None) -> None:
        """Rows of inquiries that have none yet; `rebuilt`: a rebuild writes these figures and the full text at its end.

        Children come by rising key, so that what lies on one page is written together.
        """
        rows = [p.inquiry for p in made]
        self._many(insert_of("inquiry"), rows)
        for name in CHILDREN:
            self._many(insert_of(name), sorted(chain.from_iterable([children(p, name) for p in made])))
        texts = [(p.num, p.words, p.digits) for p in made]
        (self._index if rebuilt is None else self._keep)(texts)
        tallies = rebuilt or self.tallies()
        tallies.came(rows)
        if rebuilt is None:
            tallies.write(self._store)

    def enter(self, made: Sequence[Newcomer], *, rebuilt: Tallies | None = None) -> None:
        """As `add`, for those about whom there is nothing but that they were captured."""
        people = [p.inquiry for p in made]
        self._many(_insert_newcomer(), people)
        self._many(insert_of("phone"), sorted([row for p in made for row in p.phones]))
        self._many(insert_of("email"), sorted([row for p in made for row in p.emails]))
        self._many(insert_of("imported_row"), sorted([row for p in made for row in p.rows]))
        texts = [(p.inquiry[0], p.words, p.digits) for p in made]
        (self._index if rebuilt is None else self._keep)(texts)
        tallies = rebuilt or self.tallies()
        tallies.entered(people)
        if rebuilt is None:
            tallies.write(self._store)

    def put(self, made: Sequence[Projection]) -> None:
        """Bring the rows of inquiries up to date, wherever they differ."""
        before = self._inquiries([p.id for p in made])
        self.add([p for p in made if p.id not in before])
        known = [p for p in made if p.id in before]
        if not known:
            return
        self._update([(before[p.id], p.inquiry) for p in known if before[p.id] != p.inquiry])
        for name in CHILDREN:
            self._put_children(name, [p for p in known if name not in p.same])
        moved = {p.id: before[p.id][0] for p in known if before[p.id][0] != p.num}
        self._unindex(list(moved.values()))
        self._reindex([(p.num, p.words, p.digits) for p in known if "search" not in p.same or p.id in moved])

    def bring(self, rows: Iterable[tuple[str, str]]) -> None:
        """Imported rows of inquiries of which nothing else differs."""
        self._many(insert_of("imported_row"), sorted(rows))

    def _update(self, pairs: Sequence[tuple[Row, Row]]) -> None:
        """Only the columns that differ: each that is named writes every index anew in which it is."""
        if not pairs:
            return
        columns, tallies = columns_of("inquiry"), self.tallies()
        tallies.went(old for old, _ in pairs)
        tallies.came(new for _, new in pairs)
        tallies.write(self._store)
        place = columns.index("id")
        alike: dict[tuple[int, ...], list[Row]] = {}
        for old, new in pairs:
            places = tuple(compress(count(), map(ne, old, new)))
            alike.setdefault(places, []).append((*[new[at] for at in places], new[place]))
        for places, rows in alike.items():
            self._many(_update_of("inquiry", "id", tuple([columns[at] for at in places])), rows)

    def remove(self, inquiries: Iterable[Id]) -> None:
        """Take away every row of inquiries that are no more."""
        before = self._inquiries(list(inquiries))
        if not before:
            return
        tallies = self.tallies()
        self._unindex([row[0] for row in before.values()])
        tallies.went(before.values())
        tallies.write(self._store)
        gone = [(inquiry,) for inquiry in before]
        for name in (*CHILDREN, "inquiry"):
            key = "id" if name == "inquiry" else "inquiry"
            self._many(f"DELETE FROM {name} WHERE {key} = ?", gone)

    def children_of(self, name: str, inquiries: Sequence[Id]) -> dict[Id, set[Row]]:
        """What is in one of `CHILDREN` now, by inquiry."""
        columns, found = columns_of(name), defaultdict(set)
        place = columns.index("inquiry")
        for row in self._select(f"SELECT {', '.join(columns)} FROM {name} WHERE inquiry IN", inquiries):
            found[row[place]].add(row)
        return found

    def _inquiries(self, inquiries: Sequence[Id]) -> dict[Id, Row]:
        columns = columns_of("inquiry")
        place = columns.index("id")
        rows = self._select(f"SELECT {', '.join(columns)} FROM inquiry WHERE id IN", inquiries)
        return {row[place]: row for row in rows}

    def _put_children(self, name: str, made: Sequence[Projection]) -> None:
        if not made:
            return
        have = self.children_of(name, [p.id for p in made])
        gone: list[Row] = []
        new: list[Row] = []
        for projection in made:
            rows, old = children(projection, name), have.get(projection.id, set())
            gone += old - rows
            new += rows - old
        places = _key_places(name)
        self._many(_delete_of(name), [tuple(row[place] for place in places) for row in gone])
        self._many(insert_of(name), new)

    # full text: external content, so the old words have to be said when they go; always by rising number, since FTS5
    # writes everything that it holds in memory to the file whenever a number is lower than the one before

    def _keep(self, texts: Sequence[Row]) -> None:
        self._many(insert_of("search"), texts)

    def _index(self, texts: Sequence[Row]) -> None:
        rows = sorted(texts)
        self._keep(rows)
        self._many("INSERT INTO search_words(rowid, words) VALUES(?, ?)", [row[:2] for row in rows])
        self._many("INSERT INTO search_grams(rowid, words, digits) VALUES(?, ?, ?)", rows)

    def _reindex(self, rows: Sequence[Row]) -> None:
        have = {row[0]: row for row in self._texts([row[0] for row in rows])}
        differ = [row for row in rows if have.get(row[0]) != row]
        self._unindex([row[0] for row in differ if row[0] in have])
        self._index(differ)

    def _unindex(self, nums: Sequence[int]) -> None:
        old = sorted(self._texts(nums))
        self._many("INSERT INTO search_words(search_words, rowid, words) VALUES('delete', ?, ?)", [r[:2] for r in old])
        self._many("INSERT INTO search_grams(search_grams, rowid, words, digits) VALUES('delete', ?, ?, ?)", old)
        self._many("DELETE FROM search WHERE num = ?", [row[:1] for row in old])

    def _texts(self, nums: Sequence[int]) -> list[Row]:
        return self._select("SELECT num, words, digits FROM search WHERE num IN", nums)

    def tallies(self) -> Tallies:
        """What counts the rows of inquiries that come and go."""
        return Tallies(columns_of("inquiry"))

    # the driver

    def _select(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return select_in(self._store, sql, values)

    def _many(self, sql: str, rows: Sequence[Row]) -> None:
        if rows:
            self._store.writer.executemany(sql, rows)


def select_in(store: Store, sql: str, values: Sequence[Any]) -> list[Row]:
    """Rows of a SELECT that ends in IN, for any number of values.

    The last one is said again until there are as many as one of `CHUNKS`: a statement of another length would be
    parsed anew, which takes longer than to look for the rows.
    """
    found: list[Row] = []
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        size = CHUNKS[bisect_left(CHUNKS, len(chunk))]
        found += store.query(f"{sql} ({','.join('?' * size)})", [*chunk, *[chunk[-1]] * (size - len(chunk))])
    return found
