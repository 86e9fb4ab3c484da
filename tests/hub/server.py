"""A throw-away PostgreSQL server with TLS, and hubs on it that are copied from one made by the real migrations."""

from __future__ import annotations

import datetime
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

TEMPLATE = "winnow_template"
_numbers = count(1)


class Server:
    """A cluster of its own in a new folder, over a unix socket and over TCP with TLS on the loopback."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder, self.binaries = folder, binaries
        self.data, self.socket = folder / "data", folder / "socket"
        self.port = _free_port()
        self.password = secrets.token_hex(12)
        self._ca, self._other_ca = folder / "ca.pem", folder / "other-ca.pem"
        self.before: tuple[str, ...] = ()  # words before the server's own: the network in which it is to run
        self.tls = True  # whether this build of PostgreSQL can encrypt
        self._process: subprocess.Popen[bytes] | None = None
        self._has_template = False

    # its life

    def make(self) -> None:
        """initdb, certificates, configuration."""
        self.socket.mkdir(parents=True)
        (self.folder / "password").write_text(self.password)
        _certificates(self.folder)
        _hand_over(self.folder)
        self.run(
            "initdb", "-D", str(self.data), "--no-sync", "-U", "postgres", "--auth=scram-sha-256", "-E", "UTF8",
            "--locale=C.UTF-8", f"--pwfile={self.folder / 'password'}",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(
            "local all postgres trust\nlocal all all scram-sha-256\n"
            "host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"
        )
        self.tls = self._can_encrypt()
        settings = {
            "port": self.port, "unix_socket_directories": f"'{self.socket}'", "listen_addresses": "'127.0.0.1'",
            "ssl": "on" if self.tls else "off", "ssl_cert_file": f"'{self.folder / 'server.pem'}'",
            "max_connections": 120, "ssl_key_file": f"'{self.folder / 'server.key'}'", "fsync": "off",
            "synchronous_commit": "on", "full_page_writes": "off", "shared_buffers": "'128MB'",
            "max_prepared_transactions": 4,
            "log_min_messages": "error", "wal_level": "minimal", "max_wal_senders": 0,
        }  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = {value}\n" for key, value in settings.items() if self.tls or "_file" not in key)

    def _can_encrypt(self) -> bool:
        try:
            self.run("postgres", "-D", str(self.data), "-c", "ssl=on", "-C", "ssl")
        except RuntimeError as error:
            if "not supported by this build" not in str(error):
                raise
            return False
        return True

    @property
    def ca(self) -> Path:
        """The authority of its certificate; a test that asks for it is skipped where the server cannot encrypt."""
        if not self.tls:
            _skip(self.binaries, "TLS")
        return self._ca

    @property
    def other_ca(self) -> Path:
        """An authority that signed nothing; as `ca`."""
        if not self.tls:
            _skip(self.binaries, "TLS")
        return self._other_ca

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            [*self.before, *_as_server([str(self.binaries / "postgres"), "-D", str(self.data)])], stdout=log, stderr=log
        )
        log.close()
        until = time.monotonic() + 60
        while True:
            try:
                self.admin("postgres").close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)

    def postmaster(self) -> int:
        """The process id of the server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the server and all of its backends, as a power cut would."""
        assert self._process is not None
        for child in _children(self.postmaster()):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self.postmaster(), signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop at once, without a checkpoint."""
        self._end(signal.SIGQUIT)

    def stop_fast(self) -> None:
        """Stop as `pg_ctl stop -m fast` and every update of a server does: open conversations are ended in words."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError, FileNotFoundError):
                os.kill(self.postmaster(), how)
            self._process.wait(60)

    def run(self, program: str, *arguments: str, env: dict[str, str] | None = None) -> bytes:
        """Run one of PostgreSQL's own programs as the user of the server; returns what it said.

        A test that needs one which did not come with this PostgreSQL is skipped; Debian's has all of them.
        """
        if program != "initdb" and not (self.binaries / program).exists():
            _skip(self.binaries, program)
        words = _as_server([str(self.binaries / program), *arguments])
        done = subprocess.run(words, capture_output=True, check=False, cwd="/", env={**os.environ, **(env or {})})
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()[-1500:]}")
        return done.stdout

    # its databases

    def admin(self, database: str) -> psycopg.Connection[Any]:
        """A superuser's connection over the socket, committing at once."""
        return psycopg.connect(
            host=str(self.socket), port=self.port, user="postgres", dbname=database, autocommit=True, connect_timeout=5
        )

    def url(self, database: str, host: str = "127.0.0.1") -> str:
        """The address of a database with the superuser's name and password."""
        return f"postgresql://postgres:{self.password}@{host}:{self.port}/{database}"

    def template(self) -> str:
        """A hub made by the real migrations, once; it has no members."""
        if not self._has_template:
            from app.services.team import hub_schema

            hub_schema.prepare(f"postgresql://postgres@/{TEMPLATE}?host={self.socket}&port={self.port}")
            self._has_template = True
        return TEMPLATE

    @contextmanager
    def hub(self) -> Iterator[str]:
        """A fresh hub without members; gives the name of its database.

        Its group roles are the template's, since roles belong to the whole server.
        """
        name, template = f"hub{next(_numbers)}", self.template()
        with self.admin("postgres") as admin:
            admin.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
            admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            admin.execute(f'GRANT CONNECT ON DATABASE {name} TO "{template}.member"')
        try:
            with self.admin(name) as admin:  # it is meant to be here, so the first hello begins no new epoch
                admin.execute("UPDATE winnow.state SET identity = winnow.this_place(), epoch = gen_random_uuid()")
            yield name
        finally:
            with suppress(psycopg.OperationalError), self.admin("postgres") as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running(before: tuple[str, ...] = (), listen: str = "", hba: str = "") -> Iterator[Server]:
    """A new server, gone with all its files at the end.

    Args:
        before: the words by which a program runs somewhere else; `listen` is its address there, and `hba` a line of
            pg_hba.conf that lets clients in.

    Raises:
        RuntimeError: this computer has no PostgreSQL server.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="winnow-pg-", dir="/tmp" if os.name == "posix" else None))
    server = Server(folder, binaries)
    try:
        server.make()
        server.before = before
        if listen:
            with (server.data / "postgresql.conf").open("a") as file:
                file.write(f"listen_addresses = '{listen}'\n")
            with (server.data / "pg_hba.conf").open("a") as file:
                file.write(f"{hba}\n")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Where PostgreSQL's programs are: the folder that WINNOW_POSTGRES names, else this computer's newest."""
    named = os.environ.get("WINNOW_POSTGRES")
    if named:
        return Path(named)
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not places:
        raise RuntimeError("The tests of the hub need a PostgreSQL server (initdb): install postgresql, 14 or newer.")
    return Path(places[-1]).parent


