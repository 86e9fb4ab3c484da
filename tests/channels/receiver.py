"""A receiver on this computer that misbehaves when told to, and remembers everything that reached it."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Got:
    """One request that arrived."""

    method: str
    path: str
    head: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Behaviour = Callable[[Got], tuple[int, dict[str, str], bytes] | str]
"""What to answer: status, head and body; or "close" (after the effect), "hang", "drip", "garbage"."""


def fine(_: Got) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, b'{"id":"R-1"}'


def status(code: int, **head: str) -> Behaviour:
    return lambda _: (code, {name.replace("_", "-"): value for name, value in head.items()}, b"{}")


@dataclass
class Receiver:
    """Remembers by id what had an effect: the second time of the same id has none."""

    behave: Behaviour = fine
    got: list[Got] = field(default_factory=list)
    effects: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    scheme: str = "http"
    quiet: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/leads", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def take(self, got: Got) -> None:
        with self.lock:
            self.got.append(got)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        got = Got(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(size))
        receiver = self.server.receiver  # type: ignore[attr-defined]
        receiver.take(got)
        answer = receiver.behave(got)
        if isinstance(answer, str):
            self._misbehave(answer, receiver)
            return
        code, head, body = answer
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **head}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _misbehave(self, how: str, receiver: Receiver) -> None:
        self.close_connection = True
        if how == "hang":
            receiver.quiet.wait(20)
        elif how == "garbage":
            self.wfile.write(b"\x00\xffno http at all\r\n\r\n")
        elif how == "drip":
            with contextlib.suppress(OSError):
                for sign in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Slow: " + b"s" * 200:
                    self.wfile.write(bytes([sign]))
                    self.wfile.flush()
                    if receiver.quiet.wait(0.05):
                        return
        elif how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's own names

    def log_message(self, format: str, *args: Any) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # whoever gave up on us


@contextlib.contextmanager
def receiving(behave: Behaviour = fine, *, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of the loopback, over TLS when a context is given."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver = Receiver(behave=behave, port=server.server_address[1], scheme="https" if context else "http")
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.quiet.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, *names: str, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for these names, and a server's context with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    alternatives: list[x509.GeneralName] = []
    for name in names:
        try:
            alternatives.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            alternatives.append(x509.DNSName(name))
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{names[0]}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    ca = folder / f"{names[0]}-ca.pem"
    ca.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return ca, context


def eventually(check: Callable[[], bool], seconds: float = 10) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)
