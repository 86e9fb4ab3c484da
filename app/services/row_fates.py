"""What becomes of an imported row: the rule of one person, of erasures and of corrections by hand, applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from app.models.emails import is_role_address
from app.models.entries import CONTACT_FIELDS, FACT_FIELDS, Captured, Corrected, Id, Merged, Objected, Person
from app.models.inquiry import Inquiry
from app.services.matching import Match
from app.services.reading import ImportedRow
from app.services.seat import new_id
from app.services.store.keyed_hashes import texts_that_object, texts_that_return

if TYPE_CHECKING:
    from app.services.importing import ImportOptions
    from app.services.known_people import Taking

LISTS = ("phones", "emails")
WORDS = {
    "first_name": "first name", "last_name": "last name", "postal_code": "postal code", "phones": "number",
    "emails": "e-mail",
}  # fmt: skip


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "created"
    UPDATED = "updated"  # somebody known: what they said changed
    MERGED = "merged"  # somebody known: joined with what was there, nothing changed
    SKIPPED = "skipped"
    REFUSED = "refused"


class Decision(msgspec.Struct, frozen=True):
    """A fate with its reason."""

    fate: Fate
    why: str = ""
    warned: bool = False
    hides: bool = False  # the preview shows nobody: they were erased


def keys_of_row(row: ImportedRow) -> set[str]:
    """What two rows share when they may be one person."""
    person = row.person
    return {phone.e164 for phone in person.phones or () if phone.e164} | {e.casefold() for e in person.emails or ()}


def decide(taking: Taking, rows: Sequence[ImportedRow], options: ImportOptions) -> list[Decision]:
    """Decide on rows that share no number or e-mail with each other, and write what they bring."""
    keys = [taking.hash(_content(row, options.source)) for row in rows]
    here = taking.rows_here(keys)
    matches = taking.find([row.person for row in rows])
    wanted = {i for match in matches for i in match.same}
    inquiries = taking.inquiries(sorted(wanted)) if options.on_match == "update" and not options.as_new else {}
    return [
        _one(taking, row, key, here.get(key), match, inquiries, options)
        for row, key, match in zip(rows, keys, matches, strict=True)
    ]


def _content(row: ImportedRow, source: str) -> str:
    """The row as it came, whatever its place in the file."""
    said = (source, row.captured_at, row.country, row.state, row.size, row.language, row.person)
    return msgspec.json.encode(said, order="deterministic").decode()


def _one(
    taking: Taking, row: ImportedRow, key: str, here: Id | None, match: Match, inquiries: dict[Id, Inquiry],
    options: ImportOptions,
) -> Decision:  # fmt: skip
    if here is not None and not options.as_new:
        return Decision(Fate.SKIPPED, "already here")
    if match.same and not options.as_new:
        if options.on_match == "skip":
            return Decision(Fate.SKIPPED, f"known already, by their {match.by}")
        return _join(taking, row, key, match, inquiries, options)
    blocked = _blocked(taking, row)
    if blocked is not None:
        return blocked
    discarded = taking.discarded_at(row.person)
    if discarded is not None and (row.captured_at is None or row.captured_at <= discarded):
        day = datetime.fromtimestamp(discarded / 1000, ZoneInfo(taking.seat.settings["zone"]))
        return Decision(Fate.SKIPPED, f"discarded on {day.day} {day:%B}; does not come back", hides=True)
    return _enter(taking, row, key, match, options, anew=discarded is not None)


def _blocked(taking: Taking, row: ImportedRow) -> Decision | None:
    if not taking.objected(row.person):
        return None
    return Decision(Fate.SKIPPED, "asked not to be called", hides=True)


def _enter(taking: Taking, row: ImportedRow, key: str, match: Match, options: ImportOptions, *, anew: bool) -> Decision:
    """A new inquiry."""
    inquiry_id = new_id()
    taking.append(inquiry_id, _captured(taking, row, key, options, anew=anew), row.person, fresh=True)
    if row.do_not_call:
        _object(taking, inquiry_id, row)
        return Decision(Fate.NEW, "the list says: do not call", warned=True)
    if anew:
        return Decision(Fate.NEW, "was discarded before, and asks anew", warned=True)
    if row.warnings:
        return Decision(Fate.NEW, "; ".join(row.warnings), warned=True)
    if match.colleagues:
        return Decision(Fate.NEW, "same switchboard, another name: a colleague")
    return Decision(Fate.NEW, taking.proposal(row.person))


def _captured(taking: Taking, row: ImportedRow, key: str, options: ImportOptions, *, anew: bool = False) -> Captured:
    return Captured(
        source=" ".join(options.source.split()),
        captured_at=row.captured_at if row.captured_at is not None else taking.seat.now(),
        how="file",
        country=row.country or None,
        state=row.state or None,
        size=row.size,
        language=row.language or None,
        asked_anew=anew,
        dated=row.captured_at is not None,
        row_key=key,
    )


def _object(taking: Taking, inquiry_id: Id, row: ImportedRow) -> None:
    like = _like(row.person)
    keys = tuple(taking.hash(text) for text in texts_that_object(like))
    taking.append(inquiry_id, Objected(objected_at=taking.seat.now(), keys=keys))


def _like(person: Person) -> Inquiry:
    """The person as an inquiry, for what looks at one."""
    return Inquiry(
        id="",
        first_name=person.first_name or "",
        last_name=person.last_name or "",
        phones=person.phones or (),
        emails=person.emails or (),
    )


def returning_texts(person: Person) -> list[str]:
    """What identifies somebody who was erased and comes back."""
    return texts_that_return(_like(person))


def objecting_texts(person: Person) -> list[str]:
    """What an objection would have blocked; a shared role address blocks nobody else."""
    return [text for text in texts_that_object(_like(person)) if not is_role_address(text.removeprefix("e:"))]


# somebody known


def _join(
    taking: Taking, row: ImportedRow, key: str, match: Match, inquiries: dict[Id, Inquiry], options: ImportOptions
) -> Decision:
    """A row about somebody known: what it changes, what it adds, and whether it is another asking."""
    known = [inquiries[i] for i in match.same if i in inquiries]
    survivor, others = known[0], known[1:]
    for other in others:
        taking.append(survivor.id, Merged(other=other.id))
    changed, added = changes(survivor, row.person, overwrite_hand=options.overwrite_hand)
    facts = _new_facts(survivor, row)
    asks = _asks_again(survivor, row, options)
    if row.do_not_call and not survivor.objections:
        _object(taking, survivor.id, row)
    if not (others or changed or added or facts or asks):
        return Decision(Fate.SKIPPED, "nothing new")
    if changed or added or facts:
        person = Person(**changed, **added)
        numbers = len(person.phones) if person.phones is not None else None
        taking.append(survivor.id, Corrected(by_hand=False, numbers=numbers, **facts), person)
    request = Person(request=row.person.request, note=row.person.note)
    if asks:
        taking.append(survivor.id, _captured(taking, row, key, options), request)
    else:
        taking.remember_row(key, survivor.id)
    if changed:
        return Decision(Fate.UPDATED, _told(survivor, changed))
    return Decision(Fate.MERGED, "two inquiries are one person" if others else f"same {match.by}{_name(survivor)}")


def changes(inquiry: Inquiry, person: Person, *, overwrite_hand: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Contact fields that a new row changes, and those that it adds.

    Names only grow ("M. Rossi" becomes "Maria Rossi", never back); numbers and e-mails are added, none is taken away.
    """
    changed: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for name in CONTACT_FIELDS:
        new, old = getattr(person, name), getattr(inquiry, name)
        if not new or new == old or (name in inquiry.by_hand and not overwrite_hand):
            continue
        if name in LISTS:
            together = _together(name, old, new)
            if len(together) > len(old):
                added[name] = together
        elif not old:
            added[name] = new
        elif name in {"first_name", "last_name"}:
            if len(new) > len(old) + 1:
                changed[name] = new
        else:
            changed[name] = new
    return changed, added


def _together(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    def key(value: Any) -> str:
        return str(value.e164 or value.raw) if name == "phones" else str(value.casefold())

    known = {key(value) for value in old}
    return (*old, *(value for value in new if key(value) not in known))


def _new_facts(inquiry: Inquiry, row: ImportedRow) -> dict[str, Any]:
    """Facts that were not known; known ones stay."""
    return {name: getattr(row, name) for name in FACT_FIELDS if getattr(row, name) and not getattr(inquiry, name)}


def _asks_again(inquiry: Inquiry, row: ImportedRow, options: ImportOptions) -> bool:
    """Another asking: at another time, or, where the list has no times, at another source."""
    source = " ".join(options.source.split())
    if row.captured_at is not None:
        return all(request.captured_at != row.captured_at for request in inquiry.requests)
    return all(request.source != source for request in inquiry.requests)


def _told(inquiry: Inquiry, changed: dict[str, Any]) -> str:
    name, new = next(iter(changed.items()))
    return f"{WORDS.get(name, name)} was {getattr(inquiry, name)}, now {new}"


def _name(inquiry: Inquiry) -> str:
    return f" as {inquiry.name}" if inquiry.name else ""
