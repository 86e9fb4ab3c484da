"""Whole columns as PostgreSQL arrays in their binary form: a thousand entries are one call, and packed in a moment."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import chain
from typing import ClassVar

from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")  # dimensions, has nulls, type of the elements, length, first index
_LENGTH = struct.Struct(">i")
_LENGTHS = [_LENGTH.pack(length) for length in range(1024)]  # of nearly all elements
_NULL = _LENGTH.pack(-1)


class Column(bytes):
    """An array as it travels; each subclass is one type of array."""

    array_type: ClassVar[int]

    @classmethod
    def of_packed(cls, element_type: int, size: int, packed: bytes, *, nulls: bool = False) -> Column:
        """An array of elements that are packed already."""
        if not size:
            return cls(struct.pack(">iiI", 0, 0, element_type))
        return cls(_HEAD.pack(1, nulls, element_type, size, 1) + packed)


class Uuids(Column):
    """uuid[]"""

    array_type = 2951

    @classmethod
    def of(cls, ids: Sequence[str]) -> Column:
        """From ids of 32 hexadecimal digits."""
        packed = bytes.fromhex("00000010".join(("", *ids)))  # each behind its length
        return cls.of_packed(2950, len(ids), packed)


class Numbers(Column):
    """bigint[]"""

    array_type = 1016

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Column:
        """From whole numbers of 64 bits."""
        both = [8] * (2 * len(numbers))  # each behind its length
        both[1::2] = numbers
        return cls.of_packed(20, len(numbers), struct.pack(">" + "iq" * len(numbers), *both))

    @staticmethod
    def read(packed: bytes | None) -> tuple[int, ...]:
        """The whole numbers of an array without NULL that is not empty; nothing of NULL."""
        return struct.unpack(">20x" + "4xq" * ((len(packed) - 20) // 12), packed) if packed else ()


class SmallNumbers(Column):
    """integer[]"""

    array_type = 1007

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Column:
        """From whole numbers of 32 bits."""
        both = [4] * (2 * len(numbers))
        both[1::2] = numbers
        return cls.of_packed(23, len(numbers), struct.pack(f">{len(both)}i", *both))


class Texts(Column):
    """text[]"""

    array_type = 1009

    @classmethod
    def of(cls, texts: Sequence[str]) -> Column:
        """From texts without NUL."""
        if len(set(map(len, texts))) == 1 and 0 < len(texts[0]) < 128:
            together = f"\0\0\0{chr(len(texts[0]))}".join(("", *texts))
            if together.isascii():  # hashes, kinds: each is as long as its bytes, and one step packs all
                return cls.of_packed(25, len(texts), together.encode())
        return cls.of_packed(25, len(texts), _packed([text.encode() for text in texts]))


class Bytes(Column):
    """bytea[]"""

    array_type = 1001

    @classmethod
    def of(cls, all_bytes: Sequence[bytes | None]) -> Column:
        """From bytes; None is NULL."""
        nulls = None in all_bytes
        return cls.of_packed(17, len(all_bytes), _packed(all_bytes, nulls=nulls), nulls=nulls)


def _packed(elements: Sequence[bytes | None], *, nulls: bool = False) -> bytes:
    filled = [element or b"" for element in elements]
    if not nulls and len(lengths := set(map(len, filled))) == 1:  # hashes: one step packs all
        return _LENGTH.pack(lengths.pop()).join((b"", *filled))
    try:
        heads = list(map(_LENGTHS.__getitem__, map(len, filled)))
    except IndexError:
        heads = [_LENGTH.pack(len(element)) for element in filled]
    if nulls:
        heads = [_NULL if element is None else head for element, head in zip(elements, heads, strict=True)]
    return b"".join(chain.from_iterable(zip(heads, filled, strict=True)))


class _ColumnDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Column) -> Buffer | None:
        """It is packed already."""
        return bytes(obj)


def register(adapters: AdaptersMap) -> None:
    """Let a connection send columns."""
    for column in (Uuids, Numbers, SmallNumbers, Texts, Bytes):
        dumper = type(f"{column.__name__}Dumper", (_ColumnDumper,), {"oid": column.array_type})
        adapters.register_dumper(column, dumper)
