"""Connections to a hub: the measures without which no password is sent, and what failures mean in words."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.services.errors import Refused
from app.services.team.link import HubRefused, HubUnreachable

if TYPE_CHECKING:
    from psycopg import Connection

SECONDS_TO_CONNECT = 10
SILENCE = {  # a half-open connection is noticed within half a minute, whoever pulled the cable
    "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}  # fmt: skip
SAFE = {"sslmode": "verify-full", "channel_binding": "require", "require_auth": "scram-sha-256"}
ANSWER_S = 30.0  # of silence after a question: the kernel knows no better when something in between still says yes
CUT_OFF = ("unexpected eof", "eof detected", "connection reset by peer")  # while TLS began: nobody was asked anything
KEPT = "Nothing is lost; it is shared when the hub is there again."
HUB_SAYS = "WN"  # the first letters of the SQLSTATE of what the hub's own functions refuse


def options_of(url: str) -> dict[str, str]:
    """The parts of an address such as postgresql://name@host/database.

    Raises:
        Refused: it is no such address.
    """
    try:
        found = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise Refused(
            "That is no address of a hub.", todo="Write it as postgresql://NAME:PASSWORD@HOST/DATABASE."
        ) from error
    if not found.get("dbname"):
        raise Refused("The address names no database.", todo="End it with a slash and the name of the hub's database.")
    return found


def is_near(options: Mapping[str, str]) -> bool:
    """Whether the server is on this computer: a unix socket, or the loopback."""
    hosts = [host for host in (options.get("hostaddr") or options.get("host", "")).split(",") if host]
    return all(host.startswith(("/", "@")) or _is_loopback(host) for host in hosts)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def safe(options: Mapping[str, str], ca: Path | None) -> dict[str, str]:
    """The options with everything that keeps others from listening in; `ca` is the file of the hub's authority.

    Anything less than a certificate that was checked, a password that never travels, and a channel bound to both is
    left to servers on this same computer that have no authority of their own.
    """
    made = {**options, **SILENCE, "connect_timeout": str(SECONDS_TO_CONNECT), "application_name": "winnow"}
    if ca is None and is_near(options):
        return made
    made |= SAFE
    made["sslrootcert"] = str(ca) if ca is not None else made.get("sslrootcert", "system")
    return made


def connect(options: Mapping[str, str]) -> Connection[Any]:
    """A connection on which each statement is a transaction of its own.

    Raises:
        HubUnreachable: no answer. HubRefused: it does not let us in, or it is not the hub that we know.
    """
    with in_words():
        made = _Impatient.connect(**options, autocommit=True)  # type: ignore[arg-type]
        made.prepare_threshold = None  # nothing is left behind that a pooler would lose; a link that hears pokes may
        return made


class _Impatient(psycopg.Connection[Any]):
    """Waits for an answer as long as something arrives: a server that hangs behind a proxy keeps its connection up."""

    def wait(self, gen: Generator[Any, Any, Any], *given: Any, **named: Any) -> Any:
        """As psycopg's, with an end to silence."""
        return super().wait(self._watched(gen), *given, **named)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > ANSWER_S:
                    self.pgconn.finish()
                    raise psycopg.errors.ConnectionTimeout(f"it has been silent for {ANSWER_S:.0f} seconds")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value


@contextmanager
def talking(options: Mapping[str, str]) -> Iterator[Connection[Any]]:
    """A connection for some statements, each a transaction of its own, with failures in words.

    Raises:
        HubUnreachable: network or server failed. HubRefused: the hub answered no.
    """
    connection = connect(options)
    try:
        with in_words():
            yield connection
    finally:
        connection.close()


@contextmanager
def in_words() -> Iterator[None]:
    """What the driver or the hub raises, as a sentence for people.

    Raises:
        HubUnreachable: network or server failed. HubRefused: the hub answered no.
    """
    try:
        yield
    except psycopg.Error as error:
        raise _translated(error) from error


def _translated(error: psycopg.Error) -> HubRefused | HubUnreachable:
    state = error.sqlstate or ""
    said = (error.diag.message_primary or str(error)).strip()
    if state.startswith(HUB_SAYS):
        return HubRefused(said, kept="Nothing was changed there.")
    if state.startswith("28"):
        return _turned_away()
    if state in {"22P02", "22003"}:
        return HubRefused("The hub does not understand that: " + said + ".", kept="Nothing was changed there.")
    if state == "42501":
        return HubRefused("This member may not do that on the hub.", kept="Nothing was changed there.")
    if state == "3D000":
        return HubRefused("The server has no such hub.", todo="Check the address.")
    if state in {"42883", "3F000"}:
        return HubRefused(
            "That database is no hub, or one of an older Winnow.", todo="An admin runs `winnow hub create`."
        )
    if state == "53100":
        return HubUnreachable("The hub's disk is full.", kept=KEPT, todo="Tell an admin of the team.")
    if state == "53300":
        return HubUnreachable("The hub has no room for one more connection.", kept=KEPT)
    if state == "55P03":
        return HubUnreachable("Somebody holds the hub up; it ends that by itself within a minute.", kept=KEPT)
    if state in {"57P01", "57P02", "57P03"}:
        return HubUnreachable("The hub ended the conversation.", kept=KEPT)
    if state in {"26000", "42P05"}:
        return HubUnreachable("A pooler gave the conversation to another server; it is begun again.", kept=KEPT)
    if state[:2] in {"40", "53", "55", "57", "58", "08", "XX", "25"}:
        return HubUnreachable(f"The hub could not answer: {said}.", kept=KEPT)
    return _without_state(error, said) if not state else HubRefused(f"The hub refused: {said}.")


def _turned_away() -> HubRefused:
    return HubRefused(
        "The hub does not let this member in: the password is wrong, the invitation is over, or it was revoked.",
        kept="Everything stays here.",
        todo="Ask an admin of the team for a new invitation.",
    )


def _without_state(error: psycopg.Error, said: str) -> HubRefused | HubUnreachable:
    """Failures while connecting carry no SQLSTATE: libpq's words decide."""
    text = str(error).lower()
    if "certificate" not in text and any(end in text for end in CUT_OFF):
        return HubUnreachable("The hub cannot be reached: the connection was cut off.", kept=KEPT)
    if "certificate" in text or "does not match host name" in text or "ssl error" in text:
        return HubRefused(
            "The server's certificate is not the hub's.",
            kept="No password was sent.",
            todo="Somebody may be listening in, or the hub has a new certificate: ask an admin.",
        )
    if "does not support ssl" in text or "channel binding" in text or "authentication method requirement" in text:
        return HubRefused(
            "The server offers less safety than a hub does (encryption, SCRAM, channel binding).",
            kept="No password was sent.",
            todo="Ask an admin; docs/team.md says how a server is set up.",
        )
    if "password authentication failed" in text or "not permitted to log in" in text or "authentication" in text:
        return _turned_away()
    if "does not exist" in text and "database" in text:
        return HubRefused("The server has no such hub.", todo="Check the address.")
    if "permission denied for database" in text:
        return HubRefused("This login may not enter that hub.", todo="Ask an admin of the team.")
    if "invalid connection option" in text:
        return HubRefused("This computer's libpq is too old to connect safely.", todo="Install psycopg[binary].")
    if isinstance(error, psycopg.ProgrammingError | psycopg.DataError):
        return HubRefused(f"The hub refused: {said}.")
    first = said.splitlines()[0].rstrip(".") if said else "no answer"
    return HubUnreachable(f"The hub cannot be reached: {first}.", kept=KEPT)
