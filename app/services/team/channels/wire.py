"""How every channel reaches the network: to addresses that were looked at, in limited time, following nobody.

A `Wire` belongs to one thread, keeps connections open between letters, and never touches the store.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cache
from types import TracebackType
from typing import Any, NamedTuple

import httpcore
import httpx

from app.services.team.channels.addresses import Resolve, resolve

TIMEOUT = 20.0  # seconds for a whole attempt; Standard Webhooks recommends 15 to 30
CONNECT = 10.0  # of it, to reach somebody
MOST_HEARD = 65_536  # bytes of an answer that are read
AGENT = "Winnow"


class Unreached(Exception):
    """Nobody answered, or not in time; what was sent may have arrived all the same. The text is for people."""


class Heard(NamedTuple):
    """An answer."""

    status: int
    head: Mapping[str, str]  # names in small letters
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        import msgspec

        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None


class _Timed(httpcore.NetworkStream):
    """A connection on which no read or write outlives the attempt, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, wire: Wire) -> None:
        self._stream, self._wire = stream, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._wire.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._wire.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._wire.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """Connects to an address that was looked at; TLS and the Host header keep the name."""

    def __init__(self, wire: Wire, *, private: bool) -> None:
        self._wire, self._private, self._plain = wire, private, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        trouble: Exception = httpcore.ConnectError("no address")
        for address in self._wire.addresses(host, port, private=self._private):
            try:
                stream = self._plain.connect_tcp(address, port, self._wire.left(timeout), local_address, socket_options)
                return _Timed(stream, self._wire)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble


class _Transport(httpx.BaseTransport):
    """httpx over the pinned connections."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.read(),
                extensions={"timeout": {"connect": CONNECT, "read": TIMEOUT, "write": TIMEOUT, "pool": CONNECT}},
            )
        )
        stream = answer.stream
        assert isinstance(stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(stream))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """An answer's body as it comes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Any:
        return iter(self._stream)

    def close(self) -> None:
        self._stream.close()


class Wire:
    """Sends requests and opens connections for channels. Use it as a context, or `close` it."""

    def __init__(self, *, timeout: float = TIMEOUT, look_up: Resolve = socket.getaddrinfo) -> None:
        self.timeout = timeout
        self._look_up = look_up
        self._clients: dict[tuple[bool, str], httpx.Client] = {}
        self._deadline = 0.0

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, times: float = 1.0) -> None:
        """From now on the time of an attempt runs; `times` as long for one that says several things."""
        self._deadline = time.monotonic() + self.timeout * times

    def left(self, at_most: float | None = None) -> float:
        """Seconds until the attempt ends; a connection that is used after it fails at once."""
        left = max(0.001, self._deadline - time.monotonic())
        return left if at_most is None else min(left, at_most)

    def addresses(self, host: str, port: int, *, private: bool) -> list[str]:
        """Where a connection to the host may go.

        Raises:
            AddressRefused: into the inner network, and that is not allowed. Unreached: the name is not known.
        """
        try:
            found = resolve(host, port, private=private, look_up=self._look_up)
        except (OSError, UnicodeError) as error:
            raise Unreached(f"The name {host} is not known here, or nobody could be asked.") from error
        if not found:
            raise Unreached(f"The name {host} has no address.")
        return found

    def connect(self, host: str, port: int, *, private: bool) -> socket.socket:
        """A bare connection for a protocol other than HTTP.

        Raises:
            AddressRefused: as `addresses`. Unreached: nobody is there. OSError: of the connection itself.
        """
        trouble: OSError | None = None
        for address in self.addresses(host, port, private=private):
            try:
                return socket.create_connection((address, port), self.left(CONNECT))
            except OSError as error:
                trouble = error
        raise Unreached(f"{host}:{port} cannot be reached: {_words(trouble)}.") from trouble

    def send(
        self, method: str, url: str, head: Mapping[str, str], body: bytes, *, private: bool = False, ca_file: str = ""
    ) -> Heard:
        """One request within the time of the attempt; nobody is followed elsewhere, and `MOST_HEARD` is read at most.

        Raises:
            Unreached: nobody answered in time, or not as HTTP; what was sent may have arrived.
            AddressRefused: the address leads into the inner network.
        """
        client = self._client(private, ca_file)
        try:
            answer = client.send(request_of(method, url, head, body), stream=True, follow_redirects=False)
            try:
                heard = b""
                for part in answer.iter_raw():
                    heard += part
                    if len(heard) >= MOST_HEARD:
                        break
                return Heard(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, heard[:MOST_HEARD])
            finally:
                answer.close()
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise Unreached(f"No answer within {self.timeout:g} seconds.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unreached(f"The connection failed: {_words(error)}.") from error

    def _client(self, private: bool, ca_file: str) -> httpx.Client:
        client = self._clients.get((private, ca_file))
        if client is None:
            pool = httpcore.ConnectionPool(
                ssl_context=trust(ca_file),
                network_backend=_Pinned(self, private=private),
                max_connections=8,
                keepalive_expiry=20.0,
            )
            client = httpx.Client(transport=_Transport(pool), follow_redirects=False, trust_env=False)
            self._clients[private, ca_file] = client
        return client

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()


def request_of(method: str, url: str, head: Mapping[str, str], body: bytes) -> httpx.Request:
    """A request as it goes over the wire, with every header; what a preview shows is what is sent."""
    # an answer is not unpacked, so that a small one cannot become a large one
    every = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Accept": "*/*"} | dict(head)
    return httpx.Request(method, url, headers=every, content=body)


def head_of(method: str, url: str, head: Mapping[str, str], body: bytes) -> tuple[tuple[str, str], ...]:
    """Every header of a request, in the order of the wire."""
    made = request_of(method, url, head, body)
    return tuple((name.decode(), value.decode()) for name, value in made.headers.raw)


@cache
def trust(ca_file: str = "") -> ssl.SSLContext:
    """Whom TLS believes: the system's authorities and those of certifi, or one file alone.

    Raises:
        Unreached: the file is none.
    """
    try:
        if ca_file:
            return ssl.create_default_context(cafile=ca_file)
        import certifi

        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
    except (OSError, ssl.SSLError) as error:
        raise Unreached(f"The certificates in {ca_file or 'this system'} cannot be read.") from error
    return context


def _words(error: Exception | None) -> str:
    """The system's words for it, without anything that was sent."""
    text = str(error or "").strip() or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("verify failed:")[2].partition("(_ssl")[0].strip()
        return f"the certificate is not to be trusted ({reason or 'unknown'})"
    return text.splitlines()[0][:200].rstrip(".")
