"""Capturing one inquiry by hand, correcting a person, and saying who is known already."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.models.agreed_ids import source_id
from app.models.emails import clean_email
from app.models.entries import CONTACT_FIELDS, Captured, Corrected, Id, Merged, Person, Phone
from app.models.folding import without_controls
from app.models.inquiry import Inquiry, Stage
from app.models.phones import normalise
from app.models.places import country_of, state_of
from app.services import sources
from app.services.errors import Refused
from app.services.matching import Match, find_known
from app.services.queue import refuse_if_held
from app.services.row_fates import changes, kept
from app.services.seat import Act, Changed, Seat, new_id
from app.services.store.keyed_hashes import texts_that_return

FIELDS = ("first_name", "last_name", "company", "title", "phone", "email", "country", "state", "city", "street",
          "postal_code", "website")  # fmt: skip
MAX_FIELD = 2000
MAX_TEXT = 32_767
_HOW: dict[str, Literal["terminal", "demo"]] = {"terminal": "terminal", "demo": "demo"}


class CaptureForm(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed about one inquiry; several phones or e-mails are separated by a comma or semicolon."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    country: str = ""
    source: str = ""
    request: str = ""
    consent: bool = False


class CaptureResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    changed: Changed
    inquiry_id: Id
    known: bool
    sentence: str
    entries: tuple[Id, ...] = ()  # what was written about them, for `uncapturing`


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in the home already."""

    inquiry_id: Id
    name: str
    company: str
    stage: Stage
    sentence: str


def capture(seat: Seat, form: CaptureForm, *, how: str = "form") -> CaptureResult:
    """Take one inquiry in; somebody known is updated, and asks anew, instead of entering twice.

    Raises:
        Refused: there is nothing by which they could be reached.
    """
    person = person_of(form.__class__.__struct_fields__, form, seat.settings["region"])
    if not (person.phones or person.emails):
        raise Refused("A number or an e-mail is needed to reach them.", kept="What was typed is still here.")
    with seat.act() as act:
        match = find_known(seat, [person])[0]
        now = seat.now()
        source = sources.spelled(seat, form.source) or "Captured by hand"
        body = Captured(
            source=source,
            captured_at=now,
            how=_HOW.get(how, "form"),
            country=country_of(form.country) or None,
            consent_at=now if form.consent else None,
        )
        _define_source(act, source)
        if match.same:
            inquiry_id, entries = _ask_again(act, match, body, person)
            sentence = f"Known already, by their {match.by}: updated."
        else:
            inquiry_id, sentence = new_id(), ""
            body.asked_anew = was_discarded(seat, person)
            entries = (act.append(inquiry_id, body, person).id,)
            if body.asked_anew:
                sentence = "They were discarded before, and ask anew."
            elif match.colleagues:
                sentence = "A colleague on the same number is known."
        act.flush()
        return CaptureResult(
            changed=act.changed(),
            inquiry_id=seat.ledger.survivor(inquiry_id),
            known=bool(match.same),
            sentence=sentence,
            entries=entries,
        )


def _ask_again(act: Act, match: Match, body: Captured, person: Person) -> tuple[Id, tuple[Id, ...]]:
    """One more asking of somebody known, with what they said differently; two inquiries of one person are merged.

    Returns the inquiry, and what was written: the asking first.

    What is typed now wins over older words, but a name only grows: "M." does not take "Maria" away.
    """
    parts = [act.inquiry(found) for found in match.same]
    first = parts[0].id
    for other in parts[1:]:
        act.append(first, Merged(other=other.id))
    inquiry = act.inquiry(first)
    changed, added = changes(inquiry, person, overwrite_hand=True)
    added = kept(inquiry, parts, added)
    corrected: tuple[Id, ...] = ()
    if changed or added:
        said = Person(**changed, **added)
        numbers = len(said.phones) if said.phones is not None else None
        by_hand = bool(inquiry.by_hand & {*changed, *added})  # a hand's word stays one
        corrected = (act.append(inquiry.id, Corrected(by_hand=by_hand, numbers=numbers), said).id,)
    asked = act.append(inquiry.id, body, Person(request=person.request))
    return inquiry.id, (asked.id, *corrected)


def _define_source(act: Act, name: str) -> None:
    from app.models.entries import SourceDefined

    if not act.seat.store.one("SELECT 1 FROM source WHERE id = ?", (source_id(name),)):
        act.append(source_id(name), SourceDefined(name=name))


