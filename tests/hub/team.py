"""Members of a hub for tests: invited and joined as people are, with links and plain sessions of their own."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg

from app.models.entries import KIND_OF, Body, Person
from app.models.entry import Entry, digest_of, encode, hash_of
from app.services.seat import new_id
from app.services.team.postgres_link import PostgresLink
from tests.hub.server import Server

NOON = 1_773_154_800_000  # 2026-03-10 15:00 UTC


class Team:
    """Who belongs to one hub."""

    def __init__(self, server: Server, database: str) -> None:
        self.server, self.database = server, database
        self.logins: dict[str, tuple[str, str]] = {}
        self._open: list[Any] = []
        self._admin: psycopg.Connection[Any] | None = None
        self.root = server.admin(database)
        self._open.append(self.root)
        self.join("Root", "admin")

    def join(self, name: str, role: str = "caller", sources: list[str] | None = None) -> None:
        """Invite somebody, and accept for them."""
        if name in self.logins:
            return
        inviter = self.admin if self.logins else self.root
        once, lasting = uuid.uuid4().hex, uuid.uuid4().hex
        row = inviter.execute(
            "SELECT winnow.invite(%s, %s, %s, %s)", (name, role, _verifier(inviter, once), sources)
        ).fetchone()
        assert row is not None
        self.logins[name] = (row[0], once)
        with self.session(name, keep=False) as session:
            session.execute("SELECT winnow.accept_invitation(%s)", (_verifier(session, lasting),))
        self.logins[name] = (row[0], lasting)

    @property
    def admin(self) -> psycopg.Connection[Any]:
        """Root's plain connection."""
        if self._admin is None or self._admin.closed:
            self._admin = self.session("Root")
        return self._admin

    def options(self, name: str) -> dict[str, str]:
        """How a member connects, over the socket."""
        login, password = self.logins[name]
        return {
            "host": str(self.server.socket), "port": str(self.server.port), "user": login, "password": password,
            "dbname": self.database,
        }  # fmt: skip

    def session(self, name: str, *, keep: bool = True, **options: Any) -> psycopg.Connection[Any]:
        """A member's plain connection, as an attacker would use it; each statement commits."""
        made = psycopg.connect(**{**self.options(name), **options}, autocommit=True)
        if keep:
            self._open.append(made)
        return made

    def link(
        self, name: str, role: str = "caller", *, device: str = "", sources: list[str] | None = None
    ) -> PostgresLink:
        """A member's link, hello said; the member joins when there is none of that name."""
        self.join(name, role, sources)
        made = PostgresLink(self.options(name))
        made.hello(device or f"{name.lower()}-1")
        self._open.append(made)
        return made

    def close(self) -> None:
        """End every conversation."""
        for each in self._open:
            each.close()


def _verifier(connection: psycopg.Connection[Any], password: str) -> str:
    return connection.pgconn.encrypt_password(password.encode(), b"any", b"scram-sha-256").decode()


@dataclass
class Author:
    """Writes sound entries as one member on one device."""

    name: str
    device: str = ""
    at: int = NOON << 16
    seq: int = 0
    made: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.device = self.device or f"{self.name.lower()}-1"

    def write(self, body: Body, person: Person | None = None, /, *, subject: str = "", **fields: Any) -> Entry:
        """One entry; by default about somebody new."""
        self.seq += 1
        self.at += 1 << 16
        words = encode(person) if person is not None else None
        salt = os.urandom(16) if words else None
        entry = Entry(
            **{
                "id": new_id(), "subject": subject or new_id(), "kind": KIND_OF.get(type(body), "unheard"),
                "body": encode(body), "person": words, "salt": salt,
                "digest": digest_of(salt, words) if words and salt else b"", "actor": self.name,
                "device": self.device, "device_seq": self.seq, "at": self.at, "wall": self.at >> 16, **fields,
            }
        )  # fmt: skip
        entry.hash = hash_of(entry)
        self.made.append(entry)
        return entry
