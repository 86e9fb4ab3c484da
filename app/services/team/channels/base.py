"""What every channel is: where leads go, by which rule, and what one delivery says and hears."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from app.models.entries import Id, Millis
from app.services.sources import NAMESPACE

if TYPE_CHECKING:
    from app.services.team.channels.packet import Packet
    from app.services.team.channels.wire import Wire

What = Literal["sell", "nurture", "withdrawn", "erase"]
MASK = "***"


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One configured place to which leads are delivered. `settings` are those of its kind, and hold no secret."""

    name: str
    kind: str
    settings: dict[str, Any] = {}
    dispositions: tuple[str, ...] = ("sell",)  # which decisions go there
    sources: tuple[str, ...] = ()  # of which sources; empty: of all
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2; empty: of all
    since: Millis = 0  # decisions before are not delivered
    corrections: bool = True  # whether it is told of what was taken back

    def wants(self, disposition: str | None, source: str, country: str) -> bool:
        """Whether a lead like this goes here."""
        if disposition not in self.dispositions:
            return False
        if self.sources and source.casefold() not in {name.casefold() for name in self.sources}:
            return False
        return not self.countries or country in self.countries


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery at one attempt: its frozen body, and what identifies it to the receiver."""

    channel: str
    cause: Id
    lead: Id
    what: str
    body: bytes  # as `freeze` made it; the same at every attempt
    replaces: Id = ""
    number: str = ""  # the receiver's own number of what was delivered about this lead before
    at: Millis = 0  # of this attempt
    attempt: int = 1

    @property
    def id(self) -> str:
        """The same at every attempt, from whichever computer: by it a receiver knows that it has this already."""
        return letter_id(self.channel, self.cause)

    @property
    def correction(self) -> bool:
        """Whether something else was delivered before."""
        return bool(self.replaces)


def letter_id(channel: str, cause: Id) -> str:
    """How a delivery is called, for ever."""
    return f"msg_{uuid.uuid5(NAMESPACE, f'delivery:{channel.casefold()}:{cause}').hex}"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt.

    received: they have it · again: not this time, try later · never: it will not be taken however often it is tried ·
    gone: the address itself is no more, and the channel is switched off.
    """

    outcome: Literal["received", "again", "never", "gone"]
    number: str = ""  # the receiver's own number of what it made
    why: str = ""  # for people; holds no secret and nothing about the person
    after_ms: int | None = None  # the receiver asked to wait so long
    busy: bool = False  # nobody gets through there now: what else waits for this channel need not be tried at once


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel would send, to be looked at: each request or message with its head and its bytes."""

    to: str
    head: tuple[tuple[str, str], ...]  # secrets are masked
    body: str
    more: tuple[str, ...] = ()  # what follows, in words


class Carrier(Protocol):
    """Speaks one protocol. It keeps nothing between two letters that another carrier would need."""

    erases: bool  # whether it can ask the receiver to erase somebody

    def freeze(self, made: Packet, letter: Letter) -> bytes:
        """The body that every attempt sends."""

    def deliver(self, letter: Letter, wire: Wire) -> Reply:
        """One attempt; trouble of the network is a reply, never an exception."""

    def preview(self, letter: Letter) -> list[Shown]:
        """Exactly what `deliver` would send, with secrets masked."""
