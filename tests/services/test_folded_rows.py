"""What the rows of folded inquiries are written and looked up with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.models import tables
from app.models.entries import Disposition
from app.models.inquiry import Inquiry, Stage
from app.services.store.connection import Store
from app.services.store.folded_rows import CHUNK, select_in
from app.services.store.projection import COLUMNS, project


def test_the_row_of_an_inquiry_comes_in_the_order_of_the_table() -> None:
    made = project(Inquiry(id="a" * 32), 12, number_objected=False)
    assert tuple(made.named()) == tuple(column.name for column in tables.inquiry.columns)


def test_each_column_of_an_inquiry_holds_the_field_of_its_name() -> None:
    types = {field.name: str(field.type) for field in msgspec.structs.fields(Inquiry)}
    alike = [name for name in COLUMNS if name in types and name not in {"reason", "consents"}]  # kept otherwise
    said: dict[str, Any] = {}
    for place, name in enumerate(alike):
        plain = {"bool": True, "int": 5_000 + place}
        said[name] = next((value for kind, value in plain.items() if kind in types[name]), f"{name} {place}")
    said |= {"stage": Stage.WAITING, "disposition": Disposition.SELL}
    row = project(Inquiry(**said), 12, number_objected=False).named()
    assert len(alike) > 40
    assert {name: row[name] for name in alike} == {name: getattr(said[name], "value", said[name]) for name in alike}


class Counting(Store):
    """A thousand figures, and the lengths of the statements that asked for some."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.lengths: list[int] = []
        self._db = db
        db.execute("CREATE TABLE n(value INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO n VALUES(?)", [(n,) for n in range(1000)])

    def query(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        self.lengths.append(len(parameters))
        return self._db.execute(sql, parameters).fetchall()


@given(count=st.integers(0, 900))
def test_any_number_of_values_is_looked_for_by_few_statements_and_each_row_is_found_once(count: int) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        store = Counting(db)
        found = select_in(store, "SELECT value FROM n WHERE value IN", list(range(count)))
        assert found == [(n,) for n in range(count)]
        assert all(length in {1, 2, 4, 8, 16, 32, 64, 128, 256, CHUNK} for length in store.lengths)
