"""The feed has no gaps, whoever writes at the same time; and nothing that was acknowledged is ever lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress

import psycopg
import pytest

from app.models.entries import Captured, Person
from app.models.entry import Entry
from app.services.errors import EnvironmentFailed
from app.services.team.link import HubUnreachable
from app.services.team.postgres_link import PACKED, PostgresLink, _columns
from tests.hub.server import Server, running
from tests.hub.team import Author, Team
from tests.hub.test_safety import proxy

Member = Callable[..., PostgresLink]
WRITERS, READERS, CALLS, IN_A_CALL = 16, 3, 12, 7


def some(author: Author, count: int = 1) -> list[Entry]:
    return [author.write(Captured(source="s", captured_at=1)) for _ in range(count)]


def store(link: PostgresLink, entries: list[Entry]) -> None:
    """Hands in what is then moved by nobody."""
    packed = [pack.of(column) for pack, column in zip(PACKED, _columns(entries), strict=True)]
    link.ask(f"SELECT winnow.append({', '.join(['%b'] * 17)})", (link.device, *packed))


def test_readers_who_poll_miss_nothing_while_sixteen_write(team: Team) -> None:
    names = [f"w{number}" for number in range(WRITERS)]
    for name in [*names, "reader"]:
        team.join(name)
    written, failures, done = set[str](), list[BaseException](), threading.Event()

    def write(name: str) -> None:
        link, author = PostgresLink(team.options(name)), Author(name)
        try:
            link.hello(author.device)
            for _ in range(CALLS):
                entries = some(author, IN_A_CALL)
                assert {receipt.outcome for receipt in link.push(entries)} == {"stored"}
                written.update(entry.id for entry in entries)
        except BaseException as error:  # noqa: BLE001 - said by the test
            failures.append(error)
        finally:
            link.close()

    def read(seen: list[tuple[int, str]], number: int) -> None:
        link, cursor = PostgresLink(team.options("reader")), 0
        try:
            link.hello(f"reader-{number}")
            while not (done.is_set() and cursor >= WRITERS * CALLS * IN_A_CALL):
                page = link.pull(cursor, 50)
                seen += [(entry.pos or 0, entry.id) for entry in page.entries]
                cursor = page.through
        except BaseException as error:  # noqa: BLE001 - said by the test
            failures.append(error)
        finally:
            link.close()

    seen: list[list[tuple[int, str]]] = [[] for _ in range(READERS)]
    readers = [threading.Thread(target=read, args=(each, number)) for number, each in enumerate(seen)]
    writers = [threading.Thread(target=write, args=(name,)) for name in names]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join(60)
    assert failures == []
    for each in seen:
        assert [pos for pos, _ in each] == list(range(1, WRITERS * CALLS * IN_A_CALL + 1))
        assert {entry for _, entry in each} == written


def test_whoever_commits_late_comes_later_and_is_missed_by_nobody(team: Team, member: Member) -> None:
    """The order that a bare counter gets wrong: begun first, committed last."""
    ada, ben = member("Ada"), member("Ben")
    early, late = some(Author("Ada")), some(Author("Ben"))
    slow = ben._connected()
    slow.autocommit = False
    store(ben, late)
    ada.push(early)
    page = ada.pull(0, 10)
    assert ([entry.id for entry in page.entries], page.through) == ([early[0].id], 1)
    slow.commit()
    slow.autocommit = True
    page = ada.pull(page.through, 10)
    assert [(entry.pos, entry.id) for entry in page.entries] == [(2, late[0].id)]


def test_what_waits_for_the_feed_comes_before_what_is_handed_in_after_it(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    first, second, third = some(Author("Ada")), some(Author("Ben")), some(Author("Ben", seq=100))
    store(ada, first)
    for entries in (second, third):
        ben.push(entries)
    told = [(entry.pos, entry.id) for entry in ada.pull(0, 10).entries]
    assert told == [(1, first[0].id), (2, second[0].id), (3, third[0].id)]


def test_an_open_transaction_anywhere_holds_the_feed_up_for_nobody(team: Team, member: Member) -> None:
    ada = member("Ada")
    slow = team.server.admin("postgres")
    slow.autocommit = False
    slow.execute("SELECT pg_current_xact_id()")
    for _ in range(3):
        ada.push(some(Author("Ada", seq=100)))
    assert len(ada.pull(0, 10).entries) == 3
    slow.close()


def test_whoever_reads_over_a_slow_network_holds_up_nobody(team: Team, member: Member) -> None:
    """A page takes minutes there; and something waited to be moved into the feed when they asked."""
    ada, author = member("Ada"), Author("Ada")
    ada.push([author.write(Captured(source="s", captured_at=1), Person(note="x" * 20_000)) for _ in range(600)])
    team.root.execute(
        "INSERT INTO winnow.fresh (xid, stamp, ids) "
        "SELECT pg_current_xact_id(), e.received_at - 1, array[e.id] FROM winnow.entry e LIMIT 1"
    )
    slow_now, over = threading.Event(), threading.Event()

    def slowly(data: bytes, direction: str) -> bytes:
        if direction == "down" and slow_now.is_set():
            over.wait(60)
        return data

    with proxy(team.server.port, slowly) as port:
        team.join("Sam")
        slow = PostgresLink({**team.options("Sam"), "host": "127.0.0.1", "port": str(port), "sslmode": "disable"})
        slow.hello("sam-1")
        reading = threading.Thread(target=_read, args=(slow,), daemon=True)
        slow_now.set()
        reading.start()
        sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event = 'ClientWrite'"
        until = time.monotonic() + 30
        while team.root.execute(sql, (team.logins["Sam"][0],)).fetchone() != (1,) and time.monotonic() < until:
            time.sleep(0.02)
        ada.push(some(author, 1))
        head = member("Ben").pull(600, 10).head
        over.set()
        reading.join(30)
        slow.close()
    assert head == 602


def _read(link: PostgresLink) -> None:
    with suppress(EnvironmentFailed):
        link.pull(0, 5000)


def test_the_cursor_survives_numbers_of_transactions_with_more_digits(team: Team, member: Member) -> None:
    """As text 999 comes after 1000; the feed is in the order of numbers."""
    ada, author = member("Ada"), Author("Ada")
    team.root.execute(
        "INSERT INTO winnow.entry SELECT gen_random_uuid(), gen_random_uuid(), 1, 1, n, 1, 0, 1, 'captured', 'Ada', "
        "'d', '', null, null, sha256('x'), '', '{}', null, null FROM generate_series(95, 105) n"
    )
    team.root.execute(
        "INSERT INTO winnow.fresh (xid, stamp, ids) "
        "SELECT e.received_at::text::xid8, e.received_at - 1, array[e.id] FROM winnow.entry e"
    )
    ada.push(some(author))
    stamps = [entry.received_at for entry in ada.pull(0, 100).entries]
    assert stamps[:-1] == list(range(95, 106))


def test_a_poll_with_nothing_new_writes_nothing(team: Team, member: Member) -> None:
    ada = member("Ada")
    ada.push(some(Author("Ada")))
    ada.pull(1, 10)
    before = team.root.execute("SELECT pg_current_wal_insert_lsn(), pg_snapshot_xmax(pg_current_snapshot())").fetchone()
    for _ in range(5):
        ada.pull(1, 10)
    after = team.root.execute("SELECT pg_current_wal_insert_lsn(), pg_snapshot_xmax(pg_current_snapshot())").fetchone()
    assert before is not None and after is not None and before[1] == after[1]


def test_a_killed_backend_loses_nothing_that_was_acknowledged() -> None:
    """kill -9 of one backend takes the whole server through its recovery, amid the pushes."""
    with running() as server, server.hub() as name, closing(Team(server, name)) as team:
        _push_while(team, lambda: os.kill(_backend(server, team), signal.SIGKILL))


def test_a_killed_server_loses_nothing_that_was_acknowledged() -> None:
    with running() as server, server.hub() as name, closing(Team(server, name)) as team:

        def kill() -> None:
            server.kill()
            server.start()

        _push_while(team, kill)


def _backend(server: Server, team: Team) -> int:
    """Ada's; waits until the server has recovered from the last strike and she is back."""
    while True:
        with suppress(psycopg.OperationalError), server.admin("postgres") as admin:
            row = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = %s LIMIT 1", (team.logins["Ada"][0],)
            ).fetchone()
            if row is not None:
                return int(row[0])
        time.sleep(0.05)


