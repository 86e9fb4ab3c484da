"""What somebody with a member's login and any SQL tool may not do; most of them as the lowest role."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from app.models.entries import Captured, Merged, Person
from app.services.seat import new_id
from app.services.team.link import HubRefused, HubUnreachable
from app.services.team.postgres_link import PostgresLink
from tests.hub.server import Server
from tests.hub.team import Author, Team

Denied = errors.InsufficientPrivilege
Session = psycopg.Connection[Any]
Member = Callable[..., PostgresLink]


@pytest.fixture
def vera(team: Team) -> Session:
    """A viewer's plain session."""
    team.join("Vera", "viewer")
    return team.session("Vera")


@pytest.fixture
def carl(team: Team) -> Session:
    """A caller's plain session, restricted to one source."""
    team.join("Carl", "caller", ["Fair"])
    return team.session("Carl")


@pytest.fixture
def secret(member: Member) -> str:
    """The subject of somebody whom neither may read."""
    author = Author("Ada")
    entry = author.write(Captured(source="Web", captured_at=1), Person(last_name="Hidden", note="secret"))
    member("Ada").push([entry])
    return entry.subject


def tables(team: Team) -> list[str]:
    rows = team.root.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'winnow'::regnamespace AND relkind = 'r'"
    )
    return [row[0] for row in rows]


def functions(team: Team) -> list[tuple[int, str, str, bool, list[str] | None]]:
    return team.root.execute(
        "SELECT p.oid, p.proname, r.rolname, p.prosecdef, p.proconfig "
        "FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'winnow'::regnamespace"
    ).fetchall()


# writing what one is not


def test_a_forged_author_counts_as_brought(member: Member) -> None:
    entry = Author("Boss").write(Captured(source="Fair", captured_at=1))
    member("Ada").push([entry])
    assert member("Ada").pull(0, 10).entries[0].brought_by == "Ada"


def test_time_and_position_are_the_hubs(member: Member) -> None:
    entry = Author("Ada", at=2**61).write(Captured(source="Fair", captured_at=1))
    entry.received_at, entry.pos, entry.brought_by = 1, 999, "Boss"
    member("Ada").push([entry])
    stored = member("Ada").pull(0, 10).entries[0]
    assert stored.pos == 1 and stored.brought_by == "" and abs((stored.received_at or 0) / 65536000 - time.time()) < 60


def test_anothers_id_inserted_beforehand_suppresses_nothing_silently(member: Member, team: Team) -> None:
    mallory, ada = member("Mallory"), member("Ada")
    true = Author("Ada").write(Captured(source="Fair", captured_at=1))
    false = Author("Mallory").write(Captured(source="Fair", captured_at=2), id=true.id)
    mallory.push([false])
    receipt = ada.push([true])[0]
    assert receipt.outcome == "quarantined"
    assert len(team.admin.execute("SELECT * FROM winnow.quarantined()").fetchall()) == 1


def test_the_same_id_with_another_payload_changes_nothing(member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    entry = author.write(Captured(source="Fair", captured_at=1))
    ada.push([entry])
    ada.push([author.write(Captured(source="Other", captured_at=1), id=entry.id)])
    assert [stored.body for stored in ada.pull(0, 10).entries] == [entry.body]


@pytest.mark.parametrize("verb", ["SELECT * FROM", "DELETE FROM", "TRUNCATE", "LOCK TABLE", "COPY", "UPDATE", "INSERT"])
def test_no_table_can_be_touched(verb: str, vera: Session, carl: Session, team: Team) -> None:
    for session in (vera, carl, team.session("Root")):
        for name in tables(team):
            statement = {
                "COPY": f"COPY winnow.{name} TO STDOUT", "LOCK TABLE": f"BEGIN; LOCK TABLE winnow.{name}; ROLLBACK",
                "UPDATE": f"UPDATE winnow.{name} SET {_column(team, name)} = NULL",
                "INSERT": f"INSERT INTO winnow.{name} DEFAULT VALUES",
            }.get(verb, f"{verb} winnow.{name}")  # fmt: skip
            with pytest.raises(Denied):
                session.execute(statement)
            session.rollback()


def _column(team: Team, table: str) -> str:
    row = team.root.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (f"winnow.{table}",)
    ).fetchone()
    assert row is not None
    return f'"{row[0]}"'


def test_a_viewer_stores_nothing(member: Member) -> None:
    link = member("Vera", "viewer")
    assert link.push([Author("Vera").write(Captured(source="s", captured_at=1))])[0].outcome == "refused"
    with pytest.raises(HubRefused):
        link.add_hash_keys({"x": bytes(32)})


