"""What the ledger says about inquiries, read for many at once; within an action it is held, and goes on as it grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.models.entries import Id, Person
from app.models.entry import Entry
from app.models.fold import Folding
from app.services.store.folded_rows import select_in

if TYPE_CHECKING:
    from app.models.inquiry import Inquiry
    from app.services.store.connection import Store

FACTS = (  # what the fold looks at, behind the seq
    "seq", "id", "subject", "kind", "version", "body", "person", "actor", "device", "device_seq", "claim_no", "at",
    "wall", "seen", "received_at",
)  # fmt: skip
SELECT = f"SELECT {', '.join(FACTS)} FROM ledger"
REGROUPING = frozenset({"merged", "split", "undone", "erased"})  # after which other entries count, or without a person
Pair = tuple[int, Entry]  # an entry behind its seq


class History:
    """The entries about one inquiry, and what they add up to."""

    def __init__(self, inquiry: Id) -> None:
        self.pairs: list[Pair] = []
        self.shown: Inquiry | None = None  # what its rows say, where that is known
        self._inquiry, self._folded = inquiry, 0
        self._folding: Folding | None = None

    def fold(self) -> Inquiry:
        """What they add up to now.

        Raises:
            ValueError: there is none.
        """
        if self._folding is None or self._folded < len(self.pairs):
            behind = [entry for _, entry in self.pairs[self._folded :]]
            if self._folding is None or not self._folding.go_on(behind):
                self._folding = Folding([entry for _, entry in self.pairs], [self._inquiry])
            self._folded = len(self.pairs)
        return self._folding.inquiry

    def people(self) -> list[Person]:
        """Every person part, also of what was corrected or taken back since."""
        return [person for _, entry in self.pairs if (person := entry.who()) is not None]

    def was_captured(self) -> bool:
        """Whether more of it has arrived than an echo."""
        return "captured" in [entry.kind for _, entry in self.pairs]


class Histories:
    """Reads histories; those that are held are read once, and told of what is written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[Id, History] | None = None
        self._subjects: dict[Id, Id] = {}

    def of(self, inquiries: Sequence[Id]) -> dict[Id, History]:
        """By inquiry; joined subjects count for their survivor, and of who is not known there is no entry."""
        if self._held is None:
            return self._read(inquiries)[0]
        found, survivor = self._read([i for i in inquiries if i not in self._held])
        self._held |= found
        self._subjects |= survivor
        return {inquiry: self._held[inquiry] for inquiry in inquiries}

    def not_erased(self) -> set[Id]:
        """The subjects that are held and have not been erased."""
        held = (self._held or {}).values()
        gone = {entry.subject for history in held for _, entry in history.pairs if entry.kind == "erased"}
        return self._subjects.keys() - gone

    @contextmanager
    def holding(self) -> Iterator[None]:
        """What is read is held in memory, until the end of the outermost. Inside `writing()`."""
        if self._held is not None:
            yield
            return
        self._held = {}
        try:
            yield
        finally:
            self._held, self._subjects = None, {}

    def survivor(self, subject: Id) -> Id | None:
        """The id under which a subject of what is held is shown."""
        return self._subjects.get(subject)

    def grow(self, entries: Sequence[Entry], first: int) -> None:
        """These were written, by seqs that begin with `first`."""
        if not self._held:
            return
        if any(entry.kind in REGROUPING for entry in entries):
            self._held, self._subjects = {}, {}
        for seq, entry in enumerate(entries, first):
            inquiry = self._subjects.get(entry.subject)
            if inquiry is not None:
                self._held[inquiry].pairs.append((seq, entry))

    def _read(self, inquiries: Sequence[Id]) -> tuple[dict[Id, History], dict[Id, Id]]:
        survivor = {inquiry: inquiry for inquiry in inquiries}
        survivor |= dict(select_in(self._store, "SELECT subject, inquiry FROM joined WHERE inquiry IN", inquiries))
        found = {inquiry: History(inquiry) for inquiry in inquiries}
        for row in select_in(self._store, f"{SELECT} WHERE subject IN", list(survivor)):
            found[survivor[row[2]]].pairs.append(_pair(row))
        return found, survivor


def by_subject(store: Store, *, size: int = 2000) -> Iterator[list[Pair]]:
    """Every entry, by subject; memory stays flat."""
    cursor = store.reader().execute(f"{SELECT} ORDER BY subject, seq")
    of, pairs = "", list[Pair]()
    while rows := cursor.fetchmany(size):
        for row in rows:
            if row[2] != of:
                if pairs:
                    yield pairs
                of, pairs = row[2], []
            pairs.append(_pair(row))
    if pairs:
        yield pairs


def _pair(row: tuple[Any, ...]) -> Pair:
    seq, id_, subject, kind, version, body, person, actor, device, number, claim, at, wall, seen, got = row
    return seq, Entry(
        id=id_, subject=subject, kind=kind, version=version, body=body, person=person, actor=actor, device=device,
        device_seq=number, claim_no=claim, at=at, wall=wall, seen=tuple(seen.split()) if seen else (), received_at=got,
    )  # fmt: skip
