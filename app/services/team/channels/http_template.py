"""Any system that takes JSON over HTTP: method, address, headers and body are templates that name the lead's fields."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import msgspec

from app.models.deliveries import Channel
from app.services.errors import Refused
from app.services.team.channels.addresses import AddressRefused, checked_url
from app.services.team.channels.base import MASK, Letter, Reply, Shown
from app.services.team.channels.packet import Packet
from app.services.team.channels.packet_words import FIELDS, fields
from app.services.team.channels.webhook import reply_of
from app.services.team.channels.wire import Unreached, Wire, head_of

SECRETS = ("token",)
METHODS = ("POST", "PUT", "PATCH")
KEY_HEADER = "Idempotency-Key"  # draft-ietf-httpapi-idempotency-key-header
NEVER = frozenset({400, 404, 405, 413, 415, 422})  # the same words would be refused again
DEFAULT = {name: f"{{{name}}}" for name in (
    "id", "delivery", "what", "correction", "replaces", "first_name", "last_name", "company", "title", "phone",
    "email", "country", "source", "score", "answers", "note", "next_step", "for_member", "until",
)}  # fmt: skip
_NAMED = re.compile(r"\{([a-z_]+)\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class _Request(msgspec.Struct):
    """What is frozen."""

    url: str
    body: str


def checked(settings: dict[str, Any], secrets: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Settings as they are kept: `method`, `url`, `headers`, `body`, `key_header`, `number_at`, `private`, `ca_file`.

    A header may name the secret as {token}; `number_at` says where in the answer the receiver's own number stands,
    such as data.id.

    Raises:
        Refused: the address is none, or a template names a field that there is not.
    """
    private = bool(settings.get("private"))
    method = str(settings.get("method") or "POST").upper()
    if method not in METHODS:
        raise Refused(f"A lead is not sent by {method}.", todo=f"Use one of: {', '.join(METHODS)}.")
    url = str(settings.get("url", ""))
    checked_url(_NAMED.sub("x", url), private=private)
    if _NAMED.search(url.partition("://")[2].partition("/")[0]):
        raise Refused("The host of an address is fixed.", todo="Name fields behind the first slash alone.")
    headers = {str(name): str(value) for name, value in (settings.get("headers") or {}).items()}
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not value.isascii() or not value.isprintable():
            raise Refused(f"{name} is no header.", todo="Use name and value as in Authorization=Bearer {token}.")
    body = settings.get("body") or DEFAULT
    _check_names([url, *_texts(body)], ())
    _check_names(headers.values(), ("token", "delivery", "id"))
    if any("{token}" in value for value in headers.values()) and not secrets.get("token"):
        raise Refused("A header names {token}, and no token was given.", todo="Give it with --secret.")
    kept = {
        "method": method, "url": url, "headers": headers, "body": body, "private": private,
        "key_header": str(settings.get("key_header", KEY_HEADER)), "number_at": str(settings.get("number_at") or "id"),
    }  # fmt: skip
    if settings.get("ca_file"):
        kept["ca_file"] = str(settings["ca_file"])
    return kept, secrets


def _check_names(texts: Any, more: tuple[str, ...]) -> None:
    for text in texts:
        for name in _NAMED.findall(text):
            if name not in (more or FIELDS):
                raise Refused(
                    f"There is no field {{{name}}}.", todo=f"Fields are: {', '.join(more or FIELDS)}."
                )  # fmt: skip


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]


def filled(template: Any, values: dict[str, Any]) -> Any:
    """A template with the values in place: "{score}" alone becomes the number, within a text its words."""
    if isinstance(template, dict):
        return {key: filled(inner, values) for key, inner in template.items()}
    if isinstance(template, list):
        return [filled(inner, values) for inner in template]
    if not isinstance(template, str):
        return template
    alone = _NAMED.fullmatch(template)
    if alone:
        return values[alone[1]]
    return _NAMED.sub(lambda match: _as_text(values[match[1]]), template)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class Template:
    """Sends what the template says."""

    erases = True

    def __init__(self, channel: Channel, secrets: dict[str, str]) -> None:
        self._settings, self._token = channel.settings, secrets.get("token", "")

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """Address and body with the fields in place."""
        values = fields(made, letter.id, letter.number)
        url = _NAMED.sub(lambda match: quote(_as_text(values[match[1]]), safe=""), self._settings["url"])
        body = msgspec.json.encode(filled(self._settings["body"], values)).decode()
        return msgspec.json.encode(_Request(url, body))

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """One attempt; the key in the header is the same at each."""
        settings, frozen = self._settings, msgspec.json.decode(letter.body, type=_Request)
        wire.begin()
        try:
            heard = wire.send(
                settings["method"], frozen.url, self._head(letter, self._token), frozen.body.encode(),
                private=bool(settings.get("private")), ca_file=str(settings.get("ca_file", "")),
            )  # fmt: skip
        except (Unreached, AddressRefused) as error:
            return Reply(outcome="again", why=str(error), busy=True)
        reply = reply_of(heard, letter.at, never=NEVER)
        if reply.outcome != "received":
            return reply
        return Reply(outcome="received", number=_found(heard.json(), settings.get("number_at", "id")))

    def preview(self, letter: Letter) -> list[Shown]:
        """The request, the token masked."""
        frozen = msgspec.json.decode(letter.body, type=_Request)
        method = self._settings["method"]
        head = head_of(method, frozen.url, self._head(letter, MASK), frozen.body.encode())
        return [Shown(to=f"{method} {frozen.url}", head=head, body=frozen.body)]

    def _head(self, letter: Letter, token: str) -> dict[str, str]:
        values = {"token": token, "delivery": letter.id, "id": letter.lead}
        own = {name: _NAMED.sub(lambda m: values[m[1]], value) for name, value in self._settings["headers"].items()}
        key = self._settings.get("key_header", KEY_HEADER)
        return {"Content-Type": "application/json", **({key: letter.id} if key else {}), **own}


def _found(answer: Any, path: str) -> str:
    for step in path.split("."):
        if isinstance(answer, list) and step.isdigit() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            answer = answer.get(step) if isinstance(answer, dict) else None
    return str(answer)[:200] if isinstance(answer, str | int) else ""


def carrier(channel: Channel, secrets: dict[str, str]) -> Template:
    """Whoever sends to this channel."""
    return Template(channel, secrets)
