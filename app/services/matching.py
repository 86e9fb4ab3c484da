"""Who is already known: the rule of one person, asked of the store for many people at once.

Same number or e-mail with a compatible name is the same person; another name on the same number is a colleague; role
addresses identify nobody (docs: product words, architecture "One person").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from app.models.emails import email_key, is_role_address
from app.models.entries import Id, Person
from app.models.identity import Name, compatible
from app.models.inquiry import Inquiry
from app.services.seat import Seat
from app.services.store.folded_rows import select_in


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of one person."""

    same: tuple[Id, ...] = ()  # inquiries that are this person, oldest first; several: they should be merged
    by: str = ""  # "number" or "e-mail": what made them the same
    colleagues: tuple[Id, ...] = ()  # others on the same number
    rows: tuple[str, ...] = ()  # imported rows of all who share a number or an e-mail, whatever their name


class Known(msgspec.Struct, frozen=True):
    """A known inquiry as far as matching looks at it."""

    id: Id
    name: Name
    by: str
    rows: tuple[str, ...] = ()  # the keys of the imported rows from which they came, as far as asked


Keys = tuple[list[str], list[str]]  # numbers, e-mails
Folds = Callable[[Sequence[Id]], Mapping[Id, Inquiry]]


def keys_of(person: Person | Inquiry) -> Keys:
    """The numbers (E.164) and the e-mails, as they are compared, that identify somebody."""
    numbers = [phone.e164 for phone in person.phones or () if phone.e164]
    emails = [email_key(e) for e in person.emails or () if not is_role_address(e)]
    return numbers, emails


def find_known(
    seat: Seat, people: Sequence[Person], keys: Sequence[Keys] | None = None, folds: Folds | None = None
) -> list[Match]:
    """One match for each person, in their order; looks each number and e-mail up once.

    `keys`: theirs, if known. `folds`: who needs the folds of whoever is known anyhow; they say the names too.
    """
    found = look_up(seat, [keys_of(person) for person in people] if keys is None else keys, folds)
    return [match_of(person, known) for person, known in zip(people, found, strict=True)]


def look_up(seat: Seat, keys: Sequence[Keys], folds: Folds | None = None) -> list[list[Known]]:
    """Everybody who shares a number or an e-mail with each of some people, whatever their name."""
    by_number = _holders(seat, "phone", "number", {n for numbers, _ in keys for n in numbers})
    by_email = _holders(seat, "email", "address", {e for _, emails in keys for e in emails})
    if not (by_number or by_email):
        return [[]] * len(keys)
    names = _names(seat, [*by_number.values(), *by_email.values()], folds)
    return [
        [Known(i, names[i][0], "number", names[i][1]) for number in numbers for i in by_number.get(number, ())]
        + [Known(i, names[i][0], "e-mail", names[i][1]) for address in emails for i in by_email.get(address, ())]
        for numbers, emails in keys
    ]


_NOBODY = Match()


def match_of(person: Person, known: Sequence[Known]) -> Match:
    """Who of those that share a number or an e-mail is this person."""
    if not known:
        return _NOBODY
    name = Name(person.first_name or "", person.last_name or "")
    rows = tuple({row for k in known for row in k.rows})
    first, last = known[0], known[-1]
    if first.id == last.id and len(known) <= 2 and compatible(first.name, name):  # nearly all
        return Match(same=(first.id,), by=last.by, rows=rows)
    same = _one_person([k for k in known if compatible(k.name, name)], name)
    same_ids = {k.id for k in same}
    others = {k.id for k in known if k.by == "number"} - same_ids
    by = "e-mail" if any(k.by == "e-mail" for k in same) else "number" if same else ""
    return Match(same=tuple(sorted(same_ids)), by=by, colleagues=tuple(sorted(others)), rows=rows)


def _one_person(fitting: list[Known], name: Name) -> list[Known]:
    """Those who fit each other too: a bare "Rossi" does not make one person of Maria and Marco.

    The one with the same e-mail comes first, then the one of the same name, then the oldest.
    """
    found: list[Known] = []
    for known in sorted(fitting, key=lambda k: (k.by != "e-mail", k.name != name, k.id)):
        if all(compatible(known.name, other.name) for other in found):
            found.append(known)
    return found


def _holders(seat: Seat, table: str, column: str, values: Iterable[str]) -> dict[str, list[Id]]:
    """The inquiries on each number, or with each e-mail."""
    found: dict[str, list[Id]] = {}
    sql = f"SELECT {column}, inquiry FROM {table} WHERE {column} IN"
    for value, inquiry in select_in(seat.store, sql, sorted(values)):
        found.setdefault(value, []).append(inquiry)
    return found


def _names(seat: Seat, holders: Iterable[Sequence[Id]], folds: Folds | None) -> dict[Id, tuple[Name, tuple[str, ...]]]:
    """Of each the name, and the imported rows.

    Their fold says both without a look at their row, two pages of a large file; where many share one number, which are
    hardly the same person, their rows are less to read.
    """
    everybody = {inquiry for ids in holders for inquiry in ids}
    alone = sorted({ids[0] for ids in holders if len(ids) == 1}) if folds else []
    found = {
        inquiry_id: (Name(inquiry.first_name, inquiry.last_name), inquiry.row_keys)
        for inquiry_id, inquiry in (folds(alone).items() if folds else ())
    }
    sql = "SELECT id, first_name, last_name, row_key FROM inquiry WHERE id IN"
    for inquiry_id, first, last, row in select_in(seat.store, sql, sorted(everybody - found.keys())):
        found[inquiry_id] = (Name(first, last), (row,) if row else ())
    return found
