"""Leads by e-mail over SMTP with TLS (RFC 5321, RFC 8314): a text and an HTML part; a retry is the same message."""

from __future__ import annotations

import html
import io
import smtplib
import socket
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as WIRE_FORM
from email.utils import format_datetime
from typing import Any

from app.models.deliveries import Channel
from app.models.emails import clean_email
from app.services.errors import Refused
from app.services.team.channels.addresses import AddressRefused, names_loopback
from app.services.team.channels.base import MASK, Letter, Reply, Shown
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import headline, sections, summary
from app.services.team.channels.wire import Unreached, Wire, trust

SECRETS = ("password",)
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def checked(settings: dict[str, Any], secrets: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings as they are kept: `host`, `port`, `security`, `user`, `sender`, `to`, `members`, `private`, `ca_file`.

    `members` gives each salesperson's address, for leads that are meant for one of them.

    Raises:
        Refused: an address is none, or the connection would not be encrypted.
    """
    host, security = str(settings.get("host") or "").strip(), str(settings.get("security") or "starttls").lower()
    if not host or "/" in host or " " in host:
        raise Refused("Name the mail server.", todo="--set host=mail.example.com")
    if security not in PORTS:
        raise Refused(f"There is no security {security}.", todo=f"Use one of: {', '.join(PORTS)}.")
    if security == "none" and not names_loopback(host):
        raise Refused("A lead goes over an encrypted connection alone.", todo="Use --set security=starttls or tls.")
    try:
        port = int(settings.get("port") or PORTS[security])
    except ValueError:
        port = 0
    if not 0 < port < 65536:
        raise Refused("A port is a number from 1 to 65535.")
    user = str(settings.get("user") or "")
    if user and not secrets.get("password"):
        raise Refused("A user needs a password.", todo="Give it with --secret.")
    to = settings.get("to") or ()
    kept = {
        "host": host, "port": port, "security": security, "user": user, "private": bool(settings.get("private")),
        "sender": _address(settings.get("sender"), "sender"),
        "to": [_address(one, "to") for one in (to.split(",") if isinstance(to, str) else to)],
        "members": {str(name): _address(one, "members") for name, one in (settings.get("members") or {}).items()},
    }  # fmt: skip
    if not kept["to"]:
        raise Refused("Name at least one recipient.", todo="--set to=sales@example.com")
    if settings.get("ca_file"):
        kept["ca_file"] = str(settings["ca_file"])
    return kept, secrets


def _address(text: object, what: str) -> str:
    found = clean_email(str(text or "").strip())
    if not found or not found.isascii():
        raise Refused(f"{text or 'Nothing'} is no e-mail address.", todo=f"--set {what}=name@example.com")
    return found


class Mail:
    """Hands messages to the mail server."""

    erases = False

    def __init__(self, channel: Channel, secrets: dict[str, str]) -> None:
        self._settings, self._password = channel.settings, secrets.get("password", "")
        self._name = channel.name

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """The message, head and all."""
        settings = self._settings
        to = settings.get("members", {}).get(made.for_member)
        message = message_of(
            settings["sender"], [to] if to else settings["to"], headline(made), summary(made), made.at, letter.id,
            page=_page(made),
        )  # fmt: skip
        message["X-Winnow-Lead"] = made.id
        if made.replaces:
            from app.models.agreed_ids import letter_id

            before = _message_id(letter_id(self._name, made.replaces), settings["sender"])
            message["In-Reply-To"] = message["References"] = before
        return message.as_bytes(policy=WIRE_FORM)

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """One attempt. A 5xx is final, everything else is tried again."""
        return hand_over(self._settings, self._password, letter.body, wire)

    def preview(self, letter: Letter) -> list[Shown]:
        """The message as it goes over the wire."""
        settings = self._settings
        head, _, body = letter.body.decode("utf-8", "replace").partition("\r\n\r\n")
        pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in _unfolded(head)))
        login = (("(login)", f"{settings['user']} {MASK}"),) if settings["user"] else ()
        where = f"{settings['host']}:{settings['port']} ({settings['security']})"
        return [Shown(to=where, head=(*login, *pairs), body=body)]


def hand_over(settings: dict[str, Any], password: str, message: bytes, wire: Wire) -> Reply:
    """Give one finished message to a mail server; trouble is a reply."""
    head = BytesHeaderParser().parsebytes(message)
    to = [one.strip() for one in str(head["To"]).split(",")]
    try:
        wire.begin()
        with _Session(settings, wire) as session:
            if settings["user"]:
                session.login(settings["user"], password)
            refused = session.sendmail(settings["sender"], to, message)
    except (Unreached, AddressRefused) as error:
        return Reply(outcome="again", why=str(error), busy=True)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        outcome: Any = "never" if all(code >= 500 for code in codes) else "again"
        return Reply(outcome=outcome, why=f"The mail server takes none of the recipients ({codes[0]}).")
    except smtplib.SMTPAuthenticationError as error:
        return Reply(outcome="again", why=f"The mail server refuses user and password ({error.smtp_code}).", busy=True)
    except smtplib.SMTPResponseException as error:
        final = error.smtp_code >= 500 and isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused)
        why = f"The mail server answered {error.smtp_code}."
        return Reply(outcome="never" if final else "again", why=why, busy=not final)
    except (smtplib.SMTPException, OSError, MessageError) as error:
        return Reply(outcome="again", why=f"The mail server cannot be used: {_words(error)}.", busy=True)
    lost = f"Not taken for {len(refused)} of {len(to)} recipients." if refused else ""
    return Reply(outcome="received", why=lost)


class _Limited(io.RawIOBase):
    """What a connection says, until the attempt ends."""

    def __init__(self, connection: socket.socket, wire: Wire) -> None:
        self._connection, self._wire = connection, wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._wire.left())
        return self._connection.recv_into(buffer)


class _Session(smtplib.SMTP):
    """SMTP over a connection to an address that was looked at; TLS checks the server's name."""

    def __init__(self, settings: dict[str, Any], wire: Wire) -> None:
        self._settings, self._wire = settings, wire
        self._context = trust(str(settings.get("ca_file", ""))) if settings["security"] != "none" else None
        super().__init__(timeout=wire.left(), local_hostname="localhost")
        self._host = settings["host"]  # for the name in TLS
        code, _ = self.connect(settings["host"], settings["port"])
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")
        if settings["security"] == "starttls":
            self.ehlo()
            if not self.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError("it offers no encryption (STARTTLS)")
            self.starttls(context=self._context)
        self.ehlo()

    def getreply(self) -> tuple[int, bytes]:
        """An answer within the time of the attempt, however slowly the other side drips."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Limited(self.sock, self._wire))
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = self._wire.connect(host, port, private=bool(self._settings.get("private")))
        made.settimeout(self._wire.left())
        if self._settings["security"] == "tls":
            assert self._context is not None
            made = self._context.wrap_socket(made, server_hostname=host)
        return made


def message_of(
    sender: str, to: list[str], subject: str, text: str, at: str, delivery: str, *, page: str = "", name: str = ""
) -> EmailMessage:
    """A finished message; `at` is ISO 8601, `delivery` names it for ever."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())[:200]
    local, _, domain = sender.partition("@")
    message["From"] = Address(" ".join(name.split()), local, domain)
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(datetime.fromisoformat(at.replace("Z", "+00:00")))
    message["Message-ID"] = _message_id(delivery, sender)
    message["Auto-Submitted"] = "auto-generated" if page else "no"
    message.set_content(text, cte="quoted-printable")
    if page:
        message.add_alternative(page, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=={delivery}==")  # the same bytes however often it is made
    return message


def _message_id(delivery: str, sender: str) -> str:
    return f"<{delivery}@{sender.partition('@')[2]}>"


def _page(made: Packet) -> str:
    parts = [f"<h2>{html.escape(headline(made))}</h2>"]
    for head, lines in sections(made):
        items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        parts.append(f"<h3>{html.escape(head)}</h3><ul>{items}</ul>")
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{"".join(parts)}</body></html>'


def _unfolded(head: str) -> list[str]:
    return head.replace("\r\n\t", " ").replace("\r\n ", " ").split("\r\n")


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({error.verify_message})"
    return (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")


def carrier(channel: Channel, secrets: dict[str, str]) -> Mail:
    """Whoever sends this channel's messages."""
    return Mail(channel, secrets)
