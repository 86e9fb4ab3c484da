"""Who is already known: the rule of one person, asked of the store for many people at once.

Same number or e-mail with a compatible name is the same person; another name on the same number is a colleague; role
addresses identify nobody (docs: product words, architecture "One person").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from app.models.emails import is_role_address
from app.models.entries import Id, Person
from app.models.identity import Name, compatible
from app.services.seat import Seat

CHUNK = 400  # of SQLite's limit on parameters


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of one person."""

    same: tuple[Id, ...] = ()  # inquiries that are this person, oldest first; several: they should be merged
    by: str = ""  # "number" or "e-mail": what made them the same
    colleagues: tuple[Id, ...] = ()  # others on the same number


class Known(msgspec.Struct, frozen=True):
    """A known inquiry as far as matching looks at it."""

    id: Id
    name: Name
    by: str


def keys_of(person: Person) -> tuple[list[str], list[str]]:
    """The numbers (E.164) and the case-folded e-mails that identify somebody."""
    numbers = [phone.e164 for phone in person.phones or () if phone.e164]
    emails = [e.casefold() for e in person.emails or () if not is_role_address(e)]
    return numbers, emails


def find_known(seat: Seat, people: Sequence[Person]) -> list[Match]:
    """One match for each person, in their order; looks each number and e-mail up once."""
    keys = [keys_of(person) for person in people]
    by_number = _lookup(seat, "phone", "number", {n for numbers, _ in keys for n in numbers})
    by_email = _lookup(seat, "email", "address", {e for _, emails in keys for e in emails})
    found: list[Match] = []
    for person, (numbers, emails) in zip(people, keys, strict=True):
        known = [Known(i, n, "number") for number in numbers for i, n in by_number.get(number, ())]
        known += [Known(i, n, "e-mail") for address in emails for i, n in by_email.get(address, ())]
        found.append(_match(Name(person.first_name or "", person.last_name or ""), known))
    return found


def _match(name: Name, known: list[Known]) -> Match:
    same = [k for k in known if compatible(k.name, name)]
    same_ids = tuple(sorted({k.id for k in same}))
    others = tuple(sorted({k.id for k in known if k.by == "number"} - set(same_ids)))
    by = "e-mail" if any(k.by == "e-mail" for k in same) else "number" if same else ""
    return Match(same=same_ids, by=by, colleagues=others)


def _lookup(seat: Seat, table: str, column: str, values: Iterable[str]) -> dict[str, list[tuple[Id, Name]]]:
    found: dict[str, list[tuple[Id, Name]]] = {}
    wanted = sorted(values)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = seat.store.query(
            f"SELECT k.{column}, i.id, i.first_name, i.last_name FROM {table} k JOIN inquiry i ON i.id = k.inquiry "
            f"WHERE k.{column} IN ({','.join('?' * len(chunk))})",
            chunk,
        )
        for value, inquiry, first, last in rows:
            found.setdefault(value, []).append((inquiry, Name(first, last)))
    return found
