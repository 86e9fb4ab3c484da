"""A hub in memory that keeps the promises of the real one, by whatever clock it is given."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from app.models.entries import APPENDED_BY_ANY, AUTOMATIC, Disposed, Disposition, Erased, Reviewed, Verdict
from app.models.entry import Entry, digest_of, hash_of
from app.models.erasing import taken_along
from app.services.team.link import (
    PROTOCOL,
    Absence,
    Candidate,
    Claimed,
    HubRefused,
    Link,
    Member,
    Page,
    Present,
    Receipt,
    Role,
    Welcome,
)
from tests.sync.model_claims import ModelClaims

copy = msgspec.structs.replace
CONDITIONAL = {"erased", "undone", "lifted", "merged"}
OWN_ALONE = {Role.INTAKE, Role.VIEWER}


@dataclass
class Person:
    """Somebody of the team."""

    role: Role = Role.CALLER
    sources: tuple[str, ...] | None = None
    scope: int = 1
    revoked: bool = False


@dataclass
class ModelHub:
    """What the hub holds. `feed` has the ids in the order of their positions, the first one at 1."""

    clock: Callable[[], int]
    epoch: str = field(default_factory=lambda: secrets.token_hex(16))
    entries: dict[str, Entry] = field(default_factory=dict)
    feed: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)  # stored, and not yet in the feed
    gone: set[str] = field(default_factory=set)  # subjects of erasures
    quarantine: list[Entry] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)  # told a second time
    in_vain: set[str] = field(default_factory=set)  # erasures that reach nobody by its order of things
    keys: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    last: int = 0  # stamp
    refuses: Callable[[Entry], str] = lambda entry: ""
    claim_no: int = 0
    may_pick: bool = True

    def __post_init__(self) -> None:
        self.claims = ModelClaims(self.clock, self.next_claim_no)

    def next_claim_no(self) -> int:
        """It only grows, also when the rest is restored from a copy."""
        self.claim_no += 1
        return self.claim_no

    def link(self, member: str) -> ModelLink:
        """A conversation with one member."""
        self.people.setdefault(member, Person())
        return ModelLink(self, member)

    # storing

    def store(self, member: str, entry: Entry) -> Receipt:
        """One entry, in a transaction of its own."""
        why = self.refuses(entry)
        if why:
            return Receipt(entry.id, "refused", why)
        if entry.person is not None and digest_of(entry.salt or b"", entry.person) != entry.digest:
            return Receipt(entry.id, "refused", "its person part is not the one that its author wrote")
        if entry.actor != member and entry.hash != hash_of(entry):
            return Receipt(entry.id, "refused", "it is not what its author wrote")
        known = self.entries.get(entry.id)
        if known is not None:
            return self._offered_again(member, entry, known)
        if why := self._condition_of(member, entry):
            self.in_vain.add(entry.id)
            return Receipt(entry.id, "refused", why)
        self.last = max(self.last + 1, self.clock() << 16)
        automatic = entry.actor == AUTOMATIC and entry.kind in APPENDED_BY_ANY
        brought = "" if entry.actor == member or automatic else member
        self.entries[entry.id] = copy(entry, received_at=self.last, pos=None, brought_by=brought)
        self.fresh.append(entry.id)
        if entry.kind == "erased":
            self.gone.add(entry.subject)
        self._forget({entry.subject} & self.gone)
        return Receipt(entry.id, "stored")

    def _condition_of(self, member: str, entry: Entry) -> str:
        """An erasure by itself completes a discard, or follows an erasure, and reaches whom either takes along.

        Whoever may erase on request answers for whom it reaches: after a restore the order of things is another one.
        """
        if entry.kind != "erased" or entry.actor != AUTOMATIC:
            return ""
        body = entry.facts()
        cause = self.entries.get(body.disposition) if isinstance(body, Erased) else None
        said = cause.facts() if cause else None
        discards = isinstance(said, Disposed) and said.disposition is Disposition.DISCARD
        discards |= isinstance(said, Reviewed) and said.verdict is Verdict.DISCARD
        if cause is None or not (discards or (isinstance(said, Erased) and cause.actor != AUTOMATIC)):
            return "it completes no discard"
        if self.people[member].role in {Role.LEAD, Role.ADMIN, Role.MARKETING}:
            return ""
        merges = [e for e in self.entries.values() if e.kind == "merged"]
        return "" if entry.subject in taken_along(cause, merges) else "nothing joins them"

    def _offered_again(self, member: str, entry: Entry, known: Entry) -> Receipt:
        if known.hash != entry.hash:
            self.quarantine.append(entry)
            return Receipt(entry.id, "quarantined", "the id is there with another hash")
        if known.brought_by and member == known.actor:
            self.entries[entry.id] = copy(self.entries[entry.id], brought_by="")
            self.confirmed.add(entry.id)
            self.fresh.append(entry.id)  # for whoever has read that it was brought
            return Receipt(entry.id, "confirmed")
        return Receipt(entry.id, "known")

    def advance(self) -> None:
        """The sequencer: what is settled gets its position."""
        for entry_id in self.fresh:
            self.feed.append(entry_id)
            self.entries[entry_id] = copy(self.entries[entry_id], pos=len(self.feed))
        self.fresh.clear()

    # erasing

    def _forget(self, subjects: set[str]) -> None:
        for entry in list(self.entries.values()) if subjects else ():
            if entry.subject in subjects and entry.person is not None:
                self.entries[entry.id] = copy(entry, person=None, salt=None)

    # reading

    def told(self, member: str, ids: Iterable[str]) -> list[Entry]:
        """Entries as this member may read them."""
        return [copy(e) if self.may_read(member, e) else copy(e, person=None, salt=None) for e in self._of(ids)]

    def _of(self, ids: Iterable[str]) -> list[Entry]:
        return [self.entries[entry_id] for entry_id in ids]

    def may_read(self, member: str, entry: Entry) -> bool:
        """Leads and admins everybody, booth staff what they wrote, viewers nobody, others by what was captured."""
        who = self.people[member]
        if who.role in {Role.LEAD, Role.ADMIN} or (who.sources is None and who.role not in OWN_ALONE):
            return True
        if who.role in OWN_ALONE:
            return who.role is Role.INTAKE and entry.actor == member
        captures = [e for e in self.entries.values() if e.subject == entry.subject and e.kind == "captured"]
        return any(msgspec.json.decode(e.body).get("source") in (who.sources or ()) for e in captures)

    # what happens to hubs

    def backup(self) -> dict[str, object]:
        """A copy of everything."""
        return {
            "entries": dict(self.entries), "feed": list(self.feed), "fresh": list(self.fresh), "keys": dict(self.keys),
            "quarantine": list(self.quarantine), "gone": set(self.gone),
        }  # fmt: skip

    def restore(self, backup: Mapping[str, object]) -> None:
        """As it was then; the claims' counter and the members go on, and the epoch is another."""
        for name, value in backup.items():
            setattr(self, name, type(value)(value))  # type: ignore[call-arg]
        self.epoch = uuid.uuid4().hex

    def lose_from(self, pos: int) -> None:
        """What was told behind that position is gone, and the epoch is the same."""
        for entry_id in self.feed[pos:]:
            del self.entries[entry_id]
        del self.feed[pos:]

    def rescope(self, member: str, role: Role, sources: tuple[str, ...] | None) -> None:
        """Change what somebody may read."""
        person = self.people[member]
        person.role, person.sources, person.scope = role, sources, person.scope + 1


