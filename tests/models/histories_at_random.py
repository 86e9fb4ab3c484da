"""Histories at random: what several devices may have written about one person, with whatever clocks."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import strategies as st

from app.models.entries import (
    KIND_OF,
    Body,
    Called,
    Captured,
    Closed,
    Consented,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    LeadAssigned,
    Lifted,
    Merged,
    Objected,
    Outcome,
    Person,
    Phone,
    Planned,
    Reassigned,
    Rescheduled,
    Reviewed,
    Settled,
    Skipped,
    Split,
    Undone,
    Verdict,
    Woken,
)
from app.models.entry import Entry, digest_of, encode, hash_of

SUBJECTS = ("a" * 32, "b" * 32, "c" * 32)
DEVICES = ("d0", "d1", "d2")
times = st.integers(0, 40)
texts = st.sampled_from(["", "Anna", "Bruno", "Zoë"])
phones = st.lists(
    st.sampled_from([Phone(raw="1", e164="+4930231250" + n, region="DE") for n in "12"] + [Phone(raw="12")]),
    max_size=2, unique=True,
).map(tuple)  # fmt: skip
people = st.builds(
    Person,
    first_name=st.none() | texts,
    last_name=st.none() | texts,
    company=st.none() | texts,
    phones=st.none() | phones,
    emails=st.none() | st.sampled_from([(), ("a@a.example",), ("b@b.example", "a@a.example")]),
    note=st.none() | texts,
    next_step=st.none() | texts,
    request=st.none() | texts,
    reason=st.none() | texts,
    number=st.none() | st.sampled_from(["+49302312501", "+49302312502", "12"]),
    words=st.sampled_from([{}, {"why": "so"}, {"when": "soon"}]),
)
answers = st.sampled_from([{}, {"need": "problem"}, {"need": "growth", "size": 3.0}, {"current": "own"}])
keys = st.sampled_from([(), ("k1:aa",), ("k1:aa", "k1:bb")])


def make(
    body: Body | bytes, entry_id: str, *, subject: str = SUBJECTS[0], kind: str = "", person: Person | None = None,
    device: str = "d0", device_seq: int = 1, at: int = 1, received_at: int | None = None, seen: tuple[str, ...] = (),
    actor: str = "Anna", wall: int = 0, version: int = 1,
) -> Entry:  # fmt: skip
    """One entry as a device writes it."""
    words = encode(person) if person is not None else None
    salt = os.urandom(16) if words else None
    entry = Entry(
        id=entry_id, subject=subject, kind=kind or KIND_OF[type(body)], version=version,
        body=body if isinstance(body, bytes) else encode(body), person=words, salt=salt,
        digest=digest_of(salt, words) if salt and words else b"", actor=actor, device=device, device_seq=device_seq,
        at=at, wall=wall or at, seen=seen, received_at=received_at,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    return entry


optional = st.none() | times
_facts = {"country": st.none() | st.sampled_from(["DE", "FR"]), "size": st.none() | st.sampled_from([3.0, 40.0])}
_UNKNOWN = st.sampled_from([b"{}", b'{"hold":true}', b'{"hold":false}', b"[1]", b"\x00", b'{"hold":"later"}'])
_PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "captured": st.builds(
        Captured,
        source=st.sampled_from(["Fair", "Web"]),
        captured_at=times,
        asked_anew=st.booleans(),
        dated=st.booleans(),
        row_key=st.sampled_from(["", "r1", "r2"]),
        consent_at=optional,
        **_facts,
    ),
    "corrected": st.builds(Corrected, by_hand=st.booleans(), numbers=st.none() | st.integers(0, 2), **_facts),
    "called": st.builds(
        Called,
        outcome=st.sampled_from(Outcome),
        called_at=times,
        back_at=optional,
        retry_at=optional,
        attempts_allowed=st.integers(1, 4),
        answers=answers,
        keys=keys,
    ),
    "skipped": st.builds(Skipped, until=times),
    "disposed": st.builds(
        Disposed,
        disposition=st.sampled_from(Disposition),
        decided_at=times,
        answers=answers,
        until=optional,
        erase_at=optional,
        keys=keys,
        for_member=st.sampled_from(["", "", "Bo"]),
    ),
    "reviewed": st.builds(
        Reviewed,
        verdict=st.sampled_from(Verdict),
        reviewed_at=times,
        answers=answers,
        until=optional,
        erase_at=optional,
        keys=keys,
    ),
    "planned": st.builds(Planned, at=optional, minutes=st.integers(1, 90)),
    "lead_assigned": st.builds(
        LeadAssigned,
        member=st.sampled_from(["", "Bo", "Cleo"]),
        how=st.sampled_from(["named", "turn", "rule", "taken_back"]),
        return_by=optional,
    ),
    "rescheduled": st.builds(Rescheduled, track=st.sampled_from(["", "Later"]), until=optional),
    "consented": st.builds(
        Consented, purpose=st.sampled_from(["calls", "newsletter"]), given=st.booleans(), at=times, how=texts
    ),
    "closed": st.builds(Closed, won=st.booleans(), closed_at=times),
    "reassigned": st.builds(Reassigned, member=st.sampled_from(["", "Bo"]), return_by=optional),
    "objected": st.builds(Objected, objected_at=times, keys=keys),
    "merged": st.builds(Merged, other=st.sampled_from(SUBJECTS)),
    "dreamt": _UNKNOWN,
    "scored": _UNKNOWN,
}
_NAMING = ("lifted", "split", "settled", "undone", "undone", "undone", "woken", "woken")
_WITHOUT_NAMES = (*_PLAIN, "called", "disposed", "disposed")


def naming(kind: str, one: str, two: str, disposition: bool) -> Body:
    """A body that names entries before it."""
    return {
        "lifted": lambda: Lifted(objection=one),
        "split": lambda: Split(merge=one),
        "settled": lambda: Settled(decisions=(one, two)),
        "undone": lambda: Undone(entry=one),
        "woken": lambda: Woken(decision=one, woken_at=20),
        "erased": lambda: Erased(disposition=one if disposition else ""),
    }[kind]()


@st.composite
def bodies(draw: Any, earlier: list[str], erasable: bool) -> tuple[Body | bytes, str]:
    """A body of any kind, which may name entries before it, and its kind."""
    kind = draw(st.sampled_from((*_WITHOUT_NAMES, *_NAMING, *(("erased",) if erasable else ()))))
    if kind in _PLAIN:
        return draw(_PLAIN[kind]), kind
    named = st.sampled_from(earlier)
    return naming(kind, draw(named), draw(named), draw(st.booleans())), kind


@st.composite
def histories(draw: Any, *, erasable: bool = True, most: int = 12) -> list[Entry]:
    """Some entries about one person, or about several that were joined."""
    entries: list[Entry] = []
    counts = dict.fromkeys(DEVICES, 0)
    for number in range(draw(st.integers(1, most))):
        earlier = [entry.id for entry in entries]
        body, kind = draw(bodies(earlier, erasable)) if number else (Captured(source="Fair", captured_at=5), "captured")
        device = draw(st.sampled_from(DEVICES))
        counts[device] += 1
        stamped = draw(st.booleans())
        seen = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        entries.append(
            make(
                body,
                f"{number:032x}",
                subject=draw(st.sampled_from(SUBJECTS[:2])),
                kind=kind,
                person=draw(st.none() | people),
                device=device,
                device_seq=counts[device],
                at=draw(times),
                received_at=draw(times) if stamped else None,
                seen=tuple(seen),
                actor=draw(st.sampled_from(["Anna", "Bo", "winnow"])),
                version=draw(st.sampled_from([1, 1, 1, 1, 1, 2])),
            )
        )
    return entries
