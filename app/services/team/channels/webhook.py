"""Webhooks by the Standard Webhooks specification (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import secrets as randomness
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from app.models.deliveries import Channel
from app.services.errors import Refused
from app.services.team.channels.addresses import AddressRefused, checked_url
from app.services.team.channels.base import Letter, Reply, Shown
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import plain
from app.services.team.channels.wire import Heard, Unreached, Wire, head_of

SECRETS = ("secret", "old-secret")
MOST = 20_000  # bytes of a payload, as the specification recommends
SECRET_BYTES = 32  # the specification: 24 to 64
TYPES = {"sell": "lead.sold", "nurture": "lead.nurtured", "withdrawn": "lead.withdrawn", "erase": "lead.erased"}
SHORTEST = 64  # characters; ids are shorter, and are never cut
DAY_MS = 86_400_000


def new_secret() -> str:
    """A secret as receivers take it."""
    return "whsec_" + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode()


def checked(settings: dict[str, Any], secrets: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings and secrets as they are kept: `url`, `private`, `ca_file`; a secret is made where none is given.

    Raises:
        Refused: the address or the secret is none.
    """
    private = bool(settings.get("private"))
    kept = {"url": checked_url(str(settings.get("url", "")), private=private), "private": private}
    if settings.get("ca_file"):
        kept["ca_file"] = str(settings["ca_file"])
    secret = secrets.get("secret") or new_secret()
    for one in filter(None, (secret, secrets.get("old-secret", ""))):
        _key(one)
    return kept, {**secrets, "secret": secret}


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not 24 <= len(key) <= 64:
        raise Refused(
            "This is no secret of a webhook.", todo="Use whsec_ and 24 to 64 random bytes in base64, or leave it out."
        )
    return key


class Webhook:
    """Posts signed JSON."""

    erases = True

    def __init__(self, channel: Channel, secrets: dict[str, str]) -> None:
        from standardwebhooks.webhooks import Webhook as Signer

        self._settings = channel.settings
        self._signers = [Signer(one) for one in (secrets["secret"], secrets.get("old-secret", "")) if one]

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """The payload; where it is too long, the oldest history goes first, then the longest texts are cut."""
        document, kind = plain(made), "lead.test" if made.test else TYPES[made.what]
        while True:
            body = msgspec.json.encode({"type": kind, "version": made.version, "timestamp": made.at, "data": document})
            if len(body) < MOST:
                return body
            document = _shorter(document)

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """One attempt: 2xx alone is success; 410 switches the channel off."""
        settings = self._settings
        wire.begin()
        try:
            heard = wire.send(
                "POST", settings["url"], self._head(letter), letter.body,
                private=bool(settings.get("private")), ca_file=str(settings.get("ca_file", "")),
            )  # fmt: skip
        except (Unreached, AddressRefused) as error:
            return Reply(outcome="again", why=str(error), busy=True)
        return reply_of(heard, letter.at)

    def preview(self, letter: Letter) -> list[Shown]:
        """The request; its signatures are those that would be sent at this moment."""
        head = head_of("POST", self._settings["url"], self._head(letter), letter.body)
        return [
            Shown(to=f"POST {self._settings['url']}", head=head, body=letter.body.decode(),
                  more=("The secret itself is not sent; the signature is made with it.",))
        ]  # fmt: skip

    def _head(self, letter: Letter) -> dict[str, str]:
        at = datetime.fromtimestamp(letter.at // 1000, UTC)
        text = letter.body.decode()
        return {
            "Content-Type": "application/json",
            "webhook-id": letter.id,
            "webhook-timestamp": str(letter.at // 1000),
            "webhook-signature": " ".join(signer.sign(letter.id, at, text) for signer in self._signers),
        }


def carrier(channel: Channel, secrets: dict[str, str]) -> Webhook:
    """Whoever posts to this channel.

    Raises:
        Refused: its secret is missing.
    """
    if not secrets.get("secret"):
        raise Refused(f"The secret of the channel {channel.name} is missing.", todo="Add the channel again.")
    return Webhook(channel, secrets)


def reply_of(heard: Heard, now: int, *, never: frozenset[int] = frozenset()) -> Reply:
    """What a status means; `now` in milliseconds is for a Retry-After that names a moment.

    `never`: statuses that no further attempt would change.
    """
    status = heard.status
    if 200 <= status < 300:
        return Reply(outcome="received")
    if status == 410:
        return Reply(outcome="gone", why="The receiver says that this address is gone (410).")
    if 300 <= status < 400:
        return Reply(outcome="again", why=f"The receiver sends elsewhere ({status}), and nobody is followed.")
    if status in {429, 502, 503, 504}:
        after = retry_after(heard.head.get("retry-after", ""), now) if status in {429, 503} else None
        return Reply(outcome="again", why=f"The receiver is busy ({status}).", after_ms=after, busy=True)
    if status in never:
        return Reply(outcome="never", why=f"The receiver refuses it ({status}){_said(heard)}.")
    return Reply(outcome="again", why=f"The receiver answered {status}.")


def _said(heard: Heard) -> str:
    found = heard.json()
    text = found.get("message") if isinstance(found, dict) else ""
    return f": {text[:200].rstrip('.')}" if isinstance(text, str) and text else ""


def retry_after(text: str, now: int) -> int | None:
    """Milliseconds to wait: seconds or a date of HTTP (RFC 9110, section 10.2.3), at most a day; None: no such."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * 1000, DAY_MS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(0, round(at.timestamp() * 1000) - now), DAY_MS)


def _shorter(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the older half of its history, or with its longest text halved."""
    if document.get("history"):
        kept = document["history"][(len(document["history"]) + 1) // 2 :]
        return {**document, "history": kept, "shortened": True}
    longest = _longest(document)
    if longest <= SHORTEST:
        document = {key: value for key, value in document.items() if not isinstance(value, list | tuple)}
    return {**_cut(document, max(SHORTEST, longest // 2)), "shortened": True}


def _longest(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return max(map(_longest, inner), default=0)


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= most else value[: max(1, most - 1)] + "…"
    if isinstance(value, dict):
        return {key: _cut(inner, most) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(inner, most) for inner in value]
    return value
