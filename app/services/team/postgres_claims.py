"""Claims, presence and absences, as a hub on PostgreSQL answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any

from app.models.entries import Id, Millis
from app.models.rights import Role
from app.services.team.link import Absence, Candidate, Claimed, HubRefused, Present
from app.services.team.postgres_arrays import Numbers, Uuids

_CLAIM = b"SELECT winnow.claim($1::text, $2::uuid[], $3::text, $4::integer, $5::bigint, $6::bigint, $7::bigint[])"
_WHOLE, _LONG = Struct(">i").pack, Struct(">q").pack  # integer, bigint
_TELL = "SELECT winnow.tell(%b, %b, %b::uuid, %b::bigint)"


class ClaimsLink:
    """What a conversation with a hub needs for claims; the part that asks is another's.

    Every method raises HubUnreachable and HubRefused as the link does.
    """

    @property
    def device(self) -> str:
        """The device that said hello."""
        raise NotImplementedError

    @property
    def _known(self) -> str:
        """The device; a hub that has not been greeted would take nothing back, and say nothing."""
        if not self.device:
            raise HubRefused("The hub has not been greeted.")
        return self.device

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that one statement gives."""
        raise NotImplementedError

    def ask_packed(self, sql: bytes, values: Sequence[bytes | None]) -> bytes | None:
        """The one value that a statement gives, all in binary form."""
        raise NotImplementedError

    # claims

    def claim_first(
        self, candidates: Sequence[Candidate], want: int, lease_ms: int, let_go_of: Sequence[int] = ()
    ) -> list[Claimed]:
        """The first `want` free ones among the candidates, in their order, are now this device's.

        Before that those with the claim numbers `let_go_of` are free again.
        """
        return self._take(candidates, want, lease_ms, None, let_go_of)

    def take_pack(self, candidates: Sequence[Candidate], want: int, until: Millis) -> list[Claimed]:
        """As `claim_first`, for days without a network."""
        return self._take(candidates, want, None, until)

    def _take(
        self, candidates: Sequence[Candidate], want: int, lease_ms: int | None, until: Millis | None,
        let_go_of: Sequence[int] = (),
    ) -> list[Claimed]:  # fmt: skip
        if not candidates or want < 1:
            self.release(let_go_of)
            return []
        ids, keys = Uuids.of([c.inquiry for c in candidates]), "\n".join([_line(c.keys) for c in candidates])
        length = None if lease_ms is None else _LONG(lease_ms)
        day = None if until is None else _LONG(until)
        given = (self._known.encode(), ids, keys.encode(), _WHOLE(want), length, day, Numbers.of(list(let_go_of)))
        until_ms, *taken = Numbers.read(self.ask_packed(_CLAIM, given))
        return [
            Claimed(candidates[place - 1].inquiry, number, until_ms, until is not None)
            for place, number in zip(taken[::2], taken[1::2], strict=True)
        ]

    def renew(self, claim_nos: Sequence[int], lease_ms: int) -> list[int]:
        """A sign of life; returns the numbers that are still this device's."""
        if not claim_nos:
            return []
        rows = self.ask("SELECT winnow.renew(%b, %b, %b::bigint)", (self._known, Numbers.of(list(claim_nos)), lease_ms))
        return [row[0] for row in rows]

    def release(self, claim_nos: Sequence[int]) -> None:
        """These are free again."""
        if claim_nos:
            self.ask("SELECT winnow.release(%b, %b)", (self._known, Numbers.of(list(claim_nos))))

    def take_back(self, member: str) -> int:
        """Whatever a colleague holds is free again, packs too; for team leads and admins. Returns how many."""
        return int(self.ask("SELECT winnow.take_back(%b)", (member,))[0][0])

    # presence

    def tell(self, doing: str, inquiry: Id = "", since: Millis | None = None) -> None:
        """What this device's member is doing."""
        self.ask(_TELL, (self._known, doing, inquiry or None, since))

    def present(self) -> list[Present]:
        """Everybody whom the hub has heard of."""
        columns = "member, role, device, seen_at, online, doing, inquiry, since, held"
        return [
            Present(
                member=member, role=Role(role), device=device, seen_at=seen_at, online=online, doing=doing,
                inquiry=inquiry.hex() if inquiry else "", since=since, held=held,
            )
            for member, role, device, seen_at, online, doing, inquiry, since, held in self.ask(
                f"SELECT {columns} FROM winnow.present()"
            )
        ]  # fmt: skip

    # absences

    def absences(self) -> list[Absence]:
        """Who is away when, from now on."""
        return [Absence(*row) for row in self.ask("SELECT member, starts, ends FROM winnow.absences()")]

    def be_away(self, member: str, start: Millis, end: Millis) -> None:
        """Oneself, or for leads and admins anybody: nothing is given to them in that span."""
        self.ask("SELECT winnow.be_away(%b, %b::bigint, %b::bigint)", (member, start, end))

    def be_there(self, member: str, start: Millis, end: Millis) -> None:
        """There after all in that span; an absence before and after it stays."""
        self.ask("SELECT winnow.be_there(%b, %b::bigint, %b::bigint)", (member, start, end))


def _line(keys: Sequence[str]) -> str:
    """The keys of one candidate, each once."""
    return keys[0] if len(keys) == 1 else " ".join(dict.fromkeys(keys))
