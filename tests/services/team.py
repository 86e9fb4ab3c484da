"""A made-up team, as its hub would tell of it, and colleagues who decided without knowing of each other."""

from __future__ import annotations

import os

import msgspec

from app.models.entries import KIND_OF, Body, Id, Person
from app.models.entry import Entry, digest_of, encode, hash_of
from app.models.rights import Role
from app.services.seat import COUNTER_BITS, Seat, new_id
from app.services.team import mirrors
from app.services.team.link import Absence, Member, Present
from app.services.team.membership import MEMBERSHIP, Membership
from tests.services.made_up import HOUR

LENA, ADA, BEN, CLEO, IRIS = "Lena", "Ada", "Ben", "Cleo", "Iris"
MINUTE = 60_000


def gather(seat: Seat, me: str = LENA, role: Role = Role.LEAD) -> None:
    """A lead, four callers and somebody of sales; Ada is between calls, Ben away, Cleo on a call, Iris offline."""
    now = seat.now()
    seat.settings._values["name"] = me
    with seat.store.writing():
        seat.store.writer.execute("INSERT OR REPLACE INTO setting(key, value) VALUES('name', ?)", (me,))
        joined = Membership(options={"dbname": "team"}, login="x", member=me, role=role, joined_at=now)
        row = (MEMBERSHIP, msgspec.json.encode(joined))
        seat.store.writer.execute("INSERT OR REPLACE INTO secret(name, value) VALUES(?, ?)", row)
    roles = {LENA: Role.LEAD, ADA: Role.CALLER, BEN: Role.CALLER, CLEO: Role.CALLER, IRIS: Role.CALLER,
             "Sam": Role.SALES}  # fmt: skip
    roles[me] = role
    mirrors.keep_members(seat, [Member(name=name, role=each) for name, each in roles.items()])
    mirrors.keep_presence(seat, [
        there(ADA, now, doing="between", since=now - 3 * MINUTE),
        there(BEN, now, doing="away", since=now - 2 * HOUR),
        there(CLEO, now, doing="call", since=now - MINUTE),
        there(IRIS, now - 5 * HOUR, online=False),
    ])  # fmt: skip


def there(name: str, seen_at: int, *, online: bool = True, doing: str = "", inquiry: Id = "",
          since: int | None = None) -> Present:  # fmt: skip
    """One member's only device."""
    return Present(member=name, role=Role.CALLER, device=f"device-{name}", seen_at=seen_at, online=online, doing=doing,
                   inquiry=inquiry, since=since)  # fmt: skip


def send_away(seat: Seat, name: str, days: int = 3) -> None:
    """By the calendar, from now on."""
    now = seat.now()
    mirrors.keep_absences(seat, [Absence(name, now - HOUR, now + days * 24 * HOUR)])


def from_elsewhere(seat: Seat, subject: Id, body: Body, person: Person | None = None, *, actor: str,
                   seen: tuple[Id, ...] = (), wall: int | None = None) -> Entry:  # fmt: skip
    """Something that another member's laptop wrote, which had seen only what `seen` names."""
    wall = seat.now() if wall is None else wall
    words = encode(person) if person else None
    salt = os.urandom(16) if words else None
    entry = Entry(
        id=new_id(), subject=subject, kind=KIND_OF[type(body)], body=encode(body), person=words, salt=salt,
        digest=digest_of(salt, words) if salt and words else b"", actor=actor, device=f"device-{actor}", device_seq=1,
        at=wall << COUNTER_BITS, wall=wall, seen=seen,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    with seat.store.writing():
        seat.ledger.append([entry])
    return entry
