"""The enumerations of Qt for Python, made several times as quickly as Python makes enumerations that people write.

Qt for Python makes all enumerations of a class when the class is first used, by `enum`'s functional form: some 200 with
3,800 members until the queue is painted, a quarter of the start. Each member is put into a class that is finished, and
each time Python forgets what it knew of the class. Here the class is made with all names at once, after the pattern of
one that Python itself made; what is checked for people is left out. A test compares every enumeration of Qt.
"""

from __future__ import annotations

import enum
import sys
from typing import Any

KNOWN = frozenset({(3, 11)})  # Pythons whose own enumerations were compared with these
KINDS = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
OWN = frozenset({"__module__", "__doc__", "__dict__", "__weakref__", "SAMPLE"})  # what each class has for itself

made = 0  # so far, quickly
_usual = enum.EnumType._create_  # type: ignore[attr-defined]
_patterns: dict[Any, dict[str, Any]] = {}
_redirect = dict(vars(enum.property()))


def begin() -> None:
    """From now on; before Qt for Python is imported."""
    if sys.version_info[:2] in KNOWN:
        for kind in KINDS:
            sample = _usual(kind, "Sample", [("SAMPLE", 1)], boundary=enum.KEEP)
            _patterns[kind] = {name: value for name, value in vars(sample).items() if name not in OWN}
        enum.EnumType._create_ = _create  # type: ignore[attr-defined]


def _create(cls: Any, class_name: str, names: Any, **given: Any) -> Any:
    """What `Enum("Name", [("MEMBER", 1), …])` calls; only what Qt for Python asks for is made quickly."""
    quick = cls in _patterns and given.get("boundary") is enum.KEEP and type(names) is list and names
    flags = bool(quick) and issubclass(cls, enum.Flag)
    if not quick or (flags and min(value for _, value in names) < 0):
        return _usual(cls, class_name, names, **given)
    global made  # noqa: PLW0603 - for the test that compares
    made += 1
    quickly = _class(cls, class_name, names)
    _fill(quickly, names, flags)
    return quickly


def _class(cls: Any, class_name: str, names: list[tuple[str, int]]) -> Any:
    """A class without members, whose names look for them."""
    body = dict(_patterns[cls])
    body |= {"_member_names_": [], "_member_map_": {}, "_value2member_map_": {}, "_unhashable_values_": []}
    for name, _ in names:
        redirect = object.__new__(enum.property)
        vars(redirect).update(_redirect)
        body[name] = redirect
    body["__doc__"] = None
    return type(class_name, (cls,), body, _simple=True)


def _fill(made: Any, names: list[tuple[str, int]], flags: bool) -> None:
    """Makes the members; of flags, those of several bits are found by their name and value alone."""
    listed, known, by_value = made._member_names_, made._member_map_, made._value2member_map_
    numbers, mask, bits = issubclass(made, int), 0, 0
    for name, value in names:
        member = by_value.get(value)
        if member is None:
            member = by_value[value] = int.__new__(made, value) if numbers else object.__new__(made)
            order = len(listed)
            vars(member).update(_value_=value, _name_=name, __objclass__=made, _sort_order_=order)
            mask |= value
            if not flags:
                listed.append(name)
            elif value and not value & (value - 1):
                bits |= value
                listed.append(name)
        known[name] = member
    if flags:
        made._flag_mask_, made._singles_mask_, made._all_bits_ = mask, bits, (1 << mask.bit_length()) - 1
        in_order = [known[name]._value_ for name in listed]
        if in_order != sorted(in_order):
            made._iter_member_ = made._iter_member_by_def_
