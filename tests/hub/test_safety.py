"""No password goes to the wrong server, no half-open connection is waited for, and a pooler is noticed."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from app.models.entries import Captured
from app.services.errors import Refused
from app.services.team import connecting
from app.services.team.link import Candidate, HubRefused, HubUnreachable
from app.services.team.postgres_link import PostgresLink
from tests.hub.team import Author, Team


def link_to(team: Team, host: str, *, ca: object = None, **more: str) -> PostgresLink:
    """Ada's link over TCP, with the measures that Winnow takes."""
    team.join("Ada")
    login, password = team.logins["Ada"]
    options = {"host": host, "port": str(team.server.port), "dbname": team.database, "user": login,
               "password": password, **more}  # fmt: skip
    return PostgresLink(connecting.safe(options, ca))  # type: ignore[arg-type]


@contextmanager
def proxy(port: int, alter: Callable[[bytes, str], bytes]) -> Iterator[int]:
    """Stands between client and server, and may alter what passes."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_ones: list[socket.socket] = [listening]

    def pump(source: socket.socket, target: socket.socket, direction: str) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(alter(data, direction))
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", port))
                open_ones.extend((client, server))
                for pair in ((client, server, "up"), (server, client, "down")):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        for each in open_ones:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def test_with_the_hubs_own_authority_everything_is_checked(team: Team) -> None:
    link = link_to(team, "localhost", ca=team.server.ca)
    assert link.hello("d").member == "Ada"
    row = team.root.execute(
        "SELECT ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = %s",
        (team.logins["Ada"][0],),
    ).fetchone()
    assert row == (True,)
    link.close()


def test_a_certificate_of_another_authority_is_refused(team: Team) -> None:
    with pytest.raises(HubRefused, match="certificate"):
        link_to(team, "localhost", ca=team.server.other_ca).hello("d")


def test_a_certificate_for_another_host_is_refused(team: Team) -> None:
    with pytest.raises(HubRefused, match="certificate"):
        link_to(team, "127.0.0.1", ca=team.server.ca).hello("d")


def test_a_server_that_talks_nobody_into_plain_text_gets_no_password(team: Team) -> None:
    """Somebody in between says that the server knows no TLS."""
    heard = bytearray()

    def no_tls(data: bytes, direction: str) -> bytes:
        heard.extend(data if direction == "up" else b"")
        return b"N" if direction == "down" and data in {b"S", b"N"} else data

    with proxy(team.server.port, no_tls) as port, pytest.raises(HubRefused, match="less safety"):
        link_to(team, "localhost", ca=team.server.ca, port=str(port)).hello("d")
    assert team.logins["Ada"][1].encode() not in heard and team.logins["Ada"][0].encode() not in heard


def test_a_false_server_that_asks_for_the_password_itself_does_not_get_it() -> None:
    """On this computer TLS may be missing; the password is still not handed over in plain text beyond the loopback."""
    options = connecting.safe({"host": "hub.example.com", "dbname": "winnow"}, None)
    assert options["sslmode"] == "verify-full"
    assert (options["channel_binding"], options["require_auth"]) == ("require", "scram-sha-256")
    assert options["sslrootcert"] == "system"


@pytest.mark.parametrize(
    ("host", "near"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("/run/postgresql", True),
     ("", True), ("hub.example.com", False), ("10.0.0.1", False), ("localhost.example.com", False), ("0.0.0.0", False),
     ("localhost,hub.example.com", False), ("127.0.0.1.example.com", False)],
)  # fmt: skip
def test_only_this_computer_goes_without_a_certificate(host: str, near: bool) -> None:
    assert connecting.is_near({"host": host}) is near
    options = connecting.safe({"host": host, "sslmode": "disable", "require_auth": "none"}, None)
    assert (options["sslmode"] == "verify-full") is not near
    assert (options["require_auth"] == "scram-sha-256") is not near


def test_a_far_address_behind_a_near_name_counts_as_far() -> None:
    assert not connecting.is_near({"host": "localhost", "hostaddr": "203.0.113.9"})


@pytest.mark.parametrize(
    "address", ["", "winnow", "http://host/db", "postgresql://host", "postgresql://host/db?nonsense=1"]
)
def test_what_is_no_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(Refused):
        connecting.options_of(address)


def test_a_wrong_password_is_a_refusal_and_no_server_a_failure_of_the_network(team: Team) -> None:
    team.join("Ada")
    with pytest.raises(HubRefused, match="does not let this member in"):
        PostgresLink({**team.options("Ada"), "password": "wrong", "host": "127.0.0.1"}).hello("d")
    with pytest.raises(HubUnreachable):
        PostgresLink({**team.options("Ada"), "host": "127.0.0.1", "port": "1"}).hello("d")
    with pytest.raises(HubRefused):
        PostgresLink({**team.options("Ada"), "dbname": "nowhere"}).hello("d")


def test_a_database_that_is_no_hub_says_so(team: Team) -> None:
    team.join("Ada")
    link = PostgresLink({**team.options("Ada"), "dbname": "postgres"})
    with pytest.raises(HubRefused, match="no hub"):
        link.hello("d")
    link.close()


def test_half_open_connections_are_noticed_within_half_a_minute() -> None:
    options = connecting.safe({"host": "hub.example.com", "dbname": "winnow"}, None)
    idle, every, times = (int(options[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + every * times <= 30 and int(options["tcp_user_timeout"]) <= 30_000
    assert int(options["connect_timeout"]) <= 10


def test_a_pooler_in_transaction_mode_is_named_and_polling_goes_on(team: Team) -> None:
    """A stand-in, for computers without one: it answers with a key of its own, and passes no notification on."""

    def another_pid(data: bytes, direction: str) -> bytes:
        if direction == "down" and data.startswith(b"A"):
            return b""
        at = data.find(b"K" + struct.pack(">i", 12)) if direction == "down" else -1
        return data if at < 0 else data[: at + 5] + struct.pack(">i", 4711) + data[at + 9 :]

    with proxy(team.server.port, another_pid) as port:
        link = link_to(team, "127.0.0.1", port=str(port), sslmode="disable")
        link.hello("d")
        assert link.wait(0) is False and link.pokes is False
        assert "pooler in transaction mode" in link.notice and "polling" in link.notice
        link.push([Author("Ada").write(Captured(source="s", captured_at=1))])
        assert link.wait(0.01) is False
        assert len(link.pull(0, 10).entries) == 1
        link.close()


def test_a_connection_cut_in_the_middle_is_unreachable_and_the_next_word_connects_anew(team: Team) -> None:
    cut = threading.Event()

    def until_cut(data: bytes, direction: str) -> bytes:
        if cut.is_set():
            raise OSError("cut")
        return data

    with proxy(team.server.port, until_cut) as port:
        link = link_to(team, "127.0.0.1", port=str(port), sslmode="disable")
        link.hello("d")
        cut.set()
        entries = [Author("Ada").write(Captured(source="s", captured_at=1))]
        with pytest.raises(HubUnreachable):
            link.push(entries)
        cut.clear()
        link.hello("d")
        assert link.push(entries)[0].outcome in {"stored", "known"}
        assert len(link.pull(0, 10).entries) == 1
        link.close()


def test_a_connection_cut_while_tls_begins_is_no_false_certificate(team: Team) -> None:
    def only_the_first_word(data: bytes, direction: str) -> bytes:
        if direction == "down" and data != b"S":
            raise OSError("cut")
        return data

    assert team.server.ca.exists()
    with proxy(team.server.port, only_the_first_word) as port, pytest.raises(HubUnreachable):
        link_to(team, "127.0.0.1", port=str(port), sslmode="require").hello("d")


@pytest.mark.parametrize("subscribed", [False, True])
def test_a_server_that_falls_silent_is_not_waited_for(
    subscribed: bool, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in between keeps the connection up, so that the kernel notices nothing."""
    monkeypatch.setattr(connecting, "ANSWER_S", 0.3)
    silent, over = threading.Event(), threading.Event()

    def until_silent(data: bytes, direction: str) -> bytes:
        if silent.is_set():
            over.wait(20)
            raise OSError("over")
        return data

    with proxy(team.server.port, until_silent) as port:
        link = link_to(team, "127.0.0.1", port=str(port), sslmode="disable")
        link.hello("d")
        if subscribed:
            link.wait(0)
        for word in (lambda: link.hello("d"), lambda: link.claim_first([Candidate("0" * 32)], 1, 1000)):
            silent.set()
            with pytest.raises(HubUnreachable, match="silent"):
                word()
            silent.clear()
            assert link.hello("d").member == "Ada"
        assert len(link.claim_first([Candidate("0" * 32)], 1, 1000)) == 1
        over.set()
        link.close()


STATES = ("57014", "40001", "55P03", "53300", "08006", "22023", "42501", "XX000", "28P01", "25006", "3D000", "57P01")


@pytest.mark.parametrize("state", STATES)
def test_no_error_of_the_driver_reaches_people_as_it_is(state: str) -> None:
    with pytest.raises((HubUnreachable, HubRefused)), connecting.in_words():
        raise psycopg.errors.lookup(state)("x")