def _push_while(team: Team, strike: Callable[[], None]) -> None:
    """Push without pause, strike twice, and look whether everything acknowledged is there once."""
    team.join("Ada")
    author, acknowledged, offered = Author("Ada"), list[str](), list[Entry]()
    enough, refused = threading.Event(), list[str]()

    def push() -> None:
        link, backlog = PostgresLink(team.options("Ada")), list[Entry]()
        while not enough.is_set() or backlog:
            if not backlog:
                backlog = some(author, 20)
                offered.extend(backlog)
            try:
                link.hello(author.device)
                receipts = link.push(backlog)
            except EnvironmentFailed as error:
                refused.append(str(error))
                time.sleep(0.05)
                continue
            acknowledged.extend(receipt.id for receipt in receipts if receipt.outcome in {"stored", "known"})
            backlog = []
        link.close()

    thread = threading.Thread(target=push, daemon=True)
    thread.start()
    try:
        for strikes in (1, 2):
            while len(acknowledged) < 100 * strikes:
                time.sleep(0.01)
            before = len(refused)
            strike()
            while len(refused) == before:
                time.sleep(0.01)
    finally:
        enough.set()
    thread.join(60)
    link = PostgresLink(team.options("Ada"))
    told = [entry.id for entry in _all_of(link)]
    link.close()
    assert refused and len(told) == len(set(told))
    assert set(told) == set(acknowledged) == {entry.id for entry in offered}


def _all_of(link: PostgresLink) -> list[Entry]:
    """The feed; a server that has not noticed yet that it was struck answers once more, and recovers then."""
    for patience in range(600, -1, -1):
        try:
            link.hello("reader")
            return link.pull(0, 5000).entries
        except HubUnreachable:
            if not patience:
                raise
            time.sleep(0.1)
    raise AssertionError


def test_a_server_that_goes_away_is_unreachable_and_the_same_link_goes_on_when_it_is_back() -> None:
    with running() as server, server.hub() as name, closing(Team(server, name)) as team:
        link = team.link("Ada")
        server.stop()
        for _ in range(2):
            with pytest.raises(HubUnreachable):
                link.pull(0, 10)
        server.start()
        assert link.hello("ada-1").member == "Ada"
        assert link.push(some(Author("Ada")))[0].outcome == "stored"
        with pytest.raises(psycopg.OperationalError):
            team.root.execute("SELECT 1")
