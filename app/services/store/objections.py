"""Who objected, and whom that keeps from being called: on an objected number nobody is, whoever else has it.

An objection keeps the keyed hash of a number (keyed_hashes.py); the number itself only while somebody names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from app.models.entries import Id, Person
from app.services.store.folded_rows import select_in
from app.services.store.keyed_hashes import KeyRing, texts_that_object

if TYPE_CHECKING:
    from app.models.inquiry import Inquiry
    from app.services.store.connection import Store
    from app.services.store.projection import Projection

_KEYS = "SELECT key, inquiry FROM suppression WHERE reason = 'objection'"


class Said(NamedTuple):
    """What some inquiries object to, and on which numbers."""

    keys: frozenset[tuple[Any, ...]]  # each with the inquiry that has it
    numbers: frozenset[str]


class Objections:
    """Reads them of the store; each check tries every key of the ring."""

    def __init__(self, store: Store, ring: Callable[[], KeyRing]) -> None:
        self._store, self._ring = store, ring

    def anybody(self) -> bool:
        """Whether anybody objected at all: most homes are asked no more than that."""
        return self._store.one("SELECT 1 FROM suppression WHERE reason = 'objection' LIMIT 1") is not None

    def of(self, inquiries: Sequence[Id]) -> Said:
        """What the rows of some inquiries say."""
        keys = select_in(self._store, f"{_KEYS} AND inquiry IN", inquiries)
        with_keys = sorted({row[1] for row in keys})
        numbers = select_in(self._store, "SELECT number FROM phone WHERE inquiry IN", with_keys)
        return Said(frozenset(keys), frozenset(row[0] for row in numbers))

    def by_inquiry(self) -> dict[Id, set[str]]:
        """Every hash that somebody objected under, by inquiry."""
        found: dict[Id, set[str]] = {}
        for key, inquiry in self._store.query(_KEYS):
            found.setdefault(inquiry, set()).add(key)
        return found

    def reach(self, inquiries: Sequence[Inquiry]) -> set[Id]:
        """Whose number somebody objected on: they themselves, or whoever shares it."""
        if not self.anybody() and not any(inquiry.blocks for inquiry in inquiries):
            return set()
        found, numbers = set(), dict[Id, str]()
        for inquiry in inquiries:
            number = inquiry.number
            if number is None:
                continue
            numbers[inquiry.id] = number.e164
            if inquiry.blocks:
                keys = self._ring().hashes(f"p:{number.e164}")
                if any(block.key in keys and block.reason == "objection" for block in inquiry.blocks):
                    found.add(inquiry.id)
        return found | self.reach_from_others(numbers)

    def reach_from_others(self, numbers: Mapping[Id, str]) -> set[Id]:
        """Whose number, as E.164, somebody else objected on."""
        found, asked, ring = set(), dict[str, list[Id]](), self._ring()
        for inquiry_id, number in numbers.items():
            for key in ring.hashes(f"p:{number}"):
                asked.setdefault(key, []).append(inquiry_id)
        for key, by in select_in(self._store, f"{_KEYS} AND key IN", list(asked)):
            found |= {inquiry_id for inquiry_id in asked[key] if inquiry_id != by}
        return found

    def hashes_of(self, people: Sequence[Person]) -> set[str]:
        """The hashes of all that one inquiry ever named, also of what was corrected since."""
        phones = tuple({phone for person in people for phone in person.phones or ()})
        emails = tuple({address for person in people for address in person.emails or ()})
        names = {name for person in people for name in (person.last_name, person.first_name) if name}
        likes = [Person(last_name=name, phones=phones, emails=emails) for name in ("", *names)]
        return {key for like in likes for text in texts_that_object(like) for key in self._ring().hashes(text)}

    def numbers_hashed_in(self, keys: set[str]) -> set[str]:
        """The numbers among these hashes; looks at every number there is."""
        if not keys:
            return set()
        ring, numbers = self._ring(), self._store.query("SELECT DISTINCT number FROM phone")
        return {number for (number,) in numbers if not keys.isdisjoint(ring.hashes(f"p:{number}"))}

    def on(self, numbers: Iterable[str]) -> set[Id]:
        """The inquiries on some numbers."""
        return {row[0] for row in select_in(self._store, "SELECT inquiry FROM phone WHERE number IN", sorted(numbers))}


def numbers_of(people: Iterable[Person]) -> set[str]:
    """The valid numbers that these ever named, as E.164."""
    return {phone.e164 for person in people for phone in person.phones or () if phone.e164}


def said_in(made: Sequence[Projection]) -> Said:
    """As `Objections.of`, of rows that are being written."""
    keys = {(key, of) for p in made for key, _, of, reason, _ in p.blocks if reason == "objection"}
    with_keys = {of for _, of in keys}
    return Said(frozenset(keys), frozenset(number for p in made for number, of in p.phones if of in with_keys))