# reading whom one may not


def test_views_and_statistics_show_nobody(carl: Session, secret: str) -> None:
    assert carl.execute("SELECT count(*) FROM pg_stats WHERE schemaname = 'winnow'").fetchone() == (0,)
    with pytest.raises(Denied):
        carl.execute("CREATE VIEW public.v AS SELECT * FROM winnow.entry")
    with pytest.raises(Denied):
        carl.execute("EXPLAIN ANALYZE SELECT * FROM winnow.entry")


def test_a_leaky_function_or_operator_cannot_be_made(carl: Session, secret: str) -> None:
    for schema in ("public", "winnow", "pg_temp"):
        with pytest.raises(Denied):
            carl.execute(f"CREATE FUNCTION {schema}.leak(bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
    with pytest.raises(Denied):
        carl.execute("CREATE SCHEMA mine")


def test_a_person_out_of_scope_travels_by_no_function(member: Member, carl: Session, secret: str) -> None:
    link = member("Carl")
    everything = [*link.pull(0, 100).entries, *link.persons(0, 100).entries, *link.subjects([secret])]
    assert everything and all(entry.person is None and entry.salt is None for entry in everything)


def test_errors_tell_no_content(carl: Session, secret: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        carl.execute("SELECT * FROM winnow.page('d', 0, 'x')")
    assert "Hidden" not in str(caught.value)


# functions


def test_every_definer_function_has_a_safe_search_path_and_a_lowly_owner(team: Team) -> None:
    prefix = team.server.template()
    for _, name, owner, definer, config in functions(team):
        assert owner in {f"{prefix}.owner", f"{prefix}.gatekeeper", f"{prefix}.reaper"} or name == "publish", name
        assert not definer or "search_path=pg_catalog, winnow, pg_temp" in (config or []), name
    rows = team.root.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s AND rolcanlogin", (f"{prefix}.%",))
    assert all(re.fullmatch(rf"{prefix}\.m\.[0-9a-f]{{12}}", row[0]) for row in rows)
    rows = team.root.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE %s AND (rolsuper OR rolbypassrls)", (f"{prefix}.%",)
    )
    assert rows.fetchall() == []


def test_nothing_is_executable_by_everybody(team: Team, server: Server) -> None:
    with server.admin("postgres") as admin:
        admin.execute("DROP ROLE IF EXISTS stranger")
        admin.execute("CREATE ROLE stranger")
    for oid, name, *_ in functions(team):
        row = team.root.execute("SELECT has_function_privilege('stranger', %s, 'execute')", (oid,)).fetchone()
        assert row == (False,), name
    assert team.root.execute("SELECT has_database_privilege('stranger', current_database(), 'connect')").fetchone() == (
        False,
    )


def test_a_member_may_call_only_what_is_meant_for_members(vera: Session, team: Team) -> None:
    sql = "SELECT has_function_privilege(%s::oid, 'execute')"
    may = {row[1] for row in functions(team) if vera.execute(sql, (row[0],)).fetchone() == (True,)}
    assert may >= {"hello", "append", "page", "about", "advance", "members", "hash_keys", "status", "leave"}
    private = {
        "me", "must_be", "renew_epoch", "forget", "taken_along", "put_aside", "condition_of", "heard_from", "reap",
        "end_sessions", "end_membership", "member_named", "invite", "revoke_member", "set_role", "set_scope",
        "begin_epoch", "set_picking", "tend", "quarantined", "publish", "this_place", "open_doors",
        "oldest_transaction_seconds",
    }  # fmt: skip
    assert may & private == set()


def test_temporary_tables_that_would_stand_in_for_ours_cannot_be_made(vera: Session, team: Team) -> None:
    for name in tables(team):
        with pytest.raises(Denied):
            vera.execute(f"CREATE TEMP TABLE {name} (a int)")


def test_even_a_stand_in_table_would_not_be_read(team: Team, vera: Session) -> None:
    """The second line of defence: with the right to make them, they still shadow nothing."""
    login = team.logins["Vera"][0]
    team.root.execute(f'GRANT TEMP ON DATABASE {team.database} TO "{login}"')
    with team.session("Vera", keep=False) as session:
        for name in ("member", "state", "entry", "kind_right"):
            session.execute(f"CREATE TEMP TABLE {name} (name text, login text, role text)")
        session.execute("INSERT INTO pg_temp.member VALUES ('Vera', session_user, 'admin')")
        session.execute("SET search_path = pg_temp, winnow, public")
        assert session.execute("SELECT role FROM winnow.hello('d', 1)").fetchone() == ("viewer",)


# becoming somebody else


@pytest.mark.parametrize("what", ["role", "authorization", "replication", "superuser", "createrole", "membership"])
def test_nobody_becomes_somebody_else(what: str, vera: Session, team: Team) -> None:
    prefix, admin = team.server.template(), team.logins["Root"][0]
    statement = {
        "role": f'SET ROLE "{prefix}.owner"', "authorization": f'SET SESSION AUTHORIZATION "{admin}"',
        "replication": "SET session_replication_role = replica", "superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
        "createrole": "CREATE ROLE mine", "membership": f'GRANT "{prefix}.admin" TO CURRENT_USER',
    }[what]  # fmt: skip
    with pytest.raises(Denied):
        vera.execute(statement)


def test_no_member_changes_another_members_password(vera: Session, team: Team) -> None:
    with pytest.raises(Denied):
        vera.execute(f"ALTER ROLE \"{team.logins['Root'][0]}\" PASSWORD 'x'")


def test_a_weak_password_is_ones_own_alone_and_the_hub_accepts_only_verifiers(team: Team, vera: Session) -> None:
    with pytest.raises(psycopg.Error, match="never in plain text"):
        team.admin.execute("SELECT winnow.invite('New', 'caller', 'password', NULL)")
    login, before = team.logins["Vera"]
    vera.execute(f"ALTER ROLE \"{login}\" PASSWORD 'x'")  # PostgreSQL lets everybody; it opens their own login alone
    team.logins["Vera"] = (login, "x")
    team.session("Vera").execute("SELECT * FROM winnow.members()")
    assert before != "x"


def test_an_invited_one_can_do_nothing_before_the_one_time_password_is_changed(team: Team) -> None:
    verifier = team.root.pgconn.encrypt_password(b"once", b"x", b"scram-sha-256").decode()
    row = team.admin.execute("SELECT winnow.invite('New', 'caller', %s, NULL)", (verifier,)).fetchone()
    assert row is not None
    team.logins["New"] = (row[0], "once")
    session = team.session("New")
    for call in ("winnow.hello('d', 1)", "winnow.members()", "winnow.page('d', 0, 1)", "winnow.advance()"):
        with pytest.raises(psycopg.Error) as caught:
            session.execute(f"SELECT * FROM {call}")
        assert caught.value.sqlstate == "WN002", call


def test_a_member_of_another_hub_enters_nothing_here(team: Team, server: Server) -> None:
    with server.hub() as other:
        stranger = Team(server, other)
        stranger.join("Eve", "admin")
        login, password = stranger.logins["Eve"]
        # Hubs that are copied for tests share group roles; the functions still know their own members alone.
        with psycopg.connect(**{**team.options("Root"), "user": login, "password": password}) as session, \
                pytest.raises(psycopg.Error, match="belongs to no member"):  # fmt: skip
            session.execute("SELECT * FROM winnow.members()")
        stranger.close()


# holding things up


def test_timeouts_that_a_member_overrides_are_no_protection_and_none_is_needed(team: Team, member: Member) -> None:
    ada = member("Ada")
    holder = team.session("Ada")
    holder.autocommit = False
    holder.execute("SET idle_in_transaction_session_timeout = 0")
    holder.execute("SELECT winnow.hello('held', 1)")
    holder.execute("SELECT pg_current_xact_id()")
    ada.push([Author("Ada").write(Captured(source="s", captured_at=1))])
    assert len(ada.pull(0, 10).entries) == 1  # the feed does not wait …
    team.root.execute("SELECT winnow.reap(0)")  # … and the reaper, which every hello calls, ends it
    with pytest.raises(psycopg.OperationalError):
        holder.execute("SELECT 1")


def test_a_transaction_held_open_in_another_database_is_ended_too(team: Team, member: Member) -> None:
    ada = member("Ada")
    holder = team.session("Ada", dbname="postgres")
    holder.autocommit = False
    holder.execute("SELECT pg_current_xact_id()")
    ada.push([Author("Ada").write(Captured(source="s", captured_at=1))])
    assert len(ada.pull(0, 10).entries) == 1
    team.root.execute("SELECT winnow.reap(0)")
    with pytest.raises(psycopg.OperationalError):
        holder.execute("SELECT 1")


def test_whoever_holds_what_all_need_is_ended_and_named_and_whoever_waits_for_it_goes_on(
    team: Team, member: Member
) -> None:
    """A timeout is the member's own to set; so the hub looks who keeps a lock and waits for nobody."""
    mallory, ada, ben = member("Mallory"), member("Ada"), member("Ben")
    for link in (mallory, ben):
        link.ask("BEGIN")
    mallory.push([Author("Mallory").write(Merged(other=new_id()))])  # nobody stores meanwhile
    ben.pull(0, 10)  # and this one only reads, slowly
    sleeping = [threading.Thread(target=_until_ended, args=(link,), daemon=True) for link in (mallory, ben)]
    waiting = threading.Thread(
        target=ada.push, args=([Author("Ada").write(Captured(source="s", captured_at=1))],), daemon=True
    )
    for thread in (*sleeping, waiting):
        thread.start()
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event IN ('PgSleep', 'relation')"
    _until(lambda: team.root.execute(asleep).fetchone() == (3,))
    assert team.root.execute("SELECT winnow.reap(20, 120, 0)").fetchone() == (1,)
    waiting.join(30)
    sleeping[0].join(30)
    assert not waiting.is_alive() and not sleeping[0].is_alive() and sleeping[1].is_alive()
    status = team.admin.execute("SELECT winnow.status()").fetchone()
    assert status is not None and status[0]["ended"] == {"Mallory": 1}
    team.root.execute("SELECT winnow.reap(20, 0)")
    sleeping[1].join(30)
    assert len(ada.pull(0, 10).entries) == 1


def _until_ended(link: PostgresLink) -> None:
    with pytest.raises(HubUnreachable):
        link.ask("SELECT pg_sleep(60)")


def test_a_sort_without_end_does_not_fill_the_servers_disk(team: Team, vera: Session) -> None:
    of = "SELECT setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = %s"
    assert team.root.execute(of, (team.server.template(),)).fetchone() == (["temp_file_limit=1GB"],)
    team.root.execute(f"ALTER DATABASE {team.database} SET temp_file_limit = '1MB'")  # a copy has no settings
    with team.session("Vera") as session:
        with pytest.raises(Denied):
            session.execute("SET temp_file_limit = -1")
        with pytest.raises(errors.ConfigurationLimitExceeded):
            session.execute("SELECT count(*) FROM generate_series(1, 1000000) n")
    with pytest.raises(Denied):
        vera.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000))")


