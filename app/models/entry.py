"""One entry of the ledger: who says what about whom, and when; how it is ordered, and how it proves itself.

An entry is an envelope (who, when, about what), a *body* of facts that name nobody, and a *person* part that holds
every describing field and all free text. The person part can be taken away for ever; what results count stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec

from app.models.entries import (
    APPENDED_BY_ANY,
    AUTOMATIC,
    KINDS,
    VERSION,
    Body,
    Called,
    Captured,
    Closed,
    Consented,
    Delivered,
    Disposed,
    Id,
    Mailed,
    Millis,
    Objected,
    Person,
    Reviewed,
    SourceCost,
    Unknown,
)

_decoders = {kind: msgspec.json.Decoder(struct) for kind, struct in KINDS.items()}
_unknown_decoder = msgspec.json.Decoder(Unknown)
_person_decoder = msgspec.json.Decoder(Person)
_encoder = msgspec.json.Encoder(order="deterministic")
_pack = msgspec.msgpack.encode


PAST: dict[type[Body], dict[str, str]] = {
    Captured: {"captured_at": "", "consent_at": ""}, Called: {"called_at": "retry_at"},
    Disposed: {"decided_at": "erase_at"}, Reviewed: {"reviewed_at": "erase_at"}, Closed: {"closed_at": ""},
    Objected: {"objected_at": ""}, SourceCost: {"at": ""}, Consented: {"at": ""}, Delivered: {"at": ""},
    Mailed: {"at": ""},
}  # fmt: skip
"""What a body says to have happened, and what Winnow itself has reckoned from it, which moves along.

What people have promised or planned stays as they said it; a `woken` names a day that is the same on every device.
"""
AHEAD = 60_000 << 16  # on the scale of `at`


class Entry(msgspec.Struct, gc=False):
    """One thing that happened: the envelope, the body's bytes and the removable person part's bytes.

    Its fields are in the order of the ledger's columns: whoever reads many makes them without naming each, in a tenth
    of the time. It never refers to itself, so nobody looks for cycles in it.
    """

    id: Id
    subject: Id
    kind: str
    version: int = VERSION
    body: bytes = b""
    person: bytes | None = None
    salt: bytes | None = None  # goes with `person`
    digest: bytes = b""  # SHA-256 of salt and person; stays, so that an erased entry still verifies
    hash: bytes = b""
    actor: str = ""
    device: str = ""
    device_seq: int = 0
    claim_no: int = 0
    at: int = 0  # hybrid logical clock: milliseconds << 16 | counter
    wall: Millis = 0
    seen: tuple[Id, ...] = ()  # heads of the subject that the author had seen
    received_at: int | None = None  # stamped by the hub, on the scale of `at`
    pos: int | None = None
    brought_by: str = ""

    def facts(self) -> Body:
        """The body, decoded; an unknown kind or version gives `Unknown`.

        By a clock that was ahead nothing has happened later than the hub heard of it: nobody waits in 2099, and no
        discarded person stays until then. The bytes, which are hashed, remain as they were written.

        Raises:
            msgspec.DecodeError: the bytes are not this kind's body (a damaged or hostile entry).
        """
        decoder = _decoders.get(self.kind) if self.version == VERSION else None
        if decoder:
            body = decoder.decode(self.body)
            return body if self.received_at is None or not self.is_ahead() else self._in_time(body)
        try:
            return _unknown_decoder.decode(self.body)
        except msgspec.DecodeError:
            return Unknown()  # a newer Winnow's body need not be an object, nor JSON

    def who(self) -> Person | None:
        """The person part, decoded; None when the entry has none or it was erased."""
        return _person_decoder.decode(self.person) if self.person else None

    def order(self) -> tuple[int, int, str, int, Id]:
        """Stamped entries by the earlier of both clocks, then all unstamped; a wrong laptop clock never wins."""
        if self.received_at is not None:
            return (0, min(self.at, self.received_at), self.device, self.device_seq, self.id)
        return (1, self.at, self.device, self.device_seq, self.id)

    def is_ahead(self) -> bool:
        """Whether the author's clock was ahead of the hub's by more than a minute."""
        return self.received_at is not None and self.at > self.received_at + AHEAD

    def no_later(self, moment: Millis) -> Millis:
        """A moment by the author's clock; by one that was ahead, never after the hub had it."""
        return min(moment, self.received_at >> 16) if self.received_at is not None and self.is_ahead() else moment

    def _in_time(self, body: Body) -> Body:
        changed: dict[str, Millis] = {}
        for name, follows in PAST.get(type(body), {}).items():
            said = getattr(body, name)
            if said is None or (limited := self.no_later(said)) == said:
                continue
            changed[name] = limited
            if follows and (then := getattr(body, follows)) is not None:
                changed[follows] = then - (said - limited)
        return msgspec.structs.replace(body, **changed) if changed else body

    def verifies(self) -> bool:
        """Whether the hash fits what is here; the person part is checked while it is here."""
        if self.person is not None and digest_of(self.salt or b"", self.person) != self.digest:
            return False
        return self.hash == hash_of(self)


def are_sound(entries: Iterable[Entry]) -> bool:
    """Whether each can be read and is what its author wrote; all looked at together take two thirds of the time.

    Asked of each, `facts` and `who` raise nothing then, and `verifies` is true. False also where a kind or version is
    not known here: then each is asked.
    """
    sha256, pack, decoders, read_person = _hasher(), _pack, _decoders, _person_decoder.decode
    try:
        for e in entries:
            kind, body, person, digest = e.kind, e.body, e.person, e.digest
            if e.version != VERSION:
                return False
            decoders[kind].decode(body)
            if person is not None:
                if sha256((e.salt or b"") + person).digest() != digest or not person:
                    return False
                read_person(person)
            said: tuple[Any, ...] = (e.id, e.subject, kind, body)
            if e.actor != AUTOMATIC or kind not in APPENDED_BY_ANY:
                said = (
                    e.id, e.subject, kind, body, VERSION, digest, e.actor, e.device, e.device_seq, e.claim_no, e.at,
                    e.wall, e.seen,
                )  # fmt: skip
            if sha256(pack(said)).digest() != e.hash:
                return False
    except (KeyError, msgspec.DecodeError):
        return False
    return True


def encode(struct: msgspec.Struct) -> bytes:
    """JSON with a fixed order of keys, so that equal facts have equal bytes."""
    return _encoder.encode(struct)


def digest_of(salt: bytes, person: bytes) -> bytes:
    """SHA-256 of the salted person part."""
    return _sha256(salt + person)


def hash_of(entry: Entry) -> bytes:
    """SHA-256 over everything that the author said; an automatic entry's covers id, subject, kind and body alone."""
    automatic = entry.kind in APPENDED_BY_ANY and entry.actor == AUTOMATIC
    e = entry
    said: tuple[Any, ...] = (e.id, e.subject, e.kind, e.body)
    if not automatic:
        said = (*said, e.version, e.digest, e.actor, e.device, e.device_seq, e.claim_no, e.at, e.wall, e.seen)
    return _sha256(_pack(said))


def _sha256(said: bytes) -> bytes:
    digest: bytes = _hasher()(said).digest()
    return digest


@cache
def _hasher() -> Callable[[bytes], Any]:
    from hashlib import sha256  # brings OpenSSL, which no queue needs to be shown

    return sha256
