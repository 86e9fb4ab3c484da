"""Who holds whom, by a hub in memory: the same promises as the real one's, on virtual time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.models.rights import Role
from app.services.team.link import Candidate, Claimed, HubRefused

CALLS = frozenset({Role.CALLER, Role.LEAD, Role.MARKETING, Role.ADMIN})
Device = tuple[str, str]  # member, device
DAY = 24 * 60 * 60_000


@dataclass
class Held:
    """One claim."""

    claim_no: int
    by: Device | None
    expires_at: int
    pack: bool
    keys: tuple[str, ...]


@dataclass
class ModelClaims:
    """All claims of a hub."""

    clock: Callable[[], int]
    count: Callable[[], int]
    held: dict[str, Held] = field(default_factory=dict)
    most_held: int = 12

    def live(self, inquiry: str) -> Held | None:
        """The claim on somebody that has not run out."""
        found = self.held.get(inquiry)
        return found if found and found.by and found.expires_at > self.clock() else None

    def take(
        self, by: Device, role: Role, candidates: Sequence[Candidate], want: int, until: int, pack: bool
    ) -> list[Claimed]:
        """The first free ones, in their order."""
        if role not in CALLS:
            raise HubRefused("Only callers claim.")
        if pack and until > self.clock() + 14 * DAY + 60_000:
            raise HubRefused("A pack is taken for at most 14 days.")
        offered = {candidate.inquiry for candidate in candidates}
        has = [i for i in self.held if (h := self.live(i)) and h.by and h.by[0] == by[0] and not h.pack]
        if not pack:
            want = min(want, self.most_held - len(set(has) - offered))
        got: list[Claimed] = []
        for candidate in candidates:
            if len(got) >= want:
                break
            mine = self.live(candidate.inquiry)
            if mine is not None and (mine.by != by or (mine.pack and not pack)):
                continue
            others = (h for i in self.held if i != candidate.inquiry and (h := self.live(i)))
            if any(set(h.keys) & set(candidate.keys) for h in others):
                continue
            number = self.count()
            self.held[candidate.inquiry] = Held(number, by, until, pack, candidate.keys)
            got.append(Claimed(candidate.inquiry, number, until, pack))
        return got

    def renew(self, by: Device, numbers: Sequence[int], until: int) -> list[int]:
        """Those that are still theirs go on."""
        still = []
        for inquiry in self.held:
            found = self.live(inquiry)
            if found and found.by == by and found.claim_no in numbers:
                if not found.pack:
                    found.expires_at = until
                still.append(found.claim_no)
        return still

    def release(self, by: Device, numbers: Sequence[int]) -> None:
        """These are free again, if they are still theirs."""
        for found in self.held.values():
            if found.by == by and found.claim_no in numbers:
                found.by, found.expires_at = None, 0
