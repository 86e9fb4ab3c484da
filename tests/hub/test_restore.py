"""A hub is backed up and put back as docs/team.md says, and every home then offers what the hub has lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.models.entries import Captured, Person
from app.models.entry import Entry
from app.services.team.link import HubRefused
from app.services.team.postgres_link import PostgresLink
from tests.hub.server import Server, running
from tests.hub.team import Author, Team

Member = Callable[..., PostgresLink]


def some(author: Author, count: int) -> list[Entry]:
    return [author.write(Captured(source="s", captured_at=1), Person(last_name="x")) for _ in range(count)]


def dumped(server: Server, database: str) -> tuple[str, str]:
    """A backup, by the commands of docs/team.md: the hub, and the roles of its server."""
    hub, roles = server.folder / f"{database}.dump", server.folder / f"{database}-roles.sql"
    where = ("-h", str(server.socket), "-p", str(server.port), "-U", "postgres")
    server.run("pg_dump", *where, "--format=custom", "--create", "-f", str(server.data / hub.name), database)
    server.run("pg_dumpall", *where, "--roles-only", "-f", str(server.data / roles.name))
    (server.data / hub.name).rename(hub)
    (server.data / roles.name).rename(roles)
    return str(hub), str(roles)


def test_a_hub_put_back_into_its_own_server_begins_a_new_epoch_and_takes_everything_again(
    server: Server, team: Team, member: Member
) -> None:
    ada, author = member("Ada"), Author("Ada")
    old, new = some(author, 50), some(author, 30)
    ada.push(old)
    before = ada.hello("ada-1")
    hub, _ = dumped(server, team.database)
    ada.push(new)
    for each in list(team._open):
        each.close()
    where = ("-h", str(server.socket), "-p", str(server.port), "-U", "postgres")
    server.run("dropdb", *where, "--force", team.database)
    server.run("pg_restore", *where, "--create", "-d", "postgres", hub)

    ada = PostgresLink(team.options("Ada"))
    after = ada.hello("ada-1")
    assert after.epoch != before.epoch and after.head == 50
    assert [receipt.outcome for receipt in ada.push([*old, *new])] == ["known"] * 50 + ["stored"] * 30
    page = ada.pull(0, 1000)
    assert [entry.pos for entry in page.entries] == list(range(1, 81))
    assert {entry.id for entry in page.entries} == {entry.id for entry in [*old, *new]}
    assert ada.hello("ada-1").epoch == after.epoch  # and it stays
    ada.close()


def test_a_hub_put_back_into_another_server_lets_the_same_people_in_and_nobody_else(
    server: Server, team: Team, member: Member
) -> None:
    """Transactions are numbered from the beginning there: the feed goes on without a gap all the same."""
    server.run("pg_dump", "--version")  # skips before anything is open
    ada, author = member("Ada"), Author("Ada")
    old = some(author, 40)
    ada.push(old)
    team.root.execute(
        "INSERT INTO winnow.fresh (xid, stamp, ids) "
        "SELECT '99999999999'::xid8, 0, array[id] FROM winnow.entry WHERE false"
    )
    before = ada.hello("ada-1")
    # one entry is stored and not yet in the feed, stamped by a transaction that the other server will not reach
    waiting = some(author, 1)[0]
    holder = server.admin(team.database)
    holder.autocommit = False
    holder.execute("SELECT pg_current_xact_id()")
    ada.push([waiting])
    team.root.execute("UPDATE winnow.fresh SET xid = '99999999999'")
    hub, roles = dumped(server, team.database)
    holder.close()
    with running() as other:
        for path in (hub, roles):
            Path(path).chmod(0o644)
        where = ("-h", str(other.socket), "-p", str(other.port), "-U", "postgres")
        text = Path(roles).read_text()
        moved = other.folder / "roles.sql"
        moved.write_text("\n".join(line for line in text.splitlines() if " ROLE postgres" not in line))
        other.run("psql", *where, "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-f", str(moved))
        other.run("pg_restore", *where, "--create", "--exit-on-error", "-d", "postgres", hub)
        options = {**team.options("Ada"), "host": str(other.socket), "port": str(other.port)}
        with closing(PostgresLink(options)) as link:
            after = link.hello("ada-1")
            assert after.epoch != before.epoch and after.member == "Ada"
            new = some(author, 5)
            link.push(new)
            page = link.pull(0, 1000)
            assert [entry.pos for entry in page.entries] == list(range(1, 47))
            assert {entry.id for entry in page.entries} == {e.id for e in [*old, waiting, *new]}
        with closing(PostgresLink({**options, "password": "wrong"})) as stranger, pytest.raises(HubRefused):
            stranger.hello("d")
        with other.admin("postgres") as admin:  # nobody but members enters the hub, as before
            row = admin.execute("SELECT datacl::text FROM pg_database WHERE datname = %s", (team.database,)).fetchone()
            assert row is not None and '"=T' not in row[0] and "{=" not in row[0]


def test_an_admin_can_begin_an_epoch_after_a_copy_that_cannot_be_noticed(team: Team, member: Member) -> None:
    ada = member("Ada")
    ada.push(some(Author("Ada"), 3))
    before = ada.hello("ada-1")
    row = team.admin.execute("SELECT winnow.begin_epoch()").fetchone()
    after = ada.hello("ada-1")
    assert row == (after.epoch,) and after.epoch != before.epoch and after.head == 3
    ada.push(some(Author("Ada", seq=9), 1))
    assert [entry.pos for entry in ada.pull(0, 10).entries] == [1, 2, 3, 4]
    status = team.admin.execute("SELECT winnow.status()").fetchone()
    assert status is not None and json.loads(json.dumps(status[0]))["era"] == 2


def test_of_many_who_come_first_after_a_restore_one_begins_the_epoch(team: Team, member: Member) -> None:
    links = [member("Ada", device=f"d{number}") for number in range(5)]
    team.root.execute("UPDATE winnow.state SET identity = 'elsewhere'")
    assert len({link.hello(link.device).epoch for link in links}) == 1
    assert team.root.execute("SELECT era FROM winnow.state").fetchone() == (2,)
