"""The enumerations of Qt for Python, made the quick way in which Python's library makes its own.

Qt for Python makes all enumerations of a class when the class is first used, by `enum`'s functional form: some 200 with
3,800 members until the queue is painted, a quarter of the start. `enum._simple_enum` makes the same in less than half
of the time, since it leaves out what only matters where people write them; a test compares every one of Qt.
"""

from __future__ import annotations

import enum
import sys
from typing import Any

KNOWN = frozenset({(3, 11)})  # Pythons whose quick way was compared with the usual one
PLAIN = frozenset({enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag})

made = 0  # so far, quickly
_usual = enum.EnumType._create_  # type: ignore[attr-defined]


def begin() -> None:
    """From now on; before Qt for Python is imported."""
    if sys.version_info[:2] in KNOWN:
        enum.EnumType._create_ = _create  # type: ignore[attr-defined]


def _create(cls: Any, class_name: str, names: Any, **given: Any) -> Any:
    """What `Enum("Name", [("MEMBER", 1), …])` calls; only what Qt for Python asks for is made quickly."""
    quick = cls in PLAIN and given.get("boundary") is enum.KEEP and type(names) is list and names
    if not quick or (issubclass(cls, enum.Flag) and min(value for _, value in names) < 0):
        return _usual(cls, class_name, names, **given)
    global made  # noqa: PLW0603 - for the test that compares
    made += 1
    quickly = enum._simple_enum(cls, boundary=enum.KEEP)(type(class_name, (), dict(names)))  # type: ignore[attr-defined]
    quickly.__doc__ = None
    return quickly