def _skip(binaries: Path, lacking: str) -> None:
    import pytest

    pytest.skip(f"The PostgreSQL in {binaries} comes without {lacking}.")


def _as_server(words: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words] if os.geteuid() == 0 else words


def _hand_over(folder: Path) -> None:
    folder.chmod(0o755)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# certificates


def _certificates(folder: Path) -> None:
    """A certificate authority, the server's certificate for localhost alone, and an authority that signed nothing."""
    from cryptography.hazmat.primitives import serialization

    key, ca = _authority("Winnow tests")
    _, other = _authority("Somebody else")
    server_key, certificate = _signed(key, ca)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "ca.pem").write_bytes(ca.public_bytes(pem))
    (folder / "other-ca.pem").write_bytes(other.public_bytes(pem))
    (folder / "server.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "server.key").write_bytes(server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "server.key").chmod(0o600)


def _authority(name: str) -> tuple[Any, Any]:
    from cryptography import x509

    key, builder = _begun(name, name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return key, _ended(builder, key, key)


def _signed(ca_key: Any, ca: Any) -> tuple[Any, Any]:
    from cryptography import x509

    key, builder = _begun("localhost", ca.subject.rfc4514_string().removeprefix("CN="))
    names = [x509.DNSName("localhost")]  # and not 127.0.0.1: a wrong host is to be noticed
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, _ended(builder, key, ca_key)


def _begun(subject: str, issuer: str) -> tuple[Any, Any]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
    )
    return key, builder


def _ended(builder: Any, key: Any, signer: Any) -> Any:
    from cryptography.hazmat.primitives import hashes

    return builder.public_key(key.public_key()).sign(signer, hashes.SHA256())
