"""From the fold to the tables: one inquiry's rows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from app.models import consent
from app.models.calling_class import calling_class
from app.models.emails import is_role_address
from app.models.entries import Captured, Id, Person, Phone
from app.models.entry import Entry
from app.models.fold_steps import ASKED
from app.models.inquiry import Inquiry, Stage
from app.models.rows import Block
from app.models.searching import digits_of, words_of

Row = tuple[Any, ...]
NEVER = 253_370_764_800_000  # 9999-01-01: who wakes only by asking again, or by hand, comes last
MOST_REASON = 200  # characters of why somebody waits


class Projection(msgspec.Struct):
    """All rows that one inquiry has in the tables; each child row is a tuple in the order of its columns."""

    num: int
    id: Id
    inquiry: Row  # in the order of COLUMNS
    attempts: set[tuple[str, str, int, str, str]]
    phones: set[tuple[str, str]]
    emails: set[tuple[str, str]]
    blocks: set[tuple[str, str, str, str, int]]
    rows: set[tuple[str, str]]
    words: str
    digits: str
    same: frozenset[str] = frozenset()  # tables whose rows are known to be so already

    def named(self) -> dict[str, Any]:
        """The row of the inquiry, by column."""
        return dict(zip(COLUMNS, self.inquiry, strict=True))


class Newcomer(NamedTuple):
    """All rows of somebody about whom there is one entry: that they were captured."""

    inquiry: tuple[Any, ...]  # in the order of `NEWCOMER`; every other column is as the table says
    phones: set[tuple[str, str]]
    emails: set[tuple[str, str]]
    rows: set[tuple[str, str]]
    words: str
    digits: str


NEWCOMER = (
    "num", "id", "stage", "result", "blocked", "calling_class", "since", "first_name", "last_name", "company", "title",
    "phone", "phone_valid", "email", "country", "zone", "source", "captured_at", "asked_anew", "attempts_allowed",
    "row_key", "consents",
)  # fmt: skip
COLUMNS = (
    "num", "id", "stage", "result", "blocked", "calling_class", "since", "not_before", "promised_at", "promised_by",
    "first_name", "last_name", "company", "title", "phone", "phone_valid", "email", "country", "zone", "source",
    "captured_at", "asked_anew", "attempts", "attempts_allowed", "last_outcome", "first_called_at", "reached",
    "disposition", "score", "first_decided_at", "decided_at", "decided_by", "sold_at", "reviewed_at", "accepted_at",
    "was_accepted", "was_prospect", "until", "track", "for_member", "erase_at", "contested", "closed_at", "won",
    "amount", "currency", "owner", "return_by", "held_since", "lead_return_by", "answered_at", "step_at",
    "planned_at", "planned_step", "row_key", "wakes_at", "reason", "consents",
)  # fmt: skip
"""Of the table `inquiry`, in its order."""
HIDDEN = (Stage.DISCARDED, Stage.ERASED)
_WAITING, _OPEN, _ATTEMPTS = Stage.WAITING.value, Inquiry(id="").result, Inquiry(id="").attempts_allowed


def newcomer(entry: Entry, body: Captured, person: Person, num: int, *, number_objected: bool) -> Newcomer:
    """What `fold` and `project` make of one captured entry, made at once: most of a list, and of a ledger, is this."""
    subject, phones, emails = entry.subject, person.phones or (), person.emails or ()
    valid = [phone for phone in phones if phone.e164]
    number = valid[0] if valid else None
    country, shown = body.country or "", number or (phones[0] if phones else None)
    captured_at = body.captured_at
    if number is None:
        blocked, where = Block.NO_NUMBER, _class(country, "", body.state or "", ())
    else:
        blocked = Block.OBJECTED if number_objected else Block.NONE
        where = _class(number.region or country, number.state, body.state or "", number.zones)
    phone_rows = {(phone.e164, subject) for phone in valid}
    email_rows = _email_rows(emails, subject)
    findable = bool(body.row_key and (phone_rows or email_rows))
    return Newcomer(
        (
            num, subject, _WAITING, _OPEN, int(blocked), where, captured_at, person.first_name or "",
            person.last_name or "", person.company or "", person.title or "",
            (shown.e164 or shown.raw) if shown else "", int(number is not None), emails[0] if emails else "", country,
            number.zones[0] if number and number.zones else "", body.source, captured_at, int(body.asked_anew),
            _ATTEMPTS, body.row_key if findable else "", _contact(body.consent_at),
        ),
        phone_rows,
        email_rows,
        {(body.row_key, subject)} if body.row_key and not findable else set(),
        words_of(person),
        digits_of(person),
    )  # fmt: skip


@lru_cache(maxsize=64)  # a list has one moment, or none
def _contact(at: int | None) -> str:
    """The consent that came with an inquiry, as a row keeps it."""
    if at is None:
        return ""
    given = {
        purpose: consent.Consent(purpose=purpose, given=True, at=at, how=ASKED, actor="", entry="")
        for purpose in consent.CONTACT
    }
    return consent.kept(given)


def number_of(person: Person) -> Phone | None:
    """The number of somebody about whom nothing else is known: the first valid one."""
    return next((phone for phone in person.phones or () if phone.e164), None)


def _email_rows(addresses: tuple[str, ...], inquiry: Id) -> set[tuple[str, str]]:
    return {(address.casefold(), inquiry) for address in addresses if not is_role_address(address)}


def project(inquiry: Inquiry, num: int, *, number_objected: bool) -> Projection:
    """The rows of an inquiry; a discarded one shows nobody, so nobody is found or matched by it."""
    subject, stage, calls = inquiry.id, inquiry.stage, inquiry.calls
    hidden = stage in HIDDEN
    waits, taken_on = stage is Stage.NURTURE, stage is Stage.ACCEPTED or stage is Stage.PROSPECT
    number = inquiry.number
    shown = number or (inquiry.phones[0] if inquiry.phones else None)
    phones = set() if hidden else {(phone.e164, subject) for phone in inquiry.phones if phone.e164}
    emails = set() if hidden else _email_rows(inquiry.emails, subject)
    findable = bool(is_single(inquiry) and (phones or emails))
    row = (  # in the order of COLUMNS; as a dict it would take twice as long
        num,
        subject,  # id
        stage._value_,
        inquiry.result,
        int(_block(inquiry, number, number_objected and not hidden)),  # blocked
        class_of(inquiry, number),  # calling_class
        inquiry.since,
        inquiry.not_before,
        inquiry.promised_at if stage is Stage.WAITING else None,
        inquiry.promised_by,
        "" if hidden else inquiry.first_name,
        "" if hidden else inquiry.last_name,
        "" if hidden else inquiry.company,
        "" if hidden else inquiry.title,
        "" if hidden or not shown else shown.e164 or shown.raw,  # phone
        int(number is not None and not hidden),  # phone_valid
        "" if hidden or not inquiry.emails else inquiry.emails[0],  # email
        inquiry.country,
        number.zones[0] if number and number.zones and not hidden else "",  # zone
        inquiry.source,
        inquiry.captured_at,
        int(inquiry.asked_anew),
        inquiry.attempts,
        inquiry.attempts_allowed,
        calls[-1].outcome._value_ if calls else "",  # last_outcome
        inquiry.first_called_at,
        int(inquiry.reached),
        inquiry.disposition.value if inquiry.disposition else "",
        inquiry.score,
        inquiry.first_decided_at,
        inquiry.decided_at,
        inquiry.decided_by,
        inquiry.sold_at,
        inquiry.reviewed_at,
        inquiry.accepted_at,
        int(inquiry.was_accepted),
        int(inquiry.was_prospect),
        inquiry.until,
        inquiry.track,
        inquiry.for_member,
        None if inquiry.erased else inquiry.erase_at,
        int(inquiry.contested),
        inquiry.closed_at,
        None if inquiry.won is None else int(inquiry.won),
        inquiry.amount,
        inquiry.currency,
        inquiry.owner,
        inquiry.return_by,
        inquiry.held_since,
        # the lists of sales
        inquiry.lead_return_by,
        inquiry.answered_at,
        # without a next step it has been due since it was accepted
        (inquiry.planned_at or inquiry.accepted_at) if taken_on else None,  # step_at
        inquiry.planned_at,
        "" if hidden else inquiry.planned_step,
        inquiry.row_keys[0] if findable else "",  # row_key
        # the lists of nurture
        (NEVER if inquiry.until is None else inquiry.until) if waits else None,  # wakes_at
        " ".join((inquiry.reason or inquiry.note).split())[:MOST_REASON] if waits else "",
        "" if hidden or not inquiry.consents else consent.kept(inquiry.consents),
    )
    return Projection(
        num=num,
        id=subject,
        inquiry=row,
        # An enum's own `value` costs a call, some millions of times in a rebuild, and so does its hash.
        attempts={(call.entry, subject, call.called_at, call.outcome._value_, call.actor) for call in calls},
        phones=phones,
        emails=emails,
        blocks={(b.key, b.entry, subject, b.reason, b.at) for b in inquiry.blocks} if inquiry.blocks else set(),
        rows=set() if findable else {(key, subject) for key in inquiry.row_keys},
        words="" if hidden else words_of(inquiry),
        digits="" if hidden else digits_of(inquiry),
    )


def is_single(inquiry: Inquiry) -> bool:
    """Whether whoever brings the same row again brings all numbers and e-mails, since nothing else has said any."""
    return len(inquiry.row_keys) == 1 and not inquiry.amended


def class_of(inquiry: Inquiry, number: Phone | None) -> str:
    """The class of calling hours of somebody on one of their numbers, or without any."""
    if number is None:
        return _class(inquiry.country, "", inquiry.state, ())
    return _class(number.region or inquiry.country, number.state, inquiry.state, number.zones)


_class = lru_cache(maxsize=4096)(calling_class)  # a few hundred differ


def _block(inquiry: Inquiry, number: Phone | None, number_objected: bool) -> Block:
    if inquiry.hold:
        return Block.HOLD
    if number is None:
        return Block.NO_NUMBER
    return Block.OBJECTED if number_objected else Block.NONE
