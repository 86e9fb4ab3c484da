"""A real pooler (PgBouncer) between laptops and their hub: what goes through it in which mode, and what does not."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.models.entries import Captured, Person
from app.services import capture
from app.services.seat import Seat
from app.services.team import connecting
from app.services.team.link import Candidate, HubRefused
from app.services.team.postgres_link import PostgresLink
from app.services.team.sync import sync_once
from tests.hub.server import _as_server, _free_port
from tests.hub.team import Author, Team
from tests.services.made_up import Clock, form, new_home

PATIENCE_S = 30.0
Pooled = Callable[..., PostgresLink]


def pgbouncer() -> str:
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("This computer has no pgbouncer (tools/system_libraries.sh postgresql installs it).")
    return found


@contextmanager
def pooler(team: Team, mode: str) -> Iterator[int]:
    """A PgBouncer in front of the team's server, with TLS; gives its port.

    It knows the members as the server does, by their SCRAM verifiers, and hands those who prove themselves on.
    """
    program, server, port = pgbouncer(), team.server, _free_port()
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir=server.folder))
    rows = team.root.execute("SELECT usename, passwd FROM pg_shadow WHERE passwd IS NOT NULL").fetchall()
    (folder / "users").write_text("".join(f'"{name}" "{verifier}"\n' for name, verifier in rows))
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={server.socket} port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {folder}/users\n"
        f"pool_mode = {mode}\nmax_client_conn = 50\ndefault_pool_size = 3\nserver_round_robin = 1\n"
        f"logfile = {folder}/log\npidfile = {folder}/pid\n"
        + (
            f"client_tls_sslmode = allow\nclient_tls_key_file = {server.folder}/server.key\n"
            f"client_tls_cert_file = {server.folder}/server.pem\n"
            if server.tls
            else ""
        )
    )
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")
    words = _as_server([program, "-q", str(folder / "pgbouncer.ini")])
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_listens(running, port, folder / "log")
        yield port
    finally:
        running.terminate()
        try:
            running.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(PATIENCE_S)


def _until_it_listens(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > until:
                said = log.read_text() if log.exists() else "nothing"
                raise RuntimeError(f"pgbouncer does not listen: {said[-1500:]}") from None
            time.sleep(0.05)


@pytest.fixture
def through(team: Team) -> Iterator[Pooled]:
    """Links of members through a pooler in a mode: through("session", "Ada")."""
    for name in ("Ada", "Tom"):
        team.join(name)
    with ExitStack() as opened:
        ports: dict[str, int] = {}

        def link(mode: str, name: str, **more: str) -> PostgresLink:
            if mode not in ports:
                ports[mode] = opened.enter_context(pooler(team, mode))
            options = {**team.options(name), "host": "127.0.0.1", "port": str(ports[mode]), **more}
            made = PostgresLink(connecting.safe(options, None))
            opened.callback(made.close)
            return made

        yield link


def test_in_session_mode_everything_works_and_pokes_come_through(through: Pooled) -> None:
    ada, tom = through("session", "Ada"), through("session", "Tom")
    assert (ada.hello("a").member, tom.hello("t").member) == ("Ada", "Tom")
    assert tom.wait(0) is False and tom.pokes is True and tom.notice == ""
    entry = Author("Ada").write(Captured(source="s", captured_at=1), Person(last_name="x"))
    assert ada.push([entry])[0].outcome == "stored"
    assert any(tom.wait(1.0) for _ in range(int(PATIENCE_S)))
    assert [each.id for each in tom.pull(0, 10).entries] == [entry.id]
    for _ in range(6):  # statements are kept ready by now
        assert tom.pull(0, 10).head == 1


def test_in_transaction_mode_pokes_are_missing_and_said_to_be_and_all_else_works(through: Pooled) -> None:
    ada, tom = through("transaction", "Ada"), through("transaction", "Tom")
    assert (ada.hello("a").member, tom.hello("t").member) == ("Ada", "Tom")
    assert tom.wait(0) is False and tom.pokes is False
    assert "pooler in transaction mode" in tom.notice and "session mode" in tom.notice
    author = Author("Ada")
    for number in range(1, 8):
        assert ada.push([author.write(Captured(source="s", captured_at=1))])[0].outcome == "stored"
        assert tom.wait(0.01) is False, "no poke comes"
        assert tom.pull(0, 10).head == number, "and asking brings it"
    subjects = [entry.subject for entry in author.made]
    held = ada.claim_first([Candidate(subjects[0])], 1, 60_000)
    assert [claim.inquiry for claim in held] == [subjects[0]]
    assert tom.claim_first([Candidate(subjects[0])], 1, 60_000) == []
    assert ada.renew([held[0].claim_no], 60_000) == [held[0].claim_no]
    ada.release([held[0].claim_no])
    assert len(tom.claim_first([Candidate(subjects[0])], 1, 60_000)) == 1


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_who_asks_is_known_by_their_own_login_whichever_connection_serves(mode: str, through: Pooled) -> None:
    """The hub goes by the login: a pooler that shared one among members would mix them up."""
    links = [(name, through(mode, name)) for name in ("Ada", "Tom", "Ada", "Tom")]
    for _ in range(3):
        for number, (name, link) in enumerate(links):
            assert link.hello(f"{name}-{number}").member == name


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_two_homes_share_through_a_pooler(mode: str, through: Pooled, tmp_path: Path) -> None:
    with ExitStack() as opened:
        seats: list[Seat] = []
        for name in ("Ada", "Tom"):
            home = opened.enter_context(new_home(tmp_path / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            seats.append(home.seat)
        inquiry = capture.capture(seats[0], form(1)).inquiry_id
        for seat, name in zip(seats, ("Ada", "Tom"), strict=True):
            link = through(mode, name)
            link.wait(0)
            assert not sync_once(seat, link).trouble
        assert seats[1].inquiry(inquiry).last_name == seats[0].inquiry(inquiry).last_name


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_beyond_this_computer_no_pooler_is_let_in_between(mode: str, team: Team, through: Pooled) -> None:
    """The channel is bound to the server's certificate, which whoever stands in between cannot do: no password goes."""
    ca = team.server.ca
    through(mode, "Ada").hello("a")
    with pooler(team, mode) as port:
        options = {**team.options("Ada"), "host": "localhost", "port": str(port)}
        with pytest.raises(HubRefused, match="less safety"):
            PostgresLink(connecting.safe(options, ca)).hello("a")
    direct = {**team.options("Ada"), "host": "localhost", "port": str(team.server.port)}
    link = PostgresLink(connecting.safe(direct, ca))
    assert link.hello("a").member == "Ada"
    link.close()
