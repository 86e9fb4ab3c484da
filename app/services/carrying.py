"""Entries on a stick: from a laptop that no network reaches to one that shares them.

A bundle is sealed piece by piece: AES-256-GCM, with a counter and an end mark in each nonce, as in the STREAM
construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A cut or changed one is noticed before any of it is taken.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.models.entries import AUTOMATIC, Id, Millis
from app.models.entry import Entry
from app.services.errors import EnvironmentFailed, Locked, Refused
from app.services.files import whole
from app.services.seat import Changed, Seat
from app.services.store import stamps, vault
from app.services.store.entry_rows import unstamped
from app.services.store.folded_rows import select_in
from app.services.store.keyed_hashes import KeyRing
from app.services.store.ledger import OTHERS
from app.services.team import state
from app.services.team.arrivals import fold_arrivals, spread_objections, take_carried
from app.services.team.newcomers import join_newcomers
from app.services.team.work import Work

MAGIC = b"winnow-carry-1\n"
Progress = Callable[[int, int], None]
PIECE = 500  # entries sealed together
LARGEST = 64 << 20  # bytes of one piece; a longer one is no piece of ours
DAMAGED = "The bundle is damaged, or not all of it is there."


class PassphraseNeeded(Locked):
    """No passphrase was given, or another one than the bundle's."""


class _Head(msgspec.Struct, frozen=True):
    """How a bundle is opened: by a key that the team shares, or by a passphrase."""

    salt: bytes
    key_id: str = ""  # empty: by passphrase
    passes: int = vault.PASSES
    memory_kib: int = vault.MEMORY_KIB
    lanes: int = vault.LANES


class _Piece(msgspec.Struct):
    entries: list[Entry] = []
    keys: dict[str, bytes] = {}  # under which this store hashed e-mails and numbers


