"""What becomes of an imported row: the rule of one person, of erasures and of corrections by hand, applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from app.models.emails import email_key
from app.models.entries import CONTACT_FIELDS, FACT_FIELDS, Captured, Corrected, Id, Objected, Person
from app.models.folding import fold_text
from app.models.identity import company_key
from app.models.inquiry import Inquiry
from app.services.import_terms import Fate, ImportOptions
from app.services.seat import new_id
from app.services.store.keyed_hashes import texts_that_object

if TYPE_CHECKING:
    from app.services.known_people import Blocked, Comer, Taking
    from app.services.reading import ImportedRow

LISTS = ("phones", "emails")
DO_NOT_CALL = "the list says: do not call"
WORDS = {
    "first_name": "first name", "last_name": "last name", "postal_code": "postal code", "phones": "number",
    "emails": "e-mail",
}  # fmt: skip


class Decision(msgspec.Struct, frozen=True):
    """A fate with its reason."""

    fate: Fate
    why: str = ""
    warned: bool = False
    hides: bool = False  # the preview shows nobody: they were erased


def decide(taking: Taking, comers: Sequence[Comer], options: ImportOptions) -> list[Decision]:
    """Decide on rows that share no number or e-mail with each other, and write what they bring."""
    look = _Look(taking, comers, options)
    touched: set[Id] = set()
    decisions: list[Decision] = []
    for at, comer in enumerate(comers):
        match = look.matches[at]
        if not touched.isdisjoint(match.same):  # an earlier row was about the same inquiry
            taking.flush()
            decisions.append(_one(_Look(taking, [comer], options), 0, comer.row))
        else:
            decisions.append(_one(look, at, comer.row))
        touched.update(match.same)
    return decisions


class _Look:
    """What is known about some rows, asked at once."""

    def __init__(self, taking: Taking, comers: Sequence[Comer], options: ImportOptions) -> None:
        self.taking, self.comers, self.options = taking, comers, options
        rows = [comer.row for comer in comers]
        self.source = " ".join(options.source.split())
        under_each = [taking.hashes(_content(row, options.source)) for row in rows]
        self.keys = [hashes[-1] for hashes in under_each]
        # The same row may have come in under another key of the team.
        here = set() if options.as_new else taking.rows_here([key for hashes in under_each for key in hashes])
        self.here = {hashes[-1] for hashes in under_each if not here.isdisjoint(hashes)}
        joins = options.on_match == "update" and not options.as_new
        self.matches = taking.find(comers, folded=joins)
        wanted = {i for match in self.matches for i in match.same} if joins else set()
        self.inquiries = taking.inquiries(sorted(wanted))
        strangers = [row.person for row, match in zip(rows, self.matches, strict=True) if not match.same]
        blocks = iter(taking.blocks(strangers))
        self.blocks = [None if match.same else next(blocks) for match in self.matches]


def _content(row: ImportedRow, source: str) -> str:
    """The row as it came, whatever its place in the file."""
    said = (source, row.captured_at, row.country, row.state, row.size, row.language, row.do_not_call, row.person)
    return msgspec.json.encode(said, order="deterministic").decode()


def _one(look: _Look, at: int, row: ImportedRow) -> Decision:
    options, match, block = look.options, look.matches[at], look.blocks[at]
    stays_away = _stays_away(look.taking, row, block) if block else None
    if look.keys[at] in look.here or (look.keys[at] in match.rows and not options.as_new):
        return stays_away or Decision(Fate.SKIPPED, "already here")
    if match.same and not options.as_new:
        if options.on_match == "skip":
            return Decision(Fate.SKIPPED, f"known already, by their {match.by}")
        return _join(look, at, row)
    return stays_away or _enter(look, at, row)


def _stays_away(taking: Taking, row: ImportedRow, block: Blocked) -> Decision | None:
    """Who was erased comes back only by asking anew, which a row shows by a later date; who objected never does."""
    if block.objected:
        return Decision(Fate.SKIPPED, "asked not to be called", hides=True)
    if row.captured_at is not None and row.captured_at > block.at:
        return None
    day = datetime.fromtimestamp(block.at / 1000, ZoneInfo(taking.seat.settings["zone"]))
    what = "erased" if block.reason == "erasure" else "discarded"
    return Decision(Fate.SKIPPED, f"{what} on {day.day} {day:%B}; does not come back", hides=True)


def _enter(look: _Look, at: int, row: ImportedRow) -> Decision:
    """A new inquiry."""
    inquiry_id, taking, match = new_id(), look.taking, look.matches[at]
    anew = look.blocks[at] is not None
    body = _captured(look, at, row)
    body.country, body.state = row.country or None, row.state or None
    body.size, body.language = row.size, row.language or None
    body.asked_anew = anew
    taking.append(inquiry_id, body, row.person, fresh=not row.do_not_call)
    if row.do_not_call:
        _object(taking, inquiry_id, row)
        return Decision(Fate.NEW, DO_NOT_CALL, warned=True)
    if anew:
        return Decision(Fate.NEW, "was discarded before, and asks anew", warned=True)
    if row.warnings:
        return Decision(Fate.NEW, "; ".join(row.warnings), warned=True)
    if match.colleagues:
        return Decision(Fate.NEW, "same switchboard, another name: a colleague")
    return Decision(Fate.NEW, taking.proposal(look.comers[at]))


def _captured(look: _Look, at: int, row: ImportedRow) -> Captured:
    now = look.taking.seat.now()
    return Captured(
        source=look.source,
        captured_at=now if row.captured_at is None else min(row.captured_at, now),  # a list of another zone is ahead
        how="file",
        dated=row.captured_at is not None,
        row_key=look.keys[at],
    )


def _object(taking: Taking, inquiry_id: Id, row: ImportedRow) -> None:
    keys = tuple(taking.hash(text) for text in texts_that_object(row.person))
    taking.append(inquiry_id, Objected(objected_at=taking.seat.now(), keys=keys))


# somebody known


def _join(look: _Look, at: int, row: ImportedRow) -> Decision:
    """A row about somebody known: what it changes, what it adds, and whether it is another asking."""
    taking, match = look.taking, look.matches[at]
    survivor, others = look.inquiries[match.same[0]], match.same[1:]
    parts = [look.inquiries[i] for i in match.same]
    if others:
        survivor = taking.merge(survivor.id, others)
    changed, added = changes(survivor, row.person, overwrite_hand=look.options.overwrite_hand)
    if others:
        added = kept(survivor, parts, added)
    facts = _new_facts(survivor, row)
    asks = _asks_again(survivor, row, look.source)
    objects = row.do_not_call and not survivor.objections
    nothing = not (others or changed or added or facts or asks or objects)
    if changed or added or facts or not asks:
        # Also when there is nothing new: else the row would speak again after a later one said otherwise.
        person = Person(**changed, **added)
        numbers = len(person.phones) if person.phones is not None else None
        key = "" if asks else look.keys[at]
        taking.append(survivor.id, Corrected(by_hand=False, numbers=numbers, row_key=key, **facts), person)
    if nothing:
        return Decision(Fate.SKIPPED, "nothing new")
    if asks:
        said = Person(request=row.person.request, note=row.person.note, extra=row.person.extra)
        taking.append(survivor.id, _captured(look, at, row), said)
    if objects:
        _object(taking, survivor.id, row)
        return Decision(Fate.UPDATED, DO_NOT_CALL, warned=True)
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
        elif _says_more(name, old, new):
            changed[name] = new
    return changed, added


def kept(merged: Inquiry, parts: Sequence[Inquiry], added: dict[str, Any]) -> dict[str, Any]:
    """`added`, and the numbers and e-mails of the parts that a later correction of another part took away."""
    found = dict(added)
    for name in LISTS:
        if name in merged.by_hand:
            continue
        have = found.get(name, getattr(merged, name))
        together = have
        for part in parts:
            together = _together(name, together, getattr(part, name))
        if len(together) > len(have):
            found[name] = together
    return found


def _says_more(name: str, old: str, new: str) -> bool:
    """Whether a text is another, not the same one written otherwise; a name only where it continues the old one."""
    if name == "company":
        return company_key(old) != company_key(new)
    before, after = fold_text(old), fold_text(new)
    if name in {"first_name", "last_name"}:
        return after != before and after.startswith(before.rstrip(". "))
    return after != before


def _together(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    def key(value: Any) -> str:
        return str(value.e164 or value.raw) if name == "phones" else email_key(value)

    known = {key(value) for value in old}
    return (*old, *(value for value in new if key(value) not in known))


def _new_facts(inquiry: Inquiry, row: ImportedRow) -> dict[str, Any]:
    """Facts that were not known; known ones stay."""
    return {name: getattr(row, name) for name in FACT_FIELDS if getattr(row, name) and not getattr(inquiry, name)}


def _asks_again(inquiry: Inquiry, row: ImportedRow, source: str) -> bool:
    """Another asking: at another time, or, where the list has no times, at another source; or in other words."""
    text = "\n".join(filter(None, (row.person.request, row.person.note)))
    if row.captured_at is not None:
        before = [request for request in inquiry.requests if request.captured_at == row.captured_at]
    else:
        before = [request for request in inquiry.requests if request.source == source]
    return not before or bool(text and all(text != request.text for request in before))


def _told(inquiry: Inquiry, changed: dict[str, Any]) -> str:
    name, new = next(iter(changed.items()))
    return f"{WORDS.get(name, name)} was {getattr(inquiry, name)}, now {new}"


def _name(inquiry: Inquiry) -> str:
    return f" as {inquiry.name}" if inquiry.name else ""
