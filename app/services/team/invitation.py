"""An invitation: one text that can be pasted, with where the hub is, who is meant, and a password for one use."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib

import msgspec

from app.models.entries import Millis
from app.models.rights import Role
from app.services.errors import Refused

START, END = "winnow-invitation-", "."  # the end may be missing, unless other words follow
VERSION = 1
_CHECK = 4  # bytes of SHA-256 that tell whether all of it was copied
_LARGEST = 1 << 20


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody needs to join; whoever has it can join in their place, once, within seven days."""

    options: dict[str, str]  # host, port, dbname of the hub
    login: str
    password: str  # for one use
    name: str
    role: Role
    until: Millis
    ca: str = ""  # the authority of the hub's certificate, as PEM; empty: the system's authorities
    version: int = VERSION


class NoInvitation(Refused):
    """The text is no invitation, or not all of one."""

    code = "no_invitation"


def to_text(invitation: Invitation) -> str:
    """One line for a chat or a mail."""
    packed = zlib.compress(msgspec.msgpack.encode(invitation), 9)
    check = hashlib.sha256(packed).digest()[:_CHECK]
    return START + base64.urlsafe_b64encode(check + packed).decode().rstrip("=") + END


def from_text(text: str) -> Invitation:
    """What was pasted, whatever a mail has done to its line ends.

    Raises:
        NoInvitation: it is something else, some of it is missing, or a newer Winnow made it.
    """
    tidy = re.sub(r"[\s>\"'`\u200b]+", "", text)
    start = tidy.find(START)
    if start < 0:
        raise NoInvitation(
            "That is no invitation.", todo=f"Paste the whole text that begins with {START}", kept="Nothing was changed."
        )
    letters = tidy[start + len(START) :].partition(END)[0]
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _incomplete() from error
    check, packed = raw[:_CHECK], raw[_CHECK:]
    if not packed or hashlib.sha256(packed).digest()[:_CHECK] != check:
        raise _incomplete()
    try:
        plain = zlib.decompressobj().decompress(packed, _LARGEST)
        version = msgspec.msgpack.decode(plain, type=_Versioned).version
        if version > VERSION:
            raise NoInvitation("A newer Winnow made this invitation.", todo="Update Winnow, then join.")
        return msgspec.msgpack.decode(plain, type=Invitation)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise _incomplete() from error


class _Versioned(msgspec.Struct):
    version: int


def _incomplete() -> NoInvitation:
    return NoInvitation(
        "Some of the invitation is missing, or was changed on its way.",
        kept="Nothing was changed, and the invitation can still be used.",
        todo="Copy all of it again, from its first letter to its last.",
    )
