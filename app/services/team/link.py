"""What a laptop says to its hub, and what it hears: the words of the conversation, and its promises.

`PostgresLink` speaks them to a real server. The simulator of the tests has a hub of its own that keeps the same
promises, in memory, on virtual time. A link belongs to one thread.

Times are milliseconds since the epoch, UTC, by the hub's clock; ids are 32 hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from app.models.entries import Id, Millis
from app.models.entry import Entry
from app.models.rights import Role
from app.services.errors import EnvironmentFailed

PROTOCOL = 1  # what this version speaks; the hub says the oldest that may claim


class HubUnreachable(EnvironmentFailed):
    """No word from the hub; everything goes on here, and is shared later."""

    code = "hub_unreachable"


class HubRefused(EnvironmentFailed):
    """The hub answers, and does not let this member in (revoked, wrong password, wrong certificate)."""

    code = "hub_refused"


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub says first."""

    epoch: Id  # changes when the hub was restored from a backup
    head: int  # the newest position of the feed; 0: it is empty
    now: Millis
    member: str
    role: Role
    sources: tuple[str, ...] | None  # whose people may be read; None: every source
    scope: int  # grows whenever what may be read changes
    oldest_protocol: int = PROTOCOL  # an older laptop may hand in and read, and claim nothing
    may_pick: bool = True  # whether somebody may be called out of order


class Receipt(msgspec.Struct, frozen=True):
    """What became of one entry that was handed in.

    stored: new · known: had it already · confirmed: somebody else had brought it, and its author now confirms it ·
    quarantined: the id is there with another hash; kept aside for a team lead · held: its author was revoked; kept
    aside too, and it leaves the fold here until it is let in · refused: this role may not append it.
    """

    id: Id
    outcome: Literal["stored", "known", "confirmed", "quarantined", "held", "refused"]
    why: str = ""


class Fate(msgspec.Struct, frozen=True):
    """What became of an entry that the hub held back."""

    id: Id
    what: Literal["stored", "waits", "left out"]
    by: str = ""  # who has left it out


class Page(msgspec.Struct, frozen=True):
    """Some of the feed in order of `pos`, stamped; `person` is missing where this member may not read it."""

    entries: list[Entry]
    through: int  # the position up to which this page tells everything
    head: int
    told: tuple[Id, int] | None = None  # epoch and scope, as `Welcome` says them; None: only a greeting tells


class Candidate(msgspec.Struct, frozen=True):
    """Somebody whom this laptop would call, with the keyed hashes of their numbers: no number is held by two."""

    inquiry: Id
    keys: tuple[str, ...] = ()


class Claimed(msgspec.Struct, frozen=True):
    """One inquiry that this device holds."""

    inquiry: Id
    claim_no: int  # grows with every claim on the hub: the higher one is the younger
    expires_at: Millis
    pack: bool = False  # checked out for days


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """One member's device, as the hub last heard of it."""

    member: str
    role: Role
    device: str
    seen_at: Millis
    online: bool
    doing: str = ""  # "call", "between", "away"
    inquiry: Id = ""  # on a call with whom
    since: Millis | None = None  # of what they are doing
    held: int = 0  # claims, packs included


class Absence(msgspec.Struct, frozen=True):
    """Days on which somebody is not given anything."""

    member: str
    start: Millis
    end: Millis


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the team."""

    name: str
    role: Role
    sources: tuple[str, ...] | None = None
    revoked: bool = False


class Link(Protocol):
    """One conversation with the hub.

    Every method raises `HubUnreachable` when the network or the server fails, and `HubRefused` when the hub answers
    that this member is not let in. What was said before the failure may or may not have taken effect: repeat it.
    """

    def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
        """Who is there, and how far the hub is."""

    def push(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Hand in entries, in the order of their author; safe to repeat for ever. One poison entry stops no other."""

    def fates(self, ids: Sequence[Id]) -> list[Fate]:
        """What became of entries that were held back; of what the hub does not know, nothing is said.

        At most a thousand are asked for at once.
        """

    def pull(self, after: int, size: int) -> Page:
        """The feed behind a position."""

    def persons(self, after: int, size: int) -> Page:
        """The same, only entries with a person part that this member may read: after the scope has grown."""

    def subjects(self, ids: Sequence[Id]) -> list[Entry]:
        """Everything in the feed about some subjects, stamped, in order of `pos`: before the feed has come that far.

        `person` is missing where this member may not read it. At most a hundred subjects are asked for at once.
        """

    def hash_keys(self) -> dict[str, bytes]:
        """The team's ring of keyed-hash keys, by key id."""

    def add_hash_keys(self, keys: Mapping[str, bytes]) -> None:
        """Add this store's keys to the team's ring; known ids keep their key."""

    def members(self) -> list[Member]:
        """Everybody of the team."""

    def absences(self) -> list[Absence]:
        """Who is away when, from now on."""

    # claims

    def claim_first(
        self, candidates: Sequence[Candidate], want: int, lease_ms: int, let_go_of: Sequence[int] = ()
    ) -> list[Claimed]:
        """The first `want` free ones among the candidates, in their order, are now this device's.

        Before that those with the claim numbers `let_go_of` are free again, as by `release`.
        """

    def renew(self, claim_nos: Sequence[int], lease_ms: int) -> list[int]:
        """A sign of life; returns the numbers that are still this device's."""

    def release(self, claim_nos: Sequence[int]) -> None:
        """These are free again."""

    def take_pack(self, candidates: Sequence[Candidate], want: int, until: Millis) -> list[Claimed]:
        """As `claim_first`, for days without a network."""

    # presence

    def tell(self, doing: str, inquiry: Id = "", since: Millis | None = None) -> None:
        """What this device's member is doing."""

    def present(self) -> list[Present]:
        """Everybody whom the hub has heard of."""

    # pokes

    def wait(self, seconds: float) -> bool:
        """Waits for a poke (something is new; look), at most so long; whether one came."""

    def interrupt(self) -> None:
        """Whoever waits comes back at once; another thread may say it."""

    def close(self) -> None:
        """End the conversation."""