def test_the_reaper_leaves_others_and_short_transactions_alone(team: Team) -> None:
    team.join("Ada")
    short = team.session("Ada")
    short.autocommit = False
    short.execute("SELECT pg_current_xact_id()")
    other = team.server.admin("postgres")
    other.autocommit = False
    other.execute("SELECT pg_current_xact_id()")
    assert team.root.execute("SELECT winnow.reap()").fetchone() == (0,)
    assert short.execute("SELECT 1").fetchone() == other.execute("SELECT 1").fetchone() == (1,)
    short.close()
    other.close()


def test_whoever_holds_the_sequencer_stops_nobody_from_storing(team: Team, member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    ada.push([Author("Ada").write(Captured(source="s", captured_at=1))])
    holder = team.session("Ben")
    holder.autocommit = False
    ben.push([])
    team.root.execute(
        "INSERT INTO winnow.fresh (xid, stamp, ids) "
        "SELECT pg_current_xact_id(), 0, array[id] FROM winnow.entry WHERE false"
    )
    holder.execute("SELECT pg_current_xact_id()")
    ada.push([Author("Ada", seq=10).write(Captured(source="s", captured_at=1))])
    holder.execute("SELECT winnow.advance()")  # takes the sequencer's row, and sleeps on it
    receipts = ada.push([Author("Ada", seq=20).write(Captured(source="s", captured_at=1))])
    assert [receipt.outcome for receipt in receipts] == ["stored"]
    team.root.execute("SELECT winnow.reap(0)")
    assert len(_until(lambda: entries if len(entries := ada.pull(0, 10).entries) == 3 else [])) == 3


def test_advisory_locks_are_nothing_that_the_hub_waits_for(vera: Session, member: Member) -> None:
    vera.execute("SELECT pg_advisory_lock(n) FROM generate_series(1, 100) n")
    ada = member("Ada")
    assert ada.push([Author("Ada").write(Captured(source="s", captured_at=1))])[0].outcome == "stored"
    assert len(ada.pull(0, 10).entries) == 1


def test_a_spoofed_poke_says_nothing_and_costs_a_look(vera: Session, member: Member) -> None:
    ada = member("Ada")
    ada.wait(0)
    vera.execute("NOTIFY winnow, 'everything was deleted'")
    assert ada.wait(30)
    assert ada.pull(0, 10).entries == []


def test_listening_hears_that_something_is_new_and_not_what(vera: Session, member: Member) -> None:
    vera.execute("LISTEN winnow")
    member("Ada").push([Author("Ada").write(Captured(source="s", captured_at=1), Person(last_name="Hidden"))])
    heard = list(vera.notifies(timeout=30, stop_after=1))
    assert [poke.payload for poke in heard] == [""]


def test_large_objects_and_temporary_tables_cannot_be_piled_up(vera: Session) -> None:
    for statement in ("SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')", "CREATE TEMP TABLE t (a int)",
                      "CREATE TABLE public.t (a int)", "CREATE SEQUENCE public.s"):  # fmt: skip
        with pytest.raises(Denied):
            vera.execute(statement)


def test_one_member_does_not_use_up_the_connections(team: Team) -> None:
    team.join("Ada")
    sessions = [team.session("Ada") for _ in range(10)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        team.session("Ada")
    assert len(sessions) == 10
    link = PostgresLink(team.options("Ada"))
    with pytest.raises((HubUnreachable, HubRefused)):
        link.hello("d")
    assert team.admin.execute("SELECT 1").fetchone() == (1,)


NO = (Denied, errors.UndefinedFile, errors.FeatureNotSupported, errors.ObjectNotInPrerequisiteState,
      errors.InvalidSchemaName)  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/x'", "SELECT pg_read_file('/etc/passwd')",
     "SELECT pg_ls_dir('/')", "SELECT lo_import('/etc/passwd')", "LOAD 'x'", "CREATE EXTENSION dblink",
     "CREATE LANGUAGE plperlu", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()",
     "REINDEX TABLE winnow.entry", "CREATE DATABASE mine", "SELECT pg_switch_wal()",
     "SELECT pg_create_logical_replication_slot('s', 'pgoutput')", "CREATE PUBLICATION p FOR ALL TABLES"],
)  # fmt: skip
def test_the_server_itself_is_out_of_reach(statement: str, carl: Session) -> None:
    with pytest.raises(NO):
        carl.execute(statement)