def person_of(names: tuple[str, ...], form: Any, region: str) -> Person:
    """A form's texts as a person: numbers as E.164 where valid, e-mails cleaned.

    Raises:
        Refused: a field is longer than anything that could be meant.
    """
    person = Person()
    for name in names:
        value = getattr(form, name)
        if not isinstance(value, str) or not value.strip():
            continue
        if len(value) > (MAX_TEXT if name == "request" else MAX_FIELD):
            raise Refused(f"The text in {name.replace('_', ' ')} is too long.", kept="Nothing was changed.")
        value = without_controls(value)
        if name == "phone":
            person.phones = phones_of(value, country_of(getattr(form, "country", "")) or region)
        elif name == "email":
            person.emails = emails_of(value)
        elif name in CONTACT_FIELDS or name == "request":
            setattr(person, name, value.strip() if name == "request" else " ".join(value.split()))
    return person


def phones_of(text: str, region: str) -> tuple[Phone, ...]:
    """Several numbers in one text, each normalised."""
    from app.models.phones import split_numbers

    return tuple(normalise(part, region) for part in split_numbers(text) if part.strip())


def emails_of(text: str) -> tuple[str, ...]:
    """Several e-mails in one text.

    Raises:
        Refused: one of them is no e-mail.
    """
    parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
    cleaned = [(part, clean_email(part)) for part in parts]
    for part, address in cleaned:
        if not address:
            raise Refused(f"{part.strip()!r} is no e-mail.", kept="Nothing was changed.")
    return tuple(dict.fromkeys(address for _, address in cleaned))


def edit(seat: Seat, inquiry_id: Id, changes: dict[str, str]) -> Changed:
    """Correct a person by hand: an import does not overwrite what a hand corrected.

    Raises:
        Refused: a field is unknown or does not fit, nothing is named, or the person is gone.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown or not changes:
        raise Refused(f"There is no field {sorted(unknown)[0]}." if unknown else "Nothing to correct was named.")
    with seat.act() as act:
        inquiry = act.inquiry(inquiry_id)
        if inquiry.stage in {Stage.ERASED, Stage.DISCARDED}:
            raise Refused(f"This inquiry is {inquiry.stage.value}; there is nobody to correct.")
        refuse_if_held(seat, inquiry.id)
        body, person = _correction(inquiry, changes, seat.settings["region"])
        act.append(inquiry.id, body, person)
        return act.changed()


def _correction(inquiry: Inquiry, changes: dict[str, str], region: str) -> tuple[Corrected, Person]:
    body, person = Corrected(), Person()
    for name, text in changes.items():
        value = without_controls(text)
        if len(value) > MAX_FIELD:
            raise Refused(f"The text in {name.replace('_', ' ')} is too long.", kept="Nothing was changed.")
        if name == "phone":
            person.phones = phones_of(value, country_of(changes.get("country", "")) or inquiry.country or region)
            body.numbers = len(person.phones)
        elif name == "email":
            person.emails = emails_of(value)
        elif name == "country":
            body.country = country_of(value)
            if value and not body.country:
                raise Refused(f"{value!r} is no country.", kept="Nothing was changed.")
        elif name == "state":
            body.state = state_of(changes.get("country") or inquiry.country, value) or value
        else:
            setattr(person, name, " ".join(value.split()))
    return body, person


def who_is(seat: Seat, phone: str, email: str, first_name: str = "", last_name: str = "") -> Known | None:
    """Whether somebody is known, while a form is being filled in."""
    address = clean_email(email)
    person = Person(
        first_name=first_name, last_name=last_name, phones=phones_of(phone, seat.settings["region"]),
        emails=(address,) if address else (),
    )  # fmt: skip
    match = find_known(seat, [person])[0]
    if not match.same:
        return None
    inquiry = seat.inquiry(match.same[0])
    sentence = f"Same {match.by}: {inquiry.stage.value}"
    return Known(
        inquiry_id=inquiry.id, name=inquiry.name, company=inquiry.company, stage=inquiry.stage, sentence=sentence
    )


def was_discarded(seat: Seat, person: Person) -> bool:
    """Whether keyed hashes remember that this person was discarded or erased."""
    return discarded_at(seat, person) is not None


def discarded_at(seat: Seat, person: Person) -> int | None:
    """When this person was discarded or erased last, as far as keyed hashes tell."""
    like = Inquiry(
        id="", first_name=person.first_name or "", last_name=person.last_name or "", phones=person.phones or (),
        emails=person.emails or (),
    )  # fmt: skip
    found = [
        seat.store.one("SELECT max(at) FROM suppression WHERE key = ? AND reason <> 'objection'", (key,))
        for text in texts_that_return(like)
        for key in seat.ledger.ring.hashes(text)
    ]
    return max((row[0] for row in found if row and row[0] is not None), default=None)
