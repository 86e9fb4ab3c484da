"""The schema of the local store: what the migrations make is what the models say, up and down, with data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from app import paths
from app.models import tables
from app.services import calling, capture
from app.services.store import schema
from app.services.store.connection import Store
from app.services.store.rebuilding import rebuild
from tests.services.actions_at_random import tables_as_they_should_be, tables_now
from tests.services.made_up import KEY, Clock, form, new_home

VERSIONS = paths.migrations() / "local" / "versions"
FULL_TEXT = {"search_words", "search_grams"}


def plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', "")).strip()


def schema_of(store: Store) -> dict[tuple[str, str], str]:
    """Every table and index, by kind and name."""
    rows = store.query("SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {(kind, name): plain(sql) for kind, name, sql in rows if name != "alembic_version"}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = Store(tmp_path / "winnow.db", KEY)
    made.open_beside(tmp_path / "winnow.db").close()
    yield made
    made.close()


def test_the_newest_migration_is_the_one_that_winnow_expects() -> None:
    revisions = sorted(re.findall(r'^revision = "(\d+)"', file.read_text(), re.M)[0] for file in VERSIONS.glob("*.py"))
    assert revisions[-1] == schema.HEAD
    assert len(set(revisions)) == len(revisions)
    assert [file.name[:4] for file in sorted(VERSIONS.glob("*.py"))] == revisions


def test_migrations_import_nothing_of_the_project() -> None:
    for file in VERSIONS.parent.rglob("*.py"):
        assert not re.search(r"^\s*(from|import) (app|tests)\b", file.read_text(), re.M), file


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    schema.migrate(store, schema.HEAD)
    made = {
        name for kind, name in schema_of(store) if kind == "table" and name.split("_", 2)[:2] != ["search", "words"]
    }
    made = {name for name in made if not any(name.startswith(text) for text in FULL_TEXT)}
    assert made == set(tables.metadata.tables)
    for table in tables.metadata.tables.values():
        have = store.query(f"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table.name}')")
        keys = [column.name for column in table.primary_key]
        expected = []
        for column in table.columns:
            default = column.server_default.arg if column.server_default is not None else None  # type: ignore[attr-defined]
            expected.append((
                column.name, column.type.compile(sqlite.dialect()), int(not column.nullable),
                None if default is None else f"'{default}'", keys.index(column.name) + 1 if column.name in keys else 0,
            ))  # fmt: skip
        assert have == expected, table.name
        said = {index.name: plain(str(CreateIndex(index).compile(dialect=sqlite.dialect()))) for index in table.indexes}
        rows = store.query("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table.name,))
        assert {name: plain(sql) for name, sql in rows if sql} == said, table.name
        sql = schema_of(store)["table", table.name]
        assert sql.endswith("WITHOUT ROWID") is not table.dialect_options["sqlite"]["with_rowid"], table.name
        unique = {column.name for column in table.columns if column.unique}
        assert set(re.findall(r"UNIQUE \((\w+)\)", sql)) == unique


def test_up_down_and_up_again_gives_the_same_schema_and_leaves_nothing_between(store: Store) -> None:
    schema.migrate(store, schema.HEAD)
    first = schema_of(store)
    schema.migrate(store, "base")
    assert schema_of(store) == {}
    schema.migrate(store, schema.HEAD)
    assert schema_of(store) == first
    assert store.query("PRAGMA integrity_check") == [("ok",)]


def test_the_ledger_carried_over_a_way_down_and_up_makes_the_same_tables(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "home", clock) as home:
        for number in range(5):
            inquiry = capture.capture(home.seat, form(number)).inquiry_id
            calling.log_call(home.seat, inquiry, calling.Outcome.NO_ANSWER, note="n")
        before, store = tables_now(home.seat), home.seat.store
        kept = {name: store.query(f"SELECT * FROM {name}") for name in ("ledger", "secret", "setting", "cursor")}
        schema.migrate(store, "base")
        schema.migrate(store, schema.HEAD)
        with store.writing() as connection:
            for name, rows in kept.items():
                for row in rows:
                    connection.exec_driver_sql(f"INSERT INTO {name} VALUES({','.join('?' * len(row))})", row)
        rebuild(home.seat.ledger)
        assert tables_now(home.seat) == before == tables_as_they_should_be(home.seat)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE draft(x)")
    before = schema_of(store)
    with pytest.raises(Exception, match="draft"):
        schema.migrate(store, schema.HEAD)
    assert schema_of(store) == before
    assert schema.revision_of(store.reader()) == ""


def test_full_text_forgets_securely(tmp_path: Path, clock: Clock) -> None:
    with new_home(tmp_path / "home", clock) as home:
        for name in FULL_TEXT:
            assert home.seat.store.one(f"SELECT v FROM {name}_config WHERE k = 'secure-delete'") == (1,)


@pytest.fixture
def clock() -> Clock:
    return Clock()