class ModelLink(Link):
    """One member's conversation."""

    def __init__(self, hub: ModelHub, member: str) -> None:
        self.hub, self.member, self.device = hub, member, ""

    def _let_in(self) -> Person:
        person = self.hub.people[self.member]
        if person.revoked:
            raise HubRefused(f"{self.member} was revoked.")
        return person

    def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
        person = self._let_in()
        self.device = device
        self.hub.advance()
        return Welcome(
            epoch=self.hub.epoch, head=len(self.hub.feed), now=self.hub.clock(), member=self.member, role=person.role,
            sources=person.sources, scope=person.scope, may_pick=self.hub.may_pick,
        )  # fmt: skip

    def push(self, entries: Sequence[Entry]) -> list[Receipt]:
        self._let_in()
        # Stamped in their order; what depends on what is there is looked at last, and what was confirmed is told last.
        base, before = max(self.hub.last, self.hub.clock() << 16), len(self.hub.fresh)
        receipts: dict[int, Receipt] = {}
        for number in sorted(range(len(entries)), key=lambda n: entries[n].kind in CONDITIONAL):
            self.hub.last = base + number
            receipts[number] = self.hub.store(self.member, entries[number])
        self.hub.last = base + len(entries)
        answers = [receipts[number] for number in range(len(entries))]
        confirmed = [receipt.id for receipt in answers if receipt.outcome == "confirmed"]
        self.hub.fresh[before:] = [i for i in self.hub.fresh[before:] if i not in confirmed] + confirmed
        return answers

    def pull(self, after: int, size: int) -> Page:
        self._let_in()
        self.hub.advance()
        found = self.hub.told(self.member, self.hub.feed[after : after + size])
        entries = [copy(entry, pos=pos) for pos, entry in enumerate(found, after + 1)]
        return Page(entries, min(after + size, len(self.hub.feed)), len(self.hub.feed))

    def persons(self, after: int, size: int) -> Page:
        self._let_in()
        found = self.hub.told(self.member, self.hub.feed[after:])
        told = [copy(entry, pos=pos) for pos, entry in enumerate(found, after + 1) if entry.person is not None]
        head = len(self.hub.feed)
        through = told[size - 1].pos or head if len(told) > size else head
        return Page(told[:size], through, head)

    def subjects(self, ids: Sequence[str]) -> list[Entry]:
        self._let_in()
        self.hub.advance()
        found = {e.id: e for e in reversed(self.hub.told(self.member, self.hub.feed)) if e.subject in ids}
        return list(found.values())[::-1]

    def hash_keys(self) -> dict[str, bytes]:
        self._let_in()
        return dict(self.hub.keys)

    def add_hash_keys(self, keys: Mapping[str, bytes]) -> None:
        self.hub.keys = {**keys, **self.hub.keys}

    def members(self) -> list[Member]:
        return [
            Member(name=name, role=p.role, sources=p.sources, revoked=p.revoked) for name, p in self.hub.people.items()
        ]

    def absences(self) -> list[Absence]:
        return []

    def claim_first(
        self, candidates: Sequence[Candidate], want: int, lease_ms: int, let_go_of: Sequence[int] = ()
    ) -> list[Claimed]:
        self.release(let_go_of)
        return self._take(candidates, want, self.hub.clock() + lease_ms, pack=False)

    def take_pack(self, candidates: Sequence[Candidate], want: int, until: int) -> list[Claimed]:
        return self._take(candidates, want, until, pack=True)

    def _take(self, candidates: Sequence[Candidate], want: int, until: int, *, pack: bool) -> list[Claimed]:
        by = (self.member, self.device)
        return self.hub.claims.take(by, self._let_in().role, candidates, want, until, pack)

    def renew(self, claim_nos: Sequence[int], lease_ms: int) -> list[int]:
        self._let_in()
        return self.hub.claims.renew((self.member, self.device), claim_nos, self.hub.clock() + lease_ms)

    def release(self, claim_nos: Sequence[int]) -> None:
        self._let_in()
        self.hub.claims.release((self.member, self.device), claim_nos)

    def tell(self, doing: str, inquiry: str = "", since: int | None = None) -> None:
        pass

    def present(self) -> list[Present]:
        return []

    def wait(self, seconds: float) -> bool:
        return False

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass
