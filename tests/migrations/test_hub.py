"""The schema of a hub: up, down and up again, leaving nothing on the server; and from a release on only more."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from app import paths
from app.services.errors import EnvironmentFailed
from app.services.team import connecting, hub_schema
from tests.hub.server import Server, running

VERSIONS = paths.migrations() / "hub" / "versions"
RELEASED = "0003"  # the newest revision that a hub may have been made with; raised with each release
TAKES_AWAY = re.compile(r"\b(drop|rename|truncate|alter\s+column\s+\w+\s+(type|set\s+not\s+null))\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The name of a database that is not there yet, as awkward as a name may be."""
    name = f'Our team\'s "hub" – {uuid.uuid4().hex[:8]}'
    yield name
    with server.admin("postgres") as admin:
        admin.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


def options(server: Server, database: str) -> dict[str, str]:
    return {**connecting.options_of(server.url("postgres")), "dbname": database}


def schema_of(server: Server, database: str) -> list[str]:
    """What pg_dump says about the schema, without what names a moment."""
    text = server.run(
        "pg_dump", "-h", str(server.socket), "-p", str(server.port), "-U", "postgres", "--schema-only", database
    ).decode()
    return [line for line in text.splitlines() if line and not line.startswith(("--", "\\", "SET", "SELECT"))]


def roles_of(server: Server) -> set[str]:
    with server.admin("postgres") as admin:
        rows = admin.execute("SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%'").fetchall()
    return {row[0] for row in rows}


def made(server: Server, database: str, revision: str = "head") -> None:
    with server.admin("postgres") as admin:
        name = psycopg.sql.Identifier(database)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            admin.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    hub_schema.migrate(options(server, database), revision)


def test_up_down_and_up_again_gives_the_same_schema_and_leaves_nothing_between(server: Server, database: str) -> None:
    before = roles_of(server)
    made(server, database)
    first, roles = schema_of(server, database), roles_of(server)
    assert len(roles - before) == 11
    with server.admin(database) as admin:  # a member, whose login goes too
        verifier = admin.pgconn.encrypt_password(b"x", b"x", b"scram-sha-256").decode()
        admin.execute("SELECT winnow.invite('Root', 'admin', %s, NULL)", (verifier,))
    hub_schema.migrate(options(server, database), "base")
    assert roles_of(server) == before
    assert not [line for line in schema_of(server, database) if "winnow." in line]
    made(server, database)
    assert schema_of(server, database) == first


@pytest.mark.parametrize("revision", sorted(file.name[:4] for file in VERSIONS.glob("*.py"))[1:])
def test_each_later_revision_can_be_taken_back_and_given_again(revision: str, server: Server, database: str) -> None:
    before = f"{int(revision) - 1:04}"
    made(server, database, before)
    first = schema_of(server, database)
    made(server, database, revision)
    after = schema_of(server, database)
    assert after != first
    hub_schema.migrate(options(server, database), "-1")
    assert schema_of(server, database) == first
    made(server, database, revision)
    assert schema_of(server, database) == after


def test_a_migration_that_fails_leaves_no_role_and_no_table(server: Server, database: str) -> None:
    before = roles_of(server)
    with server.admin("postgres") as admin:
        name = psycopg.sql.Identifier(database)
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    with server.admin(database) as admin:
        admin.execute("CREATE SCHEMA winnow")
    with pytest.raises(EnvironmentFailed):
        hub_schema.migrate(options(server, database), "head")
    assert roles_of(server) == before


def test_two_hubs_on_one_server_do_not_know_each_other(server: Server, database: str) -> None:
    other = f"other_{uuid.uuid4().hex[:8]}"
    made(server, database)
    made(server, other)
    with server.admin(database) as admin:
        verifier = admin.pgconn.encrypt_password(b"pw", b"x", b"scram-sha-256").decode()
        row = admin.execute("SELECT winnow.invite('Root', 'admin', %s, NULL)", (verifier,)).fetchone()
    assert row is not None
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(host=str(server.socket), port=server.port, user=row[0], password="pw", dbname=other)
    with server.admin("postgres") as admin:
        admin.execute(f"DROP DATABASE {other} WITH (FORCE)")


def test_a_login_that_may_create_databases_and_roles_is_enough(server: Server, database: str) -> None:
    """No superuser is needed: a managed server has none to give."""
    with server.admin("postgres") as admin:
        admin.execute("DROP ROLE IF EXISTS maker")
        admin.execute("CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'maker'")
    name = f"managed_{uuid.uuid4().hex[:8]}"
    hub_schema.prepare(f"postgresql://maker:maker@127.0.0.1:{server.port}/{name}")
    with psycopg.connect(f"postgresql://maker:maker@127.0.0.1:{server.port}/{name}", autocommit=True) as maker:
        verifier = maker.pgconn.encrypt_password(b"pw", b"x", b"scram-sha-256").decode()
        row = maker.execute("SELECT winnow.invite('Root', 'admin', %s, NULL)", (verifier,)).fetchone()
        assert row is not None
    with psycopg.connect(
        host="127.0.0.1", port=server.port, user=row[0], password="pw", dbname=name, autocommit=True
    ) as root:
        root.execute("SELECT winnow.accept_invitation(%s)", (verifier,))
        assert root.execute("SELECT member FROM winnow.hello('d', 1)").fetchone() == ("Root",)
        root.execute("SELECT winnow.advance()")
        root.execute("SELECT winnow.status()")
    with server.admin("postgres") as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_revisions_follow_each_other(server: Server) -> None:
    files = sorted(VERSIONS.glob("*.py"))
    for number, file in enumerate(files, 1):
        text = file.read_text()
        assert f'revision = "{number:04}"' in text, file
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert f"down_revision = {before}" in text, file


def test_after_the_first_release_migrations_only_add() -> None:
    """An older Winnow goes on talking to a newer hub: nothing that it calls or reads is taken away or renamed."""
    offenders = []
    for file in sorted(VERSIONS.glob("*.py")):
        if file.name[:4] <= RELEASED:
            continue
        upgrade = file.read_text().split("def downgrade")[0]
        for name in re.findall(r'"(\w+)"', upgrade):
            for sql in (paths.migrations() / "hub").rglob(f"{name}.sql"):
                if sql.stem != "down":
                    upgrade += sql.read_text()
        if TAKES_AWAY.search(re.sub(r"--.*", "", upgrade)):
            offenders.append(file.name)
    assert offenders == []


def test_what_takes_away_is_noticed() -> None:
    for sql in (
        "DROP TABLE entry",
        "alter table entry rename column at to t",
        "alter table e alter column a type text",
    ):
        assert TAKES_AWAY.search(sql)
    assert not TAKES_AWAY.search("alter table entry add column note text")