def test_nobody_ends_anothers_session(vera: Session, team: Team) -> None:
    row = team.root.execute("SELECT pg_backend_pid()").fetchone()
    admins = team.admin.execute("SELECT pg_backend_pid()").fetchone()
    for pid in (row, admins):
        for verb in ("pg_terminate_backend", "pg_cancel_backend"):
            with pytest.raises(Denied):
                vera.execute(f"SELECT {verb}(%s)", pid)


def test_a_revoked_member_is_put_out_at_once_wherever_they_are(team: Team, member: Member) -> None:
    mallory = member("Mallory")
    elsewhere = team.session("Mallory", dbname="postgres")
    mallory.wait(0)
    team.admin.execute("SELECT winnow.revoke_member('Mallory')")
    with pytest.raises(HubUnreachable):
        _until(lambda: mallory.pull(0, 1) and None)
    with pytest.raises(HubRefused, match="revoked"):
        mallory.pull(0, 1)
    with pytest.raises(psycopg.OperationalError):
        _until(lambda: elsewhere.execute("SELECT 1") and None)


def test_a_session_that_outlives_its_revocation_is_told_nothing(team: Team) -> None:
    team.join("Mallory")
    session = team.session("Mallory")
    team.root.execute("UPDATE winnow.member SET revoked_at = now() WHERE name = 'Mallory'")
    for call in ("winnow.hello('d', 1)", "winnow.page('d', 0, 1)", "winnow.hash_keys()", "winnow.members()"):
        with pytest.raises(psycopg.Error, match="was revoked"):
            session.execute(f"SELECT * FROM {call}")


def test_two_erasures_at_once_do_not_lock_each_other_out(team: Team, member: Member) -> None:
    lead, author = member("Lea", "lead"), Author("Lea")
    first = [author.write(Captured(source="s", captured_at=1), Person(last_name="x")) for _ in range(20)]
    lead.push(first)
    failures: list[BaseException] = []

    def erase(number: int) -> None:
        from app.models.entries import Erased

        link = team.link("Lea", device=f"lea-{number}")
        mine = Author("Lea", f"lea-{number}")
        try:
            for entry in first[:: 1 if number % 2 else -1]:
                link.push([mine.write(Erased(), subject=entry.subject)])
        except BaseException as error:  # noqa: BLE001 - said by the test
            failures.append(error)

    threads = [threading.Thread(target=erase, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not any(entry.person for entry in lead.pull(0, 1000).entries)


def _until(ask: Callable[[], Any]) -> Any:
    """Ask until there is an answer, for ten seconds."""
    end = time.monotonic() + 10
    while not (found := ask()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


@pytest.fixture(autouse=True)
def _no_strangers_left(server: Server) -> Iterator[None]:
    yield
    with server.admin("postgres") as admin:
        admin.execute("DROP ROLE IF EXISTS stranger")
