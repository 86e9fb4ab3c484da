"""A real mail server on the loopback that remembers what it got, with or without TLS, and fails when told to."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class MailThere:
    """What arrived: sender, recipients and message; and what to answer."""

    port: int = 0
    got: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answer: str = "250 OK"
    refuses: set[str] = field(default_factory=set)
    closes_after: bool = False
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    def message(self, at: int = -1) -> EmailMessage:
        made = email.message_from_bytes(self.got[at][2], policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        return made

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("2"):
            self.got.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.closes_after:
            server.transport.abort()
        return self.answer


class _Controller(Controller):
    def __init__(self, there: MailThere, port: int, context: ssl.SSLContext | None, tls: str) -> None:
        self._there, self._context, self._tls = there, context, tls
        super().__init__(there, hostname="127.0.0.1", port=port, ssl_context=context if tls == "tls" else None)

    def factory(self) -> SMTP:
        starts = self._tls == "starttls"
        return SMTP(
            self.handler, hostname="mail.example.com", tls_context=self._context if starts else None,
            require_starttls=starts, authenticator=self._login if self._context else None,
            auth_required=False, auth_require_tls=starts, enable_SMTPUTF8=False,
        )  # fmt: skip

    def _login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self._there.logins.append((data.login, data.password))
        right = data.password == b"right"
        return AuthResult(success=right, handled=right)


@contextlib.contextmanager
def mail_server(context: ssl.SSLContext | None = None, tls: str = "none") -> Iterator[MailThere]:
    """A mail server on a free port; `tls`: none, starttls or tls."""
    there = MailThere()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        there.port = probe.getsockname()[1]
    controller = _Controller(there, there.port, context, tls)
    controller.start()
    try:
        yield there
    finally:
        controller.stop()
