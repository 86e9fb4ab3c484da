"""What every channel does: what one delivery says and hears, and who carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from app.models.agreed_ids import letter_id
from app.models.entries import Id, Millis

if TYPE_CHECKING:
    from app.services.team.channels.packet import Packet
    from app.services.team.channels.wire import Wire

What = Literal["sell", "nurture", "withdrawn", "erase"]
MASK = "***"


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