class Brings(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle would bring; nothing of it is here yet."""

    file: Path
    passphrase: str = ""  # that opened it; empty: the team's key did
    read: int
    new: int  # entries that are not here
    people: int  # captured, and not known here
    kinds: dict[str, int]  # of the new entries, how many of each kind
    authors: tuple[str, ...]  # of the new entries, by name
    since: Millis | None  # when the first of the new entries was written
    until: Millis | None


class Carried(msgspec.Struct, frozen=True):
    """What a bundle brought."""

    entries: int  # that were new here
    read: int
    changed: Changed = Changed()


def carry_out(seat: Seat, file: Path, passphrase: str = "") -> int:
    """Write everything that no hub has yet into a bundle; returns how many entries.

    Without a passphrase the team's key seals it, and any laptop of the team opens it.

    Raises:
        Locked: this home works alone, and no passphrase was given.
        EnvironmentFailed: the file cannot be written; what stood there is unchanged.
    """
    head, key = _new_key(seat, passphrase)
    count = 0
    with whole(file, "The home is unchanged.") as beside, seat.store.snapshot(), beside.open("wb") as out:
        beside.chmod(0o600)
        packed = msgspec.msgpack.encode(head)
        out.write(MAGIC + struct.pack(">I", len(packed)) + packed)
        number = 0
        _seal(out, key, packed, number, _Piece(keys=seat.ledger.ring.keys()), last=False)
        for entries in _unshared(seat):
            number += 1
            count += len(entries)
            _seal(out, key, packed, number, _Piece(entries=entries), last=False)
        _seal(out, key, packed, number + 1, _Piece(), last=True)
    return count


def is_bundle(file: Path) -> bool:
    """Whether a file says that it is a bundle; one that cannot be read is none."""
    try:
        with file.open("rb") as data:
            return data.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def look_in(seat: Seat, file: Path, passphrase: str = "") -> Brings:
    """Say what a bundle would bring, and change nothing.

    Raises:
        Locked, Refused, EnvironmentFailed: as `carry_in`.
    """
    read, new, kinds, authors = 0, 0, Counter[str](), set[str]()
    captured, walls = set[Id](), list[Millis]()
    try:
        key, packed = _key_of(seat, file, passphrase)
        with seat.store.snapshot():
            for piece in _pieces(file, key, packed):
                here = stamps.known(seat.store, [entry.id for entry in piece.entries])
                fresh = [entry for entry in piece.entries if entry.id not in here]
                read, new = read + len(piece.entries), new + len(fresh)
                kinds.update(entry.kind for entry in fresh)
                authors |= {entry.actor for entry in fresh if entry.actor != AUTOMATIC}
                walls += [entry.wall for entry in fresh]
                captured |= {entry.subject for entry in fresh if entry.kind == "captured"}
            there = select_in(seat.store, "SELECT DISTINCT subject FROM ledger WHERE subject IN", sorted(captured))
    except OSError as error:
        raise EnvironmentFailed(f"{file} cannot be read: {error.strerror}.", kept="Nothing was changed.") from error
    return Brings(
        file=file, passphrase=passphrase, read=read, new=new, people=len(captured - {row[0] for row in there}),
        kinds=dict(kinds.most_common()), authors=tuple(sorted(authors)), since=min(walls, default=None),
        until=max(walls, default=None),
    )  # fmt: skip


def carry_in(
    seat: Seat, file: Path, passphrase: str = "", *, work: Work | None = None, progress: Progress | None = None
) -> Carried:
    """Take a bundle in; what is here already stays as it is, so that taking it twice changes nothing.

    Args:
        progress: called with entries taken and in all.

    Raises:
        Locked: neither the team's key nor the passphrase opens it. Refused: it is no bundle, or a damaged one.
        EnvironmentFailed: it cannot be read; what was taken before stays, and the rest is taken the next time.
    """
    work = work or Work(seat)
    try:
        key, packed = _key_of(seat, file, passphrase)
        total = sum(len(piece.entries) for piece in _pieces(file, key, packed))  # whole before any of it is taken
        new = read = 0
        for piece in _pieces(file, key, packed):
            if piece.keys:
                work.do(lambda piece=piece: KeyRing.adopt(seat.store, piece.keys))  # type: ignore[misc]
                seat.ledger.forget_ring()
                work.ledger.forget_ring()
            new += take_carried(work, piece.entries)
            read += len(piece.entries)
            if progress:
                progress(read, total)
    except OSError as error:
        raise EnvironmentFailed(f"{file} cannot be read: {error.strerror}.", kept="Nothing was lost.") from error
    while fold_arrivals(work) or join_newcomers(work) or spread_objections(work):
        pass
    return Carried(entries=new, read=read, changed=work.changed())


def _unshared(seat: Seat) -> Iterator[list[Entry]]:
    after = (state.cursor(seat.store, state.OUTBOX) or 0) if state.is_joined(seat.store) else 0
    while found := unstamped(seat.store, after, PIECE):
        after = found[-1][0]
        yield [entry for _, entry in found if not (entry.actor == AUTOMATIC and entry.kind in OTHERS)]


# the key


def _new_key(seat: Seat, passphrase: str) -> tuple[_Head, bytes]:
    salt = secrets.token_bytes(16)
    if passphrase:
        head = _for_words(salt)
        return head, _from_words(head, passphrase)
    if not state.is_joined(seat.store):
        raise Locked(
            "This home works alone, so no team's key seals the bundle.",
            kept="Nothing was written.",
            todo="Choose a passphrase: WINNOW_BUNDLE_PASSPHRASE.",
        )
    key_id, key = list(seat.ledger.ring.keys().items())[-1]
    return _Head(salt=salt, key_id=key_id), _from_team(key, salt)


def _for_words(salt: bytes) -> _Head:
    return _Head(salt=salt)


def _key_of(seat: Seat, file: Path, passphrase: str) -> tuple[bytes, bytes]:
    with file.open("rb") as data:
        if data.read(len(MAGIC)) != MAGIC:
            raise Refused(f"{file.name} is no bundle of Winnow.", kept="Nothing was changed.")
        packed = _read(data, 1 << 16)
    try:
        head = msgspec.msgpack.decode(packed, type=_Head)
    except msgspec.MsgspecError as error:
        raise Refused(DAMAGED, kept="Nothing was changed.") from error
    if head.key_id:
        known = KeyRing(seat.store).keys().get(head.key_id)
        if known is None:
            raise Locked(
                "Another team's key seals this bundle.", kept="Nothing was changed.", todo="Join the team first."
            )
        return _from_team(known, head.salt), packed
    if not passphrase:
        raise PassphraseNeeded(
            "A passphrase opens this bundle.", kept="Nothing was changed.", todo="Set WINNOW_BUNDLE_PASSPHRASE."
        )
    return _from_words(head, passphrase), packed


def _from_team(key: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, b"winnow carry").derive(key)


def _from_words(head: _Head, passphrase: str) -> bytes:
    if not (1 <= head.passes <= 16 and 8 <= head.memory_kib <= 1 << 20 and 1 <= head.lanes <= 16):
        raise Refused(DAMAGED, kept="Nothing was changed.")
    import unicodedata

    from argon2.low_level import Type, hash_secret_raw

    words = unicodedata.normalize("NFC", passphrase).encode()
    return hash_secret_raw(words, head.salt, head.passes, head.memory_kib, head.lanes, 32, Type.ID)


# pieces


def _seal(out: BinaryIO, key: bytes, head: bytes, number: int, piece: _Piece, *, last: bool) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    plain = zlib.compress(msgspec.msgpack.encode(piece), 6)
    sealed = AESGCM(key).encrypt(_nonce(number, last=last), plain, head)
    out.write(struct.pack(">I", len(sealed)) + sealed)


def _pieces(file: Path, key: bytes, head: bytes) -> Iterator[_Piece]:
    """Every piece, opened; a bundle that ends early, goes on too long or was changed is refused."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    with file.open("rb") as data:
        data.seek(len(MAGIC) + 4 + len(head))
        number, ended = 0, False
        while not ended:
            sealed = _read(data, LARGEST)
            for last in (False, True):
                try:
                    plain = AESGCM(key).decrypt(_nonce(number, last=last), sealed, head)
                except InvalidTag:
                    continue
                ended = last
                break
            else:
                wrong = PassphraseNeeded("That passphrase does not open this bundle.", kept="Nothing was changed.")
                raise wrong if number == 0 else Refused(DAMAGED, kept="Nothing was changed.")
            yield _opened(plain)
            number += 1
        if data.read(1):
            raise Refused(DAMAGED, kept="Nothing was changed.")


def _opened(plain: bytes) -> _Piece:
    try:
        unpacking = zlib.decompressobj()
        return msgspec.msgpack.decode(unpacking.decompress(plain, LARGEST), type=_Piece)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise Refused(DAMAGED, kept="Nothing was changed.") from error


def _read(data: BinaryIO, most: int) -> bytes:
    size = data.read(4)
    length = struct.unpack(">I", size)[0] if len(size) == 4 else most + 1
    found = data.read(length) if length <= most else b""
    if length > most or len(found) != length:
        raise Refused(DAMAGED, kept="Nothing was changed.")
    return found


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def in_words(carried: Carried) -> Sequence[str]:
    """For people."""
    known = carried.read - carried.entries
    return [f"{carried.entries:,} entries taken in"] + ([f"{known:,} were here already"] if known else [])
